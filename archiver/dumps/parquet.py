"""Lines as Parquet, in the columns that SQL sees (archiver.research.tables): the extra `query` is needed."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.dumps.package import Rows, sha256_of
from archiver.errors import ArchiveDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archiver.dumps.package import Package, Role

LOT_BYTES = 16 * 1024 * 1024
"""Lines of so many bytes at least share a file."""

Lines = list[tuple[int, bytes]]


def require() -> None:
    """Raises UsageError where DuckDB is not installed."""
    from archiver.research.tables import engine  # noqa: F401, PLC0415  # it says what to install


def write_parquet(
    package: Package, stem: str, site: str, month: str, lines: Iterable[tuple[int, bytes]], role: Role
) -> None:
    """Adds `STEM-001.parquet` and so on with these lines, each given with its offset in the month.

    Raises ArchiveDamaged where one is no article's, OSError.
    """
    from archiver.research.tables.columns import KINDS  # noqa: PLC0415  # only who asks for Parquet needs DuckDB
    from archiver.research.tables.engine import writing  # noqa: PLC0415
    from archiver.research.tables.parts import Writer  # noqa: PLC0415

    with writing() as connection, tempfile.TemporaryDirectory(dir=package.folder, prefix=".making-") as making:
        # In one thread rows stay in their order, and the same rows give the same bytes.
        connection.execute("SET threads = 1")
        connection.execute("SET memory_limit = '160MB'")
        connection.execute(f"SET temp_directory = '{making}/spill'")
        for number, lot in enumerate(_lots(lines), start=1):
            part = Writer(connection, Path(making), site).write(KINDS[0], month, lot)
            if part.skipped:
                message = f"{month}, byte {part.first_skipped}: no line of an article. See: archiver verify"
                raise ArchiveDamaged(message)
            path = f"{stem}-{number:03}.parquet"
            made = package.folder / path
            made.parent.mkdir(parents=True, exist_ok=True)
            (Path(making) / part.file).replace(made)
            rows = Rows(())
            rows.count = part.rows
            package.note(path, made.stat().st_size, sha256_of(made), role, site=site, rows=rows)


def _lots(lines: Iterable[tuple[int, bytes]]) -> Iterator[Lines]:
    lot: Lines = []
    size = 0
    for offset, raw in lines:
        lot.append((offset, raw))
        size += len(raw)
        if size >= LOT_BYTES:
            yield lot
            lot, size = [], 0
    if lot:
        yield lot
