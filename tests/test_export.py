"""Exports: a folder to hand over, whole or not there, the same bytes for the same archive, and nothing of it changed."""

import csv
import gzip
import hashlib
import io
import json
import resource
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest
from conftest import environment, run
from handing import NOVEMBER, files_of
from hypothesis import given
from hypothesis import strategies as st
from test_conformity import GOOD

from archiver.dumps.csv_tables import columns, csv_rows
from archiver.dumps.export import Wanted, export
from archiver.dumps.seal import seal
from archiver.dumps.selection import Range
from archiver.dumps.surt import url_key
from archiver.proof.repair import repair
from archiver.store.archive import hold
from archiver.store.articles import article_lines

ALL = ("jsonl", "csv", "parquet", "hf", "wacz", "bagit")
GOOD_LINES = [GOOD["article"]]
OCTOBERS = "articles/2026/2026-10.jsonl"


@pytest.fixture(scope="module")
def package(grown, tmp_path_factory):
    out = tmp_path_factory.mktemp("package") / "out"
    ended = run("archiver", "export", "--out", out, "--format", ",".join(ALL), "--archive", grown)
    assert ended.code == 0, ended.err
    return out


@pytest.fixture
def archive(grown, tmp_path):
    return shutil.copytree(grown, tmp_path / "archive")


def exported(archive, out, formats=("jsonl",), **wanted):
    return export([archive / "hcma"], out, Wanted(formats=formats, **wanted))


def lines_in(path):
    return [json.loads(raw) for raw in gzip.decompress(path.read_bytes()).splitlines()]


def ids_in(out):
    return {line["id"] for path in out.glob("data/hcma/articles/*/*") for line in lines_in(path)}


def test_every_file_is_listed_with_its_sum_in_each_list(package):
    stands = {name: hashlib.sha256(raw).hexdigest() for name, raw in files_of(package).items()}
    sums = dict(reversed(line.split("  ")) for line in (package / "SHA256SUMS").read_text().splitlines())
    described = json.loads((package / "datapackage.json").read_bytes())["resources"]
    croissant = json.loads((package / "croissant.json").read_bytes())["distribution"]
    bag = {"bagit.txt", "bag-info.txt", "manifest-sha256.txt", "tagmanifest-sha256.txt"}
    about = {"README.md", "croissant.json", "datapackage.json"}
    files = {each["path"]: each["hash"].removeprefix("sha256:") for each in described}

    assert sums == {name: digest for name, digest in stands.items() if name not in bag | {"SHA256SUMS"}}
    assert files == {name: digest for name, digest in sums.items() if name not in about}
    assert files == {each["@id"]: each["sha256"] for each in croissant if each["@type"] == "cr:FileObject"}
    assert {each["path"]: each["bytes"] for each in described} == {
        name: (package / name).stat().st_size for name in files
    }


def test_the_same_archive_gives_the_same_bytes_and_is_not_changed(package, archive, tmp_path):
    before = files_of(archive)
    exported(archive, tmp_path / "again", ALL)

    assert files_of(tmp_path / "again") == files_of(package)
    assert files_of(archive) == before


def test_a_sealed_archive_gives_the_same_lines_in_the_same_files(package, archive, tmp_path):
    seal(archive / "hcma", None, NOVEMBER, lambda _: None)
    exported(archive, tmp_path / "out", ALL)
    told = {"manifest.jsonl", "SHA256SUMS", "manifest-sha256.txt", "tagmanifest-sha256.txt", "bag-info.txt"}
    changed = {
        name for name, raw in files_of(tmp_path / "out").items()
        if raw != files_of(package).get(name) and Path(name).name not in told
    }  # fmt: skip

    assert changed == {"datapackage.json", "croissant.json", "hcma.wacz"}
    packed = (archive / "hcma" / f"{OCTOBERS}.gz").read_bytes()
    assert (tmp_path / "out" / "data" / "hcma" / f"{OCTOBERS}.gz").read_bytes() == packed


def test_lines_are_those_of_the_archive(package, grown):
    ours = [line for _, line in article_lines(grown / "hcma")]

    assert [line for path in sorted(package.glob("data/hcma/articles/*/*")) for line in lines_in(path)] == ours


def test_tables_hold_the_newest_revisions_and_those_before_them_apart(package, grown):
    last = {line["id"]: line["revision"] for _, line in article_lines(grown / "hcma")}
    newest = [line for path in package.glob("data/hcma-articles-*.jsonl.gz") for line in lines_in(path)]
    earlier = [line for path in package.glob("data/hcma-earlier-*.jsonl.gz") for line in lines_in(path)]

    assert {line["id"]: line["revision"] for line in newest} == last
    assert len(newest) == len(last)
    assert len(newest) + len(earlier) == len(list(article_lines(grown / "hcma")))
    assert all(line["revision"] < last[line["id"]] for line in earlier)


def table(path, encoding="utf-8"):
    with path.open(encoding=encoding, newline="") as file:
        return list(csv.DictReader(file))


def test_csv_has_a_row_a_line_and_every_field(package):
    rows = [row for path in sorted(package.glob("data/hcma-articles-*.csv")) for row in table(path)]
    row = next(row for row in rows if row["id"] == "hcma:9")

    assert row["published_on"] == "2026-10-18"
    assert row["published_at"] == "2026-10-18T08:00:00+07:00"
    assert row["title"] == 'Bản tin mới, "trích" về thư viện số'
    assert row["capture_http_status"] == "200"
    assert json.loads(row["blocks"])[0]["type"] == "paragraph"
    assert json.loads(row["extractor_found_by"])["title"]
    assert row["modified_at"] == ""


def test_csv_of_an_article_that_is_a_formula_is_none(package):
    (title,) = (
        row["title"] for path in package.glob("data/hcma-earlier-*.csv") for row in table(path)
        if "HYPERLINK" in row["title"]
    )  # fmt: skip

    assert title.startswith("'=HYPERLINK(")


FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


@given(st.text(st.sampled_from("=+-@\t\r\n'\" ,;|x1\u00a0\u3000\uff1dđ"), max_size=8))
def test_no_text_is_a_formula_in_csv_and_every_one_can_be_had_back(text):
    (line,) = GOOD_LINES
    rows = b"".join(csv_rows([{**line, "title": text}], bom=False)).decode()
    (row,) = csv.DictReader(io.StringIO(rows, newline=""))

    assert not row["title"].lstrip(" \u00a0\u3000").startswith(FORMULAS)
    assert (row["title"].removeprefix("'")) == text


def test_csv_is_rfc_4180_and_has_a_mark_only_when_asked():
    plain, marked = (b"".join(csv_rows(GOOD_LINES, bom=bom)) for bom in (False, True))

    assert marked == b"\xef\xbb\xbf" + plain
    assert plain.endswith(b"\r\n")
    assert plain.split(b"\r\n")[0].decode().split(",") == [column.name for column in columns()]


def test_a_range_is_one_of_days_of_publication_and_takes_whole_histories(grown, tmp_path):
    ended = run(
        "archiver", "export", "--out", tmp_path / "out", "--format", "jsonl,csv", "--since", "2025-04-10",
        "--until", "2025-04-11", "--archive", grown,
    )  # fmt: skip
    lines = [line for path in sorted(tmp_path.glob("out/data/hcma/articles/*/*")) for line in lines_in(path)]

    assert ended.code == 0
    assert "2 news articles (4 revisions), published 2025-04-10 to 2025-04-11" in ended.out
    assert [(line["id"], line["revision"]) for line in lines if line["id"] == "hcma:1"] == [
        ("hcma:1", n) for n in (1, 2, 3)
    ]
    assert {line["id"] for line in lines} == {"hcma:1", "hcma:2"}


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--format", "xlsx"], "--format 'xlsx' is none. Give one or more of jsonl,csv,parquet,hf,wacz,bagit"),
        (["--format", ","], "is none"),
        (["--since", "yesterday"], "--since 'yesterday' is no day. Write it as 2026-11-22"),
        (["--until", "20261122"], "is no day"),
        (["--since", "2026-02-02", "--until", "2026-01-01"], "nothing lies between"),
        (["--since", "2031-01-01"], "no article was published in that range"),
        (["--site", "bbc"], "no archive of 'bbc'"),
    ],
)
def test_what_cannot_be_had_is_said_in_a_line(grown, tmp_path, options, says):
    ended = run("archiver", "export", "--out", tmp_path / "out", "--archive", grown, *options)

    assert (ended.code, list(tmp_path.iterdir())) == (2, [])
    assert says in ended.complaint


@pytest.mark.parametrize("where", ["foreign", "file", "archive", "site", "within"])
def test_a_place_that_holds_something_else_is_refused(archive, tmp_path, where):
    out = {"archive": archive, "site": archive / "hcma", "within": archive / "hcma" / "out"}.get(
        where, tmp_path / "out"
    )
    if where == "foreign":
        out.mkdir()
        (out / "thesis.txt").write_text("mine")
    if where == "file":
        out.write_text("mine")
    before = files_of(tmp_path)
    ended = run("archiver", "export", "--out", out, "--archive", archive)

    assert ended.code == 2
    assert "--out" in ended.complaint
    assert files_of(tmp_path) == before


def test_an_earlier_export_is_replaced_and_one_with_a_file_of_somebody_is_not(grown, tmp_path):
    out = tmp_path / "out"
    exported(grown, out, ("jsonl", "bagit"))
    exported(grown, out, ("csv",))
    assert not (out / "bagit.txt").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    (out / "notes.txt").write_text("mine")
    ended = run("archiver", "export", "--out", out, "--archive", grown)

    assert ended.code == 2
    assert (out / "notes.txt").read_text() == "mine"


def test_an_export_waits_for_nobody_and_no_run_writes_meanwhile(grown, tmp_path):
    with hold(grown / "hcma"):
        ended = run("archiver", "export", "--out", tmp_path / "out", "--archive", grown)

    assert ended.code == 75


def test_a_disk_that_takes_no_more_ends_with_6_and_leaves_nothing(grown, tmp_path):
    ended = subprocess.run(
        [sys.executable, "-m", "archiver", "export", "--out", tmp_path / "out", "--archive", grown],
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (3_000, 3_000)),
        capture_output=True, text=True, check=False, env=environment(PYTHONDONTWRITEBYTECODE="1"),
    )  # fmt: skip

    assert (ended.returncode, list(tmp_path.iterdir())) == (6, [])
    assert "Make room" in ended.stderr


def test_what_a_stopped_export_left_is_cleared_by_the_next(grown, tmp_path):
    (tmp_path / ".out.part").mkdir()
    (tmp_path / ".out.part" / "half").write_text("half")
    exported(grown, tmp_path / "out")

    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_files_that_an_interrupted_run_left_open_are_named(archive, tmp_path):
    file = next(archive.glob("hcma/captures/*/*/*00003.warc.gz"))
    file.rename(file.with_name(file.name + ".open"))
    ended = run("archiver", "export", "--out", tmp_path / "out", "--archive", archive)

    assert ended.code == 7
    assert ended.complaint.endswith("an interrupted run left it open. Run: archiver repair hcma")


def damage(archive, kind):
    site = archive / "hcma"
    if kind == "month":
        seal(site, None, NOVEMBER, lambda _: None)
        path = site / f"{OCTOBERS}.gz"
        path.write_bytes(path.read_bytes()[:-20])
    elif kind == "line":
        path = site / OCTOBERS
        path.write_bytes(path.read_bytes()[:-20])
    elif kind == "no line":
        path = site / OCTOBERS
        path.write_bytes(b'{"x":1}\n' + path.read_bytes())
    else:
        path = next(site.glob("captures/*/*/*00001.warc.gz"))
        path.write_bytes(path.read_bytes()[:-20])
    return path


@pytest.mark.parametrize("kind", ["month", "line", "no line", "captures"])
def test_what_is_damaged_is_named_left_out_and_the_rest_is_given(archive, tmp_path, kind):
    path = damage(archive, kind)
    ended = run("archiver", "export", "--out", tmp_path / "out", "--archive", archive, "--format", "jsonl,csv,bagit")

    assert ended.code == 7
    assert ended.err.startswith(f"left out: {path}")
    assert "hcma:9" in ids_in(tmp_path / "out")
    assert str(path.relative_to(archive)) in (tmp_path / "out" / "README.md").read_text()
    assert not list(tmp_path.glob(f"out/data/hcma/captures/**/{path.name}"))


def test_gaps_tell_what_nobody_looked_for_and_what_did_not_come(package):
    rows = [json.loads(line) for line in (package / "data" / "gaps.jsonl").read_text().splitlines()]
    spans = [(row["since"], row["until"], row["reason"]) for row in rows if row["kind"] == "no_run"]
    (failed,) = (row for row in rows if row["kind"] == "url_failed")

    assert spans == [
        ("2026-10-20T09:00:00Z", "2026-10-31T22:00:00Z", "no_schedule"),
        ("2026-10-31T22:00:00Z", "2026-11-03T09:00:00Z", "no_schedule"),
    ]
    assert failed["url"].endswith("/hong-7.htm")
    assert (failed["reason"], failed["http_status"], failed["count"]) == ("http_500", 500, 3)
    assert (failed["since"], failed["until"]) == ("2026-10-20T09:00:00Z", "2026-11-03T09:00:00Z")
    card = (package / "README.md").read_text()
    assert "- `url_failed` 1: " in card
    assert "- `no_run` 2: " in card


def test_gaps_of_a_schedule_count_the_runs_that_were_missed(archive, tmp_path):
    schedule = {"format": 1, "every_seconds": 86_400, "at": "09:00", "by": "cron", "since": "2026-10-20T00:00:00Z"}
    (archive / "hcma" / "schedule.json").write_text(json.dumps(schedule))
    exported(archive, tmp_path / "out")
    rows = [json.loads(line) for line in (tmp_path / "out" / "data" / "gaps.jsonl").read_text().splitlines()]

    assert [(row["count"], row["reason"]) for row in rows if row["kind"] == "no_run"] == [
        (11, "schedule"),
        (2, "schedule"),
    ]


def test_a_wacz_has_captures_as_they_are_an_index_that_leads_to_them_and_pages(package, grown):
    with zipfile.ZipFile(package / "hcma.wacz") as wacz:
        stored = [info for info in wacz.infolist() if info.filename.startswith("archive/")]
        index = gzip.decompress(wacz.read("indexes/index.cdx.gz")).decode().splitlines()
        pages = [json.loads(line) for line in wacz.read("pages/pages.jsonl").splitlines()]
        records = {info.filename: wacz.read(info) for info in stored}
    captures = {path.name: path.read_bytes() for path in grown.glob("hcma/captures/*/*/*")}
    looked = [(line.split(" ", 2)[0], json.loads(line.split(" ", 2)[2])) for line in index]

    assert {Path(name).name: raw for name, raw in records.items()} == captures
    assert {info.compress_type for info in stored} == {zipfile.ZIP_STORED}
    assert index == sorted(index)
    for key, about in looked:
        start = int(about["offset"])
        record = gzip.decompress(captures[about["filename"]][start : start + int(about["length"])])
        assert f"\r\nWARC-Target-URI: {about['url']}\r\n".encode() in record
        assert key == url_key(about["url"])
    assert pages[0] == {"format": "json-pages-1.0", "id": "pages", "title": "Articles"}
    lines = [line for _, line in article_lines(grown / "hcma") if line["status"] == "live"]
    assert [(page["url"], page["ts"], page["title"]) for page in pages[1:]] == [
        (line["url"], line["fetched_at"], line["title"]) for line in lines
    ]


def test_the_card_says_how_many_what_is_lacking_and_how_to_verify(package):
    card = (package / "README.md").read_text()

    assert (
        "| hcma | 6 | 9 | 5 | 1 | 0 | 2025-04-10 to 2026-10-18 | 2026-10-20T09:00:00Z to 2026-11-03T09:00:00Z |" in card
    )
    assert "sha256sum -c SHA256SUMS" in card
    assert "`tombstone`" in card
    assert "- `published_at`: First publication" in card


def test_the_schema_of_the_record_is_in_the_package(package):
    assert json.loads((package / "record.schema.json").read_bytes())["$id"] == "urn:archiver:record:1.0"


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("https://www.Hcma.vn/Tin?b=2&a=1", "vn,hcma)/tin?a=1&b=2"),
        ("http://127.0.0.1:8021/", "1,0,0,127:8021)/"),
        ("http://hcma.vn:80/a/../b/./c/?x#y", "vn,hcma)/b/c?x"),
        ("https://hcma.vn/Tin%20t%E1%BB%A9c", "vn,hcma)/tin%20t%e1%bb%a9c"),
        ("https://user:secret@hcma.vn", "vn,hcma)/"),
        ("https://hcma.vn/x?jsessionid=0123456789abcdef0123456789ABCDEF&y=1", "vn,hcma)/x?y=1"),
    ],
)
def test_addresses_are_sorted_as_web_archives_do(url, key):
    assert url_key(url) == key


def test_a_range_is_told_in_the_description(grown, tmp_path):
    exported(grown, tmp_path / "out", ("wacz",), chosen=Range("2026-01-01", None))
    told = json.loads((tmp_path / "out" / "datapackage.json").read_bytes())["archiver"]

    assert (told["since"], told["until"], told["sites"]) == ("2026-01-01", None, {"hcma": {"articles": 1, "lines": 1}})


def test_repaired_archives_are_exported(archive, tmp_path):
    damage(archive, "line")
    repair(archive / "hcma")

    assert exported(archive, tmp_path / "out")[0].faults == []


@pytest.mark.parametrize("out", ["/proc/x", "{archive}/file/x"], ids=["no-such-place", "below-a-file"])
def test_a_place_that_cannot_be_written_is_told_by_the_option_that_named_it(archive, out):
    (archive / "file").touch()
    ended = run("archiver", "export", "--out", out.format(archive=archive), "--archive", archive)

    assert (ended.code, "Traceback" in ended.err) == (2, False)
    assert ended.complaint.endswith("choose another --out DIR")


@pytest.mark.parametrize(("formats", "says"), [("csv", "without their captures"), ("wacz", "each with the capture")])
def test_the_summary_says_whether_the_captures_are_there(archive, tmp_path, formats, says):
    ended = run("archiver", "export", "--out", tmp_path / "out", "--format", formats, "--archive", archive)

    assert says in ended.out
