"""An archive with an article in every place where one can be, for the tests of takedowns; and a search of every byte."""

from __future__ import annotations

import gzip
import html
import json
import os
import re
import shutil
import sqlite3
import zlib
from contextlib import suppress
from typing import TYPE_CHECKING

import brotli
from conftest import Reply, article_page, run
from handing import LAST_OF_OCTOBER, NOVEMBER, OCTOBER, crawl_at

from archiver.store import takedowns
from archiver.store.archive import hold
from archiver.store.months import months
from archiver.takedown.doing import do, prepare
from archiver.takedown.plan import Asked, plan

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from conftest import Ended, Web

    from archiver.store.takedowns import Level, Takedown

ID = "hcma:77"
TITLE = "Bà Trần Thị Nở kể chuyện mất nhà ở xã Tân Lập"
NEW_TITLE = "Bà Trần Thị Nở và vụ kiện căn nhà ở xã Tân Lập"
LEAD = "Sáng 16/4, bà Trần Thị Nở kể với phóng viên về căn nhà bị phá của gia đình mình."
BODY = "Bà nói rằng “không ai báo trước” & không được đền bù một đồng nào trong suốt ba năm. Hàng xóm của bà là ông Bình xác nhận việc ấy."
EDITED = "Tòa án huyện đã nhận đơn kiện của bà Nở vào một buổi chiều tháng ba có mưa lớn."
CAPTION = "Bà Nở đứng trước nền nhà cũ của gia đình ở thôn Đoài"
SLUG = "ba-tran-thi-no-ke-chuyen-mat-nha-o-xa-tan-lap"
PATH = f"/{SLUG}-77.htm"
OLD_PATH = "/Pages/chi-tiet-tin.aspx?ItemID=77"
PICTURE = f'<p><img src="/anh/77.jpg" alt=""><br><em>{CAPTION}</em></p>'
OTHERS = [f"/tin-{number}.htm" for number in range(1, 6)]
SHARED = "Các đại biểu đã thảo luận đến hết buổi chiều, rồi thăm kho sách."
"""A sentence of every article."""

SECRETS = (
    TITLE, NEW_TITLE, LEAD, "không được đền bù một đồng nào trong suốt ba năm", "ông Bình xác nhận việc ấy", EDITED, CAPTION,
    SLUG,
)  # fmt: skip


def page(title: str = TITLE, body: str = BODY) -> str:
    more = f"<p>{html.escape(body)}</p>{PICTURE}"
    return article_page(title=title, time="08:15 16/04/2025", body=LEAD, more=more)


def teaser(title: str = TITLE) -> str:
    """A block of newest items, as every page of the site has it."""
    item = (
        f'<li><a href="{PATH}">{html.escape(title)}</a><br><span>08:15 16/04/2025</span><p>{html.escape(LEAD)}</p></li>'
    )
    return f'<div class="tin-moi"><h3>Tin mới nhất</h3><ul>{item}</ul></div>'


def packed(text: str) -> Reply:
    """A page as brotli."""
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "br"}
    return Reply(brotli.compress(text.encode()), headers=headers)


def zipped(text: str) -> Reply:
    headers = {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"}
    return Reply(gzip.compress(text.encode(), mtime=0), headers=headers)


def listing(*paths: str, title: str = TITLE) -> str:
    links = "".join(f'<li><a href="{path}">Một bản tin khác</a></li>' for path in paths)
    item = f'<li><a href="{PATH}">{html.escape(title)}</a> <span>16/04/2025</span><p>{html.escape(LEAD)}</p></li>'
    return f"<!doctype html><html><head><title>Danh sách</title></head><body><ul>{links}{item}</ul></body></html>"


def put_up(web: Web) -> None:
    """Five articles of which one shows a teaser, and the one in question: behind a redirect, edited twice, gone, back."""
    web.original = "http://the-newsroom.test/"
    web.replies["/"] = zipped(listing(*OTHERS, OLD_PATH))
    for number, path in enumerate(OTHERS):
        web.article(path, title=f"Bản tin số {number} về văn hóa đọc", time=f"14:37 1{number}/04/2025")
    first = article_page(title="Bản tin số 0 về văn hóa đọc", time="14:37 10/04/2025")
    web.replies[OTHERS[0]] = Reply(first.replace("</body>", f"{teaser()}</body>"))
    web.redirect(OLD_PATH, PATH)
    web.replies[PATH] = packed(page())


def grow(web: Web, archive: Path) -> None:
    """Runs in October and November; a torn tail and a cache with the article; October sealed."""
    put_up(web)
    assert crawl_at(OCTOBER, web, archive).code == 0
    web.replies[PATH] = zipped(page(body=EDITED))
    assert crawl_at(LAST_OF_OCTOBER, web, archive).code == 0
    web.replies[PATH] = Reply(page(title=NEW_TITLE, body=EDITED))
    web.replies["/"] = zipped(listing(*OTHERS, title=NEW_TITLE))
    assert crawl_at(NOVEMBER, web, archive).code == 0
    site = archive / "hcma"
    sealed = run("archiver", "seal", "--until", "2026-10", "--archive", archive)
    assert sealed.code == 0, sealed.err
    leave_behind(site)
    web.listing("/", *OTHERS)
    web.article(OTHERS[0], title="Bản tin số 0 về văn hóa đọc", time="14:37 10/04/2025")


def leave_behind(site: Path) -> None:
    """What crashes, repairs, probes and searches leave: moved-aside ends of every kind, candidates for tests, and caches."""
    line = next(raw for month in months(site, "articles") for _, raw in month.lines() if f'"{ID}"'.encode() in raw)
    (site / "articles/2026/2026-10.jsonl.torn-1").write_bytes(line + line[: len(line) // 2])
    (site / "articles/2026/2026-10.jsonl.torn-2").write_bytes(b'{"id":"hcma:1"}\n')
    captures = sorted(site.glob("captures/*/*/*.warc.gz"))
    whole = captures[0].read_bytes()
    own = [at for at in members(whole) if SLUG.encode() in inflated(whole, at)]
    torn = captures[0].with_name(captures[0].name + ".torn-1")
    torn.write_bytes(whole[own[-1] : own[-1] + 900])
    event = next(raw for month in months(site, "events") for _, raw in month.lines() if SLUG.encode() in raw)
    (site / "events/2026/2026-11.jsonl.torn-1").write_bytes(event)
    shutil.copy(site / "ledger.sqlite", site / "ledger.sqlite.torn-1")
    (site / "candidates").mkdir()
    (site / "candidates/article-1.html").write_text(page())
    (site / "candidates/article-1.json").write_text(json.dumps(json.loads(line), ensure_ascii=False, indent=2))
    (site / "candidates/article-2.html").write_text(article_page(title="Bản tin số 4 về văn hóa đọc"))
    (site / "cache").mkdir(exist_ok=True)
    (site / "cache/articles.parquet").write_bytes(line)
    with sqlite3.connect(site / "cache/search.sqlite") as cache:
        cache.execute("CREATE TABLE said (text TEXT)")
        cache.execute("INSERT INTO said VALUES (?)", (BODY,))


def take_down(archive: Path, level: str, *options: object, id_: str = ID) -> Ended:
    return run(
        "archiver", "takedown", id_, "--reason", "personal_data", "--level", level, "--archive", archive, *options
    )


def cut_off(site: Path, level: Level = "erase") -> None:
    """A takedown that is killed right behind its intention: nothing else of it is done."""
    process = os.fork()
    if process == 0:
        try:
            append = takedowns.append

            def append_and_end(site_folder: Path, takedown: Takedown) -> None:
                append(site_folder, takedown)
                os._exit(86)

            takedowns.append = append_and_end
            with hold(site):
                prepare(site)
                asked = Asked(
                    id=ID,
                    level=level,
                    reason="court_order",
                    note=None,
                    teasers=level == "erase",
                    at="2026-11-20T09:00:00Z",
                )
                do(site, plan(site, asked, lambda _: None))
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(process, 0)[1]) == 86


def members(data: bytes) -> Iterator[int]:
    """Where the gzip members of a file begin."""
    at = 0
    while at < len(data) and data[at : at + 2] == b"\x1f\x8b":
        yield at
        inflating = zlib.decompressobj(31)
        inflating.decompress(data[at:])
        at = len(data) - len(inflating.unused_data)


def inflated(data: bytes, at: int) -> bytes:
    return zlib.decompressobj(31).decompress(data[at:])


def texts(data: bytes) -> Iterator[bytes]:
    """The bytes themselves, and what comes out of anything in them that is compressed, as far as it goes."""
    yield data
    for magic in (b"\x1f\x8b\x08", b"\x78\x9c"):
        at = data.find(magic)
        while at >= 0:
            plain = b""
            with suppress(zlib.error):
                inflating = zlib.decompressobj(47)
                for start in range(at, len(data), 64):
                    plain += inflating.decompress(data[start : start + 64])
                    if inflating.eof:
                        break
            if len(plain) > 20:
                yield from texts(plain)
            at = data.find(magic, at + 1)
    if b"Content-Encoding: br" in data[:4096]:
        body = data.split(b"\r\n\r\n", 2)[-1]
        with suppress(brotli.error):
            yield brotli.Decompressor().process(body)


def places_of(folder: Path, *secrets: str) -> list[str]:
    """Every file in which one of these stands, in any form; found in raw bytes, in what they inflate to, in JSON and HTML."""
    forms = {
        form.encode()
        for secret in secrets
        for form in (secret, html.escape(secret), json.dumps(secret)[1:-1], secret.replace("&", "&amp;"))
    }
    wanted = re.compile(b"|".join(map(re.escape, sorted(forms))))
    return [
        path.relative_to(folder).as_posix()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and any(wanted.search(text) for text in texts(path.read_bytes()))
    ]
