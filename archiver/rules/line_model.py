"""Which lines belong to a story, by decision trees that were grown on pages whose text is known.

`line_model.json` is written by `benchmarks/train_lines.py` (gradient boosting over the signs of `line_signs`): the weights
of names and words, and the trees. It holds no site's own names: a name or a word is in it only when several sites have it.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from operator import getitem
from typing import TYPE_CHECKING, Any

from archiver.rules.line_signs import signs

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from archiver.rules.line_marks import Marks

_BYTE = 256
_ENDLESS = float("inf")


@dataclass(frozen=True, slots=True)
class _Leaf:
    """The end of a path through a tree."""

    score: float
    bounds: Mapping[int, tuple[float, float]]
    """For each sign on the path what its number must be greater than, and what it must not be greater than."""


@dataclass(frozen=True, slots=True)
class LineModel:
    """What was learned.

    A line reaches one leaf of each tree, and its score is the sum of theirs. All leaves of all trees are the bits of one
    number: each sign of a line rules out some, and those that no sign rules out are the ones it reaches (the idea of
    QuickScorer, Lucchese et al., SIGIR 2015; in Python five times as fast as walking the trees).
    """

    names: Mapping[str, int]
    """The weight of each name: a hundred times the logarithm of how much oftener lines with it belong to a story than not."""
    words: Mapping[str, int]
    threshold: float
    """The score from which a line belongs to the story."""
    masks: tuple[tuple[int, tuple[float, ...], tuple[int, ...]], ...]
    """For each sign in use its thresholds in order, and below, between and above them the leaves that it leaves."""
    sums: tuple[tuple[float, ...], ...]
    """For each byte of the leaves' number, for each of its values, the sum of the scores of the leaves in it."""

    @classmethod
    def of(cls, written: Mapping[str, Any]) -> LineModel:
        """The model as `line_model.json` has it."""
        leaves = [leaf for tree in written["trees"] for leaf in _leaves(tree, {})]
        thresholds: dict[int, set[float]] = {}
        for leaf in leaves:
            for sign, (over, most) in leaf.bounds.items():
                thresholds.setdefault(sign, set()).update({over, most} - {-_ENDLESS, _ENDLESS})
        return cls(
            names=written["names"],
            words=written["words"],
            threshold=written["threshold"],
            masks=tuple(_masks(leaves, sign, sorted(values)) for sign, values in sorted(thresholds.items())),
            sums=tuple(_sums([leaf.score for leaf in leaves[at : at + 8]]) for at in range(0, len(leaves), 8)),
        )

    def sureness(self, seen: Sequence[Marks]) -> dict[int, float]:
        """For each place in the flow how sure it is that its line belongs to the story: below 0 it does not."""
        rows = signs(seen, self.names, self.words)
        return {mark.place: self.score(row) - self.threshold for mark, row in zip(seen, rows, strict=True)}

    def score(self, row: Sequence[float]) -> float:
        """The logarithm of the odds that a line with these signs belongs to the story."""
        reached = (1 << 8 * len(self.sums)) - 1
        for sign, thresholds, masks in self.masks:
            reached &= masks[bisect_left(thresholds, row[sign])]
        return sum(map(getitem, self.sums, reached.to_bytes(len(self.sums), "little")))


@cache
def line_model() -> LineModel:
    """The model in the package."""
    return LineModel.of(json.loads(files("archiver.rules").joinpath("line_model.json").read_text("utf-8")))


def _leaves(node: Any, bounds: dict[int, tuple[float, float]]) -> Iterator[_Leaf]:
    """The leaves below a node: its score, or [sign, threshold, node where the sign is not greater, node where it is]."""
    if not isinstance(node, list):
        yield _Leaf(node, bounds)
        return
    sign, threshold, below, above = node
    over, most = bounds.get(sign, (-_ENDLESS, _ENDLESS))
    yield from _leaves(below, bounds | {sign: (over, min(most, threshold))})
    yield from _leaves(above, bounds | {sign: (max(over, threshold), most)})


def _masks(
    leaves: Sequence[_Leaf], sign: int, thresholds: list[float]
) -> tuple[int, tuple[float, ...], tuple[int, ...]]:
    anywhere = sum(1 << at for at, leaf in enumerate(leaves) if sign not in leaf.bounds)
    bounded = [(1 << at, *leaf.bounds[sign]) for at, leaf in enumerate(leaves) if sign in leaf.bounds]
    masks = (
        anywhere | sum(bit for bit, over, most in bounded if over <= low and high <= most)
        for low, high in zip((-_ENDLESS, *thresholds), (*thresholds, _ENDLESS), strict=True)
    )
    return sign, tuple(thresholds), tuple(masks)


def _sums(scores: Sequence[float]) -> tuple[float, ...]:
    """For each set of up to eight leaves, as the bits of a byte, the sum of their scores."""
    return tuple(sum(score for at, score in enumerate(scores) if byte >> at & 1) for byte in range(_BYTE))
