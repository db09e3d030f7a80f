"""Full text of a large archive: what the index costs, what a question costs, and what others take to read every line.

    python benchmarks/many_articles.py /tmp/many
    python benchmarks/search.py /tmp/many [--engine sqlite] [--engine tantivy] [--alone]

Nothing is written into the archive: the index is made in a folder beside links to its months. Times are by the clock, beside
them the processor's; of questions the best of five; `count` may end at "over 1,000" where accents are checked in the text, `ten best` is the whole
answer with its snippets. The others look for the same two syllables: tools for lines read one year, and their time is
multiplied by what that is of all lines. Exit code 1 where a figure misses what is wanted.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from many_articles import END, Press

from archiver.article import to_line
from archiver.research.index.engines import engine_named
from archiver.research.index.opening import ask_index, make_index
from archiver.research.index.texts import Only
from archiver.research.query_language import parse_query
from archiver.research.search import MOST_COUNTED, search

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.research.index.texts import Counted

QUERIES = (
    "chính trị", "chinh tri", "chỉnh trị", "Đồng Nai", "dong nai", "hoà bình", "hoa binh", "và", "cua",
    "học viện chính trị", "hoc vien chinh tri", "Hồ Chí Minh học viện", "ho chi minh hoc vien",
    "truyền th*", "(lãnh đạo OR hội nghị) NOT kinh tế", "title:dong nai",
)  # fmt: skip
FILTERED = {"since": "2020-01-01", "until": "2020-12-31", "section": "chinh tri"}
NEW = 100
PHRASE, BARE, YEAR = "chính trị", "chinh tri", "2020"

Answer = TypeVar("Answer")


class Seconds(NamedTuple):
    """By the clock, and of this process's processor time: on a busy machine the clock tells of the others."""

    clock: float
    processor: float

    def __str__(self) -> str:
        return f"{self.clock:.2f} s, {self.processor:.2f} of a processor"


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an engine may take at most: seconds, and its share of the bytes of the lines."""

    build: float
    share: float
    count: float
    best: float
    update: float = 1.0


WANTED = {"sqlite": Wanted(90, 0.55, 0.05, 0.35), "tantivy": Wanted(45, 0.3, 0.05, 0.05)}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("archive", type=Path)
    parser.add_argument("--engine", action="append", choices=[*WANTED])
    parser.add_argument("--alone", action="store_true", help="do not measure others")
    asked = parser.parse_args()
    (site,) = (card.parent for card in asked.archive.glob("*/site.json"))
    months = sorted(site.glob("articles/*/*.jsonl"))
    size = sum(path.stat().st_size for path in months)
    print(f"{len(months)} months, {size / 1e6:,.0f} MB of lines")
    missed = []
    for engine in asked.engine or WANTED:
        with tempfile.TemporaryDirectory() as folder:
            missed += measured(engine, beside(site, Path(folder)), size)
    if not asked.alone:
        compare(months, size)
    sys.exit(f"missed: {', '.join(missed)}" if missed else 0)


def beside(site: Path, folder: Path) -> Path:
    """A site's folder with links to these months, the last one copied: it is to grow."""
    *others, last = sorted(site.glob("articles/*/*.jsonl"))
    for path in (*others, last):
        link = folder / site.name / path.relative_to(site)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(path)
    link.unlink()
    shutil.copy(last, link)
    return folder / site.name


def measured(engine: str, site: Path, size: int) -> list[str]:
    """What is missed of what is wanted."""
    wanted = WANTED[engine]
    making, place = timed(lambda: make_index(site, engine_named(engine), print).place)
    share = sum(path.stat().st_size for path in (place, *place.rglob("*")) if path.is_file()) / size
    print(f"\n{engine}: made in {making}; {share:.2f} of the lines' bytes")
    missed = ["build"] * (making.clock > wanted.build) + ["size"] * (share > wanted.share)
    print(f"{'ms by the clock, (of a processor)':<38}{'hits':>10}{'count':>18}{'ten best':>18}")
    for text in QUERIES:
        counting, total = counted(site, text)
        answering, _ = best_of_five(lambda text=text: search([site], text, limit=10))
        hits = f"{'' if total.is_exact else '> '}{total.total:,}"
        print(f"{text:<38}{hits:>10}{shown(counting):>18}{shown(answering):>18}", flush=True)
        missed += [f"count {text}"] * (counting.clock > wanted.count)
        missed += [f"ten best {text}"] * (answering.clock > wanted.count + wanted.best)
    seconds, found = best_of_five(lambda: search([site], "chinh tri", limit=10, **FILTERED))
    print(f"{'chinh tri, a section and a year':<38}{found.total:>10,}{'':>18}{shown(seconds):>18}")
    seconds, found = best_of_five(lambda: search([site], "chính trị", limit=0))
    print(f"{'chính trị, counted to the end':<38}{found.total:>10,}{shown(seconds):>18}")
    last = max(site.glob("articles/*/*.jsonl"))
    press = Press(seed=2)
    with last.open("a", encoding="utf-8") as file:
        file.writelines(to_line(press.article(10**6 + number, END)) for number in range(NEW))
    adding, _ = timed(lambda: search([site], "chinh tri", limit=0))
    print(f"{NEW} articles added and searched: {adding}")
    missed += ["update"] * (adding.clock > wanted.update)
    return [f"{engine} {what}" for what in missed]


def shown(seconds: Seconds) -> str:
    """In milliseconds."""
    return f"{seconds.clock * 1000:.1f} ({seconds.processor * 1000:.1f})"


def counted(site: Path, text: str) -> tuple[Seconds, Counted]:
    """Counting alone, as it is done for a page of hits."""
    query = parse_query(text)
    return ask_index(site, lambda index: best_of_five(lambda: index.texts.count(query, Only(), MOST_COUNTED)), print)


def compare(months: list[Path], size: int) -> None:
    """What others take to find the two syllables."""
    year = [path for path in months if path.name.startswith(YEAR)]
    times = size / sum(path.stat().st_size for path in year)
    with tempfile.TemporaryDirectory() as folder:
        packed = [Path(folder, path.name + ".gz") for path in year]
        for path, gz in zip(year, packed, strict=True):
            gz.write_bytes(gzip.compress(path.read_bytes(), 6))
        lines = str(months[0].parents[1] / "*" / "*.jsonl")
        rows = {
            "grep -c, all": (1.0, lambda: ran("grep", "-c", PHRASE, *months)),
            f"zgrep -c, {YEAR}": (times, lambda: ran("zgrep", "-c", PHRASE, *packed)),
            f"jq select, {YEAR}": (
                times,
                lambda: ran("jq", "-c", f'select(.body | contains("{PHRASE}")) | .id', *year),
            ),
            f"pandas, {YEAR}": (times, lambda: by_pandas(year)),
            "DuckDB LIKE over JSONL, all": (1.0, lambda: by_duckdb(lines, f"body LIKE '%{PHRASE}%'")),
            "DuckDB, without accents, all": (
                1.0,
                lambda: by_duckdb(lines, f"strip_accents(lower(body)) LIKE '%{BARE}%'"),
            ),
        }
        print(f"\n{'others, s for all lines':<38}{'s':>12}{'of 0.1 s':>10}")
        for name, (factor, run) in rows.items():
            # The clock, for the work is done by other processes and threads.
            seconds = timed(run)[0].clock * factor
            print(f"{name:<38}{seconds:>12.1f}{seconds / 0.1:>10,.0f}", flush=True)


def ran(*words: object) -> None:
    """Runs another program; that it finds nothing is no failure."""
    subprocess.run([str(word) for word in words], stdout=subprocess.DEVNULL, check=False)


def by_pandas(paths: list[Path]) -> int:
    """As its documentation reads files that are larger than memory."""
    import pandas as pd  # noqa: PLC0415  # measured in its own seconds, and not needed with --alone

    chunks = (chunk for path in paths for chunk in pd.read_json(path, lines=True, chunksize=10_000))
    return sum(int(chunk["body"].str.contains(PHRASE, regex=False).sum()) for chunk in chunks)


def by_duckdb(lines: str, where: str) -> int:
    """The lines as they are, their columns told."""
    import duckdb  # noqa: PLC0415  # the same

    asked = f"SELECT count(*) FROM read_json('{lines}', format='newline_delimited', columns={{id: 'VARCHAR', body: 'VARCHAR'}})"  # noqa: S608
    found: int = duckdb.sql(f"{asked} WHERE {where}").fetchall()[0][0]
    return found


def timed(run: Callable[[], Answer]) -> tuple[Seconds, Answer]:
    """How long it took, and what came of it."""
    started, spent = time.perf_counter(), time.process_time()
    answer = run()
    return Seconds(time.perf_counter() - started, time.process_time() - spent), answer


def best_of_five(run: Callable[[], Answer]) -> tuple[Seconds, Answer]:
    """The shortest of five."""
    return min((timed(run) for _ in range(5)), key=lambda pair: pair[0].clock)


if __name__ == "__main__":
    main()
