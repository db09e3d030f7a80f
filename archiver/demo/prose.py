"""Invented text, drawn from templates: sentences, names, slugs, slips of the keyboard."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from random import Random


_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip


class Tongue(Protocol):
    """What a language module offers: words by name, and templates that name them."""

    WORDS: dict[str, tuple[str, ...]]
    TITLES: dict[str, tuple[str, ...]]
    LEADS: dict[str, tuple[str, ...]]
    SENTENCES: tuple[str, ...]
    QUOTES: tuple[str, ...]
    HEADINGS: tuple[str, ...]
    ITEMS: tuple[str, ...]
    VERSES: tuple[str, ...]
    CAPTIONS: tuple[str, ...]
    COMMENTS: tuple[str, ...]


class Draw(dict[str, str]):
    """The words of one story: a word that was set stays, any other is drawn anew; `{Word}` is `{word}` capitalised."""

    def __init__(self, rng: Random, words: dict[str, tuple[str, ...]]) -> None:
        super().__init__()
        self.rng = rng
        self.words = words

    def __missing__(self, name: str) -> str:
        if name[0].isupper():
            return capitalised(self[name.lower()])
        return self.rng.choice(self.words[name]).format_map(self)

    def line(self, templates: tuple[str, ...]) -> str:
        """One of the templates, filled."""
        return self.rng.choice(templates).format_map(self)

    def sentence(self, templates: tuple[str, ...]) -> str:
        """One of the templates, filled and capitalised."""
        return capitalised(self.line(templates))

    def story(self, templates: tuple[str, ...]) -> Iterator[str]:
        """Sentences without end; none comes again before all have been told."""
        while True:
            for template in self.rng.sample(templates, len(templates)):
                yield capitalised(template.format_map(self))

    def keep(self, **names: str) -> None:
        """Draw a word under another name and let it stay: `keep(chair="person")`."""
        for name, word in names.items():
            self[name] = self.__missing__(word)


def vocabulary(table: str) -> dict[str, tuple[str, ...]]:
    """The words of a table whose entries are `name: word | word`; an indented line goes on with the entry above."""
    entries = table.strip().replace("\n    ", " ").splitlines()
    pairs = (entry.split(": ", 1) for entry in entries)
    return {name: tuple(words.split(" | ")) for name, words in pairs}


def capitalised(text: str) -> str:
    """The text with its first letter in upper case, the rest as it was."""
    return text[:1].upper() + text[1:]


def day_in_words(moment: datetime, draw: Draw, language: str) -> str:
    """The day of the event as a story tells it; not to be trusted as its time, as on the real site."""
    rng = draw.rng
    month = moment.month if rng.random() < 0.9 else moment.month % 12 + 1  # the wrong month is a slip seen there
    if language == "en":
        return rng.choice(("On {0} {1:02}", "On the {2} of {0} {1:02}")).format(
            _MONTHS[month - 1], moment.day, draw["part_of_day"]
        )
    forms = ("Ngày {1}/{2}/{3}", "{0} ngày {1}/{2}/{3}", "{0} ngày {1}/{2}", "Ngày {1:02}-{2:02}-{3}", "{0} {1}/{2}")
    return rng.choice(forms).format(draw["part_of_day"], moment.day, month, moment.year)


def slip(text: str, rng: Random) -> str:
    """The text with a typing error as editors make them: a lost space, or a comma typed twice."""
    places = [match.start() for match in re.finditer(r"(?<=\w) (?=\w)", text)]
    commas = [match.start() for match in re.finditer(r"(?<=[^\W\d]), ", text)]
    if commas and rng.random() < 0.5:
        at = rng.choice(commas)
        return text[:at] + "," + text[at:]
    if not places:
        return text
    at = rng.choice(places)
    return text[:at] + text[at + 1 :]


def slug(title: str) -> str:
    """The title as an address: `Hội nghị tháng 10/2025` gives `hoi-nghi-thang-102025`."""
    letters = unicodedata.normalize("NFD", title.lower().replace("đ", "d").replace("/", ""))
    plain = "".join(letter for letter in letters if not unicodedata.combining(letter))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


def damaged_slug(title: str) -> str:
    """The address that the site makes of a title in decomposed Unicode: `phóng` gives `pho-ng`."""
    letters = unicodedata.normalize("NFD", title.lower().replace("đ", "d").replace("/", ""))
    return re.sub(r"[^a-z0-9]+", "-", letters).strip("-")
