"""A takedown that was begun and cut off: the text stands in the files still, and nobody is shown it or given it."""

import json
import shutil

import pytest
from browsing import ask, browsing
from conftest import run, serving
from taking_down import CAPTION, EDITED, ID, SECRETS, TITLE, cut_off, grow, places_of, take_down

import archiver
from archiver.proof.verify import verify_site
from archiver.store.months import months

ROWS = f"SELECT title, body, url FROM revisions WHERE id = '{ID}'"


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    """With an index, tables and a catalog that are fresh and have the article."""
    archive = tmp_path_factory.mktemp("grown")
    with serving() as web:
        grow(web, archive)
    found = searched(archive)
    rows = run("archiver", "query", ROWS, "--json", "--archive", archive)
    with browsing(archive) as url:
        assert TITLE in ask(url, f"/history/{ID}").text
    assert (found.code, rows.code, ID in found.out) == (0, 0, True), found.err
    assert any(row["body"] for row in json.loads(rows.out))
    return archive


@pytest.fixture
def archive(grown, tmp_path):
    return shutil.copytree(grown, tmp_path / "archive")


def searched(archive):
    return run("archiver", "search", '"Trần Thị Nở"', "--json", "--archive", archive)


def findings(archive):
    return [finding.message for finding in verify_site(archive / "hcma", passed=lambda _: None).findings]


@pytest.mark.parametrize("level", ["hide", "text", "erase"])
@pytest.mark.parametrize("formats", ["jsonl", "jsonl,wacz", "csv"])
def test_nothing_is_handed_over(archive, tmp_path, level, formats):
    cut_off(archive / "hcma", level)
    ended = run("archiver", "export", "--format", formats, "--out", tmp_path / "out", "--archive", archive)

    assert ended.code == 7
    assert f"a takedown of {ID} was begun and is not done. Run: archiver repair" in ended.complaint
    assert not (tmp_path / "out").exists()


def test_neither_search_nor_sql_nor_python_shows_it(archive):
    cut_off(archive / "hcma")
    found = searched(archive)
    rows = run("archiver", "query", ROWS, "--json", "--archive", archive)
    events = run("archiver", "query", f"SELECT url FROM events WHERE id = '{ID}'", "--json", "--archive", archive)
    articles = {each.id: each for each in archiver.open_archive(archive).articles()}

    assert [each.code for each in (found, rows, events)] == [0] * 3, found.err
    assert not any(secret in found.out for secret in SECRETS)
    assert {tuple(row.values()) for row in json.loads(rows.out)} == {("", "", "")}
    assert {row["url"] for row in json.loads(events.out)} == {""}
    assert (articles[ID].status, articles[ID].title, articles[ID].body) == ("tombstone", "", "")
    assert len(articles) == 6


def test_the_page_that_is_open_already_shows_it_no_longer(archive):
    views = [
        "/",
        f"/article/{ID}",
        f"/history/{ID}",
        f"/capture/{ID}",
        "/?format=json",
        f"/history/{ID}?format=json",
    ]
    with browsing(archive) as url:
        before = [ask(url, view) for view in views]
        found = [ask(url, "/?q=%22Tran+Thi+No%22").text]
        captured = [ask(url, f"/{kind}/{ID}?revision=2").status for kind in ("stored", "record")]
        cut_off(archive / "hcma")
        after = [ask(url, view) for view in views]
        found.append(ask(url, "/?q=%22Tran+Thi+No%22").text)
        refused = [
            ask(url, f"/{kind}/{ID}{which}").status for kind in ("stored", "record") for which in ("", "?revision=2")
        ]

    assert captured == [200, 200]
    assert [f'href="/article/{ID}"' in text for text in found] == [True, False]
    assert {answer.status for answer in (*before, *after)} == {200}
    assert [any(secret in answer.text for secret in SECRETS) for answer in before] == [True] * len(views)
    assert not any(secret in answer.text for answer in after for secret in SECRETS)
    assert refused == [404, 400, 404, 400]


@pytest.mark.parametrize("level", ["text", "erase"])
def test_it_is_done_by_a_repair_though_ledger_and_reports_are_lost(archive, level):
    site = archive / "hcma"
    cut_off(site, level)
    for path in (*site.glob("ledger.sqlite"), *site.glob("ledger.sqlite-*"), *site.glob("runs/*")):
        path.unlink()
    ended = run("archiver", "repair", "--archive", archive)
    again = run("archiver", "repair", "--archive", archive)
    others = [raw for month in months(site, "articles") for _, raw in month.lines() if b'"id":"hcma:2"' in raw]

    assert (ended.code, again.code) == (0, 0), ended.out + ended.err
    assert len(others) == 1
    assert findings(archive) == []
    # At text captures stay, and the teaser that another article's line has in `related`.
    secrets = SECRETS if level == "erase" else (EDITED, CAPTION)
    assert [place for place in places_of(archive, *secrets) if level == "erase" or "/captures/" not in place] == []


def test_a_line_of_it_that_was_moved_aside_later_is_told_by_verify_and_emptied_by_repair(archive):
    site = archive / "hcma"
    lines = [raw for month in months(site, "articles") for _, raw in month.lines()]
    other, line = lines[1], lines[-1]
    assert [f'"id":"{ID}"'.encode() in raw for raw in (other, line)] == [False, True]
    events = [raw for month in months(site, "events") for _, raw in month.lines()]
    event = next(raw for raw in events if f'"id":"{ID}"'.encode() in raw)
    shutil.copy(site / "ledger.sqlite", site / "ledger.sqlite.kept")
    assert take_down(archive, "erase", "--teasers").code == 0
    torn = site / "articles/2026/2026-11.jsonl.torn-7"
    torn.write_bytes(other + line + line[: len(line) // 2])
    (site / "events/2026/2026-11.jsonl.torn-7").write_bytes(event)
    (site / "ledger.sqlite.kept").rename(site / "ledger.sqlite.torn-7")
    told = findings(archive)
    ended = run("archiver", "repair", "--archive", archive)

    assert told == [
        f"{torn}, byte {at}: {ID} was taken down, and what was moved aside here has its text. Run: archiver repair"
        for at in (len(other), len(other) + len(line))
    ]
    assert (ended.code, findings(archive), places_of(archive, *SECRETS)) == (0, [], []), ended.out
    assert torn.read_bytes().startswith(other)
    assert torn.stat().st_size == len(other) + len(line) + len(line) // 2
