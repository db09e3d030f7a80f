"""A page as a reader meets it: its visible lines of text, pictures and tables, in order, each with its markup."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lxml import etree

from archiver import dates, text
from archiver.rules.line import Anchor, Flow, Line
from archiver.rules.pictures import picture
from archiver.rules.tables import frames_pictures, rows_to_read
from archiver.rules.visible import is_picture, is_seen

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page

_BLOCKS = frozenset(
    "address nav article aside blockquote body center dd details div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hgroup hr html legend li main ol p pre section summary table tbody td tfoot th thead tr ul".split()
)
_HEADINGS = {f"h{level}": level for level in range(1, 7)}
_MEANING = frozenset(("table", "figure", "figcaption", "blockquote", "li", "center", "aside", "footer", *_HEADINGS))
_HOLDERS = {"figure": "figure", "blockquote": "quote", "li": "item"}
_ITALIC = ("em", "i")
_BOLD = ("b", "strong")
_FRAMES = frozenset({"iframe", "embed", "video", "audio"})
_AROUND_PICTURES = frozenset(("noscript", "button"))
_MOST_LINES = 20_000
"""Of a page; what stands below them is not read. A thousand pages of a book have fewer, a live blog of a day 5,000."""
_LONGEST_NAME = 1_000
"""Characters of class and id that are looked at."""
_SHORTEST_CAPTION = 8
"""Characters: less in italics behind a picture opens a sentence."""
_LONGEST_CAPTION = 3_000
"""Characters from which a block is more than a caption, whatever its class says."""
_INLINE = frozenset(("span", "em", "i", "b", "strong", "small", "font", "label", "cite"))
_DISPLAY_BLOCK = re.compile(r"display\s*:\s*(?:block|table|flex|grid|list-item)", re.IGNORECASE)
_RIGHT = re.compile(r"text-align\s*:\s*right", re.IGNORECASE)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
# What the names that pages give their parts (class, id) say of them.
_CALLED = re.compile(
    r"(?P<caption>caption|chu-?thich|image-?desc|img-?desc)|(?P<crumbs>breadcrumb|duong-?dan|path-?way)|(?P<furniture>footer|sidebar|copyright)"
)

_CAPTION_CLASS = re.compile(r"caption|chu-?thich", re.IGNORECASE)
_PUNCTUATION = " -–—:;|·•,()[]/»"


def flow(page: Page) -> Flow:
    """The lines of the whole page, read once."""
    return page.once(_read)


def _read(page: Page) -> Flow:
    reader = _Reader(page.url)
    reader.read(page.root)
    return Flow(
        lines=tuple(reader.lines),
        spans=reader.spans,
        crumbs=tuple(reader.crumbs),
        furniture=tuple(reader.furniture),
        is_cut=len(reader.lines) >= _MOST_LINES,
    )


@dataclass(slots=True)
class _Block:
    """A block element that is open at the point of reading, and what it means for the lines inside."""

    element: Element
    start: int
    """The first line that it holds."""
    figure: Element | None
    quote: Element | None
    item: Element | None
    level: int | None
    caption: bool
    centred: bool
    right: bool

    def inner(self, element: Element, start: int) -> _Block:
        """The block of an element inside: what holds for the outer one holds for it."""
        return _Block(
            element, start, self.figure, self.quote, self.item, self.level, self.caption, self.centred, self.right
        )


@dataclass(slots=True)
class _Reader:
    """Walks a tree once, without recursion, and gathers its lines."""

    page_url: str
    lines: list[Line] = field(default_factory=list)
    spans: dict[Element, tuple[int, int]] = field(default_factory=dict)
    crumbs: list[Element] = field(default_factory=list)
    furniture: list[Element] = field(default_factory=list)
    # What is open around the point of reading:
    blocks: list[_Block] = field(default_factory=list)
    links: int = 0
    italics: int = 0
    bolds: int = 0
    # The line being gathered, and how much of it is marked up:
    parts: list[str] = field(default_factory=list)
    size: int = 0
    linked_size: int = 0
    italic_size: int = 0
    bold_size: int = 0
    anchors: list[Anchor] = field(default_factory=list)
    open_link: tuple[str, int] | None = None
    breaks: int = 0
    after_picture: bool = False

    def read(self, root: Element) -> None:
        """Gathers the lines of everything under `root`."""
        self.blocks.append(_Block(root, 0, None, None, None, None, caption=False, centred=False, right=False))
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._close(element, element.tag)
                if len(self.lines) >= _MOST_LINES:
                    break
                if element.tail:
                    self._add(element.tail)
            elif not self._open(element, element.tag):
                walk.skip_subtree()
            elif element.text:
                self._add(element.text)
        self._end_line()
        self.spans.update((block.element, (block.start, len(self.lines))) for block in self.blocks[1:])

    def _open(self, element: Element, tag: str) -> bool:
        """Whether what is inside `element` is to be read."""
        if tag in _AROUND_PICTURES and self.blocks[-1].figure is not None:
            self._add_wrapped_picture(element)
            return False
        style = element.get("style")
        if not is_seen(element, tag, style):
            return False
        if is_picture(element, tag):
            self._add_picture(element)
            # What a custom element holds is shown until its picture has come.
            return False
        if tag in _BLOCKS or ("-" in tag and any(child.tag in _BLOCKS for child in element)):
            return self._open_block(element, tag, style)
        if tag == "br":
            self._end_line()
            self.breaks += 1
        elif tag == "a":
            self.links += 1
            self.open_link = (element.get("href") or "", len(self.parts))
        elif tag in _INLINE:
            self._open_inline(element, tag, style)
        elif tag in _FRAMES:
            self._add_embed(element)
            return False
        return True

    def _open_inline(self, element: Element, tag: str, style: str | None) -> None:
        """Italics and bold; an inline element is set apart by its style, or by a class that calls it a caption."""
        name = element.get("class")
        if (style and _DISPLAY_BLOCK.search(style)) or (name and _CAPTION_CLASS.search(name)):
            self._open_block(element, tag, style)
        self.italics += tag in _ITALIC
        self.bolds += tag in _BOLD

    def _open_block(self, element: Element, tag: str, style: str | None) -> bool:
        self._end_line()
        self.breaks = 0
        self.after_picture = False
        outer = self.blocks[-1]
        start = len(self.lines)
        block = outer.inner(element, start)
        self.blocks.append(block)
        self.spans[element] = (start, start)
        self._note_names(element, block)
        align = element.get("align")
        if align or style:
            block.centred = block.centred or align == "center" or bool(style and _CENTRED.search(style))
            block.right = block.right or align == "right" or bool(style and _RIGHT.search(style))
        if tag in _MEANING:
            return self._note_meaning(element, tag, block)
        return True

    def _note_names(self, element: Element, block: _Block) -> None:
        if element.get("itemprop") == "caption":  # schema.org's, of a picture
            block.caption = True
        name, id_ = element.get("class"), element.get("id")
        called = _called(f"{name or ''} {id_ or ''}"[:_LONGEST_NAME]) if name or id_ else None
        if called is None:
            return
        if called == "caption":
            block.caption = True
        elif called == "crumbs":
            self.crumbs.append(element)
        else:
            self.furniture.append(element)

    def _note_meaning(self, element: Element, tag: str, block: _Block) -> bool:
        """Whether what is inside `element` is to be read: a table of figures is a line of its own."""
        if tag == "table":
            rows = rows_to_read(element)
            if rows is not None:
                self.lines.append(self._line(kind="table", rows=rows))
                return False
            if frames_pictures(element):
                block.figure = element
        elif tag in _HOLDERS:
            setattr(block, _HOLDERS[tag], element)
        elif tag == "figcaption":
            block.caption = True
        elif tag == "center":
            block.centred = True
        elif tag == "aside":
            self.furniture.append(element)
        elif tag == "footer":
            # The foot of the page is not read; that of an article may name its author.
            return any(outer.element.tag in ("article", "main") for outer in self.blocks)
        else:
            block.level = _HEADINGS[tag]
        return True

    def _close(self, element: Element, tag: str) -> None:
        if self.blocks[-1].element is element:
            self._end_line()
            self.breaks = 0
            self.after_picture = False
            if len(self.blocks) > 1:
                block = self.blocks.pop()
                self.spans[element] = (block.start, len(self.lines))
                if block.caption and not self.blocks[-1].caption:
                    self._check_caption(block.start)
        if tag == "a" and self.links:
            self.links -= 1
            self._end_link()
        elif tag in _ITALIC and self.italics:
            self.italics -= 1
            # A caption in italics can stick to the paragraph that follows it.
            if self.after_picture and self.italic_size == self.size and self.size >= _SHORTEST_CAPTION:
                self._end_line()
                self.breaks = 1
        elif tag in _BOLD and self.bolds:
            self.bolds -= 1

    def _check_caption(self, start: int) -> None:
        """The lines from `start` on are no caption where they are too long for one: a theme's class said so of a page."""
        lines = self.lines[start:]
        if sum(len(line.text) for line in lines) > _LONGEST_CAPTION:
            for line in lines:
                line.caption = line.block.tag == "figcaption"

    def _add(self, string: str) -> None:
        self.parts.append(string)
        if size := len(string.strip()):
            self.size += size
            if self.links:
                self.linked_size += size
            if self.italics:
                self.italic_size += size
            if self.bolds:
                self.bold_size += size

    def _end_link(self) -> None:
        if self.open_link is not None:
            href, start = self.open_link
            self.open_link = None
            if self.size and (words := text.clean("".join(self.parts[start:]))):
                self.anchors.append(Anchor(href, words))

    def _end_line(self) -> None:
        if self.size:
            self._emit_line()
        elif self.parts:
            self.parts.clear()
        if self.open_link is not None:
            # The link goes on behind the break: what follows leads to the same address.
            self.open_link = (self.open_link[0], 0)

    def _emit_line(self) -> None:
        if self.open_link is not None:
            href = self.open_link[0]
            self._end_link()
            self.open_link = (href, 0)
        if words := text.clean("".join(self.parts)):
            self.lines.append(
                self._line(
                    text=words,
                    soft=self.breaks == 1,
                    linked=self.linked_size == self.size,
                    italic=self.italic_size == self.size,
                    bold=self.bold_size == self.size,
                    anchors=tuple(self.anchors),
                    time=_time_on(words),
                )
            )
            self.breaks = 0
            self.after_picture = False
        self.parts.clear()
        self.anchors.clear()
        self.size = self.linked_size = self.italic_size = self.bold_size = 0

    def _add_picture(self, element: Element) -> None:
        image = picture(element, self.page_url)
        if image is not None:
            self._end_line()
            self.lines.append(self._line(kind="picture", image=image, linked=bool(self.links)))
            self.after_picture = True
            self.breaks = 1

    def _add_wrapped_picture(self, element: Element) -> None:
        """The picture that a click enlarges or that only readers without scripts see, where the figure shows none else."""
        figure = self.blocks[-1].figure
        if any(line.kind == "picture" and line.figure is figure for line in self.lines[-4:]):
            return
        for image in element.iter("img"):
            self._add_picture(image)

    def _add_embed(self, element: Element) -> None:
        sources = [element.get("src"), element.get("data-src"), *(each.get("src") for each in element.iter("source"))]
        source = next(filter(None, sources), "")
        if source:
            self._end_line()
            self.lines.append(self._line(kind="embed", url=source, text=text.clean(element.get("title") or "")))

    def _line(self, **parts: Any) -> Line:
        block = self.blocks[-1]
        return Line(
            block=block.element,
            level=block.level,
            centred=block.centred,
            right=block.right,
            caption=block.caption,
            figure=block.figure,
            quote=block.quote,
            item=block.item,
            **parts,
        )


@lru_cache(maxsize=8192)
def _called(names: str) -> str | None:
    """What the names of a block call it: `caption`, `crumbs` or `furniture`."""
    found = _CALLED.search(names.lower())
    return found.lastgroup if found is not None else None


def _time_on(words: str) -> tuple[str, str, str] | None:
    found = dates.find_header_time(words)
    if found is None:
        return None
    before, raw, behind = found
    return before.strip(_PUNCTUATION), raw, behind.lstrip(_PUNCTUATION)
