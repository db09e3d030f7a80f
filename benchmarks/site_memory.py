"""What knowing other pages of a host adds: bodies read with and without the lines that the host's other pages share.

    python benchmarks/site_memory.py [--eval FOLDER] [--least 4] [--often 3] [--show]

FOLDER has a folder for each set of real pages, with ground_truth.json and gzip files, and score.py, whose measures are
used. For every host with that many pages, all sets together, each page is read once by itself and once with the memory of
all the others. Prints F1 of the bodies (4-token shingles) and of must-have and must-not segments, and what was cut.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from archiver.errors import Rejected
from archiver.page import Page
from archiver.rules.repeated import OFTEN, repeated_lines
from archiver.sites import site_for

EVAL = Path(__file__).parent.parent.parent / "shared" / "eval"
FETCHED = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Case:
    """One page with its truth."""

    name: str
    url: str
    file: Path
    truth: dict[str, Any]

    def body(self, repeated: frozenset[str] = frozenset()) -> str:
        """As the general rules read it; empty where it is no page."""
        page = Page(self.url, gzip.decompress(self.file.read_bytes()), FETCHED, repeated=repeated)
        try:
            return site_for(self.url).parse_article(page).body
        except Rejected:
            return ""


class Sums:
    """Measures of the bodies of many pages."""

    def __init__(self, score: Any) -> None:
        self._score = score
        self._precision: list[float] = []
        self._recall: list[float] = []
        self._segments: Counter[str] = Counter()

    def add(self, truth: dict[str, Any], body: str) -> None:
        """Counts one page, by what its truth has."""
        if truth.get("body"):
            hit, extra, lost = self._score.shingle_counts(truth["body"], body)
            self._precision.append(self._score.ratio(hit, extra, none_at_all=False))
            self._recall.append(self._score.ratio(hit, lost, none_at_all=False))
        flat = self._score.squeeze(body)
        for key, found, missing in (("with", "right", "lost"), ("without", "wrong", "left out")):
            for segment in truth.get(key) or ():
                self._segments[found if self._score.squeeze(segment) in flat else missing] += 1

    def __str__(self) -> str:
        pages = max(1, len(self._precision))
        f1 = self._score.harmonic(sum(self._precision) / pages, sum(self._recall) / pages)
        counts = self._segments
        segments = 2 * counts["right"] / max(1, 2 * counts["right"] + counts["wrong"] + counts["lost"])
        return f"{f1:8.4f}   {segments:8.4f}   {counts['lost']:5}   {counts['wrong']:5}"


def main() -> int:
    """Reads, compares, prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--eval", type=Path, default=EVAL)
    parser.add_argument("--least", type=int, default=4)
    parser.add_argument("--often", type=int, default=OFTEN, help="articles with a line, from which others lose it")
    parser.add_argument("--show", action="store_true", help="print each line that is cut")
    options = parser.parse_args()
    sys.path.insert(0, str(options.eval))
    score = importlib.import_module("score")

    hosts = {host: cases for host, cases in by_host(options.eval).items() if len(cases) >= options.least}
    alone, knowing = Sums(score), Sums(score)
    cut, shown = 0, []
    for cases in hosts.values():
        bodies = [case.body() for case in cases]
        for at, case in enumerate(cases):
            body = case.body(repeated_lines([*bodies[:at], *bodies[at + 1 :]], often=options.often))
            alone.add(case.truth, bodies[at])
            knowing.add(case.truth, body)
            if body != bodies[at]:
                cut += 1
                gone = set(bodies[at].split("\n")) - set(body.split("\n"))
                shown += [f"{case.name}: {line}" for line in sorted(gone) if options.show]

    print(*shown, sep="\n", end="\n" if shown else "")
    pages = sum(map(len, hosts.values()))
    print(
        f"hosts with {options.least} pages or more: {len(hosts)}, pages: {pages}, pages from which lines are cut: {cut}"
    )
    print("            body F1   segments    lost   wrong")
    print(f"alone      {alone}")
    print(f"knowing    {knowing}")
    return 0


def by_host(folder: Path) -> dict[str, list[Case]]:
    """The pages of all sets, each address once, by the host of their address. Archives of other hosts' pages are no host."""
    found: dict[str, dict[str, Case]] = defaultdict(dict)
    for truths in sorted(folder.glob("*/ground_truth.json")):
        for name, truth in json.loads(truths.read_bytes())["pages"].items():
            url = truth.get("url") or ""
            host = (urlsplit(url).hostname or "").removeprefix("www.")
            if host and host != "web.archive.org":
                case = Case(f"{truths.parent.name}/{name}", url, truths.parent / truth["html"], truth)
                found[host].setdefault(url.partition("://")[2].rstrip("/"), case)
    return {host: [*cases.values()] for host, cases in found.items()}


if __name__ == "__main__":
    sys.exit(main())
