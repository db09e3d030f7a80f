"""What is searched of a line."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, get_args

from archiver.research.words import words

if TYPE_CHECKING:
    from collections.abc import Sequence

Status = Literal["live", "gone", "tombstone"]

BREAK = "¶"
"""Stands between two captions as a word that nobody can type: what runs from one into the next is not side by side."""


class Wording(NamedTuple):
    """The words of each field, as archiver.research.words spells them."""

    title: Sequence[str]
    body: Sequence[str]
    captions: Sequence[str]


@dataclass(frozen=True, slots=True)
class Entry:
    """One revision of one article."""

    id: str
    revision: int
    status: Status
    published: int | None
    """Seconds since 1970."""
    day: str | None
    """Of publication, as a reader at the site counts it: 2026-11-22."""
    section: str | None
    wording: Wording
    """Of a tombstone: empty."""


def entry_of(raw: bytes) -> Entry:
    """What is searched of the line `raw`. Raises ValueError, TypeError, KeyError, RecursionError where it is no article's."""
    line = json.loads(raw)
    status, published_at = line["status"], line["published_at"]
    if status not in get_args(Status):
        raise ValueError(status)
    is_shown = status != "tombstone"
    captions: list[str] = []
    for image in line["images"] if is_shown else ():
        captions += [*words(image["caption"]), BREAK]
    return Entry(
        id=_text(line["id"]),
        revision=int(line["revision"]),
        status=status,
        published=int(datetime.fromisoformat(published_at).timestamp()) if published_at else None,
        day=published_at[:10] if published_at else None,
        section=line["section"],
        wording=Wording(words(line["title"]), words(line["body"]), captions) if is_shown else Wording((), (), ()),
    )


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(value)
    return value
