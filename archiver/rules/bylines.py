"""The authors of an article on the page: whom the markup calls so, whom a line near the title or the time names."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from archiver import credits, dates, text
from archiver.rules.called import marked
from archiver.rules.date_line import date_line, is_others, title_place
from archiver.rules.flow import flow
from archiver.rules.furniture import running
from archiver.rules.signatures import are_full_names, is_vietnamese, signatures
from archiver.rules.stated_authors import names_in

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Line

BY = re.compile(
    r"(?:(?:words|text|texte?|story|written|posted|reported|published|geschrieben|tekst)\s+)?"
    r"(?:by|par|por|von|di|door|av|af|oleh|bởi|autor(?:in)?|author|od|przez|från|redaktion)\s?:?\s+(?=[^\W\d_])",
    re.IGNORECASE,
)
"""The word before a printed byline."""
PARTS = re.compile(r"\s+[|·•–—/-]\s+|\s[|·•]|[|·•]\s")
_CLASS = re.compile(r"yline|uthor|utor|riter|ontributor|redakteur|tac[-_]?gia")
_AUTHOR_NAME = re.compile(r"by-?line|author|(?<![a-z])autor|writer|contributor|redakteur|tac[-_]?gia", re.IGNORECASE)
_NO_AUTHOR_NAME = re.compile(
    r"bio|desc|image|avatar|follow|social|comment|more|related|photo|share|teaser|role|job", re.IGNORECASE
)
_AUTHOR_LINK = re.compile(
    r"/(?:authors?|autor(?:en|es|i|e)?|auteurs?|profiles?|profil|staff|people|contributors?|writers?|journalists?|journalisten"
    r"|by|reporters?|redakteure?|users?|bio|columnists?|skribent|persons?|tac-?gia|phong-?vien|nha-?bao|author_[\w-]+)[/=-]",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"\b(?:view|read|see|learn|more|full|bio|policy|cookie|subscribe|follow|share|print|comments?|minutes?|mehr|alle|all"
    r"|about|contact|stories|articles?|posts?|profile|newsletter|sign|log ?in)\b|[@©]",
    re.IGNORECASE,
)
_ONLY_BY = re.compile(
    r"(?:[\w]+\s)?(?:by|von|par|por|di|door|av|af|autor(?:in)?|authors?|text)\s?:?|[\W_]+", re.IGNORECASE
)
_JOINER = re.compile(r",|&|\+|;|and|und|et|y|og|och|e|en", re.IGNORECASE)
_NEAR = range(-4, 17)
_BESIDE = range(-3, 5)
_LONGEST = 160
_MOST_WORDS = 5
_LONGEST_NAME = 1_000
"""Characters of class and id that are looked at."""
_MOST_NAMED = 1_000
"""Elements named after an author that are looked at: in what more there are the comments stand."""
_SIGNATURE = 60


def marked_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names in elements near the title that `rel` or `itemprop` call an author's."""
    found = [element for element in marked(page, "author") if not is_others(element)]
    inner = [each for element in found for each in element.iter() if each.get("itemprop") == "name"]
    return _first_together(page, inner or found)


def vietnamese_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names as a Vietnamese page prints them: there the head often has the paper's or a login's, or one of two."""
    if not is_vietnamese(page):
        return ()
    return marked_authors(page) or named_authors(page) or linked_authors(page) or headed_authors(page)


def headed_authors(page: Page) -> tuple[credits.Name, ...]:
    """The persons whose names stand alone, in bold or behind an academic title, between the title and the text."""
    title = title_place(page)
    found: dict[credits.Name, None] = {}
    for line in flow(page).lines[title + 1 : title + max(_NEAR)] if title is not None else ():
        if running(line) >= _LONGEST:
            break
        if _may_sign(line) and (line.bold or credits.has_title(line.text)):
            names = credits.parse_byline(line.text)
            found.update(dict.fromkeys(names if are_full_names(names) else ()))
    return tuple(found)


def named_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names near the title in elements whose class or id calls them a byline or an author's."""
    return _first_together(page, _named(each for line in _near(page) for each in (*_around(line), *line.block.iter())))


def far_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names in such elements, wherever they stand."""
    # A walk in Python takes a third of the time of an XPath that asks for each word.
    named = (each for each in page.root.iter() if _CLASS.search(each.get("class", "")) or "uthor" in each.get("id", ""))
    return _first_together(page, _named(named))


def _named(elements: Iterable[Element]) -> list[Element]:
    """The first of `elements` that are named after an author, each once."""
    named = islice(filter(_is_named, dict.fromkeys(elements)), _MOST_NAMED)
    return [element for element in named if not is_others(element)]


def _is_named(element: Element) -> bool:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"[:_LONGEST_NAME]
    return _AUTHOR_NAME.search(name) is not None and _NO_AUTHOR_NAME.search(name) is None


def _around(line: Line) -> Iterator[Element]:
    """The two elements around the block of a line."""
    return islice(line.block.iterancestors(), 2)


def linked_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names on the first line near the title that lead to an author's page."""
    for line in _near(page):
        links = [anchor.text for anchor in line.anchors if _AUTHOR_LINK.search(anchor.href)]
        if found := names_in(
            name for name in links if 1 < len(name.split()) <= _MOST_WORDS and not _NO_NAME.search(name)
        ):
            return found
    return ()


def printed_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names behind `By` and its like, near the title or the time; else on a line of their own, wherever it stands."""
    for line in _near(page):
        if is_vietnamese(page) and (labelled := credits.parse_credit_line(line.text)):
            return tuple(name for name in labelled if name.role == "text")
        for part in PARTS.split(line.text):
            if _NO_NAME.search(part):
                continue
            if BY.match(part) and (found := credits.parse_byline(BY.sub("", _without_date(part), count=1))):
                return found
    for line in flow(page).lines:
        if (
            line.kind == "text"
            and len(line.text) < 60
            and not line.caption
            and not _NO_NAME.search(line.text)
            and BY.match(line.text)
        ):
            found = credits.parse_byline(BY.sub("", _without_date(line.text), count=1))
            if found and all(name.kind == "person" and len(name.name.split()) > 1 for name in found):
                return found
    return ()


def signed_authors(page: Page) -> tuple[credits.Name, ...]:
    """The persons who sign below the text: names alone on a line to the right, or in bold with no text behind it."""
    if found := signatures(page).names:
        return found
    title = title_place(page)
    behind = 0
    for line in reversed(flow(page).lines[title if title is not None else 0 :]):
        if (line.right or (line.bold and not behind)) and _may_sign(line):
            found = credits.parse_byline(line.text)
            if found and all(name.kind == "person" and 1 < len(name.name.split()) <= _MOST_WORDS for name in found):
                return found
        behind += line.kind == "text" and not line.linked and len(line.text) > _SIGNATURE
    return ()


def _may_sign(line: Line) -> bool:
    return (
        line.kind == "text"
        and len(line.text) <= _SIGNATURE
        and not (line.linked or line.caption or line.level or line.item is not None)
    )


def dated_authors(page: Page) -> tuple[credits.Name, ...]:
    """The one person's name that stands on the line of the time."""
    place = date_line(page)
    if place is None:
        return ()
    for part in PARTS.split(_without_date(flow(page).lines[place[0]].text)):
        words = part.split()
        if 1 < len(words) <= 3 and all(word[0].isupper() and word[1:].islower() for word in words):
            found = credits.parse_byline(part)
            if found and found[0].kind == "person":
                return found
    return ()


def _first_together(page: Page, elements: list[Element]) -> tuple[credits.Name, ...]:
    """The names of the first element near the title that has some, and of those of the same make beside it."""
    title = title_place(page)
    spans = flow(page)
    places = [(spans.span(element)[0], element) for element in elements]
    near = [(at, element) for at, element in places if title is None or at - title in _NEAR] or places
    for start, (at, element) in enumerate(near):
        if found := names_in(_bylines_in(page, element)):
            found = _with_rows(page, element, found)
            alike = [
                each
                for place, each in near[start + 1 :]
                if 0 <= place - at <= 3 and (each.get("class"), each.tag) == (element.get("class"), element.tag)
            ]
            more = (name for each in alike for name in names_in(_bylines_in(page, each)))
            return tuple({text.fold(name.name): name for name in (*found, *more)}.values())
    return ()


def _with_rows(page: Page, element: Element, found: tuple[credits.Name, ...]) -> tuple[credits.Name, ...]:
    """`found` with the persons of further bold lines of the element: offices in plain type part the authors."""
    first, behind = flow(page).spans.get(element, (0, 0))
    rows = [line for line in flow(page).lines[first:behind] if line.bold]
    names = [credits.parse_byline(line.text) for line in rows] if len(rows) > 1 else []
    if names and found[0] in names[0] and all(are_full_names(each) for each in names):
        return tuple(dict.fromkeys((*found, *(name for each in names for name in each))))
    return found


def _bylines_in(page: Page, element: Element) -> Iterator[str]:
    """The names in an element: its links to authors, else its text as far as it is short."""
    links = [each for each in element.iter("a") if _AUTHOR_LINK.search(each.get("href") or "")]
    names = [text.clean("".join(each.itertext())) for each in links]
    names = [name for name in names if 1 < len(name.split()) <= _MOST_WORDS and not _NO_NAME.search(name)]
    if names:
        yield from names
        return
    stated = element.get("content") if element.tag == "meta" and element.get("itemprop") == "name" else None
    pieces: list[str] = []
    room = _LONGEST
    for piece in (stated,) if stated else element.itertext():
        if words := text.clean(piece):
            pieces.append(words)
            room -= len(words)
        if room < 0:
            return
    goes_on = True
    for piece in pieces:
        if _JOINER.fullmatch(piece):
            goes_on = True
        elif goes_on and not _ONLY_BY.fullmatch(piece) and not _NO_NAME.search(piece):
            whole = _without_date(piece)
            part = next(iter(PARTS.split(whole)), "")
            # Vietnamese papers part two authors by a dash; elsewhere an office or a place stands behind it.
            together = credits.parse_byline(whole) if is_vietnamese(page) else ()
            found = (
                (together if are_full_names(together) else ())
                or credits.parse_byline(BY.sub("", part, count=1))
                or (_called_so(element) and credits.parse_author(part))
            )
            yield from (name.name for name in found or () if name.role == "text")
            goes_on = not found or piece.endswith((",", "&", " and", " und", " et"))


def _called_so(element: Element) -> bool:
    """Whether the markup says that the text is the author's name and nothing else: then it may be a pen name."""
    words = (element.get("class") or "").split()
    return "author" in (element.get("rel") or "") or any(
        word in words for word in ("vcard", "fn", "author-name", "username")
    )


def _without_date(words: str) -> str:
    """`words` up to its date, or what follows where the date comes first."""
    found = dates.find_moment(words)
    if found is None:
        return words
    _, start, end = found
    front = re.sub(
        r"[\s,|·•(–—-]*(?:\b(?:on|am|le|el|il|den|published|updated|posted|vom?)\b[\s:]*)*\Z",
        "",
        words[:start],
        flags=re.IGNORECASE,
    )
    return front if any(map(str.isalpha, front)) else words[end:].strip(" ,|·•–—-")


def _near(page: Page) -> list[Line]:
    """The lines of text around the title and around the time."""
    title, time = title_place(page), date_line(page)
    lines = flow(page).lines
    places = {at + title for at in _NEAR} if title is not None else set()
    places |= {at + time[0] for at in _BESIDE} if time is not None else set()
    return [
        lines[at]
        for at in sorted(places)
        if 0 <= at < len(lines) and lines[at].kind == "text" and len(lines[at].text) <= _LONGEST
    ]
