"""Whether pictures and attachments of an article can be had, by the first bytes of one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver import urls
from archiver.checklist.check import not_so, ok, untold

if TYPE_CHECKING:
    from archiver.checklist.answer import Answer
    from archiver.checklist.check import Check

FIRST_BYTES = 1024
"""Of a file so many are asked for."""


def file_check(name: str, url: str | None, answer: Answer | None) -> Check:
    """What the site says to a request for the first bytes of a file; no `url`: the article has none."""
    if url is None:
        return untold(name, "the article has none, or no article was read")
    if answer is None:
        advice = f"Where it belongs to the site, the site file allows it: allows=('https://{urls.host(url)}/',)"
        return untold(name, f"{url} stands on another host, which is not asked", url=url, do=advice)
    if answer.problem is not None and answer.problem != "too_large":
        return untold(name, answer.message or answer.problem, url=url)
    if not answer.is_page:
        sends_all = "it sends all of it, more than was asked for"
        seen = sends_all if answer.problem else f"status {answer.status}"
        return not_so(name, seen, "Nothing: a crawl records what it cannot get", url=url)
    kind = (answer.content_type or "no media type").partition(";")[0]
    if kind == "text/html" and urls.media_type(url) != kind:
        return not_so(name, "a page of HTML came in its place", "Look at it in a browser", url=url)
    total = answer.headers.get("content-range", "").rpartition("/")[2]
    size = f"{total} bytes" if total.isdecimal() else f"{len(answer.body)} bytes"
    ranged = "in parts on request" if answer.status == 206 else "only as a whole"
    return ok(name, f"{kind}, {size}, {ranged}", url=url)
