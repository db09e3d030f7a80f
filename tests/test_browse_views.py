"""What the page of an archive gives beside what is seen: JSON, CSV, both languages, records, and what is damaged."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from browsing import AT, PAGE, article, ask, browsing, captured, line, site_folder, write_lines
from conftest import ROOT, environment, run

from archiver.article import Change, to_line
from archiver.browse import kept, pages
from archiver.browse.pages import Told
from archiver.browse.preferences import LANGUAGES
from archiver.browse.tables import cell_of
from archiver.browse.words import WORDS
from archiver.demo.pictures import png
from archiver.research.library import Library
from archiver.store.warc import stored

BROWSE = ROOT / "archiver" / "browse"
FORMULA = '=HYPERLINK("http://elsewhere.test","here")'


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    archive = tmp_path_factory.mktemp("archive")
    folder = site_folder(archive)
    first = article(capture=captured(folder, "https://evil.test/1", PAGE))
    second = {
        **json.loads(to_line(first)), "revision": 2, "title": "Bế mạc hội thảo", "supersedes": first.revision_id,
        "change": {"cause": "edit", "classes": ["title"]}, "fetched_at": "2026-11-23T18:34:00Z",
    }  # fmt: skip
    others = [
        line(
            id=f"evil:{number}", title=FORMULA if number == 2 else f"Bài số {number}", url=f"https://evil.test/{number}"
        )
        for number in range(2, 60)
    ]
    write_lines(folder, "articles", to_line(first), second, *others)
    events = [{"time": f"2026-11-2{number % 3}T10:00:00Z", "outcome": outcome, "reason": reason, "url": f"https://evil.test/{number}",
               "id": f"evil:{number}", "http_status": 404, "record_id": None, "message": FORMULA}
              for number, (outcome, reason) in enumerate([("gone", "http_404"), ("failed", "timeout"), ("skipped", "robots"), ("new", None)] * 30)]  # fmt: skip
    write_lines(folder, "events", *events)
    return archive


@pytest.fixture(scope="module")
def url(archive):
    with browsing(archive) as url:
        yield url


def rows(answer):
    return list(csv.reader(io.StringIO(answer.body.decode("utf-8"), newline="")))


def test_lists_are_had_whole_as_json_and_csv(url):
    listed, missing = ask(url, "/?format=json").json, ask(url, "/missing?format=json").json

    assert len(listed) == 59
    assert [
        len(rows(ask(url, f"{path}?format=csv"))) - 1 for path in ("/", "/missing", "/runs", "/history/evil:1")
    ] == [59, 90, 0, 2]
    assert len(missing) == 90
    assert {each["outcome"] for each in missing} == {"gone", "failed", "skipped"}
    assert ask(url, "/?section=no&format=json").json == []
    assert ask(url, "/runs?format=json").json == []


def test_a_table_has_what_the_list_is_narrowed_to(url):
    found = ask(url, "/missing?outcome=failed&day=2026-11-21&format=json").json

    assert {(each["outcome"], each["time"][:10]) for each in found} == {("failed", "2026-11-21")}
    assert [each["id"] for each in ask(url, "/?q=be+mac&format=json").json] == ["evil:1"]
    assert len(rows(ask(url, "/?q=bai+so&format=csv"))) == 58


def test_cells_of_a_csv_are_no_formulas(url):
    answer = ask(url, "/?format=csv")
    titles = [row[1] for row in rows(answer)]

    assert "'" + FORMULA in titles
    assert FORMULA not in titles
    assert answer.headers["content-disposition"] == 'attachment; filename="articles.csv"'
    assert {row[-1] for row in rows(ask(url, "/missing?format=csv"))[1:]} == {"'" + FORMULA}


@pytest.mark.parametrize(
    ("value", "cell"),
    [("=1", "'=1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\t=1"), (" =1", "' =1"), ("＝1", "'＝1"), ("\n=1", "'\n=1"),
     (-5, "-5"), (None, ""), (["=a", "b"], "'=a; b"), (True, "True"), ("a=1", "a=1"), ("", "")],
)  # fmt: skip
def test_a_cell_that_a_spreadsheet_would_compute_gets_a_quote(value, cell):
    assert cell_of(value) == cell


def test_a_line_and_a_history_are_had_as_json(url, archive):
    found = ask(url, "/article/evil:1?revision=1&format=json").json

    assert found == json.loads(next(archive.glob("evil/articles/*/*")).read_text().splitlines()[0])
    assert [each["change"]["cause"] for each in ask(url, "/history/evil:1?format=json").json] == ["first", "edit"]
    assert [each["part"] for each in ask(url, "/diff/evil:1?format=json").json] == ["title", "title"]


def test_the_record_that_is_taken_is_a_warc_file_with_the_captured_page(url, tmp_path):
    answer = ask(url, "/record/evil:1")
    (tmp_path / "record.warc.gz").write_bytes(answer.body)
    (found,) = stored(tmp_path / "record.warc.gz")

    assert found.exchange.body == PAGE
    assert gzip.decompress(answer.body).startswith(b"WARC/1.1")
    assert re.fullmatch(r'attachment; filename="[0-9a-f-]{36}\.warc\.gz"', answer.headers["content-disposition"])


def test_a_citation_names_the_capture(url):
    text = ask(url, "/article/evil:1").text

    assert (
        "Bế mạc hội thảo. evil, 2026-11-22. https://evil.test/1. Captured 2026-11-23T18:34:00Z, record &lt;urn:uuid:"
        in text
    )
    assert "@online{evil-1-r2," in text


def test_an_address_or_an_id_leads_to_its_article(url):
    answers = [
        ask(url, f"/?q={text}") for text in ("evil:7", "https://evil.test/7", "http://evil.test/7%23part", "+evil:7+")
    ]

    assert {(answer.status, answer.headers["location"]) for answer in answers} == {(303, "/article/evil:7")}
    assert "No article of the archive was seen at this address" in ask(url, "/?q=https://evil.test/none").text


def test_what_is_no_query_is_told_with_its_place(url):
    answer = ask(url, "/?q=a+AND")

    assert answer.status == 400
    assert 'id="problem"' in answer.text


@pytest.mark.parametrize(
    ("accepted", "language"),
    [("vi-VN,vi;q=0.9,en;q=0.8", "vi"), ("en;q=0.4, vi;q=0.5", "vi"), ("fr, en", "en"), ("de", "en"), ("", "en"), ("vi;q=0, en", "en"), (";;q=x,,", "en")],
)  # fmt: skip
def test_the_language_is_that_of_the_browser_until_one_is_chosen(url, accepted, language):
    assert f'<html lang="{language}"' in ask(url, Accept_Language=accepted).text
    assert '<html lang="vi"' in ask(url, Accept_Language=accepted, Cookie="language=vi").text


def test_every_word_is_there_in_both_languages():
    assert [
        name for name, words in WORDS.items() if len(words) != len(LANGUAGES) or not all(map(str.strip, words))
    ] == []
    same = {name for name, (english, vietnamese) in WORDS.items() if english == vietnamese}
    assert same <= {"role_video", "page_of"}


def test_every_word_has_the_same_values_in_both_languages():
    def values(words):
        return set(re.findall(r"\{(\w+)\}", words))

    assert [name for name, (english, vietnamese) in WORDS.items() if values(english) != values(vietnamese)] == []


def test_every_word_that_the_page_asks_for_is_there_and_no_other():
    sources = [
        path.read_text() for path in (*BROWSE.glob("*.py"), *BROWSE.glob("templates/*")) if path.name != "words.py"
    ]
    told = {name for source in sources for name in re.findall(r"""\bt\(\s*["'](\w+)["']\s*[,)]""", source)}
    begun = {name for source in sources for name in re.findall(r"""\bt\(f?["'](\w+_)(?:["'{])""", source)}
    kinds = {f"{kind}_" for source in sources for kind in re.findall(r"""known\(["'](\w+)["']""", source)} | {
        "status_",
        "flag_",
        "facet_",
    }
    shown = {name for name in WORDS if name.startswith((*begun, *kinds))}

    assert told - WORDS.keys() == set()
    assert WORDS.keys() - told - shown == set()


def test_codes_that_have_no_words_are_shown_as_they_are():
    assert Told("vi").known("reason", "http_503") == "http 503"
    assert Told("en").known("reason", "") == "no reason given"


@pytest.mark.parametrize(
    ("language", "number", "day", "time"),
    [
        ("en", "1,234,567", "14 Mar 2026", "14 Mar 2026, 19:22 +07:00"),
        ("vi", "1.234.567", "14/03/2026", "14/03/2026, 19:22 +07:00"),
    ],
)
def test_numbers_and_times_are_written_as_the_language_does(language, number, day, time):
    told = Told(language)

    assert (told.number(1_234_567), told.day("2026-03-14T19:22:00+07:00"), told.time("2026-03-14T19:22:00+07:00")) == (
        number,
        day,
        time,
    )
    assert told.time(AT).endswith(" UTC")


def test_an_article_without_anything_is_shown(tmp_path):
    write_lines(
        site_folder(tmp_path),
        "articles",
        line(title="", published_at=None, body="", blocks=(), section=None, language=None),
    )
    with browsing(tmp_path) as url:
        read = ask(url, "/article/evil:1").text
        found = ask(url, "/").text

    assert "no date" in read
    assert "no date" in found


def test_a_torn_or_foreign_line_is_named_and_left_out_and_the_end_says_so(tmp_path):
    folder = site_folder(tmp_path)
    write_lines(
        folder, "articles", line(), "no line at all\n", '{"id": 5}\n', line(id="evil:2"), '{"id": "evil:3", "torn'
    )
    write_lines(folder, "events", "[]\n")
    with browsing(tmp_path, ends_with=7) as url:
        shown = ask(url, "/").text
        listed = ask(url, "/?format=json").json

    assert [each["id"] for each in listed] == ["evil:1", "evil:2"]
    assert "3 places in the archive cannot be read" in shown
    assert shown.count("no line of articles") == 2


def test_a_capture_that_is_not_what_the_line_says_is_told(tmp_path):
    folder = site_folder(tmp_path)
    place = captured(folder, "https://evil.test/1", PAGE)
    said = json.loads(line(capture=place))
    lied = [{**said, "id": "evil:2", "capture": {**said["capture"], "payload_digest": "sha1:AAAA"}},
            {**said, "id": "evil:3", "capture": {**said["capture"], "record_id": "<urn:uuid:other>"}},
            {**said, "id": "evil:4", "capture": {**said["capture"], "offset": 7}},
            {**said, "id": "evil:5", "capture": None}]  # fmt: skip
    write_lines(folder, "articles", said, *lied)
    with browsing(tmp_path) as url:
        verdicts = [
            re.search(r'class="verdict[^>]*>(.*?)</p>', ask(url, f"/article/evil:{number}").text)[1]
            for number in range(1, 6)
        ]

    assert verdicts == [
        "Read from its capture just now: record and digest are as stated.",
        "Not as stated: another digest is stated there",
        "Not as stated: another record stands there",
        "The capture cannot be read.",
        "No capture is named.",
    ]


def test_of_an_article_that_was_taken_down_nothing_but_the_tombstone_is_shown(tmp_path):
    folder = site_folder(tmp_path)
    first = json.loads(line(title="Bí mật", body="Bí mật", capture=captured(folder, "https://evil.test/1", PAGE)))
    hidden = {"title": "", "lead": "", "body": "", "blocks": [], "status": "tombstone", "revision": 2}
    write_lines(folder, "articles", first, {**first, **hidden, "change": {"cause": "takedown", "classes": []}})
    with browsing(tmp_path) as url:
        paths = [
            "/",
            "/article/evil:1",
            "/history/evil:1",
            "/diff/evil:1",
            "/capture/evil:1",
            "/history/evil:1?format=json",
            "/?format=csv",
        ]
        shown = [ask(url, path) for path in paths]
        refused = [
            ask(url, path).status
            for path in ("/article/evil:1?revision=1", "/stored/evil:1", "/record/evil:1", "/diff/evil:1?a=1")
        ]

    assert {answer.status for answer in shown} == {200}
    assert not any("Bí mật" in answer.text for answer in shown)
    assert "The article was taken down from the archive." in shown[1].text
    assert refused == [400, 404, 404, 400]


def test_once_a_captured_page_has_its_share_of_pictures_no_other_is_looked_for(tmp_path, monkeypatch):
    folder, picture = site_folder(tmp_path), png("p")
    said = {"outcome": "file", "id": "evil:1", "time": "2026-11-22T18:34:00Z", "reason": None, "message": None,
            "http_status": 200, "record_id": None}  # fmt: skip
    addresses = [f"https://evil.test/{number}.png" for number in range(9)]
    for url in addresses:
        place = captured(folder, url, picture, "image/png")
        file = {"state": "stored", "media_type": "image/png", "warc": place.warc, "offset": place.offset}
        write_lines(folder, "events", {**said, "url": url, "file": file})
    monkeypatch.setattr(kept, "_MOST_BYTES", 3 * len(picture))
    asked = []

    class Listened(Library):
        def kept(self, site, urls):
            asked.extend(urls)
            return super().kept(site, urls)

    embedded = kept.picture_of(Listened([folder]), folder.name, "https://evil.test/1")
    shown = [embedded(url) is not None for url in addresses]

    assert shown == [True] * 3 + [False] * 6
    assert asked == addresses[:4]


def test_a_line_that_lacks_a_field_is_damage_and_no_bug(tmp_path):
    said = json.loads(line())
    del said["tags"]
    write_lines(site_folder(tmp_path), "articles", said)
    with browsing(tmp_path) as url:
        answer = ask(url, "/article/evil:1")

    assert answer.status == 500
    assert "it lacks tags" in answer.text


def test_what_is_written_meanwhile_is_seen(tmp_path):
    folder = site_folder(tmp_path)
    write_lines(folder, "articles", line())
    with browsing(tmp_path) as url:
        before = len(ask(url, "/?q=hoi+thao&format=json").json), len(ask(url, "/?format=json").json)
        write_lines(folder, "articles", line(id="evil:2"), line(id="evil:3", change=Change(cause="first")))
        after = len(ask(url, "/?q=hoi+thao&format=json").json), len(ask(url, "/?format=json").json)

    assert (before, after) == ((1, 1), (3, 3))


def test_without_the_extra_one_line_says_what_to_install(tmp_path):
    write_lines(site_folder(tmp_path), "articles", line())
    words = ["archiver", "browse", "--archive", str(tmp_path), "--no-open"]
    code = f"import sys; sys.modules['uvicorn'] = None; sys.argv = {words!r}; from archiver.cli import main; main()"
    ended = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=False, env=environment(), timeout=60
    )

    assert ended.returncode == 2
    assert ended.stderr == "archiver: browse needs uvicorn. Install it: pip install 'archiver[browse]'\n"


def test_an_archive_that_is_none_is_told(tmp_path):
    ended = run("archiver", "browse", "--archive", tmp_path, "--no-open")

    assert ended.code == 2
    assert "no archive of a site in it" in ended.complaint


def test_everything_that_is_served_is_in_the_package():
    served = {path.name for path in (Path(pages.__file__).parent / "static").iterdir()}

    assert {
        "htmx.min.js",
        "htmx-LICENSE.txt",
        "be-vietnam-pro-LICENSE.txt",
        "source-serif-4-LICENSE.txt",
        "style.css",
    } <= served
    assert "://" not in re.sub(r"http://www\.w3\.org/\S+", "", (BROWSE / "static" / "style.css").read_text())
