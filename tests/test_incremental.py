"""A run asks for what may be new and for what is due; what is as it was costs no page, or no body."""

import os
import sqlite3

import pytest
from conftest import ROOT, Reply, article_page, events, lines, reports, run, serving

from archiver.proof.check import check
from archiver.proof.verify import verify_site
from archiver.store.captures import capture_files
from archiver.store.members import records

A_PAGE = 3
NOW = """
from datetime import datetime, timedelta
from archiver.store.clock import utc_now
def later():
    return utc_now() + timedelta(days={days})
"""


def crawl(web, archive, *options, days: int = 0):
    """One run, so many days from now."""
    (archive / f"in_{days}_days.py").write_text(NOW.format(days=days))
    words = (
        "archiver",
        "crawl",
        "hcma",
        "--base-url",
        web.url,
        "--archive",
        archive,
        "-s",
        f"NOW=in_{days}_days.later",
    )
    web.asked.clear()
    return run(*words, *options, PYTHONPATH=f"{ROOT}{os.pathsep}{archive}")


def asked(web) -> list[str]:
    """What was asked for, the numbers of the sweep apart."""
    return sorted(path for path in web.asked if path != "/robots.txt" and "ItemID=" not in path)


def publish(web, numbers) -> None:
    """A listing of these articles in pages of three, newest first, each page leading to the next."""
    numbers = sorted(numbers, reverse=True)
    pages = [numbers[start : start + A_PAGE] for start in range(0, len(numbers), A_PAGE)]
    for place, page in enumerate(pages, start=1):
        links = "".join(f'<li><a href="/tin-{number}.htm">Bản tin số {number}</a></li>' for number in page)
        further = f'<a href="/?page={place + 1}">Tiếp</a>' if place < len(pages) else ""
        path = "/" if place == 1 else f"/?page={place}"
        web.replies[path] = Reply(f"<html><head><title>Tin</title></head><body><ul>{links}</ul>{further}</body></html>")
    for number in numbers:
        web.replies.setdefault(f"/tin-{number}.htm", dated(number))


def dated(number: int, title: str = "Bản tin số {}", **headers: str) -> Reply:
    page = article_page(title=title.format(number), time="14:37 17/04/2015")
    return Reply(page, headers={"Content-Type": "text/html; charset=utf-8", **headers})


def test_a_second_run_over_an_unchanged_site_asks_for_the_first_page_of_the_listing(web, tmp_path):
    publish(web, range(1, 13))
    crawl(web, tmp_path)
    before = lines(tmp_path, "articles")
    ended = crawl(web, tmp_path)

    assert ended.code == 0, ended.err
    assert asked(web) == ["/"]
    assert lines(tmp_path, "articles") == before


def test_a_run_reads_on_until_nothing_on_a_page_is_new(web, tmp_path):
    publish(web, range(1, 13))
    crawl(web, tmp_path)
    publish(web, range(1, 17))
    crawl(web, tmp_path)

    assert asked(web) == ["/", "/?page=2", "/?page=3", *(f"/tin-{number}.htm" for number in (13, 14, 15, 16))]


def test_a_walk_that_was_cut_off_goes_on_where_it_was(web, tmp_path):
    publish(web, range(1, 13))
    crawl(web, tmp_path, "--max-pages", 6)
    fetched = asked(web)
    crawl(web, tmp_path)

    assert not set(fetched) & set(asked(web))
    assert len(lines(tmp_path, "articles")) == 12


def test_nothing_new_does_not_stop_a_walk_that_never_reached_its_end(web, tmp_path):
    publish(web, range(1, 13))
    web.replies["/?page=3"] = Reply("oops", 500)
    crawl(web, tmp_path, "-s", "RETRY_ENABLED=False")
    publish(web, range(1, 13))
    crawl(web, tmp_path)

    assert len(lines(tmp_path, "articles")) == 12


def test_a_walk_to_since_is_none_to_the_end(web, tmp_path):
    days = {number: f"{number:02}/03/2026" for number in range(1, 10)}
    for place, page in enumerate(([9, 8, 7], [6, 5, 4], [3, 2, 1]), start=1):
        links = "".join(f'<li><a href="/tin-{each}.htm">Bản tin số {each}</a> {days[each]}</li>' for each in page)
        further = f'<a href="/?page={place + 1}">Tiếp</a>' if place < 3 else ""
        web.replies["/" if place == 1 else f"/?page={place}"] = Reply(
            f"<html><body><ul>{links}</ul>{further}</body></html>"
        )
    for each, day in days.items():
        web.article(f"/tin-{each}.htm", title=f"Bản tin số {each}", time=f"14:37 {day}")
    crawl(web, tmp_path, "--since", "2026-03-05")
    crawl(web, tmp_path)

    assert {line["id"] for line in lines(tmp_path, "articles")} == {f"hcma:{number}" for number in days}


def test_backfill_walks_everything_again_and_finds_what_stood_behind(web, tmp_path):
    publish(web, [1, 2, 3, 4, 5, 6, 7, 9])
    crawl(web, tmp_path)
    publish(web, range(1, 10))
    crawl(web, tmp_path, "--backfill")

    assert asked(web) == ["/", "/?page=2", "/?page=3", "/tin-8.htm"]


def test_an_article_that_failed_is_tried_again_however_far_behind_it_stands(web, tmp_path):
    publish(web, range(1, 13))
    web.replies["/tin-1.htm"] = Reply("oops", 500)
    crawl(web, tmp_path, "-s", "RETRY_ENABLED=False")
    web.replies["/tin-1.htm"] = dated(1)
    crawl(web, tmp_path)

    assert asked(web) == ["/", "/tin-1.htm"]
    assert len(lines(tmp_path, "articles")) == 12


@pytest.mark.parametrize(
    ("options", "days", "expected"),
    [((), 1, 0), ((), 300, 4), (("-s", "RECHECKS=2"), 300, 2), (("--recheck",), 1, 4)],
    ids=["not due", "due", "within the budget", "asked for"],
)
def test_known_articles_are_asked_for_again_when_they_are_due(web, tmp_path, options, days, expected):
    publish(web, range(1, 5))
    crawl(web, tmp_path)
    web.replies["/tin-1.htm"] = dated(1, "Bản tin số {} đã sửa")
    crawl(web, tmp_path, *options, days=days)
    rechecked = [path for path in asked(web) if path.startswith("/tin-")]

    assert len(rechecked) == expected
    assert len(lines(tmp_path, "articles")) == 4 + ("/tin-1.htm" in rechecked)


def conditional(number: int) -> Reply:
    return dated(number, ETag=f'"{number}"', **{"Last-Modified": "Fri, 17 Apr 2015 07:37:00 GMT"})


def test_what_the_server_says_is_as_it_was_is_unchanged_and_kept_as_a_revisit(web, tmp_path):
    publish(web, range(1, 3))
    for number in (1, 2):
        web.replies[f"/tin-{number}.htm"] = conditional(number)
    crawl(web, tmp_path)
    for number in (1, 2):
        web.replies[f"/tin-{number}.htm"] = Reply("", 304, headers={"ETag": f'"{number}"'})
    ended = crawl(web, tmp_path, "--recheck")
    site = tmp_path / "hcma"
    kept = [record for name in capture_files(site)[-1:] for record in records(site / name)]
    (revisit, *_) = (record for record in kept if record.kind == "revisit")
    request = kept[kept.index(revisit) - 1].block.decode()

    assert (ended.code, reports(tmp_path)[-1]["articles"]["unchanged"]) == (0, 2)
    assert events(tmp_path)["/tin-1.htm"]["reason"] == "not_modified"
    assert revisit.field("WARC-Profile") == "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
    assert revisit.field("WARC-Refers-To") in {line["capture"]["record_id"] for line in lines(tmp_path, "articles")}
    assert 'If-None-Match: "' in request
    assert "If-Modified-Since: Fri, 17 Apr 2015 07:37:00 GMT" in request
    found = check(site, passed=lambda _: None)
    assert (found.identical, found.differing) == (2, 0)
    assert verify_site(site, passed=lambda _: None).findings == []


def test_the_archive_of_an_earlier_release_is_opened(tmp_path):
    with serving() as web:
        publish(web, range(1, 4))
        crawl(web, tmp_path)
        _as_of_format_1(tmp_path / "hcma" / "ledger.sqlite")
        publish(web, range(1, 6))
        ended = crawl(web, tmp_path)

    assert ended.code == 0, ended.err
    assert len(lines(tmp_path, "articles")) == 5


def test_a_ledger_that_is_not_what_it_says_ends_the_run_with_a_bug(web, tmp_path):
    publish(web, range(1, 4))
    crawl(web, tmp_path)
    with sqlite3.connect(tmp_path / "hcma" / "ledger.sqlite") as ledger:
        ledger.execute("PRAGMA user_version = 1")
    ended = crawl(web, tmp_path)

    assert ended.code == 1
    assert "a bug of this program kept the run from starting" in ended.complaint


def _as_of_format_1(path) -> None:
    ledger = sqlite3.connect(path)
    for statement in (
        "DROP INDEX failed_task", "DROP INDEX failed_file", "DROP TABLE alias", "DROP TABLE missing", "DROP TABLE answered", "DROP TABLE visit",
        "DROP TABLE walk", "DROP TABLE attached", "DROP TABLE taken_up", "ALTER TABLE article DROP COLUMN status", "ALTER TABLE article DROP COLUMN contents",
        "PRAGMA user_version = 1",
    ):  # fmt: skip
        ledger.execute(statement)
    ledger.commit()
    ledger.close()
