"""Attachments and pictures of the newsroom: real files, and some that cannot be had or that nobody wants."""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Any, Literal
from zlib import crc32

from archiver.demo.pdf import pdf
from archiver.demo.pictures import GIF, SVG, jpeg, png
from archiver.demo.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Iterator

Fate = Literal["sound", "missing", "huge", "sign in", "other kind"]

_FATES: tuple[Fate, ...] = ("missing",) * 4 + ("huge",) + ("sign in",) * 3 + ("other kind",) * 4
"""Of every hundred files the first, as their names draw them."""
_OF_STORIES = re.compile(r"/(?:uploads/publicimage|uploaded/images|noidung/lists|image)\b.*-\d+\.(?:jpg|png|pdf)")
_SIGN_IN = (
    "<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title>Đăng nhập</title></head><body><h1>Đăng nhập để tải tệp</h1>"
    "<form method='post'><input name='user'><input type='password' name='pass'></form></body></html>\n"
).encode()
_FILM = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + bytes(200)
_PROGRAM = b"MZ\x90\0\3\0\0\0\4\0\0\0\xff\xff" + bytes(200)
_PROGRAM_TYPE = "application/vnd.microsoft.portable-executable"
_HUGE = 60_000_000
"""More than FILE_BYTES allows."""

_MAKERS = {
    "jpg": ("image/jpeg", jpeg),
    "png": ("image/png", png),
    "pdf": ("application/pdf", lambda name: pdf(name.rsplit("/", 1)[-1].encode("ascii", "replace").decode())),
    "gif": ("image/gif", lambda _: GIF),
    "svg": ("image/svg+xml", lambda _: SVG),
    "css": ("text/css", lambda _: b"body { max-width: 60em }\n"),
    "js": ("text/javascript", lambda _: b"/* counters */\n"),
}


def file_reply(path: str, name: str) -> Reply | None:
    """The reply at an address of files; `name` is the file's, as a resizer has it in its query. None: no kind of file."""
    kind, maker = _MAKERS.get(name.rsplit(".", 1)[-1], ("", None))
    if maker is None:
        return None
    match fate(path, name):
        case "missing":
            return Reply(b"404\n", status=404, kind="text/plain")
        case "huge":
            stated = (b"Content-Length: %d" % _HUGE,)
            return Reply(kind=kind, stream=_endless(maker(name)), lines=stated, manner="as it is")
        case "sign in":
            return Reply(_SIGN_IN)
        case "other kind":
            return Reply(_PROGRAM, kind=kind) if kind == "application/pdf" else Reply(_FILM, kind="video/mp4")
    return Reply(maker(name), kind=kind)


def fate(path: str, name: str) -> Fate:
    """What becomes of whoever asks for the file; `path` in lower case."""
    if not _OF_STORIES.fullmatch(f"{path}?{name}" if name != path else path):
        return "sound"
    place = crc32(name.encode()) % 100
    return _FATES[place] if place < len(_FATES) else "sound"


def found(url: str, reply: Reply, its_fate: Fate) -> dict[str, Any]:
    """What a perfect crawl with the settings as they come tells of the file at `url`, by the reply there."""
    state, reason = _ENDS[its_fate]
    if state != "stored":
        is_program = reply.body == _PROGRAM
        kind = {"media_type": (_PROGRAM_TYPE if is_program else reply.kind) if reason == "media_type" else None}
        return {"url": url, "state": state, "reason": reason, **_NOTHING, **kind}
    digest = hashlib.sha256(reply.body).hexdigest()
    facts = {"media_type": reply.kind, "bytes": len(reply.body), "sha256": digest}
    return {"url": url, "state": state, "reason": reason, **facts}


def unreachable(url: str) -> dict[str, Any]:
    """The same of one on a host that nobody outside reaches."""
    return {"url": url, "state": "broken", "reason": "private_address", **_NOTHING}


_NOTHING = {"media_type": None, "bytes": None, "sha256": None}
_ENDS: dict[Fate, tuple[str, str | None]] = {
    "sound": ("stored", None),
    "missing": ("broken", "http_404"),
    "huge": ("skipped", "too_large"),
    "sign in": ("broken", "sign_in"),
    "other kind": ("skipped", "media_type"),
}


def _endless(start: bytes) -> Iterator[bytes]:
    """The file, and zeros up to what is stated."""
    yield start
    for left in range(_HUGE - len(start), 0, -65_536):
        yield bytes(min(left, 65_536))
