"""What a site is made of: addresses, listings, layouts, and what a good run of it brings."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from archiver import credits
    from archiver.page import Page
    from archiver.rules.boxes import Remark
    from archiver.rules.content import Content
    from archiver.rules.line import Line
    from archiver.rules.links import Link
    from archiver.rules.rule import Rule


@dataclass(frozen=True, slots=True)
class Address:
    """What an article's URL says of its identity."""

    id: str
    """The record's id, site included: `hcma:19239`."""
    canonical: str
    """The folded URL: one spelling for all addresses of this form."""
    is_number: bool = True
    """Whether the site numbers its articles; else the id is made from the address, and the canonical link decides."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What a listing page leads to."""

    articles: tuple[Link, ...] = ()
    """In order of the page, each address once."""
    pages: tuple[str, ...] = ()
    """Further listing pages: sections, next pages, fragments. Absolute."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expect:
    """What a good run of a site brings; less fails the run's quality gate."""

    articles: int = 1
    """At least so many articles seen in a full run."""
    with_lead: float = 0.0
    """Least share of articles with a lead; so the fields below."""
    with_body: float = 0.0
    with_images: float = 0.0
    with_authors: float = 0.0
    articles_of_usual: float = 0.5
    """Least share of the articles that the last completed runs saw in the median, known ones included."""
    share_of_usual: float = 0.7
    """Least part of what is usual that may be left of the share of articles with a field, of values that the site's own
    rules give, and of pages that give an article."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """How one generation of a site's pages is read: a rule for each field.

    A field without a rule, and one whose rule finds nothing, is read by the general rules, if they have one for it. A rule
    made by `only` has the last word: where the site's template is known, what a general rule would find there is a date
    of the page's head, the keywords of the whole site, a box of promoted stories.
    """

    name: str
    """As written into `extractor.layout`."""
    title: Rule[str] | None = None
    published: Rule[str] | None = None
    """The time as printed."""
    body: Rule[Content] | None = None
    lead: Rule[str] | None = None
    """Where the body rule does not tell it."""
    authors: Rule[tuple[credits.Name, ...]] | None = None
    """The byline; the names of the credit line are added."""
    section: Rule[str] | None = None
    categories: Rule[tuple[str, ...]] | None = None
    tags: Rule[tuple[str, ...]] | None = None
    modified: Rule[str] | None = None
    related: Rule[tuple[Line, ...]] | None = None
    """The lines of the page that list further stories."""
    latest: Rule[tuple[Line, ...]] | None = None
    """The lines of the page that list the site's newest items."""
    comment_count: Rule[int] | None = None
    comments: Rule[tuple[Remark, ...]] | None = None
    language: Rule[str] | None = None
    doubts: Rule[tuple[str, ...]] | None = None
    """Flags for `quality` that the page itself gives reason for."""
    reads: Callable[[Page], bool] = field(default=lambda _page: True)
    """Which pages have this layout, when several are in use side by side."""
    valid_until: date | None = None
    """The last day on which pages of this layout were fetched; None while it is in use."""
