"""verify finds every damage of an archive, repair mends what can be mended, rebuild makes the lines again."""

import json
import shutil

import pytest
from conftest import crawl, reports, run, serving

from archiver.proof.check import check
from archiver.proof.rebuild import rebuild
from archiver.proof.repair import repair
from archiver.proof.verify import verify_site
from archiver.store.captures import capture_files


@pytest.fixture(scope="module")
def sound(tmp_path_factory):
    """Two runs: five articles; then one edited, one new, the rest the same bytes."""
    archive = tmp_path_factory.mktemp("sound")
    with serving() as web:
        paths = [f"/tin-{number}.htm" for number in range(1, 6)]
        web.original = "http://the-newsroom.test/"
        web.listing("/", *paths)
        for number, path in enumerate(paths):
            web.article(path, title=f"Bản tin số {number} về văn hóa đọc")
        crawl(web, archive)
        web.listing("/", "/moi-9.htm", *paths)
        web.article("/moi-9.htm", title="Bản tin mới về thư viện số")
        web.article("/tin-1.htm", title="Bản tin số 0 về văn hóa đọc ở miền núi")
        crawl(web, archive)
    assert [report["articles"]["changed"] for report in reports(archive)] == [0, 1]
    return archive


@pytest.fixture
def archive(sound, tmp_path):
    """A copy of it, to be damaged."""
    return shutil.copytree(sound, tmp_path / "archive")


def findings(archive):
    return verify_site(archive / "hcma", passed=lambda _: None).findings


def codes(archive):
    return {finding.code for finding in findings(archive)}


def rebuilt(archive):
    return rebuild(archive / "hcma", passed=lambda _: None)


def checked(archive):
    return check(archive / "hcma", passed=lambda _: None)


def first_capture_file(site):
    return site / capture_files(site)[0]


def change(path, edit):
    path.write_bytes(edit(path.read_bytes()))


def lines_file(site):
    return next(site.glob("articles/*/*.jsonl"))


def edit_line(site, id_, edit):
    """The first line of the article."""
    raw = lines_file(site).read_bytes().splitlines(keepends=True)
    number = next(number for number, line in enumerate(raw) if json.loads(line)["id"] == id_)
    line = json.loads(raw[number])
    edit(line)
    raw[number] = json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    lines_file(site).write_bytes(b"".join(raw))


def without_last_member(raw):
    return raw[: raw.rindex(b"\x1f\x8b\x08\x00")]


DAMAGES = {
    "torn-tail": lambda site: change(first_capture_file(site), lambda raw: raw[:-10]),
    "cut-at-border": lambda site: change(first_capture_file(site), without_last_member),
    "garbage-at-end": lambda site: change(first_capture_file(site), lambda raw: raw + b"garbage"),
    "left-open": lambda site: first_capture_file(site).rename(first_capture_file(site).with_suffix(".gz.open")),
    "missing-file": lambda site: first_capture_file(site).unlink(),
    "not-in-manifest": lambda site: change(site / "manifest.jsonl", lambda raw: raw.splitlines(keepends=True)[0]),
    "bad-manifest": lambda site: change(
        site / "manifest.jsonl", lambda raw: raw.replace(b'"records": ', b'"records": 1')
    ),
    "torn-manifest": lambda site: change(site / "manifest.jsonl", lambda raw: raw[:-30]),
    "foreign-file": lambda site: (site / "captures" / "2026" / "notes.txt").write_text("hello"),
    "torn-line": lambda site: change(lines_file(site), lambda raw: raw[:-30]),
    "bad-line": lambda site: change(lines_file(site), lambda raw: b'{"id":\n' + raw),
    "doubled-line": lambda site: change(lines_file(site), lambda raw: raw + raw.splitlines(keepends=True)[-1]),
    "broken-history": lambda site: edit_line(site, "hcma:1", lambda line: line.update(id="hcma:99")),
    "no-capture": lambda site: edit_line(site, "hcma:1", lambda line: line["capture"].update(offset=3)),
    "other-capture": lambda site: edit_line(site, "hcma:1", lambda line: line["capture"].update(offset=0)),
    "bad-ledger": lambda site: (site / "ledger.sqlite").write_bytes(b"no database"),
    "ledger-differs": lambda site: change(lines_file(site), lambda raw: b"".join(raw.splitlines(keepends=True)[:-1])),
    "no-card": lambda site: (site / "site.json").write_text("{}"),
}


def test_verify_is_silent_on_a_sound_archive(sound):
    ended = run("archiver", "verify", "--archive", sound)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.endswith("no damage\n")
    assert len(ended.out.splitlines()) == 1


@pytest.mark.parametrize("code", DAMAGES)
def test_verify_finds_and_names_each_damage(archive, code):
    DAMAGES[code](archive / "hcma")

    assert code in codes(archive)


def test_a_finding_is_one_line_with_the_next_command_and_exit_7(archive):
    DAMAGES["torn-line"](archive / "hcma")
    ended = run("archiver", "verify", "--archive", archive)
    (line,) = (line for line in ended.out.splitlines() if line.startswith("torn-line: "))

    assert ended.code == 7
    assert line.endswith("is not finished. Run: archiver repair")


def test_verify_of_one_file_of_an_archive_knows_how_long_it_was(archive):
    file = first_capture_file(archive / "hcma")
    change(file, without_last_member)
    ended = run("archiver", "verify", file, "--json")

    assert ended.code == 7
    assert "cut-at-border" in [finding["code"] for finding in json.loads(ended.out)]


def test_verify_of_one_sound_file_says_so(sound):
    file = first_capture_file(sound / "hcma")
    sealed = json.loads((sound / "hcma" / "manifest.jsonl").read_text().splitlines()[0])
    ended = run("archiver", "verify", file)

    assert (ended.code, ended.out) == (0, f"1 files, {sealed['records']} records: no damage\n")


@pytest.mark.parametrize(
    "code", ["torn-line", "torn-manifest", "left-open", "garbage-at-end", "bad-ledger", "not-in-manifest"]
)
def test_repair_mends_and_moves_aside_what_it_cuts(archive, code):
    site = archive / "hcma"
    DAMAGES[code](site)
    damaged = bytes_of(site)
    repair(site)

    assert bytes_of(site) >= damaged
    assert code not in codes(archive)


def bytes_of(site):
    return sum(file.stat().st_size for file in site.rglob("*") if "ledger" not in file.name and file.is_file())


def test_what_repair_cannot_mend_it_leaves_alone_and_says(archive):
    file = first_capture_file(archive / "hcma")
    change(file, lambda raw: raw[:-10])
    before = file.read_bytes()
    ended = run("archiver", "repair", "--archive", archive)

    assert ended.code == 7
    assert "Restore the file from a backup" in ended.out
    assert file.read_bytes() == before


def test_the_next_run_after_repair_is_well(archive, web):
    (archive / "hcma" / "ledger.sqlite").write_bytes(b"no database")
    assert run("archiver", "repair", "--archive", archive).code == 0
    web.original = "http://the-newsroom.test/"
    web.listing("/", "/tin-2.htm")
    web.article("/tin-2.htm", title="Bản tin số 1 về văn hóa đọc")
    web.article("/nua-7.htm", title="Bản tin nữa về thư viện")
    web.listing("/", "/tin-2.htm", "/nua-7.htm")
    ended = run("archiver", "crawl", "hcma", "--base-url", web.url, "--archive", archive, "--max-pages", 9)

    assert ended.code == 0, ended.err
    assert reports(archive)[-1]["articles"] == {"new": 1, "changed": 0, "unchanged": 0}


def test_rebuild_check_finds_every_line_of_a_crawl_byte_identical(sound):
    ended = run("archiver", "rebuild", "--check", "--archive", sound)

    assert ended.code == 0
    assert "7 lines byte-identical" in ended.out


@pytest.mark.parametrize("without", ["articles", "articles events", "articles events ledger.sqlite"])
def test_rebuild_makes_deleted_lines_again_byte_by_byte(archive, without):
    site = archive / "hcma"
    before = lines_file(site).read_bytes()
    for name in without.split():
        shutil.rmtree(site / name) if (site / name).is_dir() else (site / name).unlink()

    assert rebuilt(archive).written == 7
    assert lines_file(site).read_bytes() == before
    assert codes(archive) == set()


def test_rebuild_adds_a_line_that_was_lost_at_the_end_and_nothing_else(archive):
    site = archive / "hcma"
    before = lines_file(site).read_bytes()
    change(lines_file(site), lambda raw: b"".join(raw.splitlines(keepends=True)[:-1]))

    assert [difference.rpartition(" ")[0][-6:] for difference in checked(archive).differences] == ["has no"]
    assert rebuilt(archive).written == 1
    assert lines_file(site).read_bytes() == before


def test_rebuild_check_names_the_first_difference(archive):
    edit_line(archive / "hcma", "hcma:1", lambda line: line.update(title="Bản tin giả"))
    ended = run("archiver", "rebuild", "--check", "--archive", archive)

    assert ended.code == 7
    assert 'hcma:1: title is "Bản tin giả", and "Bản tin số 0 về văn hóa đọc" by its capture' in ended.out


def test_rebuild_does_not_touch_a_line_that_was_changed(archive):
    edit_line(archive / "hcma", "hcma:3", lambda line: line.update(title="Bản tin giả", revision_id="0" * 64))
    before = lines_file(archive / "hcma").read_bytes()

    assert rebuilt(archive).differing == 1
    assert lines_file(archive / "hcma").read_bytes() == before


def of_older_rules(line):
    """As a parser would have read it that lost the second paragraph."""
    line["extractor"]["rules_digest"] = "0" * 16
    line["revision_id"] = "1" * 64
    line["blocks"], line["body"] = line["blocks"][:1], line["blocks"][0]["text"]


def test_a_newer_parser_gives_a_revision_where_content_differs_marked_as_reparsed_once(archive):
    site = archive / "hcma"
    edit_line(site, "hcma:3", of_older_rules)
    edit_line(site, "hcma:4", lambda line: line["extractor"].update(rules_digest="0" * 16))
    before = lines_file(site).read_bytes()
    told = checked(archive)
    first, again = rebuilt(archive), rebuilt(archive)
    after = lines_file(site).read_bytes()
    added = json.loads(after[len(before) :])

    assert (told.differing, told.same_content, told.other_content) == (0, 1, 1)
    assert (first.written, first.reparsed, again.written) == (1, 1, 0)
    assert after.startswith(before)
    assert (added["id"], added["revision"], added["supersedes"]) == ("hcma:3", 2, "1" * 64)
    assert added["change"] == {"cause": "reparse", "classes": ["body"]}
    assert checked(archive).differing == 0


@pytest.mark.parametrize("command", ["verify", "repair", "rebuild"])
@pytest.mark.parametrize("folder", ["nothing", "empty"])
def test_a_folder_without_an_archive_is_exit_2_and_one_line(tmp_path, command, folder):
    (tmp_path / "empty").mkdir()
    ended = run("archiver", command, "--archive", tmp_path / folder)

    assert ended.code == 2
    assert len(ended.err.splitlines()) == 1
    assert "no archive of a site in it" in ended.err


def test_a_site_that_is_not_there_is_named_with_those_that_are(sound):
    ended = run("archiver", "rebuild", "hcmb", "--archive", sound)

    assert ended.code == 2
    assert "no archive of 'hcmb' in it. There is: hcma" in ended.err
