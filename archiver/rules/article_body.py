"""The text of an article on any page: the element that holds it, and what in it is no part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.article import Block
from archiver.rules.compose import compose
from archiver.rules.content import Content
from archiver.rules.flow import flow
from archiver.rules.furniture import furniture
from archiver.rules.simple import jsonld_values
from archiver.rules.story_element import story_element
from archiver.rules.trim import trimmed

if TYPE_CHECKING:
    from archiver.page import Page


def body(page: Page) -> Content | None:
    """The lines of the element that holds the story, without what is no part of it; else what JSON-LD gives as text."""
    whole = flow(page)
    element = story_element(page)
    if element is not None:
        first, behind = whole.span(element)
        left_out = furniture(page)
        lines = [whole.lines[at] for at in range(first, behind) if not left_out[at]]
        content = compose(trimmed(page, lines), page.url)
        if content.blocks:
            return content
    return _stated(page) or _everything(page)


def _stated(page: Page) -> Content | None:
    """The text in JSON-LD, for pages whose visible text is made by a script."""
    stated = max(jsonld_values(page, "articleBody"), key=len, default="")
    return Content(blocks=(Block(type="paragraph", text=stated),)) if stated else None


def _everything(page: Page) -> Content | None:
    """Every text that is no link, where there is no other."""
    content = compose([line for line in flow(page).lines if line.kind == "text" and not line.linked], page.url)
    return content if content.blocks else None
