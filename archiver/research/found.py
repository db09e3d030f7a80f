"""What a search gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from archiver.store.ledger import Place

Field = Literal["title", "body", "captions"]
"""Where words are looked for. The body has the lead."""
Sort = Literal["rank", "date"]
"""rank: best first, by BM25, a word of the title counting most; date: newest first."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some signs in a row."""

    text: str
    is_match: bool = False
    """Whether they are what was looked for."""


@dataclass(frozen=True, slots=True)
class Snippet:
    """A passage that has a match."""

    field: Field
    pieces: tuple[Piece, ...]
    """The passage, on one line; … where the text goes on."""

    @property
    def text(self) -> str:
        """The passage without marks."""
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """One article: its newest revision."""

    id: str
    revision: int
    status: Literal["live", "gone"]
    """gone: no longer on the site, its text as it was last seen."""
    site: str
    """The name of its site's folder."""
    title: str
    url: str
    published_at: str | None
    """RFC 3339, as in its line."""
    section: str | None
    score: float
    """By BM25: higher is better; comparable within one search only."""
    snippets: tuple[Snippet, ...]
    place: Place
    """Of its line, in the site's folder."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The hits of one page of results, and how many there are in all."""

    hits: tuple[Hit, ...]
    total: int
    is_exact: bool = True
    """False: more than `total`, not counted to the end."""
    damage: tuple[str, ...] = ()
    """Lines and months that could not be read and are not searched, each with its place."""
