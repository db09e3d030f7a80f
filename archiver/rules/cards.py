"""Cards of other stories inside a story: a linked heading with a picture, a summary or a time beside it in one small box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.rules.flow import flow
from archiver.rules.furniture import running, sums_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Flow, Line

_LARGEST = 450
"""Characters of unlinked text from which a box is no card."""
_LINKED = 0.5
_PROSE = 120
"""Characters of running text from which a box with many links is still prose."""
_BOXES = frozenset(("div", "section", "article", "ul", "ol", "dl", "table", "li", "figure"))


def cards(page: Page, story: Element) -> set[int]:
    """The places in the flow of every line inside `story` that stands in a card of another one, or in a box of links."""
    whole = flow(page)
    first, behind = whole.span(story)
    prose = sums_of([running(line) for line in whole.lines])
    links = _Links(whole.lines)
    found: set[int] = set()
    for at in range(first, behind):
        line = whole.lines[at]
        if at not in found and line.kind == "text" and line.linked and line.level:
            found.update(_card(whole, prose, line.block, story))
    for element, (start, end) in whole.spans.items():
        inside = first <= start < end <= behind and end - start < behind - first
        if inside and element.tag in _BOXES and links.fill(start, end):
            found.update(range(start, end))
    return found


def _card(whole: Flow, prose: Sequence[int], block: Element, story: Element) -> range:
    """The places of the largest box around a linked heading that is still a card; none where it stands in the text."""
    card = range(0)
    for node in (block, *block.iterancestors()):
        if node is story:
            break
        if node not in whole.spans or node.tag not in _BOXES:
            continue
        start, end = whole.spans[node]
        if prose[end] - prose[start] > _LARGEST:
            break
        if end - start > 1:
            card = range(start, end)
    return card


class _Links:
    """Sums over the lines of a page, that tell of each box how much of it is links: boxes stand in boxes."""

    def __init__(self, lines: Sequence[Line]) -> None:
        words = [line if line.kind == "text" else None for line in lines]
        self.size = sums_of([len(line.text) if line else 0 for line in words])
        self.linked = sums_of([sum(len(anchor.text) for anchor in line.anchors) if line else 0 for line in words])
        self.links = sums_of([bool(line and line.anchors) for line in words])
        self.others = sums_of([_is_no_link(line) for line in lines])

    def fill(self, start: int, end: int) -> bool:
        """Whether a box of these lines has two links or more, and its text is mostly links."""
        if self.others[end] > self.others[start] or self.links[end] - self.links[start] < 2:
            return False
        return self.linked[end] - self.linked[start] > (self.size[end] - self.size[start]) * _LINKED


def _is_no_link(line: Line) -> bool:
    return line.kind == "table" or line.quote is not None or (line.kind == "text" and running(line) >= _PROSE)
