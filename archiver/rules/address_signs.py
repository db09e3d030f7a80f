"""What an address says of the page behind it: an article, a page of a listing, or the site's own plumbing and chrome."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import parse_qsl, unquote, urlencode, urlsplit

ARTICLE = 2
"""Points of an address that only articles have."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_CHROME = _words(
    """
    about about-us aboutus about-me our-team team staff contact contact-us contacts contactus kontakt contacto contatti privacy
    privacy-policy privacypolicy cookie cookies cookie-policy cookies-policy terms terms-of-use terms-of-service
    terms-and-conditions conditions legal legal-notice disclaimer imprint impressum datenschutz agb mentions-legales
    editorial-policy corrections ethics masthead advertise advertising advertise-with-us ad ads ad_list werbung media-kit mediadaten anzeigen
    career careers jobs subscribe subscription subscriptions abo abonnement newsletter newsletters donate support help
    faq faqs feedback account my-account profile user users member members cart checkout shop store basket
    rss feed feeds atom sitemap site-map print amp embed share api graphql xmlrpc.php wp-json wp-content wp-includes cdn-cgi
    app apps mobile weather horoscope horoscopes crossword sudoku games tv-guide obituaries-submit submit webcam
    epaper e-paper gioi-thieu lien-he quang-cao bao-gia so-do sodo so-do-site sitemap.aspx dieu-khoan chinh-sach bao-mat
    chinh-sach-bao-mat dieu-khoan-su-dung tuyen-dung dat-bao dat-bao-giay gop-y hoi-dap toa-soan ban-bien-tap
    lich-cong-tac lich-tuan danh-ba thu-dien-tu van-ban-phap-luat rss.html rss.aspx rss.htm
    """
)
"""Last or first segments, endings off, of pages that every site has and that are no news."""

_LABELS = _words(
    """
    tag tags tagged label labels keyword keywords hashtag topic topics thema themen tema temas sujet sujets dossier dossiers
    author authors autor autoren auteur auteurs autore by writer writers journalist journalists contributor contributors
    reporter reporters columnist columnists tac-gia tacgia tu-khoa tukhoa chu-de chude tim-theo-tag
    """
)
"""Segments in front of a name that many articles share."""
_SHELVES = _words(
    "category categories cat section sections rubrik ressort rubrique categoria chuyen-muc chuyenmuc danh-muc danhmuc channel channels series"
)
"""Segments in front of a section's name; articles may stand below them too, by number."""
_LABEL_KEYS = _words("tag tags author label keyword keywords topic")
_ID_KEYS = re.compile(
    r"(?:.*[_-])?(?:id|nid|aid|sid|newsid|itemid|articleid|article|postid|storyid|story|contentid|docid|bai|baiviet|tin|tinid|idtin|idbai|tid|p)",
    re.IGNORECASE,
)
_OTHER_IDS = re.compile(
    r"cat|menu|sec|chuyenmuc|danhmuc|topic|tag|parent|group|user|author|lang|type|page", re.IGNORECASE
)
"""Numbers of something other than an article: `CateID`, `menuid`."""
_NEXT = re.compile(
    r"[?&;](?:page|p|trang|pg|paged|pageindex|page_?no|page_?number|pagenum|currentpage|start|offset|seite|pagina)=\d+"
    r"|/(?:page|trang|pg|seite|pagina|p)[/-]?\d{1,4}(?=/|\.\w+$|[?]|$)|[-_](?:page|trang|p)[-_]?\d{1,3}(?:\.\w+)?(?=[?]|$)",
    re.IGNORECASE,
)
_PAGE_KEY = re.compile(
    r"p|page|trang|pg|paged|pageindex|page_?no|page_?number|pagenum|currentpage|start|offset|seite|pagina",
    re.IGNORECASE,
)
_CURSOR_KEY = re.compile(
    r"before|after|cursor|continue|max_?id|last_?id|last|skip|next_?(?:cursor|token)|page_?token", re.IGNORECASE
)
"""Parameters by which a list that loads more says how far it is, where it does not count pages."""
_ENDING = re.compile(r"\.(?:s?html?|xml|aspx?|php\d?|jsp|amp|vnp|chn|epi|cms|do|ece)$", re.IGNORECASE)
_DAY = re.compile(r"/(?:19|20)\d\d[/-]?(?:0?[1-9]|1[0-2]|[a-z]{3})[/-]?(?:[0-3]?\d)?/[^/]*[^/\d]")
"""A date, and behind it a name."""
_MONTH = re.compile(r"/(?:19|20)\d\d(?:[/-](?:0?[1-9]|1[0-2]|[a-z]{3,9}))?(?:[/-][0-3]?\d)?$", re.IGNORECASE)
"""Nothing but a date at the end: an archive's page."""
_YEARS = frozenset(map(str, range(1990, 2101)))
_NUMBER = re.compile(r"\d{4,}")
_ONLY_NUMBER = re.compile(r"\d{3,}")
_WHOLE_ADDRESS = re.compile(r"https?(?::|%3a)", re.IGNORECASE)
_DIGITS = re.compile(r"\d+")


class Signs(NamedTuple):
    """What one address says."""

    points: int
    """From -2 to 2: how much it looks like an article's."""
    chrome: bool
    """Leads to no news: about, contact, terms, feeds, sharing, printing."""
    label: bool
    """Leads to what stands under a keyword or an author."""
    month: bool
    """Leads to a day's, month's or year's page of an archive."""
    numbered: bool
    """Leads to a numbered page of a listing."""
    shape: str
    """Equal for addresses that are made alike: numbers and names left out."""
    stem: str
    """The path without its ending and slash: what stands below it begins so."""


@lru_cache(maxsize=8192)
def signs(url: str) -> Signs:
    """What the address says."""
    parts = urlsplit(url)
    path = unquote(parts.path).rstrip("/")
    stem = _ENDING.sub("", path)
    segments = [segment for segment in stem.lower().split("/") if segment]
    query = parse_qsl(parts.query)
    is_next = bool(_NEXT.search(f"{path}?{parts.query}" if parts.query else path)) and not _is_post(segments, query)
    month = bool(_MONTH.search(stem))
    labels = not _LABELS.isdisjoint(segments[:-1]) or any(key.lower() in _LABEL_KEYS for key, _ in query)
    shelves = not _SHELVES.isdisjoint(segments[:-1]) and not _NUMBER.search(segments[-1])
    shared = month or labels or shelves or is_next
    points = -2 if shared else _points(stem, segments, query, ended=stem != path)
    return Signs(
        points=points,
        chrome=_is_chrome(segments, parts.query, points),
        label=labels,
        month=month,
        numbered=is_next,
        shape=_shape(stem, segments, [key for key, _ in query], path[len(stem) :]),
        stem=stem,
    )


def _is_post(segments: list[str], query: list[tuple[str, str]]) -> bool:
    """WordPress without pretty addresses: `/?p=123` is an article, `/news/?p=2` a page of a listing."""
    return segments in ([], ["index"]) and len(query) == 1 and query[0][0] == "p"


def _is_chrome(segments: list[str], query: str, points: int) -> bool:
    if _WHOLE_ADDRESS.search(query) or "replytocom=" in query:
        return True
    return bool(segments) and (segments[-1] in _CHROME or (segments[0] in _CHROME and points < ARTICLE))


def _points(stem: str, segments: list[str], query: list[tuple[str, str]], *, ended: bool) -> int:
    if any(_ID_KEYS.fullmatch(key) and not _OTHER_IDS.search(key) and value.isdecimal() for key, value in query):
        return ARTICLE
    if not segments:
        return -2
    last = segments[-1]
    hyphens = last.count("-") + last.count("_")
    if _DAY.search(stem) or hyphens >= 3 or _NUMBER.search(last) or _ONLY_NUMBER.fullmatch(last):
        return ARTICLE
    if hyphens == 2 or (_DIGITS.search(last) and (hyphens or ended)) or not _YEARS.isdisjoint(segments[:-1]):
        return 1
    return -1 if len(segments) == 1 and not ended and not hyphens else 0


def _shape(stem: str, segments: list[str], keys: list[str], ending: str) -> str:
    name = "*" if segments and ("-" in segments[-1] or _DIGITS.search(segments[-1])) else "-"
    folder = "/".join("#" if segment.isdecimal() else "-" for segment in segments[:-1])
    if keys and name == "-":
        return f"{stem}{ending}?{'&'.join(sorted(keys))}"
    return f"{folder}/{name}{ending}"


def next_of(url: str, listing: str) -> bool:
    """Whether `url` is a numbered page of the listing at `listing`: alike but for a page's number."""
    found, here = urlsplit(url), urlsplit(listing)
    if not signs(url).numbered:
        return False
    return _base(found.path, found.query) == _base(here.path, here.query)


def listing_of(url: str) -> str:
    """Equal for all pages of one listing, and no other address: where it stands, without the page's number or cursor."""
    parts = urlsplit(url)
    path, query = _base(parts.path, parts.query)
    query = tuple((key, value) for key, value in query if not _CURSOR_KEY.fullmatch(key))
    return f"{parts.netloc}{path}?{urlencode(query)}"


def _base(path: str, query: str) -> tuple[str, tuple[tuple[str, str], ...]]:
    bare = _NEXT.sub("", path.rstrip("/"))
    kept = [(key, value) for key, value in parse_qsl(query) if not _PAGE_KEY.fullmatch(key)]
    stem = _ENDING.sub("", bare.rstrip("/"))
    return re.sub(r"/(?:index|default)$", "", stem, flags=re.IGNORECASE), tuple(sorted(kept))
