"""A folder that is handed over, while it is made: beside its place, and there whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from archiver.errors import ArchiveDamaged, ArchiverError, UsageError
from archiver.store import disk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

SUMS = "SHA256SUMS"
PIECE = 1 << 18

Role = Literal["articles", "earlier", "lines", "events", "gaps", "captures", "archive", "wacz", "schema", "about"]
"""articles, earlier: newest revisions, and those before them, in the shape of a format. lines, events, captures, archive:
the archive's own files."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """One file of the package: from these all lists of files are made."""

    path: str
    """From the package's folder."""
    bytes: int
    sha256: str
    role: Role
    site: str | None = None
    rows: int | None = None
    """Lines or rows, the head of a table left out; None: it is no table."""


class Package:
    """The folder, and what was written into it so far."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files: list[Packed] = []

    def write(
        self, path: str, pieces: Iterable[bytes], role: Role, *, site: str | None = None, rows: Rows | None = None
    ) -> Packed:
        """Makes a file of `pieces`; `rows` is asked when they are written. Raises OSError."""
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        digest, size = hashlib.sha256(), 0
        with target.open("xb") as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
            file.flush()
            os.fsync(file.fileno())
        return self.note(path, size, digest.hexdigest(), role, site=site, rows=rows)

    def note(
        self, path: str, size: int, sha256: str, role: Role, *, site: str | None = None, rows: Rows | None = None
    ) -> Packed:
        """Lists a file that somebody else has written."""
        count = rows.count if rows is not None else None
        packed = Packed(path=path, bytes=size, sha256=sha256, role=role, site=site, rows=count)
        self.files.append(packed)
        return packed

    def write_json(self, path: str, value: Any, role: Role) -> Packed:
        """Makes a file of one JSON value, for people to read too. Raises OSError."""
        return self.write(path, [json.dumps(value, ensure_ascii=False, indent=2).encode() + b"\n"], role)


class Rows:
    """Passes rows on and counts them, those of a head left out."""

    def __init__(self, given: Iterable[bytes], *, head: int = 0) -> None:
        self._given = given
        self.count = -head

    def __iter__(self) -> Iterator[bytes]:
        for row in self._given:
            self.count += 1
            yield row


def pieces_of(path: Path) -> Iterator[bytes]:
    """A file as it stands. Raises OSError."""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            yield piece


def sha256_of(path: Path) -> str:
    """Of a file, in hexadecimal. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def packing(folder: Path, is_ours: Callable[[Path], bool]) -> Iterator[Package]:
    """A package that becomes `folder` when the block has ended well; what the disk refuses is told in our words.

    A folder that is there must be empty, or a package that `is_ours`: then it is replaced. Raises UsageError, DiskTrouble,
    and ArchiveDamaged where a file of the archive cannot be read.
    """
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()):
        message = f"--out {folder} is no folder. Give another"
        raise UsageError(message)
    if folder.exists() and any(folder.iterdir()) and not is_ours(folder):
        message = f"--out {folder} holds other files than an export's. Give an empty folder, or a new one"
        raise UsageError(message)
    folder = folder.absolute()
    part, old = (folder.with_name(f".{folder.name}.{state}") for state in ("part", "old"))
    try:
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir(parents=True)
        yield Package(part)
        for name in sorted(path for path in (part, *part.rglob("*")) if path.is_dir()):
            disk.sync_folder(name)
        if folder.exists() and any(folder.iterdir()):
            shutil.rmtree(old, ignore_errors=True)
            disk.rename(folder, old)
        disk.rename(part, folder)
        disk.sync_folder(folder.parent)
        shutil.rmtree(old, ignore_errors=True)
    except OSError as error:
        raise _trouble(folder, error) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _trouble(folder: Path, error: OSError) -> ArchiverError:
    named = Path(error.filename) if isinstance(error.filename, str) else folder
    if not named.is_relative_to(folder.parent) and named not in folder.parents:
        message = f"{named}: cannot be read ({error.strerror}). See what is damaged: archiver verify"
        return ArchiveDamaged(message)
    if error.errno == errno.EROFS:
        message = f"--out {folder}: cannot be written ({error.strerror}). Choose another --out DIR"
        return UsageError(message)
    return disk.trouble(folder, error, option="--out", again="then export again")
