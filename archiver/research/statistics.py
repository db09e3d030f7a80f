"""What an archive holds, in numbers: by month, field, name and section, what was edited and withdrawn, and how large it is.

Counted by SQL over the cached tables, for lines alone take a minute where these take a second.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, get_args

from archiver.article import Article, ChangeClass
from archiver.research.tables.columns import columns_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from archiver.research.tables.tables import Tables

TOP = 10
"""Names and sections that are told."""
_LEFT_OUT = ("published_raw", "published_precision", "blocks")
"""Fields that say the same as one that is counted."""
_FOLDERS = ("captures", "articles", "events", "runs", "cache")


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How often something is there."""

    name: str
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """One site. Tombstones count among `statuses` only."""

    site: str
    articles: int
    revisions: int
    """Lines of these articles."""
    statuses: tuple[Count, ...]
    """live, gone, tombstone."""
    published_from: str | None
    """First and last day of publication, as printed."""
    published_to: str | None
    months: tuple[Count, ...]
    """Articles by month of publication, from the first to the last, those without any included: 2026-11."""
    undated: int
    """Articles without a time."""
    coverage: dict[str, float]
    """Field to the share of articles that have it."""
    authors: tuple[Count, ...]
    """The people with most articles, in whatever role."""
    units: tuple[Count, ...]
    """The same of organisations."""
    sections: tuple[Count, ...]
    languages: tuple[Count, ...]
    edited: int
    """Articles that were edited at least once."""
    edits: int
    """Revisions that an edit made."""
    edit_classes: dict[str, int]
    """What edits touched: class to number of edits. One edit may touch several."""
    gone: int
    """Withdrawals and returns, as often as there were any."""
    returned: int
    images: int
    attachments: tuple[Count, ...]
    """Attached files by media type."""
    median_characters: int
    """Of a body."""
    sizes: dict[str, int]
    """Folder of the site to bytes: captures, articles, events, runs, cache."""


def statistics(tables: Tables, site_folders: Sequence[Path]) -> list[Statistics]:
    """One for each site."""
    return [_of_site(tables, folder) for folder in site_folders]


def _of_site(tables: Tables, folder: Path) -> Statistics:
    site = folder.name

    def rows(sql: str, **values: object) -> list[tuple[Any, ...]]:
        return list(tables.ask(sql, {"site": site, **values}))

    def counts(sql: str, **values: object) -> tuple[Count, ...]:
        return tuple(Count(name=str(name), count=count) for name, count in rows(sql, **values))

    kept = "FROM articles WHERE site = $site AND status <> 'tombstone'"
    articles, first, last, undated, median, images = rows(
        "SELECT count(*), min(published_on)::VARCHAR, max(published_on)::VARCHAR, count(*) - count(published_on),"
        f" coalesce(median(body_characters), 0)::BIGINT, coalesce(sum(len(images)), 0)::BIGINT {kept}"
    )[0]
    causes = dict(rows("SELECT change.cause, count(*) FROM revisions WHERE site = $site GROUP BY ALL"))
    edited = rows("SELECT count(DISTINCT id) FROM revisions WHERE site = $site AND change.cause = 'edit'")[0][0]
    return Statistics(
        site=site,
        articles=articles,
        revisions=sum(causes.values()),
        statuses=counts(
            "SELECT status, count(*) AS n FROM articles WHERE site = $site GROUP BY ALL ORDER BY n DESC, 1"
        ),
        published_from=first,
        published_to=last,
        months=counts(_MONTHS) if first else (),
        undated=undated,
        coverage=_coverage(rows, kept) if articles else {},
        authors=counts(_NAMES, kind="person", top=TOP),
        units=counts(_NAMES, kind="organisation", top=TOP),
        sections=counts(
            f"SELECT section, count(*) AS n {kept} AND section IS NOT NULL GROUP BY ALL ORDER BY n DESC, 1 LIMIT $top",
            top=TOP,
        ),
        languages=counts(f"SELECT coalesce(language, 'unknown'), count(*) AS n {kept} GROUP BY ALL ORDER BY n DESC, 1"),
        edited=edited,
        edits=causes.get("edit", 0),
        edit_classes=_edit_classes(rows),
        gone=causes.get("gone", 0),
        returned=causes.get("return", 0),
        images=images,
        attachments=counts(_FILES),
        median_characters=median,
        sizes={name: size for name in _FOLDERS if (size := _bytes(folder / name))},
    )


_MONTHS = """
    WITH counted AS (
        SELECT date_trunc('month', published_on)::DATE AS month, count(*) AS n FROM articles
        WHERE site = $site AND status <> 'tombstone' AND published_on IS NOT NULL GROUP BY ALL
    ), months AS (
        SELECT unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH))::DATE AS month FROM counted
    )
    SELECT strftime(month, '%Y-%m'), coalesce(n, 0) FROM months LEFT JOIN counted USING (month) ORDER BY month"""
_NAMES = """
    SELECT name, count(DISTINCT id) AS n FROM authors
    WHERE site = $site AND kind = $kind GROUP BY ALL ORDER BY n DESC, name LIMIT $top"""
_FILES = """
    SELECT coalesce(media_type, 'unknown'), count(*) AS n FROM attachments
    WHERE site = $site GROUP BY ALL ORDER BY n DESC, 1"""


def _coverage(rows: Callable[..., list[tuple[Any, ...]]], kept: str) -> dict[str, float]:
    names = [each.name for each in fields(Article)]
    types = columns_of(Article)
    content = [name for name in names[names.index("title") : names.index("first_seen_at")] if name not in _LEFT_OUT]
    has = {name: _has(name, types[name]) for name in content}
    has |= {
        "body": "body_characters > 0",
        "captions": "len(list_filter(images, lambda image: image.caption <> '')) > 0",
    }
    (shares,) = rows("SELECT " + ", ".join(f"avg(({test})::INTEGER)" for test in has.values()) + f" {kept}")
    return {name: round(share, 4) for name, share in zip(has, shares, strict=True)}


def _has(name: str, of: str) -> str:
    if of.endswith("[]"):
        return f"len({name}) > 0"
    return f"coalesce({name}, '') <> ''" if of == "VARCHAR" else f"{name} IS NOT NULL"


def _edit_classes(rows: Callable[..., list[tuple[Any, ...]]]) -> dict[str, int]:
    """In the order of ChangeClass."""
    found = dict(
        rows(
            "SELECT class, count(*) FROM (SELECT unnest(change.classes) AS class FROM revisions"
            " WHERE site = $site AND change.cause = 'edit') GROUP BY ALL"
        )
    )
    return {name: found[name] for name in get_args(ChangeClass) if name in found}


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
