"""An archive as a researcher has it in hand in Python."""

from __future__ import annotations

import logging
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from archiver.errors import UsageError
from archiver.research.histories import history
from archiver.research.newest import Newest, day, days
from archiver.research.records import article_of
from archiver.research.search import search

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import date
    from types import TracebackType

    from archiver.article import Article
    from archiver.research.found import Field, Found, Sort
    from archiver.research.tables.answer import Answer
    from archiver.research.tables.tables import Tables

logger = logging.getLogger(__name__)


class Archive:
    """An archive of one or more sites. What could not be read is logged as a warning, a line each.

    Articles and revisions are read from the lines, as they are when they are asked for. SQL sees the lines as they were when
    SQL was first asked for; open the archive again for those that were added since.
    """

    def __init__(self, path: Path, sites: Sequence[Path]) -> None:
        self.path = path
        self._folders = {folder.name: folder for folder in sites}
        self._tables: Tables | None = None

    @property
    def sites(self) -> list[str]:
        """Their names."""
        return list(self._folders)

    def articles(
        self, since: date | str | None = None, until: date | str | None = None, site: str | None = None
    ) -> Iterator[Article]:
        """The newest revision of each article, one by one, site by site in the order of their last capture.

        Those published from `since` to `until`, both days included, by the day that is printed; all without them. Withdrawn
        articles are among them (`status` is gone). Attributes are those of a line; article.as_dict() is the line as a dict.
        """
        found = Newest(self._of(site))
        yield from found.articles(*days(since, until))
        for trouble in found.troubles:
            logger.warning("%s", trouble)

    def article(self, id_: str) -> Article:
        """The newest revision of an article. Raises UsageError, which names the nearest ids."""
        return self.revisions(id_)[-1]

    def revisions(self, id_: str) -> list[Article]:
        """Every revision of an article, oldest first; of one that was taken down the tombstones.

        Raises UsageError, which names the nearest ids; ArchiveDamaged where there is none in what can be read.
        """
        lines = history(self._of(None), id_, partial(logger.warning, "%s"))
        is_taken_down = lines[-1]["status"] == "tombstone"
        return [article_of(line) for line in lines if line["status"] == "tombstone" or not is_taken_down]

    def search(  # noqa: PLR0913  # one parameter an option
        self,
        text: str,
        *,
        field: Field | None = None,
        since: date | str | None = None,
        until: date | str | None = None,
        section: str | None = None,
        site: str | None = None,
        limit: int = 20,
        offset: int = 0,
        sort: Sort = "rank",
    ) -> Found:
        """The articles that `text` finds: `hits` best first, each with its snippets, and `total`, how many there are.

        Words without accents find all spellings, words with accents only that. `field` is title, body or captions; `sort`
        rank or date. Raises UsageError with what is wrong in the query.
        """
        found = search(
            self._of(site),
            text,
            field=field,
            since=day(since),
            until=day(until),
            section=section,
            limit=limit,
            offset=offset,
            sort=sort,
        )
        for damage in found.damage:
            logger.warning("%s", damage)
        return found

    def sql(self, sql: str, values: Sequence[Any] | dict[str, Any] = ()) -> Answer:
        """The answer to a SELECT over articles, revisions and the other tables of docs/sql.md.

        `values` stand for `?` in it, or by name for `$name`. Needs the extra `query`. Raises UsageError with place and hint.
        """
        return self._opened().ask(sql, values)

    def to_pandas(
        self, since: date | str | None = None, until: date | str | None = None, site: str | None = None
    ) -> Any:
        """The articles, as articles() gives them, as a pandas.DataFrame; the columns are those of the table articles.

        Of 200,000 articles that is several GB: where a few columns do, sql("SELECT …").to_pandas() is smaller.
        """
        return self._selected(since, until, site).to_pandas()

    def to_polars(
        self, since: date | str | None = None, until: date | str | None = None, site: str | None = None
    ) -> Any:
        """The same as a polars.DataFrame."""
        return self._selected(since, until, site).to_polars()

    def close(self) -> None:
        """Ends what SQL holds; it can be asked for again."""
        if self._tables is not None:
            self._tables.close()
            self._tables = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"<Archive {self.path}: {', '.join(self.sites)}>"

    def _selected(self, since: date | str | None, until: date | str | None, site: str | None) -> Answer:
        sites = [folder.name for folder in self._of(site)]
        tests = ["list_contains($sites, site)"]
        values: dict[str, Any] = {"sites": sites}
        for name, sign, value in zip(("since", "until"), (">=", "<="), days(since, until), strict=True):
            if value is not None:
                tests.append(f"published_on {sign} ${name}")
                values[name] = value
        where = " AND ".join(tests)
        return self.sql(f"SELECT * FROM articles WHERE {where} ORDER BY site, line_file, line_offset", values)  # noqa: S608  # the above

    def _opened(self) -> Tables:
        if self._tables is None:
            # DuckDB is an extra, and takes its time to import.
            from archiver.research.tables.tables import Tables  # noqa: PLC0415

            self._tables = Tables(list(self._folders.values()))
            for trouble in self._tables.troubles:
                logger.warning("%s", trouble)
        return self._tables

    def _of(self, site: str | None) -> list[Path]:
        if site is None:
            return list(self._folders.values())
        if site not in self._folders:
            message = f"{self.path}: no archive of {site!r} in it. There is: {', '.join(self._folders)}"
            raise UsageError(message)
        return [self._folders[site]]


def open_archive(path: str | Path) -> Archive:
    """The archive in that folder. Raises UsageError where there is none."""
    root = Path(path)
    sites = sorted(card.parent for card in root.glob("*/site.json"))
    if not sites:
        message = f"{root}: no archive of a site in it. Give the folder that crawls were written to, such as data"
        raise UsageError(message)
    return Archive(root, sites)
