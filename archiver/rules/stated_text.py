"""The article's text as JSON-LD gives it: a guide to where the printed text begins and ends, and the text where none is printed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.rules.furniture import running
from archiver.rules.simple import jsonld_values

if TYPE_CHECKING:
    from archiver.page import Page
    from archiver.rules.line import Line

_LETTERS = re.compile(r"\W+")
_MARKUP = re.compile(r"<[^<>]{1,200}>")
_BEGINNING = 60
"""Letters of a line that are looked for."""
_SHORTEST = 500
"""Letters: a shorter stated text is a summary."""
_COVERS = 0.8
"""Share of the printed running text that must be stated too."""


def stated_text(page: Page) -> str:
    """The longest `articleBody` of the page's JSON-LD articles, without markup; empty where there is none."""
    stated = max(jsonld_values(page, "articleBody"), key=len, default="")
    return _MARKUP.sub(" ", stated) if "<" in stated else stated


def within_stated(page: Page, lines: list[Line]) -> list[Line]:
    """`lines` without the texts below the last that JSON-LD states too, where it states most of them."""
    stated = _LETTERS.sub("", stated_text(page))
    if len(stated) < _SHORTEST:
        return lines
    known = [line.kind == "text" and _is_in(line, stated) for line in lines]
    total = sum(map(running, lines))
    if sum(running(line) for line, is_known in zip(lines, known, strict=True) if is_known) < total * _COVERS:
        return lines
    last = max(at for at, is_known in enumerate(known) if is_known)
    return lines[: last + 1] + [
        line for line in lines[last + 1 :] if line.kind != "text" or line.caption or line.figure is not None
    ]


def _is_in(line: Line, stated: str) -> bool:
    beginning = _LETTERS.sub("", line.text[: 2 * _BEGINNING])[:_BEGINNING]
    return len(beginning) > 10 and beginning in stated
