"""An article is taken down: nothing of it is left where it must go, and everything else stands where it stood."""

import gzip
import json
import os
import pty
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT, Reply, environment, run, serving
from handing import NOVEMBER, crawl_at
from taking_down import (
    BODY,
    CAPTION,
    EDITED,
    ID,
    LEAD,
    NEW_TITLE,
    OLD_PATH,
    OTHERS,
    PATH,
    SECRETS,
    TITLE,
    grow,
    members,
    page,
    places_of,
    take_down,
)
from test_other_tools import ACCEPTED, told, verdict

from archiver.proof.check import check
from archiver.proof.rebuild import rebuild
from archiver.proof.verify import verify_site
from archiver.schema import record_schema
from archiver.store.archive import hold
from archiver.store.articles import article_lines
from archiver.store.manifest import Manifest
from archiver.store.members import records
from archiver.store.months import months

LATER = NOVEMBER.replace(day=20)


@pytest.fixture(scope="module")
def grown(tmp_path_factory):
    archive = tmp_path_factory.mktemp("grown")
    with serving() as web:
        grow(web, archive)
    return archive


@pytest.fixture
def archive(grown, tmp_path):
    return shutil.copytree(grown, tmp_path / "archive")


@pytest.fixture(scope="module")
def erased(grown, tmp_path_factory):
    """The archive after a takedown at erase with teasers, and what the command said."""
    archive = shutil.copytree(grown, tmp_path_factory.mktemp("erased") / "archive")
    ended = take_down(archive, "erase", "--teasers", "--yes")
    assert ended.code == 0, ended.err
    return archive, ended


def findings(archive):
    return [finding.message for finding in verify_site(archive / "hcma", passed=lambda _: None).findings]


def checked(archive):
    return check(archive / "hcma", passed=lambda _: None)


def lines_of(archive, kind="articles"):
    """Every line at its place."""
    return {(month.name, at): raw for month in months(archive / "hcma", kind) for at, raw in month.lines()}


def of_article(archive, id_=ID):
    return [json.loads(raw) for raw in lines_of(archive).values() if json.loads(raw)["id"] == id_]


def capture_bytes(archive):
    """Every record at its place, as it is stored."""
    found = {}
    for path in sorted((archive / "hcma").glob("captures/*/*/*.warc.gz")):
        raw = path.read_bytes()
        for record in records(path):
            place = path.name, record.offset
            found[place] = record.is_tombstone, record.field("WARC-Record-ID"), raw[record.offset :][: record.length]
    return found


def files_of(archive):
    return {path: path.read_bytes() for path in sorted(archive.rglob("*")) if path.is_file()}


def test_the_archive_has_the_article_wherever_one_can_be(grown):
    places = places_of(grown, *SECRETS)
    kinds = {place.split("/")[1] for place in places}

    assert {"articles", "captures", "events", "cache", "candidates", "ledger.sqlite", "ledger.sqlite.torn-1"} <= kinds
    assert sum(".torn-" in place for place in places) == 4
    assert sum(place.endswith(".jsonl.gz") for place in places) == 2
    assert [line["change"]["cause"] for line in of_article(grown)] == ["first", "edit", "edit"]
    assert findings(grown) == []


def test_after_an_erase_with_teasers_nothing_of_it_stands_in_any_file(erased, grown):
    assert places_of(erased[0], *SECRETS) == []
    other = "hcma/candidates/article-2.html"
    assert (erased[0] / other).read_text() == (grown / other).read_text()


def test_the_trail_of_a_takedown_tells_no_address_of_it(erased):
    told = (erased[0] / "hcma/takedowns.jsonl").read_text().replace("candidates/article-1.html", "")

    assert ("http" in told, "htm" in told) == (False, False)


def test_after_an_erase_the_archive_is_sound_and_proved(erased):
    found = checked(erased[0])

    assert findings(erased[0]) == []
    assert (found.differing, found.taken_down, found.unproved) == (0, 4, 1)
    assert found.identical > 0


def test_every_other_line_stands_where_it_stood_but_for_related_items_that_named_it(grown, erased):
    before, after = lines_of(grown), lines_of(erased[0])
    changed = {
        json.loads(raw)["id"]: (json.loads(raw), json.loads(after[place]))
        for place, raw in before.items()
        if raw != after[place]
    }

    assert before.keys() < after.keys()
    assert {place: len(raw) for place, raw in before.items()} == {place: len(after[place]) for place in before}
    assert set(changed) == {ID, "hcma:1"}
    was, now = changed["hcma:1"]
    assert [item["title"] for item in was.pop("related")] == [TITLE]
    assert (now.pop("related"), now) == ([], was)


def test_every_other_capture_stands_where_it_stood_byte_by_byte(grown, erased):
    before, after = capture_bytes(grown), capture_bytes(erased[0])
    stay = {place: record for place, record in after.items() if not record[0]}

    assert before.keys() == after.keys()
    assert stay == {place: before[place] for place in stay}
    assert [record[1] for record in before.values()] == [record[1] for record in after.values()]
    assert 10 < len(stay) < len(after)


def test_other_peoples_tools_take_the_files_as_they_are(erased):
    for path in sorted((erased[0] / "hcma").glob("captures/*/*/*.warc.gz")):
        listed = Manifest(erased[0] / "hcma").standing()[path.relative_to(erased[0] / "hcma").as_posix()]
        assert subprocess.run(["gzip", "-t", path], check=False).returncode == 0
        assert verdict("fastwarc", "check", "-q", path) == ACCEPTED
        assert "digest failed" not in told("warcio", "check", "-v", path).decode()
        assert len(told("warcio", "index", path).splitlines()) == listed.records
        assert len(told("cdxj-indexer", "-s", path).splitlines()) == listed.captures


def test_the_manifest_chain_tells_what_was_changed_and_why(grown, erased):
    before = {line.file: line for line in Manifest(grown / "hcma").sealed()}
    added = [line for line in Manifest(erased[0] / "hcma").sealed() if line.cause == "takedown"]

    assert {line.file.split("/")[0] for line in added} == {"captures", "articles", "events"}
    assert {(line.replaces, line.bytes) for line in added if line.file.startswith("captures")} == {
        (before[line.file].sha256, before[line.file].bytes) for line in added if line.file.startswith("captures")
    }
    assert {line.reason for line in added} == {"personal_data"}


def test_a_tombstone_keeps_id_hashes_dates_and_capture_and_nothing_that_tells(grown, erased):
    jsonschema = pytest.importorskip("jsonschema")
    was, now = of_article(grown), of_article(erased[0])
    kept = ("id", "revision", "revision_id", "supersedes", "published_at", "fetched_at", "capture", "change")

    assert [[line[name] for name in kept] for line in now[:-1]] == [[line[name] for name in kept] for line in was]
    assert {line["status"] for line in now} == {"tombstone"}
    assert (now[-1]["change"]["cause"], now[-1]["capture"]) == ("takedown", None)
    assert now[-1]["extractor"]["found_by"] == {"status": "personal_data", "level": "erase"}
    assert {
        key for line in now for key in ("url", "title", "lead", "body", "images", "related", "section") if line[key]
    } == set()
    for line in now:
        jsonschema.validate(line, record_schema())


def test_events_of_it_stay_without_address(grown, erased):
    was = [json.loads(raw) for raw in lines_of(grown, "events").values() if json.loads(raw)["id"] == ID]
    now = [json.loads(raw) for raw in lines_of(erased[0], "events").values() if json.loads(raw)["id"] == ID]

    assert len(was) == len(now) > 2
    assert {event["url"] for event in now} == {""}
    assert [event["outcome"] for event in was] == [event["outcome"] for event in now]


def test_rebuild_does_not_bring_it_back(erased, tmp_path):
    archive = shutil.copytree(erased[0], tmp_path / "archive")
    before = lines_of(archive)
    found = rebuild(archive / "hcma", passed=lambda _: None)

    assert (found.written, lines_of(archive)) == (0, before)


def test_a_lost_ledger_is_made_again_and_knows_of_it(erased, tmp_path):
    archive = shutil.copytree(erased[0], tmp_path / "archive")
    for path in (archive / "hcma").glob("ledger.sqlite*"):
        path.unlink()
    with serving() as web:
        put_back(web)
        listing_without_slug(web)
        ended = run("archiver", "repair", "--archive", archive)
        crawled = crawl_at(LATER, web, archive)

    assert ended.code == 0, ended.out
    assert crawled.code != 7, crawled.err
    assert PATH not in web.asked
    assert places_of(archive, *SECRETS) == []


def put_back(web):
    """The site has it still, and links to it by its address and by its number."""
    web.original = "http://the-newsroom.test/"
    web.listing("/", *OTHERS, PATH, OLD_PATH)
    for number, path in enumerate(OTHERS):
        web.article(path, title=f"Bản tin số {number} về văn hóa đọc", time=f"14:37 1{number}/04/2025")
    web.redirect(OLD_PATH, PATH)
    web.replies[PATH] = Reply(page())


def listing_without_slug(web):
    web.listing("/", *OTHERS, OLD_PATH)


def test_a_later_crawl_neither_asks_for_it_nor_writes_anything_of_it(erased, tmp_path):
    archive = shutil.copytree(erased[0], tmp_path / "archive")
    with serving() as web:
        put_back(web)
        listing_without_slug(web)
        ended = crawl_at(LATER, web, archive)
    report = json.loads(max((archive / "hcma/runs").glob("*.json")).read_text())

    assert ended.code == 0, ended.err
    assert (PATH in web.asked, OLD_PATH in web.asked) == (False, False)
    assert report["left_out"] == {"taken_down": 1}
    assert len(of_article(archive)) == 4
    assert places_of(archive, *SECRETS) == []
    assert (findings(archive), checked(archive).differing) == ([], 0)


def test_a_probe_does_not_ask_for_it(erased, tmp_path):
    archive = shutil.copytree(erased[0], tmp_path / "archive")
    with serving() as web:
        put_back(web)
        web.listing("/", PATH)
        ended = run("archiver", "probe", "hcma", "--base-url", web.url, "--archive", archive)

    assert (PATH in web.asked, ended.code) == (False, 4), ended.err
    assert "taken_down" in ended.out
    assert findings(archive) == []


@pytest.mark.parametrize("way", ["an unknown address that redirects", "the same content under another number"])
def test_what_a_later_crawl_meets_of_it_unawares_is_erased_at_its_end(erased, tmp_path, way):
    archive = shutil.copytree(erased[0], tmp_path / "archive")
    with serving() as web:
        put_back(web)
        if way.startswith("an unknown"):
            web.listing("/", *OTHERS, "/chuyen-tiep-79.htm")
            web.redirect("/chuyen-tiep-79.htm", PATH)
        else:
            web.listing("/", *OTHERS, "/ban-tin-78.htm")
            web.replies["/ban-tin-78.htm"] = Reply(page())
        first = crawl_at(LATER, web, archive)
        asked = [path for path in web.asked if path.endswith(("78.htm", "79.htm"))]
        second = crawl_at(LATER.replace(hour=20), web, archive)
    skipped = [
        json.loads(raw) for raw in lines_of(archive, "events").values() if json.loads(raw)["reason"] == "taken_down"
    ]

    assert (first.code, second.code) == (0, 0), first.err
    assert asked == [path for path in web.asked if path.endswith(("78.htm", "79.htm"))] != []
    assert [(event["outcome"], event["url"], event["id"]) for event in skipped] == [("skipped", "", ID)]
    assert places_of(archive, *SECRETS) == []
    assert (findings(archive), checked(archive).differing) == ([], 0)


def test_hide_adds_a_line_and_leaves_the_rest(grown, archive):
    ended = take_down(archive, "hide", "--yes")
    before, after = lines_of(grown), lines_of(archive)

    assert ended.code == 0, ended.err
    assert before.items() < after.items()
    assert capture_bytes(archive) == capture_bytes(grown)
    assert (findings(archive), checked(archive).differing) == ([], 0)
    assert of_article(archive)[-1]["extractor"]["found_by"]["level"] == "hide"
    assert run("archiver", "diff", ID, "--archive", archive).code == 2
    assert not (archive / "hcma/cache").exists()


@pytest.mark.parametrize("level", ["hide", "erase"])
def test_what_is_read_or_handed_over_shows_the_tombstone_only(archive, tmp_path, level):
    assert take_down(archive, level, "--yes").code == 0
    shown = run("archiver", "show", ID, "--revision", "1", "--archive", archive)
    history = run("archiver", "history", ID, "--json", "--archive", archive)
    rows = run(
        "archiver", "query", f"SELECT title, body, url FROM revisions WHERE id = '{ID}'", "--json", "--archive", archive
    )
    out = tmp_path / "out"
    exported = run("archiver", "export", "--format", "jsonl,csv,hf", "--out", out, "--archive", archive)
    taken = run("archiver", "import", out, "--archive", tmp_path / "elsewhere")
    verified = run("archiver", "verify", "--archive", tmp_path / "elsewhere")

    assert [each.code for each in (shown, history, rows, exported, taken, verified)] == [0] * 6, (
        exported.err + taken.err
    )
    assert not any(secret in shown.out + history.out for secret in SECRETS)
    assert {tuple(row.values()) for row in json.loads(rows.out)} == {("", "", "")}
    assert places_of(out, EDITED, CAPTION, "ông Bình xác nhận việc ấy") == []
    assert any(path.name == "takedowns.jsonl" for path in out.rglob("*"))
    assert run("archiver", "takedowns", "--archive", tmp_path / "elsewhere").out.count(ID) == 1


def test_text_empties_lines_and_caches_and_leaves_captures(grown, archive):
    ended = take_down(archive, "text", "--yes")
    found = checked(archive)

    assert ended.code == 0, ended.err
    assert capture_bytes(archive) == capture_bytes(grown)
    left = {place.split("/")[1] for place in places_of(archive, LEAD, BODY, EDITED, CAPTION, TITLE)}
    assert left == {"captures", "articles"}  # another article's related item names its title: a teaser
    assert places_of(archive / "hcma/articles", LEAD, EDITED, CAPTION) == ["2026/2026-10.jsonl.gz"]
    assert not (archive / "hcma/cache").exists()
    assert (findings(archive), found.differing, found.taken_down) == ([], 0, 4)


def test_a_deeper_level_can_follow_and_a_shallower_one_says_that_it_is_done(archive):
    ended = [take_down(archive, level, "--yes") for level in ("hide", "text", "erase")]
    again = take_down(archive, "text", "--yes")
    teasers = take_down(archive, "erase", "--teasers", "--yes")

    assert [each.code for each in (*ended, again, teasers)] == [0] * 5
    assert "was taken down on" in again.out
    assert places_of(archive, *SECRETS) == []
    assert (findings(archive), checked(archive).differing) == ([], 0)
    assert [line["extractor"]["found_by"].get("level") for line in of_article(archive)][3:] == ["hide", "text", "erase"]


@pytest.mark.parametrize(("answer", "status"), [(b"n\n", "live"), (b"y\n", "tombstone")], ids=["no", "yes"])
def test_on_a_terminal_the_plan_is_shown_and_a_question_asked(archive, answer, status):
    terminal, end = pty.openpty()
    words = ["takedown", ID, "--reason", "court/2026.17", "--archive", str(archive)]
    command = [sys.executable, "-m", "archiver", *words]
    with subprocess.Popen(command, cwd=ROOT, stdin=end, stdout=end, stderr=end, env=environment()) as asking:
        os.write(terminal, answer)
        asking.wait(60)
    os.close(end)
    shown = os.read(terminal, 65_536).decode()
    os.close(terminal)

    assert asking.returncode == 0, shown
    assert shown.index(NEW_TITLE) < shown.index("There is no way back. Do it? [y/N]")
    assert of_article(archive)[-1]["status"] == status
    assert [line["extractor"]["found_by"].get("level") for line in of_article(archive)[3:]] == ["hide"] * (
        status != "live"
    )


def test_with_plan_it_is_told_and_nothing_is_changed(archive):
    before = files_of(archive)
    ended = take_down(archive, "erase", "--plan")
    after = files_of(archive)

    assert ended.code == 0
    assert ended.out.splitlines()[0] == f"{ID}  {NEW_TITLE}"
    assert ended.out.splitlines()[-1] == "Nothing was changed. To do it: the same command without --plan"
    assert {path for path in before if "ledger" not in path.name} == {
        path for path in after if "ledger" not in path.name
    }
    assert all(after[path] == raw for path, raw in before.items() if "ledger.sqlite-" not in path.name)


def test_the_plan_names_every_teaser_with_its_place_and_what_would_lose_its_proof(archive):
    ended = take_down(archive, "erase", "--plan", "--json")
    plan = json.loads(ended.out)
    found = capture_bytes(archive)
    names = {
        path.name: path.relative_to(archive / "hcma").as_posix()
        for path in (archive / "hcma").glob("captures/*/*/*.gz")
    }
    ids = {(names[name], at): record_id for (name, at), (_, record_id, _) in found.items()}

    assert {ids[each["file"], each["offset"]] for each in plan["teasers"]} == {
        each["record_id"] for each in plan["teasers"]
    }
    assert {each["url"].split("/", 3)[3] for each in plan["teasers"]} == {"", OTHERS[0][1:]}
    assert [each["file"] for each in plan["related"]] == ["articles/2026/2026-10.jsonl"]
    assert (plan["unproved"], plan["unproved_with_teasers"]) == ({}, {"hcma:1": 1})
    assert min(plan["moved_aside"]) == "articles/2026/2026-10.jsonl.torn-1"


def test_without_teasers_they_stay_and_a_later_takedown_erases_them(archive):
    assert take_down(archive, "erase", "--yes").code == 0
    left = places_of(archive, *SECRETS)
    assert {place.split("/")[1] for place in left} == {"captures", "articles"}
    assert places_of(archive, EDITED, CAPTION, "ông Bình xác nhận việc ấy") == []
    assert checked(archive).unproved == 0
    assert take_down(archive, "erase", "--teasers", "--yes").code == 0

    assert places_of(archive, *SECRETS) == []
    assert (findings(archive), checked(archive).differing, checked(archive).unproved) == ([], 0, 1)


WRONG = {
    "an unknown id": ((("--level", "erase"), "hcma:78"), "Nearest: hcma:77"),
    "an unknown site": ((("--level", "erase"), "other:78"), "There are sites: hcma"),
    "teasers without erase": ((("--level", "text", "--teasers"), ID), "give it with --level erase"),
    "no such level": ((("--level", "burn"), ID), "'hide', 'text', 'erase'"),
}


@pytest.mark.parametrize(("given", "says"), WRONG.values(), ids=WRONG)
def test_what_cannot_be_done_is_said_in_a_line(grown, given, says):
    options, id_ = given
    ended = run("archiver", "takedown", id_, "--reason", "error", *options, "--archive", grown, "--yes")

    assert (ended.code, ended.out) == (2, "")
    assert says in ended.complaint


@pytest.mark.parametrize("reason", ["a court has said so", "", "x\nWARC-Type: response", "q" * 61])
def test_a_reason_that_is_no_code_is_refused_with_the_list(grown, reason):
    ended = run("archiver", "takedown", ID, "--reason", reason, "--level", "hide", "--archive", grown)

    assert ended.code == 2
    assert "court_order: " in ended.complaint
    assert "publisher_request: " in ended.complaint


def test_an_archive_that_a_run_holds_is_left_alone(archive):
    with hold(archive / "hcma"):
        ended = take_down(archive, "hide", "--yes")

    assert ended.code == 75


def test_a_damaged_capture_file_is_not_overwritten(archive):
    path = min((archive / "hcma").glob("captures/*/*/*.warc.gz"))
    raw = bytearray(path.read_bytes())
    raw[100] ^= 1
    path.write_bytes(raw)
    before = files_of(archive)
    ended = take_down(archive, "erase", "--yes")

    assert ended.code == 7
    assert {path: raw for path, raw in files_of(archive).items() if "ledger" not in path.name} == {
        path: raw for path, raw in before.items() if "ledger" not in path.name
    }


def test_any_other_change_after_a_takedown_is_found(erased, tmp_path):
    archive = shutil.copytree(erased[0], tmp_path / "archive")
    path = min((archive / "hcma").glob("captures/*/*/*.warc.gz"))
    raw = path.read_bytes()
    at = next(at for at in members(raw) if b"WARC-Takedown" in gzip.decompress(raw[at:])[:400])
    path.write_bytes(raw[: at + 4] + b"\x01" + raw[at + 5 :])

    assert ["not that of the manifest" in message for message in findings(archive)] == [True]


def test_a_tombstone_that_no_takedown_explains_is_found(erased, tmp_path):
    archive = shutil.copytree(erased[0], tmp_path / "archive")
    (archive / "hcma/takedowns.jsonl").unlink()

    assert any("takedowns.jsonl tells of no takedown" in message for message in findings(archive))


def test_takedowns_are_listed(erased):
    text = run("archiver", "takedowns", "--archive", erased[0])
    (told,) = json.loads(run("archiver", "takedowns", "--archive", erased[0], "--json").out)

    assert text.code == 0
    assert f"erase  personal_data      {ID}" in text.out
    assert (told["id"], told["level"], told["reason"], told["is_done"]) == (ID, "erase", "personal_data", True)


def test_history_tells_of_the_takedown(erased):
    ended = run("archiver", "history", ID, "--archive", erased[0])

    assert ended.out.splitlines()[-1].endswith("tombstone  takedown: personal_data, erase")
    assert [line["id"] for _, line in article_lines(erased[0] / "hcma")].count(ID) == 4
