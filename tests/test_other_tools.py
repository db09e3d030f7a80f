"""Other people's tools judge what crawls wrote: gzip, warcio, FastWARC, cdxj-indexer and pywb.

They stand in an environment of their own, from judges.txt by `make judges`: parts of pywb and of cdxj-indexer are GPL
and AGPL, and never meet the product's. Where a tool is missing its tests are skipped, and say how to get it; in CI
they fail.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import http.client
import json
import os
import re
import shutil
import socket
import subprocess
from collections import Counter
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from itertools import cycle, islice
from time import monotonic
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from conftest import ROOT, Ended, lines, run

from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ARTICLES = 60
FIRST = datetime(2026, 11, 22, 18, 34, tzinfo=UTC)
AGAIN = datetime(2026, 11, 29, 18, 34, 7, tzinfo=UTC)
FAULTY = datetime(2026, 12, 1, 0, 0, 59, tzinfo=UTC)
CLOCK = "import os\nfrom datetime import datetime\n\n\ndef now():\n    return datetime.fromisoformat(os.environ['MOMENT'])\n"
CUT_SHORT = {
    "reset-in-body": "disconnect",
    "chunked-cut": "disconnect",
    "length-too-long": "disconnect",
    "stall": "time",
    "huge": "length",
    "gzip-cut": None,  # all that the server stated did come
}
"""What WARC-Truncated says of each fault."""
FAULTS = ("repeated-headers", "redirect-circle", "error-500", *CUT_SHORT)
IMPATIENT = ("-s", "RETRY_TIMES=0", "-s", "DOWNLOAD_TIMEOUT=2", "-s", "DOWNLOAD_MAXSIZE=1000000")
MOST_REDIRECTS = 20
"""REDIRECT_MAX_TIMES, Scrapy's default."""

JUDGES = ROOT / ".venv-judges" / "bin"
GOT_BY = {"gzip": "apt-get install gzip"}
ACCEPTED = (0, "")
DEADLINE_SECONDS = 30


@dataclass(frozen=True)
class CaptureFile:
    path: Path
    sealed: dict
    """Its line in the manifest."""

    def records(self, *fields: str) -> list[dict]:
        """These fields of every record, as FastWARC reads them."""
        return records(self.path, *fields)


@dataclass(frozen=True)
class Archive:
    """What crawls of a newsroom left."""

    folder: Path
    newsroom: Newsroom
    origin: str

    @property
    def files(self) -> list[CaptureFile]:
        site = self.folder / "hcma"
        manifest = (site / "manifest.jsonl").read_text().splitlines()
        return [CaptureFile(site / sealed["file"], sealed) for sealed in map(json.loads, manifest)]

    def pages(self, outcome: str) -> dict[str, bytes]:
        """The newsroom's page at each address that ended so and was asked for again by the second run.

        An article has several addresses; by which one a run comes to it depends on which page was there first.
        """
        events = lines(self.folder, "events")
        times = Counter(event["url"] for event in events)
        urls = [event["url"] for event in events if event["outcome"] == outcome and times[event["url"]] > 1]
        return {url: self.body(url) for url in urls}

    def body(self, url: str) -> bytes:
        return self.newsroom.page(url.removeprefix(self.origin), self.origin).body

    def url_of(self, fault: str) -> str:
        faults = {each.name: address for each, address in self.newsroom.faulty_addresses.items()}
        return self.origin + faults[fault]

    def responses_of(self, url: str, *fields: str) -> list[tuple[CaptureFile, dict]]:
        """The responses and revisits of an address, each with its file."""
        return [
            (file, record)
            for file in self.files
            for record in file.records("warc-type", "warc-target-uri", "offset", *fields)
            if record["warc-type"] in ("response", "revisit") and record["warc-target-uri"] == url
        ]


@dataclass(frozen=True)
class Replayed:
    status: int
    moment: str | None
    """Memento-Datetime."""
    body: bytes


@dataclass(frozen=True)
class Replay:
    """pywb, with every file of every archive in one collection."""

    port: int

    def get(self, url: str, moment: datetime) -> Replayed:
        """The capture of that moment, unchanged: `id_` asks pywb not to rewrite."""
        return self.ask(f"/all/{moment:%Y%m%d%H%M%S}id_/{url}")

    def captures(self, url: str) -> list[dict]:
        answer = self.ask("/all/cdx?" + urlencode({"url": url, "output": "json"}))
        return [json.loads(line) for line in answer.body.splitlines()]

    def ask(self, path: str) -> Replayed:
        with closing(http.client.HTTPConnection("127.0.0.1", self.port, timeout=DEADLINE_SECONDS)) as connection:
            connection.request("GET", path, headers={"Accept-Encoding": "gzip"})  # else pywb takes the coding off
            response = connection.getresponse()
            return Replayed(response.status, response.headers["Memento-Datetime"], response.read())


def program(name: str) -> str:
    """Where a tool is. Those that judge are never taken from the product's environment."""
    found = shutil.which(name, path=None if name in GOT_BY else str(JUDGES))
    if found is None:
        stop = pytest.fail if os.environ.get("CI") == "true" else pytest.skip
        stop(f"{name} is not here. Run: {GOT_BY.get(name, 'make judges')}")
    return found


def surroundings() -> dict[str, str]:
    """The environment of a judge: nothing of this Python's, and no list of domains to be looked for online."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    # pywb's cookies need the public suffix list. Without an address for it tldextract takes the one that it brings, and
    # without a folder it keeps nothing in the home of whoever runs the tests.
    return {**kept, "TLDEXTRACT_PUBLIC_SUFFIX_LIST_URLS": "", "TLDEXTRACT_CACHE": ""}


def asked(tool: str, *words: object, cwd: Path | None = None) -> subprocess.CompletedProcess:
    command = [program(tool), *map(str, words)]
    return subprocess.run(
        command, cwd=cwd, env=surroundings(), capture_output=True, timeout=DEADLINE_SECONDS, check=False
    )


def verdict(tool: str, *words: object) -> tuple[int, str]:
    """Exit code and complaints of a tool."""
    done = asked(tool, *words)
    return done.returncode, done.stderr.decode()


def told(tool: str, *words: object, cwd: Path | None = None) -> bytes:
    """What a tool that has nothing to complain of prints on standard output."""
    done = asked(tool, *words, cwd=cwd)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout


def records(path: Path, *fields: str) -> list[dict]:
    """These fields of every record, as FastWARC reads them: `offset`, `warc-…`, `http:status`, `http:…`."""
    index = told("fastwarc", "index", "--preserve-multi-header", "--fields", ",".join(fields), path)
    return [json.loads(line) for line in index.splitlines()]


def payload(file: CaptureFile, record: dict) -> bytes:
    """The body of the HTTP message that FastWARC finds at the record's offset."""
    return told("fastwarc", "extract", "--payload", file.path, record["offset"])


def labelled(body: bytes) -> str:
    """The SHA-1 as WARC writes it."""
    return "sha1:" + base64.b32encode(hashlib.sha1(body).digest()).decode()


def crawled(server, folder: Path, moment: datetime, *options: str) -> Ended:
    (folder / "stopped_clock.py").write_text(CLOCK)
    return run(
        "archiver", "crawl", "hcma", "--base-url", server.url, "--archive", folder / "archive",
        "-s", "NOW=stopped_clock.now", *options,
        MOMENT=moment.isoformat(), PYTHONPATH=f"{ROOT}{os.pathsep}{folder}",
    )  # fmt: skip


@pytest.fixture(scope="session")
def sound(tmp_path_factory) -> Archive:
    """Two crawls of the same pages; in files so small that a revisit and its response stand in different ones."""
    folder, newsroom = tmp_path_factory.mktemp("sound"), Newsroom(1, ARTICLES)
    with serve(newsroom) as server:
        for moment in (FIRST, AGAIN):
            ended = crawled(server, folder, moment, "--recheck", "--backfill", "-s", "CAPTURE_FILE_BYTES=120000")
            assert ended.code == 0, ended.err
    return Archive(folder / "archive", newsroom, server.url)


@pytest.fixture(scope="session")
def faulty(tmp_path_factory) -> Archive:
    """One crawl of a newsroom that misbehaves."""
    folder, newsroom = tmp_path_factory.mktemp("faulty"), Newsroom(1, ARTICLES, FAULTS)
    with serve(newsroom) as server:
        ended = crawled(server, folder, FAULTY, *IMPATIENT)
        assert ended.code == 0, ended.err
    return Archive(folder / "archive", newsroom, server.url)


@pytest.fixture(scope="session")
def files(sound, faulty) -> list[CaptureFile]:
    return [*sound.files, *faulty.files]


@pytest.fixture(scope="session")
def replay(files, tmp_path_factory) -> Iterator[Replay]:
    folder = tmp_path_factory.mktemp("replay")
    told("wb-manager", "init", "all", cwd=folder)
    told("wb-manager", "add", "all", *(file.path for file in files), cwd=folder)
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    log = folder / "log"
    command = [program("wayback"), "-b", "127.0.0.1", "-p", str(port)]  # it would take all addresses of the machine
    with log.open("wb") as output, subprocess.Popen(
        command, cwd=folder, env=surroundings(), stdout=output, stderr=output
    ) as server:  # fmt: skip
        try:
            wait_for(server, port, log)
            yield Replay(port)
        finally:
            server.terminate()

    assert "Traceback" not in log.read_text()


def wait_for(server: subprocess.Popen, port: int, log: Path) -> None:
    """Returns as soon as the server answers."""
    deadline = monotonic() + DEADLINE_SECONDS
    while monotonic() < deadline:
        with suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
            return
        with suppress(subprocess.TimeoutExpired):
            server.wait(timeout=0.05)
            break
    pytest.fail(f"pywb does not answer: {log.read_text()}")


def test_manifest_names_every_capture_file_with_its_size_and_digest(sound, faulty):
    for archive in (sound, faulty):
        stored = {path: path.read_bytes() for path in archive.folder.rglob("*.warc.gz*")}
        stated = {file.path: (file.sealed["bytes"], file.sealed["sha256"]) for file in archive.files}
        assert stated == {path: (len(data), hashlib.sha256(data).hexdigest()) for path, data in stored.items()}


def test_small_files_follow_one_another_within_a_run(sound):
    assert len(sound.files) > 3


def test_gzip_finds_every_file_whole(files):
    assert [verdict("gzip", "-t", file.path) for file in files] == [ACCEPTED] * len(files)


def test_warcio_finds_every_digest_right(files):
    for file in files:
        said = told("warcio", "check", "-v", file.path).decode()
        verdicts = re.findall(r"^ {4}(.*)", said, re.MULTILINE)
        assert len(verdicts) == file.sealed["records"]
        assert set(verdicts) <= {"digest pass", "digest present but not checked (revisit)"}


def test_fastwarc_finds_every_record_sound(files):
    # Without -p: it would fail revisits, whose payload is elsewhere.
    assert [verdict("fastwarc", "check", "-q", file.path) for file in files] == [ACCEPTED] * len(files)


def test_fastwarc_and_warcio_count_the_records_of_the_manifest(files):
    by_fastwarc = [len(file.records("offset")) for file in files]
    by_warcio = [len(told("warcio", "index", file.path).splitlines()) for file in files]

    assert by_fastwarc == by_warcio == [file.sealed["records"] for file in files]


def test_cdxj_indexer_lists_the_captures_of_the_manifest_and_nothing_else(files):
    # Responses, revisits and resources; it leaves out requests, and metadata that are warc-fields.
    counts = [len(told("cdxj-indexer", "-s", file.path).splitlines()) for file in files]

    assert counts == [file.sealed["captures"] for file in files]


def test_warcinfo_of_every_file_says_who_wrote_it_how_and_what_is_not_as_it_was(files):
    for file in files:
        about = told("fastwarc", "extract", "--payload", file.path, 0).decode()
        fields = dict(line.split(": ", 1) for line in about.splitlines() if line)
        assert file.records("warc-type", "warc-filename")[0] == {
            "warc-type": "warcinfo", "warc-filename": file.path.name,
        }  # fmt: skip
        assert re.fullmatch(r"archiver/\S+ Scrapy/\S+", fields["software"])
        assert fields["format"] == "WARC File Format 1.1"
        assert fields["robots"] == "obeyed after RFC 9309"
        lost = ["without chunked transfer coding", "names in a uniform case", "left out"]
        assert [words for words in lost if words not in fields["description"]] == []


def test_capture_of_every_article_line_leads_to_its_response(sound, tmp_path):
    articles = lines(sound.folder, "articles")
    captures = [line["capture"] for line in articles]
    pieces = [piece_at(sound.folder / "hcma", capture) for capture in captures]
    cut_out = tmp_path / "pieces.warc.gz"
    cut_out.write_bytes(b"".join(pieces))
    found = records(cut_out, "warc-record-id", "warc-type", "warc-target-uri", "warc-payload-digest", "http:status")

    assert len(captures) == ARTICLES
    assert found == [
        {
            "warc-record-id": line["capture"]["record_id"],
            "warc-type": "response",
            "warc-target-uri": line["url"],
            "warc-payload-digest": labelled(sound.body(line["url"])),
            "http:status": str(line["capture"]["http_status"]),
        }
        for line in articles
    ]
    assert [capture["payload_digest"] for capture in captures] == [each["warc-payload-digest"] for each in found]
    assert verdict("fastwarc", "check", "-q", "-p", cut_out) == ACCEPTED


def test_capture_of_every_article_line_holds_the_page(sound):
    captures = {line["url"]: line["capture"] for line in lines(sound.folder, "articles")}
    blocks = {
        url: gzip.decompress(piece_at(sound.folder / "hcma", capture)).split(b"\r\n\r\n", 2)
        for url, capture in captures.items()
    }

    assert {url: block[2] for url, block in blocks.items()} == {url: sound.body(url) + b"\r\n\r\n" for url in captures}


def piece_at(site_folder: Path, capture: dict) -> bytes:
    whole = (site_folder / capture["warc"]).read_bytes()
    return whole[capture["offset"] :][: capture["length"]]


def test_every_revisit_refers_to_a_response_with_the_same_payload(sound, faulty):
    fields = ("warc-type", "warc-record-id", "warc-payload-digest", "warc-target-uri", "warc-date")
    refers = ("warc-refers-to", "warc-refers-to-target-uri", "warc-refers-to-date")
    for archive in (sound, faulty):
        found = [record for file in archive.files for record in file.records(*fields, *refers)]
        responses = {
            record["warc-record-id"]: [record[name] for name in fields[2:]]
            for record in found
            if record["warc-type"] == "response"
        }
        revisits = [record for record in found if record["warc-type"] == "revisit"]
        originals = [
            [record["warc-payload-digest"], record["warc-refers-to-target-uri"], record["warc-refers-to-date"]]
            for record in revisits
        ]
        assert revisits
        assert [responses.get(record["warc-refers-to"]) for record in revisits] == originals


def test_articles_that_came_again_are_revisits_of_the_same_address_with_heads_of_their_own(sound):
    fields = ("warc-type", "warc-date", "warc-target-uri", "warc-refers-to-target-uri", "http:status")
    found = [record for file in sound.files for record in file.records(*fields)]
    again = {
        record["warc-target-uri"]: (record["warc-refers-to-target-uri"], record.get("http:status"))
        for record in found
        if record["warc-type"] == "revisit" and record["warc-date"] == f"{AGAIN:%Y-%m-%dT%H:%M:%SZ}"
    }
    articles = sound.pages("new")

    assert {url: again.get(url) for url in articles} == {url: (url, "304") for url in articles}


def test_repeated_headers_and_the_query_stand_as_they_were_sent(faulty):
    url = faulty.url_of("repeated-headers")
    ((file, response),) = faulty.responses_of(url, "http:set-cookie", "warc-record-id")
    (request,) = [
        record
        for record in file.records("warc-type", "warc-concurrent-to", "offset", "warc-target-uri")
        if record["warc-type"] == "request" and record["warc-concurrent-to"] == response["warc-record-id"]
    ]
    head = told("fastwarc", "extract", "--headers", file.path, request["offset"]).decode()

    assert response["http:set-cookie"] == [f"khach-{number}={number}; Path=/" for number in (1, 2, 3)]
    assert request["warc-target-uri"] == url
    assert url.endswith("?ban=2")
    assert f"GET {url.removeprefix(faulty.origin)} HTTP/1.1" in head.splitlines()


@pytest.mark.parametrize(("fault", "why"), CUT_SHORT.items())
def test_truncated_says_why_a_body_was_cut_short(faulty, fault, why):
    ((_, record),) = faulty.responses_of(faulty.url_of(fault), "warc-truncated", "http:status")

    assert (record["http:status"], record.get("warc-truncated")) == ("200", why)


@pytest.mark.parametrize("fault", ["stall", "reset-in-body"])
def test_of_a_body_cut_short_all_is_kept_that_came(faulty, fault):
    url = faulty.url_of(fault)
    ((file, record),) = faulty.responses_of(url)
    whole = faulty.body(url)

    assert payload(file, record) == whole[: len(whole) // 2]


def test_body_whose_coding_breaks_off_is_kept_as_it_came(faulty):
    url = faulty.url_of("gzip-cut")
    ((file, record),) = faulty.responses_of(url, "http:content-encoding")

    assert record["http:content-encoding"] == "gzip"
    assert payload(file, record) == faulty.body(url)


def test_every_step_round_a_circle_of_redirects_is_there(faulty):
    (circle,) = [each for each in faulty.newsroom.plan.accidents if each.fault.name == "redirect-circle"]
    fields = ("warc-type", "warc-target-uri", "http:status", "http:location")
    steps = [
        (record["warc-target-uri"], record.get("http:status"), record.get("http:location"))
        for file in faulty.files
        for record in file.records(*fields)
        if record["warc-type"] in ("response", "revisit")
        and record["warc-target-uri"].removeprefix(faulty.origin) in circle.paths
    ]
    onwards = [*circle.paths[1:], circle.paths[0]]
    round_and_round = cycle((faulty.origin + path, "302", to) for path, to in zip(circle.paths, onwards, strict=True))

    assert steps == list(islice(round_and_round, MOST_REDIRECTS + 1))


@pytest.mark.parametrize("moment", [FIRST, AGAIN], ids=["captured", "revisited"])
@pytest.mark.parametrize("outcome", ["new", "listing"], ids=["article", "listing"])
def test_pywb_replays_every_page_byte_for_byte_at_its_moment(replay, sound, outcome, moment):
    pages = sound.pages(outcome)
    replayed = {url: replay.get(url, moment) for url in pages}
    date = format_datetime(moment, usegmt=True)

    assert len(pages) > 20
    if (outcome, moment) == ("new", AGAIN):
        # The server was asked whether they had changed; what it said then is what is replayed.
        pages = dict.fromkeys(pages, b"")
        assert replayed == {url: Replayed(304, date, b"") for url in pages}
    else:
        assert replayed == {url: Replayed(200, date, body) for url, body in pages.items()}


@pytest.mark.parametrize("outcome", ["new", "listing"], ids=["article", "listing"])
def test_pywb_lists_both_captures_of_a_page_the_second_as_a_revisit(replay, sound, outcome):
    url, body = next(iter(sound.pages(outcome).items()))
    listed = [(each["timestamp"], each["mime"], each["digest"]) for each in replay.captures(url)]
    digest = labelled(body).removeprefix("sha1:")

    assert listed == [
        (f"{FIRST:%Y%m%d%H%M%S}", "text/html", digest),
        (f"{AGAIN:%Y%m%d%H%M%S}", "warc/revisit", digest),
    ]


@pytest.mark.parametrize(("fault", "status"), [("repeated-headers", 200), ("error-500", 500), ("gzip-cut", 200)])
def test_pywb_replays_what_came_from_a_server_that_misbehaves(replay, faulty, fault, status):
    url = faulty.url_of(fault)

    assert replay.get(url, FAULTY) == Replayed(status, format_datetime(FAULTY, usegmt=True), faulty.body(url))
