"""The search index: it keeps up with the lines, costs what is new, and is made anew whenever it is not right."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from conftest import environment, run
from searched import append, article, edited, rewrite
from test_search import ENGINES, ids, seal

from archiver.article import to_line
from archiver.errors import DiskTrouble, UsageError
from archiver.research.index import catalogue as tables
from archiver.research.index import sqlite_texts
from archiver.research.index.catalogue import FORMAT, Catalogue
from archiver.research.index.engines import engine_named
from archiver.research.index.entry import entry_of
from archiver.research.index.opening import make_index
from archiver.research.index.sqlite_texts import SqliteTexts
from archiver.research.index.texts import Only
from archiver.research.query_language import parse_query
from archiver.research.search import search
from archiver.store.ledger import Place

FILES = {"sqlite": "search.sqlite", "tantivy": "search.tantivy/catalogue.sqlite"}


@pytest.fixture(params=ENGINES)
def engine(request):
    return request.param


@pytest.fixture
def archive(tmp_path, engine):
    """Two months, indexed."""
    append(tmp_path, article(1, "Bão số một", "Gió."), article(2, "Lũ số hai", "Nước."), month="2026-10")
    append(tmp_path, article(3, "Bão số ba", "Mưa."))
    make_index(tmp_path / "news", engine_named(engine), print)
    return tmp_path


def found(archive, text, told=None):
    answer = search([archive / "news"], text, tell=print if told is None else told.append)
    assert answer.total == len(answer.hits)
    return ids(answer)


def test_new_lines_are_found_without_being_told_of(archive):
    append(archive, article(4, "Bão số bốn"))
    append(archive, article(5, "Bão số năm"), month="2026-12")

    assert found(archive, "bão") == [1, 3, 4, 5]


def test_edited_article_is_found_by_its_new_words_only(archive):
    append(archive, edited(article(1, "Bão số một", "Gió."), title="Áp thấp"))

    assert (found(archive, "bão"), found(archive, "áp thấp"), found(archive, "gió")) == ([3], [1], [1])
    assert search([archive / "news"], "áp thấp").hits[0].revision == 2


def test_withdrawn_article_is_kept_and_marked(archive):
    append(archive, edited(article(1, "Bão số một", "Gió."), status="gone"))
    hits = search([archive / "news"], "bão").hits

    assert sorted((hit.id, hit.status) for hit in hits) == [("news:1", "gone"), ("news:3", "live")]


def test_article_taken_down_is_found_no_more_and_its_words_are_gone(archive, engine):
    append(archive, edited(article(2, "Lũ số hai", "Nước."), status="tombstone", title="", body=""))

    assert found(archive, "lũ") == []
    if engine == "sqlite":
        with closing(sqlite3.connect(archive / "news/cache/search.sqlite")) as index:
            index.execute("CREATE VIRTUAL TABLE word USING fts5vocab (text, row)")
            kept = {word for (word,) in index.execute("SELECT term FROM word WHERE doc > 0")}
        assert kept == {"bao", "so", "mot", "ba", "gio", "mua"}


def test_older_revision_that_comes_later_changes_nothing(archive):
    first = article(1, "Bão số một", "Gió.")
    append(archive, edited(edited(first)), month="2026-10")
    append(archive, edited(first, title="Áp thấp"))

    assert (found(archive, "bão"), found(archive, "áp thấp")) == ([1, 3], [])


def test_torn_last_line_is_read_once_it_is_whole(archive):
    line = to_line(article(4, "Bão số bốn"))
    path = archive / "news/articles/2026/2026-11.jsonl"
    with path.open("a", encoding="utf-8") as file:
        file.write(line[:50])
    before = found(archive, "bão")
    with path.open("a", encoding="utf-8") as file:
        file.write(line[50:])

    assert (before, found(archive, "bão")) == ([1, 3], [1, 3, 4])


def test_month_that_was_changed_in_place_is_read_again(archive):
    path = archive / "news/articles/2026/2026-10.jsonl"
    text = path.read_text(encoding="utf-8")
    rewrite(path, text.replace("Lũ số hai", "Nắng đẹp"))
    told = []

    assert (found(archive, "lũ", told), found(archive, "nắng", told), found(archive, "bão", told)) == ([], [2], [1, 3])
    assert told == []


def test_month_that_lost_a_line_is_read_again(archive):
    path = archive / "news/articles/2026/2026-10.jsonl"
    rewrite(path, path.read_text(encoding="utf-8").splitlines(keepends=True)[1])
    told = []

    assert (found(archive, "bão", told), found(archive, "lũ", told)) == ([3], [2])
    assert told == ["the search index of news is made anew: lines were taken out of the archive"]


def test_month_that_is_no_longer_there_is_not_searched(archive):
    (archive / "news/articles/2026/2026-10.jsonl").unlink()

    assert found(archive, "bão") == [3]


def test_older_revision_comes_back_when_the_newer_is_lost(archive):
    path = append(archive, edited(article(1, "Bão số một"), title="Áp thấp"), month="2026-12")
    assert found(archive, "áp thấp") == [1]
    path.unlink()

    assert found(archive, "bão") == [1, 3]


def test_sealed_month_is_not_read_again_and_is_found_at_its_places(archive, engine):
    index = archive / "news/cache" / FILES[engine]
    numbers = rows(index, "SELECT id, number FROM article ORDER BY id")
    seal(archive / "news/articles/2026/2026-10.jsonl")

    assert found(archive, "bão") == [1, 3]
    assert rows(index, "SELECT id, number FROM article ORDER BY id") == numbers


def rows(path, asked):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(asked).fetchall()


def test_update_reads_what_is_new_and_nothing_else(archive):
    """What was read before is put out of sight; only the file's time and length could give that away, and they stay."""
    october = archive / "news/articles/2026/2026-10.jsonl"
    stat = october.stat()
    october.write_bytes(b"x" * stat.st_size)
    os.utime(october, ns=(stat.st_mtime_ns, stat.st_mtime_ns))
    append(archive, article(4, "Bão số bốn"))
    answer = search([archive / "news"], "số")

    assert answer.total == 4
    assert ids(answer) == [3, 4]


def test_foreign_and_torn_files_are_named_and_the_rest_is_searched(archive):
    path = archive / "news/articles/2026/2026-12.jsonl"
    path.write_text('{"title": "Bão"}\nno JSON\n' + to_line(article(4, "Bão số bốn")) + '{"id": 5}\n', encoding="utf-8")
    sealed = archive / "news/articles/2026/2026-09.jsonl.gz"
    sealed.write_bytes(b"Not a member")
    (archive / "news/articles/2026/notes.txt").write_text("Bão")
    answers = [search([archive / "news"], "bão") for _ in range(2)]

    for answer in answers:
        assert ids(answer) == [1, 3, 4]
        assert len(answer.damage) == 3
        assert answer.damage[0].startswith(
            f"{archive}/news/articles/2026/notes.txt: no month of articles; it is left out"
        )
        assert answer.damage[1].startswith(f"{sealed}, byte 0: no member of a sealed month: left out.")
        assert answer.damage[2].startswith(
            f"{path}, byte 0: no line of an article (KeyError('status')) and 2 more: left out"
        )


def test_command_ends_with_7_after_what_it_could_give(archive):
    path = archive / "news/articles/2026/2026-12.jsonl"
    path.write_bytes(b"\x00\xff\n")
    ended = run("archiver", "search", "bão", "--archive", archive)

    assert (ended.code, ended.out.splitlines()[0]) == (7, "2 articles")
    assert str(path) in ended.complaint


def test_index_command_names_what_it_could_not_read(archive):
    path = archive / "news/articles/2026/2026-12.jsonl"
    path.write_bytes(b"\x00\xff\n")
    ended = run("archiver", "index", "--archive", archive)

    assert (ended.code, ended.out.count("\n")) == (7, 1)
    assert str(path) in ended.complaint


def test_an_index_that_can_stand_nowhere_is_told_in_a_line(archive):
    shutil.rmtree(archive / "news/cache", ignore_errors=True)
    (archive / "news/cache").write_text("a file")
    ended = run("archiver", "index", "--archive", archive)

    assert ended.code == 2
    assert f"{archive / 'news/cache'}: cannot be written" in ended.complaint


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(("limit", "offset"), [(2**70, 0), (2**63 - 1, 1), (20, 2**62), (10**12, 10**12)])
def test_more_hits_can_be_asked_for_than_there_are(archive, limit, offset):
    found = search([archive / "news"], "bão", limit=limit, offset=offset)

    assert (len(found.hits), found.total) == (max(2 - offset, 0), 2)


def test_mended_month_is_no_longer_complained_of(archive):
    path = archive / "news/articles/2026/2026-12.jsonl"
    path.write_bytes(b"no JSON\n")
    before = search([archive / "news"], "bão").damage
    rewrite(path, to_line(article(4, "Bão số bốn")))
    after = search([archive / "news"], "bão")

    assert len(before) == 1
    assert (ids(after), after.damage) == ([1, 3, 4], ())


@pytest.mark.parametrize("harm", ["noise", "half", "empty", "page", "format", "gone"])
def test_index_that_is_damaged_or_of_another_release_is_made_anew_with_one_line(archive, engine, harm):
    path = archive / "news/cache" / FILES[engine]
    spoil(path, harm)
    told = []

    assert found(archive, "bão", told) == [1, 3]
    assert len(told) == (0 if harm == "gone" and engine == "sqlite" else 1)
    assert all(message.startswith("the search index of news is made anew: ") for message in told)
    assert (found(archive, "bão", told), len(told)) == ([1, 3], len(told))


def spoil(path, harm):
    if harm == "gone":
        path.unlink()
    elif harm == "format":
        with closing(sqlite3.connect(path)) as connection:
            connection.execute(f"PRAGMA user_version = {FORMAT + 1}")
    elif harm == "page":  # all but the first page
        path.write_bytes(path.read_bytes()[:4096] + b"\xa5" * (path.stat().st_size - 4096))
    else:
        contents = path.read_bytes()
        path.write_bytes({"noise": b"noise " * 2000, "half": contents[: len(contents) // 2], "empty": b""}[harm])


@pytest.mark.parametrize("harm", ["meta.json", "*.store", "*.term"])
def test_damaged_folder_of_tantivy_is_made_anew(tmp_path, harm):
    append(tmp_path, article(1, "Bão số một"))
    make_index(tmp_path / "news", engine_named("tantivy"), print)
    for path in (tmp_path / "news/cache/search.tantivy/texts").glob(harm):
        path.write_bytes(b"noise")

    assert found(tmp_path, "bão", []) == [1]


def test_parts_of_tantivy_that_a_crash_left_apart_are_made_anew(tmp_path):
    append(tmp_path, article(1, "Bão số một"))
    place = make_index(tmp_path / "news", engine_named("tantivy"), print).place
    shutil.copy(place / "catalogue.sqlite", tmp_path / "before")
    append(tmp_path, article(2, "Bão số hai"))
    found(tmp_path, "bão")
    shutil.copy(tmp_path / "before", place / "catalogue.sqlite")
    told = []

    assert found(tmp_path, "bão", told) == [1, 2]
    assert len(told) == 1


def test_processes_at_once_do_no_harm(archive, engine):
    shutil.rmtree(archive / "news/cache")
    append(archive, *(article(number, f"Bão số {number}", "Mưa to. " * 50) for number in range(4, 300)))
    words = [sys.executable, "-m", "archiver"]
    made = [*words, "index", "--engine", engine, "--archive", str(archive)]
    asked = [*words, "search", "bão", "--count", "--archive", str(archive)]
    running = [
        subprocess.Popen(each, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for each in (made, asked, asked, made)
    ]
    ended = [(each.communicate(), each.returncode) for each in running]

    assert [code for _, code in ended] == [0, 0, 0, 0]
    assert [out for (out, _), _ in ended[1:3]] == ["298\n", "298\n"]
    assert found_count(archive) == 298
    assert not list((archive / "news/cache").glob("search-*"))


def found_count(archive):
    return search([archive / "news"], "bão", limit=0).total


def test_archive_that_cannot_be_written_is_searched(tmp_path):
    append(tmp_path, article(1, "Bão số một"))
    (tmp_path / "news/cache").write_text("in the way")
    told = []

    assert found(tmp_path, "bão", told) == [1]
    assert told == [f"{tmp_path / 'news/cache'} cannot be written: the search index is made for this once"]


def test_disk_that_is_full_is_told(tmp_path):
    append(tmp_path, *(article(number, f"Bão số {number}", "Mưa " * 5000) for number in range(20)))
    code = f"""
import resource, signal, sys
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
sys.argv = ["archiver", "search", "bão", "--archive", {str(tmp_path)!r}]
from archiver.cli import main
main()
"""
    ended = subprocess.run([sys.executable, "-c", code], env=environment(), capture_output=True, text=True, check=False)

    assert ended.returncode == DiskTrouble.exit_code, ended.stderr
    assert "no room for the search index" in ended.stderr
    assert not list((tmp_path / "news/cache").glob("search-*"))


def test_index_command_changes_the_engine(tmp_path):
    append(tmp_path, article(1, "Bão số một"))
    cache = tmp_path / "news/cache"
    said = [run("archiver", "index", *options, "--archive", tmp_path) for options in ([], ["--engine", "tantivy"], [])]
    standing = sorted(path.name for path in cache.iterdir())
    back = run("archiver", "index", "--engine", "sqlite", "--archive", tmp_path)

    assert [ended.code for ended in [*said, back]] == [0, 0, 0, 0]
    assert [ended.out.split(",")[0] for ended in said] == [
        f"{cache}/search.sqlite: sqlite",
        f"{cache}/search.tantivy: tantivy",
        f"{cache}/search.tantivy: tantivy",
    ]
    assert standing == ["search.lock", "search.tantivy"]
    assert sorted(path.name for path in cache.iterdir()) == ["search.lock", "search.sqlite"]


def test_unknown_engine_is_told():
    with pytest.raises(UsageError, match=r"no engine 'lucene'\. There are sqlite, which is built in, and tantivy"):
        engine_named("lucene")


def test_words_beyond_the_characters_that_there_are_are_checked_too():
    """As if Unicode ended early: the third word and those after it stand as they are."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        for statement in (*tables.SCHEMA, *sqlite_texts.SCHEMA):
            connection.execute(statement)
        catalogue = Catalogue(connection)
        texts = SqliteTexts(catalogue, last_code=4)
        for number, title in enumerate(["một hai ba bốn", "một hai ba bộn", "một hai bà bôn"], start=1):
            entry = entry_of(to_line(article(number, title)).encode())
            catalogue.put(number, entry, Place("articles/2026/2026-11.jsonl", number))
            texts.add(number, entry)
        asked = {
            text: [each.number for each in texts.best(parse_query(text), Only(), "rank", 9)]
            for text in ("hai ba bốn", "bà bôn", "một hai ba*", "bố*", "ba bộ*", "bộn OR bà")
        }
        texts.remove([1, 2, 3])
        connection.execute("CREATE VIRTUAL TABLE word USING fts5vocab (text, row)")
        left = connection.execute("SELECT count(*) FROM word WHERE doc > 0").fetchone()

    assert {text: sorted(numbers) for text, numbers in asked.items()} == {
        "hai ba bốn": [1], "bà bôn": [3], "một hai ba*": [1, 2, 3], "bố*": [1], "ba bộ*": [2], "bộn OR bà": [2, 3]
    }  # fmt: skip
    assert left == (0,)
