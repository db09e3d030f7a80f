"""What is wrong with a statement: where, and what it was probably meant to say."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged, ArchiverError, UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_NOWHERE = 2**63
"""From here on a location is none: DuckDB says -1, unsigned."""
_KEYWORDS = (
    "SELECT FROM WHERE GROUP ORDER HAVING LIMIT OFFSET JOIN LEFT USING UNION DISTINCT COUNT BETWEEN LIKE ILIKE WITH VALUES"
    " DESCRIBE SUMMARIZE PIVOT QUALIFY"
).split()
_WORD = re.compile(r"\w+")
_NO_COLUMN = re.compile(
    r"""column "(?P<name>[^"]+)" (?:not found|cannot be referenced|does not exist)|does not have a column named "(?P<of>[^"]+)\""""
)
_NO_TABLE = re.compile(r"""Table with name (?P<name>.+?) does not exist|Referenced table "(?P<of>[^"]+)" not found""")
_CARET = re.compile(r"^LINE (?P<line>\d+): (?P<text>.*)\n(?P<blanks> *)\^", re.MULTILINE)
_MEMORY = "Out of Memory Error"
_NO_VALUES = "Values were not provided for the following"
_OF_A_FILE = (".parquet", "TProtocolException", "ZSTD")
"""What stands in what DuckDB says of a Parquet file that it cannot read."""


def place(sql: str, at: int | None) -> str:
    """`, line 1, column 8` of the byte `at` in UTF-8; nothing where that is none."""
    if at is None or at >= _NOWHERE:
        return ""
    before = sql.encode()[:at].decode(errors="ignore")
    return f", line {before.count(chr(10)) + 1}, column {len(before) - before.rfind(chr(10))}"


def syntax_hint(sql: str, at: int | None) -> str:
    """The keyword that a word there was probably meant to be; else where the tables are told."""
    before, behind = sql.encode()[:at].decode(errors="ignore"), sql.encode()[at or 0 :].decode(errors="ignore")
    for word in [*_WORD.findall(behind)[:1], *reversed(_WORD.findall(before))]:
        near = difflib.get_close_matches(word.upper(), _KEYWORDS, n=1, cutoff=0.75)
        if near and near[0] != word.upper():
            return f"Did you mean {near[0]}?"
    return 'The tables: archiver query "SHOW TABLES"'


def explained(problem: Exception, sql: str, statement: Any, tables: Mapping[str, Sequence[str]]) -> ArchiverError:
    """What DuckDB said of a statement, in one line with the place and the nearest name.

    `statement` as archiver.research.tables.guard gives it; `tables`: table to columns.
    """
    told = str(problem)
    if any(sign in told for sign in _OF_A_FILE):
        message = f"the cache of the archive cannot be read ({_first(told)}). Delete cache/tables of the site: it is made again"
        return ArchiveDamaged(message)
    if told.startswith(_MEMORY):
        message = "SQL: needs more memory than it may take. Select fewer columns or rows, or give more: --memory 4GB"
        return UsageError(message)
    if _NO_VALUES in told:
        message = (
            "SQL: no value is given for each ? or $name. In Python give them: archive.sql(SQL, [value]);"
            " on the command line write them into the statement"
        )
        return UsageError(message)
    if found := _NO_TABLE.search(told):
        name = found["name"] or found["of"]
        where = place(sql, _location(statement, name, "table_name", "column_names"))
        return UsageError(f"SQL{where}: no table {name!r}. {_nearest(name, tables, tables)}")
    if found := _NO_COLUMN.search(told):
        name = found["name"] or found["of"]
        columns = list(dict.fromkeys(column for each in tables.values() for column in each))
        where = place(sql, _location(statement, name, "column_names"))
        return UsageError(f"SQL{where}: no column {name!r}. {_nearest(name, columns, tables)}")
    return UsageError(f"SQL{_at_caret(told, sql)}: {_first(told)}")


def _nearest(name: str, names: Iterator[str] | Sequence[str] | Mapping[str, Any], tables: Mapping[str, Any]) -> str:
    near = difflib.get_close_matches(name.lower(), list(names), n=3)
    if near:
        return f"Nearest: {', '.join(near)}"
    return f'Tables: {", ".join(tables)}. Columns: archiver query "DESCRIBE articles"'


def _location(statement: Any, name: str, *keys: str) -> int | None:
    """Where the parsed statement names a table or column so."""
    waiting = [statement]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            said = [each for key in keys for each in _names(part.get(key))]
            if name.lower().rpartition(".")[2] in said and part.get("query_location", _NOWHERE) < _NOWHERE:
                at: int = part["query_location"]
                return at
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
    return None


def _names(value: Any) -> list[str]:
    """A name or names, in small letters."""
    return [str(each).lower() for each in (value if isinstance(value, list) else [value]) if isinstance(each, str)]


def _at_caret(told: str, sql: str) -> str:
    """The place that DuckDB points to; nothing where it shows the line in part."""
    found = _CARET.search(told)
    lines = sql.split("\n")
    if not found or int(found["line"]) > len(lines) or lines[int(found["line"]) - 1] != found["text"]:
        return ""
    return f", line {found['line']}, column {len(found['blanks']) - len('LINE : ' + found['line']) + 1}"


def _first(told: str) -> str:
    """The first paragraph, on one line."""
    return " ".join(told.partition("\n\n")[0].split())
