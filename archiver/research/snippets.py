"""The passages of an article that have what was looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archiver.research.found import Field, Piece, Snippet
from archiver.research.query_language import wanted_words
from archiver.research.words import all_bare, bare, places, words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.research.query_language import Query, Words

_WIDTH = 180
"""Characters of a passage, more or less."""
_BEFORE = 60
"""Of them before the first match."""
_LOOKED_AT = 200
"""So many matches of a field, the first, are weighed against each other."""
_OF_BODY = 2
_OF_CAPTIONS = 1


class _Match(NamedTuple):
    start: int
    end: int
    run: int
    """Which of the query's runs."""


def snippets(line: dict[str, Any], query: Query) -> tuple[Snippet, ...]:
    """The title, the best passages of the body and the best caption, as far as they match; NFC, as the line is."""
    runs = [*dict.fromkeys(wanted_words(query))]
    found = [*_passages("title", line["title"], runs, 1, width=2 * len(line["title"]) + _BEFORE)]
    found += _passages("body", line["body"], runs, _OF_BODY, width=_WIDTH)
    captions = [
        passage
        for image in line["images"]
        for passage in _passages("captions", image["caption"], runs, 1, width=_WIDTH)
    ]
    captions.sort(key=_matches, reverse=True)
    return (*found, *captions[:_OF_CAPTIONS])


def _matches(snippet: Snippet) -> int:
    return sum(piece.is_match for piece in snippet.pieces)


def _passages(field: Field, text: str, runs: Sequence[Words], most: int, *, width: int) -> Iterator[Snippet]:
    """Up to `most` passages of a text, in its order: those that have most of the runs, then most matches."""
    asked = [(number, run) for number, run in enumerate(runs) if run.field in (None, field)]
    matches = _found(text, asked)
    found = matches[:_LOOKED_AT]
    chosen: list[tuple[int, int]] = []
    while found and len(chosen) < most:
        windows = [
            (match.start, [other for other in found if match.start <= other.start < match.start + width - _BEFORE])
            for match in found
        ]
        start, inside = max(
            windows, key=lambda window: (len({match.run for match in window[1]}), len(window[1]), -window[0])
        )
        before = max(0, min(start - _BEFORE, len(text) - width))
        begin, end = _at_words(text, before, max(before + width, inside[-1].end))
        chosen.append((begin, end))
        found = [match for match in found if match.end <= begin or match.start >= end]
    for begin, end in sorted(chosen):
        yield Snippet(field, tuple(_pieces(text, begin, end, matches)))


def _found(text: str, runs: Sequence[tuple[int, Words]]) -> list[_Match]:
    """Every match, in the order of the text."""
    spelled = words(text)
    stripped = [*all_bare(spelled)]
    found = [(at, number, len(run.words)) for number, run in runs for at in _starts(run, spelled, stripped)]
    if not found:
        return []
    spans = [*places(text)]
    return sorted(_Match(spans[at][0], spans[at + length - 1][1], number) for at, number, length in found)


def _starts(run: Words, spelled: Sequence[str], stripped: Sequence[str]) -> Iterator[int]:
    """Which words of a text a run begins at. A word typed with accents is compared with those of the text, else without."""
    pairs = [(wanted, stripped if bare(wanted) == wanted else spelled) for wanted in run.words]
    *firsts, (last, of_last) = pairs
    lasts = [at for at, word in enumerate(of_last) if (word.startswith(last) if run.is_prefix else word == last)]
    for end in lasts:
        start = end - len(firsts)
        if start >= 0 and all(column[start + place] == wanted for place, (wanted, column) in enumerate(firsts)):
            yield start


def _at_words(text: str, begin: int, end: int) -> tuple[int, int]:
    """The passage, widened or narrowed to whole words."""
    begin = 0 if begin <= 0 else text.find(" ", begin) + 1
    if end >= len(text):
        return begin, len(text)
    space = text.find(" ", end)
    return begin, space if 0 <= space <= end + _BEFORE else end


def _pieces(text: str, begin: int, end: int, matches: Sequence[_Match]) -> Iterator[Piece]:
    at = begin
    if begin > 0:
        yield Piece("… ")
    for match in matches:
        if match.start >= at and match.end <= end:
            if match.start > at:
                yield Piece(_on_a_line(text[at : match.start]))
            yield Piece(_on_a_line(text[match.start : match.end]), is_match=True)
            at = match.end
    if at < end:
        yield Piece(_on_a_line(text[at:end]))
    if end < len(text):
        yield Piece(" …")


def _on_a_line(text: str) -> str:
    return text.replace("\n\n", " ").replace("\n", " ")
