"""Short copies of the texts, in which accents are checked and words are counted.

A word of a copy is one character, a frequent word a short one in UTF-8, so that to look into a text is to search a
string of a few hundred bytes: the copies of 200,000 articles take 0.09 of their lines, and a look three microseconds.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.research.index.texts import WEIGHTS
from archiver.research.query_language import Either, Query, Words, wanted_words
from archiver.research.words import Remembered

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from archiver.research.index.catalogue import Catalogue

    Fields = Sequence[str]
    """The copies of title, body and captions."""

LAST_CODE = 0x10FFFF
_FIRST_CODE, _SURROGATES = 3, range(0xD800, 0xE000)
_SPELLED = "\x01{}\x02"
"""A word beyond the characters that there are stands as it is."""
_CODED = re.compile("\x01(?P<word>[^\x02]+)\x02|(?P<code>.)", re.DOTALL)
_NEVER = re.compile("(?!)")
_SATURATION, _BY_LENGTH = 1.2, 0.75
"""k1 and b of BM25, as FTS5 and tantivy have them."""


class Copies:
    """Writes and reads copies; the spellings of the catalogue are their alphabet."""

    def __init__(self, catalogue: Catalogue, last_code: int = LAST_CODE) -> None:
        self._catalogue = catalogue
        self._last_code = last_code
        self._codes = Remembered(lambda word: self._code(catalogue.spelling(word), word))

    def copied(self, words: Iterable[str]) -> str:
        """The copy of these words."""
        return "".join(map(self._codes.__getitem__, words))

    def words(self, copy: str) -> list[str]:
        """The words of a copy."""
        return [found["word"] or self._catalogue.word(_number(found["code"])) for found in _CODED.finditer(copy)]

    def holds(self, query: Query) -> Callable[[Fields], bool]:
        """Whether an article, by the copies of its fields, is what the query asks for."""
        if isinstance(query, Words):
            search, places = self._pattern(query).search, _places(query)
            return lambda fields: any(search(fields[place]) is not None for place in places)
        if isinstance(query, Either):
            parts = [self.holds(part) for part in query.of]
            return lambda fields: any(part(fields) for part in parts)
        wanted = [self.holds(part) for part in query.wanted]
        unwanted = [self.holds(part) for part in query.unwanted]
        return lambda fields: all(part(fields) for part in wanted) and not any(part(fields) for part in unwanted)

    def scores(self, query: Query, idfs: Sequence[float], texts: Sequence[Fields]) -> list[float]:
        """BM25 of each text among all of them, by the words with their accents. `idfs`: of each wanted run."""
        lengths = [sum(map(len, fields)) for fields in texts]
        usual = sum(lengths) / len(texts) if texts else 1
        scores = [0.0] * len(texts)
        for run, idf in zip(wanted_words(query), idfs, strict=True):
            find = self._pattern(run).findall
            weights = [(place, [*WEIGHTS.values()][place]) for place in _places(run)]
            for number, fields in enumerate(texts):
                often = sum(weight * len(find(fields[place])) for place, weight in weights)
                least = _SATURATION * (1 - _BY_LENGTH + _BY_LENGTH * lengths[number] / usual)
                scores[number] += idf * often * (_SATURATION + 1) / (often + least)
        return scores

    def _code(self, number: int, word: str) -> str:
        code = number - 1 + _FIRST_CODE
        if code >= _SURROGATES.start:
            code += len(_SURROGATES)
        return chr(code) if code <= self._last_code else _SPELLED.format(word)

    def _pattern(self, run: Words) -> re.Pattern[str]:
        last = len(run.words) - 1
        forms = [
            [self._code(*found) for found in self._catalogue.spellings(word, is_prefix=run.is_prefix and place == last)]
            for place, word in enumerate(run.words)
        ]
        return re.compile("".join(map(_one_of, forms))) if all(forms) else _NEVER


def _places(run: Words) -> Sequence[int]:
    """Which fields a run is looked for in."""
    return range(len(WEIGHTS)) if run.field is None else ([*WEIGHTS].index(run.field),)


def _one_of(forms: list[str]) -> str:
    codes = re.escape("".join(form for form in forms if len(form) == 1))
    several = [*(re.escape(form) for form in forms if len(form) > 1), *([f"[{codes}]"] if codes else [])]
    return several[0] if len(several) == 1 else f"(?:{'|'.join(several)})"


def _number(code: str) -> int:
    sign = ord(code)
    return sign - (len(_SURROGATES) if sign >= _SURROGATES.stop else 0) - _FIRST_CODE + 1
