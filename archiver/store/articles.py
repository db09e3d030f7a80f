"""The lines of a site's articles: which revision an article is, and where its line stands."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from archiver.article import Article, content_hash, jsonable, to_line
from archiver.errors import ArchiveDamaged
from archiver.store.jsonl import MonthlyLines, lines
from archiver.store.ledger import Known, Place
from archiver.store.revisions import first_revision, next_revision

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from archiver.store.ledger import FileState, Ledger

KIND = "articles"


class ArticleLines:
    """`articles/YYYY/YYYY-MM.jsonl` of one site, and what the ledger knows of them."""

    def __init__(self, site_folder: Path, ledger: Ledger) -> None:
        self._files = MonthlyLines(site_folder, KIND, ledger.file)
        self._ledger = ledger
        self._ready: dict[str, tuple[Article, str]] = {}
        """WARC-Record-ID to the article that is to become a line, and the line."""

    def numbered(self, article: Article) -> Article | None:
        """`article` as the next line of its id, with its revision; None: the same content as the last line."""
        known = self._ledger.article(article.id)
        if known is None:
            return first_revision(article)
        if content_hash(article) == known.revision_id:
            return None
        return next_revision(article, known, self._files.line(known.place))

    def prepare(self, article: Article) -> None:
        """Makes the line of a numbered article. Raises UnicodeEncodeError where it cannot be one."""
        assert article.capture is not None, "an article comes of a capture"
        line = to_line(article)
        line.encode()
        self._ready[article.capture.record_id] = article, line

    def settle(self, record_id: str, *, is_kept: bool) -> None:
        """Appends the line of that capture, if one was made and `is_kept`."""
        article, line = self._ready.pop(record_id, (None, ""))
        if article is not None and is_kept:
            self._append(article, line)

    def append(self, article: Article) -> None:
        """Puts a numbered article at the end of the month of its capture; on the disk after flush()."""
        self._append(article, to_line(article))

    def _append(self, article: Article, line: str) -> None:
        assert article.fetched_at is not None, "a page was fetched at some time"
        place = self._files.append(article.fetched_at, line)
        first_seen_at = jsonable(article.first_seen_at)
        self._ledger.put_article(article.id, Known(article.revision, article.revision_id, first_seen_at, place))

    def flush(self) -> Mapping[str, FileState]:
        """The files with new lines, once these are on the disk. Raises DiskTrouble."""
        return self._files.flush()

    def close(self) -> None:
        """Ends writing."""
        self._files.close()


def known(line: dict[str, Any], place: Place) -> Known:
    """What the ledger keeps of a line. Raises ArchiveDamaged where the line is no article's."""
    try:
        datetime.fromisoformat(line["first_seen_at"])
        bytes.fromhex(line["revision_id"])
        return Known(int(line["revision"]), line["revision_id"], line["first_seen_at"], place)
    except (KeyError, TypeError, ValueError) as problem:
        raise _no_article(place, problem) from problem


def id_of(line: dict[str, Any], place: Place) -> str:
    """The article's id. Raises ArchiveDamaged where the line has none."""
    id_ = line.get("id")
    if not isinstance(id_, str) or not id_:
        raise _no_article(place, KeyError("id"))
    return id_


def _no_article(place: Place, problem: Exception) -> ArchiveDamaged:
    message = f"{place.file}, byte {place.offset}: no line of an article ({problem!r}). See: archiver verify"
    return ArchiveDamaged(message)


def article_lines(site_folder: Path) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Every line of a site's articles with its place, oldest month first. Raises ArchiveDamaged."""
    for path in sorted((site_folder / KIND).glob("[0-9][0-9][0-9][0-9]/*.jsonl")):
        for offset, line in lines(path):
            yield Place(str(path.relative_to(site_folder)), offset), line
