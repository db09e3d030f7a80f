"""The lines of a site's articles: which revision an article is, and where its line stands."""

from __future__ import annotations

import json
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archiver.article import Article, content_hash, jsonable, to_line
from archiver.errors import ArchiveDamaged
from archiver.store.captures import path_of
from archiver.store.jsonl import values
from archiver.store.ledger import STATUSES, Known, Place
from archiver.store.monthly_lines import MonthlyLines
from archiver.store.months import months
from archiver.store.revisions import contents_after, first_revision, gone_line, next_revision, says_nothing_new
from archiver.store.takedowns import TakenDown, taken_contents
from archiver.store.warc import stored

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from archiver.store.ledger import FileState, Ledger
    from archiver.store.withdrawals import Absence

KIND = "articles"


class ArticleLines:
    """`articles/YYYY/YYYY-MM.jsonl` of one site, and what the ledger knows of them."""

    def __init__(self, site_folder: Path, ledger: Ledger) -> None:
        self._folder = site_folder
        self._files = MonthlyLines(site_folder, KIND, ledger.file)
        self._ledger = ledger
        self._taken = taken_contents(site_folder)
        self._ready: dict[str, tuple[Article, str]] = {}
        """WARC-Record-ID to the article that is to become a line, and the line."""

    def numbered(self, article: Article) -> Article | None:
        """`article` as the next line of its id, with its revision; None: the same content as the last line.

        Raises Flapping; TakenDown where the article, or one of the same content, was.
        """
        known = self._ledger.article(article.id)
        if known is not None and known.status == "tombstone":
            raise TakenDown(article.id)
        if self._taken and (taken := self._taken.get(content_hash(article))) is not None:
            raise TakenDown(taken)
        if known is None:
            return first_revision(article)
        if says_nothing_new(article, known):
            return None
        return next_revision(article, known, self._files.line(known.place))

    def withdrawn(self, absence: Absence, rules: str) -> str | None:
        """The line that says that a known article is gone; None: it is not known as live. Raises ArchiveDamaged."""
        known = self._ledger.article(absence.id)
        if known is None or known.status != "live":
            return None
        return line_of_absence(self._folder, self._files.line(known.place), absence, rules)

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

    def line_at(self, place: Place) -> dict[str, Any]:
        """The line at `place`, on the disk or not. Raises ArchiveDamaged."""
        return self._files.line(place)

    def append_line(self, line: str) -> datetime:
        """The same of a line; its `fetched_at`."""
        said = json.loads(line)
        at = datetime.fromisoformat(said["fetched_at"])
        place = self._files.append(at, line)
        self._ledger.put_article(said["id"], known(said, place, self._ledger.article(said["id"])))
        return at

    def _append(self, article: Article, line: str) -> None:
        assert article.fetched_at is not None, "a page was fetched at some time"
        place = self._files.append(article.fetched_at, line)
        first_seen_at, at = jsonable(article.first_seen_at), jsonable(article.fetched_at)
        before = self._ledger.article(article.id) if article.revision > 1 else None
        contents = contents_after(before, article.revision_id, at)
        now_known = Known(article.revision, article.revision_id, first_seen_at, place, article.status, contents)
        self._ledger.put_article(article.id, now_known)

    def flush(self) -> Mapping[str, FileState]:
        """The files with new lines, once these are on the disk. Raises DiskTrouble."""
        return self._files.flush()

    def close(self) -> None:
        """Ends writing."""
        self._files.close()


def line_of_absence(site_folder: Path, last_line: dict[str, Any], absence: Absence, rules: str) -> str:
    """The line of an article whose absence a capture shows. Raises ArchiveDamaged."""
    file, offset = absence.place.file, absence.place.offset
    for shown in stored(path_of(site_folder, file), offset):
        line = gone_line(last_line, absence.reason, shown.exchange.at, shown.capture(file), rules)
        return json.dumps(line, ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"
    message = f"{file}, byte {offset}: the capture cannot be read. See: archiver verify"
    raise ArchiveDamaged(message)


def known(line: dict[str, Any], place: Place, before: Known | None) -> Known:
    """What the ledger keeps of a line, and of the line before it. Raises ArchiveDamaged where the line is no article's."""
    try:
        datetime.fromisoformat(line["first_seen_at"])
        bytes.fromhex(line["revision_id"])
        if line["status"] not in STATUSES:
            raise ValueError(line["status"])  # noqa: TRY301  # becomes damage below
        contents = contents_after(before, line["revision_id"], line["fetched_at"])
        revision, first_seen_at = int(line["revision"]), line["first_seen_at"]
        return Known(revision, line["revision_id"], first_seen_at, place, line["status"], contents)
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
    for month in months(site_folder, KIND):
        for offset, line in values(month):
            yield Place(month.name, offset), line
