"""The JSON Schema (2020-12) of one line of the dump, read off the dataclasses of archiver.article and their docstrings; and
lines read by it.
"""

from __future__ import annotations

import ast
import inspect
import json
import re
import sys
from dataclasses import is_dataclass
from datetime import datetime
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, Literal, Union, get_args, get_origin, get_type_hints

from archiver import article
from archiver.article import SCHEMA_VERSION, Article, Block
from archiver.conformity import checker
from archiver.errors import ArchiveDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from types import ModuleType

    from archiver.conformity import Check

_SHA256 = {"pattern": "^[0-9a-f]{64}$"}
_HTTP_OR_NONE = {"pattern": "^(https?://[^\\s/]|$)"}
_UTC = {"pattern": "Z$"}
_COUNT = {"minimum": 0}

_FORMS: Mapping[str, Mapping[str, Any]] = {
    "Article.schema_version": {"const": SCHEMA_VERSION},
    "Article.id": {"pattern": "^[^\\s/]+:[^\\s/:]+$"},
    "Article.revision": {"minimum": 1},
    "Article.revision_id": _SHA256,
    "Article.supersedes": _SHA256,
    "Article.site": {"pattern": "^[^\\s/]+$"},
    "Article.language": {"pattern": "^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$"},
    "Article.url": _HTTP_OR_NONE,
    "Article.canonical_url": _HTTP_OR_NONE,
    "Article.comment_count": _COUNT,
    "Article.first_seen_at": _UTC,
    "Article.fetched_at": _UTC,
    "Attachment.sha256": _SHA256,
    "Block.level": {"minimum": 1, "maximum": 6},
    "Block.image": _COUNT,
    "Capture.offset": _COUNT,
    "Capture.length": {"minimum": 1},
    "Capture.record_id": {"pattern": "^<urn:uuid:[0-9a-f-]{36}>$"},
    "Capture.payload_digest": {"pattern": "^[a-z0-9-]+:\\S+$"},
    "Capture.http_status": {"minimum": 100, "maximum": 599},
}
"""What a field's type leaves open and its meaning does not."""

_ABSENT_WHERE_NULL = {"Event.file"}
"""Fields that a line lacks when there is nothing to tell."""

_SCALARS: Mapping[Any, Mapping[str, str]] = {
    str: {"type": "string"},
    int: {"type": "integer"},
    bool: {"type": "boolean"},
    datetime: {"type": "string", "format": "date-time"},
    NoneType: {"type": "null"},
}


def record_schema() -> dict[str, Any]:
    """The schema, complete in itself; properties stand in the order of a line's keys."""
    defs: dict[str, Any] = {}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:archiver:record:{SCHEMA_VERSION}",
        "$comment": "x-schema-org names the property of schema.org's NewsArticle that means the same.",
        "title": f"Archived news article, record {SCHEMA_VERSION}",
        **_object(Article, _docstrings(article), defs),
        "$defs": defs,
    }


def article_in(raw: bytes, place: str) -> dict[str, Any]:
    """The record in a line. Raises ArchiveDamaged, which names `place` and what is wrong, where it is none."""
    try:
        line: dict[str, Any] = json.loads(raw)
        fault = _record_check()(line)
    except (ValueError, RecursionError) as problem:
        message = f"{place}: no line of an article ({problem}). See what is damaged: archiver verify"
        raise ArchiveDamaged(message) from problem
    if fault is None and not (line["fetched_at"] and line["first_seen_at"]):
        fault = "not fetched at any time"
    if fault is not None:
        message = f"{place}: no line of an article ({fault.lstrip('.: ')}). See what is damaged: archiver verify"
        raise ArchiveDamaged(message)
    return line


@cache
def _record_check() -> Check:
    return checker(record_schema())


def line_schema(cls: type) -> dict[str, Any]:
    """The same of another kind of line: a dataclass with a docstring under each field."""
    defs: dict[str, Any] = {}
    described = _object(cls, _docstrings(sys.modules[cls.__module__]), defs)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **described, "$defs": defs}


def _object(cls: type, docstrings: Mapping[str, str], defs: dict[str, Any]) -> dict[str, Any]:
    types = get_type_hints(cls)
    return {
        "description": docstrings[cls.__name__],
        "type": "object",
        "properties": {
            name: {
                **_described(docstrings[f"{cls.__name__}.{name}"]),
                **_typed(annotation, docstrings, defs),
                **_FORMS.get(f"{cls.__name__}.{name}", {}),
            }
            for name, annotation in types.items()
        },
        "required": _required(cls, types),
        "additionalProperties": False,
    }


def _required(cls: type, names: Iterable[str]) -> list[str]:
    """A block has the keys of its type only; every other object has its keys, empty or not."""
    return ["type"] if cls is Block else [name for name in names if f"{cls.__name__}.{name}" not in _ABSENT_WHERE_NULL]


def _described(docstring: str) -> dict[str, str]:
    """The docstring in one line; a name in brackets at its end is schema.org's."""
    text, _, name = re.fullmatch(r"(.*?)( \[(\w+)\])?", docstring).groups()  # type: ignore[union-attr]  # always matches
    return {"description": text, "x-schema-org": name} if name else {"description": text}


def _typed(annotation: Any, docstrings: Mapping[str, str], defs: dict[str, Any]) -> dict[str, Any]:
    """The schema of what `annotation` allows; a dataclass goes into `defs` and is referred to."""
    if annotation in _SCALARS:
        return dict(_SCALARS[annotation])
    if is_dataclass(annotation):
        name = annotation.__name__  # type: ignore[union-attr]  # no instance stands in an annotation
        if name not in defs:
            defs[name] = _object(annotation, docstrings, defs)  # type: ignore[arg-type]  # the same
        return {"$ref": f"#/$defs/{name}"}
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple and arguments[1:] == (...,):
        return {"type": "array", "items": _typed(arguments[0], docstrings, defs)}
    if origin is dict and arguments[0] is str:
        return {"type": "object", "additionalProperties": _typed(arguments[1], docstrings, defs)}
    if origin in (Union, UnionType):
        return _one_of([_typed(each, docstrings, defs) for each in arguments])
    message = f"no JSON Schema for {annotation}. Teach archiver.schema its form"
    raise TypeError(message)


def _one_of(choices: list[dict[str, Any]]) -> dict[str, Any]:
    """Several schemas as one: two plain types as a list of types, an enum with null in it, else `anyOf`."""
    first, *others = choices
    if others == [_SCALARS[NoneType]] and "enum" in first:
        return {"enum": [*first["enum"], None]}
    if others == [_SCALARS[NoneType]] and "type" in first:
        return {**first, "type": [first["type"], "null"]}
    return {"anyOf": choices}


def _docstrings(module: ModuleType) -> dict[str, str]:
    """`Class` and `Class.field` of a module to the docstring below it, its lines joined."""
    found: dict[str, str] = {}
    for cls in ast.parse(inspect.getsource(module)).body:
        if not isinstance(cls, ast.ClassDef):
            continue
        found[cls.name] = ast.get_docstring(cls) or ""
        for field, below in zip(cls.body, cls.body[1:], strict=False):
            match field, below:
                case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                    found[f"{cls.name}.{name}"] = " ".join(text.split())
    return found
