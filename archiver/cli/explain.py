"""Why a record has its values: `archiver parse --explain`, for somebody who wonders why one of them is wrong."""

from __future__ import annotations

import json
from datetime import timedelta
from textwrap import shorten
from typing import TYPE_CHECKING

from archiver.article import jsonable
from archiver.rules import moments
from archiver.rules.rule import Found, all_found
from archiver.site.general_layout import LAYOUT

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archiver.article import Article
    from archiver.page import Page
    from archiver.site import Site

FLAGS = {
    "thin_body": "the text has under 200 characters: look whether the rest is an attachment, or was not found",
    "zone_assumed": "the page states no offset from UTC: the time may be hours off",
    "bad_date": "the time found names no moment: published_at is empty",
    "date_from_url": "the day stands only in the address: it may be that of a draft",
    "dates_disagree": "what is stated, printed and in the address are days apart: check published_at on the page",
    "titles_disagree": "heading, JSON-LD and Open Graph have different titles: check title on the page",
    "paywalled": "only the beginning of the article is on the page",
    "live_blog": "the text is a row of entries, in the order of the page",
    "encoding_repaired": "the declared encoding did not fit the bytes: look for broken letters",
    "text_cut": "the page has more lines than are read: what stands below them is only in the capture",
    "tree_repaired": "the markup was nested too deep and was read flat: look at the order of the text",
}
"""What each flag in `quality` means for who uses the record."""
SHOWN = 80
"""Characters of a value."""
_SOURCES = {
    "json-ld": "JSON-LD",
    "open-graph": "Open Graph",
    "meta": "meta",
    "microdata": "microdata",
    "microformat": "microformat",
    "time": "time element",
    "title": "title element",
    "page": "visible page",
    "script": "script",
    "address": "address",
}
_FIELDS = ("title", "published", "lead", "authors", "section", "categories", "tags", "language")
"""Of a layout, those for which values that were not taken are told."""
_RECORD_FIELDS = (
    "title",
    "published_at",
    "modified_at",
    "lead",
    "body",
    "images",
    "authors",
    "section",
    "tags",
    "related",
)
"""Of a record, those that are named where nothing was found."""


def explanation(site: Site, page: Page, article: Article) -> str:
    """A line for each field with its rule and value, below it what was weighed and not taken; flags; what to do next.

    `article` is what `site` makes of `page`.
    """
    rows = [*_rows(site, page, article)]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)]
    table = [f"{field:{widths[0]}}  {by:{widths[1]}}  {value}".rstrip() for field, by, value in rows]
    parts = [f"{article.site}, layout {article.extractor.layout}", "", *table]
    missing = [name for name in _RECORD_FIELDS if name not in article.extractor.found_by]
    if missing:
        parts += ["", f"Found by no rule: {', '.join(missing)}."]
    if article.quality:
        parts += ["", "To be doubted:", *(f"  {flag}: {FLAGS[flag]}" for flag in article.quality)]
    return "\n".join([*parts, "", _next(article), ""])


def _rows(site: Site, page: Page, article: Article) -> Iterator[tuple[str, str, str]]:
    """Field, rule in words, value."""
    line, found_by = jsonable(article), article.extractor.found_by
    for name, value in line.items():
        if name in found_by:
            yield name, in_words(found_by[name]), brief(value)
        for found in _weighed(site, page, name):
            other = brief(_plain(found.value))
            if other != brief(value) and not (name == "published_at" and _agrees(other, article.published_at)):
                yield "  not taken", in_words(found.by), other


def in_words(by: str) -> str:
    """An entry of `found_by` as words: `stated_time:json-ld` is `stated time, JSON-LD`; a site's own rules stay as they are."""
    name, parted, source = by.rpartition(":")
    sources = source.split("+")
    if not parted or any(each not in _SOURCES for each in sources):
        return by
    return f"{name.replace('_', ' ')}, {' and '.join(_SOURCES[each] for each in sources)}"


def _weighed(site: Site, page: Page, name: str) -> tuple[Found[object], ...]:
    """What the rules of the layout and the general rules find for a field, each value once."""
    field = "published" if name == "published_at" else name
    if field not in _FIELDS:
        return ()
    rules = (getattr(site.layout_for(page), field), getattr(LAYOUT, field))
    found = [each for rule in dict.fromkeys(rules) if rule is not None for each in all_found(rule, page)]
    if field == "published":
        found += [Found(each.raw, f"statement:{each.source}") for each in page.once(moments.statements)]
    return tuple({str(each.value): each for each in reversed(found)}.values())[::-1]


def _agrees(raw: str, at: datetime | None) -> bool:
    """Whether a time is `at`, as far as it tells: the day, the minute of a clock, or the instant."""
    said = moments.moment_of_date(raw)
    if said is None or at is None:
        return False
    if said.precision == "day":
        return said.at.date() == at.date()
    if said.zone_assumed:
        return f"{said.at:%Y-%m-%d %H:%M}" == f"{at:%Y-%m-%d %H:%M}"
    return abs(said.at - at) < timedelta(minutes=1)


def _plain(value: object) -> object:
    """Names as texts; other values as they are."""
    return (
        [{"name": name.name} if hasattr(name, "name") else name for name in value]
        if isinstance(value, tuple)
        else value
    )


def brief(value: object) -> str:
    """A value as one short text: of names and words all, of other lists how many there are, and the first."""
    if isinstance(value, list):
        named = [each if isinstance(each, str) else each.get("name") for each in value]
        if all(named):
            return shorten(", ".join(named), SHOWN, placeholder=" …")
        first = next((value[0][key] for key in ("title", "caption", "text", "url") if value[0].get(key)), "")
        return shorten(f"{len(value)}, the first: {first}", SHOWN, placeholder=" …")
    text = "" if value is None else value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= SHOWN else shorten(text, SHOWN, placeholder=f" … ({len(text)} characters)")


def _next(article: Article) -> str:
    if article.extractor.layout == LAYOUT.name:
        return "A value is wrong? Give the site a file with a rule for it: CONTRIBUTING.md, A new site in 15 minutes."
    return f"A value is wrong? Mend its rule in archiver/sites/{article.site}.py, then: pytest tests/test_sites.py"
