"""benchmarks/extraction.py prints what it is given, and says what is missing; the real pages are no part of this repository."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
import accuracy_tables
import extraction

REPORT = {
    "aeb": {
        "ours": {"pages": 2, "F1": 0.9754, "exact": 0.5, "pg/s": 150.0, "fail": 0, "empty": 0},
        "trafilatura": {"pages": 2, "F1": 0.961, "exact": 0.25, "pg/s": 50.0, "fail": 0, "empty": 1},
    },
    "fundus": {
        "ours": {"pages": 3, "F1": 0.9, "capP": 0.5, "capR": 1.0, "fail": 1, "empty": 0},
        "resiliparse": {"pages": 3, "F1": 0.8, "title": None, "fail": 0, "empty": 0},
    },
    "htmldate": {"ours": {"pages": 5, "day": 0.95, "fail": 0, "empty": 4}},
}
HALVES = {"open": {"title": 1.0, "body": 0.99}, "blind": {"title": 1.0, "body": 0.97}}


def rows(table):
    """The cells of a Markdown table, by the first of each row."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return {first: rest for first, *rest in cells}


def test_extractors_stand_side_by_side_without_columns_that_nobody_fills():
    table = rows(accuracy_tables.beside_peers(REPORT, accuracy_tables.BODIES))

    assert table == {
        "": ["aeb F1", "aeb exact", "fundus F1", "failed", "empty", "pages/cpu s", "of trafilatura"],
        "---": ["---:"] * 7,
        "**ours**": ["0.975", "0.500", "0.900", "1", "0", "150", "3.00"],
        "trafilatura": ["0.961", "0.250", "–", "0", "1", "50", "1.00"],
        "resiliparse": ["–", "–", "0.800", "0", "0", "–", "–"],
    }


def test_captions_count_by_precision_and_recall():
    table = rows(accuracy_tables.beside_peers(REPORT, accuracy_tables.FIELDS))

    assert table[""] == ["day, htmldate", "captions F1"]
    assert table["**ours**"] == ["0.950", "0.667"]


@pytest.mark.parametrize(
    ("name", "cells"),
    [
        pytest.param("aeb body F1", ["0.975", "**0.975**", "0.982", "0.961 trafilatura"], id="as-printed"),
        pytest.param("aeb body exact", ["0.500", "–", "**0.5**", "0.250 trafilatura"], id="no-floor"),
        pytest.param("fundus body F1", ["0.900", "0.968", "0.98", "0.800 resiliparse"], id="short"),
        pytest.param("day, htmldate set", ["0.950", "**0.92**", "**0.95**", "–"], id="no-peer"),
        pytest.param("failures", ["1", "0", "0", "0 trafilatura"], id="fewer-is-better"),
        pytest.param("empty bodies", ["0", "**0**", "**0**", "0 resiliparse"], id="only-where-truth-has-bodies"),
        pytest.param(
            "the same, in those of trafilatura", ["3.00", "**3**", "–", "1.00 trafilatura"], id="speed-in-one-run"
        ),
        pytest.param(
            "Vietnamese set, blind half: least field, body", ["0.970", "0.98", "1", "–"], id="least-vietnamese-field"
        ),
    ],
)
def test_our_figure_stands_beside_what_is_asked_and_the_best_peer(name, cells):
    assert rows(accuracy_tables.beside_wishes(REPORT, HALVES))[name] == cells


def test_all_tables_come_with_pages_and_versions():
    printed = accuracy_tables.rendered(REPORT, HALVES, "Versions: trafilatura 2.")

    assert printed.startswith("Pages: aeb 2, fundus 3, htmldate 5. Versions: trafilatura 2.\n\nBodies")
    assert "| body | 0.990 | 0.970 |" in printed


@pytest.mark.parametrize(
    ("files", "missing"),
    [([], "score.py"), (["score.py", "aeb/ground_truth.json"], "fundus, wcxb, trafilatura, htmldate")],
    ids=["nothing", "some-sets"],
)
def test_missing_pages_are_named_with_where_they_come_from(tmp_path, files, missing):
    for file in files:
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).touch()
    run = benchmark(ARCHIVER_EVAL=str(tmp_path))

    assert (run.returncode, run.stdout) == (2, "")
    assert run.stderr.startswith(f"{tmp_path}: no {missing}. The pages come from the evaluations of ")
    assert run.stderr.endswith("name their folder: --data DIR or ARCHIVER_EVAL=DIR.\n")


@pytest.mark.skipif(not extraction.BESIDE.exists(), reason="the real pages (../shared/eval) are not on this machine")
def test_real_pages_are_measured():
    run = benchmark("--sets", "aeb", "--peers", ARCHIVER_EVAL=str(extraction.BESIDE))

    assert run.returncode == 0, run.stderr
    assert run.stdout.startswith("Pages: aeb 98.\n")
    assert "| aeb body F1 | 0.9" in run.stdout


def benchmark(*arguments, **env):
    command = [sys.executable, "benchmarks/extraction.py", *arguments]
    return subprocess.run(
        command, cwd=extraction.ROOT, env=os.environ | env, capture_output=True, text=True, check=False, timeout=300
    )
