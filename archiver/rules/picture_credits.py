"""Who made a picture: parted from the caption by the markup's names first, then by the words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver import credits, text

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element as Element

    from archiver.rules.line import Line

_LONGEST = 160
"""Characters: who made a picture takes no more."""

_NAMED = re.compile(
    r"credit|copyright|photographer|fotograf|(?<![a-z])(?:authors?|autor|agency|source|rights)(?![a-z])", re.IGNORECASE
)
"""Names that pages give to the part of a caption that says who made the picture."""

_ONLY_CREDIT = re.compile(
    r"\W*(?:(?:photo|image|picture|foto|bild|photograph|video|illustration|grafik|graphic)s?\s*"
    r"(?:(?:credits?|source|by|von|de)\b\s*:?|:)|(?:credits?|copyright|©)\s*:|©)\s*"
    r"([^.!?]{2,80}?)[\s.)\]]*"
    r"|\W*(?:sources?|quellen?|fuente|crédits?|фото|коллаж|иллюстрация|источник)\s*:\s*(.{2,160}?)[\s.)\]]*",
    re.IGNORECASE,
)
"""A caption that only names who made the picture."""

_ONLY_NAME = re.compile(r"\(([^\W\d_][^()]{2,60})\)")
"""The same without a label, in brackets."""

_BY = re.compile(r"(?:by|von|par|por|di|door|af|av)\s+(\S.{3,60})", re.IGNORECASE)
"""The same as a byline."""

_STOCK = re.compile(
    r"(?:[^.!?]{2,60}?\s?[-–/|]\s?)?(?:stock\.adobe\.com|Adobe ?Stock|iStock(?:photo)?|Shutterstock|Unsplash|Pexels|Pixabay|Depositphotos|Alamy)",
    re.IGNORECASE,
)
"""The same: a library of pictures, with or without the name behind it."""

_AROUND = " \t|/·•_–—-"
"""What parts a caption from what follows."""


def parted(lines: Sequence[Line]) -> tuple[str, str]:
    """The caption that `lines` make, and who made the picture; each empty where nothing says it."""
    makers = [line for line in lines if names_only_maker(line)]
    captions = [line for line in lines if line not in makers]
    if makers and captions:
        caption, credit = _of_one(captions)
        return caption, credit or " ".join(_name(line.text) for line in makers)
    return _of_one(lines)


def names_only_maker(line: Line) -> bool:
    """Whether a line beside a picture says who made it, and nothing else."""
    return _says_maker(line) or _maker(line.text) is not None or credits.split_caption(line.text)[0] == ""


def _of_one(lines: Sequence[Line]) -> tuple[str, str]:
    words = " ".join(line.text for line in lines)
    maker = _maker(words)
    if maker is not None:
        return "", maker
    caption, credit = credits.split_caption(words)
    if not credit and len(lines) == 1:
        caption, credit = _marked(lines[0])
    return caption.rstrip(_AROUND), credit


def _maker(words: str) -> str | None:
    """Who made the picture, where `words` say nothing else."""
    if found := _ONLY_CREDIT.fullmatch(words):
        return found[1] or found[2]
    if (found := _BY.fullmatch(words)) and _are_full_names(found[1]):
        return found[1]
    if (found := _ONLY_NAME.fullmatch(words)) and all(word[0].isupper() for word in found[1].split()):
        return found[1]
    return words if _STOCK.fullmatch(words) else None


def _are_full_names(words: str) -> bool:
    names = credits.parse_byline(words)
    return bool(names) and all(" " in each.name for each in names)


def _says_maker(line: Line) -> bool:
    """Whether the block of a line is named for who made the picture, or the line closes a bracket that it did not open."""
    if len(line.text) > _LONGEST:
        return False
    name = line.block.get("class")
    if name and _NAMED.search(name):
        return True
    return line.text.endswith(")") and "(" not in line.text


def _marked(line: Line) -> tuple[str, str]:
    """The caption and the maker, who stands at its end in an element named for it."""
    for element in _marks(line.block):
        maker = text.clean("".join(element.itertext()))
        if maker and len(maker) <= _LONGEST and line.text.endswith(maker):
            return line.text.removesuffix(maker), _name(maker)
    return line.text, ""


def _marks(block: Element) -> Iterator[Element]:
    for element in block.iter("span", "cite", "small", "em", "i", "a"):
        name = element.get("class")
        if element is not block and (element.tag == "cite" or (name and _NAMED.search(name))):
            yield element


def _name(words: str) -> str:
    """`words` without a label and what stands around them."""
    named = _maker(words) or credits.split_caption(words)[1] or words
    return named.strip("()[]©:" + _AROUND)
