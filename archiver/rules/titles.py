"""The title of an article: the heading that agrees with what the head claims, else the best of the claims."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver import text, urls
from archiver.rules import head
from archiver.rules.flow import flow
from archiver.rules.headings import headings, squeezed, words_of
from archiver.rules.rule import traced
from archiver.rules.simple import jsonld_values

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.page import Page

_SEPARATOR = re.compile(r"\s+(?:[-–—|»«·•›~/]|::|>+|<+)\s+|\s*[｜|]\s*|\s+:\s+|\s+[-–—|»•]$")
_KIND_OF_SITE = re.compile(
    r"\A\s*(?:báo(?! cáo| chí| động| hiệu)(?: điện tử)?|tạp chí(?: điện tử)?|cổng thông tin(?: điện tử)?|trang (?:tin|thông tin)(?: điện tử)?)\s+(?=\S)"
    r"|\s+(?:online|điện tử)\s*\Z",
    re.IGNORECASE,
)
_ANY_PAGE = re.compile(
    r"trang (?:chủ|nhất|tin)|(?:tin |xem |nội dung )?chi tiết(?: tin(?: tức)?| bài viết| thông báo)?|(?:news |article )?details?",
    re.IGNORECASE,
)
"""What content systems give every page of a kind as its title."""
_LONGEST = 400
_CUT_FROM = 100
"""Characters from which a headline may have been cut to the length that search engines show."""
_ENOUGH = 0.5
"""Agreement with a claim from which a heading counts as the one that the head means."""
_FEWEST_WORDS = 4
_LITTLE = 0.3
"""Agreement below which only a heading that looks like a title can be one."""


_SOURCES = ("open-graph", "json-ld", "meta", "meta", "meta", "microdata", "meta", "title")
"""Of the titles that the head may give, in the order in which they are gathered."""


@dataclass(frozen=True, slots=True)
class _Claims:
    """What the head calls the page, from the surest; each with its words."""

    texts: tuple[str, ...]
    words: tuple[tuple[str, ...], ...]
    shared: str
    """Of these, that of Open Graph or Twitter."""
    headline: str
    """Of these, that of JSON-LD."""
    sources: dict[str, str]
    """What of the head each text is of, the surest: as `found_by` says it."""
    site: frozenset[str]
    """The names of the site without spaces, folded; its host's label among them."""


def shared_title(page: Page) -> str | None:
    """The heading, where the title for shared links (Open Graph) has the same words."""
    seen = page.once(_heading)
    shared = page.once(_claims).shared
    return seen if seen and shared and words_of(shared) == words_of(seen) else None


@traced
def headline(page: Page) -> tuple[str, str] | None:
    """JSON-LD's headline without the site's name, or the heading that goes on where it breaks off."""
    stated = page.once(_claims).headline
    seen = page.once(_heading)
    if not stated or not seen:
        return (stated, "json-ld") if stated else None
    begins, whole = words_of(stated.rstrip(".…")), words_of(seen)
    # A cut may fall inside a word: all but the last are compared.
    is_cut = (
        len(whole) > len(begins) > 3
        and whole[: len(begins) - 1] == begins[:-1]
        and whole[len(begins) - 1].startswith(begins[-1])
    )
    if is_cut and (stated.endswith(("…", "...")) or len(stated) >= _CUT_FROM):
        return seen, "page+json-ld"
    return stated, "json-ld"


def heading(page: Page) -> str | None:
    """The heading that agrees best with the head's claims; a lone `h1` also where they say something else.

    Where only the `title` element claims a title, a line that repeats a part of it goes before a heading that does not.
    """
    return page.once(_heading_or_line)


def _heading_or_line(page: Page) -> str | None:
    seen = page.once(_heading)
    if is_claimed(page) or (seen is not None and _is_part_of_claim(page, seen)):
        return seen
    return claimed_line(page) or seen


def _is_part_of_claim(page: Page, seen: str) -> bool:
    own = squeezed(seen)
    return any(own == squeezed(part) for stated in claims(page) for part in (stated, *_SEPARATOR.split(stated)))


@traced
def claim(page: Page) -> tuple[str, str] | None:
    """The title that the head gives, without the site's name."""
    claims = page.once(_claims)
    return (claims.texts[0], claims.sources[claims.texts[0]]) if claims.texts else None


def claims(page: Page) -> tuple[str, ...]:
    """The titles that the head gives, without the site's name, from the surest."""
    return page.once(_claims).texts


def claimed_line(page: Page) -> str | None:
    """The `title` element as a line of the page repeats it, or the part of it, where the other names a site unknown to us."""
    shown = {text.fold(line.text): line.text for line in flow(page).lines if line.kind == "text" and not line.linked}
    site = page.once(_claims).site
    for stated in page.once(_claims).texts:
        own = squeezed(stated).removeprefix("the")
        if own not in site and len(stated.split()) >= _FEWEST_WORDS and (line := shown.get(text.fold(stated))):
            return line
        for found in _SEPARATOR.finditer(stated) if len(stated) <= _LONGEST else ():
            for part in (stated[: found.start()], stated[found.end() :]):
                if len(part.split()) >= _FEWEST_WORDS and (line := shown.get(text.fold(part))):
                    return line
    return None


def is_claimed(page: Page) -> bool:
    """Whether JSON-LD or meta give a title."""
    claims = page.once(_claims)
    return bool(claims.shared or claims.headline)


def _heading(page: Page) -> str | None:
    claims = page.once(_claims)
    rated = headings(page, claims.words, claims.site)
    if not rated:
        return None
    score, agreement, best = max(rated, key=lambda each: each[0])
    if agreement < _LITTLE and (score - 2 * agreement < _ENOUGH or _names_section(page, best, claims)):
        return None
    if agreement < _ENOUGH and (score < _ENOUGH or (claims.texts and len(words_of(best)) < 2)):
        return None
    if best.endswith(("…", "...")):
        begins = words_of(best)
        return next((each for each in claims.texts if words_of(each)[: len(begins)] == begins != words_of(each)), best)
    return best


def is_section(page: Page, seen: str) -> bool:
    """Whether a heading is the section's, above an article whose title only the head gives."""
    return _names_section(page, seen, page.once(_claims))


def _names_section(page: Page, seen: str, claims: _Claims) -> bool:
    """Whether a short heading is the section's, which the menu has too, above an article whose title the head gives."""
    own = words_of(seen)
    if len(own) > _FEWEST_WORDS or not claims.words or len(claims.words[0]) <= _FEWEST_WORDS:
        return False
    if set(own) <= set(claims.words[0]) or squeezed(claims.texts[0]).startswith(squeezed(seen)):
        return False
    return any(line.linked and text.same_text(line.text, seen) for line in flow(page).lines)


def _claims(page: Page) -> _Claims:
    site = page.once(site_names)
    shared = head.meta(page, "og:title") or head.meta(page, "twitter:title") or ""
    stated = next(iter(jsonld_values(page, "headline")), "")
    named = next(page.root.iter("title"), None)
    others = [head.meta(page, name) for name in ("parsely-title", "sailthru.title", "dc.title", "headline", "title")]
    others += ["".join(named.itertext())] if named is not None else []
    unescaped = [plain(each) if each and len(each) <= head.LONGEST_CLAIM else "" for each in (shared, stated, *others)]
    bare = [_without_site(each, site, unescaped) for each in unescaped]
    shared, stated, *_ = kept = ["" if squeezed(each) in site or _ANY_PAGE.fullmatch(each) else each for each in bare]
    texts = tuple(dict.fromkeys(filter(None, kept)))
    sources = dict(reversed(tuple(zip(kept, _SOURCES, strict=False))))
    return _Claims(texts, tuple(map(words_of, texts)), shared, stated, sources, site)


def site_names(page: Page) -> frozenset[str]:
    """What the page and its address call the site, squeezed, also without the word for its kind (`Báo`, `Tạp chí`)."""
    names = list(_site_names(page))
    bare = map(without_kind, names)
    return frozenset(filter(None, (squeezed(name) for name in (*names, *bare))))


def without_kind(name: str) -> str:
    """A site's name without the word for what it is: `Báo Quê Mới` is also called Quê Mới."""
    return _KIND_OF_SITE.sub("", name)


def site_initials(page: Page) -> tuple[str, ...]:
    """The first letters of the words of each name of the site, folded; the last part of the `title` element is one."""
    named = next(page.root.iter("title"), None)
    parts = _SEPARATOR.split(text.clean("".join(named.itertext()))) if named is not None else []
    names = (*_site_names(page), *(parts[-1:] if len(parts) > 1 else ()))
    return tuple("".join(word[0] for word in words_of(name)) for name in names)


def plain(stated: str) -> str:
    """`stated` with character references read, up to twice: what JSON-LD and meta hold is often escaped once too much."""
    for _ in range(2):
        if "&" not in stated:
            break
        stated = html.unescape(stated)
    return text.clean(stated)


def _site_names(page: Page) -> Iterator[str]:
    """What the page calls its site."""
    for name in ("og:site_name", "application-name", "apple-mobile-web-app-title", "al:android:app_name"):
        stated = head.meta(page, name)
        if stated:
            yield stated
    for thing in page.jsonld:
        publisher = thing.get("publisher")
        named = thing if thing.get("@type") in ("WebSite", "NewsMediaOrganization", "Organization") else publisher
        if isinstance(named, dict) and isinstance(named.get("name"), str):
            yield text.clean(named["name"])
    host = urls.host(page.url).removeprefix("www.")
    labels = host.split(".")
    yield host
    yield max(labels[:-1] or labels, key=len)


def _without_site(stated: str, site: frozenset[str], others: list[str]) -> str:
    """`stated` without first and last parts that name the site, or that another claim does not have."""
    again = len(stated) <= _LONGEST
    while again:
        again = False
        separators = list(_SEPARATOR.finditer(stated))
        for found in (separators[-1:] + separators[:1]) if separators else ():
            front, behind = stated[: found.start()].strip(), stated[found.end() :].strip()
            if front and (not behind or _names_site(behind, site) or front in others):
                stated, again = front, True
            elif behind and (_names_site(front, site) or behind in others):
                stated, again = behind, True
            if again:
                break
    return stated


def _names_site(part: str, site: frozenset[str]) -> bool:
    own = squeezed(part)
    return (
        own in site
        or _KIND_OF_SITE.match(part) is not None
        or _ANY_PAGE.fullmatch(part) is not None
        or (
            len(own) >= 4
            and any(own in name or (len(name) >= 4 and name in own and len(name) * 2 > len(own)) for name in site)
        )
    )
