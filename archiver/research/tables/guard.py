"""What SQL is let through: SELECT over the tables, and nothing that names a file, a setting or a change.

DuckDB itself is shut (archiver.research.tables.engine), but what it may read it may also write: `COPY … TO`, in DuckDB 2 inside
a WITH too, would overwrite the very files behind the tables. So a statement is read by DuckDB's own parser first, and
every part of it must be one that is known to be harmless.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from archiver.errors import UsageError
from archiver.research.tables.engine import duckdb
from archiver.research.tables.hints import place, syntax_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUERIES = "SELECT_NODE SET_OPERATION_NODE RECURSIVE_CTE_NODE CTE_NODE"
_FROM = "BASE_TABLE EMPTY EXPRESSION_LIST JOIN PIVOT SHOW_REF SUBQUERY TABLE_FUNCTION"
_ORDERS = "ASCENDING DESCENDING ORDER_DEFAULT"
_HARMLESS = frozenset(f"{_QUERIES} {_FROM} {_ORDERS}".split())
"""What a part of a query may be that is no expression;"""
_HARMLESS_ENDS = ("_MODIFIER", "_TYPE_INFO")
"""also LIMIT, ORDER BY, DISTINCT, and the digits of a DECIMAL."""
_FUNCTIONS = frozenset(
    "unnest range generate_series json_each json_tree repeat repeat_row histogram histogram_values summary duckdb_columns"
    " duckdb_functions duckdb_keywords duckdb_tables duckdb_types duckdb_views pragma_table_info pragma_version".split()
)
"""Functions that make a table of nothing but what they are given."""
_OF_FILES = frozenset("/\\.:*?")
"""Signs of a name that is a file's."""
_NO_SELECT = (
    "only SELECT is let through (also FROM, WITH, VALUES, DESCRIBE, SUMMARIZE, SHOW TABLES, PIVOT … IN): the archive is not"
    " written by SQL. To keep a result: archiver query SQL --out FILE"
)


def check(connection: duckdb.DuckDBPyConnection, sql: str) -> Any:
    """The statement as DuckDB's parser has it. Raises UsageError where it is no single SELECT, or reaches beyond the tables."""
    try:
        told = json.loads(connection.execute("SELECT json_serialize_sql(?)", [sql]).fetchall()[0][0])
    except RecursionError as problem:
        message = "SQL: nested too deep. Part it with WITH name AS (…)"
        raise UsageError(message) from problem
    except duckdb.Error as problem:
        message = f"SQL: {' '.join(str(problem).split())}"
        raise UsageError(message) from problem
    if told["error"]:
        raise UsageError(_refusal(told, sql))
    if len(told["statements"]) != 1:
        message = (
            f"SQL: {len(told['statements'])} statements. Ask one at a time, such as: SELECT count(*) FROM articles"
        )
        raise UsageError(message)
    (statement,) = told["statements"]
    for part in _parts(statement):
        _check_part(part, sql)
    return statement


def _check_part(part: dict[str, Any], sql: str) -> None:
    kind = part.get("type")
    if not isinstance(kind, str) or "class" in part:
        return
    where = place(sql, part.get("query_location"))
    if kind not in _HARMLESS and not kind.endswith(_HARMLESS_ENDS):
        message = f"SQL{where}: {_NO_SELECT}"
        raise UsageError(message)
    name = str(part["function"]["function_name"] if kind == "TABLE_FUNCTION" else part.get("table_name") or "")
    if kind == "TABLE_FUNCTION" and name.lower() not in _FUNCTIONS:
        message = f"SQL{where}: {name}() is not let through: SQL sees the archive's tables, no files and no network"
        raise UsageError(message)
    if kind == "BASE_TABLE" and _OF_FILES.intersection(name):
        message = f"SQL{where}: {name!r} looks like a file: SQL sees the archive's tables only. They are: SHOW TABLES"
        raise UsageError(message)


def _parts(statement: Any) -> Iterator[dict[str, Any]]:
    """Every object of the parsed statement."""
    waiting = [statement]
    while waiting:
        part = waiting.pop()
        if isinstance(part, dict):
            yield part
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part


def _refusal(told: dict[str, Any], sql: str) -> str:
    if told["error_type"] != "parser":
        return f"SQL: {_NO_SELECT}"
    at = int(told["position"]) if "position" in told else None
    return f"SQL{place(sql, at)}: {told['error_message']}. {syntax_hint(sql, at)}"
