"""Kills a crawl at random moments, again and again, and looks for what is lost, doubled or torn.

    python benchmarks/crash.py [--kills 200] [--articles 2000] [--seed 1]

A sample newsroom is served on loopback. A crawl of it is killed with SIGKILL at a random moment and run again, until it
ends well; then a new archive is begun, until all kills are spent. Each archive is compared with the newsroom's truth,
its captures are checked by `gzip -t`, its lines are rebuilt from its captures and compared byte by byte.
"""

from __future__ import annotations

import argparse
import json
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from loopback import served

from archiver.demo.newsroom import Newsroom
from archiver.proof.check import check

CONCURRENCY = 16
"""Of a crawl on loopback, see DOWNLOAD_SLOTS in archiver.settings."""


@dataclass
class Count:
    """What was found, over all archives."""

    archives: int = 0
    kills: int = 0
    runs: int = 0
    articles: int = 0
    lost: int = 0
    doubled: int = 0
    wrong: int = 0
    torn: int = 0
    differing: int = 0
    fetched_twice: int = 0
    most_at_a_kill: float = 0.0
    mended: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        """Whether the promise holds."""
        faults = self.lost + self.doubled + self.wrong + self.torn + self.differing
        return not faults and not self.complaints and self.most_at_a_kill <= CONCURRENCY


def main() -> None:
    """Prints the count. Exit code 1 where the promise does not hold."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--articles", type=int, default=2000)
    parser.add_argument("--seed", type=int, default=1, help="of the newsroom, and of the moments")
    options = parser.parse_args()
    count = killed(options.kills, options.articles, options.seed)
    show(count)
    sys.exit(not count.is_well)


def killed(kills: int, articles: int, seed: int) -> Count:
    """Crawls a newsroom of `articles`, with so many kills in all."""
    count, rng = Count(), random.Random(seed)
    newsroom = Newsroom(seed=seed, articles=articles)
    with tempfile.TemporaryDirectory() as folder:
        asked = Path(folder, "asked")
        with served(newsroom.page, asked) as origin:
            truth = {line["id"]: line for line in newsroom.truth(origin)}
            while count.kills < kills:
                archive = Path(folder, str(count.archives))
                asked.write_bytes(b"")
                spent = crawl_until_well(origin, archive, kills - count.kills, rng, count)
                inspect(archive / "hcma", truth, count)
                fetched_twice(asked, archive / "hcma", spent, count)
                count.archives += 1
    return count


def crawl_until_well(origin: str, archive: Path, kills: int, rng: random.Random, count: Count) -> int:
    """How many kills it took; at most `kills`."""
    spent, command = 0, [sys.executable, "-m", "archiver", "crawl", "hcma", "--base-url", origin, "--archive", archive]
    while True:
        count.runs += 1
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as crawling:
            try:
                _, told = crawling.communicate(timeout=rng.uniform(0.5, 4) if spent < kills else None)
            except subprocess.TimeoutExpired:
                crawling.send_signal(signal.SIGKILL)
                crawling.communicate()
                spent += 1
                count.kills += 1
                continue
        if crawling.returncode == 0:
            return spent
        count.complaints.append(f"exit {crawling.returncode}: {told.strip().splitlines()[-1:]}")
        if len(count.complaints) > 20:
            return spent


def inspect(folder: Path, truth: dict[str, dict[str, object]], count: Count) -> None:
    """Compares one archive with the truth."""
    lines = []
    for file in sorted(folder.glob("articles/*/*.jsonl")):
        for raw in file.read_bytes().splitlines(keepends=True):
            try:
                lines.append(json.loads(raw))
            except ValueError:
                count.torn += 1
    seen = Counter(line["id"] for line in lines)
    count.articles += len(truth)
    count.lost += len(truth.keys() - seen.keys())
    count.doubled += sum(seen.values()) - len(seen) + len(seen.keys() - truth.keys())
    count.wrong += sum(
        any(line[name] != value for name, value in truth[line["id"]].items()) for line in lines if line["id"] in truth
    )
    for file in folder.glob("captures/*/*/*.warc.gz"):
        count.torn += subprocess.run(["gzip", "-t", file], check=False, capture_output=True).returncode != 0
    count.torn += len(list(folder.glob("captures/*/*/*.open")))
    found = check(folder, passed=lambda _: None)
    count.differing += found.differing
    count.complaints += found.differences
    count.mended["captures"] += len(list(folder.glob("captures/*/*/*.torn-*")))
    count.mended["lines"] += len(list(folder.glob("*/*/*.torn-*")))


def fetched_twice(asked: Path, folder: Path, kills: int, count: Count) -> None:
    """Counts what the server was asked for more than once in a sweep. robots.txt is asked for by every run.

    A kill after the last page, when the sweep is over, makes the next run a sweep of its own.
    """
    with closing(sqlite3.connect(folder / "ledger.sqlite")) as ledger:
        (sweeps,) = ledger.execute("SELECT count(*) FROM sweep").fetchone()
    paths = Counter(asked.read_text(encoding="utf-8").splitlines())
    again = sum(max(0, times - sweeps) for path, times in paths.items() if path != "/robots.txt")
    count.fetched_twice += again
    if kills:
        count.most_at_a_kill = max(count.most_at_a_kill, again / kills)
    elif again:
        count.complaints.append(f"{again} pages fetched twice without a kill")


def show(count: Count) -> None:
    """The table."""
    rows = {
        "archives": count.archives,
        "kills": count.kills,
        "runs": count.runs,
        "articles": count.articles,
        "lost": count.lost,
        "doubled": count.doubled,
        "other than the truth": count.wrong,
        "torn": count.torn,
        "lines that a rebuild writes otherwise": count.differing,
        "pages fetched twice": count.fetched_twice,
        f"  at most in an archive, a kill (borne: {CONCURRENCY})": f"{count.most_at_a_kill:.1f}",
        "tails moved aside, captures": count.mended["captures"],
        "tails moved aside, lines and events": count.mended["lines"],
    }
    for name, value in rows.items():
        print(f"{name:<48} {value:>8}")
    for complaint in count.complaints[:20]:
        print("!", complaint)


if __name__ == "__main__":
    main()
