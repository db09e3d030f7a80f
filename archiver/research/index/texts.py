"""What an engine of full text does: SQLite's FTS5 and tantivy do it alike."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.research.found import Sort
    from archiver.research.index.entry import Entry
    from archiver.research.query_language import Query, Words

WEIGHTS = {"title": 5.0, "body": 1.0, "captions": 1.0}
"""What a word counts for the rank by the field that it stands in."""


@dataclass(frozen=True, slots=True)
class Only:
    """Which articles are searched."""

    since: str | None = None
    until: str | None = None
    """Days of publication, both included."""
    sections: tuple[int, ...] | None = None
    """Numbers of the catalogue; None: all."""

    @property
    def is_all(self) -> bool:
        """Whether no article is left out."""
        return self.since is None and self.until is None and self.sections is None


class Scored(NamedTuple):
    """An article of the index."""

    number: int
    score: float
    """Higher is better; 0 where the order is that of dates."""
    published: int | None
    """Seconds since 1970; None where the order is that of the rank, and without a date."""


class Counted(NamedTuple):
    """How many articles match."""

    total: int
    is_exact: bool = True
    """False: more than `total`."""


class Texts(Protocol):
    """The texts of a site's articles."""

    def add(self, number: int, entry: Entry) -> None:
        """Takes the text of an article in."""

    def remove(self, numbers: Sequence[int]) -> None:
        """Takes the texts of these articles out."""

    def flush(self) -> None:
        """Writes what came in and went; the catalogue's commit follows."""

    def close(self) -> None:
        """Ends reading and writing."""

    def count(self, query: Query, only: Only, most: int | None = None) -> Counted:
        """How many articles match; where each text must be read for it, counting may end at `most`."""

    def best(self, query: Query, only: Only, sort: Sort, most: int) -> list[Scored]:
        """The first `most` of those that match, in the order of `sort`."""

    def weighed(self, run: Words, articles: int) -> tuple[int, float]:
        """How many of so many articles have the run, and what it counts for the rank by that (its idf)."""
