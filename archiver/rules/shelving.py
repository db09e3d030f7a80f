"""Where a site puts an article: section, categories, keywords, as a reader sees them; the first two else as the head states them."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING, Any

from archiver import text
from archiver.rules import head
from archiver.rules.boxes import HOME, breadcrumb
from archiver.rules.called import called, marked
from archiver.rules.date_line import date_line, shown_title
from archiver.rules.flow import flow
from archiver.rules.headings import squeezed
from archiver.rules.rule import first_of, reads, traced
from archiver.rules.simple import jsonld, meta
from archiver.rules.titles import claims, site_names

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Line

# `-tag-` or `tags `: what begins with its letters is found several times as fast.
_TAG_BOX = re.compile(r"tag(?:s |(?<=[ _-]tag)s?[ _-])")
_LABEL = re.compile(
    r"(?:tags?|từ khóa|từ khoá|keywords?|topics?|chủ đề|schlagwörter|mots-clés|etiquetas)\s*:?", re.IGNORECASE
)
_CATEGORY = re.compile(
    r"chuyen-?_?muc|(?<![a-z])(?:main-?)?cat(?:e|egory|egories)?(?![a-z])|cate-|-cate|section-?(?:name|title)|kicker|rubri|ressort|zone-?name"
)
"""What pages call the element that prints the article's category, in lower case."""
_CATEGORY_LABEL = re.compile(r"\A(?:chuyên mục|danh mục|mục|category|section)\s?:?\s+", re.IGNORECASE)
_PATH_LABEL = re.compile(r"\A(?:bạn đang ở(?: đây)?|you are here|vị trí|đường dẫn)\s?:?\s*", re.IGNORECASE)
_NO_CATEGORY = re.compile(
    r"(?:tin |xem |nội dung )?chi tiết(?: tin(?: tức)?| bài viết)?|nội dung|xem tin|bài viết|details?|(?:tin |bài )?(?:mới|đọc nhiều|xem nhiều).*"
    r"|(?:latest|most|popular)\b.*",
    re.IGNORECASE,
)
"""What stands in a category's place and is none."""
_CUT = 15
"""Characters from which a level may be the title, cut short."""
_ABOVE, _BELOW = 8, 4
_RIGHT_ABOVE = 3
_LONGEST_LINE = 160
_MOST_LEVELS = 6
_LONGEST_TAG = 60
_MOST_TAGS = 20
_MOST_LINKS = 200
"""From so many on a box holds more than tags, whatever it is called."""


@traced
def categories(page: Page) -> tuple[tuple[str, ...], str] | None:
    """Every level of the breadcrumb, as printed, else as JSON-LD states it, without home and the article's own title."""
    printed = page.once(_printed_categories)
    return (printed, "page") if printed else (_without_title(page, _stated_breadcrumb(page)), "json-ld")


def _printed_categories(page: Page) -> tuple[str, ...]:
    return _without_title(page, breadcrumb(page)) or _without_title(page, _trail(page))


def _without_title(page: Page, crumbs: Iterable[str]) -> tuple[str, ...]:
    # The head may give every page of a section the section's name as title: what is shown counts.
    title = shown_title(page)
    named = head.claimed_titles(page, ()) if title is None else (flow(page).lines[title].text,)
    levels = (_PATH_LABEL.sub("", level) for level in crumbs)
    return tuple(
        level
        for level in levels
        if level
        and not HOME.fullmatch(level)
        and not _NO_CATEGORY.fullmatch(level)
        and not any(_is_title(level, claim) for claim in named)
    )


def _is_title(level: str, title: str) -> bool:
    """Whether a level is the article's title, which may be cut there."""
    begins = level.rstrip(" .…")
    return text.same_text(level, title) or (
        len(begins) >= _CUT and len(begins) * 4 > len(title) and text.fold(title).startswith(text.fold(begins))
    )


def _trail(page: Page) -> tuple[str, ...]:
    """The links of a line above the title that begins with the home page: a breadcrumb that is not called so."""
    for line in _above_title(page):
        names = [anchor.text for anchor in line.anchors]
        if line.linked and 1 < len(names) <= _MOST_LEVELS and HOME.fullmatch(names[0]):
            return tuple(dict.fromkeys(names[1:]))
    return ()


def _above_title(page: Page) -> list[Line]:
    """The short lines of text above the title, the nearest first."""
    title = _title_or_time(page)
    if title is None:
        return []
    near = flow(page).lines[max(0, title - _ABOVE) : title]
    return [line for line in reversed(near) if line.kind == "text" and len(line.text) <= _LONGEST_LINE]


def _title_or_time(page: Page) -> int | None:
    """Place of the title, or of the time where the page does not show the title."""
    title, time = shown_title(page), date_line(page)
    return title if title is not None or time is None else time[0]


def category_beside_title(page: Page) -> str | None:
    """The category that is printed beside the title: by its name, else a heading right above it without a link."""
    title = _title_or_time(page)
    if title is None:
        return None
    lines = flow(page).lines
    near = range(max(0, title - _ABOVE), min(len(lines), title + _BELOW + 1))
    for at in sorted(near, key=lambda at: abs(at - title)):
        called = (each for each in _around(lines[at]) if _CATEGORY.search(_name_of(each)))
        if found := next(filter(None, (_category(page, each) for each in called)), ""):
            return found
    for line in _above_title(page)[:_RIGHT_ABOVE]:
        if not line.anchors and line.item is None and line.time is None and (line.level or _in_menu(page, line)):
            return _as_category(page, line.text)
    return None


def _around(line: Line) -> Iterator[Element]:
    """The block of a line, what is in it, and the two elements around it."""
    if line.kind == "text" and len(line.text) <= _LONGEST_LINE:
        yield from line.block.iter()
        yield from islice(line.block.iterancestors(), 2)


def _name_of(element: Element) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}".lower()


def _category(page: Page, element: Element) -> str:
    """What an element that is called a category says: its last link, else all of its text."""
    links = [words for link in element.iter("a") if (words := text.clean("".join(link.itertext())))]
    whole = text.clean("".join(element.itertext()))
    if len(whole) > _LONGEST_TAG and len(links) != 1:
        return ""
    return _as_category(page, links[-1] if links else whole) or ""


def _as_category(page: Page, words: str) -> str | None:
    """`words` without a label before them; None where they name the site, its home page, or another list."""
    words = _CATEGORY_LABEL.sub("", words)
    if not words or len(words) > _LONGEST_TAG or HOME.fullmatch(words) or _NO_CATEGORY.fullmatch(words):
        return None
    return None if squeezed(words) in page.once(site_names) else words


def _in_menu(page: Page, line: Line) -> bool:
    """Whether the head's title is a line, or a link of the page says the same."""
    return any(text.same_text(claim, line.text) for claim in claims(page)) or any(
        other.linked and len(other.text) == len(line.text) and text.same_text(other.text, line.text)
        for other in flow(page).lines
    )


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


def _printed_category(page: Page) -> str | None:
    levels = page.once(_printed_categories)
    return levels[-1] if levels else None


def _stated_category(page: Page) -> str | None:
    levels = _without_title(page, _stated_breadcrumb(page))
    return levels[-1] if levels else None


def _marked_section(page: Page) -> str | None:
    """What microdata call the section, whether it is shown or not."""
    said = (element.get("content") or "".join(element.itertext()) for element in marked(page, "articleSection"))
    return next((words for each in said if 0 < len(words := text.clean(each)) <= _LONGEST_TAG), None)


def printed_tags(page: Page) -> tuple[str, ...] | None:
    """The links that are marked as tags, or stand in a box that is called so."""
    words = _words(marked(page, "tag"))
    if words:
        return words
    for box in called(page, _TAG_BOX):
        links = list(islice(box.iter("a"), _MOST_LINKS))
        words = _words(links) if len(links) < _MOST_LINKS else ()
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


def _words(links: Iterable[Element]) -> tuple[str, ...]:
    words = (text.clean("".join(link.itertext())).strip(" #,;") for link in links)
    return tuple(dict.fromkeys(word for word in words if 0 < len(word) <= _LONGEST_TAG and not _LABEL.fullmatch(word)))


section = first_of(
    reads("page", _printed_category),
    reads("page", category_beside_title),
    reads("json-ld", _stated_category),
    jsonld("articleSection"),
    reads("microdata", _marked_section),
    meta("article:section"),
)
tags = reads("page", printed_tags)
