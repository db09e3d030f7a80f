"""The addresses of a story in every spelling that the site uses for it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.demo.shelves import Section, Shelf
    from archiver.demo.story import Headline

_PRINT = "/SMPT_Publishing_UC/TinTuc/pPrintTinTuc.aspx"
_FRAGMENT = "/SMPT_Publishing_UC/TinTuc/frmDSTinTuc.aspx"
_WEB = {"en": "/en"}


def pretty(head: Headline) -> str:
    """The address by which the story wants to be known."""
    shelf = head.shelf
    if shelf.generation == "C":
        return f"{_WEB.get(shelf.name, '')}/{head.slug}-{head.number}.htm"
    section = shelf.section(head.place)
    if shelf.generation == "B":
        return f"/{section.slug}/{head.slug}-{head.number}.html"
    if shelf.generation == "A":
        return f"/{section.slug}?ItemID={head.number}&CateID={section.number}"
    return f"/home/news/{head.slug}-{head.number}"


def query(head: Headline, category: int, spelling: int) -> str:
    """One of the query forms of a current story, under the `cm` of the listing that links to it."""
    web, number = _WEB.get(head.shelf.name, ""), head.number
    forms = (
        f"{web}/Pages/chi-tiet-tin.aspx?ItemID={number}&cm={category}",
        f"{web}/Pages/chi-tiet-tin.aspx?cm={category}&ItemID={number}",
        f"{web}/Pages/chi-tiet-tin-tuc.aspx?ItemID={number}&cm={category}",
        f"{web}/pages/chi-tiet-tin.aspx?ItemId={number}&cm={category}",
        f"{web}/Pages/chi-tiet-tin-tuc.aspx?ItemID={number}",
    )
    return forms[spelling % len(forms)]


def in_listing(head: Headline, section: Section) -> str:
    """The address that a listing uses: the pretty one for most stories."""
    chance = head.shelf.chance(head.place, f"link{section.number}")
    return query(head, section.number, chance >> 8) if chance % 5 == 0 else pretty(head)


def print_view(head: Headline) -> str:
    """The page that shows the story alone."""
    return f"{_WEB.get(head.shelf.name, '')}{_PRINT}?ItemID={head.number}"


def section_page(shelf: Shelf, section: Section) -> str:
    """The first page of a section's listing."""
    if shelf.name == "en":
        return "/en/Pages/tin-tuc.aspx"
    if shelf.generation == "C":
        return f"/chuyen-muc/{section.slug}"
    if shelf.generation == "A-en":
        return "/home/news"
    return f"/{section.slug}/" if shelf.generation == "B" else f"/{section.slug}"


def fragment(section: Section, page: int) -> str:
    """A page of a current section's listing, without the page round it."""
    return f"{_FRAGMENT}?cm={section.number}&page={page}"
