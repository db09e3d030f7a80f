"""What shows of a line whether it belongs to the story, in numbers: its marks, and the weights of its names and words."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from archiver.rules.line_marks import Marks

_HEADS = 9
"""Lines above among which the one is looked for that heads a line."""

VOCABULARY = (
    "least_name greatest_name sum_of_names least_word greatest_word mean_of_words "
    "least_name_above least_word_above mean_of_words_above least_name_below least_word_below mean_of_words_below "
    "least_name_of_head least_word_of_head mean_of_words_of_head"
).split()
"""The names of what `signs` puts behind `Marks.numbers`, in order."""


def signs(seen: Sequence[Marks], names: Mapping[str, int], words: Mapping[str, int]) -> list[list[float]]:
    """For each of `seen` the numbers that line_marks.NUMBERS and VOCABULARY name, by the weights of known names and words.

    Weights are whole numbers: sets have no order, and a sum of fractions would differ from one process to another.
    """
    weights = [_weights(mark, names, words) for mark in seen]
    none = [0.0] * 6
    head = none
    heads: list[list[float]] = []
    since = 0
    for mark, weight in zip(seen, weights, strict=True):
        heads.append(head if since < _HEADS else none)
        since += 1
        if mark.heads:
            head, since = weight, 1
    behind = [*weights[1:], none]
    before = [none, *weights]
    return [
        [*mark.numbers, *own, up[0], up[3], up[5], down[0], down[3], down[5], over[0], over[3], over[5]]
        for mark, own, up, down, over in zip(seen, weights, before, behind, heads, strict=False)
    ]


def _weights(mark: Marks, names: Mapping[str, int], words: Mapping[str, int]) -> list[float]:
    named = [names[name] for name in mark.names if name in names]
    said = [words[word] for word in mark.words if word in words]
    return [
        min(named, default=0),
        max(named, default=0),
        sum(named),
        min(said, default=0),
        max(said, default=0),
        sum(said) / (len(said) or 1),
    ]
