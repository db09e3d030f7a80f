"""The truth over time: which lines an archive must have after runs at some moments."""

from __future__ import annotations

from datetime import timedelta
from functools import cache

import pytest
from living import evenings

from archiver.demo.living.differences import classes
from archiver.demo.living.due import revisions_due, revisions_seen
from archiver.demo.living.habits import Habits, midnight
from archiver.demo.living.newsroom import LivingNewsroom

DAY = timedelta(days=1)


@cache
def a_life(kind):
    """A newsroom and the life of an article of it: flapping, or edited twice, or withdrawn and back unedited."""
    habits = {
        "flapping": Habits(flapping=1, outages=()),
        "edited": Habits(edited=1, withdrawn=0, flapping=0, outages=()),
        "back": Habits(edited=0, withdrawn=1, flapping=0, outages=()),
    }[kind]
    turns = {"flapping": 8, "edited": 3, "back": 3}[kind]
    newsroom = LivingNewsroom(habits=habits)
    lives = map(newsroom.life, range(-1, -200, -1))
    # An edit that shows in the page alone would make no line.
    return newsroom, next(
        life
        for life in lives
        if len(life.turns) == turns and "ink" not in [wording.edit for wording in life.wordings()]
    )


def looked(kind, *looks):
    """The causes of the lines that come of looks so many hours after a turn: `(2, 1)` is one hour after the third."""
    newsroom, life = a_life(kind)
    moments = [life.turns[turn].at + timedelta(hours=hours) for turn, hours in looks]
    return [each.cause for each in revisions_seen(newsroom, life.place, moments)]


@pytest.mark.parametrize(
    ("kind", "looks", "causes"),
    [
        ("edited", [(0, -1)], []),
        ("edited", [(0, 0)], ["first"]),
        ("edited", [(0, 0), (0, 0)], ["first"]),
        ("edited", [(0, 0), (1, 0), (2, 0)], ["first", "edit", "edit"]),
        ("edited", [(0, 0), (2, 0)], ["first", "edit"]),
        ("edited", [(2, 0), (2, 9)], ["first"]),
        ("back", [(0, 0), (1, 0), (1, 1), (2, 0), (2, 1)], ["first", "gone", "return"]),
        ("back", [(0, 0), (1, 0), (2, 0), (2, 1)], ["first"]),
        ("back", [(0, 0), (2, 0)], ["first"]),
        ("back", [(1, 0), (1, 1)], []),
        ("back", [(1, 0), (2, 0)], ["first"]),
        ("flapping", [(turn, 0) for turn in range(8)], ["first", "edit", "edit", "edit"]),
        ("flapping", [(0, 0), (2, 0), (4, 0), (6, 0)], ["first"]),
    ],
)  # fmt: skip
def test_looks_at_an_article_make_lines(kind, looks, causes):
    assert looked(kind, *looks) == causes


def test_an_edit_that_was_not_seen_by_itself_is_in_the_classes_of_the_next():
    newsroom, life = a_life("edited")
    told = life.wordings()
    _, line = revisions_seen(newsroom, life.place, [life.turns[0].at, life.turns[2].at])

    assert (line.revision, line.wording, line.status) == (2, 2, "live")
    assert line.classes == classes(told[0].story, told[2].story) != classes(told[1].story, told[2].story)


def test_looks_in_an_outage_see_nothing():
    newsroom, life = a_life("edited")
    day = (life.turns[0].at.date() - newsroom.start).days
    away = LivingNewsroom(habits=Habits(edited=1, withdrawn=0, flapping=0, outages=(day,)))

    assert revisions_seen(away, life.place, [life.turns[0].at]) == []


def test_a_year_of_daily_runs_has_a_line_for_all_that_stood_over_an_evening():
    newsroom = LivingNewsroom(habits=Habits(flapping=0, outages=()))
    runs = evenings(newsroom, 365)
    due = list(revisions_due(newsroom, runs))
    events = newsroom.events(runs[-1])
    firsts = {each.id: each.at for each in due if each.cause == "first"}
    ends = {}  # what an evening saw: the last event of the day of each article
    for event in events:
        evening = next_evening(newsroom, event.at)
        if event.id and evening <= runs[-1]:
            ends[event.id, evening] = event
    # The evening after, if nothing happened until then: a withdrawal is seen twice, unless the page says it is for good.
    withdrawn = {
        (id_, evening if event.absence == "410" else evening + DAY)
        for (id_, evening), event in ends.items()
        if event.kind == "withdrawn" and (event.absence == "410" or (id_, evening + DAY) not in ends)
    }

    assert len(firsts) == 60 + 365 * 5
    assert len({(each.id, each.revision) for each in due}) == len(due)
    assert all((each.id, each.at) in ends for each in due if each.cause in ("edit", "return"))
    assert {(each.id, each.at) for each in due if each.cause == "gone"} == {
        each for each in withdrawn if each[1] <= runs[-1]
    }
    assert len(withdrawn) > 50


def next_evening(newsroom, moment):
    evening = midnight(newsroom.start, (moment.date() - newsroom.start).days) + timedelta(hours=23)
    return evening if moment <= evening else evening + DAY


def test_a_plan_that_never_asks_again_gets_first_lines_alone():
    newsroom = LivingNewsroom()
    due = list(revisions_due(newsroom, evenings(newsroom, 60), lambda _sighting, _run: False))

    assert {each.cause for each in due} == {"first"}
    assert len(due) == 60 + 60 * 5


def test_a_plan_is_asked_with_what_an_archive_knows():
    newsroom = LivingNewsroom(habits=Habits(outages=(3,)))
    runs = evenings(newsroom, 6)
    asked = []

    def every_second_day(sighting, run):
        asked.append((sighting, run))
        return run - sighting.checked_at >= 2 * DAY

    due = list(revisions_due(newsroom, runs, every_second_day))
    firsts = {each.id: each.at for each in due if each.cause == "first"}

    assert runs[3] not in {run for _, run in asked}
    assert all(sighting.first_seen_at == firsts[sighting.id] for sighting, _ in asked)
    assert all(sighting.published_at <= sighting.first_seen_at <= sighting.checked_at < run for sighting, run in asked)
    assert all(each.at - firsts[each.id] >= 2 * DAY for each in due if each.cause != "first")


@pytest.mark.parametrize(("sweeps", "is_whole"), [(True, True), (False, False)])
def test_what_no_listing_names_is_due_where_the_runs_sweep(sweeps, is_whole):
    newsroom = LivingNewsroom(backlog=0, habits=Habits(unlisted=0.2, withdrawn=0, outages=()))
    due = {each.id for each in revisions_due(newsroom, evenings(newsroom, 20), sweeps=sweeps)}

    assert (len(due) == 100) == is_whole
    assert len(due) > 70


def test_without_a_run_that_was_heard_nothing_is_due():
    newsroom = LivingNewsroom(habits=Habits(outages=(0,)))

    assert list(revisions_due(newsroom, evenings(newsroom, 1))) == list(revisions_due(newsroom, [])) == []
