"""Captions: which lines beside pictures belong to which picture.

Decided by the markup first (figcaption, a framing table, a class), then by what stands next to what; never by the text
alone, since captions repeat, and may equal a part of the lead.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import TYPE_CHECKING

from archiver import text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.rules.line import Line

_LONGEST = 300
"""Characters: no caption of the measured pages is longer, unless its markup says that it is one."""

_LONGEST_IN_FRAME = 2_000
"""Characters: the text around one picture in a figure is no caption from here on."""


@dataclass(frozen=True, slots=True)
class Captioned:
    """The captions of some lines: for each picture its lines, and every line that is a caption."""

    of_picture: dict[Line, tuple[Line, ...]]
    lines: frozenset[Line]


def captions(lines: Sequence[Line]) -> Captioned:
    """The captions among `lines`, which are those of an article's body, in order."""
    found: dict[Line, tuple[Line, ...]] = {}
    for frame, framed in groupby(lines, key=lambda line: line.figure):
        if frame is not None:
            found.update(_in_frame(list(framed)))
    taken = {line for group in found.values() for line in group}
    found.update(_named_by_class([line for line in lines if line not in taken], found))
    taken = {line for group in found.values() for line in group}
    # The first line of the text is the lead, never a caption.
    free = [line for at, line in enumerate(lines) if line not in taken and (at > 0 or line.kind != "text")]
    apart = _set_apart([line for line in free if line.kind == "text"])
    found.update({picture: (caption,) for picture, caption in _by_place(free, found, apart)})
    found.update({picture: (caption,) for picture, caption in _set_apart_above(free, found, apart)})
    return Captioned(found, frozenset(line for group in found.values() for line in group))


def _in_frame(framed: list[Line]) -> dict[Line, tuple[Line, ...]]:
    """In a figure or a framing table every text is a caption: of its picture, or dealt out among several."""
    pictures = [line for line in framed if line.kind == "picture"]
    words = [line for line in framed if line.kind == "text"]
    if sum(len(line.text) for line in words) > _LONGEST_IN_FRAME:
        # A figure that was never closed: it swallows the text behind it.
        words = [line for line in words if line.caption]
        framed = [line for line in framed if line.kind != "text" or line.caption]
    if len(pictures) == 1 and words:
        return {pictures[0]: tuple(words)}
    return {picture: (caption,) for picture, caption in _dealt(framed, after=framed[0].kind == "picture")}


def _named_by_class(lines: list[Line], known: dict[Line, tuple[Line, ...]]) -> dict[Line, tuple[Line, ...]]:
    """Lines that the markup calls captions go to the picture before them, else to the one after."""
    found: dict[Line, tuple[Line, ...]] = {}
    for place, line in enumerate(lines):
        if not line.caption or line.kind != "text":
            continue
        near = [*reversed(lines[max(0, place - 3) : place]), *lines[place + 1 : place + 3]]
        owner = next(
            (other for other in near if other.kind == "picture" and other not in known and other not in found), None
        )
        if owner is not None:
            found[owner] = (line,)
        elif found:
            last = next(reversed(found))
            found[last] = (*found[last], line)
    return found


def _by_place(lines: list[Line], known: dict[Line, tuple[Line, ...]], apart: set[Line]) -> list[tuple[Line, Line]]:
    """Pairs of picture and caption in runs of uncaptioned pictures and lines that could be captions."""
    headings = set() if _captions_are_bold(lines) else {line for line in lines if line.bold and line not in apart}

    def beside_picture(line: Line) -> bool:
        return _is_bare(line, known) or (line not in headings and _could_be_caption(line, apart=line in apart))

    runs = [list(run) for beside, run in groupby(lines, key=beside_picture) if beside]
    runs = [run for run in runs if any(line.kind == "picture" for line in run)]
    after = sum(one.kind == "picture" != two.kind for run in runs for one, two in pairwise(run))
    before = sum(two.kind == "picture" != one.kind for run in runs for one, two in pairwise(run))
    return [pair for run in runs for pair in _dealt(run, after=after >= before)]


def _set_apart_above(
    lines: list[Line], known: dict[Line, tuple[Line, ...]], apart: set[Line]
) -> list[tuple[Line, Line]]:
    """Pictures still without a caption, with the line above them that is set apart and no other picture's."""
    taken = {line for group in known.values() for line in group}
    return [
        (picture, line)
        for line, picture in pairwise(lines)
        if _is_bare(picture, known) and line in apart and line not in taken and _could_be_caption(line, apart=False)
    ]


def _set_apart(words: list[Line]) -> set[Line]:
    """The lines in italics or centred, unless most lines are: what most have in common sets none of them apart."""
    italic = {line for line in words if line.italic}
    centred = {line for line in words if line.centred}
    return set().union(*(group for group in (italic, centred) if len(group) * 2 <= len(words)))


def _captions_are_bold(lines: list[Line]) -> bool:
    """Whether short bold lines follow two or more pictures, and hardly any other line: else they are headings."""
    bold = [line for line in lines if line.kind == "text" and line.bold and len(line.text) <= _LONGEST]
    behind = [line for before, line in pairwise(lines) if before.kind == "picture" and line in bold]
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


def _could_be_caption(line: Line, *, apart: bool) -> bool:
    """Whether a text line may be a caption if a picture stands beside it: short, and no sentence unless set apart."""
    if line.kind != "text" or line.level or line.quote is not None or line.item is not None:
        return False
    return len(line.text) <= _LONGEST and (apart or not text.ends_sentence(line.text))
