"""The records of one text: of a gzip member, or of an uncompressed file."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.store.inspection.block import read_block
from archiver.store.inspection.ending import Record, end_record
from archiver.store.inspection.finding import MOST_FINDINGS
from archiver.store.inspection.head import head_faults, parse_head
from archiver.store.inspection.text import BORDER

if TYPE_CHECKING:
    from archiver.store.inspection.finding import Findings
    from archiver.store.inspection.head import Fault, Head
    from archiver.store.inspection.holdings import Holdings
    from archiver.store.inspection.stored import StoredFile
    from archiver.store.inspection.text import Text

_LONGEST_HEAD = 1 << 20
_BEGIN = b"WARC/"
_NO_RECORD: Fault = ("no-record", "a gzip member does not begin with a record")
_STRAY_IN_MEMBER: Fault = ("bad-record-end", "bytes that are no record follow one in its gzip member")
# A value of a good head may be the name of a version.
_INNER_BORDER = re.compile(rb"(?<![ \t:])" + BORDER.pattern)
_DAMAGED_VERSION = re.compile(rb"[^\r\n]{8}\r\nWARC-[A-Za-z-]+:")


class Records:
    """Reads records into holdings and findings. `member`: offset of the gzip member; None: the text is the file."""

    def __init__(
        self, text: Text, findings: Findings, holdings: Holdings, stored: StoredFile, member: int | None = None
    ) -> None:
        self._text = text
        self._findings = findings
        self._holdings = holdings
        self._stored = stored
        self._member = member

    def read(self) -> None:
        """All of them, to the end of the text. Raises what reading the text raises; a record is told of when it ended."""
        begin = self._text.peek(5)
        if not begin and self._member is not None:
            self._lose(None, ("no-record", "a gzip member is empty"), 0)
        while begin:
            if begin == _BEGIN or _DAMAGED_VERSION.match(self._text.peek(200)):
                self._record()
            else:
                self._stray()
            begin = self._text.peek(5)

    def _record(self) -> None:
        start = self._text.position
        raw = self._text.head(_LONGEST_HEAD)
        inner = _INNER_BORDER.search(raw, 1) if raw else None
        if raw is None:
            self._endless_head(start)
        elif inner:
            self._text.seek(start + inner.start())
            self._lose(b"", ("torn-record", "a record is cut short within its head by the next"), start)
        else:
            self._rest(parse_head(raw), start)

    def _rest(self, head: Head, start: int) -> None:
        """Reads on behind the head of a record."""
        faults = list(head_faults(head))
        if head.length is None:
            self._text.to_border()
            faults.append(("no-length", "a record has no Content-Length that is a number of bytes"))
        else:
            block_faults, ending = self._block(head, head.length)
            if ending and ending[0].startswith("torn-"):
                for fault in head.faults:
                    self._tell(fault, start)
                self._lose(head.raw, ending, start)
                return
            faults += block_faults
        if doubled := self._holdings.take(head, self._offset(start)):
            faults.insert(0, doubled)
        for fault in faults:
            self._tell(fault, start)

    def _block(self, head: Head, length: int) -> tuple[list[Fault], Fault | None]:
        """All that is wrong with the rest of a record, and with its end alone."""
        start = self._text.position
        block = read_block(self._text, head, length)
        is_told = len(self._findings) < MOST_FINDINGS
        ending = end_record(self._text, Record(head, start, block, length), is_file=self._is_file, is_told=is_told)
        if ending is None:
            return list(block.faults), None
        # A block of a wrong length has no right digest.
        return [*(block.faults if ending[0] == "bad-record-end" else ()), ending], ending

    def _endless_head(self, start: int) -> None:
        self._text.some(1)
        is_border = self._text.to_border()
        size = self._text.position - start
        if self._is_file and not is_border and size <= _LONGEST_HEAD:
            self._lose(b"", ("torn-tail", f"the file ends after {size} bytes of its last record's head"), start)
        else:
            self._lose(b"", ("bad-head", "the head of a record has no end"), start)

    def _stray(self) -> None:
        """Reads over bytes that begin no record."""
        start = self._text.position
        is_border = self._text.to_border()
        size = self._text.position - start
        if not self._is_file:
            fault = _STRAY_IN_MEMBER if start else _NO_RECORD
        elif is_border:
            fault = "garbage-between", f"{size} bytes before the next record belong to none"
        elif self._stored.zeros_from(start) == start:
            fault = "zeros-at-end", f"{size} zeros follow the last record"
        elif _BEGIN.startswith(self._stored.at(start, len(_BEGIN))):
            fault = "torn-tail", f"the file ends after {size} bytes of its last record's head"
        else:
            fault = "garbage-at-end", f"{size} bytes that are no record follow the last one"
        if fault[0] == "torn-tail":
            self._lose(b"", fault, start)
        elif fault[0] in ("garbage-between", "no-record"):
            self._lose(None, fault, start)
        else:
            self._tell(fault, start)

    @property
    def _is_file(self) -> bool:
        return self._member is None

    def _offset(self, position: int) -> int:
        return position if self._member is None else self._member

    def _tell(self, fault: Fault, position: int) -> None:
        self._findings.add(fault[0], self._offset(position), fault[1])

    def _lose(self, raw: bytes | None, fault: Fault, position: int) -> None:
        self._holdings.lose(raw, self._offset(position))
        self._tell(fault, position)
