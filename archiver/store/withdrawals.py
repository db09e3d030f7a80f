"""Known articles that were not there when they were asked for, until it is settled whether they are gone.

One answer may be the server's slip, and a night of maintenance answers 404 to everything. So an article is gone when it
was not there in two runs one after the other, with none between that had it; at once only where the site says that it is
so for good (410, RFC 9110, 15.5.11). And a run in which most known articles were not there, or that got no page at all,
tells nothing of any of them.

A run is named by the number of the first capture file that it began: a rebuild settles the same from the captures alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.store.captures import serial_of
from archiver.store.ledger import Place

if TYPE_CHECKING:
    from archiver.store.ledger import Ledger

FOR_GOOD = "http_410"
FEW = 5
"""Fewer articles than this may be missing whatever their share."""

_COUNT = """INSERT INTO answered VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET
    articles = articles + excluded.articles, others = others + excluded.others"""
_MISS = """INSERT INTO missing VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE SET
    reason = CASE run WHEN excluded.run THEN reason ELSE excluded.reason END,
    run = excluded.run, file = excluded.file, offset = excluded.offset"""
_MISSING = """SELECT id, first_run, reason, name, offset
    FROM missing CROSS JOIN file ON file.number = missing.file WHERE run = ?"""

_OF_ID = """SELECT reason, name, offset
    FROM missing CROSS JOIN file ON file.number = missing.file WHERE id = ?"""


@dataclass(frozen=True, slots=True)
class Absence:
    """The answer that shows that an article is gone."""

    id: str
    reason: str
    """http_404, http_410, soft_404, sign_in, …"""
    place: Place
    """Of the record of the response."""


@dataclass(frozen=True, slots=True)
class Settled:
    """What a run tells of the articles that were not there."""

    gone: tuple[Absence, ...] = ()
    """In the order of their captures."""
    doubted: int = 0
    """Articles that were not there in a run that tells nothing."""
    found: int = 0
    """Of such a run: articles that were there."""


class Withdrawals:
    """Kept in the ledger, and committed with it."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger

    def found(self, run: int, id_: str) -> None:
        """The article was there."""
        self._ledger.write(_COUNT, run, 1, 0)
        if self._ledger.row("SELECT 1 FROM missing WHERE id = ?", id_):
            self._ledger.write("DELETE FROM missing WHERE id = ?", id_)

    def answered(self, run: int) -> None:
        """A page came that is no article's."""
        self._ledger.write(_COUNT, run, 0, 1)

    def missed(self, run: int, absence: Absence) -> None:
        """A known article was not there; of a second view in the same run, only the place is new."""
        file = self._ledger.file_number(absence.place.file)
        self._ledger.write(_COUNT, run, 0, 0)
        self._ledger.write(_MISS, absence.id, run, run, absence.reason, file, absence.place.offset)

    def is_missed(self, run: int, id_: str) -> bool:
        """Whether the run has found the article missing."""
        return self._ledger.row("SELECT 1 FROM missing WHERE id = ? AND run = ?", id_, run) is not None

    def absence(self, id_: str) -> Absence | None:
        """What is kept of an article that was missing; None: it is not."""
        row = self._ledger.row(_OF_ID, id_)
        return Absence(id_, row[0], Place(*row[1:])) if row else None

    def forget(self) -> None:
        """Nothing is known of any absence."""
        self._ledger.write("DELETE FROM missing")
        self._ledger.write("DELETE FROM answered")

    def runs(self) -> list[int]:
        """The runs that are not settled, in their order."""
        return [run for (run,) in self._ledger.rows("SELECT run FROM answered ORDER BY run")]

    def settle(self, run: int) -> Settled:
        """What the run tells, now that it is over."""
        articles, others = self._ledger.row("SELECT articles, others FROM answered WHERE run = ?", run)
        missing = sorted(self._ledger.rows(_MISSING, run), key=lambda row: (serial_of(row[3]), row[4]))
        self._ledger.write("DELETE FROM answered WHERE run = ?", run)
        if not (articles or others) or (len(missing) >= FEW and len(missing) > articles):
            self._ledger.write("DELETE FROM missing WHERE first_run = ?", run)
            self._ledger.write("UPDATE missing SET run = first_run WHERE run = ?", run)
            return Settled(doubted=len(missing), found=articles)
        gone = tuple(
            Absence(id_, reason, Place(name, offset))
            for id_, first_run, reason, name, offset in missing
            if first_run < run or reason == FOR_GOOD
        )
        for absence in gone:
            self._ledger.write("DELETE FROM missing WHERE id = ?", absence.id)
        return Settled(gone)
