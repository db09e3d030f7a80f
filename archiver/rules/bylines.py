"""The authors of an article on the page: whom the markup calls so, whom a line near the title or the time names."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from archiver import credits, dates, text
from archiver.rules.date_line import date_line, is_others, title_place
from archiver.rules.flow import flow
from archiver.rules.simple import marked, selector
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
_NAMED = selector(
    "[class*=yline], [class*=uthor], [class*=utor], [class*=riter], [class*=ontributor], [id*=uthor], [class*=redakteur]"
)
_AUTHOR_NAME = re.compile(r"by-?line|author|(?<![a-z])autor|writer|contributor|redakteur", re.IGNORECASE)
_NO_AUTHOR_NAME = re.compile(
    r"bio|desc|image|avatar|follow|social|comment|more|related|photo|share|teaser|role|job", re.IGNORECASE
)
_AUTHOR_LINK = re.compile(
    r"/(?:authors?|autor(?:en|es|i|e)?|auteurs?|profiles?|profil|staff|people|contributors?|writers?|journalists?|journalisten"
    r"|by|reporters?|redakteure?|users?|bio|columnists?|skribent|persons?|author_[\w-]+)[/=-]",
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
_SIGNATURE = 60


def marked_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names in elements near the title that `rel` or `itemprop` call an author's."""
    found = [element for element in marked(page, "author") if not is_others(element)]
    inner = [each for element in found for each in element.iter() if each.get("itemprop") == "name"]
    return _first_together(page, inner or found)


def named_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names near the title in elements whose class or id calls them a byline or an author's."""
    return _first_together(page, _named(each for line in _near(page) for each in (*_around(line), *line.block.iter())))


def far_authors(page: Page) -> tuple[credits.Name, ...]:
    """The names in such elements, wherever they stand."""
    return _first_together(page, _named(_NAMED(page.root)))


def _named(elements: Iterable[Element]) -> list[Element]:
    """Those of `elements` that are named after an author, each once."""
    found: dict[Element, None] = {}
    for element in elements:
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if _AUTHOR_NAME.search(name) and not _NO_AUTHOR_NAME.search(name) and not is_others(element):
            found[element] = None
    return list(found)


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
        if found := names_in(_bylines_in(element)):
            alike = [
                each
                for place, each in near[start + 1 :]
                if 0 <= place - at <= 3 and (each.get("class"), each.tag) == (element.get("class"), element.tag)
            ]
            more = (name for each in alike for name in names_in(_bylines_in(each)))
            return tuple({text.fold(name.name): name for name in (*found, *more)}.values())
    return ()


def _bylines_in(element: Element) -> Iterator[str]:
    """The names in an element: its links to authors, else its text as far as it is short."""
    links = [each for each in element.iter("a") if _AUTHOR_LINK.search(each.get("href") or "")]
    names = [text.clean("".join(each.itertext())) for each in links]
    names = [name for name in names if 1 < len(name.split()) <= _MOST_WORDS and not _NO_NAME.search(name)]
    if names:
        yield from names
        return
    pieces = [words for piece in element.itertext() if (words := text.clean(piece))]
    if sum(map(len, pieces)) > _LONGEST:
        return
    goes_on = True
    for piece in pieces:
        if _JOINER.fullmatch(piece):
            goes_on = True
        elif goes_on and not _ONLY_BY.fullmatch(piece) and not _NO_NAME.search(piece):
            part = next(iter(PARTS.split(_without_date(piece))), "")
            found = credits.parse_byline(BY.sub("", part, count=1)) or (
                _called_so(element) and credits.parse_author(part)
            )
            yield from (name.name for name in found or ())
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
