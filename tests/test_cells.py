"""No cell that we write is computed by a spreadsheet, and the text can be had back."""

import csv
import io
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from small_archive import article

from archiver.article import jsonable
from archiver.browse.tables import cell_of
from archiver.cells import safe_cell
from archiver.cli.show_answer import _safe
from archiver.dumps.csv_tables import csv_rows

SIGNS = "=+-@＝＋－＠﹢﹣﹦﹫"
BEFORE = " \u00a0\u3000\u2003\t\r\n\x00\x0b\x0c\x1f\x85\u2028\ufeff\u200b\u200e\u202e\u00ad\u2060"
STRINGS = {
    "=1+1": "'=1+1",
    "+84 24 3854 0205": "'+84 24 3854 0205",
    "-5 độ ở Mẫu Sơn": "'-5 độ ở Mẫu Sơn",
    "- Ảnh: Đức Mạnh": "'- Ảnh: Đức Mạnh",
    "@bao_hcma": "'@bao_hcma",
    "  =HYPERLINK(1)": "'  =HYPERLINK(1)",
    "\u00a0=1": "'\u00a0=1",
    "\u3000＝1": "'\u3000＝1",
    "\ufeff=1": "'\ufeff=1",
    "\u200b@x": "'\u200b@x",
    "\x00=1": "'\x00=1",
    "\x0b\x0c-1": "'\x0b\x0c-1",
    "\ttext": "'\ttext",
    "\r\ntext": "'\r\ntext",
    " \ntext": "' \ntext",
    "'tis": "''tis",
    "Giá = 5": "Giá = 5",
    "– gạch dài": "– gạch dài",
    " thường ": " thường ",
    "": "",
    " \u200b": " \u200b",
}


@pytest.mark.parametrize(("text", "cell"), STRINGS.items(), ids=map(ascii, STRINGS))
def test_what_a_spreadsheet_would_compute_gets_a_quote(text, cell):
    assert (safe_cell(text), cell_of(text), _safe(text)) == (cell, cell, cell)


@given(st.text(BEFORE, max_size=6), st.sampled_from(SIGNS), st.text(max_size=10))
def test_nothing_that_cannot_be_seen_hides_a_formula(before, sign, rest):
    assert safe_cell(before + sign + rest) == "'" + before + sign + rest


@given(st.text(max_size=20))
def test_a_cell_says_its_text_and_begins_with_no_formula(text):
    cell = safe_cell(text)
    shown = "".join(sign for sign in cell if unicodedata.category(sign)[0] not in "CZ")

    assert (cell.removeprefix("'")) == text
    assert not shown.startswith(tuple(SIGNS))


def test_no_column_of_a_table_is_left_out():
    line = jsonable(article(1)) | {"published_at": "=1+1", "title": "\u00a0@x"}
    rows = list(csv.reader(io.StringIO(b"".join(csv_rows([line], bom=False)).decode())))
    cells = dict(zip(*rows, strict=True))

    assert (cells["published_on"], cells["published_at"], cells["title"]) == ("'=1+1", "'=1+1", "'\u00a0@x")
