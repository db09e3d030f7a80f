"""The holes between known numbers, and a margin around them, are tried: the highest first, within a budget, holes once."""

import itertools
import time
import tracemalloc
from dataclasses import replace
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.site import Sweep
from archiver.sites import site_named
from archiver.spiders.numbers import AHEAD, BEHIND, NO_SUCH_NUMBER, Numbers, noted
from archiver.store.event import Event
from archiver.store.ledger import Known, Ledger, Place

PAGE = "https://hcma.vn/Pages/chi-tiet-tin.aspx?ItemID={}"


def site(budget=100):
    return replace(site_named("hcma"), sources=(Sweep(ids="hcma:", page=PAGE, budget=budget),))


@pytest.fixture
def ledger(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    ledger.begin("{}", "2026-03-14T00:00:00Z")
    yield ledger
    ledger.close()


def know(ledger, *ids):
    for id_ in ids:
        ledger.put_article(id_, Known(1, "0" * 64, "2026-03-14T00:00:00Z", Place("articles/2026/2026-03.jsonl", 0)))


def note(number):
    return {"ids": "hcma:", "number": number}


def ended(outcome, reason=None):
    return Event(time=datetime(2026, 3, 14, tzinfo=UTC), url="https://hcma.vn/", outcome=outcome, reason=reason)


HOLE = ended("skipped", NO_SUCH_NUMBER)


def answer(ledger, numbers, due, there=()):
    """The site's answer to each number."""
    for url, asked in due:
        number = asked["number"]
        assert url == PAGE.format(number)
        ledger.put_discovered(f"hcma:{number}", url, "article", asked)
        if number in there:
            know(ledger, f"hcma:{number}")
        numbers.answered(asked, ended("new") if number in there else HOLE)


def tried(due):
    return [asked["number"] for _, asked in due]


def test_holes_between_known_numbers_are_tried_and_a_margin_above_and_below_them(ledger):
    know(ledger, "hcma:40", "hcma:43", "hcma:47", "hcma:en:90", "hcma:html:95", "other:99")
    above, below = [*range(47 + AHEAD, 47, -1)], [*range(39, 39 - BEHIND, -1)]

    assert tried(Numbers(site(), ledger).due()) == [*above, 46, 45, 44, 42, 41, *below]


def test_no_number_is_below_one(ledger):
    know(ledger, "hcma:3")

    assert tried(Numbers(site(), ledger).due())[AHEAD:] == [2, 1]


def test_a_run_tries_no_more_than_its_budget(ledger):
    know(ledger, "hcma:1", "hcma:999999999")
    numbers = Numbers(site(AHEAD + 3), ledger)
    answer(ledger, numbers, numbers.due())

    assert numbers.due() == []
    assert numbers.sums() == {"tried": AHEAD + 3, "found": 0, "left": 999_999_997 - 3}


def test_from_a_hit_above_the_highest_the_sweep_goes_on(ledger):
    know(ledger, "hcma:7")
    first, second, third = 5 + AHEAD, 5 + 2 * AHEAD, 6 + 2 * AHEAD
    numbers, there, rounds = Numbers(site(), ledger), {first, second, third}, []
    while due := numbers.due():
        rounds.append(tried(due))
        answer(ledger, numbers, due, there)

    assert rounds[0][:AHEAD] == [*range(7 + AHEAD, 7, -1)]
    ends = (7 + AHEAD, first + AHEAD, second + AHEAD, third + AHEAD)
    assert rounds[1:] == [[*range(end, begin, -1)] for begin, end in pairwise(ends)]
    assert numbers.sums()["found"] == 3


def test_what_was_tried_is_remembered_by_the_next_run_but_above_the_highest(ledger, tmp_path):
    know(ledger, "hcma:40", "hcma:43")
    numbers = Numbers(site(), ledger)
    answer(ledger, numbers, numbers.due())
    ledger.commit()
    later = Ledger(tmp_path / "ledger.sqlite")
    later.begin('{"another": "sweep"}', "2026-03-15T00:00:00Z")

    assert tried(Numbers(site(), later).due()) == [*range(43 + AHEAD, 43, -1)]
    later.close()


def test_misses_below_a_hit_are_remembered(ledger, tmp_path):
    know(ledger, "hcma:1")
    numbers = Numbers(site(), ledger)
    answer(ledger, numbers, numbers.due(), there={1 + AHEAD})
    answer(ledger, numbers, numbers.due())
    ledger.commit()
    later = Ledger(tmp_path / "ledger.sqlite")
    later.begin('{"another": "sweep"}', "2026-03-15T00:00:00Z")

    assert tried(Numbers(site(), later).due()) == [*range(1 + 2 * AHEAD, 1 + AHEAD, -1)]
    later.close()


def test_what_this_sweep_has_asked_for_is_left_out(ledger):
    know(ledger, "hcma:1", "hcma:4")
    ledger.put_discovered("hcma:3", "https://hcma.vn/tin-3.htm", "article")

    assert tried(Numbers(site(), ledger).due()) == [*range(4 + AHEAD, 4, -1), 2]


def test_a_number_that_failed_is_left_to_the_retries_and_one_that_robots_txt_forbids_is_open(ledger):
    know(ledger, "hcma:1", "hcma:5")
    numbers = Numbers(site(), ledger)
    numbers.due()
    for number, event in ((4, ended("failed", "http_500")), (3, ended("skipped", "robots")), (2, HOLE)):
        numbers.answered(note(number), event)

    assert (numbers.sums(), tried(Numbers(site(), ledger).due())[AHEAD:]) == ({"tried": 2, "found": 0, "left": 1}, [3])


@pytest.mark.parametrize("ids", [(), ("hcma:en:7",), ("hcma:1234567890123",)], ids=["none", "others", "too long"])
def test_without_a_known_number_nothing_is_tried(ledger, ids):
    know(ledger, *ids)

    assert Numbers(site(), ledger).due() == []


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (PAGE.format(41), note(41)),
        (PAGE.format(40), {}),
        ("https://hcma.vn/tin-41.htm", {}),
        ("https://hcma.vn/Pages/chi-tiet-tin.aspx?ItemID=x", {}),
    ],
    ids=["a number's", "a known article's", "a slug", "no number"],
)
def test_what_a_run_before_has_captured_is_known_for_a_number_by_its_address(ledger, url, expected):
    know(ledger, "hcma:40")

    assert Numbers(site(), ledger).note_of(url) == expected


def test_a_hundred_thousand_known_numbers_cost_little(ledger):
    know(ledger, *(f"hcma:{3 * number}" for number in range(1, 100_001)))
    tracemalloc.start()
    begun = time.process_time()
    due = Numbers(site(200), ledger).due()
    seconds, (_, peak) = time.process_time() - begun, tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert len(due) == 200
    assert (seconds < 2, peak < 20_000_000) == (True, True), (seconds, peak)


@given(st.lists(st.integers(0, 60)), st.sets(st.integers(0, 60)))
def test_ranges_hold_what_was_tried_and_what_is_known_beside_it_in_as_few_as_there_can_be(drawn, known):
    ranges: list[tuple[int, int]] = []
    for number in drawn:
        noted(ranges, number, known.__contains__)
    held = {number for first, last in ranges for number in range(first, last + 1)}

    assert {*drawn} <= held <= {*drawn} | known
    assert all(one[1] + 1 < other[0] for one, other in itertools.pairwise(ranges))
    assert all({*range(first, last + 1)} & {*drawn} for first, last in ranges)
