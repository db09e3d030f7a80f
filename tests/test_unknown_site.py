"""A crawl of a whole small site without a file, by the command: exactly its articles become records.

The site is a made-up regional paper: a home page with boxes, sections whose listings go on over pages, keyword and author
pages, standing pages, a sign-in, a PDF; menus, paths and feet on every page. Texts are invented.
"""

import json
from itertools import count

import pytest
from conftest import Reply, run

SECTIONS = {"harbour": "Harbour", "upland": "Upland farms", "schools": "Schools"}
A_PAGE = 4
"""Articles on one page of a listing."""

TITLES = {
    "harbour": [
        "Dredger returns after eleven years", "Pilots refuse the night shift", "Salt store burns", "Ferry fares frozen until autumn",
        "Lighthouse sold for one crown", "Crane drivers elect first woman foreman", "Fog horn is heard again", "Old customs house to become a hostel",
        "Two trawlers collide off the Maw", "Herring comes early",
    ],
    "upland": ["Late frost takes the plums", "Shepherds ask for a second vet", "Milk lorry stuck for three days", "Wolf or dog", "Hay auction doubles its takings"],
    "schools": ["Evening classes fill within an hour", "New gymnasium roof leaks", "Pupils count swifts for the county"],
}  # fmt: skip

MENU = """<div class="mainmenu"><ul><li><a href="/">Home</a></li>{}<li><a href="/about-the-paper">About the paper and its owners since 1921</a></li>
<li><a href="/contact">Contact</a></li><li><a href="/login">Sign in</a></li><li><a href="/da/">Dansk</a></li></ul></div>"""
FOOT = """<div class="bottom"><a href="/privacy">Privacy and what we do with addresses</a> <a href="/advertise">Advertise</a>
<a href="/files/rates-2026.pdf">Rates for advertisers in the year 2026</a> <a href="/search?q=frost">Search</a> <a href="/rss.xml">RSS</a>
<a href="/share?u=https://elsewhere.test/">Share</a> © The Maw Observer</div>"""


def slug(title):
    return title.lower().replace(" ", "-")


class Paper:
    """What the site serves, by path, and which of it are articles."""

    def __init__(self):
        numbers = count(5101)
        self.articles = {
            f"/{section}/{slug(title)}-{next(numbers)}": (section, title)
            for section, titles in TITLES.items()
            for title in titles
        }

    def day(self, path):
        return f"2026-02-{int(path[-2:]) % 27 + 1:02}"

    def frame(self, title, inner, head=""):
        menu = MENU.format("".join(f'<li><a href="/{path}">{name}</a></li>' for path, name in SECTIONS.items()))
        return (
            f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title} - The Maw Observer</title>{head}</head>'
            f"<body>{menu}<div class='wrap'>{inner}</div>{FOOT}</body></html>"
        )

    def item(self, path):
        section, title = self.articles[path]
        return (
            f'<li class="teaser"><a class="pic" href="{path}"><img src="/p/{path[-4:]}.jpg" alt=""></a><h3><a href="{path}">{title}</a></h3>'
            f'<span class="when">{self.day(path)}</span> <a class="who" href="/people/ina-roald">Ina Roald</a>, <a href="/{section}">{SECTIONS[section]}</a>'
            f"<p>What the {section} made of it, and what the council means to do before the summer.</p></li>"
        )

    def article(self, path):
        section, title = self.articles[path]
        others = [other for other, (shelf, _) in self.articles.items() if shelf == section and other != path][:3]
        meta = f'<meta property="og:type" content="article"><meta property="article:published_time" content="{self.day(path)}T08:30:00+01:00">'
        also = "".join(f'<li><a href="{other}">{self.articles[other][1]}</a></li>' for other in others)
        text = "".join(
            f"<p>{title}: part {part} of a report that goes on for a while, since nothing in {section} is ever simple.</p>"
            for part in "123"
        )
        return self.frame(
            title,
            f"<div class='path'><a href='/'>Home</a> / <a href='/{section}'>{SECTIONS[section]}</a></div><article><h1>{title}</h1>"
            f"<div class='by'>By <a href='/people/ina-roald'>Ina Roald</a></div>{text}<div class='labels'><a href='/tag/weather'>weather</a></div></article>"
            f"<div class='related'><h4>More on this</h4><ul>{also}</ul></div>",
            meta,
        )

    def listing(self, section, number):
        own = [path for path, (shelf, _) in self.articles.items() if shelf == section]
        last = -(-len(own) // A_PAGE)
        items = "".join(map(self.item, own[(number - 1) * A_PAGE : number * A_PAGE]))
        pages = "".join(f'<a href="/{section}?page={each}">{each}</a> ' for each in range(1, last + 1))
        return self.frame(
            SECTIONS[section],
            f"<h1>{SECTIONS[section]}</h1><ul class='teasers'>{items}</ul><div class='pages'>{pages}</div>",
        )

    def home(self):
        newest = list(self.articles)
        boxes = "".join(
            f"<div class='box'><h2><a href='/{section}'>{name}</a></h2><ul>"
            + "".join(self.item(path) for path in newest if path.startswith(f"/{section}/"))[:1200].rpartition("<li")[0]
            + "</ul></div>"
            for section, name in SECTIONS.items()
        )
        cloud = "<div class='cloud'><a href='/tag/weather'>weather</a> <a href='/tag/fishing-quota-talks'>fishing quota talks</a></div>"
        return self.frame("News from the coast", f"{boxes}{cloud}")

    def standing(self, title):
        """A page as a content system makes it: called an article by its head, with a time of change, and with some text."""
        head = (
            '<meta property="og:type" content="article"><meta property="article:modified_time" content="2025-11-02T10:00:00+01:00">'
            '<script type="application/ld+json">{"@context": "https://schema.org", "@graph": [{"@type": "WebPage", "dateModified": "2025-11-02T10:00:00+01:00"}]}</script>'
        )
        text = "".join(
            f"<p>{title}, paragraph {part}: our house has printed on the quay since the year of the great storm and means to go on.</p>"
            for part in "1234"
        )
        return self.frame(title, f"<h1>{title}</h1>{text}", head)

    def replies(self):
        found = {path: self.article(path) for path in self.articles}
        found["/"] = self.home()
        for section, titles in TITLES.items():
            found[f"/{section}"] = self.listing(section, 1)
            for number in range(1, -(-len(titles) // A_PAGE) + 1):
                found[f"/{section}?page={number}"] = self.listing(section, number)
        for path, title in {
            "about-the-paper": "About the paper",
            "contact": "Contact",
            "privacy": "Privacy",
            "advertise": "Advertise",
        }.items():
            found[f"/{path}"] = self.standing(title)
        some = "".join(map(self.item, [*self.articles][:3]))
        for label in ("/tag/weather", "/tag/fishing-quota-talks", "/people/ina-roald"):
            found[label] = self.frame(label, f"<h1>{label}</h1><ul>{some}</ul>")
        found["/login"] = self.frame("Sign in", "<form><input name='u'><input type='password' name='p'></form>")
        return found


PAPER = Paper()


def crawled(web, archive, start):
    web.replies.update({path: Reply(page) for path, page in PAPER.replies().items()})
    web.replies["/files/rates-2026.pdf"] = Reply(b"%PDF-1.4 rates", headers={"Content-Type": "application/pdf"})
    ended = run("archiver", "crawl", "--url", web.url + start, "--archive", archive)
    assert ended.code == 0, ended.err
    kinds = {kind: archive.glob(f"*/{kind}/*/*.jsonl") for kind in ("articles", "events")}
    return {
        kind: [json.loads(line) for file in files for line in file.read_text().splitlines()]
        for kind, files in kinds.items()
    }


def paths(web, lines):
    return sorted(line["url"].removeprefix(web.url) for line in lines)


@pytest.mark.parametrize(
    ("start", "wanted"),
    [
        pytest.param("/", PAPER.articles, id="home"),
        pytest.param("/harbour", [path for path in PAPER.articles if path.startswith("/harbour/")], id="section"),
    ],
)
def test_a_crawl_finds_exactly_the_articles_of_an_unknown_site(web, tmp_path, start, wanted):
    found = crawled(web, tmp_path, start)

    assert paths(web, found["articles"]) == sorted(wanted)


def test_nothing_of_the_navigation_becomes_a_record_or_a_reject(web, tmp_path):
    events = crawled(web, tmp_path, "/")["events"]

    assert {event["outcome"] for event in events if not event["url"].endswith("/sitemap.xml")} == {"new", "listing"}


def test_what_every_site_has_is_not_even_fetched(web, tmp_path):
    crawled(web, tmp_path, "/")
    chrome = ("/contact", "/privacy", "/advertise", "/login", "/files", "/search", "/rss", "/share", "/tag", "/da/")

    assert [path for path in web.asked if path.startswith(chrome)] == []


def test_titles_and_times_of_the_listing_are_those_of_the_articles(web, tmp_path):
    lines = crawled(web, tmp_path, "/upland")["articles"]
    actual = sorted((line["url"].removeprefix(web.url), line["title"], line["published_at"][:10]) for line in lines)

    assert actual == sorted(
        (path, title, PAPER.day(path)) for path, (section, title) in PAPER.articles.items() if section == "upland"
    )
