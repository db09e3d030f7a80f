"""The life of one article: when it stands in which wording, and when it is not there."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import timedelta
from random import Random
from typing import TYPE_CHECKING, get_args

from archiver.demo import stories
from archiver.demo.desk import Absence
from archiver.demo.living.edits import Wording, reworded

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.demo.living.habits import Habits
    from archiver.demo.shelves import Shelf

_SOONEST_MINUTES = 10
_LATEST_TIMES_SOONEST = 8_640  # 60 days
_MOST_EDITS = 3
_FLAPS = 7
_WAYS: tuple[Absence, ...] = get_args(Absence)[1:]


@dataclass(frozen=True, slots=True)
class Turn:
    """From this moment on the article stands so."""

    at: datetime
    wording: int
    """Which of its wordings, 0 the first."""
    absence: Absence = ""
    """How it is not there."""


@dataclass(frozen=True, slots=True)
class Life:
    """All turns of one article, the first is its publication."""

    shelf: Shelf
    place: int
    turns: tuple[Turn, ...]
    is_flapping: bool = False
    """Whether it goes to and fro between two wordings."""

    def turn(self, moment: datetime) -> Turn | None:
        """How the article stands at this moment; None: it is not published yet."""
        passed = bisect_right(self.turns, moment, key=lambda turn: turn.at)
        return self.turns[passed - 1] if passed else None

    def wordings(self, last: int | None = None) -> tuple[Wording, ...]:
        """The wordings in order, each the one before it with one edit; all, or those up to the `last`."""
        if last is None:
            last = max(turn.wording for turn in self.turns)
        rng = Random(f"{self.shelf.seed}:{self.shelf.name}:{self.place}:wordings")
        told = [Wording(stories.story(self.shelf, self.place), "")]
        for _ in range(last):
            told.append(reworded(told[-1].story, rng, visibly=self.is_flapping))
        return tuple(told)


def life(shelf: Shelf, place: int, habits: Habits) -> Life:
    """The life of the article at this place of a shelf; of those of the fixed day and before it is their publication."""
    first = Turn(shelf.moment(place), 0)
    if place >= 0:
        return Life(shelf, place, (first,))
    rng = Random(f"{shelf.seed}:{shelf.name}:{place}:life")
    if rng.random() < habits.flapping:
        return Life(shelf, place, _flapping(first, rng), is_flapping=True)
    edits = _edits(first, rng) if rng.random() < habits.edited else []
    if rng.random() < habits.withdrawn:
        edits = _withdrawn(first, edits, rng)
    return Life(shelf, place, (first, *edits))


def _flapping(first: Turn, rng: Random) -> tuple[Turn, ...]:
    """Wordings A, B, A, B, …, at least a day and two at most for each."""
    turns = [first]
    for flap in range(1, _FLAPS + 1):
        turns.append(Turn(turns[-1].at + timedelta(minutes=rng.randrange(1_440, 2_880)), flap % 2))
    return tuple(turns)


def _edits(first: Turn, rng: Random) -> list[Turn]:
    """As many as three, ten minutes to 60 days after publication, at ages that are spread evenly by their orders."""
    ages = {int(_SOONEST_MINUTES * _LATEST_TIMES_SOONEST ** rng.random()) for _ in range(rng.randint(1, _MOST_EDITS))}
    return [Turn(first.at + timedelta(minutes=age), at) for at, age in enumerate(sorted(ages), start=1)]


def _withdrawn(first: Turn, edits: list[Turn], rng: Random) -> list[Turn]:
    """The edits with a withdrawal 30 hours to 40 days after publication, and maybe a return; nothing is edited between."""
    gone = first.at + timedelta(minutes=rng.randrange(1_800, 57_600))
    back = gone + timedelta(minutes=rng.randrange(1_440, 28_800)) if rng.random() < 0.5 else None
    before = [edit for edit in edits if edit.at < gone]
    wording = before[-1].wording if before else 0
    turns = [*before, Turn(gone, wording, rng.choice(_WAYS))]
    if back is None:
        return turns
    after = [edit for edit in edits if edit.at > back]
    later = [Turn(edit.at, wording + at) for at, edit in enumerate(after, start=1)]
    return [*turns, Turn(back, wording), *later]
