"""Rules for any news site: what a page says of itself, then what stands where articles usually stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver import credits, dates, text
from archiver.errors import BadDate
from archiver.rules import head
from archiver.rules.compose import compose
from archiver.rules.flow import flow
from archiver.rules.rule import first_of
from archiver.rules.simple import css, is_article, jsonld, jsonld_values, meta, selector

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.content import Content
    from archiver.rules.line import Line

_PARAGRAPH = 60
"""Characters from which an unlinked line counts as running text."""
_FURNITURE = (
    "aside, footer, nav, [class*=related], [class*=newsletter], [class*=comment], [id*=comment], [class*=cookie], [class*=consent], "
    "[class*=teaser], [class*=recommend], [class*=share], [class*=social], [class*=sidebar], [class*=promo], [class*=advert]"
)

title = first_of(jsonld("headline"), meta("og:title"), css("h1"), css("title"))

published = first_of(
    jsonld("datePublished"),
    meta("article:published_time"),
    meta("datePublished"),
    meta("og:article:published_time"),
    meta("dc.date"),
    meta("DC.date.issued"),
    meta("date"),
    meta("pubdate"),
    meta("publishdate"),
    css("time[datetime]::attr(datetime)"),
    css("[itemprop=datePublished]::attr(content)"),
)

modified = first_of(jsonld("dateModified"), meta("article:modified_time"), meta("dateModified"))
section = first_of(jsonld("articleSection"), meta("article:section"))
language = css("html::attr(lang)")


def printed_time(page: Page) -> str | None:
    """The first line of the page that holds a date with a time of day."""
    for line in flow(page).lines:
        found = line.time
        if found is not None:
            return found[1]
    return None


def readable_time(page: Page) -> str | None:
    """The first stated time that can be read as one."""
    for rule in published.rules:
        raw = rule(page)
        if raw is not None and _is_moment(raw):
            return raw
    return None


def _is_moment(raw: str) -> bool:
    try:
        dates.parse_moment(raw, timezone=None)
    except BadDate:
        return False
    return True


def authors(page: Page) -> tuple[credits.Name, ...]:
    """The names that JSON-LD or meta give as authors."""
    stated = jsonld_values(page, "author", "name") or jsonld_values(page, "author")
    if not stated:
        stated = tuple(filter(None, [head.meta(page, "author")]))
    return tuple(
        dict.fromkeys(name for each in stated for name in credits.parse_byline(each) if "://" not in name.name)
    )


def tags(page: Page) -> tuple[str, ...]:
    """Keywords of JSON-LD, else of meta."""
    stated = jsonld_values(page, "keywords") or tuple(filter(None, [head.meta(page, "keywords")]))
    return tuple(dict.fromkeys(word.strip() for each in stated for word in each.split(",") if word.strip()))


def body(page: Page) -> Content | None:
    """The lines of the element that holds most running text, boxes of other things left out."""
    whole = flow(page)
    left_out = {at for element in selector(_FURNITURE)(page.root) for at in range(*whole.spans.get(element, (0, 0)))}
    best = _densest(page, left_out)
    if best is None:
        return None
    first, behind = whole.span(best)
    lines = [whole.lines[at] for at in range(first, behind) if at not in left_out]
    claims = head.claimed_titles(page, ())
    start = max((at for at, line in enumerate(lines) if line.level == 1), default=-1) + 1
    kept = [
        line
        for line in lines[start:]
        if _belongs(line) and not any(text.same_text(line.text, claim) for claim in claims)
    ]
    content = compose(kept, page.url)
    return content if content.blocks else None


def _belongs(line: Line) -> bool:
    return line.kind != "text" or (not line.linked and bool(line.text))


def _densest(page: Page, left_out: set[int]) -> Element | None:
    """The element with the most running text directly in it or its children, by a score that fades with distance."""
    scores: dict[Element, float] = {}
    for at, line in enumerate(flow(page).lines):
        if at in left_out or line.kind != "text" or line.linked or len(line.text) < _PARAGRAPH:
            continue
        node: Any = line.block
        for weight in (0.5, 1.0, 0.5, 0.25):
            if node is None or node.tag in ("body", "html"):
                break
            scores[node] = scores.get(node, 0) + weight * len(line.text)
            node = node.getparent()
    return max(scores, key=lambda node: scores[node], default=None)


def states_article(page: Page) -> bool:
    """Whether the page says of itself that it is an article."""
    return any(is_article(thing) for thing in page.jsonld) or head.meta(page, "og:type") == "article"
