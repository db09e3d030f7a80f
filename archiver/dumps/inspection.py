"""Every file of an archive that came from elsewhere, read once by its strict reader before anything is made of it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from archiver.dumps.seal import line_checks
from archiver.errors import ArchiveDamaged
from archiver.site.memory import written_down
from archiver.store.archive import remembered_origin
from archiver.store.captures import capture_files
from archiver.store.manifest import Manifest
from archiver.store.members import require_no_bomb
from archiver.store.months import months
from archiver.store.names import is_captures
from archiver.store.run_report import read_reports, run_names, started_at
from archiver.store.takedowns import unfinished

if TYPE_CHECKING:
    from pathlib import Path
    from typing import Any

    from archiver.conformity import Check
    from archiver.store.months import Month


def inspect(folder: Path) -> None:
    """Raises ArchiveDamaged, naming the file, where one is not as archiver writes it or a takedown is not done."""
    remembered_origin(folder)
    Manifest(folder).standing()
    written_down(folder)
    left = unfinished(folder)
    if left:
        message = (
            f"{folder / 'takedowns.jsonl'}: a takedown of {left[0].id} was begun and is not done: finish it where the"
            " package was made (archiver repair), and export anew"
        )
        raise ArchiveDamaged(message)
    _inspect_reports(folder)
    for name in capture_files(folder):
        require_no_bomb(folder / name)
    for kind, check in line_checks().items():
        for month in months(folder, kind):
            _inspect_lines(month, check)


def _inspect_reports(folder: Path) -> None:
    for name in run_names(folder):
        try:
            started_at(name)
        except ValueError as problem:
            message = f"{folder / 'runs' / f'{name}.json'}: no run begins at a time that is none"
            raise ArchiveDamaged(message) from problem
    for _ in read_reports(folder):
        pass


def _inspect_lines(month: Month, check: Check) -> None:
    for offset, raw in month.lines():
        try:
            line = json.loads(raw)
            fault = check(line) or _fault(line, raw)
        except (ValueError, RecursionError) as problem:
            fault = f": no JSON ({problem})"
        if fault is not None:
            message = f"{month.path}, byte {offset}: line{fault:.300}"
            raise ArchiveDamaged(message)


def _fault(line: dict[str, Any], raw: bytes) -> str | None:
    """What the schema does not say of a line."""
    for name, kept in (("capture", line.get("capture")), ("file", line.get("file"))):
        if kept is not None and kept["warc"] is not None and not is_captures(kept["warc"]):
            return f".{name}.warc: {kept['warc']!r} is no capture file"
    if b"\\u" in raw:
        # Half a character, which JSON can name and no text can hold. Raises UnicodeEncodeError, a ValueError.
        json.dumps(line, ensure_ascii=False).encode()
    return None
