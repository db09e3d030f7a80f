"""The newsroom that lives, for the server: at the moment to which it was turned."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, urlsplit

from archiver.demo import routes, truth
from archiver.demo.living import feeds
from archiver.demo.living.desk import DeskAt
from archiver.demo.plan import Plan
from archiver.demo.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from archiver.demo.faults import Fault
    from archiver.demo.living.newsroom import Event, LivingNewsroom


class OnAir:
    """Serves a living newsroom as it stands at one moment. `turn_to` sets another, while it is being served too."""

    faulty_addresses: Mapping[Fault, str] = {}
    """It has none."""

    def __init__(self, newsroom: LivingNewsroom, moment: datetime) -> None:
        """`moment` has a zone."""
        self.newsroom = newsroom
        self.turn_to(moment)

    def turn_to(self, moment: datetime) -> None:
        """From the next request on it is this moment. Going back is as good as going on."""
        desk = DeskAt(self.newsroom, moment)
        # In one step: a request that is being answered keeps its own moment to the end.
        self._now = desk, Plan(self.newsroom.seed, self.newsroom.backlog, desk=desk)

    @property
    def moment(self) -> datetime:
        """What its clock shows."""
        return self._now[0].moment

    @property
    def original(self) -> str:
        """The address of the site that this is a copy of, the same at all moments."""
        return self.newsroom.original

    def page(self, path_and_query: str, origin: str) -> Reply:
        """The reply to GET at this address, at this moment.

        `/truth.jsonl` has the record of every article that can be read now; `/truth.jsonl?since=2026-03-15T00:00:00Z` has
        what happened since, one line an event. Both are told during an outage too.
        """
        desk, plan = self._now
        parts = urlsplit(path_and_query)
        if parts.path == "/truth.jsonl":
            since = dict(parse_qsl(parts.query.replace("+", "%2B"))).get("since")
            return self._told(since, origin).naming(self.original)
        silence = self.newsroom.habits.silence(self.newsroom.start, desk.moment)
        if silence == "nothing":
            return Reply(manner="reset").naming(self.original)
        if silence == "503":
            return Reply(b"<h1>503 Service Unavailable</h1>\n", status=503).naming(self.original)
        reply = feeds.reply(plan, desk, parts.path, origin) or routes.reply(plan, path_and_query, origin)
        return reply.naming(self.original)

    def truth(self, origin: str) -> Iterator[dict[str, Any]]:
        """The record that each article must become that can be read at this moment, listed or not."""
        desk, plan = self._now
        for shelf in plan.shelves.values():
            for place in shelf.newest_first:
                if not shelf.is_withdrawn(place) and not desk.absence(shelf, place):
                    yield truth.record(plan, desk.story(shelf, place), origin)

    def _told(self, since: str | None, origin: str) -> Reply:
        if since is None:
            return Reply(kind="application/jsonl", stream=_lines(self.truth(origin)))
        try:
            first = datetime.fromisoformat(since)
        except ValueError:
            first = None
        if first is None or first.tzinfo is None:
            says = f"since={since} is no moment with a zone. Write it as since=2026-03-15T00:00:00Z\n"
            return Reply(says.encode(), status=400, kind="text/plain; charset=utf-8")
        events = self.newsroom.events(self.moment, since=first)
        return Reply(kind="application/jsonl", stream=_lines(map(_event, events)))


def _event(event: Event) -> dict[str, Any]:
    return {**asdict(event), "at": event.at.isoformat()}


def _lines(told: Iterable[dict[str, Any]]) -> Iterator[bytes]:
    for line in told:
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
