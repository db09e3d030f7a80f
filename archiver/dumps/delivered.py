"""One file of a package that somebody hands over, and how far it is trusted: no byte beyond what it says it has is read."""

from __future__ import annotations

import hashlib
import json
import lzma
import re
import zipfile
import zlib
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.dumps.contents import PACKAGE_FORMAT
from archiver.dumps.package import PIECE
from archiver.errors import ArchiveDamaged, UsageError
from archiver.store.names import RUN, SEALED_MONTH, SITE, is_captures

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path
    from typing import IO

LARGEST_DESCRIPTION = 16_000_000
"""Bytes of a file that is read as one: a description, a report of a run."""
DESCRIPTION = "datapackage.json"

_OWN = re.compile(r"site\.json|manifest\.jsonl|takedowns\.jsonl|remembered\.json")
UNREADABLE = (OSError, KeyError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile, lzma.LZMAError)
"""What zipfile raises of a member that is damaged, encrypted, packed in a way of its own, or not there."""
_ADVICE = re.compile(r"\. (?:Restore|See)\b[^.]*(?:\.gz|\.jsonl|\.json)?$")
"""At the end of a message about a file that stands in an archive."""
_AGAIN = ". Get the package again"
_ODD = (
    KeyError, TypeError, ValueError, AttributeError, IndexError, RecursionError, OverflowError, EOFError,
    zipfile.BadZipFile, zlib.error, lzma.LZMAError,
)  # fmt: skip
"""What our own readers meet in files that we have not written."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One file of an archive, in the package."""

    name: str
    """From the site's folder."""
    shown: str
    """Where it stands, for messages."""
    sha256: str
    size: int
    """Bytes."""
    open: Callable[[], IO[bytes]]

    def pieces(self) -> Iterator[bytes]:
        """Its bytes. Raises ArchiveDamaged where there are more than it says, and, at the end, where they are others."""
        digest, size = hashlib.sha256(), 0
        if self.size > LARGEST_DESCRIPTION and self.name.endswith(".json"):
            raise damaged(
                self.shown, f"{self.size / 1e6:,.0f} MB is no description ({LARGEST_DESCRIPTION / 1e6:.0f} MB)"
            )
        try:
            with self.open() as file:
                while piece := file.read(PIECE):
                    size += len(piece)
                    if size > self.size:
                        raise damaged(self.shown, "it is longer than the package says")
                    digest.update(piece)
                    yield piece
        except UNREADABLE as problem:
            raise damaged(self.shown, f"cannot be read ({problem})") from problem
        if digest.hexdigest() != self.sha256:
            raise damaged(self.shown, "its SHA-256 is not the one that the package lists")


@dataclass(kw_only=True)
class Delivery:
    """A package."""

    path: Path
    told: dict[str, Any]
    """What it says of itself."""
    files: dict[str, dict[str, Delivered]] = field(default_factory=lambda: defaultdict(dict))
    """Site to name to file."""

    @property
    def is_range(self) -> bool:
        """Whether it holds a part of the articles only."""
        return bool(self.told.get("since") or self.told.get("until"))


def is_ours(name: str) -> bool:
    """Whether it is the name of a file of a site's archive, as a package names them."""
    forms = (_OWN, RUN, SEALED_MONTH)
    return is_captures(name) or any(form.fullmatch(name) for form in forms)


def told_by(path: Path, raw: bytes) -> dict[str, Any]:
    """What the description of a package says of it. Raises UsageError where it is no export, ArchiveDamaged."""
    try:
        told = json.loads(raw)["archiver"]
        sites, form = told["sites"], int(told["format"])
        names = [*sites] if isinstance(sites, dict) else []
    except (ValueError, KeyError, TypeError) as problem:
        raise no_export(path) from problem
    if form > PACKAGE_FORMAT:
        message = f"{path}: format {form} is of a later release (this one knows {PACKAGE_FORMAT}). Upgrade archiver"
        raise UsageError(message)
    if not names or not all(SITE.fullmatch(name) for name in names):
        raise damaged(str(path), f"{names!r} are no names of sites")
    return dict(told)


@contextmanager
def distrusted(shown: str) -> Iterator[None]:
    """Raises ArchiveDamaged, naming `shown`, where a reader inside trips over what no archiver has written."""
    try:
        yield
    except _ODD as problem:
        raise damaged(shown, f"not as archiver writes it ({problem!r:.200})") from problem


@contextmanager
def as_in_package(delivery: Delivery, site: str, part: Path) -> Iterator[None]:
    """Raises ArchiveDamaged where files of a site, written to `part`, are not as archiver writes them.

    It names the package's own files: those that are being written are gone when it is read.
    """
    try:
        with distrusted(f"{delivery.path}: {site}"):
            yield
    except ArchiveDamaged as damage:
        told = str(damage)
        for name, file in delivery.files[site].items():
            told = told.replace(str(part / name), file.shown)
            told = told.replace(str(part / name.removesuffix(".gz")), file.shown)
        told = _ADVICE.sub("", told.replace(str(part), f"{delivery.path}: {site}"))
        message = f"{told.removesuffix(_AGAIN)}{_AGAIN}"
        raise ArchiveDamaged(message) from damage


def no_export(path: Path) -> UsageError:
    """Where it is none of archiver's."""
    message = f"{path}: no export of archiver. Of WARC files of any origin see: archiver verify FILE"
    return UsageError(message)


def damaged(shown: str, problem: str) -> ArchiveDamaged:
    """Where a file of a package is not as it should be."""
    message = f"{shown}: {problem}{_AGAIN}"
    return ArchiveDamaged(message)
