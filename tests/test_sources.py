"""`found_by` names the rule of each field and what on the page it read; microdata are a source like the others."""

import json
from datetime import UTC, datetime

import pytest

import archiver
from archiver.page import Page
from archiver.rules.country_zones import country_zone
from archiver.rules.moments import stated_time

URL = "https://harbour.example/ferry-sails-again-4711.html"
TEXT = "<p>The ferry to the outer isles sails again on Monday, after six weeks in the dock for a new shaft.</p>" * 3
MICRODATA = f"""<html lang=en><head><title>Ferry sails again on Monday | Harbour Ledger</title></head><body>
<div itemscope itemtype="https://schema.org/NewsArticle">
<meta itemprop="articleSection" content="Transport">
<h2 itemprop="headline">Ferry sails again on Monday</h2>
<div itemprop="author" itemscope><meta itemprop="name" content="Solveig Tarn"></div>
<time itemprop="datePublished" datetime="2026-02-03T07:30:00+01:00">Tuesday</time>
<time itemprop="dateModified" datetime="2026-02-04T10:00:00+01:00">Wednesday</time>
<div itemprop="articleBody">{TEXT}
<div itemprop="image" itemscope><img src="/ferry.jpg" itemprop="url"><p itemprop="caption">The ferry leaves the dock.</p></div>
<p>Islanders had been rowed across by the fishermen, who asked for the price of the diesel.</p></div></div></body></html>"""


def test_microdata_are_read_where_json_ld_and_meta_say_nothing():
    article = archiver.extract(MICRODATA.encode(), URL)

    assert article.title == "Ferry sails again on Monday"
    assert article.section == "Transport"
    assert article.published_at.isoformat() == "2026-02-03T07:30:00+01:00"
    assert article.modified_at.isoformat() == "2026-02-04T10:00:00+01:00"
    assert [author.name for author in article.authors] == ["Solveig Tarn"]
    assert [image.caption for image in article.images] == ["The ferry leaves the dock."]
    assert "leaves the dock" not in article.body
    assert article.extractor.found_by == {
        "title": "heading:page",
        "section": "marked_section:microdata",
        "published_at": "stated_time:microdata",
        "modified_at": "modified:microdata",
        "authors": "marked_authors:microdata",
        "language": "css(html::attr(lang))",
        "body": "general_body:page",
        "images": "general_body:page",
    }


def page(head="", body=TEXT, **thing):
    ld = f"<script type='application/ld+json'>{json.dumps({'@type': 'NewsArticle', **thing})}</script>" if thing else ""
    return f"<html><head><title>Ferry sails again</title>{ld}{head}</head><body>{body}</body></html>".encode()


@pytest.mark.parametrize(
    ("html", "field", "expected"),
    [
        pytest.param(page(headline="Ferry sails"), "title", "headline:json-ld", id="title-json-ld"),
        pytest.param(
            page("<meta property=og:title content='Ferry sails'>"), "title", "claim:open-graph", id="title-open-graph"
        ),
        pytest.param(page("<meta name=dc.title content='Ferry sails'>"), "title", "claim:meta", id="title-meta"),
        pytest.param(page(), "title", "claim:title", id="title-element"),
        pytest.param(
            page("<meta property=og:title content='Ferry sails'>", f"<h1>Ferry sails</h1>{TEXT}"),
            "title",
            "shared_title:page+open-graph",
            id="title-two-agree",
        ),
        pytest.param(page(datePublished="2026-02-03T07:30Z"), "published_at", "stated_time:json-ld", id="time-json-ld"),
        pytest.param(
            page("<meta name=date content='2026-02-03T07:30Z'>"), "published_at", "stated_time:meta", id="time-meta"
        ),
        pytest.param(
            page(body=f"<time datetime='2026-02-03T07:30Z'></time>{TEXT}"),
            "published_at",
            "near_time:time",
            id="time-element",
        ),
        pytest.param(
            page(body=f"<p>Published 3 February 2026</p>{TEXT}"),
            "published_at",
            "printed_time:page",
            id="time-printed",
        ),
        pytest.param(
            page(dateModified="2026-02-03T07:30Z"), "published_at", "modified:json-ld", id="time-of-the-change"
        ),
        pytest.param(page(author="Solveig Tarn"), "authors", "stated_authors:json-ld", id="author-json-ld"),
        pytest.param(
            page("<meta name=author content='Solveig Tarn'>"), "authors", "stated_authors:meta", id="author-meta"
        ),
        pytest.param(
            page(body=f"<h1>Ferry sails</h1><p>By Solveig Tarn</p>{TEXT}"),
            "authors",
            "printed_authors:page",
            id="author-printed",
        ),
        pytest.param(page(body="", articleBody=TEXT[3:99]), "body", "general_body:json-ld", id="body-json-ld"),
        pytest.param(
            page(f"<meta itemprop=articleBody content='{TEXT[3:99]}'>", ""),
            "body",
            "general_body:microdata",
            id="body-microdata",
        ),
        pytest.param(page(articleSection="Isles"), "section", "jsonld(articleSection)", id="section-json-ld"),
    ],
)
def test_found_by_names_rule_and_source(html, field, expected):
    assert archiver.extract(html, URL).extractor.found_by[field] == expected


def time_of(stated, printed, *more, changed=""):
    metas = "".join(f"<meta property='{name}' content='{value}'>" for name, value in more)
    metas += f"<meta property='article:modified_time' content='{changed}'>" if changed else ""
    html = page(metas, f"<h1>Ferry sails again</h1><p>{printed}</p>{TEXT}", headline="Ferry", datePublished=stated)
    return stated_time(Page(URL, html, fetched_at=datetime(2026, 5, 1, tzinfo=UTC)))


@pytest.mark.parametrize(
    ("stated", "expected"),
    [
        pytest.param(time_of("2026-02-10T08:00:00Z", "9 February 2026"), "2026-02-10T08:00:00Z", id="a-day-apart"),
        pytest.param(time_of("2026-02-10T08:00:00Z", "3 February 2026"), None, id="saved-again-later"),
        pytest.param(
            time_of("2026-02-10T08:00:00Z", "3 February 2026", changed="2026-02-10T08:00:00Z"),
            "2026-02-10T08:00:00Z",
            id="the-change-is-stated-too",
        ),
        pytest.param(time_of("2026-02-10T08:00:00Z", "13 February 2026"), "2026-02-10T08:00:00Z", id="printed-later"),
        pytest.param(
            time_of("2026-02-10T08:00:00Z", "Updated 3 February 2026"), "2026-02-10T08:00:00Z", id="called-a-change"
        ),
        pytest.param(
            time_of("2026-02-10T08:00:00Z", "10/02/2026"), "2026-02-10T08:00:00Z", id="day-and-month-change-places"
        ),
        pytest.param(
            time_of(
                "2026-02-10T08:00:00Z",
                "13 February 2026, 15:25",
                ("article:published_time", "2026-02-13T14:25:00Z"),
            ),
            "2026-02-13T15:25:00+01:00",
            id="of-two-the-one-that-is-printed",
        ),
    ],
)
def test_a_stated_time_is_held_against_the_line_beside_the_title(stated, expected):
    assert stated == expected


@pytest.mark.parametrize(
    ("url", "zone"),
    [
        ("https://bao.example.vn/tin-1.html", "Asia/Ho_Chi_Minh"),
        ("https://zeitung.de/artikel", "Europe/Berlin"),
        ("https://paper.com.au/story", None),
        ("https://paper.example/story", None),
    ],
)
def test_a_country_domain_tells_the_zone_of_a_press_with_one_clock(url, zone):
    assert country_zone(url) == zone


def test_a_printed_time_is_of_the_zone_of_the_country_domain():
    html = page(body=f"<h1>Ferry sails again</h1><p>3 February 2026, 14:37</p>{TEXT}")
    article = archiver.extract(html, "https://harbour.vn/ferry-sails-again-4711.html")

    assert article.published_at.isoformat() == "2026-02-03T14:37:00+07:00"
    assert "zone_assumed" not in article.quality


def test_an_instant_stated_in_utc_is_shown_by_the_clock_of_the_country_domain():
    html = page(datePublished="2026-02-03T23:30:00Z")

    assert (
        archiver.extract(html, "https://harbour.de/x-4711.html").published_at.isoformat() == "2026-02-04T00:30:00+01:00"
    )
