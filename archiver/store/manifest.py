"""`manifest.jsonl`: one line a file that is never written again, each with the digest of the line before."""

from __future__ import annotations

import hashlib
import json
import os
from collections import deque
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from archiver.errors import ArchiveDamaged
from archiver.store import disk
from archiver.store.jsonl import lines, move_aside, whole_bytes
from archiver.store.names import is_closed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAME = "manifest.jsonl"

_LEFT_OUT = {"records": None, "captures": None, "lines": None, "cause": "closed", "replaces": None, "reason": None}
"""What a line does not say where it is so: lines of captures are as releases before wrote them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """One line: a file as it was when it was closed."""

    file: str
    """Name from the site's folder."""
    bytes: int
    sha256: str
    records: int | None = None
    """WARC records; null where the file is none of captures."""
    captures: int | None = None
    """Responses and revisits among them."""
    lines: int | None = None
    """Lines of a sealed month; null where the file is none."""
    first: str | None = None
    """WARC-Date of the first capture; of a month, when its first line was made."""
    last: str | None = None
    cause: Literal["closed", "opened", "takedown"] = "closed"
    """closed: the file is not written again. opened: a sealed month has got a late line, so this file is no more and the
    open one stands in its place. takedown: something in it was overwritten on purpose, as takedowns.jsonl tells."""
    replaces: str | None = None
    """Of a takedown: the SHA-256 that the file had before it."""
    reason: str | None = None
    """Of a takedown: why, as a code."""
    previous: str | None = None
    """SHA-256 of the line before, its newline included; null in the first line."""


class Manifest:
    """The manifest of one site, one writer at a time."""

    def __init__(self, site_folder: Path) -> None:
        self.path = site_folder / NAME

    def mend(self) -> None:
        """Moves a torn last line aside."""
        if self.path.exists() and whole_bytes(self.path) != self.path.stat().st_size:
            move_aside(self.path, whole_bytes(self.path))

    def sealed(self) -> Iterator[Sealed]:
        """Every line. Raises ArchiveDamaged where one cannot be read or does not follow from the line before."""
        previous = None
        standing: dict[str, str] = {}
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for (offset, value), raw in zip(lines(self.path), file, strict=True):
                try:
                    line = _line(value)
                except TypeError as problem:
                    message = f"{self.path}, byte {offset}: {problem}. Restore the file from a backup"
                    raise ArchiveDamaged(message) from problem
                if line.previous != previous:
                    message = (
                        f"{self.path}, byte {offset}: the line of {line.file} does not follow from the line before it:"
                        " lines were changed or removed. Restore the file from a backup"
                    )
                    raise ArchiveDamaged(message)
                if line.cause == "takedown" and line.replaces != standing.get(line.file):
                    message = (
                        f"{self.path}, byte {offset}: a takedown of {line.file} that is none of the file listed before."
                        " Restore the file from a backup"
                    )
                    raise ArchiveDamaged(message)
                standing[line.file] = line.sha256
                previous = hashlib.sha256(raw).hexdigest()
                yield line

    def standing(self) -> dict[str, Sealed]:
        """The last line of each file that is there, in the order of their first lines. Raises ArchiveDamaged."""
        last = {line.file: line for line in self.sealed()}
        return {file: line for file, line in last.items() if line.cause != "opened"}

    def append(self, sealed: Sealed) -> None:
        """Adds a line, chained to the last one; it is on the disk. Raises DiskTrouble."""
        stated = {
            name: value for name, value in asdict(sealed).items() if name not in _LEFT_OUT or value != _LEFT_OUT[name]
        }
        line = json.dumps({**stated, "previous": self._last_digest()}, ensure_ascii=False)
        try:
            descriptor = disk.append_to(self.path)
            size = os.fstat(descriptor).st_size
            try:
                disk.write(descriptor, line.encode() + b"\n")
                disk.sync(descriptor)
            except OSError:
                disk.cut(descriptor, size)
                raise
            finally:
                os.close(descriptor)
        except OSError as error:
            raise disk.trouble(self.path, error) from error

    def _last_digest(self) -> str | None:
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            last = deque(file, maxlen=1)
        return hashlib.sha256(last[0]).hexdigest() if last else None


def _line(value: dict[str, Any]) -> Sealed:
    """Raises TypeError where it is none: what it names is read, and its sums are compared."""
    line = Sealed(**value)
    counts = (line.bytes, *(each for each in (line.records, line.captures, line.lines) if each is not None))
    texts = (line.file, line.sha256, *(each for each in (line.first, line.last, line.reason) if each is not None))
    if not all(type(each) is int for each in counts) or not all(isinstance(each, str) for each in texts):
        raise TypeError("no line of a manifest")  # noqa: EM101, TRY003  # becomes damage, with its place
    if not is_closed(line.file):
        raise TypeError(f"{line.file!r} is no file that is listed")  # noqa: EM102, TRY003  # the same
    return line
