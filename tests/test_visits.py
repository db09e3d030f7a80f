"""A known article is looked at often while it is news, and seldom once it is old."""

from __future__ import annotations

from datetime import timedelta

import pytest

from archiver.store.visits import pause_of

DAY, HOUR, MINUTE = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1)
IDS = [f"hcma:{number}" for number in range(400)]


@pytest.mark.parametrize(
    ("age", "pause"),
    [
        (0 * MINUTE, 15 * MINUTE),
        (179 * MINUTE, 15 * MINUTE),
        (3 * HOUR, HOUR),
        (23 * HOUR, HOUR),
        (DAY, 3 * HOUR),
        (7 * DAY - MINUTE, 3 * HOUR),
        (7 * DAY, 3 * DAY),
        (30 * DAY - MINUTE, 3 * DAY),
    ],
)
def test_an_article_of_that_age_is_looked_at_again_after(age, pause):
    assert {pause_of(id_, age) for id_ in IDS} == {pause}


@pytest.mark.parametrize(("age", "pause"), [(30 * DAY, 30 * DAY), (364 * DAY, 30 * DAY), (365 * DAY, 180 * DAY)])
def test_long_pauses_are_drawn_apart_each_id_always_by_the_same(age, pause):
    drawn = [pause_of(id_, age) for id_ in IDS]

    assert min(drawn) >= 0.75 * pause
    assert max(drawn) <= 1.25 * pause
    assert max(drawn) - min(drawn) > 0.45 * pause
    assert drawn == [pause_of(id_, age) for id_ in IDS]
