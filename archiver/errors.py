"""Every error this package raises on purpose, and the exit code that a command ends with.

ArchiverError                  1
├── UsageError                 2   an argument, a name, a file or a date that cannot be used
├── Rejected                   4   a page that gives no record; `reason` is a short code
│   ├── BadPage                    the bytes are no page that can be read
│   └── NotAnArticle               a page, but not of an article
├── BadDate                    4   a text that names no moment
├── DiskTrouble                6   the archive's disk is full, low or refuses writing
└── ArchiveDamaged             7   a file of the archive is not as it was left
"""

from __future__ import annotations

from typing import ClassVar


class ArchiverError(Exception):
    """A fault with one line for the reader: what, where, and what to do next."""

    exit_code: ClassVar[int] = 1


class UsageError(ArchiverError):
    """Something typed cannot be used: the message names it and the nearest valid choice."""

    exit_code = 2


class Rejected(ArchiverError):
    """A page that becomes no record.

    `reason` is a code of a few words in snake_case, as written into events and counted in reports.
    """

    exit_code = 4

    def __init__(self, message: str, *, reason: str) -> None:
        super().__init__(message)
        self.reason = reason


class BadPage(Rejected):
    """Bytes that are no readable page: empty, binary, too large."""


class NotAnArticle(Rejected):
    """A readable page that is no article: a sign-in page, a listing, a withdrawn item, a required field missing."""


class BadDate(ArchiverError):
    """A text that names no moment."""

    exit_code = 4


class DiskTrouble(ArchiverError):
    """The archive's disk is full, low, or refuses to be written."""

    exit_code = 6


class ArchiveDamaged(ArchiverError):
    """A file of the archive is not as it was left."""

    exit_code = 7
