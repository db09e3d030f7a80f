"""A site that misbehaves: each fault ends in one event with its reason and, where bytes came, in a capture."""

import json
from dataclasses import dataclass

import pytest
from conftest import run

from archiver.demo.faults import PAGE_FAULTS
from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve
from archiver.store.captures import capture_files
from archiver.store.warc import stored

RETRIES = 1

ENDS = {
    "error-500": ("failed", "http_500"),
    "reset": ("failed", "connection_lost"),
    "reset-in-body": ("failed", "cut_short"),
    "stall": ("failed", "timeout"),
    "silent": ("failed", "timeout"),
    "drip": ("failed", "timeout"),
    "gzip-cut": ("failed", "cut_short"),
    "gzip-bomb": ("failed", "too_large"),
    "bomb-in-bomb": ("failed", "too_large"),
    "bad-gzip": ("gone", "soft_404"),  # read as it is: a page without a story
    "huge": ("failed", "too_large"),
    "huge-stated": ("failed", "too_large"),
    "redirect-self": ("failed", "redirect_loop"),
    "redirect-circle": ("failed", "redirect_loop"),
    "redirect-chain": ("failed", "redirect_loop"),
    "redirect-away": ("failed", "led_away"),
    "redirect-empty": ("failed", "http_302"),
    "length-too-long": ("failed", "cut_short"),
    "length-too-short": ("gone", "soft_404"),  # nobody can tell: the page without a story that it seems to be
    "chunked-cut": ("failed", "cut_short"),
    "rate-limit-for-ever": ("failed", "http_429"),
    "captcha": ("failed", "blocked"),
    "block-page": ("failed", "blocked"),
    "empty": ("failed", "empty"),
    "binary": ("failed", "binary"),
    "status-204": ("failed", "empty"),
    "error-404": ("gone", "http_404"),
    "gone-410": ("gone", "http_410"),
}

NO_BYTES = ("reset", "silent")

CUT = {
    "reset-in-body": "disconnect",
    "length-too-long": "disconnect",
    "chunked-cut": "disconnect",
    "stall": "time",
    "drip": "time",
    "huge": "length",
    "huge-stated": "length",
}


@dataclass
class Crawled:
    ended: object
    events: dict
    captures: dict
    lines: list
    truth: dict
    archive: object
    addresses: dict


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    archive = tmp_path_factory.mktemp("archive")
    newsroom = Newsroom(seed=2, articles=40, faults=("all",))
    with serve(newsroom) as server:
        ended = run(
            "archiver", "crawl", "hcma", "--base-url", server.url, "--archive", archive,
            "-s", "DOWNLOAD_TIMEOUT=2", "-s", f"RETRY_TIMES={RETRIES}",
        )  # fmt: skip
        truth = {line["id"]: line for line in newsroom.truth(server.url)}
    site = archive / "hcma"
    captures = {}
    for name in capture_files(site):
        for capture in stored(site / name):
            captures.setdefault(capture.exchange.url.removeprefix(server.url), []).append(capture)
    events = {}
    for file in site.glob("events/*/*.jsonl"):
        for event in map(json.loads, file.read_text().splitlines()):
            events.setdefault(event["url"].removeprefix(server.url), []).append(event)
    lines = [json.loads(line) for file in site.glob("articles/*/*.jsonl") for line in file.read_text().splitlines()]
    addresses = {fault.name: address for fault, address in newsroom.faulty_addresses.items()}
    return Crawled(ended, events, captures, lines, truth, archive, addresses)


def test_every_fault_of_a_page_is_in_the_table_or_ends_well():
    assert {name for name, fault in PAGE_FAULTS.items() if not fault.ends_well} == set(ENDS)


@pytest.mark.parametrize("name", ENDS)
def test_a_fault_ends_in_one_event_with_its_reason(crawled, name):
    (event,) = crawled.events[crawled.addresses[name]]

    assert (event["outcome"], event["reason"]) == ENDS[name]


@pytest.mark.parametrize("name", [name for name in ENDS if name not in NO_BYTES])
def test_what_came_of_a_faulty_response_is_captured_and_the_event_names_it(crawled, name):
    (event,) = crawled.events[crawled.addresses[name]]
    record_ids = {capture.record_id for captures in crawled.captures.values() for capture in captures}

    assert crawled.captures[crawled.addresses[name]]
    assert event["record_id"] in record_ids


@pytest.mark.parametrize("name", NO_BYTES)
def test_a_response_of_which_nothing_came_is_an_event_without_a_capture(crawled, name):
    (event,) = crawled.events[crawled.addresses[name]]

    assert event["record_id"] is None
    assert crawled.addresses[name] not in crawled.captures


@pytest.mark.parametrize(("name", "why"), CUT.items())
def test_a_body_that_did_not_come_whole_is_marked(crawled, name, why):
    assert {capture.exchange.truncated for capture in crawled.captures[crawled.addresses[name]]} == {why}


@pytest.mark.parametrize("name", ["error-500", "gzip-cut", "stall", "reset-in-body"])
def test_every_try_is_captured(crawled, name):
    assert len(crawled.captures[crawled.addresses[name]]) == 1 + RETRIES


@pytest.mark.parametrize("name", ["gzip-bomb", "huge", "captcha", "rate-limit-for-ever"])
def test_what_another_try_would_not_mend_is_fetched_once(crawled, name):
    assert len(crawled.captures[crawled.addresses[name]]) == 1


@pytest.mark.parametrize("name", [name for name, fault in PAGE_FAULTS.items() if fault.ends_well])
def test_a_fault_that_passes_gives_the_article(crawled, name):
    (event,) = crawled.events[crawled.addresses[name]]
    seen = event["outcome"] == "new"

    # Two tries are too few for a server that is well at the third.
    assert seen or (name == "error-503-then-well" and event["reason"] == "http_503")


def test_the_articles_are_those_of_the_truth(crawled):
    missing = {line["id"] for line in crawled.lines} ^ set(crawled.truth)
    differing = [
        (line["id"], field)
        for line in crawled.lines
        for field, value in crawled.truth[line["id"]].items()
        if line[field] != value
    ]

    assert len(missing) <= 1  # error-503-then-well
    # The article behind a fault has the address of the fault.
    assert {field for _, field in differing} <= {"url", "aliases", "canonical_url"}


def test_a_site_that_fails_so_often_is_exit_5_and_no_traceback(crawled):
    assert crawled.ended.code == 5
    assert "fetches failed" in crawled.ended.complaint
    assert "Traceback" not in crawled.ended.err


def test_the_archive_is_whole_and_every_line_follows_from_its_capture(crawled):
    verified = run("archiver", "verify", "--archive", crawled.archive)
    rebuilt = run("archiver", "rebuild", "--check", "--archive", crawled.archive)

    assert (verified.code, rebuilt.code) == (0, 0), verified.out + rebuilt.out
    assert f"{len(crawled.lines)} lines byte-identical" in rebuilt.out


ROBOTS = {
    "robots-503": (3, 0),
    "robots-reset": (3, 0),
    "robots-stall": (3, 0),
    "robots-404-disallow": (0, 20),
    "robots-redirect": (0, 20),
    "robots-huge": (0, 20),
}
"""Fault to exit code and how many articles come: RFC 9309, 2.3.1."""


@pytest.mark.parametrize(("name", "code", "count"), [(name, *ends) for name, ends in ROBOTS.items()])
def test_robots_txt_is_read_by_rfc_9309_and_captured(tmp_path, name, code, count):
    with serve(Newsroom(seed=2, articles=20, faults=(name,))) as server:
        ended = run(
            "archiver", "crawl", "hcma", "--base-url", server.url, "--archive", tmp_path,
            "-s", "DOWNLOAD_TIMEOUT=1", "-s", "RETRY_TIMES=0",
        )  # fmt: skip
    site = tmp_path / "hcma"
    captured = [capture for name in capture_files(site) for capture in stored(site / name)]
    lines = [line for file in site.glob("articles/*/*.jsonl") for line in file.read_text().splitlines()]

    assert (ended.code, len(lines)) == (code, count), ended.err
    assert name == "robots-reset" or captured[0].exchange.url.endswith("/robots.txt")


def test_robots_txt_in_utf_16_is_obeyed(tmp_path):
    with serve(Newsroom(seed=2, articles=40, faults=("robots-utf-16",))) as server:
        run("archiver", "crawl", "hcma", "--base-url", server.url, "--archive", tmp_path)
    events = [
        json.loads(line) for file in tmp_path.glob("hcma/events/*/*.jsonl") for line in file.read_text().splitlines()
    ]

    assert {event["reason"] for event in events if "/en/" in event["url"]} == {"robots"}
