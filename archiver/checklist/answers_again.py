"""What the site answers when it is asked for an article once more, and for one that is not there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.article import content_hash
from archiver.checklist.check import MATTERS, Check, not_so, ok, untold
from archiver.site.absence import GONE_REASONS, GONE_STATUSES

if TYPE_CHECKING:
    from archiver.checklist.answer import Answer
    from archiver.checklist.reading import Shown

CONTENT = ("title", "published_at", "lead", "blocks", "images", "credit_line", "authors", "attachments")
"""Fields a change of which is a revision."""


def again_check(first: Answer, was: Shown, again: Answer, now: Shown | None) -> Check:
    """What the site says when it is asked for the article once more: that nothing changed, or the page, and whether it is the same."""
    name, by = "the same again", first.validators
    if again.status == 304:
        return ok(name, f"status 304, by {by}", url=again.url)
    if now is None or now.article is None or was.article is None:
        why = now.refusal.reason if now is not None and now.refusal is not None else again.refused
        seen = f"the second time no record came ({why})"
        return not_so(name, seen, "Probe again: the site may refuse quick visitors", url=again.url)
    if content_hash(now.article) != content_hash(was.article):
        changed = [field for field in CONTENT if getattr(now.article, field) != getattr(was.article, field)]
        advice = f"Keep what changes with every visit out of the rules of {', '.join(changed)}: each re-check would be a revision"
        return not_so(name, f"another content at the second fetch: {', '.join(changed)}", advice, url=again.url)
    bytes_too = "the same bytes" if again.body == first.body else "other bytes, the same record"
    by_what = f"asked by {by}, it sends all again" if by else "it gives neither ETag nor Last-Modified"
    return ok(name, f"{bytes_too}; {by_what}", url=again.url)


def missing_check(name: str, answer: Answer, shown: Shown | None) -> Check:
    """What the site says at an address where nothing is."""
    url = answer.asked
    if answer.status in GONE_STATUSES:
        return ok(name, f"status {answer.status}", url=url)
    if answer.problem is not None and answer.problem != "led_away":
        return untold(name, answer.message or answer.problem, url=url)
    if shown is not None and shown.is_record:
        assert shown.article is not None, "a record has an article"
        seen = f"status {answer.status} and a record: {shown.article.id}, {shown.article.title}"
        advice = "Withdrawn articles would be stored so: give the rules of title and time the last word, only(…)"
        return not_so(name, seen, advice, exit_code=MATTERS, url=url)
    reason = shown.refusal.reason if shown is not None and shown.refusal is not None else None
    if reason in GONE_REASONS:
        return ok(name, f"status {answer.status}, and by the rules nothing is there ({reason})", url=url)
    if answer.led_by or answer.problem is not None:
        where = answer.message or f"it leads on to {answer.url}"
        return not_so(name, where, "A withdrawn article may look so: look at one in a browser", url=url)
    seen = f"status {answer.status}" + (f" with a page that gives no record ({reason})" if reason else "")
    return not_so(name, seen, "Nothing: a crawl makes no record of it, and counts it as failed", url=url)
