"""Runs after the first: what is new is added, what is the same is not, what is another's is refused."""

from __future__ import annotations

import contextlib
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Reply, article_page, crawl, environment, events, lines, reports, run, serving

from archiver.errors import ArchiveDamaged
from archiver.proof.check import check
from archiver.store.archive import hold
from archiver.store.warc import stored

if TYPE_CHECKING:
    from pathlib import Path


def small_site(web) -> None:
    web.listing("/", "/a-1.htm", "/b-2.htm")
    web.article("/a-1.htm")
    web.article("/b-2.htm", title="Bản tin thứ hai")


def everything_in(folder: Path) -> dict[str, bytes]:
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file()}


def test_a_second_run_over_an_unchanged_site_writes_no_article_line(web, tmp_path):
    small_site(web)
    crawl(web, tmp_path)
    before = lines(tmp_path, "articles")
    ended = crawl(web, tmp_path)

    assert ended.code == 0
    assert lines(tmp_path, "articles") == before
    assert events(tmp_path)["/a-1.htm"]["outcome"] == "unchanged"


def test_the_same_site_on_another_port_is_unchanged(web, tmp_path):
    web.original = "http://the-newsroom.test/"
    small_site(web)
    crawl(web, tmp_path)
    with serving() as moved:
        moved.original = web.original
        small_site(moved)
        ended = crawl(moved, tmp_path)

    assert ended.code == 0, ended.err
    assert len(lines(tmp_path, "articles")) == 2
    assert reports(tmp_path)[-1]["articles"] == {"new": 0, "changed": 0, "unchanged": 2}


EDITS = {
    "title": {"title": "Bế mạc hội thảo về văn hóa đọc"},
    "time": {"time": "15:00 17/04/2025"},
    "lead": {"body": "Sáng 17/4, thư viện huyện mở hội thảo về văn hóa đọc, có hơn ba trăm người từ các xã dự."},
    "title, boring": {"title": "Khai mạc hội thảo về văn hóa-đọc"},
}


@pytest.fixture(scope="module")
def edited(tmp_path_factory) -> Path:
    archive = tmp_path_factory.mktemp("archive")
    paths = [f"/tin-{number}.htm" for number in range(1, 1 + len(EDITS))]
    with serving() as web:
        web.listing("/", *paths)
        for path in paths:
            web.article(path)
        crawl(web, archive)
        for path, parts in zip(paths, EDITS.values(), strict=True):
            web.article(path, **parts)
        crawl(web, archive)
    return archive


@pytest.mark.parametrize(("number", "classes"), list(enumerate(EDITS, start=1)), ids=list(EDITS))
def test_an_edit_is_the_next_revision_and_says_what_differs(edited, number, classes):
    first, second = (line for line in lines(edited, "articles") if line["id"] == f"hcma:{number}")

    assert (second["revision"], second["supersedes"]) == (2, first["revision_id"])
    assert second["change"] == {"cause": "edit", "classes": classes.split(", ")}
    assert second["first_seen_at"] == first["first_seen_at"]


def test_the_event_of_an_edit_says_what_differs(edited):
    event = events(edited)["/tin-1.htm"]

    assert (event["outcome"], event["message"]) == ("changed", "title")


def test_an_address_of_an_earlier_line_stays_an_alias(web, tmp_path):
    web.listing("/", "/old-1.htm")
    web.article("/old-1.htm")
    crawl(web, tmp_path)
    web.listing("/", "/new-1.htm")
    web.article("/new-1.htm", title="Bản tin với tên mới")
    web.redirect("/old-1.htm", "/new-1.htm")
    crawl(web, tmp_path)

    assert lines(tmp_path, "articles")[-1]["aliases"] == [f"{web.url}/old-1.htm"]


def test_another_origin_is_refused_and_nothing_is_written(web, tmp_path):
    web.original = "http://first.test/"
    small_site(web)
    crawl(web, tmp_path)
    before = everything_in(tmp_path)
    web.original = "http://second.test/"
    ended = crawl(web, tmp_path)

    assert ended.code == 2
    assert "is an archive of http://first.test, not of http://second.test" in ended.complaint
    assert everything_in(tmp_path) == before


def test_an_archive_that_another_run_holds_is_left_alone(web, tmp_path):
    small_site(web)
    with hold(tmp_path / "hcma"):
        ended = crawl(web, tmp_path)

    assert ended.code == 75
    assert "another run holds it" in ended.complaint
    assert web.asked == []


def test_a_site_that_does_not_answer_is_exit_3_with_an_event(tmp_path):
    with serving() as web:
        pass  # its port is closed now
    ended = crawl(web, tmp_path, "-s", "RETRY_ENABLED=False")

    assert ended.code == 3
    assert "connection_refused" in ended.complaint
    assert events(tmp_path)["/"]["reason"] == "connection_refused"


def test_a_site_whose_robots_txt_forbids_everything_is_exit_3(web, tmp_path):
    small_site(web)
    web.replies["/robots.txt"] = Reply("User-agent: *\nDisallow: /", headers={})
    ended = crawl(web, tmp_path)

    assert ended.code == 3
    assert web.asked == ["/robots.txt"]


def test_robots_txt_that_answers_with_an_error_of_the_server_forbids_everything(web, tmp_path):
    small_site(web)
    web.replies["/robots.txt"] = Reply("<html>down for maintenance", 503)
    ended = crawl(web, tmp_path, "-s", "RETRY_ENABLED=False")

    assert ended.code == 3
    assert web.asked == ["/robots.txt"]
    assert events(tmp_path)["/"]["reason"] == "robots_unreachable"
    assert "status 503. RFC 9309" in events(tmp_path)["/"]["message"]


def test_robots_txt_that_is_cut_off_forbids_everything(web, tmp_path):
    small_site(web)
    web.replies["/robots.txt"] = Reply("User-agent: *", headers={"Content-Length": "4000", "Connection": "close"})
    ended = crawl(web, tmp_path, "-s", "RETRY_ENABLED=False", "-s", "DOWNLOAD_TIMEOUT=2")

    assert ended.code == 3
    assert events(tmp_path)["/"]["reason"] == "robots_unreachable"
    assert "Traceback" not in ended.err


def test_robots_txt_that_does_not_exist_forbids_nothing_whatever_its_page_says(web, tmp_path):
    small_site(web)
    web.replies["/robots.txt"] = Reply("User-agent: *\nDisallow: /", 404)
    ended = crawl(web, tmp_path)

    assert ended.code == 0
    assert len(lines(tmp_path, "articles")) == 2


def test_a_full_run_with_fewer_articles_than_expected_is_exit_4(web, tmp_path):
    web.listing("/")
    ended = run("archiver", "crawl", "hcma", "--base-url", web.url, "--archive", tmp_path)

    assert ended.code == 4
    assert "0 articles seen, at least 1 expected" in ended.complaint


def test_too_many_failed_fetches_are_exit_5(web, tmp_path):
    paths = [f"/broken-{number}.htm" for number in range(11)]
    web.listing("/", *paths)
    web.replies.update(dict.fromkeys(paths, Reply("oops", 403)))
    ended = crawl(web, tmp_path)

    assert ended.code == 5


def test_max_pages_bounds_what_is_fetched_and_the_next_run_goes_on_with_what_is_left(web, tmp_path):
    small_site(web)
    command = ["archiver", "crawl", "hcma", "--base-url", web.url, "--archive", tmp_path, "--max-pages", 2]
    first = run(*command)

    assert first.code == 0
    assert web.asked == ["/robots.txt", "/", "/a-1.htm"]
    assert reports(tmp_path)[0]["left"] == 1

    web.asked.clear()
    second = run(*command)

    assert second.code == 0
    assert web.asked == ["/robots.txt", "/b-2.htm"]
    assert [(report["went_on"], report["left"]) for report in reports(tmp_path)] == [(False, 1), (True, 0)]


def test_pages_that_robots_txt_forbids_do_not_count_as_pages(web, tmp_path):
    web.listing("/", "/a-1.htm", "/b-2.htm", "/c-3.htm")
    web.article("/c-3.htm")
    web.replies["/robots.txt"] = Reply("User-agent: *\nDisallow: /a\nDisallow: /b", headers={})
    run("archiver", "crawl", "hcma", "--base-url", web.url, "--archive", tmp_path, "--max-pages", 2)

    assert web.asked == ["/robots.txt", "/", "/c-3.htm"]


def test_since_and_until_are_days_in_the_sites_zone(web, tmp_path):
    web.listing("/", "/early-1.htm 23:59 16/04/2025", "/in-2.htm", "/late-3.htm 00:00 18/04/2025", "/undated-4.htm")
    web.article("/in-2.htm", time="00:01 17/04/2025")
    web.article("/undated-4.htm", time="23:59 16/04/2025")
    crawl(web, tmp_path, "--since", "2025-04-17", "--until", "17/04/2025")
    reasons = {path: event["reason"] for path, event in events(tmp_path).items()}

    assert reasons == {
        "/": None,
        "/early-1.htm": "before_since",
        "/in-2.htm": None,
        "/late-3.htm": "after_until",
        "/undated-4.htm": "before_since",
    }
    assert "/early-1.htm" not in web.asked


def test_a_listing_older_than_since_is_not_paged_further(web, tmp_path):
    web.listing("/", "/a-1.htm 10:00 20/04/2025", "/?page=2")
    web.article("/a-1.htm", time="10:00 20/04/2025")
    web.listing("/?page=2", "/b-2.htm 10:00 01/04/2025", "/?page=3")
    crawl(web, tmp_path, "--since", "2025-04-10")

    assert "/?page=2" in web.asked
    assert "/?page=3" not in web.asked


def test_page_numbers_beyond_the_last_page_do_not_go_on_for_ever(web, tmp_path):
    for number in range(1, 30):
        web.listing(f"/tin?page={number}", "/a-1.htm", f"/tin?page={number + 1}")
    web.listing("/", "/tin?page=1")
    web.article("/a-1.htm")
    crawl(web, tmp_path)

    assert [path for path in web.asked if "page" in path] == ["/tin?page=1", "/tin?page=2"]


def test_listings_without_articles_do_not_go_on_for_ever(web, tmp_path):
    for number in range(1, 30):
        web.listing(f"/lich?ngay={number}", f"/lich?ngay={number + 1}")
    web.listing("/", "/a-1.htm", "/lich?ngay=1")
    web.article("/a-1.htm")
    crawl(web, tmp_path)

    assert len([path for path in web.asked if "ngay" in path]) <= 4


def test_a_bug_in_a_rule_is_an_event_and_exit_1(web, tmp_path):
    small_site(web)
    (tmp_path / "broken_clock.py").write_text(
        "calls = []\n"
        "def now():\n"
        "    from archiver.store.clock import utc_now\n"
        "    calls.append(1)\n"
        "    if len(calls) == 5:\n"
        "        raise ZeroDivisionError('the clock stopped')\n"
        "    return utc_now()\n"
    )
    ended = run(
        "archiver", "crawl", "hcma", "--base-url", web.url, "--archive", tmp_path / "data", "-s", "NOW=broken_clock.now",
        PYTHONPATH=f"{ROOT}{os.pathsep}{tmp_path}",
    )  # fmt: skip

    assert ended.code == 1
    assert "the clock stopped" in ended.err
    assert [event["reason"] for event in lines(tmp_path / "data", "events")].count("bug") == 1


def test_the_clock_is_a_setting(web, tmp_path):
    small_site(web)
    (tmp_path / "new_year.py").write_text(
        "from datetime import UTC, datetime\ndef now():\n    return datetime(2031, 1, 1, tzinfo=UTC)\n"
    )
    run(
        "archiver", "crawl", "hcma", "--base-url", web.url, "--archive", tmp_path / "data", "-s", "NOW=new_year.now",
        PYTHONPATH=f"{ROOT}{os.pathsep}{tmp_path}",
    )  # fmt: skip
    site = tmp_path / "data" / "hcma"

    assert (site / "articles" / "2031" / "2031-01.jsonl").exists()
    assert (site / "runs" / "20310101T000000Z.json").exists()


def test_a_run_that_is_interrupted_ends_cleanly_with_130(web, tmp_path):
    asked, released = threading.Event(), threading.Event()

    def slow() -> Reply:
        asked.set()
        released.wait(30)
        return Reply(article_page())

    web.listing("/", "/a-1.htm", *(f"/b-{number}.htm" for number in range(2, 60)))
    web.replies["/a-1.htm"] = slow
    words = [sys.executable, "-m", "archiver", "crawl", "hcma", "--base-url", web.url, "--archive", str(tmp_path)]
    slot = "-sDOWNLOAD_SLOTS=" + json.dumps({"127.0.0.1": {"concurrency": 1, "delay": 0}})
    with subprocess.Popen([*words, slot], cwd=ROOT, env=environment(), stderr=subprocess.PIPE) as crawling:
        assert asked.wait(30)
        crawling.send_signal(signal.SIGINT)
        for line in crawling.stderr:
            if b"SIGINT" in line:
                break
        released.set()
        code = crawling.wait(30)
    (report,) = reports(tmp_path)

    assert (code, report["exit_code"]) == (130, 130)
    assert report["left"] > 0
    assert (
        report["queued"] == report["fetched"] + report["gone"] + report["failed"] + report["skipped"] + report["left"]
    )


def captured(archive: Path, path: str) -> bool:
    """Whether a run that is still going on has kept the response of that path."""
    with contextlib.suppress(ArchiveDamaged):
        for file in archive.glob("hcma/captures/*/*/*.open"):
            return any(capture.exchange.url.endswith(path) for capture in stored(file))
    return False


def test_what_a_killed_run_captured_has_its_line_after_a_run_with_other_options(web, tmp_path):
    asked, released = threading.Event(), threading.Event()

    def silent() -> Reply:
        asked.set()
        released.wait(30)
        return Reply(article_page())

    web.listing("/", "/a-1.htm 10:00 20/04/2025", "/b-2.htm 10:00 01/04/2025")
    web.article("/a-1.htm", time="10:00 20/04/2025")
    web.replies["/b-2.htm"] = silent
    words = [sys.executable, "-m", "archiver", "crawl", "hcma", "--base-url", web.url, "--archive", str(tmp_path)]
    with subprocess.Popen(words, cwd=ROOT, env=environment(), stderr=subprocess.DEVNULL) as crawling:
        deadline = time.monotonic() + 30
        while not captured(tmp_path, "/a-1.htm") and time.monotonic() < deadline:
            asked.wait(0.01)
        crawling.kill()
    released.set()
    web.listing("/", "/b-2.htm 10:00 01/04/2025")
    ended = crawl(web, tmp_path, "--since", "2025-04-10")

    assert ended.code == 0, ended.err
    assert [line["id"] for line in lines(tmp_path, "articles")] == ["hcma:1"]
    assert (web.asked.count("/a-1.htm"), web.asked.count("/")) == (1, 2)
    assert check(tmp_path / "hcma", passed=lambda _: None).differing == 0


def test_a_disk_that_takes_no_more_is_exit_6_and_leaves_whole_lines(web, tmp_path):
    paths = [f"/tin-{number}.htm" for number in range(1, 40)]
    web.listing("/", *paths)
    for path in paths:
        web.article(path)
    command = [sys.executable, "-m", "archiver", "crawl", "hcma", "--base-url", web.url, "--archive", str(tmp_path)]
    limit = resource.RLIMIT_FSIZE
    ended = subprocess.run(
        command, cwd=ROOT, env=environment(), capture_output=True, timeout=60, check=False,
        preexec_fn=lambda: resource.setrlimit(limit, (30_000, 30_000)),
    )  # fmt: skip

    assert ended.returncode == 6
    assert b"cannot be written" in ended.stderr.splitlines()[-1]
    assert all(file.read_bytes().endswith(b"}\n") for file in tmp_path.glob("hcma/*/*/*.jsonl"))

    again = crawl(web, tmp_path)

    assert again.code == 0
    assert len(lines(tmp_path, "articles")) == len(paths)


@pytest.mark.parametrize(
    "damage",
    [lambda raw: b'{"id":\n' + raw, lambda raw: raw[:-20], lambda _: b""],
    ids=["a line more at the start", "cut in the last line", "empty"],
)
def test_a_file_that_is_not_as_it_was_left_is_exit_7_and_nothing_is_written(web, tmp_path, damage):
    small_site(web)
    crawl(web, tmp_path)
    (articles,) = tmp_path.glob("hcma/articles/*/*.jsonl")
    articles.write_bytes(damage(articles.read_bytes()))
    before = articles.read_bytes()
    ended = crawl(web, tmp_path)

    assert ended.code == 7
    assert "the file was changed or cut" in ended.complaint
    assert articles.read_bytes() == before
