"""The archive on disk: lines by month, what becomes of an article that was seen before, one holder, one origin, and what
is said where the disk refuses.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import re
import resource
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from unicodedata import is_normalized, normalize
from zoneinfo import ZoneInfo

import pytest
from conftest import ROOT, environment
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.article import (
    Article,
    Attachment,
    Block,
    Comment,
    Credit,
    Image,
    Related,
    content_hash,
    jsonable,
    to_line,
)
from archiver.errors import ArchiveDamaged, DiskTrouble, UsageError
from archiver.store import archive as site_archive
from archiver.store import disk
from archiver.store.acceptance import fault, normalised
from archiver.store.archive import ArchiveBusy, SiteArchive, Writing, hold
from archiver.store.articles import ArticleLines, article_lines
from archiver.store.captures import Rotation, capture_files
from archiver.store.changes import edit_classes
from archiver.store.event import Event, event_line
from archiver.store.exchange import Exchange
from archiver.store.jsonl import line_at, lines, move_aside, whole_bytes
from archiver.store.ledger import FileState, Ledger, Place
from archiver.store.monthly_lines import MonthlyLines
from archiver.store.revisions import first_revision
from archiver.store.run_report import Fault, RunReport
from archiver.store.warc import stored

if TYPE_CHECKING:
    from collections.abc import Iterator

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)
NOVEMBER, DECEMBER = "articles/2026/2026-11.jsonl", "articles/2026/2026-12.jsonl"
WRITING = Writing({"software": "archiver"}, Rotation())
ORIGIN = "https://hcma.vn"


@pytest.fixture(autouse=True, scope="module")
def _no_waiting_for_the_disk():
    """Only the loss of power shows whether the disk was waited for; in which order it is, test_captures tells."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", lambda _: None)
        yield


def article(number: int = 1, **fields) -> Article:
    made = {
        "id": f"hcma:{number}",
        "site": "hcma",
        "url": f"https://hcma.vn/a-{number}.htm",
        "canonical_url": f"https://hcma.vn/a-{number}.htm",
        "title": "Khai mạc hội thảo",
        "published_at": NOON,
        "body": "Sáng nay.",
        "blocks": (Block(type="paragraph", text="Sáng nay."),),
        "fetched_at": NOON,
        "first_seen_at": NOON,
    }
    return Article(**{**made, **fields})


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


@contextmanager
def no_file_above(size: int) -> Iterator[None]:
    """As a disk that fills up: writing beyond `size` bytes of a file fails, with what fits written."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def refused(*_: object) -> None:
    raise OSError(errno.EIO, "Input/output error")


# Lines.


@pytest.fixture
def files(tmp_path) -> Iterator[MonthlyLines]:
    files = MonthlyLines(tmp_path, "articles", lambda _: None)
    yield files
    files.close()


def test_a_line_goes_to_the_month_of_its_capture(files, tmp_path):
    files.append(NOON, '{"n":1}\n')
    files.append(LATER, '{"n":2}\n')
    files.append(datetime(2026, 11, 30, 23, 59, 59, tzinfo=UTC), '{"n":3}\n')
    files.flush()

    assert everything_in(tmp_path) == {NOVEMBER: b'{"n":1}\n{"n":3}\n', DECEMBER: b'{"n":2}\n'}


def test_append_tells_where_the_line_will_stand(files, tmp_path):
    places = [files.append(NOON, line) for line in ('{"n":"một"}\n', '{"n":2}\n')]
    files.flush()
    places.append(files.append(NOON, '{"n":3}\n'))
    files.flush()

    assert places == [Place(NOVEMBER, 0), Place(NOVEMBER, 14), Place(NOVEMBER, 22)]
    assert [line_at(tmp_path, place)["n"] for place in places] == ["một", 2, 3]


def test_no_line_is_on_the_disk_before_it_is_flushed_and_each_can_be_read(files, tmp_path):
    first, second = files.append(NOON, '{"n":1}\n'), files.append(NOON, '{"n":2}\n')
    before = everything_in(tmp_path)
    waiting = [files.line(first), files.line(second)]
    files.flush()

    assert before == {NOVEMBER: b""}
    assert [files.line(first), files.line(second)] == waiting == [{"n": 1}, {"n": 2}]


def test_lines_that_were_not_flushed_are_not_written(files, tmp_path):
    files.append(NOON, '{"n":1}\n')
    files.flush()
    files.append(NOON, '{"n":2}\n')
    files.close()

    assert everything_in(tmp_path) == {NOVEMBER: b'{"n":1}\n'}


def test_flush_tells_how_far_the_files_with_new_lines_go(files):
    files.append(NOON, '{"n":1}\n')
    files.append(LATER, '{"n":2}\n')
    first = files.flush()
    files.append(LATER, '{"n":3}\n')

    assert first == {NOVEMBER: FileState(8, 1), DECEMBER: FileState(8, 1)}
    assert [files.flush(), files.flush()] == [{DECEMBER: FileState(16, 2)}, {}]


def test_lines_are_counted_on_from_what_the_ledger_says(tmp_path):
    path = tmp_path / NOVEMBER
    path.parent.mkdir(parents=True)
    path.write_bytes(b'{"n":1}\n{"n":2}\n')
    files = MonthlyLines(tmp_path, "articles", {NOVEMBER: FileState(16, 2)}.get)
    place = files.append(NOON, '{"n":3}\n')
    flushed = files.flush()
    files.close()

    assert (place, flushed) == (Place(NOVEMBER, 16), {NOVEMBER: FileState(24, 3)})


@pytest.mark.parametrize("refusing", ["write", "sync"])
def test_lines_that_the_disk_refused_are_written_once_when_it_takes_them(files, tmp_path, monkeypatch, refusing):
    files.append(NOON, '{"n":1}\n')
    files.flush()
    files.append(NOON, '{"n":2}\n')
    with monkeypatch.context() as patch:
        patch.setattr(disk, refusing, refused)
        with pytest.raises(DiskTrouble, match="Input/output error"):
            files.flush()
    after_trouble = (tmp_path / NOVEMBER).read_bytes()

    assert files.flush() == {NOVEMBER: FileState(16, 2)}
    assert [after_trouble, (tmp_path / NOVEMBER).read_bytes()] == [b'{"n":1}\n', b'{"n":1}\n{"n":2}\n']


def test_of_lines_that_do_not_fit_no_part_is_left(files, tmp_path):
    files.append(NOON, '{"n":1}\n')
    files.flush()
    files.append(NOON, json.dumps({"n": "x" * 5000}) + "\n")
    with no_file_above(100), pytest.raises(DiskTrouble, match=re.escape(NOVEMBER)):
        files.flush()

    assert (tmp_path / NOVEMBER).read_bytes() == b'{"n":1}\n'


def test_what_is_no_text_is_refused_and_leaves_no_trace(files, tmp_path):
    with pytest.raises(UnicodeEncodeError):
        files.append(NOON, '{"n":"\ud800"}\n')

    assert files.append(NOON, '{"n":1}\n') == Place(NOVEMBER, 0)
    files.flush()
    assert everything_in(tmp_path) == {NOVEMBER: b'{"n":1}\n'}


@pytest.mark.parametrize(
    ("content", "whole", "torn"),
    [
        (b'{"n":1}\n{"n":', b'{"n":1}\n', b'{"n":'),
        (b'{"n":', b"", b'{"n":'),
        (b'{"n":1}\n' + b"x" * 200_000, b'{"n":1}\n', b"x" * 200_000),
        (b'{"n":1}\n' + b"x" * 65_536, b'{"n":1}\n', b"x" * 65_536),
        (b'{"n":1}\n{"n":2}', b'{"n":1}\n', b'{"n":2}'),
        (b'{"n":1}\n\0\0\0\0', b'{"n":1}\n', b"\0\0\0\0"),
    ],
    ids=["second line", "only line", "longer than is read at once", "just as long", "only its newline", "zeros"],
)
def test_a_torn_last_line_is_moved_aside(tmp_path, caplog, content, whole, torn):
    path = tmp_path / "2026-11.jsonl"
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        move_aside(path, whole_bytes(path))

    assert everything_in(tmp_path) == {"2026-11.jsonl": whole, "2026-11.jsonl.torn-1": torn}
    assert f"the last {len(torn)} bytes were not finished; moved to 2026-11.jsonl.torn-1" in caplog.text


@pytest.mark.parametrize("name", ["2026-11.jsonl", "hcma-20261122T120000Z-00001.warc.gz.open"])
def test_a_second_torn_tail_does_not_replace_the_first(tmp_path, name):
    for tail in (b"one", b"two"):
        (tmp_path / name).write_bytes(tail)
        move_aside(tmp_path / name, 0)
    shown = name.removesuffix(".open")

    assert everything_in(tmp_path) == {name: b"", f"{shown}.torn-1": b"one", f"{shown}.torn-2": b"two"}


def test_whole_lines_are_all_up_to_the_last_newline(tmp_path):
    path = tmp_path / "2026-11.jsonl"

    @settings(deadline=None)
    @given(st.lists(st.sampled_from([b"\n", b"x", b"\r", b"\0", b"y" * 40_000]), max_size=8).map(b"".join))
    def check(content):
        path.write_bytes(content)

        assert whole_bytes(path) == content.rfind(b"\n") + 1

    check()


@pytest.mark.parametrize("bad", ['{"n":', "", "[]", '"n"', "null", "\ufeff{}x", '{"n":1}{"n":2}', "[" * 100_000])
def test_a_damaged_line_is_named_by_file_and_number(tmp_path, bad):
    path = tmp_path / "2026-11.jsonl"
    path.write_text(f'{{"n":1}}\n{bad}\n{{"n":3}}\n')

    with pytest.raises(ArchiveDamaged, match=r"2026-11\.jsonl, line 2: .* archiver verify"):
        list(lines(path))


def test_a_line_that_is_not_utf_8_is_damage(tmp_path):
    path = tmp_path / "2026-11.jsonl"
    path.write_bytes(b'{"n":"\xe1"}\n')

    with pytest.raises(ArchiveDamaged, match=r"line 1"):
        list(lines(path))
    with pytest.raises(ArchiveDamaged, match=r"byte 0"):
        line_at(tmp_path, Place(path.name, 0))


@pytest.mark.parametrize("offset", [3, 8, 99], ids=["in the middle", "at the end", "behind the end"])
def test_where_no_line_begins_is_damage(tmp_path, offset):
    path = tmp_path / "2026-11.jsonl"
    path.write_bytes(b'{"n":1}\n')

    with pytest.raises(ArchiveDamaged, match=rf"2026-11\.jsonl, byte {offset}"):
        line_at(tmp_path, Place(path.name, offset))


def test_a_line_of_a_file_that_is_gone_is_damage(files):
    with pytest.raises(ArchiveDamaged, match=r"2026-11\.jsonl"):
        files.line(Place(NOVEMBER, 0))


def test_offsets_of_lines_are_in_bytes(tmp_path):
    path = tmp_path / "2026-11.jsonl"
    path.write_text('{"n":"Học viện"}\n{"n":"\u2028"}\n{"n":3}\n')
    found = dict(lines(path))

    assert [found[offset] == line_at(tmp_path, Place(path.name, offset)) for offset in found] == [True] * 3


# Articles.


@pytest.fixture
def articles(tmp_path) -> Iterator[ArticleLines]:
    ledger = Ledger(tmp_path / "ledger.sqlite")
    articles = ArticleLines(tmp_path, ledger)
    yield articles
    articles.close()
    ledger.close()


def written(articles: ArticleLines, folder: Path, *versions: Article) -> list[dict]:
    """The lines that come of reading these one after the other."""
    for version in versions:
        numbered = articles.numbered(version)
        if numbered is not None:
            articles.append(numbered)
    articles.flush()
    return [line for _, line in article_lines(folder)]


def test_articles_are_known_again_after_reopening(tmp_path):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    first = ArticleLines(tmp_path, ledger)
    first.append(first.numbered(article()))
    first.flush()
    first.close()
    ledger.commit()
    ledger.close()
    ledger = Ledger(tmp_path / "ledger.sqlite")
    again = ArticleLines(tmp_path, ledger)

    assert again.numbered(article(fetched_at=LATER)) is None
    assert again.numbered(article(2)).revision == 1
    assert again.numbered(article(title="Bế mạc")).revision == 2
    ledger.close()


def test_a_later_revision_builds_on_the_lines_before_it(articles, tmp_path):
    titles = ["Khai mạc", "Bế mạc", "Kết thúc"]
    versions = [
        article(title=title, url=f"https://hcma.vn/{number}-1.htm", fetched_at=NOON + timedelta(days=5 * number))
        for number, title in enumerate(titles)
    ]
    read = written(articles, tmp_path, *versions)

    assert [line["revision"] for line in read] == [1, 2, 3]
    assert [line["change"] for line in read[1:]] == [{"cause": "edit", "classes": ["title"]}] * 2
    assert [line["supersedes"] for line in read] == [None, read[0]["revision_id"], read[1]["revision_id"]]
    assert [line["first_seen_at"] for line in read] == ["2026-11-22T12:00:00Z"] * 3
    assert [line["fetched_at"] for line in read] == [
        "2026-11-22T12:00:00Z",
        "2026-11-27T12:00:00Z",
        "2026-12-02T12:00:00Z",
    ]
    assert read[2]["aliases"] == ["https://hcma.vn/0-1.htm", "https://hcma.vn/1-1.htm"]


def test_an_address_is_an_alias_once_and_never_beside_itself(articles, tmp_path):
    one = "https://hcma.vn/a-1.htm"
    versions = [
        article(aliases=(one, "https://hcma.vn/x", "https://hcma.vn/x")),
        article(title="Bế mạc", url="https://hcma.vn/x", aliases=(one, "https://hcma.vn/y")),
    ]
    read = written(articles, tmp_path, *versions)

    assert [line["aliases"] for line in read] == [["https://hcma.vn/x"], ["https://hcma.vn/y"]]


def test_going_back_to_earlier_text_is_a_revision_of_its_own(articles, tmp_path):
    read = written(articles, tmp_path, *(article(title=title) for title in ("Khai mạc", "Bế mạc", "Khai mạc")))

    assert [line["revision"] for line in read] == [1, 2, 3]
    assert read[0]["revision_id"] == read[2]["revision_id"]


def test_the_same_content_is_no_line(articles, tmp_path):
    same = article(
        fetched_at=LATER, comment_count=7, related=(Related(title="Tin", url="https://hcma.vn/b"),), tags=("mới",)
    )

    assert len(written(articles, tmp_path, article(), same, article())) == 1


def test_articles_do_not_mix(articles, tmp_path):
    read = written(articles, tmp_path, article(1), article(2), article(1, title="Bế mạc"), article(2, title="Bế mạc"))

    assert [(line["id"], line["revision"]) for line in read] == [
        ("hcma:1", 1),
        ("hcma:2", 1),
        ("hcma:1", 2),
        ("hcma:2", 2),
    ]


def test_an_article_that_is_no_text_leaves_no_trace(articles, tmp_path):
    with pytest.raises(UnicodeEncodeError):
        articles.append(replace(first_revision(article()), section="\ud83d"))

    assert [line["revision"] for line in written(articles, tmp_path, article())] == [1]


def test_article_lines_come_oldest_month_first(articles, tmp_path):
    moments = [LATER, NOON, datetime(2027, 1, 1, tzinfo=UTC), datetime(2025, 12, 31, tzinfo=UTC)]
    written(articles, tmp_path, *(article(number, fetched_at=at) for number, at in enumerate(moments)))

    assert [line["id"] for _, line in article_lines(tmp_path)] == ["hcma:3", "hcma:1", "hcma:0", "hcma:2"]


@pytest.mark.parametrize(
    ("fields", "classes"),
    [
        ({"title": "Bế mạc hội thảo"}, ("title",)),
        ({"published_at": LATER}, ("time",)),
        ({"published_at": NOON.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))}, ("time",)),
        ({"lead": "Sáng nay."}, ("lead", "body")),
        ({"blocks": (Block(type="paragraph", text="Chiều nay."),)}, ("body",)),
        ({"blocks": (Block(type="heading", level=2, text="Sáng nay."),)}, ("body",)),
        ({"images": (Image(url="https://hcma.vn/x.jpg", caption="Đại biểu"),)}, ("images",)),
        ({"credit_line": "Tin: BBT"}, ("credit",)),
        ({"authors": (Credit(name="Đức Mạnh", role="photo"),)}, ("credit",)),
        ({"attachments": (Attachment(url="https://hcma.vn/x.pdf", title="Kế hoạch"),)}, ("attachments",)),
        (
            {"title": "Khai mạc: hội thảo", "blocks": (Block(type="paragraph", text="Sáng nay"),)},
            ("title", "body", "boring"),
        ),
        ({"title": "Khai mạc, hội thảo", "credit_line": "Tin: BBT"}, ("title", "credit")),
        ({"related": (), "comment_count": 7, "tags": ("mới",)}, ()),
    ],
    ids=lambda value: ",".join(value) if isinstance(value, tuple | dict) else None,
)
def test_an_edit_is_classed_by_what_differs(fields, classes):
    before, after = article(), article(**fields)

    assert edit_classes(jsonable(before), jsonable(after)) == classes


def test_a_site_that_moves_has_edited_nothing():
    before = article(
        images=(Image(url="https://hcma.vn/x.jpg"),), blocks=(Block(type="embed", url="https://hcma.vn/v"),)
    )
    moved = replace(
        before,
        url="http://127.0.0.1:8000/a-1.htm",
        images=(Image(url="http://127.0.0.1:8000/x.jpg"),),
        blocks=(Block(type="embed", url="http://127.0.0.1:8000/v"),),
    )

    assert content_hash(before) == content_hash(moved)
    assert edit_classes(jsonable(before), jsonable(moved)) == ()


some_text = st.sampled_from(["", "Sáng nay", "Sáng nay.", "sáng nay"])
some_url = st.sampled_from(["https://hcma.vn/x", "http://other.test/x", "/x", "https://hcma.vn/x?a=1"])
some_block = st.one_of(
    st.builds(Block, type=st.sampled_from(["paragraph", "quote"]), text=some_text),
    st.builds(Block, type=st.just("heading"), text=some_text, level=st.integers(2, 3)),
    st.builds(Block, type=st.just("list"), items=st.lists(some_text, max_size=2).map(tuple), ordered=st.booleans()),
    st.builds(Block, type=st.just("table"), rows=st.lists(st.tuples(some_text, some_text), max_size=2).map(tuple)),
    st.builds(Block, type=st.just("embed"), text=some_text, url=some_url),
    st.builds(Block, type=st.just("image"), image=st.integers(0, 1)),
)
some_article = st.builds(
    article,
    url=st.sampled_from(["https://hcma.vn/a-1.htm", "http://other.test/a-1.htm"]),
    title=some_text,
    lead=some_text,
    published_at=st.sampled_from([NOON, LATER, NOON.astimezone(ZoneInfo("Asia/Ho_Chi_Minh"))]),
    blocks=st.lists(some_block, max_size=2).map(tuple),
    images=st.lists(st.builds(Image, url=some_url, caption=some_text, alt=some_text), max_size=2).map(tuple),
    credit_line=some_text,
    authors=st.lists(st.builds(Credit, name=some_text, role=st.sampled_from(["text", "photo"])), max_size=2).map(tuple),
    attachments=st.lists(st.builds(Attachment, url=some_url, title=some_text), max_size=1).map(tuple),
    comment_count=st.integers(0, 1),
)


@settings(deadline=None)
@given(some_article, some_article, st.data())
def test_an_edit_has_a_class_exactly_when_the_content_hash_differs(before, other, drawn):
    names = drawn.draw(
        st.sets(st.sampled_from(["url", "title", "lead", "published_at", "blocks", "images", "authors"]))
    )
    after = replace(before, **{name: getattr(other, name) for name in names})
    is_same = content_hash(before) == content_hash(after)

    assert (edit_classes(jsonable(before), jsonable(after)) == ()) is is_same


def test_a_line_is_the_same_bytes_however_often_it_is_written():
    assert to_line(first_revision(article())) == to_line(first_revision(first_revision(article())))


# What a record must have.

DECOMPOSED = normalize("NFD", "Đại biểu dự hội thảo")
TEXTS = {
    "title": {"title": DECOMPOSED},
    "lead": {"lead": DECOMPOSED},
    "body": {"body": DECOMPOSED, "blocks": (Block(type="paragraph", text=DECOMPOSED),)},
    "list": {"blocks": (Block(type="list", items=("một", DECOMPOSED)),)},
    "table": {"blocks": (Block(type="table", rows=(("một",), (DECOMPOSED,))),)},
    "title of an embed": {"blocks": (Block(type="embed", text=DECOMPOSED, url="https://hcma.vn/v"),)},
    "credit line": {"credit_line": DECOMPOSED},
    "author": {"authors": (Credit(name=DECOMPOSED),)},
    "section": {"section": DECOMPOSED},
    "category": {"categories": ("Tin", DECOMPOSED)},
    "tag": {"tags": (DECOMPOSED,)},
    "caption": {"images": (Image(url="https://hcma.vn/x.jpg", caption=DECOMPOSED),)},
    "alt": {"images": (Image(url="https://hcma.vn/x.jpg", alt=DECOMPOSED),)},
    "credit of a picture": {"images": (Image(url="https://hcma.vn/x.jpg", credit=DECOMPOSED),)},
    "title of a file": {"attachments": (Attachment(url="https://hcma.vn/x.pdf", title=DECOMPOSED),)},
    "title of a related item": {"related": (Related(url="https://hcma.vn/b", title=DECOMPOSED),)},
    "summary of a related item": {"related": (Related(url="https://hcma.vn/b", title="Tin", summary=DECOMPOSED),)},
    "comment": {"comments": (Comment(author="An", text=DECOMPOSED),)},
    "author of a comment": {"comments": (Comment(author=DECOMPOSED, text="Hay"),)},
    "time as printed": {"published_raw": DECOMPOSED},
}


@pytest.mark.parametrize("fields", TEXTS.values(), ids=TEXTS)
def test_every_text_of_a_record_is_nfc(fields):
    given_one = article(**fields)

    assert not is_normalized("NFC", to_line(given_one))
    assert to_line(normalised(given_one)) == normalize("NFC", to_line(given_one))


def test_addresses_stay_as_they_are():
    url = f"https://hcma.vn/{DECOMPOSED.replace(' ', '-')}.htm"
    given_one = article(
        title=DECOMPOSED, url=url, canonical_url=url, aliases=(url,), images=(Image(url=url),),
        attachments=(Attachment(url=url, title=DECOMPOSED),), related=(Related(url=url, title=DECOMPOSED),),
    )  # fmt: skip
    made = normalised(given_one)

    assert [
        made.url,
        made.canonical_url,
        *made.aliases,
        made.images[0].url,
        made.attachments[0].url,
        made.related[0].url,
    ] == [url] * 6
    assert made.title == normalize("NFC", DECOMPOSED)


def test_what_is_nfc_already_is_the_same_article():
    given_one = article()

    assert normalised(given_one) == given_one


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({}, None),
        ({"id": "19239"}, "no_id"),
        ({"id": ""}, "no_id"),
        ({"id": "hcma2:1"}, "no_id"),
        ({"title": ""}, "no_title"),
        ({"title": " \u00a0\n"}, "no_title"),
        ({"published_at": None}, "no_time"),
        ({"published_at": datetime(2026, 11, 22)}, "time_without_zone"),  # noqa: DTZ001  # that is the fault
        ({"blocks": (Block(type="image", image=0),)}, "image_out_of_place"),
        ({"blocks": (Block(type="image"),)}, "image_out_of_place"),
        (
            {"blocks": (Block(type="image", image=-1),), "images": (Image(url="https://hcma.vn/x"),)},
            "image_out_of_place",
        ),
        ({"blocks": (Block(type="image", image=0),), "images": (Image(url="https://hcma.vn/x"),)}, None),
        ({"body": "", "blocks": (), "lead": ""}, None),
    ],
    ids=str,
)
def test_what_lacks_a_required_field_is_no_record(fields, reason):
    assert fault(article(**fields)) == reason


# Events.


def test_an_event_has_its_keys_in_order():
    event = Event(time=NOON, url="https://hcma.vn/", outcome="listing", http_status=200)

    assert json.dumps(event_line(event)) == (
        '{"time": "2026-11-22T12:00:00Z", "url": "https://hcma.vn/", "id": null, "outcome": "listing",'
        ' "reason": null, "http_status": 200, "record_id": null, "message": null}'
    )


@pytest.mark.parametrize(
    ("outcome", "reason", "status", "expected"),
    [
        ("failed", "timeout", None, True),
        ("failed", "http_503", 503, True),
        ("failed", "http_304", 304, True),
        ("failed", "blocked", 200, True),
        ("failed", "no_title", 200, False),
        ("gone", "http_404", 404, False),
        ("skipped", "robots", None, False),
        ("new", None, 200, False),
    ],
)
def test_a_fetch_failed_where_the_site_did_not_give_the_page(outcome, reason, status, expected):
    event = Event(time=NOON, url=ORIGIN, outcome=outcome, reason=reason, http_status=status)

    assert event.is_fetch_failure is expected


# The archive as a whole.


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "hcma"


def exchange(path: str = "/a-1.htm", **fields) -> Exchange:
    made = {
        "url": ORIGIN + path, "at": NOON, "request": b"GET / HTTP/1.1\r\n\r\n", "head": b"HTTP/1.1 200 OK\r\n\r\n",
        "body": f"<h1>{path}</h1>".encode(),
    }  # fmt: skip
    return Exchange(**{**made, **fields})


def opened(folder: Path) -> SiteArchive:
    """Held, a sweep begun, not claimed."""
    archive = SiteArchive(folder)
    archive.open(WRITING)
    archive.ledger.begin("{}", "2026-11-22T12:00:00+00:00")
    return archive


def claimed(folder: Path) -> SiteArchive:
    archive = opened(folder)
    archive.claim(ORIGIN, contact=None, now=NOON)
    return archive


def ended(archive: SiteArchive, path: str = "/a-1.htm", **fields) -> bool:
    archive.ledger.put_discovered(path, ORIGIN + path, "article")
    task = archive.ledger.get_due_key(path)
    event = Event(**{"time": NOON, "url": ORIGIN + path, "outcome": "failed", "reason": "timeout", **fields})
    return archive.observe(event, task.number)


def captured(folder: Path) -> list[str]:
    return [each.exchange.url.removeprefix(ORIGIN) for name in capture_files(folder) for each in stored(folder / name)]


def events(folder: Path) -> list[dict]:
    return [line for path in sorted(folder.glob("events/*/*.jsonl")) for _, line in lines(path)]


def test_an_archive_has_one_holder(folder):
    first, second = SiteArchive(folder), SiteArchive(folder)
    first.open(WRITING)
    with pytest.raises(ArchiveBusy, match="another run holds it"):
        second.open(WRITING)
    with pytest.raises(ArchiveBusy), hold(folder):
        pass
    assert (first.is_open, second.is_open) == (True, False)
    first.release()
    second.open(WRITING)
    second.release()
    with hold(folder), pytest.raises(ArchiveBusy):
        first.open(WRITING)


KILLED = """
import os, sys
from pathlib import Path
from archiver.store.archive import SiteArchive, Writing
from archiver.store.captures import Rotation
SiteArchive(Path(sys.argv[1])).open(Writing({}, Rotation()))
os.kill(os.getpid(), 9)
"""


def test_a_holder_that_was_killed_holds_nothing(folder):
    command = [sys.executable, "-c", KILLED, str(folder)]
    killed = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, timeout=60, check=False)
    archive = SiteArchive(folder)
    archive.open(WRITING)
    archive.release()

    assert killed.returncode == -9


def test_nothing_is_touched_before_an_archive_is_opened(folder):
    archive = SiteArchive(folder)
    archive.release()

    assert not archive.is_open
    assert not folder.exists()


def test_an_archive_has_one_origin(folder):
    archive = claimed(folder)
    archive.release()
    again = opened(folder)
    with pytest.raises(UsageError, match=r"is an archive of https://hcma\.vn, not of https://other\.vn"):
        again.claim("https://other.vn", contact=None, now=NOON)
    again.claim(ORIGIN, contact=None, now=LATER)
    again.release()

    assert json.loads((folder / "site.json").read_bytes())["created"] == "2026-11-22T12:00:00Z"


@pytest.mark.parametrize("before", ["nothing", "robots.txt", "a failure", "a failure and a second"])
def test_of_a_run_that_another_origin_refuses_nothing_is_kept(folder, before):
    archive = claimed(folder)
    archive.keep(exchange(), None)
    ended(archive)
    archive.finish(is_done=True)
    archive.release()
    kept = everything_in(folder)
    other = opened(folder)
    if before != "nothing":
        other.keep(exchange("/robots.txt"), None)
    if before.startswith("a failure"):
        ended(other)
    if before.endswith("second"):
        other.commit()  # as every second, see KeepEvents
    with pytest.raises(UsageError):
        other.claim("https://other.vn", contact=None, now=LATER)
    other.release()

    assert everything_in(folder) == kept


def test_what_came_before_the_claim_is_kept_first(folder):
    archive = opened(folder)
    said = archive.keep(exchange("/robots.txt"), None)
    before = capture_files(folder)
    archive.claim(ORIGIN, contact=None, now=NOON)
    archive.keep(exchange(), None)
    archive.finish(is_done=True)
    archive.release()

    assert (said, before) == (None, [])
    assert captured(folder) == ["/robots.txt", "/a-1.htm"]


def test_of_a_run_to_which_nobody_answered_robots_txt_and_the_events_are_kept(folder):
    archive = opened(folder)
    archive.keep(exchange("/robots.txt", head=b"HTTP/1.1 503 \r\n\r\n"), None)
    ended(archive)
    archive.finish(is_done=True)
    archive.release()

    assert captured(folder) == ["/robots.txt"]
    assert [event["reason"] for event in events(folder)] == ["timeout"]
    assert not (folder / "site.json").exists()


def test_outcomes_are_there_after_a_commit_and_only_then(folder):
    archive = claimed(folder)
    ended(archive, "/a-1.htm")
    archive.commit()
    ended(archive, "/b-2.htm")
    archive.release()
    again = opened(folder)

    assert [event["url"] for event in events(folder)] == [f"{ORIGIN}/a-1.htm"]
    assert again.ledger.outcomes() == {"failed": 1}
    again.release()


def test_so_many_outcomes_are_committed_by_themselves(folder, monkeypatch):
    monkeypatch.setattr(site_archive, "OUTCOMES_A_COMMIT", 3)
    archive = claimed(folder)
    for number in range(5):
        ended(archive, f"/a-{number}.htm")
    archive.release()

    assert len(events(folder)) == 3


def test_without_anything_new_a_commit_touches_no_file(folder):
    archive = claimed(folder)
    ended(archive)
    archive.commit()
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    archive.commit()

    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before
    archive.release()


def test_a_task_ends_once(folder):
    archive = claimed(folder)
    archive.ledger.put_discovered("a", ORIGIN, "article")
    task = archive.ledger.get_due_key("a").number
    event = Event(time=NOON, url=ORIGIN, outcome="listing")

    assert [archive.observe(event, task), archive.observe(event, task)] == [True, False]
    archive.release()


def test_an_event_may_quote_what_is_no_text(folder):
    archive = claimed(folder)
    ended(archive, message="no date: '\ud83d', \u2028")
    archive.finish(is_done=True)
    archive.release()

    assert [event["message"] for event in events(folder)] == ["no date: '?', \u2028"]


def test_a_sweep_is_over_when_nothing_of_it_is_left(folder):
    archive = claimed(folder)
    ended(archive)
    archive.ledger.put_discovered("b", ORIGIN, "article")
    archive.finish(is_done=True)
    archive.release()
    again = SiteArchive(folder)
    again.open(WRITING)
    went_on = [again.ledger.begin("{}", "2026-11-23T12:00:00+00:00")]
    again.ledger.put_known(again.ledger.get_due_key("b").number, "new")
    again.finish(is_done=True)
    again.release()
    third = SiteArchive(folder)
    third.open(WRITING)
    went_on.append(third.ledger.begin("{}", "2026-11-24T12:00:00+00:00"))
    third.release()

    assert went_on == [True, False]


def report(**fields) -> RunReport:
    made = {
        "run": "20261122T120000Z",
        "site": "hcma",
        "started_at": NOON,
        "ended_at": LATER,
        "exit_code": 0,
        "why": "well",
    }
    return RunReport(**{**made, **fields})


def test_each_run_has_a_report_of_its_own(folder):
    archive = claimed(folder)
    names = [archive.write_run(report(exit_code=number)).name for number in range(3)]
    archive.release()
    read = [json.loads((folder / "runs" / name).read_bytes()) for name in names]

    assert names == ["20261122T120000Z.json", "20261122T120000Z-2.json", "20261122T120000Z-3.json"]
    assert [each["exit_code"] for each in read] == [0, 1, 2]


def test_a_report_may_quote_what_is_no_text(folder):
    archive = claimed(folder)
    fault = Fault(url=f"{ORIGIN}/a", reason="no_time", message="no date: '\ud83d'")
    try:
        path = archive.write_run(report(errors=(fault,)))
    finally:
        archive.release()

    assert json.loads(path.read_bytes())["errors"][0]["message"] == "no date: '?'"


@pytest.mark.parametrize(
    "card", ["", "{", "[]", '{"format": 1}', '{"format": "x", "origin": "y"}', '{"format": 1, "origin": null}']
)
def test_an_unreadable_card_of_the_site_is_damage(folder, card):
    folder.mkdir()
    (folder / "site.json").write_text(card)
    archive = SiteArchive(folder)
    try:
        with pytest.raises(ArchiveDamaged, match=r"site\.json: cannot be read"):
            archive.open(WRITING)
    finally:
        archive.release()

    assert sorted(everything_in(folder)) == [".lock", "site.json"]


def test_an_archive_of_a_later_release_is_refused(folder):
    folder.mkdir()
    (folder / "site.json").write_text('{"format": 99, "origin": "https://hcma.vn"}')

    with pytest.raises(UsageError, match="format 99 is of a later release"):
        SiteArchive(folder).open(WRITING)
    assert sorted(everything_in(folder)) == [".lock", "site.json"]


# A disk that refuses.


def the_message_of(trouble: DiskTrouble) -> tuple[str, str, str]:
    """File, fault and file system in the one line that its user reads."""
    found = re.fullmatch(
        r"(\S+): cannot be written \((.*); [\d,]+ MB free on (\S+)\)\. Make room, then run the same command again:"
        r" it goes on where it stopped",
        str(trouble),
    )
    assert found, trouble
    return found[1], found[2], found[3]


def test_a_full_disk_is_told_with_its_file_system_and_what_is_free(tmp_path):
    full = OSError(errno.ENOSPC, "No space left on device")
    path, says, mount = the_message_of(disk.trouble(tmp_path / "hcma" / "x.jsonl", full))

    assert (path, says) == (str(tmp_path / "hcma" / "x.jsonl"), "No space left on device")
    assert Path(mount).is_mount()
    assert str(tmp_path).startswith(mount)


def test_the_file_system_of_a_relative_path_is_told_too(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    *_, mount = the_message_of(
        disk.trouble(Path("data/hcma/x.jsonl"), OSError(errno.ENOSPC, "No space left on device"))
    )

    assert Path(mount).is_absolute()
    assert Path(mount).is_mount()


@pytest.mark.parametrize("number", [errno.EACCES, errno.EPERM, errno.ENOTDIR])
def test_a_path_that_cannot_be_written_is_a_wrong_argument(tmp_path, number):
    told = disk.trouble(tmp_path / "x", OSError(number, os.strerror(number)))

    assert isinstance(told, UsageError)
    assert (
        str(told)
        == f"{tmp_path}/x: cannot be written ({os.strerror(number)}). Mend the rights or choose another --archive DIR"
    )


def test_an_archive_cannot_be_where_a_file_is(tmp_path):
    (tmp_path / "data").touch()

    with pytest.raises(UsageError, match=r"data/hcma: cannot be written"):
        SiteArchive(tmp_path / "data" / "hcma").open(WRITING)


def test_a_run_does_not_begin_without_room(folder, monkeypatch):
    monkeypatch.setattr(site_archive, "LEAST_FREE_BYTES", 1 << 62)
    with pytest.raises(DiskTrouble, match=r"only \d+ MB free on .*--archive DIR"):
        SiteArchive(folder).open(WRITING)

    assert sorted(everything_in(folder)) == [".lock"]


REFUSALS = {
    "the claim": (lambda archive: archive.claim("https://hcma.vn/" + "x" * 5000, contact=None, now=NOON), "site.json"),
    "a report": (lambda archive: archive.write_run(report(why="x" * 5000)), "runs/20261122T120000Z.json"),
}


@pytest.mark.parametrize(("write", "name"), REFUSALS.values(), ids=REFUSALS)
def test_what_is_written_whole_or_not_at_all_is_not_there_where_it_does_not_fit(folder, write, name):
    archive = opened(folder)
    try:
        with no_file_above(4000), pytest.raises(DiskTrouble) as trouble:
            write(archive)
        written_later = not (folder / name).exists()
        write(archive)
    finally:
        archive.release()

    assert the_message_of(trouble.value)[0] == str(folder / name)
    assert written_later
    assert (folder / name).exists()


def test_what_came_before_the_claim_is_not_lost_where_the_disk_refuses_it(folder):
    archive = opened(folder)
    archive.keep(exchange("/robots.txt", body=os.urandom(500_000)), None)
    try:
        with no_file_above(400_000), pytest.raises(DiskTrouble):
            archive.claim(ORIGIN, contact=None, now=NOON)
        archive.claim(ORIGIN, contact=None, now=NOON)
        archive.finish(is_done=True)
    finally:
        archive.release()
    again = SiteArchive(folder)
    again.open(WRITING)
    again.release()

    assert captured(folder) == ["/robots.txt"]


def test_what_was_committed_stands_after_a_disk_was_full(folder):
    archive = claimed(folder)
    ended(archive, "/a-1.htm")
    archive.commit()
    ended(archive, "/b-2.htm", message="x" * 5000)
    with no_file_above(4000), pytest.raises(DiskTrouble):
        archive.finish(is_done=True)
    archive.release()
    again = opened(folder)

    assert [event["url"] for event in events(folder)] == [f"{ORIGIN}/a-1.htm"]
    assert again.ledger.outcomes() == {"failed": 1}
    again.release()


def test_writing_goes_on_where_the_system_took_a_part(tmp_path, monkeypatch):
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, bytes(data)[:7]))
    descriptor = disk.append_to(tmp_path / "x")
    disk.write(descriptor, b"0123456789" * 3)
    monkeypatch.undo()
    os.close(descriptor)

    assert (tmp_path / "x").read_bytes() == b"0123456789" * 3
