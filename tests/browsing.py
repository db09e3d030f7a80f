"""The page of an archive being served by its command, archives to show, and a real browser."""

from __future__ import annotations

import http.client
import json
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from conftest import ROOT, environment, needs

from archiver.article import (
    Article,
    Attachment,
    Block,
    Capture,
    Comment,
    Credit,
    Extractor,
    Image,
    Related,
    to_line,
)
from archiver.demo.pictures import png
from archiver.store.exchange import Exchange
from archiver.store.revisions import first_revision
from archiver.store.warc import labelled, new_id, response_record

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
AT = datetime(2026, 11, 22, 18, 34, tzinfo=UTC)


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> object:
        return json.loads(self.body)


@dataclass
class Seen:
    """What a browser met while it was on a page."""

    page: Page
    console: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    ran: list[str] = field(default_factory=list)


@contextmanager
def browsing(archive: Path, *options: object, ends_with: int = 0) -> Iterator[str]:
    """The address of the page, while `archiver browse` serves it; it must end on Ctrl-C with that exit code."""
    words = [sys.executable, "-m", "archiver", "browse", "--archive", archive, "--port", 0, "--no-open", *options]
    served = subprocess.Popen(
        [*map(str, words)], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env=environment()
    )
    try:
        address = served.stdout.readline().split(" ")[0]
        assert address.startswith("http://"), served.stderr.read()
        yield address.rstrip("/")
    finally:
        served.send_signal(signal.SIGINT)
        out, err = served.communicate(timeout=30)
    assert served.returncode == ends_with, out + err
    assert "Traceback" not in err, err


def ask(url: str, path: str = "/", *, method: str = "GET", **headers: str) -> Answer:
    """What the page answers; headers with _ for -."""
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = connection.getresponse()
    found = Answer(answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read())
    connection.close()
    return found


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, driven by playwright."""
    if shutil.which(CHROMIUM) is None:
        needs("the page is looked at in a real browser. Run: apt-get install chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415  # starts a process of its own

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield browser
        browser.close()


@contextmanager
def looking(browser: Browser, **view: object) -> Iterator[Seen]:
    """A window of its own; whatever a planted script calls is heard."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, "locale": "en-GB", **view})
    page = context.new_page()
    seen = Seen(page)
    context.expose_function("planted", lambda what: seen.ran.append(what))  # noqa: PLW0108  # playwright marks it
    page.on("console", lambda message: seen.console.append(message.text))
    page.on("pageerror", lambda error: seen.console.append(str(error)))
    page.on("dialog", lambda dialog: (seen.ran.append(dialog.message), dialog.dismiss()))
    context.on("request", lambda request: seen.asked.append(request.url))
    yield seen
    context.close()


def site_folder(archive: Path, name: str = "evil") -> Path:
    """A site's folder with nothing in it."""
    folder = archive / name
    folder.mkdir(parents=True)
    (folder / "site.json").write_text(json.dumps({"format": 1, "origin": "https://evil.test", "contact": None}))
    return folder


def write_lines(folder: Path, kind: str, *lines: str | dict) -> None:
    path = folder / kind / "2026" / "2026-11.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    texts = [line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) + "\n" for line in lines]
    with path.open("a", encoding="utf-8") as file:
        file.writelines(texts)


def captured(folder: Path, url: str, body: bytes, content_type: str = "text/html; charset=utf-8") -> Capture:
    """A capture file with one response."""
    head = f"HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\n\r\n".encode()
    exchange = Exchange(url=url, at=AT, request=b"GET / HTTP/1.1\r\n\r\n", head=head, body=body)
    record_id = new_id()
    record = response_record(exchange, record_id)
    number = len(list(folder.glob("captures/*/*/*"))) + 1
    name = f"captures/2026/11/evil-20261122T183400Z-{number:05}.warc.gz"
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(record)
    return Capture(
        warc=name, offset=0, length=len(record), record_id=record_id,
        payload_digest=labelled(exchange.payload_sha1), http_status=200,
    )  # fmt: skip


def article(**parts: object) -> Article:
    """An article, first seen at AT."""
    usual = {
        "id": "evil:1", "site": "evil", "url": "https://evil.test/1", "canonical_url": "https://evil.test/1",
        "title": "Hội thảo về văn hóa đọc", "published_at": AT, "published_precision": "minute", "language": "vi",
        "body": "Sáng 17/4, thư viện mở hội thảo.", "fetched_at": AT, "section": "Đào tạo",
        "blocks": (Block(type="paragraph", text="Sáng 17/4, thư viện mở hội thảo."),),
    }  # fmt: skip
    return first_revision(Article(**{**usual, **parts}))


def line(**parts: object) -> str:
    return to_line(article(**parts))


XSS = """"><img src=x onerror="planted('{0}')"><script>planted('{0}')</script><svg onload="planted('{0}')">"""
SCRIPT_URL = "javascript:planted('url')"
PAGE = b"""<!doctype html><html><head><meta http-equiv="refresh" content="0;url=https://elsewhere.test/">
<base href="https://elsewhere.test/"><link rel="stylesheet" href="https://elsewhere.test/a.css">
<link rel="dns-prefetch" href="//elsewhere.test"><script>planted('page')</script>
<style>@import url(https://elsewhere.test/b.css); body { background: url(https://elsewhere.test/c.png) }</style></head>
<body onload="planted('onload')"><h1>Ch\xe1\xbb\xa5p</h1><img src="https://evil.test/p.png" alt="kept"><img src="https://evil.test/q.png"
onerror="planted('img')" alt="not kept"><iframe src="https://elsewhere.test/"></iframe><object data="https://elsewhere.test/o"></object>
<form action="https://elsewhere.test/" id="f"><button>Send</button></form><a id="away" href="https://elsewhere.test/">away</a>
<a href="javascript:planted('a')">script</a><svg><script>planted('svg')</script></svg>
<noscript><img src="https://elsewhere.test/n.png"></noscript><video src="https://elsewhere.test/v.mp4" autoplay></video>
<p style="background:url(https://elsewhere.test/d.png)">Text of the captured page</p></body></html>"""


def hostile(archive: Path) -> Path:
    """An archive in which everything that a page can say is an attempt to run something."""
    folder = site_folder(archive)
    evil = [
        article(
            title=XSS.format("title"), lead=XSS.format("lead"), section=XSS.format("section"), tags=(XSS.format("tag"),),
            url=SCRIPT_URL, canonical_url=SCRIPT_URL, published_raw=XSS.format("raw"), language='vi" onload="planted(1)',
            credit_line=XSS.format("credit"), categories=(XSS.format("category"),), quality=(XSS.format("flag"),),
            authors=(Credit(name=XSS.format("author")),),
            blocks=(
                *(Block(type=kind, text=XSS.format(kind), level=2) for kind in ("paragraph", "heading", "quote")),
                Block(type="list", items=(XSS.format("item"),)), Block(type="table", rows=((XSS.format("cell"),),)),
                Block(type="image", image=0), Block(type="image", image=99), Block(type="embed", url=SCRIPT_URL, text=XSS.format("embed")),
            ),
            images=(Image(url=SCRIPT_URL, caption=XSS.format("caption"), alt=XSS.format("alt"), credit=XSS.format("by")),),
            attachments=(Attachment(url=SCRIPT_URL, title=XSS.format("attachment")), Attachment(url="https://evil.test/f.html", title="f")),
            related=(Related(title=XSS.format("related"), url=SCRIPT_URL, summary=XSS.format("summary")),),
            comments=(Comment(author=XSS.format("commenter"), text=XSS.format("comment")),),
            capture=captured(folder, "https://evil.test/1", PAGE),
            extractor=Extractor(layout=XSS.format("layout"), found_by={XSS.format("field"): XSS.format("rule")}),
        ),
        article(id=f"evil:{XSS.format('id')}/../..", title="Its id is hostile"),
    ]  # fmt: skip
    edited = replace(evil[0], revision=2, title=XSS.format("second"), supersedes=evil[0].revision_id)
    write_lines(folder, "articles", *map(to_line, [*evil, edited]))
    picture = captured(folder, "https://evil.test/p.png", png("p"), "image/png")
    page = captured(folder, "https://evil.test/f.html", PAGE)
    drawn = captured(
        folder, "https://evil.test/s.svg", f'<svg xmlns="http://www.w3.org/2000/svg">{XSS.format("svg")}</svg>'.encode()
    )
    failed = {
        "outcome": "failed",
        "reason": XSS.format("reason"),
        "url": SCRIPT_URL,
        "message": XSS.format("message"),
        "id": "evil:1",
    }
    events = [failed, {**failed, "url": "https://evil.test/e", "id": XSS.format("event-id")}]
    for name, place, kind in (
        ("p.png", picture, "image/png"),
        ("f.html", page, "text/html"),
        ("s.svg", drawn, "image/svg+xml"),
    ):
        file = {"state": "stored", "media_type": kind, "warc": place.warc, "offset": place.offset}
        events.append(
            {
                "outcome": "file",
                "reason": None,
                "url": f"https://evil.test/{name}",
                "id": "evil:1",
                "message": None,
                "file": file,
            }
        )
    write_lines(
        folder,
        "events",
        *({"time": "2026-11-22T18:34:00Z", "http_status": None, "record_id": None, **event} for event in events),
    )
    return folder
