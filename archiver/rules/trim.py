"""Lines inside the story's element that are no part of the story: titles, bylines, times, links to other stories."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver import text
from archiver.rules import head
from archiver.rules.article_head import BY
from archiver.rules.furniture import running
from archiver.rules.phrases import ENDS, LABEL, LAST, POINTER, REQUEST, REQUEST_HINTS
from archiver.rules.stated_text import within_stated

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Line

_SENTENCE = 60
"""Characters from which a line without links is running text."""
_LONG = 110
"""The same, where it ends in no stop."""
_SHORT = 25
"""Characters below which a line that ends no sentence is a label, below the last sentence."""
_LONGEST_BYLINE = 120
_LONGEST_LABEL = 80
_LONGEST_REQUEST = 400
_CAPTION = 25
_SHORTEST_CAPTION = 10
"""Bytes."""
_OPENING = 15
_HEAD = 30
"""Lines at the beginning of the text's element among which its title may stand."""
_EARLY = 0.2
"""Share of the running text that may stand above the title."""
_LATE = 0.6
"""Share of the running text that must stand above a mark that ends the story."""
_LAST = 0.85
"""The same, for a mark that also stands inside stories."""
_REST = 0.15
"""Share of the running text that may stand below it."""
_REPEATED = 80
"""Characters from which a line that comes again is not printed twice on purpose."""


def trimmed(page: Page, lines: Sequence[Line]) -> list[Line]:
    """`lines` without those that are no part of the story."""
    claims = head.claimed_titles(page, ())
    longest = max(map(len, claims), default=0) + 4
    start = _below_title(lines, claims)
    above = [line for line in lines[:start] if line.kind == "picture" or _captions(line)]
    story = _without_lists_of_links(_before_end(lines[start:]))
    pictured = {line.figure for line in story if line.kind == "picture"}
    seen: set[tuple[str, Element | None]] = set()
    kept: list[Line] = []
    for line in story:
        if line.kind == "text":
            is_title = len(line.text) <= longest and any(text.same_text(line.text, claim) for claim in claims)
            if (
                (is_title and line.figure is None)
                or _is_foreign(line)
                or _is_label_of_picture(line, kept)
                or _is_loose_caption(line, pictured)
                or _is_only_time(line)
            ):
                continue
            if line.figure is not None or len(line.text) >= _REPEATED:
                if (line.text, line.figure) in seen:
                    continue
                seen.add((line.text, line.figure))
        kept.append(line)
    return above + _without_tail(within_stated(page, _without_opening(_with_owned_captions(kept))))


def _with_owned_captions(lines: list[Line]) -> list[Line]:
    """`lines` without the captions that stand beside no picture."""
    return [
        line
        for at, line in enumerate(lines)
        if line.kind != "text"
        or not line.caption
        or any(near.kind == "picture" for near in lines[max(0, at - 4) : at + 3])
    ]


def _below_title(lines: Sequence[Line], claims: Sequence[str]) -> int:
    """The place behind the title; 0 where none stands near the top."""
    total = sum(map(running, lines))
    above = 0
    found = 0
    for at, line in enumerate(lines[:_HEAD]):
        if line.kind == "text" and any(text.same_text(line.text, claim) for claim in claims):
            return at + 1
        if line.level == 1 and not found:
            found = at + 1
        above += running(line)
        if above > total * _EARLY:
            break
    return found


def _before_end(lines: Sequence[Line]) -> Sequence[Line]:
    """The lines above the first mark that ends a story, when most of the text stands above it."""
    total = sum(map(running, lines))
    above = 0
    for at, line in enumerate(lines):
        above += running(line)
        if above < total * _LATE or line.kind != "text" or len(line.text) > _LONGEST_LABEL:
            continue
        is_end = ENDS.fullmatch(line.text) or (above >= total * _LAST and LAST.fullmatch(line.text))
        if is_end and total - above <= total * _REST:
            return lines[:at]
    return lines


def _is_foreign(line: Line) -> bool:
    """Whether a line says by itself that it is no part of the story."""
    if line.linked and line.quote is None and not _captions(line):
        return True
    words = line.text
    if len(words) <= _LONGEST_LABEL and LABEL.fullmatch(words):
        return True
    if POINTER.match(words) and (line.anchors or len(words) <= _LONGEST_LABEL):
        return True
    return len(words) <= _LONGEST_REQUEST and _is_request(words)


def _is_request(words: str) -> bool:
    lowered = words.lower()
    return any(hint in lowered for hint in REQUEST_HINTS) and REQUEST.search(words) is not None


def _without_lists_of_links(lines: Sequence[Line]) -> list[Line]:
    """`lines` without the lists most of whose text is links."""
    size: dict[Element, int] = {}
    linked: dict[Element, int] = {}
    for line in lines:
        if line.item is not None and (holder := line.item.getparent()) is not None and line.kind == "text":
            size[holder] = size.get(holder, 0) + len(line.text)
            linked[holder] = linked.get(holder, 0) + sum(len(anchor.text) for anchor in line.anchors)
    links = {holder for holder, length in size.items() if linked[holder] * 10 > length * 7}
    return [line for line in lines if line.item is None or line.item.getparent() not in links]


def _is_loose_caption(line: Line, pictured: set[Element | None]) -> bool:
    """Whether a line stands in a figure without a picture: that of a film, a frame, or a picture that a script loads."""
    if line.figure is None or line.figure.tag != "figure" or line.quote is not None or line.item is not None:
        return False
    return line.figure not in pictured


def _captions(line: Line) -> bool:
    return line.kind == "text" and (line.caption or (line.figure is not None and line.figure.tag == "figure"))


def _is_label_of_picture(line: Line, above: list[Line]) -> bool:
    """Whether a line in or below a figure is too short to say anything: `Legende:`, the name of an agency."""
    is_beside = _captions(line) or (above != [] and above[-1].kind == "picture" and not line.level)
    return is_beside and len(line.text.encode()) < _SHORTEST_CAPTION


def _is_only_time(line: Line) -> bool:
    return line.time is not None and len(line.text) <= _LONGEST_LABEL and not (line.time[0] and line.time[2])


def _without_opening(lines: list[Line]) -> list[Line]:
    """`lines` without the short ones around the first sentence: names, places, times, buttons."""
    sentences = [at for at, line in enumerate(lines[:_OPENING]) if _is_sentence(line)][:2]
    if not sentences:
        return lines
    last = sentences[-1]
    opening = [
        line
        for at, line in enumerate(lines[:last])
        if at in sentences
        or line.kind != "text"
        or line.caption
        or line.figure is not None
        or (
            at
            and lines[at - 1].kind == "picture"
            and len(line.text) >= _CAPTION
            and not line.linked
            and not _is_time(line)
        )
        or (line.level and (at > sentences[0] or at + 1 in sentences))
        or (line.item is not None and at > sentences[0])
        or (text.ends_sentence(line.text) and not _is_time(line) and (at > sentences[0] or not line.anchors))
    ]
    return [line for line in opening if not _is_byline(line)] + lines[last:]


def _is_byline(line: Line) -> bool:
    return (
        line.kind == "text" and not line.level and len(line.text) <= _LONGEST_BYLINE and BY.match(line.text) is not None
    )


def _without_tail(lines: list[Line]) -> list[Line]:
    """`lines` without headings that nothing follows, and without the short lines below the last sentence."""
    last = len(lines)
    while last and _is_tail(lines[last - 1]):
        last -= 1
    return lines[:last] if any(map(running, lines[:last])) else lines


def _is_tail(line: Line) -> bool:
    if line.kind != "text" or line.caption or line.figure is not None:
        return False
    if line.level:
        return True
    is_apart = line.quote is None and line.item is None and not line.right
    return is_apart and len(line.text) < _SHORT and not text.ends_sentence(line.text)


def _is_sentence(line: Line) -> bool:
    if line.kind != "text":
        return line.kind == "table"
    size = running(line)
    is_long = size >= _LONG or (size >= _SENTENCE and text.ends_sentence(line.text))
    return is_long and line.figure is None and not line.caption and not _is_time(line)


def _is_time(line: Line) -> bool:
    return line.time is not None and len(line.text) <= _LONGEST_BYLINE
