"""What a page says of its article beside the text: title, time, names, section, keywords."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver import credits, text
from archiver.rules import head, titles
from archiver.rules.date_line import PARTS, date_line, moment_of
from archiver.rules.flow import flow
from archiver.rules.rule import first_of, named
from archiver.rules.simple import css, is_article, jsonld, jsonld_values, meta, selector

if TYPE_CHECKING:
    from archiver.page import Page

_SHORTEST_LEAD = 40
_AUTHOR = selector("[itemprop=author] [itemprop=name], [rel=author]")
_LEAD = selector(
    "[class*=sapo], [class*=standfirst], [class*=article-summary], [class*=article__summary], [class*=chapeau]"
)
BY = re.compile(r"(?:by|par|por|von|di|door|av|af|oleh)\s+(?=[^\W\d_])", re.IGNORECASE)
"""The word before a printed byline."""

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
    found = date_line(page)
    return found[1] if found else None


def heading_above_time(page: Page) -> str | None:
    """The last heading above the printed time."""
    found = date_line(page)
    above = flow(page).lines[: found[0]] if found else ()
    return next((line.text for line in reversed(above) if line.level), None)


def readable_time(page: Page) -> str | None:
    """The first stated time that can be read as one."""
    for rule in published.rules:
        raw = rule(page)
        if raw is not None and moment_of(raw) is not None:
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
    found = date_line(page)
    near = flow(page).lines[max(0, found[0] - 3) : found[0] + 4] if found else ()
    parts = [part for line in near if line.kind == "text" and len(line.text) <= 200 for part in PARTS.split(line.text)]
    return _bylines(tuple(BY.sub("", part) for part in parts if BY.match(part)))


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


def states_article(page: Page) -> bool:
    """Whether the page says of itself that it is an article."""
    return any(is_article(thing) for thing in page.jsonld) or head.meta(page, "og:type") == "article"


title = first_of(
    titles.shared_title,
    titles.headline,
    titles.heading,
    titles.claim,
    named("heading_above_time", heading_above_time),
    css("title"),
)
authors = first_of(stated_authors, marked_authors, printed_authors)
