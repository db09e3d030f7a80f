"""Text as it is searched: words, each in one spelling.

A word is a run of letters, digits and their marks; where a script writes none apart (Han, kana), each sign is one. Its
spelling is NFC, lower case, the tone where the older rule has it, in the middle of the syllable's vowels: hoà is hòa,
thuý is thúy. https://vi.wikipedia.org/wiki/Quy_tắc_đặt_dấu_thanh_của_chữ_Quốc_ngữ
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_SIGNS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0730-\u074a"
    "\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962\u0963\u0981-\u0983\u09bc-\u09cd\u0a01-\u0a03\u0a3c-\u0a4d"
    "\u0a81-\u0a83\u0abc-\u0acd\u0b01-\u0b03\u0b3c-\u0b57\u0b82\u0bbe-\u0bcd\u0c00-\u0c04\u0c3e-\u0c56"
    "\u0c81-\u0c83\u0cbc-\u0cd6\u0d00-\u0d03\u0d3b-\u0d4d\u0d82\u0d83\u0dca-\u0ddf\u0e31\u0e34-\u0e3a\u0e47-\u0e4e"
    "\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece\u0f71-\u0f84\u102b-\u103e\u1056-\u1059\u17b4-\u17d3\u200c\u200d\u20d0-\u20f0\u3099\u309a"
)
"""Of Unicode's category M, those that letters of living scripts bear, and the joiners: `\\w` is without them."""
_WORD = re.compile(rf"[{_SIGNS}][{_MARKS}]*|(?:(?![{_SIGNS}])[^\W_])(?:(?![{_SIGNS}])[^\W_]|[{_MARKS}])*")
_PLAIN_WORD = re.compile(r"[^\W_]+")
_NOT_PLAIN = re.compile(f"[{_SIGNS}{_MARKS}]")
"""Where there are none, both find the same words, the plain one in half the time."""

_COMBINING = re.compile("[\u0300-\u036f]+")
_LETTERS = str.maketrans({"đ": "d", "ł": "l", "ø": "o", "ı": "i", "ß": "ss", "æ": "ae", "œ": "oe"})
_LAST_VOWELS = {
    first + toned: moved + second
    for first, second, moving, toneds in (
        ("o", "a", "òóỏõọ", "àáảãạ"),
        ("o", "e", "òóỏõọ", "èéẻẽẹ"),
        ("u", "y", "ùúủũụ", "ỳýỷỹỵ"),
    )
    for moved, toned in zip(moving, toneds, strict=True)
}
_LONGEST = 200
"""Characters: of a longer word its beginning is searched."""
_KEPT = 200_000
"""Spellings remembered: more than a language has."""


class Remembered(dict[str, str]):
    """What `make` makes of a word, made once; `map(….__getitem__, words)` is the fastest way through many."""

    def __init__(self, make: Callable[[str], str]) -> None:
        super().__init__()
        self._make = make

    def __missing__(self, word: str) -> str:
        if len(self) >= _KEPT:
            self.clear()
        self[word] = made = self._make(word)
        return made


def words(text: str) -> list[str]:
    """The words of NFC text, in order."""
    return list(map(_spellings.__getitem__, _pattern(text).findall(text)))


def places(text: str) -> Iterator[tuple[int, int, str]]:
    """Start, end and word of each word of NFC text, in order: the same words as words()."""
    for found in _pattern(text).finditer(text):
        yield found.start(), found.end(), _spellings[found[0]]


def _pattern(text: str) -> re.Pattern[str]:
    return _WORD if _NOT_PLAIN.search(text) else _PLAIN_WORD


def bare(word: str) -> str:
    """A word without its accents: đ is d."""
    return _bare[word]


def all_bare(words: Iterable[str]) -> Iterator[str]:
    """Words without their accents."""
    return map(_bare.__getitem__, words)


def _spelled(printed: str) -> str:
    # Lower case can part a letter from its mark (İ), and NFC join it with the next.
    word = unicodedata.normalize("NFC", printed[:_LONGEST].lower())
    # In quý, quả the u belongs to the consonant: the tone has one place.
    if word[-2:] in _LAST_VOWELS and word[-3:-2] != "q":
        return word[:-2] + _LAST_VOWELS[word[-2:]]
    return word


def _stripped(word: str) -> str:
    letters = _COMBINING.sub("", unicodedata.normalize("NFD", word)).translate(_LETTERS)
    return unicodedata.normalize("NFC", letters)


_spellings, _bare = Remembered(_spelled), Remembered(_stripped)
