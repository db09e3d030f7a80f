"""A month of lines reads the same, open or sealed."""

import gzip
import shutil
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.errors import ArchiveDamaged
from archiver.store.ledger import Place
from archiver.store.months import MEMBER_BYTES, Month, line_at, members_of, month_of, months

LINES = [f'{{"id":"hcma:{number}","title":"Chính trị {"ư" * (number % 97)}"}}\n'.encode() for number in range(9_000)]


def sealed(folder, lines, name="articles/2026/2026-03.jsonl"):
    path = folder / (name + ".gz")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(members_of(lines)))
    return Month(name, path)


def opened(folder, lines, name="articles/2026/2026-03.jsonl"):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"".join(lines))
    return Month(name, path)


def test_a_sealed_month_has_the_lines_of_the_open_one_at_the_same_places(tmp_path):
    plain, packed = opened(tmp_path / "open", LINES), sealed(tmp_path / "sealed", LINES)

    assert list(packed.lines()) == list(plain.lines())
    assert packed.size == plain.size == sum(map(len, LINES))
    for offset, raw in list(plain.lines())[:: len(LINES) // 50]:
        assert packed.line(offset) == plain.line(offset) == raw
        assert next(packed.lines(offset)) == (offset, raw)
    assert packed.line(packed.size) == plain.line(plain.size) == b""


def test_any_gzip_tool_reads_a_sealed_month(tmp_path):
    month = sealed(tmp_path, LINES)

    assert gzip.decompress(month.path.read_bytes()) == b"".join(LINES)
    gzip_tool = shutil.which("gzip")
    assert gzip_tool
    assert subprocess.run([gzip_tool, "-dc", month.path], capture_output=True, check=True).stdout == b"".join(LINES)


@given(st.lists(st.binary(max_size=60).map(lambda raw: raw.replace(b"\n", b" ") + b"\n"), max_size=30))
def test_the_same_lines_give_the_same_bytes(lines):
    members = list(members_of(lines))

    assert members == list(members_of(iter(lines)))
    assert gzip.decompress(b"".join(members)) == b"".join(lines)


def test_a_member_holds_whole_lines_of_at_least_256_kb():
    members = [gzip.decompress(member) for member in members_of(LINES)]

    assert all(member.endswith(b"\n") for member in members)
    assert all(MEMBER_BYTES <= len(member) < MEMBER_BYTES + 1_000 for member in members[:-1])


def test_a_line_that_is_being_written_is_none_yet(tmp_path):
    month = opened(tmp_path, [b'{"id":"hcma:1"}\n', b'{"id":"hcm'])

    assert [raw for _, raw in month.lines()] == [b'{"id":"hcma:1"}\n']
    assert month.line(16) == b""


def test_months_are_told_from_the_files_beside_them_and_a_half_sealed_one_is_open(tmp_path):
    for name in (
        "2025/2025-12.jsonl",
        "2026/2026-02.jsonl",
        "2026/2026-02.jsonl.torn-1",
        "2026/notes.txt",
        "x/2026-01.jsonl",
    ):
        path = tmp_path / "articles" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"{}\n")
    for name in ("2026-01", "2026-02"):
        sealed(tmp_path, [b"{}\n"], f"articles/2026/{name}.jsonl")

    found = months(tmp_path, "articles")

    assert [(month.name, month.is_sealed) for month in found] == [
        ("articles/2025/2025-12.jsonl", False),
        ("articles/2026/2026-01.jsonl", True),
        ("articles/2026/2026-02.jsonl", False),
    ]
    assert all(month_of(tmp_path, month.name) == month for month in found)
    assert line_at(tmp_path, Place("articles/2026/2026-01.jsonl", 0)) == b"{}\n"


@pytest.mark.parametrize("cut", [3, 30, 5_000, -1])
def test_a_sealed_month_that_is_cut_or_foreign_is_told_by_name_and_place(tmp_path, cut):
    month = sealed(tmp_path, LINES)
    month.path.write_bytes(month.path.read_bytes()[:cut])

    with pytest.raises(ArchiveDamaged, match=r"2026-03.jsonl.gz, byte \d+: no member of a sealed month"):
        list(month.lines())


def test_a_sealed_month_made_by_another_tool_is_refused_by_name(tmp_path):
    month = sealed(tmp_path, LINES)
    month.path.write_bytes(gzip.compress(b"".join(LINES)))

    with pytest.raises(ArchiveDamaged, match="byte 0: no member"):
        list(month.lines())
