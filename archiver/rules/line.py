"""The lines of a page, as a reader meets them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.article import Image
    from archiver.rules.tables import Rows

LineKind = Literal["text", "picture", "table", "embed"]


@dataclass(frozen=True, slots=True)
class Anchor:
    """A link inside a line."""

    href: str
    """As in the source."""
    text: str


# Not frozen: fifty are made for a page, and a frozen one takes three times as long. Nobody changes them.
@dataclass(slots=True, kw_only=True, eq=False)
class Line:
    """One line of a page: a text that no block or `<br>` parts, or a picture, a table, an embed."""

    kind: LineKind = "text"
    text: str = ""
    """Clean."""
    block: Element
    """The innermost block element that holds it."""
    level: int | None = None
    """Of a heading: 1 to 6."""
    soft: bool = False
    """Parted from the line before by one `<br>` only."""
    linked: bool = False
    """All of its text is inside links."""
    italic: bool = False
    """All of its text is in italics."""
    bold: bool = False
    """All of its text is bold."""
    centred: bool = False
    right: bool = False
    """Set to the right."""
    caption: bool = False
    """The markup calls it a caption."""
    figure: Element | None = None
    """The figure, or the table that frames a picture, that it stands in."""
    quote: Element | None = None
    item: Element | None = None
    """The `li` it stands in."""
    anchors: tuple[Anchor, ...] = ()
    image: Image | None = None
    rows: Rows | None = None
    url: str = ""
    """Of an embed, as in the source."""
    time: tuple[str, str, str] | None = None
    """What stands before, the time as printed, and what stands behind, where the line holds a date with a time of day.

    Brackets and separators around the time are left out.
    """


@dataclass(frozen=True, slots=True)
class Flow:
    """The lines of a page, and for each block element the range of lines it holds."""

    lines: tuple[Line, ...]
    spans: dict[Element, tuple[int, int]]
    """In the order in which the blocks begin."""
    crumbs: tuple[Element, ...]
    """The blocks that the page calls breadcrumbs."""
    furniture: tuple[Element, ...]
    """The blocks that the page calls footer or sidebar."""
    is_cut: bool = False
    """Whether the page has more lines than are read."""

    def named(self, name: str) -> Element | None:
        """The first block of this id (`#News-content`) or class (`.article-detail`)."""
        attribute, word = ("id" if name.startswith("#") else "class"), name[1:]
        return next((block for block in self.spans if word in (block.get(attribute) or "").split()), None)

    def span(self, element: Element) -> tuple[int, int]:
        """The range of lines that `element` holds, or the innermost block around it; (0, 0) when it is not shown."""
        node: Element | None = element
        while node is not None:
            if node in self.spans:
                return self.spans[node]
            node = node.getparent()
        return 0, 0
