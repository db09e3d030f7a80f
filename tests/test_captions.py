"""Pictures of small invented stories: which words are their captions, who made them, and what stays in the text."""

from datetime import UTC, datetime

import pytest

from archiver.page import Page
from archiver.rules import article_body

ONE = "The old weir above the mill was opened again on Monday after eleven months of repairs by the parish."
TWO = "Its eight gates are worked by hand, as they were in 1911, and the keeper says that he prefers it so."
THREE = "In a dry summer the weir holds the water back for the meadows, and in winter it keeps the cellars dry."
IMG = '<img src="/weir.jpg" width="600" height="400">'
GATE = '<img src="/gate.jpg" width="600" height="400">'
CAPTION = "The weir in March"


def read(inside):
    page = f"<article><p>{ONE}</p><p>{TWO}</p>{inside}<p>{THREE}</p></article>"
    return article_body.general_body(Page("https://example.test/weir", page.encode(), datetime(2026, 1, 1, tzinfo=UTC)))


def text_of(content):
    return [block.plain for block in content.blocks if block.plain]


@pytest.mark.parametrize(
    ("inside", "captions"),
    [
        pytest.param(
            f"<figure>{IMG}<div>The weir and its story</div><figcaption>{CAPTION}</figcaption></figure>",
            [CAPTION],
            id="figcaption-beside-another-text",
        ),
        pytest.param(
            f"<figure>{IMG}<div>View 6 images</div></figure><figcaption>{CAPTION}</figcaption>",
            [CAPTION],
            id="figcaption-behind-the-figure",
        ),
        pytest.param(f"<figure>{IMG}<a href=/all>See all pictures</a></figure>", [""], id="link-in-a-figure"),
        pytest.param(f"<figure>{IMG}<div>2:34 The weir, a film</div></figure>", [""], id="film-in-a-figure"),
        pytest.param(f"{IMG}<div class=video-label>2:34 The weir, a film</div>", [""], id="film-beside-the-text"),
        pytest.param(f"{IMG}<p>Published 14:14 | Updated 15:59</p>", [""], id="times"),
        pytest.param(f"{IMG}<div>or</div>", [""], id="leftover-of-buttons"),
        pytest.param(
            f"{IMG}<p class=image-caption>{CAPTION}</p><p class=image-caption>{CAPTION}</p>",
            [CAPTION],
            id="for-narrow-and-for-wide-screens",
        ),
        pytest.param(
            f"{IMG}<p class=image-caption>{CAPTION}</p><p class=image-caption-author>Ann Ford</p>{GATE}",
            [CAPTION, ""],
            id="maker-before-the-next-picture",
        ),
        pytest.param(
            f"<div class=caption><h2>Weir opens</h2>{IMG}<p class=caption>{CAPTION}</p></div>",
            [CAPTION],
            id="heading-in-a-block-called-caption",
        ),
        pytest.param(
            '<img src="/weir.jpg" alt="The weir above the mill is worked by hand">'
            "<p>The weir above the mill is worked by hand, as it was in 1911.</p>",
            ["The weir above the mill is worked by hand, as it was in 1911."],
            id="begins-as-the-picture's-alt",
        ),
        pytest.param(
            f'<figure><img src="/weir.jpg" width="16" height="9"><figcaption>{CAPTION}</figcaption></figure>',
            [CAPTION],
            id="sides-that-are-a-ratio",
        ),
        pytest.param(
            f"<button><figure>{IMG}</figure><figcaption>{CAPTION}</figcaption></button>",
            [CAPTION],
            id="button-that-enlarges",
        ),
        pytest.param(
            f'<figure><amp-img src="/weir.jpg"><div>Loading</div></amp-img><figcaption>{CAPTION}</figcaption></figure>',
            [CAPTION],
            id="custom-element-with-a-placeholder",
        ),
        pytest.param(
            f"<figure>{IMG}<div class=footer><figcaption>{CAPTION}</figcaption></div></figure>",
            [CAPTION],
            id="foot-of-a-figure",
        ),
        pytest.param(
            f'<figure><img data-flickity-lazyload="/weir.jpg"><figcaption>{CAPTION}</figcaption></figure>',
            [CAPTION],
            id="loaded-when-a-carousel-turns",
        ),
    ],
)
def test_caption_is_what_is_said_of_the_picture_and_no_part_of_the_text(inside, captions):
    content = read(inside)

    assert ([image.caption for image in content.images], text_of(content)) == (captions, [ONE, TWO, THREE])


@pytest.mark.parametrize(
    ("inside", "text"),
    [
        pytest.param(f"<figure>{IMG}</figure><p>NEVER AGAIN</p>", "NEVER AGAIN", id="below-a-figure"),
        pytest.param(f"<p>THE PARISH</p><figure>{IMG}</figure>", "THE PARISH", id="above-a-figure"),
        pytest.param(f"{IMG}<p>10:15 The gates are open</p>", "10:15 The gates are open", id="entry-of-a-live-report"),
    ],
)
def test_line_beside_a_picture_that_is_no_caption_stays_in_the_text(inside, text):
    content = read(inside)

    assert [image.caption for image in content.images] == [""]
    assert text in text_of(content)


def test_italics_below_a_figure_are_its_caption():
    content = read(f"<figure>{IMG}</figure><p><em>{CAPTION}</em></p>")

    assert [image.caption for image in content.images] == [CAPTION]


@pytest.mark.parametrize(
    ("figcaption", "caption", "credit"),
    [
        pytest.param(f"{CAPTION} <span class=credit>Ann Ford/Picture Desk</span>", CAPTION, "Ann Ford/Picture Desk", id="span"),
        pytest.param(f"{CAPTION}<cite>Ann Ford</cite>", CAPTION, "Ann Ford", id="cite"),
        pytest.param(f"<p>{CAPTION}</p><p class=image__author>Ann Fordham</p>", CAPTION, "Ann Fordham", id="line"),
        pytest.param(f"{CAPTION} -", CAPTION, "", id="dash-left-over"),
        pytest.param("By Ann Ford", "", "Ann Ford", id="byline"),
        pytest.param("(The Example Times)", "", "The Example Times", id="name-in-brackets"),
        pytest.param("(The weir in March)", "(The weir in March)", "", id="caption-in-brackets"),
        pytest.param("annford - stock.adobe.com", "", "annford - stock.adobe.com", id="library"),
        pytest.param("Source: Natl Inst. for Rivers, the Parish", "", "Natl Inst. for Rivers, the Parish", id="source"),
        pytest.param("By the river in March", "By the river in March", "", id="caption-that-begins-like-a-byline"),
    ],
)  # fmt: skip
def test_maker_of_a_picture_is_parted_from_the_caption(figcaption, caption, credit):
    (image,) = read(f"<figure>{IMG}<figcaption>{figcaption}</figcaption></figure>").images

    assert (image.caption, image.credit) == (caption, credit)


@pytest.mark.parametrize(
    "box",
    [
        pytest.param(f"{IMG}<p>Eight gates of the weir on Monday.</p><p>Photo: Ann Ford</p>", id="caption-and-maker"),
        pytest.param(f"<span>Photo: Ann Ford</span>{IMG}<p>Eight gates of the weir on Monday.</p>", id="maker-above"),
        pytest.param(f"{IMG}<div>1 of 2 |</div><p>Eight gates of the weir on Monday.</p>", id="slide-of-a-carousel"),
    ],
)
def test_text_in_one_box_with_the_lead_picture_is_its_caption(box):
    story = f"<div class=story><p>{ONE}</p><p>{TWO}</p><p>{THREE}</p></div>"
    page = f"<main><h1>Weir opens</h1><div class=lead>{box}</div>{story}</main>"
    content = article_body.general_body(
        Page("https://example.test/weir", page.encode(), datetime(2026, 1, 1, tzinfo=UTC))
    )

    assert [image.caption for image in content.images] == ["Eight gates of the weir on Monday."]
    assert text_of(content) == [ONE, TWO, THREE]
