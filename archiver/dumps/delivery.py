"""A package that somebody hands over, read with distrust: which files of an archive are in it, each whole by its digest.

A folder or a .wacz. Names are taken from what the package lists of itself and must be those of an archive's files: no
path, link or name in it reaches anything else.
"""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
import zlib
from collections import defaultdict
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from archiver.dumps.contents import PACKAGE_FORMAT
from archiver.dumps.package import PIECE, SUMS
from archiver.errors import ArchiveDamaged, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import IO

_SITE = re.compile(r"[A-Za-z0-9][\w.-]*")
_OURS = re.compile(
    r"site\.json|manifest\.jsonl|takedowns\.jsonl|remembered\.json|runs/\d{8}T\d{6}Z(?:-\d+)?\.json"
    r"|(?:articles|events)/\d{4}/\d{4}-\d{2}\.jsonl\.gz|captures/\d{4}/\d{2}/[\w.-]+-\d{8}T\d{6}Z-\d+\.warc\.gz"
)
"""Files of a site's archive, as a package names them."""
_WARC = re.compile(r"archive/([\w.-]+-(\d{4})(\d{2})\d{2}T\d{6}Z-\d+\.warc\.gz)")
_LINES = re.compile(r"lines/(articles|events)-((\d{4})-\d{2}\.jsonl\.gz)")
_DESCRIPTION = "datapackage.json"
_UNREADABLE = (OSError, KeyError, EOFError, RuntimeError, zlib.error, zipfile.BadZipFile)
"""What zipfile raises of a member that is damaged, encrypted, packed in a way of its own, or not there."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """One file of an archive, in the package."""

    name: str
    """From the site's folder."""
    shown: str
    """Where it stands, for messages."""
    sha256: str
    open: Callable[[], IO[bytes]]

    def pieces(self) -> Iterator[bytes]:
        """Its bytes. Raises ArchiveDamaged, at the end, where they are not those that the package lists."""
        digest = hashlib.sha256()
        try:
            with self.open() as file:
                while piece := file.read(PIECE):
                    digest.update(piece)
                    yield piece
        except _UNREADABLE as problem:
            raise _damaged(self.shown, f"cannot be read ({problem})") from problem
        if digest.hexdigest() != self.sha256:
            raise _damaged(self.shown, "its SHA-256 is not the one that the package lists")


@dataclass(kw_only=True)
class Delivery:
    """A package."""

    told: dict[str, Any]
    """What it says of itself."""
    files: dict[str, dict[str, Delivered]] = field(default_factory=lambda: defaultdict(dict))
    """Site to name to file."""

    @property
    def is_range(self) -> bool:
        """Whether it holds a part of the articles only."""
        return bool(self.told.get("since") or self.told.get("until"))


@contextmanager
def delivery(path: Path) -> Iterator[Delivery]:
    """What is in a folder or a .wacz. Raises UsageError where it is no export, ArchiveDamaged where it is damaged."""
    if path.is_dir():
        yield _of_folder(path)
    elif path.is_file():
        try:
            archive = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError) as problem:
            raise _damaged(str(path), f"no whole .wacz ({problem})") from problem
        with archive:
            yield _of_wacz(path, archive)
    else:
        message = f"{path}: there is no such folder or file"
        raise UsageError(message)


def _of_folder(folder: Path) -> Delivery:
    described = folder / _DESCRIPTION
    if described.is_symlink() or not described.is_file():
        raise _no_export(folder)
    sums = _sums(folder)
    delivered = Delivery(told=_told(folder, described.read_bytes()))
    for path, sha256 in sums.items():
        here = _inside(folder, path)
        if not path.startswith("data/"):
            _require_sum(here, sha256)
            continue
        site, _, name = path.removeprefix("data/").partition("/")
        if site in delivered.told["sites"] and _OURS.fullmatch(name):
            delivered.files[site][name] = Delivered(name, str(here), sha256, _opener(here))
        else:
            _require_sum(here, sha256)
    for site in delivered.told["sites"]:
        wacz = folder / f"{site}.wacz"
        if wacz.name in sums:
            _add_wacz(delivered, site, wacz)
    return delivered


def _add_wacz(delivered: Delivery, site: str, path: Path) -> None:
    """The captures of a WACZ in the folder, which was found whole, where the folder has them not itself."""
    with zipfile.ZipFile(path) as archive:
        within = _of_wacz(path, archive)
    for name, file in within.files[site].items():
        if name not in delivered.files[site]:
            delivered.files[site][name] = Delivered(name, file.shown, file.sha256, _zip_opener(path, file.shown))


def _of_wacz(path: Path, archive: zipfile.ZipFile) -> Delivery:
    try:
        raw = archive.read(_DESCRIPTION)
        digest = json.loads(archive.read("datapackage-digest.json"))["hash"]
    except (KeyError, ValueError, TypeError) as problem:
        raise _no_export(path) from problem
    except _UNREADABLE as problem:
        shown = f"{path}: {_DESCRIPTION}"
        raise _damaged(shown, f"cannot be read ({problem})") from problem
    if digest != f"sha256:{hashlib.sha256(raw).hexdigest()}":
        shown = f"{path}: {_DESCRIPTION}"
        raise _damaged(shown, "its SHA-256 is not the one of datapackage-digest.json")
    delivered = Delivery(told=_told(path, raw))
    site, *others = delivered.told["sites"]
    try:
        resources = [(str(each["path"]), str(each["hash"])) for each in json.loads(raw)["resources"]]
    except (KeyError, TypeError) as problem:
        raise _no_export(path) from problem
    if others:
        raise _no_export(path)
    for inside, stated in resources:
        sha256 = stated.removeprefix("sha256:")
        name = _name_of(inside)
        shown = f"{path}: {inside}"
        file = Delivered(name or inside, shown, sha256, _zip_opener(path, shown))
        if name is not None:
            delivered.files[site][name] = file
        elif inside.startswith(("indexes/", "pages/")):
            for _ in file.pieces():
                pass
        else:
            raise _damaged(shown, "no file of an archive")
    return delivered


def _name_of(inside: str) -> str | None:
    """The name in a site's folder of a file of a WACZ; None: it is the WACZ's own."""
    if warc := _WARC.fullmatch(inside):
        return f"captures/{warc[2]}/{warc[3]}/{warc[1]}"
    if lines := _LINES.fullmatch(inside):
        return f"{lines[1]}/{lines[3]}/{lines[2]}"
    name = inside.removeprefix("archiver/")
    return name if _OURS.fullmatch(name) else None


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _zip_opener(path: Path, shown: str) -> Callable[[], IO[bytes]]:
    inside = shown.removeprefix(f"{path}: ")

    def opened() -> IO[bytes]:
        archive = zipfile.ZipFile(path)
        return archive.open(inside)

    return opened


def _sums(folder: Path) -> dict[str, str]:
    """File to SHA-256, as listed."""
    path = folder / SUMS
    if path.is_symlink() or not path.is_file():
        raise _damaged(str(path), "missing")
    listed = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        found = re.fullmatch(r"([0-9a-f]{64})  (\S.*)", line)
        if not found:
            shown = f"{path}, line {number}"
            raise _damaged(shown, "no line of a list of sums")
        listed[found[2]] = found[1]
    if _DESCRIPTION not in listed:
        raise _damaged(str(path), "it does not list datapackage.json")
    return listed


def _inside(folder: Path, name: str) -> Path:
    """The file of that name, which is a plain one in the folder. Raises ArchiveDamaged."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        shown = f"{folder / SUMS}: {name!r}"
        raise _damaged(shown, "a name that leads out of the package")
    path = folder
    for part in parts:
        path /= part
        if path.is_symlink():
            raise _damaged(str(path), "a symbolic link, which a package never holds")
    if not path.is_file():
        raise _damaged(str(path), "listed, and not here")
    return path


def _require_sum(path: Path, sha256: str) -> None:
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise _damaged(str(path), f"its SHA-256 is not the one of {SUMS}")


def _told(path: Path, raw: bytes) -> dict[str, Any]:
    try:
        told = json.loads(raw)["archiver"]
        sites, form = told["sites"], int(told["format"])
        names = [*sites] if isinstance(sites, dict) else []
    except (ValueError, KeyError, TypeError) as problem:
        raise _no_export(path) from problem
    if form > PACKAGE_FORMAT:
        message = f"{path}: format {form} is of a later release (this one knows {PACKAGE_FORMAT}). Upgrade archiver"
        raise UsageError(message)
    if not names or not all(_SITE.fullmatch(name) for name in names):
        raise _damaged(str(path), f"{names!r} are no names of sites")
    return dict(told)


def _no_export(path: Path) -> UsageError:
    message = f"{path}: no export of archiver. Of WARC files of any origin see: archiver verify FILE"
    return UsageError(message)


def _damaged(shown: str, problem: str) -> ArchiveDamaged:
    message = f"{shown}: {problem}. Get the package again"
    return ArchiveDamaged(message)
