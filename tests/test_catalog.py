"""The catalog of an archive: what is listed and counted is what the lines say, as they stand now."""

from __future__ import annotations

import gzip
import json
import os
from collections import Counter
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import pytest
from browsing import line, site_folder, write_lines
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import UsageError
from archiver.research.catalog import NAME
from archiver.research.library import Library
from archiver.research.looking import Desk
from archiver.research.missing import Asked, missing, reasons
from archiver.research.selection import NO_SECTION, Selection, read_day
from archiver.store.months import members_of

if TYPE_CHECKING:
    from pathlib import Path

SECTIONS, STATUSES, FLAGS = (
    ("Đào tạo", "Hợp tác", None),
    ("live", "gone"),
    ((), ("thin_body",), ("paywalled", "thin_body")),
)


def many(count: int = 90) -> list[dict]:
    """Lines of every kind, each with a day of its own, some without one."""
    lines = []
    for number in range(count):
        published = (
            None
            if number % 11 == 0
            else f"20{10 + number % 7}-{number % 12 + 1:02}-{number % 28 + 1:02}T23:30:00+07:00"
        )
        made = json.loads(line(id=f"evil:{number}", title=f"Bài số {number}", url=f"https://evil.test/{number}"))
        lines.append({**made, "section": SECTIONS[number % 3], "status": STATUSES[number % 5 == 0], "published_at": published,
                      "quality": list(FLAGS[number % 4 % 3]), "fetched_at": f"2026-11-{number % 28 + 1:02}T00:00:00Z"})  # fmt: skip
    return lines


@pytest.fixture(scope="module")
def lines():
    return many()


@pytest.fixture(scope="module")
def library(tmp_path_factory, lines):
    folder = site_folder(tmp_path_factory.mktemp("archive"))
    write_lines(folder, "articles", *lines)
    return Library([folder])


def takes(selection: Selection, said: dict) -> bool:
    on = said["published_at"] and date.fromisoformat(said["published_at"][:10])
    return (
        selection.section in ("", said["section"] or NO_SECTION)
        and selection.status in ("", said["status"])
        and (not selection.flag or selection.flag in said["quality"])
        and (selection.since is None or (on is not None and on >= selection.since))
        and (selection.until is None or (on is not None and on <= selection.until))
    )


days = st.none() | st.dates(date(2009, 1, 1), date(2017, 12, 31))
selections = st.builds(
    Selection,
    section=st.sampled_from(("", "Đào tạo", NO_SECTION, "none such")),
    status=st.sampled_from(("", "live", "gone", "tombstone")),
    flag=st.sampled_from(("", "thin_body", "paywalled", "none_such")),
    since=days,
    until=days,
)


@given(selections)
@settings(deadline=None, max_examples=60)
def test_counts_and_lists_are_those_of_the_lines(library, lines, selection):
    counts = library.counts(selection)
    expected = {said["id"] for said in lines if takes(selection, said)}
    listed = library.articles(selection, "newest", limit=200)
    without = replace(selection, section="")
    sections = Counter(said["section"] or NO_SECTION for said in lines if takes(without, said))
    undated = replace(selection, since=None, until=None)
    months = Counter(
        int((said["published_at"] or "")[:7].replace("-", "") or 0) for said in lines if takes(undated, said)
    )

    assert counts.total == len(expected)
    assert {each.id for each in listed} == expected
    assert dict(counts.facets["section"]) == dict(sections)
    assert counts.months == dict(months)


@given(selections, st.sampled_from(("newest", "oldest", "changed")))
@settings(deadline=None, max_examples=40)
def test_pages_of_a_list_are_its_parts_in_order(library, selection, order):
    whole = library.articles(selection, order, limit=200)
    parts = [each for offset in range(0, 100, 7) for each in library.articles(selection, order, limit=7, offset=offset)]
    keys = [each.changed if order == "changed" else each.moment for each in whole]

    assert parts == whole
    assert keys == sorted(keys, reverse=order != "oldest")


@given(
    selections,
    st.sampled_from((None, "newest", "oldest", "changed")),
    st.sampled_from(("bai so", "bài số", "so 7*", "số 7")),
)
@settings(deadline=None, max_examples=40)
def test_a_search_finds_what_is_in_the_selection(library, lines, selection, order, text):
    found = (
        Desk(library).look_up(text, "title", selection, order, limit=200, offset=0)
        if selection.section != "none such"
        else None
    )
    sought = [
        said
        for said in lines
        if takes(selection, said)
        and (text.startswith("b") or said["title"].endswith("số 7") or (text[-1] == "*" and "số 7" in said["title"]))
    ]

    assert found is None or {listed.id for listed, _ in found.hits} == {said["id"] for said in sought}
    assert found is None or found.total == len(sought)


def ids(library: Library) -> list[str]:
    library.refresh()
    return sorted(each.id for each in library.articles(Selection(), "newest", limit=500))


def test_what_is_new_is_read_on_and_nothing_else(tmp_path):
    folder = site_folder(tmp_path)
    write_lines(folder, "articles", line(id="evil:1"))
    told: list[int] = []
    library = Library([folder])
    write_lines(folder, "articles", line(id="evil:2"), '{"id": "torn')
    first = ids(library)
    write_lines(folder, "articles", "\n", line(id="evil:3"))

    assert first == ["evil:1", "evil:2"]
    assert ids(library) == ids(Library([folder], told.append)) == ["evil:1", "evil:2", "evil:3"]
    assert told == []


def test_a_line_replaced_in_place_is_read_again(tmp_path):
    folder = site_folder(tmp_path)
    write_lines(folder, "articles", line(id="evil:1", title="Bí mật"), line(id="evil:2"))
    library = Library([folder])
    ids(library)
    path = next(folder.glob("articles/*/*"))
    path.write_bytes(path.read_bytes().replace("Bí mật".encode(), b"********"))
    os.utime(path, ns=(1, 1))

    library.refresh()

    assert library.named(["evil:1"])["evil:1"].title == "********"
    assert "Bí mật".encode() not in (folder / NAME).read_bytes()


def test_a_month_that_is_sealed_is_the_same_month(tmp_path):
    folder = site_folder(tmp_path)
    write_lines(folder, "articles", *many(20))
    before = ids(Library([folder]))
    path = next(folder.glob("articles/*/*"))
    with path.open("rb") as file:
        path.with_name(path.name + ".gz").write_bytes(b"".join(members_of(file)))
    assert gzip.decompress(path.with_name(path.name + ".gz").read_bytes()) == path.read_bytes()
    path.unlink()
    library = Library([folder])

    assert ids(library) == before
    assert library.line("evil:7")["title"] == "Bài số 7"


@pytest.mark.parametrize("content", [b"", b"no database", b"SQLite format 3\0" + b"\0" * 500])
def test_a_damaged_cache_is_made_anew(tmp_path, content):
    folder = site_folder(tmp_path)
    write_lines(folder, "articles", line())
    (folder / NAME).parent.mkdir()
    (folder / NAME).write_bytes(content)

    assert ids(Library([folder])) == ["evil:1"]


def test_several_sites_are_one_list(tmp_path):
    folders: list[Path] = [site_folder(tmp_path, name) for name in ("a", "b")]
    for folder in folders:
        made = [{**said, "id": said["id"].replace("evil", folder.name), "site": folder.name} for said in many(30)]
        write_lines(folder, "articles", *made)
    library = Library(folders)
    listed = library.articles(Selection(), "newest", limit=60)
    found = Desk(library).look_up("bai so", None, Selection(site="b"), None, limit=40, offset=0)

    assert len(listed) == 60
    assert [each.moment for each in listed] == sorted((each.moment for each in listed), reverse=True)
    assert dict(library.counts(Selection()).facets["site"]) == {"a": 30, "b": 30}
    assert {each.site for each, _ in found.hits} == {"b"}
    assert found.total == 30


def test_events_that_gave_no_article_are_listed_newest_first_and_counted(tmp_path):
    folder = site_folder(tmp_path)
    said = {
        "reason": "timeout",
        "url": "https://evil.test/1",
        "id": None,
        "http_status": None,
        "record_id": None,
        "message": None,
    }
    outcomes = ["failed", "new", "gone", "unchanged", "skipped", "listing", "failed"]
    write_lines(
        folder,
        "events",
        *(
            {**said, "time": f"2026-11-{day + 1:02}T00:00:00Z", "outcome": outcome}
            for day, outcome in enumerate(outcomes)
        ),
    )
    library = Library([folder])

    assert [each.outcome for each in missing(library, Asked(), limit=9)] == ["failed", "skipped", "gone", "failed"]
    assert [each.time[:10] for each in missing(library, Asked(day="2026-11-05"), limit=9)] == ["2026-11-05"]
    assert [each.outcome for each in missing(library, Asked(), limit=2, offset=1)] == ["skipped", "gone"]
    assert reasons(library, Asked()) == {("failed", "timeout"): 2, ("gone", "timeout"): 1, ("skipped", "timeout"): 1}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [("2024", date(2024, 1, 1), date(2024, 12, 31)), ("2024-02", date(2024, 2, 1), date(2024, 2, 29)), ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
     ("2024-02-03", date(2024, 2, 3), date(2024, 2, 3)), ("9999", date(9999, 1, 1), None), ("", None, None)],
)  # fmt: skip
def test_a_year_a_month_and_a_day_are_days(text, first, last):
    assert read_day(text) == first
    if last or not text:
        assert read_day(text, is_end=True) == last


@given(st.text(max_size=12))
def test_what_is_no_day_is_told_and_never_a_bug(text):
    with suppress(UsageError):
        assert read_day(text) is None or isinstance(read_day(text), date)
