"""The published schema holds for every line that to_line writes, and for no other."""

import copy
import json
import re
from datetime import UTC, datetime

import pytest
from jsonschema import Draft202012Validator

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
from archiver.schema import record_schema

SCHEMA = record_schema()
VALIDATOR = Draft202012Validator(SCHEMA, format_checker=Draft202012Validator.FORMAT_CHECKER)

PUBLISHED = datetime.fromisoformat("2025-04-17T14:37:00+07:00")
CAPTURED = datetime(2026, 11, 22, 18, 34, tzinfo=UTC)

FULL = Article(
    id="hcma:en:19239",
    revision=2,
    revision_id="a" * 64,
    supersedes="b" * 64,
    change=Change(cause="edit", classes=("title", "captions")),
    site="hcma",
    language="vi",
    url="https://hcma.vn/tin-tuc/Pages/tin.aspx?ItemID=19239",
    canonical_url="https://hcma.vn/tin-tuc?ItemID=19239",
    aliases=("http://hcma.vn/tin-tuc?ItemID=19239",),
    title="Học viện khai giảng lớp mới",
    lead="Sáng 17/4, lớp mới khai giảng.",
    published_at=PUBLISHED,
    published_raw="14:37 17/04/2025",
    published_precision="minute",
    modified_at=PUBLISHED,
    body="Sáng 17/4, lớp mới khai giảng.",
    blocks=(
        Block(type="paragraph", text="Sáng 17/4, lớp mới khai giảng."),
        Block(type="heading", text="Chương trình", level=2),
        Block(type="list", ordered=True, items=("Một", "Hai")),
        Block(type="table", rows=(("Lớp", "Số"), ("A", "40"))),
        Block(type="image", image=0),
        Block(type="embed", url="https://video.example/1"),
    ),
    images=(Image(url="https://hcma.vn/a.jpg", caption="Quang cảnh", credit="Đức Mạnh", width=800, height=600),),
    authors=(Credit(name="BBT", kind="organisation"), Credit(name="Đức Mạnh", role="photo")),
    credit_line="Tin: BBT; ảnh: Đức Mạnh",
    section="Tin tức",
    categories=("Học viện", "Tin tức"),
    tags=("khai giảng",),
    attachments=(
        Attachment(url="https://hcma.vn/a.pdf", media_type="application/pdf", sha256="c" * 64, state="stored"),
    ),
    related=(
        Related(title="Tin khác", url="https://hcma.vn/tin-tuc?ItemID=1", published_at=PUBLISHED, relation="latest"),
    ),
    comment_count=1,
    comments=(Comment(author="An", published_at=PUBLISHED, text="Hay."),),
    first_seen_at=CAPTURED,
    fetched_at=CAPTURED,
    capture=Capture(
        warc="captures/2026/11/hcma-20261122T183400Z-00001.warc.gz",
        offset=0,
        length=9,
        record_id="<urn:uuid:12345678-1234-1234-1234-123456789abc>",
        payload_digest="sha256:AAAA",
        http_status=200,
    ),
    extractor=Extractor(version="0.1.0", layout="2025", rules_digest="d" * 64, found_by={"title": "css(h1::text)"}),
    quality=("zone_assumed",),
)
SPARSE = Article(
    id="127.0.0.1:8000:0f3a",
    revision_id=content_hash(FULL),
    site="127.0.0.1:8000",
    url="http://127.0.0.1:8000/a",
    canonical_url="http://127.0.0.1:8000/a",
    title="A",
    published_at=None,
)


def line_of(article):
    return json.loads(to_line(article))


def objects_of(schema):
    """Every object with named properties: the record and its parts, by name."""
    return {"Article": schema, **schema["$defs"]}


def test_schema_is_valid_json_schema_2020_12():
    Draft202012Validator.check_schema(SCHEMA)


def test_schema_refers_to_nothing_outside_itself():
    references = set(re.findall(r'"\$(?:ref|dynamicRef)": "([^"]+)"', json.dumps(SCHEMA)))

    assert references == {f"#/$defs/{name}" for name in SCHEMA["$defs"]}


@pytest.mark.parametrize("article", [FULL, SPARSE], ids=["full", "sparse"])
def test_written_line_is_valid(article):
    errors = [error.message for error in VALIDATOR.iter_errors(line_of(article))]

    assert errors == []


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema_version", "2.0"),
        ("id", "https://hcma.vn/tin-tuc?ItemID=19239"),
        ("id", "19239"),
        ("revision", 0),
        ("revision", "1"),
        ("revision_id", ""),
        ("revision_id", "A" * 64),
        ("supersedes", "first"),
        ("status", "withdrawn"),
        ("change.cause", "whim"),
        ("site", ""),
        ("language", "Tiếng Việt"),
        ("url", "/tin-tuc?ItemID=19239"),
        ("title", None),
        ("published_at", "17/04/2025"),
        ("published_at", "2025-04-17T14:37:00"),
        ("published_at", "2025-02-30T00:00:00+07:00"),
        ("published_precision", "hour"),
        ("fetched_at", "2025-04-17T14:37:00+07:00"),
        ("body", ["a"]),
        ("blocks.0.type", "aside"),
        ("blocks.1.level", 7),
        ("blocks.3.rows", ["a"]),
        ("blocks.4.image", -1),
        ("images.0.width", "800"),
        ("authors.0.role", "chef"),
        ("attachments.0.state", "lost"),
        ("related.0.relation", "advert"),
        ("comment_count", -1),
        ("capture.http_status", 99),
        ("extractor.found_by", {"title": 1}),
        ("quality", None),
        ("colour", "red"),
        ("images.0.colour", "red"),
        ("blocks.0.colour", "red"),
    ],
    ids=lambda each: each if isinstance(each, str) and len(each) < 30 else repr(each)[:30],
)
def test_line_with_a_wrong_value_is_invalid(path, value):
    line = line_of(FULL)
    *parents, key = (int(step) if step.isdigit() else step for step in path.split("."))
    holder = line
    for step in parents:
        holder = holder[step]
    holder[key] = value

    assert not VALIDATOR.is_valid(line)


@pytest.mark.parametrize("key", line_of(FULL))
def test_line_without_a_key_is_invalid(key):
    line = copy.copy(line_of(FULL))
    del line[key]

    assert not VALIDATOR.is_valid(line)


def test_keys_of_a_line_stand_in_the_order_of_the_schema():
    line = line_of(FULL)

    assert list(line) == list(SCHEMA["properties"]) == SCHEMA["required"]
    assert list(line["images"][0]) == list(SCHEMA["$defs"]["Image"]["properties"])


@pytest.mark.parametrize("name", objects_of(SCHEMA))
def test_every_field_is_described(name):
    properties = objects_of(SCHEMA)[name]["properties"]

    assert [field for field, schema in properties.items() if not schema["description"]] == []
    assert [field for field, schema in properties.items() if "[" in schema["description"]] == []


def test_schema_org_names_are_those_of_a_news_article():
    named = {
        field: schema["x-schema-org"] for field, schema in SCHEMA["properties"].items() if "x-schema-org" in schema
    }

    assert named["title"] == "headline"
    assert named["published_at"] == "datePublished"
    assert named["body"] == "articleBody"
    assert named["images"] == "image"


def test_a_block_needs_only_its_type_and_everything_else_all_of_its_keys():
    lax = [name for name, each in objects_of(SCHEMA).items() if each["required"] != list(each["properties"])]

    assert lax == ["Block"]
