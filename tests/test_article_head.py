"""What a page says of its article beside the text: one general rule a test, on pages made up for it."""

from datetime import UTC, datetime

import pytest

from archiver import dates
from archiver.page import Page
from archiver.rules.rule import find
from archiver.sites.general import LAYOUT

TEXT = "<p>The ferry will leave eleven minutes earlier from next month, the operator said on Tuesday evening.</p>" * 3


def page_of(body, head="", url="https://www.harbourledger.example/news/ferry-leaves-earlier"):
    html = f"<html><head>{head}</head><body>{body}</body></html>"
    return Page(url, html.encode(), datetime(2026, 6, 1, tzinfo=UTC))


def value(field, *args, **kwargs):
    found = find(getattr(LAYOUT, field), page_of(*args, **kwargs))
    return found.value if found else None


def names(*args, **kwargs):
    return [name.name for name in value("authors", *args, **kwargs) or ()]


def ld(text):
    return f'<script type="application/ld+json">{text}</script>'


SITE = '<meta property="og:site_name" content="The Harbour Ledger">'
TITLE = "<title>Ferry leaves earlier - The Harbour Ledger</title>"
OG = '<meta property="og:title" content="Ferry leaves earlier | The Harbour Ledger">'


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        pytest.param(SITE + OG, "", "Ferry leaves earlier", id="site-name-behind-the-last-separator"),
        pytest.param(
            "<title>Ferry leaves earlier - harbourledger.example</title>", "", "Ferry leaves earlier", id="host"
        ),
        pytest.param("<title>Harbour Ledger: news</title>", "<h1>Ferry leaves</h1>", "Ferry leaves", id="only-heading"),
        pytest.param(
            TITLE, "<h1>The Harbour Ledger</h1><h2>Ferry leaves earlier</h2>", "Ferry leaves earlier", id="h2"
        ),
        pytest.param(
            TITLE, "<h1 class=logo>Ledger</h1><h1>Ferry leaves earlier</h1>", "Ferry leaves earlier", id="logo"
        ),
        pytest.param(OG, "<h1>Ferry leaves earlier</h1>", "Ferry leaves earlier", id="visible-heading-without-suffix"),
        pytest.param(
            TITLE, "<h1><span class=kicker>Sea</span> Ferry leaves earlier</h1>", "Ferry leaves earlier", id="kicker"
        ),
        pytest.param(TITLE, "<h1>Ferry<br>leaves earlier</h1>", "Ferry leaves earlier", id="break-is-a-space"),
        pytest.param(
            ld('{"@type": "NewsArticle", "headline": "Ferry &amp;#8217;s hour"}'),
            "",
            "Ferry ’s hour",
            id="escaped-twice",
        ),
        pytest.param(
            ld('{"@type": "WebPage", "mainEntity": {"@type": "NewsArticle", "headline": "Ferry leaves"}}'),
            "<h1>Something else</h1>",
            "Ferry leaves",
            id="article-as-main-entity",
        ),
        pytest.param(
            ld('{"@type": "NewsArticle", "headline": "The island ferry will leave earlier..."}'),
            "<h1>The island ferry will leave earlier from March</h1>",
            "The island ferry will leave earlier from March",
            id="heading-goes-on-where-the-headline-is-cut",
        ),
        pytest.param(
            ld('{"@type": "NewsArticle", "headline": "Ferry timetable redrawn"}') + OG,
            "<h1>Ferry leaves earlier</h1>",
            "Ferry leaves earlier",
            id="heading-and-shared-title-outvote-the-headline",
        ),
        pytest.param(
            "<title>The Fen Post</title>",
            "<b>The Fen Post</b><h2>Orchard opens its walk</h2><p>12 March 2026, 14:05</p>",
            "Orchard opens its walk",
            id="heading-above-the-time",
        ),
    ],
)
def test_title(head, body, expected):
    assert value("title", body + TEXT, head) == expected


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        pytest.param(
            ld('{"@type": "NewsArticle", "datePublished": "2026-02-03T10:00:00Z"}'),
            "<time datetime='2026-02-03T11:00:00+01:00'>3 Feb</time>",
            "2026-02-03T11:00:00+01:00",
            id="same-instant-in-the-zone-of-the-site",
        ),
        pytest.param(
            "<meta name=date content='2026-02-03 11:00:00'>",
            "<time datetime='2026-02-03T11:00:00+01:00'>3 Feb</time>",
            "2026-02-03T11:00:00+01:00",
            id="same-clock-with-a-zone",
        ),
        pytest.param(
            ld('{"@type": "NewsArticle", "datePublished": "soon"}')
            + "<meta property='article:published_time' content='2026-02-03T11:00+01:00'>",
            "",
            "2026-02-03T11:00+01:00",
            id="statement-that-cannot-be-read",
        ),
        pytest.param(
            "<meta property='article:published_time' content='2027-02-03T11:00+01:00'>",
            "<h1>T here</h1><p class=date>3 February 2026</p>",
            "3 February 2026",
            id="never-a-day-to-come",
        ),
        pytest.param(
            TITLE,
            "<aside><time datetime=2026-05-01>1 May</time></aside><h1>Ferry leaves earlier</h1>"
            "<time datetime=2026-02-03>3 Feb</time>",
            "2026-02-03",
            id="nearest-to-the-title",
        ),
        pytest.param(
            TITLE,
            "<h1>Ferry leaves earlier</h1><p>Publié le 3 février 2026 à 14h05</p>",
            "3 février 2026 à 14h05",
            id="fr",
        ),
        pytest.param(
            TITLE,
            "<h1>Ferry leaves earlier</h1><p>Veröffentlicht: 03.02.26 | 14:05 Uhr</p>",
            "03.02.26 | 14:05",
            id="de",
        ),
        pytest.param(
            TITLE,
            "<h1>Ferry leaves earlier</h1><p>marți, 3 septembrie 2025 16:20</p>",
            "3 septembrie 2025 16:20",
            id="ro",
        ),
        pytest.param(TITLE, "<h1>Ferry leaves earlier</h1><p>2025年6月24日</p>", "2025年6月24日", id="ja"),
        pytest.param(
            TITLE,
            f"<h1>Ferry leaves earlier</h1>{TEXT}<p>Posted on 3 February 2026</p><p>© 2020-2026 The Ledger, 1.1.2026</p>",
            "3 February 2026",
            id="label-far-from-the-title",
        ),
        pytest.param(
            TITLE,
            "<h1>Ferry leaves earlier</h1><time datetime=2026-04-03T10:18:46Z>Publié le 29 mars 2026</time>",
            "29 mars 2026",
            id="attribute-of-another-day",
        ),
        pytest.param(
            TITLE,
            "<span class=updated title=2026-02-03T11:00:00+01:00>in winter</span>",
            "2026-02-03T11:00:00+01:00",
            id="microformat",
        ),
        pytest.param(
            "<meta property='article:modified_time' content='2026-02-03T11:00:00Z'>",
            "",
            "2026-02-03T11:00:00Z",
            id="last-change-where-nothing-else-is-stated",
        ),
        pytest.param(TITLE, f"<h1>Ferry leaves earlier</h1>{TEXT}<p>© 1.1.2020 The Ledger</p>", None, id="copyright"),
        pytest.param(
            TITLE,
            f"<h1>Ferry leaves earlier</h1>{TEXT * 9}<div class=comment>Ann, 3 May 2026</div>",
            None,
            id="comment",
        ),
        pytest.param(
            "", '<script>var x = {"publishedAt": "2026-02-03T11:00:00Z"}</script>', "2026-02-03T11:00:00Z", id="script"
        ),
    ],
)
def test_published(head, body, expected):
    assert value("published", body, head) == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/2026/02/03/ferry", "2026-02-03"),
        ("/news/20260203-ferry.html", "2026-02-03"),
        ("/news/03-02-2026-ferry", "2026-02-03"),
        ("/news/20269903-ferry", None),
        ("/news/2027/02/03/ferry", None),  # to come
    ],
)
def test_address_tells_the_day_where_nothing_else_does(path, expected):
    found = find(LAYOUT.published, page_of(TEXT, url=f"https://ledger.example{path}"))

    assert (found and (found.value, found.by)) == (expected and (expected, "date_from_url:address"))


@pytest.mark.parametrize(
    ("line", "at", "raw"),
    [
        ("von Ann am 14. Dezember 2015 um 14:48 von", "2015-12-14T14:48:00+00:00", "14. Dezember 2015 um 14:48"),
        ("11:25 PM - 10 Jul 2020", "2020-07-10T23:25:00+00:00", "11:25 PM - 10 Jul 2020"),
        ("Published 3 Sept 2021 10:30 AM EST by", "2021-09-03T10:30:00-05:00", "3 Sept 2021 10:30 AM EST"),
        ("05/01/2026 3:15:00 CH", "2026-01-05T15:15:00+00:00", "05/01/2026 3:15:00 CH"),
        ("Datum:26. Januar 2022", "2022-01-26T00:00:00+00:00", "26. Januar 2022"),
        ("2018-10-29T10:15-500", "2018-10-29T10:15:00-05:00", "2018-10-29T10:15-500"),
    ],
)
def test_moment_inside_a_line(line, at, raw):
    found = dates.find_moment(line)
    moment = dates.parse_moment(line, timezone=None) if found is None or found[0].raw != raw else found[0]

    assert (moment.at.isoformat(), moment.raw) == (at, raw)


@pytest.mark.parametrize(
    "line", ["Tel 030 12.12.12.1", "Phone 20-30-2020", "2011 by 12 foo 2010", "June", "12 of 2020"]
)
def test_line_without_a_date(line):
    assert dates.find_moment(line) is None


H1 = "<h1>Ferry leaves earlier</h1>"
JANE = ld('{"@type": "Person", "@id": "#j", "name": "Jane Doe"}')


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        pytest.param(
            ld('{"@type": "NewsArticle", "author": {"@id": "#j"}}') + JANE, "", ["Jane Doe"], id="reference-to-a-person"
        ),
        pytest.param(
            ld('{"@type": "NewsArticle", "author": [[{"name": "Jane Doe og Kim Li"}]]}'),
            "",
            ["Jane Doe", "Kim Li"],
            id="og",
        ),
        pytest.param(ld('{"@type": "NewsArticle", "author": {"name": "jane doe"}}'), "", ["jane doe"], id="lower-case"),
        pytest.param(
            SITE + ld('{"@type": "NewsArticle", "author": {"name": "The Harbour Ledger"}}'),
            H1 + "<p class=byline>By Jane Doe</p>",
            ["Jane Doe"],
            id="a-person-before-the-site",
        ),
        pytest.param(
            SITE + ld('{"@type": "NewsArticle", "author": {"name": "The Harbour Ledger"}}'),
            H1,
            ["The Harbour Ledger"],
            id="the-site-where-nobody-else-is-named",
        ),
        pytest.param("<meta name=author content='https://ledger.example/jane'>", "", [], id="address"),
        pytest.param(
            "<meta name=twitter:label1 content='Written by'><meta name=twitter:data1 content='Jane Doe'>",
            "",
            ["Jane Doe"],
            id="labelled-card",
        ),
        pytest.param(
            "<meta name=twitter:label1 content=Reads><meta name=twitter:data1 content='Five Min'>", "", [], id="reads"
        ),
        pytest.param(
            TITLE,
            H1 + "<a rel=author>Jane Doe</a>" + TEXT * 9 + "<div class=teaser><a rel=author>Kim Li</a></div>",
            ["Jane Doe"],
            id="not-the-teasers-author",
        ),
        pytest.param(
            TITLE,
            H1 + "<div class=byline>By <span>Jane Doe</span><span>Head of Boats</span></div>",
            ["Jane Doe"],
            id="not-the-office",
        ),
        pytest.param(
            TITLE,
            H1 + "<div class=author><span>Jane Doe</span>, <span>Kim Li</span></div>",
            ["Jane Doe", "Kim Li"],
            id="two",
        ),
        pytest.param(
            TITLE, H1 + "<p>Sea | <a href='/authors/jane'>Jane Doe</a></p>", ["Jane Doe"], id="link-to-an-author"
        ),
        pytest.param(TITLE, H1 + "<p>Von Jane Doe, 3.2.2026</p>", ["Jane Doe"], id="printed-beside-the-date"),
        pytest.param(TITLE, H1 + "<p>3 February 2026 - Jane Doe</p>", ["Jane Doe"], id="name-beside-the-date"),
        pytest.param(TITLE, H1 + "<p class=author><a href='/author/j'>View all</a></p>", [], id="no-name"),
        pytest.param(
            SITE + ld('{"@type": "NewsArticle", "author": {"name": "The Harbour Ledger"}}'),
            H1 + TEXT + "<p style='text-align:right'><b>Nguyễn Thị Lan</b></p>",
            ["Nguyễn Thị Lan"],
            id="signed-below-the-text",
        ),
    ],
)
def test_authors(head, body, expected):
    assert names(body + TEXT, head) == expected
