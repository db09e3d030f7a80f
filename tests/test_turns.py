"""What comes of captures is written in their order, and a crash costs no capture of a task that has not ended."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.store.ledger import Place
from archiver.store.turns import Turns

FILE = "captures/2026/11/hcma-20261122T120000Z-00001.warc.gz"
A, B, C, D, E = (Place(FILE, offset) for offset in (240, 1240, 2240, 3240, 4240))


@pytest.fixture
def turns() -> Turns:
    """Tasks 1 to 4 have each had a response, a to d."""
    turns = Turns()
    for task, (place, record_id) in enumerate(zip((A, B, C, D), "abcd", strict=True), start=1):
        turns.enter(task, place, record_id)
    return turns


class Writers:
    """One that waits for each of some captures; `passed` are those that may write, in the order in which they did."""

    def __init__(self, turns: Turns) -> None:
        self.passed = ""
        self._turns = turns
        self._waiting: list[asyncio.Task[None]] = []

    def wait(self, record_ids: str) -> None:
        self._waiting += [asyncio.ensure_future(self._write(record_id)) for record_id in record_ids]

    async def settle(self) -> None:
        """Everyone has gone on as far as they can."""
        for _ in range(8):
            await asyncio.sleep(0)

    async def end(self) -> None:
        for each in self._waiting:
            each.cancel()
        await asyncio.gather(*self._waiting, return_exceptions=True)

    async def _write(self, record_id: str) -> None:
        await self._turns.wait(record_id)
        self.passed += record_id


def passing(turns: Turns, waiting: str, *steps) -> list[str]:
    """Of the captures waited for: which may be written at the start, and after each step."""

    async def run() -> list[str]:
        writers = Writers(turns)
        writers.wait(waiting)
        told = []
        for step in (lambda: None, *steps):
            before = len(writers.passed)
            step()
            await writers.settle()
            told.append(writers.passed[before:])
        await writers.end()
        return told

    return asyncio.run(run())


def test_only_the_first_capture_may_be_written(turns):
    assert passing(turns, "dcba") == ["a"]


@pytest.mark.parametrize("ending", ["leave", "pause"])
def test_the_next_may_be_written_when_nothing_more_comes_of_the_first(turns, ending):
    done = getattr(turns, ending)

    assert passing(turns, "dcba", lambda: done(1), lambda: done(2), lambda: done(3)) == ["a", "b", "c", "d"]


def test_a_capture_that_is_done_sooner_holds_nobody_up(turns):
    assert passing(turns, "dca", lambda: turns.leave(2), lambda: turns.leave(1)) == ["a", "", "c"]


def test_a_capture_that_nobody_reads_waits_for_none(turns):
    assert passing(turns, "z") == ["z"]


def test_a_task_that_goes_on_has_its_turn_with_its_next_capture(turns):
    turns.pause(1)
    turns.enter(1, E, "e")
    ends = [lambda task=task: turns.leave(task) for task in (2, 3, 4)]

    assert passing(turns, "edcb", *ends) == ["b", "c", "d", "e"]


def test_a_further_capture_of_a_task_takes_its_turn_from_the_one_before(turns):
    assert passing(turns, "bcd", lambda: turns.enter(1, E, "e")) == ["", "b"]


@pytest.mark.parametrize("ending", ["leave", "pause"])
def test_a_capture_of_which_nothing_comes_any_more_waits_for_none(turns, ending):
    assert passing(turns, "bc", lambda: getattr(turns, ending)(2), lambda: turns.leave(1)) == ["", "b", "c"]


def test_several_may_wait_for_one_capture(turns):
    assert passing(turns, "bbb", lambda: turns.leave(1)) == ["", "bbb"]


@pytest.mark.parametrize("ending", ["leave", "pause", "stop"])
def test_a_writer_that_has_given_up_holds_nobody_up(turns, ending):
    async def run() -> str:
        given_up, writers = asyncio.ensure_future(turns.wait("b")), Writers(turns)
        await writers.settle()
        given_up.cancel()
        writers.wait("c")
        await writers.settle()
        getattr(turns, ending)(*([] if ending == "stop" else [1]))
        turns.leave(2)
        await writers.settle()
        await writers.end()
        return writers.passed

    assert asyncio.run(run()) == "c"


def test_nobody_waits_any_longer_when_the_run_ends_early(turns):
    assert [sorted(told) for told in passing(turns, "dcba", turns.stop)] == [["a"], ["b", "c", "d"]]


@pytest.mark.parametrize("ending", ["leave", "pause"])
def test_a_task_without_a_capture_ends_too(turns, ending):
    assert passing(turns, "ab", lambda: getattr(turns, ending)(99)) == ["a", ""]
    assert turns.oldest == A


STEPS = {
    "nothing has ended": ([], A),
    "the first has ended": ([("leave", 1)], B),
    "a later one has ended": ([("leave", 2)], A),
    "the first two have ended, the second before": ([("leave", 2), ("leave", 1)], C),
    "the first goes on with another request": ([("pause", 1)], A),
    "the first goes on and has its next capture": ([("pause", 1), ("enter", 1, E, "e")], A),
    "the first goes on and then ends": ([("pause", 1), ("enter", 1, E, "e"), ("leave", 1)], B),
    "the run ends early": ([("stop",)], A),
    "all have ended": ([("leave", 1), ("leave", 2), ("leave", 3), ("leave", 4)], None),
    "all have ended, and one more comes": ([*(("leave", task) for task in (1, 2, 3, 4)), ("enter", 5, E, "e")], E),
}


@pytest.mark.parametrize(("steps", "oldest"), STEPS.values(), ids=STEPS)
def test_the_oldest_is_the_first_capture_of_a_task_that_has_not_ended(turns, steps, oldest):
    for name, *values in steps:
        getattr(turns, name)(*values)

    assert turns.oldest == oldest


def test_without_captures_none_is_the_oldest():
    assert Turns().oldest is None


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["enter", "leave", "pause"]), st.integers(1, 4)), max_size=20))
def test_however_tasks_end_a_capture_waits_exactly_for_those_before_it(steps):
    """The model: what is being read, in order of the captures. As the scheduler does, a task pauses before it goes on."""

    async def run() -> None:
        turns, reading, entered = Turns(), {}, set()
        writers = Writers(turns)
        for number, (step, task) in enumerate(steps):
            if step != "enter":
                getattr(turns, step)(task)
                reading.pop(task, None)
            elif task not in reading:
                reading[task] = record_id = chr(0x100 + number)
                turns.enter(task, Place(FILE, number), record_id)
                entered.add(record_id)
                writers.wait(record_id)
            await writers.settle()
            # What was first once has passed, and stays first until its task ends or goes on.
            behind_another = set(list(reading.values())[1:])

            assert set(writers.passed) == entered - behind_another
        await writers.end()

    asyncio.run(run())
