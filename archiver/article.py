"""The record: one article at one revision. The docstring under each field is its schema."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Literal
from urllib.parse import urlsplit

SCHEMA_VERSION = "1.0"

Role = Literal["text", "photo", "source", "editor", "translation", "video", "graphics"]
Kind = Literal["person", "organisation"]
Precision = Literal["day", "minute", "second"]
ChangeClass = Literal[
    "title", "time", "lead", "body", "captions", "images", "credit", "attachments", "boring"
]  # fmt: skip
BlockType = Literal["paragraph", "heading", "quote", "list", "table", "image", "embed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Credit:
    """One name of the byline or the credit line, with what it is named for."""

    name: str
    """As printed, without titles of address."""
    role: Role = "text"
    """What the name did: a plain byline has the role text."""
    kind: Kind = "person"
    """Whether the name is a person's or an organisation's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """One picture of the article."""

    url: str
    """Absolute address of the picture."""
    alt: str = ""
    """The alt text of the page."""
    caption: str = ""
    """The caption as printed, without the photographer's credit. Captions may repeat word for word."""
    credit: str = ""
    """Who is named beside the caption as the source of the picture."""
    width: int | None = None
    """Width in pixels, as the page states it."""
    height: int | None = None
    """Height in pixels, as the page states it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """One part of the article in reading order. Which fields are present depends on `type`."""

    type: BlockType
    """What kind of block it is."""
    text: str | None = None
    """The text of a paragraph, heading or quote; the title of an embed."""
    level: int | None = None
    """Of a heading: 1 to 6."""
    ordered: bool | None = None
    """Of a list: whether it is numbered."""
    items: tuple[str, ...] | None = None
    """Of a list: its items."""
    rows: tuple[tuple[str, ...], ...] | None = None
    """Of a table: its rows of cells."""
    image: int | None = None
    """Of an image: its place in `images`, from 0."""
    url: str | None = None
    """Of an embed: the absolute address of what is embedded."""

    @property
    def plain(self) -> str:
        """The block as it stands in `body`: list items and table rows on lines of their own, cells parted by ` | `."""
        if self.type in ("image", "embed"):
            return ""
        if self.items is not None:
            return "\n".join(self.items)
        if self.rows is not None:
            return "\n".join(" | ".join(row) for row in self.rows)
        return self.text or ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that the article offers for download."""

    url: str
    """Absolute address of the file."""
    title: str = ""
    """The text of the link."""
    media_type: str | None = None
    """Media type (RFC 6838), from the file's name until it is downloaded."""
    sha256: str | None = None
    """SHA-256 of the file; null in a line, which does not wait for its files: the events and `archiver files ID` tell it."""
    state: Literal["listed", "stored", "broken", "skipped"] = "listed"
    """In a line listed, or broken where nobody outside reaches its host. Of a file that was asked for, as the events tell
    it: stored; broken, it cannot be had; skipped, by a limit or a rule."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Related:
    """Another article that the page points to."""

    title: str
    """The text of the link."""
    url: str
    """Absolute address."""
    published_at: datetime | None = None
    """As the page states it."""
    summary: str = ""
    """As the page states it."""
    relation: Literal["related", "latest"] = "related"
    """related: chosen for this article; latest: the site's newest items when the page was fetched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """One reader's comment."""

    author: str = ""
    """The name as printed."""
    published_at: datetime | None = None
    """As the page states it."""
    text: str
    """The comment."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Why there is this revision."""

    cause: Literal["first", "edit", "gone", "return", "reparse", "takedown"] = "first"
    """What made the revision."""
    classes: tuple[ChangeClass, ...] = ()
    """Which parts of the content differ from the revision before; boring: in white space, punctuation and quotes only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Capture:
    """Where the HTTP exchange that gave this line is kept."""

    warc: str
    """File name, from the site's folder."""
    offset: int
    """Byte offset of the response record in the file."""
    length: int
    """Bytes of the record as stored."""
    record_id: str
    """WARC-Record-ID."""
    payload_digest: str
    """WARC-Payload-Digest."""
    http_status: int
    """Status of the response."""
    truncated: str | None = None
    """WARC-Truncated, when the body was cut."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Extractor:
    """What made the fields out of the page."""

    version: str = ""
    """Version of this package."""
    layout: str = ""
    """The site's layout that read the page."""
    rules_digest: str = ""
    """Digest of the rules' source: the same digest and page give the same line."""
    found_by: dict[str, str] = field(default_factory=dict)
    """Field to the rule that gave it, and behind a colon what on the page a general rule read: `stated_time:json-ld`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One article at one revision: one line of the dump. See docs/record.md."""

    schema_version: str = SCHEMA_VERSION
    """Version of this schema."""
    id: str
    """Stable: `site:number`, with the sub-web between where that numbers by itself; without a number a hash of the
    canonical URL. Never the URL. [identifier]"""
    revision: int = 1
    """1, 2, … within the id. [version]"""
    revision_id: str = ""
    """SHA-256 over the content fields: the same content has the same revision_id."""
    supersedes: str | None = None
    """revision_id of the revision before."""
    status: Literal["live", "gone", "tombstone"] = "live"
    """Whether the article is on the site; tombstone: taken down here. [creativeWorkStatus]"""
    change: Change = Change()
    """Why there is this revision."""
    site: str
    """Name of the site. [publisher]"""
    language: str | None = None
    """BCP 47. [inLanguage]"""
    url: str
    """The address that was fetched, after redirects; empty in a tombstone. [url]"""
    canonical_url: str
    """The address by which the page wants to be known, folded; empty in a tombstone. [mainEntityOfPage]"""
    aliases: tuple[str, ...] = ()
    """Every other address seen for this id. [sameAs]"""
    title: str
    """The headline as printed. [headline]"""
    lead: str = ""
    """The visible summary that stands by itself above the text (sapo), without an agency's prefix. [abstract]"""
    published_at: datetime | None
    """First publication, offset as printed or of the site's zone. Never the time of the crawl. [datePublished]"""
    published_raw: str = ""
    """The time as printed on the page."""
    published_precision: Precision | None = None
    """How exact the page is; with day the time is 00:00 in the site's zone."""
    modified_at: datetime | None = None
    """Last change, if the page states it. [dateModified]"""
    body: str = ""
    """All that a reader reads, top to bottom, the visible lead included: the blocks' text, parted by blank lines.
    No captions, no credit line, nothing of the page around. [articleBody]"""
    blocks: tuple[Block, ...] = ()
    """The same in parts, with the places of the pictures."""
    images: tuple[Image, ...] = ()
    """Pictures in order. [image]"""
    authors: tuple[Credit, ...] = ()
    """Every name of the byline and the credit line, one entry for each role. [author]"""
    credit_line: str = ""
    """The credit line as printed. [creditText]"""
    section: str | None = None
    """The section that the page names itself part of. [articleSection]"""
    categories: tuple[str, ...] = ()
    """Every level of the breadcrumb, from the top, without the home page. [genre]"""
    tags: tuple[str, ...] = ()
    """Keywords as printed. [keywords]"""
    attachments: tuple[Attachment, ...] = ()
    """Files offered for download. [associatedMedia]"""
    related: tuple[Related, ...] = ()
    """Other articles that the page points to. Not part of the content. [relatedLink]"""
    comment_count: int | None = None
    """Number of comments as printed. Not part of the content. [commentCount]"""
    comments: tuple[Comment, ...] = ()
    """Comments on the page. Not part of the content. [comment]"""
    first_seen_at: datetime | None = None
    """When this id was first captured, UTC."""
    fetched_at: datetime | None = None
    """When the page of this line was captured, UTC. [dateArchived]"""
    capture: Capture | None = None
    """Where the exchange is kept; null where captures are not kept, and in the line that says that the article was taken
    down."""
    extractor: Extractor = Extractor()
    """Which rules gave the fields."""
    quality: tuple[str, ...] = ()
    """Flags: thin_body, bad_date, date_from_url, zone_assumed, dates_disagree, titles_disagree, paywalled, live_blog,
    encoding_repaired, tree_repaired, text_cut. docs/record.md says what each means."""

    def as_dict(self) -> dict[str, Any]:
        """The article in the types of JSON, as in its line."""
        line: dict[str, Any] = jsonable(self)
        return line


def content_hash(article: Article) -> str:
    """SHA-256 (hex) over the content fields, in one canonical JSON text.

    Addresses on the article's own host count without scheme and host, so that a site that moves to https or to another
    name, or a copy of it on another port, is no edit. Never related items, counters, comments, or the fetch.
    """
    host = urlsplit(article.url).netloc

    def local(url: str) -> str:
        parts = urlsplit(url)
        return parts._replace(scheme="", netloc="").geturl() if parts.netloc == host else url

    content = [
        article.title,
        article.lead,
        _moment(article.published_at) if article.published_at else None,
        [
            [block.type, block.text, block.level, block.ordered, block.items, block.rows, local(block.url or "")]
            for block in article.blocks
            if block.type != "image"
        ],
        [[local(image.url), image.caption, image.credit] for image in article.images],
        article.credit_line,
        [[credit.name, credit.role, credit.kind] for credit in article.authors],
        [[local(file.url), file.title] for file in article.attachments],
    ]
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def to_line(article: Article) -> str:
    """The article as one line of JSON with its newline: keys in the schema's order, UTF-8, no NaN."""
    return json.dumps(jsonable(article), ensure_ascii=False, allow_nan=False, separators=(",", ":")) + "\n"


def jsonable(value: Any) -> Any:
    """`value` in the types of JSON: dataclasses to dicts in field order, blocks without the fields they lack."""
    if value is None or isinstance(value, (str, int, float)):
        return value
    if isinstance(value, (tuple, list)):
        return [item if type(item) is str else jsonable(item) for item in value] if value else []
    if isinstance(value, dict):
        return {key: jsonable(item) for key, item in value.items()}
    if isinstance(value, datetime):
        return _moment(value)
    if is_dataclass(value):
        pairs = ((name, getattr(value, name)) for name in _field_names(type(value)))
        if isinstance(value, Block):
            return {name: jsonable(item) for name, item in pairs if item is not None}
        return {name: jsonable(item) for name, item in pairs}
    message = f"no JSON form for {type(value).__name__}"
    raise TypeError(message)


def _moment(moment: datetime) -> str:
    """RFC 3339; moments of this machine are in UTC and end in Z, those of pages keep their offset."""
    if moment.tzinfo is UTC:
        return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
    return moment.isoformat(timespec="seconds")


_NAMES: dict[type, tuple[str, ...]] = {}


def _field_names(cls: type) -> tuple[str, ...]:
    if cls not in _NAMES:
        _NAMES[cls] = tuple(each.name for each in fields(cls))
    return _NAMES[cls]
