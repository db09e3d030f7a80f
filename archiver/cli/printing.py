"""Text of pages, packages and file names on a terminal: nothing in it steers the terminal or turns the order of its letters."""

from __future__ import annotations

import re

import typer

_CONTROLS = re.compile(
    "[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff"
    "\U000e0000-\U000e007f]+"
)
"""Controls (ECMA-48), marks and embeddings of direction (UAX 9), what is invisible, halves of characters. The joiners that
scripts and emoji need stay."""


def printable(text: str) -> str:
    """`text` in one line, a space where controls stood."""
    return _CONTROLS.sub(" ", text)


def say(text: object, *, err: bool = False) -> None:
    """Prints a line, on standard error where `err`."""
    typer.echo(printable(str(text)), err=err)
