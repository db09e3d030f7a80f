"""The article becomes a line of the archive, if it says something new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.pipelines.drops import Incomplete, Unchanged, Unwanted
from archiver.store.revisions import Flapping
from archiver.store.takedowns import TakenDown

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archiver.article import Article
    from archiver.store.archive import SiteArchive


class AppendRevision:
    """Numbers the revision and makes the line, which is appended with the event of its task."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AppendRevision:
        """Scrapy's hook."""
        return cls(crawler)

    async def process_item(self, item: Article) -> Article:
        """The article as it was written. Raises Unchanged where its content is that of its last line, Unwanted where it
        was taken down.
        """
        spider: Any = self._crawler.spider
        archive: SiteArchive = spider.archive
        assert item.capture is not None, "an article comes of a capture"
        # Revisions are numbered in the order of their captures, so that a rebuild gives the same numbers.
        await archive.turns.wait(item.capture.record_id)
        try:
            revision = archive.articles.numbered(item)
            if revision is None:
                raise Unchanged(item.id)
            archive.articles.prepare(revision)
        except TakenDown as problem:
            raise Unwanted(problem.id) from problem
        except Flapping as problem:
            raise Unchanged(str(problem), reason="flapping") from problem
        except UnicodeEncodeError as problem:
            message = f"{item.url}: half a character in the text ({problem.reason})"
            raise Incomplete(message, reason="broken_text") from problem
        return revision
