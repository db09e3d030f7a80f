"""What a listing leads on to besides links: posted forms, fragments, announced feeds; and what no crawl follows."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from archiver.page import Page
from archiver.rules.announced import announced_feeds
from archiver.rules.fragment import opened
from archiver.rules.load_more import load_more
from archiver.rules.post_back import next_post_back
from archiver.site.boundary import refusal, trap
from archiver.sites import site_named
from archiver.sites.general import site_at

NOW = datetime(2026, 3, 14, tzinfo=UTC)


def page(html, url="https://paper.test/news/list.aspx"):
    return Page(url, html.encode(), NOW)


FORM = (
    '<form action="list.aspx?cm=4" method="post"><input type="hidden" name="__EVENTTARGET" value=""><input type="hidden" name="__EVENTARGUMENT">'
    '<input type="hidden" name="__VIEWSTATE" value="a+b/c=="><input name="q" value="x"><input type="checkbox" name="off"><input type="checkbox" name="on" checked>'
    '<select name="size"><option>10</option><option selected value="20">twenty</option></select><input disabled name="dead" value="1">'
    '<textarea name="note">words</textarea><input type="submit" name="go" value="Go"><input type="image" name="map">{}</form>'
)
SENT = (("__VIEWSTATE", "a+b/c=="), ("q", "x"), ("on", "on"), ("size", "20"), ("note", "words"))


def call(target, argument, words):
    return f"""<a href="javascript:__doPostBack(&#39;{target}&#39;,&#39;{argument}&#39;)">{words}</a>"""


GRID = "".join(call("grid", f"Page${number}", str(number)) for number in (2, 3, 4))
PAGERS = {
    "GridView, by its number": (GRID, 1, ("grid", "Page$2")),
    "GridView, a later page": (GRID, 3, ("grid", "Page$4")),
    "GridView, behind the last number": (GRID + call("grid", "Page$5", "..."), 4, ("grid", "Page$5")),
    "GridView, dots that lead back": (call("grid", "Page$10", "...") + call("grid", "Page$12", "12"), 11, ("grid", "Page$12")),
    "GridView, the word Next": (call("grid", "Page$First", "&lt;&lt;") + call("grid", "Page$Next", "&gt;"), 7, ("grid", "Page$Next")),
    "a repeater of numbers": (f"<div class=pager>{call('r$ctl00$page', '', '1')}{call('r$ctl01$page', '', '2')}</div>", 1, ("r$ctl01$page", "")),
    "a DataPager's Next": (f"<span class=pagination>{call('p$ctl00$ctl00', '', 'Previous')}{call('p$ctl02$ctl00', '', 'Next')}</span>", 5, ("p$ctl02$ctl00", "")),
    "Vietnamese words": (f"<div class='phan-trang'>{call('a$truoc', '', 'Trang trước')}{call('a$sau', '', 'Trang sau')}</div>", 2, ("a$sau", "")),
    "WebForm_PostBackOptions": ("""<div class=pager><a href='javascript:WebForm_DoPostBackWithOptions(new WebForm_PostBackOptions("p$2", "", true, "", "", false, true))'>2</a></div>""", 1, ("p$2", "")),
    "a button": ("""<div class=pager><input type="button" value="2" onclick="javascript:__doPostBack('p$b2','')"></div>""", 1, ("p$b2", "")),
    "the last page": (GRID, 4, None),
    "no pager": (call("menu$login", "", "Sign in") + call("vote", "3", "Vote"), 1, None),
    "a number elsewhere": (call("poll$answer", "", "2"), 1, None),
}  # fmt: skip


@pytest.mark.parametrize("name", PAGERS)
def test_the_next_page_of_a_posted_list_is_the_one_that_a_reader_would_press(name):
    links, shown, pressed = PAGERS[name]
    back = next_post_back(page(FORM.format(links)), shown)

    assert (
        (dict(back.fields)["__EVENTTARGET"], dict(back.fields)["__EVENTARGUMENT"]) == pressed
        if pressed
        else back is None
    )


def test_a_posted_form_holds_what_a_browser_sends_in_its_order_without_buttons():
    back = next_post_back(page(FORM.format(GRID)), 1)

    assert back.url == "https://paper.test/news/list.aspx?cm=4"
    assert back.fields == (("__EVENTTARGET", "grid"), ("__EVENTARGUMENT", "Page$2"), *SENT)


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<button class="btn-load-more" data-url="/more?page=2">', "/more?page=2"),
        ('<a class="loadMore" href="/news?offset=20">More</a>', "/news?offset=20"),
        ('<div data-next-page-url="/news/page/2"></div>', "/news/page/2"),
        ('<div id="infinite-scroll" data-url="/api/list/{page}" data-page="1"></div>', "/api/list/2"),
        ('<div class="xem-them" data-url="/ajax?cate=5&page=1" data-next-page="2"></div>', "/ajax?cate=5&page=2"),
        ('<div class="load-more" hx-get="?after=77"></div>', "/news/list.aspx?after=77"),
        ('<div class="load-more" data-url="/api/{page}"></div>', None),
        ('<a class="load-more" href="#">More</a>', None),
        ('<a class="load-more" href="javascript:more()">More</a>', None),
        ('<div class="gallery" data-url="/pictures/2"></div>', None),
        ('<a class="nextgen" href="/about">x</a>', None),
    ],
)
def test_an_element_that_loads_more_gives_the_address_of_the_next_fragment(html, found):
    assert load_more(page(html)) == ((f"https://paper.test{found}",) if found else ())


def test_feeds_of_a_head_are_those_of_articles():
    head = """<link rel="alternate" type="application/rss+xml" href="/feed/"><link rel="ALTERNATE" type="application/atom+xml; charset=utf-8" href="/atom">
    <link rel="alternate" type="application/rss+xml" title="Paper » Comments Feed" href="/c/feed/"><link rel="alternate" hreflang="vi" href="/vi/">
    <link rel="alternate" type="application/json+oembed" href="/oembed"><link rel="stylesheet" type="application/rss+xml" href="/x">"""

    assert announced_feeds(page(head)) == ("https://paper.test/feed/", "https://paper.test/atom")


def test_a_fragment_in_json_is_opened_and_a_page_stays_as_it_is():
    html = page("<p>x</p>")
    broken = page('{"html": ')

    assert (opened(html), opened(broken)) == (html, broken)
    assert (
        opened(page('{"data": [{"title": {"rendered": "A <i>tide</i>"}, "link": "/tide-1"}]}'))
        .root.find(".//a")
        .get("href")
        == "/tide-1"
    )


HCMA = site_named("hcma")
COPY = HCMA.at("http://127.0.0.1:8000/")


@pytest.mark.parametrize(
    ("site", "url", "reason"),
    [
        (HCMA, "https://hcma.vn/tin-1.htm", None), (HCMA, "http://www.hcma.edu.vn:80/tin-1.htm", None), (HCMA, "https://hcma.vn:8443/tin-1.htm", "other_port"),
        (HCMA, "https://hcma.vn/_layouts/15/viewlsts.aspx", "never_followed"), (HCMA, "https://hcma.vn/Pages/dang-nhap.aspx", "never_followed"),
        (HCMA, "file:///etc/passwd", "no_web_address"), (HCMA, "ftp://hcma.vn/x", "no_web_address"), (HCMA, "gopher://127.0.0.1:6379/_x", "no_web_address"),
        (HCMA, "http://127.0.0.1/", "private_address"), (HCMA, "http://localhost:8000/", "private_address"), (HCMA, "http://[::1]/", "private_address"),
        (HCMA, "http://[::ffff:10.0.0.1]/", "private_address"), (HCMA, "http://192.168.1.1/", "private_address"), (HCMA, "http://169.254.169.254/", "private_address"),
        (HCMA, "http://ajc-app:1002/x.pdf", "private_address"), (HCMA, "http://printer.local/", "private_address"), (HCMA, "http://0.0.0.0/", "private_address"),
        (HCMA, "https://hcma.vn.example.org/tin-1.htm", "offsite"), (HCMA, "https://hcma.vn@example.org/tin-1.htm", "offsite"),
        (COPY, "http://127.0.0.1:8000/tin-1.htm", None), (COPY, "http://127.0.0.1:8001/tin-1.htm", "other_port"), (COPY, "http://127.0.0.2:8000/", "private_address"),
        (site_at("http://10.0.0.5:8080/"), "http://10.0.0.5:8080/a", None), (site_at("http://10.0.0.5:8080/"), "http://10.0.0.6:8080/a", "private_address"),
        (replace(HCMA, allows=("http://10.0.0.5:8080/",)), "http://10.0.0.5:8080/a", None), (replace(HCMA, allows=("https://ajc.hcma.vn/",)), "https://ajc.hcma.vn/a", None),
    ],
)  # fmt: skip
def test_a_crawl_stays_where_the_user_and_the_site_file_say(site, url, reason):
    assert refusal(site, url) == reason


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("/a/b/a/b/a/b/", "path_repeats"), ("/x/en/en/en/page", "path_repeats"), ("/news/2026/03/14/tide-comes-in", None), ("/a/a/b/b/", None),
        ("/" + "/".join("abcdefghijklmnopqrstuvw"), "too_deep"), ("/list?" + "&".join(f"f{n}=1" for n in range(20)), "too_deep"),
        ("/calendar/2031/05/", "calendar"), ("/events?date=2044-01-02", "calendar"), ("/events?year=2090&month=1", "calendar"), ("/events/2026-12/", None),
        ("/plan-for-2045-01-of-the-port.html", None), ("/tin-202912-20090.htm", None), ("/Pages/chi-tiet-tin.aspx?ItemID=203105", None),
    ],
)  # fmt: skip
def test_an_address_of_an_endless_space_is_told_by_its_looks(path, reason):
    assert trap("https://paper.test" + path, now=NOW) == reason
