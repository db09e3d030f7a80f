"""Reading an article by its landmarks: the title, the time below it, and the words that end it, as whole lines.

For pages whose markup is unknown or changes: what a reader sees stays. The landmarks' words are the site's own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver import credits, text, urls
from archiver.rules.compose import compose
from archiver.rules.flow import flow
from archiver.rules.head import claimed_titles
from archiver.rules.header import HeaderSearch, ends
from archiver.rules.rule import named

if TYPE_CHECKING:
    import re
    from collections.abc import Sequence

    from archiver.page import Page
    from archiver.rules.content import Content
    from archiver.rules.line import Line
    from archiver.rules.rule import Rule

_TOOLBAR_REACH = 8
"""Lines at the head of a body among which a toolbar is looked for."""
_SHORTEST_LEAD = 40
_MOST = 0.7
"""Share of the text below the time that the article's element holds at least; the rest is the page's foot."""
_PICTURE = 100
"""Characters that a picture, a table or an embed counts for."""


@dataclass(frozen=True, slots=True)
class Reading:
    """An article found by its landmarks. Places are indexes into the page's lines."""

    title: str
    title_at: int
    published_raw: str
    lines: tuple[Line, ...]
    """The lines between the time and the end mark."""
    start: int
    end: int
    """The first line that is no longer the article's."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Landmarks:
    """The words by which a site's readers find their way, and the readings they give."""

    toolbar: re.Pattern[str]
    """Buttons around the text (font size, share, print): whole lines, and where they stick to the time."""
    end: re.Pattern[str]
    """What follows the text (comments, further stories): whole lines."""
    glued_end: re.Pattern[str]
    """End marks so unmistakable that they are cut off a line that they stick to."""
    tags: re.Pattern[str]
    """The label before the keywords, at the beginning of their line."""
    site_names: tuple[str, ...]
    """Names of the site, which the head adds to the article's title, and which are no title."""

    def title(self, page: Page) -> str | None:
        """The line above the time that the head repeats, or that stands nearest."""
        reading = page.once(self.read)
        return reading.title if reading else None

    def published(self, page: Page) -> str | None:
        """The time below the title, as printed."""
        reading = page.once(self.read)
        return reading.published_raw if reading else None

    def body(self, page: Page) -> Content | None:
        """All between the time and the end mark."""
        reading = page.once(self.read)
        return self._content(page, reading.lines) if reading else None

    def body_in(self, name: str) -> Rule[Content]:
        """The same, but no further than the first block called `name` (`#id`, `.class`): behind it only credits and files."""

        def body(page: Page) -> Content | None:
            reading = page.once(self.read)
            container = flow(page).named(name)
            if reading is None or container is None:
                return None
            first, behind = flow(page).span(container)
            held = flow(page).lines[max(first, reading.start) : behind]
            if not any(line.kind == "text" for line in held):
                return None
            outside = frozenset(flow(page).lines[behind:])
            kept = [line for line in reading.lines if line not in outside or _closes_article(line, page.url)]
            return self._content(page, kept)

        return named(name, body)

    def read(self, page: Page) -> Reading | None:
        """The article of a page by its landmarks; None where no line of time has a title. Use through page.once."""
        lines = flow(page).lines
        is_end = ends(lines, self.end)
        claims = claimed_titles(page, self.site_names)
        header = HeaderSearch(lines, is_end, claims, self.toolbar, self.site_names).best()
        if header is None:
            return None
        start = max(header.time_at, header.title_at) + 1
        marked = next((at for at in range(start, len(lines)) if is_end[at] or _begins_list(lines, at)), None)
        end = _end_of_article(page, header.time_at) if marked is None else marked
        around = _furniture(page, header.time_at)
        body = [lines[at] for at in range(start, end) if at not in around]
        # A lead may stand between the title and the time.
        body[:0] = [line for line in lines[header.title_at + 1 : header.time_at] if _is_running_text(line)]
        if header.behind:
            body.insert(0, replace(lines[header.time_at], text=header.behind))
        return Reading(header.title, header.title_at, header.raw, tuple(body), start, end)

    def _content(self, page: Page, lines: Sequence[Line]) -> Content | None:
        """The content of `lines` without toolbars, keywords, links to other stories and glued end marks."""
        kept: list[Line] = []
        for line in lines:
            shown = self._shown(line, page.url) if line.kind == "text" else line
            if shown is None or (len(kept) < _TOOLBAR_REACH and self._is_toolbar(shown)):
                continue
            kept.append(shown)
        while kept and self._is_toolbar(kept[-1]):
            kept.pop()
        content = compose(kept, page.url)
        if not content.blocks and not content.attachments:
            return None
        first = next((block for block in content.blocks if block.type != "image"), None)
        lead = first.text or "" if first is not None and first.type == "paragraph" else ""
        return replace(content, lead=lead)

    def _shown(self, line: Line, page_url: str) -> Line | None:
        """A line of text without an end mark that sticks to it; None where it is none of the article's text."""
        words = self.glued_end.sub("", line.text)
        if not words or self.tags.match(words) or _leads_elsewhere(line, page_url):
            return None
        return line if words == line.text else replace(line, text=words)

    def _is_toolbar(self, line: Line) -> bool:
        return line.kind == "text" and self.toolbar.fullmatch(line.text) is not None


def _is_running_text(line: Line) -> bool:
    return (
        line.kind == "text" and not line.linked and len(line.text) >= _SHORTEST_LEAD and text.ends_sentence(line.text)
    )


def _begins_list(lines: Sequence[Line], at: int) -> bool:
    """Whether the line is the title of a list's item: a link with a time beside it or on the next line."""
    line = lines[at]
    if not line.anchors:
        return False
    following = lines[at + 1] if at + 1 < len(lines) else None
    return line.time is not None or (line.linked and following is not None and following.time is not None)


def _end_of_article(page: Page, time_at: int) -> int:
    """The end of the smallest element around the time that holds most of what follows it."""
    whole = flow(page)
    sizes = [_weight(line, page.url) for line in whole.lines]
    total = sum(sizes[time_at + 1 :])
    node = whole.lines[time_at].block
    while node is not None:
        behind = whole.span(node)[1]
        if sum(sizes[time_at + 1 : behind]) >= total * _MOST:
            return behind
        node = node.getparent()
    return len(whole.lines)


def _weight(line: Line, page_url: str) -> int:
    """How much of an article a line is, in characters; links to other pages are nothing."""
    if line.kind != "text":
        return _PICTURE
    return 0 if _leads_elsewhere(line, page_url) else len(line.text)


def _furniture(page: Page, time_at: int) -> set[int]:
    """The lines of page footers and sidebars, by their names; not those around the article's own time."""
    whole = flow(page)
    spans = [whole.spans.get(element, (0, 0)) for element in whole.furniture]
    return {at for first, behind in spans if not first <= time_at < behind for at in range(first, behind)}


def _closes_article(line: Line, page_url: str) -> bool:
    """Whether a line behind the body's element is still the article's: its credit, or a file."""
    if line.kind != "text":
        return False
    return credits.is_credit_line(line.text) or any(
        urls.is_file_link(urls.absolute(page_url, anchor.href) or "") for anchor in line.anchors
    )


def _leads_elsewhere(line: Line, page_url: str) -> bool:
    """Whether a line is nothing but links to other pages of the site."""
    if not line.linked or not line.anchors:
        return False
    for anchor in line.anchors:
        url = urls.absolute(page_url, anchor.href)
        if url is not None and (urls.host(url) != urls.host(page_url) or urls.is_file_link(url)):
            return False
    return True
