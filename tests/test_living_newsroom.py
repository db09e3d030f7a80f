"""The newsroom that lives: what it tells of itself and what it shows are one, at every moment."""

from __future__ import annotations

import http.client
import json
import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import cache
from urllib.parse import urlsplit

import pytest
from lxml import etree, html

from archiver.article import jsonable
from archiver.demo import addresses
from archiver.demo.living.differences import classes
from archiver.demo.living.edits import EDITS
from archiver.demo.living.habits import Habits, midnight
from archiver.demo.living.newsroom import LivingNewsroom
from archiver.demo.living.on_air import OnAir
from archiver.demo.server import serve
from archiver.errors import UsageError
from archiver.page import Page
from archiver.sites import site_named
from archiver.store.revisions import edit_classes

ORIGIN = "http://127.0.0.1:1"
HOME = "/"
SECTION = "/chuyen-muc/hoat-dong-hoc-vien"
YEAR = LivingNewsroom()
END = midnight(YEAR.start, 365)
CONTENT = (
    "title", "lead", "published_at", "published_raw", "body", "blocks", "images", "authors", "credit_line",
    "attachments", "comments", "comment_count",
)  # fmt: skip


@cache
def year_of_events():
    return YEAR.events(END)


def at(newsroom, day, hours=23):
    return OnAir(newsroom, midnight(newsroom.start, day) + timedelta(hours=hours))


def address(newsroom, place):
    """The pretty address of the article, and its print view."""
    head = newsroom.life(place).wordings(0)[0].story.headline
    return addresses.pretty(head), addresses.print_view(head)


def links(air, *paths):
    return {link.get("href") for path in paths for link in html.fromstring(air.page(path, ORIGIN).body).iter("a")}


def fragments(air):
    """Every page of every section of the current site."""
    for section in air.newsroom.stock["c"].sections:
        yield addresses.section_page(air.newsroom.stock["c"], section)
        yield from (addresses.fragment(section, page) for page in range(1, 12))


def numbers(hrefs):
    return {int(number) for href in hrefs for number in re.findall(r"-(\d+)\.htm$|itemid=(\d+)", href, re.IGNORECASE)
            for number in number if number}  # fmt: skip


def test_a_moment_shows_the_same_whatever_was_asked_before():
    one, other = at(LivingNewsroom(seed=3), 40), at(LivingNewsroom(seed=3), 300)
    paths = [HOME, SECTION, *address(one.newsroom, -77)]
    for path in paths:
        other.page(path, ORIGIN)
    other.turn_to(one.moment)

    assert [one.page(path, ORIGIN) for path in paths] == [other.page(path, ORIGIN) for path in paths]
    assert one.page(HOME, ORIGIN) != at(LivingNewsroom(seed=4), 40).page(HOME, ORIGIN)


def test_articles_come_one_by_one_through_each_day():
    newsroom = LivingNewsroom(seed=1, articles_a_day=6)
    shelf = newsroom.stock["c"]
    moments = [shelf.moment(-number) for number in range(1, 13)]

    assert moments == sorted(moments)
    assert [moment.date() for moment in moments] == [newsroom.start] * 6 + [newsroom.start + timedelta(days=1)] * 6
    assert [newsroom.published(moment) for moment in moments] == list(range(1, 13))
    assert [newsroom.published(moment - timedelta(seconds=1)) for moment in moments] == list(range(12))
    assert newsroom.published(midnight(newsroom.start, -3)) == 0


def test_listings_show_what_is_out_and_no_more():
    air = at(LivingNewsroom(seed=1, backlog=0, habits=Habits(withdrawn=0)), 3, hours=12)
    expected = {air.newsroom.stock["c"].number(-number) for number in range(1, air.newsroom.published(air.moment) + 1)}

    assert numbers(links(air, *fragments(air))) == expected
    assert numbers(links(air, HOME)) == set(sorted(expected)[-10:])


def test_a_year_has_every_kind_of_event_edit_and_absence():
    events = year_of_events()
    kinds = Counter(event.kind for event in events)

    assert kinds["published"] == 365 * 5
    assert (kinds["outage began"], kinds["outage ended"], kinds["redesigned"]) == (2, 2, 1)
    assert kinds["withdrawn"] > kinds["returned"] > 20
    assert {event.classes for event in events if event.kind == "edited"} == {
        ("title",), ("time",), ("body",), ("captions",), ("credit",), ("attachments",), ("body", "boring"), (),
    }  # fmt: skip
    assert {event.absence for event in events} == {"", "404", "410", "soft 404", "sign in"}
    assert [event.at for event in events] == sorted(event.at for event in events)


@pytest.mark.parametrize("day", [0, 31, 200, 364])
def test_events_up_to_a_moment_tell_what_stands_then(day):
    moment = midnight(YEAR.start, day) + timedelta(hours=15)
    told = {}
    for event in year_of_events():
        if event.id and event.at <= moment:
            told[event.id] = (event.at, event.absence)
    standing = {each.id: (each.turn.at, each.turn.absence) for each in YEAR.standing(moment) if each.place < 0}

    assert standing == told


def test_events_of_a_span_are_those_after_its_beginning_up_to_its_end():
    middle = midnight(YEAR.start, 150)

    assert YEAR.events(middle) + YEAR.events(END, since=middle) == year_of_events()


def test_half_of_the_edits_come_within_a_day_and_some_after_weeks():
    published = {event.id: event.at for event in year_of_events() if event.kind == "published"}
    edits = [event for event in year_of_events() if event.kind == "edited"]
    ages = sorted(event.at - published[event.id] for event in edits)

    assert timedelta(hours=6) < ages[len(ages) // 2] < timedelta(days=3)
    assert ages[0] < timedelta(hours=1)
    assert ages[-1] > timedelta(days=40)


@pytest.mark.parametrize(("seed", "redesign"), [(1, None), (1, 0), (4, None), (8, 0)])
def test_every_wording_is_read_from_its_page_as_the_truth_has_it_and_classed_alike(seed, redesign):
    site = site_named("hcma").at(ORIGIN)
    habits = Habits(edited=1, withdrawn=0, outages=(), redesign=redesign)
    newsroom = LivingNewsroom(seed=seed, backlog=10, habits=habits)
    seen = set()
    for place in range(-30, 0):
        before = None
        for turn in newsroom.life(place).turns:
            air = OnAir(newsroom, turn.at)
            wording = newsroom.life(place).wordings(turn.wording)[-1]
            path = address(newsroom, place)[wording.story.is_broken]
            page = Page(url=ORIGIN + path, html=air.page(path, ORIGIN).body, fetched_at=turn.at)
            read = jsonable(site.parse_article(page))
            truth = next(line for line in air.truth(ORIGIN) if line["id"] == read["id"])

            assert {name: read[name] for name in CONTENT} == {name: truth[name] for name in CONTENT}
            if before is not None:
                assert edit_classes(before[1], read) == classes(before[0].story, wording.story)
            before = wording, read
            seen.add(wording.edit)

    assert seen == {"", *EDITS}


@pytest.mark.parametrize(
    ("absence", "status", "location"),
    [
        ("404", 404, ""),
        ("410", 410, ""),
        ("soft 404", 200, ""),
        ("sign in", 302, "/Pages/dang-nhap.aspx?ReturnUrl=%2F"),
    ],
)
def test_what_is_withdrawn_answers_so_in_every_view_and_is_listed_nowhere_until_it_returns(absence, status, location):
    lives = (YEAR.life(-number) for number in range(1, YEAR.published(END) + 1))
    life = next(
        each for each in lives if each.turns[-2:-1] and [turn.absence for turn in each.turns[-2:]] == [absence, ""]
    )
    gone, back = life.turns[-2:]
    head = life.wordings()[gone.wording].story.headline
    away = OnAir(YEAR, gone.at)
    replies = [away.page(path, ORIGIN) for path in address(YEAR, life.place)]
    here = OnAir(YEAR, back.at)

    assert {(reply.status, reply.location) for reply in replies} == {(status, location)}
    assert all(head.title not in reply.body.decode() for reply in replies)
    assert head.id not in {line["id"] for line in away.truth(ORIGIN)}
    assert head.id in {line["id"] for line in here.truth(ORIGIN)}
    assert here.page(address(YEAR, life.place)[1], ORIGIN).status == 200
    for air, is_listed in ((away, False), (here, True)):
        standing = next(each for each in YEAR.standing(air.moment) if each.place == life.place)
        assert standing.is_listed == is_listed


def test_what_is_withdrawn_vanishes_from_listings_and_what_returns_is_in_them_again():
    newsroom = LivingNewsroom(seed=1, backlog=0, habits=Habits(withdrawn=1, edited=0, flapping=0))
    air = at(newsroom, 30)
    expected = {newsroom.stock["c"].number(each.place) for each in newsroom.standing(air.moment) if each.is_listed}

    assert 10 < len(expected) < newsroom.published(air.moment) - 10
    assert numbers(links(air, *fragments(air))) == expected


def test_a_fifth_of_the_listing_entries_is_lost_and_their_numbers_lead_to_them_all_the_same():
    newsroom = LivingNewsroom(seed=2, backlog=50, habits=Habits(unlisted=0.2, withdrawn=0, has_feeds=True))
    air = at(newsroom, 60)
    shelf = newsroom.stock["c"]
    standing = list(newsroom.standing(air.moment))
    lost = {shelf.number(each.place) for each in standing if not each.is_listed}
    named = numbers(links(air, HOME, *fragments(air)))
    told = "".join(
        air.page(path, ORIGIN).body.decode() for path in ("/rss.xml", "/sitemaps/2026-03.xml", "/sitemaps/2026-05.xml")
    )
    prints = [air.page(f"/SMPT_Publishing_UC/TinTuc/pPrintTinTuc.aspx?ItemID={number}", ORIGIN) for number in lost]

    assert 0.15 < len(lost) / len(standing) < 0.25
    assert named | lost == {shelf.number(each.place) for each in standing}
    assert not named & lost
    assert not lost & {int(number) for number in re.findall(r"-(\d+)\.htm<", told)}
    assert all(b'<div class="time">' in reply.body for reply in prints)


def test_numbers_between_the_articles_were_never_used():
    air = at(LivingNewsroom(seed=1, habits=Habits(withdrawn=0)), 10)
    shelf = air.newsroom.stock["c"]
    used = {shelf.number(each.place) for each in air.newsroom.standing(air.moment)}
    holes = set(range(min(used), max(used))) - used

    assert len(holes) > len(used) // 2
    for number in (*list(holes)[:5], max(used) + 2):
        reply = air.page(f"/Pages/chi-tiet-tin.aspx?ItemID={number}", ORIGIN)
        assert (reply.status, b"class='time'" in reply.body) == (200, False)


@pytest.mark.parametrize(("day", "expected"), [(9, "up"), (10, "503"), (11, "up"), (19, "up"), (20, "nothing")])
def test_an_outage_takes_every_address_for_a_day(day, expected):
    air = at(LivingNewsroom(seed=1, habits=Habits(outages=(10, 20))), day, hours=0)
    replies = [air.page(path, ORIGIN) for path in (HOME, SECTION, "/robots.txt", "/Uploads/PublicImage/a.jpg")]
    states = {"reset": "nothing"}

    assert {states.get(reply.manner) or {503: "503", 200: "up"}[reply.status] for reply in replies} == {expected}


def test_in_an_outage_with_nothing_the_connection_is_reset_and_afterwards_all_is_well():
    air = at(LivingNewsroom(seed=1, habits=Habits(outages=(1, 2))), 2)
    with serve(air) as server:
        parts = urlsplit(server.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
        connection.request("GET", "/")
        with pytest.raises(ConnectionError):
            connection.getresponse()
        connection.close()
        air.turn_to(midnight(air.newsroom.start, 3))
        connection.request("GET", "/")

        assert connection.getresponse().status == 200
        connection.close()


def test_a_redesign_gives_pages_old_and_new_another_layout_at_midnight():
    newsroom = LivingNewsroom(seed=1, habits=Habits(redesign=50, edited=0, withdrawn=0, flapping=0))
    before, after = at(newsroom, 49), OnAir(newsroom, midnight(newsroom.start, 50))
    for place in (-3, -240, 5):
        path = address(newsroom, place)[0]
        old, new = (air.page(path, ORIGIN).body.decode() for air in (before, after))
        marks = ['id="News-content"', 'class="article-detail"', 'class="breadcrumb"']

        assert [mark in old for mark in marks] == [True] * 3
        assert [mark in new for mark in marks] == [False] * 3
        assert "article:section" in new


@pytest.mark.parametrize("seed", [2, 5])  # with the newest items on every page, and without
def test_etag_and_last_modified_tell_every_change_through_five_days(seed):
    newsroom = LivingNewsroom(seed=seed, backlog=20, habits=Habits(edited=1, redesign=3, has_feeds=True, outages=()))
    paths = [HOME, SECTION, "/rss.xml", *(address(newsroom, place)[0] for place in (-1, -2, -4, 3))]
    air = OnAir(newsroom, midnight(newsroom.start, 1))
    seen = {path: air.page(path, ORIGIN) for path in paths}
    unchanged = 0
    for half_hour in range(4 * 48):
        air.turn_to(midnight(newsroom.start, 1) + timedelta(minutes=30 * half_hour))
        for path in paths:
            now, before = air.page(path, ORIGIN), seen[path]
            asked = {"if-modified-since": before.headers["Last-Modified"]}

            assert now.is_known({"if-none-match": before.etag}) == (now.body == before.body)
            assert now.body == before.body or not now.is_known(asked)
            assert parsedate_to_datetime(now.headers["Last-Modified"]) <= air.moment
            unchanged += now.is_known(asked)
            seen[path] = now

    assert unchanged > 4 * 48 * len(paths) // 2


def test_over_http_an_article_is_not_sent_again_until_it_is_edited():
    newsroom = LivingNewsroom(seed=5, habits=Habits(edited=1, flapping=0, withdrawn=0))
    assert newsroom.houses[0].latest_place == "none"
    life = next(life for life in map(newsroom.life, range(-1, -40, -1)) if life.wordings()[1].edit == "title")
    path = address(newsroom, life.place)[0]
    air = OnAir(newsroom, life.turns[1].at - timedelta(minutes=1))
    with serve(air) as server:
        parts = urlsplit(server.url)
        connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)

        def ask(**headers):
            connection.request("GET", path, headers=headers)
            response = connection.getresponse()
            response.read()
            return response

        first = ask()
        tag = {"If-None-Match": first.getheader("ETag")}
        since = {"If-Modified-Since": first.getheader("Last-Modified")}
        early = [ask(**headers).status for headers in (tag, since, {**tag, **since}, {"If-Modified-Since": "soon"})]
        air.turn_to(life.turns[1].at)
        late = [ask(**headers).status for headers in (tag, since, {**tag, **since})]
        connection.close()

    assert (early, late) == ([304, 304, 304, 200], [200, 200, 200])


def test_a_counter_makes_another_page_every_hour_and_never_another_record():
    quiet = Habits(edited=0, withdrawn=0, flapping=0, counts_visits=True)
    newsroom = LivingNewsroom(seed=5, habits=quiet)
    path = address(newsroom, -1)[0]
    pages, records = set(), set()
    for hours in (100, 101, 102, 102.5):
        air = at(newsroom, 0, hours=hours)
        pages.add(air.page(path, ORIGIN).body)
        page = Page(url=ORIGIN + path, html=air.page(path, ORIGIN).body, fetched_at=air.moment)
        records.add(
            json.dumps({name: jsonable(site_named("hcma").at(ORIGIN).parse_article(page))[name] for name in CONTENT})
        )

    assert (len(pages), len(records)) == (3, 1)


def test_feeds_name_the_newest_and_sitemaps_everything_that_is_listed():
    newsroom = LivingNewsroom(seed=1, habits=Habits(has_feeds=True))
    air = at(newsroom, 75)

    def locations(path):
        return etree.fromstring(air.page(path, ORIGIN).body).xpath(
            "//*[local-name()='loc' or local-name()='link']/text()"
        )

    listed = [each for each in newsroom.standing(air.moment) if each.is_listed]
    shelf = newsroom.stock["c"]
    newest = [f"-{shelf.number(each.place)}.htm" for each in listed[:20]]
    months = [path for path in locations("/sitemap.xml") if "/sitemaps/" in path]
    everything = [path for month in months for path in locations(urlsplit(month).path)]
    two_days = [each for each in listed if air.moment - each.published_at <= timedelta(days=2)]

    assert [link.endswith(end) for link, end in zip(locations("/rss.xml")[1:], newest, strict=True)] == [True] * 20
    assert numbers(everything) == {shelf.number(each.place) for each in listed}
    assert len(locations("/news-sitemap.xml")) == len(two_days) > 5
    assert f"Sitemap: {ORIGIN}/sitemap.xml" in air.page("/robots.txt", ORIGIN).body.decode()
    assert 'href="/rss.xml"' in air.page(HOME, ORIGIN).body.decode()


def test_without_feeds_there_is_none_and_nothing_names_one():
    air = at(YEAR, 10)
    named = air.page(HOME, ORIGIN).body + air.page("/robots.txt", ORIGIN).body

    assert {air.page(path, ORIGIN).status for path in ("/rss.xml", "/sitemap.xml", "/news-sitemap.xml")} == {404}
    assert not re.search(b"rss|sitemap", named, re.IGNORECASE)


def test_comments_come_after_the_article_and_none_before_its_time():
    newsroom = LivingNewsroom(seed=4, habits=Habits(edited=0, withdrawn=0, flapping=0))
    life = next(life for life in map(newsroom.life, range(-1, -90, -1)) if len(life.wordings()[0].story.remarks) > 1)
    remarks = life.wordings()[0].story.remarks
    counts = []
    for moment in (life.turns[0].at, *(remark.moment for remark in remarks)):
        air = OnAir(newsroom, moment)
        counts.append(next(line for line in air.truth(ORIGIN) if line["id"] == life.wordings()[0].story.headline.id))

    assert [line["comment_count"] for line in counts] == list(range(len(remarks) + 1))


def test_truth_is_served_of_the_moment_and_of_a_span():
    air = at(YEAR, 97)  # an outage, which the truth outlives

    def told(path):
        reply = air.page(path, ORIGIN)
        return [json.loads(line) for line in reply.stream]

    since = midnight(YEAR.start, 90).astimezone(UTC)
    events = told(f"/truth.jsonl?since={since.isoformat()}")
    refused = air.page("/truth.jsonl?since=yesterday", ORIGIN)

    assert told("/truth.jsonl") == list(air.truth(ORIGIN))
    assert [event["kind"] for event in events] == [event.kind for event in YEAR.events(air.moment, since=since)]
    assert set(events[0]) == {"at", "kind", "id", "classes", "absence"}
    assert (refused.status, b"since=2026-03-15T00:00:00Z" in refused.body) == (400, True)


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda: LivingNewsroom(articles_a_day=0), "0 articles a day cannot be. Give 1 to 840"),
        (lambda: LivingNewsroom(start=date(2020, 1, 1)), "Give 2022-06-01 or later"),
        (lambda: Habits(unlisted=20), "unlisted=20 is no share of the articles"),
    ],
)
def test_a_newsroom_that_cannot_be_is_refused_with_what_can(make, says):
    with pytest.raises(UsageError, match=re.escape(says)):
        make()


def test_another_start_is_another_calendar_of_the_same_newsroom():
    newsroom = LivingNewsroom(start=date(2027, 1, 1))
    first = newsroom.events(midnight(newsroom.start, 1))[0]

    assert first.at.date() == date(2027, 1, 1)
    assert max(line["published_at"] for line in at(newsroom, -1).truth(ORIGIN)) < "2027-01-01"
    assert datetime.fromisoformat(next(at(newsroom, 0).truth(ORIGIN))["published_at"]).date() == date(2027, 1, 1)
