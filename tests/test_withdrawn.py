"""Articles that the site takes away, and gives back; and sites that are down, which take nothing away."""

import shutil
import sqlite3
from datetime import datetime

import pytest
from conftest import Reply, crawl, events, lines, reports, serving

from archiver.proof.check import check
from archiver.proof.rebuild import rebuild
from archiver.proof.verify import verify_site

SIGN_IN = "<!doctype html><html><body><h1>Đăng nhập</h1><form><input type='password' name='p'></form></body></html>"
EMPTY = (
    "<!doctype html><html><head><title>Học viện</title></head><body><div class='article-detail'></div></body></html>"
)

WAYS = {
    "not found": Reply("no", 404),
    "an empty frame": Reply(EMPTY),
    "a sign-in page": Reply(SIGN_IN),
    "led to a sign-in": Reply(status=302, headers={"Location": "/_layouts/15/Authenticate.aspx"}),
}
FOR_GOOD = "/for-good-8.htm"
SHAKY = "/shaky-9.htm"
PATHS = [f"/tin-{number}.htm" for number in range(1, 1 + len(WAYS))]
BACK = PATHS[0]


def proved(archive) -> tuple[int, int, list]:
    found = check(archive / "hcma", passed=lambda _: None)
    return found.differing, found.identical, verify_site(archive / "hcma", passed=lambda _: None).findings


def of(archive, path: str) -> list[dict]:
    id_ = f"hcma:{path.removesuffix('.htm').rpartition('-')[2]}"
    return [line for line in lines(archive, "articles") if line["id"] == id_]


def causes(archive, path: str) -> list[str]:
    return [line["change"]["cause"] for line in of(archive, path)]


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Four runs: all there; each way of being away, and two more; the same again, but for one; one is back."""
    archive = tmp_path_factory.mktemp("archive")
    runs = []
    with serving() as web:
        stay = [f"/stay-{number}.htm" for number in range(20, 32)]
        every = [*PATHS, FOR_GOOD, SHAKY, *stay]
        web.listing("/", *every)
        for path in every:
            web.article(path, title=f"Bản tin {path[1:-4]} về văn hóa đọc")
        runs.append((crawl(web, archive), len(lines(archive, "articles"))))
        web.replies.update(zip(PATHS, WAYS.values(), strict=True))
        web.replies[FOR_GOOD] = Reply("no", 410)
        web.replies[SHAKY] = Reply("no", 404)
        runs.append((crawl(web, archive), len(lines(archive, "articles"))))
        web.article(SHAKY, title=f"Bản tin {SHAKY[1:-4]} về văn hóa đọc")
        runs.append((crawl(web, archive), len(lines(archive, "articles"))))
        web.article(BACK, title=f"Bản tin {BACK[1:-4]} về văn hóa đọc")
        web.article(PATHS[1], title="Bản tin đã sửa sau khi trở lại")
        runs.append((crawl(web, archive), len(lines(archive, "articles"))))
    return archive, runs


def test_each_run_of_the_history_is_well_and_proved(history):
    archive, runs = history

    assert [ended.code for ended, _ in runs] == [0, 0, 0, 0]
    assert proved(archive) == (0, runs[-1][1], [])


@pytest.mark.parametrize("path", PATHS[2:], ids=list(WAYS)[2:])
def test_what_is_away_in_two_runs_is_gone(history, path):
    assert causes(history[0], path) == ["first", "gone"]


def test_what_is_away_for_good_is_gone_at_once(history):
    archive, runs = history

    assert causes(archive, FOR_GOOD) == ["first", "gone"]
    assert [count for _, count in runs] == [18, 19, 23, 25]


def test_what_stays_away_is_no_failure_and_is_looked_at_ever_less(history):
    archive, _ = history
    with sqlite3.connect(archive / "hcma" / "ledger.sqlite") as ledger:
        due = dict(ledger.execute("SELECT id, due FROM visit"))
    last = [events(archive)[path] for path in PATHS[2:]]

    assert [(each["outcome"], reports(archive)[-1]["failed"]) for each in last] == [("gone", 0)] * len(last)
    assert all(due[each["id"]] > datetime.fromisoformat(each["time"]).timestamp() for each in last)


def test_what_is_away_once_is_not_gone(history):
    assert causes(history[0], SHAKY) == ["first"]


def test_what_comes_back_is_a_return_and_says_whether_it_was_edited(history):
    same, edited = (of(history[0], path)[-1] for path in PATHS[:2])

    assert (same["status"], same["change"]) == ("live", {"cause": "return", "classes": []})
    assert (edited["status"], edited["change"]) == ("live", {"cause": "return", "classes": ["title"]})


def test_the_line_of_what_is_gone_keeps_the_text_and_names_the_answer_that_shows_it(history):
    first, gone = of(history[0], PATHS[2])
    own = {"revision", "supersedes", "status", "change", "fetched_at", "capture", "extractor"}

    assert {name: gone[name] for name in gone if name not in own} == {
        name: first[name] for name in first if name not in own
    }
    assert (gone["revision"], gone["supersedes"], gone["status"]) == (2, first["revision_id"], "gone")
    assert gone["extractor"]["found_by"] == {"status": "sign_in"}
    assert gone["capture"]["record_id"] not in {line["capture"]["record_id"] for line in of(history[0], PATHS[0])}


def test_the_report_counts_what_was_withdrawn(history):
    assert [report["withdrawn"] for report in reports(history[0])] == [0, 1, 4, 0]


def test_lost_lines_of_every_cause_come_back_byte_by_byte(history, tmp_path):
    archive = shutil.copytree(history[0], tmp_path / "archive")
    (file,) = (archive / "hcma" / "articles").glob("*/*.jsonl")
    before = file.read_bytes()
    file.unlink()
    found = rebuild(archive / "hcma", passed=lambda _: None)

    assert found.written == len(before.splitlines())
    assert sorted(file.read_bytes().splitlines()) == sorted(before.splitlines())


def test_a_gone_line_that_was_cut_off_comes_back(history, tmp_path):
    archive = shutil.copytree(history[0], tmp_path / "archive")
    (file,) = (archive / "hcma" / "articles").glob("*/*.jsonl")
    before = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(line for line in before if not (b'"cause":"gone"' in line and b"tin-3" in line)))
    rebuild(archive / "hcma", passed=lambda _: None)

    assert sorted(file.read_bytes().splitlines(keepends=True)) == sorted(before)


def test_a_site_that_answers_404_for_its_articles_takes_none_away(tmp_path):
    paths = [f"/tin-{number}.htm" for number in range(1, 8)]
    with serving() as web:
        web.listing("/", *paths)
        for path in paths:
            web.article(path)
        crawl(web, tmp_path)
        web.replies.update(dict.fromkeys(paths, Reply("no", 410)))
        ended = [crawl(web, tmp_path) for _ in range(2)]
        for path in paths:
            web.article(path)
        after = crawl(web, tmp_path)

    assert [each.code for each in ended] == [4, 4]
    assert "7 known articles were not there, and only 0 were" in ended[0].complaint
    assert (after.code, len(lines(tmp_path, "articles"))) == (0, 7)
    assert proved(tmp_path) == (0, 7, [])


def test_a_site_that_is_down_takes_nothing_away(tmp_path):
    with serving() as web:
        web.listing("/", "/tin-1.htm", "/tin-2.htm")
        web.article("/tin-1.htm")
        web.article("/tin-2.htm", title="Bản tin thứ hai")
        crawl(web, tmp_path)
        web.replies.clear()
        ended = [crawl(web, tmp_path) for _ in range(2)]

    assert [each.code for each in ended] == [3, 3]
    assert len(lines(tmp_path, "articles")) == 2


def test_a_page_that_flaps_gets_two_returns_and_then_only_events(tmp_path):
    with serving() as web:
        web.listing("/", "/tin-1.htm")
        for turn in range(7):
            web.article("/tin-1.htm", title=("Khai mạc hội thảo", "Bế mạc hội thảo")[turn % 2])
            ended = crawl(web, tmp_path)

    assert ended.code == 0
    assert [line["title"].split()[0] for line in lines(tmp_path, "articles")] == ["Khai", "Bế", "Khai", "Bế"]
    assert (events(tmp_path)["/tin-1.htm"]["outcome"], events(tmp_path)["/tin-1.htm"]["reason"]) == (
        "unchanged",
        "flapping",
    )
    assert reports(tmp_path)[-1]["reasons"]["unchanged"] == {"flapping": 1}
    assert proved(tmp_path) == (0, 4, [])
