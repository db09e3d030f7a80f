"""What stands at the end of a story and names who made it: the credit line, and a name alone."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from archiver import credits, text
from archiver.rules.date_line import is_others, shown_title
from archiver.rules.flow import flow
from archiver.rules.furniture import furniture, running
from archiver.rules.phrases import ENDS
from archiver.rules.story_element import story_element

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.page import Page
    from archiver.rules.line import Line

_PARAGRAPH = 60
"""Characters from which a line without links is the story's text, not what stands around it."""
_HEADER = 20
_BELOW = 12
"""Lines below the last paragraph among which names are looked for."""
_LONGEST_CREDIT = 240
_LONGEST_NAMES = 80
_MOST_WORDS = 5
_OFFICE = 120
_CREDIT = re.compile(r"\W*[^\W\d_][^:：]{0,60}[:：]|\W*theo\s|.{3,80}?[(/,–-]\s*(?:theo|nguồn)\s", re.IGNORECASE)
"""How a credit begins that has a label: not `By Jane Doe`, which is a byline."""
_VIETNAMESE = re.compile("[ăđơưạ-ỹ]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signatures:
    """The lines below a story's last paragraph that name its makers."""

    credit: tuple[Line, ...] = ()
    """Labelled credits, one below the other."""
    signed: Line | None = None
    """A line of names without a label."""
    names: tuple[credits.Name, ...] = ()
    """Those of `signed`."""
    office: tuple[Line, ...] = ()
    """The lines right below `signed`, set to the right like it: where the author works."""

    @property
    def lines(self) -> frozenset[Line]:
        """All of them: none is the story's text."""
        return frozenset((*self.credit, *self.office, *(() if self.signed is None else (self.signed,))))

    @property
    def credit_line(self) -> Line | None:
        """The credits as one line."""
        if len(self.credit) < 2:  # nothing to join
            return next(iter(self.credit), None)
        return replace(self.credit[0], text=" ".join(line.text for line in self.credit))


def signatures(page: Page) -> Signatures:
    """Who is named below the story's last paragraph of a Vietnamese page, found once for a page."""
    return page.once(_signatures)


def is_vietnamese(page: Page) -> bool:
    """Whether the page is in Vietnamese: by what it says of its language, else by its letters."""
    return page.once(_is_vietnamese)


def _is_vietnamese(page: Page) -> bool:
    said = (page.root.get("lang") or "").lower()
    if said:
        return said.startswith("vi")
    longest = max((line.text for line in flow(page).lines), key=len, default="")
    return len(_VIETNAMESE.findall(longest)) * 12 > len(longest)


def _signatures(page: Page) -> Signatures:
    if not is_vietnamese(page):
        # Elsewhere a label below the text names a film, a table's source or the writer once more.
        return Signatures()
    lines = flow(page).lines
    credit: list[Line] = []
    last = None
    for at in _places(page):
        is_next = last is not None and at == last + 1
        if (not credit or is_next) and _is_credit(lines[at]):
            credit.append(lines[at])
            last = at
        elif not credit and (names := _names_alone(lines[at])):
            return Signatures(_credit_behind(lines, at), lines[at], names, _office_behind(lines, at))
    return Signatures(tuple(credit))


def _credit_behind(lines: tuple[Line, ...], signed: int) -> tuple[Line, ...]:
    """The credits right below a signature."""
    return tuple(takewhile(_is_credit, (line for line in lines[signed + 1 : signed + 3] if line.kind == "text")))


def _office_behind(lines: tuple[Line, ...], signed: int) -> tuple[Line, ...]:
    """The lines of an office right below a signature to the right."""
    below = lines[signed + 1 : signed + 4] if lines[signed].right else ()
    return tuple(
        takewhile(
            lambda line: line.right and line.kind == "text" and not _is_credit(line) and len(line.text) <= _OFFICE,
            below,
        )
    )


def _places(page: Page) -> Iterator[int]:
    """The places where names may stand: set apart near the story's end, or below its last paragraph."""
    element = page.once(story_element)
    if element is None:
        return
    lines, left_out = flow(page).lines, furniture(page)
    start, behind = flow(page).span(element)
    paragraphs = [at for at in range(start, behind) if not left_out[at] and _is_paragraph(lines[at])]
    if not paragraphs:
        return
    last = paragraphs[-1]
    for at in _header(page, paragraphs[0]):
        if _is_text(lines[at]) and _is_credit(lines[at]):
            yield at
    for at in range(paragraphs[len(paragraphs) * 2 // 3], last):
        # Footnotes and an editor's remark may follow the names.
        if _is_text(lines[at]) and (lines[at].right or lines[at].bold) and at not in paragraphs:
            yield at
    for at in range(last + 1, min(len(lines), last + 1 + _BELOW)):
        line = lines[at]
        if line.level or _is_paragraph(line) or is_others(line.block) or ENDS.fullmatch(line.text):
            return
        if _is_text(line):
            yield at


def _header(page: Page, first: int) -> range:
    """The places between the title and the first paragraph."""
    title = shown_title(page)
    return range(title + 1, first) if title is not None and title < first <= title + _HEADER else range(0)


def _is_text(line: Line) -> bool:
    return line.kind == "text" and not (line.linked or line.caption or line.figure is not None)


def _is_paragraph(line: Line) -> bool:
    return running(line) >= _PARAGRAPH and not line.right and not _is_credit(line) and not _names_alone(line)


def _is_credit(line: Line) -> bool:
    return (
        len(line.text) <= _LONGEST_CREDIT
        and _CREDIT.match(line.text) is not None
        and bool(credits.parse_credit_line(line.text))
    )


def _names_alone(line: Line) -> tuple[credits.Name, ...]:
    """The persons whose full names are all that a line says; empty: it says something else."""
    if line.item is not None or len(line.text) > _LONGEST_NAMES or text.ends_sentence(line.text):
        return ()
    names = credits.parse_byline(line.text)
    return names if are_full_names(names) and sum(len(name.name) for name in names) * 2 > len(line.text) else ()


def are_full_names(names: tuple[credits.Name, ...]) -> bool:
    """Whether there are names, all of them persons' of two words or more."""
    return bool(names) and all(
        name.kind == "person" and name.role == "text" and 1 < len(name.name.split()) <= _MOST_WORDS for name in names
    )
