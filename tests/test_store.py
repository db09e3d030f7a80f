"""The archive on disk: lines by month, torn tails, revisions, one holder, one origin."""

from __future__ import annotations

import json
import logging
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archiver.article import Article, Block, Image, content_hash, jsonable, to_line
from archiver.errors import ArchiveDamaged, UsageError
from archiver.store.archive import ArchiveBusy, SiteArchive
from archiver.store.articles import ArticleLines
from archiver.store.event import Event, event_line
from archiver.store.jsonl import MonthlyLines, line_at, lines
from archiver.store.revisions import edit_classes, first_revision

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
LATER = datetime(2026, 12, 1, 12, tzinfo=UTC)


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


def test_a_line_goes_to_the_month_of_its_capture(tmp_path):
    files = MonthlyLines(tmp_path)
    files.append(NOON, '{"n":1}\n')
    files.append(LATER, '{"n":2}\n')
    files.close()

    assert [str(path.relative_to(tmp_path)) for path in files.paths()] == ["2026/2026-11.jsonl", "2026/2026-12.jsonl"]


def test_append_tells_where_the_line_stands(tmp_path):
    files = MonthlyLines(tmp_path)
    files.append(NOON, '{"n":"một"}\n')
    path, offset = files.append(NOON, '{"n":2}\n')
    files.close()

    assert line_at(path, offset) == {"n": 2}


@pytest.mark.parametrize(
    ("content", "whole", "torn"),
    [
        (b'{"n":1}\n{"n":', b'{"n":1}\n', b'{"n":'),
        (b'{"n":', b"", b'{"n":'),
        (b'{"n":1}\n' + b"x" * 200_000, b'{"n":1}\n', b"x" * 200_000),
        (b'{"n":1}\n', b'{"n":1}\n', None),
        (b"", b"", None),
    ],
    ids=["second line", "only line", "longer than what is read at once", "whole", "empty"],
)
def test_a_torn_last_line_is_moved_aside_and_never_glued_to(tmp_path, caplog, content, whole, torn):
    path = tmp_path / "2026" / "2026-11.jsonl"
    path.parent.mkdir()
    path.write_bytes(content)
    with caplog.at_level(logging.WARNING):
        files = MonthlyLines(tmp_path)
        files.append(NOON, '{"n":2}\n')
        files.close()

    assert path.read_bytes() == whole + b'{"n":2}\n'
    aside = list(tmp_path.rglob("*.torn-*"))
    assert [file.read_bytes() for file in aside] == ([torn] if torn else [])
    assert bool(caplog.records) == bool(torn)


def test_a_second_torn_tail_does_not_replace_the_first(tmp_path):
    path = tmp_path / "2026" / "2026-11.jsonl"
    path.parent.mkdir()
    for tail in (b"one", b"two"):
        path.write_bytes(tail)
        MonthlyLines(tmp_path).mend()

    assert [file.read_bytes() for file in sorted(tmp_path.rglob("*.torn-*"))] == [b"one", b"two"]


def test_a_damaged_line_is_named_by_file_and_number(tmp_path):
    path = tmp_path / "2026-11.jsonl"
    path.write_text('{"n":1}\n{"n":\n{"n":3}\n')

    with pytest.raises(ArchiveDamaged, match=r"2026-11\.jsonl, line 2"):
        list(lines(path))


def test_articles_are_known_again_after_reopening(tmp_path):
    first = ArticleLines(tmp_path)
    first.append(first.numbered(article()))
    first.close()
    again = ArticleLines(tmp_path)
    again.read()

    assert again.numbered(article(fetched_at=LATER)) is None
    assert again.numbered(article(2)).revision == 1


def test_a_later_revision_builds_on_the_lines_before_it(tmp_path):
    articles = ArticleLines(tmp_path)
    titles = ["Khai mạc", "Bế mạc", "Kết thúc"]
    for number, title in enumerate(titles):
        articles.append(articles.numbered(article(title=title, url=f"https://hcma.vn/{number}-1.htm")))
    articles.close()
    read = [line for path in tmp_path.rglob("*.jsonl") for _, line in lines(path)]

    assert [line["revision"] for line in read] == [1, 2, 3]
    assert read[2]["supersedes"] == read[1]["revision_id"]
    assert read[2]["aliases"] == ["https://hcma.vn/0-1.htm", "https://hcma.vn/1-1.htm"]


def test_going_back_to_earlier_text_is_a_revision_of_its_own(tmp_path):
    articles = ArticleLines(tmp_path)
    for title in ("Khai mạc", "Bế mạc", "Khai mạc"):
        articles.append(articles.numbered(article(title=title)))
    articles.close()
    read = [line for path in tmp_path.rglob("*.jsonl") for _, line in lines(path)]

    assert [line["revision"] for line in read] == [1, 2, 3]
    assert read[0]["revision_id"] == read[2]["revision_id"]


@pytest.mark.parametrize(
    ("fields", "classes"),
    [
        ({"title": "Bế mạc hội thảo"}, ("title",)),
        ({"published_at": LATER}, ("time",)),
        ({"lead": "Sáng nay."}, ("body",)),
        ({"blocks": (Block(type="paragraph", text="Chiều nay."),)}, ("body",)),
        ({"images": (Image(url="https://hcma.vn/x.jpg", caption="Đại biểu"),)}, ("captions",)),
        ({"credit_line": "Tin: BBT"}, ("credit",)),
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


def test_an_edit_has_a_class_exactly_when_the_content_hash_differs():
    before = article(images=(Image(url="https://hcma.vn/x.jpg"),))
    moved = replace(before, url="http://127.0.0.1:8000/a-1.htm", images=(Image(url="http://127.0.0.1:8000/x.jpg"),))

    assert content_hash(before) == content_hash(moved)
    assert edit_classes(jsonable(before), jsonable(moved)) == ()


def test_a_line_is_the_same_bytes_however_often_it_is_written():
    assert to_line(first_revision(article())) == to_line(first_revision(first_revision(article())))


def test_an_event_has_its_keys_in_order():
    event = Event(time=NOON, url="https://hcma.vn/", outcome="listing", http_status=200)

    assert json.dumps(event_line(event)) == (
        '{"time": "2026-11-22T12:00:00Z", "url": "https://hcma.vn/", "id": null, "outcome": "listing",'
        ' "reason": null, "http_status": 200, "message": null}'
    )


def test_an_archive_has_one_holder(tmp_path):
    first, second = SiteArchive(tmp_path), SiteArchive(tmp_path)
    first.open()
    with pytest.raises(ArchiveBusy, match="another run holds it"):
        second.open()
    first.close()
    second.open()
    second.close()


def test_an_archive_has_one_origin(tmp_path):
    archive = SiteArchive(tmp_path)
    archive.open()
    archive.claim("https://hcma.vn", contact=None, now=NOON)
    archive.close()
    archive.open()
    with pytest.raises(UsageError, match=r"is an archive of https://hcma\.vn, not of https://other\.vn"):
        archive.claim("https://other.vn", contact=None, now=NOON)
    archive.close()


@pytest.mark.parametrize("card", ["", "{", "[]", '{"format": 1}', '{"format": "x", "origin": "y"}'])
def test_an_unreadable_card_of_the_site_is_damage(tmp_path, card):
    (tmp_path / "site.json").write_text(card)
    archive = SiteArchive(tmp_path)

    with pytest.raises(ArchiveDamaged, match=r"site\.json: cannot be read"):
        archive.open()
    archive.close()


def test_an_archive_of_a_later_release_is_refused(tmp_path):
    (tmp_path / "site.json").write_text('{"format": 99, "origin": "https://hcma.vn"}')
    archive = SiteArchive(tmp_path)

    with pytest.raises(UsageError, match="format 99 is of a later release"):
        archive.open()
    archive.close()
