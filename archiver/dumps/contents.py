"""What a package holds, told once: from this come its card, its Frictionless and Croissant descriptions and its sums."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.dumps.package import Packed
    from archiver.dumps.selection import Range, Selection

FORMATS = ("jsonl", "csv", "parquet", "hf", "wacz", "bagit")
PACKAGE_FORMAT = 1
"""Of what `archiver import` reads; a later one reads this."""


@dataclass(kw_only=True)
class Contents:
    """One package."""

    selections: Sequence[Selection]
    """One a site."""
    formats: tuple[str, ...]
    chosen: Range
    absences: Counter[str] = field(default_factory=Counter)
    """Kind of absence to rows."""

    @property
    def name(self) -> str:
        """The sites, parted by hyphens."""
        return "-".join(selection.site for selection in self.selections)

    @property
    def title(self) -> str:
        """For people."""
        names = ", ".join(selection.site for selection in self.selections)
        days = "" if self.chosen.is_all else f", published {self.chosen.since or '…'} to {self.chosen.until or '…'}"
        return f"News archive of {names}{days}"

    @property
    def summary(self) -> str:
        """In a sentence."""
        has_captures = not {"wacz", "bagit"}.isdisjoint(self.formats)
        captured = "each with the capture that it was read from" if has_captures else "without their captures"
        return (
            f"{self.articles} news articles ({self.lines} revisions), published {self.first_published or '–'} to"
            f" {self.last_published or '–'}, {captured}."
        )

    @property
    def articles(self) -> int:
        """Of all sites."""
        return sum(selection.articles for selection in self.selections)

    @property
    def lines(self) -> int:
        """Revisions of all sites."""
        return sum(selection.lines for selection in self.selections)

    @property
    def first_published(self) -> str | None:
        """Day."""
        return min((each.first_published for each in self.selections if each.first_published), default=None)

    @property
    def last_published(self) -> str | None:
        """Day."""
        return max((each.last_published for each in self.selections if each.last_published), default=None)

    @property
    def last_fetched(self) -> str | None:
        """When the newest line was made, RFC 3339: the package's version."""
        return max((each.last_fetched for each in self.selections if each.last_fetched), default=None)

    @property
    def languages(self) -> list[str]:
        """BCP 47, the most frequent first."""
        found: Counter[str] = sum((selection.languages for selection in self.selections), Counter())
        return [language for language, _ in sorted(found.items(), key=lambda each: (-each[1], each[0])) if language]

    @property
    def foreign(self) -> list[str]:
        """Files that are nothing of the archive."""
        return [stray for selection in self.selections for stray in selection.foreign]

    @property
    def faults(self) -> list[str]:
        """What could not be handed over."""
        return list(dict.fromkeys(fault for selection in self.selections for fault in selection.faults))

    @property
    def left_out(self) -> list[str]:
        """The same as the package tells it: files by their names from the archive's folder, without what to do about them."""
        told = ((fault, f"{each.folder.parent}/") for each in self.selections for fault in each.faults)
        return list(dict.fromkeys(fault.replace(root, "").partition(". See")[0] for fault, root in told))

    @property
    def told(self) -> dict[str, Any]:
        """What `archiver import` wants to know."""
        sites = {each.site: {"articles": each.articles, "lines": each.lines} for each in self.selections}
        return {
            "format": PACKAGE_FORMAT,
            "sites": sites,
            "formats": list(self.formats),
            "since": self.chosen.since,
            "until": self.chosen.until,
            "left_out": self.left_out,
        }


def media_type(packed: Packed) -> str:
    """RFC 6838, by the name."""
    ends = {
        ".jsonl.gz": "application/jsonl+gzip",
        ".jsonl": "application/jsonl",
        ".csv": "text/csv",
        ".parquet": "application/vnd.apache.parquet",
        ".warc.gz": "application/warc",
        ".wacz": "application/wacz",
        ".json": "application/json",
        ".md": "text/markdown",
    }
    return next((kind for end, kind in ends.items() if packed.path.endswith(end)), "text/plain")
