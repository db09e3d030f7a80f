"""The sample newsroom: its addresses, listings and numbers."""

from __future__ import annotations

import json
import re
import tracemalloc
from collections import deque
from urllib.parse import urljoin, urlsplit

import pytest
from lxml import html

from archiver.demo import addresses, stories
from archiver.demo.newsroom import Newsroom

ORIGIN = "http://127.0.0.1:1"
IDENTITIES = (
    (r"/en/(?:.*-(\d+)\.htm|pages/chi-tiet-tin.*[?&]itemid=(\d+).*)", "hcma:en:"),
    (r"/[^/]*-(\d+)\.htm|/pages/chi-tiet-tin.*[?&]itemid=(\d+).*", "hcma:"),
    (r"/[^/]+/.*-(\d+)\.html", "hcma:html:"),
    (r"/home/news/.*-(\d+)", "hcma:english:"),
    (r"/[^/]+/pages/.*[?&]itemid=(\d+).*", "hcma:cate:"),
)


def identity(path):
    """The id that an address names, told by its spelling alone."""
    for pattern, prefix in IDENTITIES:
        if found := re.fullmatch(pattern, path, re.IGNORECASE):
            return prefix + next(filter(None, found.groups()))
    return None


def hrefs(newsroom, path):
    reply = newsroom.page(path, ORIGIN)
    assert reply.status == 200, path
    here = urljoin(ORIGIN, path)
    for link in html.fromstring(reply.body).iter("a"):
        target = urlsplit(urljoin(here, link.get("href", "")))
        if target.netloc.lower() == urlsplit(ORIGIN).netloc:
            yield target._replace(scheme="", netloc="", fragment="").geturl()


def ids_reached(newsroom):
    """Every id that the listings lead to, from home."""
    waiting, seen, found = ["/"], {"/"}, set()
    while waiting:
        for path in hrefs(newsroom, waiting.pop()):
            if path in seen or re.match(r"/(_layouts|pages/lich|smpt_\S+/pprint)", path, re.IGNORECASE):
                continue
            seen.add(path)
            if (name := identity(path)) is not None:
                found.add(name)
            else:
                waiting.append(path)
    return found


def test_the_same_seed_gives_the_same_bytes():
    paths = ["/", "/en", "/chuyen-muc/hoat-dong-hoc-vien", "/Uploads/PublicImage/a.jpg", "/Image?path=/khoa//b.png"]
    first, second = Newsroom(7, 60), Newsroom(7, 60)
    paths += [
        addresses.pretty(stories.headline(shelf, shelf.place_of(rank)))
        for shelf in first.plan.shelves.values()
        for rank in range(shelf.live)
    ]

    assert [first.page(path, ORIGIN).body for path in paths] == [second.page(path, ORIGIN).body for path in paths]
    assert list(first.truth(ORIGIN)) == list(second.truth(ORIGIN))


def test_another_seed_is_another_newsroom():
    assert Newsroom(1).page("/", ORIGIN).body != Newsroom(2).page("/", ORIGIN).body


@pytest.mark.parametrize("articles", [0, 1, 7, 30, 300])
def test_there_are_as_many_truths_as_articles_and_no_id_twice(articles):
    ids = [line["id"] for line in Newsroom(3, articles).truth(ORIGIN)]

    assert len(ids) == len(set(ids)) == articles


def test_numbers_alone_name_no_item():
    numbers = [line["id"].rsplit(":", 1)[1] for line in Newsroom(1, 300).truth(ORIGIN)]

    assert len(set(numbers)) < len(numbers)


def test_a_hundred_thousand_articles_are_counted_without_being_made():
    newsroom = Newsroom(1, 100_000)
    shelves = newsroom.plan.shelves.values()
    first = next(newsroom.truth(ORIGIN))
    oldest = stories.story(newsroom.plan.shelves["c"], newsroom.plan.shelves["c"].places - 1)
    ids = [stories.headline(shelf, shelf.place_of(rank)).id for shelf in shelves for rank in range(0, shelf.live, 97)]

    assert sum(shelf.live for shelf in shelves) == 100_000
    assert first["published_at"].startswith("2026-03-14T")
    assert oldest.headline.moment.year >= 2022
    assert len(ids) == len(set(ids))
    assert all(shelf.number(shelf.places - 1) > 0 for shelf in shelves)


def test_truth_is_told_line_by_line_in_little_memory():
    tracemalloc.start()
    try:
        reply = Newsroom(1, 1_500).page("/truth.jsonl", ORIGIN)
        last = deque(reply.stream, maxlen=1)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert json.loads(last[0])["id"].startswith("hcma:english:")
    assert peak < 3_000_000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_article_is_reached_from_home_by_listings_alone(seed):
    newsroom = Newsroom(seed, 300)

    assert {line["id"] for line in newsroom.truth(ORIGIN)} <= ids_reached(newsroom)


@pytest.mark.parametrize("articles", [0, 1, 7])
def test_a_small_newsroom_has_all_its_listings(articles):
    newsroom = Newsroom(1, articles)

    assert {line["id"] for line in newsroom.truth(ORIGIN)} <= ids_reached(newsroom)


def test_a_page_beyond_the_last_is_page_1_again():
    newsroom = Newsroom(1)
    fragment = "/SMPT_Publishing_UC/TinTuc/frmDSTinTuc.aspx?cm=33&page={}"

    assert newsroom.page(fragment.format(999), ORIGIN).body == newsroom.page(fragment.format(1), ORIGIN).body
    assert newsroom.page(fragment.format(2), ORIGIN).body != newsroom.page(fragment.format(1), ORIGIN).body


def test_all_spellings_of_an_address_give_the_same_page():
    newsroom = Newsroom(1)
    head = stories.headline(newsroom.plan.shelves["c"], 0)
    spellings = [addresses.query(head, category, at) for category in (4, 33) for at in range(5)]
    spellings += [spelling.upper() for spelling in spellings] + [f"/anything-{head.number}.htm"]

    pages = {newsroom.page(spelling, ORIGIN).body for spelling in spellings}

    assert pages == {newsroom.page(addresses.pretty(head), ORIGIN).body}


def test_withdrawn_items_are_listed_and_answer_200_without_title_time_and_text():
    newsroom = Newsroom(1, 300)
    shelf = newsroom.plan.shelves["c"]
    gone = [stories.headline(shelf, place) for place in range(shelf.places) if shelf.is_withdrawn(place)]
    truth = {line["id"] for line in newsroom.truth(ORIGIN)}
    replies = [newsroom.page(addresses.pretty(head), ORIGIN) for head in gone]

    assert sorted(reply.status for reply in replies) == [200, 200, 302]
    assert {head.id for head in gone} <= ids_reached(newsroom) - truth
    for head, reply in zip(gone, replies, strict=True):
        page = reply.body.decode()
        assert f"{head.moment:%H:%M %d/%m/%Y}" not in page
        assert head.title not in page
        assert head.lead not in page


def test_a_number_never_used_gives_the_page_without_a_story():
    reply = Newsroom(1).page("/Pages/chi-tiet-tin.aspx?ItemID=99999", ORIGIN)

    assert reply.status == 200
    assert b"<title>H\xe1\xbb\x8dc vi\xe1\xbb\x87n Ch\xc3\xadnh tr\xe1\xbb\x8b" in reply.body
