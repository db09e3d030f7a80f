"""The sample newsroom: an address goes in, a reply comes out, and nothing is kept between."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from archiver.demo import files, routes, truth
from archiver.demo.desk import Still
from archiver.demo.faults import Fault, faults_named
from archiver.demo.plan import Plan
from archiver.demo.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator


@dataclass(frozen=True)
class Newsroom:
    """A news site drawn from a seed. The same seed and size give the same bytes on every machine, at any time."""

    seed: int = 1
    articles: int = 300
    """How many articles can be read, every generation and language counted."""
    faults: tuple[str, ...] = ()
    """Names of what is to go wrong, as in `faults`; they add nothing to the truth and take nothing from it."""
    unlisted: float = 0.0
    """Share of the current articles that no page leads to: their entries in listings were lost. The truth has them all."""
    plan: Plan = field(init=False, repr=False, compare=False)
    faulty_addresses: dict[Fault, str] = field(init=False, repr=False, compare=False)
    """The address, path and query, at which each fault befalls whoever asks."""

    def __post_init__(self) -> None:
        """Raises UsageError for faults that are unknown, that exclude each other or for which there is no article."""
        plan = Plan(self.seed, self.articles, faults_named(self.faults), Still(unlisted=self.unlisted))
        of_pages = {accident.fault: accident.address for accident in plan.accidents}
        object.__setattr__(self, "plan", plan)
        object.__setattr__(
            self, "faulty_addresses", {fault: of_pages.get(fault, "/robots.txt") for fault in plan.faults}
        )

    @cached_property
    def original(self) -> str:
        """The address that this newsroom has wherever it is served: its origin is its seed, not its port."""
        return f"http://newsroom-{self.seed}-{self.articles}.test/"

    def page(self, path_and_query: str, origin: str) -> Reply:
        """The reply to GET at this address; `origin` (`http://127.0.0.1:8000`) stands where addresses are absolute."""
        told = {"/truth.jsonl": self.truth, "/files.jsonl": self.files}.get(path_and_query.partition("?")[0])
        if told is not None:
            reply = Reply(kind="application/jsonl", stream=_lines(told(origin)))
        else:
            reply = routes.reply(self.plan, path_and_query, origin)
        return reply.naming(self.original)

    def truth(self, origin: str) -> Iterator[dict[str, Any]]:
        """The record that each live article must become, in the order of the shelves and newest first."""
        for shelf in self.plan.shelves.values():
            for rank in range(shelf.live):
                yield truth.record(self.plan, self.plan.desk.story(shelf, shelf.place_of(rank)), origin)

    def files(self, origin: str) -> Iterator[dict[str, Any]]:
        """What must become of each attachment and picture of the live articles, each once, in the order of the truth."""
        told: set[str] = set()
        for line in self.truth(origin):
            for each in (*line["attachments"], *line["images"]):
                if each["url"] not in told:
                    told.add(each["url"])
                    yield self._file(each["url"], origin)

    def _file(self, url: str, origin: str) -> dict[str, Any]:
        if not url.startswith(origin):
            return files.unreachable(url)
        address = url.removeprefix(origin)
        return files.found(url, self.page(address, origin), files.fate(*routes.file_of(address)))


def _lines(told: Iterator[dict[str, Any]]) -> Iterator[bytes]:
    for line in told:
        yield json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
