"""The making of a record: what a layout's rules find on one page, put together."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import urlsplit

from archiver import credits, dates, text, urls
from archiver.article import Article, Block, Comment, Credit, Extractor, Related
from archiver.errors import BadDate
from archiver.rules.boxes import items
from archiver.rules.content import Content
from archiver.rules.date_line import date_line, moment_of
from archiver.rules.date_order import day_first
from archiver.rules.flow import flow
from archiver.rules.head import canonical_link
from archiver.rules.rule import Only, find
from archiver.site.general_layout import LAYOUT
from archiver.site.kinds import Address, Layout
from archiver.version import __version__

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.page import Page
    from archiver.rules.line import Line
    from archiver.rules.rule import Rule
    from archiver.site.site import Site

Value = TypeVar("Value")

THIN_BODY = 200
"""Characters: a shorter body is flagged, not refused (thesis notices are attachments only)."""


@dataclass(frozen=True, slots=True)
class Making:
    """One page on its way to a record."""

    site: Site
    page: Page
    layout: Layout
    found_by: dict[str, str] = field(default_factory=dict)
    quality: list[str] = field(default_factory=list)

    def article(self) -> Article:
        """The record: every field that a rule finds, the others empty."""
        site, page, layout = self.site, self.page, self.layout
        content = self._find("body", layout.body, LAYOUT.body) or Content(blocks=())
        lead = self._lead(content)
        agency, lead = text.strip_agency(lead)
        blocks = self._with_lead(content.blocks, lead)
        body = "\n\n".join(filter(None, (block.plain for block in blocks)))
        published = self._published()
        id_, canonical, aliases = self._addresses()
        if body and len(body) < THIN_BODY:
            self.quality.append("thin_body")
        return Article(
            id=id_,
            site=site.name,
            language=self._language(),
            url=page.url,
            canonical_url=canonical,
            aliases=aliases,
            title=self._find("title", layout.title, LAYOUT.title) or "",
            lead=lead,
            published_at=published.at if published else None,
            published_raw=published.raw if published else "",
            published_precision=published.precision if published else None,
            modified_at=self._moment(self._find("modified_at", layout.modified, LAYOUT.modified)),
            body=body,
            blocks=blocks,
            images=content.images,
            authors=self._authors(agency, content),
            credit_line=content.credit_line,
            section=self._find("section", layout.section, LAYOUT.section),
            categories=self._find("categories", layout.categories, LAYOUT.categories) or (),
            tags=self._find("tags", layout.tags, LAYOUT.tags) or (),
            attachments=content.attachments,
            related=self._related(),
            comment_count=self._find("comment_count", layout.comment_count, LAYOUT.comment_count),
            comments=self._comments(),
            first_seen_at=page.fetched_at,
            fetched_at=page.fetched_at,
            extractor=self._extractor(content),
            quality=(*self.quality, *self._doubts(), *self._repairs()),
        )

    def _find(self, name: str, rule: Rule[Value] | None, general: Rule[Value] | None) -> Value | None:
        """What the layout's rule finds, else the general one; the name of the rule goes into `found_by`."""
        found = find(rule, self.page) if rule is not None else None
        if found is None and general is not None and general is not rule and not isinstance(rule, Only):
            found = find(general, self.page)
        if found is None:
            return None
        self.found_by[name] = found.by
        return found.value

    def _language(self) -> str | None:
        """What the site file says goes before what the page's head says."""
        rule = self.layout.language
        return self._find("language", rule, None) or self.site.language or self._find("language", rule, LAYOUT.language)

    def _lead(self, content: Content) -> str:
        """That of the layout's rule, of its body rule, or of the general one."""
        rule = self.layout.lead
        lead = self._find("lead", rule, None)
        if not lead and content.lead:
            lead, self.found_by["lead"] = content.lead, self.found_by["body"]
        return lead or self._find("lead", rule, LAYOUT.lead) or ""

    def _with_lead(self, blocks: tuple[Block, ...], lead: str) -> tuple[Block, ...]:
        """The blocks with the visible lead as the first paragraph, where it stands apart from the text."""
        if not lead or any(lead in (block.text or "") for block in blocks[:4]):
            return blocks
        return (Block(type="paragraph", text=lead), *blocks)

    def _published(self) -> dates.Moment | None:
        raw = self._find("published_at", self.layout.published, LAYOUT.published)
        if raw is None:
            return None
        try:
            moment = dates.parse_moment(raw, timezone=self.site.timezone, day_first=day_first(self.page, raw))
        except BadDate:
            self.quality.append("bad_date")
            return None
        if self.found_by["published_at"] == "date_from_url:address":
            self.quality.append("date_from_url")
        if moment.zone_assumed:
            self.quality.append("zone_assumed")
        return replace(moment, precision="minute") if self._adds_seconds(moment) else moment

    def _adds_seconds(self, moment: dates.Moment) -> bool:
        """Whether the seconds are none that the page knows: software writes `:00` behind what an editor gave as a minute."""
        if moment.precision != "second" or moment.at.second or not dates.is_for_machines(moment.raw):
            return False
        found = date_line(self.page)
        printed = moment_of(found[1]) if found else None
        return printed is None or printed.precision != "second"

    def _moment(self, raw: str | None) -> datetime | None:
        return _moment(raw, self.site.timezone, day_first=day_first(self.page, raw)) if raw else None

    def _addresses(self) -> tuple[str, str, tuple[str, ...]]:
        """The id, the canonical URL and every other address of this exchange."""
        site, page = self.site, self.page
        link = canonical_link(page)
        fetched, stated = site.address(page.url), site.address(link) if link else None
        numbered = next((each for each in (fetched, stated) if each is not None and each.is_number), None)
        if numbered is None:
            # A home page as canonical link is a slip of the site's.
            own = site.own(link if link and urlsplit(link).path.strip("/") else page.url)
            chosen = Address(f"{site.name}:{urls.short_hash(own)}", site.here(own))
        elif link and stated is not None and stated.id == numbered.id:
            chosen = Address(numbered.id, site.here(site.own(link)))
        else:
            chosen = numbered
        names_another = stated is not None and stated.is_number and stated.id != chosen.id
        others = dict.fromkeys([*page.redirected_from, *([link] if link and not names_another else ())])
        return chosen.id, chosen.canonical, tuple(url for url in others if url not in (page.url, chosen.canonical))

    def _authors(self, agency: str, content: Content) -> tuple[Credit, ...]:
        names = [credits.Name(agency, "source", "organisation")] if agency else []
        byline = self._find("authors", self.layout.authors, LAYOUT.authors) or ()
        signed = credits.parse_byline(content.signature)
        if signed and all(name.kind == "organisation" for name in byline):
            # A page that names its paper as the author, and is signed by a person below the text.
            byline = signed
        names += [*byline, *credits.parse_credit_line(content.credit_line)]
        if names:
            self.found_by.setdefault("authors", self.found_by.get("body", ""))
        return tuple(dict.fromkeys(Credit(name=name.name, role=name.role, kind=name.kind) for name in names))

    def _related(self) -> tuple[Related, ...]:
        lists: tuple[tuple[Literal["related", "latest"], tuple[Line, ...] | None], ...] = (
            ("related", self._find("related", self.layout.related, LAYOUT.related)),
            ("latest", self._find("related", self.layout.latest, LAYOUT.latest)),
        )
        return tuple(
            Related(
                title=link.title,
                url=link.url,
                published_at=self._moment(link.published_raw),
                summary=link.summary,
                relation=relation,
            )
            for relation, lines in lists
            for link in items(lines or (), self.page.url, self.site.place)
            # The newest items have a time and a summary; what else is linked there is promoted, not new.
            if relation == "related" or (link.published_raw and link.summary)
        )

    def _comments(self) -> tuple[Comment, ...]:
        remarks = self._find("comments", self.layout.comments, LAYOUT.comments) or ()
        return tuple(
            Comment(author=remark.author, published_at=self._moment(remark.published_raw), text=remark.text)
            for remark in remarks
        )

    def _extractor(self, content: Content) -> Extractor:
        by = self.found_by.get("body", "")
        present = {"images": content.images, "credit_line": content.credit_line, "attachments": content.attachments}
        self.found_by.update({name: by for name, value in present.items() if value})
        return Extractor(
            version=__version__,
            layout=self.layout.name,
            rules_digest=rules_digest(),
            found_by=self.found_by,
        )

    def _doubts(self) -> tuple[str, ...]:
        found = find(self.layout.doubts, self.page) if self.layout.doubts is not None else None
        return found.value if found is not None else ()

    def _repairs(self) -> list[str]:
        flags = {
            "encoding_repaired": self.page.decoded[2],
            "tree_repaired": self.page.was_cut,
            "text_cut": flow(self.page).is_cut,
        }
        return [name for name, holds in flags.items() if holds]


@lru_cache(maxsize=1024)
def _moment(raw: str, timezone: str | None, *, day_first: bool) -> datetime | None:
    try:
        return dates.parse_moment(raw, timezone=timezone, day_first=day_first).at
    except BadDate:
        return None


@cache
def rules_digest() -> str:
    """A digest of every source file that takes part in making a line of a capture: 16 hex digits."""
    package = Path(__file__).parents[1]
    sources = [
        *package.glob("rules/*.py"),
        *package.glob("sites/*.py"),
        *package.glob("site/*.py"),
        *package.glob("feeds/*.py"),
    ]
    names = ("page", "article", "dates", "urls", "text", "credits", "codings", "store/acceptance", "store/revisions")
    sources += [package / f"{name}.py" for name in names]
    digest = hashlib.sha256()
    for source in sorted(sources):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]
