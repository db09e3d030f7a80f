"""Cells of tables that people open in a spreadsheet, which computes whatever looks like a formula."""

from __future__ import annotations

import unicodedata

_BEGINNINGS = ("=", "+", "-", "@", "'")
"""A ' is doubled, so that taking one away gives the text."""
_LINE_SIGNS = ("\t", "\r", "\n")
"""At the beginning of a cell these end it for some spreadsheets, which then read on (OWASP, CSV Injection)."""
_INVISIBLE = ("C", "Z")
"""Categories of Unicode: controls, formats, what is not assigned; spaces and separators."""


def safe_cell(text: str) -> str:
    """`text`, with a ' in front where a spreadsheet would take it for a formula (CWE-1236, OWASP: CSV Injection).

    White space, controls and what cannot be seen are looked behind; the signs count in their full-width, small and raised
    forms too. Where the cell begins with ', the text is what stands behind it.
    """
    for sign in text:
        if sign in _LINE_SIGNS:
            return f"'{text}"
        if unicodedata.category(sign)[0] not in _INVISIBLE:
            return f"'{text}" if unicodedata.normalize("NFKC", sign).startswith(_BEGINNINGS) else text
    return text
