"""Cards of other stories inside a story: a linked heading with a picture, a summary or a time beside it in one small box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.rules.flow import flow
from archiver.rules.furniture import running

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Flow

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
    found: set[int] = set()
    for at in range(first, behind):
        line = whole.lines[at]
        if at not in found and line.kind == "text" and line.linked and line.level:
            found.update(_card(whole, line.block, story))
    for element, (start, end) in whole.spans.items():
        if first <= start < end <= behind and end - start < behind - first and element.tag in _BOXES:
            found.update(_links(whole, start, end))
    return found


def _card(whole: Flow, block: Element, story: Element) -> range:
    """The places of the largest box around a linked heading that is still a card; none where it stands in the text."""
    card = range(0)
    for node in (block, *block.iterancestors()):
        if node is story:
            break
        if node not in whole.spans or node.tag not in _BOXES:
            continue
        start, end = whole.spans[node]
        lines = whole.lines[start:end]
        if sum(running(line) for line in lines) > _LARGEST:
            break
        if end - start > 1:
            card = range(start, end)
    return card


def _links(whole: Flow, start: int, end: int) -> range:
    """The places of a box with two links or more, whose text is mostly links."""
    size = linked = links = 0
    for line in whole.lines[start:end]:
        if line.kind == "table" or line.quote is not None:
            return range(0)
        if line.kind == "text":
            size += len(line.text)
            linked += sum(len(anchor.text) for anchor in line.anchors)
            links += bool(line.anchors)
            if running(line) >= _PROSE:
                return range(0)
    return range(start, end) if links > 1 and linked > size * _LINKED else range(0)
