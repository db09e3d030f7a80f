"""The article becomes a line of the archive, if it says something new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.pipelines.drops import Incomplete, Unchanged

if TYPE_CHECKING:
    from scrapy.crawler import Crawler

    from archiver.article import Article
    from archiver.store.articles import ArticleLines


class AppendRevision:
    """Numbers the revision and appends the line, in one step: nothing comes between."""

    def __init__(self, crawler: Crawler) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> AppendRevision:
        """Scrapy's hook."""
        return cls(crawler)

    def process_item(self, item: Article) -> Article:
        """The article as it was written. Raises Unchanged where its content is that of its last line."""
        spider: Any = self._crawler.spider
        articles: ArticleLines = spider.archive.articles
        revision = articles.numbered(item)
        if revision is None:
            raise Unchanged(item.id)
        try:
            articles.append(revision)
        except UnicodeEncodeError as problem:
            message = f"{item.url}: half a character in the text ({problem.reason})"
            raise Incomplete(message, reason="broken_text") from problem
        return revision
