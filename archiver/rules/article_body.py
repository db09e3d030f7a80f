"""The text of an article on any page: the element that holds it, and what in it is no part of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver import text
from archiver.article import Block
from archiver.rules import head
from archiver.rules.cards import cards
from archiver.rules.compose import compose
from archiver.rules.content import Content
from archiver.rules.flow import flow
from archiver.rules.furniture import furniture, running
from archiver.rules.stated_text import stated_text
from archiver.rules.story_element import story_element
from archiver.rules.trim import trimmed

if TYPE_CHECKING:
    from archiver.page import Page
    from archiver.rules.line import Line


_REACH = 40
"""Lines above the text's element among which the title is looked for."""
_LEAD = 40
"""Characters of the shortest lead."""
_LONG_LEAD = 80
"""Characters from which a lead need not end a sentence."""


def body(page: Page) -> Content | None:
    """The lines of the element that holds the story, without what is no part of it; else what JSON-LD gives as text."""
    whole = flow(page)
    element = story_element(page)
    if element is not None:
        first, behind = whole.span(element)
        left_out, foreign = furniture(page), cards(page, element)
        places = [at for at in range(first, behind) if not left_out[at] and at not in foreign]
        lines = [*_above(page, first), *(whole.lines[at] for at in places)]
        content = compose(trimmed(page, lines), page.url)
        if any(block.plain for block in content.blocks):
            return content
    return _stated(page) or _everything(page)


def _above(page: Page, first: int) -> list[Line]:
    """The lead and pictures between the title and the story's element, which begins at `first`."""
    whole, left_out = flow(page), furniture(page)
    claims = head.claimed_titles(page, ())
    top = max(0, first - _REACH)
    titles = [
        at
        for at in range(top, first)
        if whole.lines[at].level == 1 or any(text.same_text(whole.lines[at].text, claim) for claim in claims)
    ]
    if not titles:
        return []
    lines = [whole.lines[at] for at in range(titles[0] + 1, first) if not left_out[at]]
    # A lead set as a heading is still a paragraph.
    return [replace(line, level=None) if line.level else line for line in lines if _belongs(line)]


def _belongs(line: Line) -> bool:
    """Whether a line above the text is a picture, its caption, or the lead."""
    if line.kind == "picture":
        return not line.linked or line.figure is not None
    return line.kind == "text" and (
        line.caption
        or line.figure is not None
        or (_prose(line) >= _LEAD and text.ends_sentence(line.text) and line.time is None)
        or (line.level is not None and _prose(line) >= _LONG_LEAD)
    )


def _prose(line: Line) -> int:
    """Characters of running text, in a lead set as a heading too."""
    return len(line.text) if line.level and not line.anchors else running(line)


def _stated(page: Page) -> Content | None:
    """The text in JSON-LD, for pages whose visible text is made by a script."""
    stated = stated_text(page)
    return Content(blocks=(Block(type="paragraph", text=stated),)) if stated else None


def _everything(page: Page) -> Content | None:
    """Every text that is no link, where there is no other."""
    content = compose([line for line in flow(page).lines if line.kind == "text" and not line.linked], page.url)
    return content if content.blocks else None
