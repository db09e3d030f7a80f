"""Elements by what their classes and ids call them: one look over the page for all rules that ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree

if TYPE_CHECKING:
    import re

    from lxml.etree import _Element as Element

    from archiver.page import Page

_NAMED = etree.XPath("//body//*[@class or @id]")


def called(page: Page, pattern: re.Pattern[str]) -> tuple[Element, ...]:
    """The elements of the body of whose classes and id `pattern` finds one, in order of the page."""
    return tuple(element for element, names in page.once(_names) if pattern.search(names))


def _names(page: Page) -> tuple[tuple[Element, str], ...]:
    """Each element that has a class or an id, with both in lower case, parted by blanks."""
    return tuple(
        (element, f" {element.get('class') or ''} {element.get('id') or ''} ".lower()) for element in _NAMED(page.root)
    )
