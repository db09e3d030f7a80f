"""Single checks of a probe: what an answer, or what rules made of a page, is told as."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from conftest import article_page

from archiver.article import Article
from archiver.checklist import Answer, Certificate, Robots, connection, leads
from archiver.checklist.answers_again import missing_check
from archiver.checklist.leads import Listed
from archiver.checklist.reading import SHOWN, head_check, own_rules_check, read, required_check, second_view_check
from archiver.page import Page
from archiver.rules.simple import css, meta
from archiver.site import Layout, Listing
from archiver.sites import general, site_named

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://times.test/news/storm-1234.html"
HCMA = "https://hcma.vn/hoi-thao-19239.htm"
HTML = (
    "<!doctype html><html lang='en'><head><title>Storm over the quay</title><meta name='day' content='2026-11-20T08:00:00Z'>"
    "<meta property='og:type' content='article'><meta property='article:published_time' content='2026-11-20T08:00:00Z'></head>"
    f"<body><h1>Storm over the quay</h1>{'<p>The water stood at the doors of the salt store until the morning.</p>' * 5}</body></html>"
)


def answer(url=URL, body=HTML, status=200, **more):
    headers = more.pop("headers", {"content-type": "text/html; charset=utf-8"})
    return Answer(asked=url, url=url, status=status, body=body.encode(), headers=headers, fetched_at=NOW, **more)


def site(**rules):
    plain = general.site_at("https://times.test/")
    return replace(plain, layouts=(Layout(name="2026", **rules),))


@pytest.mark.parametrize(
    ("rules", "state", "exit_code", "seen"),
    [
        ({"title": css("h1"), "tags": css("b.tag")}, "ok", 0, "layout 2026: title found; nothing for tags"),
        ({"title": css("h1.gone"), "published": meta("gone")}, "not so", 4, "layout 2026: none found; nothing for title, published_at"),
        ({"title": css("h1.gone"), "published": meta("day")}, "ok", 0, "layout 2026: published_at found; nothing for title"),
        ({"section": css("b.gone")}, "not so", 4, "layout 2026: none found; nothing for section"),
    ],
    ids=["some", "none of the main fields", "one of the main fields", "the only one"],
)  # fmt: skip
def test_own_rules_that_give_nothing_are_told_where_the_general_ones_stand_in(rules, state, exit_code, seen):
    its_own = site(**rules)
    shown = read(its_own, "article", answer())
    found = own_rules_check(its_own, shown)

    assert shown.is_record
    assert (found.state, found.exit_code, found.seen) == (state, exit_code, seen)


def test_a_site_without_a_file_has_no_own_rules():
    plain = general.site_at("https://times.test/")

    assert own_rules_check(plain, read(plain, "article", answer())).state == "cannot be told"


@pytest.mark.parametrize(
    ("given", "state", "seen"),
    [
        (answer("http://times.test/", status=301, headers={"location": "https://times.test/"}), "ok", "status 301 to https://times.test/"),
        (answer("http://times.test/", status=302, headers={"location": "/home"}), "cannot be told", "status 302"),
        (answer("http://times.test/"), "not so", "both answer by themselves"),
        (answer("http://times.test/", status=0, problem="timeout", message="took too long"), "cannot be told", "took too long"),
        (None, "cannot be told", "the site's own address is http"),
    ],
    ids=["leads", "leads elsewhere", "both", "no answer", "not asked"],
)  # fmt: skip
def test_http_leads_to_https_or_not(given, state, seen):
    found = connection.http_to_https(given, "the site's own address is http")

    assert (found.state, found.seen) == (state, seen)


@pytest.mark.parametrize(
    ("url", "plain"),
    [
        ("https://times.test/a?b=c", "http://times.test/a?b=c"),
        ("https://times.test:443/", "http://times.test/"),
        ("https://times.test:8443/", None),
        ("http://times.test/", None),
    ],
)
def test_only_a_site_at_its_usual_port_has_an_address_without_encryption(url, plain):
    assert connection.without_encryption(url)[0] == plain


@pytest.mark.parametrize(
    ("days", "distrusted", "state"), [(90, None, "ok"), (20, None, "not so"), (90, "certificate has expired", "not so")]
)
def test_a_certificate_that_ends_soon_or_is_not_trusted_is_told(days, distrusted, state):
    shown = Certificate(issuer="Some CA", not_after=NOW + timedelta(days=days, hours=12))

    assert connection.certificate(answer(certificate=shown), distrusted, NOW).state == state


@pytest.mark.parametrize(
    ("status", "state", "exit_code"), [(200, "ok", 0), (404, "ok", 0), (503, "not so", 3), (None, "not so", 3)]
)
def test_robots_txt_that_cannot_be_had_forbids(status, state, exit_code):
    robots = Robots(status=status, delay_seconds=None, sitemaps=(), allows=lambda _: True)
    found = connection.robots_txt(robots, [URL])

    assert (found.state, found.exit_code) == (state, exit_code)


def test_a_record_without_a_time_names_the_field():
    plain = general.site_at("https://times.test/")
    shown = read(plain, "article", answer(body=HTML.replace("2026-11-20T08:00:00Z", "")))
    found = required_check([replace(shown, article=shown.article or plain.parse_article(shown.page))])

    assert (found.state, found.exit_code, found.seen) == ("not so", 4, "published_at found by no rule")


def test_a_second_view_with_less_is_told_with_what_it_lacks():
    hcma, more = site_named("hcma"), '<p><img src="/Uploads/a.png"></p>'
    own, second = (read(hcma, "article", answer(HCMA, article_page(more=each))) for each in (more, ""))
    found = second_view_check(own, answer(HCMA), second)

    assert found.state == "not so"
    assert found.seen.endswith("pictures 1 and 0, attachments 0 and 0: less of images")


def test_a_canonical_link_to_another_article_is_told():
    html = article_page().replace("</head>", '<link rel="canonical" href="https://hcma.vn/khac-7.htm"></head>')
    found = head_check(site_named("hcma"), read(site_named("hcma"), "article", answer(HCMA, html)))

    assert (found.state, found.do) == ("not so", "The canonical link is of hcma:7: do not let it tell the id")


@pytest.mark.parametrize(
    ("given", "state"),
    [
        (answer(status=404), "ok"),
        (answer(status=410), "ok"),
        (answer(status=500), "not so"),
        (answer("https://times.test/", led_by=(URL,)), "not so"),
        (answer(status=0, problem="led_away", message="leads to a sign-in"), "not so"),
        (answer(status=0, problem="timeout", message="took too long"), "cannot be told"),
    ],
    ids=["404", "410", "500", "leads on", "leads away", "no answer"],
)
def test_what_stands_where_nothing_is(given, state):
    assert missing_check("missing page", given, None).state == state


@pytest.mark.parametrize(
    ("pages", "following"),
    [
        (["https://times.test/list?page=1", "https://times.test/list?page=2"], "https://times.test/list?page=2"),
        (["https://times.test/list?page=11", "https://times.test/list?page=2"], "https://times.test/list?page=11"),
        (["https://times.test/list?page=1"], "https://times.test/list?page=1"),
        (["https://times.test/section"], None),
    ],
    ids=["not the first", "any other", "only the first", "none"],
)
def test_the_next_page_of_a_listing_is_one_that_is_numbered(pages, following):
    listed = Listed(Page("https://times.test/list", b"<p>", NOW), Listing((), tuple(pages)))

    assert leads.second_page(listed) == following


def test_an_index_that_names_no_times_leads_to_one_of_its_sitemaps():
    inner = "".join(f"<sitemap><loc>https://times.test/{name}.xml</loc></sitemap>" for name in "ab")
    index = answer("https://times.test/i.xml", f"<sitemapindex>{inner}</sitemapindex>", headers={})
    found, newest = leads.document_check("sitemap", general.site_at("https://times.test/"), index, NOW)

    assert (found.seen, newest.url) == ("an index of 2 sitemaps", "https://times.test/a.xml")


def test_every_field_that_is_told_is_one_of_the_record():
    assert set(SHOWN) <= set(Article.__dataclass_fields__)
