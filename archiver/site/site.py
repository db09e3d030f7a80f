"""A site: where its articles are listed, how they are addressed, and which layout reads a page."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from archiver import text, urls
from archiver.errors import NotAnArticle, Rejected
from archiver.feeds import is_document
from archiver.rules.boxes import loose_text
from archiver.rules.flow import flow
from archiver.site.kinds import Address, Expect, Layout, Listing
from archiver.site.making import Making

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.article import Article
    from archiver.page import Page
    from archiver.site.sources import Source


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Site:
    """One news site. A file in `sites/` holds one as SITE."""

    name: str
    """Short, snake_case, never changed: ids begin with it. A site without a file has its host as name."""
    home: str
    """Address of the site's own home page, ending in a slash."""
    start_urls: tuple[str, ...]
    """Listings to begin with."""
    timezone: str | None
    """IANA name for times that state no offset; None: unknown (a guess is flagged)."""
    language: str | None
    """BCP 47, where the layout does not tell."""
    layouts: tuple[Layout, ...]
    """Newest first. The first that is valid on the day of the fetch and reads the page is taken."""
    identify: Callable[[str], Address | None]
    """The identity of the article at a folded URL of the site itself."""
    lists: Callable[[Site, Page], Listing]
    """What a listing page leads to."""
    recognizes: Callable[[Site, Page], bool] | None = None
    """Whether a page is an article, where its address does not tell."""
    view_again: Callable[[str], str | None] = field(default=lambda _url: None)
    """Another address of the article at a folded URL, which may be whole where that one is not."""
    sources: tuple[Source, ...] = ()
    """What leads to articles besides listings: feeds, sitemaps, numbers."""
    allows: tuple[str, ...] = ()
    """Other addresses, ending in a slash, below which the crawl may fetch: a sub-domain, another port."""
    aliases: tuple[tuple[str, str], ...] = ()
    """Other host names of the site, each with the one it stands for."""
    noise: frozenset[str] = frozenset()
    """Parameters, in lower case, that change nothing of what an address shows."""
    site_names: tuple[str, ...] = ()
    """How the site calls itself in its titles."""
    remembers: bool = False
    """Whether lines that several articles of earlier runs have in common are cut from bodies (see archiver.site.memory)."""
    base_url: str | None = None
    """Address of a copy of the site that is crawled in its stead, ending in a slash."""
    expect: Expect = field(default_factory=Expect)

    @property
    def addresses_tell(self) -> bool:
        """Whether an address alone tells articles from other pages."""
        return self.recognizes is None

    def at(self, base_url: str) -> Site:
        """The same site, read from a copy at `base_url`: ids stay the site's, all addresses are the copy's."""
        # A copy may hold a part of the site: how many articles there must be is known of the site only.
        moved = replace(self, base_url=base_url.rstrip("/") + "/", expect=replace(self.expect, articles=1))
        return replace(moved, start_urls=tuple(moved.here(url) for url in self.start_urls))

    def own(self, url: str) -> str:
        """`url`, folded, as the site itself would spell it: an address of the copy becomes the site's."""
        return _own(self, url)

    def here(self, url: str) -> str:
        """`url` where this crawl finds it: an address of the site becomes the copy's, when a copy is crawled."""
        if self.base_url is None or url.startswith(self.base_url):
            return url
        own = self.own(url)
        return self.base_url + own[len(self.home) :] if own.startswith(self.home) else url

    def address(self, url: str) -> Address | None:
        """The identity of the article at `url`; None: the address is no article's, as far as it tells."""
        return _address(self, url)

    def place(self, url: str) -> str | None:
        """Where this crawl finds the article that `url` leads to; None where it leads to none."""
        return self.here(url) if self.address(url) is not None else None

    def follows(self, url: str) -> bool:
        """Whether a crawl of this site may fetch `url`: its own host, no sign-in, no plumbing."""
        return _follows(self, url)

    def is_article(self, page: Page) -> bool:
        """Whether `page` is to be read as an article, not as a listing, a feed or a sitemap."""
        if is_document(page.html, page.content_type):
            return False
        if self.recognizes is not None:
            return self.recognizes(self, page)
        return self.address(page.url) is not None

    def may_be_listing(self, page: Page) -> bool:
        """Whether a page that a listing took for an article's, and is none, is a listing all the same.

        Where addresses do not tell, a page without text of its own that leads to several articles.
        """
        if self.addresses_tell or loose_text(page) >= _TEXT:
            return False
        return len(self.parse_listing(page).articles) > 1

    def second_view(self, url: str) -> str | None:
        """Another address of the article at `url` that may be whole where `url` was refused (a print view)."""
        again = self.view_again(self.own(url))
        return self.here(again) if again and again != self.own(url) else None

    def parse_listing(self, page: Page) -> Listing:
        """The articles and further listings that `page` leads to, only addresses that the site follows."""
        return self.lists(self, page)

    def layout_for(self, page: Page) -> Layout:
        """The layout in force on the day of the fetch that reads this page; the newest where none does."""
        day = page.fetched_at.date()
        valid = [each for each in self.layouts if each.valid_until is None or day <= each.valid_until]
        return next((each for each in valid or self.layouts if each.reads(page)), self.layouts[0])

    def parse_article(self, page: Page) -> Article:
        """What the rules find on `page`; what is missing is empty, `first_seen_at` and `fetched_at` are the page's.

        Never rejects; raises BadPage where the bytes are no page. Made once for a page, however often it is asked for.
        """
        return page.once(self._made)

    def _made(self, page: Page) -> Article:
        return Making(self, page, self.layout_for(page)).article()

    def refusal(self, page: Page, article: Article) -> Rejected | None:
        """Why `article` is not to be stored (no title, no time, sign-in page, withdrawn …); None: it is complete."""
        reason = self._fault(page, article)
        if reason is None:
            return None
        says = f"{self.name}: {_FAULTS[reason]} at {page.url} (layout {article.extractor.layout or 'none'})."
        return NotAnArticle(f"{says} See why: archiver parse FILE --url '{page.url}' --explain", reason=reason)

    def _fault(self, page: Page, article: Article) -> str | None:
        if (not article.title or article.published_at is None) and page.root.find(
            ".//input[@type='password']"
        ) is not None:
            return "sign_in"
        if article.published_at is None:
            return self._fault_without_time(page, article)
        if not article.title or any(text.same_text(article.title, name) for name in self.site_names):
            return "no_title"
        if not (article.body or article.images or article.attachments):
            return "empty_body"
        return None

    def _fault_without_time(self, page: Page, article: Article) -> str:
        """A gatekeeper or a cookie question stands in its place; a withdrawn article leaves an empty frame.

        Where text stands, only the time was not found.
        """
        if _is_gate(page):
            return "blocked"
        if _asks_consent(page):
            return "consent"
        if loose_text(page) >= _TEXT:
            return "no_time" if article.title else "not_an_article"
        return "soft_404" if self.addresses_tell else "not_an_article"


# The newest items of a site are linked on every page of it: the same addresses come again and again.
@lru_cache(maxsize=8192)
def _own(site: Site, url: str) -> str:
    if site.base_url and url.startswith(site.base_url):
        url = site.home + url[len(site.base_url) :]
    own = urls.fold(url, aliases=dict(site.aliases), noise=site.noise)
    scheme, _, rest = own.partition("://")
    # http and https are one site: sites move, and their old links stay.
    return f"{site.home.partition('://')[0]}://{rest}" if scheme in ("http", "https") else own


@lru_cache(maxsize=8192)
def _address(site: Site, url: str) -> Address | None:
    found = site.identify(_own(site, url))
    return Address(found.id, site.here(found.canonical)) if found else None


@lru_cache(maxsize=8192)
def _follows(site: Site, url: str) -> bool:
    own = _own(site, url)
    rest = own.partition("://")[2]
    is_ours = own.startswith(site.home) or any(rest.startswith(each.partition("://")[2]) for each in site.allows)
    return is_ours and not urls.never_followed(own)


_GATE = re.compile(
    r"captcha|cf-chl|challenge-platform|(?:you are|are you|verify you are|not) (?:a )?(?:human|robot)"
    r"|checking your browser|enable javascript and cookies|unusual traffic|attention required|security check"
    r"|access denied|(?:request|you) (?:was|were|is|are|has been|have been) blocked|ddos protection"
    r"|không phải (?:là )?(?:người máy|robot)|xác (?:minh|thực) .{0,30}(?:con người|người máy|robot)|truy cập bị (?:từ chối|chặn)",
    re.IGNORECASE,
)
_GATE_TEXT = 1500
"""Characters: a gatekeeper says little."""


def _is_gate(page: Page) -> bool:
    """Whether a page without an article's time asks who we are, or refuses us: a captcha, a firewall's page."""
    return loose_text(page) < _GATE_TEXT and _GATE.search(page.text[:200_000]) is not None


_CONSENT = re.compile(
    r"(?:accept|agree to|allow|reject|manage) (?:all |the |our |my |your )?(?:use of )?cookies|we value your privacy|cookie (?:settings|preferences)"
    r"|cookies? (?:akzeptieren|zustimmen)|zustimmen und weiter|mit werbung (?:weiter|lesen)|accepter (?:et continuer|les cookies|tout)"
    r"|aceptar (?:y continuar|las cookies|todo)|accetta (?:e continua|i cookie|tutti)|đồng ý .{0,20}cookie",
    re.IGNORECASE,
)


def _asks_consent(page: Page) -> bool:
    """Whether a page without an article's time shows little but a question about cookies."""
    lines = [line.text for line in flow(page).lines if line.kind == "text"]
    return sum(map(len, lines)) < _GATE_TEXT and any(map(_CONSENT.search, lines))


_TEXT = 300
"""Characters of running text from which a page without a time is no empty frame."""
_FAULTS = {
    "sign_in": "a sign-in page",
    "blocked": "a page that asks who we are, or refuses us,",
    "consent": "a question about cookies in place of the article",
    "soft_404": "an empty frame without time and text",
    "not_an_article": "no title and time of an article",
    "no_title": "no title",
    "no_time": "no publication time",
    "empty_body": "no text, picture or attachment",
}
