"""What the cache of a site holds: which lines are in which Parquet file. The note is written last: what it names is there."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from archiver.research.tables.columns import KINDS
from archiver.research.tables.parts import Part, columns_of_table

if TYPE_CHECKING:
    from pathlib import Path

    from archiver.research.tables.sources import Stamp

FORMAT = 2
NAME = "kept.json"


@dataclass(frozen=True, slots=True)
class Kept:
    """One file of lines, as far as it was read."""

    stamp: Stamp
    """The file as it was then."""
    parts: tuple[Part, ...] = ()
    trouble: str | None = None
    """Why it was not read to its end."""


def load_kept(folder: Path) -> dict[str, dict[str, Kept]]:
    """Table to name of a file of lines to what is kept of it. Empty where there is no note, or one that is not of this release."""
    try:
        told = json.loads((folder / NAME).read_bytes())
        if told["meaning"] != _meaning():
            return {}
        return {
            table: {
                name: Kept(
                    tuple((str(file), int(size), int(changed)) for file, size, changed in each["stamp"]),
                    tuple(Part(**part) for part in each["parts"]),
                    each["trouble"],
                )
                for name, each in files.items()
            }
            for table, files in told["tables"].items()
        }
    except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {}


def save_kept(folder: Path, kept: dict[str, dict[str, Kept]]) -> None:
    """Notes what the cache holds from now on. Raises OSError."""
    tables = {table: {name: asdict(each) for name, each in files.items()} for table, files in kept.items()}
    making = folder / f"{NAME}.making"
    making.write_text(json.dumps({"meaning": _meaning(), "tables": tables}), encoding="utf-8")
    making.replace(folder / NAME)


def _meaning() -> list[object]:
    """What a Parquet file has: a cache of other columns is made anew."""
    return [FORMAT, {kind.table: columns_of_table(kind) for kind in KINDS}]
