"""Dates in numbers whose first number may be the day or the month, read by what the page tells of its order."""

from datetime import UTC, datetime

import pytest

import archiver
from archiver import dates
from archiver.page import Page
from archiver.rules.date_order import day_first

TEXT = "<p>" + "The orchard behind the old brickworks opens a walk to the public on Saturday. " * 5 + "</p>"


def page_of(*, lang="", head="", body="", url="https://news.example/orchard-walk-opens-4711.html"):
    html = f"<html {lang}><head><title>Orchard walk opens</title>{head}</head><body><h1>Orchard walk opens</h1>{body}{TEXT}</body></html>"
    return Page(url, html.encode(), fetched_at=datetime(2026, 5, 1, tzinfo=UTC))


LOCALE = "<meta property='og:locale' content='en_US'>"
STATED = "<meta property='article:published_time' content='2026-{}T09:00:00Z'>"


@pytest.mark.parametrize(
    ("raw", "page", "expected"),
    [
        pytest.param("03/04/2026", page_of(), "04-03", id="nothing-told"),
        pytest.param("03/04/2026", page_of(lang="lang=en"), "04-03", id="english-without-a-region"),
        pytest.param("03/04/2026", page_of(lang="lang=en-US"), "03-04", id="american"),
        pytest.param("03-04-2026", page_of(lang="lang=en-US"), "03-04", id="american-with-hyphens"),
        pytest.param("03.04.2026", page_of(lang="lang=en-US"), "04-03", id="dots-begin-with-the-day"),
        pytest.param("03/04/2026", page_of(lang="lang=en-GB"), "04-03", id="british"),
        pytest.param("03/04/2026", page_of(lang="lang=vi"), "04-03", id="vietnamese"),
        pytest.param("03/04/2026", page_of(head=LOCALE), "03-04", id="locale"),
        pytest.param("03/04/2026", page_of(lang="lang=en-GB", head=LOCALE), "04-03", id="lang-before-locale"),
        pytest.param("03/04/2026", page_of(body="<p>Seen 3/31/2026</p>"), "03-04", id="other-date-month-first"),
        pytest.param(
            "03/04/2026", page_of(lang="lang=en-US", body="<p>Seen 31/3/2026</p>"), "04-03", id="other-date-day-first"
        ),
        pytest.param(
            "03/04/2026",
            page_of(lang="lang=en-US", body="<p>31/3/2026</p><p>3/31/2026</p>"),
            "03-04",
            id="other-dates-disagree",
        ),
        pytest.param("03/04/2026", page_of(head=STATED.format("03-04")), "03-04", id="stated-month-first"),
        pytest.param(
            "03/04/2026", page_of(lang="lang=en-US", head=STATED.format("04-03")), "04-03", id="stated-day-first"
        ),
        pytest.param("03/04/2026", page_of(url="https://parks.gov/2026/03/04/walk"), "03-04", id="address"),
        pytest.param("03/04/2026", page_of(url="https://parks.gov/walk"), "03-04", id="american-domain"),
        pytest.param("04/11/2026", page_of(), "04-11", id="not-yet-come-with-the-day-first"),
        pytest.param("03/14/2026", page_of(lang="lang=vi"), "03-14", id="one-order-only"),
        pytest.param("14/03/2026", page_of(lang="lang=en-US"), "03-14", id="one-order-only-day-first"),
    ],
)
def test_order_of_day_and_month(raw, page, expected):
    found = dates.parse_moment(raw, timezone="UTC", day_first=day_first(page, raw))

    assert f"{found.at:%m-%d}" == expected


def test_the_printed_time_of_an_american_page_has_its_month_first():
    page = page_of(lang="lang=en-US", body="<p class=date>03/04/2026</p>")
    article = archiver.extract(page.html, page.url)

    assert article.published_at.date().isoformat() == "2026-03-04"


def precision(head, printed):
    page = page_of(head=head, body=f"<p class=date>{printed}</p>")
    return archiver.extract(page.html, page.url).published_precision


@pytest.mark.parametrize(
    ("stated", "printed", "expected"),
    [
        pytest.param("2026-03-04T09:00:00Z", "4 March 2026, 09:00", "minute", id="zeros-behind-a-printed-minute"),
        pytest.param("2026-03-04T09:00:00Z", "", "minute", id="zeros-and-nothing-printed"),
        pytest.param("2026-03-04T09:00:00Z", "4 March 2026", "minute", id="zeros-and-a-printed-day"),
        pytest.param("2026-03-04T09:00:00Z", "4 March 2026, 09:00:00", "second", id="zeros-that-are-printed"),
        pytest.param("2026-03-04T09:00:17Z", "4 March 2026, 09:00", "second", id="seconds-that-only-the-head-has"),
        pytest.param("2026-03-04T09:00Z", "4 March 2026", "minute", id="no-seconds"),
        pytest.param("2026-03-04", "4 March 2026", "day", id="day"),
    ],
)
def test_precision_is_what_the_page_knows(stated, printed, expected):
    head = f"<meta property='article:published_time' content='{stated}'>"

    assert precision(head, printed) == expected
