"""An export taken back elsewhere is the same archive, proved there; what is damaged, foreign or hostile is refused by name."""

import gzip
import hashlib
import io
import json
import shutil
import zipfile
from pathlib import Path

import pytest
from conftest import run, serving
from handing import NOVEMBER, crawl_at, files_of

from archiver.dumps.export import Wanted, export
from archiver.dumps.seal import seal
from archiver.dumps.selection import EVERYTHING, Range
from archiver.proof.check import check
from archiver.proof.verify import verify_site
from archiver.store.archive import hold
from archiver.store.articles import article_lines
from archiver.store.ledger import Ledger

OWN = ("site.json", "manifest.jsonl", "captures/", "articles/", "events/", "runs/")


def make(archive, out, *formats, chosen=EVERYTHING):
    export([archive / "hcma"], out, Wanted(formats=formats, chosen=chosen))
    return out


def take(package, archive):
    return run("archiver", "import", package, "--archive", archive)


def own_files(site):
    return {name: raw for name, raw in files_of(site).items() if name.startswith(OWN)}


@pytest.fixture(scope="module")
def half_sealed(grown, tmp_path_factory):
    """October is sealed, November goes on."""
    archive = shutil.copytree(grown, tmp_path_factory.mktemp("half") / "archive")
    seal(archive / "hcma", None, NOVEMBER, lambda _: None)
    return archive


@pytest.fixture(scope="module")
def made(half_sealed, tmp_path_factory):
    return make(half_sealed, tmp_path_factory.mktemp("made") / "out", "jsonl", "wacz")


@pytest.fixture
def package(made, tmp_path):
    """A copy, to be damaged."""
    return shutil.copytree(made, tmp_path / "package")


@pytest.mark.parametrize(
    "formats", [("jsonl", "wacz"), ("bagit",), ("wacz", "csv"), ("jsonl", "hf", "wacz", "bagit")], ids="+".join
)
def test_what_is_taken_back_is_the_archive_byte_for_byte(half_sealed, tmp_path, formats):
    out = make(half_sealed, tmp_path / "out", *formats)
    ended = take(out, tmp_path / "elsewhere")

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.startswith("hcma: 12 files taken; 9 lines, 3 files of captures\n")
    assert own_files(tmp_path / "elsewhere" / "hcma") == own_files(half_sealed / "hcma")


def test_a_wacz_alone_is_taken_back(made, half_sealed, tmp_path):
    ended = take(made / "hcma.wacz", tmp_path / "elsewhere")

    assert (ended.code, ended.err) == (0, "")
    assert own_files(tmp_path / "elsewhere" / "hcma") == own_files(half_sealed / "hcma")


def test_an_archive_that_was_taken_back_is_proved_and_goes_on(made, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    take(made, elsewhere)
    site = elsewhere / "hcma"

    assert run("archiver", "verify", "--archive", elsewhere).code == 0
    assert run("archiver", "rebuild", "--check", "--archive", elsewhere).code == 0
    before = list(article_lines(site))
    with serving() as web:
        web.original = "http://the-newsroom.test/"
        paths = [f"/tin-{number}.htm" for number in range(1, 6)]
        web.listing("/", *paths, "/moi-9.htm", "/moi-10.htm")
        for path in (*paths, "/moi-9.htm"):
            web.article(path)
        web.article("/moi-10.htm", title="Bản tin sau khi chuyển kho")
        card = json.loads((site / "site.json").read_bytes())
        (site / "site.json").write_text(json.dumps({**card, "origin": web.original.rstrip("/")}))
        ended = crawl_at(NOVEMBER.replace(day=4), web, elsewhere)
    after = list(article_lines(site))

    assert ended.code == 0, ended.err
    assert after[: len(before)] == before
    assert "hcma:10" in {line["id"] for _, line in after}
    assert verify_site(site, passed=lambda _: None).findings == []


def test_the_ledger_knows_what_the_one_it_came_from_knew(made, half_sealed, tmp_path):
    take(made, tmp_path / "elsewhere")
    known = []
    for archive in (half_sealed, tmp_path / "elsewhere"):
        ledger = Ledger(archive / "hcma" / "ledger.sqlite")
        known.append((dict(ledger.articles()), {n: s for n, s in ledger.files().items() if n.endswith(".jsonl")}))
        ledger.close()

    assert known[0] == known[1]


def test_the_same_again_changes_nothing_and_other_content_is_refused(made, grown, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    take(made, elsewhere)
    before = own_files(elsewhere / "hcma")
    again = take(made / "hcma.wacz", elsewhere)
    other = take(make(grown, tmp_path / "out", "bagit"), elsewhere)

    assert (again.code, again.out.splitlines()[0]) == (0, "hcma: was there already; 9 lines, 3 files of captures")
    assert other.code == 2
    assert "the archive holds other content of this site (articles/2026/2026-10.jsonl differs" in other.complaint
    assert own_files(elsewhere / "hcma") == before
    assert [path.name for path in sorted(elsewhere.iterdir())] == [".importing", "hcma"]
    assert [path.name for path in (elsewhere / ".importing").iterdir()] == [".lock"]


def test_an_archive_that_a_run_holds_is_not_touched(made, tmp_path):
    elsewhere = tmp_path / "elsewhere"
    take(made, elsewhere)
    with hold(elsewhere / "hcma"):
        ended = take(made, elsewhere)

    assert ended.code == 75


@pytest.mark.parametrize(
    ("formats", "chosen", "says", "unproved"),
    [
        (("jsonl",), EVERYTHING, "hcma: lacks 3 files of captures: 9 lines cannot be proved", 9),
        (("jsonl", "wacz"), Range("2026-01-01", None), "published outside of its range", 0),
        (("jsonl",), Range(None, "2025-04-12"), "lacks 3 files of captures: 5 lines cannot be proved", 5),
    ],
    ids=["no captures", "range", "range without captures"],
)  # fmt: skip
def test_a_part_is_taken_as_far_as_it_goes_and_what_it_lacks_is_said(
    half_sealed, tmp_path, formats, chosen, says, unproved
):
    out = make(half_sealed, tmp_path / "out", *formats, chosen=chosen)
    ended = take(out, tmp_path / "elsewhere")
    site = tmp_path / "elsewhere" / "hcma"
    verified = verify_site(site, passed=lambda _: None)
    lines = [
        line
        for path in sorted(out.glob("data/hcma/articles/*/*"))
        for line in gzip.decompress(path.read_bytes()).splitlines()
    ]

    assert ended.code == 0, ended.err
    assert says in ended.out
    assert (verified.findings, verified.unproved) == ([], unproved)
    rebuilt = check(site, passed=lambda _: None)
    assert rebuilt.lacking == unproved
    assert all(difference.endswith("has no line") for difference in rebuilt.differences)
    assert [json.loads(line) for line in lines] == [line for _, line in article_lines(site)]


def test_of_a_range_with_captures_every_line_is_proved(half_sealed, tmp_path):
    take(make(half_sealed, tmp_path / "out", "bagit", chosen=Range("2025-04-11", "2025-04-13")), tmp_path / "elsewhere")
    proved = check(tmp_path / "elsewhere" / "hcma", passed=lambda _: None)

    assert proved.identical == 3
    assert all(difference.endswith("has no line") for difference in proved.differences)


@pytest.mark.parametrize("formats", [("csv",), ("parquet", "hf")], ids="+".join)
def test_tables_alone_are_no_archive(half_sealed, tmp_path, formats):
    ended = take(make(half_sealed, tmp_path / "out", *formats), tmp_path / "elsewhere")

    assert ended.code == 2
    assert "it was made without jsonl, wacz or bagit" in ended.complaint


def listed_anew(package, name):
    """The list of sums says what is there now: as somebody would who means harm."""
    path = package / "SHA256SUMS"
    sums = dict(reversed(line.split("  ", 1)) for line in path.read_text().splitlines())
    sums[name] = hashlib.sha256((package / name).read_bytes()).hexdigest() if (package / name).is_file() else "0" * 64
    path.write_text("".join(f"{digest}  {name}\n" for name, digest in sums.items()))


def flip(path, place=-30):
    raw = bytearray(path.read_bytes())
    raw[place] ^= 1
    path.write_bytes(raw)


def cut(path):
    path.write_bytes(path.read_bytes()[:-30])


LINES = "data/hcma/articles/2026/2026-10.jsonl.gz"
DAMAGES = {
    "lines": (lambda folder: flip(folder / LINES), LINES),
    "lines cut": (lambda folder: cut(folder / LINES), LINES),
    "lines gone": (lambda folder: (folder / LINES).unlink(), LINES),
    "wacz": (lambda folder: flip(folder / "hcma.wacz", 3_000), "hcma.wacz"),
    "card": (lambda folder: flip(folder / "README.md"), "README.md"),
    "gaps": (lambda folder: flip(folder / "data/gaps.jsonl"), "data/gaps.jsonl"),
    "sums gone": (lambda folder: (folder / "SHA256SUMS").unlink(), "SHA256SUMS"),
    "sums": (lambda folder: (folder / "SHA256SUMS").write_text("hello\n"), "SHA256SUMS, line 1"),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_what_is_not_as_listed_is_refused_by_name(package, tmp_path, damage):
    harm, named = DAMAGES[damage]
    harm(package)
    ended = take(package, tmp_path / "elsewhere")

    assert ended.code == 7
    assert f"{package / named}" in ended.complaint
    assert "Get the package again" in ended.complaint
    assert not (tmp_path / "elsewhere" / "hcma").exists()


def with_more(folder, name, raw=b"x"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(raw)
    listed_anew(folder, name)


def as_link(folder, name, to):
    (folder / name).unlink(missing_ok=True)
    (folder / name).symlink_to(to)
    listed_anew(folder, name)


def add_sum(folder, name):
    with (folder / "SHA256SUMS").open("a") as file:
        file.write(f"{'0' * 64}  {name}\n")


HOSTILE = {
    "up": lambda folder: add_sum(folder, "data/hcma/../../../../etc/passwd"),
    "absolute": lambda folder: add_sum(folder, "/etc/passwd"),
    "backslash": lambda folder: add_sum(folder, "data\\hcma\\x"),
    "link to a file": lambda folder: as_link(folder, LINES, "/etc/passwd"),
    "link in a folder": lambda folder: as_link(folder, "data/hcma/runs/20260101T000000Z.json", "../site.json"),
    "folder that is a link": lambda folder: (
        shutil.move(folder / "data/hcma/articles", folder / "else"),
        (folder / "data/hcma/articles").symlink_to(folder / "else"),
    ),
}


@pytest.mark.parametrize("trick", HOSTILE)
def test_no_name_or_link_of_a_folder_leads_out_of_it(package, tmp_path, trick):
    HOSTILE[trick](package)
    ended = take(package, tmp_path / "elsewhere")

    assert ended.code == 7
    assert "leads out of the package" in ended.complaint or "symbolic link" in ended.complaint
    assert not (tmp_path / "elsewhere" / "hcma").exists()


@pytest.mark.parametrize("site", ["../up", "a/b", ".hidden", "", "con\n"])
def test_a_site_whose_name_is_a_path_is_refused(package, tmp_path, site):
    path = package / "datapackage.json"
    told = json.loads(path.read_bytes())
    told["archiver"]["sites"] = {site: {}}
    path.write_text(json.dumps(told))
    listed_anew(package, "datapackage.json")
    ended = take(package, tmp_path / "elsewhere")

    assert ended.code == 7
    assert "no names of sites" in ended.complaint


def test_what_is_no_file_of_an_archive_is_left_where_it_is(package, tmp_path):
    with_more(package, "data/hcma/ledger.sqlite")
    with_more(package, "data/hcma/articles/2026/evil.py")
    ended = take(package, tmp_path / "elsewhere")

    assert ended.code == 0
    assert not [path for path in (tmp_path / "elsewhere").rglob("*") if path.name == "evil.py"]
    assert (tmp_path / "elsewhere" / "hcma" / "ledger.sqlite").read_bytes().startswith(b"SQLite")


def rezipped(path, change):
    """The WACZ with other members, its description saying so."""
    with zipfile.ZipFile(path) as wacz:
        members = {info.filename: wacz.read(info) for info in wacz.infolist()}
    described = json.loads(members.pop("datapackage.json"))
    members.pop("datapackage-digest.json")
    change(members)
    about = {each["path"]: each for each in described["resources"]}
    described["resources"] = [
        {
            **about.get(name, {"name": name}),
            "path": name,
            "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}",
            "bytes": len(raw),
        }
        for name, raw in members.items()
    ]
    raw = json.dumps(described).encode()
    digest = {"path": "datapackage.json", "hash": f"sha256:{hashlib.sha256(raw).hexdigest()}"}
    with zipfile.ZipFile(path, "w") as wacz:
        for name, content in {
            **members,
            "datapackage.json": raw,
            "datapackage-digest.json": json.dumps(digest),
        }.items():
            wacz.writestr(name, content)


@pytest.mark.parametrize(
    "name",
    [
        "../evil.warc.gz",
        "archive/../../evil-20260101T000000Z-00009.warc.gz",
        "/etc/evil",
        "archiver/../x",
        "runs/../../x",
    ],
)
def test_no_name_in_a_wacz_leads_anywhere(made, tmp_path, name):
    wacz = shutil.copy(made / "hcma.wacz", tmp_path / "hcma.wacz")
    rezipped(wacz, lambda members: members.update({name: b"evil"}))
    ended = take(wacz, tmp_path / "deep" / "elsewhere")

    assert ended.code == 7
    assert f"{wacz}: {name}: no file of an archive" in ended.complaint
    assert not [path for path in tmp_path.rglob("*") if "evil" in path.name or path.name == "x"]


@pytest.mark.parametrize("place", [2_000, 20_000, -3_000])
def test_a_wacz_with_a_changed_byte_is_refused(made, tmp_path, place):
    wacz = Path(shutil.copy(made / "hcma.wacz", tmp_path / "hcma.wacz"))
    flip(wacz, place % wacz.stat().st_size if abs(place) < wacz.stat().st_size else -3_000)
    ended = take(wacz, tmp_path / "elsewhere")

    assert (ended.code, (tmp_path / "elsewhere" / "hcma").exists()) == (7, False)
    assert str(wacz) in ended.complaint


def test_what_is_no_export_is_said(tmp_path):
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("hello")
    with zipfile.ZipFile(tmp_path / "foreign.wacz", "w") as wacz:
        wacz.writestr("datapackage.json", "{}")
        wacz.writestr("datapackage-digest.json", "{}")
    ended = {name: take(tmp_path / name, tmp_path / "x") for name in ("folder", "text", "foreign.wacz", "nothing")}

    assert {name: each.code for name, each in ended.items()} == {
        "folder": 2,
        "text": 7,
        "foreign.wacz": 2,
        "nothing": 2,
    }
    assert "no export of archiver" in ended["folder"].complaint
    assert "there is no such folder or file" in ended["nothing"].complaint


def test_a_package_of_a_later_release_is_not_guessed_at(package, tmp_path):
    path = package / "datapackage.json"
    path.write_text(path.read_text().replace('"format": 1,', '"format": 9,', 1))
    listed_anew(package, "datapackage.json")
    ended = take(package, tmp_path / "elsewhere")

    assert ended.code == 2
    assert "is of a later release" in ended.complaint


def test_nothing_of_a_folder_is_written_to_while_it_is_read(package, tmp_path):
    before = files_of(package)
    for path in package.rglob("*"):
        path.chmod(0o555 if path.is_dir() else 0o444)
    take(package, tmp_path / "elsewhere")

    assert files_of(package) == before


def shown_in(out, text):
    """The files of a package in which a text stands, packed or not."""
    found = set()
    for name, raw in files_of(out).items():
        plain = [raw]
        if name.endswith(".gz"):
            plain.append(gzip.decompress(raw))
        if name.endswith(".wacz"):
            with zipfile.ZipFile(io.BytesIO(raw)) as wacz:
                members = [(each, wacz.read(each)) for each in wacz.namelist()]
            plain += [gzip.decompress(each) if inside.endswith(".gz") else each for inside, each in members]
        found |= {name for each in plain if text.encode() in each}
    return found


def taken_down(archive, level):
    ended = run("archiver", "takedown", "hcma:3", "--reason", "error", "--level", level, "--yes", "--archive", archive)
    assert ended.code == 0, ended.err


def test_what_was_hidden_is_not_handed_over_and_neither_are_captures_that_show_it(half_sealed, tmp_path):
    archive = shutil.copytree(half_sealed, tmp_path / "archive")
    taken_down(archive, "hide")
    refused = run("archiver", "export", "--out", tmp_path / "out", "--archive", archive)
    out = make(archive, tmp_path / "out", "jsonl", "csv", "hf")
    ended = take(out, tmp_path / "elsewhere")

    assert refused.code == 2
    assert "captures still show articles that were taken down (1, such as hcma:3)" in refused.complaint
    assert shown_in(out, "Bản tin số 2 về") == set()
    assert "hcma: lacks the texts of articles that were taken down where it was made" in ended.out
    assert run("archiver", "verify", "--archive", tmp_path / "elsewhere").code == 0


def test_after_an_erasure_all_is_handed_over_and_proved_elsewhere(half_sealed, tmp_path):
    archive = shutil.copytree(half_sealed, tmp_path / "archive")
    taken_down(archive, "erase")
    out = make(archive, tmp_path / "out", "jsonl", "csv", "hf", "wacz", "bagit")
    ended = take(out, tmp_path / "elsewhere")

    assert ended.code == 0, ended.err
    assert shown_in(out, "Bản tin số 2 về") == set()
    assert "lacks" not in ended.out
    for words in (("verify",), ("rebuild", "--check")):
        proved = run("archiver", *words, "--archive", tmp_path / "elsewhere")
        assert proved.code == 0, proved.out
