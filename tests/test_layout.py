"""Behind the rules of a layout stand the general ones: field by field, unless a rule has the last word."""

from datetime import UTC, datetime

import pytest

from archiver.article import Block
from archiver.page import Page
from archiver.rules.content import Content
from archiver.rules.rule import find, only
from archiver.rules.simple import css, meta
from archiver.site import Address, Layout, Listing, Site

HTML = """<!doctype html><html lang="en-GB"><head><title>Storm - The Post</title><meta name="keywords" content="storm, coast">
<meta property="article:published_time" content="2026-03-01T08:30:00+00:00"></head><body><article><h1>Storm over the outer isles</h1>
<p class="by">By Ina Roald</p><p>The storm came in the night and took the roof off the net store, and then the net store.</p>
<p>By morning the ferry ran again, half empty, and the school had opened its doors to those who needed it.</p></article></body></html>"""


def article(of_site=None, **rules):
    site = Site(
        name="post",
        home="https://post.test/",
        start_urls=("https://post.test/",),
        timezone="Europe/London",
        language=of_site,
        layouts=(Layout(name="2026", **rules),),
        identify=lambda url: Address("post:1", url),
        lists=lambda _site, _page: Listing(),
    )
    return site.parse_article(Page("https://post.test/storm-1", HTML.encode(), datetime(2026, 3, 2, tzinfo=UTC)))


def test_a_layout_without_rules_reads_by_the_general_ones():
    found = article()

    assert (found.title, f"{found.published_at:%F %H:%M}") == ("Storm over the outer isles", "2026-03-01 08:30")
    assert "The storm came in the night" in found.body
    assert found.extractor.layout == "2026"


@pytest.mark.parametrize(
    ("rule", "title", "by"),
    [
        pytest.param(css("title"), "Storm - The Post", "css(title)", id="the-rule-finds"),
        pytest.param(only(css(".none")), "", None, id="the-rule-has-the-last-word"),
        pytest.param(only(css(".none"), css("title")), "Storm - The Post", "css(title)", id="one-of-several-finds"),
        pytest.param(only(), "", None, id="kept-empty"),
    ],
)
def test_the_rule_of_a_layout_goes_before_the_general_one(rule, title, by):
    found = article(title=rule)

    assert (found.title, found.extractor.found_by.get("title")) == (title, by)


def test_where_a_rule_finds_nothing_the_general_one_answers_and_is_named():
    found, general = article(title=css(".none")), article()

    assert (found.title, found.extractor.found_by) == ("Storm over the outer isles", general.extractor.found_by)


def own_body(_page):
    return Content(blocks=(Block(type="paragraph", text="From the site's own rule."),))


def test_each_field_falls_back_by_itself():
    found = article(body=own_body, authors=only())

    assert (found.body, found.authors, found.title) == ("From the site's own rule.", (), "Storm over the outer isles")


@pytest.mark.parametrize(
    ("of_site", "rules", "expected"),
    [
        pytest.param(None, {}, "en-GB", id="the-head"),
        pytest.param("en", {}, "en", id="the-site-before-the-head"),
        pytest.param("en", {"language": meta("keywords")}, "storm, coast", id="the-rule-before-both"),
        pytest.param(None, {"language": only()}, None, id="kept-empty"),
    ],
)
def test_the_language_of_a_site_goes_before_the_heads(of_site, rules, expected):
    assert article(of_site, **rules).language == expected


def test_only_names_the_rule_that_found():
    page = Page("https://post.test/storm-1", HTML.encode(), datetime(2026, 3, 2, tzinfo=UTC))

    assert find(only(css(".none"), css("h1")), page).by == "css(h1)"
