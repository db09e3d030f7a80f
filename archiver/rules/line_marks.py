"""What is to be seen of the lines that may belong to a story: their shape, place, box and neighbours, names and words."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from math import log
from typing import TYPE_CHECKING

from archiver import text
from archiver.rules import head
from archiver.rules.flow import flow
from archiver.rules.furniture import furniture, running, sums_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Line

_ABOVE = 25
_BELOW = 40
"""Lines around the story's element that may still be the story's; farther away only running text may be."""
_RUNNING = 60
"""Characters from which a line without links counts as running text."""
_MOST_LINES = 200
_MOST_TEXT = 30_000
"""Lines and characters from which a page counts as long: of longer ones the known pages are too few to learn from."""
_FAR = 30
_NO_TITLE = -99
_DEPTH = 8
"""Elements around a line whose names are read."""
_WORDS_OF = 400
"""Characters from which a line's words say nothing of it: it is a paragraph."""
_FIRST_WORDS = 12
_BEGINNING = 120
"""Characters of a line whose digits and capitals are counted."""
_SHORT = 40

# One word, or one sign of a script that is written without spaces.
_DENSE = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = re.compile(rf"[{_DENSE}]|[^\W_{_DENSE}]+")
_DIGIT = re.compile(r"\d")
_NAME = re.compile(r"[a-z]{2,}")
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST_NAME = 1_000


@dataclass(frozen=True, slots=True)
class Marks:
    """A line that may be the story's, and what is to be seen of it."""

    place: int
    """In the flow."""
    numbers: tuple[float, ...]
    names: frozenset[str]
    """Words of the classes, ids and addresses of what holds it and of what it links, and the tags (`<li`)."""
    words: frozenset[str]
    """Words of a short line; how it begins (`^by`, `^by the`), its last word (`$minutes`)."""
    heads: bool
    """Whether it may head the lines below it."""


NUMBERS = (
    "inside_story furniture linked length sentence level caption list_linked digits capitals has_class siblings "
    "text_above text_through lines_since_text lines_until_text lines_from_start lines_to_end lines_below_title "
    "text_of_parent text_of_kind depth box_text box_lines box_linked box_pictures page_text story_lines "
    "length_above linked_above length_below linked_below colon colon_above"
).split()
"""The names of `Marks.numbers`, in order."""


def marks(page: Page, story: Element) -> list[Marks]:
    """What is to be seen of each text line that may belong to the story whose text is densest in `story`."""
    return _Reading(page, story).marks()


class _Reading:
    """One page, read for the marks of its lines."""

    def __init__(self, page: Page, story: Element) -> None:
        self.flow = flow(page)
        self.lines = lines = self.flow.lines
        self.left_out = furniture(page)
        self.first, self.behind = self.flow.span(story)
        self.sizes = [running(line) for line in lines]
        long = [size if size >= _RUNNING else 0 for size in self.sizes]
        self.sums = sums_of(long)
        self.linked = [sum(len(anchor.text) for anchor in line.anchors) for line in lines]
        self.linked_sums = sums_of(self.linked)
        self.text_sums = sums_of([len(line.text) for line in lines])
        self.picture_sums = sums_of([line.kind == "picture" for line in lines])
        inside = [
            size if self.first <= at < self.behind and not self.left_out[at] else 0 for at, size in enumerate(long)
        ]
        self.total = sum(inside) or 1
        self.above = sums_of(inside)
        self.since, self.until = _distances(inside)
        self.of_parent: Counter[Element | None] = Counter()
        self.of_kind: Counter[tuple[str, str]] = Counter()
        for line, size in zip(lines, inside, strict=True):
            if size:
                self.of_parent[line.block.getparent()] += size
                self.of_kind[_kind(line.block)] += size
        core = max(self.of_parent, key=lambda each: self.of_parent[each], default=None)
        around = story if core is None else core
        self.chain = {around, *around.iterancestors()}
        # lxml counts by walking: once for each element, not for each line in it.
        self.children = {outer: len(outer) for outer in {line.block.getparent() for line in lines} if outer is not None}
        self.title = self._title(head.claimed_titles(page, ()))
        self.boxes: dict[Element, tuple[int, frozenset[str], Element | None]] = {}
        self.list_linked: dict[Element, float] = {}

    def _title(self, claims: Sequence[str]) -> int | None:
        """The place of the last line above or near the beginning of the story that is the title."""
        near = range(min(len(self.lines), self.first + _FAR) - 1, -1, -1)
        longest = max(map(len, claims), default=0) + 4
        for at in near:
            words = self.lines[at].text
            if 0 < len(words) <= longest and any(text.same_text(words, claim) for claim in claims):
                return at
        return next((at for at in near if self.lines[at].level == 1), None)

    def marks(self) -> list[Marks]:
        return [self._mark(at) for at, line in enumerate(self.lines) if line.kind == "text" and self._may_belong(at)]

    def _may_belong(self, at: int) -> bool:
        if self.left_out[at] and self.lines[at].linked:
            return False
        if self.first - _ABOVE <= at < self.behind + _BELOW:
            return True
        return self.sizes[at] >= _RUNNING

    def _mark(self, at: int) -> Marks:
        line, lines = self.lines[at], self.lines
        words = line.text
        size = len(words)
        beginning = words[:_BEGINNING]
        outer = line.block.getparent()
        depth, names, box = self._box(line.block)
        if line.anchors:
            names |= _names_of_links(line)
        start, end = self.flow.spans.get(box, (at, at + 1)) if box is not None else (at, at + 1)
        box_size = self.text_sums[end] - self.text_sums[start]
        over = lines[at - 1] if at else None
        under = lines[at + 1] if at + 1 < len(lines) else None
        numbers = (
            self.first <= at < self.behind,
            self.left_out[at],
            self.linked[at] / size,
            log(len(words.encode()) + 1),
            text.ends_sentence(words),
            line.level or 0,
            line.caption,
            -1 if line.item is None else self._list_linked(line.item),
            len(_DIGIT.findall(beginning)) / len(beginning),
            sum(map(str.isupper, beginning)) / len(beginning),
            line.block.get("class") is not None,
            0 if outer is None else min(self.children[outer], _MOST_LINES),
            self.above[at] / self.total,
            self.above[at + 1] / self.total,
            self.since[at],
            self.until[at],
            max(-_ABOVE, min(at - self.first, _MOST_LINES)),
            max(-_BELOW, min(self.behind - at, _MOST_LINES)),
            _NO_TITLE if self.title is None else max(-_FAR, min(2 * _FAR, at - self.title)),
            self.of_parent[outer] / self.total,
            self.of_kind[_kind(line.block)] / self.total,
            depth,
            (self.sums[end] - self.sums[start]) / self.total if box is not None else 0,
            min(end - start, _MOST_LINES),
            (self.linked_sums[end] - self.linked_sums[start]) / (box_size or 1),
            (self.picture_sums[end] - self.picture_sums[start]) / (end - start or 1),
            log(min(self.total, _MOST_TEXT)),
            min(self.behind - self.first, _MOST_LINES),
            -1 if over is None else len(over.text),
            2 if over is None else over.linked,
            -1 if under is None else len(under.text),
            2 if under is None else under.linked,
            words.endswith(":"),
            over is not None and over.text.endswith(":"),
        )
        return Marks(
            place=at,
            numbers=tuple(map(float, numbers)),
            names=names,
            words=_words(words) if size < _WORDS_OF else frozenset(),
            heads=line.level is not None or self.sizes[at] < _SHORT,
        )

    def _box(self, block: Element) -> tuple[int, frozenset[str], Element | None]:
        """How many elements part a block from those around most of the text, their names, and the outermost of them."""
        known = self.boxes.get(block)
        if known is None:
            depth, names, box = 0, frozenset[str](), None
            node: Element | None = block
            while node is not None and node not in self.chain and depth < _DEPTH:
                names |= _names_of(node.tag, node.get("class"), node.get("id"), node.get("itemprop"))
                box, depth, node = node, depth + 1, node.getparent()
            known = self.boxes[block] = (depth, names, box)
        return known

    def _list_linked(self, item: Element) -> float:
        """The share of links in the text of the list that `item` stands in."""
        holder = item.getparent()
        if holder is None:
            return -1
        if holder not in self.list_linked:
            start, end = self.flow.span(holder)
            size = self.text_sums[end] - self.text_sums[start]
            self.list_linked[holder] = (self.linked_sums[end] - self.linked_sums[start]) / (size or 1)
        return self.list_linked[holder]


def _kind(block: Element) -> tuple[str, str]:
    return block.tag, block.get("class") or ""


def _distances(sizes: Sequence[int]) -> tuple[list[int], list[int]]:
    """For each place how many lines it is from the last and to the next with a size; _FAR at most."""
    since, until = [_FAR] * len(sizes), [_FAR] * len(sizes)
    for places, distances in ((range(len(sizes)), since), (range(len(sizes) - 1, -1, -1), until)):
        distance = _FAR
        for at in places:
            distances[at] = distance
            distance = 1 if sizes[at] else min(distance + 1, _FAR)
    return since, until


@lru_cache(maxsize=8192)
def _names_of(tag: str, name: str | None, id_: str | None, property_: str | None) -> frozenset[str]:
    written = f"{name or ''} {id_ or ''} {property_ or ''}"[:_LONGEST_NAME]
    return frozenset((f"<{tag}", *_NAME.findall(_CAMEL.sub("-", written).lower())))


def _names_of_links(line: Line) -> frozenset[str]:
    """Words of the paths that the first links of a line lead to."""
    found: set[str] = set()
    for anchor in line.anchors[:3]:
        path = anchor.href[:200].lower().rpartition("//")[2].partition("/")[2]
        found.update(f"a:{name}" for name in _NAME.findall(path)[:_FIRST_WORDS])
    return frozenset(found)


def _words(line: str) -> frozenset[str]:
    found = _WORD.findall(line.lower())
    if not found:
        return frozenset()
    starts = {f"^{' '.join(found[:count])}" for count in (1, 2, 3)[: len(found)]}
    return frozenset((*found[:_FIRST_WORDS], *starts, f"${found[-1]}"))
