"""`crawl --files`: what becomes of attachments and pictures of every kind at every place, on loopback; and the way back
from a line to their bytes."""

from __future__ import annotations

import gzip
import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Reply, Web, article_page, crawl, lines, reports, run, serving

from archiver.demo.pdf import pdf
from archiver.demo.pictures import jpeg, png
from archiver.demo.reply import Reply as Said
from archiver.demo.server import serve

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from conftest import Ended

ARTICLE = "/hoi-thao-101.htm"
PDF = pdf("thong-bao")
DOCX = b"PK\x03\x04\x14\0\6\0" + bytes(300)
PROGRAM = b"MZ\x90\0" + bytes(300)
SIGN_IN = "<!doctype html><html><body><h1>Đăng nhập</h1><form><input type='password'></form></body></html>"
OFFICE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def typed(kind: str, body: str | bytes, status: int = 200, **headers: str) -> Reply:
    return Reply(
        body, status, {"Content-Type": kind, **{name.replace("_", "-"): text for name, text in headers.items()}}
    )


def links(*addresses: str) -> str:
    return "".join(f'<p><a href="{address}">Tải về {number}</a></p>' for number, address in enumerate(addresses))


def pictures(*addresses: str) -> str:
    return "".join(f'<p><img src="{address}"></p>' for address in addresses)


def put(web: Web, more: str, path: str = ARTICLE) -> None:
    """One article with these attachments and pictures."""
    web.listing("/", path)
    web.article(path, more=more)


def files(archive: Path) -> dict[str, dict]:
    """The last event of each file, by its address without the origin of the site's copy."""
    found = {}
    for event in lines(archive, "events"):
        if "file" in event:
            found[event["url"].removeprefix("http://127.0.0.1:").partition("/")[2] or event["url"]] = event
    return found


def told(event: dict) -> tuple[str, str | None, str, str | None]:
    return event["outcome"], event["reason"], event["file"]["state"], event["file"]["media_type"]


KINDS: dict[str, tuple[str, Reply, tuple[str, str | None, str, str | None]]] = {
    "a PDF": ("a.pdf", typed("application/pdf", PDF), ("file", None, "stored", "application/pdf")),
    "an office file of no stated kind": ("b.docx", typed("application/octet-stream", DOCX), ("file", None, "stored", OFFICE)),
    "a picture of another kind than its name": ("c.pdf", typed("image/jpeg", png("c")), ("file", None, "stored", "image/png")),
    "a PDF that is called a film": ("k.pdf", typed("video/mp4", PDF), ("skipped", "media_type", "skipped", "video/mp4")),
    "gzip that nobody asked for": ("d.pdf", typed("application/pdf", gzip.compress(PDF), Content_Encoding="gzip"), ("file", None, "stored", "application/pdf")),
    "missing": ("e.pdf", typed("text/html", "nothing here", 404), ("gone", "http_404", "broken", None)),
    "withdrawn": ("f.pdf", typed("text/html", "", 410), ("gone", "http_410", "broken", None)),
    "a server's error": ("g.pdf", typed("text/html", "", 500), ("failed", "http_500", "broken", None)),
    "a sign-in page in its place": ("h.pdf", typed("text/html", SIGN_IN), ("failed", "sign_in", "broken", None)),
    "a sign-in page that is called a PDF": ("i.pdf", typed("application/pdf", SIGN_IN), ("failed", "sign_in", "broken", None)),
    "another page in its place": ("j.pdf", typed("text/html", article_page()), ("failed", "not_a_file", "broken", None)),
    "empty": ("l.pdf", typed("application/pdf", b""), ("failed", "empty", "broken", None)),
    "a program": ("m.pdf", typed("application/pdf", PROGRAM), ("skipped", "media_type", "skipped", "application/vnd.microsoft.portable-executable")),
    "bytes of no kind": ("n.pdf", typed("application/pdf", bytes(range(200, 256)) * 9), ("failed", "not_as_stated", "broken", None)),
    "half a gzip": ("o.pdf", typed("application/pdf", gzip.compress(PDF)[:-20], Content_Encoding="gzip"), ("failed", "cut_short", "broken", None)),
    "a gzip bomb": ("p.pdf", typed("application/pdf", gzip.compress(bytes(9_000_000)), Content_Encoding="gzip"), ("skipped", "too_large", "skipped", None)),
    "too large as stated": ("q.pdf", typed("application/pdf", PDF + bytes(3_000_000)), ("skipped", "too_large", "skipped", None)),
    "longer than it is": ("r.pdf", typed("application/pdf", PDF, Content_Length=str(len(PDF) + 99), Connection="close"), ("failed", "cut_short", "broken", None)),
}  # fmt: skip


@pytest.fixture(scope="module")
def every_kind(tmp_path_factory) -> Iterator[tuple[Path, Ended, list[str]]]:
    """One article that names a file of each kind, crawled; and what the server was asked."""
    archive = tmp_path_factory.mktemp("kinds")
    with serving() as web:
        put(web, links(*(f"/tep/{name}" for name, _, _ in KINDS.values())))
        for name, reply, _ in KINDS.values():
            web.replies[f"/tep/{name}"] = reply
        ended = crawl(
            web, archive, "--files", "-s", "FILE_BYTES=2000000", "-s", "RETRY_TIMES=0", "-s", "FILE_SECONDS=5"
        )
        yield archive, ended, web.asked


@pytest.mark.parametrize("kind", KINDS)
def test_what_comes_of_a_file_is_in_its_event(every_kind, kind):
    name, _, expected = KINDS[kind]

    assert told(files(every_kind[0])[f"tep/{name}"]) == expected


def test_files_that_cannot_be_had_do_not_make_a_run_fail_and_are_counted_by_reason(every_kind):
    archive, ended, _ = every_kind
    report = reports(archive)[-1]

    assert ended.code == 0, ended.err
    assert {name: report["files"][name] for name in ("asked", "stored", "broken", "skipped")} == {
        "asked": 18, "stored": 4, "broken": 10, "skipped": 4,
    }  # fmt: skip
    assert report["files_refused"]["sign_in"] == 2
    assert sum(report["files_refused"].values()) == 14
    assert report["failed"] == report["gone"] == report["skipped"] == 0
    assert report["queued"] == report["fetched"] + report["files"]["asked"]
    assert "hcma: 4 of 18 files kept; 2 cut_short, 2 media_type, 2 sign_in, 2 too_large, 1 empty" in ended.out


def test_the_digest_is_that_of_the_bytes_without_their_coding(every_kind):
    found = files(every_kind[0])["tep/d.pdf"]["file"]

    assert (found["bytes"], found["sha256"]) == (len(PDF), hashlib.sha256(PDF).hexdigest())


def test_whatever_came_of_a_file_every_line_is_still_what_its_capture_gives(every_kind):
    archive = every_kind[0]
    checked = [run("archiver", *words, "--archive", archive) for words in (("verify",), ("rebuild", "--check"))]

    assert [each.code for each in checked] == [0, 0], checked
    assert "1 lines byte-identical" in checked[1].out
    assert [line["attachments"][0]["state"] for line in lines(archive, "articles")] == ["listed"]


def test_of_a_lines_attachment_one_command_gives_digest_and_bytes(every_kind, tmp_path):
    archive = every_kind[0]
    out = tmp_path / "out"
    ended = run("archiver", "files", "hcma:101", "--archive", archive, "--out", out, "--json")
    found = {each["url"].rpartition("/")[2]: each for each in json.loads(ended.out)}
    digest = hashlib.sha256(PDF).hexdigest()

    assert ended.code == 0, ended.err
    assert (found["a.pdf"]["state"], found["a.pdf"]["sha256"], found["a.pdf"]["title"]) == (
        "stored",
        digest,
        "Tải về 0",
    )
    assert (out / f"{digest[:12]}-a.pdf").read_bytes() == (out / f"{digest[:12]}-d.pdf").read_bytes() == PDF
    assert len(list(out.iterdir())) == 4
    assert found["h.pdf"]["reason"] == "sign_in"


@dataclass
class Stream:
    """A site whose files are sent as no header tells."""

    replies: dict[str, Said]
    asked: list[str] = field(default_factory=list)
    original: str = "http://stream.test/"
    faulty_addresses: dict = field(default_factory=dict)

    def page(self, path: str, _origin: str) -> Said:
        self.asked.append(path)
        return self.replies.get(path, Said(b"nothing", status=404))


def endless(start: bytes) -> Iterator[bytes]:
    yield start
    while True:
        yield bytes(65_536)


def test_a_body_without_end_is_cut_at_the_limit_and_its_beginning_is_kept(tmp_path):
    page = article_page(more=links("/tep/a.pdf", "/tep/b.pdf"))
    site = Stream({
        "/": Said(b'<ul><li><a href="/hoi-thao-101.htm">Khai mac hoi thao</a></li></ul>'),
        ARTICLE: Said(page.encode()),
        "/tep/a.pdf": Said(kind="application/pdf", stream=endless(PDF)),
        "/tep/b.pdf": Said(PDF, kind="application/pdf"),
    })  # fmt: skip
    with serve(site) as server:
        ended = run(
            "archiver", "crawl", "hcma", "--base-url", server.url, "--archive", tmp_path, "--max-pages", 9, "--files",
            "-s", "FILE_BYTES=3000000",
        )  # fmt: skip
    kept = sum(path.stat().st_size for path in tmp_path.glob("hcma/captures/*/*/*"))

    assert ended.code == 0, ended.err
    assert told(files(tmp_path)["tep/a.pdf"]) == ("skipped", "too_large", "skipped", None)
    assert told(files(tmp_path)["tep/b.pdf"])[0] == "file"
    assert kept < 100_000  # a megabyte of zeros, compressed
    assert run("archiver", "verify", "--archive", tmp_path).code == 0


def test_a_large_file_is_kept_byte_by_byte_though_it_never_stands_in_memory(tmp_path):
    noise = PDF + b"".join(hashlib.sha256(b"%d" % number).digest() for number in range(90_000))
    with serving() as web:
        put(web, links("/tep/a.pdf", "/tep/b.pdf"))
        web.replies["/tep/a.pdf"] = web.replies["/tep/b.pdf"] = typed("application/pdf", noise)
        ended = crawl(web, tmp_path / "data", "--files")
    out = run("archiver", "files", "hcma:101", "--archive", tmp_path / "data", "--out", tmp_path / "out")

    assert (ended.code, out.code) == (0, 0), ended.err + out.err
    assert [path.read_bytes() == noise for path in (tmp_path / "out").iterdir()] == [True, True]
    places = {(each["file"]["warc"], each["file"]["offset"]) for each in files(tmp_path / "data").values()}
    assert len(places) == 1  # the same bytes are kept once, the second time as a revisit
    assert run("archiver", "verify", "--archive", tmp_path / "data").code == 0


@pytest.fixture(scope="module")
def other() -> Iterator[Web]:
    """Another service of this machine, which no crawl has any business with."""
    with serving() as other:
        other.replies["/x.pdf"] = typed("application/pdf", PDF)
        yield other


PLACES: dict[str, tuple[Callable[[Web], str], str, str]] = {
    "another port of the host": (lambda other: f"{other.url}/x.pdf", "other_port", "skipped"),
    "this machine by its name": (lambda other: other.url.replace("127.0.0.1", "localhost") + "/x.pdf", "private_address", "broken"),
    "this machine in one number": (lambda other: other.url.replace("127.0.0.1", "2130706433") + "/x.pdf", "private_address", "broken"),
    "a private network": (lambda _: "http://192.168.0.1/x.pdf", "private_address", "broken"),
    "the clouds' metadata": (lambda _: "http://169.254.169.254/latest/x.pdf", "private_address", "broken"),
    "a name without a dot": (lambda _: "http://ajc-app:1002/Uploads/x.pdf", "private_address", "broken"),
    "an odd port elsewhere": (lambda _: "https://files.example.com:8443/x.pdf", "other_port", "skipped"),
    "plumbing": (lambda _: "/_layouts/15/x.pdf", "never_followed", "skipped"),
}  # fmt: skip


LED: dict[str, tuple[Callable[[Web], str], str, str]] = {
    **{f"to {name}": PLACES[name] for name in list(PLACES)[:6]},
    "to a file of this machine": (lambda _: "file:///etc/passwd", "no_web_address", "broken"),
    "to a sign-in": (lambda _: "/Pages/dang-nhap.aspx?ReturnUrl=%2F", "led_away", "broken"),
    "to itself": (lambda _: "", "redirect_loop", "broken"),
}


@pytest.fixture(scope="module")
def led(other, tmp_path_factory) -> tuple[Ended, dict[str, dict]]:
    """One article that names a file at each of these places, and one that is led to each; and the events, by the name."""
    archive = tmp_path_factory.mktemp("led")
    with serving() as web:
        here = {
            name: web.url + to(other) if to(other).startswith("/") else to(other) for name, (to, _, _) in PLACES.items()
        }
        there = {name: f"{web.url}/tep/{number}.pdf" for number, name in enumerate(LED)}
        # The same place is one file however often it is named.
        put(web, links(*(f"{url}?{number}" for number, url in enumerate(here.values())), *there.values()))
        for name, (to, _, _) in LED.items():
            web.redirect(there[name].removeprefix(web.url), to(other) or there[name])
        ended = crawl(web, archive, "--files")
        by_url = {event["url"]: event for event in lines(archive, "events") if "file" in event}
        found = {name: by_url[f"{url}?{number}"] for number, (name, url) in enumerate(here.items())}
        return ended, found | {name: by_url[url] for name, url in there.items()}


@pytest.mark.parametrize("place", [*PLACES, *LED])
def test_no_file_is_asked_for_where_the_public_has_no_way(led, place):
    ended, found = led
    _, reason, state = {**PLACES, **LED}[place]

    assert ended.code == 0, ended.err
    assert (found[place]["reason"], found[place]["file"]["state"]) == (reason, state)


def test_what_files_lead_to_is_not_asked(led, other):
    assert led[0].code == 0
    assert other.asked == []


RESOLVER = """
from ipaddress import ip_address
from twisted.internet import defer, error
from scrapy.resolver import CachingThreadedResolver

class Given(CachingThreadedResolver):
    def getHostByName(self, name, timeout=()):
        if name in ("inside.example.com", "127.0.0.1"):
            return defer.succeed("127.0.0.1")
        return defer.fail(error.DNSLookupError(name))
"""


def test_a_public_name_that_leads_inside_is_refused_and_one_that_leads_nowhere_is_broken(web, tmp_path):
    (tmp_path / "given_names.py").write_text(RESOLVER)
    put(web, links("http://inside.example.com/x.pdf", "http://nowhere.example.com/x.pdf"))
    ended = run(
        "archiver", "crawl", "hcma", "--base-url", web.url, "--archive", tmp_path, "--max-pages", 9, "--files",
        "-s", "TWISTED_DNS_RESOLVER=given_names.Given", "-s", "RETRY_TIMES=0",
        PYTHONPATH=f"{tmp_path}:{ROOT}",
    )  # fmt: skip
    found = {event["url"]: told(event)[:3] for event in lines(tmp_path, "events") if "file" in event}

    assert ended.code == 0, ended.err
    assert found == {
        "http://inside.example.com/x.pdf": ("skipped", "private_address", "broken"),
        "http://nowhere.example.com/x.pdf": ("failed", "host_unknown", "broken"),
    }


def test_files_on_other_public_hosts_are_fetched_and_the_robots_txt_of_each_is_obeyed(web, tmp_path):
    with serving() as public:
        public.replies["http://anh.example.com/a.png"] = typed("image/png", png("a"))
        public.replies["http://anh.example.com/b.jpg"] = typed("image/jpeg", jpeg("b"))
        public.replies["http://anh.example.com/robots.txt"] = typed("text/plain", "User-agent: *\nDisallow: /b")
        put(web, pictures("http://anh.example.com/a.png", "http://anh.example.com/b.jpg"))
        ended = run(
            "archiver", "crawl", "hcma", "--base-url", web.url, "--archive", tmp_path, "--max-pages", 9, "--files",
            "-s", "DOWNLOAD_DELAY=0", http_proxy=public.url, no_proxy="127.0.0.1",
        )  # fmt: skip
    found = {event["url"]: told(event)[:3] for event in lines(tmp_path, "events") if "file" in event}

    assert ended.code == 0, ended.err
    assert found == {
        "http://anh.example.com/a.png": ("file", None, "stored"),
        "http://anh.example.com/b.jpg": ("skipped", "robots", "skipped"),
    }
    assert sorted(public.asked) == ["http://anh.example.com/a.png", "http://anh.example.com/robots.txt"]
