"""The head of an article on a page: its time, as a reader finds it, with the title above it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING

from archiver import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.rules.line import Line

_TITLE_REACH = 8
"""Lines between a title and its time, at most: a category, share buttons."""
_LONGEST_LABEL = 40
"""Characters before a time that are a label (`Ngày đăng:`), not a title."""
_LONGEST_MARK = 80
"""Characters: no longer line is looked at as an end mark or a toolbar."""
_SUMMARY = 600
"""Characters below a linked title, up to which it may be a list's item with its summary."""


def words(*phrases: str) -> re.Pattern[str]:
    """A pattern that matches any sequence of `phrases` (regular expressions; a space stands for any white space).

    A phrase of one letter must stand alone.
    """
    each = "|".join(rf"{phrase}(?!\w)" if len(phrase) == 1 else phrase.replace(" ", r"\s*") for phrase in phrases)
    return re.compile(rf"(?:[\s|·•,/:;-]*(?:{each}))+[\s|·•,/:;-]*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Header:
    """A time with the title above it, which may be the article's. Places are indexes into the page's lines."""

    time_at: int
    raw: str
    behind: str
    """What sticks to the time on its line, toolbars gone: the beginning of the text."""
    title_at: int
    title: str
    claim: int
    """2: the head element repeats the title; 1: only the head element has it; 0: it says nothing of it."""
    linked: bool
    size: int
    """Characters of text that follow it."""


@dataclass(frozen=True, slots=True)
class HeaderSearch:
    """Looks for the article's header among the lines of one page."""

    lines: Sequence[Line]
    is_end: Sequence[bool]
    """For each line, whether it is an end mark."""
    claims: Sequence[str]
    """The titles that the head element claims."""
    toolbar: re.Pattern[str]
    site_names: Sequence[str]

    def best(self) -> Header | None:
        """The header that is most likely the article's; None where no time has a title."""
        found = [header for at, line in enumerate(self.lines) if line.time and (header := self._header(at, line.time))]
        texts = (each.time_at for each in found if not each.linked or each.size > _SUMMARY)
        first = min(texts, default=len(self.lines))
        return max(found, key=lambda each: self._rank(each, first), default=None)

    def _rank(self, header: Header, first: int) -> tuple[float, bool, int]:
        """How likely it is the article's. Behind an end mark that parts it from the first, it is a comment's or a list's.

        A linked title is an item of a list, be it the article's own; still better than one that nothing claims.
        """
        is_behind = any(self.is_end[first : header.time_at])
        trust = 0.5 if header.linked else 0 if is_behind and header.claim == 1 else header.claim
        return trust, not is_behind, header.size

    def _header(self, at: int, time: tuple[str, str, str]) -> Header | None:
        before, raw, behind = time
        tools = self.toolbar.match(behind)
        behind = behind[tools.end() :] if tools else behind
        if behind and behind == " ".join(anchor.text for anchor in self.lines[at].anchors):
            behind = ""  # links beside the time are a toolbar, whatever they say
        title_at, title, claim = self._title_above(at, before)
        above = self.lines[title_at]
        # The title of the page may lead to itself; other linked titles are items of lists.
        linked = (above.linked and above.level != 1) or (title_at == at and bool(before) and bool(above.anchors))
        if not title or (linked and not claim):
            return None
        size = len(behind)
        for place in range(at + 1, len(self.lines)):
            line = self.lines[place]
            if self.is_end[place] or line.time is not None:
                break
            size += 0 if line.linked else len(line.text)
        return Header(at, raw, behind, title_at, title, claim, linked, size)

    def _title_above(self, at: int, before: str) -> tuple[int, str, int]:
        """Place and text of the title of the time at `at`, and how far the head claims it (Header.claim)."""
        if len(before) > _LONGEST_LABEL or any(anchor.text in before for anchor in self.lines[at].anchors):
            return at, before, 2 * any(text.same_text(before, claim) for claim in self.claims)
        reach = range(at - 1, max(-1, at - 1 - _TITLE_REACH), -1)
        texts = (place for place in reach if self.lines[place].kind == "text")
        above = list(takewhile(lambda place: self.lines[place].time is None and not self.is_end[place], texts))
        nearest = next((place for place in above if not self._is_toolbar(self.lines[place])), None)
        below = (place for place in range(at + 1, min(at + 4, len(self.lines))) if self.lines[place].level)
        for place in (*above, *below):
            line = self.lines[place]
            # The head may give every page the name of its section.
            is_section = nearest is not None and place < nearest and self._names_section(line)
            if not is_section and any(_repeats(line.text, claim) for claim in self.claims):
                return place, line.text, 2
        if nearest is None:
            can_be_claimed = bool(self.claims) and not any(self.is_end[:at])
            return at, self.claims[0] if can_be_claimed else "", 1
        seen = self.lines[nearest]
        if self.claims and len(self.claims[0]) > len(seen.text) and self._names_section(seen):
            return nearest, self.claims[0], 1
        return nearest, "" if any(text.same_text(seen.text, name) for name in self.site_names) else seen.text, 0

    def _is_toolbar(self, line: Line) -> bool:
        return len(line.text) <= _LONGEST_MARK and self.toolbar.fullmatch(line.text) is not None

    def _names_section(self, line: Line) -> bool:
        """Whether a line only names the section, as the h1 on htpldn.moj.gov.vn: it is short, or in the menu too."""
        if len(line.text.split()) < 5:
            return True
        name = text.fold(line.text)
        return not line.linked and any(
            other.linked and len(other.text) == len(line.text) and text.fold(other.text) == name for other in self.lines
        )


def ends(lines: Sequence[Line], end: re.Pattern[str]) -> tuple[bool, ...]:
    """For each line, whether all of it is an end mark."""
    return tuple(
        line.kind == "text" and len(line.text) <= _LONGEST_MARK and end.fullmatch(line.text) is not None
        for line in lines
    )


def _repeats(line: str, claim: str) -> bool:
    """Whether a line is the title that the head claims, which may be cut short there."""
    if text.same_text(line, claim):
        return True
    stem = claim.rstrip(" .…")
    return 20 <= len(stem) < len(line) and text.fold(line).startswith(text.fold(stem))
