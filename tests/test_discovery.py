"""Crawls by command of sites without a file: what listings do not show is found by feeds, sitemaps, posted pagers, fragments
and numbers. Made-up papers on loopback; texts are invented.
"""

import gzip
import json
import re
import subprocess
import sys
from urllib.parse import parse_qs

import pytest
from conftest import Reply, environment, run, serving
from papers import WORDS, XML, article, crawl, is_sound, page, story, teasers, urlset, wordpress

from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve
from archiver.spiders.numbers import AHEAD
from archiver.store.run_report import run_names


@pytest.fixture(scope="module")
def gazette(tmp_path_factory):
    """A crawl of the WordPress site, what it holds, and a second crawl."""
    archive = tmp_path_factory.mktemp("archive")
    with serving() as web:
        return wordpress(web), crawl(web, archive), archive, crawl(web, archive)


def test_a_wordpress_site_is_found_whole_by_its_feed_and_its_sitemaps(gazette):
    stories, crawled, *_ = gazette

    assert crawled.ended.code == 0, crawled.ended.err
    assert crawled.found == sorted(stories)


def test_feeds_and_sitemaps_are_asked_for_once_a_run_and_those_of_comments_and_pages_never(gazette):
    _, crawled, *_ = gazette
    documents = [path for path in crawled.asked if "feed" in path or "sitemap" in path]

    assert sorted(documents) == [
        "/feed/", "/wp-sitemap-posts-post-1.xml", "/wp-sitemap-posts-post-2.xml.gz", "/wp-sitemap.xml"
    ]  # fmt: skip
    assert crawled.report["left_out"] == {"no_article_address": 1, "other_sitemap": 3}


def test_a_second_run_asks_for_the_start_page_the_feed_and_the_sitemaps(gazette):
    _, first, _, second = gazette

    assert second.ended.code == 0, second.ended.err
    assert sorted(second.asked) == [
        "/", "/feed/", "/robots.txt", "/wp-sitemap-posts-post-1.xml", "/wp-sitemap-posts-post-2.xml.gz", "/wp-sitemap.xml"
    ]  # fmt: skip
    assert (second.lines, second.report["seen"]) == (first.lines, 20)


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
        self.web = web
        web.replies.update({path: Reply(article(path)) for path in self.stories})
        web.replies["/list.aspx"] = lambda: self.shown(1)
        web.posted["/list.aspx"] = self.post

    def publish(self, count):
        """So many stories in front of the others."""
        new = [f"/story/late-{WORDS[number % 16]}-and-more-{number + 500}" for number in range(count)]
        self.stories = [*new, *self.stories]
        self.web.replies.update({path: Reply(article(path)) for path in new})

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
        crawled, posts = crawl(web, archive, "/list.aspx"), pages(paper.posts)
        again = crawl(web, archive, "/list.aspx"), pages(paper.posts)[len(posts) :]
        paper.publish(7)
        return (
            paper,
            crawled,
            archive,
            posts,
            again,
            (crawl(web, archive, "/list.aspx"), pages(paper.posts)[len(posts) :]),
        )


def pages(posts):
    return [int(fields["__EVENTARGUMENT"][0].removeprefix("Page$")) for fields, _ in posts]


def test_a_list_whose_pager_posts_back_is_walked_to_its_end(posted):
    paper, crawled, _, posts, *_ = posted

    assert crawled.ended.code == 0, crawled.ended.err
    assert crawled.found == sorted(paper.stories[7:])
    assert posts == [*range(2, 11)]


def test_a_second_run_posts_nothing_where_the_first_page_has_nothing_new(posted):
    _, first, _, _, (again, posts), _ = posted

    assert (again.ended.code, sorted(again.asked), posts) == (0, ["/list.aspx", "/robots.txt"], [])
    assert again.lines == first.lines


def test_a_later_run_posts_until_a_page_of_the_list_has_nothing_new(posted):
    paper, *_, (later, posts) = posted

    assert (later.ended.code, posts) == (0, [2, 3])
    assert later.found == sorted(paper.stories)
    assert sorted(set(later.asked)) == sorted(["/list.aspx", "/robots.txt", *paper.stories[:7]])


def test_a_posted_list_is_one_address_with_one_event_and_each_of_its_pages_a_capture(posted):
    _, crawled, archive, *_ = posted
    sums = {name: crawled.report[name] for name in ("queued", "fetched", "gone", "failed", "skipped", "left")}
    files = [gzip.decompress(file.read_bytes()) for file in archive.glob("*/captures/*/*/*.gz")]

    assert sums == {"queued": 48, "fetched": 48, "gone": 0, "failed": 0, "skipped": 0, "left": 0}
    assert sum(file.count(b"POST /list.aspx HTTP/1.1") for file in files) == 9 + 2


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
    first.wait(timeout=60)
    web.posted["/list.aspx"] = paper.post
    crawled = crawl(web, tmp_path, "/list.aspx")

    assert (crawled.ended.code, crawled.report["went_on"]) == (0, True), crawled.ended.err
    assert crawled.found == sorted(paper.stories)
    assert sorted(pages(paper.posts)) == sorted([*range(2, 11), 7])
    assert is_sound(tmp_path)


def test_a_posted_list_is_taken_in_slices_and_no_page_of_it_twice(web, tmp_path):
    paper = PostBackPaper(web, 47)
    runs = [crawl(web, tmp_path, "/list.aspx", "--max-pages", 20) for _ in range(3)]

    assert [(each.ended.code, each.report["left"] > 0) for each in runs] == [(0, True), (0, True), (0, False)]
    assert runs[-1].found == sorted(paper.stories)
    assert pages(paper.posts) == [*range(2, 11)]


LOADING = {
    "fish": lambda number: f'<button class="load-more" data-url="/fish?page={number + 1}">More</button>',
    "ports": lambda number: f'<div id="loadMore" data-url="/ports?page=1" data-next-page="{number + 1}"></div>',
    "upland": lambda number: f'<div class="infinite-scroll" hx-get="/upland?page={number + 1}"></div>',
    "letters": lambda number: f'<a rel="next" href="/letters?page={number + 1}">Older</a>',
}  # fmt: skip
"""Section to how it loads its next page."""


def loading(web, stories):
    """A front page that shows three stories, and sections that load theirs in parts."""
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


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """A crawl of a site of listings alone, a second one, and one after a story has come behind each "more"."""
    archive = tmp_path_factory.mktemp("archive")
    with serving() as web:
        stories = [story(number) for number in range(60)]
        loading(web, stories)
        runs = [crawl(web, archive), crawl(web, archive)]
        new = [story(number) for number in range(60, 65)]
        loading(web, [new[at // 12] if at % 12 == 0 else each for at, each in enumerate(stories)])
        return stories, new, *runs, crawl(web, archive), archive


def test_lists_that_load_fragments_of_markup_and_of_json_are_read_to_their_end(loaded):
    stories, _, crawled, *_ = loaded

    assert crawled.ended.code == 0, crawled.ended.err
    assert crawled.found == sorted(stories)


SECTIONS = [f"/{section}" for section in (*LOADING, "sport")]


def test_a_second_run_over_lists_that_load_more_asks_for_their_first_parts(loaded):
    _, _, first, second, *_ = loaded

    assert second.ended.code == 0, second.ended.err
    assert sorted(second.asked) == sorted(["/", "/robots.txt", "/sitemap.xml", "/sport-more?page=2", *SECTIONS])
    assert second.lines == first.lines


def test_a_later_run_loads_more_until_a_part_has_nothing_new(loaded):
    stories, new, _, _, later, archive = loaded
    parts = [f"/{section}?page=2" for section in LOADING] + ["/sport-more?page=2", "/sport-more?page=3"]

    assert sorted(later.asked) == sorted(["/", "/robots.txt", "/sitemap.xml", *SECTIONS, *parts, *new])
    assert later.found == sorted([*stories, *new])
    assert is_sound(archive)


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


MARGINS = 2 * AHEAD
"""Numbers above the highest that a run of hcma tries: of either language."""


def test_articles_whose_listings_were_lost_are_found_by_their_numbers_in_as_many_runs_as_the_budget_needs(tmp_path):
    newsroom = Newsroom(seed=4, articles=300, unlisted=0.2)
    command = ("archiver", "crawl", "hcma", "--archive", tmp_path, "--base-url")
    with serve(newsroom) as server:
        ended = [run(*command, server.url, seconds=240) for _ in range(3)]
        truth = {line["id"]: line for line in newsroom.truth(server.url)}
    lines = [
        json.loads(line) for file in tmp_path.glob("hcma/articles/*/*.jsonl") for line in file.read_text().splitlines()
    ]
    reports = [json.loads((tmp_path / f"hcma/runs/{name}.json").read_text()) for name in run_names(tmp_path / "hcma")]
    fields = ("title", "published_at", "body", "images", "authors", "attachments")
    lost = [
        f"{shelf.identity}{shelf.number(place)}"
        for shelf in newsroom.plan.shelves.values()
        for place in shelf.newest_first
        if not shelf.is_withdrawn(place) and not newsroom.plan.desk.is_listed(shelf, place)
    ]

    assert [each.code for each in ended] == [0, 0, 0], ended[0].err
    assert len(lost) >= 0.19 * sum(shelf.live for shelf in newsroom.plan.shelves.values() if shelf.generation == "C")
    assert sorted(line["id"] for line in lines) == sorted(truth)
    assert [line["id"] for line in lines if any(line[name] != truth[line["id"]][name] for name in fields)] == []
    assert sum(report["numbers"]["found"] for report in reports) == len(lost)
    assert [report["numbers"]["left"] > 0 for report in reports] == [True, False, False]
    assert reports[-1]["numbers"] == {"tried": MARGINS, "found": 0, "left": 0}
    assert reports[-1]["requests"] <= 50
