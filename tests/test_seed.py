"""A real article in many markups gives the same record. Read from ../shared, where it is present."""

from datetime import UTC, datetime

import pytest
from seed_drawn import drawn_markup
from seed_markups import SEED, URL, markups, read_seed

from archiver.page import Page
from archiver.sites import site_for

pytestmark = pytest.mark.skipif(not SEED.exists(), reason="needs ../shared/seed/article.txt beside the clone")

CASES = list(markups()) if SEED.exists() else []
IDS = [name for name, _ in CASES]


def article(html):
    page = Page(URL, html.encode(), datetime(2025, 11, 14, tzinfo=UTC), "text/html; charset=utf-8")
    return site_for(URL).parse_article(page)


@pytest.mark.parametrize("html", [html for _, html in CASES], ids=IDS)
def test_seed_article_is_read_in_any_markup(html):
    assert_is_the_seed(article(html))


@pytest.mark.parametrize("number", range(300))
def test_seed_article_is_read_in_markup_drawn_at_random(number):
    assert_is_the_seed(article(drawn_markup(number)))


def assert_is_the_seed(found):
    seed = read_seed()

    assert found.id == "hcma:19239"
    assert found.title == seed.title
    assert found.published_at.isoformat() == "2025-04-17T14:37:00+07:00"
    assert found.published_raw == "14:37 17/04/2025"
    assert found.published_precision == "minute"
    assert found.lead == seed.paragraphs[0]
    assert found.body.split("\n\n") == seed.paragraphs
    assert len(seed.paragraphs) == 8
    assert [image.caption for image in found.images] == seed.captions
    assert len(seed.captions) == 5
    assert [block.type for block in found.blocks] == [
        "paragraph" if kind == "paragraph" else "image" for kind, _ in seed.parts
    ]
    assert found.credit_line == seed.credit
    assert [(name.name, name.role, name.kind) for name in found.authors] == [
        ("BBT", "text", "organisation"),
        ("Đức Mạnh", "photo", "person"),
    ]
    assert found.comment_count == 0
    assert found.comments == ()
    assert [(item.title, item.summary, item.relation) for item in found.related] == [
        (title, summary, "latest") for title, _, summary in seed.latest
    ]
    assert [item.published_at.strftime("%H:%M %d/%m/%Y") for item in found.related] == [
        time for _, time, _ in seed.latest
    ]
    assert found.attachments == ()
    assert found.quality == ()
