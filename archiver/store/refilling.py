"""The ledger made anew from the files, where it was lost: what each article is, and from where captures are to be read again."""

from __future__ import annotations

import json
import logging
from datetime import datetime
from typing import TYPE_CHECKING, Any

from archiver.errors import ArchiveDamaged
from archiver.store import jsonl
from archiver.store.articles import KIND, article_lines, id_of, known
from archiver.store.attached import Attached, Kept
from archiver.store.captures import capture_files, path_of, serial_of
from archiver.store.files import file_events
from archiver.store.ledger import FileState, Place
from archiver.store.months import Month, month_of, months
from archiver.store.sealing import open_month
from archiver.store.takedowns import taken_down
from archiver.store.visits import Visit, Visits
from archiver.store.warc import stored

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archiver.store.exchange import Exchange
    from archiver.store.ledger import Ledger
    from archiver.store.manifest import Manifest
    from archiver.store.warc import Stored

UNFINISHED = "unfinished"
"""In the ledger, and as it was at the end of a run in its report: from where captures must be read again after a crash,
as `SERIAL OFFSET`: in the file of that number from that byte on, and in all files of higher numbers."""

KINDS_OF_LINES = (KIND, "events")

logger = logging.getLogger(__name__)


def remember(ledger: Ledger, name: str, capture: Stored) -> None:
    """Notes the payload of a response, to which later captures of the same bytes refer."""
    if capture.refers_to is None and may_be_original(capture.exchange):
        ledger.put_original(capture.exchange.payload_sha1, Place(name, capture.offset))


def may_be_original(exchange: Exchange) -> bool:
    """Whether its body may stand for the same bytes of later captures, and those of earlier ones for it."""
    return exchange.status == 200 and exchange.has_body and exchange.truncated is None


def refill(site_folder: Path, ledger: Ledger, manifest: Manifest) -> None:
    """Fills a new ledger from the files: what each article is, how far each file goes, where each payload stands.

    It is committed. Raises ArchiveDamaged where a file cannot be read, DiskTrouble.
    """
    names = capture_files(site_folder)
    if names:
        logger.warning("%s: no ledger; it is made again from the files", site_folder)
    for name in names:
        for capture in stored(site_folder / name):
            remember(ledger, name, capture)
    serial, offset = _unfinished(site_folder)
    mend_lines(site_folder)
    _cut_back_to(site_folder, serial, offset, manifest)
    relearn(site_folder, ledger)
    ledger.put(UNFINISHED, f"{serial} {offset}")
    ledger.commit()


def mend_lines(site_folder: Path) -> None:
    """Moves torn last lines aside."""
    for month in _months(site_folder):
        if month.is_sealed:
            continue
        whole = jsonl.whole_bytes(month.path)
        if whole < month.size:
            jsonl.move_aside(month.path, whole)


def relearn(site_folder: Path, ledger: Ledger) -> None:
    """What the ledger knows of articles and lines is what the files say."""
    ledger.forget_articles()
    for month in _months(site_folder):
        ledger.put_file(month.name, FileState(month.size, sum(1 for _ in month.lines())))
    visits = Visits(ledger)
    for place, line in article_lines(site_folder):
        id_ = id_of(line, place)
        ledger.put_article(id_, known(line, place, ledger.article(id_)))
        if line["status"] != "tombstone":
            visits.learn(_visit(line))
    attached = Attached(ledger)
    for event in file_events(site_folder):
        file = event["file"]
        if file["warc"] is not None:
            at = int(datetime.fromisoformat(event["time"]).timestamp())
            attached.put(event["url"], Kept(at, Place(file["warc"], file["offset"])))
    for takedown in taken_down(site_folder).values():
        for key in takedown.keys:
            ledger.put_alias_of(bytes.fromhex(key), takedown.id)


def _visit(line: dict[str, Any]) -> Visit:
    """The visit that a line tells of."""
    at = datetime.fromisoformat(line["fetched_at"])
    if line["status"] == "gone":
        return Visit(line["id"], at, at)
    capture = line.get("capture")
    shown = Place(capture["warc"], capture["offset"]) if capture else None
    return Visit(line["id"], at, datetime.fromisoformat(line["published_at"] or line["first_seen_at"]), shown)


def _unfinished(site_folder: Path) -> tuple[int, int]:
    """From where captures must be read again: the furthest that a run came by its report.

    From behind the last line where no report says so, and where captures of later lines are not here: what cannot be made
    again stays. Lines stand in the order of their captures, so that those before have theirs.
    """
    reported = _reported(site_folder)
    last, file, here = (0, 0), "", dict[str, bool]()
    is_to_be_made_again = reported is not None
    for _, line in article_lines(site_folder):
        stands = _stands(line)
        name = (line.get("capture") or {}).get("warc", "")
        if stands > last:
            last, file = stands, name
        if reported is not None and stands >= reported:
            is_to_be_made_again &= here.setdefault(name, path_of(site_folder, name).exists())
    return reported if reported is not None and is_to_be_made_again else _behind(site_folder, file, last)


def _reported(site_folder: Path) -> tuple[int, int] | None:
    """The furthest that a run came by its report; None: no report says so."""
    reached = []
    for path in sorted((site_folder / "runs").glob("*.json")):
        try:
            said = json.loads(path.read_bytes()).get("unfinished")
            if said is not None:
                serial, offset = said.split()
                reached.append((int(serial), int(offset)))
        except (ValueError, TypeError, AttributeError) as problem:
            message = f"{path}: no report of a run ({problem!r}). See what is damaged: archiver verify"
            raise ArchiveDamaged(message) from problem
    return max(reached, default=None)


def _behind(site_folder: Path, file: str, last: tuple[int, int]) -> tuple[int, int]:
    """Where the exchange begins that comes after that of a line: its capture stands in `file`, at `last`."""
    serial, offset = last
    path = path_of(site_folder, file)
    if not file or not path.exists():
        return serial + bool(file), 0
    return next(((serial, each.begins) for each in stored(path) if each.begins > offset), (serial + 1, 0))


def _cut_back_to(site_folder: Path, serial: int, offset: int, manifest: Manifest) -> None:
    """Moves the lines aside that come of captures from there on: they are made again."""
    begins: dict[str, int] = {}
    for place, line in article_lines(site_folder):
        if _stands(line) >= (serial, offset):
            begins.setdefault(place.file, place.offset)
    for file, first in begins.items():
        if month_of(site_folder, file).is_sealed:
            open_month(site_folder, file, manifest)
        jsonl.move_aside(site_folder / file, first)


def _stands(line: Mapping[str, Any]) -> tuple[int, int]:
    """Where the capture of a line stands: number of its file, and offset."""
    capture = line.get("capture") or {}
    return serial_of(capture.get("warc", "")), capture.get("offset", 0)


def _months(site_folder: Path) -> list[Month]:
    return [month for kind in KINDS_OF_LINES for month in months(site_folder, kind)]
