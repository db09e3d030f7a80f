"""The newsroom's RSS feed and its sitemaps: an index, one sitemap a month, and the news sitemap of two days."""

from __future__ import annotations

import re
from datetime import timedelta
from email.utils import format_datetime
from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from archiver.demo import addresses
from archiver.demo.frame import printed_title
from archiver.demo.phrases import PHRASES
from archiver.demo.reply import Reply
from archiver.demo.shelves import HANOI

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.demo.living.desk import DeskAt
    from archiver.demo.living.newsroom import Standing
    from archiver.demo.plan import Plan
    from archiver.demo.story import Headline

_IN_FEED = 20
_NEWS = timedelta(days=2)  # Google's news sitemaps hold what is not older
_MONTH = re.compile(r"/sitemaps/(\d{4}-\d{2})\.xml")
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SITEMAPS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
_NEWS_SITEMAPS = 'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


def reply(plan: Plan, desk: DeskAt, path: str, origin: str) -> Reply | None:
    """The feed or sitemap at this path; None where there is none."""
    if not desk.has_feeds:
        return None
    if path == "/rss.xml":
        return _reply(desk, plan, _rss(plan, origin), kind="application/rss+xml; charset=utf-8")
    if path == "/sitemap.xml":
        return _reply(desk, plan, _index(desk, origin))
    if path == "/news-sitemap.xml":
        return _reply(desk, plan, _news(desk, origin))
    if month := _MONTH.fullmatch(path):
        return _reply(desk, plan, _of_month(desk, month[1], origin))
    return None


def _reply(desk: DeskAt, plan: Plan, text: str, kind: str = "application/xml") -> Reply:
    return Reply(text.encode(), kind=kind, modified=desk.changed_at(plan.shelves["c"], None))


def _rss(plan: Plan, origin: str) -> str:
    """RSS 2.0: the newest items."""
    items = "".join(
        f"<item><title>{escape(printed_title(head))}</title><link>{escape(origin + addresses.pretty(head))}</link>"
        f'<guid isPermaLink="false">{head.id}</guid><pubDate>{format_datetime(head.moment)}</pubDate>'
        f"<description>{escape(head.summary)}</description></item>\n"
        for head in islice(plan.standing(plan.shelves["c"]), _IN_FEED)
    )
    site = escape(PHRASES["vi"]["site"])
    channel = f"<title>{site}</title><link>{origin}/</link><description>{site}</description><language>vi</language>"
    return f'{_XML}<rss version="2.0"><channel>{channel}\n{items}</channel></rss>\n'


def _index(desk: DeskAt, origin: str) -> str:
    months: dict[str, str] = {}
    for item in _listed(desk):
        month = f"{item.published_at:%Y-%m}"
        months[month] = max(months.get(month, ""), _w3c(item))
    rows = "".join(
        f"<sitemap><loc>{origin}/sitemaps/{month}.xml</loc><lastmod>{changed}</lastmod></sitemap>\n"
        for month, changed in months.items()
    )
    news = f"<sitemap><loc>{origin}/news-sitemap.xml</loc></sitemap>\n"
    return f"{_XML}<sitemapindex {_SITEMAPS}>\n{rows}{news}</sitemapindex>\n"


def _of_month(desk: DeskAt, month: str, origin: str) -> str:
    rows = "".join(
        f"<url><loc>{_loc(desk, item, origin)}</loc><lastmod>{_w3c(item)}</lastmod></url>\n"
        for item in _listed(desk)
        if f"{item.published_at:%Y-%m}" == month
    )
    return f"{_XML}<urlset {_SITEMAPS}>\n{rows}</urlset>\n"


def _news(desk: DeskAt, origin: str) -> str:
    publication = (
        f"<news:publication><news:name>{PHRASES['vi']['site']}</news:name><news:language>vi</news:language>"
        "</news:publication>"
    )
    rows = "".join(
        f"<url><loc>{_loc(desk, item, origin)}</loc><news:news>{publication}"
        f"<news:publication_date>{_headline(desk, item).moment.isoformat()}</news:publication_date>"
        f"<news:title>{escape(_headline(desk, item).title)}</news:title></news:news></url>\n"
        for item in _listed(desk)
        if desk.moment - item.published_at <= _NEWS
    )
    return f"{_XML}<urlset {_SITEMAPS} {_NEWS_SITEMAPS}>\n{rows}</urlset>\n"


def _listed(desk: DeskAt) -> Iterator[Standing]:
    return (item for item in desk.newsroom.standing(desk.moment) if item.is_listed)


def _headline(desk: DeskAt, item: Standing) -> Headline:
    return desk.headline(desk.newsroom.stock["c"], item.place)


def _loc(desk: DeskAt, item: Standing, origin: str) -> str:
    return escape(origin + addresses.pretty(_headline(desk, item)))


def _w3c(item: Standing) -> str:
    """When the item last changed, as sitemaps have it: never its publication, once it was edited."""
    return item.turn.at.astimezone(HANOI).isoformat()
