"""Whose turn it is: what comes of captures is written in their order, however the reading of pages is interleaved."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.store.ledger import Place


class Turns:
    """The tasks whose captures are being read, in the order of the captures."""

    def __init__(self) -> None:
        # The first of these is asked for at every page: of a plain dict it is far behind what was removed.
        self._reading: OrderedDict[int, str] = OrderedDict()
        """Task to the WARC-Record-ID of its capture."""
        self._being_read: set[str] = set()
        """The same WARC-Record-IDs."""
        self._first_capture: OrderedDict[int, Place] = OrderedDict()
        """Task to the first of its captures, until the task has ended."""
        self._has_stopped = False
        self._waiting: dict[str, list[asyncio.Future[None]]] = {}
        """WARC-Record-ID to those who wait for its turn."""

    @property
    def oldest(self) -> Place | None:
        """The first capture of a task that has not ended: all before it need not be read again after a crash."""
        return next(iter(self._first_capture.values()), None)

    def enter(self, task: int, place: Place, record_id: str) -> None:
        """A response of the task was captured; its exchange begins at `place`."""
        self.pause(task)
        self._reading[task] = record_id
        self._being_read.add(record_id)
        self._first_capture.setdefault(task, place)

    def pause(self, task: int) -> None:
        """The task goes on with another request: nothing comes of its capture."""
        record_id = self._reading.pop(task, None)
        if record_id is not None:
            self._being_read.discard(record_id)
            # No other's turn can have come: it is that of the first.
            self._wake(record_id)
            self._wake(next(iter(self._reading.values()), None))

    def leave(self, task: int) -> None:
        """The task has ended."""
        self._first_capture.pop(task, None)
        self.pause(task)

    async def wait(self, record_id: str) -> None:
        """Returns when no capture before that one is still being read."""
        if not self._is_turn_of(record_id):
            waiting = asyncio.get_running_loop().create_future()
            self._waiting.setdefault(record_id, []).append(waiting)
            await waiting

    def stop(self) -> None:
        """The run ends early: nobody waits any longer, now or later."""
        self._has_stopped = True
        for record_id in [*self._waiting]:
            self._wake(record_id)

    def _is_turn_of(self, record_id: str) -> bool:
        if self._has_stopped:
            return True
        return record_id not in self._being_read or next(iter(self._reading.values())) == record_id

    def _wake(self, record_id: str | None) -> None:
        for waiting in self._waiting.pop(record_id, ()) if record_id is not None else ():
            if not waiting.done():
                waiting.set_result(None)
