"""What editors, Word and SharePoint leave inside paragraphs and between them, none of it visible to a reader."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

    from archiver.demo.story import Dress

_TAGS = (
    ("<b>", "</b>"),
    ("<i>", "</i>"),
    ("<strong>", "</strong>"),
    ('<span style="color&#58; #333">', "</span>"),
    ('<a href="/chuyen-muc/tin-tu-cac-don-vi">', "</a>"),
)
_SHORTEST = 4


def inked(text: str, dress: Dress, rng: Random) -> str:
    """The text as HTML that reads the same: inline tags (inside words too), no-break and zero-width spaces."""
    words = escape(text, quote=False).replace("\n", "<br>").split(" ")
    if "inline" in dress.dirt and len(words) > _SHORTEST:
        _tag(words, rng)
    if "zero-width" in dress.dirt:
        at = rng.randrange(len(words))
        words[at] += rng.choice(("\u200b", "&#8203;"))
    if "icon" in dress.dirt and rng.random() < 0.3:
        words.insert(0, '<img src="/Publishing/images/bullet.png" alt="">')
    if "nbsp" not in dress.dirt or len(words) < _SHORTEST:
        return " ".join(words)
    at = rng.randrange(1, len(words) - 1)
    gap = rng.choice(("&nbsp;", " &nbsp;", "&nbsp;\xa0 ", "\n   "))
    return " ".join(words[:at]) + gap + " ".join(words[at:])


def residue(name: str, rng: Random) -> str:
    """One of the things that stand between paragraphs: toolbar, comments, empty, pixel."""
    forms = {
        "toolbar": ("<div>xem cỡ chữ</div><div>T</div><div>T</div>\n", "<p>xem cỡ chữ</p>\n<p>T</p>\n<p>T</p>\n"),
        "comments": ("<!-- 09:12 03/02/2024 đã duyệt -->\n", "<!-- cập nhật 21:40 30/11/2025 <p>bản nháp</p> -->\n"),
        "empty": ("<p>&nbsp;</p>\n", "<p><br></p>\n", "<div>\u200b</div>\n", "<p>&nbsp;&nbsp; &nbsp;</p>\n"),
        "pixel": ('<img src="/Uploads/dem.gif" width="1" height="1" alt="">\n',),
    }
    return rng.choice(forms[name])


def _tag(words: list[str], rng: Random) -> None:
    """Put an inline tag round some words, or round part of one."""
    before, after = rng.choice(_TAGS)
    at = rng.randrange(len(words) - 2)
    word = words[at]
    if rng.random() < 0.5 and len(word) > _SHORTEST and word.isalpha():
        cut = rng.randrange(1, len(word) - 1)
        words[at] = f"{word[:cut]}{before}{word[cut:]}{after}"
        return
    end = at + rng.randrange(1, 3)
    if any("<" in each for each in words[at:end]):
        return
    words[at] = before + words[at]
    words[end - 1] += after
