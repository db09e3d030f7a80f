"""Other people's tools judge what we hand over: sha256sum, Frictionless, Croissant, BagIt, WACZ, Hugging Face datasets,
DuckDB, pandas, pywb and surt. They stand in .venv-judges; see test_other_tools.py.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
from contextlib import closing
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest
from conftest import run
from test_other_tools import ACCEPTED, Replay, Replayed, asked, program, surroundings, told, wait_for

from archiver.dumps.surt import url_key
from archiver.store.articles import article_lines
from archiver.store.warc import body_at

FORMATS = ("jsonl", "csv", "parquet", "hf", "wacz", "bagit")
SLOW_SECONDS = 120
"""Tools that load pandas take their time on a busy machine."""


@pytest.fixture(scope="module")
def package(grown, tmp_path_factory):
    out = tmp_path_factory.mktemp("handed") / "out"
    ended = run("archiver", "export", "--out", out, "--format", ",".join(FORMATS), "--archive", grown)
    assert ended.code == 0, ended.err
    return out


@pytest.fixture
def damaged(package, tmp_path):
    """A copy with one byte of a table changed."""
    copy = shutil.copytree(package, tmp_path / "out")
    path = copy / "data" / "hcma-articles-2026-10.csv"
    raw = bytearray(path.read_bytes())
    raw[-5] ^= 1
    path.write_bytes(raw)
    return copy


def judged(folder, tool, *words, **environ):
    """How a judge ends, with the folder as its own, and what it says."""
    done = subprocess.run(
        [program(tool), *map(str, words)], cwd=folder, env={**surroundings(), **environ},
        capture_output=True, text=True, check=False, timeout=SLOW_SECONDS,
    )  # fmt: skip
    return done.returncode, done.stdout + done.stderr


def answers(folder, code, *words, **environ):
    """What a judge's Python prints, read as JSON."""
    ended, said = judged(folder, "python", "-W", "error::ResourceWarning", "-c", code, *words, **environ)
    assert ended == 0, said
    return json.loads(said[said.index("ANSWER") + 6 :].partition("\n")[0])


def test_sha256sum_finds_every_file(package, damaged):
    sha256sum = shutil.which("sha256sum")
    assert sha256sum
    command = [sha256sum, "--check", "--strict", "--quiet", "SHA256SUMS"]

    assert subprocess.run(command, cwd=package, capture_output=True, text=True, check=False).stderr == ""
    assert subprocess.run(command, cwd=damaged, capture_output=True, text=True, check=False).returncode == 1


def test_frictionless_finds_sizes_sums_and_rows_as_described(package, damaged):
    code, said = judged(package, "frictionless", "validate", "datapackage.json")
    assert (code, "INVALID" in said) == (0, False), said

    code, said = judged(damaged, "frictionless", "validate", "datapackage.json")
    assert (code, "INVALID" in said) == (1, True), said


def test_croissant_is_read_and_gives_every_article(package, grown):
    code, said = judged(package, "mlcroissant", "validate", "--jsonld", "croissant.json")
    assert (code, "WARNING" in said) == (0, False), said
    rows = answers(
        package,
        "import mlcroissant, json\n"
        "rows = mlcroissant.Dataset('croissant.json').records('articles')\n"
        "print('ANSWER' + json.dumps([[row['articles/id'].decode(), row['articles/title'].decode()] for row in rows]))",
    )

    newest = {line["id"]: line["title"] for _, line in article_lines(grown / "hcma")}
    assert dict(rows) == newest
    assert len(rows) == len(newest)


@pytest.mark.parametrize("formats", [("jsonl",), ("csv",), ("parquet",), ("wacz",)], ids="+".join)
def test_croissant_and_frictionless_of_one_format_are_read(grown, tmp_path, formats):
    out = tmp_path / "out"
    assert run("archiver", "export", "--out", out, "--format", ",".join(formats), "--archive", grown).code == 0
    frictionless = judged(out, "frictionless", "validate", "datapackage.json")
    load = ("load", "--jsonld", "croissant.json", "--record_set", "articles", "--num_records", "1")
    valid = judged(out, "mlcroissant", *(load if formats != ("wacz",) else ("validate", "--jsonld", "croissant.json")))

    assert (frictionless[0], valid[0], "Done." in valid[1]) == (0, 0, True), frictionless[1] + valid[1]


def test_bagit_finds_the_folder_a_whole_bag(package, damaged, tmp_path):
    assert judged(package, "bagit.py", "--validate", ".")[0] == 0
    assert judged(damaged, "bagit.py", "--validate", ".")[0] == 1

    more = shutil.copytree(package, tmp_path / "more")
    (more / "data" / "more.txt").write_text("more")
    assert judged(more, "bagit.py", "--validate", ".")[0] == 1


def test_wacz_finds_its_file_valid(package):
    code, said = judged(package, "wacz", "validate", "-f", "hcma.wacz")

    assert (code, "Validation succeeded" in said) == (0, True), said


LOAD = """
import datasets, json, sys
loaded = datasets.load_dataset(sys.argv[1], *sys.argv[2:])["train"]
rows = [[row["id"], row["revision"], row["title"], str(row["published_at"]), str(row["published_on"]),
         row["published_offset"], row["published_raw"], row["extractor"]["found_by"]] for row in loaded]
print("ANSWER" + json.dumps(rows))
"""


@pytest.mark.parametrize("config", ["articles", "revisions"])
def test_datasets_loads_the_folder_offline_typed_and_with_nothing_guessed(package, grown, tmp_path, config):
    offline = {"HF_HUB_OFFLINE": "1", "HF_DATASETS_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    words = [package] if config == "articles" else [package, config]
    rows = answers(tmp_path, LOAD, *words, **offline)
    lines = [line for _, line in article_lines(grown / "hcma")]
    wanted = {line["id"]: line for line in lines}.values() if config == "articles" else lines

    assert sorted(rows) == sorted(
        [
            line["id"], line["revision"], line["title"], str(datetime.fromisoformat(line["published_at"]).astimezone(UTC)),
            line["published_at"][:10], "+07:00", line["published_raw"], line["extractor"]["found_by"],
        ]
        for line in wanted
    )  # fmt: skip


SHARDS = """
import duckdb, glob, json, pandas
found = {}
for path in sorted(glob.glob("data/**/*", recursive=True)):
    if path.endswith(".csv"):
        counts = duckdb.sql(f"SELECT count(*) FROM read_csv('{path}', header = true)"), pandas.read_csv(path)
    elif path.endswith(".parquet"):
        counts = duckdb.sql(f"SELECT count(*) FROM '{path}'"), pandas.read_parquet(path)
    elif path.endswith((".jsonl.gz", ".jsonl")) and "manifest" not in path:
        counts = duckdb.sql(f"SELECT count(*) FROM read_json('{path}')"), pandas.read_json(path, lines=True)
    else:
        continue
    found[path] = [counts[0].fetchall()[0][0], len(counts[1])]
print("ANSWER" + json.dumps(found))
"""


def test_duckdb_and_pandas_read_every_shard(package):
    described = json.loads((package / "datapackage.json").read_bytes())["resources"]
    rows = {each["path"]: each["rows"] for each in described if "rows" in each}
    found = answers(package, SHARDS)

    assert len(found) == 14
    assert {path: counts for path, counts in found.items() if path in rows} == {
        path: [n, n] for path, n in rows.items()
    }
    parquet = {
        path.replace("-001.parquet", ".csv"): counts for path, counts in found.items() if path.endswith(".parquet")
    }
    assert parquet == {path: [n, n] for path, n in rows.items() if path.endswith(".csv")}


def test_surt_makes_the_same_keys():
    urls = [
        "https://www.Hcma.vn/Tin?b=2&a=1", "http://127.0.0.1:8021/", "http://hcma.vn:80/a/../b/./c//d/?x#y",
        "https://hcma.vn", "http://www2.hcma.vn/A%2525b/%7Eme/", "https://hcma.vn/x?b&a=&A=1&c=%20d%26",
        "https://hcma.vn/Tin tức/đẹp.html?q=Học viện", "https://user:pw@hcma.vn:8443/p;x=1",
        "https://hcma.vn/x?jsessionid=0123456789abcdef0123456789ABCDEF&y=1", "https://hcma.vn/?", "https://hcma.vn/a?",
        "https://hcma.vn/(s(abcdefghijklmnopqrstuvwx))/p.aspx?ItemID=3", "https://hcma.vn/?sid=0123456789abcdef0123456789abcdef",
    ]  # fmt: skip
    code = "import json, sys, surt\nprint('ANSWER' + json.dumps([surt.surt(url) for url in json.loads(sys.argv[1])]))"

    assert [url_key(url) for url in urls] == answers(None, code, json.dumps(urls))


@pytest.fixture
def replay(package, tmp_path):
    told("wb-manager", "init", "all", cwd=tmp_path)
    done = asked("wb-manager", "add", "--unpack-wacz", "all", package / "hcma.wacz", cwd=tmp_path)
    assert done.returncode == 0, done.stderr.decode()
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    log = tmp_path / "log"
    command = [program("wayback"), "-b", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as output, subprocess.Popen(
        command, cwd=tmp_path, env=surroundings(), stdout=output, stderr=output
    ) as server:  # fmt: skip
        try:
            wait_for(server, port, log)
            yield Replay(port)
        finally:
            server.terminate()


def test_pywb_replays_the_wacz_byte_for_byte(replay, grown):
    site = grown / "hcma"
    lines = [line for _, line in article_lines(site) if line["status"] == "live"]
    bodies = {}
    for line in lines:
        moment = datetime.fromisoformat(line["fetched_at"])
        body = body_at(site / line["capture"]["warc"], line["capture"]["offset"])
        bodies[line["url"], moment] = Replayed(200, format_datetime(moment, usegmt=True), body)

    assert len(bodies) == 8
    assert {place: replay.get(*place) for place in bodies} == bodies
    listed = replay.captures(lines[1]["url"])
    assert [each["mime"] for each in listed][1:] == ["warc/revisit"] * (len(listed) - 1)


def test_gzip_finds_every_sealed_file_whole(package):
    files = [path for path in sorted(package.rglob("*.gz")) if path.is_file()]

    assert [asked("gzip", "-t", path).returncode for path in files] == [ACCEPTED[0]] * len(files)
    assert len(files) > 6
