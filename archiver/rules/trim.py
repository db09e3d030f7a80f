"""Lines inside the story's element that are no part of the story: titles, bylines, times, links to other stories."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver import text
from archiver.rules import head
from archiver.rules.article_head import BY
from archiver.rules.furniture import running

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.page import Page
    from archiver.rules.line import Line

_LONGEST_BYLINE = 120
_HEAD = 12
"""Lines at the beginning of the text's element among which its title and time may stand."""


def trimmed(page: Page, lines: Sequence[Line]) -> list[Line]:
    """`lines` without those that are no part of the story."""
    claims = head.claimed_titles(page, ())
    start = max((at for at, line in enumerate(lines[:_HEAD]) if line.level == 1 or _is_time(line)), default=-1) + 1
    kept = [line for line in lines[:start] if line.kind == "picture"] + [
        line
        for line in lines[start:]
        if line.kind != "text" or not (line.linked or any(text.same_text(line.text, claim) for claim in claims))
    ]
    while kept and kept[0].kind == "text" and BY.match(kept[0].text) and len(kept[0].text) <= _LONGEST_BYLINE:
        del kept[0]
    return kept


def _is_time(line: Line) -> bool:
    return line.time is not None and len(line.text) < 120
