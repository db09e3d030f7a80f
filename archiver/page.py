"""A fetched page: its bytes, decoded and parsed once."""

from __future__ import annotations

import codecs
import json
import logging
import re
from dataclasses import dataclass, field
from functools import cached_property
from html import unescape
from typing import TYPE_CHECKING, Any, TypeVar

from bs4.dammit import EncodingDetector, UnicodeDammit
from lxml import etree
from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from archiver.errors import BadPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from lxml.etree import _Element as Element

LARGEST_PAGE_BYTES = 20_000_000
"""A news page of more bytes than this is refused: the largest of 2,400 measured pages has 5 MB."""

MOST_TAGS = 150_000
"""A page of more start tags outside of scripts is refused: no page of 1,500 measured ones has 10,000."""

MOST_ATTRIBUTES = 10_000
"""A page with an element of more attributes is refused: libxml2's time grows with their square, 50,000 take 12 s."""

DEEPEST = 100
"""Elements nested deeper than this are hung on their ancestor of that depth when a page is parsed again."""

Result = TypeVar("Result")

# What bs4 warns of on standard error is the flag `encoding_repaired` here.
logging.getLogger("bs4.dammit").setLevel(logging.ERROR)

_ON_THE_WEB = re.compile(
    r"utf|windows-|cp125|cp874|cp9|iso-?8859|latin|koi8|mac|shift|sjis|euc|gb|big5|tis|iso2022", re.IGNORECASE
)
"""Encodings that browsers know (WHATWG); a guess at another one is wrong. Else windows-1252, as browsers do."""
_GUESSED_BYTES = 500_000
"""From the beginning of a page, for a guess at its encoding."""
_END = re.compile(rb"</(?:body|html)\s*>", re.IGNORECASE)
_BLOCK = re.compile(rb"<(?:p|div|section|article|main)[\s>]", re.IGNORECASE)
_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.-]*")
# Nothing here gives back what it has read (`*+`), and what is not closed ends with the page: linear on any page.
_VALUE = r"""\s*+=\s*+(?:"[^"]*+(?:"|\Z)|'[^']*+(?:'|\Z)|[^\s>]*+)"""
_ATTRIBUTES = rf"(?:[\s/=]++|[^\s/=>]++(?:{_VALUE})?+)*+"
_ATTRIBUTE = re.compile(rf"(?P<name>[^\s/=>]++)(?P<value>{_VALUE})?+")
_TOKEN = re.compile(
    r"<!--.*?(?:-->|\Z)"
    rf"|<(?P<raw>script|style)(?=[\s/>])(?P<said>{_ATTRIBUTES})>?(?P<inside>.*?)(?:</(?P=raw)\b[^>]*+>?|\Z)"
    rf"|<(?P<start>[a-z][^\s/>]*+)(?P<attributes>{_ATTRIBUTES})>?"
    r"|</(?P<end>[a-z][^\s/>]*+)[^>]*+>?"
    r"|<[!?/][^>]*+>?"
    r"|(?P<text><?[^<]*+)",
    re.IGNORECASE | re.DOTALL,
)
_LONG_TAG = re.compile(rb"<(?!script)[a-zA-Z][^<]{%d}" % (3 * MOST_ATTRIBUTES))
_CROWDED_TAG = re.compile(
    rb"""<[^\s/>]++(?:[\s/=]++[^\s/=>]++(?:\s*+=\s*+(?:"[^"]*+"|'[^']*+'|[^\s>]*+))?+){%d}""" % MOST_ATTRIBUTES
)
_EMPTY = frozenset("area base br col embed hr img input link meta param source track wbr".split())
_HALVES = re.compile("[\ud800-\udfff]")
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MAGIC = (
    b"%PDF",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"PK\x03\x04",
    b"\x1f\x8b",
    b"\x7fELF",
    b"RIFF",
    b"\xd0\xcf\x11\xe0",
)


@dataclass(frozen=True, eq=False)
class Page:
    """One page as it was fetched. Reading any property of an unreadable page raises BadPage."""

    url: str
    html: bytes
    fetched_at: datetime
    content_type: str | None = None
    status: int = 200
    redirected_from: tuple[str, ...] = ()
    """Addresses that led here, first to last."""
    repeated: frozenset[str] = frozenset()
    """Lines that stand on several articles of the site, by the captures of earlier runs."""
    _once: dict[Callable[[Page], Any], Any] = field(default_factory=dict, init=False, repr=False)

    def once(self, reading: Callable[[Page], Result]) -> Result:
        """`reading(self)`, computed at the first call and kept: for readings that several rules share."""
        if reading not in self._once:
            self._once[reading] = reading(self)
        return self._once[reading]  # type: ignore[no-any-return]  # the dict holds what `reading` returned

    @cached_property
    def decoded(self) -> tuple[str, str, bool]:
        """The text, the encoding that gave it, and whether a declared encoding had to be overruled.

        In this order: HTTP header, byte order mark, valid UTF-8, meta, then bs4.dammit's guess.
        A declared single-byte encoding is overruled by bytes that are valid UTF-8 beyond ASCII: text in such an
        encoding is UTF-8 by chance about never, while servers that add `charset=iso-8859-1` are common.
        """
        _refuse_unreadable(self.html)
        declared = [
            resolve_encoding(name) if name else None
            for name in (
                http_content_type_encoding(self.content_type) if self.content_type else None,
                read_bom(self.html)[0],
                "utf-8",
                EncodingDetector.find_declared_encoding(self.html[:4096], is_html=True),
            )
        ]
        named = [name for name in (declared[0], declared[1], declared[3]) if name]
        utf8 = _strictly(self.html, "utf-8")
        for name in filter(None, declared):
            text = utf8 if name == "utf-8" else _strictly(self.html, name)
            if text is None:
                continue
            if utf8 is not None and name != "utf-8" and not name.startswith("utf-16") and not self.html.isascii():
                return _sound(utf8), "utf-8", named != ["utf-8"]
            return _sound(text), name, bool(named) and name != named[0]
        guess = UnicodeDammit(self.html[:_GUESSED_BYTES], is_html=True)
        if guess.unicode_markup is not None and _ON_THE_WEB.match(guess.original_encoding or ""):
            return _sound(self._decoded_as(guess)), str(guess.original_encoding), True
        return _sound(self.html.decode("cp1252", errors="replace")), "cp1252", True

    def _decoded_as(self, guess: UnicodeDammit) -> str:
        if len(self.html) <= _GUESSED_BYTES:
            return _HALVES.sub("\ufffd", str(guess.unicode_markup))
        return _HALVES.sub("\ufffd", self.html.decode(str(guess.original_encoding), errors="replace"))

    @property
    def text(self) -> str:
        """The decoded source. Not normalized to NFC: that would change addresses; text.clean does it to what is read."""
        return self.decoded[0]

    @cached_property
    def root(self) -> Element:
        """The `html` element. A tree that lxml cut short is built again, its depth bounded."""
        # lxml.etree's parser, not lxml.html's: its elements are made without a call into Python.
        # Without huge_tree its limits are a depth of 256, and 10 MB of text in one piece.
        parser = etree.HTMLParser(encoding="utf-8", remove_pis=True, remove_comments=True)
        try:
            root = etree.fromstring(_reopened(self._as_utf8()), parser=parser)
        except etree.XMLSyntaxError as problem:
            message = f"{self.url}: no element in it. Is this an HTML page?"
            raise BadPage(message, reason="no_html") from problem
        if root is None:
            message = f"{self.url}: no element in it. Is this an HTML page?"
            raise BadPage(message, reason="no_html")
        if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
            return _flat_tree(self.text)
        return root

    def _as_utf8(self) -> bytes:
        """The text in UTF-8: the bytes themselves where they are that already."""
        text, encoding, _ = self.decoded
        if encoding == "utf-8" and b"\0" not in self.html:
            return self.html.removeprefix(codecs.BOM_UTF8)
        return text.encode()

    @cached_property
    def was_cut(self) -> bool:
        """Whether lxml cut the tree short and it had to be built again."""
        return bool(self.root.get("data-read") == "flat")

    @cached_property
    def jsonld(self) -> tuple[dict[str, Any], ...]:
        """Every JSON-LD object of the page with a type, graphs and lists opened, in order of the page."""
        found: list[dict[str, Any]] = []
        for script in self.root.iter("script"):
            if (script.get("type") or "").strip().lower() == "application/ld+json":
                found.extend(_objects(_read_json(script.text or "")))
        return tuple(found)


def _reopened(html: bytes) -> bytes:
    """The source without the end of the page where more of it follows, which browsers show too (HTML, 13.2.6.4.22).

    libxml2 drops it.
    """
    end = max(html.find(b"</html>"), html.find(b"</HTML>"))
    return _END.sub(b"", html) if end >= 0 and _BLOCK.search(html, end) else html


def _refuse_unreadable(raw: bytes) -> None:
    if not raw[:1000].strip() and not raw.strip():
        message = "the page is empty. Fetch it again, or look at the capture"
        raise BadPage(message, reason="empty")
    if len(raw) > LARGEST_PAGE_BYTES:
        message = (
            f"{len(raw) / 1e6:.0f} MB is no news page (limit {LARGEST_PAGE_BYTES / 1e6:.0f} MB). Cut it or skip it"
        )
        raise BadPage(message, reason="too_large")
    if raw.count(b"<") > MOST_TAGS and _start_tags(raw) > MOST_TAGS:
        message = f"more than {MOST_TAGS} tags are no news page. Cut it or skip it"
        raise BadPage(message, reason="too_large")
    if any(_CROWDED_TAG.match(raw, found.start()) for found in _LONG_TAG.finditer(raw)):
        message = f"an element of more than {MOST_ATTRIBUTES} attributes is on no news page. Cut it or skip it"
        raise BadPage(message, reason="too_large")
    head = raw[:4096]
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff") or _utf16_without_mark(head)
    if head.startswith(_MAGIC) or (not utf16 and len(_NOT_TEXT.findall(head)) > max(4, len(head) // 50)):
        message = "these bytes are no text (a picture, an archive, a program?). Give the HTML page"
        raise BadPage(message, reason="binary")


def _start_tags(raw: bytes) -> int:
    """The start tags of a page, about: those in its scripts are none."""
    first, *behind = re.split(rb"(?i)<script(?=[\s>])", raw)
    outside = [first, *(re.split(rb"(?i)</script", part, maxsplit=1)[-1] for part in behind)]
    return len(behind) + sum(part.count(b"<") - part.count(b"</") for part in outside)


def _utf16_without_mark(head: bytes) -> str | None:
    """The byte order of UTF-16 text without a mark: markup has a zero in every other byte."""
    even, odd = head[0::2].count(0), head[1::2].count(0)
    if len(head) >= 20:
        if odd > len(head) // 4 and even < len(head) // 50:
            return "utf-16-le"
        if even > len(head) // 4 and odd < len(head) // 50:
            return "utf-16-be"
    return None


def _strictly(raw: bytes, encoding: str) -> str | None:
    try:
        text = raw.decode(_utf16_without_mark(raw[:4096]) or encoding)
    except (UnicodeDecodeError, LookupError):
        return None
    # UTF-7 and its like give halves of surrogate pairs, which no text holds.
    return text if encoding == "utf-8" else _HALVES.sub("\ufffd", text)


def _sound(text: str) -> str:
    """Without the mark and the NULs, which end lxml's reading or become replacement characters."""
    return text.removeprefix("\ufeff").replace("\x00", "")


def _flat_tree(text: str) -> Element:
    """A tree nested at most DEEPEST deep: a deeper element ends the innermost one and stands beside it, in order.

    html.parser's time grows with the square of a page of open comments, bs4's with the square of the depth.
    """
    tree = etree.TreeBuilder()
    tree.start("html", {})
    of_page = {"data-read": "flat"}
    inside: list[str] = []
    for found in _TOKEN.finditer(text):
        if found["text"]:
            tree.data(_xml_text(unescape(found["text"])))
        elif tag := (found["start"] or found["raw"] or "").lower():
            name = tag if _NAME.fullmatch(tag) else "div"
            attributes = _attributes(found["attributes"] or found["said"] or "")
            if name == "html":
                of_page = attributes | of_page
                continue
            if len(inside) == DEEPEST:
                tree.end(inside.pop())
            tree.start(name, attributes)
            tree.data(_xml_text(found["inside"] or ""))
            if found["raw"] or name in _EMPTY:
                tree.end(name)
            else:
                inside.append(name)
        elif (name := (found["end"] or "").lower()) in inside:
            while inside[-1] != name:
                tree.end(inside.pop())
            tree.end(inside.pop())
    while inside:
        tree.end(inside.pop())
    tree.end("html")
    root = tree.close()
    root.attrib.update(of_page)
    return root


def _attributes(written: str) -> dict[str, str]:
    """The attributes of a start tag; of two with one name the first."""
    attributes: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(written):
        if _NAME.fullmatch(found["name"]):
            value = (found["value"] or "").strip().removeprefix("=").strip()
            quoted = value[:1] in ("'", '"')
            attributes.setdefault(
                found["name"].lower(), _xml_text(unescape(value.strip(value[0]) if quoted else value))
            )
    return attributes


def _xml_text(text: str) -> str:
    return re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", text)


def _read_json(text: str) -> Any:
    """The value of a JSON-LD script, with the slips of the trade forgiven; None where it is no JSON."""
    text = text.strip().removeprefix("<!--").removesuffix("-->").strip()
    text = text.removeprefix("//<![CDATA[").removesuffix("//]]>").strip().rstrip(";")
    try:
        # strict=False: raw newlines inside strings are common and harmless.
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _objects(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > 8:
        return
    if isinstance(value, list):
        for each in value:
            yield from _objects(each, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        yield from _objects(value.get("@graph"), depth + 1)
