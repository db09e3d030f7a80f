"""What becomes of a request: the one event in which it ends."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from archiver.site.absence import GONE_REASONS, IN_ITS_PLACE, key
from archiver.spiders import numbers, reasons
from archiver.store.event import TAKEN_DOWN, Event

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from scrapy import Request

    from archiver.article import Capture
    from archiver.errors import Rejected
    from archiver.site import Site
    from archiver.store.archive import SiteArchive
    from archiver.store.event import Outcome
    from archiver.store.ledger import Known

logger = logging.getLogger(__name__)


def judged(request: Request, problem: BaseException) -> tuple[Outcome, str, str]:
    """What a request without a response ends in: outcome, reason, and the problem in words."""
    outcome, reason = reasons.of_failure(problem)
    if reason == "bug":
        logger.error("bug while fetching %s", request.url, exc_info=problem)
    said = str(problem)
    # Twisted shows a list of objects where it has nothing to say.
    return outcome, reason, said if said and "<twisted" not in said else type(problem).__name__


class Endings:
    """Judges by the request's meta, and by what the archive knows of the article that was asked for."""

    def __init__(self, site: Site, archive: SiteArchive, now: Callable[[], datetime]) -> None:
        self._site = site
        self._archive = archive
        self._now = now

    def of_failure(self, request: Request, problem: BaseException) -> Event:
        """The end of a request without a response."""
        outcome, reason, message = judged(request, problem)
        return self.event(request, outcome, reason, None, message)

    def of_refusal(self, request: Request, refusal: Rejected, status: int) -> Event:
        """The end of one whose page gives no record."""
        outcome, reason = reasons.of_refusal(refusal)
        return self.event(request, outcome, reason, status, str(refusal))

    def event(  # the fields of an event
        self,
        request: Request | None,
        outcome: Outcome,
        reason: str | None,
        status: int | None,
        message: str | None = None,
        *,
        id_: str | None = None,
    ) -> Event:
        """The event; what it says of a second view, a known article, a number or a guess is what that means there."""
        assert request is not None, "Scrapy sets it on every response"
        asked = request.meta.get("asked", request.url)
        capture: Capture | None = request.meta.get("capture")
        if "refused" in request.meta and outcome != "skipped":
            # What the article's own page lacked says more than how its second view failed.
            if outcome != "gone" and reason not in IN_ITS_PLACE:
                capture = request.meta["refused_capture"]
            reason, message = request.meta["refused"]
            outcome = "gone" if reason in GONE_REASONS else "failed"
        taken_down = self._id_of_article(request.url) if reason == TAKEN_DOWN else None
        id_ = id_ or taken_down or self.id_of(asked)
        if outcome == "failed" and reason in IN_ITS_PLACE and self._known(id_) is not None:
            outcome = "gone"
        note = request.meta.get("note", {})
        if "ids" in note and (outcome == "gone" or reason in numbers.ABSENT):
            outcome, reason = "skipped", numbers.NO_SUCH_NUMBER
        if "guess" in note and (outcome == "gone" or (outcome == "failed" and reason in ("no_feed", "empty"))):
            outcome, reason, message = "skipped", "no_sitemap", "looked for on the chance, for robots.txt names none"
        return Event(
            time=self._now(),
            url=asked,
            id=id_,
            outcome=outcome,
            reason=reason,
            http_status=status,
            record_id=capture.record_id if capture else None,
            message=message,
        )

    def id_of(self, url: str) -> str | None:
        """The id of the article at `url`, as far as its address or an earlier answer tells."""
        address = self._site.address(url)
        if not self._archive.is_open:
            return address.id if address else None
        id_ = self._archive.ledger.id_of(key(self._site, url))
        return id_ if address or self._archive.ledger.article(id_) else None

    def _id_of_article(self, url: str) -> str | None:
        return self._archive.ledger.id_of(key(self._site, url)) if self._archive.is_open else None

    def is_live(self, id_: str | None) -> bool:
        """Whether the archive has the article, and it was there when it was looked at last."""
        known = self._known(id_)
        return known is not None and known.status == "live"

    def _known(self, id_: str | None) -> Known | None:
        return self._archive.ledger.article(id_) if id_ is not None and self._archive.is_open else None
