"""Which articles are gone, settled once more from the captures as it was while they were crawled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.store.ledger import Place
from archiver.store.withdrawals import Absence, Withdrawals

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.proof.readings import Reading
    from archiver.store.ledger import Ledger


class Settling:
    """The readings of a site, in their order; `ledger` knows the articles that have a line so far."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self._withdrawals = Withdrawals(ledger)

    def gone_before(self, run: int) -> Iterator[Absence]:
        """The articles that are gone by the runs before that one, each run told of once."""
        for over in self._withdrawals.runs():
            if over < run:
                yield from self._withdrawals.settle(over).gone

    def learn(self, reading: Reading) -> Absence | None:
        """Where the capture shows that a known article is missing: that it does."""
        if reading.article is not None:
            self._ledger.put_alias(reading.key, reading.article.id)
            self._withdrawals.found(reading.run, reading.article.id)
            return None
        id_ = self._ledger.id_of(reading.key)
        known = self._ledger.article(id_)
        if reading.is_not_modified and known is not None:
            self._withdrawals.found(reading.run, id_)
            return None
        if reading.absence is None or known is None or known.status != "live":
            if reading.is_page or reading.is_not_modified:
                self._withdrawals.answered(reading.run)
            return None
        if reading.is_second_view and not self._withdrawals.is_missed(reading.run, id_):
            return None
        place = Place(reading.capture.warc, reading.capture.offset)
        self._withdrawals.missed(reading.run, Absence(id_, reading.absence, place))
        return self._withdrawals.absence(id_)
