"""The passages of an article that have what was looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from archiver.research.found import Field, Piece, Snippet
from archiver.research.query_language import wanted_words
from archiver.research.words import bare, places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from archiver.research.query_language import Query, Words

_WIDTH = 180
"""Characters of a passage, more or less."""
_BEFORE = 60
"""Of them before the first match."""
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
    found = [*_found(text, [(number, run) for number, run in enumerate(runs) if run.field in (None, field)])]
    chosen: list[tuple[int, int]] = []
    while found and len(chosen) < most:
        windows = [
            (match.start, [other for other in found if match.start <= other.start < match.start + width - _BEFORE])
            for match in found
        ]
        start, inside = max(
            windows, key=lambda window: (len({match.run for match in window[1]}), len(window[1]), -window[0])
        )
        begin, end = _at_words(
            text, 0 if width > len(text) else start - _BEFORE, max(start - _BEFORE + width, inside[-1].end)
        )
        chosen.append((begin, end))
        found = [match for match in found if match.end <= begin or match.start >= end]
    every = [*_found(text, list(enumerate(runs)))] if chosen else []
    for begin, end in sorted(chosen):
        yield Snippet(field, tuple(_pieces(text, begin, end, every)))


def _found(text: str, runs: Sequence[tuple[int, Words]]) -> Iterator[_Match]:
    """Every match, in the order of the text."""
    spans = [*places(text)]
    tests = [(number, [*_tests(run)]) for number, run in runs]
    for at in range(len(spans)):
        for number, tested in tests:
            if at + len(tested) <= len(spans) and all(
                test(word) for test, (_, _, word) in zip(tested, spans[at:], strict=False)
            ):
                yield _Match(spans[at][0], spans[at + len(tested) - 1][1], number)


def _tests(run: Words) -> Iterator[Callable[[str], bool]]:
    """For each word of a run, whether a word of a text is it."""
    for place, wanted in enumerate(run.words):
        is_prefix = run.is_prefix and place == len(run.words) - 1
        yield _test(wanted, is_bare=bare(wanted) == wanted, is_prefix=is_prefix)


def _test(wanted: str, *, is_bare: bool, is_prefix: bool) -> Callable[[str], bool]:
    if is_prefix:
        return (lambda word: bare(word).startswith(wanted)) if is_bare else (lambda word: word.startswith(wanted))
    return (lambda word: bare(word) == wanted) if is_bare else (lambda word: word == wanted)


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
