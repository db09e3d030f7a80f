"""Text in NFC, whatever a site's own rule forgot."""

from __future__ import annotations

from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any
from unicodedata import is_normalized, normalize

if TYPE_CHECKING:
    from archiver.article import Article

_ADDRESSES = frozenset({"url", "canonical_url", "aliases"})
"""Never touched: another normal form is another address."""


class Normalise:
    """Leaves an article as it is where nothing is left to do."""

    def process_item(self, item: Article) -> Article:
        """The article with every text in NFC."""
        texts = [item.title, item.lead, item.body, item.credit_line, item.section or "", *item.tags, *item.categories]
        texts += [text for image in item.images for text in (image.caption, image.alt, image.credit)]
        texts += [credit.name for credit in item.authors]
        if all(is_normalized("NFC", text) for text in texts):
            return item
        return _nfc(item)  # type: ignore[no-any-return]  # an article gives an article


def _nfc(value: Any) -> Any:
    if isinstance(value, str):
        return normalize("NFC", value)
    if isinstance(value, tuple):
        return tuple(_nfc(each) for each in value)
    if is_dataclass(value) and not isinstance(value, type):
        names = (each.name for each in fields(value) if each.name not in _ADDRESSES)
        return replace(value, **{name: _nfc(getattr(value, name)) for name in names})
    return value
