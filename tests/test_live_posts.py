"""A live report keeps the heads of its posts: their times and headings, in the order of the page."""

import json
from datetime import UTC, datetime

import pytest

import archiver
from archiver.page import Page
from archiver.rules.flow import flow
from archiver.rules.live_posts import with_post_heads

URL = "https://news.example/sport/regatta-on-the-estuary-4711.html"
LEAD = "<p>The second day of the regatta on the estuary, with four finals and a tide that waits for nobody.</p>"
TEXTS = (
    "The eights went off ten minutes late, because a swan had settled in lane three and would not leave.",
    "The umpires have shortened the course for the afternoon, as the wind on the open water has grown.",
    "The coffee on the boathouse roof is strong this morning, and the first crews are out on the water.",
)


def page(*heads, state=None):
    thing = {
        "@type": state or "NewsArticle",
        "headline": "Regatta on the estuary",
        "datePublished": "2026-06-14T09:45+01:00",
    }
    posts = "".join(f"<div class=post>{head}<p>{text}</p></div>" for head, text in zip(heads, TEXTS, strict=False))
    return (
        f"<html lang=en><head><title>Regatta on the estuary</title>"
        f"<script type='application/ld+json'>{json.dumps(thing)}</script></head>"
        f"<body><article><h1>Regatta on the estuary</h1>{LEAD}{posts}</article></body></html>"
    ).encode()


@pytest.mark.parametrize(
    ("heads", "expected"),
    [
        pytest.param(
            ("<h3>17:40 Finish</h3>", "<h3>16:05 Wind</h3>", "<h3>10:00 Start</h3>"),
            [("heading", "17:40 Finish"), ("heading", "16:05 Wind"), ("heading", "10:00 Start")],
            id="time-in-the-heading",
        ),
        pytest.param(
            ("<div class=at>17:40</div><h3>Finish</h3>", "<div class=at>16:05</div>", "<div class=at>10:00</div>"),
            [("paragraph", "17:40"), ("heading", "Finish"), ("paragraph", "16:05"), ("paragraph", "10:00")],
            id="time-above-the-heading",
        ),
        pytest.param(
            (
                "<h3>Finish</h3><div class=at>17.40 Uhr</div>",
                "<h3>Wind</h3><div class=at>16.05 Uhr</div>",
                "<h3>Start</h3><div class=at>10.00 Uhr</div>",
            ),
            [
                *(("heading", "Finish"), ("paragraph", "17.40 Uhr"), ("heading", "Wind"), ("paragraph", "16.05 Uhr")),
                *(("heading", "Start"), ("paragraph", "10.00 Uhr")),
            ],
            id="time-below-the-heading",
        ),
        pytest.param(
            ("<p class=at>9h50: Trao giải</p>", "<p class=at>9h20: Về đích</p>", "<p class=at>9h00: Xuất phát</p>"),
            [("paragraph", "9h50: Trao giải"), ("paragraph", "9h20: Về đích"), ("paragraph", "9h00: Xuất phát")],
            id="time-in-bare-paragraphs",
        ),
    ],
)
def test_the_heads_of_posts_are_blocks_where_they_stand(heads, expected):
    blocks = archiver.extract(page(*heads), URL).blocks
    actual = [(block.type, block.text) for block in blocks if block.text not in TEXTS]

    assert actual[1:] == expected


def kept(*heads, state=None):
    """What is kept beside the texts of the posts, where a story's text is found to be those."""
    html = Page(URL, page(*heads, state=state), fetched_at=datetime(2026, 6, 15, tzinfo=UTC))
    lines = flow(html).lines
    chosen = [at for at, line in enumerate(lines) if line.text in TEXTS]
    return [lines[at].text for at in with_post_heads(html, chosen) if at not in chosen]


def test_two_posts_are_a_report_where_the_page_says_that_it_is_one():
    heads = ("<div class=at>17:40</div>", "<div class=at>16:05</div>")

    assert kept(*heads, state="LiveBlogPosting") == ["17:40", "16:05"]
    assert kept(*heads) == []


@pytest.mark.parametrize(
    "head",
    [
        pytest.param("<div class=at>{} June 2026 at 17:40</div>", id="dated-answers-of-readers"),
        pytest.param("<div class=at>Score after {} sets: 17:40:22</div>", id="results"),
        pytest.param("<h1>{}:40 Regatta</h1>", id="titles"),
    ],
)
def test_what_is_no_posts_head_stays_out(head):
    assert kept(*(head.format(number) for number in (14, 15, 16))) == []
