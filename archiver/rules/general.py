"""Rules for any news site: what a page says of itself, then what stands where articles usually stand."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archiver import credits, dates, text
from archiver.errors import BadDate
from archiver.rules import head
from archiver.rules.compose import compose
from archiver.rules.flow import flow
from archiver.rules.rule import first_of, named
from archiver.rules.simple import css, is_article, jsonld, jsonld_values, meta, selector

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.content import Content

_PARAGRAPH = 60
"""Characters from which an unlinked line counts as running text."""
_LONGEST_DATE_LINE = 120
_SHORTEST_LEAD = 40
_HEAD = 12
"""Lines at the beginning of the text's element among which its title and time may stand."""
_MOST = 0.8
_FURNITURE = selector(
    "aside, footer, nav, [class*=related], [class*=newsletter], [class*=comment], [id*=comment], [class*=cookie], "
    "[class*=consent], [class*=teaser], [class*=recommend], [class*=share], [class*=social], [class*=sidebar], "
    "[class*=promo], [class*=advert]"
)
_AUTHOR = selector("[itemprop=author] [itemprop=name], [rel=author]")
_LEAD = selector(
    "[class*=sapo], [class*=standfirst], [class*=article-summary], [class*=article__summary], [class*=chapeau]"
)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_PARTS = re.compile(r"\s+[|·•–—]\s+")
_BY = re.compile(r"(?:by|par|por|von|di|door|av|af|oleh)\s+(?=[^\W\d_])", re.IGNORECASE)

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
    """The first short line, or part of one, that is a date with a time of day; else the first that is a date."""
    found = page.once(_date_line)
    return found[1] if found else None


def heading_above_time(page: Page) -> str | None:
    """The last heading above the printed time."""
    found = page.once(_date_line)
    above = flow(page).lines[: found[0]] if found else ()
    return next((line.text for line in reversed(above) if line.level), None)


def _date_line(page: Page) -> tuple[int, str] | None:
    """Place and text of the printed time: a time of day counts before a mere date, the first before the others."""
    days = []
    for at, line in enumerate(flow(page).lines):
        if line.time is not None and not line.linked:
            return at, line.time[1]
        if line.kind != "text" or line.linked or len(line.text) > _LONGEST_DATE_LINE or not _YEAR.search(line.text):
            continue
        for part in _PARTS.split(line.text):
            moment = _moment(part)
            if moment is not None and moment.precision != "day":
                return at, part
            if moment is not None:
                days.append((at, part))
    return days[0] if days else None


def _moment(raw: str) -> dates.Moment | None:
    try:
        return dates.parse_moment(raw, timezone=None)
    except BadDate:
        return None


def readable_time(page: Page) -> str | None:
    """The first stated time that can be read as one."""
    for rule in published.rules:
        raw = rule(page)
        if raw is not None and _moment(raw) is not None:
            return raw
    return None


def stated_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names that JSON-LD or meta give as authors."""
    stated = jsonld_values(page, "author", "name") or jsonld_values(page, "author")
    return _bylines(stated or tuple(filter(None, [head.meta(page, "author")])))


def marked_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names in elements that are marked as an author's."""
    marked = _AUTHOR(page.root)
    return _bylines(tuple(dict.fromkeys(text.clean("".join(element.itertext())) for element in marked)))


def printed_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names behind `By` and its like, on or beside the line of the time."""
    found = page.once(_date_line)
    near = flow(page).lines[max(0, found[0] - 3) : found[0] + 4] if found else ()
    parts = [part for line in near if line.kind == "text" and len(line.text) <= 200 for part in _PARTS.split(line.text)]
    return _bylines(tuple(_BY.sub("", part) for part in parts if _BY.match(part)))


def _bylines(stated: tuple[str, ...]) -> tuple[credits.Name, ...]:
    return tuple(
        dict.fromkeys(name for each in stated for name in credits.parse_byline(each) if "://" not in name.name)
    )


def lead(page: Page) -> str | None:
    """The text of the first element whose name says that it is the lead."""
    for element in _LEAD(page.root):
        words = text.clean("".join(element.itertext()))
        if len(words) >= _SHORTEST_LEAD and any(line.text == words for line in flow(page).lines):
            return words
    return None


def tags(page: Page) -> tuple[str, ...]:
    """Keywords of JSON-LD, else of meta."""
    stated = jsonld_values(page, "keywords") or tuple(filter(None, [head.meta(page, "keywords")]))
    return tuple(dict.fromkeys(word.strip() for each in stated for word in each.split(",") if word.strip()))


def body(page: Page) -> Content | None:
    """The lines of the element that holds most running text, boxes of other things left out."""
    whole = flow(page)
    left_out = {at for element in _FURNITURE(page.root) for at in range(*whole.spans.get(element, (0, 0)))}
    best = _densest(page, left_out)
    if best is None:
        return None
    first, behind = whole.span(_with_pictures(page, best))
    lines = [whole.lines[at] for at in range(first, behind) if at not in left_out]
    claims = head.claimed_titles(page, ())
    found = page.once(_date_line)
    dated = whole.lines[found[0]] if found else None
    start = max((at for at, line in enumerate(lines[:_HEAD]) if line.level == 1 or line is dated), default=-1) + 1
    kept = [
        line
        for line in lines[start:]
        if line.kind != "text" or not (line.linked or any(text.same_text(line.text, claim) for claim in claims))
    ]
    while kept and kept[0].kind == "text" and _BY.match(kept[0].text) and len(kept[0].text) <= _LONGEST_DATE_LINE:
        del kept[0]
    content = compose(kept, page.url)
    return content if content.blocks else None


def _with_pictures(page: Page, best: Element) -> Element:
    """The article's element around `best` where it adds pictures and little text: a picture may stand above the text."""
    whole = flow(page)
    outer = next(best.iterancestors("article"), None)
    if outer is None or outer not in whole.spans:
        return best
    inside, around = (sum(len(line.text) for line in whole.lines[slice(*whole.span(each))]) for each in (best, outer))
    return outer if inside >= around * _MOST else best


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


title = first_of(
    jsonld("headline"), meta("og:title"), css("h1"), named("heading_above_time", heading_above_time), css("title")
)
authors = first_of(stated_authors, marked_authors, printed_authors)
