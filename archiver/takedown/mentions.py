"""Addresses of an article cut out of events and run reports. They are known by their digests: no list of them is kept."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from archiver.store.archive import write_json
from archiver.store.run_report import FOLDER
from archiver.store.takedowns import digest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from archiver.store.takedowns import Takedown

_WORD = re.compile(r"\S+")
_BEGINS = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9+.-]*://")
"""Where within a word an address may begin: scheme and authority (RFC 3986, 3)."""
_MAY_END = re.compile(r"(?=[.:!?]*(?:[^A-Za-z0-9._~:/?#@!$&*+=%-]|$))")
"""Where one may end: before a quote, a bracket, a comma, and the full stop before these. All of them may be a part of it
too, so each end is tried, the furthest first."""
CUT_OUT = "(taken down)"


class Mentions:
    """Knows what is to be cut out of texts."""

    def __init__(self, takedown: Takedown) -> None:
        self._id = takedown.id
        self._digests = frozenset(takedown.addresses)

    def is_address(self, url: str | None) -> bool:
        """Whether the address is the article's."""
        return bool(url) and digest(url or "") in self._digests

    def event(self, event: Mapping[str, Any]) -> str | None:
        """The event's line without address and message, or without the mention; None: it has nothing of the article."""
        # A file of the article that another one names too is none of its addresses.
        is_own = event.get("id") == self._id and not event.get("file")
        new = {**event, "url": "", "message": None} if is_own or self.is_address(event.get("url")) else self.cut(event)
        return None if new == event else json.dumps(new, ensure_ascii=False, separators=(",", ":")) + "\n"

    def cut(self, value: Any) -> Any:
        """A value of JSON without the addresses that its texts hold."""
        if isinstance(value, str):
            return CUT_OUT if self.is_address(value) else _WORD.sub(self._of_word, value)
        if isinstance(value, list):
            return [self.cut(each) for each in value]
        if isinstance(value, dict):
            return {name: self.cut(each) for name, each in value.items()}
        return value

    def _of_word(self, word: re.Match[str]) -> str:
        """A word of a sentence without the addresses in it, whatever stands around them."""
        text, kept, at = word[0], "", 0
        while found := _BEGINS.search(text, at):
            begin = found.start()
            ends = (each.start() for each in reversed([*_MAY_END.finditer(text, found.end())]))
            end = next((end for end in ends if self.is_address(text[begin:end])), None)
            kept += text[at : found.end()] if end is None else text[at:begin] + CUT_OUT
            at = found.end() if end is None else end
        return kept + text[at:]


def cut_out_of_reports(folder: Path, takedown: Takedown) -> None:
    """Rewrites the run reports that name an address of the article, each whole or not at all. Raises DiskTrouble."""
    mentions = Mentions(takedown)
    for path in sorted((folder / FOLDER).glob("*.json")):
        report = json.loads(path.read_bytes())
        new = mentions.cut(report)
        for fault in new.get("errors", ()):
            if CUT_OUT in f"{fault.get('url')} {fault.get('message')}":
                fault["message"] = None
        if new != report:
            write_json(path, new)
