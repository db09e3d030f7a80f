"""Whether a value is as a JSON Schema says: the part of 2020-12 that archiver.schema writes, fast enough for every line."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

Check = Callable[[Any], str | None]
"""A value to what is wrong with it and where in it, or None."""

_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "integer": (int,),
    "boolean": (bool,),
    "null": (type(None),),
    "array": (list,),
    "object": (dict,),
}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
"""RFC 3339, 5.6, as we write it."""


def checker(schema: Mapping[str, Any]) -> Check:
    """The check of a whole schema. Raises KeyError where it has a type that is not known here."""
    return _compiled(schema, {}, schema.get("$defs", {}))


def _compiled(schema: Mapping[str, Any], known: dict[str, Check], defs: Mapping[str, Any]) -> Check:
    if "$ref" in schema:
        return _referred(schema["$ref"].rpartition("/")[2], known, defs)
    if "anyOf" in schema:
        choices = [_compiled(each, known, defs) for each in schema["anyOf"]]
        return lambda value: min((choice(value) for choice in choices), key=lambda fault: fault is not None)
    checks = _plain(schema)
    if "items" in schema:
        checks.append(_items(_compiled(schema["items"], known, defs)))
    if "properties" in schema or "additionalProperties" in schema:
        checks.append(_properties(schema, known, defs))
    return lambda value: next((fault for check in checks if (fault := check(value)) is not None), None)


def _referred(name: str, known: dict[str, Check], defs: Mapping[str, Any]) -> Check:
    if name not in known:
        known[name] = _compiled(defs[name], known, defs)
    return known[name]


def _plain(schema: Mapping[str, Any]) -> list[Check]:
    """The checks of a value that do not look into it."""
    checks: list[Check] = []
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        types = tuple(each for name in names for each in _TYPES[name])
        allows_bool = bool in types
        said = " or ".join(names)
        checks.append(
            lambda value: (
                None if isinstance(value, types) and (allows_bool or not isinstance(value, bool)) else f": no {said}"
            )
        )
    if "enum" in schema or "const" in schema:
        checks.append(_choice(schema["enum"] if "enum" in schema else [schema["const"]]))
    if "pattern" in schema:
        fits = re.compile(schema["pattern"]).search
        checks.append(
            lambda value: None if not isinstance(value, str) or fits(value) else f": {value!r} has another form"
        )
    if "minimum" in schema:
        checks.append(_bound(schema["minimum"], schema.get("maximum")))
    if schema.get("format") == "date-time":
        checks.append(_moment)
    return checks


def _choice(allowed: list[Any]) -> Check:
    return lambda value: None if value in allowed else f": {value!r} is none of {allowed}"


def _bound(least: int, most: int | None) -> Check:
    def check(value: Any) -> str | None:
        is_out = isinstance(value, int) and (value < least or (most is not None and value > most))
        return f": {value} is out of bounds" if is_out else None

    return check


def _moment(value: Any) -> str | None:
    if not isinstance(value, str):
        return None
    try:
        if _MOMENT.fullmatch(value):
            datetime.fromisoformat(value)
            return None
    except ValueError:
        pass  # a day that the calendar does not have
    return f": {value!r} is no RFC 3339 time"


def _items(check: Check) -> Check:
    def checked(value: Any) -> str | None:
        if isinstance(value, list):
            for place, item in enumerate(value):
                if (fault := check(item)) is not None:
                    return f"[{place}]{fault}"
        return None

    return checked


def _properties(schema: Mapping[str, Any], known: dict[str, Check], defs: Mapping[str, Any]) -> Check:
    checks = {name: _compiled(each, known, defs) for name, each in schema.get("properties", {}).items()}
    required = schema.get("required", ())
    others = schema.get("additionalProperties", True)
    other = _compiled(others, known, defs) if isinstance(others, dict) else None

    def check(value: Any) -> str | None:
        if not isinstance(value, dict):
            return None
        for name in required:
            if name not in value:
                return f".{name}: is missing"
        for name, each in value.items():
            one = checks.get(name, other)
            if one is None:
                if others is False:
                    return f".{name}: is not known"
            elif (fault := one(each)) is not None:
                return f".{name}{fault}"
        return None

    return check
