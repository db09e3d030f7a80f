"""What a listing leads to on a site without a file: news told from navigation, further pages, sections. Pages are invented."""

from datetime import UTC, datetime

import pytest

from archiver.page import Page
from archiver.rules.address_signs import next_of, signs
from archiver.sites import general

HERE = "https://post.test/news"


@pytest.mark.parametrize(
    ("path", "points"),
    [
        pytest.param("/2026/03/12/storm", 2, id="day"),
        pytest.param("/2026/03/storm", 2, id="month-and-name"),
        pytest.param("/news/storm-hits-the-outer-isles", 2, id="slug"),
        pytest.param("/news/storm-19239.htm", 2, id="number-in-the-name"),
        pytest.param("/archive/39710", 2, id="number"),
        pytest.param("/article.php?id=7", 2, id="number-in-the-query"),
        pytest.param("/?p=123", 2, id="wordpress-without-pretty-addresses"),
        pytest.param("/Pages/chi-tiet.aspx?ItemID=4521&CateID=3", 2, id="sharepoint"),
        pytest.param("/world/spring-wheat-fails", 1, id="short-slug"),
        pytest.param("/world/spring-wheat", 0, id="two-words"),
        pytest.param("/world", -1, id="one-word"),
        pytest.param("/", -2, id="home"),
        pytest.param("/list.php?cat=12", 0, id="category-in-the-query"),
        pytest.param("/category/schools-and-youth-work", -2, id="shelf"),
        pytest.param("/tag/public-works-department-2026", -2, id="label"),
        pytest.param("/author/b-quill-1234", -2, id="author"),
        pytest.param("/2026/03/", -2, id="month"),
        pytest.param("/news/page/2/", -2, id="page"),
    ],
)
def test_addresses_of_articles_look_like_it(path, points):
    assert signs("https://post.test" + path).points == points


@pytest.mark.parametrize(
    "path",
    ["/about", "/contact.html", "/feed/", "/rss.xml", "/share?u=https://a.test/b", "/gioi-thieu.html", "/wp-json/x"],
)
def test_what_every_site_has_is_no_news(path):
    assert signs("https://post.test" + path).chrome


@pytest.mark.parametrize(
    "path",
    [
        "/jobs/harbour-hires-forty-pilots-5101",
        "/weather/storm-of-the-century-hits-the-coast",
        "/world/about-face-on-tariffs",
    ],
)
def test_a_section_may_be_called_like_what_every_site_has(path):
    assert not signs("https://post.test" + path).chrome


@pytest.mark.parametrize(
    ("listing", "further", "expected"),
    [
        ("/news/", "/news/page/2/", True),
        ("/news/page/2/", "/news/page/3/", True),
        ("/news?cat=3", "/news?cat=3&page=2", True),
        ("/news?cat=3", "/news?cat=4&page=2", False),
        ("/tin-tuc.html", "/tin-tuc/trang-2.html", True),
        ("/tin-tuc/index.aspx", "/tin-tuc/?p=2", True),
        ("/news/", "/sports/page/2/", False),
        ("/news/", "/news/storm", False),
    ],
)
def test_a_page_of_a_listing_is_alike_but_for_its_number(listing, further, expected):
    assert next_of("https://post.test" + further, "https://post.test" + listing) is expected


def listing(inner, *, url=HERE, start="https://post.test/", head=""):
    html = (
        f"<!doctype html><html><head><meta charset='utf-8'><title>News</title>{head}</head><body>{inner}</body></html>"
    )
    return general.site_at(start).parse_listing(Page(url, html.encode(), datetime(2026, 3, 1, tzinfo=UTC)))


def found(inner, **where):
    return [(link.title, link.published_raw, link.summary) for link in listing(inner, **where).articles]


A, B, C = (
    "/n/harbour-strike-enters-third-week",
    "/n/bakers-oppose-the-new-market-hours",
    "/n/library-lends-tools-to-all",
)
TITLE, OTHER, THIRD = (
    "Harbour strike enters third week",
    "Bakers oppose the new market hours",
    "Library lends tools to all",
)
TEXT = "Dockers want the night rate back, and the port has nothing left to give."


@pytest.mark.parametrize(
    ("inner", "expected"),
    [
        pytest.param(
            f"<p>1 March 2026</p><h3><a href={A}>{TITLE}</a></h3><p>28 February 2026</p><h3><a href={B}>{OTHER}</a></h3>",
            [(TITLE, "1 March 2026", ""), (OTHER, "28 February 2026", "")], id="time-in-front-of-titles",
        ),
        pytest.param(
            f"<h3><a href={A}>{TITLE}</a></h3><p>1 March 2026</p><p>{TEXT}</p><h3><a href={B}>{OTHER}</a></h3><p>28 February 2026</p>",
            [(TITLE, "1 March 2026", TEXT), (OTHER, "28 February 2026", "")], id="time-behind-titles",
        ),
        pytest.param(
            f"<ul><li><a href={A}>{TITLE}</a> <time datetime='2026-03-01T08:00:00Z'>2 hours ago</time></li></ul>",
            [(TITLE, "2026-03-01T08:00:00Z", "")], id="time-from-now",
        ),
        pytest.param(
            f"<a href={A}><div><span>Ports</span><h3>{TITLE}</h3><p>{TEXT}</p></div></a>", [(TITLE, "", TEXT)], id="card-that-is-one-link"
        ),
        pytest.param(
            f"<div><a href={A}><img src=/a.jpg></a><h2><a href={A}>{TITLE}</a></h2><p>{TEXT} <a href={A}>Read more</a></p></div>",
            [(TITLE, "", TEXT)], id="three-links-to-one-article",
        ),
        pytest.param(
            f"<div class=footer><a href={A}>{TITLE}</a></div><div id=menu><a href={B}>{OTHER}</a></div><nav><a href={C}>{THIRD}</a></nav>",
            [], id="navigation",
        ),
        pytest.param(
            f"<article class='post tag-menu status-publish'><header><h2><a href={A}>{TITLE}</a></h2></header></article>",
            [(TITLE, "", "")], id="tags-of-a-post-among-its-classes",
        ),
        pytest.param(f"<p>{TEXT} The port <a href={A}>said so in a long letter</a> to all its members on Monday.</p>", [], id="link-in-a-sentence"),
        pytest.param(f"<p>© 2026 The Post. <a href={A}>Conditions under which we may be quoted</a></p>", [], id="rights"),
        pytest.param(
            "".join(f"<li><h3><a href={url}>{title}</a></h3> <a href=/staff/ina-roald>Ina Roald</a>, 1 March 2026</li>" for url, title in ((A, TITLE), (B, OTHER), (C, THIRD))),
            [(title, "1 March 2026", "") for title in (TITLE, OTHER, THIRD)], id="author-beside-each-title",
        ),
        pytest.param("<p>Nothing here.</p>", [], id="no-links"),
    ],
)  # fmt: skip
def test_titles_times_and_summaries_stand_by_the_links(inner, expected):
    assert found(inner) == expected


PAGES = """<div class=pager><a href=/news?page=2>2</a> <a href=/older>Older</a> <a href=/news/next>Next</a></div>
<a href=/sports?page=2>more sport</a> <a href=/news/2026/02>February</a> <a href=/sports/2026/02>February</a>"""


def test_further_pages_are_those_of_this_listing():
    assert listing(PAGES).pages == tuple(
        f"https://post.test{path}" for path in ("/news?page=2", "/news/next", "/news/2026/02")
    )


def test_the_head_may_name_the_next_page():
    assert listing("", head="<link rel=next href=/seite/zwei>").pages == ("https://post.test/seite/zwei",)


MENU = "<nav><a href=/sports>Sports</a><a href=/news/local>Local</a><a href=/about>About</a><a href=/tag/x>x</a><a href=/de/>Deutsch</a></nav>"


@pytest.mark.parametrize(
    ("url", "start", "sections"),
    [
        pytest.param("https://post.test/", "https://post.test/", ["/sports", "/news/local"], id="home"),
        pytest.param(
            "https://post.test/en/", "https://post.test/en/", ["/sports", "/news/local"], id="home-of-a-language"
        ),
        pytest.param(HERE, HERE, ["/news/local"], id="section"),
        pytest.param(HERE, "https://post.test/", [], id="later"),
    ],
)
def test_the_page_where_a_crawl_begins_leads_to_its_sections(url, start, sections):
    assert listing(MENU, url=url, start=start).pages == tuple(f"https://post.test{path}" for path in sections)


ROLL = "".join(
    f"<div class=post><h2><a href={url}>{title}</a></h2><p>1 March 2026</p><p>{TEXT * 2}</p></div>"
    for url, title in ((A, TITLE), (B, OTHER), (C, THIRD))
)


@pytest.mark.parametrize(
    "head",
    [
        pytest.param('<meta property="og:type" content="article">', id="called-an-article-by-its-head"),
        pytest.param("", id="with-text-enough-for-one"),
        pytest.param(
            "".join(f'<script type="application/ld+json">{{"@type": "BlogPosting", "headline": "{each}"}}</script>' for each in (TITLE, OTHER, THIRD)),
            id="with-an-object-for-each-post",
        ),
        pytest.param('<script type="application/ld+json">{"@type": "CollectionPage"}</script>', id="called-a-collection"),
    ],
)  # fmt: skip
def test_a_roll_of_excerpts_is_no_article(head):
    html = (
        f"<html><head><title>News of the coast</title>{head}</head><body><h1>News of the coast</h1>{ROLL}</body></html>"
    )
    page = Page(HERE, html.encode(), datetime(2026, 3, 1, tzinfo=UTC))

    assert not general.site_at(HERE).is_article(page)
