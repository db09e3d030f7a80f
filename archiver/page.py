"""A fetched page: its bytes, decoded and parsed once."""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar

from bs4 import BeautifulSoup
from bs4.dammit import EncodingDetector, UnicodeDammit
from bs4.element import Comment, Tag
from lxml import etree
from w3lib.encoding import http_content_type_encoding, read_bom, resolve_encoding

from archiver.errors import BadPage

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from lxml.etree import _Element as Element

LARGEST_PAGE_BYTES = 20_000_000
"""A news page of more bytes than this is refused: the largest of 2,400 measured pages has 5 MB."""

DEEPEST = 1_000
"""Elements nested deeper than this are hung on their ancestor of that depth when a page is parsed again."""

Result = TypeVar("Result")

_ON_THE_WEB = re.compile(
    r"utf|windows-|cp125|cp874|cp9|iso-?8859|latin|koi8|mac|shift|sjis|euc|gb|big5|tis|iso2022", re.IGNORECASE
)
"""Encodings that browsers know (WHATWG); a guess at another one is wrong. Else windows-1252, as browsers do."""
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
        guess = UnicodeDammit(self.html, is_html=True)
        if guess.unicode_markup is not None and _ON_THE_WEB.match(guess.original_encoding or ""):
            return _sound(guess.unicode_markup), str(guess.original_encoding), True
        return _sound(self.html.decode("cp1252", errors="replace")), "cp1252", True

    @property
    def text(self) -> str:
        """The decoded source. Not normalized to NFC: that would change addresses; text.clean does it to what is read."""
        return self.decoded[0]

    @cached_property
    def root(self) -> Element:
        """The `html` element. A tree that lxml cut short is parsed again by bs4's html.parser, its depth bounded."""
        # lxml.etree's parser, not lxml.html's: its elements are made without a call into Python.
        parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True, remove_comments=True)
        try:
            root = etree.fromstring(self._as_utf8(), parser=parser)
        except etree.XMLSyntaxError as problem:
            message = f"{self.url}: no element in it. Is this an HTML page?"
            raise BadPage(message, reason="no_html") from problem
        if root is None:
            message = f"{self.url}: no element in it. Is this an HTML page?"
            raise BadPage(message, reason="no_html")
        if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
            return _parsed_by_bs4(self.text)
        return root

    def _as_utf8(self) -> bytes:
        """The text in UTF-8: the bytes themselves where they are that already."""
        text, encoding, _ = self.decoded
        if encoding == "utf-8" and b"\0" not in self.html:
            return self.html.removeprefix(codecs.BOM_UTF8)
        return text.encode()

    @cached_property
    def was_cut(self) -> bool:
        """Whether lxml cut the tree short and bs4 had to read it."""
        return bool(self.root.get("data-parsed-by") == "bs4")

    @cached_property
    def jsonld(self) -> tuple[dict[str, Any], ...]:
        """Every JSON-LD object of the page with a type, graphs and lists opened, in order of the page."""
        found: list[dict[str, Any]] = []
        for script in self.root.iter("script"):
            if (script.get("type") or "").strip().lower() == "application/ld+json":
                found.extend(_objects(_read_json(script.text or "")))
        return tuple(found)


def _refuse_unreadable(raw: bytes) -> None:
    if not raw[:1000].strip() and not raw.strip():
        message = "the page is empty. Fetch it again, or look at the capture"
        raise BadPage(message, reason="empty")
    if len(raw) > LARGEST_PAGE_BYTES:
        message = (
            f"{len(raw) / 1e6:.0f} MB is no news page (limit {LARGEST_PAGE_BYTES / 1e6:.0f} MB). Cut it or skip it"
        )
        raise BadPage(message, reason="too_large")
    head = raw[:4096]
    utf16 = head[:2] in (b"\xff\xfe", b"\xfe\xff") or _utf16_without_mark(head)
    if head.startswith(_MAGIC) or (not utf16 and len(_NOT_TEXT.findall(head)) > max(4, len(head) // 50)):
        message = "these bytes are no text (a picture, an archive, a program?). Give the HTML page"
        raise BadPage(message, reason="binary")


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
    return text


def _sound(text: str) -> str:
    """Without the mark and the NULs, which end lxml's reading or become replacement characters."""
    return text.removeprefix("\ufeff").replace("\x00", "")


def _parsed_by_bs4(text: str) -> Element:
    """A tree of lxml elements from bs4's forgiving parser, nested at most DEEPEST deep."""
    soup = BeautifulSoup(text, "html.parser")
    root = etree.Element("html", {"data-parsed-by": "bs4"})
    stack: list[tuple[Element, Iterator[Any]]] = [(root, iter(soup.contents))]
    while stack:
        parent, nodes = stack[-1]
        node = next(nodes, None)
        if node is None:
            stack.pop()
        elif isinstance(node, Tag):
            if node.name == "html" and parent is root:
                stack.append((root, iter(node.contents)))
                continue
            child = _element(node)
            parent.append(child)
            # Deeper elements become siblings: the text stays in order, only the nesting is lost.
            stack.append((child if len(stack) < DEEPEST else parent, iter(node.contents)))
        elif not isinstance(node, Comment):
            _append_text(parent, str(node))
    return root


def _element(tag: Tag) -> Element:
    name = tag.name if re.fullmatch(r"[a-zA-Z][\w-]*", tag.name) else "div"
    made = etree.Element(name)
    for key, value in tag.attrs.items():
        if re.fullmatch(r"[a-zA-Z_][\w.-]*", key):
            made.set(key, _xml_text(" ".join(value) if isinstance(value, list) else str(value)))
    return made


def _append_text(parent: Element, text: str) -> None:
    text = _xml_text(text)
    if len(parent):
        parent[-1].tail = (parent[-1].tail or "") + text
    else:
        parent.text = (parent.text or "") + text


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
