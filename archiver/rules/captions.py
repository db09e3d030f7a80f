"""Captions: which lines beside pictures belong to which picture.

Decided by the markup first (figcaption, a framing table, a class), then by what stands next to what; never by the text
alone, since captions repeat, and may equal a part of the lead.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from archiver import text
from archiver.rules.picture_credits import names_only_maker

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from archiver.rules.line import Line

_LONGEST = 300
"""Characters: no caption of the measured pages is longer, unless its markup says that it is one."""

_LONGEST_IN_FRAME = 2_000
"""Characters: the text around one picture in a figure is no caption from here on."""

_TELLING_ALT = 25
"""Characters from which a text that stands for a picture is no mere name, such as the article's subject."""

_LONGEST_LABEL = 120

_FILM = re.compile(r"\d{1,2}:\d{2}(?::\d{2})?(?!\d)(?!\s*(?:Uhr|h|am|pm)\b)", re.IGNORECASE)
"""The beginning of a label on a film's still: its length, which the title follows."""

_PLAYER = re.compile("video|player|film|duration", re.IGNORECASE)
"""Names of the blocks that hold such a label; elsewhere the entry of a live report begins like that."""

_LEFTOVER = re.compile(
    # `Published 14:14 | Updated 15:59`; `or`, between two buttons
    r"[^\d.!?]{0,40}\d{1,2}[.:]\d{2}\b[^\d.!?]{1,40}\d{1,2}[.:]\d{2}\W*|or|oder|ou|eller|lub|hoặc"
)
"""All of a line that stands beside a picture and says nothing of it."""


@dataclass(frozen=True, slots=True)
class Captioned:
    """The captions of some lines: for each picture its lines, and every line that is one or labels a picture otherwise."""

    of_picture: dict[Line, tuple[Line, ...]]
    lines: frozenset[Line]


def captions(lines: Sequence[Line], unmarked: Collection[Line] | None = None) -> Captioned:
    """The captions among `lines`, which are those of an article's body, in order.

    Where `unmarked` is given, only its lines, and those in italics or centred, may be captions for nothing but their place.
    """
    found: dict[Line, tuple[Line, ...]] = {}
    labels: list[Line] = []
    frames = [list(framed) for _, framed in groupby(lines, key=lambda line: line.figure)]
    for at, group in enumerate(frames):
        if group[0].figure is not None:
            others = _labels_in_figure(group, behind=[line for other in frames[at + 1 : at + 2] for line in other[:1]])
            labels += others
            found.update(_in_frame([line for line in group if line not in others]))
    named, unused = _named_by_class(_without(lines, found, labels), found)
    found.update(named)
    labels += unused
    found.update(_told_by_alt(_without(lines, found, labels), found))
    labels += _labels_beside(_without(lines, found, labels))
    # The first line of the text is the lead, never a caption.
    free = [line for line in _without(lines, found, labels) if line is not lines[0] or line.kind != "text"]
    apart = _set_apart([line for line in free if line.kind == "text"])
    if unmarked is not None:
        free = [line for line in free if line.kind != "text" or line in unmarked or line in apart]
    found.update({picture: (caption,) for picture, caption in _by_place(free, found, apart)})
    found.update({picture: (caption,) for picture, caption in _set_apart_above(free, found, apart)})
    taken = frozenset(line for group in found.values() for line in group)
    return Captioned({picture: _once(group) for picture, group in found.items()}, taken.union(labels))


def _without(lines: Sequence[Line], found: dict[Line, tuple[Line, ...]], labels: list[Line]) -> list[Line]:
    taken = {line for group in found.values() for line in group}.union(labels)
    return [line for line in lines if line not in taken]


def _in_frame(framed: list[Line]) -> dict[Line, tuple[Line, ...]]:
    """In a figure or a framing table every text is a caption: of its picture, or dealt out among several."""
    pictures = [line for line in framed if line.kind == "picture"]
    words = [line for line in framed if line.kind == "text"]
    if sum(len(line.text) for line in words) > _LONGEST_IN_FRAME:
        # A figure that was never closed: it swallows the text behind it.
        words = [line for line in words if line.caption]
        framed = [line for line in framed if line.kind != "text" or line.caption]
    if not framed:
        return {}
    if len(pictures) == 1 and words:
        return {pictures[0]: tuple(words)}
    return {picture: (caption,) for picture, caption in _dealt(framed, after=framed[0].kind == "picture")}


def _labels_in_figure(framed: list[Line], *, behind: Sequence[Line]) -> list[Line]:
    """The texts of a figure that are no caption: links, labels of films, and what stands beside a caption named as one.

    The caption may stand `behind` the figure.
    """
    words = [line for line in framed if line.kind == "text"]
    if (
        len(words) == len(framed)
        or not _is_figure(framed[0])
        or sum(len(line.text) for line in words) > _LONGEST_IN_FRAME
    ):
        return []
    named = any(line.caption and not names_only_maker(line) for line in (*words, *behind))
    return [
        line
        for line in words
        if not line.caption and (line.linked or _FILM.match(line.text) or (named and not names_only_maker(line)))
    ]


def _labels_beside(lines: list[Line]) -> list[Line]:
    """The lines beside a picture that are left of a player, a button or a line of times."""
    return [
        line
        for at, line in enumerate(lines)
        if line.kind == "text"
        and len(line.text) <= _LONGEST_LABEL
        and any(near.kind == "picture" for near in (*lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]))
        and (
            _LEFTOVER.fullmatch(line.text) or (_FILM.match(line.text) and _PLAYER.search(line.block.get("class") or ""))
        )
    ]


def _once(group: tuple[Line, ...]) -> tuple[Line, ...]:
    """The lines without those that say the same again, as for narrow and wide screens."""
    return tuple(line for at, line in enumerate(group) if all(line.text != before.text for before in group[:at]))


def _named_by_class(
    lines: list[Line], known: dict[Line, tuple[Line, ...]]
) -> tuple[dict[Line, tuple[Line, ...]], list[Line]]:
    """Lines that the markup calls captions go to the picture before them, else to the one after; and those left over."""
    found: dict[Line, tuple[Line, ...]] = {}
    unused: list[Line] = []
    last: Line | None = None
    for place, line in enumerate(lines):
        if not line.caption or line.kind != "text":
            continue
        goes_on = last is not None and lines[place - 1] in (last, *found[last])
        near = [*reversed(lines[max(0, place - 3) : place]), *lines[place + 1 : place + 3]]
        owner = next(
            (other for other in near if other.kind == "picture" and other not in known and other not in found), None
        )
        if last is not None and goes_on and (owner is None or names_only_maker(line)):
            found[last] = (*found[last], line)
        elif owner is not None and not line.level:
            found[owner] = (line,)
            last = owner
        elif found or line.level:
            unused.append(line)
    return found, unused


def _told_by_alt(lines: list[Line], known: dict[Line, tuple[Line, ...]]) -> dict[Line, tuple[Line, ...]]:
    """Lines behind a picture that begin with the text that stands for it where it cannot be shown."""
    return {
        picture: (line,)
        for picture, line in pairwise(lines)
        if _is_bare(picture, known)
        and picture.image is not None
        and len(picture.image.alt) >= _TELLING_ALT
        and line.kind == "text"
        and line.text.startswith(picture.image.alt)
    }


def _by_place(lines: list[Line], known: dict[Line, tuple[Line, ...]], apart: set[Line]) -> list[tuple[Line, Line]]:
    """Pairs of picture and caption in runs of uncaptioned pictures and lines that could be captions."""
    headings = set() if _captions_are_bold(lines) else {line for line in lines if line.bold and line not in apart}

    def beside_picture(line: Line) -> bool:
        return _is_bare(line, known) or (line not in headings and _could_be_caption(line, apart=line in apart))

    runs = [list(run) for beside, run in groupby(lines, key=beside_picture) if beside]
    runs = [run for run in runs if any(line.kind == "picture" for line in run)]
    after = sum(one.kind == "picture" != two.kind for run in runs for one, two in pairwise(run))
    before = sum(two.kind == "picture" != one.kind for run in runs for one, two in pairwise(run))
    pairs = [pair for run in runs for pair in _dealt(run, after=after >= before)]
    # A figure holds its caption, if it has one; only a line that is set apart stands below it.
    return [(picture, line) for picture, line in pairs if line in apart or not _is_figure(picture)]


def _set_apart_above(
    lines: list[Line], known: dict[Line, tuple[Line, ...]], apart: set[Line]
) -> list[tuple[Line, Line]]:
    """Pictures still without a caption, with the line above them that is set apart and no other picture's."""
    taken = {line for group in known.values() for line in group}
    return [
        (picture, line)
        for line, picture in pairwise(lines)
        if _is_bare(picture, known)
        and not _is_figure(picture)
        and line in apart
        and line not in taken
        and _could_be_caption(line, apart=False)
    ]


def _set_apart(words: list[Line]) -> set[Line]:
    """The lines in italics or centred, unless most lines are: what most have in common sets none of them apart."""
    italic = {line for line in words if line.italic}
    centred = {line for line in words if line.centred}
    return set().union(*(group for group in (italic, centred) if len(group) * 2 <= len(words)))


def _captions_are_bold(lines: list[Line]) -> bool:
    """Whether short bold lines follow two or more pictures, and hardly any other line: else they are headings."""
    bold = [line for line in lines if line.kind == "text" and line.bold and len(line.text) <= _LONGEST]
    known = set(bold)
    behind = [line for before, line in pairwise(lines) if before.kind == "picture" and line in known]
    return len(behind) > 1 and len(behind) * 2 > len(bold)


def _dealt(run: list[Line], *, after: bool) -> list[tuple[Line, Line]]:
    """Pairs of picture and caption where captions stand after (or before) their pictures, alone or in groups."""
    if not after:
        return _dealt(run[::-1], after=True)[::-1]
    pairs: list[tuple[Line, Line]] = []
    pictures: list[Line] = []
    for is_picture, group in groupby(run, key=lambda line: line.kind == "picture"):
        if is_picture:
            pictures = list(group)
            continue
        words = list(group)
        # One caption under several pictures is the last one's.
        owners = pictures if len(words) >= len(pictures) else pictures[-len(words) :]
        pairs += zip(owners, words, strict=False)
        pictures = []
    return pairs


def _is_bare(line: Line, known: dict[Line, tuple[Line, ...]]) -> bool:
    return line.kind == "picture" and line not in known


def _is_figure(line: Line) -> bool:
    return line.figure is not None and line.figure.tag == "figure"


def _could_be_caption(line: Line, *, apart: bool) -> bool:
    """Whether a text line may be a caption if a picture stands beside it: short, and no sentence unless set apart."""
    if line.kind != "text" or line.level or line.quote is not None or line.item is not None:
        return False
    if len(line.text) > _LONGEST or _FILM.match(line.text):
        return False
    return apart or not text.ends_sentence(line.text)
