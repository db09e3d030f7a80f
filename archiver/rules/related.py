"""Boxes and lines of further stories that were chosen for an article, on any page."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from archiver import urls
from archiver.rules.called import called
from archiver.rules.date_line import shown_title
from archiver.rules.flow import flow
from archiver.rules.furniture import furniture, running
from archiver.rules.story_element import story_element

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Line

_BOX = re.compile(
    r"r(?:elate(?:d|(?<=[ _-]relate)(?:s|news)?[ _-])|ead-?more)|lien[-_]?quan|tham-?khao|xem-?them|doc-?them|cung-?chu-?de|see-also"
)
_HEADING = re.compile(
    r"(?:(?:các )?(?:tin|bài)(?: viết| tức| bài)? (?:có )?liên quan|(?:đọc|xem|tham khảo) thêm"
    r"|related(?: (?:articles|stories|news|content|posts|coverage|topics))?|read (?:more|also|next)|see also|more on this(?: story)?"
    r"|lesen sie auch|mehr zum thema|das könnte sie auch interessieren|à lire aussi|lire aussi|sur le même (?:sujet|thème)"
    r"|artículos relacionados|noticias relacionadas|lea también|leia (?:também|mais)|notícias relacionadas|leggi anche"
    r"|lees ook|läs också|læs også|les også|czytaj (?:też|także|również)|читайте также|по теме)",
    re.IGNORECASE,
)
"""What such a box is called; `tin khác`, `most read` and their like are no choice made for the article."""
_NEWEST = re.compile(
    r"(?:các )?(?:tin|bài|video)(?: viết| tức)?,?(?: bài)? (?:mới|khác|cũ hơn|đã đưa|cùng (?:chuyên )?mục|nổi bật|đọc nhiều|xem nhiều)\b.*"
    r"|(?:đọc|xem|được xem|được đọc|quan tâm) nhiều\b.*|mới nhất\b.*|(?:most|latest|popular|trending|newest)\b.*|cùng (?:chuyên )?mục\b.*",
    re.IGNORECASE,
)
"""What lists are called that any article of the site could carry."""
_MARKS = " :»>«<[]()•·*-–—|►▶→+"
_LONGEST_HEADING = 60
_SUMMARY = 400
"""Characters: a longer text is no teaser."""
_MOST_LINES = 60
_SHORTEST_TITLE = 20
_BEHIND = 8
_POINTS = re.compile(r"\s*(?:>>|»|►|▶|→|\[.+\]\s*$|(?:đọc|xem) thêm\s?:)", re.IGNORECASE)
"""How a line begins that points to another story, wherever it stands."""
_PARAGRAPH = 60


def related(page: Page) -> tuple[Line, ...] | None:
    """The lines of such boxes, and lines of the text that are nothing but a link to another story; None: there are none."""
    whole = flow(page)
    found: set[int] = set()
    typed = (element for element in whole.spans if "elated" in element.get("type", ""))
    for element in (*called(page, _BOX), *typed):
        first, behind = whole.spans.get(element, (0, 0))
        if not _is_newest(whole.lines[max(0, first - 1) : first]) and not _is_newest(whole.lines[first:behind]):
            found.update(range(first, behind))
    for at, line in enumerate(whole.lines):
        if len(line.text) > _LONGEST_HEADING or line.kind != "text" or line.linked:
            continue
        if _HEADING.fullmatch(line.text.strip(_MARKS)):
            found.update(_below(page, at))
    found.update(_within_story(page))
    lines = tuple(_bare(whole.lines[at]) for at in sorted(found))
    return lines if any(line.linked for line in lines) else None


def is_pointer(line: Line) -> bool:
    """Whether a line of the text is nothing but a link to another story, whatever marks stand around it: `[…]`, `>> …`."""
    if line.kind != "text" or not line.anchors or line.caption or line.figure is not None or line.quote is not None:
        return False
    rest = line.text
    for anchor in line.anchors:
        rest = rest.replace(anchor.text, "", 1)
    rest = rest.strip(_MARKS)
    return not rest or _HEADING.fullmatch(rest) is not None


def _bare(line: Line) -> Line:
    """A line as a link, where only marks stand around it."""
    return replace(line, linked=True) if not line.linked and is_pointer(line) else line


def _is_newest(lines: Sequence[Line]) -> bool:
    """Whether a box is headed as a list of the newest, the most read or the neighbouring items."""
    first = next((line for line in lines if line.kind == "text"), None)
    return first is not None and not first.linked and _NEWEST.fullmatch(first.text.strip(_MARKS)) is not None


def _within_story(page: Page) -> Iterator[int]:
    """The places of pointers between the paragraphs of the story."""
    element = page.once(story_element)
    if element is None:
        return
    lines, left_out = flow(page).lines, furniture(page)
    first, behind = flow(page).span(element)
    paragraphs = [at for at in range(first, behind) if not left_out[at] and running(lines[at]) >= _PARAGRAPH]
    if not paragraphs:
        return
    title = shown_title(page)
    start = paragraphs[0] if title is None or title > paragraphs[0] else title + 1
    for at in range(start, min(paragraphs[-1] + _BEHIND, len(lines))):
        line = lines[at]
        # Above and below the text, menus and lists of all kinds have links too.
        is_within = paragraphs[0] < at < paragraphs[-1] or _POINTS.match(line.text) is not None
        if is_within and not left_out[at] and len(line.text) >= _SHORTEST_TITLE and _leads_to_story(page, line):
            yield at


def _leads_to_story(page: Page, line: Line) -> bool:
    """Whether a line is nothing but one link to another page of the site."""
    if len(line.anchors) != 1 or not is_pointer(line):
        return False
    url = urls.absolute(page.url, line.anchors[0].href)
    return url is not None and not urls.is_file_link(url) and urls.host(url) == urls.host(page.url)


def _below(page: Page, heading: int) -> list[int]:
    """The places of the list below a heading: links with their times and teasers, in the smallest box around both."""
    lines = flow(page).lines
    listed: list[int] = []
    since_link = 0
    for at in range(heading + 1, min(_end_of_box(page, heading), heading + _MOST_LINES)):
        line = lines[at]
        since_link = 0 if line.linked or line.kind == "picture" else since_link + 1
        if (line.level and not line.linked) or len(line.text) > _SUMMARY or since_link > 2:
            break
        listed.append(at)
    while listed and not lines[listed[-1]].linked:
        listed.pop()
    return listed


def _end_of_box(page: Page, heading: int) -> int:
    """The first line behind the smallest element that holds the heading and a link soon below it."""
    whole = flow(page)
    near = range(heading + 1, min(heading + _MOST_LINES, len(whole.lines)))
    link = next((at for at in near if whole.lines[at].anchors), None)
    if link is None:
        return heading
    node: Element | None = whole.lines[heading].block
    while node is not None:
        behind = whole.spans.get(node, (0, 0))[1]
        if link < behind:
            return behind
        node = node.getparent()
    return len(whole.lines)
