"""What a user types, and what comes back: a result on standard output, or one line that says what to do."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from conftest import ROOT, Reply, article_page, environment, events, listing_page, run

from archiver.cli import main

URL = "https://hcma.vn/hoi-thao-19239.htm"


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("crawl", "Known: hcma"),
        ("crawl hcmx", "Did you mean hcma?"),
        ("crawl hcma --since 2025-13-01", "Write it as 2026-11-22"),
        ("crawl hcma --since 2025-02-01 --until 2025-01-01", "Swap them"),
        ("crawl hcma --max-pages none", "Give 1 or more"),
        ("crawl hcma --max-pages 0", "Give 1 or more"),
        ("crawl hcma --base-url hcma.vn", "begins with http"),
        ("crawl hcma --url https://hcma.vn/", "without SITE"),
        ("crawl --url nonsense", "begins with http"),
        ("crawl hcma -s DOWNLOAD_DELAY", "NAME=VALUE"),
        ("crawl hcma -s DOWNLOD_DELAY=1", "Did you mean DOWNLOAD_DELAY?"),
        ("crawl hcma -s DOWNLOAD_DELAY=slow", "not a number"),
        ("crawl hcma --archive setup.cfg/x --archive pyproject.toml", "is a file"),
        ("crwl", "Did you mean 'crawl'?"),
        ("schema --jsn", "No such option"),
        ("newsroom --port 99999", "--port"),
        ("parse", "FILE"),
        ("parse missing.html --url " + URL, "cannot be read"),
        ("parse . --url " + URL, "cannot be read"),
        ("parse pyproject.toml --url nonsense", "begins with http"),
        ("parse pyproject.toml --site hcmx --url " + URL, "Did you mean hcma?"),
    ],
)
def test_what_cannot_be_used_is_exit_2_and_one_line_with_the_next_step(monkeypatch, capsys, words, says):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["archiver", *words.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    complaint = capsys.readouterr().err

    assert ended.value.code == 2
    assert says in complaint
    assert complaint.count("\n") == 1, complaint


def test_the_version_is_printed():
    assert run("archiver", "--version").out.startswith("archiver ")


def test_without_a_command_the_commands_are_listed():
    ended = run("archiver")

    assert ended.code == 0
    assert "crawl" in ended.out


def test_sites_are_one_json_array():
    (site,) = json.loads(run("archiver", "sites", "--json").out)

    assert site["name"] == "hcma"


def test_the_schema_is_a_json_schema():
    assert json.loads(run("archiver", "schema").out)["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_saved_page_becomes_one_json_line(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(article_page())
    ended = run("archiver", "parse", page, "--url", URL)
    record = json.loads(ended.out)

    assert ended.code == 0
    assert (record["id"], record["title"]) == ("hcma:19239", "Khai mạc hội thảo về văn hóa đọc")
    assert (record["revision"], len(record["revision_id"])) == (1, 64)
    assert ended.out.count("\n") == 1


def test_a_page_is_read_from_standard_input():
    ended = run("archiver", "parse", "-", "--url", URL, stdin=article_page().encode())

    assert json.loads(ended.out)["id"] == "hcma:19239"


def test_explain_names_the_rule_of_each_field_on_standard_error(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(article_page())
    ended = run("archiver", "parse", page, "--url", URL, "--explain", COLUMNS="200")
    found_by = json.loads(ended.out)["extractor"]["found_by"]

    assert all(field in ended.err for field in found_by)


@pytest.mark.parametrize(
    ("content", "url"),
    [
        (b"", URL),
        (b"\x89PNG\r\n" + bytes(range(256)), URL),
        (b"<html><body><form><input type=password></form></body></html>", URL),
        (b"<html><body>" + b"x" * 21_000_000, URL),
        (listing_page("/a-1.htm", "/b-2.htm").encode(), "https://hcma.vn/"),
        (article_page().encode(), "https://hcma.vn/"),
    ],
    ids=["empty", "picture", "sign-in", "too large", "listing", "address of a listing"],
)
def test_a_page_without_an_article_is_exit_4_and_one_line(tmp_path, content, url):
    page = tmp_path / "page.html"
    page.write_bytes(content)
    ended = run("archiver", "parse", page, "--url", url)

    assert (ended.code, ended.out) == (4, "")
    assert ended.err.count("\n") == 1, ended.err


def test_a_page_of_a_copy_is_read_by_the_sites_rules(tmp_path):
    page = tmp_path / "page.html"
    page.write_text(article_page())
    ended = run("archiver", "parse", page, "--site", "hcma", "--url", "http://127.0.0.1:8000/hoi-thao-19239.htm")

    assert json.loads(ended.out)["id"] == "hcma:19239"


def test_a_reader_that_goes_away_is_no_error():
    with subprocess.Popen(
        [sys.executable, "-m", "archiver", "schema"], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as writing:  # fmt: skip
        writing.stdout.close()
        complaint = writing.stderr.read()

    assert complaint == b""


def test_a_live_site_without_a_contact_is_refused_before_any_request(tmp_path):
    ended = run("archiver", "crawl", "hcma", "--archive", tmp_path / "data")

    assert ended.code == 2
    assert "--contact you@example.org" in ended.complaint
    assert not (tmp_path / "data").exists()


def test_the_contact_stands_in_the_name_that_the_site_sees(web, tmp_path):
    web.listing("/")
    run("archiver", "crawl", "hcma", "--base-url", web.url, "--archive", tmp_path, "--contact", "me@example.org")

    assert web.agents == {"archiver/0.1.0 (+me@example.org)"}


def test_any_start_page_can_be_crawled_by_the_general_rules(web, tmp_path):
    time = '<meta property="article:published_time" content="2025-04-17T14:37:00+07:00"><meta property="og:type" content="article">'
    page = article_page().replace("</head>", f"{time}</head>")
    web.replies["/tin-tuc"] = Reply(listing_page("/mot-ban-tin-dai-1.html"))
    web.replies["/mot-ban-tin-dai-1.html"] = Reply(page)
    ended = run("archiver", "crawl", "--url", f"{web.url}/tin-tuc", "--archive", tmp_path)
    (articles,) = tmp_path.glob("127.0.0.1*/articles/*/*.jsonl")

    assert ended.code == 0, ended.err
    assert json.loads(articles.read_text())["title"] == "Khai mạc hội thảo về văn hóa đọc"


def test_the_archive_can_be_named_by_the_environment(web, tmp_path):
    web.listing("/", "/a-1.htm")
    web.article("/a-1.htm")
    run("archiver", "crawl", "hcma", "--base-url", web.url, "--max-pages", 9, ARCHIVER_DATA=str(tmp_path))

    assert events(tmp_path)["/a-1.htm"]["outcome"] == "new"


def test_the_demo_crawls_its_newsroom_and_runs_again_elsewhere(tmp_path):
    first = run("archiver", "demo", "--archive", tmp_path, "--articles", 60)
    again = run("archiver", "demo", "--archive", tmp_path, "--articles", 60)
    other = run("archiver", "demo", "--archive", tmp_path, "--articles", 60, "--seed", 2)

    assert (first.code, again.code, other.code) == (0, 0, 2)
    assert "Try next" in first.out
    assert "is an archive of" in other.complaint


def test_scrapy_knows_the_sites():
    assert run("scrapy", "list").out.split() == ["hcma"]


def test_scrapy_crawls_a_site_with_the_same_settings_and_exit_codes(web, tmp_path):
    web.listing("/", "/a-1.htm")
    web.article("/a-1.htm")
    words = ("scrapy", "crawl", "hcma", "-a", f"base_url={web.url}", "-o", tmp_path / "feed.jsonl")
    full = run(*words, ARCHIVER_DATA=str(tmp_path))
    web.listing("/")
    empty = run(*words, ARCHIVER_DATA=str(tmp_path))

    assert (full.code, empty.code) == (0, 4), empty.err
    assert [json.loads(line)["id"] for line in (tmp_path / "feed.jsonl").read_text().splitlines()] == ["hcma:1"]


def test_scrapy_crawl_of_a_live_site_needs_a_contact_too():
    ended = run("scrapy", "crawl", "hcma")

    assert ended.code == 2
    assert "ARCHIVER_CONTACT" in ended.complaint


def test_scrapy_parse_shows_what_a_page_gives_and_writes_no_archive(web, tmp_path):
    web.article("/a-1.htm")
    words = ("scrapy", "parse", "--spider=hcma", "--nocolour", "-a", f"base_url={web.url}", f"{web.url}/a-1.htm")
    ended = run(*words, ARCHIVER_DATA=str(tmp_path / "data"))

    assert "'id': 'hcma:1'" in ended.out
    assert not (tmp_path / "data").exists()
