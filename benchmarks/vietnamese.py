"""How well the general rules read the Vietnamese truth set, field by field, its two halves apart.

    python benchmarks/vietnamese.py [--wrong FIELD]

No site file is used: the pages' hosts are nobody's. A figure is the share of pages on which the field equals the golden;
`body` is the mean F1 over four-word shingles, `captions` and `related` are F1 over all pages. `--wrong FIELD` lists the
pages of the open half on which a field differs; the blind half is for measuring only (tests/pages/vi/README.md).
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import archiver
from archiver.article import jsonable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

PAGES = Path(__file__).parent.parent / "tests" / "pages" / "vi"
SHINGLE = 4


@dataclass(frozen=True)
class Read:
    """One page as we read it, beside its golden."""

    name: str
    golden: dict[str, Any]
    line: dict[str, Any]


def half(name: str) -> list[Read]:
    """Every page of `open` or `blind`."""
    found = []
    for path in sorted((PAGES / name).glob("*.json")):
        golden = json.loads(path.read_bytes())
        article = archiver.extract(path.with_suffix(".html").read_bytes(), golden["_page"]["url"])
        found.append(Read(path.stem, golden, jsonable(article)))
    return found


def f1(found: Counter[Any], wanted: Counter[Any]) -> float:
    """1 where both are empty."""
    if not found and not wanted:
        return 1.0
    return 2 * (found & wanted).total() / (found.total() + wanted.total())


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Runs of four words; a shorter text is one run."""
    words = text.split()
    runs = max(1, len(words) - SHINGLE + 1) if words else 0
    return Counter(tuple(words[at : at + SHINGLE]) for at in range(runs))


def body(read: Read) -> float:
    """F1 of the shingles of one page."""
    return f1(shingles(read.line["body"]), shingles(read.golden.get("body", "")))


def moment(read: Read) -> bool:
    """The instant, as far as the page is exact."""
    length = {"day": 10, "minute": 16}.get(read.golden["published_precision"], 19)
    return (read.line["published_at"] or "")[:length] == read.golden["published_at"][:length]


def people(line: dict[str, Any]) -> set[tuple[str, str]]:
    """Names with their roles."""
    return {(each["name"], each.get("role", "text")) for each in line.get("authors", ())}


def pooled(reads: Iterable[Read], field: str, key: str) -> float:
    """F1 of one value of the parts of a field, over all pages."""
    found: Counter[Any] = Counter()
    wanted: Counter[Any] = Counter()
    for read in reads:
        found.update((read.name, part[key]) for part in read.line[field] if part.get(key))
        wanted.update((read.name, part[key]) for part in read.golden.get(field, ()) if part.get(key))
    return f1(found, wanted)


def same(field: str) -> Callable[[Read], bool]:
    """Whether a field equals the golden's."""
    return lambda read: (read.line[field] or "") == (read.golden.get(field) or "")


EACH: dict[str, Callable[[Read], float]] = {
    "title": same("title"),
    "time": moment,
    "authors": lambda read: people(read.line) == people(read.golden),
    "lead": same("lead"),
    "body": body,
    "tags": lambda read: read.line["tags"] == read.golden.get("tags", []),
    "section": same("section"),
}
"""Field to its figure on one page, 0 to 1."""


def figures(reads: list[Read]) -> dict[str, float]:
    """Field to its figure over some pages."""
    means = {name: sum(map(figure, reads)) / len(reads) for name, figure in EACH.items()}
    return {**means, "captions": pooled(reads, "images", "caption"), "related": pooled(reads, "related", "title")}


def main() -> None:
    """Prints both halves side by side."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wrong", choices=EACH, metavar="FIELD", help=f"list the open pages: {', '.join(EACH)}")
    options = parser.parse_args()
    halves = {name: half(name) for name in ("open", "blind")}
    if options.wrong:
        for read in halves["open"]:
            if EACH[options.wrong](read) < 1:
                print(
                    f"{read.name}\n  golden {read.golden.get(options.wrong)!r}\n  ours   {read.line.get(options.wrong)!r}"
                )
        return
    table = {name: figures(reads) for name, reads in halves.items()}
    print(f"{'':<10} {'open':>6} {'blind':>6}   ({len(halves['open'])} and {len(halves['blind'])} pages)")
    for field in table["open"]:
        print(f"{field:<10} {table['open'][field]:>6.3f} {table['blind'][field]:>6.3f}")


if __name__ == "__main__":
    main()
