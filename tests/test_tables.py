"""The tables that SQL sees say what the lines say, and are kept as fresh as these."""

from __future__ import annotations

import json
import os
import unicodedata
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from small_archive import FULL, append, article, edited, in_month, month_path, write_archive

from archiver.article import Article, Block, to_line
from archiver.errors import ArchiveDamaged
from archiver.research.tables.columns import KINDS, columns_of
from archiver.research.tables.tables import Tables
from archiver.schema import record_schema
from archiver.store.event import Event
from archiver.store.months import members_of
from archiver.store.run_report import RunReport


def in_utc(*parts):
    """As SQL has a moment: UTC, and no word of it."""
    return datetime(*parts, tzinfo=UTC).replace(tzinfo=None)


def rows(folder, sql, values=()):
    with Tables([folder]) as tables:
        return list(tables.ask(sql, values))


def parts(folder):
    """Name to inode and time of change of each Parquet file."""
    found = (folder / "cache/tables").glob("*.parquet")
    return {path.name: (path.stat().st_ino, path.stat().st_mtime_ns) for path in found}


def of_articles(folder):
    return {name: at for name, at in parts(folder).items() if name.startswith("articles")}


def in_line(row):
    """A row of `revisions` in the types and keys of its line."""
    blocks = [{name: value for name, value in block.items() if value is not None} for block in row["blocks"]]
    return {each.name: row[each.name] for each in fields(Article)} | {"blocks": blocks}


def test_every_field_of_a_line_comes_back_as_it_was(tmp_path):
    folder = write_archive(tmp_path, article(1))
    with Tables([folder]) as tables:
        (row,) = tables.ask("SELECT * FROM revisions").dicts()

    assert in_line(row) == json.loads(to_line(article(1)))


def test_the_article_that_tries_every_field_fills_every_field():
    empty = [name for name, value in json.loads(to_line(FULL)).items() if value in (None, "", [])]
    filled = {
        each.name for each in fields(Block) if any(getattr(block, each.name) is not None for block in FULL.blocks)
    }

    assert empty == ["revision_id", "supersedes"]
    assert filled == {each.name for each in fields(Block)}


def test_columns_are_those_of_the_published_schema():
    assert list(columns_of(Article)) == list(record_schema()["properties"])
    assert [(kind.table, list(kind.columns)) for kind in KINDS] == [
        (table, [each.name for each in fields(record)])
        for table, record in (("revisions", Article), ("events", Event), ("runs", RunReport))
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    texts=st.lists(
        st.text(st.characters(codec="utf-8")).map(lambda text: unicodedata.normalize("NFC", text)),
        min_size=4,
        max_size=4,
    ),
    names=st.dictionaries(
        st.text(st.characters(codec="utf-8"), min_size=1), st.text(st.characters(codec="utf-8")), max_size=3
    ),
    number=st.one_of(st.none(), st.integers(-(2**62), 2**62)),
)
def test_any_text_comes_back_as_it_was(tmp_path_factory, texts, names, number):
    title, body, tag, cell = texts
    parts = {"title": title, "body": body, "tags": (tag, body), "comment_count": number}
    blocks = (Block(type="table", rows=((cell, title),)), Block(type="paragraph", text=body))
    line = json.loads(to_line(article(1, **parts, blocks=blocks)))
    line["extractor"]["found_by"] = names
    folder = write_archive(tmp_path_factory.mktemp("archive"))
    append(month_path(folder, FULL), json.dumps(line, ensure_ascii=False) + "\n")
    with Tables([folder]) as tables:
        (row,) = tables.ask("SELECT * FROM revisions").dicts()

    assert in_line(row) == line


@pytest.mark.parametrize(
    ("published_at", "published_on", "published_utc"),
    [
        ("2026-01-01T00:30:00+07:00", date(2026, 1, 1), in_utc(2025, 12, 31, 17, 30)),
        ("2025-12-31T23:30:00-05:00", date(2025, 12, 31), in_utc(2026, 1, 1, 4, 30)),
        ("2026-01-01T00:30:00Z", date(2026, 1, 1), in_utc(2026, 1, 1, 0, 30)),
        (None, None, None),
    ],
)
def test_a_time_keeps_its_offset_and_its_day_and_can_be_compared(tmp_path, published_at, published_on, published_utc):
    moment = datetime.fromisoformat(published_at) if published_at else None
    folder = write_archive(tmp_path, article(1, published_at=moment))
    found = rows(folder, "SELECT published_at, published_on, published_utc FROM articles")

    assert found == [(published_at, published_on, published_utc)]


def test_articles_are_the_newest_revisions_and_revisions_all(tmp_path):
    first = in_month(1, 1, title="Một")
    second = edited(first, title="Hai", fetched_at=datetime(2026, 3, 1, tzinfo=UTC))
    folder = write_archive(tmp_path, first, in_month(2, 2, title="Ba"), second)

    assert rows(folder, "SELECT id, revision, title FROM articles ORDER BY id") == [
        ("hcma:1", 2, "Hai"),
        ("hcma:2", 1, "Ba"),
    ]
    assert rows(folder, "SELECT id, revision FROM revisions ORDER BY ALL") == [
        ("hcma:1", 1),
        ("hcma:1", 2),
        ("hcma:2", 1),
    ]


def test_of_an_article_that_was_taken_down_sql_sees_the_tombstone_alone(tmp_path):
    first = in_month(1, 1, title="Một")
    second = edited(first, title="Hai")
    nothing = {"title": "", "lead": "", "body": "", "blocks": (), "images": (), "authors": ()}
    tombstone = edited(second, "takedown", **nothing, status="tombstone", capture=None)
    folder = write_archive(tmp_path, first, second, in_month(2, 1), tombstone)

    assert rows(folder, "SELECT id, revision, status FROM revisions ORDER BY ALL") == [
        ("hcma:1", 3, "tombstone"),
        ("hcma:2", 1, "live"),
    ]
    assert rows(folder, "SELECT id, status FROM articles ORDER BY ALL") == [("hcma:1", "tombstone"), ("hcma:2", "live")]
    assert rows(folder, "SELECT DISTINCT id FROM images") == [("hcma:2",)]


def test_what_is_in_lists_is_a_table_of_its_own(tmp_path):
    folder = write_archive(
        tmp_path, article(1), events=(Event(time=FULL.fetched_at, url=FULL.url, id=FULL.id, outcome="new"),)
    )

    assert rows(folder, "SELECT id, place, caption, published_on FROM images") == [
        ("hcma:1", 0, "Toàn cảnh", date(2026, 1, 1)),
        ("hcma:1", 1, "", date(2026, 1, 1)),
    ]
    assert rows(folder, "SELECT name, role, kind FROM authors") == [
        ("Đức Mạnh", "photo", "person"),
        ("BBT", "text", "organisation"),
    ]
    assert rows(folder, "SELECT type FROM blocks WHERE rows[2][1] = 'C'") == [("table",)]
    assert rows(folder, "SELECT title, relation FROM related") == [("Tin khác", "latest")]
    assert rows(folder, "SELECT title, media_type FROM attachments") == [("Thông báo", "application/pdf")]
    assert rows(folder, "SELECT text FROM comments") == [("Hay quá",)]
    assert rows(folder, "SELECT site, outcome, time_utc FROM events") == [("hcma", "new", in_utc(2026, 1, 2, 3, 4, 5))]
    assert rows(folder, "SELECT count(*) FROM runs") == [(0,)]


def test_text_typed_with_combining_marks_finds_what_is_written_with_composed_letters(tmp_path):
    folder = write_archive(tmp_path, article(1))
    typed = unicodedata.normalize("NFD", "SELECT count(*) FROM articles WHERE title LIKE '%chính trị%'")

    assert rows(folder, typed) == [(1,)]
    assert rows(folder, "SELECT count(*) FROM articles WHERE title = nfc_normalize(title)") == [(1,)]


def test_the_place_of_a_row_is_that_of_its_line(tmp_path):
    folder = write_archive(tmp_path, article(1), article(2))
    ((name, offset),) = rows(folder, "SELECT line_file, line_offset FROM articles WHERE id = 'hcma:2'")

    assert (folder / name).read_bytes()[offset:] == to_line(article(2)).encode()


def test_only_the_month_that_grew_is_read_again(tmp_path):
    folder = write_archive(tmp_path, in_month(1, 1), in_month(2, 2))
    assert rows(folder, "SELECT count(*) FROM articles") == [(2,)]
    before = of_articles(folder)
    write_archive(tmp_path, in_month(3, 2))

    assert rows(folder, "SELECT count(*) FROM articles") == [(3,)]
    after = of_articles(folder)
    assert [name[:16] for name in after.keys() & before.keys()] == ["articles.2026.20"]
    assert {name: at for name, at in before.items() if "2026-01" in name}.items() <= after.items()
    assert len(after) == 2


def test_what_was_read_of_a_large_month_stays_when_it_grows(tmp_path):
    folder = write_archive(tmp_path, *(article(number, body="chữ " * 700_000) for number in range(3)))
    rows(folder, "SELECT count(*) FROM articles")
    (large,) = of_articles(folder).items()
    write_archive(tmp_path, article(4))

    assert rows(folder, "SELECT count(*) FROM articles") == [(4,)]
    assert large in of_articles(folder).items()
    assert len(of_articles(folder)) == 2


def test_what_a_month_was_given_bit_by_bit_is_put_together_when_the_next_has_begun(tmp_path):
    for number in range(3):
        folder = write_archive(tmp_path, article(number, body="chữ " * 700_000))
        rows(folder, "SELECT 1")
    assert len(of_articles(folder)) == 3
    write_archive(tmp_path, in_month(4, 2))

    assert rows(folder, "SELECT count(*) FROM articles") == [(4,)]
    assert len(of_articles(folder)) == 2


def test_nothing_is_written_where_nothing_is_new(tmp_path):
    folder = write_archive(tmp_path, in_month(1, 1), in_month(2, 2))
    rows(folder, "SELECT 1")
    before = {path.name: path.stat().st_mtime_ns for path in (folder / "cache/tables").iterdir()}
    rows(folder, "SELECT 1")

    assert {path.name: path.stat().st_mtime_ns for path in (folder / "cache/tables").iterdir()} == before


def overwrite_in_place(folder):
    path = folder / "articles/2026/2026-01.jsonl"
    path.write_bytes(path.read_bytes().replace("Bốn".encode(), b"xxxxx"))


def shrink(folder):
    path = folder / "articles/2026/2026-01.jsonl"
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:1]))


def overwrite_and_grow(folder):
    overwrite_in_place(folder)
    append(folder / "articles/2026/2026-01.jsonl", to_line(in_month(7, 1, title="Bảy")))


def vanish(folder):
    (folder / "articles/2026/2026-01.jsonl").unlink()


def seal(folder):
    path = folder / "articles/2026/2026-01.jsonl"
    path.with_name(path.name + ".gz").write_bytes(b"".join(members_of(path.read_bytes().splitlines(keepends=True))))
    path.unlink()


def begin_a_line(folder):
    append(folder / "articles/2026/2026-01.jsonl", '{"schema_version":"1.0","id":"hc')


@pytest.mark.parametrize(
    ("change", "titles"),
    [
        (overwrite_in_place, ["Ba", "xxxxx", "Hai"]),
        (overwrite_and_grow, ["Ba", "xxxxx", "Bảy", "Hai"]),
        (shrink, ["Ba", "Hai"]),
        (vanish, ["Hai"]),
        (seal, ["Ba", "Bốn", "Hai"]),
        (begin_a_line, ["Ba", "Bốn", "Hai"]),
    ],
)
def test_a_month_that_was_changed_is_seen_as_it_is(tmp_path, change, titles):
    folder = write_archive(
        tmp_path, in_month(1, 1, title="Ba"), in_month(2, 1, title="Bốn"), in_month(3, 2, title="Hai")
    )
    sql = "SELECT title FROM articles ORDER BY line_file, line_offset"
    assert rows(folder, sql) == [("Ba",), ("Bốn",), ("Hai",)]
    untouched = {name: at for name, at in of_articles(folder).items() if "2026-02" in name}
    change(folder)

    assert [title for (title,) in rows(folder, sql)] == titles
    assert untouched.items() <= of_articles(folder).items()


def test_sealing_reads_nothing_again(tmp_path):
    folder = write_archive(tmp_path, in_month(1, 1), in_month(2, 1))
    rows(folder, "SELECT 1")
    before = parts(folder)
    seal(folder)

    assert rows(folder, "SELECT count(*) FROM articles") == [(2,)]
    assert parts(folder) == before


def cut(folder):
    for path in (folder / "cache/tables").glob("*.parquet"):
        os.truncate(path, path.stat().st_size // 2)


def fill_with_zeros(folder):
    for path in (folder / "cache/tables").glob("*.parquet"):
        path.write_bytes(bytes(path.stat().st_size))


def lose_files(folder):
    for path in (folder / "cache/tables").glob("*.parquet"):
        path.unlink()


def lose_the_note(folder):
    (folder / "cache/tables/kept.json").unlink()


def tear_the_note(folder):
    path = folder / "cache/tables/kept.json"
    path.write_bytes(path.read_bytes()[:50])


def make_the_note_nonsense(folder):
    (folder / "cache/tables/kept.json").write_text('{"meaning": 1, "tables": []}')


@pytest.mark.parametrize(
    "damage", [cut, fill_with_zeros, lose_files, lose_the_note, tear_the_note, make_the_note_nonsense]
)
def test_a_damaged_cache_is_made_anew(tmp_path, damage):
    first = in_month(1, 1, title="Một")
    folder = write_archive(tmp_path, first, edited(first, title="Hai"), in_month(2, 2, title="Ba"))
    sql = "SELECT title FROM articles ORDER BY id"
    before = rows(folder, sql)
    damage(folder)

    assert rows(folder, sql) == before == [("Hai",), ("Ba",)]


def test_a_parquet_file_that_rots_unnoticed_is_told_as_damage_of_the_cache(tmp_path):
    folder = write_archive(tmp_path, *(article(number, title=os.urandom(60).hex()) for number in range(500)))
    rows(folder, "SELECT 1")
    (path,) = (folder / "cache/tables").glob("articles*.parquet")
    was = path.stat()
    path.write_bytes(
        path.read_bytes()[:4] + bytes(was.st_size * 3 // 4) + path.read_bytes()[4 + was.st_size * 3 // 4 :]
    )
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))

    with pytest.raises(ArchiveDamaged, match="Delete cache/tables"):
        rows(folder, "SELECT * FROM articles")


def test_a_cache_with_other_columns_is_made_anew(tmp_path):
    folder = write_archive(tmp_path, article(1))
    rows(folder, "SELECT 1")
    note = folder / "cache/tables/kept.json"
    note.write_text(note.read_text().replace('"body_characters"', '"body_letters"'))
    before = of_articles(folder)

    assert rows(folder, "SELECT body_characters FROM articles") == [(len(FULL.body),)]
    assert of_articles(folder).items() != before.items()


def test_who_reads_keeps_what_he_reads_while_another_brings_it_up_to_date(tmp_path):
    folder = write_archive(tmp_path, article(1))
    with Tables([folder]) as early:
        write_archive(tmp_path, article(2))
        with Tables([folder]) as late:
            assert list(late.ask("SELECT count(*) FROM articles")) == [(2,)]
            assert list(early.ask("SELECT count(*) FROM articles")) == [(1,)]
    assert len(of_articles(folder)) == 2
    rows(folder, "SELECT 1")

    assert len(of_articles(folder)) == 1


def test_what_a_killed_process_left_is_swept(tmp_path):
    folder = write_archive(tmp_path, article(1))
    rows(folder, "SELECT 1")
    left = folder / "cache/tables/making-x1"
    left.mkdir()
    (left / "lines.jsonl").write_text("half")
    rows(folder, "SELECT 1")

    assert not left.exists()


@pytest.mark.parametrize(
    ("foreign", "count"),
    [
        ("no JSON\n", 1),
        ('{"id":"hcma:5","title":\n', 1),
        ("[1, 2]\n7\nnull\n", 3),
        ('{"name": "of another tool"}\n', 1),
        (to_line(article(5)).replace('"revision":1', '"revision":"one"'), 1),
        ("{}\n\n", 2),
        ("[" * 100_000 + "\n", 1),
        ('{"id":"hcma:5","title":"\\ud800"}\n', 1),
        ("x\n" * 2_000, 2_000),
        ('{"time":1}\n' * 2_000, 2_000),
    ],
    ids=[
        "text",
        "cut",
        "other JSON",
        "other keys",
        "other types",
        "empty",
        "deep",
        "half a character",
        "foreign text",
        "foreign JSON",
    ],
)
def test_lines_that_are_none_are_left_out_and_told_by_name_and_place(tmp_path, foreign, count):
    folder = write_archive(tmp_path, article(1))
    path = month_path(folder, FULL)
    at = path.stat().st_size
    append(path, foreign)
    write_archive(tmp_path, article(2), in_month(3, 2))
    for _ in range(2):
        with Tables([folder]) as tables:
            assert list(tables.ask("SELECT id FROM articles ORDER BY id")) == [("hcma:1",), ("hcma:2",), ("hcma:3",)]
            (trouble,) = tables.troubles

        lines = "1 line is" if count == 1 else f"{count} lines are"
        assert trouble == (
            f"hcma/articles/2026/2026-01.jsonl: {lines} left out, the first at byte {at}. See what is damaged: archiver verify"
        )


def test_a_sealed_month_that_is_torn_gives_what_stands_before(tmp_path):
    folder = write_archive(
        tmp_path, *(in_month(number, 1, body="chữ " * 40_000) for number in range(6)), in_month(9, 2)
    )
    seal(folder)
    path = folder / "articles/2026/2026-01.jsonl.gz"
    os.truncate(path, path.stat().st_size - 5)
    with Tables([folder]) as tables:
        ((count,),) = tables.ask("SELECT count(*) FROM articles")
        (trouble,) = tables.troubles

    assert 1 < count < 7
    assert str(path) in trouble


def test_a_report_that_cannot_be_read_is_told_and_the_others_are_there(tmp_path):
    folder = write_archive(tmp_path, article(1))
    (folder / "runs").mkdir()
    told = {"format": 1, "run": "20260102T000000Z", "site": "hcma", "exit_code": 0, "why": "all well"}
    told |= {
        "started_at": "2026-01-02T00:00:00Z",
        "ended_at": "2026-01-02T00:10:00Z",
        "reasons": {"gone": {"http_404": 2}},
    }
    (folder / "runs/20260102T000000Z.json").write_text(json.dumps(told))
    (folder / "runs/20260103T000000Z.json").write_text("{")
    (folder / "runs/20260104T000000Z.json").write_text(json.dumps({**told, "run": "20260104T000000Z"}))
    with Tables([folder]) as tables:
        found = list(tables.ask("SELECT run, reasons['gone']['http_404'], started_utc FROM runs ORDER BY run"))
        (trouble,) = tables.troubles

    started = in_utc(2026, 1, 2)
    assert found == [("20260102T000000Z", 2, started), ("20260104T000000Z", 2, started)]
    assert "20260103T000000Z.json" in trouble


def test_where_no_cache_can_be_kept_sql_is_answered_all_the_same(tmp_path, caplog):
    folder = write_archive(tmp_path, article(1))
    (folder / "cache").write_text("in the way")

    assert rows(folder, "SELECT count(*) FROM articles") == [(1,)]
    assert "no cache can be kept" in caplog.text


def test_every_site_of_an_archive_is_in_the_tables(tmp_path):
    folder = write_archive(tmp_path, article(1))
    other = tmp_path / "other"
    path = other / "articles/2026/2026-01.jsonl"
    append(path, to_line(article(1)).replace("hcma:1", "other:1").replace('"site":"hcma"', '"site":"other"'))
    with Tables([folder, other]) as tables:
        assert list(tables.ask("SELECT site, id FROM articles ORDER BY 1")) == [
            ("hcma", "hcma:1"),
            ("other", "other:1"),
        ]


def test_names_of_folders_may_have_any_letters(tmp_path):
    folder = write_archive(tmp_path / "kho lưu 'trữ' = 1 [x]*", article(1))

    assert rows(folder, "SELECT count(*) FROM articles") == [(1,)]
