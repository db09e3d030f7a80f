"""How an article is cited: as a sentence, and for BibTeX."""

from __future__ import annotations

import json
import re

import pytest
from browsing import line
from hypothesis import given
from hypothesis import strategies as st

from archiver.article import Capture, Credit
from archiver.research.citation import bibtex, plain_citation

PLACE = Capture(
    warc="captures/2026/11/a.warc.gz", offset=0, length=1, record_id="<urn:uuid:7>", payload_digest="sha1:x", http_status=200
)  # fmt: skip
AUTHORS = (
    Credit(name="Đức Thảo"),
    Credit(name="BBT"),
    Credit(name="Đức Thảo", role="photo"),
    Credit(name="Anh", role="photo"),
)


def said(**parts):
    return json.loads(line(**parts))


def test_a_citation_says_who_what_where_and_which_capture():
    cited = plain_citation(said(authors=AUTHORS, capture=PLACE))

    assert cited == (
        "Đức Thảo, BBT: Hội thảo về văn hóa đọc. evil, 2026-11-22. https://evil.test/1. "
        "Captured 2026-11-22T18:34:00Z, record <urn:uuid:7>. Revision 1 of evil:1."
    )


@pytest.mark.parametrize(
    ("parts", "begins"),
    [
        (
            {"published_at": None},
            "Hội thảo về văn hóa đọc. evil. https://evil.test/1. Captured 2026-11-22T18:34:00Z. Rev",
        ),
        ({"title": "Xong rồi."}, "Xong rồi. evil, 2026-11-22. "),
    ],
    ids=["no date", "a full stop"],
)
def test_what_is_missing_is_left_out(parts, begins):
    assert plain_citation(said(**parts)).startswith(begins)


def test_bibtex_has_the_fields_of_an_online_source():
    entry = bibtex(said(authors=AUTHORS, capture=PLACE))

    assert entry.splitlines() == [
        "@online{evil-1-r1,",
        "  author = {{Đức Thảo} and {BBT}},",
        "  title = {{Hội thảo về văn hóa đọc}},",
        "  date = {2026-11-22},",
        "  year = {2026},",
        "  organization = {evil},",
        "  url = {https://evil.test/1},",
        "  urldate = {2026-11-22},",
        "  langid = {vietnamese},",
        "  note = {Captured 2026-11-22T18:34:00Z, WARC record <urn:uuid:7>, evil:1 revision 1}",
        "}",
    ]


@given(st.text(min_size=1, max_size=30))
def test_no_title_breaks_out_of_its_braces(title):
    entry = bibtex(said(title=title))
    bare = re.sub(r"\\(?:textbackslash|textasciicircum|textasciitilde)\{\}", "", entry)
    bare = re.sub(r"\\.", "", bare, flags=re.DOTALL)

    assert bare.count("{") == bare.count("}")
    assert not re.search(r"(?<!\\)[$&#%]", bare)
