"""benchmarks/many_articles.py: its lines are what a crawl could have written, and the same seed gives the same bytes."""

import json
import sys
import unicodedata
from pathlib import Path

import jsonschema
import pytest

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))
from many_articles import write_archive  # benchmarks are scripts, not a package

from archiver.research.histories import history
from archiver.schema import record_schema


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("archive")
    write_archive(folder, articles=400, seed=1)
    return folder / "many"


def texts(site):
    return {path.name: path.read_bytes() for path in sorted(site.glob("articles/*/*.jsonl"))}


def lines(site):
    return [json.loads(raw) for text in texts(site).values() for raw in text.splitlines()]


def test_lines_are_valid(site):
    schema = jsonschema.Draft202012Validator(record_schema(), format_checker=jsonschema.FormatChecker())

    assert [error.message for line in lines(site) for error in schema.iter_errors(line)] == []


def test_lines_are_nfc_and_in_the_order_of_their_captures(site):
    moments = [line["fetched_at"] for line in lines(site)]

    assert moments == sorted(moments)
    assert all(unicodedata.is_normalized("NFC", text.decode()) for text in texts(site).values())
    assert all(
        line["fetched_at"][:7] == name[:7]
        for name, text in texts(site).items()
        for line in map(json.loads, text.splitlines())
    )


def test_articles_are_edited_withdrawn_and_return(site):
    every = lines(site)
    assert {line["change"]["cause"] for line in every} == {"first", "edit", "gone", "return"}
    (returned, *_) = [line["id"] for line in every if line["change"]["cause"] == "return"]
    revisions = history([site], returned, print)

    assert [line["revision"] for line in revisions] == list(range(1, len(revisions) + 1))
    assert [line["supersedes"] for line in revisions] == [None, *(line["revision_id"] for line in revisions[:-1])]


def test_same_seed_gives_the_same_bytes(site, tmp_path):
    write_archive(tmp_path, articles=400, seed=1)

    assert texts(tmp_path / "many") == texts(site)
