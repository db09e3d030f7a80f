"""The text of an article on any page: its story's lines as blocks, images and captions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.article import Block
from archiver.rules.compose import compose
from archiver.rules.content import Content
from archiver.rules.flow import flow
from archiver.rules.rule import traced
from archiver.rules.simple import jsonld_values
from archiver.rules.stated_text import stated_text
from archiver.rules.story_element import story_element
from archiver.rules.story_lines import story_lines

if TYPE_CHECKING:
    from archiver.page import Page


@traced
def general_body(page: Page) -> tuple[Content, str] | None:
    """The lines of the story; else the text that JSON-LD or microdata gives; else every text that is no link."""
    return page.once(_read)


def _read(page: Page) -> tuple[Content, str] | None:
    element = page.once(story_element)
    if element is not None:
        story = story_lines(page, element)
        content = compose(story.lines, page.url, aside=story.aside)
        if any(block.plain for block in content.blocks):
            return content, "page"
    return _stated(page) or _everything(page)


def _stated(page: Page) -> tuple[Content, str] | None:
    """The text in the head, for pages whose visible text is made by a script."""
    stated = stated_text(page)
    if not stated:
        return None
    source = "json-ld" if any(jsonld_values(page, "articleBody")) else "microdata"
    return Content(blocks=(Block(type="paragraph", text=stated),)), source


def _everything(page: Page) -> tuple[Content, str] | None:
    """Every text that is no link, where there is no other."""
    content = compose([line for line in flow(page).lines if line.kind == "text" and not line.linked], page.url)
    return (content, "page") if content.blocks else None
