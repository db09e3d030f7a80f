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
"""Share of the text found so far that an element around it must add."""
_LINKED = 0.35
"""Characters of links for each of text, from which what an element adds is lists of links."""
_LITTLE = 0.35
_MOST = 0.6
_PARTS = frozenset(("p", "li", "blockquote", "dd", "ul", "ol", "pre", "figure", "figcaption"))


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
            0 if out else sum(len(anchor.text) for anchor in line.anchors)
            for line, out in zip(whole.lines, left_out, strict=True)
        ]
    )
    return _covering(whole.spans, _widened(whole.spans, found, good, bad), good)


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


def _covering(spans: dict[Element, tuple[int, int]], found: Element, good: list[int]) -> Element:
    """`found`, or the element around it that holds most of the page's running text where `found` holds little of it."""
    first, behind = spans[found]
    if good[behind] - good[first] >= good[-1] * _LITTLE:
        return found
    for outer in found.iterancestors():
        if outer in spans and good[spans[outer][1]] - good[spans[outer][0]] >= good[-1] * _MOST:
            return outer
    return found


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
            if node is None or node.tag == "html":
                break
            if node in whole.spans:
                scores[node] = scores.get(node, 0) + weight * size
            node = node.getparent()
    return max(scores, key=lambda node: scores[node], default=None)
