"""A small web server on loopback that says what a test put in, and the command line run as its user runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from archiver.store.run_report import run_names

if TYPE_CHECKING:
    import ssl
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).parent.parent


@dataclass
class Reply:
    body: str | bytes = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Type": "text/html; charset=utf-8"})


@dataclass
class Web:
    """What the server says, by path with query; and what it was asked, in order."""

    url: str
    replies: dict[str, Reply | Callable[[], Reply]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    agents: set[str] = field(default_factory=set)
    original: str | None = None
    posted: dict[str, Callable[[str, str | None], Reply]] = field(default_factory=dict)
    """What it says to a form, by path, given the form's body and the cookies."""
    unchanged: list[str] = field(default_factory=list)
    """Paths at which it was asked for what has not changed, by the ETag: the answer was 304."""
    otherwise: Callable[[str], Reply] | None = None
    """What it says at any other path."""

    def redirect(self, path: str, to: str) -> None:
        self.replies[path] = Reply(status=302, headers={"Location": to})

    def article(self, path: str, **parts: str) -> None:
        self.replies[path] = Reply(article_page(**parts))

    def listing(self, path: str, *links: str) -> None:
        self.replies[path] = Reply(listing_page(*links))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
        self._say(self.server.web.posted[self.path](body, self.headers["Cookie"]))

    def do_GET(self) -> None:
        web = self.server.web
        web.asked.append(self.path)
        web.agents.add(self.headers["User-Agent"])
        unknown = web.otherwise(self.path) if web.otherwise else Reply("nothing here", 404)
        reply = web.replies.get(self.path, unknown)
        reply = reply() if callable(reply) else reply
        etag = reply.headers.get("ETag")
        if etag is not None and self.headers["If-None-Match"] == etag:
            web.unchanged.append(self.path)
            reply = Reply("", 304, {"ETag": etag})
        self._say(reply)

    def _say(self, reply: Reply) -> None:
        web = self.server.web
        body = reply.body.encode() if isinstance(reply.body, str) else reply.body
        self.send_response(reply.status)
        if web.original:
            self.send_header("Link", f'<{web.original}>; rel="original"')
        for name, value in {"Content-Length": str(len(body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def serving(encrypted: ssl.SSLContext | None = None) -> Iterator[Web]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Handler) as server:
        server.web = Web(f"{'https' if encrypted else 'http'}://127.0.0.1:{server.server_address[1]}")
        if encrypted:
            # The handshake belongs to the thread of the visit: whoever breaks it off does not end the server.
            server.socket = encrypted.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.web
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def web() -> Iterator[Web]:
    with serving() as web:
        yield web


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str

    @property
    def complaint(self) -> str:
        """The one line on standard error that an error ends with."""
        return self.err.strip().rpartition("\n")[2]


@pytest.fixture(scope="session")
def grown(tmp_path_factory) -> Path:
    """An archive of October and November 2026; copy it before you change it."""
    from handing import two_months  # noqa: PLC0415  # it builds on this module

    archive = tmp_path_factory.mktemp("grown")
    with serving() as web:
        two_months(web, archive)
    return archive


def needs(what: str) -> None:
    """Ends the test that cannot be done here; where everything must be tested that is a failure."""
    if os.environ.get("CI"):
        pytest.fail(what)
    pytest.skip(what)


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("ARCHIVER_", "SCRAPY_"))}
    return {**kept, "PYTHONPATH": str(ROOT), **more}


def run(*words: object, cwd: Path = ROOT, stdin: bytes = b"", seconds: float = 60, **environ: str) -> Ended:
    """`python -m …` with these words, and how it ended; after so many seconds it is ended."""
    done = subprocess.run(
        [sys.executable, "-m", *map(str, words)],
        cwd=cwd, input=stdin, capture_output=True, timeout=seconds, check=False, env=environment(**environ),
    )  # fmt: skip
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def crawl(web: Web, archive: Path, *options: object) -> Ended:
    """`archiver crawl hcma` of a copy, every known article looked at; limited, so that a handful of articles is well."""
    return run(
        "archiver",
        "crawl",
        "hcma",
        "--base-url",
        web.url,
        "--archive",
        archive,
        "--max-pages",
        99,
        "--recheck",
        *options,
    )


def lines(archive: Path, kind: str) -> list[dict]:
    """Every line of `articles` or `events` of hcma, oldest first."""
    files = sorted((archive / "hcma" / kind).glob("*/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text().splitlines()]


def events(archive: Path) -> dict[str, dict]:
    """The last event of each address, by its path."""
    return {"/" + event["url"].split("/", 3)[3]: event for event in lines(archive, "events")}


def reports(archive: Path) -> list[dict]:
    """Every report of hcma, oldest first."""
    folder = archive / "hcma"
    return [json.loads((folder / "runs" / f"{name}.json").read_text()) for name in run_names(folder)]


def article_page(
    title: str = "Khai mạc hội thảo về văn hóa đọc", time: str = "14:37 17/04/2025", body: str = "", more: str = ""
) -> str:
    body = body or "Sáng 17/4, thư viện mở hội thảo về văn hóa đọc ở các huyện miền núi, với hơn hai trăm người dự."
    return f"""<!doctype html><html lang="vi"><head><meta charset="utf-8"><title>{title}</title></head><body>
<div class="article-detail"><h2>{title}</h2><p class="time">{time}</p>
<div id="News-content"><p>{body}</p><p>Các đại biểu đã thảo luận đến hết buổi chiều, rồi thăm kho sách.</p>{more}</div>
</div></body></html>"""


def listing_page(*links: str) -> str:
    """A listing; a link is a path, or a path and the time beside it, parted by a blank."""
    items = "".join(
        f'<li><a href="{link.partition(" ")[0]}">Một bản tin trong danh sách</a> <span>{link.partition(" ")[2]}</span></li>'
        for link in links
    )
    return f"<!doctype html><html><head><title>Danh sách</title></head><body><ul>{items}</ul></body></html>"
