"""The tables of the ledger, from its second format on, that tell what is to be looked at again and what was not there."""

from __future__ import annotations

TABLES = (
    "CREATE TABLE alias (key BLOB PRIMARY KEY, id TEXT NOT NULL) WITHOUT ROWID",
    """CREATE TABLE missing (
        id TEXT PRIMARY KEY, first_run INTEGER NOT NULL, run INTEGER NOT NULL, reason TEXT NOT NULL,
        file INTEGER NOT NULL, offset INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE answered (run INTEGER PRIMARY KEY, articles INTEGER NOT NULL, others INTEGER NOT NULL)",
    """CREATE TABLE visit (
        id TEXT PRIMARY KEY, due INTEGER NOT NULL, pause INTEGER NOT NULL,
        file INTEGER, offset INTEGER) WITHOUT ROWID""",
    "CREATE INDEX due_visit ON visit (due)",
    "CREATE TABLE walk (listing BLOB PRIMARY KEY, since TEXT NOT NULL) WITHOUT ROWID",
    "CREATE INDEX failed_task ON task (sweep, place) WHERE outcome = 7 AND kind = 0",
)

OF_FILES = (
    """CREATE TABLE attached (
        key BLOB PRIMARY KEY, at INTEGER NOT NULL, file INTEGER NOT NULL, offset INTEGER NOT NULL) WITHOUT ROWID""",
    "CREATE TABLE taken_up (month TEXT PRIMARY KEY, bytes INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE INDEX failed_file ON task (sweep, place) WHERE outcome = 7 AND kind = 2",
)
"""And from its third format on, those that tell which attachments and pictures are kept."""
