"""The element of a page that holds the story: where running text is densest, and as far around it as text goes on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.rules.flow import flow
from archiver.rules.furniture import furniture, running, sums_of

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page

_PARAGRAPH = 60
"""Characters from which an unlinked line counts as running text."""
_GAIN = 0.08
_LINKED = 0.35
_PARTS = frozenset(
    ("p", "li", "blockquote", "dd", "td", "tr", "tbody", "table", "ul", "ol", "pre", "figure", "figcaption")
)


def story_element(page: Page) -> Element | None:
    """The element that holds the story; None where the page has no running text."""
    whole = flow(page)
    left_out = furniture(page)
    sizes = [0 if out else running(line) for line, out in zip(whole.lines, left_out, strict=True)]
    found = _densest(page, [size if size >= _PARAGRAPH else 0 for size in sizes])
    if found is None:
        found = _densest(page, sizes)
    if found is None:
        return None
    good = sums_of([size if size >= _PARAGRAPH else 0 for size in sizes])
    bad = sums_of(
        [
            0 if out or line.kind != "text" or size >= _PARAGRAPH else len(line.text)
            for line, out, size in zip(whole.lines, left_out, sizes, strict=True)
        ]
    )
    return _widened(whole.spans, found, good, bad)


def _widened(spans: dict[Element, tuple[int, int]], found: Element, good: list[int], bad: list[int]) -> Element:
    """The outermost element around `found` that adds more text than links."""
    best = found
    for outer in found.iterancestors():
        if outer.tag in ("body", "html"):
            break
        if outer not in spans:
            continue
        (first, behind), (start, end) = spans[best], spans[outer]
        have = good[behind] - good[first]
        gain = good[end] - good[start] - have
        noise = bad[end] - bad[start] - (bad[behind] - bad[first])
        if gain >= have * _GAIN and noise <= gain * _LINKED:
            best = outer
    return best


def _densest(page: Page, sizes: list[int]) -> Element | None:
    """The element with the most running text directly in it or its children, by a score that fades with distance."""
    whole = flow(page)
    scores: dict[Element, float] = {}
    for line, size in zip(whole.lines, sizes, strict=True):
        if not size:
            continue
        node: Element | None = line.block
        while node is not None and (node.tag in _PARTS or node not in whole.spans):
            node = node.getparent()
        for weight in (1.0, 0.6, 0.3):
            if node is None or node.tag in ("body", "html"):
                break
            if node in whole.spans:
                scores[node] = scores.get(node, 0) + weight * size
            node = node.getparent()
    return max(scores, key=lambda node: scores[node], default=None)
