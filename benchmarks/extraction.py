"""How well the general rules read real news pages, beside the field's extractors in the same run.

    python benchmarks/extraction.py [--data DIR] [--sets NAME ...] [--peers NAME ...]

DIR holds score.py and a folder of pages for each set; the default is $ARCHIVER_EVAL, else ../shared/eval beside this
checkout. The pages belong to their publishers and are not part of this repository. The peers live in .venv-peers (`make
peers`); `--peers` without a name leaves them out. Prints Markdown tables: bodies and speed, fields, and our figures
beside what we ask of them. Exits 2 where the pages or the peers are missing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

import vietnamese
from accuracy_tables import TIMED, rendered

import archiver

if TYPE_CHECKING:
    from accuracy_tables import Figures, Report

HERE = Path(__file__).parent
ROOT = HERE.parent
BESIDE = ROOT.parent / "shared" / "eval"
PEER_PYTHON = ROOT / ".venv-peers" / "bin" / "python"

SETS = ("aeb", "fundus", "wcxb", "trafilatura", "htmldate")
PEERS = (
    "trafilatura",
    "trafilatura-precision",
    "trafilatura-fast",
    "newspaper4k",
    "readability-lxml",
    "resiliparse",
    "goose3",
)


def extract(html: bytes, url: str | None) -> dict[str, Any]:
    """Our fields of one page, as score.py asks for them."""
    article = archiver.extract(html, url or "http://localhost/")
    return {
        "title": article.title,
        "published": article.published_at.isoformat() if article.published_at else None,
        "authors": [credit.name for credit in article.authors if credit.role == "text"],
        "body": article.body,
        "images": [{"caption": image.caption} for image in article.images if image.caption],
    }


def measured(data: Path, sets: list[str], peers: list[str]) -> tuple[Report, str]:
    """What score.py says of us and of `peers` on `sets`, and the peers' versions in words."""
    # The set that speed is taken from has the machine for itself, and the last core; the others share all cores.
    found = {name: scored(data, name, peers, core=(os.cpu_count() or 1) - 1) for name in sets if name == TIMED}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        rest = [name for name in sets if name != TIMED]
        found |= zip(rest, pool.map(lambda name: scored(data, name, peers, core=-1), rest), strict=True)
    versions = next((said for _, said in found.values() if said), "")
    return {name: found[name][0] for name in sets}, versions


def scored(data: Path, set_name: str, peers: list[str], core: int) -> tuple[dict[str, Figures], str]:
    """What score.py says of every extractor on one set, and the peers' versions in words."""
    with tempfile.TemporaryDirectory() as folder:
        figures = Path(folder, "figures.json")
        command = [sys.executable, str(data / "score.py"), "extraction:extract", "--split", str(data / set_name)]
        command += ["--core", str(core), "--json", str(figures)]
        if peers:
            command += ["--peer-python", str(PEER_PYTHON), "--peers", *peers]
        run = subprocess.run(command, cwd=HERE, stdout=subprocess.PIPE, text=True, check=True)
        (rows,) = json.loads(figures.read_bytes()).values()
    said = next((line for line in run.stdout.splitlines() if line.startswith("versions: ")), "")
    return rows, f"Versions: {said.removeprefix('versions: ')}." if said else ""


def main() -> int:
    """Measures and prints; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("ARCHIVER_EVAL", BESIDE), metavar="DIR")
    parser.add_argument("--sets", nargs="+", choices=SETS, default=SETS, metavar="NAME", help=", ".join(SETS))
    parser.add_argument("--peers", nargs="*", choices=PEERS, default=PEERS, metavar="NAME", help=", ".join(PEERS))
    options = parser.parse_args()
    data = options.data.resolve()
    missing = [name for name in options.sets if not (data / name / "ground_truth.json").is_file()]
    if missing or not (data / "score.py").is_file():
        what = "score.py" if not (data / "score.py").is_file() else ", ".join(missing)
        print(
            f"{options.data}: no {what}. The pages come from the evaluations of article-extraction-benchmark, fundus, wcxb,"
            " trafilatura and htmldate, and are not shipped; name their folder: --data DIR or ARCHIVER_EVAL=DIR.",
            file=sys.stderr,
        )
        return 2
    if options.peers and not PEER_PYTHON.is_file():
        print("no .venv-peers: run `make peers`, or measure ours alone with `--peers`", file=sys.stderr)
        return 2
    report, versions = measured(data, list(options.sets), list(options.peers))
    halves = {name: vietnamese.figures(vietnamese.half(name)) for name in ("open", "blind")}
    print(rendered(report, halves, versions))
    return 0


if __name__ == "__main__":
    sys.exit(main())
