"""The clock of a run, which notices that it was set back. Delays between requests go by another, which cannot be."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import TYPE_CHECKING

from scrapy.utils.misc import load_object

from archiver.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from scrapy.settings import BaseSettings

    from archiver.store.ledger import Ledger

_REMARK = "clock"
"""In the ledger: the last moment that a run has noted."""

logger = logging.getLogger(__name__)


def named_clock(settings: BaseSettings) -> Callable[[], datetime]:
    """The function that the setting NOW names. Raises UsageError where there is none."""
    path = settings["NOW"]
    try:
        clock: Callable[[], datetime] = load_object(path)
    except (ImportError, NameError, ValueError) as problem:
        message = f"NOW={path}: no function stands there ({problem}). Give its path, such as my_clock.now"
        raise UsageError(message) from problem
    return clock


class Clock:
    """Tells the moment as `now` does, and never another: a date that is in doubt is flagged, not made up."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self._latest: datetime | None = None
        self.went_back = False
        """Whether a moment was earlier than one before it, of this run or of the run before."""

    def __call__(self) -> datetime:
        """The moment, in UTC."""
        moment = self._now()
        if self._latest is not None and moment < self._latest and not self.went_back:
            self.went_back = True
            logger.warning("the clock went back from %s to %s: the dates of this run are suspect", self._latest, moment)
        self._latest = moment
        return moment

    def go_on_from(self, ledger: Ledger) -> None:
        """From the last moment of the run before."""
        noted = ledger.get(_REMARK)
        if noted is not None:
            self._latest = datetime.fromisoformat(noted)

    def note(self, ledger: Ledger) -> None:
        """Leaves the moment to the next run; committed with the rest."""
        ledger.put(_REMARK, self().isoformat())
