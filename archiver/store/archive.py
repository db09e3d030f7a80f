"""One site's folder of an archive: held by one run at a time, filled from one origin.

The order of writing is always: captures, lines, events, ledger; each on the disk before the next. What the ledger has
committed is acknowledged; the rest is made again from the captures (see recovery).
"""

from __future__ import annotations

import base64
import errno
import fcntl
import json
import os
import shutil
from collections import deque
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from archiver.article import jsonable
from archiver.errors import ArchiveDamaged, ArchiverError, DiskTrouble, UsageError
from archiver.store import disk, takedowns, warc
from archiver.store.articles import ArticleLines
from archiver.store.attached import Attached, Kept
from archiver.store.captures import CaptureFiles, Rotation, path_of, run_of, serial_of
from archiver.store.event import READ, SET_ASIDE, TAKEN_DOWN, Event, event_line
from archiver.store.ledger import Ledger, Place, fingerprint
from archiver.store.manifest import Manifest
from archiver.store.monthly_lines import MonthlyLines
from archiver.store.recovery import recover
from archiver.store.refilling import UNFINISHED, may_be_original
from archiver.store.turns import Turns
from archiver.store.visits import Visit, Visits
from archiver.store.withdrawals import Absence, Settled, Withdrawals

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from typing import BinaryIO

    from archiver.article import Capture
    from archiver.store.exchange import Exchange
    from archiver.store.run_report import RunReport
    from archiver.store.takedowns import Takedown
    from archiver.store.warc import Stored

FORMAT = 1
"""Of the folder as a whole; a later format opens this one."""

LEAST_FREE_BYTES = 64_000_000
"""A run does not begin with less room on the disk."""

OUTCOMES_A_COMMIT = 100
"""So many outcomes share the waiting for the disk; and those of a second, see the extension KeepEvents."""


LEDGER = "ledger.sqlite"


class ArchiveBusy(ArchiverError):  # named as those of archiver.errors
    """Another run holds the archive."""

    exit_code: ClassVar[int] = 75


@dataclass(frozen=True, slots=True)
class Writing:
    """How captures are written."""

    about: Mapping[str, str]
    """The fields of a file's warcinfo."""
    rotation: Rotation
    rules: str = ""
    """Digest of the rules by which pages are read."""


class SiteArchive:
    """`DIR/SITE/`. Nothing is touched before open(); of a run that claim() refuses nothing is kept."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.origin: str | None = None
        self.turns = Turns()
        self.tail: deque[Place] = deque()
        """Captures of a run before that are to be read again."""
        self._lock: BinaryIO | None = None
        self._is_claimed = False
        self._held: list[Exchange] = []
        """Captured before it is known whose they are: robots.txt."""
        self._uncommitted = 0
        self._runs: dict[str, int] = {}
        """Capture file to the run that wrote it."""
        self.settled: list[Settled] = []
        """What this run, and those before that had no time to, tell of articles that were not there."""

    ledger: Ledger
    visits: Visits
    attached: Attached
    articles: ArticleLines
    _captures: CaptureFiles
    _events: MonthlyLines
    _manifest: Manifest
    _withdrawals: Withdrawals
    _rules: str
    taken_down: dict[str, Takedown]
    """Id to takedown."""

    @property
    def is_open(self) -> bool:
        """Whether this run holds the folder."""
        return self._lock is not None

    def open(self, writing: Writing) -> None:
        """Holds the folder for this run and mends what the run before left. Raises ArchiveBusy, DiskTrouble, ArchiveDamaged."""
        with ExitStack() as opened, _in_words(self.folder):
            lock = opened.enter_context(_locked(self.folder))
            _require_room(self.folder)
            self.origin = remembered_origin(self.folder)
            self._manifest = Manifest(self.folder)
            self.ledger = Ledger(self.folder / LEDGER)
            opened.callback(self.ledger.close)
            self.tail = deque(recover(self.folder, self.ledger, self._manifest))
            self.taken_down = takedowns.taken_down(self.folder)
            self._require_taken_down()
            self.articles = ArticleLines(self.folder, self.ledger)
            self.visits, self.attached = Visits(self.ledger), Attached(self.ledger)
            self._withdrawals, self._rules = Withdrawals(self.ledger), writing.rules
            self._events = MonthlyLines(self.folder, "events", self.ledger.file)
            self._captures = CaptureFiles(self.folder, self._manifest, writing.about, writing.rotation)
            opened.pop_all()
            self._lock = lock

    def claim(self, origin: str, *, contact: str | None, now: datetime) -> None:
        """Makes the folder this origin's, or finds that it is. Raises UsageError where it is another's."""
        if self.origin is None:
            card = {"format": FORMAT, "origin": origin, "contact": contact, "created": jsonable(now)}
            write_json(self.folder / "site.json", card)
            self.origin = origin
        elif self.origin != origin:
            message = f"{self.folder} is an archive of {self.origin}, not of {origin}. Choose another --archive DIR"
            raise UsageError(message)
        self._is_claimed = True
        # Before the first capture, so that a run after a crash knows with which sweep to go on.
        self.ledger.commit()
        self._write_held()

    def keep(self, exchange: Exchange, task: int | None, asked: warc.Validators | None = None) -> Capture | None:
        """Appends an exchange to the captures. None: it waits until the folder is claimed. Raises DiskTrouble.

        `asked`: the condition under which it was asked for.
        """
        if not self._is_claimed:
            self._held.append(exchange)
            return None
        digest = exchange.payload_sha1
        original = self._original(digest) if may_be_original(exchange) else None
        if asked is not None and exchange.status == warc.NOT_MODIFIED_STATUS:
            original = asked.original
        capture, begins = self._captures.append(exchange, original)
        if original is None and may_be_original(exchange):
            self.ledger.put_original(digest, Place(capture.warc, capture.offset))
        if task is not None:
            self.turns.enter(task, begins, capture.record_id)
        return capture

    def taken_down_at(self, asked_as: str) -> str | None:
        """The id of the article that is asked for by that key, where it was taken down."""
        id_ = self.ledger.id_of(asked_as) if self.taken_down else None
        return id_ if id_ in self.taken_down else None

    def validators(self, id_: str, url: str) -> warc.Validators | None:
        """By what the live article can be asked for at `url` again; None: nothing, or its last capture is elsewhere."""
        known = self.ledger.article(id_)
        if known is None or known.status != "live":
            return None
        return self.validators_at(self.visits.last(id_), url)

    def validators_of_file(self, named: str, url: str) -> warc.Validators | None:
        """The same of an attachment or a picture that is kept; `named`: its address in the line of its article."""
        kept = self.attached.get(named)
        return self.validators_at(kept.place, url) if kept is not None else None

    def validators_at(self, place: Place | None, url: str) -> warc.Validators | None:
        """The same of what was captured there, at any address."""
        path = path_of(self.folder, place.file) if place else None
        if place is None or path is None or not path.exists():
            return None
        found = warc.validators_at(path, place.offset)
        return found if found is not None and found.url == url else None

    def place_of(self, capture: Capture) -> Place:
        """Where the record with the bytes of a whole capture stands: its own, or that of the first with the same bytes."""
        digest = base64.b32decode(capture.payload_digest.removeprefix("sha1:"))
        return self.ledger.original(digest) or Place(capture.warc, capture.offset)

    def take(self, place: Place, task: int) -> Stored:
        """The exchange at the head of the tail, to be read once more for its task. Raises ArchiveDamaged."""
        stored = self.kept(place)
        self.turns.enter(task, place, stored.record_id)
        if self.tail and self.tail[0] == place:
            self.tail.popleft()
        return stored

    def kept(self, place: Place) -> Stored:
        """The exchange that begins at `place`, a revisit with the body of its original. Raises ArchiveDamaged."""
        for stored in warc.stored(path_of(self.folder, place.file), place.offset):
            if stored.refers_to is None:
                return stored
            original = self.ledger.original(stored.payload_sha1)
            if original is None:
                break
            body = warc.body_at(path_of(self.folder, original.file), original.offset)
            return replace(stored, exchange=replace(stored.exchange, body=body))
        message = f"{place.file}, byte {place.offset}: the capture cannot be read. See: archiver verify"
        raise ArchiveDamaged(message)

    def observe(self, event: Event, task: int, *, key: str | None = None, capture: Capture | None = None) -> bool:
        """Notes how a task ended; on the disk after commit(). False: it had ended before. Raises DiskTrouble.

        `key` is that of the task, `capture` the one that decided it.
        """
        if event.reason == TAKEN_DOWN:
            event = replace(event, url="", message=None)
        if event.record_id is not None:
            # Line, event and outcome in one: no commit comes between.
            self.articles.settle(event.record_id, is_kept=event.outcome in ("new", "changed"))
        if capture is not None:
            self._learn(event, key, capture)
        line = json.dumps(event_line(event), ensure_ascii=False, separators=(",", ":"))
        self._events.append(event.time, line.encode(errors="replace").decode() + "\n")
        was_open = self.ledger.put_known(task, event.outcome)
        self.turns.leave(task)
        self._uncommitted += 1
        if self._uncommitted >= OUTCOMES_A_COMMIT:
            self.commit()
        return was_open

    def commit(self) -> None:
        """Everything so far is on the disk, in the order that a crash needs; nothing before claim(). Raises DiskTrouble."""
        if self._is_claimed and self.ledger.is_dirty:
            self._commit(self._captures.sync())

    def finish(self, *, is_done: bool) -> None:
        """Everything is on the disk, and the capture file has its final name. `is_done`: the queue was worked off.

        Raises DiskTrouble.
        """
        if is_done and not self.ledger.left:
            self.ledger.end_sweep()
        self._write_held()
        if self._is_claimed and self.turns.oldest is None and not self.tail:
            self._settle()
        self._commit(self._captures.close())

    def release(self) -> None:
        """Lets go of the folder. What was not committed is left for the next run to mend."""
        if self._lock is not None:
            self._captures.abandon()
            self.articles.close()
            self._events.close()
            self.ledger.close()
            self._lock.close()
        self._lock = None

    def write_run(self, report: RunReport) -> Path:
        """The file of a finished run's report: runs/20261122T183400Z.json."""
        folder = self.folder / "runs"
        name = report.run
        number = 2
        while (folder / f"{name}.json").exists():
            name, number = f"{report.run}-{number}", number + 1
        path = folder / f"{name}.json"
        write_json(path, jsonable(replace(report, unfinished=self.ledger.get(UNFINISHED) or "0 0")))
        return path

    def _learn(self, event: Event, key: str | None, capture: Capture) -> None:
        """What the end of a task tells of the article that was asked for."""
        run = self._run_of(capture.warc)
        if event.file is not None:
            file = event.file
            if file.warc is not None and file.offset is not None:
                self.attached.put(event.url, Kept(int(event.time.timestamp()), Place(file.warc, file.offset)))
        elif event.reason == TAKEN_DOWN and event.id is not None:
            self._meet(event.id, key or event.id, event.time, capture)
        elif event.outcome == "listing":
            self._withdrawals.answered(run)
        elif event.id is None:
            return
        elif event.outcome in READ or event.reason in SET_ASIDE:
            if key is not None:
                self.ledger.put_alias(key, event.id)
            self._withdrawals.found(run, event.id)
            self._plan(event, capture)
        elif event.outcome == "gone" and event.reason is not None:
            self._miss(run, event.id, event.reason, event.time, capture)

    def _miss(self, run: int, id_: str, reason: str, at: datetime, capture: Capture) -> None:
        """An article was not there: a live one is looked at again at once, of another that is no news."""
        known = self.ledger.article(id_)
        if known is not None and known.status == "live":
            self._withdrawals.missed(run, Absence(id_, reason, Place(capture.warc, capture.offset)))
            self.visits.hasten(Visit(id_, at, at))
        elif known is not None:
            gone_at = datetime.fromisoformat(self.articles.line_at(known.place)["fetched_at"])
            self.visits.plan(Visit(id_, at, gone_at))

    def _meet(self, id_: str, key: str, at: datetime, capture: Capture) -> None:
        """What was taken down has come again: its captures go with the end of the run, and it is not asked for so again."""
        self.ledger.put_alias(key, id_)
        takedown = self.taken_down[id_]
        if takedown.level == "erase":
            takedowns.append(self.folder, takedowns.met(takedown, capture, fingerprint(key), jsonable(at)))

    def _plan(self, event: Event, capture: Capture) -> None:
        """When the article that was read is looked at again."""
        known = self.ledger.article(event.id or "")
        if event.id is None or known is None:
            return
        published_at = self.articles.line_at(known.place)["published_at"] or known.first_seen_at
        shown = Place(capture.warc, capture.offset) if capture.http_status != warc.NOT_MODIFIED_STATUS else None
        self.visits.plan(Visit(event.id, event.time, datetime.fromisoformat(published_at), shown))

    def _settle(self) -> None:
        """Writes the lines of the articles that are gone. Raises ArchiveDamaged."""
        for run in self._withdrawals.runs():
            settled = self._withdrawals.settle(run)
            for absence in settled.gone:
                line = self.articles.withdrawn(absence, self._rules)
                if line is not None:
                    gone_at = self.articles.append_line(line)
                    self.visits.plan(Visit(absence.id, gone_at, gone_at))
            self.settled.append(settled)

    def _require_taken_down(self) -> None:
        """Raises ArchiveDamaged where something of a takedown is left to do."""
        left = takedowns.unfinished(self.folder)
        standing = {id_: self.ledger.article(id_) for id_ in self.taken_down}
        left += [self.taken_down[id_] for id_, known in standing.items() if known and known.status != "tombstone"]
        if left:
            raise ArchiveDamaged(takedowns.is_unfinished(left[0]))

    def _run_of(self, file: str) -> int:
        if file not in self._runs:
            self._runs[file] = run_of(self.folder, file)
        return self._runs[file]

    def _original(self, digest: bytes) -> warc.Original | None:
        """The record that holds these bytes already; None: none, or its file is elsewhere."""
        place = self.ledger.original(digest)
        path = path_of(self.folder, place.file) if place else None
        return warc.original_at(path, place.offset) if place and path and path.exists() else None

    def _write_held(self) -> None:
        while self._held:
            self._captures.append(self._held[0], None)
            del self._held[0]

    def _commit(self, states: Mapping[str, Any]) -> None:
        for name, state in {**states, **self.articles.flush(), **self._events.flush()}.items():
            self.ledger.put_file(name, state)
        oldest = self.turns.oldest or next(iter(self.tail), None)
        serial, offset = (serial_of(oldest.file), oldest.offset) if oldest else self._captures.end
        self.ledger.put(UNFINISHED, f"{serial} {offset}")
        self.ledger.commit()
        self._uncommitted = 0


@contextmanager
def _in_words(folder: Path) -> Iterator[None]:
    """Raises what the system says of a file of the archive in our words."""
    try:
        yield
    except OSError as error:
        raise disk.trouble(Path(error.filename or folder), error) from error


@contextmanager
def hold(folder: Path) -> Iterator[None]:
    """Holds a site's folder while the block runs. Raises ArchiveBusy, DiskTrouble."""
    with _locked(folder):
        yield


@contextmanager
def hold_to_read(folder: Path) -> Iterator[None]:
    """The same for who only reads: where nothing can be written, nothing is.

    A copy on read-only media, or in other people's care, is held by its lock as it stands; where it has none, no run of
    this user can write there either. Raises ArchiveBusy, DiskTrouble.
    """
    lock: BinaryIO
    try:
        lock = (folder / ".lock").open("ab")
    except OSError as error:
        if error.errno not in (errno.EROFS, errno.EACCES, errno.EPERM):
            raise disk.trouble(folder, error) from error
        try:
            lock = (folder / ".lock").open("rb")
        except FileNotFoundError:
            yield
            return
        except OSError as closed:
            raise disk.trouble(folder, closed) from closed
    with _taken(lock, folder, fcntl.LOCK_EX if lock.writable() else fcntl.LOCK_SH):
        yield


def _locked(folder: Path) -> BinaryIO:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / ".lock").open("ab")
    except OSError as error:
        if error.errno == errno.EROFS:
            message = f"{folder}: cannot be written ({error.strerror}). Choose another --archive DIR"
            raise UsageError(message) from error
        raise disk.trouble(folder, error) from error
    return _taken(lock, folder, fcntl.LOCK_EX)


def _taken(lock: BinaryIO, folder: Path, kind: int) -> BinaryIO:
    try:
        fcntl.flock(lock, kind | fcntl.LOCK_NB)
    except OSError as held:
        lock.close()
        message = f"{folder}: another run holds it. Wait for its end, then run this again"
        raise ArchiveBusy(message) from held
    return lock


def _require_room(folder: Path) -> None:
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE_BYTES:
        message = f"{folder}: only {free / 1e6:.0f} MB free on the disk. Make room or choose another --archive DIR"
        raise DiskTrouble(message)


def remembered_origin(folder: Path) -> str | None:
    """The origin that a site's folder was filled from; None: it is new. Raises ArchiveDamaged, UsageError of a later format."""
    path = folder / "site.json"
    if not path.exists():
        return None
    try:
        card: dict[str, Any] = json.loads(path.read_bytes())
        origin, form = card["origin"], int(card["format"])
        contact = card.get("contact") or ""
        if not isinstance(origin, str) or not isinstance(contact, str):
            raise TypeError(f"origin is {origin!r}, contact {contact!r}")  # noqa: EM102, TRY003, TRY301  # becomes damage below
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError) as problem:
        message = f"{path}: cannot be read ({problem}). Restore it from a backup"
        raise ArchiveDamaged(message) from problem
    if form > FORMAT:
        message = f"{path}: format {form} is of a later release (this one knows {FORMAT}). Upgrade archiver"
        raise UsageError(message)
    return origin


def write_json(path: Path, value: Any) -> None:
    """Writes `path` whole or not at all. Raises DiskTrouble."""
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        descriptor = disk.append_to(part)
        try:
            disk.write(descriptor, json.dumps(value, ensure_ascii=False, indent=2).encode(errors="replace") + b"\n")
            disk.sync(descriptor)
        finally:
            os.close(descriptor)
        disk.rename(part, path)
        disk.sync_folder(path.parent)
    except OSError as error:
        raise disk.trouble(path, error) from error
