"""When each known article is to be looked at again: often while it is news, seldom once it is old.

The steps are those of NewsDiffs (github.com/ecprice/newsdiffs, 2012), which has followed five newspapers through millions
of versions; where it stops, after a year, an article is looked at twice a year here, so that a withdrawal is noticed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import TYPE_CHECKING

from archiver.store.ledger import Place

if TYPE_CHECKING:
    from archiver.store.ledger import Ledger

_STEPS = (
    (timedelta(hours=3), timedelta(minutes=15)),
    (timedelta(days=1), timedelta(hours=1)),
    (timedelta(days=7), timedelta(hours=3)),
    (timedelta(days=30), timedelta(days=3)),
    (timedelta(days=365), timedelta(days=30)),
)
"""Up to that age an article is looked at after that time."""
_SELDOM = timedelta(days=180)
_SPREAD_FROM = timedelta(days=30)
"""Longer pauses are drawn apart: what was collected in one night would all be due in one night."""
_ASTRAY = 86_400
"""Seconds by which a visit may lie ahead: clocks are set right by an hour or two."""

_PLAN = """INSERT INTO visit VALUES (?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET due = excluded.due, pause = excluded.pause,
    file = coalesce(excluded.file, file), offset = coalesce(excluded.offset, offset)"""
_LEARN = _PLAN + " WHERE excluded.due > due"
_DUE = """SELECT visit.id, article.file, article.offset FROM visit JOIN article ON article.id = visit.id
    WHERE due <= ? OR due - pause > ? ORDER BY pause, due, visit.id LIMIT ?"""
_LAST_AT = """SELECT due - pause FROM visit JOIN article ON article.id = visit.id WHERE visit.id = ? AND status = 0"""
_ADVANCE = "UPDATE visit SET pause = max(0, pause - max(0, due - ?)), due = min(due, ?) WHERE id = ?"
_LAST = "SELECT name, offset FROM visit JOIN file ON file.number = visit.file WHERE id = ?"


@dataclass(frozen=True, slots=True)
class Visit:
    """An article that was looked at."""

    id: str
    at: datetime
    news_from: datetime
    """When it became what it is: published, or gone."""
    capture: Place | None = None
    """Of the response that showed it; None: as before."""


class Visits:
    """Kept in the ledger, and committed with it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def plan(self, visit: Visit) -> None:
        """The article was looked at: it is due again after a while."""
        self._put(_PLAN, visit, pause_of(visit.id, visit.at - visit.news_from))

    def learn(self, visit: Visit) -> None:
        """The same, by a line of the archive: a later visit that is known counts more."""
        self._put(_LEARN, visit, pause_of(visit.id, visit.at - visit.news_from))

    def hasten(self, visit: Visit) -> None:
        """The article is due at once: what was seen is to be seen a second time."""
        self._put(_PLAN, visit, timedelta())

    def due(self, now: datetime, most: int) -> list[tuple[str, Place]]:
        """At most so many articles that are due, the most often visited first, each with the place of its last line.

        What was looked at in the future was so by a clock that went wrong: it is due too.
        """
        moment = int(now.timestamp())
        rows = self._ledger.rows(_DUE, moment, moment + _ASTRAY, most)
        names = dict(self._ledger.rows("SELECT number, name FROM file"))
        return [(id_, Place(names[file], offset)) for id_, file, offset in rows]

    def last_at(self, id_: str) -> datetime | None:
        """When the live article was looked at last; None: it is not known, or not there."""
        row = self._ledger.row(_LAST_AT, id_)
        return datetime.fromtimestamp(row[0], UTC) if row else None

    def advance(self, id_: str, now: datetime) -> None:
        """The article is due now, if it was not; when it was looked at last stays known."""
        moment = int(now.timestamp())
        self._ledger.write(_ADVANCE, moment, moment, id_)

    def last(self, id_: str) -> Place | None:
        """Where the response stands that showed the article last; None: not known."""
        row = self._ledger.row(_LAST, id_)
        return Place(*row) if row else None

    def _put(self, statement: str, visit: Visit, pause: timedelta) -> None:
        seconds = int(pause.total_seconds())
        file = self._ledger.file_number(visit.capture.file) if visit.capture else None
        offset = visit.capture.offset if visit.capture else None
        self._ledger.write(statement, visit.id, int(visit.at.timestamp()) + seconds, seconds, file, offset)


def pause_of(id_: str, age: timedelta) -> timedelta:
    """After how long an article of that age is looked at again."""
    pause = next((pause for limit, pause in _STEPS if age < limit), _SELDOM)
    if pause < _SPREAD_FROM:
        return pause
    drawn = int.from_bytes(blake2b(id_.encode(), digest_size=2).digest(), "big") / 0xFFFF
    return pause * (0.75 + 0.5 * drawn)
