"""Made-up papers on loopback, without a site file, and crawls of them by command. Texts are invented."""

import gzip
import json
from dataclasses import dataclass, field

from conftest import Reply, run

from archiver.store.run_report import run_names

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


def crawl(web, archive, start="/", *options, **environ):
    web.asked.clear()
    ended = run("archiver", "crawl", "--url", web.url + start, "--archive", archive, *options, **environ)

    def read(kind):
        return [
            json.loads(line)
            for file in sorted(archive.glob(f"*/{kind}/*/*.jsonl"))
            for line in file.read_text().splitlines()
        ]

    reports = [
        json.loads((site / "runs" / f"{name}.json").read_text())
        for site in archive.glob("*")
        for name in run_names(site)
    ]
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


def is_sound(archive):
    """Whether `verify` finds no damage, and every line comes out of its capture again, and no other."""
    ends = [run("archiver", *words, "--archive", archive) for words in (("verify",), ("rebuild", "--check"))]
    return [each.out for each in ends if each.code] == []
