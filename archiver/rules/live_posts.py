"""The heads of the posts of a live report: the lines that print a post's time, and the headings beside them."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from archiver.rules.flow import flow
from archiver.rules.simple import articles, is_of_kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archiver.page import Page
    from archiver.rules.line import Line

_FEWEST = 3
"""Posts that make a report where nothing states that the page is one."""
_FEWEST_STATED = 2
_REACH = 3
"""Lines below a post's time, among which its text begins."""
_LONGEST = 160
_LONGEST_TIME = 45
"""Characters of a line that is a time with a label."""
_CLOCK = r"(?:[01]?[0-9]|2[0-3])(?:[:h][0-5][0-9](?![0-9:])|\.[0-5][0-9](?=\s?(?:Uhr|Uhr:|am|pm|a\.m|p\.m|h\b|kl)))"
_BEGINS = re.compile(rf"(?:kl\.?\s)?{_CLOCK}", re.IGNORECASE)
_DATED = re.compile(r"(?:19|20)[0-9]{2}(?![0-9])|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2}")
"""A report is of a day; what prints the year with each entry is a forum, or the comments of readers."""
_ENDS = re.compile(rf"(?<![0-9]){_CLOCK}(?:\s?(?:Uhr|h|[ap]\.?m\.?|[A-Z]{{2,4}}))?\Z", re.IGNORECASE)


def with_post_heads(page: Page, chosen: Sequence[int]) -> list[int]:
    """`chosen`, places of a story's text, with those of the heads of its posts, in the page's order.

    A post is told by its time: a short line that begins or ends with a clock's time, with text of the story right below
    it. There must be three of one make, two where JSON-LD calls the page a LiveBlogPosting; a heading between the time
    and the text, or right above the time, is the post's.
    """
    if not chosen:
        return []
    lines, taken = flow(page).lines, frozenset(chosen)
    within = range(max(0, min(chosen) - _REACH), max(chosen))
    times = [at for at in within if _prints_time(lines[at]) and _text_below(at, taken)]
    makes = Counter(_make(lines[at]) for at in times)
    fewest = _FEWEST_STATED if is_live_blog(page) else _FEWEST
    heads: set[int] = set()
    for at in times:
        if makes[_make(lines[at])] >= fewest:
            heads |= {at, *_headings(lines, at, taken)}
    return sorted(taken | heads)


def is_live_blog(page: Page) -> bool:
    """Whether JSON-LD calls the page a live blog: its text is a row of posts, in the order of the page."""
    return any(is_of_kind(thing, "LiveBlogPosting") for thing in page.once(articles))


def _prints_time(line: Line) -> bool:
    if line.kind != "text" or line.caption or line.level == 1 or len(line.text) > _LONGEST:
        return False
    return _BEGINS.match(line.text) is not None or (
        len(line.text) <= _LONGEST_TIME and _ENDS.search(line.text) is not None and _DATED.search(line.text) is None
    )


def _text_below(at: int, taken: frozenset[int]) -> bool:
    return any(below in taken for below in range(at + 1, at + 1 + _REACH))


def _headings(lines: Sequence[Line], at: int, taken: frozenset[int]) -> Iterable[int]:
    """The headings between a post's time and its text, and the one right above the time."""
    for below in range(at + 1, at + 1 + _REACH):
        if below in taken:
            break
        if _is_heading(lines[below]):
            yield below
    if at and not lines[at].level and _is_heading(lines[at - 1]):
        yield at - 1


def _is_heading(line: Line) -> bool:
    return line.kind == "text" and line.level not in (None, 1) and len(line.text) <= _LONGEST


def _make(line: Line) -> tuple[str, str]:
    return line.block.tag, line.block.get("class") or ""
