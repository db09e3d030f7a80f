"""The tables of an accuracy run, in Markdown: extractors side by side, and our figures beside what we ask of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

TIMED = "aeb"
"""The set that speed is taken from."""

YARDSTICK = "trafilatura"
"""The peer whose speed the others' is given in."""

Figures: TypeAlias = dict[str, Any]
"""What score.py says of one extractor on one set, by its column names; None or absent: not measured."""

Report: TypeAlias = dict[str, dict[str, Figures]]
"""Set, extractor, figures."""


@dataclass(frozen=True)
class Column:
    """One figure of every extractor."""

    head: str
    read: Callable[[Report, str], float | None]
    """The figure of one extractor."""
    places: int = 3


@dataclass(frozen=True)
class Wish:
    """What we ask of one of our figures: at least `floor`, and some day `aim`."""

    name: str
    read: Callable[[Report, str], float | None]
    floor: float | None
    aim: float | None
    places: int = 3
    upward: bool = True
    """Whether more is better."""


def figure(set_name: str, name: str) -> Callable[[Report, str], float | None]:
    """Reads one figure of one set."""
    return lambda report, extractor: report.get(set_name, {}).get(extractor, {}).get(name)


def captions(report: Report, extractor: str) -> float | None:
    """F1 of the captions; None for an extractor that gives none."""
    found = report.get("fundus", {}).get(extractor, {})
    precision, recall = found.get("capP"), found.get("capR")
    return 2 * precision * recall / (precision + recall) if precision and recall else None


def ratio(report: Report, extractor: str) -> float | None:
    """Pages per processor second, in those of the yardstick."""
    speed = figure(TIMED, "pg/s")
    ours, theirs = speed(report, extractor), speed(report, YARDSTICK)
    return ours / theirs if ours and theirs else None


def total(name: str) -> Callable[[Report, str], float | None]:
    """Sums a count over the sets whose truth has bodies."""

    def read(report: Report, extractor: str) -> float | None:
        rows = [rows[extractor] for rows in report.values() if extractor in rows]
        counts = [row[name] for row in rows if row.get("F1") is not None or row.get("snip") is not None]
        return sum(counts) if counts else None

    return read


BODIES = (
    Column("aeb F1", figure("aeb", "F1")),
    Column("aeb exact", figure("aeb", "exact")),
    Column("fundus F1", figure("fundus", "F1")),
    Column("wcxb F1", figure("wcxb", "F1")),
    Column("trafilatura segments", figure("trafilatura", "snip")),
    Column("failed", total("fail"), places=0),
    Column("empty", total("empty"), places=0),
    Column("pages/cpu s", figure(TIMED, "pg/s"), places=0),
    Column(f"of {YARDSTICK}", ratio, places=2),
)
FIELDS = (
    Column("title", figure("fundus", "title")),
    Column("title, near", figure("fundus", "near")),
    Column("day", figure("fundus", "day")),
    Column("day, htmldate", figure("htmldate", "day")),
    Column("minute and zone", figure("fundus", "min")),
    Column("authors", figure("fundus", "auth")),
    Column("captions F1", captions),
)
WISHES = (
    Wish("aeb body F1", figure("aeb", "F1"), 0.975, 0.982),
    Wish("aeb body exact", figure("aeb", "exact"), None, 0.50),
    Wish("fundus body F1", figure("fundus", "F1"), 0.968, 0.98),
    Wish("wcxb body F1", figure("wcxb", "F1"), 0.947, 0.96),
    Wish("trafilatura set, segments F1", figure("trafilatura", "snip"), 0.932, 0.95),
    Wish("day, fundus", figure("fundus", "day"), 0.985, 0.995),
    Wish("day, htmldate set", figure("htmldate", "day"), 0.92, 0.95),
    Wish("minute with zone, fundus", figure("fundus", "min"), 0.96, 0.98),
    Wish("title, fundus: equal", figure("fundus", "title"), 0.82, 0.90),
    Wish("title, fundus: near", figure("fundus", "near"), 0.93, 0.97),
    Wish("author set, fundus", figure("fundus", "auth"), 0.82, 0.90),
    Wish("captions F1, fundus", captions, 0.80, 0.90),
    Wish("failures", total("fail"), 0, 0, places=0, upward=False),
    Wish("empty bodies", total("empty"), 0, 0, places=0, upward=False),
    Wish("pages per CPU-second, all fields, aeb", figure(TIMED, "pg/s"), 120, 300, places=0),
    Wish(f"the same, in those of {YARDSTICK}", ratio, 3, None, places=2),
)


def table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """A Markdown table: names to the left, figures to the right."""
    lines = [list(head), *map(list, rows)]
    lines.insert(1, ["---", *["---:"] * (len(lines[0]) - 1)])
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def shown(value: float | None, places: int) -> str:
    """A figure with so many places; a dash where there is none."""
    return "–" if value is None else f"{value:.{places}f}"


def beside_peers(report: Report, columns: tuple[Column, ...]) -> str:
    """One row an extractor, ours first, without the columns and rows that nobody has a figure for."""
    names = dict.fromkeys(name for rows in report.values() for name in rows)
    values = {name: [column.read(report, name) for column in columns] for name in names}
    used = [at for at in range(len(columns)) if any(row[at] is not None for row in values.values())]
    return table(
        ["", *(columns[at].head for at in used)],
        [
            [f"**{name}**" if name == "ours" else name, *(shown(row[at], columns[at].places) for at in used)]
            for name, row in values.items()
            if any(value is not None for value in row)
        ],
    )


def beside_wishes(report: Report, halves: dict[str, dict[str, float]]) -> str:
    """Our figures, each with what we ask of it and the best peer's; last the least field of the Vietnamese set."""
    rows = []
    for wish in WISHES:
        ours = wish.read(report, "ours")
        if ours is None:
            continue
        peers = {name: wish.read(report, name) for found in report.values() for name in found if name != "ours"}
        known = {name: value for name, value in peers.items() if value is not None}
        best = max(known, key=lambda name: known[name] if wish.upward else -known[name], default=None)
        peer = "–" if best is None else f"{shown(known[best], wish.places)} {best}"
        rows.append([wish.name, shown(ours, wish.places), *verdict(wish, ours), peer])
    for name, fields in halves.items():
        least = min(fields, key=fields.__getitem__)
        wish = Wish(f"Vietnamese set, {name} half: least field, {least}", captions, 0.98, 1)
        rows.append([wish.name, shown(fields[least], 3), *verdict(wish, fields[least]), "–"])
    return table(["", "ours", "at least", "aim", "best peer"], rows)


def verdict(wish: Wish, ours: float) -> list[str]:
    """Floor and aim, each in bold where it is met, by the figure as it is printed."""
    seen = round(ours, wish.places)
    cells = []
    for asked in (wish.floor, wish.aim):
        met = asked is not None and (seen >= asked if wish.upward else seen <= asked)
        cells.append("–" if asked is None else f"**{asked:g}**" if met else f"{asked:g}")
    return cells


def rendered(report: Report, halves: dict[str, dict[str, float]], versions: str) -> str:
    """All tables, ready to be pasted into the README."""
    fields = [[field, *(shown(found[field], 3) for found in halves.values())] for field in halves["open"]]
    pages = ", ".join(f"{name} {next(iter(rows.values()))['pages']}" for name, rows in report.items() if rows)
    parts = [
        f"Pages: {pages}. {versions}".strip(),
        "Bodies and speed:",
        beside_peers(report, BODIES),
        "Fields, on fundus where no other set is named:",
        beside_peers(report, FIELDS),
        "Our Vietnamese set:",
        table(["", *halves], fields),
        "Ours against what we ask (met in bold):",
        beside_wishes(report, halves),
    ]
    return "\n\n".join(parts)
