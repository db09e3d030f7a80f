"""What stands around articles: lists of links with times and summaries, comments, the way to the page."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from archiver import dates, text, urls
from archiver.rules.flow import flow
from archiver.rules.links import Link

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from archiver.page import Page
    from archiver.rules.line import Line

_RUNNING = 60
"""Characters from which a line is running text."""
_CRUMB_REACH = 200
"""Lines from the top of the page among which a breadcrumb without a name is looked for."""
HOME = re.compile(r"(?:trang chủ|trang nhất|home(?: ?page)?|start|accueil)", re.IGNORECASE)
"""What a breadcrumb calls the site's front page."""
_MOST_CRUMBS = 10
"""Elements of that name that are looked at."""
_CRUMB_MARK = re.compile(r"\s*(?:[»›>/→]|::)\s*")


def items(lines: Sequence[Line], page_url: str, place: Callable[[str], str | None]) -> tuple[Link, ...]:
    """The articles that `lines` list, each address once, in order, with the time and summary that stand by the link.

    `place` gives the address by which an article is to be found, or None for a link that leads to no article. A time may stand before or behind its title; a summary is the first text behind the title that is no link.
    """
    found: dict[str, Link] = {}
    current: str | None = None
    waiting = ""
    for line in lines:
        if line.kind != "text":
            continue
        time = line.time
        link = _article_link(line, page_url, place)
        if link is not None and link.url != current:
            current, printed = link.url, time[1] if time else waiting
            if current not in found or not found[current].summary:
                # Listed before without a summary: this mention may have it, and its place.
                found.pop(current, None)
                found[current] = replace(link, published_raw=printed)
            waiting = ""
            continue
        if current is None:
            waiting = time[1] if time else ""  # a text parts the time from what follows
        elif time is not None and not found[current].published_raw:
            found[current] = replace(found[current], published_raw=time[1])
        elif time is not None:
            waiting = "" if time[1] == found[current].published_raw else time[1]
        elif not line.level:
            found[current] = _with_text(found[current], line, page_url)
    return tuple(found.values())


def _with_text(item: Link, line: Line, page_url: str) -> Link:
    """`item` with a further line of it: its title when that is missing (a linked picture came first), else its summary."""
    if line.linked and not item.title:
        return replace(item, title=line.text)
    words = line.text
    for anchor in line.anchors:
        # `Xem thêm` at the end leads to the article itself.
        if words != anchor.text and urls.absolute(page_url, anchor.href) == item.url:
            words = words.removesuffix(anchor.text).rstrip()
    if not item.summary and not text.same_text(words, item.title):
        return replace(item, summary=words)
    return item


def _article_link(line: Line, page_url: str, place: Callable[[str], str | None]) -> Link | None:
    for anchor in line.anchors:
        href = urls.absolute(page_url, anchor.href)
        url = place(href) if href is not None else None
        if url is not None:
            return Link(url, _before_time(anchor.text))
    return None


def _before_time(words: str) -> str:
    time = dates.find_header_time(words)
    return time[0].rstrip(" -–|(,") if time and time[0] else words


def box(lines: Sequence[Line], heading: re.Pattern[str]) -> tuple[Line, ...]:
    """The lines under the first heading that fully matches `heading`, up to the next heading."""
    for at, line in enumerate(lines):
        if line.kind == "text" and not line.linked and heading.fullmatch(line.text):
            return before_heading(lines[at + 1 :])
    return ()


def loose_text(page: Page) -> int:
    """Characters of running text on a page: long lines that are no link and no summary behind a link or a time."""
    lines = [line for line in flow(page).lines if line.kind == "text"]
    return sum(
        len(line.text)
        for before, line in pairwise(lines)
        if len(line.text) >= _RUNNING and not line.anchors and not before.anchors and before.time is None
    )


def before_heading(lines: Sequence[Line]) -> tuple[Line, ...]:
    """The lines up to the first heading behind a link: there another box begins."""
    seen_link = False
    for at, line in enumerate(lines):
        if seen_link and line.kind == "text" and line.level and not line.anchors:
            return tuple(lines[:at])
        seen_link = seen_link or (line.kind == "text" and bool(line.anchors))
    return tuple(lines)


@dataclass(frozen=True, slots=True)
class Remark:
    """A reader's comment as printed."""

    author: str
    published_raw: str
    text: str


def remarks(lines: Sequence[Line]) -> tuple[Remark, ...]:
    """The comments among `lines`: a name, a time below or beside it, then the text. Linked names head articles."""
    times = [(at, found) for at, line in enumerate(lines) if (found := line.time) is not None]
    found_remarks = []
    for number, (at, (before, raw, behind)) in enumerate(times):
        own_line = bool(before)
        name_at = at if own_line else at - 1
        name = before if own_line else (lines[at - 1].text if at > 0 else "")
        if not name or lines[name_at].anchors:
            continue
        following = times[number + 1] if number + 1 < len(times) else None
        until = len(lines) if following is None else following[0] - (0 if following[1][0] else 1)
        said = [behind] if behind else []
        for line in lines[at + 1 : until]:
            if line.kind != "text" or line.linked or line.level:
                break
            said.append(line.text)
        if said:
            found_remarks.append(Remark(name, raw, "\n".join(said)))
    return tuple(found_remarks)


def breadcrumb(page: Page) -> tuple[str, ...]:
    """The levels of the page's breadcrumb from the top, without the home page and the article itself."""
    whole = flow(page)
    for element in whole.crumbs[:_MOST_CRUMBS]:
        first, behind = whole.span(element)
        levels = [level for line in whole.lines[first:behind] if line.kind == "text" for level in _levels(line)]
        if levels and len(levels) <= 8:
            return tuple(dict.fromkeys(levels))
    for line in whole.lines[:_CRUMB_REACH]:
        if line.kind == "text" and HOME.match(line.text) and _CRUMB_MARK.search(line.text):
            return tuple(dict.fromkeys(_levels(line)))
    return ()


def _levels(line: Line) -> list[str]:
    levels = _CRUMB_MARK.split(line.text)
    if len(levels) == 1 and len(line.anchors) > 1:
        levels = [anchor.text for anchor in line.anchors]
    return [level for level in (each.strip() for each in levels) if level and not HOME.fullmatch(level)]
