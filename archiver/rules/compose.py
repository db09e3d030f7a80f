"""From lines to content: paragraphs, lists, quotes and tables, pictures with captions, and the credit line parted."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from archiver import credits, text, urls
from archiver.article import Attachment, Block, Image
from archiver.rules.captions import captions
from archiver.rules.content import Content
from archiver.rules.picture_credits import parted

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from lxml.etree import _Element as Element

    from archiver.rules.line import Line

_LONGEST_HEADING = 120
_MOST_WORDS_OF_A_NAME = 6
_MOST_FILES = 100
"""Links of a line that is looked at for being nothing but links to files."""
_CREDIT_BEHIND_END = re.compile(r"(?<=\./\.)\s*(?=\S)")


def compose(lines: Sequence[Line], page_url: str, *, aside: frozenset[Line] | None = None) -> Content:
    """The content of an article whose body is `lines`, in reading order.

    Those of `aside` are no text of the body: they are captions, or lead to files, or count for nothing; and no other line is
    a caption only because it stands beside a picture. Without `aside` any may be.
    """
    attachments = _attachments(lines, page_url)
    lines = [line for line in lines if not _only_files(line, page_url)]
    lines, credit_line = _without_credit(lines, aside or ())
    lines, signature = _without_signature(lines, aside or ())
    found = captions(lines, aside)
    images: list[Image] = []
    blocks: list[Block] = []
    rest = [line for line in lines if line not in found.lines and (aside is None or line not in aside)]
    for key, group in groupby(rest, key=_together):
        together = list(group)
        if key is not None:
            blocks.append(_quote(together) if together[0].quote is not None else _list(together))
            continue
        for line in _softly_joined(together):
            blocks.append(_block(line, len(images), page_url))
            if line.image is not None:
                images.append(_captioned(line.image, found.of_picture.get(line, ())))
    return Content(
        blocks=tuple(blocks),
        images=tuple(images),
        credit_line=credit_line,
        signature=signature,
        attachments=attachments,
    )


def _together(line: Line) -> Element | None:
    """What makes neighbouring text lines one block: a common quotation or list."""
    if line.kind != "text" or line.level:
        return None
    if line.quote is not None:
        return line.quote
    return line.item.getparent() if line.item is not None else None


def _block(line: Line, next_image: int, page_url: str) -> Block:
    if line.kind == "picture":
        return Block(type="image", image=next_image)
    if line.kind == "table":
        return Block(type="table", rows=line.rows)
    if line.kind == "embed":
        return Block(type="embed", url=urls.absolute(page_url, line.url) or line.url, text=line.text or None)
    # A lead set as a heading is still a paragraph.
    if line.level and not (len(line.text) > _LONGEST_HEADING and text.ends_sentence(line.text)):
        return Block(type="heading", level=line.level, text=line.text)
    return Block(type="paragraph", text=line.text)


def _quote(lines: list[Line]) -> Block:
    return Block(type="quote", text="\n".join(line.text for line in lines))


def _list(lines: list[Line]) -> Block:
    items = tuple("\n".join(line.text for line in item) for _, item in groupby(lines, key=lambda line: line.item))
    parent = lines[0].item.getparent() if lines[0].item is not None else None
    return Block(type="list", ordered=parent is not None and parent.tag == "ol", items=items)


def _softly_joined(lines: list[Line]) -> list[Line]:
    """Lines parted by one `<br>` are one paragraph, unless a sentence ends there."""
    joined: list[list[Line]] = []
    for line in lines:
        last = joined[-1][-1] if joined else None
        if (
            last is not None
            and line.soft
            and line.kind == last.kind == "text"
            and line.block is last.block
            and not line.level
            and not text.ends_sentence(last.text)
        ):
            joined[-1].append(line)
        else:
            joined.append([line])
    return [
        replace(group[0], text="\n".join(line.text for line in group)) if len(group) > 1 else group[0]
        for group in joined
    ]


def _captioned(image: Image, lines: tuple[Line, ...]) -> Image:
    caption, credit = parted(lines)
    return replace(image, caption=caption, credit=credit)


def _without_credit(lines: Sequence[Line], aside: Collection[Line]) -> tuple[list[Line], str]:
    """The lines without the credit line, and the credit line: one of the last two texts."""
    kept = list(lines)
    words = [place for place, line in enumerate(kept) if line.kind == "text" and line not in aside]
    # A caption names who made its picture, not the story.
    last = [place for place in words[-2:] if not kept[place].caption]
    for place in reversed(last):
        line = kept[place]
        if credits.is_credit_line(line.text):
            del kept[place]
            return kept, line.text
        body, *behind = _CREDIT_BEHIND_END.split(line.text, maxsplit=1)
        if behind and credits.is_credit_line(behind[0]):
            kept[place] = replace(line, text=body)
            return kept, behind[0]
    return kept, ""


def _without_signature(lines: list[Line], aside: Collection[Line]) -> tuple[list[Line], str]:
    """The lines without the author's name: the last text, set to the right, of few words and no sentence."""
    last = next((line for line in reversed(lines) if line.kind == "text" and line not in aside), None)
    if last is None or not last.right or text.ends_sentence(last.text) or not last.text[0].isupper():
        return lines, ""
    if len(last.text.split()) > _MOST_WORDS_OF_A_NAME:
        return lines, ""
    return [line for line in lines if line is not last], last.text


def _attachments(lines: Sequence[Line], page_url: str) -> tuple[Attachment, ...]:
    files: dict[str, Attachment] = {}
    for line in lines:
        for anchor in line.anchors:
            url = urls.absolute(page_url, anchor.href)
            if url is not None and urls.is_file_link(url) and url not in files:
                file = Attachment(url=url, title=anchor.text, media_type=urls.media_type(url))
                can_be_reached = urls.is_public_host(url) or urls.host(url) == urls.host(page_url)
                files[url] = file if can_be_reached else replace(file, state="broken")
    return tuple(files.values())


def _only_files(line: Line, page_url: str) -> bool:
    """Whether a line is nothing but links to files, and what parts them."""
    if line.kind != "text" or not 0 < len(line.anchors) <= _MOST_FILES:
        return False
    rest = line.text
    for anchor in line.anchors:
        if not urls.is_file_link(urls.absolute(page_url, anchor.href) or ""):
            return False
        rest = rest.replace(anchor.text, "", 1)
    return not rest.strip(" ;,.|·•-–")
