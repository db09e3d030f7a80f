"""What a record must have before it becomes a line, and the form its text takes."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any
from unicodedata import is_normalized, normalize

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.article import Article

_ADDRESSES = frozenset({"url", "canonical_url", "aliases"})
"""Never touched: another normal form is another address."""


def normalised(article: Article) -> Article:
    """The article with every text in NFC, whatever a site's own rule forgot."""
    if all(is_normalized("NFC", text) for text in _texts(article)):
        return article
    return _nfc(article)  # type: ignore[no-any-return]  # an article gives an article


def fault(article: Article) -> str | None:
    """Why the article is no record, as a code; None: it has every required field, each of a usable kind."""
    if not article.id.startswith(f"{article.site}:"):
        return "no_id"
    if not article.title.strip():
        return "no_title"
    if article.published_at is None:
        return "no_time"
    if article.published_at.tzinfo is None:
        return "time_without_zone"
    places = [block.image for block in article.blocks if block.type == "image"]
    if any(place is None or not 0 <= place < len(article.images) for place in places):
        return "image_out_of_place"
    return None


def _texts(value: Any) -> Iterator[str]:
    """Every text that _nfc would touch."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, tuple):
        for each in value:
            yield from _texts(each)
    elif is_dataclass(value) and not isinstance(value, type):
        for name in _names(type(value)):
            yield from _texts(getattr(value, name))


@cache
def _names(cls: type) -> tuple[str, ...]:
    return tuple(each.name for each in fields(cls) if each.name not in _ADDRESSES)


def _nfc(value: Any) -> Any:
    if isinstance(value, str):
        return normalize("NFC", value)
    if isinstance(value, tuple):
        return tuple(_nfc(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{name: _nfc(getattr(value, name)) for name in _names(type(value))})
    return value
