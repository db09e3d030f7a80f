"""What a page says of its article beside the text: title, time, names, lead, language."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver import text
from archiver.rules import bylines, head, leads, moments, stated_authors, titles
from archiver.rules.date_line import date_line, place_beside_time
from archiver.rules.flow import flow
from archiver.rules.rule import Traced, find, first_of, reads, rule_name
from archiver.rules.signatures import is_vietnamese, signatures
from archiver.rules.simple import css, is_article

if TYPE_CHECKING:
    from archiver import credits
    from archiver.page import Page
    from archiver.rules.rule import Rule

_ABOVE_TIME = 4
BY = bylines.BY

published = first_of(
    moments.stated_time,
    reads("time", moments.near_time),
    reads("page", moments.printed_time),
    reads("microformat", moments.microformat_time),
    reads("script", moments.scripted_time),
    reads("address", moments.date_from_url),
    moments.modified,
)
modified = moments.modified
lead = reads("page", leads.lead)
language = css("html::attr(lang)")


def heading_above_time(page: Page) -> str | None:
    """The heading right above the printed time, where the head gives no title but its `title` element."""
    found = date_line(page)
    if found is None or titles.is_claimed(page):
        return None
    above = flow(page).lines[max(0, found[0] - _ABOVE_TIME) : found[0]]
    titled = (line.text for line in reversed(above) if line.level and " " in line.text)
    return next((words for words in titled if not titles.is_section(page, words)), None)


def printed_title(page: Page) -> str | None:
    """The heading of a Vietnamese page: its head often has the title for search engines, with other words or signs."""
    return titles.heading(page) if is_vietnamese(page) else None


def title_beside_time(page: Page) -> str | None:
    """The line beside the printed time that is set as a title, where the head gives the name of a section instead."""
    at = page.once(place_beside_time)
    return None if at is None else flow(page).lines[at].text


def states_article(page: Page) -> bool:
    """Whether the page says of itself that it is an article."""
    return any(is_article(thing) for thing in page.jsonld) or head.meta(page, "og:type") == "article"


def _completed(byline: Rule[tuple[credits.Name, ...]]) -> Rule[tuple[credits.Name, ...]]:
    """`byline` with the agency of the lead before it, and with those who sign below the text beside its names.

    The site stands for its authors only where neither an agency nor a credit line is named.
    """

    def read(page: Page) -> tuple[tuple[credits.Name, ...], str] | None:
        found = find(byline, page)
        agency, below = leads.agency(page), signatures(page)
        if found is None or (byline is stated_authors.site_as_author and (agency or below.credit)):
            return None
        names, source = found.value, found.by.rpartition(":")[2]
        if {text.fold(name.name) for name in names} < {text.fold(name.name) for name in below.names}:
            names, source = below.names, "page"
        return (*agency, *names), source

    return Traced(rule_name(byline), read)


title = first_of(
    reads("page+open-graph", titles.shared_title),
    reads("page", title_beside_time),
    reads("page", printed_title),
    titles.headline,
    reads("page", titles.heading),
    reads("page", heading_above_time),
    reads("page+title", titles.claimed_line),
    titles.claim,
    css("h1"),
    css("title"),
)
_BYLINES = (
    reads("page", bylines.vietnamese_authors),
    stated_authors.stated_authors,
    reads("microdata", bylines.marked_authors),
    reads("page", bylines.named_authors),
    reads("page", bylines.linked_authors),
    reads("page", bylines.printed_authors),
    reads("page", bylines.signed_authors),
    reads("page", bylines.far_authors),
    reads("page", bylines.dated_authors),
    stated_authors.site_as_author,
)
authors = first_of(*map(_completed, _BYLINES), reads("page", leads.agency))
