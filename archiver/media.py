"""What a file is, by its first bytes: str and bytes in, media types (RFC 6838) out."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HTML = "text/html"
ZIP = "application/zip"
OLE = "application/x-ole-storage"

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (rb"\x89PNG\r\n\x1a\n", "image/png"),
    (rb"\xff\xd8\xff", "image/jpeg"),
    (rb"GIF8[79]a", "image/gif"),
    (rb"RIFF....WEBP", "image/webp"),
    (rb"RIFF....WAVE", "audio/wav"),
    (rb"RIFF....AVI ", "video/x-msvideo"),
    (rb"....ftyp(?:avif|avis)", "image/avif"),
    (rb"....ftyp(?:heic|heix|mif1|msf1)", "image/heic"),
    (rb"....ftypM4A", "audio/mp4"),
    (rb"....ftyp", "video/mp4"),
    (rb"II\*\0|MM\0\*", "image/tiff"),
    (rb"BM....\0\0\0\0", "image/bmp"),
    (rb"\0\0\x01\0[^\0]\0", "image/vnd.microsoft.icon"),
    (rb"PK(?:\x03\x04|\x05\x06)", ZIP),
    (rb"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (rb"Rar!\x1a\x07", "application/vnd.rar"),
    (rb"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (rb"\{\\rtf", "application/rtf"),
    (rb"ID3|\xff[\xfb\xf3\xf2]", "audio/mpeg"),
    (rb"OggS", "audio/ogg"),
    (rb"\x1a\x45\xdf\xa3", "video/webm"),
    (rb"MZ", "application/vnd.microsoft.portable-executable"),
    (rb"\x7fELF", "application/x-elf"),
    # ISO 32000-1, appendix H, note 13: readers take a header within the first 1024 bytes.
    (rb"[\s\S]{0,1019}?%PDF-", "application/pdf"),
)
_BY_BYTES = [(re.compile(signature, re.DOTALL), kind) for signature, kind in _SIGNATURES]
_MARKUP = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]*>|<!--.*?-->)*<(!doctype\s+)?([a-z]+)", re.IGNORECASE | re.DOTALL
)
_PAGE = (b"html", b"head", b"body", b"script", b"meta", b"title", b"form", b"div", b"table", b"h", b"p", b"br", b"a")

_IN = {
    ZIP: re.compile(
        r"application/(?:vnd\.openxmlformats-officedocument\.|vnd\.oasis\.opendocument\.|epub\+zip|vnd\.ms-.*12)"
    ),
    OLE: re.compile(r"application/(?:msword|vnd\.ms-|vnd\.visio|x-ole-storage)"),
}
"""Containers, and the types that are kept in them: the bytes alone do not tell which."""


def kind_of(start: bytes, *said: str | None) -> str | None:
    """The media type of a file that begins with `start`; None: it is of no kind that is known here.

    `said`: what its name and its header say it is, the surest first; they tell what is in a container only.
    """
    for signature, kind in _BY_BYTES:
        if signature.match(start):
            inside = _IN.get(kind)
            return next((each for each in said if each and inside and inside.match(each)), kind)
    markup = _MARKUP.match(start)
    if markup is None:
        return None
    if markup[2].lower() == b"svg":
        return "image/svg+xml"
    return HTML if markup[2].lower() in _PAGE else None


def is_among(kind: str, patterns: Iterable[str]) -> bool:
    """Whether a media type is one of `patterns`, in which `*` stands for anything: `image/*`."""
    return any(fnmatchcase(kind, pattern.strip().lower()) for pattern in patterns)
