"""What differs between two revisions of an article: by part, by block, by word."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Literal

from archiver.article import Block

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Kind = Literal["same", "removed", "added"]

_WORD = re.compile(r"\w+|\s+|[^\w\s]")
_FEW = 5
"""Words: a shorter passage is always taken as changed."""
_ALIKE = 0.4
"""Two passages are one that was changed from this likeness on; below it one was removed and another added."""


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words in a row."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class Difference:
    """One passage that differs."""

    part: str
    """title, time, lead, body, captions, images, credit, authors, attachments, status."""
    place: int
    """Of the passage in its part, from 1; of a removed one in the earlier revision."""
    pieces: tuple[Piece, ...]
    """The passage, with all that stays."""


def differences(before: dict[str, Any], after: dict[str, Any]) -> list[Difference]:
    """What differs between two lines, in the order of a page."""
    old, new = _passages(before), _passages(after)
    return [difference for part in new for difference in _compared(part, old[part], new[part])]


def _passages(line: dict[str, Any]) -> dict[str, list[str]]:
    """The texts of a line by part."""
    captions = [" ".join(filter(None, (image["caption"], image["credit"]))) for image in line["images"]]
    return {
        "status": [line["status"]],
        "title": [line["title"]],
        "time": [line["published_at"] or ""],
        "lead": [line["lead"]],
        "body": [_plain(block) for block in line["blocks"] if block["type"] != "image"],
        "captions": captions,
        "images": [image["url"] for image in line["images"]],
        "credit": [line["credit_line"]],
        "authors": [f"{credit['name']} ({credit['role']})" for credit in line["authors"]],
        "attachments": [f"{file['title']} {file['url']}".strip() for file in line["attachments"]],
    }


def _plain(block: dict[str, Any]) -> str:
    if block["type"] == "embed":
        return str(block.get("url") or "")
    rows = tuple(map(tuple, block["rows"])) if block.get("rows") is not None else None
    items = tuple(block["items"]) if block.get("items") is not None else None
    return Block(type=block["type"], text=block.get("text"), items=items, rows=rows).plain


def _compared(part: str, before: Sequence[str], after: Sequence[str]) -> Iterator[Difference]:
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    for kind, start, end, begin, until in matcher.get_opcodes():
        if kind == "equal":
            continue
        for (place, old), (beside, new) in _pairs(before[start:end], after[begin:until]):
            pieces = tuple(_pieces(old, new))
            if pieces:
                where = begin + beside if new is not None else start + place
                yield Difference(part, where + 1, pieces)


def _pairs(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[tuple[int, str | None], tuple[int, str | None]]]:
    """Passages that stand for each other, in order, None where there is no other; each with its place."""
    for place, (old, new) in enumerate(zip_longest(before, after)):
        if old is not None and new is not None and not _are_alike(old, new):
            yield (place, old), (place, None)
            yield (place, None), (place, new)
        else:
            yield (place, old), (place, new)


def _are_alike(old: str, new: str) -> bool:
    words, others = old.split(), new.split()
    return len(words) < _FEW or difflib.SequenceMatcher(None, words, others, autojunk=False).ratio() >= _ALIKE


def _pieces(old: str | None, new: str | None) -> Iterator[Piece]:
    """The words of both, in the order of reading; none where both are empty."""
    before, after = _WORD.findall(old or ""), _WORD.findall(new or "")
    for kind, start, end, begin, until in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            yield Piece("same", "".join(before[start:end]))
            continue
        if end > start:
            yield Piece("removed", "".join(before[start:end]))
        if until > begin:
            yield Piece("added", "".join(after[begin:until]))
