"""Links: what a listing says of an article, and every address that a page leads to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from w3lib.url import add_or_replace_parameter

from archiver import urls

if TYPE_CHECKING:
    from archiver.page import Page


@dataclass(frozen=True, slots=True)
class Link:
    """A link to an article, with what the listing says of it."""

    url: str
    """Absolute."""
    title: str = ""
    published_raw: str = ""
    """The time as printed, or empty."""
    summary: str = ""


def numbered_pages(page: Page) -> tuple[str, ...]:
    """The pages of a list fragment whose pager has only `data-page` (tmquan/ViLA describes it for pbgdpl.gov.vn)."""
    numbers = (link.get("data-page") or "" for link in page.root.iter("a"))
    return tuple(
        dict.fromkeys(add_or_replace_parameter(page.url, "page", number) for number in numbers if number.isdecimal())
    )


def hrefs(page: Page) -> tuple[str, ...]:
    """Every address that a link of the page leads to, absolute, each once, in order; scripts and mail left out."""
    found = (urls.absolute(page.url, link.get("href") or "") for link in page.root.iter("a"))
    return tuple(dict.fromkeys(url for url in found if url is not None))
