"""A crawl of every kind of page at once, and what became of each address."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from conftest import Reply, crawl, events, lines, reports, serving

if TYPE_CHECKING:
    from pathlib import Path

LISTED = (
    "/a-1.htm", "/b-2.htm", "/Pages/chi-tiet-tin.aspx?ItemID=3&cm=4", "/gone-4.htm", "/broken-5.htm", "/loop-6.htm",
    "/forbidden-7.htm", "/login-8.htm", "/empty-9.htm", "/picture-10.htm", "/untimed-11.htm", "/cut-12.htm",
    "/away-13.htm", "/Pages/chi-tiet-tin.aspx?ItemID=1",
)  # fmt: skip


@pytest.fixture(scope="module")
def crawled(tmp_path_factory) -> tuple[Path, list[str], object]:
    archive = tmp_path_factory.mktemp("archive")
    with serving() as web:
        web.replies["/robots.txt"] = Reply("User-agent: *\nDisallow: /forbidden-7.htm", headers={})
        web.listing("/", *LISTED, "/tin/")
        web.listing("/tin/", "/tin/")
        web.article("/a-1.htm")
        web.article("/b-2.htm", title="Bản tin thứ hai", more='<p><a href="/a-1.htm">Xem thêm bản tin</a></p>')
        web.redirect("/Pages/chi-tiet-tin.aspx?ItemID=3&cm=4", "/c-3.htm")
        web.article("/c-3.htm", title="Bản tin thứ ba")
        web.replies["/broken-5.htm"] = Reply("oops", 500)
        web.redirect("/loop-6.htm", "/other-6.htm")
        web.redirect("/other-6.htm", "/loop-6.htm")
        web.redirect("/login-8.htm", "/_layouts/15/Authenticate.aspx?Source=%2F")
        web.replies["/empty-9.htm"] = Reply("")
        web.replies["/picture-10.htm"] = Reply(
            b"\x89PNG\r\n" + bytes(range(256)), headers={"Content-Type": "image/png"}
        )
        web.article("/untimed-11.htm", title="Bản tin không có giờ", time="")
        web.article("/SMPT_Publishing_UC/TinTuc/pPrintTinTuc.aspx?ItemID=12", title="Bản tin bị cắt ở trang thường")
        web.replies["/cut-12.htm"] = Reply("<html><body><p>Trang này bị cắt</p></body></html>")
        web.redirect("/away-13.htm", "http://elsewhere.example/away")
        ended = crawl(web, archive)
    return archive, web.asked, ended


@pytest.mark.parametrize(
    ("path", "outcome", "reason"),
    [
        ("/", "listing", None),
        ("/tin/", "listing", None),
        ("/a-1.htm", "new", None),
        ("/Pages/chi-tiet-tin.aspx?ItemID=3&cm=4", "new", None),
        ("/gone-4.htm", "gone", "http_404"),
        ("/broken-5.htm", "failed", "http_500"),
        ("/loop-6.htm", "failed", "redirect_loop"),
        ("/forbidden-7.htm", "skipped", "robots"),
        ("/login-8.htm", "failed", "led_away"),
        ("/empty-9.htm", "failed", "empty"),
        ("/picture-10.htm", "failed", "binary"),
        ("/untimed-11.htm", "gone", "soft_404"),
        ("/cut-12.htm", "new", None),
        ("/away-13.htm", "skipped", "offsite"),
    ],
)
def test_each_address_ends_in_one_event_with_its_reason(crawled, path, outcome, reason):
    event = events(crawled[0])[path]

    assert (event["outcome"], event["reason"]) == (outcome, reason)


def test_no_address_has_two_events(crawled):
    urls = [event["url"] for event in lines(crawled[0], "events")]

    assert len(urls) == len(set(urls))


def test_the_sums_of_the_report_match_the_events(crawled):
    (report,) = reports(crawled[0])

    ends = report["fetched"] + report["gone"] + report["failed"] + report["skipped"]
    assert report["queued"] == ends + report["left"] == len(lines(crawled[0], "events"))


def test_failures_within_the_borne_number_leave_the_run_well(crawled):
    assert crawled[2].code == 0, crawled[2].err


def test_the_report_names_what_failed_and_why(crawled):
    (report,) = reports(crawled[0])

    reasons = {error["reason"] for error in report["errors"]}
    assert reasons == {"http_500", "redirect_loop", "led_away", "empty", "binary"}


def test_all_addresses_of_an_article_are_one_request(crawled):
    asked = [path for path in crawled[1] if path in ("/a-1.htm", "/Pages/chi-tiet-tin.aspx?ItemID=1")]

    assert asked == ["/a-1.htm"]


def test_the_addresses_that_led_to_an_article_are_its_aliases(crawled):
    article = next(line for line in lines(crawled[0], "articles") if line["id"] == "hcma:3")

    assert article["url"].endswith("/c-3.htm")
    assert [url.rpartition("/")[2] for url in article["aliases"]] == ["chi-tiet-tin.aspx?ItemID=3&cm=4"]


def test_an_article_that_is_cut_short_is_read_from_its_print_view(crawled):
    article = next(line for line in lines(crawled[0], "articles") if line["id"] == "hcma:12")

    assert article["extractor"]["layout"] == "print"
    assert any(url.endswith("/cut-12.htm") for url in [*article["aliases"], article["canonical_url"]])


def test_what_robots_txt_forbids_is_never_asked_for(crawled):
    assert "/forbidden-7.htm" not in crawled[1]


def test_a_refused_page_leaves_no_article(crawled):
    ids = {line["id"] for line in lines(crawled[0], "articles")}

    assert ids == {"hcma:1", "hcma:2", "hcma:3", "hcma:12"}
