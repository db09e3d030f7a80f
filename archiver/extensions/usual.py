"""What the last completed runs of a site had in the median, and how far below it a run is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from math import log
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archiver.store.run_report import RunReport

RUNS = 7
"""The median is that of at most so many runs,"""
FEWEST_RUNS = 3
"""and of at least so many: one odd run among them does not move it."""
LOOKED_AT = 100
"""Reports that are read to find them."""

_SUREST = 0.95
"""A usual share above is held to be this: that all of a few articles had something does not make it a law."""
_SURPRISE = log(10_000)


@dataclass(frozen=True, slots=True)
class Usual:
    """The medians of the last completed runs."""

    runs: int
    articles: float
    """Seen, known ones included."""
    pages: float
    """Share of article pages that gave an article."""
    coverage: Mapping[str, float]
    own_rules: Mapping[str, float]
    """Of runs with the same rules; empty where there were too few."""


def usual(newest_first: Iterable[RunReport], rules_digest: str) -> Usual | None:
    """The medians of the newest runs that were well, over the whole site and in one go; None: too few to tell."""
    runs = list(islice(_comparable(islice(newest_first, LOOKED_AT)), RUNS))
    if len(runs) < FEWEST_RUNS:
        return None
    same_rules = [run for run in runs if run.rules_digest == rules_digest]
    return Usual(
        runs=len(runs),
        articles=median(run.seen for run in runs),
        pages=median(run.seen / max(1, run.seen + run.refused) for run in runs),
        coverage=_medians([run.coverage for run in runs]),
        own_rules=_medians([run.own_rules for run in same_rules]) if len(same_rules) >= FEWEST_RUNS else {},
    )


def _comparable(newest_first: Iterable[RunReport]) -> Iterator[RunReport]:
    for run in newest_first:
        if run.is_complete and not run.options and not run.went_on and run.seen:
            yield run
        if run.new_baseline:
            return


def _medians(shares: list[Mapping[str, float]]) -> dict[str, float]:
    names = sorted({name for each in shares for name in each})
    return {name: median(each.get(name, 0.0) for each in shares) for name in names}


def has_fallen(found: int, of: int, usual_share: float, part: float) -> bool:
    """Whether `found` of `of` is less than that part of the usual share, and chance gives it once in 10,000 runs at most.

    After Chernoff: so few or fewer come with a probability of at most exp(-of * D), D being the relative entropy of the
    share found to the usual one (Hoeffding 1963, theorem 1).
    """
    if not of or found / of >= part * usual_share:
        return False
    share, expected = found / of, min(usual_share, _SUREST)
    entropy = sum(seen * log(seen / due) for seen, due in ((share, expected), (1 - share, 1 - expected)) if seen)
    return of * entropy > _SURPRISE
