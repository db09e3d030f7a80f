"""Feeds and sitemaps: bytes in, entries out, whatever the bytes are."""

from archiver.feeds.document import Document, Entry
from archiver.feeds.reading import is_document, read_document

__all__ = ["Document", "Entry", "is_document", "read_document"]
