"""A line of the dump back to the article that it was written from."""

from __future__ import annotations

from dataclasses import fields, is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Union, get_args, get_origin, get_type_hints

from archiver.article import Article
from archiver.errors import ArchiveDamaged

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def article_of(line: Mapping[str, Any]) -> Article:
    """The article: moments are aware datetimes, lists tuples, objects dataclasses. Keys of later releases are passed over.

    to_line() of it is the line again. Raises ArchiveDamaged where the line is no article's.
    """
    try:
        article: Article = _reader(Article)(line)
    except (TypeError, ValueError, KeyError, AttributeError) as problem:
        message = (
            f"{line.get('id', 'a line without an id')}: no record of an article ({problem!r}). See: archiver verify"
        )
        raise ArchiveDamaged(message) from problem
    return article


@cache
def _reader(hint: Any) -> Callable[[Any], Any]:
    """What reads a value of JSON as that type."""
    origin, arguments = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return _record_reader(hint)  # type: ignore[arg-type]  # no instance stands in an annotation
    if hint is datetime:
        return datetime.fromisoformat
    if origin is tuple:
        read = _reader(arguments[0])
        return tuple if read is _as_it_is else lambda value: tuple(map(read, value))
    if origin in (Union, UnionType) and NoneType in arguments:
        within = _reader(next(each for each in arguments if each is not NoneType))
        return _as_it_is if within is _as_it_is else lambda value: None if value is None else within(value)
    return _as_it_is


def _record_reader(record: type) -> Callable[[Any], Any]:
    hints = get_type_hints(record)
    readers = {each.name: _reader(hints[each.name]) for each in fields(record)}
    return lambda value: record(**{name: read(value[name]) for name, read in readers.items() if name in value})


def _as_it_is(value: Any) -> Any:
    return value
