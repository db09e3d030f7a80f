"""Where a site puts an article: section, categories, keywords, as a reader sees them, else as the head states them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archiver import text
from archiver.rules import head
from archiver.rules.boxes import HOME, breadcrumb
from archiver.rules.called import called
from archiver.rules.flow import flow
from archiver.rules.rule import first_of
from archiver.rules.simple import jsonld, jsonld_values, marked, meta

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from archiver.page import Page

_TAG_BOX = re.compile(r"[ _-]tags?[ _-]|tags ")
_LABEL = re.compile(
    r"(?:tags?|từ khóa|từ khoá|keywords?|topics?|chủ đề|schlagwörter|mots-clés|etiquetas)\s*:?", re.IGNORECASE
)
_LONGEST_TAG = 60
_MOST_TAGS = 20


def categories(page: Page) -> tuple[str, ...] | None:
    """Every level of the breadcrumb, as printed, else as JSON-LD states it, without home and the article's own title."""
    claims = [claim for claim in head.claimed_titles(page, ()) if claim]
    for crumbs in (breadcrumb(page), _stated_breadcrumb(page)):
        levels = tuple(level for level in crumbs if not any(text.same_text(level, claim) for claim in claims))
        if levels:
            return levels
    return None


def _stated_breadcrumb(page: Page) -> tuple[str, ...]:
    """The names of schema.org's BreadcrumbList, in its order, without the home page."""
    for thing in page.jsonld:
        steps = thing.get("itemListElement")
        if thing.get("@type") == "BreadcrumbList" and isinstance(steps, list):
            names = [_name(step) for step in steps if isinstance(step, dict)]
            return tuple(dict.fromkeys(name for name in names if name and not HOME.fullmatch(name)))
    return ()


def _name(step: dict[str, Any]) -> str:
    item = step.get("item")
    stated = step.get("name") or (item.get("name") if isinstance(item, dict) else None)
    return text.clean(stated) if isinstance(stated, str) else ""


def _last_category(page: Page) -> str | None:
    levels = categories(page)
    return levels[-1] if levels else None


def printed_tags(page: Page) -> tuple[str, ...] | None:
    """The links that are marked as tags, or stand in a box that is called so."""
    words = _words(marked(page, "tag"))
    if words:
        return words
    for box in called(page, _TAG_BOX):
        words = _words(box.iter("a"))
        if 0 < len(words) <= _MOST_TAGS:
            return words
    return _labelled(page)


def _labelled(page: Page) -> tuple[str, ...] | None:
    """The words behind `Từ khóa:` on a line of their own."""
    for line in flow(page).lines:
        found = _LABEL.match(line.text) if line.kind == "text" and len(line.text) <= 300 else None
        if found and ":" in line.text[: found.end() + 2]:
            words = re.split(r"\s*[,;]\s*", line.text[found.end() :].strip(" :."))
            kept = tuple(dict.fromkeys(word for word in words if 0 < len(word) <= _LONGEST_TAG))
            if kept:
                return kept
    return None


def stated_tags(page: Page) -> tuple[str, ...] | None:
    """Keywords of JSON-LD, else of meta."""
    stated = jsonld_values(page, "keywords") or tuple(filter(None, [head.meta(page, "keywords")]))
    words = tuple(dict.fromkeys(word.strip() for each in stated for word in each.split(",") if word.strip()))
    return words or None


def _words(links: Iterable[Element]) -> tuple[str, ...]:
    words = (text.clean("".join(link.itertext())).strip(" #,;") for link in links)
    return tuple(dict.fromkeys(word for word in words if 0 < len(word) <= _LONGEST_TAG and not _LABEL.fullmatch(word)))


section = first_of(_last_category, jsonld("articleSection"), meta("article:section"))
tags = first_of(printed_tags, stated_tags)
