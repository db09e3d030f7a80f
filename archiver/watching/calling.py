"""The command that a scheduler is to call, and the words around it that systemd and sh want."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One crawl that a scheduler begins."""

    site: str
    """Name of the site, as its folder's."""
    arguments: tuple[str, ...]
    """Of `archiver crawl`: the site or --url, and where a copy stands."""
    archive: Path
    """Absolute."""
    contact: str | None

    @property
    def words(self) -> tuple[str, ...]:
        """The command, with the interpreter that runs now: a scheduler knows no PATH and no environment of ours."""
        contact = ("--contact", self.contact) if self.contact else ()
        program = (sys.executable, "-m", "archiver", "crawl")
        return (*program, *self.arguments, "--archive", str(self.archive), *contact)


def systemd_line(words: tuple[str, ...]) -> str:
    """The words as one command line of systemd.service(5): in quotes where needed, `%` and `$` doubled."""
    return " ".join(_systemd_word(word) for word in words)


def _systemd_word(word: str) -> str:
    word = word.replace("%", "%%").replace("$", "$$")
    if word and not any(sign in word for sign in " \t\"'\\;"):
        return word
    escaped = word.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def shell_line(words: tuple[str, ...]) -> str:
    """The words as one command line of sh."""
    return shlex.join(words)
