"""What a body rule gives: the article's blocks and pictures in reading order, and the lines parted from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from archiver.article import Attachment, Block, Image


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The text of an article, without title, time and everything around it."""

    blocks: tuple[Block, ...]
    """Reading order, the visible lead included; image blocks point into `images`."""
    images: tuple[Image, ...] = ()
    lead: str = ""
    """The summary, when the reading tells it from the text."""
    credit_line: str = ""
    """The line of names at the end, as printed; in no block."""
    signature: str = ""
    """The author's name set to the right below the text, without a label; in no block."""
    attachments: tuple[Attachment, ...] = ()
