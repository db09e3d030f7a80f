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

_TOKEN = re.compile(r"[^\s'\"<>()]+")
_AROUND = ".,;:!?"
"""What may follow an address in a sentence."""
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
        if event.get("id") == self._id or self.is_address(event.get("url")):
            new = {**event, "url": "", "message": None}
        else:
            new = self.cut(event)
        return None if new == event else json.dumps(new, ensure_ascii=False, separators=(",", ":")) + "\n"

    def cut(self, value: Any) -> Any:
        """A value of JSON without the addresses that its texts hold."""
        if isinstance(value, str):
            return _TOKEN.sub(self._stays, value)
        if isinstance(value, list):
            return [self.cut(each) for each in value]
        if isinstance(value, dict):
            return {name: self.cut(each) for name, each in value.items()}
        return value

    def _stays(self, token: re.Match[str]) -> str:
        for word in {token[0], token[0].rstrip(_AROUND)}:
            if self.is_address(word):
                return CUT_OUT + token[0][len(word) :]
        return token[0]


def cut_out_of_reports(folder: Path, takedown: Takedown) -> None:
    """Rewrites the run reports that name an address of the article, each whole or not at all. Raises DiskTrouble."""
    mentions = Mentions(takedown)
    for path in sorted((folder / FOLDER).glob("*.json")):
        report = json.loads(path.read_bytes())
        new = mentions.cut(report)
        for fault in new.get("errors", ()):
            if CUT_OUT in fault.get("url", ""):
                fault["message"] = None
        if new != report:
            write_json(path, new)
