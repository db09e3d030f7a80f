"""What a reader types to search, as a tree. The grammar, operators in capitals only:

    query   = either
    either  = both { "OR" both }
    both    = part { [ "AND" ] part }
    part    = [ "NOT" | "-" ] primary
    primary = [ FIELD ":" ] ( "(" either ")" | QUOTED [ "*" ] | run )
    run     = WORD { WORD } [ "*" ]
    FIELD   = "title" | "body" | "captions"

Words side by side are one run: so they stand in the text, as if they were quoted, for Vietnamese writes the syllables of a
word apart. An operator, a quote, a bracket, a field or a star ends a run; parts without an operator between them are both
wanted. A star behind a word takes every word that begins so. Signs part words as they do in a text: `COVID-19` is two
words side by side. A part that is not wanted stands beside one that is.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

from archiver.errors import UsageError
from archiver.research.found import Field
from archiver.research.words import words

if TYPE_CHECKING:
    from collections.abc import Iterator

LONGEST = 2_000
"""Characters of a query."""
DEEPEST = 40
"""Brackets within brackets."""

_FIELDS: dict[str, Field] = {name: name for name in get_args(Field)}
_OPERATORS = ("AND", "OR", "NOT")
_QUOTES = '"“”„'
_TOKEN = re.compile(
    rf"""\s+
    | [{_QUOTES}](?P<quoted>[^{_QUOTES}]*)(?P<closing>[{_QUOTES}]?)
    | (?P<sign>[()*])
    | (?P<minus>(?<![^\s(])-(?=[^\W\d_]|[{_QUOTES}(]))
    | (?P<field>[^\W\d_]+):(?=[^\s])
    | (?P<known_field>(?:{"|".join(_FIELDS)})):
    | (?P<words>[^\s{_QUOTES}()*:]+:?)
    | :""",
    re.VERBOSE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Words:
    """Words that stand side by side."""

    words: tuple[str, ...]
    """As searched: see archiver.research.words."""
    is_prefix: bool = False
    """Whether the last is the beginning of a word."""
    field: Field | None = None
    """Where they stand; None: anywhere."""


@dataclass(frozen=True, slots=True)
class Both:
    """All of the wanted, none of the unwanted."""

    wanted: tuple[Query, ...]
    unwanted: tuple[Query, ...] = ()


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of several."""

    of: tuple[Query, ...]


Query = Words | Both | Either


class BadQuery(UsageError):
    """A query that cannot be read."""

    def __init__(self, text: str, place: int, what: str, hint: str) -> None:
        super().__init__(f"{text!r}, character {place}: {what}. {hint}")
        self.place = place
        """Of the character where it goes wrong, from 1."""
        self.hint = hint


def parse_query(text: str, field: Field | None = None) -> Query:
    """The tree of a query; `field`: where words stand that name no field. Raises BadQuery."""
    text = unicodedata.normalize("NFC", text)
    if len(text) > LONGEST:
        raise BadQuery(text[:40] + "…", LONGEST, f"a query has at most {LONGEST} characters", "Search for a part of it")
    return _Parser(text).query(field)


def wanted_words(query: Query) -> Iterator[Words]:
    """Every run that a query looks for; not those that it excludes."""
    if isinstance(query, Words):
        yield query
    else:
        for part in query.of if isinstance(query, Either) else query.wanted:
            yield from wanted_words(part)


def apart(text: str) -> str | None:
    """The query of one run of words as one that finds them apart, too; None where it is no single run."""
    query = parse_query(text)
    if not isinstance(query, Words) or len(query.words) == 1:
        return None
    words_of_it = " AND ".join(query.words) + "*" * query.is_prefix
    return f"{query.field}:({words_of_it})" if query.field else words_of_it


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    """words, quoted, field, end, or the operator or sign itself."""
    place: int
    """Of its first character, from 1."""
    end: int
    text: str = ""


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [*self._scanned(), _Token("end", len(text) + 1, len(text) + 1)]
        self._at = 0
        self._depth = 0

    def query(self, field: Field | None) -> Query:
        if len(self._tokens) == 1:
            raise self._bad(self._tokens[0], "nothing to search for", 'Give words: archiver search "hội nghị"')
        found = self._either(field)
        if self._next.kind != "end":  # the other tokens begin a part, or are taken by the part before
            raise self._bad(self._next, "a bracket that was not opened", "Leave it out, or open one with (")
        return found

    def _scanned(self) -> Iterator[_Token]:
        for found in _TOKEN.finditer(self._text):
            kind, token = found.lastgroup or "", found[0]
            place, end = found.start() + 1, found.end() + 1
            if kind == "closing":
                if not found["closing"]:
                    raise self._bad(_Token("", place, end), "a quote that is not closed", "Close it, or leave it out")
                yield _Token("quoted", place, end, found["quoted"])
            elif kind == "words" and token in _OPERATORS:
                yield _Token(token, place, end)
            elif kind == "words" and words(token):
                yield _Token("words", place, end, token)
            elif kind in ("field", "known_field"):
                yield _Token("field", place, end, found[kind])
            elif kind == "minus":
                yield _Token("NOT", place, end)
            elif kind == "sign":
                yield _Token(token, place, end)

    @property
    def _next(self) -> _Token:
        return self._tokens[self._at]

    def _take(self) -> _Token:
        self._at += 1
        return self._tokens[self._at - 1]

    def _either(self, field: Field | None) -> Query:
        parts = [self._both(field)]
        while self._next.kind == "OR":
            self._take()
            parts.append(self._both(field))
        return parts[0] if len(parts) == 1 else Either(tuple(parts))

    def _both(self, field: Field | None) -> Query:
        first = self._next
        wanted: list[Query] = []
        unwanted: list[Query] = []
        is_asked = True
        while is_asked:
            negation = self._take() if self._next.kind == "NOT" else None
            (unwanted if negation else wanted).append(self._primary(field))
            is_asked = self._next.kind not in ("OR", ")", "end")
            if self._next.kind == "AND":
                self._take()
        if not wanted:
            what = "this only says what is not to be found"
            raise self._bad(first, what, "Say beside it what is: hội nghị NOT khai mạc")
        return wanted[0] if len(wanted) == 1 and not unwanted else Both(tuple(wanted), tuple(unwanted))

    def _primary(self, field: Field | None) -> Query:
        token = self._take()
        if token.kind == "field":
            return self._primary_of(token)
        if token.kind == "(":
            return self._bracketed(token, field)
        if token.kind == "quoted":
            return self._quoted(token, field)
        if token.kind == "words":
            return self._run(token, field)
        if token.kind == "*":
            raise self._bad(token, "a star without the beginning of a word", "Put it behind one: truyền th*")
        raise self._bad(token, *_MISSING.get(token.kind, _MISSING["AND"]))

    def _primary_of(self, token: _Token) -> Query:
        name = _FIELDS.get(token.text.lower())
        if name is None:
            hint = f'There are {", ".join(_FIELDS)}; put what is no field in quotes: "{token.text}: …"'
            raise self._bad(token, f"no field {token.text!r}", hint)
        if self._next.kind == "field":
            raise self._bad(self._next, "a field within a field", "Name one field")
        return self._primary(name)

    def _bracketed(self, opening: _Token, field: Field | None) -> Query:
        self._depth += 1
        if self._depth > DEEPEST:
            raise self._bad(opening, f"more than {DEEPEST} brackets within each other", "Leave some out")
        found = self._either(field)
        if self._next.kind != ")":
            raise self._bad(opening, "a bracket that is not closed", "Close it with )")
        self._take()
        self._depth -= 1
        return found

    def _quoted(self, token: _Token, field: Field | None) -> Query:
        found = tuple(words(token.text))
        if not found:
            raise self._bad(token, "no word within the quotes", "Put one there, or leave them out")
        ends_in_star = token.text.endswith("*") and bool(words(token.text[-2:-1]))
        return Words(found, self._has_star(token) or ends_in_star, field)

    def _run(self, token: _Token, field: Field | None) -> Query:
        found = words(token.text)
        while not (is_prefix := self._has_star(token)) and self._next.kind == "words":
            token = self._take()
            found += words(token.text)
        return Words(tuple(found), is_prefix, field)

    def _has_star(self, before: _Token) -> bool:
        """Takes a star that stands at the end of `before`."""
        star = self._next
        if star.kind != "*" or star.place != before.end:
            return False
        self._take()
        if not (before.kind == "quoted" or words(before.text[-1:])):
            raise self._bad(star, "a star without the beginning of a word", "Put it behind one: truyền th*")
        if self._next.kind in ("words", "*") and self._next.place == star.end:
            raise self._bad(star, "a star within a word", "Put it at the end: truyền th*")
        return True

    def _bad(self, token: _Token, what: str, hint: str) -> BadQuery:
        return BadQuery(self._text, token.place, what, hint)


_MISSING = {
    "end": ("something is missing at the end", "Put a word there, or leave the operator before it out"),
    ")": ("nothing before the closing bracket", "Put a word there, or leave the brackets out"),
    "AND": ("an operator where a word should stand", "Put a word before it, or write it in small letters or in quotes"),
}
