"""The authors that the head of a page states, in JSON-LD and meta."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archiver import credits, text
from archiver.rules import head, titles
from archiver.rules.headings import squeezed
from archiver.rules.rule import traced
from archiver.rules.simple import articles

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archiver.page import Page

_META = (
    "author parsely-author sailthru.author article:author dc.creator dc:creator dcterms.creator byl byline "
    "og:article:author article.author authors citation_author rnews:author"
).split()
_LABELLED = re.compile(
    r"writ|author|autor|verf|geschrieben|escrito|[ée]crit|scritto|auteur|skriven|by\b", re.IGNORECASE
)
_NEWSROOM = frozenset(
    "redaktion staff admin superuser administrator editor editors editorial editorialteam editorialstaff newsroom newsdesk team webmaster "
    "redaccion redazione redaction laredaction redactie staffwriter staffreporter author autor dieredaktion toasoan banbientap bandientu quantri quantrivien".split()
)


@traced
def stated_authors(page: Page) -> tuple[tuple[credits.Name, ...], str]:
    """The names that JSON-LD or meta give as authors; not the site's own."""
    return page.once(_stated)[0]


@traced
def site_as_author(page: Page) -> tuple[tuple[credits.Name, ...], str]:
    """The site or its newsroom, where the page names nobody else."""
    return page.once(_stated)[1]


def _stated(page: Page) -> tuple[tuple[tuple[credits.Name, ...], str], tuple[tuple[credits.Name, ...], str]]:
    """The persons and agencies that the head states, and the site's own name in their place, with the source of each."""
    site = page.once(titles.site_names)
    own: tuple[tuple[credits.Name, ...], str] = (), ""
    for names, source in _statements(page):
        if any(not _is_site(name.name, site) for name in names):
            return (names, source), own
        if names and not own[0]:
            own = names[:1], source
    return ((), ""), own


def _is_site(name: str, site: frozenset[str]) -> bool:
    """Whether an author's name is the site's, with or without the word for its kind, or stands for any newsroom."""
    own = squeezed(name)
    return own in site or own in _NEWSROOM or squeezed(titles.without_kind(name)) in site


def _statements(page: Page) -> Iterator[tuple[tuple[credits.Name, ...], str]]:
    """What JSON-LD's articles and meta say, each statement for itself with its source, the surest first."""
    # Names that are texts: others may refer to themselves.
    named = [thing for thing in page.jsonld if isinstance(thing.get("@id"), str) and isinstance(thing.get("name"), str)]
    known = {thing["@id"]: thing for thing in named}
    for thing in page.once(articles):
        yield names_in(_names_of(thing.get("author") or thing.get("creator"), known)), "json-ld"
    for name in _META:
        stated = head.meta(page, name)
        if stated and "/" not in stated:
            yield names_in([stated]), "meta"
    for number in ("1", "2"):
        if _LABELLED.search(head.meta(page, f"twitter:label{number}") or ""):
            yield names_in([head.meta(page, f"twitter:data{number}") or ""]), "meta"


def _names_of(stated: Any, known: dict[str, dict[str, Any]], depth: int = 0) -> Iterator[str]:
    """The names in a JSON-LD author: a text, an object, a reference to one, or a list of these."""
    if isinstance(stated, str):
        yield titles.plain(stated)
    elif isinstance(stated, list) and depth < 4:
        for each in stated:
            yield from _names_of(each, known, depth + 1)
    elif isinstance(stated, dict) and depth < 4:
        yield from _names_of(stated.get("name") or known.get(str(stated.get("@id")), {}).get("name"), known, depth + 1)


def names_in(texts: Iterable[str]) -> tuple[credits.Name, ...]:
    """The names in `texts`, each once, however it is written."""
    found: dict[str, credits.Name] = {}
    for each in texts:
        if "://" not in each:
            for name in credits.parse_author(each):
                found.setdefault(text.fold(name.name), name)
    return tuple(found.values())
