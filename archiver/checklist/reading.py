"""What the rules make of an article's pages: its own, and the second view."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from archiver.article import jsonable
from archiver.checklist.check import MATTERS, Check, FieldFound, not_so, ok, untold
from archiver.errors import NotAnArticle, Rejected
from archiver.rules.head import canonical_link, claimed_titles
from archiver.rules.simple import articles
from archiver.rules.titles import heading
from archiver.site import is_own, own_rules
from archiver.site.general_layout import LAYOUT
from archiver.store.acceptance import fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.article import Article
    from archiver.checklist.answer import Answer
    from archiver.page import Page
    from archiver.site import Listing, Site

REQUIRED = ("id", "title", "published_at")
MAIN = ("title", "published_at", "body")
"""Fields whose rules show by themselves whether a layout is the one of the page."""
SHOWN = (
    *("title", "published_at", "modified_at", "lead", "body", "images", "authors", "section", "categories", "tags"),
    *("attachments", "related", "comment_count", "comments"),
)
"""Fields of the record that rules find, in its order."""
_FIELD_OF = {"published": "published_at", "modified": "modified_at"}
"""Rules of a layout whose field has another name; the others are called like it."""
_NO_FIELDS = ("name", "reads", "valid_until", "doubts", "latest")
GATES = ("sign_in", "blocked", "consent")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A page of the probe, read by the site's rules."""

    role: str
    """What it was asked for, as part of a file's name: `article`, `print-view`, `start-page`."""
    page: Page
    article: Article | None = None
    listing: Listing | None = None
    refusal: Rejected | None = None
    """Why the page becomes no record; None: it does, or is a listing."""

    @property
    def is_record(self) -> bool:
        """Whether a crawl would make a line of it."""
        return self.article is not None and self.refusal is None


def read(site: Site, role: str, answer: Answer) -> Shown:
    """The page of an answer, as a crawl reads it where it takes it for an article."""
    page = answer.page()
    try:
        if not site.is_article(page):
            message = f"{page.url} is no article by its address and what stands on it"
            raise NotAnArticle(message, reason="not_an_article")
        article = site.parse_article(page)
        reason = fault(article)
        refusal = site.refusal(page, article) or (
            NotAnArticle(f"{page.url}: {reason}", reason=reason) if reason is not None else None
        )
    except Rejected as rejection:
        return Shown(role=role, page=page, refusal=rejection)
    return Shown(role=role, page=page, article=article, refusal=refusal)


def gate(site: Site, page: Page) -> Rejected | None:
    """Why a start page is a gatekeeper's: a sign-in, a captcha, a question about cookies; None: it is none."""
    try:
        refusal = site.refusal(page, site.parse_article(page))
    except Rejected:
        return None
    is_one = refusal is not None and refusal.reason in GATES and not site.parse_listing(page).articles
    return refusal if is_one else None


def required_check(tried: Sequence[Shown]) -> Check:
    """Whether the page that was read has what a record must have; of the first that was refused: what it lacks."""
    name, shown = "required fields", next((each for each in tried if each.is_record), tried[0] if tried else None)
    if shown is None or shown.article is None:
        return untold(name, "no article was read")
    article = shown.article
    lacking = [field for field in REQUIRED if not getattr(article, field)]
    if lacking:
        seen = f"{', '.join(lacking)} found by no rule"
        return not_so(name, seen, "Give the site file rules for them", exit_code=MATTERS, url=shown.page.url)
    return ok(name, f"id {article.id}, title, time {jsonable(article.published_at)}", url=shown.page.url)


def fields_check(site: Site, shown: Shown | None) -> Check:
    """Each field of the article, and whose rule gave it."""
    name = "fields"
    if shown is None or shown.article is None:
        return untold(name, "no article was read")
    article, line, own = shown.article, jsonable(shown.article), own_rules(site)
    found = tuple(_found(each, article.extractor.found_by, line[each], own) for each in SHOWN)
    counts = {whose: [each.name for each in found if each.whose == whose] for whose in ("own", "general", "none")}
    empty = ", ".join(counts["none"])
    seen = f"{len(counts['own'])} by the site's own rules, {len(counts['general'])} by the general ones"
    seen += f"; found by none: {empty}" if empty else ""
    doubts = f"To be doubted: {', '.join(article.quality)}" if article.quality else None
    return Check(name=name, state="ok", seen=seen, do=doubts, url=shown.page.url, fields=found)


def own_rules_check(site: Site, shown: Shown | None) -> Check:
    """Which of the site's own rules found something on the article, and which did not."""
    name = "own rules"
    if not own_rules(site):
        return untold(name, "the site has no file", do="A file of thirty lines reads better: CONTRIBUTING.md")
    if shown is None or shown.article is None:
        return untold(name, "no article was read")
    layout, own, found_by = site.layout_for(shown.page), own_rules(site), shown.article.extractor.found_by
    if layout is LAYOUT:
        return untold(name, "the page is read by the general layout", url=shown.page.url)
    rules = {_FIELD_OF.get(each.name, each.name): getattr(layout, each.name) for each in fields(layout)}
    # A rule that is to find nothing (`only()`) has no names.
    wanted = [field for field, rule in rules.items() if rule is not None and field not in _NO_FIELDS]
    hit = [field for field in wanted if is_own(found_by.get(field, ""), own)]
    missed = [field for field in wanted if field not in hit]
    seen = f"layout {layout.name}: {', '.join(hit) or 'none'} found" + (
        f"; nothing for {', '.join(missed)}" if missed else ""
    )
    decisive = [field for field in wanted if field in MAIN] or wanted
    if not set(decisive) & set(hit):
        advice = f"The layout has changed: mend archiver/sites/{site.name}.py, with the candidate as its test"
        return not_so(name, seen, advice, exit_code=MATTERS, url=shown.page.url)
    return ok(name, seen, url=shown.page.url)


def head_check(site: Site, shown: Shown | None) -> Check:
    """What the head of the article says of it: canonical link, titles, JSON-LD; for who writes rules."""
    name = "article head"
    if shown is None or shown.article is None:
        return untold(name, "no article was read")
    page = shown.page
    canonical, titles, stated = canonical_link(page), claimed_titles(page, site.site_names), page.once(articles)
    kinds = sorted({str(thing.get("@type")) for thing in stated})
    seen = f"heading {_quoted(heading(page))}, title {_quoted(next(iter(titles), None))}"
    seen += f", canonical link {canonical or 'none'}, JSON-LD {', '.join(kinds) or 'none'}"
    address = site.address(canonical) if canonical is not None and site.addresses_tell else None
    if address is not None and address.id != shown.article.id:
        return not_so(name, seen, f"The canonical link is of {address.id}: do not let it tell the id", url=page.url)
    return ok(name, seen, url=page.url)


def second_view_check(own: Shown | None, answer: Answer | None, second: Shown | None) -> Check:
    """Whether the article's other view has the same as its own page."""
    name = "second view"
    if own is None or own.article is None:
        return untold(name, "no article was read")
    if answer is None:
        return untold(name, "the site file declares none (view_again)")
    if second is None or second.article is None or second.refusal is not None:
        why = second.refusal.reason if second is not None and second.refusal is not None else answer.refused
        return not_so(
            name, f"gives no record ({why})", "A crawl has no second chance where the page is cut", url=answer.url
        )
    counts = [
        f"{what} {_size(own.article, field)} and {_size(second.article, field)}"
        for what, field in (("characters of text", "body"), ("pictures", "images"), ("attachments", "attachments"))
    ]
    seen = f"own page and second view: {', '.join(counts)}"
    if own.article.id != second.article.id:
        return not_so(name, f"{seen}; it is another article, {second.article.id}", "Mend view_again", url=answer.url)
    lacking = [
        field for field in ("body", "images", "attachments") if _size(second.article, field) < _size(own.article, field)
    ]
    if lacking:
        return not_so(
            name, f"{seen}: less of {', '.join(lacking)}", "It stands in only where the own page is cut", url=answer.url
        )
    return ok(name, seen, url=answer.url)


def _found(name: str, found_by: dict[str, str], value: object, own: frozenset[str]) -> FieldFound:
    by = found_by.get(name)
    if by is None or value in (None, "", []):
        return FieldFound(name=name, whose="none", rule=None, value=value)
    return FieldFound(name=name, whose="own" if is_own(by, own) else "general", rule=by, value=value)


def _size(article: Article, field: str) -> int:
    return len(getattr(article, field))


def _quoted(text: str | None) -> str:
    return f"“{text}”" if text else "none"
