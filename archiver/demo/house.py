"""The house style: which structure the site's pages have, drawn once from the seed."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Literal, TypeVar

Value = TypeVar("Value")

Container = Literal["class and id", "class", "id", "rich text", "bare divs", "table"]
TitlePlace = Literal["h1", "h2", "div", "span", "title element"]
Sidebar = Literal["none", "before", "after", "table before"]
LatestPlace = Literal["none", "end", "column", "sidebar"]
LeadPlace = Literal["sapo", "strong", "p b", "body", "bold in body", "after time", "in time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """One draw of the structure. The fields are what differs between two newsrooms of the same size."""

    container: Container
    """What stands round the text of a current article."""
    depth: int
    """How many wrappers stand round the article."""
    has_form: bool
    """Whether the whole page is one ASP.NET form."""
    title_place: TitlePlace
    """Where the title stands; `title element`: nowhere else."""
    title_class: str
    title_suffix: str
    category_in_h1: bool
    has_og_title: bool
    og_has_suffix: bool
    has_canonical: bool
    has_jsonld: bool
    has_breadcrumb: bool
    breadcrumb: Literal["ul", "span"]
    font_tool: Literal["none", "own", "glued"]
    share: Literal["none", "before", "after"]
    time_class: str
    lead_place: LeadPlace
    sidebar: Sidebar
    latest_place: LatestPlace
    latest: Literal["div", "ul", "table"]
    latest_heading: bool
    comments: Literal["none", "list", "divs"]
    has_alternate_text: bool
    alternate_src: str
    has_tags: bool
    listing: Literal["article", "li", "div"]
    print_title: Literal["h1", "h2", "div"]
    old_body: Literal["img-class", "contenttin", "bare"]
    old_lead: Literal["strong", "p", "tomtat"]
    old_has_section: bool
    old_has_mark: bool
    """Whether pages of generation A begin with a byte order mark."""
    second_credit: Literal["own", "body"]
    second_has_breadcrumb: bool
    section_property: str = ""
    """Of the `meta` element that names the section; none before a redesign."""


@dataclass(frozen=True, slots=True)
class _Lot:
    """Draws for a seed, spread so that some 20 seeds in a row show every option."""

    seed: int

    def turn(self, name: str, *options: Value) -> Value:
        """One of the options, their order drawn anew for every round of seeds."""
        number, place = divmod(self.seed, len(options))
        return Random(f"{name}:{number}").sample(options, len(options))[place]

    def holds(self, name: str, yes: int, of: int) -> bool:
        """Whether something is so, as it is in `yes` of `of` seeds."""
        place: int = self.turn(name, *range(of))
        return place < yes


def house(seed: int) -> House:
    """The house style of this seed."""
    lot = _Lot(seed)
    turn, holds = lot.turn, lot.holds
    title_place: TitlePlace = turn("title", "h1", "h1", "h2", "div", "div", "span", "title element")
    sidebar: Sidebar = turn("sidebar", "none", "before", "after", "after", "table before")
    latest_place: LatestPlace = turn("latest place", "none", "end", "end", "column", "sidebar")
    return House(
        container=turn("container", "class and id", "class and id", "class", "id", "rich text", "bare divs", "table"),
        depth=turn("depth", 0, 1, 2, 3, 4),
        has_form=holds("form", 4, 5),
        title_place=title_place,
        title_class=turn("title class", "title", "tieu-de", "news-title", "detail-title", ""),
        title_suffix=turn("suffix", " - Học viện Chính trị quốc gia Hồ Chí Minh", " | HCMA", ""),
        category_in_h1=title_place != "h1" and (title_place == "title element" or holds("h1", 2, 3)),
        has_og_title=holds("og", 1, 2),
        og_has_suffix=holds("og suffix", 1, 3),
        has_canonical=holds("canonical", 1, 2),
        has_jsonld=holds("jsonld", 1, 6),
        has_breadcrumb=holds("breadcrumb", 2, 3),
        breadcrumb=turn("crumbs", "ul", "span"),
        font_tool=turn("font", "none", "own", "own", "glued"),
        share=turn("share", "none", "before", "after"),
        time_class=turn("time class", "time", "date", "ngay-dang", "detail-time", ""),
        lead_place=turn("lead", "sapo", "strong", "p b", "body", "bold in body", "after time", "in time"),
        sidebar=sidebar,
        latest_place="end" if latest_place == "sidebar" and sidebar == "none" else latest_place,
        latest=turn("latest", "div", "ul", "table"),
        latest_heading=holds("latest heading", 2, 3),
        comments=turn("comments", "none", "list", "divs"),
        has_alternate_text=holds("alternate", 2, 3),
        alternate_src=turn("alternate src", "/Content/publishing/img/print.png", "/Uploads/PublicImage/bieu-ngu.jpg"),
        has_tags=holds("tags", 1, 3),
        listing=turn("listing", "article", "article", "li", "div"),
        print_title=turn("print title", "h1", "h2", "div"),
        old_body=turn("old body", "img-class", "contenttin", "bare"),
        old_lead=turn("old lead", "strong", "p", "tomtat"),
        old_has_section=holds("old section", 1, 2),
        old_has_mark=holds("old mark", 1, 3),
        second_credit=turn("second credit", "own", "body"),
        second_has_breadcrumb=holds("second breadcrumb", 1, 2),
    )
