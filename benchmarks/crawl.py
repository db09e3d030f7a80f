"""Pages per second of processor time: ours beside a spider that does nothing, BeautifulSoup over whole pages, and wget.

    python benchmarks/crawl.py [--pages 1000] [--rounds 3]

All fetch pages of the sample newsroom from a server process on loopback, each page padded to 65 KB with menus, scripts,
styles and a form's state in the shares of a SharePoint page. Ours keeps every exchange in a WARC file, parses every
field, numbers the revision, appends the line and commits the ledger, all on the disk. `wget --mirror --warc-file` keeps
a WARC file and reads no field; the other two keep nothing. Runs alternate; a run is a process of its own. Of spiders the
processor time between start and stop of the engine counts, of wget all of it. Medians are printed.
"""

from __future__ import annotations

import argparse
import gzip
import json
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bs4 import BeautifulSoup
from loopback import served
from padding import PAGE_BYTES, padded
from scrapy import Request, Spider, signals
from scrapy.crawler import AsyncCrawlerProcess

from archiver import settings
from archiver.crawl import Plan, crawl
from archiver.demo.newsroom import Newsroom
from archiver.sites import site_named

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from scrapy.crawler import Crawler
    from scrapy.http import Response

    from archiver.demo.reply import Reply

SPIDERS = ("no-op", "archiver", "BeautifulSoup")
WGET = "wget --mirror"


def main() -> None:
    """Runs every spider in turn, `--rounds` times, and prints the table. With `--spider`: one run, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--pages", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--spider", choices=SPIDERS, help=argparse.SUPPRESS)
    parser.add_argument("--origin", help=argparse.SUPPRESS)
    parser.add_argument("--archive", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.spider:
        print(json.dumps(run(options.spider, options.origin, options.archive)))
        return
    newsroom = Newsroom(seed=1, articles=options.pages)

    def reply_at(path: str, origin: str) -> Reply:
        reply = newsroom.page(path, origin)
        return replace(reply, body=padded(reply.body))

    with tempfile.TemporaryDirectory() as folder, served(reply_at) as origin:
        first = Path(folder, "first")
        one_run("archiver", origin, first)  # the server makes each page at its first request
        found = len(stored_urls(first))
        if found != options.pages:
            sys.exit(f"{found} records of {options.pages} articles: this would measure something else")
        rounds = []
        for number in range(options.rounds):
            again = Path(folder, str(number))
            measured = {spider: one_run(spider, origin, again if spider == "archiver" else first) for spider in SPIDERS}
            rounds.append({**measured, WGET: wget(origin, again)} if shutil.which("wget") else measured)
    print_table(rounds)


def one_run(spider: str, origin: str, archive: Path) -> dict[str, float]:
    """What a run in a process of its own measured of itself. Ours fills `archive`, the others fetch what is in it."""
    command = [sys.executable, __file__, "--spider", spider, "--origin", origin, "--archive", archive]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"{spider} failed:\n{done.stderr[-3000:]}")
    measured: dict[str, float] = json.loads(done.stdout)
    return measured


def wget(origin: str, folder: Path) -> dict[str, float]:
    """What a mirror by wget cost. The newsroom's calendar has no end, so wget is kept out of it."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [
        "wget",
        "--mirror",
        "--quiet",
        "--no-proxy",
        "--reject-regex",
        "lich-cong-tac",
        f"--warc-file={folder}/wget",
    ]
    subprocess.run([*command, f"--directory-prefix={folder}/mirror", origin], check=False)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    with gzip.open(folder / "wget.warc.gz") as warc:
        pages = sum(line.startswith(b"Content-Length: ") and int(line[16:]) >= PAGE_BYTES for line in warc) // 2
    return {"pages": pages, "cpu": cpu}


def print_table(rounds: list[dict[str, dict[str, float]]]) -> None:
    """One line a spider: pages, processor seconds, pages per second, share of the no-op."""
    print(f"{'spider':<14} {'pages':>6} {'cpu s':>7} {'pages/cpu s':>12} {'of no-op':>9}   each run")
    speeds = {spider: [each[spider]["pages"] / each[spider]["cpu"] for each in rounds] for spider in rounds[0]}
    for spider in rounds[0]:
        speed, least = statistics.median(speeds[spider]), statistics.median(speeds["no-op"])
        seconds = statistics.median(each[spider]["cpu"] for each in rounds)
        each_run = " ".join(f"{one:.0f}" for one in speeds[spider])
        pages = rounds[0][spider]["pages"]
        print(f"{spider:<14} {pages:>6} {seconds:>7.2f} {speed:>12.0f} {speed / least:>9.2f}   {each_run}")


class Meter:
    """Scrapy extension: processor time of this process while the engine runs, and the pages it brought."""

    pages = 0
    cpu = 0.0

    def __init__(self, crawler: Crawler) -> None:
        crawler.signals.connect(self.begin, signals.engine_started)
        crawler.signals.connect(self.count, signals.response_received)
        crawler.signals.connect(self.end, signals.engine_stopped)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Meter:
        """Scrapy's hook."""
        return cls(crawler)

    def begin(self) -> None:
        """The engine starts."""
        Meter.cpu = -time.process_time()

    def count(self, response: Response) -> None:
        """A page came; robots.txt and the like are none."""
        Meter.pages += len(response.body) >= PAGE_BYTES

    def end(self) -> None:
        """The engine has stopped."""
        Meter.cpu += time.process_time()


def run(spider: str, origin: str, archive: Path) -> dict[str, float]:
    """Pages and processor seconds of one crawl in this process."""
    if spider == "archiver":
        extensions: Any = {**settings.EXTENSIONS, Meter: 0}
        crawl(Plan(site=site_named("hcma").at(origin), archive=archive, settings={"EXTENSIONS": extensions}))
    else:
        process = AsyncCrawlerProcess({"LOG_LEVEL": "ERROR", "EXTENSIONS": {Meter: 0}, "TELNETCONSOLE_ENABLED": False})
        process.crawl({"no-op": NoOp, "BeautifulSoup": WithBeautifulSoup}[spider], urls=stored_urls(archive))
        process.start()
    return {"pages": Meter.pages, "cpu": Meter.cpu}


def stored_urls(archive: Path) -> list[str]:
    """The address of every record of an archive."""
    files = archive.glob("*/articles/*/*.jsonl")
    return [json.loads(line)["url"] for file in files for line in file.read_text(encoding="utf-8").splitlines()]


class NoOp(Spider):
    """Fetches the pages and looks at none: what Scrapy itself costs."""

    name = "no-op"
    urls: tuple[str, ...] = ()
    custom_settings = {"CONCURRENT_REQUESTS_PER_DOMAIN": 16, "REMOTE_CONTROL_ENABLED": False}  # noqa: RUF012

    async def start(self) -> AsyncIterator[Request]:
        """Scrapy's hook."""
        for url in self.urls:
            yield Request(url)

    def parse(self, response: Response) -> Any:
        """Nothing."""


class WithBeautifulSoup(NoOp):
    """The way of a first script: BeautifulSoup over the whole page, three fields."""

    name = "BeautifulSoup"

    def parse(self, response: Response) -> Iterator[dict[str, str | None]]:
        """Title, time and text."""
        soup = BeautifulSoup(response.text, "lxml")
        title = soup.find("h1") or soup.find("title")
        moment = soup.find(class_=lambda name: name and ("date" in name or "time" in name))
        yield {
            "title": title and title.get_text(" ", strip=True),
            "time": moment and moment.get_text(" ", strip=True),
            "body": "\n\n".join(paragraph.get_text(" ", strip=True) for paragraph in soup.find_all("p")),
        }


if __name__ == "__main__":
    main()
