"""Which files the runs of a site ask for, one after another: none twice without a reason, none forgotten."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Reply, crawl, lines, reports, run
from test_files import ARTICLE, PDF, SIGN_IN, files, links, pictures, put, told, typed

from archiver.demo.newsroom import Newsroom
from archiver.demo.pictures import png
from archiver.demo.server import serve

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Ended, Web


def test_an_archive_that_was_crawled_without_files_is_caught_up_with_and_then_left_in_peace(web, tmp_path):
    put(web, links("/tep/a.pdf") + pictures("/anh/a.png"))
    web.replies["/tep/a.pdf"] = typed("application/pdf", PDF)
    web.replies["/anh/a.png"] = typed("image/png", png("a"))
    asked = []
    for options in ((), ("--files",), ("--files",)):
        web.asked.clear()
        assert crawl(web, tmp_path, *options).code == 0
        asked.append(sorted(path for path in web.asked if path.startswith(("/tep", "/anh"))))

    assert asked == [[], ["/anh/a.png", "/tep/a.pdf"], []]
    assert len(lines(tmp_path, "articles")) == 1


def at(moment: str, web: Web, archive: Path, *options: str) -> Ended:
    """A crawl with files at that moment, every known article looked at."""
    words = ("crawl", "hcma", "--base-url", web.url, "--archive", archive, "--max-pages", 9, "--recheck", "--files")
    given = {"GIVEN_MOMENT": moment, "PYTHONPATH": f"{ROOT}:{ROOT / 'tests'}"}
    return run("archiver", *words, "-s", "NOW=given_clock.now", *options, **given)


def test_after_an_edit_files_are_asked_for_again_and_a_server_that_can_tell_sends_only_what_changed(web, tmp_path):
    more = links("/tep/a.pdf", "/tep/b.pdf")
    put(web, more)
    web.replies["/tep/a.pdf"] = typed("application/pdf", PDF, ETag='"1"')
    web.replies["/tep/b.pdf"] = typed("application/pdf", PDF + b"%1", ETag='"1"')
    assert at("2026-11-23T06:00:00+00:00", web, tmp_path).code == 0
    web.article(ARTICLE, title="Khai mạc hội thảo lần thứ hai", more=more)
    web.replies["/tep/a.pdf"] = Reply("", 304, {"ETag": '"1"'})
    web.replies["/tep/b.pdf"] = typed("application/pdf", PDF + b"%2", ETag='"2"')
    ended = at("2026-11-24T06:00:00+00:00", web, tmp_path)
    listed = json.loads(run("archiver", "files", "hcma:101", "--archive", tmp_path, "--json").out)

    assert ended.code == 0, ended.err
    assert told(files(tmp_path)["tep/a.pdf"]) == ("file", "not_modified", "stored", "application/pdf")
    assert reports(tmp_path)[-1]["files"]["unchanged"] == 1
    assert [each["sha256"] for each in listed] == [
        hashlib.sha256(body).hexdigest() for body in (PDF, PDF + b"%1", PDF + b"%2")
    ]


def test_files_that_failed_are_tried_again_and_those_that_are_gone_are_not(web, tmp_path):
    put(web, links("/tep/a.pdf", "/tep/b.pdf"))
    web.replies["/tep/a.pdf"] = typed("text/html", SIGN_IN)
    assert crawl(web, tmp_path, "--files").code == 0
    web.replies["/tep/a.pdf"] = web.replies["/tep/b.pdf"] = typed("application/pdf", PDF)
    web.asked.clear()
    assert crawl(web, tmp_path, "--files").code == 0

    assert [path for path in web.asked if path.startswith("/tep")] == ["/tep/a.pdf"]
    assert {path: told(event)[:3] for path, event in files(tmp_path).items()} == {
        "tep/a.pdf": ("file", None, "stored"),
        "tep/b.pdf": ("gone", "http_404", "broken"),
    }


def test_what_a_run_has_no_share_for_comes_in_the_next_ones_and_does_not_hold_up_the_pages(web, tmp_path):
    names = [f"/tep/{number}.pdf" for number in range(7)]
    put(web, links(*names[:4]))
    for number, name in enumerate(names):
        web.replies[name] = typed("application/pdf", PDF + b"%d" % number)
    counts = []
    for turn in range(4):
        if turn == 1:
            web.listing("/", ARTICLE, "/hop-bao-102.htm")
            web.article("/hop-bao-102.htm", title="Họp báo về kết quả", more=links(*names[4:]))
        share = ("-s", "FILES_BYTES_A_RUN=2100000", "-s", "FILE_BYTES=1000000") if turn % 2 else ("-s", "FILES_A_RUN=2")
        ended = crawl(web, tmp_path, "--files", *share)
        counts.append((ended.code, len(lines(tmp_path, "articles")), reports(tmp_path)[-1]["files"]["asked"]))
    asked = [path for path in web.asked if path.startswith("/tep")]

    assert [code for code, _, _ in counts] == [0, 0, 0, 0]
    assert [articles for _, articles, _ in counts] == [1, 2, 2, 2]
    assert sorted(asked) == names
    assert reports(tmp_path)[-1]["left"] == 0


def test_a_page_of_endless_pictures_takes_no_more_than_a_runs_share(web, tmp_path):
    names = [f"/anh/{number}.png" for number in range(40)]
    put(web, pictures(*names))
    for number, name in enumerate(names):
        web.replies[name] = typed("image/png", png(str(number)))
    counts = []
    for _ in range(3):
        assert crawl(web, tmp_path, "--files", "-s", "FILES_A_RUN=15").code == 0
        counts.append(reports(tmp_path)[-1]["files"]["asked"])

    assert counts == [15, 15, 10]
    assert sorted(path for path in web.asked if path in names) == sorted(names)


@pytest.mark.parametrize("limits", [("FILE_BYTES=0",), ("FILE_BYTES=9000", "FILES_BYTES_A_RUN=8000")])
def test_limits_under_which_no_file_or_any_would_come_are_refused(web, tmp_path, limits):
    ended = crawl(web, tmp_path, "--files", *(word for limit in limits for word in ("-s", limit)))

    assert ended.code == 2
    assert "FILES_BYTES_A_RUN" in ended.complaint
    assert web.asked == []


def test_max_pages_counts_pages_and_the_files_of_these_are_fetched(web, tmp_path):
    web.listing("/", ARTICLE, "/hop-bao-102.htm", "/hop-bao-103.htm")
    for number, path in enumerate((ARTICLE, "/hop-bao-102.htm", "/hop-bao-103.htm")):
        web.article(path, title=f"Bản tin thứ {number}", more=links(f"/tep/{number}.pdf", "/tep/chung.pdf"))
        web.replies[f"/tep/{number}.pdf"] = typed("application/pdf", PDF + b"%d" % number)
    web.replies["/tep/chung.pdf"] = typed("application/pdf", PDF)
    words = ("crawl", "hcma", "--base-url", web.url, "--archive", tmp_path, "--max-pages", 2, "--files")
    codes = [run("archiver", *words).code for _ in range(3)]
    first, *_, last = reports(tmp_path)

    assert codes == [0, 0, 0]
    assert (first["fetched"], first["files"]["stored"], first["left"] > 0) == (2, 2, True)
    assert sorted(files(tmp_path)) == ["tep/0.pdf", "tep/1.pdf", "tep/2.pdf", "tep/chung.pdf"]
    assert (last["left"], web.asked.count("/tep/chung.pdf")) == (0, 1)


def test_a_hundred_broken_files_are_no_failed_fetches(web, tmp_path):
    put(web, links(*(f"/tep/{number}.pdf" for number in range(100))))
    for number in range(100):
        web.replies[f"/tep/{number}.pdf"] = typed("text/html", "", 503)
    ended = crawl(web, tmp_path, "--files", "-s", "RETRY_TIMES=0")

    assert ended.code == 0, ended.err
    assert reports(tmp_path)[-1]["files_refused"] == {"http_503": 100}
    assert reports(tmp_path)[-1]["errors"] == []


TITLE = "Late frost takes the plums of the whole upland"


def story(title: str, more: str = "") -> str:
    text = (
        "<p>Growers in the upland lost nine plums in ten during three nights of frost, the county said on Tuesday.</p>"
        * 4
    )
    head = f"<title>{title}</title><meta property='article:published_time' content='2026-02-03T08:00:00Z'>"
    return (
        f"<!doctype html><html><head>{head}</head><body><article><h1>{title}</h1>{text}{more}</article></body></html>"
    )


def test_an_article_in_the_place_of_a_file_becomes_no_article_also_in_a_rebuild(web, tmp_path):
    web.replies["/"] = Reply(f'<ul><li><a href="/news/frost-101.html">{TITLE}</a> 2026-02-03</li></ul>')
    web.replies["/news/frost-101.html"] = Reply(story(TITLE, links("/news/frost-102.pdf")))
    web.replies["/news/frost-102.pdf"] = Reply(story("Shepherds ask for a second vet in the upland"))
    ended = run("archiver", "crawl", "--url", web.url + "/", "--archive", tmp_path, "--files")
    (folder,) = (path.parent for path in tmp_path.glob("*/site.json"))
    articles = [path.read_text() for path in folder.glob("articles/*/*.jsonl")]
    checked = run("archiver", "rebuild", "--check", "--archive", tmp_path)
    rebuilt = run("archiver", "rebuild", "--archive", tmp_path)

    assert ended.code == 0, ended.err
    assert '"reason":"not_a_file"' in "".join(path.read_text() for path in folder.glob("events/*/*.jsonl"))
    assert (checked.code, rebuilt.code) == (0, 0), checked.out
    assert [path.read_text() for path in folder.glob("articles/*/*.jsonl")] == articles
    assert [text.count("\n") for text in articles] == [1]


def test_a_ledger_that_was_lost_learns_from_the_events_which_files_are_kept(web, tmp_path):
    put(web, links("/tep/a.pdf"))
    web.replies["/tep/a.pdf"] = typed("application/pdf", PDF)
    assert crawl(web, tmp_path, "--files").code == 0
    for path in tmp_path.glob("hcma/ledger.sqlite*"):
        path.unlink()
    assert crawl(web, tmp_path, "--files").code == 0

    assert web.asked.count("/tep/a.pdf") == 1


def test_of_the_newsroom_every_file_becomes_what_its_truth_says(tmp_path):
    newsroom = Newsroom(seed=3, articles=60)
    with serve(newsroom) as server:
        ended = run("archiver", "crawl", "hcma", "--base-url", server.url, "--archive", tmp_path, "--files")
        truth = {file["url"]: file for file in newsroom.files(server.url)}
    told = {
        event["url"]: {"url": event["url"], "reason": event["reason"], **event["file"]}
        for event in lines(tmp_path, "events")
        if "file" in event
    }

    assert ended.code == 0, ended.err
    assert {url: {name: file[name] for name in truth[url]} for url, file in told.items()} == truth
    assert len(told) == len([event for event in lines(tmp_path, "events") if "file" in event])
    assert {file["state"] for file in truth.values()} == {"stored", "broken", "skipped"}


def test_a_state_or_an_article_that_there_is_not_is_told(web, tmp_path):
    put(web, "")
    assert crawl(web, tmp_path).code == 0
    told_of = [
        run("archiver", "files", *words, "--archive", tmp_path)
        for words in (("--state", "lost"), ("hcma:102",), ("hcma:101",))
    ]

    assert [each.code for each in told_of] == [2, 2, 0]
    assert "--state 'lost' is none. There are: listed, stored, broken, skipped" in told_of[0].err
    assert "no article 'hcma:102'" in told_of[1].err
    assert "hcma:101 names no attachments and pictures" in told_of[2].err
