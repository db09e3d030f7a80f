"""Crawls real news pages, one listing in front of them, and says what became of each. Nothing may be lost in silence.

    python benchmarks/real_pages.py [--pages FOLDER] [--links titles|numbers]

FOLDER holds ground_truth.json, which names a gzip file for each page. The pages are served from loopback behind one
listing, whose links read like the pages' titles, or are bare numbers. Exits 1 if a page has neither record nor event,
if a traceback was printed, or if a line does not fit the schema.
"""

from __future__ import annotations

import argparse
import gzip
import html
import json
import subprocess
import sys
import tempfile
from collections import Counter
from pathlib import Path

from jsonschema import Draft202012Validator
from loopback import served

from archiver.demo.reply import Reply
from archiver.schema import record_schema

ROOT = Path(__file__).parent.parent
FUNDUS = ROOT.parent / "shared" / "eval" / "fundus"


def main() -> int:
    """Crawls and reports; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=Path, default=FUNDUS)
    parser.add_argument("--links", choices=["titles", "numbers"], default="titles")
    options = parser.parse_args()

    pages = by_path(options.pages, options.links)
    texts = {path: title for path, (title, _) in pages.items()}
    listing = listing_of(texts).encode()

    def reply_at(path: str, _origin: str) -> Reply:
        if path == "/":
            return Reply(listing)
        if path in pages:
            return Reply(gzip.decompress(pages[path][1].read_bytes()), kind="text/html")
        return Reply(b"no such page", status=404)

    with tempfile.TemporaryDirectory() as archive, served(reply_at) as origin:
        command = [sys.executable, "-m", "archiver", "crawl", "--url", f"{origin}/", "--archive", archive]
        crawl = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
        records = lines(archive, "articles")
        events = lines(archive, "events")
    return report(crawl, records, events, asked={origin + path for path in pages})


def by_path(folder: Path, links: str) -> dict[str, tuple[str, Path]]:
    """Path on the server to the text of its link and the file of the page."""
    truth = json.loads((folder / "ground_truth.json").read_bytes())["pages"]
    numbered = enumerate(truth.items(), start=1)
    if links == "numbers":
        return {f"/{number}.html": (str(number), folder / page["html"]) for number, (_, page) in numbered}
    return {f"/{id_}.html": (page["title"], folder / page["html"]) for _, (id_, page) in numbered}


def listing_of(texts: dict[str, str]) -> str:
    """A page that links to every path."""
    items = "".join(f'<li><a href="{html.escape(path)}">{html.escape(text)}</a></li>' for path, text in texts.items())
    return f"<!doctype html><html><head><meta charset='utf-8'><title>News</title></head><body><ul>{items}</ul></body></html>"


def lines(archive: str, kind: str) -> list[dict[str, object]]:
    """Every line of that kind in the archive."""
    files = sorted(Path(archive).glob(f"*/{kind}/*/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").splitlines()]


def report(
    crawl: subprocess.CompletedProcess[str],
    records: list[dict[str, object]],
    events: list[dict[str, object]],
    asked: set[str],
) -> int:
    """Prints the counts; 1 if anything was lost or broke, else 0."""
    validator = Draft202012Validator(record_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    invalid = [f"{line['url']}: {error.message[:200]}" for line in records for error in validator.iter_errors(line)]
    recorded = {line["url"] for line in records}
    noted = {event["url"] for event in events}
    lost = sorted(asked - recorded - noted)
    tracebacks = (crawl.stdout + crawl.stderr).count("Traceback (most recent call last)")
    reasons = Counter(
        str(event["reason"]) for event in events if event["url"] in asked and event["url"] not in recorded
    )

    print(f"pages        {len(asked)}")
    print(f"records      {len(recorded & asked)}")
    for reason, count in reasons.most_common():
        print(f"no record    {count:4}  {reason}")
    print(f"lost         {len(lost)}")
    print(f"tracebacks   {tracebacks}")
    print(f"invalid      {len(invalid)}")
    print(f"exit code    {crawl.returncode}")
    faults = [*(f"lost: {url}" for url in lost), *(f"invalid: {each}" for each in invalid)]
    if tracebacks or not recorded:
        faults.append(crawl.stderr[-4000:])
    print(*faults, sep="\n", end="\n" if faults else "", file=sys.stderr)
    return 1 if faults or not asked else 0


if __name__ == "__main__":
    sys.exit(main())
