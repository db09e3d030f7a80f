"""Attachments and pictures (`--files`): which of them a run asks for, and what came of each.

They are named by the lines that the archive has, whichever run wrote them, and fetched once the pages are read: so an
article's line never waits for its files, and an archive that was crawled without them is caught up with.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from scrapy.exceptions import StopDownload

from archiver import codings, media, urls
from archiver.errors import ArchiveDamaged, BadPage, UsageError
from archiver.site.absence import GONE_STATUSES
from archiver.spiders.endings import judged
from archiver.store.attached import key_of
from archiver.store.event import Event, File
from archiver.store.files import bytes_of
from archiver.store.months import months
from archiver.store.spool import Spool
from archiver.store.warc import NOT_MODIFIED_STATUS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from scrapy import Request
    from scrapy.http import Response
    from scrapy.settings import BaseSettings

    from archiver.site import Site
    from archiver.store.archive import SiteArchive
    from archiver.store.event import Outcome
    from archiver.store.ledger import Place
    from archiver.store.months import Month

RETRIES = 50
"""So many files that failed in an earlier sweep are tried once more in a run, the longest untried first."""
AT_ONCE = 100
"""At most so many are queued before the next are looked for."""

_BROKEN = ("private_address", "no_web_address")
"""Refusals of an address that nobody outside reaches: the file cannot be had, and no limit of ours is the reason."""
_TOO_LARGE = ("too_large",)
_SIGN_IN = re.compile(rb"<input[^>]+type\s*=\s*[\"']?password", re.IGNORECASE)
_LOOKED_AT = 200_000
"""Bytes of a page in a file's place."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A file that is to be queued."""

    url: str
    """As the line of the article has it."""
    note: dict[str, Any]
    """`of`: the article's id. `own`: whether the file stands on the article's own host."""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What an answer is."""

    outcome: Outcome
    reason: str | None
    file: File
    message: str | None = None


class Files:
    """The files of one run of a site."""

    def __init__(self, site: Site, archive: SiteArchive, settings: BaseSettings, now: Callable[[], datetime]) -> None:
        self._site = site
        self._archive = archive
        self._now = now
        self._largest = settings.getint("FILE_BYTES")
        self._types = settings.getlist("FILE_TYPES")
        self._seconds = settings.getint("FILE_SECONDS")
        self._left = settings.getint("FILES_A_RUN")
        self._bytes_left = settings.getint("FILES_BYTES_A_RUN")
        self._has_retried = False

    def require_limits(self) -> None:
        """Raises UsageError where the settings would let no file come, or any."""
        if not 0 < self._largest <= self._bytes_left:
            message = (
                f"FILE_BYTES={self._largest} is to be 1 or more, and no more than FILES_BYTES_A_RUN={self._bytes_left}:"
                " a file is asked for where it fits into what the run has left. Change one with -s NAME=VALUE"
            )
            raise UsageError(message)

    def due(self) -> list[Asked]:
        """The next files to ask for, none twice; empty: there are no more, or the run has had its share.

        As many as fit into what is left of it were each as large as it may be. Raises ArchiveDamaged.
        """
        most = min(AT_ONCE, self._left, self._bytes_left // self._largest)
        asked: dict[str, Asked] = {}
        for month in reversed(months(self._archive.folder, "articles")):
            if len(asked) >= most:
                break
            self._look_at(month, asked, most)
        if not self._has_retried and len(asked) < most:
            self._has_retried = True
            failed = self._archive.ledger.failed_files(min(RETRIES, most - len(asked)))
            asked |= {url: Asked(url, note) for url, note in failed if url not in asked}
        self._left -= len(asked)
        return list(asked.values())

    def _look_at(self, month: Month, asked: dict[str, Asked], most: int) -> None:
        """Adds the files of the lines of `month` that were not looked at, until there are `most` of them.

        A line that names more than there is room for is looked at once more: what was asked for of it is not again.
        """
        begins = self._archive.attached.taken_up(month.name)
        if begins >= month.size:
            return
        for offset, raw in month.lines(begins):
            for each in self._of_line(month, offset, raw):
                if len(asked) >= most and each.url not in asked:
                    self._archive.attached.take_up(month.name, offset)
                    return
                asked.setdefault(each.url, each)
            begins = offset + len(raw)
        self._archive.attached.take_up(month.name, begins)

    def _of_line(self, month: Month, offset: int, raw: bytes) -> Iterator[Asked]:
        """The files that one line names and that are not kept, or may have changed with the article."""
        try:
            line = json.loads(raw)
            known = self._archive.ledger.article(line["id"])
            if known is None or known.status != "live" or line["status"] != "live":
                return
            fetched_at = datetime.fromisoformat(line["fetched_at"]).timestamp()
            named = [each["url"] for part in ("attachments", "images") for each in line[part]]
        except (ValueError, KeyError, TypeError) as problem:
            message = f"{month.path}, byte {offset}: no line of an article ({problem!r}). See: archiver verify"
            raise ArchiveDamaged(message) from problem
        is_edit = line["change"]["cause"] in ("edit", "return")
        for url in dict.fromkeys(named):
            kept = self._archive.attached.get(url)
            if kept is not None and not (is_edit and kept.at < fetched_at):
                continue
            if not self._archive.ledger.has_asked(key_of(url)):
                yield Asked(url, {"of": line["id"], "own": urlsplit(url).netloc == urlsplit(line["url"]).netloc})

    def request(self, url: str, note: Mapping[str, Any]) -> dict[str, Any]:
        """What the request of a file is made of: its address, its headers, its meta."""
        meta = {"asked": url, "key": key_of(url), "kind": "file", "note": note}
        limits = {"download_maxsize": self._largest, "download_timeout": self._seconds}
        # Files are compressed already, and the length that is stated is then theirs.
        return {"url": self._place(url, note), "headers": {"Accept-Encoding": "identity"}, "meta": {**meta, **limits}}

    def _place(self, url: str, note: Mapping[str, Any]) -> str:
        """Where this run finds the file: a copy of the site has its own, and may have moved since."""
        here = self._site.here(url)
        if self._site.base_url is None or here != url or not note.get("own"):
            return here
        to = urlsplit(self._site.base_url)
        return urlsplit(url)._replace(scheme=to.scheme, netloc=to.netloc).geturl()

    def read(self, response: Response) -> Event:
        """What came. The body is let go."""
        request = response.request
        assert request is not None, "Scrapy sets it on every response"
        body: Spool = request.meta.get("body") or Spool(self._archive.folder)
        try:
            judged = self._judged(response, request, body)
        finally:
            body.close()
        self._bytes_left -= body.size
        return self._event(request, judged, response.status)

    def failed(self, request: Request, problem: BaseException) -> Event:
        """What a request without an answer is."""
        outcome, reason, message = judged(request, problem)
        self._bytes_left -= request.meta.get("received", 0)
        if isinstance(problem, StopDownload):
            outcome, reason = "skipped", "media_type"
            message = f"{request.url} is {request.meta.get('stated')}, which FILE_TYPES does not name"
        elif reason in _TOO_LARGE:
            outcome = "skipped"
            message = f"{request.url} has more than {self._largest:,} bytes. A larger one: -s FILE_BYTES=N"
        is_limit = outcome == "skipped" and reason not in _BROKEN
        file = File(state="skipped" if is_limit else "broken", media_type=request.meta.get("stated"))
        return self._event(request, _Judged(outcome, reason, file, message), None)

    def _judged(self, response: Response, request: Request, body: Spool) -> _Judged:
        if response.status == NOT_MODIFIED_STATUS:
            return self._kept_before(request)
        if not 200 <= response.status < 300:
            return _broken(f"http_{response.status}", "gone" if response.status in GONE_STATUSES else "failed")
        if not body.size:
            return _broken("empty", message=f"{response.url}: status {response.status} and not one byte")
        coding = b", ".join(response.headers.getlist("Content-Encoding")).decode("latin-1")
        try:
            plain = self._plain(body, coding)
        except BadPage as problem:
            message = f"{response.url}: {problem}"
            if problem.reason in _TOO_LARGE:
                return _Judged("skipped", problem.reason, File(state="skipped"), message)
            return _broken(problem.reason, message=message)
        try:
            return self._of_bytes(response, request, plain)
        finally:
            plain.close()

    def _of_bytes(self, response: Response, request: Request, plain: Spool) -> _Judged:
        stated = (response.headers.get("Content-Type") or b"").decode("latin-1").partition(";")[0].strip().lower()
        names = (urls.media_type(response.url), urls.media_type(request.meta["asked"]))
        kind = media.kind_of(plain.start, stated, *names)
        if kind is None:
            return _broken("not_as_stated", message=f"{response.url}: its bytes are not {stated or 'of a known kind'}")
        if kind == media.HTML:
            is_sign_in = _SIGN_IN.search(plain.first(_LOOKED_AT)) is not None
            message = f"{response.url} is {'a sign-in' if is_sign_in else 'an HTML'} page in place of a file"
            return _broken("sign_in" if is_sign_in else "not_a_file", message=message)
        if not media.is_among(kind, self._types):
            message = f"{response.url} is {kind}, which FILE_TYPES does not name"
            return _Judged("skipped", "media_type", File(state="skipped", media_type=kind), message)
        place = self._archive.place_of(request.meta["capture"])
        return _Judged("file", None, _stored(kind, plain, place))

    def _kept_before(self, request: Request) -> _Judged:
        """The server says that what it gave before still holds: it is told of once more."""
        kept = self._archive.attached.get(request.meta["asked"])
        if kept is None:
            return _broken("http_304")
        body = Spool(self._archive.folder)
        body.write(bytes_of(self._archive.folder, kept.place.file, kept.place.offset))
        kind = media.kind_of(body.start, *map(urls.media_type, (request.url, request.meta["asked"])))
        told = _stored(kind, body, kept.place)
        body.close()
        return _Judged("file", "not_modified", told)

    def _plain(self, body: Spool, coding: str) -> Spool:
        """The body without its content coding, which a server should not have used. Raises BadPage."""
        if not coding:
            return body
        plain = Spool(self._archive.folder)
        plain.write(codings.decode(b"".join(body.pieces()), coding, limit=self._largest))
        return plain

    def _event(self, request: Request, judged: _Judged, status: int | None) -> Event:
        capture = request.meta.get("capture")
        return Event(
            time=request.meta["fetched_at"] if capture else self._now(),
            url=request.meta["asked"],
            id=request.meta["note"]["of"],
            outcome=judged.outcome,
            reason=judged.reason,
            http_status=status,
            record_id=capture.record_id if capture else None,
            message=judged.message,
            file=judged.file,
        )


def _broken(reason: str, outcome: Outcome = "failed", *, message: str | None = None) -> _Judged:
    return _Judged(outcome, reason, File(state="broken"), message)


def _stored(kind: str | None, body: Spool, place: Place) -> File:
    """The bytes in `body`, which stand at `place`."""
    return File(
        state="stored", media_type=kind, bytes=body.size, sha256=body.sha256, warc=place.file, offset=place.offset
    )
