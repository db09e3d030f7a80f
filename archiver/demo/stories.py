"""Which story stands at a place of a shelf: a pure function of the seed, the shelf and the place."""

from __future__ import annotations

import unicodedata
from datetime import timedelta
from itertools import islice
from random import Random
from typing import TYPE_CHECKING

from archiver.demo import credit_lines, english, vietnamese
from archiver.demo.plates import pictured
from archiver.demo.prose import Draw, Tongue, damaged_slug, day_in_words, slip, slug
from archiver.demo.story import (
    Bullets,
    Captions,
    Clip,
    Dress,
    File,
    Grid,
    Heading,
    Headline,
    Paragraphs,
    Part,
    Quote,
    Remark,
    Story,
    Text,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from archiver.demo.shelves import Shelf

_TONGUES: dict[str, Tongue] = {"vi": vietnamese, "en": english}
_BROKEN_ONE_IN = 60
_PREFIXES = ("(HCMA3) - ", "(HCMA1) - ", "(LLCT) - ", "TCCS - ")
_PARAGRAPHS: tuple[Paragraphs, ...] = ("p", "div", "span", "word", "br br", "br")
_CAPTIONS: tuple[Captions, ...] = ("em", "figure", "table", "br", "div", "plain", "spaces", "glued", "before")
_DIRT = {
    "zero-width": 0.12,
    "nbsp": 0.3,
    "inline": 0.4,
    "comments": 0.12,
    "empty": 0.25,
    "icon": 0.08,
    "pixel": 0.06,
}


def headline(shelf: Shelf, place: int) -> Headline:
    """What listings show of the story at this place."""
    return _opening(shelf, place)[0]


def story(shelf: Shelf, place: int) -> Story:
    """The story at this place."""
    head, draw = _opening(shelf, place)
    rng = draw.rng
    dress = _dress(head, rng)
    credit_line, names = credit_lines.drawn(head, draw)
    parts = _parts(head, draw, is_copied=credit_line.startswith("Theo"))
    if head.kind != "notice":
        parts = pictured(head, parts, draw, dress, captions=_TONGUES[shelf.language].CAPTIONS)
    return Story(
        headline=head,
        parts=tuple(parts),
        credit_line=credit_line,
        credits=names,
        remarks=_remarks(head, draw),
        tags=tuple(dict.fromkeys(draw["keyword"] for _ in range(rng.randrange(4)))),
        dress=dress,
        is_broken=shelf.name == "c" and (place + shelf.chance(0, "broken")) % _BROKEN_ONE_IN == 0,
    )


def _opening(shelf: Shelf, place: int) -> tuple[Headline, Draw]:
    """The headline, and the words that the rest of the story goes on with."""
    tongue, moment = _TONGUES[shelf.language], shelf.moment(place)
    draw = _words(shelf, place, moment)
    rng = draw.rng
    kind = rng.choice(shelf.section(place).kinds)
    title = draw.sentence(tongue.TITLES[kind])
    lead = draw.sentence(tongue.LEADS[kind])
    if kind == "event" and title.endswith(draw["year"]) and rng.random() < 0.5:
        title += f": {draw['angle']}"
    decomposed = shelf.language == "vi" and rng.random() < 0.04
    number = shelf.number(place)
    head = Headline(
        shelf=shelf,
        place=place,
        number=number,
        moment=moment,
        kind=kind,
        title=unicodedata.normalize("NFC", title),
        decomposed=decomposed,
        prefix=rng.choice(_PREFIXES) if kind != "notice" and shelf.language == "vi" and rng.random() < 0.08 else "",
        lead=lead,
        slug=damaged_slug(title) if decomposed else slug(title),
        picture=f"/Uploads/PublicImage/{moment:%Y/%m/%d/%H}/{shelf.name}-{number}.jpg",
    )
    return head, draw


def _words(shelf: Shelf, place: int, moment: datetime) -> Draw:
    """The words that stay the same all through the story: who, where, about what, and when."""
    rng = Random(f"{shelf.seed}:{shelf.name}:{place}")
    draw = Draw(rng, _TONGUES[shelf.language].WORDS)
    draw.keep(unit="unit", unit2="unit", event="event", place="place", chair="person", guest="person")
    while draw["unit2"] == draw["unit"]:
        draw.keep(unit2="unit")
    draw.keep(object="object", theme="theme", Theme="Theme")
    draw["day"] = day_in_words(moment, draw, shelf.language)
    draw["day_lower"] = draw["day"][0].lower() + draw["day"][1:]
    draw["year"], draw["month"] = str(moment.year), f"{moment.month:02}"
    return draw


def _dress(head: Headline, rng: Random) -> Dress:
    """How the story's HTML was typed."""
    paragraphs: Paragraphs = rng.choices(_PARAGRAPHS, (8, 3, 3, 3, 2, 2))[0]
    if head.kind == "notice" and paragraphs.startswith("br"):
        paragraphs = "p"
    dirt = {name for name, share in _DIRT.items() if rng.random() < share}
    if head.kind == "essay" and rng.random() < 0.2:
        dirt.add("toolbar")
    return Dress(
        paragraphs=paragraphs,
        captions=rng.choices(_CAPTIONS, (4, 3, 3, 3, 2, 3, 2, 2, 1))[0],
        wrapper=rng.choices(("", "ExternalClass", "ms-rtestate-field", "both"), (4, 2, 1, 1))[0],
        credit=rng.choice(("right", "strong", "em", "plain", "glued")),
        dirt=frozenset(dirt),
    )


def _parts(head: Headline, draw: Draw, *, is_copied: bool) -> list[Part]:
    """The lead, then the text; no pictures yet."""
    if head.kind == "notice":
        return [Text(head.summary), *_theses(head, draw)]
    rng, tongue = draw.rng, _TONGUES[head.shelf.language]
    told = draw.story(tongue.SENTENCES)
    long = 3 if head.kind == "essay" else 1
    parts: list[Part] = [Text(head.summary), *(_paragraph(told, rng) for _ in range(rng.randrange(3, 8) * long))]
    if rng.random() < 0.35:
        parts.insert(rng.randrange(2, len(parts)), _extra(head, draw, tongue))
    if head.kind == "essay":
        for at in sorted(rng.sample(range(2, len(parts)), k=2), reverse=True):
            parts.insert(at, Heading(draw.sentence(tongue.HEADINGS), rng.randrange(2, 5)))
    if (is_copied or rng.random() < 0.2) and isinstance(last := parts[-1], Text):
        parts[-1] = Text(last.text + rng.choice(("/.", " ./."))) if last.is_prose else last
    if head.kind == "course" and rng.random() < 0.4:
        parts.append(_file(head, draw, "Kế hoạch học tập", at=1))
    return parts


def _paragraph(told: Iterator[str], rng: Random) -> Text:
    text = " ".join(islice(told, rng.randrange(1, 4)))
    return Text(slip(text, rng) if rng.random() < 0.08 else text)


def _extra(head: Headline, draw: Draw, tongue: Tongue) -> Part:
    """Something that is no plain paragraph."""
    rng, is_vietnamese = draw.rng, head.shelf.language == "vi"
    kind = rng.choice(("bullets", "quote", "grid", "clip", "verse", "file", "address"))
    if kind == "bullets":
        items = tuple(islice(draw.story(tongue.ITEMS), rng.randrange(2, 4)))
        return Bullets(items, ordered=rng.random() < 0.5)
    if kind == "quote":
        return Quote(tuple(islice(draw.story(tongue.QUOTES), rng.randrange(1, 3))))
    if kind == "grid":
        places = rng.sample(draw.words["place"], 3)
        rows = ((place, str(rng.randrange(10, 90)), f"{rng.randrange(1, 99)}%") for place in places)
        return Grid((("Nơi", "Số lớp", "Tỷ lệ") if is_vietnamese else ("Place", "Classes", "Share"), *rows))
    if kind == "clip":
        video = "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZabcdefgh0123456789", k=11))
        title = draw.sentence(tongue.HEADINGS) if rng.random() < 0.5 else None
        return Clip(f"https://www.youtube.com/embed/{video}", title)
    return _line(head, draw, tongue, kind)


def _line(head: Headline, draw: Draw, tongue: Tongue, kind: str) -> Text:
    """A paragraph of a special kind: with a link to a file, a bare address (generation B), or verse."""
    if kind == "file" and head.shelf.language == "vi":
        words = "file đính kèm"
        return Text(f"Chi tiết xin xem tại {words}.", link=_file(head, draw, words, at=9).address, linked=words)
    if kind == "address" and head.shelf.generation == "B":
        return Text(f"https://video.newsroom.test/xem/{draw.rng.randrange(10**6)}")
    return Text(draw.rng.choice(tongue.VERSES))


def _file(head: Headline, draw: Draw, title: str, at: int) -> File:
    name = slug(f"{title} {draw['object']}")
    return File(f"/noidung/Lists/TaiLieu/Attachments/{head.number}/{name}-{head.shelf.name}-{at}.pdf", title)


def _theses(head: Headline, draw: Draw) -> list[Part]:
    """The files of a thesis notice; now and then one lies on a host that only the academy reaches."""
    files = [_file(head, draw, title, at) for at, title in enumerate(("Luận án", "Tóm tắt luận án", "Trang thông tin"))]
    files = files[: draw.rng.randrange(1, 4)]
    if head.shelf.chance(head.place, "host") % 4 == 0:
        files[-1] = File(f"http://ajc-app:1002/Uploads/files/luan-an-{head.number}.pdf", files[-1].title)
    return list(files)


def _remarks(head: Headline, draw: Draw) -> tuple[Remark, ...]:
    rng = draw.rng
    if head.shelf.generation != "C" or rng.random() > 0.15:
        return ()
    tongue = _TONGUES[head.shelf.language]
    moments = sorted(rng.randrange(20, 3_000) for _ in range(rng.randrange(1, 5)))
    return tuple(
        Remark(draw["name"], (head.moment + timedelta(minutes=later)).replace(second=0), draw.sentence(tongue.COMMENTS))
        for later in moments
    )
