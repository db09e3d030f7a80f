"""A site's captures as one file that replay tools open: WACZ 1.1.1 (specs.webrecorder.net), with its lines beside them.

`archive/` holds the capture files, stored and not packed again; `indexes/` where each capture stands; `pages/` the
articles; `lines/`, `runs/` and `archiver/` the rest of the archive, so that this one file can be taken back alone. Folders
have one level, because `wacz validate` knows no more.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from archiver.dumps.cdxj import blocks, index_lines
from archiver.dumps.copies import copies_of_captures, copies_of_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from typing import IO

    from archiver.dumps.copies import Copy
    from archiver.dumps.selection import Selection

VERSION = "1.1.1"
_WHEN = (1980, 1, 1, 0, 0, 0)
"""The earliest time that ZIP can state: the same archive gives the same bytes."""
_ZIP64 = 1 << 31


def write_wacz(path: Path, selection: Selection, about: dict[str, Any]) -> None:
    """Makes the file. `about`: what its datapackage.json says beside the files. Raises OSError, ArchiveDamaged."""
    with (
        zipfile.ZipFile(path, "x") as archive,
        tempfile.TemporaryDirectory(dir=path.parent, prefix=".making-") as making,
    ):
        zipped = _Zipped(archive)
        names = []
        for copy in copies_of_captures(selection):
            name = PurePosixPath(copy.name).name
            zipped.add(f"archive/{name}", copy.pieces, size=(selection.folder / copy.name).stat().st_size)
            names.append((selection.folder / copy.name, name))
        _add_index(zipped, index_lines(names, Path(making)), Path(making))
        zipped.add("pages/pages.jsonl", _pages(selection), is_packed=True)
        for copy in copies_of_lines(selection):
            zipped.add(name_in_wacz(copy), copy.pieces)
        package = {"profile": "data-package", "wacz_version": VERSION, **about, "resources": zipped.resources}
        raw = json.dumps(package, ensure_ascii=False, indent=2).encode()
        digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"}
        zipped.add("datapackage.json", [raw])
        zipped.add("datapackage-digest.json", [json.dumps(digest, indent=2).encode()])
    with path.open("rb") as file:
        os.fsync(file.fileno())


def name_in_wacz(copy: Copy) -> str:
    """Where a file of a site's archive, other than captures, stands in the WACZ."""
    parts = PurePosixPath(copy.name).parts
    if copy.role in ("lines", "events"):
        return f"lines/{parts[0]}-{parts[-1]}"
    return copy.name if len(parts) == 2 else f"archiver/{copy.name}"


@dataclass
class _Zipped:
    """The file, and what its datapackage.json lists."""

    archive: zipfile.ZipFile
    resources: list[dict[str, Any]] = field(default_factory=list)

    def add(self, name: str, pieces: Iterable[bytes], *, size: int = 0, is_packed: bool = False) -> None:
        with self.opened(name, size=size, is_packed=is_packed) as write:
            for piece in pieces:
                write(piece)

    @contextmanager
    def opened(self, name: str, *, size: int = 0, is_packed: bool = False) -> Iterator[Any]:
        about = zipfile.ZipInfo(name, _WHEN)
        about.compress_type = zipfile.ZIP_DEFLATED if is_packed else zipfile.ZIP_STORED
        about.external_attr = 0o100644 << 16
        about.create_system = 3
        digest, count = hashlib.sha256(), 0
        with self.archive.open(about, "w", force_zip64=size >= _ZIP64) as file:

            def write(piece: bytes, file: IO[bytes] = file) -> None:
                nonlocal count
                file.write(piece)
                digest.update(piece)
                count += len(piece)

            yield write
        self.resources.append(
            {
                "name": PurePosixPath(name).name.lower(),
                "path": name,
                "type": "file",
                "hash": f"sha256:{digest.hexdigest()}",
                "bytes": count,
            }
        )


def _add_index(zipped: _Zipped, lines: Iterable[bytes], making: Path) -> None:
    secondary = making / "index.idx"
    with secondary.open("wb") as idx, zipped.opened("indexes/index.cdx.gz") as write:
        idx.write(b'!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}\n')
        for block, line in blocks(lines, "index.cdx.gz"):
            write(block)
            idx.write(line)
    zipped.add("indexes/index.idx", [secondary.read_bytes()])
    secondary.unlink()


def _pages(selection: Selection) -> Iterator[bytes]:
    """The articles as pages, one for each line whose capture shows the article."""
    yield b'{"format": "json-pages-1.0", "id": "pages", "title": "Articles"}\n'
    for month in selection.months():
        for raw, _ in selection.rows(month):
            line = json.loads(raw)
            if line["status"] != "live" or line["capture"] is None:
                continue
            page = {
                "id": line["revision_id"][:16] + f"-{line['revision']}",
                "url": line["url"],
                "ts": line["fetched_at"],
                "title": line["title"],
            }
            yield json.dumps(page, ensure_ascii=False).encode() + b"\n"
