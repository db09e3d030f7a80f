"""Lines that cannot be read, or are no articles: named with file and byte, never passed over; what is sound is given."""

from __future__ import annotations

import gzip
import json
import os
import shlex
import shutil
import stat
import subprocess
import sys

import pytest
from conftest import ROOT, Ended, environment, needs, run
from handing import files_of
from small_archive import article, in_month, write_archive

import archiver
from archiver.errors import ArchiveDamaged, UsageError
from archiver.store.months import members_of

OCTOBERS = "articles/2026/2026-10.jsonl"
NOVEMBERS = "articles/2026/2026-11.jsonl"

COMMANDS = {
    "export": ("export", "--format", "jsonl", "--out", "{out}"),
    "search": ("search", "hội"),
    "show": ("show", "hcma:1"),
    "history": ("history", "hcma:1"),
    "query": ("query", "SELECT count(*) FROM articles"),
    "stats": ("stats",),
    "verify": ("verify",),
    "seal": ("seal",),
    "rebuild": ("rebuild", "--check"),
    "files": ("files", "hcma:1"),
}


@pytest.fixture
def archive(tmp_path):
    """Three articles, two of them captured in October."""
    root = tmp_path / "archive"
    write_archive(root, in_month(1, 10), in_month(2, 10), in_month(3, 11))
    return root


def asked(archive, *words):
    return run("archiver", *words, "--archive", archive)


def asked_as_anybody(archive, *words) -> Ended:
    """root may enter every folder; without these two rights it is as anybody (capabilities(7))."""
    rights = ("setpriv", "--bounding-set=-dac_override,-dac_read_search") if os.geteuid() == 0 else ()
    if rights and shutil.which("setpriv") is None:
        needs("setpriv is missing, by which root gives up its rights: apt-get install util-linux")
    call = [*rights, sys.executable, "-m", "archiver", *map(str, words), "--archive", str(archive)]
    done = subprocess.run(call, cwd=ROOT, env=environment(), capture_output=True, timeout=60, check=False)
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def said(ended):
    return (ended.out + ended.err).splitlines()


@pytest.mark.parametrize(
    ("folder", "mode"),
    [
        pytest.param("articles", 0, id="closed"),
        pytest.param("articles/2026", stat.S_IRUSR, id="listed-only"),
    ],
)
@pytest.mark.parametrize("command", COMMANDS)
def test_a_folder_of_lines_that_cannot_be_entered_is_named(archive, tmp_path, command, folder, mode):
    closed = archive / "hcma" / folder
    closed.chmod(mode)
    ended = asked_as_anybody(archive, *(word.format(out=tmp_path / "out") for word in COMMANDS[command]))
    closed.chmod(0o755)

    assert "Traceback" not in ended.err
    assert [line for line in said(ended) if str(closed) in line and "cannot be read (Permission denied)" in line]
    assert ended.code == 7
    assert not (tmp_path / "out").exists()


def spoilt(archive, bad: bytes, month: str = OCTOBERS) -> int:
    """Where the bad line now stands, the last of the month."""
    path = archive / "hcma" / month
    offset = path.stat().st_size
    with path.open("ab") as file:
        file.write(bad + b"\n")
    return offset


def without(field: str, number: int = 1) -> bytes:
    line = article(number).as_dict()
    del line[field]
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode()


BAD = {
    "a list for an id": json.dumps(article(1).as_dict() | {"id": ["a"]}).encode(),
    "no capture field": without("capture"),
    "no time of fetching": without("fetched_at"),
    "nested beyond measure": b"[" * 200_000,
    "no JSON": b'{"id":"hcma:1",',
}
TOLD = {
    "export": ("export", "--format", "jsonl,csv,hf", "--out", "{out}"),
    "verify": ("verify",),
    "rebuild": ("rebuild", "--check"),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
@pytest.mark.parametrize("command", TOLD)
def test_a_line_that_is_no_article_is_named_with_file_and_byte(archive, tmp_path, command, bad):
    offset = spoilt(archive, bad)
    ended = asked(archive, *(word.format(out=tmp_path / "out") for word in TOLD[command]))

    assert "Traceback" not in ended.err
    assert [line for line in said(ended) if f"{OCTOBERS}, byte {offset}:" in line]
    assert ended.code == 7


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_only_the_line_that_is_no_article_is_left_out_of_an_export(archive, tmp_path, bad):
    offset = spoilt(archive, bad)
    out = tmp_path / "out"
    ended = asked(archive, "export", "--format", "jsonl,csv,hf", "--out", out)
    described = json.loads((out / "datapackage.json").read_bytes())["archiver"]
    handed_over = gzip.decompress((out / f"data/hcma/{OCTOBERS}.gz").read_bytes())

    assert ended.code == 7
    assert [line["id"] for line in map(json.loads, handed_over.splitlines())] == ["hcma:1", "hcma:2"]
    assert (described["sites"], len(described["left_out"])) == ({"hcma": {"articles": 3, "lines": 3}}, 1)
    assert f"hcma/{OCTOBERS}, byte {offset}: no line of an article" in described["left_out"][0]
    assert "byte" in (out / "README.md").read_text().partition("## What is lacking")[2]
    assert str(archive) not in (out / "README.md").read_text()


def test_an_earlier_export_is_not_replaced_by_one_that_lacks_something(archive, tmp_path):
    out = tmp_path / "out"
    first = asked(archive, "export", "--format", "jsonl", "--out", out)
    before = files_of(out)
    offset = spoilt(archive, BAD["no JSON"])
    again = asked(archive, "export", "--format", "jsonl", "--out", out)

    assert (first.code, again.code) == (0, 7)
    assert files_of(out) == before
    assert f"byte {offset}" in again.complaint
    assert "give another --out" in again.complaint


def test_an_event_that_cannot_be_read_is_told_in_an_export(archive, tmp_path):
    events = archive / "hcma/events/2026/2026-10.jsonl"
    events.parent.mkdir(parents=True)
    events.write_bytes(b"[]\n")
    ended = asked(archive, "export", "--format", "jsonl", "--out", tmp_path / "out")

    assert ended.code == 7
    assert f"{events}, byte 0: no line of an event" in ended.err


def damaged_month(archive):
    """October sealed, and its first bytes others."""
    path = archive / "hcma" / OCTOBERS
    sealed = b"".join(members_of(path.read_bytes().splitlines(keepends=True)))
    path.with_name(path.name + ".gz").write_bytes(b"\0\0" + sealed[2:])
    path.unlink()
    return path.with_name(path.name + ".gz")


@pytest.mark.parametrize("command", ["show", "history", "files"])
@pytest.mark.parametrize("option", [(), ("--json",)], ids=["text", "json"])
def test_a_damaged_month_does_not_hide_the_articles_of_others(archive, command, option):
    path = damaged_month(archive)
    healthy, other = (asked(archive, command, id_, *option) for id_ in ("hcma:3", "hcma:1"))

    assert healthy.out not in ("", "[]\n")
    assert str(path) in healthy.complaint
    assert str(path) in other.complaint
    assert (healthy.code, other.code) == (7, 7)


def test_python_gives_the_articles_of_healthy_months_and_logs_the_other(archive, caplog):
    path = damaged_month(archive)
    found = archiver.open_archive(archive).article("hcma:3")

    assert found.id == "hcma:3"
    assert str(path) in caplog.text
    with pytest.raises(ArchiveDamaged, match=path.name):
        archiver.open_archive(archive).article("hcma:1")


@pytest.mark.parametrize("bad", ["no capture field", "no time of fetching"])
@pytest.mark.parametrize("command", ["show", "history"])
def test_of_an_article_with_a_bad_line_the_others_are_shown(archive, command, bad):
    offset = spoilt(archive, BAD[bad])
    ended = asked(archive, command, "hcma:1")

    assert "Hội thảo" in ended.out
    assert f"{OCTOBERS}, byte {offset}: no line of an article" in ended.complaint
    assert ended.code == 7


def test_a_hit_whose_line_is_damaged_is_named_with_file_and_byte(archive):
    # What the index takes and show does not: an article without an address.
    offset = spoilt(archive, without("url", 9))
    ended = asked(archive, "search", "hội")

    assert f"{OCTOBERS}, byte {offset}: no line of an article (url: is missing). See what is damaged" in ended.complaint
    assert ended.code == 7


def test_a_link_that_leads_back_up_has_an_end(archive):
    (archive / "hcma/articles/2026/up").symlink_to("../..")
    ended = asked(archive, "search", "hội")

    assert ended.out.startswith("3 articles")
    assert "no month of articles" in ended.err
    assert ended.code == 7


STRAYS = {
    "a foreign file": ("articles/2026/notes.txt", "no month of articles"),
    "a month in a wrong folder": ("articles/foo/2026-10.jsonl", "no month of articles"),
    "a torn line of an older month": (OCTOBERS, "its last line is not finished"),
}
READERS = {name: COMMANDS[name] for name in ("search", "query", "stats", "export")}


def added(archive, name: str):
    path = archive / "hcma" / name
    path.parent.mkdir(exist_ok=True)
    with path.open("ab") as file:
        file.write(b'{"id":"hcma:7"')
    return path


@pytest.mark.parametrize(("name", "says"), STRAYS.values(), ids=STRAYS)
@pytest.mark.parametrize("words", READERS.values(), ids=READERS)
def test_torn_and_foreign_files_are_named_and_what_is_sound_is_given(archive, tmp_path, words, name, says):
    path = added(archive, name)
    ended = asked(archive, *(word.format(out=tmp_path / "out") for word in words))

    assert f"{path}: {says}" in ended.err
    assert "Traceback" not in ended.err
    assert ended.out
    assert ended.code == 7


@pytest.mark.parametrize("name", [NOVEMBERS, f"{OCTOBERS}.torn-1", f"{OCTOBERS}.gz.part"])
@pytest.mark.parametrize("words", [READERS["search"], READERS["query"]], ids=["search", "query"])
def test_what_a_run_is_writing_and_what_a_repair_has_left_is_no_trouble(archive, words, name):
    added(archive, name)
    ended = asked(archive, *words)

    assert (ended.code, ended.err) == (0, "")


def test_a_foreign_file_does_not_keep_an_export_from_being_renewed(archive, tmp_path):
    words = ("export", "--format", "jsonl", "--out", tmp_path / "out")
    asked(archive, *words)
    added(archive, "articles/2026/notes.txt")
    write_archive(archive, in_month(4, 11))

    assert asked(archive, *words).code == 7
    assert json.loads((tmp_path / "out/datapackage.json").read_bytes())["archiver"]["sites"]["hcma"]["articles"] == 4


def test_python_says_in_words_what_cannot_be_asked(archive):
    opened = archiver.open_archive(archive)
    answer = opened.sql("SELECT id FROM articles")
    opened.close()
    for asking, says in (
        (lambda: [*answer, *answer], "the archive was closed"),
        (lambda: opened.article(5), "5 is no id of an article"),
        (lambda: opened.sql("SELECT ?"), r"no value is given for each \?"),
        (lambda: [*opened.articles("2026-02-01", "2026-01-01")], "nothing lies between"),
        (lambda: opened.search("hội", since="2026-02-01", until="2026-01-01"), "nothing lies between"),
    ):
        with pytest.raises(UsageError, match=says):
            asking()
    opened.close()


def test_days_the_wrong_way_round_are_refused_by_search(archive):
    ended = asked(archive, "search", "hội", "--since", "2026-02-01", "--until", "2026-01-01")

    assert (ended.code, "nothing lies between" in ended.complaint) == (2, True)


def test_a_count_as_json_is_an_array_too(archive):
    assert json.loads(asked(archive, "search", "hội", "--count", "--json").out) == [{"total": 3, "is_exact": True}]


def test_words_apart_are_offered_with_the_choice_that_was_made_or_not_at_all(archive):
    narrow = ("--since", "2026-01-01", "--field", "title")
    offered = asked(archive, "search", "Nai Hội", *narrow).out.splitlines()[-1]
    command = shlex.split(offered.partition("articles. ")[2])

    assert run(*command).out.startswith("3 articles")
    assert asked(archive, "search", "Nai Hộp", *narrow).out == "0 articles\n"


def test_files_of_none_are_told_as_such_and_no_empty_folder_is_made(archive, tmp_path):
    every, of_one = asked(archive, "files"), asked(archive, "files", "hcma:1", "--out", tmp_path / "out")

    assert "archiver files ID" in every.err
    assert len(of_one.out.splitlines()) == 3
    assert "none is stored" in of_one.err
    assert not (tmp_path / "out").exists()
