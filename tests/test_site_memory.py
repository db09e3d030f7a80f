"""What articles of a site have in common is cut from the bodies of later runs, and every line can still be made again.

The site has no file: general rules, by the command. Its pages end in a line of the house that no rule knows.
"""

import json
import shutil

import pytest
from conftest import Reply, run, serving

from archiver.article import Block
from archiver.page import Page
from archiver.rules.repeated import general_body_but_repeated_lines, repeated_lines
from archiver.store.run_report import run_names

HOUSE = "Our walkers are out on the coast path in every week of the year."
NOTE = "All distances in this series are given in the old county miles."


def article(number, *also):
    texts = [
        f"Part {part} of walk {number}: the path keeps to the cliff for an hour, then turns inland by the mill."
        for part in "abcd"
    ]
    inner = "".join(
        f"<p>{text}</p>"
        for text in [*texts, *also, f"Walk {number} ends at the quay, where the bus leaves on the hour."]
    )
    return Reply(
        f'<!doctype html><html lang="en"><head><title>Walk number {number} along the coast</title><meta property="og:type" content="article">'
        f'<meta property="article:published_time" content="2026-03-{number:02}T08:00:00+00:00"></head><body><article><h1>Walk number {number} along the coast</h1>'
        f"{inner}</article></body></html>"
    )  # fmt: skip


def serve(web, numbers, *also):
    """These walks, and a home page that lists them."""
    paths = [f"/walks/along-the-coast-{number + 1000}" for number in numbers]
    for number, path in zip(numbers, paths, strict=True):
        web.replies[path] = article(number, *also)
    items = "".join(f'<li><a href="{path}">Walk number {path[-4:]} along the coast</a></li>' for path in paths)
    web.replies["/"] = Reply(
        f"<!doctype html><html><head><title>Walks</title></head><body><ul>{items}</ul></body></html>"
    )


def crawl(web, archive):
    ended = run("archiver", "crawl", "--url", f"{web.url}/", "--archive", archive)
    assert ended.code == 0, ended.err


def lines(archive):
    (file,) = archive.glob("*/articles/*/*.jsonl")
    return file.read_text().splitlines(keepends=True)


def records(archive):
    """Body and the rule behind it, by the number of the walk."""
    found = map(json.loads, lines(archive))
    return {int(line["url"][-4:]) - 1000: (line["body"], line["extractor"]["found_by"]["body"]) for line in found}


@pytest.fixture(scope="module")
def web():
    with serving() as web:
        yield web


@pytest.fixture(scope="module")
def two_runs(web, tmp_path_factory):
    """Two runs: the house's line stands on all pages; the note on two of the first run and two of the second."""
    folder = tmp_path_factory.mktemp("walks")
    serve(web, [1, 2], HOUSE, NOTE)
    web.replies["/walks/along-the-coast-1003"] = article(3, HOUSE)
    home = web.replies["/"].body
    web.replies["/"] = Reply(
        home.replace(
            "</ul>", '<li><a href="/walks/along-the-coast-1003">Walk number 1003 along the coast</a></li></ul>'
        )
    )
    crawl(web, folder)
    serve(web, [4, 5], HOUSE, NOTE)
    crawl(web, folder)
    return folder


@pytest.fixture
def archive(two_runs, tmp_path):
    """A copy of their archive."""
    return shutil.copytree(two_runs, tmp_path / "data")


def test_what_articles_of_earlier_runs_share_is_cut_and_found_by_says_so(archive):
    actual = {number: (HOUSE in body, NOTE in body, by) for number, (body, by) in records(archive).items()}
    first = {
        1: (True, True, "general_body:page"),
        2: (True, True, "general_body:page"),
        3: (True, False, "general_body:page"),
    }
    later = (False, True, "general_body_but_repeated_lines:page")

    assert actual == {**first, 4: later, 5: later}


def test_a_rebuild_gives_every_line_as_its_own_run_knew_the_site(archive):
    ended = run("archiver", "rebuild", "--check", "--archive", archive)

    assert ended.code == 0, ended.out + ended.err
    before = lines(archive)
    (folder,) = archive.glob("*/articles")
    shutil.rmtree(folder)
    ended = run("archiver", "rebuild", "--archive", archive)

    assert ended.code == 0, ended.out + ended.err
    assert lines(archive) == before


def test_a_replay_after_a_crash_reads_a_capture_as_its_own_run_would_have(web, archive):
    """The last run's lines, its report and the ledger are lost: the next run, which knows more, makes the lines again."""
    before = lines(archive)
    (file,) = archive.glob("*/articles/*/*.jsonl")
    file.write_text("".join(before[:3]))
    site = file.parents[2]
    (site / f"runs/{run_names(site)[-1]}.json").unlink()
    for part in archive.glob("*/ledger.sqlite*"):
        part.unlink()
    serve(web, [4, 5], HOUSE, NOTE)
    asked = len(web.asked)
    crawl(web, archive)

    assert lines(archive) == before
    assert [path for path in web.asked[asked:] if path.startswith("/walks")] == []


def test_damage_in_an_old_capture_file_stops_no_crawl(web, archive):
    first = min(archive.glob("*/captures/*/*/*.warc.gz"))
    first.write_bytes(first.read_bytes()[:-900] + b"rot" + bytes(897))
    serve(web, [4, 5, 6], HOUSE, NOTE)
    crawl(web, archive)

    assert 6 in records(archive)


def test_a_site_with_a_file_is_read_without_its_earlier_pages(web, tmp_path):
    for number in range(1, 6):
        web.article(f"/a-{number}.htm", title=f"Bản tin số {number} về văn hóa đọc", more=f"<p>{HOUSE}</p>")
    for wave in ((1, 2, 3), (4, 5)):
        web.listing("/", *(f"/a-{number}.htm" for number in wave))
        run("archiver", "crawl", "hcma", "--base-url", web.url, "--archive", tmp_path, "--max-pages", 99)
    (file,) = tmp_path.glob("hcma/articles/*/*.jsonl")
    bodies = [json.loads(line)["body"] for line in file.read_text().splitlines()]

    assert [HOUSE in body for body in bodies] == [True] * 5


def page(*paragraphs, repeated):
    inner = "".join(paragraphs)
    html = f"<html><head><title>The long walk</title></head><body><article><h1>The long walk</h1>{inner}</article></body></html>"
    return Page("https://walks.test/a-long-walk-12", html.encode(), None, repeated=frozenset(repeated))


LONG = [
    f"<p>Stretch {number} of the long walk goes up to the ridge, and down again to the ford at {number}.</p>"
    for number in range(5)
]


@pytest.mark.parametrize(
    ("paragraphs", "repeated", "expected"),
    [
        pytest.param([*LONG, f"<p>{HOUSE}</p>"], [HOUSE], 5, id="cut"),
        pytest.param([*LONG, f"<p>{HOUSE}</p>"], [NOTE], None, id="other-lines"),
        pytest.param([*LONG, f"<p>{HOUSE}</p>"], [], None, id="nothing-known"),
        pytest.param(
            [*LONG, f"<h2>{NOTE}</h2><p>Over and done with it all was by four in the afternoon.</p>"],
            [NOTE],
            None,
            id="a-heading",
        ),
        pytest.param(LONG, [line[3:-4] for line in LONG[:3]], None, id="most-of-the-story"),
    ],
)
def test_repeated_lines_are_cut_unless_they_are_headings_or_the_story(paragraphs, repeated, expected):
    content = general_body_but_repeated_lines(page(*paragraphs, repeated=repeated))

    assert (content and len(content.blocks)) == expected


def test_a_heading_over_what_was_cut_goes_with_it():
    found = general_body_but_repeated_lines(page(*LONG, f"<h2>About the walks</h2><p>{HOUSE}</p>", repeated=[HOUSE]))

    assert {block.type for block in found.blocks} == {Block(type="paragraph").type}


def test_lines_are_repeated_that_stand_in_three_bodies_and_say_something():
    bodies = [f"{HOUSE}\n{HOUSE}\nYes.\n{each}" for each in ("one", "two", "three")]

    assert repeated_lines(bodies) == {HOUSE}
    assert repeated_lines(bodies[:2]) == frozenset()
