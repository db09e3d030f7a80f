"""Elements by what their attributes call them: one look over the page for all rules that ask."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import re

    from lxml.etree import _Element as Element

    from archiver.page import Page

_MOST_MARKS = 2_000
_LONGEST_NAME = 1_000
"""Characters of class and id that are looked at."""


@dataclass(frozen=True, slots=True)
class _Names:
    """Elements in order of the page."""

    called: tuple[tuple[Element, str], ...]
    """Each of the body that has a class or an id, with both in lower case, parted by blanks."""
    marked: tuple[tuple[Element, frozenset[str]], ...]
    """Each that has an itemprop, property or rel, with their words, prefixes (`schema:`) cut off; a `link` is none."""


def called(page: Page, pattern: re.Pattern[str]) -> tuple[Element, ...]:
    """The elements of the body of whose classes and id `pattern` finds one, in order of the page."""
    named = page.once(_names).called
    found = {name for name in {name for _, name in named} if pattern.search(name)}
    return tuple(element for element, name in named if name in found) if found else ()


def marked(page: Page, *words: str) -> tuple[Element, ...]:
    """The elements whose itemprop, property or rel has one of `words`, a prefix (`schema:`) apart, in order of the page."""
    return tuple(element for element, names in page.once(_names).marked if not names.isdisjoint(words))


def _names(page: Page) -> _Names:
    named: list[tuple[Element, str]] = []
    marks: list[tuple[Element, frozenset[str]]] = []
    in_body = False
    # One walk in Python is quicker than an XPath for each of the two.
    for element in page.root.iter():
        get = element.get
        if in_body:
            name, id_ = get("class"), get("id")
            if name or id_:
                named.append((element, f" {name or ''} {id_ or ''} "[:_LONGEST_NAME].lower()))
        elif element.tag == "body":
            in_body = True
        item, property_, relation = get("itemprop"), get("property"), get("rel")
        if (item or property_ or relation) and element.tag != "link":
            said = f"{item or ''} {property_ or ''} {relation or ''}"
            marks.append((element, frozenset(word.rpartition(":")[2] for word in said.split())))
    return _Names(tuple(named), tuple(marks[:_MOST_MARKS]))
