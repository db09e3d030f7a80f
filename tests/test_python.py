"""An archive in Python: docs/python.md and docs/sql.md keep their word, and lines come back as articles."""

from __future__ import annotations

import doctest
import json
import os
import re
import subprocess
import sys
from dataclasses import fields
from datetime import UTC, date, datetime

import pytest
from conftest import ROOT, environment, run
from hypothesis import given
from hypothesis import strategies as st
from small_archive import FULL, append, article, edited, in_month, month_path, write_archive

import archiver
from archiver.article import Article, to_line
from archiver.errors import ArchiveDamaged, UsageError
from archiver.research.records import article_of
from archiver.store.event import Event
from archiver.store.months import members_of
from archiver.store.run_report import RunReport


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """The folder in which `my-archive` stands that the pages speak of."""
    folder = tmp_path_factory.mktemp("demo")
    ended = run("archiver", "demo", "--archive", "my-archive", "--articles", 60, cwd=folder)
    assert ended.code == 0, ended.err
    return folder


def blocks(page, language):
    return re.findall(rf"^```{language}\n(.*?)^```", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)


def test_the_page_on_python_shows_what_python_says(demo, monkeypatch):
    monkeypatch.chdir(demo)
    text = "\n".join(blocks("docs/python.md", "python"))
    page = doctest.DocTestParser().get_doctest(text, {}, "docs/python.md", "docs/python.md", 0)
    said = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.IGNORE_EXCEPTION_DETAIL)
    runner.run(page, out=said.append)

    assert len(page.examples) > 20
    assert "".join(said) == ""


@pytest.mark.parametrize("sql", blocks("docs/sql.md", "sql"), ids=lambda sql: sql[:40])
def test_the_examples_of_sql_are_answered(demo, sql):
    with archiver.open_archive(demo / "my-archive") as archive:
        assert archive.sql(sql).columns


def test_the_page_on_sql_names_every_table_and_every_column_that_no_line_has(demo):
    named = set(re.findall(r"`(\w+)`", (ROOT / "docs/sql.md").read_text()))
    with archiver.open_archive(demo / "my-archive") as archive:
        tables = {name for (name,) in archive.sql("SHOW TABLES")}
        columns = {name for table in ("articles", "events", "runs") for name, *_ in archive.sql(f"DESCRIBE {table}")}
        added = columns - {each.name for record in (Article, Event, RunReport) for each in fields(record)}

    assert tables | added <= named


def test_every_line_of_a_crawl_comes_back_as_it_was(demo):
    lines = (demo / "my-archive/hcma/articles").glob("*/*.jsonl")
    for line in (line for path in lines for line in path.read_text().splitlines(keepends=True)):
        assert to_line(article_of(json.loads(line))) == line


def test_an_article_comes_back_from_its_line():
    full = article(1)

    assert article_of(json.loads(to_line(full))) == full
    assert article_of({**full.as_dict(), "of_a_later_release": 1}) == full
    assert full.as_dict() == json.loads(to_line(full))


@given(
    st.recursive(
        st.none() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_what_is_no_article_is_told_as_damage(value):
    line = {**FULL.as_dict(), "blocks": value, "images": value, "published_at": value}
    if value not in (None, [], {}, "") or value == "":
        with pytest.raises(ArchiveDamaged, match="hcma:19239: no record of an article"):
            article_of(line)


def test_articles_are_walked_over_in_their_newest_revision(tmp_path):
    first = in_month(1, 1, title="Một")
    write_archive(
        tmp_path, first, in_month(2, 1), edited(first, title="Hai", fetched_at=datetime(2026, 3, 1, tzinfo=UTC))
    )
    archive = archiver.open_archive(tmp_path)

    assert [(each.id, each.revision) for each in archive.articles()] == [("hcma:2", 1), ("hcma:1", 2)]
    assert all(type(each) is Article for each in archive.articles())
    assert [each.title for each in archive.revisions("hcma:1")] == ["Một", "Hai"]
    assert archive.article("hcma:1").title == "Hai"


@pytest.mark.parametrize(
    ("since", "until", "ids"),
    [
        (None, None, [1, 2, 3, 4]),
        ("2026-01-02", None, [2, 3]),
        (None, "2026-01-02", [1, 2]),
        (date(2026, 1, 2), date(2026, 1, 2), [2]),
        ("2027-01-01", None, []),
    ],
)
def test_days_are_those_that_are_printed(tmp_path, since, until, ids):
    moments = ("2026-01-01T23:59:59-11:00", "2026-01-02T00:00:00+14:00", "2026-01-03T00:00:00Z", None)
    published = [datetime.fromisoformat(moment) if moment else None for moment in moments]
    write_archive(tmp_path, *(article(number, published_at=at) for number, at in enumerate(published, start=1)))
    archive = archiver.open_archive(tmp_path)

    assert [each.id for each in archive.articles(since, until)] == [f"hcma:{number}" for number in ids]
    assert list(archive.to_pandas(since, until)["id"]) == [f"hcma:{number}" for number in ids]
    archive.close()


def test_what_cannot_be_read_is_logged_and_the_rest_is_given(tmp_path, caplog):
    folder = write_archive(tmp_path, *(article(number, body="chữ " * 40_000) for number in range(6)))
    path = month_path(folder, FULL)
    path.with_name(path.name + ".gz").write_bytes(
        b"".join(members_of(path.read_bytes().splitlines(keepends=True)))[:-9]
    )
    path.unlink()
    append(folder / "articles/2026/2026-02.jsonl", to_line(article(8)) + '{"id":"hcma:9","revision":1}\n')
    found = [each.id for each in archiver.open_archive(tmp_path).articles()]

    assert found[0] == "hcma:0"
    assert found[-1] == "hcma:8"
    assert "2026-01.jsonl.gz" in caplog.text
    assert "2026-02.jsonl, byte" in caplog.text


def test_what_cannot_be_used_is_told(tmp_path):
    write_archive(tmp_path, article(1))
    archive = archiver.open_archive(tmp_path)
    for wrong, says in (
        (lambda: list(archive.articles(since="yesterday")), "Write it as 2026-11-22"),
        (lambda: list(archive.articles(site="hcmx")), "There is: hcma"),
        (lambda: archive.article("hcma:2"), "Nearest: hcma:1"),
        (lambda: archiver.open_archive(tmp_path / "hcma"), "no archive of a site in it"),
        (lambda: archive.search("(a"), ""),
    ):
        with pytest.raises(UsageError) as refusal:
            wrong()
        assert says in str(refusal.value)


@pytest.mark.parametrize(
    ("package", "asked"), [("pandas", "to_pandas"), ("polars", "to_polars"), ("pyarrow", "to_polars")]
)
def test_a_package_that_is_not_installed_is_named(tmp_path, package, asked):
    write_archive(tmp_path, article(1))
    (tmp_path / f"{package}.py").write_text("raise ImportError('not installed')")
    program = f"import archiver\ntry:\n archiver.open_archive('.').{asked}()\nexcept archiver.errors.UsageError as e: print(e)"
    path = f"{tmp_path}{os.pathsep}{ROOT}"
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=tmp_path, env=environment(PYTHONPATH=path), capture_output=True, check=True
    )

    assert f"pip install {'pandas' if package == 'pandas' else 'polars pyarrow'}" in said.stdout.decode()


def test_importing_archiver_imports_nothing_else_of_weight():
    program = "import sys, archiver; print([name for name in ('lxml', 'scrapy', 'duckdb', 'pandas', 'sqlite3', 'bs4') if name in sys.modules])"

    assert (
        subprocess.run([sys.executable, "-c", program], env=environment(), capture_output=True, check=True).stdout
        == b"[]\n"
    )
