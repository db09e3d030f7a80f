"""Whether articles whose listings were lost are found by their numbers, and what that costs.

    python benchmarks/sweep.py --articles 2000 --unlisted 0.2

One run after another, with the budget of the site file, until no hole is left to try; then one over the unchanged site.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from loopback import served

from archiver.demo.newsroom import Newsroom

MOST_RUNS = 100


def crawl(origin: str, archive: Path) -> dict[str, Any]:
    """The report of one run, in a process of its own, and how long it took."""
    words = ["archiver", "crawl", "hcma", "--base-url", origin, "--archive", str(archive)]
    begun = time.monotonic()
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(done.stderr)
    newest = max((archive / "hcma" / "runs").glob("*.json"), key=lambda path: path.stat().st_mtime)
    return {**json.loads(newest.read_text()), "seconds": time.monotonic() - begun}


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=2_000)
    parser.add_argument("--unlisted", type=float, default=0.2)
    parser.add_argument("--seed", type=int, default=4)
    options = parser.parse_args()
    newsroom = Newsroom(seed=options.seed, articles=options.articles, unlisted=options.unlisted)
    with tempfile.TemporaryDirectory() as folder, served(newsroom.page) as origin:
        archive = Path(folder)
        reports = [crawl(origin, archive)]
        while reports[-1]["numbers"]["left"] and len(reports) < MOST_RUNS:
            reports.append(crawl(origin, archive))
        after = crawl(origin, archive)
        truth = {line["id"] for line in newsroom.truth(origin)}
        files = (archive / "hcma" / "articles").glob("*/*.jsonl")
        found = [json.loads(line)["id"] for file in files for line in file.read_text().splitlines()]
    swept = {name: sum(report["numbers"][name] for report in reports) for name in ("tried", "found")}
    print(
        f"{len(truth)} articles, {swept['found']} of them by their numbers; missing {len(truth - {*found})}, ", end=""
    )
    print(f"doubled {len(found) - len({*found})}, foreign {len({*found} - truth)}")
    print(
        f"{len(reports)} runs, {swept['tried']} numbers tried, {sum(each['seconds'] for each in reports):.0f} seconds"
    )
    print(
        f"a run over the unchanged site: {after['requests']} requests, {after['numbers']}, {after['seconds']:.1f} seconds"
    )


if __name__ == "__main__":
    main()
