"""Which revisions a perfect archive has after runs at given moments: the truth over time."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from archiver.demo.living.differences import classes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from datetime import datetime

    from archiver.demo.living.life import Life
    from archiver.demo.living.newsroom import LivingNewsroom

FOR_GOOD = "410"
"""What says by itself that an article is gone (RFC 9110, 15.5.11); any other absence has to be seen twice, run after run."""
MOST_ALIKE = 2
"""So many revisions of an id may have one content; what comes to and fro more often gives no further line."""


@dataclass(frozen=True, slots=True)
class Revision:
    """One line that the archive must have."""

    id: str
    revision: int
    at: datetime
    """The run that made it."""
    cause: Literal["first", "edit", "gone", "return"]
    classes: tuple[str, ...] = ()
    """Of an edit, or a return with another content: what differs from the content of the line before."""
    wording: int = 0
    """Which of the article's wordings the line has; where it is gone, the last that was seen."""

    @property
    def status(self) -> Literal["live", "gone"]:
        """That of the line."""
        return "gone" if self.cause == "gone" else "live"


@dataclass(frozen=True, slots=True)
class Sighting:
    """What an archive knows of an article when it decides whether a run asks for it again."""

    id: str
    published_at: datetime
    first_seen_at: datetime
    checked_at: datetime
    """The last run that asked for it."""
    changed_at: datetime
    """The run of its last line."""
    is_gone: bool
    """Whether that line says so."""


def in_every_run(_sighting: Sighting, _run: datetime) -> bool:
    """The most diligent plan: always."""
    return True


def revisions_due(
    newsroom: LivingNewsroom,
    runs: Sequence[datetime],
    recheck: Callable[[Sighting, datetime], bool] = in_every_run,
    *,
    sweeps: bool = False,
) -> Iterator[Revision]:
    """The lines of a perfect archive, an article after the other, each as from its exchanges at the moments of `runs`.

    A run asks for what is listed and new, and for what `recheck` says; in an outage it gets nothing, and checks nothing.
    `sweeps`: it finds what no listing names as well. `runs` are in order.
    """
    habits, start = newsroom.habits, newsroom.start
    heard = [run for run in runs if habits.silence(start, run) is None]
    if not heard:
        return
    shelf = newsroom.stock["c"]
    for place in range(-newsroom.published(heard[-1]), shelf.live):
        is_found = sweeps or not newsroom.is_unlisted(place)
        file = _File(newsroom.life(place))
        for run in heard if is_found else ():
            if file.is_due(run, recheck):
                file.look(run)
            if file.is_closed:
                break
        yield from file.lines
    for name, other in newsroom.stock.items():
        places = other.newest_first if name != "c" else ()
        for place in places:
            if not other.is_withdrawn(place):
                yield Revision(f"{other.identity}{other.number(place)}", 1, heard[0], "first")


def revisions_seen(newsroom: LivingNewsroom, place: int, looks: Sequence[datetime]) -> list[Revision]:
    """The lines that an archive has of the article at this place after asking for it at these moments, in order.

    The first look at which it is there makes the first line; looks in an outage see nothing.
    """
    file = _File(newsroom.life(place))
    for moment in looks:
        if newsroom.habits.silence(newsroom.start, moment) is None:
            file.look(moment)
    return file.lines


class _File:
    """What an archive has of one article."""

    def __init__(self, life: Life) -> None:
        self._life = life
        self._id = f"{life.shelf.identity}{life.shelf.number(life.place)}"
        self._checked_at: datetime | None = None
        self._is_missed = False
        self._alike: Counter[int] = Counter()
        self.lines: list[Revision] = []

    @property
    def is_closed(self) -> bool:
        """Whether nothing can come any more: the last turn was seen."""
        is_seen = self._checked_at is not None and self._checked_at >= self._life.turns[-1].at
        return is_seen and not self._is_doubted

    @property
    def _is_doubted(self) -> bool:
        return self._is_missed and self.lines[-1].status == "live"

    def is_due(self, run: datetime, recheck: Callable[[Sighting, datetime], bool]) -> bool:
        """Whether the run asks for it: as something new, or again."""
        if self._checked_at is None or self._is_doubted:
            return True
        first, last = self.lines[0], self.lines[-1]
        published = self._life.turns[0].at
        seen = Sighting(self._id, published, first.at, self._checked_at, last.at, last.status == "gone")
        return recheck(seen, run)

    def look(self, moment: datetime) -> None:
        """Adds the line that this look makes, if it makes one."""
        turn = self._life.turn(moment)
        if turn is None or (turn.absence and not self.lines):
            return  # not there yet, or never seen: no listing names it
        self._checked_at = moment
        last = self.lines[-1] if self.lines else None
        if last is None:
            self._add(moment, "first", turn.wording)
        elif turn.absence:
            if last.status == "live" and (self._is_missed or turn.absence == FOR_GOOD):
                self._add(moment, "gone", last.wording)
        elif last.status == "gone":
            self._add(moment, "return", turn.wording, self._change(last.wording, turn.wording))
        elif (change := self._change(last.wording, turn.wording)) and self._alike[turn.wording] < MOST_ALIKE:
            self._add(moment, "edit", turn.wording, change)
        self._is_missed = bool(turn.absence)

    def _add(
        self,
        moment: datetime,
        cause: Literal["first", "edit", "gone", "return"],
        wording: int,
        change: tuple[str, ...] = (),
    ) -> None:
        self.lines.append(Revision(self._id, len(self.lines) + 1, moment, cause, change, wording))
        # Wordings of one content are told apart by nothing but their number, and only a flapping article goes back to one.
        self._alike[wording] += cause != "gone"

    def _change(self, before: int, after: int) -> tuple[str, ...]:
        if before == after:
            return ()
        told = self._life.wordings(max(before, after))
        return classes(told[before].story, told[after].story)
