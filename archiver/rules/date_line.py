"""The line of a page that prints its article's time."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver import dates, text
from archiver.errors import BadDate
from archiver.rules import titles
from archiver.rules.flow import flow

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Line

_LONGEST = 220
_FAR = 70
"""Characters beside a date that stands far from the title; longer lines are prose."""
_BEGINNING = 60
_LITTLE = 12
"""Characters beside a date that stands alone but for a word."""
_LEAST = -0.25
"""Of the sum of what speaks for a line and against it."""
_ABOVE, _BELOW = 4, 14
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2}(?![0-9])")
_PUBLISHED = re.compile(
    r"publi|posted|erschienen|erstellt|ver[öo]ffentlicht|datum|\bdate\b|fecha|\bdata\b|pubblicat|đăng|xuất bản|投稿|公開|掲載"
    r"|geplaatst|gepubliceerd|julkaistu|opublikowan|inlagt|skriv|beitrag|artikel|article|written|created|issued|dated",
    re.IGNORECASE,
)
_CHANGED = re.compile(
    r"updat|aktualisier|[äa]nderung|ge[äa]ndert|modifi|cập nhật|更新|mis[e]? à jour|edited|editiert|actualiza|aggiorna|oppdatert|changed",
    re.IGNORECASE,
)
_NOT_ITS_OWN = re.compile(
    r"©|copyright|\(c\)|all rights|retrieved|accessed|abgerufen|\bbis\b|\buntil\b|registered|joined|mitglied"
    r"|[0-9]\s?(?:-|–|bis|to)\s?[0-9]{1,2}\.\s?[0-9]|(?:19|20)[0-9]{2}\s?[-–]\s?(?:19|20)[0-9]{2}",
    re.IGNORECASE,
)
_SAYS_SO = re.compile(
    r"\b(?:beitrag|artikel|eintrag|entry|article|post|story|article)\b.{0,60}\b(?:wurde|was|ist)\b", re.IGNORECASE
)
_DATE_NAME = re.compile(
    r"date|datum|time|publish|posted|byline|meta|info|submitted|details|fecha|created|entry-header", re.IGNORECASE
)
_OTHERS_NAME = re.compile(
    r"comment|related|teaser|sidebar|widget|recent|latest|archiv|(?:^|[\s_-])nav|footer|calendar|event|termin|card|list-item|recommend",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    r"comment|related|teaser|sidebar|widget|recent|(?:^|[\s_-])nav|footer|tweet|instagram|recommend", re.IGNORECASE
)


def date_line(page: Page) -> tuple[int, str] | None:
    """Place in the flow and text of the printed time, found once for a page.

    Near the title, in a part that is named after a date, or behind a word for publishing; a copyright, a comment's
    date and dates in prose are none.
    """
    return page.once(_date_line)


def title_place(page: Page) -> int | None:
    """Place in the flow of the title; None where it is not shown."""
    return page.once(_title_place)


def _title_place(page: Page) -> int | None:
    title = titles.heading(page) or titles.claim(page)
    if title is None:
        return None
    lines = flow(page).lines
    levels = (at for at, line in enumerate(lines) if line.level and text.same_text(line.text, title))
    found = next(levels, None)
    if found is None:
        found = next((at for at, line in enumerate(lines) if line.text and text.same_text(line.text, title)), None)
    if found is None:
        # The heading may be parted into a kicker and a title.
        found = next(
            (at for at, line in enumerate(lines) if line.level == 1 and line.text and line.text in title), None
        )
    return found


def _date_line(page: Page) -> tuple[int, str] | None:
    lines = flow(page).lines
    title = title_place(page)
    best: tuple[float, int, str] | None = None
    for at, line in enumerate(lines):
        # A paragraph may begin with the place and the day.
        words = (
            line.text
            if len(line.text) <= _LONGEST or _SAYS_SO.search(line.text, 0, _BEGINNING)
            else line.text[:_BEGINNING]
        )
        if line.kind != "text" or not _YEAR.search(words):
            continue
        found = dates.find_moment(words)
        if found is None or found[0].at > page.fetched_at:
            continue
        score = _rating(line, found, None if title is None else at - title)
        if score > _LEAST and (best is None or score > best[0]):
            best = score, at, found[0].raw
    return best[1:] if best else None


def _rating(line: Line, found: tuple[dates.Moment, int, int], beyond: int | None) -> float:
    """How likely the line prints the article's time. `beyond`: lines from the title; the sum of what speaks for it."""
    moment, start, end = found
    is_near = beyond is not None and -_ABOVE <= beyond <= _BELOW and beyond != 0
    score = 0.5 if moment.precision != "day" else 0.0
    if beyond is not None:
        score += 2.0 - abs(beyond) / 20 - (0.2 if beyond < 0 else 0) if is_near else max(0.0, 0.3 - abs(beyond) / 200)
    score -= 0.8 if line.linked or line.level else 0
    score -= 0.7 if line.item is not None and not is_near else 0
    score -= 1.5 if line.quote is not None or line.caption else 0
    return score + _named(line, is_near=is_near) + _worded(line.text, start, end, is_near=is_near)


def _named(line: Line, *, is_near: bool) -> float:
    """What the names of the elements around a line say for it."""
    names = _names(line)
    if _OTHERS_NAME.search(names):
        return -1.0 if is_near else -1.5
    return 1.0 if _DATE_NAME.search(names) else 0.0


def _worded(words: str, start: int, end: int, *, is_near: bool) -> float:
    """What the words beside a date say for it."""
    label, rest = words[:start], f"{words[:start]} {words[end:]}"
    score = -0.7 if _CHANGED.search(label) else 1.2 if _PUBLISHED.search(label) else 0.0
    score -= 2.5 if _NOT_ITS_OWN.search(rest) else 0
    if _SAYS_SO.search(label):
        return score + 0.5
    if len(words) > _LONGEST:
        return score - (1.5 if start < _BEGINNING // 2 and not _is_prose(words[end:]) else 9)
    if len(rest) > _FAR:
        return score - (1.0 if is_near else 2.0)
    return score + (0.5 if len(rest.strip()) < _LITTLE else 0)


def _is_prose(behind: str) -> bool:
    """Whether the text goes on behind a date as a sentence does, not as behind a date line."""
    return re.match(r"\s?[).:|–—-]", behind) is None


def _names(line: Line) -> str:
    """Classes and ids of the block of a line and of the two around it."""
    names = []
    element = line.block
    for _ in range(3):
        if element is None or element.tag in ("body", "html", "main"):
            break
        names += [element.get("class") or "", element.get("id") or ""]
        element = element.getparent()
    return " ".join(names)


def is_others(element: Element) -> bool:
    """Whether an element stands in a comment, a teaser, an embedded post, the side or the foot of the page."""
    for outer in element.iterancestors():
        if outer.tag in ("aside", "footer", "blockquote", "nav"):
            return True
        if outer.tag in ("body", "main"):
            break
        if _OTHERS.search(f"{outer.get('class') or ''} {outer.get('id') or ''}"):
            return True
    return False


def moment_of(raw: str) -> dates.Moment | None:
    """The moment that a text names; None: it names none."""
    try:
        return dates.parse_moment(raw, timezone=None)
    except BadDate:
        return None
