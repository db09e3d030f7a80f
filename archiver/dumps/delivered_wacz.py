"""The files of an archive in a WACZ that somebody hands over."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from typing import TYPE_CHECKING

from archiver.dumps.delivered import (
    DESCRIPTION,
    LARGEST_DESCRIPTION,
    UNREADABLE,
    Delivered,
    Delivery,
    damaged,
    distrusted,
    is_ours,
    no_export,
    told_by,
)
from archiver.store.inflating import is_bomb

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from typing import IO

_DIGEST = "datapackage-digest.json"
_WARC = re.compile(r"archive/([\w.-]+-(\d{4})(\d{2})\d{2}T\d{6}Z-\d+\.warc\.gz)", re.ASCII)
_LINES = re.compile(r"lines/(articles|events)-((\d{4})-\d{2}\.jsonl\.gz)", re.ASCII)


def of_wacz(path: Path) -> Delivery:
    """What is in a .wacz. Raises UsageError where it is no export, ArchiveDamaged where it is damaged."""
    try:
        archive = zipfile.ZipFile(path)
    except UNREADABLE as problem:
        raise damaged(str(path), f"no whole .wacz ({problem})") from problem
    with archive, distrusted(f"{path}: {DESCRIPTION}"):
        return _read(path, archive)


def _read(path: Path, archive: zipfile.ZipFile) -> Delivery:
    infos = {info.filename: info for info in archive.infolist()}
    size = sum(info.file_size for info in archive.infolist())
    if is_bomb(size, path.stat().st_size):
        raise damaged(str(path), f"it unpacks to {size / 1e6:,.0f} MB, which no honest one does")
    if not {DESCRIPTION, _DIGEST} <= infos.keys():
        raise no_export(path)
    raw = _description(path, archive, infos[DESCRIPTION])
    try:
        digest = json.loads(_description(path, archive, infos[_DIGEST]))["hash"]
        told = told_by(path, raw)
        resources = [(str(each["path"]), str(each["hash"]), each["bytes"]) for each in json.loads(raw)["resources"]]
        (site,) = told["sites"]
    except (KeyError, ValueError, TypeError) as problem:
        raise no_export(path) from problem
    if digest != f"sha256:{hashlib.sha256(raw).hexdigest()}":
        shown = f"{path}: {DESCRIPTION}"
        raise damaged(shown, f"its SHA-256 is not the one of {_DIGEST}")
    delivered = Delivery(path=path, told=told)
    for inside, stated, size in resources:
        name = _name_of(inside)
        is_known = name is not None or inside.startswith(("indexes/", "pages/"))
        _require_as_listed(f"{path}: {inside}", infos.get(inside), size, is_known=is_known)
        sha256 = stated.removeprefix("sha256:")
        file = Delivered(name or inside, f"{path}: {inside}", sha256, size, _opener(path, inside))
        if name is not None:
            delivered.files[site][name] = file
        else:
            for _ in file.pieces():
                pass
    return delivered


def _require_as_listed(shown: str, info: zipfile.ZipInfo | None, size: object, *, is_known: bool) -> None:
    """Raises ArchiveDamaged. `is_known`: it is a file of an archive, or the index or the list of pages of a WACZ."""
    if not is_known:
        raise damaged(shown, "no file of an archive")
    if info is None:
        raise damaged(shown, "listed, and not here")
    if type(size) is not int or info.file_size != size:
        raise damaged(shown, f"{info.file_size:,} bytes, where the package lists {size!r:.40}")


def _description(path: Path, archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    shown = f"{path}: {info.filename}"
    if info.file_size > LARGEST_DESCRIPTION:
        raise damaged(shown, f"{info.file_size / 1e6:,.0f} MB is no description ({LARGEST_DESCRIPTION / 1e6:.0f} MB)")
    try:
        return archive.read(info)
    except UNREADABLE as problem:
        raise damaged(shown, f"cannot be read ({problem})") from problem


def _name_of(inside: str) -> str | None:
    """The name in a site's folder of a file of a WACZ; None: it is the WACZ's own."""
    if warc := _WARC.fullmatch(inside):
        return f"captures/{warc[2]}/{warc[3]}/{warc[1]}"
    if lines := _LINES.fullmatch(inside):
        return f"{lines[1]}/{lines[3]}/{lines[2]}"
    name = inside.removeprefix("archiver/")
    return name if is_ours(name) else None


def _opener(path: Path, inside: str) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        archive = zipfile.ZipFile(path)
        return archive.open(inside)

    return opened
