"""What an observation is to the earlier lines of its article: the first, the same, an edit, a withdrawal, a return."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from archiver.article import Change, Extractor, content_hash, jsonable
from archiver.errors import ArchiverError
from archiver.store.changes import edit_classes
from archiver.version import __version__

if TYPE_CHECKING:
    from archiver.article import Article, Capture
    from archiver.store.ledger import Known

LINES_LOOKED_BACK = 6
"""So many lines before are looked at for the content of a new one: a page that shows one of three versions in turn
repeats itself after three."""
RETURNS_KEPT = 2
"""So often in FLAPPING_DAYS may an article go back to what it said before."""
FLAPPING_DAYS = 30
"""After it the content that a page settles on gets its line, however it had flapped."""


class Flapping(ArchiverError):  # named as those of archiver.errors
    """The page goes to and fro between contents that the archive has: no line."""


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


def says_nothing_new(article: Article, known: Known) -> bool:
    """Whether the last line of the id has this content, and the article was on the site then."""
    return known.status == "live" and content_hash(article) == known.revision_id


def next_revision(article: Article, known: Known, last_line: dict[str, Any]) -> Article:
    """`article`, which says something new, as the line after the last one of its id. Raises Flapping."""
    content = content_hash(article)
    assert article.fetched_at is not None, "a page was fetched at some time"
    if _is_flapping(content, article.fetched_at, known):
        message = f"{article.id}: the page goes to and fro between contents that the archive has"
        raise Flapping(message)
    seen = (*last_line["aliases"], last_line["url"], last_line["canonical_url"], *article.aliases)
    return replace(
        article,
        revision=known.revision + 1,
        revision_id=content,
        supersedes=known.revision_id,
        change=Change(
            cause="edit" if known.status == "live" else "return", classes=edit_classes(last_line, jsonable(article))
        ),
        first_seen_at=datetime.fromisoformat(known.first_seen_at),
        aliases=_without(article, seen),
    )


def gone_line(last_line: dict[str, Any], reason: str, at: datetime, capture: Capture, rules: str) -> dict[str, Any]:
    """The line that says that the article of `last_line` is no longer on the site; its content stays as it was last seen.

    `at` and `capture` are those of the exchange that shows it, `reason` is what it shows (http_404, soft_404, sign_in, …),
    `rules` the digest of the rules that read it.
    """
    found_by = Extractor(version=__version__, rules_digest=rules, found_by={"status": reason})
    return {
        **last_line,
        "revision": last_line["revision"] + 1,
        "supersedes": last_line["revision_id"],
        "status": "gone",
        "change": jsonable(Change(cause="gone")),
        "fetched_at": jsonable(at),
        "capture": jsonable(capture),
        "extractor": jsonable(found_by),
    }


def contents_after(known: Known | None, revision_id: str, at: str) -> tuple[tuple[str, str], ...]:
    """Known.contents once a line with that content and fetched_at follows; () of a first line."""
    if known is None:
        return ()
    before = known.contents or ((known.revision_id, known.first_seen_at),)
    if known.revision_id == revision_id:
        return known.contents
    return (*before, (revision_id, at))[-LINES_LOOKED_BACK:]


def _is_flapping(content: str, at: datetime, known: Known) -> bool:
    said = [each for each, _ in known.contents]
    if known.status != "live" or content not in said:
        return False
    since = at - timedelta(days=FLAPPING_DAYS)
    returns = [
        moment
        for place, (each, moment) in enumerate(known.contents)
        if each in said[:place] and datetime.fromisoformat(moment) >= since
    ]
    return len(returns) >= RETURNS_KEPT


def _without(article: Article, aliases: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(url for url in dict.fromkeys(aliases) if url not in (article.url, article.canonical_url))
