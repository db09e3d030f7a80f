"""The Vietnamese truth set: its goldens agree with their pages, and the general rules read both halves as well as ever.

The figures are benchmarks/vietnamese.py's; a floor is raised with the rules, and never lowered for a page's sake.
"""

import json
import re
import sys
from pathlib import Path
from unicodedata import is_normalized, normalize

import pytest

sys.path.insert(0, str(Path(__file__).parent.parent / "benchmarks"))
import vietnamese

from archiver.page import Page
from archiver.rules.flow import flow
from archiver.store.clock import utc_now

GOLDENS = sorted(vietnamese.PAGES.glob("*/*.json"))
HALVES = ("open", "blind")

FLOORS = {
    "title": 1.00,
    "time": 1.00,
    "authors": 1.00,
    "lead": 0.96,
    "body": 0.95,
    "tags": 1.00,
    "captions": 0.98,
    "section": 0.96,
    "related": 0.92,
}


def name_of(golden):
    return f"{golden.parent.name}/{golden.stem}"


@pytest.fixture(scope="module")
def figures():
    return {half: vietnamese.figures(vietnamese.half(half)) for half in HALVES}


@pytest.mark.parametrize("half", HALVES)
def test_half_has_thirty_pages_or_more(half):
    assert len([golden for golden in GOLDENS if golden.parent.name == half]) >= 30


@pytest.mark.parametrize("golden", GOLDENS, ids=name_of)
def test_golden_is_in_one_normal_form_and_its_body_is_its_blocks(golden):
    text = golden.read_text(encoding="utf-8")
    said = json.loads(text)
    plain = []
    for block in said["blocks"]:
        if "items" in block:
            plain.append("\n".join(block["items"]))
        elif "rows" in block:
            plain.append("\n".join(" | ".join(row) for row in block["rows"]))
        elif block["type"] not in ("image", "embed"):
            plain.append(block["text"])

    assert is_normalized("NFC", text)
    assert said["body"] == "\n\n".join(plain)


@pytest.mark.parametrize("golden", GOLDENS, ids=name_of)
def test_every_paragraph_of_a_golden_stands_on_its_page(golden):
    said = json.loads(golden.read_bytes())
    page = Page(said["_page"]["url"], golden.with_suffix(".html").read_bytes(), utc_now())
    shown = squeezed(" ".join(line.text for line in flow(page).lines))
    missing = [
        block["text"]
        for block in said["blocks"]
        if block["type"] in ("paragraph", "heading", "quote") and squeezed(block["text"]) not in shown
    ]

    assert missing == []


def squeezed(text):
    return re.sub(r"\s+", "", normalize("NFC", text))


@pytest.mark.parametrize("half", HALVES)
@pytest.mark.parametrize("field", FLOORS)
def test_field_is_read_as_well_as_ever(figures, half, field):
    assert figures[half][field] >= FLOORS[field]
