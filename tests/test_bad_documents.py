"""What bad feeds, sitemaps and links get: an event or a count with the reason, and the other sources go on."""

import gzip

import pytest
from conftest import Reply, serving
from papers import XML, article, crawl, page, story, teasers, urlset, wordpress

BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
BAD_FEEDS = {
    "a page of HTML": ("<!doctype html><title>Sign in</title><form><input type=password></form>", "failed", "no_feed"),
    "nothing": ("", "failed", "empty"),
    "half a gzip": (gzip.compress(b"<rss/>" * 99)[:30], "failed", "cut_short"),
    "a gzip bomb": (gzip.compress(bytes(60_000_000)), "failed", "too_large"),
    "a billion laughs": (f"{BOMB}<rss><channel><item><title>&j;</title><link>/2026/03/amber-amber/</link></item></channel></rss>", "listing", None),
    "XML that breaks off": ("<rss><channel><item><link>/2026/03/amber-amber/</link></item><item><link>/2026", "listing", None),
    "status 500": (None, "failed", "http_500"),
    "more than 50 MB": (" " * 55_000_000, "failed", "too_large"),
    "a sign-in": (Reply(status=302, headers={"Location": "/wp-login.php"}), "failed", "led_away"),
    "a redirect to itself": (Reply(status=302, headers={"Location": "/post-9.xml"}), "failed", "redirect_loop"),
    "another encoding": ("<rss><channel><item><title>Café</title><link>/2026/03/amber-amber/</link></item></channel></rss>".encode("utf-16"), "listing", None),
    "a date in the future": ("<rss><channel><item><link>/2026/03/amber-amber/</link><pubDate>Wed, 04 Mar 2099 08:30:00 +0000</pubDate></item></channel></rss>", "listing", None),
    "nested a thousand deep": ("<rss>" * 1000 + "<item><link>/2026/03/amber-amber/</link></item>", "listing", None),
}  # fmt: skip


@pytest.fixture(scope="module")
def misled(tmp_path_factory):
    """A crawl of the WordPress site whose robots.txt names one bad document after another."""
    archive = tmp_path_factory.mktemp("archive")
    with serving() as web:
        stories = wordpress(web)
        addresses = {name: f"/post-{at}.xml" for at, name in enumerate(BAD_FEEDS)}
        for name, address in addresses.items():
            body = BAD_FEEDS[name][0]
            web.replies[address] = body if isinstance(body, Reply) else Reply("", 500) if body is None else Reply(body)
        named = "".join(f"Sitemap: {web.url}{address}\n" for address in [*addresses.values(), "/wp-sitemap.xml"])
        web.replies["/robots.txt"] = Reply(named, headers={"Content-Type": "text/plain"})
        return addresses, stories, crawl(web, archive, "/", "-s", "RETRY_ENABLED=False")


@pytest.mark.parametrize("name", BAD_FEEDS)
def test_a_bad_document_is_an_event_with_its_reason(misled, name):
    addresses, _, crawled = misled
    event = crawled.events[addresses[name]]

    assert (event["outcome"], event["reason"]) == BAD_FEEDS[name][1:]


def test_bad_documents_leave_the_other_sources_and_the_exit_code_alone(misled):
    _, stories, crawled = misled

    assert crawled.ended.code == 0, crawled.ended.err
    assert crawled.found == sorted(stories)


def test_indexes_that_name_each_other_and_themselves_end(web, tmp_path):
    stories = wordpress(web)
    names = [f"/part-{number}.xml" for number in range(20)]
    for at, name in enumerate(names):
        web.replies[name] = Reply(
            urlset(web, [name, names[at - 1], "/wp-sitemap.xml", *names[at + 1 : at + 2]], "sitemapindex", "sitemap"),
            headers=XML,
        )
    web.replies["/robots.txt"] = Reply(f"Sitemap: {web.url}/part-0.xml\nSitemap: {web.url}/wp-sitemap.xml")
    crawled = crawl(web, tmp_path)

    assert crawled.found == sorted(stories)
    assert len([path for path in crawled.asked if path.startswith("/part-")]) <= 7


def test_what_leads_off_the_site_or_into_a_private_net_is_never_asked_for_and_counted(web, tmp_path):
    stories = wordpress(web)
    port = int(web.url.rpartition(":")[2])
    away = [
        "http://169.254.169.254/latest/meta-data/",
        "http://10.0.0.7/",
        f"http://127.0.0.1:{port % 60000 + 1}/x-1-2-3.html",
        "https://elsewhere.example.org/a-b-c-d",
        "file:///etc/passwd",
    ]
    web.replies["/wp-sitemap-posts-post-1.xml"] = Reply(urlset(web, [*stories, *away]), headers=XML)
    crawled = crawl(web, tmp_path)

    assert crawled.found == sorted(stories)
    assert crawled.report["left_out"] == {"offsite": 1, "other_port": 1, "other_sitemap": 3, "private_address": 2}
    assert "private_address 2" in crawled.events["/wp-sitemap-posts-post-1.xml"]["message"]
    assert "no_web_address 1" in crawled.events["/wp-sitemap-posts-post-1.xml"]["message"]


REDIRECTS = {
    "http://169.254.169.254/latest/": ("skipped", "private_address"),
    "http://10.1.2.3/x": ("skipped", "private_address"),
    "file:///etc/passwd": ("failed", "no_web_address"),
    "https://elsewhere.example.org/": ("skipped", "offsite"),
    "/wp-login.php": ("failed", "led_away"),
}


@pytest.fixture(scope="module")
def led_away(tmp_path_factory):
    archive = tmp_path_factory.mktemp("archive")
    with serving() as web:
        stories = dict(zip(REDIRECTS, wordpress(web), strict=False))
        for to, path in stories.items():
            web.redirect(path, to)
        return stories, crawl(web, archive)


@pytest.mark.parametrize("to", REDIRECTS)
def test_a_redirect_out_of_the_site_is_refused_and_recorded(led_away, to):
    stories, crawled = led_away
    event = crawled.events[stories[to]]

    assert (event["outcome"], event["reason"]) == REDIRECTS[to]


def test_robots_txt_that_leads_into_a_private_net_is_not_followed_there(web, tmp_path):
    wordpress(web)
    web.redirect("/robots.txt", "http://10.0.0.7/robots.txt")
    crawled = crawl(web, tmp_path)

    assert crawled.report["requests"] == len(crawled.asked)


def test_failures_of_feeds_sitemaps_and_listings_are_no_failures_of_articles(web, tmp_path):
    stories = wordpress(web)
    children = [f"/post-sitemap{number}.xml" for number in range(2, 30)]
    web.replies["/wp-sitemap.xml"] = Reply(
        urlset(
            web,
            ["/wp-sitemap-posts-post-1.xml", "/wp-sitemap-posts-post-2.xml.gz", *children],
            "sitemapindex",
            "sitemap",
        ),
        headers=XML,
    )
    web.replies.update({path: Reply("", 503) for path in children})
    crawled = crawl(web, tmp_path, "/", "-s", "RETRY_ENABLED=False")

    assert (crawled.ended.code, crawled.report["failed"]) == (0, len(children))
    assert crawled.found == sorted(stories)


def test_links_of_a_page_and_feeds_in_its_head_lead_no_further_than_the_site(web, tmp_path):
    stories = [story(number) for number in range(3)]
    web.replies.update({path: Reply(article(path)) for path in stories})
    port = int(web.url.rpartition(":")[2]) % 60000 + 1
    away = [
        "http://169.254.169.254/latest/meta-data-of-the-host-1234.html",
        "http://10.0.0.7/a-b-c-d-1234.html",
        f"http://127.0.0.1:{port}/a-b-c-d-1234.html",
        "file:///etc/passwd-of-this-host-1234.html",
        "gopher://10.0.0.7/a-b-c-d-1234.html",
        "//intranet/a-b-c-d-1234.html",
    ]
    feeds = "".join(f'<link rel="alternate" type="application/rss+xml" href="{url}">' for url in away)
    web.replies["/"] = Reply(page(f"<ul>{teasers([*stories, *away])}</ul>", feeds))
    crawled = crawl(web, tmp_path)

    assert crawled.ended.code == 0, crawled.ended.err
    assert crawled.found == sorted(stories)
    assert sorted(crawled.asked) == sorted(["/", "/robots.txt", "/sitemap.xml", *stories])
    assert crawled.report["left_out"] == {"other_port": 1, "private_address": 3}
    assert crawled.report["requests"] == len(crawled.asked)
