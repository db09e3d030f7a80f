"""The line of a page that prints its article's time."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING

from archiver import credits, dates, text, urls
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
_MOST_DATES = 500
"""Lines with a year that are looked at."""
_SECTION_WORDS = 6
_FEWEST_WORDS, _MOST_WORDS = 4, 50
_TITLE = re.compile(r"tieu-?_?de|(?<!sub)(?<!sub[-_])title|headline", re.IGNORECASE)
_YEAR = re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}(?![0-9])|[0-9]{1,2}[./][0-9]{1,2}[./][0-9]{2}(?![0-9])")
_PUBLISHED = re.compile(
    r"publi|posted|erschienen|erstellt|ver[öo]ffentlicht|datum|\bdate\b|fecha|\bdata\b|pubblicat|đăng|xuất bản|投稿|公開|掲載"
    r"|geplaatst|gepubliceerd|julkaistu|opublikowan|inlagt|skriv|beitrag|artikel|article|written|created|issued|dated",
    re.IGNORECASE,
)
CHANGED = re.compile(
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
_SAID_BEHIND = re.compile(
    r"\s?(?:uhr\s)?(?:gepostet|veröffentlicht|publiziert|geschrieben|posted|published|publié|publicado|pubblicato|đăng)",
    re.IGNORECASE,
)
"""What follows a date in a sentence that says when the article appeared."""
_ALIKE = 3
"""Lines of dates of one make, from which those far from the title are a list's."""
_DATE_NAME = re.compile(
    r"date|datum|time|publish|posted|byline|meta|info|submitted|details|fecha|created|entry-header", re.IGNORECASE
)
_OTHERS_NAME = re.compile(
    r"comment|related|teaser|sidebar|widget|recent|latest|archiv|(?:^|[\s_-])nav|footer|calendar|event|termin|card|list-item|recommend",
    re.IGNORECASE,
)
_OTHERS = re.compile(
    # The foot of a post is its own, and Blogger calls all posts `widget Blog`.
    r"comment|related|teaser|sidebar|widget(?! Blog)|recent|(?:^|[\s_-])nav|(?<!post-)(?<!entry-)(?<!article-)footer|tweet|instagram|recommend",
    re.IGNORECASE,
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


def shown_title(page: Page) -> int | None:
    """Place in the flow of the title, also where only its place beside the time tells it."""
    beside = page.once(place_beside_time)
    return title_place(page) if beside is None else beside


def place_beside_time(page: Page) -> int | None:
    """Place of the line beside the printed time that is set as a title, where the head gives a section's name instead."""
    found = date_line(page)
    if found is None or titles.is_claimed(page):
        return None
    lines = flow(page).lines
    stated = titles.heading(page) or titles.claim(page)
    names_section = stated is None or (len(stated.split()) <= _SECTION_WORDS and _is_in_menu(page, stated))
    if stated is not None and titles.heading(page) is None and title_place(page) is None:
        is_office = credits.kind_of(stated) == "organisation"
        names_section = names_section or is_office or len(stated.split()) <= _FEWEST_WORDS
    is_short = stated is not None and len(stated.split()) <= _FEWEST_WORDS and stated not in titles.claims(page)
    if not (names_section or is_short):
        return None
    near = (*range(found[0] - 1, found[0] - 1 - _ABOVE, -1), *range(found[0] + 1, found[0] + 3))
    set_as_title = [at for at in near if 0 <= at < len(lines) and _is_set_as_title(lines[at], stated)]
    named = next((at for at in set_as_title if _is_named_title(lines[at])), None)
    if named is not None or not names_section:
        return named
    above = found[0] - 1
    if not set_as_title and above >= 0 and _could_be_title(lines[above], stated):
        return above
    return next(iter(set_as_title), None)


def _is_in_menu(page: Page, words: str) -> bool:
    """Whether a link to another page says `words`; a title may lead to its own."""
    return any(
        line.linked
        and text.same_text(line.text, words)
        and all(urls.absolute(page.url, anchor.href) != page.url for anchor in line.anchors)
        for line in flow(page).lines
    )


def _could_be_title(line: Line, stated: str | None) -> bool:
    if line.kind != "text" or line.linked or line.time is not None or line.item is not None or line.caption:
        return False
    if line.text.endswith(".") or not _FEWEST_WORDS <= len(line.text.split()) <= _MOST_WORDS:
        return False
    # A path that ends in the title is none.
    return stated is None or not (text.same_text(line.text, stated) or line.text.endswith(stated))


def _is_set_as_title(line: Line, stated: str | None) -> bool:
    """Whether a line has the name, the weight or the level of a title, and is not the one that the head gives."""
    return _could_be_title(line, stated) and (line.bold or line.level is not None or _is_named_title(line))


def _is_named_title(line: Line) -> bool:
    outer = line.block.getparent()
    named = (line.block, *line.block.iterdescendants(), *(() if outer is None else (outer,)))
    return any(_TITLE.search(f"{each.get('class') or ''} {each.get('id') or ''}") for each in named)


def _title_place(page: Page) -> int | None:
    title = titles.heading(page) or titles.claim(page)
    if title is None:
        return None
    lines = flow(page).lines
    levels = (at for at, line in enumerate(lines) if line.level and text.same_text(line.text, title))
    found = next(levels, None)
    if found is None:
        alike = [at for at, line in enumerate(lines) if line.text and text.same_text(line.text, title)]
        # Where the head names a section as the title, menus have it too.
        found = next((at for at in alike if not lines[at].linked), next(iter(alike), None))
    if found is None:
        # The heading may be parted into a kicker and a title.
        found = next(
            (at for at, line in enumerate(lines) if line.level == 1 and line.text and line.text in title), None
        )
    return found


def _date_line(page: Page) -> tuple[int, str] | None:
    lines = flow(page).lines
    title = title_place(page)
    rated: list[tuple[float, int, str]] = []
    makes: Counter[tuple[str, str]] = Counter()
    left = _MOST_DATES
    for at, line in enumerate(lines):
        # A paragraph may begin with the place and the day.
        words = (
            line.text
            if len(line.text) <= _LONGEST or _SAYS_SO.search(line.text, 0, _BEGINNING)
            else line.text[:_BEGINNING]
        )
        if line.kind != "text" or not _YEAR.search(words):
            continue
        left -= 1
        if left < 0:
            break
        found = dates.find_moment(words)
        if found is None or (found[0].at > page.fetched_at and not dates.has_two_orders(found[0].raw)):
            continue
        rated.append((_rating(line, found, None if title is None else at - title), at, found[0].raw))
        makes[_make(line)] += 1
    likely = [each for each in rated if each[0] > _LEAST]

    def rank(each: tuple[float, int, str]) -> float:
        score, at, _ = each
        is_near = title is None or -_ABOVE <= at - title <= _BELOW
        return score if is_near or makes[_make(lines[at])] < _ALIKE else score - 1

    return max(likely, key=rank)[1:] if likely else None


def _make(line: Line) -> tuple[str, str]:
    return line.block.tag, line.block.get("class") or ""


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
    score = -0.7 if CHANGED.search(label) else 1.2 if _PUBLISHED.search(label) else 0.0
    score -= 2.5 if _NOT_ITS_OWN.search(rest) else 0
    if _SAYS_SO.search(label):
        return score + 0.5
    if _SAID_BEHIND.match(words, end):
        return score + 1.0
    if len(words) > _LONGEST:
        begins = start < _BEGINNING // 2 and not _is_prose(words[end:])
        return score - (9 if not begins else 1.5 if start else 0.7)
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
        if _names_others(f"{outer.get('class') or ''} {outer.get('id') or ''}"):
            return True
    return False


@lru_cache(maxsize=8192)
def _names_others(name: str) -> bool:
    return _OTHERS.search(name) is not None


def moment_of(raw: str) -> dates.Moment | None:
    """The moment that a text names; None: it names none."""
    try:
        return dates.parse_moment(raw, timezone=None)
    except BadDate:
        return None
