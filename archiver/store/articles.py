"""The lines of a site's articles: which revision an article is, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from archiver.article import Article, to_line
from archiver.errors import ArchiveDamaged
from archiver.store.jsonl import MonthlyLines, line_at, lines
from archiver.store.revisions import Known, first_revision, next_revision

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path


class ArticleLines:
    """`articles/YYYY/YYYY-MM.jsonl` of one site. Of each id only number, digest, addresses and place are in memory."""

    def __init__(self, folder: Path) -> None:
        self._files = MonthlyLines(folder)
        self._known: dict[str, Known] = {}

    def __len__(self) -> int:
        return len(self._known)

    def read(self) -> None:
        """Learns what the files hold, torn tails moved aside before. Raises ArchiveDamaged."""
        self._files.mend()
        for path in self._files.paths():
            for offset, line in lines(path):
                self._learn(line, path, offset)

    def numbered(self, article: Article) -> Article | None:
        """`article` as the next line of its id, with its revision; None: the same content as the last line."""
        known = self._known.get(article.id)
        if known is None:
            return first_revision(article)
        return next_revision(article, known, lambda: line_at(known.path, known.offset))

    def append(self, article: Article) -> None:
        """Writes a numbered article as the last line of the month of its capture. Raises DiskTrouble."""
        path, offset = self._files.append(_captured(article), to_line(article))
        known = self._known.get(article.id)
        self._known[article.id] = Known(
            revision=article.revision,
            revision_id=article.revision_id,
            first_seen_at=known.first_seen_at if known else _captured(article).isoformat(),
            aliases=_addresses(known, article.aliases, article.url),
            path=path,
            offset=offset,
        )

    def close(self) -> None:
        """Ends writing; every line is on the disk."""
        self._files.close()

    def _learn(self, line: dict[str, Any], path: Path, offset: int) -> None:
        try:
            id_ = line["id"]
            self._known[id_] = Known(
                revision=line["revision"],
                revision_id=line["revision_id"],
                first_seen_at=line["first_seen_at"],
                aliases=_addresses(self._known.get(id_), line["aliases"], line["url"]),
                path=path,
                offset=offset,
            )
        except KeyError as missing:
            message = f"{path}, byte {offset}: an article without {missing}. Keep a copy and restore it from a backup"
            raise ArchiveDamaged(message) from missing


def _addresses(known: Known | None, aliases: tuple[str, ...], url: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*(known.aliases if known else ()), *aliases, url]))


def _captured(article: Article) -> datetime:
    assert article.fetched_at is not None, "a page was fetched at some time"
    return article.fetched_at
