"""Articles that were asked for: which of them give records, and why the others do not."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.checklist.check import MATTERS, REFUSED, not_so, ok, untold
from archiver.checklist.reading import GATES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.article import Article
    from archiver.checklist.answer import Answer
    from archiver.checklist.check import Check
    from archiver.checklist.reading import Shown

_REFUSALS = (*GATES, "robots", "robots_unreachable", "led_away", "http_401", "http_403", "http_429")
_MAY_LACK = ("lead", "body", "images", "authors")


@dataclass(frozen=True, slots=True)
class Attempt:
    """An article that was asked for."""

    answer: Answer
    shown: Shown | None
    """None: no page came."""

    @property
    def article(self) -> Article | None:
        """The record that a crawl would make a line of, if there is one."""
        return self.shown.article if self.shown is not None and self.shown.is_record else None

    @property
    def reason(self) -> str:
        """Why there is none, as a code."""
        refusal = self.shown.refusal if self.shown is not None else None
        return refusal.reason if refusal is not None else self.answer.refused or "no_page"


def first_record(attempts: Sequence[Attempt]) -> Attempt | None:
    """The first that gave a record."""
    return next((each for each in attempts if each.article is not None), None)


def article_check(attempts: Sequence[Attempt]) -> Check:
    """Whether one of the articles that were tried gives a record."""
    name, record = "article", first_record(attempts)
    if not attempts:
        return not_so(name, "no address of an article was found", "Probe an article's own address", exit_code=MATTERS)
    failed = "; ".join(f"{each.answer.url}: {each.reason}" for each in attempts if each.article is None)
    if record is not None and record.article is not None:
        before = f" (before it {failed})" if failed else ""
        return ok(name, f"{record.article.id}: {record.article.title}{before}", url=record.answer.url)
    url = attempts[0].answer.url
    if all(each.reason in _REFUSALS for each in attempts):
        return not_so(name, failed, "Ask the site's people", exit_code=REFUSED, url=url)
    came = any(each.shown is not None for each in attempts)
    see_why = "See why, on the candidate: archiver parse FILE --url URL --explain"
    return not_so(name, failed, see_why if came else "Look at them in a browser", exit_code=MATTERS, url=url)


def others_check(attempts: Sequence[Attempt]) -> Check:
    """Whether further articles give records too, by which layouts, and what they lack."""
    name = "other articles"
    if not attempts:
        return untold(name, "the listing leads to no other, or no article was read")
    records = [each.article for each in attempts if each.article is not None]
    layouts = sorted({str(article.extractor.layout) for article in records})
    lacking = {field: sum(not getattr(article, field) for article in records) for field in _MAY_LACK}
    seen = f"{len(records)} of {len(attempts)} give a record"
    seen += f" (layout {', '.join(layouts)})" if layouts else ""
    empty = ", ".join(f"{field} of {count}" for field, count in lacking.items() if count)
    seen += f"; not found: {empty}" if empty else ""
    failed = "; ".join(f"{each.answer.url}: {each.reason}" for each in attempts if each.article is None)
    if failed:
        return not_so(name, f"{seen}; {failed}", "Probe one by its own address: archiver probe URL")
    return ok(name, seen, url=attempts[0].answer.url)
