"""Attachments and pictures of an article that was taken down are given out by nothing; those of others stay theirs."""

import json
import shutil
from urllib.parse import quote

import pytest
from browsing import ask, browsing
from conftest import crawl, lines, run, serving
from taking_down import take_down
from test_files import PDF, links, pictures, typed

from archiver.demo.pdf import pdf
from archiver.demo.pictures import png
from archiver.store.months import months

ID, OTHER = "hcma:101", "hcma:102"
OWN, PICTURE, SHARED = "thong-bao-cua-ba-no.pdf", "ba-no.png", "quy-che.pdf"
NOTICE = pdf("notice")


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Two articles: one with a notice, a picture, and a file that the other has too; a file that failed."""
    archive = tmp_path_factory.mktemp("kept")
    with serving() as web:
        web.listing("/", "/hoi-thao-101.htm")
        more = links(f"/tep/{OWN}", f"/tep/{SHARED}", "/tep/thieu-cua-ba-no.pdf") + pictures(f"/anh/{PICTURE}")
        web.article("/hoi-thao-101.htm", more=more)
        web.article("/hoi-thao-102.htm", title="Một bản tin khác", more=links(f"/tep/{SHARED}"))
        web.replies[f"/tep/{OWN}"] = typed("application/pdf", NOTICE)
        web.replies[f"/tep/{SHARED}"] = typed("application/pdf", PDF)
        web.replies[f"/anh/{PICTURE}"] = typed("image/png", png("ba-no"))
        web.replies["/tep/thieu-cua-ba-no.pdf"] = typed("text/html", "", 500)
        first = crawl(web, archive, "--files")
        web.listing("/", "/hoi-thao-101.htm", "/hoi-thao-102.htm")
        second = crawl(web, archive)
    urls = {event["url"].rpartition("/")[2]: event["url"] for event in lines(archive, "events") if "file" in event}
    ids = {event["id"] for event in lines(archive, "events") if "file" in event}
    assert (first.code, second.code, ids, len(urls)) == (0, 0, {ID}, 4), first.err + second.err
    return archive, urls


@pytest.fixture
def archive(kept, tmp_path):
    return shutil.copytree(kept[0], tmp_path / "archive")


def names(archive, *options):
    ended = run("archiver", "files", *options, "--archive", archive, "--json")
    assert ended.code == 0, ended.err
    return sorted(each["url"].rpartition("/")[2] for each in json.loads(ended.out))


@pytest.mark.parametrize("level", ["hide", "text", "erase"])
def test_of_its_files_none_is_listed_or_given_but_what_another_article_has_too(archive, kept, tmp_path, level):
    assert names(archive) == sorted(kept[1])
    asked = {name: quote(kept[1][name], safe="") for name in (OWN, PICTURE, SHARED)}
    with browsing(archive) as url:
        paths = [
            f"/file/hcma?url={asked[OWN]}",
            f"/picture/hcma?url={asked[PICTURE]}",
            f"/file/hcma?url={asked[SHARED]}",
        ]
        before = [ask(url, path).status for path in paths]
        assert take_down(archive, level, id_=ID).code == 0
        after = [ask(url, path).status for path in [*paths, "/file/hcma?url="]]
    out = tmp_path / "out"
    written = run("archiver", "files", "--archive", archive, "--out", out)

    assert (before, after) == ([200] * 3, [404, 404, 200, 404])
    assert names(archive) == names(archive, OTHER) == [SHARED]
    assert names(archive, ID) == []
    assert written.code == 0, written.err
    assert [path.read_bytes() for path in out.iterdir()] == [PDF]


@pytest.mark.parametrize("level", ["hide", "text", "erase"])
def test_events_of_it_are_shown_and_handed_over_without_address_and_message(archive, tmp_path, level):
    assert take_down(archive, level, id_=ID).code == 0
    sql = f"SELECT url, message, outcome FROM events WHERE id = '{ID}'"
    rows = json.loads(run("archiver", "query", sql, "--json", "--archive", archive).out)
    with browsing(archive) as url:
        missing = [each for each in ask(url, "/missing?format=json").json if each["id"] == ID]
    out, there = tmp_path / "out", tmp_path / "there"
    exported = run("archiver", "export", "--format", "jsonl,csv", "--out", out, "--archive", archive)
    taken = run("archiver", "import", out, "--archive", there)
    verified = run("archiver", "verify", "--archive", there)
    told = (json.loads(raw) for month in months(there / "hcma", "events") for _, raw in month.lines())
    events = [event for event in told if event["id"] == ID]
    gaps = (out / "data/gaps.jsonl").read_text()

    assert [each.code for each in (exported, taken, verified)] == [0] * 3, exported.err + taken.err + verified.out
    assert len(rows) == len(events) > 4
    for some in (rows, events):
        assert {each["url"].rpartition("/")[2] for each in some} == {"", SHARED}
        assert {each["message"] for each in some if not each["url"]} == {None}
    assert {(each["url"], each["message"]) for each in missing} == {("", "")}
    assert "ba-no" not in gaps
    assert names(there) == names(there, OTHER) == [SHARED]
