"""Boxes and lines of further stories that were chosen for an article, on any page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.rules.called import called
from archiver.rules.flow import flow

if TYPE_CHECKING:
    from archiver.page import Page
    from archiver.rules.line import Line

_BOX = re.compile(r"related|[ _-]relate[ _-]|lienquan|lien-quan|read-?more|see-also")
_HEADING = re.compile(
    r"(?:(?:các )?(?:tin|bài)(?: viết| tức| bài)? (?:có )?liên quan|(?:đọc|xem|tham khảo) thêm"
    r"|related(?: (?:articles|stories|news|content|posts|coverage|topics))?|read (?:more|also|next)|see also|more on this(?: story)?"
    r"|lesen sie auch|mehr zum thema|das könnte sie auch interessieren|à lire aussi|lire aussi|sur le même (?:sujet|thème)"
    r"|artículos relacionados|noticias relacionadas|lea también|leia (?:também|mais)|notícias relacionadas|leggi anche"
    r"|lees ook|läs också|læs også|les også|czytaj (?:też|także|również)|читайте также|по теме)",
    re.IGNORECASE,
)
"""What such a box is called; `tin khác`, `most read` and their like are no choice made for the article."""
_POINTER = re.compile(r"\s*(?:>>|»|\[.+\]\s*$)")
_AROUND_A_HEADING = " :»>«[]"
_SUMMARY = 400
"""Characters: a longer text is no teaser."""
_MOST_LINES = 60


def related(page: Page) -> tuple[Line, ...] | None:
    """The lines of such boxes, and lines of the text that are nothing but a link to another story; None: there are none."""
    whole = flow(page)
    found = {at for element in called(page, _BOX) for at in range(*whole.spans.get(element, (0, 0)))}
    for at, line in enumerate(whole.lines):
        if line.kind == "text" and not line.linked and _HEADING.fullmatch(line.text.strip(_AROUND_A_HEADING)):
            found.update(_below(whole.lines, at))
        elif line.linked and _POINTER.match(line.text):
            found.add(at)
    lines = tuple(whole.lines[at] for at in sorted(found))
    return lines if any(line.linked for line in lines) else None


def _below(lines: tuple[Line, ...], heading: int) -> list[int]:
    """The places of the list below a heading: links with their times and teasers, up to running text or a heading."""
    listed: list[int] = []
    since_link = 0
    for at in range(heading + 1, min(len(lines), heading + _MOST_LINES)):
        line = lines[at]
        since_link = 0 if line.linked or line.kind == "picture" else since_link + 1
        if (line.level and not line.linked) or len(line.text) > _SUMMARY or since_link > 2:
            break
        listed.append(at)
    while listed and not lines[listed[-1]].linked:
        listed.pop()
    return listed
