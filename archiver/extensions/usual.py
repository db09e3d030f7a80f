"""What the last completed runs of a site had in the median, and how far below it a run is."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain, islice
from math import log
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from archiver.store.run_report import RunReport

RUNS = 7
"""The median is that of at most so many runs,"""
FEWEST_RUNS = 3
"""and of at least so many: one odd run among them does not move it."""
LOOKED_AT = 100
"""Reports that are read to find them."""
FEW_ARTICLES = 20
"""Of fewer, the coverage is left unjudged: a day's five notices have no pictures, and nothing is wrong."""

_LIMITS = frozenset(("since", "until", "max_pages"))
_SUREST = 0.95
"""A usual share above is held to be this: that all of a few articles had something does not make it a law."""
_SURPRISE = log(10_000)


@dataclass(frozen=True, slots=True)
class Usual:
    """The medians of the last completed runs."""

    runs: int
    articles: float
    """In feeds and on the first pages of listings, known ones included."""
    pages: float
    """Share of article pages that gave an article."""
    coverage: Mapping[str, float]
    """Of runs that read enough articles; empty where there were too few."""
    own_rules: Mapping[str, float]
    """Of runs with the same rules; empty where there were too few."""


def usual(newest_first: Iterable[RunReport], rules_digest: str) -> Usual | None:
    """The medians of the newest runs that were well, over the whole site and in one go; None: too few to tell."""
    runs = list(_comparable(islice(newest_first, LOOKED_AT)))
    if len(runs) < FEWEST_RUNS:
        return None
    # A run over a site with nothing new reads few pages or none: it tells nothing of them.
    have_pages = [run for run in runs if _pages(run)][:RUNS]
    have_many = [run.coverage for run in runs if run.read >= FEW_ARTICLES]
    same_rules = [run.own_rules for run in runs if run.own_rules and run.rules_digest == rules_digest]
    return Usual(
        runs=len(runs[:RUNS]),
        articles=median(run.listed for run in runs[:RUNS]),
        pages=median(_pages(run) / (_pages(run) + run.refused) for run in have_pages) if have_pages else 0.0,
        coverage=_medians(have_many[:RUNS]),
        own_rules=_medians(same_rules[:RUNS]),
    )


def _pages(run: RunReport) -> int:
    """Pages that gave an article, or the answer that it is as it was."""
    return sum(run.articles.values())


def _comparable(newest_first: Iterable[RunReport]) -> Iterator[RunReport]:
    for run in newest_first:
        if run.is_complete and not run.went_on and run.seen and not _LIMITS.intersection(run.options):
            yield run
        if run.new_baseline:
            return


def _medians(shares: Sequence[Mapping[str, float]]) -> dict[str, float]:
    if len(shares) < FEWEST_RUNS:
        return {}
    said = {name: [each[name] for each in shares if name in each] for name in sorted({*chain(*shares)})}
    return {name: median(values) for name, values in said.items() if len(values) >= FEWEST_RUNS}


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
