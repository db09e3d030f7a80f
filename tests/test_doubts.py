"""Flags for what a page says against itself, and for articles of which only the beginning is there."""

import json
from datetime import UTC, datetime

import pytest

import archiver
from archiver.errors import NotAnArticle
from archiver.page import Page
from archiver.sites import site_for

URL = "https://news.example/harbour/harbour-line-opens-again-4711.html"
TITLE = "Harbour line opens again after winter"
PROSE = "<p>" + "The harbour works went on for the whole of the day, the mayor said. " * 6 + "</p>"
OFFER = '<div class="paywall-box"><p>Subscribe to continue reading this article</p></div>'


def page(
    *, title=TITLE, heading=TITLE, published="2024-05-12T09:30:00+02:00", printed="12 May 2024", extra="", **stated
):
    thing = {"@type": "NewsArticle", "headline": title, "datePublished": published, **stated}
    return (
        f"<html lang=en><head><title>{title}</title><meta property='og:title' content='{title}'>"
        f"<script type='application/ld+json'>{json.dumps(thing)}</script></head>"
        f"<body><article><h1>{heading}</h1><p class=date>{printed}</p>{PROSE}{extra}</article></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("html", "url", "flags"),
    [
        pytest.param(page(), URL, (), id="all-agree"),
        pytest.param(page(printed="2 March 2026"), URL, ("dates_disagree",), id="printed-years-behind"),
        pytest.param(page(printed="2 March 2021"), URL, ("zone_assumed", "dates_disagree"), id="printed-years-before"),
        pytest.param(page(printed="5/12/2024"), URL, (), id="printed-with-the-month-first"),
        pytest.param(
            page(printed=""),
            "https://news.example/2019/01/31/harbour-line-opens.html",
            ("dates_disagree",),
            id="address-years-before",
        ),
        pytest.param(page(printed="13 May 2024"), URL, (), id="a-day-apart-is-a-zone"),
        pytest.param(
            page(heading="Council votes on school roofs today"), URL, ("titles_disagree",), id="other-heading"
        ),
        pytest.param(page(heading="Harbour line: it opens again"), URL, (), id="heading-in-other-words"),
        pytest.param(page(isAccessibleForFree=False), URL, ("paywalled",), id="says-it-is-not-free"),
        pytest.param(page(isAccessibleForFree="False"), URL, ("paywalled",), id="says-so-in-a-text"),
        pytest.param(
            page(hasPart={"@type": "WebPageElement", "isAccessibleForFree": False}),
            URL,
            ("paywalled",),
            id="says-so-of-a-part",
        ),
        pytest.param(page(isAccessibleForFree=False, extra=PROSE * 9), URL, (), id="whole-text-for-all-that"),
        pytest.param(page(extra=OFFER), URL, ("paywalled",), id="shows-an-offer"),
        pytest.param(page(**{"@type": "LiveBlogPosting"}), URL, ("live_blog",), id="live-blog"),
    ],
)
def test_a_page_is_flagged_for_what_it_says(html, url, flags):
    assert archiver.extract(html, url).quality == flags


def test_a_day_that_stands_only_in_the_address_is_flagged():
    html = f"<html><body><h1>{TITLE}</h1>{PROSE}</body></html>".encode()

    assert "date_from_url" in archiver.extract(html, "https://news.example/2024/05/12/harbour-line.html").quality


@pytest.mark.parametrize(
    ("printed", "at"),
    [
        pytest.param("May 12, 2024 10:28 pm", "2024-05-12T22:28:35-05:00", id="other-hour-of-the-same-minute"),
        pytest.param("May 12, 2024 11:28 pm EDT", "2024-05-12T23:28:35-04:00", id="with-its-zone"),
        pytest.param("May 13, 2024 08:58 am", "2024-05-13T08:58:35+05:30", id="half-an-hour"),
        pytest.param("May 12, 2024 10:29 pm", "2024-05-13T03:28:35+00:00", id="another-minute"),
        pytest.param("May 12, 2024", "2024-05-13T03:28:35+00:00", id="no-clock"),
    ],
)
def test_an_instant_in_utc_is_told_by_the_clock_that_the_page_prints(printed, at):
    article = archiver.extract(page(published="2024-05-13T03:28:35Z", printed=printed), URL)

    assert article.published_at.isoformat() == at


def test_a_question_about_cookies_in_place_of_the_article_is_refused_by_name():
    html = b"<html><head><title>Harbour News</title></head><body><h1>We value your privacy</h1><p>Accept all cookies to go on.</p></body></html>"
    site = site_for(URL)
    asked = Page(URL, html, fetched_at=datetime(2024, 5, 13, tzinfo=UTC))
    refusal = site.refusal(asked, site.parse_article(asked))

    assert isinstance(refusal, NotAnArticle)
    assert refusal.reason == "consent"
