"""What a later run makes of feeds and sitemaps: it asks for them under a condition, and again for what they say has changed."""

import os
from datetime import UTC, datetime, timedelta

import pytest
from conftest import ROOT, Reply, serving
from papers import XML, article, crawl, is_sound, page, story, teasers

TODAY = datetime(2026, 4, 1, 12, tzinfo=UTC)


def run_at(web, archive, moment, *options):
    path = f"{ROOT}{os.pathsep}{ROOT / 'tests'}"
    return crawl(web, archive, "/", "-s", "NOW=given_clock.now", *options, PYTHONPATH=path, GIVEN_MOMENT=str(moment))


def sitemap(web, changed, **headers):
    """A sitemap of these stories with their `<lastmod>`."""
    rows = "".join(
        f"<url><loc>{web.url}{path}</loc><lastmod>{moment.isoformat()}</lastmod></url>"
        for path, moment in changed.items()
    )
    return Reply(f"<urlset>{rows}</urlset>", headers={**XML, **headers})


def paper(web, stories=30, *, listed=3):
    """A front page that shows three stories, and a sitemap of all, each last changed in March."""
    paths = [story(number) for number in range(stories)]
    web.replies.update({path: Reply(article(path)) for path in paths})
    web.replies["/"] = Reply(page(f"<ul>{teasers(paths[:listed])}</ul>"))
    changed = dict.fromkeys(paths, TODAY - timedelta(days=20))
    web.replies["/sitemap.xml"] = sitemap(web, changed)
    return paths, changed


def rechecked(crawled, paths):
    return sorted(path for path in crawled.asked if path in paths)


def test_an_article_that_the_sitemap_says_has_changed_is_looked_at_again_once(web, tmp_path):
    paths, changed = paper(web)
    run_at(web, tmp_path, TODAY)
    edited = paths[7]
    web.replies[edited] = Reply(article(edited).replace("council sat", "council stood"))
    web.replies["/sitemap.xml"] = sitemap(web, {**changed, edited: TODAY + timedelta(minutes=5)})
    later, again = (run_at(web, tmp_path, TODAY + timedelta(minutes=minutes)) for minutes in (20, 40))

    assert (rechecked(later, paths), rechecked(again, paths)) == ([edited], [])
    assert [line["change"]["cause"] for line in later.lines if line["url"].endswith(edited)] == ["first", "edit"]
    assert (later.report["seen"], again.report["seen"]) == (30, 30)
    assert is_sound(tmp_path)


def test_of_claims_without_room_in_the_budget_the_next_run_makes_re_checks(web, tmp_path):
    paths, changed = paper(web)
    run_at(web, tmp_path, TODAY)
    edited = paths[5:9]
    web.replies["/sitemap.xml"] = sitemap(web, {**changed, **dict.fromkeys(edited, TODAY + timedelta(minutes=5))})
    runs = [run_at(web, tmp_path, TODAY + timedelta(minutes=minutes), "-s", "RECHECKS=3") for minutes in (20, 40, 60)]

    assert [len(rechecked(each, paths)) for each in runs] == [3, 1, 0]
    assert sorted(path for each in runs for path in rechecked(each, paths)) == sorted(edited)


def test_a_sitemap_that_says_that_everything_has_changed_is_not_believed(web, tmp_path):
    paths, _ = paper(web)
    run_at(web, tmp_path, TODAY)
    web.replies["/sitemap.xml"] = sitemap(web, dict.fromkeys(paths, TODAY + timedelta(minutes=5)))
    later = run_at(web, tmp_path, TODAY + timedelta(minutes=20))

    assert rechecked(later, paths) == []
    assert later.report["left_out"]["unlikely_date"] == 30


def test_a_sitemap_of_dead_links_costs_a_later_run_no_request_for_them(web, tmp_path):
    _, changed = paper(web)
    dead = [f"/2026/02/dead-as-a-dodo-{number}/" for number in range(10)]
    web.replies["/sitemap.xml"] = sitemap(web, {**changed, **dict.fromkeys(dead, TODAY)})
    first, second = (run_at(web, tmp_path, TODAY + timedelta(minutes=minutes)) for minutes in (0, 20))

    assert (len(rechecked(first, dead)), rechecked(second, dead)) == (10, [])


@pytest.fixture(scope="module")
def tagged(tmp_path_factory):
    """Runs of a paper whose feed and sitemap have an ETag: one, another, and one after a story was added to the sitemap."""
    archive = tmp_path_factory.mktemp("archive")
    with serving() as web:
        paths, changed = paper(web)
        items = "".join(f"<item><link>{web.url}{path}</link></item>" for path in paths[:5])
        feed = f"<rss><channel>{items}</channel></rss>"
        link = '<link rel="alternate" type="application/rss+xml" href="/feed/">'
        web.replies["/"] = Reply(page(f"<ul>{teasers(paths[:3])}</ul>", link))
        web.replies["/feed/"] = Reply(feed, headers={"Content-Type": "application/rss+xml", "ETag": '"f1"'})
        web.replies["/sitemap.xml"] = sitemap(web, changed, ETag='"s1"')
        runs = []
        for minutes in (0, 20, 40):
            if minutes == 40:
                new = story(77)
                web.replies[new] = Reply(article(new))
                web.replies["/sitemap.xml"] = sitemap(web, {**changed, new: TODAY}, ETag='"s2"')
            web.unchanged.clear()
            runs.append((run_at(web, archive, TODAY + timedelta(minutes=minutes)), [*web.unchanged]))
        return paths, runs, archive


def test_feeds_and_sitemaps_are_asked_for_under_a_condition_and_what_they_name_is_known_all_the_same(tagged):
    _, [(first, none), (second, unchanged), _], _ = tagged

    assert (none, sorted(unchanged)) == ([], ["/feed/", "/sitemap.xml"])
    assert [(second.events[path]["outcome"], second.events[path]["reason"]) for path in unchanged] == [
        ("listing", "not_modified")
    ] * 2
    assert (second.ended.code, second.report["seen"], second.lines) == (0, 30, first.lines)


def test_a_sitemap_that_has_changed_comes_whole_and_its_new_article_is_found(tagged):
    paths, [*_, (third, unchanged)], archive = tagged

    assert unchanged == ["/feed/"]
    assert third.found == sorted([*paths, story(77)])
    assert is_sound(archive)
