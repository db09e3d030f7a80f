"""Pagers of ASP.NET that send the page's own form back with the name of what was pressed (`__doPostBack`)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver import text, urls
from archiver.rules.link_words import NEXT, NUMBER
from archiver.rules.surroundings import in_pager

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page

MOST_FIELDS = 1_000
LARGEST_BYTES = 4_000_000
"""Of a form's fields. IIS takes 4 MB by default (httpRuntime maxRequestLength); the largest view states have one."""

_CALL = re.compile(
    r"""(?:__doPostBack\s*\(|WebForm_PostBackOptions\s*\()\s*(['"])(?P<target>[^'"]{1,500})\1\s*,\s*(['"])(?P<argument>[^'"]{0,500})\3"""
)
_ARGUMENT = re.compile(r"Page\$(?P<number>\d{1,6})|Page\$(?P<word>Next)", re.IGNORECASE)
"""What the pager of a GridView or DetailsView sends."""
_DOTS = re.compile(r"\.{2,3}|…")
_BACKWARDS = re.compile(
    r"[\s«‹<←|]*(?:first|last|prev(?:ious)?|newer|(?:trang )?(?:trước|đầu|cuối)|zurück|anterior|précédente?)?[\s«‹<←|]*(?:page)?",
    re.IGNORECASE,
)
_NOT_SENT = ("submit", "button", "image", "reset", "file")
"""Of these a browser sends only the one that was pressed; here none was."""


@dataclass(frozen=True, slots=True)
class PostBack:
    """The form that a pager sends for the next page."""

    url: str
    """Where to, absolute."""
    fields: tuple[tuple[str, str], ...]
    """Names and values in the order of the form, as a browser sends them (HTML, 4.10.21.4)."""


@dataclass(frozen=True, slots=True)
class _Link:
    element: Element
    target: str
    argument: str
    words: str


def next_post_back(page: Page, shown: int) -> PostBack | None:
    """What a reader of page `shown` (from 1) of a list sends for the next; None: there is no such pager, or no next page.

    The link that bears the next number, else the one to the next page, else the one behind the last number (`...`).
    """
    links = [link for link in _links(page) if _pages(link)]
    chosen = (
        next((link for link in links if _number(link) == shown + 1), None)
        or next((link for link in links if _is_next(link)), None)
        or _behind_the_numbers(links, shown)
    )
    return _sent(page, chosen) if chosen is not None else None


def _behind_the_numbers(links: list[_Link], shown: int) -> _Link | None:
    """The last link of the pager where it bears no number and one stands before it: `...` before them leads back."""
    numbered = [at for at, link in enumerate(links) if _number(link) is not None]
    last = links[-1] if links else None
    if last is None or not numbered or numbered[-1] == len(links) - 1 or not _DOTS.fullmatch(last.words):
        return None
    return last if (_number(links[numbered[-1]]) or 0) <= shown else None


def _links(page: Page) -> list[_Link]:
    found = []
    for element in page.root.iter("a", "input", "button"):
        call = _CALL.search(element.get("href") or "") or _CALL.search(element.get("onclick") or "")
        if call is not None:
            words = text.clean("".join(element.itertext())) or (element.get("value") or element.get("title") or "")
            found.append(_Link(element, call["target"], call["argument"], words))
    return found


def _pages(link: _Link) -> bool:
    """Whether a link is a pager's: by what it sends, or by its words where the markup calls it so or others stand by it."""
    if _ARGUMENT.fullmatch(link.argument):
        return True
    if not (NUMBER.fullmatch(link.words) or NEXT.fullmatch(link.words) or _DOTS.fullmatch(link.words)):
        return False
    return in_pager(link.element) or re.search(r"pag(?:e|ing|er)|trang", link.target, re.IGNORECASE) is not None


def _number(link: _Link) -> int | None:
    sent = _ARGUMENT.fullmatch(link.argument)
    if sent is not None and sent["number"]:
        return int(sent["number"])
    digits = re.search(r"\d+", link.words) if NUMBER.fullmatch(link.words) else None
    return int(digits[0]) if digits else None


def _is_next(link: _Link) -> bool:
    sent = _ARGUMENT.fullmatch(link.argument)
    if sent is not None:
        return bool(sent["word"])
    return NEXT.fullmatch(link.words) is not None and _BACKWARDS.fullmatch(link.words) is None


def _sent(page: Page, link: _Link) -> PostBack | None:
    form = next(link.element.iterancestors("form"), None)
    form = form if form is not None else page.root.find(".//form")
    if form is None:
        return None
    action = urls.absolute(page.url, form.get("action") or page.url) or page.url
    fields = [pair for element in form.iter("input", "select", "textarea") for pair in _field(element)]
    names = {"__EVENTTARGET": link.target, "__EVENTARGUMENT": link.argument}
    fields = [(name, names.pop(name) if name in names else value) for name, value in fields]
    fields = [*fields, *names.items()]
    too_large = len(fields) > MOST_FIELDS or sum(len(name) + len(value) for name, value in fields) > LARGEST_BYTES
    return None if too_large else PostBack(action, tuple(fields))


def _field(element: Element) -> list[tuple[str, str]]:
    name = element.get("name")
    if not name or element.get("disabled") is not None:
        return []
    if element.tag == "textarea":
        return [(name, "".join(element.itertext()))]
    if element.tag == "select":
        options = element.findall(".//option")
        chosen = [option for option in options if option.get("selected") is not None]
        if not chosen and element.get("multiple") is None:
            chosen = options[:1]
        return [(name, option.get("value", "".join(option.itertext()).strip())) for option in chosen]
    kind = (element.get("type") or "text").lower()
    if kind in _NOT_SENT or (kind in ("checkbox", "radio") and element.get("checked") is None):
        return []
    return [(name, element.get("value", "on" if kind in ("checkbox", "radio") else ""))]
