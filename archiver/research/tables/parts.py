"""Lines to Parquet: some lines in a row, one file."""

from __future__ import annotations

import json
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.research.tables.columns import quoted
from archiver.research.tables.engine import duckdb, literal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.research.tables.columns import Kind

Lines = list[tuple[int, bytes]]
"""Offset and bytes of lines, one behind the other."""

MAKING = "making-"
"""How the names of folders begin in which files are made."""
_LONGEST = 16 * 1024 * 1024
"""Bytes of a line that DuckDB takes unless told that there are longer ones."""
_TRIALS = 200
"""So often are lines that DuckDB refuses parted in halves to find those that are to blame."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One Parquet file."""

    file: str
    """Its name."""
    start: int
    """Where its first line begins,"""
    end: int
    """and where the line behind its last does."""
    checksum: int
    """CRC-32 of the lines."""
    rows: int
    skipped: int = 0
    """Lines that are none of their kind."""
    first_skipped: int = 0
    """Where the first of these begins."""
    size: int
    """Bytes of the file,"""
    changed_ns: int
    """and when it was written."""

    @classmethod
    def of(cls, file: Path, *, skipped: Sequence[int] = (), **told: int) -> Part:
        """`file`, just written, which leaves out the lines that begin at `skipped`."""
        found = file.stat()
        looked = {"size": found.st_size, "changed_ns": found.st_mtime_ns}
        return cls(file=file.name, skipped=len(skipped), first_skipped=min(skipped, default=0), **looked, **told)

    def is_whole(self, folder: Path) -> bool:
        """Whether the file is as it was written."""
        try:
            found = (folder / self.file).stat()
        except OSError:
            return False
        return (found.st_size, found.st_mtime_ns) == (self.size, self.changed_ns)


def checksum_of(lines: Lines, before: int = 0) -> int:
    """CRC-32 of the lines behind those that have `before`."""
    for _, raw in lines:
        before = zlib.crc32(raw, before)
    return before


@dataclass(frozen=True, slots=True)
class Writer:
    """Writes the Parquet files of one site."""

    connection: duckdb.DuckDBPyConnection
    folder: Path
    """Where they go."""
    site: str

    def write(self, kind: Kind, name: str, lines: Lines) -> Part:
        """The lines, which stand in the file of lines `name`, as a Parquet file.

        Two processes that write the same lines write the same file, and neither sees half of it.
        """
        start, end, checksum = lines[0][0], lines[-1][0] + len(lines[-1][1]), checksum_of(lines)
        stem = name.replace("/", ".").removesuffix(".jsonl")
        file = self.folder / f"{stem}.{start}-{end}.{checksum:08x}.parquet"
        with tempfile.TemporaryDirectory(dir=self.folder, prefix=MAKING) as making:
            skipped = _load(self.connection, Path(making), kind, lines)
            made = self.copy(_rows(kind, self.site, name), Path(making))
            self.connection.execute("DROP TABLE lines")
            made.replace(file)
        return Part.of(file, start=start, end=end, checksum=checksum, rows=len(lines) - len(skipped), skipped=skipped)

    def copy(self, select: str, making: Path) -> Path:
        """The rows of a SELECT as a file in the folder `making`."""
        made = making / "part.parquet"
        self.connection.execute(f"COPY ({select}) TO {literal(str(made))} (FORMAT parquet, COMPRESSION zstd)")
        return made


def columns_of_table(kind: Kind) -> dict[str, str]:
    """Column of the table to DuckDB's type: those of a line, those made of them, and where the line stands."""
    added = {name: of for name, (of, _) in kind.added.items()}
    site = {} if "site" in kind.columns else {"site": "VARCHAR"}
    return {**site, **kind.columns, **added, "line_file": "VARCHAR", "line_offset": "BIGINT"}


def _rows(kind: Kind, site_name: str, name: str) -> str:
    site = [] if "site" in kind.columns else [f"{literal(site_name)} AS site"]
    added = [f"{expression} AS {quoted(column)}" for column, (_, expression) in kind.added.items()]
    columns = [*site, *map(quoted, kind.columns), *added, f"{literal(name)} AS line_file", "line_offset"]
    return f"SELECT {', '.join(columns)} FROM lines"


def _load(connection: duckdb.DuckDBPyConnection, making: Path, kind: Kind, lines: Lines) -> list[int]:
    """Makes the table `lines`; the offsets of lines that are none of the kind, which are left out."""
    try:
        _read(connection, making, kind, lines)
    except duckdb.Error:
        _read(connection, making, kind, _readable(connection, making, kind, lines))
    lacks = " OR ".join(f"{quoted(column)} IS NULL" for column in kind.required)
    connection.execute(f"DELETE FROM lines WHERE {lacks}")
    kept = {offset for (offset,) in connection.execute("SELECT line_offset FROM lines").fetchall()}
    return [offset for offset, _ in lines if offset not in kept]


def _readable(connection: duckdb.DuckDBPyConnection, making: Path, kind: Kind, lines: Lines) -> Lines:
    """The lines without those that DuckDB does not read; after too many trials without all that are not tried."""
    good: Lines = []
    waiting = [[line for line in lines if _is_object(line[1])]]
    for _ in range(_TRIALS):
        if not waiting:
            break
        some = waiting.pop()
        try:
            _read(connection, making, kind, some)
            good += some
        except duckdb.Error:
            half = len(some) // 2
            waiting += [each for each in (some[half:], some[:half]) if half]
    return good


def _is_object(raw: bytes) -> bool:
    try:
        return isinstance(json.loads(raw), dict)
    except (ValueError, RecursionError):
        return False


def _read(connection: duckdb.DuckDBPyConnection, making: Path, kind: Kind, lines: Lines) -> None:
    """Makes the table `lines` anew. Raises duckdb.Error where one cannot be read."""
    path = making / "lines.jsonl"
    with path.open("wb") as file:
        # Each line is told where it stands: `{"id":…` becomes `{"line_offset":7,"id":…`.
        file.writelines(b'{"line_offset":%d,%b' % (offset, raw[1:]) for offset, raw in lines)
    columns = ", ".join(
        f"{literal(name)}: {literal(of)}" for name, of in {"line_offset": "BIGINT", **kind.columns}.items()
    )
    longest = max((len(raw) for _, raw in lines), default=0) + 64
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE lines AS FROM read_json({literal(str(path))}, format = 'newline_delimited',"
        f" records = true, columns = {{{columns}}}, maximum_object_size = {max(longest, _LONGEST)})"
    )
