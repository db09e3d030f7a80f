"""What a newly read article is to its earlier lines: the first, the same, or an edit; and which parts an edit touched."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from archiver.article import Change, content_hash, jsonable

if TYPE_CHECKING:
    from archiver.article import Article
    from archiver.store.ledger import Known

_NOT_WORD = re.compile(r"[\W_]+")


def first_revision(article: Article) -> Article:
    """`article` as the first line of its id."""
    return replace(
        article,
        revision=1,
        revision_id=content_hash(article),
        change=Change(cause="first"),
        first_seen_at=article.fetched_at,
        aliases=_without(article, article.aliases),
    )


def next_revision(article: Article, known: Known, last_line: dict[str, Any]) -> Article:
    """`article`, whose content differs from the last line of its id, as the next line."""
    seen = (*last_line["aliases"], last_line["url"], last_line["canonical_url"], *article.aliases)
    return replace(
        article,
        revision=known.revision + 1,
        revision_id=content_hash(article),
        supersedes=known.revision_id,
        change=Change(cause="edit", classes=edit_classes(last_line, jsonable(article))),
        first_seen_at=datetime.fromisoformat(known.first_seen_at),
        aliases=_without(article, seen),
    )


def edit_classes(before: dict[str, Any], after: dict[str, Any]) -> tuple[str, ...]:
    """Which parts differ between two lines of one id; `boring` is added when only white space or punctuation does."""
    old, new = _parts(before), _parts(after)
    changed = [name for name, part in new.items() if old[name] != part]
    if changed and "time" not in changed and all(_folded(old[name]) == _folded(new[name]) for name in changed):
        changed.append("boring")
    return tuple(changed)


def _parts(line: dict[str, Any]) -> dict[str, Any]:
    """The content of a line by class. Addresses on the article's own host count without it, as in content_hash."""
    host = urlsplit(line["url"]).netloc
    texts = [block for block in line["blocks"] if block["type"] != "image"]
    return {
        "title": line["title"],
        "time": line["published_at"],
        "body": [line["lead"], [{**block, "url": _local(block.get("url"), host)} for block in texts]],
        "captions": [[_local(each["url"], host), each["caption"], each["credit"]] for each in line["images"]],
        "credit": [line["credit_line"], line["authors"]],
        "attachments": [[_local(each["url"], host), each["title"]] for each in line["attachments"]],
    }


def _local(url: str | None, host: str) -> str | None:
    parts = urlsplit(url) if url else None
    return parts._replace(scheme="", netloc="").geturl() if parts and parts.netloc == host else url


def _folded(part: Any) -> Any:
    """`part` without white space and punctuation in its texts."""
    if isinstance(part, str):
        return _NOT_WORD.sub("", part)
    if isinstance(part, list):
        return [_folded(each) for each in part]
    if isinstance(part, dict):
        return {key: _folded(each) for key, each in part.items()}
    return part


def _without(article: Article, aliases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(url for url in dict.fromkeys(aliases) if url not in (article.url, article.canonical_url))
