"""What can be told again of an article's text in other places: its title, sentences, captions and speaking addresses.

Texts are compared as they are read: character references and JSON's escapes resolved, only letters and digits, without
case. So a sentence is found again in HTML, in a feed, in the JSON of a load-more answer and in a line.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any, Literal
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

from archiver.text import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

Kind = Literal["title", "lead", "body", "caption", "address"]

SHORTEST = 20
"""Letters: a shorter text is anybody's."""
_SHORTEST_TITLE = 8
_SPEAKING_WORDS = 3
"""So many words of the title in an address make it tell of the article."""

_SENTENCE_ENDS = re.compile(r"(?<=[.!?…])[\"'”’»)\]]*\s+|\n+")
_TAG = re.compile(r"<[^<>]*>")
_ESCAPE = re.compile(r"((?:\\u[0-9a-fA-F]{4})+)|\\([\"/\\nrtbf])")
_NO_LETTER = re.compile(r"[\W_]+")
_WORD = re.compile(r"[a-z0-9]+")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t", "b": " ", "f": " "}


@dataclass(frozen=True, slots=True)
class Passage:
    """A text of the article by which it is known again."""

    kind: Kind
    key: str
    """As as_read() gives it; of an address its path and query."""


def as_read(text: str) -> str:
    """`text` as it is compared."""
    plain = _TAG.sub("", unescape(unescape(_ESCAPE.sub(_resolved, text))))
    return _NO_LETTER.sub("", normalize("NFC", plain).casefold())


def passages(lines: Iterable[Mapping[str, Any]]) -> frozenset[Passage]:
    """Those of an article, by its lines or by what was read in its captures."""
    return frozenset(passage for line in lines for passage in _of_line(line) if passage.key)


def _of_line(line: Mapping[str, Any]) -> Iterator[Passage]:
    title = as_read(line["title"])
    if len(title) >= _SHORTEST_TITLE:
        yield Passage("title", title)
    yield from _sentences("lead", line["lead"])
    for text in texts_of_blocks(line["blocks"]):
        yield from _sentences("body", text)
    yield from _sentences("body", line["body"])
    for image in line["images"]:
        yield from _sentences("caption", image["caption"])
        yield from _sentences("caption", image["alt"])
    for url in (line["url"], line["canonical_url"], *line["aliases"]):
        if tells_of(url, line["title"]):
            yield Passage("address", path_of(url))


def texts_of_blocks(blocks: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    """Every text in the blocks of a line."""
    for block in blocks:
        yield block.get("text") or ""
        yield from block.get("items") or ()
        for row in block.get("rows") or ():
            yield from row


def own_text(line: Mapping[str, Any]) -> str:
    """What a line says itself, as it is read: not what it says of others in `related`."""
    captions = (image["caption"] for image in line["images"])
    return "\n".join(map(as_read, (line["title"], line["lead"], line["body"], *captions)))


def tells_of(url: str, title: str) -> bool:
    """Whether the address is made of the words of the title."""
    words = set(_WORD.findall(fold(title)))
    return len(words & set(_WORD.findall(fold(unquote(path_of(url)))))) >= min(_SPEAKING_WORDS, max(1, len(words)))


def path_of(url: str) -> str:
    """Path and query of an address."""
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _sentences(kind: Kind, text: str) -> Iterator[Passage]:
    for sentence in _SENTENCE_ENDS.split(text or ""):
        key = as_read(sentence)
        if len(key) >= SHORTEST:
            yield Passage(kind, key)


def _resolved(escape: re.Match[str]) -> str:
    if escape[1]:
        # Signs beyond U+FFFF are two escapes, the halves of a pair (RFC 8259, 7).
        units = bytes.fromhex(escape[1].replace("\\u", ""))
        return units.decode("utf-16-be", errors="replace")
    return _ESCAPED.get(escape[2], escape[2])
