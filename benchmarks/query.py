"""What SQL over an archive costs, beside others who read its lines.

    python benchmarks/query.py FOLDER [--part 10]

FOLDER is an archive such as many_articles.py writes; it is not written to. Ours keeps Parquet files, which are made first;
then the same questions are asked of all: a filter with a count by section, and a count by month. DuckDB reads all lines, with
the columns it needs named; jq and pandas read every tenth month (`--part`), and their seconds are multiplied. Then a
hundred articles are added to the newest month, and the question is how long SQL takes to have them.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from archiver.research.tables.tables import Tables
from archiver.store.months import months

if TYPE_CHECKING:
    from collections.abc import Callable

SINCE = "2024-01-01"
FILTER = """SELECT section, count(*) FROM articles
    WHERE published_on >= '2024-01-01' AND status = 'live' GROUP BY ALL ORDER BY ALL"""
BY_MONTH = "SELECT date_trunc('month', published_on), count(*) FROM articles GROUP BY ALL ORDER BY ALL"
PLAIN = """SELECT * FROM read_json([{files}], format = 'newline_delimited', columns = {{
    id: 'VARCHAR', revision: 'BIGINT', status: 'VARCHAR', section: 'VARCHAR', published_at: 'VARCHAR'}})
    QUALIFY row_number() OVER (PARTITION BY id ORDER BY revision DESC) = 1"""
JQ = 'select(.published_at >= $since and .status == "live") | .section'
ROUNDS, ADDED = 5, 100


def main() -> None:
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--part", type=int, default=10)
    asked = parser.parse_args()
    (card,) = asked.folder.glob("*/site.json")
    with tempfile.TemporaryDirectory(dir=asked.folder.parent, prefix="query-") as scratch:
        measure(linked(card.parent, Path(scratch) / card.parent.name), asked.part)


def measure(folder: Path, part: int) -> None:
    """Prints what each costs."""
    files = [month.path for month in months(folder, "articles")]
    size = sum(path.stat().st_size for path in files)
    built = taken(lambda: Tables([folder]).close())
    cached = sum(path.stat().st_size for path in (folder / "cache").rglob("*.parquet"))
    print(f"{len(files)} months, {size / 1e6:,.0f} MB of lines; seconds, and in brackets those of processors")
    print(f"cache made in {built}: {cached / 1e6:,.0f} MB, {cached / size:.2f} of the lines")
    print(f"opened again in {taken(lambda: Tables([folder]).close())}\n")

    with Tables([folder]) as tables:
        ours = {sql: median(lambda sql=sql: list(tables.ask(sql))) for sql in (FILTER, BY_MONTH)}
        answers = {sql: list(tables.ask(sql)) for sql in ours}
    few = files[::part]
    share = len(files) / len(few)
    rows = [
        ("archiver query, warm", *ours.values()),
        ("DuckDB over the lines", *(taken(lambda sql=sql: of_lines(files, sql, answers[sql])) for sql in ours)),
        ("pandas", *(taken(lambda by=by: of_pandas(few, by)).times(share) for by in ("section", "month"))),
        ("jq", taken(lambda: of_jq(few)).times(share)),
    ]
    print(f"{'':<22}{'filter':>17}{'of ours':>10}{'by month':>17}{'of ours':>10}")
    for name, *each in rows:
        cells = (f"{one!s:>17}{one.wall / first.wall:>9,.0f}×" for one, first in zip(each, ours.values(), strict=False))
        print(f"{name:<22}" + "".join(cells))
    print()

    newest = files[-1]
    lines = newest.read_bytes().splitlines(keepends=True)[-ADDED:]
    for number in range(3):
        with newest.open("ab") as file:
            file.writelines(with_new_id(line, number) for line in lines)
        print(
            f"{ADDED} articles more in a month of {newest.stat().st_size / 1e6:.1f} MB: in SQL after {taken(lambda: ask_anew(folder))}"
        )


def linked(source: Path, target: Path) -> Path:
    """The same site, its files linked; the newest month, which is added to, copied."""
    paths = [month.path for month in months(source, "articles")]
    for path in [*paths, source / "site.json"]:
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path == paths[-1]:
            shutil.copy(path, copy)
        else:
            os.link(path, copy)
    return target


def of_lines(files: list[Path], sql: str, expected: list[tuple[object, ...]]) -> None:
    """DuckDB, of lines instead of tables; the answer must be ours."""
    with duckdb.connect() as connection:
        listed = ", ".join(f"'{file}'" for file in files)
        connection.execute(f"CREATE VIEW articles AS {PLAIN.format(files=listed)}")
        plain = sql.replace("published_on", "CAST(left(published_at, 10) AS DATE)")
        assert connection.execute(plain).fetchall() == expected


def of_pandas(files: list[Path], by: str) -> None:
    """Counts in pandas, which reads whole lines, a file at a time."""
    frames = []
    for file in files:
        frame = pd.read_json(file, lines=True, dtype=False)
        frames.append(frame[["id", "revision", "status", "section", "published_at"]])
    newest = pd.concat(frames).sort_values("revision").drop_duplicates("id", keep="last")
    if by == "section":
        newest[(newest.published_at >= SINCE) & (newest.status == "live")].groupby("section").size()
    else:
        newest.groupby(newest.published_at.str[:7]).size()


def of_jq(files: list[Path]) -> None:
    """Without the newest revisions: jq has no memory of other lines."""
    subprocess.run(["jq", "-r", "--arg", "since", SINCE, JQ, *files], stdout=subprocess.DEVNULL, check=True)


def ask_anew(folder: Path) -> None:
    """What `archiver query` does after its start."""
    with Tables([folder]) as tables:
        list(tables.ask("SELECT count(*) FROM articles"))


def with_new_id(line: bytes, number: int) -> bytes:
    """The line as that of another article."""
    value = json.loads(line)
    return (
        json.dumps({**value, "id": f"{value['id']}{number}9"}, ensure_ascii=False, separators=(",", ":")).encode()
        + b"\n"
    )


@dataclass(frozen=True, slots=True, order=True)
class Taken:
    """How long something takes, in seconds."""

    wall: float
    processors: float

    def times(self, factor: float) -> Taken:
        """So many times as long."""
        return Taken(self.wall * factor, self.processors * factor)

    def __str__(self) -> str:
        return f"{self.wall:.2f} ({self.processors:.2f})"


def taken(work: Callable[[], object]) -> Taken:
    """How long it takes, once."""
    start, began = time.perf_counter(), os.times()
    work()
    ended = os.times()
    return Taken(time.perf_counter() - start, sum(ended[:4]) - sum(began[:4]))


def median(work: Callable[[], object]) -> Taken:
    """How long it takes, of five times after the first."""
    work()
    return statistics.median_low(taken(work) for _ in range(ROUNDS))


if __name__ == "__main__":
    sys.exit(main())
