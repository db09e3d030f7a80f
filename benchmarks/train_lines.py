"""Grows the trees of `archiver/rules/line_model.json` on pages whose text is known.

    make train                                    # .venv-train, then this
    python benchmarks/train_lines.py [--data DIR] [--check]

Learns from the pages of DIR (see extraction.py) and from our own in tests/pages (of vi the open half). A line belongs to the story when
the known text has most of its runs of four words. The weights of names and words that the trees see are taken from other
sites than the page's, and only names and words of several sites have one: what is learned is how news sites write, not
what one site is called.

`--check` writes nothing: every page is read with a model that has not seen its site, by the whole extractor, and the
figures are what can be expected on pages of sites that nobody has looked at.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import json
import math
import os
import re
import sys
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import lightgbm
import numpy as np

import archiver
from archiver.page import Page
from archiver.rules import line_model, story_text
from archiver.rules.flow import flow
from archiver.rules.line_marks import Marks, marks
from archiver.rules.line_signs import signs
from archiver.rules.story_element import story_element

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

ROOT = Path(__file__).parent.parent
BESIDE = ROOT.parent / "shared" / "eval"
MODEL = ROOT / "archiver" / "rules" / "line_model.json"
OURS = {"vi": ROOT / "tests" / "pages" / "vi" / "open", "general": ROOT / "tests" / "pages" / "general"}

WEIGHT = {"aeb": 1.5, "fundus": 1.2, "wcxb": 1.0, "trafilatura": 2.0, "vi": 4.0, "general": 4.0}
"""How much a set counts: those whose truth was written by people, of news, count more."""
SITES_OF_NAME, SITES_OF_WORD = 5, 6
"""Sites that must have a name or a word, for it to have a weight."""
LEAST_WEIGHT = 40
"""Of a name or a word in the model, in hundredths."""
FOLDS = 5
PARTS = 4
TREES = {
    "objective": "binary",
    "num_leaves": 20,
    "learning_rate": 0.08,
    "min_data_in_leaf": 40,
    "bagging_fraction": 0.8,
    "bagging_freq": 1,
    "feature_fraction": 0.6,
    "lambda_l2": 5.0,
    "seed": 1,
    "deterministic": True,
    "force_row_wise": True,
    "num_threads": 2,
    "verbose": -1,
}
ROUNDS = 110
LIKELY = 0.55
"""The likelihood from which a line is taken."""
MOST_OF, LITTLE_OF = 0.6, 0.3
"""Share of a line's runs of words that the truth has, from which it belongs to the story; below which it does not."""

_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_TOKEN = re.compile(rf"[{_DENSE}]|[^\W{_DENSE}]+")


@dataclass(frozen=True)
class Known:
    """One page whose text is known."""

    set_name: str
    site: str
    html: bytes
    url: str
    truth: dict[str, Any]
    seen: list[Marks]
    belongs: list[bool | None]
    """Of each of `seen`; None where the truth does not tell."""


def known_pages(data: Path) -> Iterator[Known]:
    """Every page of the sets, and of the open half of ours."""
    for set_name in ("aeb", "fundus", "wcxb", "trafilatura"):
        for name, truth in entries(data / set_name):
            html = gzip.decompress((data / set_name / truth["html"]).read_bytes())
            yield from read(set_name, truth.get("site") or name, html, truth["url"] or "http://localhost/", truth)
    for set_name, folder in OURS.items():
        for golden in sorted(folder.glob("*.json")):
            truth = json.loads(golden.read_bytes())
            yield from read(
                set_name, golden.stem, golden.with_suffix(".html").read_bytes(), truth["_page"]["url"], truth
            )


def entries(folder: Path) -> Iterable[tuple[str, dict[str, Any]]]:
    """Name and truth of each page of a set."""
    written = json.loads((folder / "ground_truth.json").read_bytes())
    return (written.get("entries") or written["pages"]).items()


def read(set_name: str, site: str, html: bytes, url: str, truth: dict[str, Any]) -> Iterator[Known]:
    """The page, where it has running text."""
    page = Page(url=url, html=html, fetched_at=datetime.now(UTC))
    element = story_element(page)
    if element is None or not (truth.get("body") or truth.get("with")):
        return
    seen = marks(page, element)
    lines = [flow(page).lines[mark.place].text for mark in seen]
    belongs = by_body(lines, truth["body"]) if truth.get("body") else by_segments(lines, truth)
    yield Known(set_name, site, html, url, truth, seen, belongs)


def by_segments(lines: Sequence[str], truth: dict[str, Any]) -> list[bool | None]:
    """Which lines hold segments that the body must have, and which hold segments that it must not have."""
    inside, outside = ([" ".join(each.split()) for each in truth[key]] for key in ("with", "without"))

    def holds(line: str, segments: list[str]) -> bool:
        return any(each in line or (len(line) > 15 and line in each) for each in segments)

    told = [(holds(line, inside), holds(line, outside)) for line in lines]
    return [None if good == bad else good for good, bad in told]


def by_body(lines: Sequence[str], body: str) -> list[bool | None]:
    """Which lines the known text has: the long ones by their runs of words, the short ones also by what is next to them."""
    truth = _TOKEN.findall(body)
    runs = set(zip(truth, truth[1:], truth[2:], truth[3:], strict=False))
    printed = f" {' '.join(truth)} "
    tokens = [_TOKEN.findall(line) for line in lines]
    found: list[bool | None] = [None] * len(lines)
    for at, words in enumerate(tokens):
        own = list(zip(words, words[1:], words[2:], words[3:], strict=False))
        if own:
            share = sum(run in runs for run in own) / len(own)
            found[at] = True if share >= MOST_OF else False if share <= LITTLE_OF else None
    for at, words in enumerate(tokens):
        if 0 < len(words) < 4:
            found[at] = any(f" {' '.join(pair)} " in printed for pair in _beside(tokens, found, at))
    return found


def _beside(tokens: list[list[str]], found: list[bool | None], at: int) -> Iterator[list[str]]:
    """A short line with the end of the story's line above it, with the beginning of the one below, and with its neighbours."""
    words = tokens[at]
    above = next((tokens[to] for to in range(at - 1, max(-1, at - 6), -1) if found[to]), None)
    below = next((tokens[to] for to in range(at + 1, min(len(tokens), at + 6)) if found[to]), None)
    if above:
        yield [*above[-3:], *words]
    if below:
        yield [*words, *below[:3]]
    for near in (at - 1, at + 1):
        if 0 <= near < len(tokens) and 0 < len(tokens[near]) < 4 and len(tokens[near]) + len(words) > 2:
            yield [*tokens[near], *words] if near < at else [*words, *tokens[near]]


def weights(pages: Iterable[Known], of: Callable[[Marks], frozenset[str]], sites: int) -> dict[str, int]:
    """A hundred times the log of how much oftener lines with a name belong to stories; a page counts as the root of its lines."""
    inside: dict[str, float] = defaultdict(float)
    outside: dict[str, float] = defaultdict(float)
    where: dict[str, set[str]] = defaultdict(set)
    for page in pages:
        counts: tuple[Counter[str], Counter[str]] = (Counter(), Counter())
        for mark, belongs in zip(page.seen, page.belongs, strict=True):
            if belongs is not None:
                counts[belongs].update(of(mark))
        for total, count in zip((outside, inside), counts, strict=True):
            for name, times in count.items():
                total[name] += min(times, 3) ** 0.5
                where[name].add(page.site)
    found = {
        name: round(100 * math.log((inside[name] + 0.5) / (outside[name] + 0.5)))
        for name in sorted(where)
        if len(where[name]) >= sites
    }
    return {name: weight for name, weight in found.items() if abs(weight) >= LEAST_WEIGHT}


def vocabulary(pages: Sequence[Known]) -> tuple[dict[str, int], dict[str, int]]:
    """The weights of names and of words."""
    return (
        weights(pages, lambda mark: mark.names, SITES_OF_NAME),
        weights(pages, lambda mark: mark.words, SITES_OF_WORD),
    )


def part(site: str, parts: int, salt: str) -> int:
    """One of so many parts, the same for all pages of a site."""
    return hashlib.sha256(f"{salt} {site}".encode()).digest()[0] % parts


def grown(pages: Sequence[Known]) -> dict[str, Any]:
    """The model, as line_model.json has it."""
    rows, belongs, counts = [], [], []
    for number in range(PARTS):
        others = [page for page in pages if part(page.site, PARTS, "vocabulary") != number]
        names, words = vocabulary(others)
        for page in pages:
            if part(page.site, PARTS, "vocabulary") != number:
                continue
            known = sum(each is not None for each in page.belongs) or 1
            for mark, row, told in zip(page.seen, signs(page.seen, names, words), page.belongs, strict=True):
                if told is not None:
                    rows.append(row)
                    belongs.append(told)
                    # The length counts, since the figures do; a page of many lines counts as more than one of few.
                    size = math.exp(mark.numbers[3])
                    counts.append(WEIGHT[page.set_name] * min(1 + size / 60, 6) / known**0.5)
    data = lightgbm.Dataset(np.array(rows), np.array(belongs), weight=np.array(counts))
    dump = lightgbm.train(TREES, data, ROUNDS).dump_model()
    names, words = vocabulary(pages)
    return {
        "threshold": round(math.log(LIKELY / (1 - LIKELY)), 4),
        "trees": [tree(each["tree_structure"]) for each in dump["tree_info"]],
        "names": names,
        "words": words,
    }


def tree(node: dict[str, Any]) -> Any:
    """A node: its score, or [sign, threshold, below, above]."""
    if "leaf_value" in node:
        return round(node["leaf_value"], 4)
    threshold = float(f"{node['threshold']:.6g}")
    return [node["split_feature"], threshold, tree(node["left_child"]), tree(node["right_child"])]


def checked(pages: Sequence[Known]) -> dict[str, str]:
    """For each set the figures of pages read with a model that has not seen their sites."""
    texts: dict[int, str] = {}
    for number in range(FOLDS):
        model = line_model.LineModel.of(grown([page for page in pages if part(page.site, FOLDS, "fold") != number]))
        with patch.object(story_text, "line_model", return_value=model):
            for at, page in enumerate(pages):
                if part(page.site, FOLDS, "fold") == number:
                    texts[at] = archiver.extract(page.html, page.url).body
    found = {}
    for set_name in WEIGHT:
        own = [(page, texts[at]) for at, page in enumerate(pages) if page.set_name == set_name]
        found[set_name] = (
            segments(own)
            if set_name == "trafilatura"
            else shingles([each for each in own if each[0].truth.get("body")])
        )
    return found


def shingles(pages: Sequence[tuple[Known, str]]) -> str:
    """Precision and recall of runs of four words, mean over pages, F1 of the two, and the share of equal bodies."""
    precisions, recalls, equal = [], [], 0
    for page, text in pages:
        want, got = (_TOKEN.findall(each) for each in (page.truth["body"], text))
        one, other = (
            Counter(tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))) for words in (want, got)
        )
        hits = (one & other).total()
        precisions.append(hits / other.total() if got else 0)
        recalls.append(hits / one.total())
        equal += want == got
    precision, recall = sum(precisions) / len(pages), sum(recalls) / len(pages)
    return f"P {precision:.4f}  R {recall:.4f}  F1 {2 * precision * recall / (precision + recall):.4f}  equal {equal / len(pages):.3f}"


def segments(pages: Sequence[tuple[Known, str]]) -> str:
    """Precision, recall and F1 over segments that a body must and must not have."""
    has = dict.fromkeys(("with", "without"), 0)
    wanted = 0
    for page, text in pages:
        squeezed = " ".join(text.split())
        wanted += len(page.truth["with"])
        for key in has:
            has[key] += sum(" ".join(each.split()) in squeezed for each in page.truth[key])
    precision, recall = has["with"] / sum(has.values()), has["with"] / wanted
    return f"P {precision:.4f}  R {recall:.4f}  F1 {2 * precision * recall / (precision + recall):.4f}"


def main() -> int:
    """Trains and writes, or checks and prints; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, default=os.environ.get("ARCHIVER_EVAL", BESIDE), metavar="DIR")
    parser.add_argument(
        "--check", action="store_true", help="figures on sites that the model has not seen; writes nothing"
    )
    options = parser.parse_args()
    if not (options.data / "aeb" / "ground_truth.json").is_file():
        print(f"{options.data}: no pages there; name their folder: --data DIR or ARCHIVER_EVAL=DIR", file=sys.stderr)
        return 2
    pages = list(known_pages(options.data))
    if options.check:
        for set_name, figures in checked(pages).items():
            print(f"{set_name:12} {figures}")
        return 0
    model = grown(pages)
    MODEL.write_text(json.dumps(model, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(
        f"{len(pages)} pages, {len(model['trees'])} trees, {len(model['names'])} names, {len(model['words'])} words; {MODEL.stat().st_size:,} bytes"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
