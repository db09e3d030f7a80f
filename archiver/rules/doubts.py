"""What a reader of the record should know of its page: statements that contradict each other, a text behind a paywall."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver import text
from archiver.rules import head, moments, titles
from archiver.rules.called import called
from archiver.rules.flow import flow
from archiver.rules.headings import words_of
from archiver.rules.live_posts import is_live_blog
from archiver.rules.simple import articles, jsonld_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.page import Page

_FEWEST_WORDS = 3
"""Of a title that is compared: shorter ones are names of sections."""
_SHARED = 0.2
"""Share of the words of the shorter title that two titles of one article have in common at least."""
_WALL = re.compile(
    r"pay-?wall|(?<![a-z])regwall|piano-|meter(?:ed)?-?wall|subscriber-?only|premium-?(?:wall|offer|box)|abo-?wall"
)
_OFFER = re.compile(
    r"(?:subscribe|sign in|log ?in|register|become a (?:member|subscriber))\b.{0,40}\b(?:to (?:continue|keep|read|finish|unlock)|for (?:full )?access)"
    r"|(?:this (?:article|story|content) is|available) (?:only |exclusively )?(?:for|to) (?:our )?(?:paying )?(?:subscribers|members)"
    r"|(?:continue|keep) reading (?:with|for)\b|already (?:a )?(?:subscriber|member|subscribed)\s?\?"
    r"|(?:jetzt|weiter|artikel) (?:lesen|freischalten) mit|(?:nur|exklusiv) für abonnent|sie (?:sind|haben) (?:bereits|schon) .{0,12}abon"
    r"|réservé (?:aux|à nos) abonnés|(?:article|contenu) réservé|déjà abonné|il vous reste .{0,20}% de cet article"
    r"|(?:exclusivo|solo|contenido) para su[bs]+criptores|suscríbete para (?:seguir|continuar)|riservato agli abbonati|sei già abbonato"
    r"|(?:đăng nhập|đăng ký|mua gói).{0,30}để (?:đọc|xem) (?:tiếp|toàn bộ|đầy đủ)|dành (?:riêng )?cho (?:độc giả|bạn đọc|thuê bao) (?:vip|trả phí|đăng ký)",
    re.IGNORECASE,
)
_LONGEST_OFFER = 400
_WHOLE = 2_500
"""Characters of running text from which an article was not cut."""


def doubts(page: Page) -> tuple[str, ...]:
    """Flags for `quality`: `dates_disagree`, `titles_disagree`, `paywalled`, `live_blog`; each where it holds."""
    flags = {
        "dates_disagree": moments.disagree(page),
        "titles_disagree": titles_disagree(page),
        "paywalled": is_paywalled(page),
        "live_blog": is_live_blog(page),
    }
    return tuple(name for name, holds in flags.items() if holds)


def titles_disagree(page: Page) -> bool:
    """Whether the heading, JSON-LD and Open Graph name the article with entirely different words."""
    stated = (head.meta(page, "og:title"), next(iter(jsonld_values(page, "headline")), None), titles.heading(page))
    titled = (each for each in stated if each and len(each) <= head.LONGEST_CLAIM)
    known = [words for each in titled if len(words := set(words_of(titles.plain(each)))) >= _FEWEST_WORDS]
    return any(
        len(one & other) < _SHARED * min(len(one), len(other)) for at, one in enumerate(known) for other in known[:at]
    )


def is_paywalled(page: Page) -> bool:
    """Whether what stands on the page is only the beginning of the article: the rest is for those who pay or sign in.

    The page says so itself (schema.org `isAccessibleForFree`: false), or shows an offer to subscribe below little text.
    """
    shown = sum(len(line.text) for line in flow(page).lines if line.kind == "text" and not line.linked)
    if shown > _WHOLE:
        return False
    return any(_says_no(thing) for thing in _works(page)) or _shows_wall(page)


def _works(page: Page) -> Iterator[dict[str, object]]:
    """The articles of the page and their parts."""
    for thing in page.once(articles):
        yield thing
        parts = thing.get("hasPart")
        for part in parts if isinstance(parts, list) else [parts]:
            if isinstance(part, dict):
                yield part


def _says_no(thing: dict[str, object]) -> bool:
    stated = thing.get("isAccessibleForFree")
    return stated is False or (isinstance(stated, str) and stated.strip().rpartition("/")[2].lower() in ("false", "no"))


def _shows_wall(page: Page) -> bool:
    if not called(page, _WALL) and text.fold(head.meta(page, "article:content_tier") or "") not in (
        "locked",
        "metered",
    ):
        return False
    offers = (line for line in flow(page).lines if line.kind == "text" and len(line.text) <= _LONGEST_OFFER)
    return any(_OFFER.search(line.text) for line in offers)
