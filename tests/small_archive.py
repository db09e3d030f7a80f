"""Archives of a few lines, written as a crawl writes them, without one."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from archiver.article import (
    Article,
    Attachment,
    Block,
    Capture,
    Change,
    Comment,
    Credit,
    Extractor,
    Image,
    Related,
    content_hash,
    to_line,
)
from archiver.store.archive import FORMAT
from archiver.store.event import Event, event_line

if TYPE_CHECKING:
    from pathlib import Path

FULL = Article(
    id="hcma:19239",
    site="hcma",
    language="vi",
    url="https://hcma.vn/tin-19239.htm",
    canonical_url="https://hcma.vn/tin-19239.htm",
    aliases=("https://hcma.vn/Pages/chi-tiet-tin.aspx?ItemID=19239",),
    title='Hội thảo "chính trị" ở Đồng Nai',
    lead="Sáng 1/1, hội thảo khai mạc.",
    published_at=datetime.fromisoformat("2026-01-01T00:30:00+07:00"),
    published_raw="00:30 01/01/2026",
    published_precision="minute",
    modified_at=datetime.fromisoformat("2026-01-02T08:00:00+07:00"),
    body="Sáng 1/1, hội thảo khai mạc.\n\nMột\nHai\n\nA | B",
    blocks=(
        Block(type="paragraph", text="Sáng 1/1, hội thảo khai mạc."),
        Block(type="heading", text="Mục", level=2),
        Block(type="list", ordered=True, items=("Một", "Hai")),
        Block(type="table", rows=(("A", "B"), ("C", ""))),
        Block(type="quote", text="Lời nói"),
        Block(type="image", image=0),
        Block(type="embed", url="https://video.example/1", text="Phim"),
    ),
    images=(
        Image(url="https://hcma.vn/a.jpg", alt="Ảnh", caption="Toàn cảnh", credit="Đức Mạnh", width=640, height=480),
        Image(url="https://hcma.vn/b.jpg"),
    ),
    authors=(Credit(name="Đức Mạnh", role="photo"), Credit(name="BBT", kind="organisation")),
    credit_line="Tin: BBT; ảnh: Đức Mạnh",
    section="Thời sự",
    categories=("Tin tức", "Thời sự"),
    tags=("chính trị", "hội thảo"),
    attachments=(Attachment(url="https://hcma.vn/a.pdf", title="Thông báo", media_type="application/pdf"),),
    related=(
        Related(
            title="Tin khác",
            url="https://hcma.vn/tin-1.htm",
            published_at=datetime.fromisoformat("2025-12-31T10:00:00+07:00"),
            relation="latest",
        ),
    ),
    comment_count=1,
    comments=(Comment(author="Lan", text="Hay quá"),),
    first_seen_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    fetched_at=datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC),
    capture=Capture(
        warc="captures/2026/01/hcma-20260102T030000Z-00001.warc.gz",
        offset=1,
        length=2,
        record_id="<urn:uuid:00000000-0000-4000-8000-000000000001>",
        payload_digest="sha1:ABC",
        http_status=200,
    ),
    extractor=Extractor(
        version="1", layout="2025", rules_digest="00", found_by={"title": "css:h1", "body": "story_text"}
    ),
    quality=("zone_assumed",),
)


def article(number: int, **parts: object) -> Article:
    """FULL with another number, and what else is given."""
    changed = replace(FULL, id=f"hcma:{number}", url=f"https://hcma.vn/tin-{number}.htm", **parts)
    return replace(changed, revision_id=content_hash(changed))


def edited(before: Article, cause: str = "edit", **parts: object) -> Article:
    """The next revision."""
    change = Change(cause=cause, classes=("title",) if cause == "edit" else ())
    return replace(before, revision=before.revision + 1, supersedes=before.revision_id, change=change, **parts)


def write_archive(root: Path, *articles: Article, events: tuple[Event, ...] = ()) -> Path:
    """Adds lines to the months of their captures; the folder of their site, hcma."""
    folder = root / "hcma"
    folder.mkdir(parents=True, exist_ok=True)
    card = {"format": FORMAT, "site": "hcma", "origin": "https://hcma.vn"}
    (folder / "site.json").write_text(json.dumps(card))
    for each in articles:
        append(month_path(folder, each), to_line(each))
    for event in events:
        append(folder / f"events/{event.time:%Y}/{event.time:%Y-%m}.jsonl", json.dumps(event_line(event)) + "\n")
    return folder


def month_path(folder: Path, each: Article) -> Path:
    return folder / f"articles/{each.fetched_at:%Y}/{each.fetched_at:%Y-%m}.jsonl"


def append(path: Path, line: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.write(line)


def in_month(number: int, month: int, **parts: object) -> Article:
    """An article captured in that month of 2026."""
    return article(number, fetched_at=datetime(2026, month, 2, tzinfo=UTC), **parts)
