"""Who hears of a run's end: each extra is on by one setting, and heard by a real receiver on loopback."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
import threading
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.util import find_spec
from typing import TYPE_CHECKING

import pytest
from conftest import ROOT, Reply, crawl, environment, needs
from prometheus_client.parser import text_string_to_metric_families

from archiver.store.archive import hold

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@dataclass
class Receiver:
    """An HTTP server that takes what it is told; `heard` is method and path of each, `said` the JSON of the posts."""

    url: str
    heard: list[str] = field(default_factory=list)
    said: list[dict] = field(default_factory=list)


class _Listening(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        self.server.receiver.heard.append(f"GET {self.path}")
        self._answer()

    def do_POST(self) -> None:
        self.server.receiver.heard.append(f"POST {self.path}")
        self.server.receiver.said.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self._answer()

    def _answer(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"OK")

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def receiving() -> Iterator[Receiver]:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Listening) as server:
        server.receiver = Receiver(f"127.0.0.1:{server.server_address[1]}")
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield server.receiver
        finally:
            server.shutdown()
            thread.join()


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as found:
        yield found


def good_site(web) -> None:
    web.replies.clear()
    web.listing("/", "/a-1.htm")
    web.article("/a-1.htm")


def bad_site(web) -> None:
    web.replies.clear()
    web.replies["/"] = Reply("oops", 500)


def test_a_run_that_was_not_well_is_told_once_each_time_and_that_it_is_well_again_once(web, tmp_path, receiver):
    setting = ("-s", f"NOTIFY=json://{receiver.url}/hook", "-s", "RETRY_ENABLED=False")
    codes = []
    for site in (good_site, bad_site, good_site, good_site):
        site(web)
        codes.append(crawl(web, tmp_path, *setting).code)

    assert codes == [0, 3, 0, 0]
    assert [said["title"] for said in receiver.said] == ["archiver: hcma ended with 3", "archiver: hcma is well again"]
    assert "nothing could be fetched: http_404, http_500" in receiver.said[0]["message"]


def test_a_run_that_another_one_kept_out_is_no_news(web, tmp_path, receiver):
    good_site(web)
    with hold(tmp_path / "hcma"):
        setting = ("-s", f"NOTIFY=json://{receiver.url}/", "-s", f"HEALTHCHECK_URL=http://{receiver.url}/ping")
        ended = crawl(web, tmp_path, *setting)

    assert ended.code == 75
    assert receiver.heard == []


def test_a_healthcheck_hears_of_beginning_and_end(web, tmp_path, receiver):
    setting = ("-s", f"HEALTHCHECK_URL=http://{receiver.url}/ping/uuid", "-s", "RETRY_ENABLED=False")
    good_site(web)
    crawl(web, tmp_path, *setting)
    bad_site(web)
    crawl(web, tmp_path, *setting)

    assert receiver.heard == [
        "GET /ping/uuid/start",
        "GET /ping/uuid",
        "GET /ping/uuid/start",
        "GET /ping/uuid/fail",
    ]


def test_receivers_that_are_away_are_named_and_change_nothing_of_the_run(web, tmp_path):
    with receiving() as gone:
        away = gone.url
    good_site(web)
    well = crawl(web, tmp_path, "-s", f"HEALTHCHECK_URL=http://{away}/secret")
    bad_site(web)
    unwell = crawl(web, tmp_path, "-s", f"NOTIFY=json://{away}/secret", "-s", "RETRY_ENABLED=False")

    assert (well.code, unwell.code) == (0, 3)
    assert "HEALTHCHECK_URL at 127.0.0.1 cannot be reached" in well.err
    assert "a notification could not be sent" in unwell.err
    assert "secret" not in well.err


@contextmanager
def node_exporter(folder: Path) -> Iterator[str]:
    """The address of node_exporter, which reads the folder."""
    program = shutil.which("prometheus-node-exporter")
    if program is None:
        pytest.skip("node_exporter judges its file: apt-get install prometheus-node-exporter")
    words = [
        program,
        "--collector.disable-defaults",
        "--collector.textfile",
        f"--collector.textfile.directory={folder}",
    ]
    with subprocess.Popen([*words, "--web.listen-address=127.0.0.1:0"], stderr=subprocess.PIPE, text=True) as exporting:
        try:
            for line in exporting.stderr:
                found = re.search(r"address=(127\.0\.0\.1:[1-9]\d*)", line)
                if found:
                    yield f"http://{found[1]}/metrics"
                    break
        finally:
            exporting.terminate()


def test_the_file_for_prometheus_is_read_by_its_own_client(web, tmp_path):
    good_site(web)
    crawl(web, tmp_path / "archive", "-s", f"PROMETHEUS_FOLDER={tmp_path}")
    text = (tmp_path / "archiver_hcma.prom").read_text()
    found = {family.name: family.samples for family in text_string_to_metric_families(text)}

    assert found["archiver_run_exit_code"][0].value == 0
    assert {sample.labels["outcome"]: sample.value for sample in found["archiver_run_addresses"]} == {
        "new": 1,
        "listing": 1,
    }
    assert {sample.labels["field"]: sample.value for sample in found["archiver_run_coverage"]}["body"] == 1


def test_node_exporter_serves_the_file_of_the_last_run(web, tmp_path):
    folder = tmp_path / "collector"
    folder.mkdir()
    good_site(web)
    crawl(web, tmp_path / "archive", "-s", f"PROMETHEUS_FOLDER={folder}")
    bad_site(web)
    crawl(web, tmp_path / "archive", "-s", f"PROMETHEUS_FOLDER={folder}", "-s", "RETRY_ENABLED=False")
    with node_exporter(folder) as address, urllib.request.urlopen(address, timeout=30) as response:
        served = response.read().decode()

    assert "node_textfile_scrape_error 0" in served
    assert 'archiver_run_exit_code{site="hcma"} 3' in served
    assert 'archiver_run_addresses{outcome="failed",site="hcma"} 1' in served
    assert 'archiver_complete_run_ended_seconds{site="hcma"}' in served
    assert [path.name for path in folder.iterdir()] == ["archiver_hcma.prom"]


SUITE = """
from spidermon import Monitor, MonitorSuite, monitors

class Count(Monitor):
    @monitors.name("a thousand articles")
    def test_articles(self):
        self.assertGreater(self.data.stats.item_scraped_count, 1000)

class Suite(MonitorSuite):
    monitors = [Count]
"""


def test_a_suite_of_spidermon_monitors_is_run(web, tmp_path):
    judges = next((ROOT / ".venv-judges").glob("lib/python3*/site-packages/spidermon"), None)
    if judges is None:
        needs("Spidermon runs the monitors, from an environment of its own. Run: make judges")
    (tmp_path / "my_monitors.py").write_text(SUITE)
    good_site(web)
    words = [
        "crawl",
        "hcma",
        "--base-url",
        web.url,
        "--archive",
        str(tmp_path / "a"),
        "-s",
        "MONITORS=my_monitors.Suite",
    ]
    # Behind all other folders: what else the judges need is theirs alone.
    start = f"import sys; sys.path.append({str(judges.parent)!r}); from archiver.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", start, *words],
        env=environment(PYTHONPATH=f"{ROOT}:{tmp_path}"), capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip

    assert ended.returncode == 0, ended.stderr
    assert "FAIL: Count/a thousand articles" in ended.stderr
    assert "1 not greater than 1000" in ended.stderr


def test_monitors_without_spidermon_are_refused_in_one_line(web, tmp_path):
    if find_spec("spidermon") is not None:
        pytest.skip("Spidermon is installed here: pip uninstall spidermon")
    ended = crawl(web, tmp_path / "archive", "-s", "MONITORS=my_monitors.Suite")

    assert (ended.code, web.asked) == (2, [])
    assert "pip install spidermon" in ended.complaint


@pytest.mark.parametrize(
    ("setting", "says"),
    [
        ("NOTIFY=nonsense", "address 1 of 1 is none that Apprise knows"),
        ("HEALTHCHECK_URL=file:///etc/passwd", "begins with http"),
        ("PROMETHEUS_FOLDER=/no/such/folder", "no such folder"),
    ],
)
def test_a_setting_that_cannot_be_used_is_exit_2_and_one_line_before_any_request(web, tmp_path, setting, says):
    good_site(web)
    ended = crawl(web, tmp_path / "archive", "-s", setting)

    assert ended.code == 2
    assert says in ended.complaint
    assert ended.err.count("\n") == 1, ended.err
    assert web.asked == []
    assert not (tmp_path / "archive").exists()
