"""query, stats and show: what they print, and how they end."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import signal
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from conftest import ROOT, Ended, environment, run
from small_archive import FULL, append, article, edited, month_path, write_archive

from archiver import open_archive
from archiver.article import Attachment, Block, Extractor, to_line
from archiver.cli import main

FIRST = article(1, title="Một", published_at=datetime.fromisoformat("2026-01-01T00:30:00+07:00"))


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    root = tmp_path_factory.mktemp("archive")
    second = edited(FIRST, title="Hai")
    write_archive(
        root,
        FIRST,
        second,
        edited(second, "gone", status="gone"),
        article(2, title="=1+1|\x1b[31m\u202e", section=None),
    )
    return root


@pytest.fixture
def asked(monkeypatch, capsys):
    """The command line in this process: how it ends, what it says."""

    def asked(archive, *words):
        monkeypatch.setattr(sys, "argv", ["archiver", *map(str, words), "--archive", str(archive)])
        with pytest.raises(SystemExit) as ended:
            main()
        return Ended(ended.value.code, *capsys.readouterr())

    return asked


@pytest.fixture
def query(asked):
    return lambda archive, sql, *words: asked(archive, "query", sql, *words)


FEW = "SELECT id, title, published_on, tags, comment_count, NULL AS nothing FROM articles ORDER BY id"


def test_a_table_by_default(archive, query):
    ended = query(archive, "SELECT id, published_on, revision FROM articles ORDER BY id")

    assert ended.code == 0
    assert [line.split() for line in ended.out.splitlines()] == [
        ["id", "published_on", "revision"],
        ["─" * len(ended.out.splitlines()[1].strip())],
        ["hcma:1", "2026-01-01", "3"],
        ["hcma:2", "2026-01-01", "1"],
    ]


def test_json_is_one_array_of_rows(archive, query):
    ended = query(archive, FEW, "--json")

    assert json.loads(ended.out) == [
        {
            "id": "hcma:1",
            "title": "Hai",
            "published_on": "2026-01-01",
            "tags": ["chính trị", "hội thảo"],
            "comment_count": 1,
            "nothing": None,
        },
        {
            "id": "hcma:2",
            "title": "=1+1|\x1b[31m\u202e",
            "published_on": "2026-01-01",
            "tags": ["chính trị", "hội thảo"],
            "comment_count": 1,
            "nothing": None,
        },
    ]
    assert json.loads(query(archive, "SELECT 1 WHERE false", "--json").out) == []


def test_json_lines_are_one_row_a_line(archive, query):
    lines = query(archive, "SELECT id, id FROM articles ORDER BY ALL", "--format", "jsonl").out.splitlines()

    assert [json.loads(line) for line in lines] == [{"id": f"hcma:{n}", "id_1": f"hcma:{n}"} for n in (1, 2)]


def test_csv_computes_nothing_in_a_spreadsheet(archive, query):
    rows = list(csv.reader(io.StringIO(query(archive, FEW, "--format", "csv").out, newline="")))

    assert rows[0] == ["id", "title", "published_on", "tags", "comment_count", "nothing"]
    assert rows[1] == ["hcma:1", "Hai", "2026-01-01", '["chính trị", "hội thảo"]', "1", ""]
    assert rows[2][1] == "'=1+1|\x1b[31m\u202e"
    assert list(csv.reader(query(archive, "SELECT -1 AS n, '-1' AS t", "--format", "csv").out.splitlines()))[1] == [
        "-1",
        "'-1",
    ]


def test_markdown_has_a_row_a_line_whatever_stands_in_a_cell(archive, query):
    ended = query(archive, "SELECT title, 'a\nb' AS x FROM articles ORDER BY id", "--format", "markdown")

    assert ended.out.splitlines() == ["| title | x |", "| --- | --- |", "| Hai | a b |", "| =1+1\\| [31m | a b |"]


def test_nothing_that_steers_a_terminal_reaches_a_table(archive, query, asked):
    out = (
        query(archive, "SELECT title FROM articles").out
        + asked(archive, "show", "hcma:2").out
        + asked(archive, "stats").out
    )

    assert "=1+1|" in out
    assert "\x1b" not in out
    assert "\u202e" not in out


@pytest.mark.parametrize(
    ("value", "json_value"),
    [
        ("1.5::DECIMAL(4, 1)", 1.5),
        ("'NaN'::DOUBLE", None),
        ("DATE '2026-01-01'", "2026-01-01"),
        ("TIMESTAMP '2026-01-01 10:00:00'", "2026-01-01T10:00:00"),
        ("TIME '10:00:00'", "10:00:00"),
        ("INTERVAL 1 DAY", "1 day, 0:00:00"),
        ("MAP {1: 'a'}", {"1": "a"}),
        ("{'a': [DATE '2026-01-01']}", {"a": ["2026-01-01"]}),
        ("'\\x41'::BLOB", "41"),
        ("170141183460469231731687303715884105727::HUGEINT", 170141183460469231731687303715884105727),
        ("true", True),
    ],
)
def test_every_value_has_a_form_in_json(archive, value, json_value, query):
    assert json.loads(query(archive, f"SELECT {value} AS x", "--json").out) == [{"x": json_value}]


def test_a_long_answer_is_cut_in_a_table_only_and_that_is_told(archive, query):
    shown = query(archive, "SELECT i FROM range(1250) AS t(i)").out.splitlines()

    assert len(shown) == 2 + 100 + 1
    assert shown[-1] == "… and 1,150 rows more. All of them: --format csv"
    assert len(query(archive, "SELECT i FROM range(1250) AS t(i)", "--format", "csv").out.splitlines()) == 1251


@pytest.mark.parametrize(
    ("name", "begins"),
    [
        ("a.csv", "id\n"),
        ("a.json", "[\n{"),
        ("a.jsonl", '{"id"'),
        ("a.md", "| id |"),
        ("a.txt", "id"),
        ("A.CSV", "id\n"),
    ],
)
def test_a_file_has_the_format_of_its_name(archive, tmp_path, name, begins, query):
    ended = query(archive, "SELECT id FROM articles", "--out", tmp_path / name)

    assert (ended.code, ended.out) == (0, "")
    assert (tmp_path / name).read_text().startswith(begins)
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_a_table_in_a_file_has_all_rows(archive, tmp_path, query):
    query(archive, "SELECT i FROM range(300) AS t(i)", "--out", tmp_path / "n.txt")

    assert len((tmp_path / "n.txt").read_text().splitlines()) == 2 + 300


def test_columns_of_one_name_are_numbered_until_the_name_is_free(archive, query):
    ended = query(archive, "SELECT 1 AS a, 2 AS a, 3 AS a_1, 4 AS a", "--json")

    assert json.loads(ended.out) == [{"a": 1, "a_2": 2, "a_1": 3, "a_3": 4}]


@pytest.mark.parametrize("memory", ["16MB", "64TB", "1.5 GiB"])
def test_memory_within_bounds_is_taken(archive, memory, query):
    assert query(archive, "SELECT 1 AS one", "--memory", memory).code == 0


def test_sql_may_come_by_standard_input(archive):
    words = ("query", "-", "--format", "jsonl", "--archive", archive)

    assert run("archiver", *words, stdin="SELECT 'chữ' AS x".encode()).out == '{"x": "chữ"}\n'


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("query", "SELECT titel FROM articles"), "SQL, line 1, column 8: no column 'titel'. Nearest: title"),
        (("query", "SELECT id FROM articles WHER id"), "SQL, line 1, column"),
        (("query", "COPY articles TO 'x.csv'"), "only SELECT is let through"),
        (("query", "SELECT 1", "--format", "xml"), "Known: table, csv, json, jsonl, markdown"),
        (("query", "SELECT 1", "--format", "csv", "--json"), "two formats"),
        (("query", "SELECT 1", "--memory", "much"), "Write it as 2GB"),
        (("query", "SELECT 1", "--out", "README.md"), "is there already"),
        (("query", "SELECT 1", "--out", "n.tsv"), "Known endings: .csv, .json, .jsonl, .md, .txt"),
        (("query", "SELECT 1", "--memory", "1KB"), "Give 16MB to 64TB"),
        (("query", "SELECT 1", "--memory", "99999999999TB"), "Give 16MB to 64TB"),
        (("query", "SELECT ?"), "no value is given for each ?"),
        (("query", "SELECT 1", "--out", "no/such/folder.csv"), "Make its folder first"),
        (("query",), "SQL"),
        (("show", "hcma:11"), "Nearest: hcma:1"),
        (("show", "hcma:1", "--revision", "9"), "no revision 9, but 1 to 3"),
        (("show", "hcma:1", "--revision", "0"), "no revision 0, but 1 to 3"),
        (("stats", "hcmx"), "There is: hcma"),
    ],
)
def test_what_cannot_be_used_is_exit_2_and_one_line(archive, words, says, asked):
    ended = asked(archive, *words)

    assert ended.code == 2
    assert says in ended.err
    assert ended.err.count("\n") == 1, ended.err


def test_lines_that_are_none_are_named_and_the_rest_is_answered_with_exit_code_7(tmp_path, asked):
    folder = write_archive(tmp_path, article(1))
    append(month_path(folder, FULL), "no JSON\n")
    for words in (("query", "SELECT id FROM articles", "--format", "csv"), ("stats",)):
        ended = asked(tmp_path, *words)

        assert ended.code == 7
        assert "hcma/articles/2026/2026-01.jsonl: 1 line is left out" in ended.complaint
        assert "hcma" in ended.out


def test_without_duckdb_the_extra_is_named(archive, tmp_path):
    (tmp_path / "duckdb.py").write_text("raise ImportError('not installed')")
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    for words in (("query", "SELECT 1"), ("stats",)):
        ended = run("archiver", *words, "--archive", archive, PYTHONPATH=path)

        assert ended.code == 2
        assert "pip install 'archiver[query]'" in ended.complaint
    assert run("archiver", "show", "hcma:1", "--archive", archive, PYTHONPATH=path).code == 0


def test_a_full_disk_is_exit_code_6_and_leaves_an_archive_that_answers(asked, tmp_path):
    write_archive(tmp_path, *(article(number, body=os.urandom(500).hex()) for number in range(300)))
    program = "import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (50_000, 50_000)); from archiver.cli import main; main()"
    words = ["query", "SELECT count(*) AS n FROM articles", "--archive", tmp_path, "--format", "csv"]
    ended = subprocess.run([sys.executable, "-c", program, *words], env=environment(), capture_output=True, check=False)

    assert ended.returncode == 6
    assert b"cache/tables: cannot be written" in ended.stderr
    assert ended.stderr.count(b"\n") == 1
    assert asked(tmp_path, *words[:2], "--format", "csv").out == "n\n300\n"


@pytest.mark.parametrize("out", ["x.csv", None], ids=["file", "standard output"])
def test_ctrl_c_ends_a_question_that_would_take_for_ever(archive, tmp_path, out):
    sql = "SELECT sum(a.range * b.range % 7) FROM range(1000000000) AS a, range(1000) AS b"
    command = [
        sys.executable,
        "-m",
        "archiver",
        "query",
        sql,
        "--archive",
        archive,
        *(["--out", tmp_path / out] if out else []),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as asking:
        while processor_seconds(asking.pid) < 3:  # by then it counts
            with suppress(subprocess.TimeoutExpired):
                asking.wait(0.05)
        asking.send_signal(signal.SIGINT)
        said, told = asking.communicate(timeout=30)

    assert asking.returncode == 130
    assert (said, told) == (b"", b"")
    assert list(tmp_path.iterdir()) == []


def processor_seconds(pid):
    ticks = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return int(ticks[11]) / os.sysconf("SC_CLK_TCK")


def test_many_may_ask_at_once_where_nothing_is_cached_yet(tmp_path):
    write_archive(tmp_path, *(article(number) for number in range(300)))
    command = [
        sys.executable,
        "-m",
        "archiver",
        "query",
        "SELECT count(*) AS n FROM articles",
        "--json",
        "--archive",
        tmp_path,
    ]
    asking = [subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE) for _ in range(4)]
    answers = [each.communicate(timeout=60)[0] for each in asking]

    assert [json.loads(answer) for answer in answers] == [[{"n": 300}]] * 4
    left = sorted(path.name.partition(".")[0] for path in (tmp_path / "hcma/cache/tables").iterdir())
    assert left == ["articles", "kept", "reading", "refreshing", "superseded"]


def test_stats_count_what_is_there(archive, asked):
    (told,) = json.loads(asked(archive, "stats", "--json").out)

    assert told["site"] == "hcma"
    assert (told["articles"], told["revisions"], told["edits"], told["edited"], told["gone"]) == (2, 4, 1, 1, 1)
    assert told["statuses"] == [{"name": "gone", "count": 1}, {"name": "live", "count": 1}]
    assert told["months"] == [{"name": "2026-01", "count": 2}]
    assert told["coverage"]["title"] == 1.0
    assert told["coverage"]["section"] == 0.5
    assert told["coverage"]["captions"] == 1.0
    assert told["authors"] == [{"name": "Đức Mạnh", "count": 2}]
    assert told["units"] == [{"name": "BBT", "count": 2}]
    assert told["sections"] == [{"name": "Thời sự", "count": 1}]
    assert told["edit_classes"] == {"title": 1}
    assert told["attachments"] == [{"name": "application/pdf", "count": 2}]
    assert told["median_characters"] == len(FULL.body)
    assert told["sizes"]["articles"] > 1_000


def test_stats_of_an_archive_without_articles(tmp_path, asked):
    write_archive(tmp_path)
    ended = asked(tmp_path, "stats")

    assert ended.code == 0
    assert "0 articles; 0 revisions" in ended.out


def test_months_without_articles_are_counted_too(tmp_path, asked):
    moments = ("2025-11-30T10:00:00+07:00", "2026-02-01T10:00:00+07:00")
    articles = [article(n, published_at=datetime.fromisoformat(at)) for n, at in enumerate(moments)]
    write_archive(tmp_path, *articles, article(3, published_at=None))
    (told,) = json.loads(asked(tmp_path, "stats", "--json").out)
    shown = asked(tmp_path, "stats").out

    assert [(month["name"], month["count"]) for month in told["months"]] == [
        ("2025-11", 1),
        ("2025-12", 0),
        ("2026-01", 0),
        ("2026-02", 1),
    ]
    assert told["undated"] == 1
    assert "2025          1  0 0 0 0 0 0 0 0 0 0 1 0" in shown


def on_a_terminal(*words):
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "archiver", *map(str, words)]
    subprocess.run(command, cwd=ROOT, stdout=end, check=True, env=environment(TERM="xterm", COLUMNS="100"))
    os.close(end)
    shown = b""
    try:
        while more := os.read(terminal, 65_536):
            shown += more
    except OSError:  # the other end is closed
        os.close(terminal)
    return shown.decode()


def test_stats_have_plots_on_a_terminal_only(archive, asked):
    plots = "█"

    assert plots in on_a_terminal("stats", "--archive", archive)
    assert plots not in asked(archive, "stats").out


def test_show_tells_an_article_as_it_is_read(tmp_path, asked):
    file = Attachment(url="https://hcma.vn/a.pdf", title="Thông báo")
    write_archive(tmp_path, article(5, attachments=(file,)))
    lines = asked(tmp_path, "show", "hcma:5").out.splitlines()

    assert lines == [
        'Hội thảo "chính trị" ở Đồng Nai',
        "hcma:5, live, revision 1 of 1: first",
        "2026-01-01 00:30:00+07:00, Tin tức › Thời sự, vi",
        "https://hcma.vn/tin-5.htm",
        "",
        "Sáng 1/1, hội thảo khai mạc.",
        "",
        "Mục",
        "",
        "    1. Một",
        "    2. Hai",
        "",
        "A | B",
        "C |",
        "",
        "    “Lời nói”",
        "",
        "    [picture 1] Toàn cảnh (Đức Mạnh)",
        "    https://hcma.vn/a.jpg",
        "",
        "    [embedded] Phim https://video.example/1",
        "",
        "credit    Tin: BBT; ảnh: Đức Mạnh",
        "names     Đức Mạnh (photo), BBT (text)",
        "tags      chính trị, hội thảo",
        "attached  Thông báo https://hcma.vn/a.pdf",
        "latest    Tin khác https://hcma.vn/tin-1.htm",
        "fetched   2026-01-02T03:04:05Z",
        "capture   captures/2026/01/hcma-20260102T030000Z-00001.warc.gz, byte 1, 2 bytes, status 200, sha1:ABC",
        "doubt     zone_assumed: the page states no offset from UTC: the time may be hours off",
    ]


def test_show_tells_any_revision_and_its_line_as_json(archive, asked):
    assert asked(archive, "show", "hcma:1", "--revision", 1).out.startswith(
        "Một\nhcma:1, live, revision 1 of 3: first\n"
    )
    assert asked(archive, "show", "hcma:1").out.startswith("Hai\nhcma:1, gone, revision 3 of 3: gone\n")
    assert json.loads(asked(archive, "show", "hcma:1", "--revision", 1, "--json").out) == [json.loads(to_line(FIRST))]


def test_show_of_an_article_with_nothing_but_a_title(tmp_path, asked):
    empty = article(
        6,
        lead="", published_at=None, body="", blocks=(Block(type="image", image=7), Block(type="table")), images=(),
        authors=(), credit_line="", section=None, categories=(), tags=(), attachments=(), related=(), capture=None,
        quality=(), language=None,
    )  # fmt: skip
    write_archive(tmp_path, empty)
    ended = asked(tmp_path, "show", "hcma:6")

    assert ended.code == 0
    assert ended.out.splitlines()[2] == "no time"


def test_show_of_an_article_that_was_taken_down_has_none_of_its_text(asked, tmp_path):
    empty = {
        "title": "",
        "lead": "",
        "body": "",
        "blocks": (),
        "images": (),
        "authors": (),
        "related": (),
        "capture": None,
    }
    found_by = Extractor(found_by={"status": "court_order", "level": "hide"})
    gone = edited(FIRST, "takedown", **empty, status="tombstone", extractor=found_by)
    write_archive(tmp_path, FIRST, replace(gone, url="", credit_line="", tags=(), attachments=()))

    assert asked(tmp_path, "show", "hcma:1").out.splitlines()[:2] == [
        "(without a title)",
        "hcma:1, tombstone, revision 2 of 2: takedown: court_order",
    ]
    ended = asked(tmp_path, "show", "hcma:1", "--revision", 1)
    assert (ended.code, ended.out) == (2, "")
    assert "was taken down" in ended.err
    assert [each.status for each in open_archive(tmp_path).revisions("hcma:1")] == ["tombstone"]


def test_show_wraps_on_a_terminal(archive):
    shown = on_a_terminal("show", "hcma:1", "--archive", archive)

    assert max(len(line) for line in shown.splitlines()) < 130
    assert "\x1b[1mHai" in shown
