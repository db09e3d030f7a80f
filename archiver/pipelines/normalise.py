"""Text in NFC."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.store.acceptance import normalised

if TYPE_CHECKING:
    from archiver.article import Article


class Normalise:
    """Leaves an article as it is where nothing is left to do."""

    def process_item(self, item: Article) -> Article:
        """The article with every text in NFC."""
        return normalised(item)
