"""The line model: it scores like the trees it was made of, the same in every process, and fits the signs it is given."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.page import Page
from archiver.rules.line_marks import NUMBERS, marks
from archiver.rules.line_model import LineModel, line_model
from archiver.rules.line_signs import VOCABULARY, signs
from archiver.rules.story_element import story_element

SIGNS = 4
NUMBER = st.sampled_from([-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 3.0])
TREE = st.recursive(
    st.floats(-2, 2, allow_nan=False).map(lambda score: round(score, 3)),
    lambda below: st.tuples(st.integers(0, SIGNS - 1), NUMBER, below, below).map(list),
    max_leaves=20,
)
WRITTEN = json.loads(files("archiver.rules").joinpath("line_model.json").read_text("utf-8"))
PAGE = b"""<html><head><title>Weir opens</title></head><body><header class=site-header><a href=/>Home</a></header>
<article class=post><h1>Weir opens</h1><p>The old weir above the mill was opened again on Monday after eleven months of repairs.</p>
<p class=caption>Gates</p><ul><li><a href=/ferry>Ferry stops for the winter</a><li>Eight gates</ul>
<p>Its eight gates are worked by hand, as they were in 1911, and the keeper says that he prefers it so.</p></article>
<footer>All rights reserved</footer></body></html>"""


def walked(node, row):
    while isinstance(node, list):
        sign, threshold, below, above = node
        node = below if row[sign] <= threshold else above
    return node


@given(st.lists(TREE, min_size=1, max_size=6), st.lists(NUMBER, min_size=SIGNS, max_size=SIGNS))
def test_the_score_is_the_sum_of_the_leaves_that_a_walk_through_the_trees_reaches(trees, row):
    model = LineModel.of({"names": {}, "words": {}, "threshold": 0, "trees": trees})

    assert model.score(row) == pytest.approx(sum(walked(tree, row) for tree in trees), abs=1e-9)


def test_the_trees_in_the_package_ask_only_for_signs_that_lines_have():
    def asked(node):
        return {node[0]} | asked(node[2]) | asked(node[3]) if isinstance(node, list) else set()

    assert max(set().union(*map(asked, WRITTEN["trees"]))) < len(NUMBERS) + len(VOCABULARY)


def test_a_line_has_every_sign_by_name():
    page = Page("https://example.test/weir", PAGE, datetime(2026, 1, 1, tzinfo=UTC))
    seen = marks(page, story_element(page))
    rows = signs(seen, line_model().names, line_model().words)

    assert {len(row) for row in rows} == {len(NUMBERS) + len(VOCABULARY)}
    assert [dict(zip(NUMBERS, row, strict=False))["level"] for row in rows if row[NUMBERS.index("level")]] == [1]


def test_hashing_does_not_change_a_score():
    """Names and words of a line are sets, whose order differs from one process to another."""
    program = (
        "import sys; from datetime import UTC, datetime; from archiver.page import Page;"
        "from archiver.rules.line_model import line_model; from archiver.rules.line_marks import marks; from archiver.rules.line_signs import signs;"
        "from archiver.rules.story_element import story_element;"
        "page = Page('https://example.test/weir', sys.stdin.buffer.read(), datetime(2026, 1, 1, tzinfo=UTC));"
        "model = line_model();"
        "print([model.score(row) for row in signs(marks(page, story_element(page)), model.names, model.words)])"
    )
    scores = {
        subprocess.run(
            [sys.executable, "-c", program], input=PAGE, capture_output=True, check=True, env={"PYTHONHASHSEED": seed}
        ).stdout
        for seed in ("1", "2", "3")
    }

    assert len(scores) == 1
