"""The news that a listing page lists, told from everything else that it links to."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from itertools import pairwise
from statistics import median
from typing import TYPE_CHECKING

from archiver.rules.address_signs import ARTICLE, signs
from archiver.rules.candidates import LONG_TITLE, SHORT, TITLE, candidates, size
from archiver.rules.flow import flow
from archiver.rules.links import Link
from archiver.rules.teasers import among, boxes_of, cards

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.page import Page
    from archiver.rules.candidates import Candidate

_NEWS = 3
"""Points from which a link leads to an article."""
_MAYBE = 1
"""Points, without what stands around it, from which a link may have a time and a summary of its own."""
_OFTEN = 3
_ALIKE = 4
"""Links of one make from which what most of them are says what each is."""
_MOST = 0.6
_FEW = 0.2
_LARGEST_BOX = 700
"""Characters from which a box around a link is more than a title and an excerpt."""
_LAST = "\U0010ffff"
"""Behind every other sign, in order."""


def news_links(page: Page, place: Callable[[str], str | None]) -> tuple[Link, ...]:
    """The articles that the page lists, each address once, in order, with title, and time and summary where they stand by.

    `place` gives the address by which a linked page is to be found, or None where it is not to be fetched. A link is
    judged by its address, the length of its words, whether it is a heading, whether a time and a summary stand by it,
    and by what most links of the same markup or the same shape of address are.
    """
    whole = flow(page)
    found = candidates(page, place)
    _count_alone(found)
    _count_alike(found)
    maybe = [each for each in found if _may_have_a_card(each)]
    teasers = cards(whole, maybe)
    for each in maybe:
        each.points += 2 * bool(teasers[each.url].published_raw) + bool(teasers[each.url].summary)
    chosen = [each for each in maybe if each.points >= _NEWS]
    teasers = cards(whole, chosen)
    return tuple(
        Link(each.url, each.title, teasers[each.url].published_raw, teasers[each.url].summary)
        for each in sorted(chosen, key=lambda each: each.places[0])
    )


def excerpts(page: Page, place: Callable[[str], str | None]) -> tuple[frozenset[str], ...]:
    """The texts of each small box about one of the articles that the page lists, where a time or a summary stands in it."""
    whole = flow(page)
    links = {link.url for link in news_links(page, place) if link.published_raw or link.summary}
    chosen = [each for each in candidates(page, place) if each.url in links]
    boxes = boxes_of(whole, chosen)
    texts = ([line.text for line in whole.lines[box.first : box.behind] if line.kind == "text"] for box in boxes)
    return tuple(frozenset(lines) for lines in texts if sum(map(len, lines)) <= _LARGEST_BOX)


def _count_alone(found: list[Candidate]) -> None:
    """Points for what each link itself shows."""
    stems = sorted(signs(each.url).stem + "/" for each in found)
    places = sorted(at for each in found if signs(each.url).points >= ARTICLE or each.heading for at in each.places)
    for each in found:
        said, length = signs(each.url), size(each.title)
        each.points = said.points + each.heading
        each.points += 2 if length >= LONG_TITLE else 1 if length >= TITLE else -1 if length < SHORT else 0
        if _returns(each, places):
            each.points -= 3  # an author, a keyword: it stands by one article after another
        own = said.stem + "/"
        below = bisect_left(stems, own + _LAST) - bisect_left(stems, own)
        if own != "/" and below >= _ALIKE and said.points < ARTICLE:
            each.points -= 2  # a section: other addresses stand below it


def _returns(each: Candidate, places: list[int]) -> bool:
    """Whether a link stands three times or more with articles between; `places` are the lines of articles."""
    if len(each.places) < _OFTEN or each.heading or signs(each.url).points >= ARTICLE:
        return False
    return sum(among(places, first, second) > 0 for first, second in pairwise(each.places)) >= _OFTEN - 1


def _may_have_a_card(each: Candidate) -> bool:
    """Whether a time and a summary beside a link can be its own: not beside a name, nor in the menu."""
    is_title = each.heading or size(each.title) >= SHORT or signs(each.url).points >= ARTICLE
    return each.listed and is_title and each.points >= _MAYBE


def _count_alike(found: list[Candidate]) -> None:
    """Points for what most links of the same make are."""
    groups: dict[object, list[Candidate]] = defaultdict(list)
    for each in found:
        for group in each.groups:
            groups[group].append(each)
    lifted: dict[str, int] = {}
    for members in groups.values():
        if len(members) < _ALIKE:
            continue
        share = sum(each.points >= _NEWS for each in members) / len(members)
        named = median(size(each.title) for each in members) < SHORT
        gain = 2 if share >= _MOST else -2 if share <= _FEW or named else 0
        for each in members:
            lifted[each.url] = _stronger(lifted.get(each.url, 0), gain)
    for each in found:
        each.points += lifted.get(each.url, 0)


def _stronger(one: int, other: int) -> int:
    """What two groups of a link say together: that it is news outweighs that it is none."""
    return max(one, other) if max(one, other) > 0 else min(one, other)
