"""The bytes of a document as text: unpacked, decoded, without declarations of entities."""

from __future__ import annotations

import re
from html.entities import html5

from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from archiver.codings import decode
from archiver.errors import BadPage

LARGEST_BYTES = 50 * 1024 * 1024
"""sitemaps.org: no sitemap is larger, unpacked."""

_GZIP = b"\x1f\x8b"
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s*=\s*["']([\w.:-]{1,40})["']""")
_DECLARATION = re.compile(r"\A\s*<\?xml.{0,500}?\?>", re.DOTALL)
_DOCTYPE = re.compile(r"<!DOCTYPE\b", re.IGNORECASE)
_REFERENCE = re.compile(r"&(?:(#\d{1,7}|#[xX][0-9a-fA-F]{1,6})|([A-Za-z]\w{0,30}))?(;)?")
_NO_CHARACTER = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""XML 1.0, 2.2: what no document may hold. Feeds hold it all the same."""


def unpacked(body: bytes) -> bytes:
    """`body` without gzip, which sitemaps have of their own (`sitemap.xml.gz`). Raises BadPage: cut, bomb, too large."""
    return decode(body, "gzip", limit=LARGEST_BYTES) if body.startswith(_GZIP) else body


def source_text(body: bytes, content_type: str | None) -> str:
    """The text of an unpacked document, its XML declaration cut off. Raises BadPage where it is empty or too large.

    By the byte order mark, then UTF-8 where the bytes are valid, then the header, then the XML declaration, then as
    windows-1252: a declared encoding that the bytes contradict is a slip, as of pages.
    """
    if not body.strip():
        message = "the document is empty"
        raise BadPage(message, reason="empty")
    if len(body) > LARGEST_BYTES:
        message = f"{len(body) / 1e6:.0f} MB is no feed or sitemap (limit {LARGEST_BYTES / 1e6:.0f} MB)"
        raise BadPage(message, reason="too_large")
    declared = _DECLARED.search(body[:1000])
    stated = (
        read_bom(body)[0],
        _utf16_without_mark(body),
        "utf-8",
        http_content_type_encoding(content_type) if content_type else None,
        declared[1].decode("ascii") if declared else None,
    )
    text = next((read for name in stated if name and (read := _strictly(body, name)) is not None), None)
    text = body.decode("cp1252", errors="replace") if text is None else text
    return _NO_CHARACTER.sub("", _DECLARATION.sub("", text.removeprefix("\ufeff"), count=1))


def without_declarations(text: str) -> tuple[str, bool]:
    """`text` without its DOCTYPE, and whether that declared entities.

    What is not declared cannot be expanded: a billion laughs (CVE-2003-1564) costs nothing. The five that XML has, and
    numbers, need no declaration.
    """
    found = _DOCTYPE.search(text, 0, 4096)
    if found is None:
        return text, False
    opens, ends = text.find("[", found.end()), text.find(">", found.end())
    if ends < 0:
        return text[: found.start()], True
    if opens < 0 or opens > ends:
        return text[: found.start()] + text[ends + 1 :], False
    closes = text.find("]", opens)
    while closes >= 0 and not text[closes + 1 : closes + 50].lstrip().startswith(">"):
        closes = text.find("]", closes + 1)
    behind = text.find(">", closes) + 1 if closes >= 0 else len(text)
    return text[: found.start()] + text[behind:], "<!ENTITY" in text[opens:behind].upper()


def with_sound_references(text: str) -> str:
    """`text` with bare ampersands escaped (`?a=1&b=2`), and HTML's names (`&eacute;`) as what they stand for.

    No reference by name is left: behind its first error libxml2 drops them all, `&amp;` too (xmlParseReference). One that
    only the document could have declared becomes nothing.
    """
    return _REFERENCE.sub(_sound, text)


def _sound(found: re.Match[str]) -> str:
    number, name, ends = found.groups()
    if number and ends:
        return found[0]
    if not (name and ends):
        return "&#38;" + found[0][1:]
    return "".join(f"&#{ord(letter)};" for letter in html5.get(name + ";", ""))


def _utf16_without_mark(body: bytes) -> str | None:
    """XML 1.0, appendix F: `<` and `?` with a zero before or behind."""
    return {b"<\x00?\x00": "utf-16-le", b"\x00<\x00?": "utf-16-be"}.get(body[:4])


def _strictly(body: bytes, name: str) -> str | None:
    try:
        return body.decode(resolve_encoding(name) or "")
    except (UnicodeDecodeError, LookupError, ValueError):
        return None
