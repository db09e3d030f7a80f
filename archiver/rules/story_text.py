"""Which text lines of a page are the story: those that the line model takes, but for what says of itself that it is not."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver import text
from archiver.rules import article_head
from archiver.rules.bylines import BY
from archiver.rules.date_line import date_line, shown_title
from archiver.rules.flow import flow
from archiver.rules.furniture import furniture
from archiver.rules.leads import lead_line
from archiver.rules.line_marks import marks
from archiver.rules.line_model import line_model
from archiver.rules.phrases import LABEL, REQUEST, REQUEST_HINTS, TAGS
from archiver.rules.related import is_pointer
from archiver.rules.signatures import signatures

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Line

_SURE = 2.5
"""Score of a line from which what it says is the story's, whatever words it has."""
_LONGEST_LABEL = 80
_LONGEST_REQUEST = 400


def story_text(page: Page, story: Element) -> list[int]:
    """The places in the flow of the text of the story that is densest in `story`, the lead among them; no captions."""
    lines = flow(page).lines
    apart = signatures(page).lines
    lead, title, time = lead_line(page), shown_title(page), date_line(page)
    beside = {title, time[0] if time is not None and len(lines[time[0]].text) <= _LONGEST_LABEL else None}
    sureness = line_model().sureness(marks(page, story))
    likely = {at for at, sure in sureness.items() if sure > 0}
    chosen = {
        at
        for at in _with_whole_lists(page, likely)
        if lines[at] not in apart
        and at not in beside
        and not is_pointer(lines[at])
        and (sureness.get(at, 0) >= _SURE or not _says_it_is_none(lines[at]))
    }
    found = [at for at, line in enumerate(lines) if at in chosen or line is lead]
    while len(found) > 1 and lines[found[-1]].level:
        found.pop()
    if found and lines[found[0]].level and text.same_text(article_head.title(page) or "", lines[found[0]].text):
        del found[0]
    return found


def _with_whole_lists(page: Page, chosen: Iterable[int]) -> set[int]:
    """`chosen` with the other items of the lists that they are most of."""
    lines, left_out = flow(page).lines, furniture(page)
    lists = {item.getparent() for at in chosen if (item := lines[at].item) is not None} - {None}
    taken = set(chosen)
    for holder in lists:
        start, end = flow(page).span(holder)
        items = [
            at for at in range(start, end) if lines[at].kind == "text" and not lines[at].linked and not left_out[at]
        ]
        if 2 * sum(len(lines[at].text) for at in items if at in taken) > sum(len(lines[at].text) for at in items):
            taken.update(items)
    return taken


def _says_it_is_none(line: Line) -> bool:
    """Whether the words of a line are what newsrooms print around stories: a time, a byline, a label, a request."""
    words = line.text
    if len(words) <= _LONGEST_LABEL:
        is_only_time = line.time is not None and not (line.time[0] and line.time[2])
        is_byline = not line.level and not text.ends_sentence(words) and BY.match(words)
        return bool(is_only_time or is_byline or LABEL.fullmatch(words) or TAGS.match(words) or _is_request(words))
    return len(words) <= _LONGEST_REQUEST and (TAGS.match(words) is not None or _is_request(words))


def _is_request(words: str) -> bool:
    lowered = words.lower()
    return any(hint in lowered for hint in REQUEST_HINTS) and REQUEST.search(words) is not None
