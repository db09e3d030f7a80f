"""What other articles' lines have in common with one article, and what they say of it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from archiver.store.jsonl import value_of
from archiver.store.months import months
from archiver.takedown.passages import own_text
from archiver.takedown.shown import Finder, Wanted, links_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from archiver.takedown.own import Marks
    from archiver.takedown.passages import Passage

_ROOT_SLASHES = 3
"""An address with no more is a site's home page: no article's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Others:
    """What was found in lines of other articles."""

    common: frozenset[Passage] = frozenset()
    """Passages of the article that others say too, in their own text: theirs stays."""
    copies: dict[str, int] = field(default_factory=dict)
    """Id to how many of the article's sentences it has, where those are half of them or more."""
    related: tuple[tuple[str, int], ...] = ()
    """Name of the month and offset of each line with an item in `related` that leads to the article or tells its title."""
    related_urls: frozenset[str] = frozenset()
    """The addresses of these items."""
    unproved: dict[str, int] = field(default_factory=dict)
    """Id to how many lines come of a capture that is erased,"""
    unproved_with_teasers: dict[str, int] = field(default_factory=dict)
    """and of one that would be with the teasers."""


def others_addresses(folder: Path, marks: Marks) -> frozenset[str]:
    """Addresses that are no mark of the article: those of other articles, of their pictures and files, of home pages."""
    found = {
        url
        for _, _, line in _other_lines(folder, marks.id)
        for url in (
            line["url"], line["canonical_url"], *line["aliases"],
            *(each["url"] for each in (*line["images"], *line["attachments"])),
        )
    }  # fmt: skip
    homes = {"/".join(url.split("/", _ROOT_SLASHES)[:_ROOT_SLASHES]) for url in found}
    return frozenset(found | homes | {f"{home}/" for home in homes})


def said_by_others(folder: Path, marks: Marks, known: frozenset[Passage]) -> Others:
    """What lines of other articles say of the article, whose passages are `known`."""
    shared: Counter[Passage] = Counter()
    by_id: dict[str, set[Passage]] = {}
    for _, _, line in _other_lines(folder, marks.id):
        said = own_text(line)
        here = {each for each in known if each.kind != "address" and each.key in said}
        shared.update(here)
        sentences = {each for each in here if each.kind == "body"}
        if sentences:
            by_id[line["id"]] = by_id.get(line["id"], set()) | sentences
    common = frozenset(shared)
    finder = Finder(Wanted(known - common, known & common, links_of(marks.addresses), frozenset()))
    hits = [
        (name, offset, item["url"])
        for name, offset, line in _other_lines(folder, marks.id)
        for item in line["related"]
        if is_of(item, marks, finder)
    ]
    of_body = sum(each.kind == "body" for each in known)
    return Others(
        common=common,
        copies={id_: len(found) for id_, found in sorted(by_id.items()) if 2 * len(found) >= of_body},
        related=tuple(dict.fromkeys((name, offset) for name, offset, _ in hits)),
        related_urls=frozenset(url for *_, url in hits),
    )


def is_of(item: Mapping[str, Any], marks: Marks, finder: Finder) -> bool:
    """Whether an item of `related` leads to the article or tells its title."""
    said = f"{item['title']}\n{item['summary']}"
    return item["url"] in marks.addresses or bool(finder.kinds(f"{said}\n{item['url']}"))


def _other_lines(folder: Path, id_: str) -> Iterator[tuple[str, int, dict[str, Any]]]:
    for month in months(folder, "articles"):
        for offset, raw in month.lines():
            line = value_of(raw, f"{month.path}, byte {offset}")
            if line["id"] != id_:
                yield month.name, offset, line
