"""A package that somebody hands over, read with distrust: which files of an archive are in it, each whole by its digest.

A folder or a .wacz. Names are taken from what the package lists of itself and must be those of an archive's files: no
path, link or name in it reaches anything else.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from archiver.dumps.delivered import (
    DESCRIPTION,
    LARGEST_DESCRIPTION,
    Delivered,
    Delivery,
    damaged,
    distrusted,
    is_ours,
    no_export,
    told_by,
)
from archiver.dumps.delivered_wacz import of_wacz
from archiver.dumps.package import SUMS
from archiver.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import IO

_LARGEST_SUMS = 64_000_000
"""Bytes of the list of sums: some 600,000 files."""


def delivery(path: Path) -> Delivery:
    """What is in a folder or a .wacz. Raises UsageError where it is no export, ArchiveDamaged where it is damaged."""
    if path.is_dir():
        with distrusted(str(path)):
            return _of_folder(path)
    if path.is_file():
        return of_wacz(path)
    message = f"{path}: there is no such folder or file"
    raise UsageError(message)


def _of_folder(folder: Path) -> Delivery:
    described = folder / DESCRIPTION
    if described.is_symlink() or not described.is_file():
        raise no_export(folder)
    sums = _sums(folder)
    with distrusted(str(described)):
        _require_smaller(described, LARGEST_DESCRIPTION)
        delivered = Delivery(path=folder, told=told_by(folder, described.read_bytes()))
    for path, sha256 in sums.items():
        here = _inside(folder, path)
        site, _, name = path.removeprefix("data/").partition("/")
        if path.startswith("data/") and site in delivered.told["sites"] and is_ours(name):
            size = here.stat().st_size
            delivered.files[site][name] = Delivered(name, str(here), sha256, size, _opener(here))
        else:
            _require_sum(here, sha256)
    for site in delivered.told["sites"]:
        wacz = folder / f"{site}.wacz"
        if wacz.name in sums:
            _add_wacz(delivered, site, wacz)
    return delivered


def _add_wacz(delivered: Delivery, site: str, path: Path) -> None:
    """The captures of a WACZ in the folder, which was found whole, where the folder has them not itself."""
    for name, file in of_wacz(path).files[site].items():
        delivered.files[site].setdefault(name, file)


def _opener(path: Path) -> Callable[[], IO[bytes]]:
    return lambda: path.open("rb")


def _sums(folder: Path) -> dict[str, str]:
    """File to SHA-256, as listed."""
    path = folder / SUMS
    if path.is_symlink() or not path.is_file():
        raise damaged(str(path), "missing")
    _require_smaller(path, _LARGEST_SUMS)
    listed = {}
    for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        found = re.fullmatch(r"([0-9a-f]{64})  (\S.*)", line)
        if not found:
            shown = f"{path}, line {number}"
            raise damaged(shown, "no line of a list of sums")
        listed[found[2]] = found[1]
    if DESCRIPTION not in listed:
        raise damaged(str(path), "it does not list datapackage.json")
    return listed


def _require_smaller(path: Path, most: int) -> None:
    size = path.stat().st_size
    if size > most:
        raise damaged(str(path), f"{size / 1e6:,.0f} MB, where {most / 1e6:.0f} MB are the most")


def _inside(folder: Path, name: str) -> Path:
    """The file of that name, which is a plain one in the folder. Raises ArchiveDamaged."""
    parts = PurePosixPath(name).parts
    if not parts or name.startswith("/") or ".." in parts or "\\" in name or "\0" in name:
        shown = f"{folder / SUMS}: {name!r}"
        raise damaged(shown, "a name that leads out of the package")
    path = folder
    for part in parts:
        path /= part
        if path.is_symlink():
            raise damaged(str(path), "a symbolic link, which a package never holds")
    if not path.is_file():
        raise damaged(str(path), "listed, and not here")
    return path


def _require_sum(path: Path, sha256: str) -> None:
    with path.open("rb") as file:
        if hashlib.file_digest(file, "sha256").hexdigest() != sha256:
            raise damaged(str(path), f"its SHA-256 is not the one of {SUMS}")
