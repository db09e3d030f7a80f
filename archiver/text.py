"""Text as readers see it: cleaned for storing, folded for comparing, and rid of what agencies and sites add to it."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

# Soft hyphen, zero-width space, word joiner and invisible operators, byte order mark, bidi marks; C0 and C1 controls
# that are no white space; halves of surrogate pairs.
_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\ud800-\udfff]",
)

# ZWNJ and ZWJ shape words between letters of these scripts, and an Indic virama also needs them at the end of a word.
_JOINED = (
    "\u0600-\u08ff\ufb50-\ufdff\ufe70-\ufefc"  # Arabic, Syriac, Thaana, N'Ko and their forms
    "\u0900-\u0dff\u1000-\u109f\u1780-\u17ff\u1800-\u18af"  # Indic scripts, Myanmar, Khmer, Mongolian
    "\u00a9\u00ae\u2190-\u2bff\u3030\u303d\ufe0f\U0001f000-\U0001faff"  # emoji, their variation selector and skin tones
)
_VIRAMA = "\u094d\u09cd\u0a4d\u0acd\u0b4d\u0bcd\u0c4d\u0ccd\u0d4d\u0dca\u1039\u103a\u17d2"
_LOOSE_JOINER = re.compile(f"(?<![{_JOINED}])[\u200c\u200d]|(?<![{_VIRAMA}])[\u200c\u200d](?![{_JOINED}])")

_SENTENCE_END = re.compile(r"""[.!?…:;。！？：；．؟۔।॥][\s"'”’»›)\]}」』）】]*\Z""")

_LONG_RUN = re.compile(r"[^\w\x00-\x7f]{31,}")
_MOST_MARKS = 30
"""Marks upon one letter (UAX 15, stream-safe text): sorting a run of thousands takes minutes."""
_MARKS = re.compile("[\u0300-\u036f]+")
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "æ": "ae", "œ": "oe"})
_SIGNS = str.maketrans(
    dict.fromkeys("“”„‟«»″〝〞＂", '"')
    | dict.fromkeys("‘’‚‛‹›′`´＇", "'")
    | dict.fromkeys("‐‑‒–—―−－", "-")
    | {"…": "..."},
)

_ANY_SIGN = re.compile(f"[{re.escape(''.join(map(chr, _SIGNS)))}]")

# Names under which Vietnamese agencies and newspapers open a lead. Places and topics also stand in capitals before a
# dash, so without brackets only these names and domains count.
_AGENCIES = (
    "AFP|AP|BNEWS|CAND|DVO|ĐCSVN|ĐĐK|ĐSPL|ĐTCK|HCMA[1-4]?|HNMO|KTĐT|LĐO|LLCT|NDĐT|NDO|NLĐO|NTNN|PLO|PLVN|PTOJ|QĐND|SGGP"
    "|SGGPO|TBTCO|TCCS|TCCSĐT|TCTG|TNO|TPO|TTO|TTXVN|VNA|VOH|VOV|VOVTV|VTC|VTC News|VTV|XDĐ"
)
_NAMED = (
    "Báo [^()]{2,30}|Tạp chí [^()]{2,30}|Cổng [^()]{2,30}|Dân trí|Dân Việt|Đại Đoàn Kết|Đại đoàn kết|Công Lý|Công Thương"
    "|Giáo dục (?:và|&) Thời đại|Infonet|Kiến Thức|Kiến thức|Lao Động|Lao động|Người Lao Động|Nhân Dân|Nhân dân|Pháp luật"
    "|Reuters|Sputnik|Thanh Niên|Tiền Phong|Tổ Quốc|Tuổi Trẻ|Tuổi trẻ|Vietnam\\+|VietnamPlus|Xây dựng|Xinhua"
)
_DOMAIN = r"(?:[A-Za-z][\w-]*\.)+(?:vn|VN|com|net|org|info)"
# (?!\w*TP): TPHCM, TP.HCM are places. A token with two capitals is an acronym or a coined name (VnMedia, PetroTimes).
_ACRONYM = r"(?!TP\.?\s?HCM|HN\b|COVID|SARS)(?=\w*[^\W\d_a-zà-ỹđ]\w*[^\W\d_a-zà-ỹđ])[^\W\d_][\w+.]{1,14}"
_AGENCY = re.compile(
    rf"\s*(?:\(\s*({_NAMED}|{_DOMAIN}|{_ACRONYM})\s*\)\s*[-–—]\s*|({_AGENCIES}|{_DOMAIN})\s*[-–—]\s+)(?=\S)",
)

_LONGEST_TITLE = 1_000
_REMEMBERED = 2_000
"""Characters: longer texts are compared, but not kept."""
_SEPARATOR = re.compile(r"\s(?:[-–—|»«·•]|::)\s")


def clean(text: str) -> str:
    """`text` as stored: NFC, every run of white space one space, stripped, nothing invisible in it.

    Zero-width joiners stay where a script (Persian, Indic, emoji) needs them. clean(clean(text)) == clean(text).
    """
    # isprintable is False for controls, format characters, surrogates, and every space but U+0020: mostly for line ends.
    if not text.isprintable():
        spaced = " ".join(text.split())
        if not spaced.isprintable():
            return _cleaned(text)
        text = spaced
    if not text.isascii():
        text = _LONG_RUN.sub(_few_marks, text)
        if not unicodedata.is_normalized("NFC", text):
            text = unicodedata.normalize("NFC", text)
    return " ".join(text.split()) if "  " in text else text.strip(" ")


def _few_marks(run: re.Match[str]) -> str:
    """The characters of `run` without the marks beyond the most that one letter may have."""
    kept, marks = [], 0
    for sign in run[0]:
        # Joiners, which may go next, part no marks.
        marks = marks + 1 if unicodedata.combining(sign) else marks if sign in "\u200c\u200d" else 0
        if marks <= _MOST_MARKS:
            kept.append(sign)
    return "".join(kept)


def _cleaned(text: str) -> str:
    text = unicodedata.normalize("NFC", _LONG_RUN.sub(_few_marks, _INVISIBLE.sub("", text)))
    # Joiners keep marks apart that NFC reorders as soon as one of them goes, which can loosen the next.
    while (fewer := _LOOSE_JOINER.sub("", text)) != text:
        text = unicodedata.normalize("NFC", fewer)
    return " ".join(text.split())


def ends_sentence(text: str) -> bool:
    """Whether `text` ends in a stop, a colon or a semicolon, also before closing quotes and brackets (`./.` too)."""
    return _SENTENCE_END.search(text[-12:]) is not None


def fold(text: str) -> str:
    """`text` for comparing, never for storing: lower case, no accents (đ is d), white space folded."""
    return _folded(text) if len(text) <= _REMEMBERED else _folded.__wrapped__(text)


@lru_cache(maxsize=4096)
def _folded(text: str) -> str:
    bare = _MARKS.sub("", unicodedata.normalize("NFKD", text.casefold())).translate(_LETTERS)
    return clean(unicodedata.normalize("NFC", bare).casefold())


def same_text(a: str, b: str) -> bool:
    """Whether a reader takes both for the same text: case, quotes, dashes and white space apart."""
    if a == b:
        return True
    compared = _comparable if len(a) + len(b) <= _REMEMBERED else _comparable.__wrapped__
    return compared(a) == compared(b)


@lru_cache(maxsize=4096)
def _comparable(text: str) -> str:
    text = clean(text)
    return clean((text.translate(_SIGNS) if _ANY_SIGN.search(text) else text).casefold())


def strip_agency(lead: str) -> tuple[str, str]:
    """The agency named before the text, and the text: `(HCMA3) - Sáng nay …` gives `HCMA3`, `Sáng nay …`.

    ("", lead) where no agency is named. Places (`Hà Nội - `, `(TP.HCM) - `) and topics are none.
    """
    found = _AGENCY.match(lead)
    if found is None:
        return "", lead
    return found[1] or found[2], lead[found.end() :]


def without_site_name(title: str, site_names: Iterable[str] = ()) -> str:
    """`title` without the name of its site before or after a separator (` - `, ` | `, ` – `, ` — `, ` :: `, ` » `).

    Only the names given are cut, case and accents apart; a title that is nothing else stays as it is.
    """
    names = {fold(name) for name in site_names} - {""}
    again = bool(names) and len(title) <= _LONGEST_TITLE
    while again:
        again = False
        for found in _SEPARATOR.finditer(title):
            head, tail = title[: found.start()].strip(), title[found.end() :].strip()
            if tail and fold(head) in names:
                title, again = tail, True
            elif head and fold(tail) in names:
                title, again = head, True
            if again:
                break
    return title
