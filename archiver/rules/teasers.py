"""What a listing says of each of its articles beside the title: time and summary."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver import dates, text
from archiver.rules.link_words import MORE

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.rules.candidates import Candidate
    from archiver.rules.line import Flow, Line

_SUMMARY = 40
"""Characters of the shortest summary."""
_REACH = 6
"""Lines behind a title in which its time and summary may stand, where no box holds them together."""
_LONGEST_TIME = 90
"""Characters: a date in a longer line is of what the line tells."""
_MORE_BEHIND = re.compile(rf"(?:\s*\[?(?:…|\.\.\.)\]?)?\s+(?:{MORE.pattern})$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Box:
    """The largest element around a title that links to no other article: its lines, and the element around it."""

    first: int
    behind: int
    holder: Element | None
    next: int
    """The first line behind it that links to another one."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a listing says of one article."""

    published_raw: str
    summary: str


def cards(whole: Flow, chosen: list[Candidate]) -> dict[str, Card]:
    """For each address the lines around its title that are about no other address.

    Titles, times and summaries may stand one after another, without a box around those of one article; a time in front
    of the first title of such a list stands in front of all of them.
    """
    boxes = sorted(zip(boxes_of(whole, chosen), chosen, strict=True), key=lambda pair: pair[0].first)
    nexts = [*(box.first for box, _ in boxes), len(whole.lines)][1:]
    leads: dict[Element | None, bool] = {}
    found: dict[str, Card] = {}
    for (box, each), following in zip(boxes, nexts, strict=True):
        begins, ends = whole.spans.get(box.holder, (0, 0)) if box.holder is not None else (0, 0)
        lines = whole.lines[box.first : box.behind]
        above = whole.lines[box.first - 1 : box.first] if box.first > begins else ()
        dated = not any(_time_in(line, each.title) for line in lines) and any(
            _time_in(line, "") and line.block.getparent() is box.holder for line in above
        )
        is_led = leads.setdefault(box.holder, dated)
        until = min(following - (is_led and following < ends), box.next, ends, box.behind + _REACH)
        below = () if any(map(_is_summary, lines)) else _up_to_heading(whole.lines[box.behind : until])
        found[each.url] = _card((*(above if is_led and dated else ()), *lines, *below), each.title)
    return found


def boxes_of(whole: Flow, chosen: list[Candidate]) -> list[Box]:
    """The box of each, in their order."""
    places = sorted(at for each in chosen for at in each.places)
    return [_box(whole, each, places) for each in chosen]


def _box(whole: Flow, each: Candidate, places: list[int]) -> Box:
    """`places` are the lines that link to any candidate, sorted."""
    first, behind = each.at, each.at + 1
    node: Element | None = whole.lines[each.at].block
    while node is not None and node.tag not in ("body", "html", "main"):
        start, end = whole.spans.get(node, (first, behind))
        if among(places, start, end) > among(each.places, start, end):
            break
        first, behind = min(start, first), max(end, behind)
        node = node.getparent()
    others = (at for at in places[bisect_left(places, behind) :] if at not in each.places)
    return Box(first, behind, node, next(others, len(whole.lines)))


def among(places: list[int], start: int, end: int) -> int:
    """How many of sorted places stand from `start` to before `end`."""
    return bisect_left(places, end) - bisect_left(places, start)


def _up_to_heading(lines: tuple[Line, ...]) -> tuple[Line, ...]:
    end = next((at for at, line in enumerate(lines) if line.level and not line.linked), len(lines))
    return lines[:end]


def _card(lines: tuple[Line, ...], title: str) -> Card:
    raw = next((time for line in lines if (time := _time_in(line, title))), "")
    summary = next((line.text for line in lines if _is_summary(line) and not text.same_text(line.text, title)), "")
    return Card(raw, _MORE_BEHIND.sub("", summary) if summary != title else "")


def _is_summary(line: Line) -> bool:
    is_text = line.kind == "text" and not line.level and len(line.text) >= _SUMMARY
    return is_text and (len(line.text) > _LONGEST_TIME or not _time_in(line, ""))


def _time_in(line: Line, title: str) -> str:
    """The time of a card as printed; where words tell it only from now (`2 hours ago`), as the markup states it."""
    if line.kind != "text":
        return ""
    if line.time is not None:
        return line.time[1]
    words = line.text.replace(title, " ") if title else line.text
    if line.level or len(words) > _LONGEST_TIME:
        return ""
    found = dates.find_moment(words)
    if found is not None:
        return words[found[1] : found[2]]
    stated = next((node.get("datetime") for node in line.block.iter("time") if node.get("datetime")), None)
    return stated or ""
