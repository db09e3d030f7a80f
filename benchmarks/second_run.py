"""What a second run over an unchanged newsroom costs: requests, seconds, memory, bytes written.

    python benchmarks/second_run.py --articles 20000

The first run is made too, and takes its time: so many articles are fetched, read and kept.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from archiver.store.clock import utc_now

if TYPE_CHECKING:
    from collections.abc import Iterator
    from multiprocessing.connection import Connection

A_PAGE = 25
"""Links on a page of a listing."""
FILLER = "Các đại biểu đã thảo luận đến hết buổi chiều, rồi thăm kho sách của thư viện huyện và trao đổi với bạn đọc. "


def page(number: int) -> str:
    """An article of 8 KB."""
    day, month, year = 1 + number % 28, 1 + number // 28 % 12, 2010 + number // 2000 % 15
    return (
        f"<!doctype html><html lang='vi'><head><meta charset='utf-8'><title>Tin {number}</title></head><body>"
        f"<div class='article-detail'><h2>Bản tin số {number} về văn hóa đọc</h2><p class='time'>14:37 {day:02}/{month:02}/{year}</p>"
        f"<div id='News-content'><p>Bản tin {number}. {FILLER}</p><p>{FILLER * 40}</p></div></div></body></html>"
    )


def listing(number: int, articles: int) -> str:
    """One page of the listing of so many articles, newest first."""
    newest = articles - A_PAGE * (number - 1)
    places = range(newest, max(0, newest - A_PAGE), -1)
    links = "".join(f"<li><a href='/tin-{each}.htm'>Bản tin số {each} về văn hóa đọc</a></li>" for each in places)
    near = range(max(1, number - 2), min(-(-articles // A_PAGE), number + 3) + 1)
    further = "".join(f"<a href='/?page={each}'>{each}</a> " for each in near)
    return f"<!doctype html><html><head><title>Tin</title></head><body><ul>{links}</ul><p class='pager'>{further}</p></body></html>"


def reply(path: str, articles: int, *, is_conditional: bool) -> tuple[str, bytes]:
    """Status with headers, and body; of an article that is asked for under a condition 304."""
    if path.startswith("/tin-"):
        number = int(path.removeprefix("/tin-").removesuffix(".htm"))
        etag = f'\r\nETag: "{number}"'
        return ("304 Not Modified" + etag, b"") if is_conditional else ("200 OK" + etag, page(number).encode())
    if path == "/" or path.startswith("/?page="):
        return "200 OK", listing(int(path.partition("=")[2] or 1), articles).encode()
    return "404 Not Found", b""


async def serve(articles: int, parent: Connection) -> None:
    """Answers until the process is ended."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                path = request.split(b" ", 2)[1].decode()
                head, body = reply(path, articles, is_conditional=b"if-none-match:" in request.lower())
                fields = f"Content-Type: text/html; charset=utf-8\r\nContent-Length: {len(body)}"
                writer.write(f"HTTP/1.1 {head}\r\n{fields}\r\n\r\n".encode() + body)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    parent.send(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    await server.serve_forever()


@contextmanager
def served(articles: int) -> Iterator[str]:
    """The origin of such a newsroom, in a process of its own."""
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(articles, there), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def _serve(articles: int, parent: Connection) -> None:
    asyncio.run(serve(articles, parent))


def crawl(origin: str, archive: Path, *options: str) -> dict[str, float]:
    """One run, in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "archiver",
        "crawl",
        "hcma",
        "--base-url",
        origin,
        "--archive",
        str(archive),
        *options,
    ]
    begun = time.monotonic()
    # The clock of the last run is this file's.
    paths = os.pathsep.join(filter(None, [str(Path(__file__).parent), os.environ.get("PYTHONPATH", "")]))
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "env": {**os.environ, "PYTHONPATH": paths}}
    with subprocess.Popen(command, **quiet) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.monotonic() - begun
    report = json.loads(
        max((archive / "hcma" / "runs").glob("*.json"), key=lambda path: path.stat().st_mtime).read_text()
    )
    return {
        "exit": process.returncode,
        "requests": report["requests"],
        "seconds": round(seconds, 1),
        "cpu seconds": round(used.ru_utime + used.ru_stime, 1),
        "MB": round(used.ru_maxrss / 1000),
        "new lines": report["articles"]["new"] + report["articles"]["changed"],
        "unchanged": report["articles"]["unchanged"],
        "listings": report["outcomes"].get("listing", 0),
    }


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--articles", type=int, default=20_000)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, served(options.articles) as origin:
        for name in ("first run", "second run"):
            print(name, json.dumps(crawl(origin, Path(folder, "archive"))), flush=True)
        later = crawl(origin, Path(folder, "archive"), "-s", "NOW=second_run.next_year")
        print("300 days later", json.dumps(later), flush=True)


def next_year() -> datetime:
    """300 days from now: a clock for `-s NOW`, when every article is due."""
    return utc_now() + timedelta(days=300)


if __name__ == "__main__":
    main()
