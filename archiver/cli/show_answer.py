"""An answer of SQL as a table, CSV, JSON, JSON Lines or Markdown."""

from __future__ import annotations

import csv
import json
import math
from datetime import date, time
from decimal import Decimal
from itertools import islice
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Literal, get_args

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table
from rich.text import Text

from archiver.cells import safe_cell
from archiver.cli.printing import printable
from archiver.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TextIO

    from archiver.research.tables.answer import Answer

Format = Literal["table", "csv", "json", "jsonl", "markdown"]
FORMATS: tuple[Format, ...] = get_args(Format)
SUFFIXES: Mapping[str, Format] = {".csv": "csv", ".json": "json", ".jsonl": "jsonl", ".md": "markdown", ".txt": "table"}
"""What a file's name says of its format."""

_SHOWN_ROWS = 100
"""Of a table; the others are counted."""
_CELL = 80
"""Characters of a cell of a table."""


def format_of(asked: str | None, name: str | None) -> Format:
    """The format that is asked for, else that of the file's name; without a file a table. Raises UsageError."""
    if asked is None and name is None:
        return "table"
    if asked is None:
        suffix = PurePath(name or "").suffix.lower()
        if suffix not in SUFFIXES:
            message = f"--out {name}: its name tells no format. Known endings: {', '.join(SUFFIXES)}. Or give --format"
            raise UsageError(message)
        return SUFFIXES[suffix]
    for each in FORMATS:
        if asked == each:
            return each
    message = f"--format {asked}: no such format. Known: {', '.join(FORMATS)}"
    raise UsageError(message)


def write_answer(answer: Answer, form: Format, file: TextIO, *, is_kept: bool) -> None:
    """Writes all rows; of a table that is not kept in a file the first hundred, and how many there are."""
    if form == "table":
        _table(answer, file, None if is_kept else _SHOWN_ROWS)
    else:
        _WRITERS[form](answer, file)


def plain(value: Any) -> Any:
    """`value` in the types of JSON: days and moments as ISO 8601 writes them, what is no number null."""
    said: Any
    match value:
        case None | str() | int():  # bool is an int
            said = value
        case float() | Decimal():
            said = float(value) if math.isfinite(value) else None
        case date() | time():  # datetime is a date
            said = value.isoformat()
        case dict():
            said = {str(key): plain(each) for key, each in value.items()}
        case list() | tuple():
            said = [plain(each) for each in value]
        case bytes():
            said = value.hex()
        case _:
            said = str(value)
    return said


def in_cell(value: Any) -> str:
    """`value` in one line of text, without anything that steers a terminal."""
    return printable(_text(value)).strip()


def _table(answer: Answer, file: TextIO, most: int | None) -> None:
    rows = iter(answer)
    shown = list(islice(rows, most))
    table = Table(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for name, of in zip(answer.columns, answer.types, strict=True):
        is_number = of.startswith(("BIGINT", "HUGEINT", "INTEGER", "DOUBLE", "DECIMAL", "UBIGINT"))
        table.add_column(Text(in_cell(name)), justify="right" if is_number else "left", no_wrap=True)
    for row in shown:
        table.add_row(*(Text(_shortened(in_cell(value))) for value in row))
    # A file or a pipe is as wide as the rows are.
    Console(file=file, width=None if file.isatty() else len(answer.columns) * (_CELL + 3) + 1).print(table)
    more = sum(1 for _ in rows)
    if more:
        file.write(f"… and {more:,} rows more. All of them: --format csv\n")


def _csv(answer: Answer, file: TextIO) -> None:
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(map(_safe, answer.columns))
    writer.writerows(map(_safe, row) for row in answer)


def _json(answer: Answer, file: TextIO) -> None:
    file.write("[")
    file.writelines(
        ("," if number else "") + "\n" + json.dumps(plain(row), ensure_ascii=False)
        for number, row in enumerate(answer.dicts())
    )
    file.write("\n]\n")


def _jsonl(answer: Answer, file: TextIO) -> None:
    file.writelines(json.dumps(plain(row), ensure_ascii=False) + "\n" for row in answer.dicts())


def _markdown(answer: Answer, file: TextIO) -> None:
    file.write(f"| {' | '.join(map(_piped, answer.columns))} |\n|{' --- |' * len(answer.columns)}\n")
    file.writelines(f"| {' | '.join(map(_piped, row))} |\n" for row in answer)


_WRITERS: Mapping[Format, Callable[[Answer, TextIO], None]] = {
    "csv": _csv,
    "json": _json,
    "jsonl": _jsonl,
    "markdown": _markdown,
}


def _text(value: Any) -> str:
    said = plain(value)
    if said is None:
        return ""
    return said if isinstance(said, str) else json.dumps(said, ensure_ascii=False)


def _shortened(text: str) -> str:
    return text if len(text) <= _CELL else text[: _CELL - 1] + "…"


def _safe(value: Any) -> str:
    """A cell of CSV. Titles come from pages."""
    return safe_cell(value) if isinstance(value, str) else _text(value)


def _piped(value: Any) -> str:
    return in_cell(value).replace("\\", "\\\\").replace("|", "\\|")
