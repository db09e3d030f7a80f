"""Pictures in a story: how many, where, with which captions and addresses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from archiver.demo.story import CreditMark, Dress, File, Headline, Part, Picture, Src, Text

if TYPE_CHECKING:
    from random import Random

    from archiver.demo.prose import Draw

_LONGEST_TAIL = 110
_ALTS = ("", None, "image", "caption")
_SIZES = (None, None, (800, 533), (640, 480), (650, 433))
_WAYS: tuple[Src, ...] = ("typed", "typed", "quoted", "absolute", "lazy")
_MARKS: tuple[CreditMark, ...] = ("(Ảnh: {})", "_Ảnh: {}", "_Ảnh: {}", " Ảnh: {}")


def pictured(head: Headline, parts: list[Part], draw: Draw, dress: Dress, *, captions: tuple[str, ...]) -> list[Part]:
    """The parts with pictures among them, only where a reader can tell each caption from the text.

    A picture stands between two paragraphs of whole sentences or after the last; alone it may lack a caption.
    """
    rng = draw.rng
    plates = [_picture(head, draw, at, captions) for at in range(rng.choice((0, 1, 1, 2, 3, 4)))]
    if len(plates) > 1 and rng.random() < 0.3:
        plates = _repeated(plates, rng)
    tail = head.lead.rstrip(".").rsplit(". ", 1)[-1]
    if plates and rng.random() < 0.15 and len(tail) <= _LONGEST_TAIL:
        plates[0] = replace(plates[0], caption=tail, credit="")
    gaps = _gaps(parts)
    result = list(parts)
    while plates and gaps:
        row = [plates.pop() for _ in range(min(len(plates), rng.choice((1, 1, 1, 2, 3))))]
        if len(row) == 1 and dress.captions != "before" and rng.random() < 0.2:
            row = [replace(row[0], caption="", credit="")]
        at = gaps.pop(rng.randrange(len(gaps)))
        gaps = [gap for gap in gaps if gap < at]
        result[at:at] = row
    return result


def _gaps(parts: list[Part]) -> list[int]:
    """The places where a picture's caption cannot be mistaken."""
    plain = [isinstance(part, Text) and part.is_prose for part in parts]
    gaps = [at for at in range(1, len(parts)) if plain[at - 1] and plain[at]]
    return [*gaps, len(parts)] if plain[-1] and not isinstance(parts[-1], File) else gaps


def _repeated(plates: list[Picture], rng: Random) -> list[Picture]:
    """The same caption under two or three of the pictures."""
    times = rng.choice((2, 3))
    return [replace(plate, caption=plates[0].caption, credit="") for plate in plates[:times]] + plates[times:]


def _picture(head: Headline, draw: Draw, at: int, captions: tuple[str, ...]) -> Picture:
    rng = draw.rng
    caption = draw.sentence(captions)
    alt = rng.choice(_ALTS)
    return Picture(
        path=_path(head, rng, at),
        alt=caption if alt == "caption" else alt,
        caption=caption,
        credit=rng.choice(("HCMA", draw["short"])) if rng.random() < 0.2 else "",
        credit_mark=rng.choice(_MARKS),
        size=rng.choice(_SIZES),
        src=rng.choice(_WAYS),
    )


def _path(head: Headline, rng: Random, at: int) -> str:
    """An address of the kinds seen: dated folder, an editor's folder with accents and spaces, a resizer."""
    name = f"{head.shelf.name}-{head.number}-{at}"
    chance = rng.random()
    if chance < 0.75:
        return f"/Uploads/PublicImage/{head.moment:%Y/%m/%d/%H}/{name}.jpg"
    if chance < 0.92:
        return f"/Uploaded/images/bbt/Ảnh hội nghị ({at}) {name}.png"
    return f"/Image?path=/khoa//{name}.png&w=1200&mode=none"
