"""What a page says of its article beside the text: title, time, names, lead, language."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver import text
from archiver.rules import bylines, head, moments, stated_authors, titles
from archiver.rules.date_line import date_line
from archiver.rules.flow import flow
from archiver.rules.rule import first_of
from archiver.rules.simple import css, is_article

if TYPE_CHECKING:
    from archiver.page import Page

_SHORTEST_LEAD = 40
_ABOVE_TIME = 4
_LEAD = re.compile(r"sapo|standfirst|article-summary|article__summary|chapeau")
BY = bylines.BY

published = first_of(
    moments.stated_time,
    moments.near_time,
    moments.printed_time,
    moments.microformat_time,
    moments.scripted_time,
    moments.date_from_url,
    moments.modified,
)
modified = moments.modified
language = css("html::attr(lang)")


def heading_above_time(page: Page) -> str | None:
    """The heading right above the printed time, where the head gives no title but its `title` element."""
    found = date_line(page)
    if found is None or titles.is_claimed(page):
        return None
    above = flow(page).lines[max(0, found[0] - _ABOVE_TIME) : found[0]]
    return next((line.text for line in reversed(above) if line.level and " " in line.text), None)


def lead(page: Page) -> str | None:
    """The text of the first element whose name says that it is the lead."""
    for name, element in flow(page).named.items():
        if not _LEAD.search(name):
            continue
        words = text.clean("".join(element.itertext()))
        if len(words) >= _SHORTEST_LEAD and any(line.text == words for line in flow(page).lines):
            return words
    return None


def states_article(page: Page) -> bool:
    """Whether the page says of itself that it is an article."""
    return any(is_article(thing) for thing in page.jsonld) or head.meta(page, "og:type") == "article"


title = first_of(
    titles.shared_title, titles.headline, titles.heading, heading_above_time, titles.claim, css("h1"), css("title")
)
authors = first_of(
    stated_authors.stated_authors,
    bylines.marked_authors,
    bylines.named_authors,
    bylines.linked_authors,
    bylines.printed_authors,
    bylines.signed_authors,
    bylines.far_authors,
    bylines.dated_authors,
    stated_authors.site_as_author,
)
