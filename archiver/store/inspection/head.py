"""The head of a WARC record: its named fields, and what is wrong with them.

Rules: ISO 28500:2017 (WARC 1.1), sections 4 and 5; https://iipc.github.io/warc-specifications/.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

Fault = tuple[str, str]
"""Code of a finding, and what is to be said."""

VERSIONS = ("WARC/0.17", "WARC/0.18", "WARC/1.0", "WARC/1.1")
TYPES = ("warcinfo", "response", "resource", "request", "metadata", "revisit", "conversion", "continuation")
_TRUNCATIONS = ("length", "time", "disconnect", "unspecified")
_OF_A_URI = ("response", "resource", "request", "revisit", "conversion", "continuation")
_PROVED_BY_DIGEST = ("response", "resource", "request", "revisit")
_ONLY_ONCE = frozenset(
    "warc-type warc-record-id warc-date content-length content-type warc-ip-address warc-block-digest"
    " warc-payload-digest warc-target-uri warc-refers-to warc-refers-to-target-uri warc-refers-to-date warc-truncated"
    " warc-warcinfo-id warc-filename warc-profile warc-identified-payload-type warc-segment-origin-id"
    " warc-segment-number warc-segment-total-length".split()
)
"""All fields of the standard but WARC-Concurrent-To (section 5.1)."""

_FIELD = re.compile(r"([!#$%&'*+.^_`|~0-9A-Za-z-]+)[ \t]*:([^\x00-\x08\x0b-\x1f\x7f]*)")
_ID = re.compile(r"<[A-Za-z][A-Za-z0-9+.-]*:[^\s<>]+>")
_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T(\d\d):(\d\d)(?::(\d\d)(?:\.\d{1,9})?)?Z)?)?)?", re.ASCII)
# RFC 3986 without what browsers and Scrapy leave as it is: \ ^ ` { | } stand in many a good archive.
_NOT_OF_A_URI = re.compile(r"[^!#-;=?-~]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")


@dataclass(frozen=True, slots=True)
class Head:
    """A version line and named fields, names in small letters."""

    raw: bytes
    version: str
    fields: dict[str, list[str]]
    faults: tuple[Fault, ...]
    """Lines that are no field."""

    def get(self, name: str) -> str | None:
        """The first value of a field, None where it is missing or empty."""
        values = self.fields.get(name)
        return values[0] or None if values else None

    def uri(self, name: str) -> str | None:
        """A URI without the angle brackets that wget writes around it, as the grammar of WARC 1.0 said."""
        value = self.get(name)
        return value[1:-1] if value and value[0] == "<" and value[-1] == ">" else value

    @property
    def type(self) -> str | None:
        """WARC-Type."""
        return self.get("warc-type")

    @property
    def record_id(self) -> str | None:
        """WARC-Record-ID, in its angle brackets."""
        return self.get("warc-record-id")

    @property
    def date(self) -> str | None:
        """WARC-Date, if it names a moment."""
        value = self.get("warc-date")
        return value if value and _is_date(value) else None

    @property
    def length(self) -> int | None:
        """Content-Length in bytes; None: it is missing, or no number."""
        value = self.get("content-length")
        return int(value) if value and value.isascii() and value.isdigit() and len(value) < 19 else None

    @property
    def is_http(self) -> bool:
        """Whether the block begins with an HTTP head."""
        if self.type not in ("response", "request", "revisit"):
            return False
        form = self.get("content-type")
        if form is None:
            return (self.uri("warc-target-uri") or "").lower().startswith(("http:", "https:"))
        return form.partition(";")[0].strip().lower() == "application/http"


def parse_head(raw: bytes) -> Head:
    """The head of a record, read as far as it goes."""
    faults: list[Fault] = []
    if raw.count(b"\n") != raw.count(b"\r\n"):
        faults.append(("bad-head-line", "a line of the record's head does not end in CR LF"))
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode(errors="replace")
        faults.append(("bad-head-line", "the record's head is not UTF-8"))
    version, *lines = text.replace("\r\n", "\n").rstrip("\n").split("\n")
    fields: dict[str, list[str]] = {}
    values: list[str] = []
    for line in lines:
        if field := _FIELD.fullmatch(line):
            values = fields.setdefault(field[1].lower(), [])
            values.append(field[2].strip(" \t"))
        elif line[:1] in (" ", "\t") and values:
            # A line that begins with white space goes on with the value before it (section 4).
            values[-1] = f"{values[-1]} {line.strip()}".strip()
        else:
            faults.append(("bad-head-line", f"a line of the record's head is no field: {line[:80]}"))
    return Head(raw, version, fields, tuple(faults))


def head_faults(head: Head) -> Iterator[Fault]:
    """What is wrong with a head by itself, Content-Length apart."""
    yield from head.faults
    if head.version not in VERSIONS:
        yield "unknown-version", f"the record's version is {head.version[:40]}, not one of {', '.join(VERSIONS)}"
    for name, values in head.fields.items():
        if len(values) > 1 and name in _ONLY_ONCE:
            yield "doubled-field", f"{_shown(name)} stands {len(values)} times in the record's head"
    yield from _identity_faults(head)
    yield from _uri_faults(head)
    if _lacks_digest(head):
        yield "no-digest", f"{named(head)} has no digest of its body"
    truncation = head.get("warc-truncated")
    if truncation is not None and truncation.lower() not in _TRUNCATIONS:
        yield "unknown-truncation", f"{named(head)} has WARC-Truncated: {truncation[:40]}"


def named(head: Head) -> str:
    """A record in a few words."""
    kind, place = head.type or "record", head.uri("warc-target-uri") or head.record_id
    return f"the {kind[:20]} {place[:200]}" if place else f"a {kind[:20]}"


def _identity_faults(head: Head) -> Iterator[Fault]:
    kind, record_id, date = head.type, head.record_id, head.get("warc-date")
    if kind is None:
        yield "no-type", f"{named(head)} has no WARC-Type"
    elif kind not in TYPES:
        yield "unknown-type", f"{named(head)} has a WARC-Type that the standard does not know"
    if record_id is None:
        yield "no-record-id", f"{named(head)} has no WARC-Record-ID"
    elif not _ID.fullmatch(record_id):
        yield "bad-record-id", f"{named(head)} has a WARC-Record-ID that is no URI in angle brackets: {record_id[:80]}"
    if date is None:
        yield "no-date", f"{named(head)} has no WARC-Date"
    elif not _is_date(date):
        yield "bad-date", f"{named(head)} has a WARC-Date that names no moment: {date[:40]}"


def _uri_faults(head: Head) -> Iterator[Fault]:
    if head.type in _OF_A_URI and head.get("warc-target-uri") is None:
        yield "no-uri", f"{named(head)} has no WARC-Target-URI"
    for name in ("warc-target-uri", "warc-refers-to-target-uri"):
        uri = head.uri(name)
        if uri is None:
            continue
        if odd := _NOT_OF_A_URI.search(uri):
            yield "bad-uri", f"{_shown(name)} has a character that no URI may have, {odd[0]!r}: {uri[:200]}"
        elif not _SCHEME.match(uri):
            yield "bad-uri", f"{_shown(name)} has no scheme: {uri[:200]}"


def _lacks_digest(head: Head) -> bool:
    """A revisit for an identical payload must tell the payload's digest (section 6.7.2)."""
    if head.type not in _PROVED_BY_DIGEST or head.get("warc-payload-digest"):
        return False
    if head.type == "revisit" and (head.get("warc-profile") or "").endswith("/identical-payload-digest"):
        return True
    return head.get("warc-block-digest") is None


def _is_date(value: str) -> bool:
    """Whether `value` is of the W3C profile of ISO 8601 that WARC 1.1 allows, and of the calendar."""
    parts = _DATE.fullmatch(value)
    if parts is None:
        return False
    year, month, day, hour, minute, second = (int(part) if part else None for part in parts.groups())
    with suppress(ValueError):
        datetime(year or 0, month or 1, day or 1, hour or 0, minute or 0, second or 0)  # noqa: DTZ001  # UTC by its Z
        return True
    return False


def _shown(name: str) -> str:
    """A field's name as it is printed in the standard."""
    words = (word.upper() if word in ("warc", "uri", "id", "ip") else word.capitalize() for word in name.split("-"))
    return "-".join(words)
