"""The text of an article on any page: the element that holds it, and what in it is no part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver import text
from archiver.rules import head
from archiver.rules.article_head import BY
from archiver.rules.compose import compose
from archiver.rules.date_line import date_line
from archiver.rules.flow import flow
from archiver.rules.simple import selector

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.content import Content

_PARAGRAPH = 60
"""Characters from which an unlinked line counts as running text."""
_LONGEST_BYLINE = 120
_HEAD = 12
"""Lines at the beginning of the text's element among which its title and time may stand."""
_MOST = 0.8
_FURNITURE = selector(
    "aside, footer, nav, [class*=related], [class*=newsletter], [class*=comment], [id*=comment], [class*=cookie], "
    "[class*=consent], [class*=teaser], [class*=recommend], [class*=share], [class*=social], [class*=sidebar], "
    "[class*=promo], [class*=advert]"
)


def body(page: Page) -> Content | None:
    """The lines of the element that holds most running text, boxes of other things left out."""
    whole = flow(page)
    left_out = {at for element in _FURNITURE(page.root) for at in range(*whole.spans.get(element, (0, 0)))}
    best = _densest(page, left_out)
    if best is None:
        return None
    first, behind = whole.span(_with_pictures(page, best))
    lines = [whole.lines[at] for at in range(first, behind) if at not in left_out]
    claims = head.claimed_titles(page, ())
    found = date_line(page)
    dated = whole.lines[found[0]] if found else None
    start = max((at for at, line in enumerate(lines[:_HEAD]) if line.level == 1 or line is dated), default=-1) + 1
    kept = [
        line
        for line in lines[start:]
        if line.kind != "text" or not (line.linked or any(text.same_text(line.text, claim) for claim in claims))
    ]
    while kept and kept[0].kind == "text" and BY.match(kept[0].text) and len(kept[0].text) <= _LONGEST_BYLINE:
        del kept[0]
    content = compose(kept, page.url)
    return content if content.blocks else None


def _with_pictures(page: Page, best: Element) -> Element:
    """The article's element around `best` where it adds pictures and little text: a picture may stand above the text."""
    whole = flow(page)
    outer = next(best.iterancestors("article"), None)
    if outer is None or outer not in whole.spans:
        return best
    inside, around = (sum(len(line.text) for line in whole.lines[slice(*whole.span(each))]) for each in (best, outer))
    return outer if inside >= around * _MOST else best


def _densest(page: Page, left_out: set[int]) -> Element | None:
    """The element with the most running text directly in it or its children, by a score that fades with distance."""
    scores: dict[Element, float] = {}
    for at, line in enumerate(flow(page).lines):
        if at in left_out or line.kind != "text" or line.linked or len(line.text) < _PARAGRAPH:
            continue
        node: Any = line.block
        for weight in (0.5, 1.0, 0.5, 0.25):
            if node is None or node.tag in ("body", "html"):
                break
            scores[node] = scores.get(node, 0) + weight * len(line.text)
            node = node.getparent()
    return max(scores, key=lambda node: scores[node], default=None)
