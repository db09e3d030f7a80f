"""The general body rule on small invented pages: what is the story, and what stands around it."""

from datetime import UTC, datetime

import pytest

from archiver.page import Page
from archiver.rules import article_body

ONE = "The old weir above the mill was opened again on Monday after eleven months of repairs by the parish."
TWO = "Its eight gates are worked by hand, as they were in 1911, and the keeper says that he prefers it so."
THREE = "In a dry summer the weir holds the water back for the meadows, and in winter it keeps the cellars dry."
STORY = f"<p>{ONE}</p><p>{TWO}</p><p>{THREE}</p>"
LINES = [ONE, TWO, THREE]
IMG = '<img src="/weir.jpg" width="600" height="400">'


def found(html):
    page = Page("https://example.test/weir", html.encode(), datetime(2026, 1, 1, tzinfo=UTC))
    return article_body.general_body(page)


def lines(html):
    return [line for block in found(html).blocks for line in block.plain.split("\n") if line]


def captions(html):
    return [image.caption for image in found(html).images]


@pytest.mark.parametrize(
    "html",
    [
        pytest.param(f"<div><div class=story>{STORY}</div><div><a href=/1>Other news</a></div></div>", id="div"),
        pytest.param(f"<body>{STORY}</body>", id="right-in-the-body"),
        pytest.param(f"<table><tr><td><a href=/>Home</a></td><td>{STORY}</td></tr></table>", id="layout-table"),
        pytest.param(
            f"<main><div><p>{ONE}</p><p>{TWO}</p></div><div>Anzeige</div><div><p>{THREE}</p></div></main>",
            id="parted-by-an-advertisement",
        ),
        pytest.param(f"<div><button>Menu<main><div>{STORY}</div></main></div>", id="inside-a-button-never-closed"),
        pytest.param(f"<div hidden id='S:0'>{STORY}</div>", id="streamed"),
        pytest.param(f"<article><story-text><div>{STORY}</div></story-text></article>", id="custom-element"),
    ],
)
def test_the_story_is_where_text_is_densest_and_as_far_as_it_goes_on(html):
    assert lines(html) == LINES


@pytest.mark.parametrize(
    "around",
    [
        pytest.param(f"<div class='related-articles'><p>{TWO.upper()}</p></div>", id="related-by-name"),
        pytest.param(f"<section id=comments><p>{TWO.upper()}</p></section>", id="comments"),
        pytest.param("<aside><p>Weirs of the county, a list of all that are open.</p></aside>", id="aside"),
        pytest.param("<ul><li><a href=/1>Mill for sale</a><li><a href=/2>Ferry stops</a></ul>", id="list-of-links"),
        pytest.param("<p><a href=/1>Ferry stops for the winter</a></p>", id="linked-line"),
        pytest.param("<p>Read more: <a href=/1>Ferry stops for the winter</a></p>", id="pointer"),
        pytest.param("<p>Lesen Sie auch: <a href=/1>Fähre im Winter</a></p>", id="german-pointer"),
        pytest.param("<p>Sign up for our newsletter and get the news of the week.</p>", id="request"),
        pytest.param("<p>© 2026 The Mill Press. All rights reserved.</p>", id="rights"),
        pytest.param("<p>Advertisement</p>", id="label"),
        pytest.param("<p>12/03/2026 14:05</p>", id="time"),
        pytest.param(
            f"<div>{IMG}<h3><a href=/1>Ferry stops</a></h3><p>No crossing until the spring comes.</p></div>", id="card"
        ),
        pytest.param("<h2>Nothing follows this</h2>", id="heading-at-the-end"),
        pytest.param(
            "<h3>Related articles</h3><ul><li><a href=/1>Ferry stops</a><li><a href=/2>Mill sold</a></ul>",
            id="end-mark",
        ),
    ],
)
def test_what_is_no_part_of_the_story_is_left_out(around):
    assert lines(f"<article>{STORY}{around}</article>") == LINES


@pytest.mark.parametrize(
    ("inside", "kept"),
    [
        pytest.param("<h2>By hand</h2>", "By hand", id="heading"),
        pytest.param("<p>He smiles.</p>", "He smiles.", id="short-paragraph"),
        pytest.param("<blockquote>I like it.</blockquote>", "I like it.", id="quote"),
        pytest.param("<ul><li>Eight gates</ul>", "Eight gates", id="list"),
        pytest.param("<blockquote class=social-post>A fine weir.</blockquote>", "A fine weir.", id="embedded-post"),
        pytest.param("<p>The <a href=/keeper>keeper</a> is proud.</p>", "The keeper is proud.", id="link-in-a-line"),
    ],
)
def test_what_belongs_to_the_story_is_kept_between_its_paragraphs(inside, kept):
    assert lines(f"<article><p>{ONE}</p>{inside}<p>{TWO}</p><p>{THREE}</p></article>") == [ONE, kept, TWO, THREE]


@pytest.mark.parametrize(
    "opening",
    [
        pytest.param("<h1>Weir opens</h1><p>By Ann Ford</p>", id="title-and-byline"),
        pytest.param(
            "<h1>Weir opens</h1><div class=author>Ann Ford</div><button>Listen</button>", id="name-and-button"
        ),
        pytest.param("<p>Home</p><h1>Weir opens</h1>", id="above-the-title"),
    ],
)
def test_what_stands_between_title_and_text_is_left_out(opening):
    assert lines(f"<article>{opening}{STORY}</article>") == LINES


def test_the_lead_between_title_and_text_is_the_first_paragraph():
    lead = "Eleven months of repairs have come to an end at last."

    assert lines(f"<header><h1>Weir opens</h1><p>{lead}</p></header><div>{STORY}</div>") == [lead, *LINES]


def test_a_name_that_calls_most_of_the_text_furniture_is_ignored():
    assert lines(f"<div class='sidebar related'>{STORY}</div><p>Other</p>") == LINES


def test_an_end_mark_with_much_text_below_it_ends_nothing():
    html = f"<article><p>{ONE}</p><p>{TWO}</p><h3>More from the mill</h3><p>{THREE}</p></article>"

    assert lines(html)[-1] == THREE


def test_lines_that_json_ld_does_not_state_are_cut_behind_the_last_that_it_does():
    stated = " ".join([*LINES, *(line.replace("weir", "lock") for line in LINES)])
    locks = "".join(f"<p>{line.replace('weir', 'lock')}</p>" for line in LINES)
    script = f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{stated}"}}</script>'

    assert "Ann Ford keeps bees." not in lines(f"{script}<article>{STORY}{locks}<p>Ann Ford keeps bees.</p></article>")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param(
            f'<script type="application/ld+json">{{"@type": "NewsArticle", "articleBody": "{ONE}"}}</script><p></p>',
            [ONE],
            id="json-ld",
        ),
        pytest.param("<div class=sidebar><p>Closed.</p></div>", ["Closed."], id="all-there-is"),
    ],
)
def test_no_page_with_text_is_empty(html, expected):
    assert lines(html) == expected


@pytest.mark.parametrize(
    ("figure", "expected"),
    [
        pytest.param(
            f"<figure>{IMG}<figcaption>The weir in March</figcaption></figure>", ["The weir in March"], id="figure"
        ),
        pytest.param(
            f"<figure><button>{IMG}</button><figcaption>The weir in March</figcaption></figure>",
            ["The weir in March"],
            id="enlarged",
        ),
        pytest.param(
            f"<figure><noscript>{IMG}</noscript><figcaption>The weir in March</figcaption></figure>",
            ["The weir in March"],
            id="noscript",
        ),
        pytest.param(
            "<figure><press-image src=/weir.jpg></press-image><figcaption>The weir in March</figcaption></figure>",
            ["The weir in March"],
            id="custom-element",
        ),
        pytest.param(
            f"<aside><figure>{IMG}<figcaption>The weir in March</figcaption></figure></aside>",
            ["The weir in March"],
            id="in-an-aside",
        ),
        pytest.param(
            f"<figure>{IMG}<p>The weir in March</p><figcaption>The weir in March</figcaption></figure>",
            ["The weir in March"],
            id="printed-twice",
        ),
        pytest.param(
            f"<figure>{IMG}<figcaption><p>Legende:</p><p>The weir in March</p></figcaption></figure>",
            ["The weir in March"],
            id="label",
        ),
        pytest.param(f"<figure>{IMG}<figcaption>Photo: Ann Ford</figcaption></figure>", [""], id="credit-alone"),
        pytest.param("<figure><video></video><figcaption>The weir in March</figcaption></figure>", [], id="no-picture"),
        pytest.param(
            f"<div class=related><figure>{IMG}<figcaption>A ferry</figcaption></figure></div>", [], id="another-story"
        ),
    ],
)
def test_captions_are_those_of_the_storys_pictures_and_no_part_of_the_text(figure, expected):
    html = f"<article><p>{ONE}</p>{figure}<p>{TWO}</p><p>{THREE}</p></article>"

    assert (captions(html), lines(html)) == (expected, LINES)


def test_the_lead_picture_above_the_text_keeps_its_caption():
    figure = f"<figure>{IMG}<figcaption>The weir in March</figcaption></figure>"

    assert captions(f"<main><h1>Weir opens</h1>{figure}<div>{STORY}</div></main>") == ["The weir in March"]


def test_a_page_whose_theme_calls_all_of_it_a_caption_has_text():
    html = f"<body class=has-captions><article>{STORY}<p>{' '.join(LINES * 10)}</p></article></body>"

    assert lines(html)[:3] == LINES


@pytest.mark.parametrize("paragraphs", [30, 300, 3_000])
def test_no_paragraph_of_a_long_story_is_lost(paragraphs):
    written = [f"On day {number} {line[0].lower()}{line[1:]}" for number in range(paragraphs) for line in LINES[:1]]

    assert lines(f"<article><h1>Weir opens</h1>{''.join(f'<p>{line}</p>' for line in written)}</article>") == written
