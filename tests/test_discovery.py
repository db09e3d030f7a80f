"""Crawls by command of sites without a file: what listings do not show is found by feeds, sitemaps, posted pagers, fragments
and numbers. Made-up papers on loopback; texts are invented.
"""

import gzip
import json
import re
import subprocess
import sys
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qs

import pytest
from conftest import Reply, environment, run, serving

from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve

XML = {"Content-Type": "application/xml; charset=utf-8"}
WORDS = "amber basalt cedar delta ember fjord granite harbour island juniper kelp lantern meadow nettle orchard pebble".split()


def story(number):
    """A WordPress address: the month, and a slug of two words."""
    return f"/2026/03/{WORDS[number % 16]}-{WORDS[number // 16 % 16]}/"


def article(path, more=""):
    title = f"The {path.strip('/').rpartition('/')[2].replace('-', ' ')} affair"
    text = "".join(
        f"<p>Part {part}: the council sat for an hour, and what it said fills this paragraph.</p>" for part in "1234"
    )
    return (
        f'<!doctype html><html lang="en"><head><title>{title} - The Kelp Gazette</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2026-03-04T08:30:00+00:00"></head>'
        f"<body><article><h1>{title}</h1>{text}</article>{more}</body></html>"
    )


def page(inner, head=""):
    return (
        f'<!doctype html><html lang="en"><head><title>The Kelp Gazette</title>{head}</head><body>{inner}</body></html>'
    )


def teasers(paths):
    return "".join(
        f'<li class="teaser"><h3><a href="{path}">What became of the {path[9:].strip("/")} affair this week</a></h3></li>'
        for path in paths
    )


def urlset(web, paths, root="urlset", entry="url"):
    rows = "".join(f"<{entry}><loc>{path if ':' in path else web.url + path}</loc></{entry}>" for path in paths)
    return f'<?xml version="1.0"?><{root} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{rows}</{root}>'


@dataclass
class Crawled:
    ended: object
    lines: list
    events: dict
    report: dict
    asked: list = field(repr=False)
    found: list = field(repr=False)
    """The paths of the lines."""


def crawl(web, archive, start="/", *options):
    web.asked.clear()
    ended = run("archiver", "crawl", "--url", web.url + start, "--archive", archive, *options)

    def read(kind):
        return [
            json.loads(line)
            for file in sorted(archive.glob(f"*/{kind}/*/*.jsonl"))
            for line in file.read_text().splitlines()
        ]

    reports = [json.loads(file.read_text()) for file in sorted(archive.glob("*/runs/*.json"))]
    events = {event["url"].removeprefix(web.url): event for event in read("events")}
    lines = read("articles")
    found = sorted(line["url"].removeprefix(web.url) for line in lines)
    return Crawled(ended, lines, events, reports[-1] if reports else {}, [*web.asked], found)


def wordpress(web):
    """The front page shows three stories and no pager; the feed has ten, the sitemaps all twenty."""
    stories = [story(number) for number in range(20)]
    head = '<link rel="alternate" type="application/rss+xml" title="Gazette" href="/feed/"><link rel="alternate" type="application/rss+xml" title="Gazette » Comments Feed" href="/comments/feed/">'
    web.replies["/"] = Reply(page(f"<ul>{teasers(stories[:3])}</ul>", head))
    items = "".join(
        f"<item><title>Affair</title><link>{web.url}{path}</link><pubDate>Wed, 04 Mar 2026 08:30:00 +0000</pubDate></item>"
        for path in stories[3:13]
    )
    web.replies["/feed/"] = Reply(
        f'<?xml version="1.0"?><rss version="2.0"><channel><title>G</title>{items}</channel></rss>',
        headers={"Content-Type": "application/rss+xml"},
    )
    web.replies["/robots.txt"] = Reply(
        f"User-agent: *\nDisallow: /wp-admin/\nSitemap: {web.url}/wp-sitemap.xml\n",
        headers={"Content-Type": "text/plain"},
    )
    children = [
        "/wp-sitemap-posts-post-1.xml",
        "/wp-sitemap-posts-post-2.xml.gz",
        "/wp-sitemap-posts-page-1.xml",
        "/wp-sitemap-taxonomies-category-1.xml",
        "/wp-sitemap-users-1.xml",
    ]
    web.replies["/wp-sitemap.xml"] = Reply(urlset(web, children, "sitemapindex", "sitemap"), headers=XML)
    web.replies[children[0]] = Reply(urlset(web, [*stories[:10], "/"]), headers=XML)
    web.replies[children[1]] = Reply(
        gzip.compress(urlset(web, stories[8:]).encode()), headers={"Content-Type": "application/gzip"}
    )
    web.replies.update({path: Reply(article(path)) for path in stories})
    return stories


@pytest.fixture(scope="module")
def gazette(tmp_path_factory):
    """A crawl of the WordPress site, and what it holds."""
    archive = tmp_path_factory.mktemp("archive")
    with serving() as web:
        return wordpress(web), crawl(web, archive), archive


def is_sound(archive):
    """Whether `verify` finds no damage, and every line comes out of its capture again, and no other."""
    ends = [run("archiver", *words, "--archive", archive) for words in (("verify",), ("rebuild", "--check"))]
    return [each.out for each in ends if each.code] == []


def test_a_wordpress_site_is_found_whole_by_its_feed_and_its_sitemaps(gazette):
    stories, crawled, _ = gazette

    assert crawled.ended.code == 0, crawled.ended.err
    assert crawled.found == sorted(stories)


def test_feeds_and_sitemaps_are_asked_for_once_a_run_and_those_of_comments_and_pages_never(gazette):
    _, crawled, _ = gazette
    documents = [path for path in crawled.asked if "feed" in path or "sitemap" in path]

    assert sorted(documents) == [
        "/feed/", "/wp-sitemap-posts-post-1.xml", "/wp-sitemap-posts-post-2.xml.gz", "/wp-sitemap.xml"
    ]  # fmt: skip
    assert crawled.report["left_out"] == {"no_article_address": 1, "other_sitemap": 3}


def test_an_archive_of_feeds_and_sitemaps_is_sound(gazette):
    assert is_sound(gazette[2])


def test_a_crawl_of_a_section_leaves_the_sitemaps_of_the_site_alone(web, tmp_path):
    stories = wordpress(web)
    web.replies["/news"] = web.replies["/"]
    crawled = crawl(web, tmp_path, "/news")

    assert crawled.found == sorted(stories[:3])


FORM = """<form method="post" action="./list.aspx" id="aspnetForm">
<input type="hidden" name="__VIEWSTATE" value="{state}"><input type="hidden" name="__EVENTVALIDATION" value="ok{shown}">
<input type="text" name="q" value="năm 2026"><input type="submit" name="go" value="Search">
<ul>{items}</ul><table class="pager"><tr>{links}</tr></table></form>"""
A_PAGE, WINDOW = 5, 4


class PostBackPaper:
    """A list of ASP.NET without a site file: the server knows which page comes next by the view state alone, and wants its session's cookie."""

    def __init__(self, web, articles):
        self.stories = [
            f"/story/{WORDS[number % 16]}-and-{WORDS[number // 16]}-{number + 100}" for number in range(articles)
        ]
        self.posts = []
        web.replies.update({path: Reply(article(path)) for path in self.stories})
        web.replies["/list.aspx"] = lambda: self.shown(1)
        web.posted["/list.aspx"] = self.post

    def shown(self, number):
        last = -(-len(self.stories) // A_PAGE)
        first = (number - 1) // WINDOW * WINDOW + 1
        numbers = [each for each in range(first, first + WINDOW) if each <= last]
        cells = [("...", first - 1)] if first > 1 else []
        cells += [(str(each), each) for each in numbers]
        cells += [("...", first + WINDOW)] if first + WINDOW <= last else []
        links = "".join(
            f"<td><span>{label}</span></td>"
            if to == number
            else f"""<td><a href="javascript:__doPostBack('ctl00$grid','Page${to}')">{label}</a></td>"""
            for label, to in cells
        )
        items = teasers(self.stories[(number - 1) * A_PAGE : number * A_PAGE])
        body = page(FORM.format(state=f"state=={number}", shown=number, items=items, links=links))
        return Reply(
            body,
            headers={
                "Content-Type": "text/html; charset=utf-8",
                "Set-Cookie": f"ASP.NET_SessionId=s{number}; path=/; HttpOnly",
            },
        )

    def post(self, body, cookie):
        fields = parse_qs(body, keep_blank_values=True, strict_parsing=True)
        self.posts.append((fields, cookie))
        shown = int(fields["__VIEWSTATE"][0].removeprefix("state=="))
        to = int(fields["__EVENTARGUMENT"][0].removeprefix("Page$"))
        is_sound = (
            cookie == f"ASP.NET_SessionId=s{shown}"
            and fields["__EVENTVALIDATION"] == [f"ok{shown}"]
            and "go" not in fields
        )
        return self.shown(to) if is_sound else Reply("Viewstate verification failed", 500)


@pytest.fixture(scope="module")
def posted(tmp_path_factory):
    archive = tmp_path_factory.mktemp("archive")
    with serving() as web:
        paper = PostBackPaper(web, 47)
        return paper, crawl(web, archive, "/list.aspx"), archive


def pages(posts):
    return [int(fields["__EVENTARGUMENT"][0].removeprefix("Page$")) for fields, _ in posts]


def test_a_list_whose_pager_posts_back_is_walked_to_its_end(posted):
    paper, crawled, _ = posted

    assert crawled.ended.code == 0, crawled.ended.err
    assert crawled.found == sorted(paper.stories)
    assert pages(paper.posts) == [*range(2, 11)]


def test_a_posted_list_is_one_address_with_one_event_and_each_of_its_pages_a_capture(posted):
    _, crawled, archive = posted
    sums = {name: crawled.report[name] for name in ("queued", "fetched", "gone", "failed", "skipped", "left")}
    files = [gzip.decompress(file.read_bytes()) for file in archive.glob("*/captures/*/*/*.gz")]

    assert sums == {"queued": 48, "fetched": 48, "gone": 0, "failed": 0, "skipped": 0, "left": 0}
    assert sum(file.count(b"POST /list.aspx HTTP/1.1") for file in files) == 9


def test_an_archive_of_a_posted_list_is_sound(posted):
    assert is_sound(posted[2])


def test_a_pager_that_always_answers_with_the_same_page_ends(web, tmp_path):
    paper = PostBackPaper(web, 47)
    web.posted["/list.aspx"] = lambda _body, _cookie: paper.shown(1)
    crawled = crawl(web, tmp_path, "/list.aspx")

    assert crawled.found == sorted(paper.stories[:A_PAGE])
    assert crawled.events["/list.aspx"]["reason"] == "repeats"


def test_a_run_that_was_killed_in_a_posted_list_goes_on_and_posts_no_page_again_that_it_had(web, tmp_path):
    paper = PostBackPaper(web, 47)
    command = ["archiver", "crawl", "--url", f"{web.url}/list.aspx", "--archive", tmp_path]
    first = subprocess.Popen([sys.executable, "-m", *map(str, command)], env=environment(), stderr=subprocess.DEVNULL)

    def post_until_killed(body, cookie):
        if len(paper.posts) == 5:
            first.kill()
        return paper.post(body, cookie)

    web.posted["/list.aspx"] = post_until_killed
    first.wait()
    web.posted["/list.aspx"] = paper.post
    crawled = crawl(web, tmp_path, "/list.aspx")

    assert (crawled.ended.code, crawled.report["went_on"]) == (0, True), crawled.ended.err
    assert crawled.found == sorted(paper.stories)
    assert sorted(pages(paper.posts)) == sorted([*range(2, 11), 7])
    assert is_sound(tmp_path)


LOADING = {
    "fish": lambda number: f'<button class="load-more" data-url="/fish?page={number + 1}">More</button>',
    "ports": lambda number: f'<div id="loadMore" data-url="/ports?page=1" data-next-page="{number + 1}"></div>',
    "upland": lambda number: f'<div class="infinite-scroll" hx-get="/upland?page={number + 1}"></div>',
    "letters": lambda number: f'<a rel="next" href="/letters?page={number + 1}">Older</a>',
}  # fmt: skip
"""Section to how it loads its next page."""


def test_lists_that_load_fragments_of_markup_and_of_json_are_read_to_their_end(web, tmp_path):
    stories = [story(number) for number in range(60)]
    web.replies.update({path: Reply(article(path)) for path in stories})
    for at, (section, more) in enumerate(LOADING.items()):
        for number in range(1, 5):
            shown = stories[12 * at + 3 * number - 3 : 12 * at + 3 * number]
            fragment = f"<div><ul>{teasers(shown)}</ul>{more(number) if number < 4 else ''}</div>"
            web.replies[f"/{section}" + (f"?page={number}" if number > 1 else "")] = Reply(fragment)
    json_type = {"Content-Type": "application/json"}
    markup = {"html": f"<ul>{teasers(stories[48:54])}</ul>", "next_url": "/sport-more?page=3"}
    items = {"items": [{"url": path, "title": f"What became of {path} in the end"} for path in stories[54:]]}
    web.replies["/sport"] = Reply(page("<h1>Sport</h1><a class='load-more' href='/sport-more?page=2'>More</a>"))
    web.replies["/sport-more?page=2"] = Reply(json.dumps(markup), headers=json_type)
    web.replies["/sport-more?page=3"] = Reply(json.dumps(items), headers=json_type)
    menu = "".join(f"<a href='/{section}'>{section.title()}</a>" for section in (*LOADING, "sport"))
    web.replies["/"] = Reply(page(f"<nav>{menu}</nav><ul>{teasers(stories[:3])}</ul>"))
    crawled = crawl(web, tmp_path)

    assert crawled.ended.code == 0, crawled.ended.err
    assert crawled.found == sorted(stories)


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
            web.replies[address] = Reply("", 500) if body is None else Reply(body)
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


def test_a_run_reads_fifty_documents_and_the_next_one_those_that_were_left_out(web, tmp_path):
    stories = wordpress(web)
    children = [f"/post-sitemap{number}.xml" for number in range(60)]
    rows = "".join(
        f"<sitemap><loc>{web.url}{path}</loc><lastmod>2025-01-{at % 28 + 1:02}</lastmod></sitemap>"
        for at, path in enumerate(children)
    )
    web.replies["/wp-sitemap.xml"] = Reply(f"<sitemapindex>{rows}</sitemapindex>", headers=XML)
    web.replies.update({path: Reply(urlset(web, [stories[at % 20]]), headers=XML) for at, path in enumerate(children)})
    first, second = crawl(web, tmp_path), crawl(web, tmp_path)
    of_first, of_second = ({path for path in each.asked if "post-sitemap" in path} for each in (first, second))

    assert (len(of_first), first.report["left_out"]["document_budget"]) == (49, 11)
    assert of_second == set(children) - of_first


def test_an_endless_space_of_addresses_ends(web, tmp_path):
    stories = [story(number) for number in range(5)]
    web.replies.update({path: Reply(article(path)) for path in stories})

    def room(at):
        links = "".join(
            f"<li><a rel='next' href='/list/{branch}/{at + 1}/loop/loop/loop/'>Next</a> <a rel='next' href='/cal/2{at:03}/01'>Next</a></li>"
            for branch in "ab"
        )
        return Reply(
            page(f"<ul>{teasers(stories)}</ul><ul>{links}<li><a rel='next' href='/hall/{at + 1}/'>Older</a></li></ul>")
        )

    web.replies["/"] = room(0)
    web.otherwise = lambda path: room(int(found[1]) if (found := re.search(r"/hall/(\d+)/", path)) else 0)
    crawled = crawl(web, tmp_path)

    assert crawled.found == sorted(stories)
    assert len(crawled.asked) < 30
    assert crawled.report["left_out"]["path_repeats"] >= 2


class Unlisted(Newsroom):
    """A newsroom of which every fifth current item is on no page but its own."""

    @property
    def lost(self):
        return {
            int(shelf.number(place))
            for shelf in [self.plan.shelves["c"]]
            for place in range(3, shelf.places - 1, 5)
            if not shelf.is_withdrawn(place)
        }

    def page(self, path_and_query, origin):
        reply = super().page(path_and_query, origin)
        if reply.stream is not None or b"<" not in reply.body:
            return reply
        own = re.search(r"itemid=(\d+)|-(\d+)\.htm(?!l)", path_and_query, re.IGNORECASE)
        shown = int(own[1] or own[2]) if own else None

        def unlinked(found):
            number = int(found[2] or found[3])
            is_ours = b"/en/" not in found[0] and b"CateID" not in found[0] and number in self.lost and number != shown
            return b'href="#"' if is_ours else found[0]

        body = re.sub(
            rb'(href="[^"]*?(?:itemid=(\d+)(?!\d)[^"]*|-(\d+)\.htm))"', unlinked, reply.body, flags=re.IGNORECASE
        )
        return replace(reply, body=body)


def test_articles_that_no_page_lists_are_found_by_their_numbers_and_no_hole_is_tried_twice(tmp_path):
    newsroom = Unlisted(seed=4, articles=120)
    with serve(newsroom) as server:
        ended = [run("archiver", "crawl", "hcma", "--base-url", server.url, "--archive", tmp_path) for _ in range(2)]
        truth = {line["id"]: line for line in newsroom.truth(server.url)}
    lines = [
        json.loads(line) for file in tmp_path.glob("hcma/articles/*/*.jsonl") for line in file.read_text().splitlines()
    ]
    first, second = (json.loads(file.read_text()) for file in sorted(tmp_path.glob("hcma/runs/*.json")))
    fields = ("title", "published_at", "body", "images", "authors", "attachments")

    assert [each.code for each in ended] == [0, 0], ended[0].err
    assert len(newsroom.lost) >= 0.19 * newsroom.plan.shelves["c"].live
    assert sorted(line["id"] for line in lines) == sorted(truth)
    assert [line["id"] for line in lines if any(line[name] != truth[line["id"]][name] for name in fields)] == []
    assert first["reasons"]["skipped"]["no_such_number"] > 50
    assert second["reasons"].get("skipped", {}).get("no_such_number", 0) == 0
