"""Credit lines in every spelling seen on the site, with the names that a careful reader finds in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.article import Credit, Kind, Role

if TYPE_CHECKING:
    from archiver.demo.prose import Draw
    from archiver.demo.story import Headline

_Names = tuple[tuple[Role, tuple[str, ...]], ...]

_FORMS: tuple[tuple[str, _Names], ...] = (
    ("Tin: BBT; ảnh: {a}", (("text", ("BBT",)), ("photo", ("a",)))),
    ("Tin: {a}; Ảnh: {b}", (("text", ("a",)), ("photo", ("b",)))),
    ("Tin, ảnh: {a}, {b}", (("text", ("a", "b")), ("photo", ("a", "b")))),
    ("Bài, ảnh: {a}, {b}", (("text", ("a", "b")), ("photo", ("a", "b")))),
    ("Bài, ảnh : {a}", (("text", ("a",)), ("photo", ("a",)))),
    ("Tin, ảnh: {u}", (("text", ("u",)), ("photo", ("u",)))),
    ("Tin: {a}; biên tập: {b}", (("text", ("a",)), ("editor", ("b",)))),
    ("Theo hcma.vn", (("source", ("hcma.vn",)),)),
    ("Nguồn: {u}", (("source", ("u",)),)),
)
_OLD_FORMS: tuple[tuple[str, _Names], ...] = (
    ("Tác giả: VTV", (("text", ("VTV",)),)),
    ("Tác giả: {a}", (("text", ("a",)),)),
    ("Nguồn: TTXVN", (("source", ("TTXVN",)),)),
)
_ENGLISH_FORMS: tuple[tuple[str, _Names], ...] = (
    ("Dịch: {a}", (("translation", ("a",)),)),
    ("Tin: BBT; ảnh: {a}", (("text", ("BBT",)), ("photo", ("a",)))),
)
_ORGANISATIONS = ("BBT", "VTV", "TTXVN", "hcma.vn")


def drawn(head: Headline, draw: Draw) -> tuple[str, tuple[Credit, ...]]:
    """A credit line as printed, or none, with its names in order; the agency before the lead is the first of them."""
    agency = head.prefix.removesuffix(" - ").strip("()")
    before = (Credit(name=agency, role="source", kind="organisation"),) if agency else ()
    if head.kind == "notice" or head.shelf.generation == "A-en" or draw.rng.random() < 0.2:
        return "", before
    form, names = draw.rng.choice(_forms(head))
    words = {"a": draw["short"], "b": draw["name"], "u": draw.words["unit"][0].format_map(draw)}
    if words["a"] == words["b"]:
        return "", before
    found = (Credit(name=words.get(name, name), role=role, kind=_kind(name)) for role, given in names for name in given)
    return form.format(**words), (*before, *found)


def _forms(head: Headline) -> tuple[tuple[str, _Names], ...]:
    if head.shelf.language == "en":
        return _ENGLISH_FORMS
    return _FORMS if head.shelf.generation == "C" else (*_FORMS[:5], *_OLD_FORMS)


def _kind(name: str) -> Kind:
    return "organisation" if name == "u" or name in _ORGANISATIONS else "person"
