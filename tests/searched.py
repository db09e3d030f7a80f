"""Archives of a few articles for tests of search, written as a run writes lines."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from archiver.article import Article, Change, Image, to_line
from archiver.store.revisions import first_revision

if TYPE_CHECKING:
    from pathlib import Path

VIETNAM = timezone(timedelta(hours=7))
DAY = datetime(2026, 11, 2, 1, 30, tzinfo=VIETNAM)


def article(number: int, title: str = "", body: str = "", *, captions: tuple[str, ...] = (), **more: object) -> Article:
    """The article of that number, published early on 2 November as the site counts days, on the 1st in UTC."""
    site = str(more.pop("site", "news"))
    url = f"https://{site}.example/{number}"
    images = tuple(Image(url=f"{url}/{place}.jpg", caption=caption) for place, caption in enumerate(captions))
    made = Article(
        id=f"{site}:{number}", site=site, url=url, canonical_url=url, title=title, body=body, images=images,
        published_at=DAY, fetched_at=DAY.astimezone(UTC),
    )  # fmt: skip
    return replace(first_revision(made), **more)


def edited(before: Article, **parts: object) -> Article:
    """The next revision."""
    return replace(before, revision=before.revision + 1, change=Change(cause="edit"), **parts)


def append(archive: Path, *articles: Article, month: str = "2026-11") -> Path:
    """The month, with these lines behind those that it had."""
    for each in articles:
        folder = archive / each.site
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "site.json").touch()
        path = folder / f"articles/{month[:4]}/{month}.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(to_line(each))
    return path


def rewrite(path: Path, text: str) -> None:
    """Puts `text` in the place of what stands there, at another time."""
    before = path.stat().st_mtime_ns
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before + 10**9, before + 10**9))
