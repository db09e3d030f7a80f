"""From the attachments and pictures of an article to their bytes, from the files alone: a run may hold the archive meanwhile."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import unquote, urlsplit

from archiver.errors import ArchiveDamaged
from archiver.research.histories import history
from archiver.store.files import bytes_of, file_events
from archiver.store.withheld import shown_event

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence
    from pathlib import Path

_LONGEST_NAME = 80
_UNSAFE = re.compile(r"[^\w.-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """One version of an attachment or a picture, or that there is none."""

    id: str
    """Of the article that names it; of a file of the whole archive the first that did."""
    part: Literal["attachments", "images"] | None = None
    """Where the article's line has it; None: looked at without the lines."""
    url: str
    """As the line has it."""
    title: str = ""
    """The text of the link, or the caption."""
    state: Literal["listed", "stored", "broken", "skipped"]
    """As in a record's `attachments`; listed: nobody asked for it."""
    reason: str | None = None
    media_type: str | None = None
    bytes: int | None = None
    sha256: str | None = None
    time: str | None = None
    """When it was asked for, RFC 3339."""
    warc: str | None = None
    """Where the record with its bytes stands, as a name from the site's folder,"""
    offset: int | None = None
    """and the byte at which it begins."""

    @property
    def name(self) -> str:
        """A name for it in a folder of many: the beginning of its digest, and of its own name what any system takes."""
        parts = urlsplit(self.url)
        own = unquote(parts.path).rstrip("/").rpartition("/")[2] or parts.netloc
        return f"{(self.sha256 or '')[:12]}-{_UNSAFE.sub('-', own).strip('-.')[-_LONGEST_NAME:]}"


def files_of(folders: Sequence[Path], id_: str, tell: Callable[[str], object]) -> list[Filed]:
    """What the lines of an article name, in their order, each with every version that is kept, oldest first.

    `tell` hears of lines that cannot be read.

    Raises UsageError where there is no such article, ArchiveDamaged where a file cannot be read.
    """
    named: dict[str, Filed] = {}
    for line in history(folders, id_, tell):
        for each in line["attachments"]:
            state: Any = "broken" if each["state"] == "broken" else "listed"
            named[each["url"]] = Filed(id=id_, part="attachments", url=each["url"], title=each["title"], state=state)
        for each in line["images"]:
            named.setdefault(
                each["url"], Filed(id=id_, part="images", url=each["url"], title=each["caption"], state="listed")
            )
    folder = folder_of(folders, id_)
    told: dict[str, list[dict[str, Any]]] = {url: [] for url in named}
    for event in file_events(folder):
        if event["url"] in told:
            told[event["url"]].append(event)
    return [each for url, plain in named.items() for each in _versions(plain, told[url])]


def files_in(folder: Path) -> list[Filed]:
    """Every attachment and picture that was asked for in a site's folder, as it came of it last; without those that only
    articles name that were taken down. Raises ArchiveDamaged.
    """
    last: dict[str, Filed] = {}
    for event in file_events(folder, shown_event(folder)):
        if not event["url"]:
            continue
        found = _filed(Filed(id=event["id"], url=event["url"], state="listed"), event)
        if found.state == "stored" or event["url"] not in last or last[event["url"]].state != "stored":
            last[event["url"]] = found
    return list(last.values())


def folder_of(folders: Sequence[Path], id_: str) -> Path:
    """The folder of the site of an id that is in one of them."""
    return next(folder for folder in folders if folder.name == id_.rpartition(":")[0].partition(":")[0])


def proved_bytes(folder: Path, file: Filed) -> bytes:
    """The bytes of a stored file. Raises ArchiveDamaged where they are not those of its digest."""
    assert file.warc is not None, "a stored file has a place"
    assert file.offset is not None, "a stored file has a place"
    body = bytes_of(folder, file.warc, file.offset)
    if hashlib.sha256(body).hexdigest() != file.sha256:
        message = f"{file.warc}, byte {file.offset}: not the bytes of {file.url}. See what is damaged: archiver verify"
        raise ArchiveDamaged(message)
    return body


def _versions(plain: Filed, events: Iterable[dict[str, Any]]) -> Iterator[Filed]:
    """Each kept version of a file once; where none is kept, what came of it last."""
    kept: dict[str, Filed] = {}
    last = plain
    for event in events:
        last = _filed(plain, event)
        if last.state == "stored" and last.sha256 is not None:
            kept.setdefault(last.sha256, last)
    yield from kept.values() or [last]


def _filed(plain: Filed, event: dict[str, Any]) -> Filed:
    return Filed(
        id=plain.id,
        part=plain.part,
        url=plain.url,
        title=plain.title,
        reason=event["reason"],
        time=event["time"],
        **{name: event["file"][name] for name in ("state", "media_type", "bytes", "sha256", "warc", "offset")},
    )
