"""The list itself: what is asked of a site, one request after another, and the checks that come of it."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archiver.checklist import answers_again, connection, files, leads, reading
from archiver.checklist.answer import Answer, Ask
from archiver.checklist.attempts import Attempt, article_check, first_record, others_check
from archiver.checklist.check import untold
from archiver.checklist.reading import Shown
from archiver.checklist.tls import distrust

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from archiver.checklist.answer import Visitor
    from archiver.checklist.check import Check
    from archiver.checklist.leads import Listed
    from archiver.site import Site

NAMES = (
    *("start page", "robots.txt", "crawl delay", "certificate", "http to https", "encoding", "listing", "pager"),
    *("article", "required fields", "own rules", "fields", "article head", "cookies", "second view", "the same again"),
    *("missing page", "missing article", "feed", "sitemap", "picture", "other articles", "attachment"),
)
"""Every check, in the order in which they are told."""
NOT_ASKED = "not asked: the start page did not come, or is no page"
TRIED = 3
"""Articles that are asked for until one gives a record: the newest may be a video, the next behind a sign-in."""
TOO_MANY, UNAVAILABLE = 429, 503
"""Statuses by which a site asks not to be asked for a while (RFC 6585, 4), the second where it says for how long (RFC 9110,
15.6.4)."""
NO_PAGE = "archiver-probe-no-such-page"
NO_NUMBER = "999999999"
"""What stands in the place of an article's number, where no article is to be."""

_LAST_NUMBER = re.compile(r"\d{2,}(?=\D*$)")


class Visit:
    """One probe of a site. `shown` are the pages that make candidates for tests, once checks() is through."""

    def __init__(self, site: Site, visitor: Visitor) -> None:
        self._site = site
        self._visitor = visitor
        self.shown: list[Shown] = []
        self._asked_for_patience: int | None = None

    async def checks(self) -> AsyncIterator[Check]:
        """Every check of NAMES, each as soon as it is known. Raises ArchiverError where answers cannot be kept."""
        told = set()
        async for check in self._all():
            told.add(check.name)
            yield check
        for name in NAMES:
            if name not in told:
                yield untold(name, NOT_ASKED)

    async def _all(self) -> AsyncIterator[Check]:
        site, start = self._site, await self._ask(self._site.start_urls[0], is_named=True)
        gate = reading.gate(site, start.page()) if start.is_page else None
        yield connection.start_page(start, gate)
        yield connection.robots_txt(self._visitor.robots, [start.asked, site.base_url or site.home])
        yield connection.crawl_delay(self._visitor.robots)
        async for check in self._encrypted(start):
            yield check
        if not start.is_page or gate is not None:
            return
        encoding = connection.encoding(start)
        yield encoding
        if encoding.exit_code:
            return
        first = reading.read(site, "article", start)
        is_article = first.article is not None
        listing = await self._listing(start, is_article=is_article)
        async for check in self._further(listing):
            yield check
        tried = [Attempt(start, first)] if is_article else await self._articles(listing)
        async for check in self._of_articles(start, tried):
            yield check
        async for check in self._of_documents(listing):
            yield check
        async for check in self._of_files(listing, tried):
            yield check

    async def _encrypted(self, start: Answer) -> AsyncIterator[Check]:
        parts, shown = urlsplit(start.url), start.certificate
        try:
            names = (parts.hostname or "", parts.port or 443)
            distrusted = await asyncio.to_thread(distrust, *names) if shown is not None else None
        except OSError as problem:
            yield untold("certificate", f"{start.url}: a second connection, to check it, failed ({problem})")
        else:
            yield connection.certificate(start, distrusted, self._visitor.now())
        plain, why = connection.without_encryption(start.url) if start.is_page else (None, "no page came")
        answer = await self._ask(plain, is_named=True, follows=False) if plain is not None else None
        yield connection.http_to_https(answer, why)

    async def _listing(self, start: Answer, *, is_article: bool) -> Listed | None:
        """The start page as a listing; where it is an article, the site's home page; None: that did not come."""
        role = "start-page"
        if is_article:
            start, role = await self._ask(self._site.base_url or self._site.home, is_named=True), "home"
        return self._listed(start, role)

    def _listed(self, answer: Answer | None, role: str) -> Listed | None:
        listed = leads.read_listing(self._site, answer)
        if listed is not None and listed.listing.articles:
            self.shown.append(Shown(role=role, page=listed.page, listing=listed.listing))
        return listed

    async def _further(self, listed: Listed | None) -> AsyncIterator[Check]:
        """The listing, and its next page; where the start page has no pager, that of a section, or of what that loads."""
        if listed is None:
            yield untold("listing", "no listing came that can be read")
            yield untold("pager", "no listing was read")
            return
        yield leads.listing_check(listed)
        following = leads.second_page(listed)
        for role in ("section", "fragment"):
            way = leads.way_to_pager(self._site, listed) if following is None else None
            found = self._listed(await self._ask(way), role) if way is not None else None
            if found is None:
                break
            listed, following = found, leads.second_page(found)
        answer = await self._ask(following) if following is not None else None
        yield leads.pager(listed, answer, leads.read_listing(self._site, answer))

    async def _articles(self, listed: Listed | None) -> list[Attempt]:
        """Articles of the listing, until one gives a record."""
        tried: list[Attempt] = []
        for link in listed.listing.articles[:TRIED] if listed is not None else ():
            tried.append(await self._attempt(link.url))
            if tried[-1].article is not None:
                break
        return tried

    async def _attempt(self, url: str) -> Attempt:
        answer = await self._ask(url)
        return Attempt(answer, reading.read(self._site, "article", answer) if answer.is_page else None)

    async def _of_articles(self, start: Answer, tried: list[Attempt]) -> AsyncIterator[Check]:
        site, record = self._site, first_record(tried)
        came = [each.shown for each in tried if each.shown is not None]
        shown = record.shown if record else None
        self.shown += [shown] if shown else came[:1]
        yield article_check(tried)
        yield reading.required_check(came)
        yield reading.own_rules_check(site, shown)
        yield reading.fields_check(site, shown)
        yield reading.head_check(site, shown)
        yield connection.cookies(start, has_article=shown is not None)
        yield await self._second_view(shown)
        async for check in self._again(record):
            yield check

    async def _second_view(self, shown: Shown | None) -> Check:
        url = self._site.second_view(shown.page.url) if shown is not None else None
        answer = await self._ask(url) if url is not None else None
        second = reading.read(self._site, "second-view", answer) if answer is not None and answer.is_page else None
        self.shown += [second] if second is not None and second.is_record else []
        return reading.second_view_check(shown, answer, second)

    async def _again(self, record: Attempt | None) -> AsyncIterator[Check]:
        site = self._site
        if record is None or record.shown is None:
            yield untold("the same again", "no article was read")
        else:
            again = await self._fetch(Ask(url=record.answer.url, as_before=record.answer))
            found = reading.read(site, "article", again) if again.is_page else None
            yield answers_again.again_check(record.answer, record.shown, again, found)
        home = site.base_url or site.home
        yield await self._missing("missing page", home + NO_PAGE)
        url = record.answer.url if record else ""
        absent = _LAST_NUMBER.sub(NO_NUMBER, url, count=1)
        yield await self._missing("missing article", absent if absent != url else None)

    async def _missing(self, name: str, url: str | None) -> Check:
        if url is None:
            return untold(name, "no address with an article's number is known")
        answer = await self._ask(url)
        shown = reading.read(self._site, name.replace(" ", "-"), answer) if answer.is_page else None
        if shown is not None and shown.article is not None:
            self.shown.append(shown)
        return answers_again.missing_check(name, answer, shown)

    async def _of_documents(self, listed: Listed | None) -> AsyncIterator[Check]:
        """A feed, and a sitemap: of an index the newest of its own."""
        site, now = self._site, self._visitor.now()
        feed = next(iter(leads.feeds_of(site, listed)), None)
        answer = await self._ask(feed) if feed is not None else None
        yield leads.document_check("feed", site, answer, now)[0]
        answer = await self._ask(leads.sitemaps_of(site, self._visitor.robots)[0])
        check, newest = leads.document_check("sitemap", site, answer, now)
        if newest is not None:
            inner, _ = leads.document_check("sitemap", site, await self._ask(site.here(newest.url)), now)
            check = replace(inner, seen=f"{check.seen}; of them {newest.url}: {inner.seen}")
        yield check

    async def _of_files(self, listed: Listed | None, tried: list[Attempt]) -> AsyncIterator[Check]:
        """A picture and an attachment; between them other articles of the listing, which may have what the first has not."""
        record = first_record(tried)
        articles = [record.article] if record is not None and record.article is not None else []
        yield await self._file("picture", [image.url for article in articles for image in article.images])
        known = {each.answer.asked for each in tried}
        links = [link.url for link in listed.listing.articles if link.url not in known] if listed and articles else []
        others = [await self._attempt(url) for url in dict.fromkeys(links[place] for place in _spread(links))]
        yield others_check(others)
        self.shown += [each.shown for each in others if each.shown is not None and each.shown.is_record]
        articles += [each.article for each in others if each.article is not None]
        yield await self._file("attachment", [file.url for article in articles for file in article.attachments])

    async def _file(self, name: str, held: Sequence[str]) -> Check:
        url = next(iter(held), None)
        answer = None
        if url is not None and self._site.follows(url):
            answer = await self._fetch(Ask(url=url, first_bytes=files.FIRST_BYTES))
        return files.file_check(name, url, answer)

    async def _ask(self, url: str, *, is_named: bool = False, follows: bool = True) -> Answer:
        return await self._fetch(Ask(url=url, is_named=is_named, follows=follows))

    async def _fetch(self, ask: Ask) -> Answer:
        """The answer. Who has asked for patience is not asked again."""
        if self._asked_for_patience is not None:
            message = f"not asked: the site asked for patience before (status {self._asked_for_patience})"
            now = self._visitor.now()
            return Answer(asked=ask.url, url=ask.url, headers={}, fetched_at=now, problem="patience", message=message)
        answer = await self._visitor.ask(ask)
        asks = answer.status == TOO_MANY or (answer.status == UNAVAILABLE and "retry-after" in answer.headers)
        self._asked_for_patience = answer.status if asks else None
        return answer


def _spread(links: Sequence[str]) -> tuple[int, ...]:
    """The places of the middle and the last."""
    return (len(links) // 2, -1) if links else ()
