"""The text of an article on any page: its story's lines as blocks, images and captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.article import Block
from archiver.rules.compose import compose
from archiver.rules.content import Content
from archiver.rules.flow import flow
from archiver.rules.stated_text import stated_text
from archiver.rules.story_element import story_element
from archiver.rules.story_lines import story_lines

if TYPE_CHECKING:
    from archiver.page import Page


def body(page: Page) -> Content | None:
    """The lines of the story; else the text that JSON-LD gives; else every text that is no link."""
    element = page.once(story_element)
    if element is not None:
        story = story_lines(page, element)
        content = compose(story.lines, page.url, aside=story.aside)
        if any(block.plain for block in content.blocks):
            return content
    return _stated(page) or _everything(page)


def _stated(page: Page) -> Content | None:
    """The text in JSON-LD, for pages whose visible text is made by a script."""
    stated = stated_text(page)
    return Content(blocks=(Block(type="paragraph", text=stated),)) if stated else None


def _everything(page: Page) -> Content | None:
    """Every text that is no link, where there is no other."""
    content = compose([line for line in flow(page).lines if line.kind == "text" and not line.linked], page.url)
    return content if content.blocks else None
