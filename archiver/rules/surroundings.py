"""Whether something stands in what leads through a site: menus, heads and feet of pages, paths, lists of keywords."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page

_ROLES = frozenset(("navigation", "banner", "contentinfo", "search", "menu", "menubar", "toolbar", "tablist"))
_ENDS = frozenset(("header", "footer"))
_PARTS = frozenset(("article", "main", "section", "li", "td"))
"""Elements whose own head and foot are no page's."""
_NAMES = re.compile(
    r"(?<![a-z])(?:(?:main|top|sub|mega|side|site|off-?canvas|mobile|foot(?:er)?)?-?(?:nav|menu)(?:bar|igation|s|-?list|-?items?)?"
    r"|nav(?:igation)?|menu|navbar|breadcrumbs?|duong-?dan|bottom-?bar|site-?footer|page-?footer|copyright|top-?bar|tool-?bar|site-?header|page-?header|mast-?head|header-?(?:top|links|nav)"
    r"|tags?(?!-)|tag-?(?:list|cloud|links)|keywords?|hot-?topics|shar(?:e|ing)|social|follow-?us|lang(?:uages?)?|language-?(?:switch\w*|select\w*)|locale"
    r"|login|account|user-?(?:menu|links)|search(?:-?form|-?box)?|skip-?links?|cookie\w*|pag(?:ination|er|ing)|wp-pagenavi|nav-?links|phan-?trang"
    r"|author-?(?:box|bio|links?)|bylines?|partners?|lien-?ket|web-?links?)(?![a-z])",
    re.IGNORECASE,
)
_HEADERS = re.compile(r"(?<![a-z-])(?:header|head|footer|foot)(?![a-z-])", re.IGNORECASE)
_PAGERS = re.compile(
    r"(?<![a-z])(?:pag(?:ination|er|ing|enavi|es)|page-?(?:numbers?|nav(?:igation)?|links)|wp-pagenavi|nav-?links|older|load-?more|phan-?trang)(?![a-z])",
    re.IGNORECASE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def in_navigation(page: Page, element: Element) -> bool:
    """Whether `element` stands in what the page's tags, roles and names call navigation, a head or a foot."""
    return _ask(page.once(_known), element)


def in_pager(element: Element) -> bool:
    """Whether `element` stands in what is called a pager."""
    node: Element | None = element
    for _ in range(5):
        if node is None or node.tag == "body":
            return False
        if _PAGERS.search(_named(node)):
            return True
        node = node.getparent()
    return False


def _known(_page: Page) -> dict[Element, bool]:
    """Answers given so far; a page's elements live as long as the page."""
    return {}


def _ask(known: dict[Element, bool], element: Element) -> bool:
    asked: list[Element] = []
    answer = False
    node: Element | None = element
    while node is not None and node.tag not in ("body", "html"):
        if node in known:
            answer = known[node]
            break
        asked.append(node)
        if _navigates(node):
            answer = True
            break
        node = node.getparent()
    known.update(dict.fromkeys(asked, answer))
    return answer


def _navigates(node: Element) -> bool:
    if node.tag in ("main", "article"):
        return False
    name = _named(node)
    called = (
        node.tag == "nav"
        or node.get("role") in _ROLES
        or bool(_NAMES.search(name))
        or ((node.tag in _ENDS or bool(_HEADERS.search(name))) and not _is_part(node))
    )
    # Themes call the wrapper of a whole page after its menu (`has-side-menu`), and some leave a menu unclosed.
    return called and not any(node.find(f".//{tag}") is not None for tag in ("main", "article"))


def _is_part(node: Element) -> bool:
    return any(outer.tag in _PARTS for outer in node.iterancestors())


def _named(node: Element) -> str:
    name, id_ = node.get("class"), node.get("id")
    return _CAMEL.sub("-", f"{name or ''} {id_ or ''}") if name or id_ else ""
