"""What a story is made of: its headline, its parts in reading order, its credit line and the way it is dressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import quote

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.article import Credit
    from archiver.demo.shelves import Shelf

Paragraphs = Literal["p", "div", "span", "word", "br br", "br"]
"""How paragraphs are marked: elements of some kind, or bare text parted by two `<br>` or by one."""

Captions = Literal["em", "figure", "table", "br", "div", "plain", "spaces", "glued", "before"]
"""Where captions stand: `glued` is in one paragraph with the picture and the text after it."""

CreditMark = Literal["(Ảnh: {})", "_Ảnh: {}", " Ảnh: {}"]

Src = Literal["typed", "quoted", "absolute", "lazy"]
"""How a picture's address is written: as typed, percent-encoded, with the origin and `&#58;`, or in `data-src`."""


@dataclass(frozen=True, slots=True)
class Text:
    """A paragraph. A newline in it is a line break that stays (verse)."""

    text: str
    link: str = ""
    """Address of a file that the paragraph's last words link to."""
    linked: str = ""
    """Those words."""

    @property
    def is_prose(self) -> bool:
        """Whether a picture may stand beside it without doubt about which line is a caption."""
        return self.text.endswith(".") and "\n" not in self.text


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading between paragraphs."""

    text: str
    level: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation."""

    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list."""

    items: tuple[str, ...]
    ordered: bool


@dataclass(frozen=True, slots=True)
class Grid:
    """A table of figures; its first row is the heading."""

    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Clip:
    """An embedded video."""

    url: str
    title: str | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with what stands beside it."""

    path: str
    """Address on this site, as typed by the editors: it may hold spaces and accents."""
    alt: str | None
    caption: str = ""
    credit: str = ""
    credit_mark: CreditMark = "_Ảnh: {}"
    size: tuple[int, int] | None = None
    """Width and height, if the page states them."""
    src: Src = "typed"

    @property
    def address(self) -> str:
        """The path as a browser asks for it, percent-encoded."""
        return quote(self.path, safe="/()?=&")

    @property
    def printed(self) -> str:
        """The caption with its credit, as the page prints it."""
        if not self.credit:
            return self.caption
        gap = "" if self.credit_mark[0] != "(" else " "
        return self.caption + gap + self.credit_mark.format(self.credit)


@dataclass(frozen=True, slots=True)
class File:
    """A line that is nothing but a link to a file."""

    address: str
    """A path on this site, or a whole address."""
    title: str


Part = Text | Heading | Quote | Bullets | Grid | Clip | Picture | File


@dataclass(frozen=True, slots=True)
class Remark:
    """A reader's comment."""

    author: str
    moment: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Headline:
    """What a listing shows of a story."""

    shelf: Shelf
    place: int
    number: int
    moment: datetime
    kind: str
    title: str
    """In NFC; `decomposed` says that the pages have it in NFD."""
    decomposed: bool
    prefix: str
    """The agency's mark before the lead, such as `(HCMA3) - `."""
    lead: str
    slug: str
    picture: str
    """Path of the picture in listings."""

    @property
    def summary(self) -> str:
        """The lead as printed."""
        return self.prefix + self.lead

    @property
    def id(self) -> str:
        """The id of the record."""
        return f"{self.shelf.identity}{self.number}"


@dataclass(frozen=True, slots=True)
class Dress:
    """How a story's HTML was typed."""

    paragraphs: Paragraphs
    captions: Captions
    wrapper: Literal["", "ExternalClass", "ms-rtestate-field", "both"]
    credit: Literal["right", "strong", "em", "plain", "glued"]
    dirt: frozenset[str]
    """What else is in the HTML: zero-width, nbsp, inline, comments, empty, icon, pixel, toolbar."""


@dataclass(frozen=True, slots=True)
class Story:
    """All of one story. The truth and every page of it are made from this alone."""

    headline: Headline
    parts: tuple[Part, ...]
    """In reading order; the first is the lead as printed."""
    credit_line: str
    credits: tuple[Credit, ...]
    remarks: tuple[Remark, ...]
    tags: tuple[str, ...]
    dress: Dress
    is_broken: bool
    """Whether the normal page lacks its text, and only the print view has it."""

    @property
    def has_surroundings(self) -> bool:
        """Whether its record comes from a current page: with breadcrumb, tags, comments and newest items."""
        return self.headline.shelf.generation == "C" and not self.is_broken
