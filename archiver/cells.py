"""Cells of tables that people open in a spreadsheet, which computes whatever looks like a formula."""

from __future__ import annotations

import unicodedata

_BEGINS_FORMULA = "=+-@"
_ODD_BEGINNINGS = ("\t", "\r", "\n", "'")
"""OWASP, CSV Injection, names the first two and the line end; a ' is doubled, so that taking one away gives the text."""
_INVISIBLE = ("C", "Z")
"""Categories of Unicode: controls, formats, what is not assigned; spaces and separators."""


def safe_cell(text: str) -> str:
    """`text`, with a ' in front where a spreadsheet would take it for a formula (CWE-1236, OWASP: CSV Injection).

    White space, controls and what cannot be seen are looked behind; the signs count in their full-width, small and raised
    forms too. Where the cell begins with ', the text is what stands behind it.
    """
    first = next((sign for sign in text if unicodedata.category(sign)[0] not in _INVISIBLE), "")
    is_formula = unicodedata.normalize("NFKC", first).startswith(tuple(_BEGINS_FORMULA)) if first else False
    return f"'{text}" if is_formula or text.startswith(_ODD_BEGINNINGS) else text
