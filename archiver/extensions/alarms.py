"""Alarms of a run: what fell far below what its site's last completed runs had in the median."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.extensions.tally import COVERED
from archiver.extensions.usual import FEW_ARTICLES, has_fallen
from archiver.store.run_report import Alarm

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.extensions.tally import Tally
    from archiver.extensions.usual import Usual
    from archiver.site import Expect


def alarms(tally: Tally, listed: int, usual: Usual, expect: Expect, address: str) -> tuple[Alarm, ...]:
    """The alarms of a run over the whole site, gravest first. `listed`: see RunReport."""
    found = (
        *_layout(tally, usual, expect),
        *_pages(tally, usual, expect),
        *_articles(listed, usual, expect, address),
        *_coverage(tally, usual, expect),
    )
    return tuple(found)


def _layout(tally: Tally, usual: Usual, expect: Expect) -> Iterator[Alarm]:
    """The general rules stand in for the site's own."""
    fallen = [
        name
        for name, share in usual.own_rules.items()
        if has_fallen(tally.own[name], tally.found(name), share, expect.share_of_usual)
    ]
    if not fallen:
        return
    shares = tally.own_shares()
    fallen.sort(key=lambda name: shares[name] / usual.own_rules[name])
    first = fallen[0]
    page = tally.general_page.get(first)
    yield Alarm(
        kind="layout",
        fields=tuple(fallen),
        found=shares[first],
        usual=usual.own_rules[first],
        page=page,
        says=f"the layout may have changed: the site's own rules gave {first} on {shares[first]:.0%} of the pages"
        f" that have it, {usual.own_rules[first]:.0%} are usual{_others(fallen)}: look at {page}",
    )


def _pages(tally: Tally, usual: Usual, expect: Expect) -> Iterator[Alarm]:
    """Pages come, and nothing is found on them."""
    of = tally.seen + tally.refused
    if has_fallen(tally.seen, of, usual.pages, expect.share_of_usual):
        yield Alarm(
            kind="pages",
            found=round(tally.seen / of, 4),
            usual=round(usual.pages, 4),
            page=tally.refused_page,
            says=f"the layout may have changed: {tally.seen} of {of} pages gave an article,"
            f" {usual.pages:.0%} are usual: look at {tally.refused_page}",
        )


def _articles(listed: int, usual: Usual, expect: Expect, address: str) -> Iterator[Alarm]:
    """Listings lead to less."""
    if listed < expect.articles_of_usual * usual.articles:
        yield Alarm(
            kind="articles",
            found=listed,
            usual=usual.articles,
            page=address,
            says=f"the listings' first pages name {listed} articles, {usual.articles:g} in the median of the last {usual.runs} completed runs:"
            f" look at the listings of {address}",
        )


def _coverage(tally: Tally, usual: Usual, expect: Expect) -> Iterator[Alarm]:
    """Articles lack what they had."""
    if tally.read < FEW_ARTICLES:
        return
    fallen = [
        name
        for name, share in usual.coverage.items()
        if name in COVERED and has_fallen(tally.covered[name], tally.read, share, expect.share_of_usual)
    ]
    if not fallen:
        return
    shares = tally.coverage()
    fallen.sort(key=lambda name: (round(shares[name] / usual.coverage[name], 1), COVERED.index(name)))
    first = fallen[0]
    page = tally.lacking.get(first)
    yield Alarm(
        kind="coverage",
        fields=tuple(fallen),
        found=shares[first],
        usual=usual.coverage[first],
        page=page,
        says=f"{shares[first]:.0%} of the articles have {first}, {usual.coverage[first]:.0%} are usual{_others(fallen)}:"
        f" look at {page}",
    )


def _others(fallen: list[str]) -> str:
    return f" (so {', '.join(fallen[1:])})" if fallen[1:] else ""
