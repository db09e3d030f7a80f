"""Lines that stand on one article after another: what they are is the site's, not the article's."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.rules import article_body
from archiver.rules.rule import reads

if TYPE_CHECKING:
    from collections.abc import Iterable

    from archiver.article import Block
    from archiver.page import Page
    from archiver.rules.content import Content

OFTEN = 3
"""Articles on which a line must stand."""
_SHORTEST = 25
"""Characters: shorter lines come again in stories too (`Yes.`, a place, a speaker)."""
_MOST = 0.5
"""Share of a body from which it is not boilerplate that repeats, but the story (a correction, a copy at another address)."""


def repeated_lines(bodies: Iterable[str], *, often: int = OFTEN) -> frozenset[str]:
    """The lines that stand in at least so many of these bodies of different articles."""
    counts = Counter(line for body in bodies for line in {*body.split("\n")} if len(line) >= _SHORTEST)
    return frozenset(line for line, count in counts.items() if count >= often)


def _general_body_but_repeated_lines(page: Page) -> Content | None:
    """The same without the lines that other articles of the site have too; None: there are none, or they are most of it."""
    content = article_body.general_body(page) if page.repeated else None
    if content is None:
        return None
    blocks = tuple(kept for block in content.blocks if (kept := _cut(block, page.repeated)) is not None)
    size, left = _size(content.blocks), _size(blocks)
    if left == size or left < size * (1 - _MOST):
        return None
    while blocks and blocks[-1].type == "heading":
        blocks = blocks[:-1]
    return replace(content, blocks=blocks)


general_body_but_repeated_lines = reads("page", _general_body_but_repeated_lines)


def _cut(block: Block, repeated: frozenset[str]) -> Block | None:
    """`block` without those lines; None where nothing is left of it. Headings stay: stories of one kind share them."""
    if block.type in ("paragraph", "quote") and block.text:
        kept = "\n".join(line for line in block.text.split("\n") if line not in repeated)
        return replace(block, text=kept) if kept else None
    if block.items:
        items = tuple(item for item in block.items if item not in repeated)
        return replace(block, items=items) if items else None
    return block


def _size(blocks: Iterable[Block]) -> int:
    return sum(len(block.plain) for block in blocks)
