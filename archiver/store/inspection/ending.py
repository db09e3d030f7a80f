"""Where a record really ends, held against its Content-Length."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.store.inspection.block import Block, read_block

if TYPE_CHECKING:
    from archiver.store.inspection.head import Fault, Head
    from archiver.store.inspection.text import Text

_END = b"\r\n\r\n"
_LINE_ENDS = (b"\r", b"\n")
_PIECE = 1 << 20


@dataclass(frozen=True, slots=True)
class Record:
    """A record whose head and block have been read: the text stands behind the block."""

    head: Head
    start: int
    """Position of the block."""
    block: Block
    length: int
    """Content-Length."""


def end_record(text: Text, record: Record, *, is_file: bool, is_told: bool) -> Fault | None:
    """What is wrong with the end of a record, None if nothing: the text then stands where the next one may begin.

    `is_file`: the text is the file itself, and what it lacks at its end was cut off; a gzip member has its own checks.
    `is_told`: a wrong length is worth going back for, to say in what way it is wrong.
    Raises what reading the text raises.
    """
    block = record.block
    behind = text.peek(9)
    if block.is_whole and behind[:4] == _END and (block.is_proved is not False or behind[4:5] not in _LINE_ENDS):
        text.some(4)
        return None
    if is_file and block.is_whole and len(behind) < 4 and _END.startswith(behind) and block.is_proved is not False:
        text.some(4)
        return "torn-tail", "the file ends within the empty lines after its last record"
    if block.is_whole and (block.is_proved or (block.is_proved is None and not behind[:4].strip(b"\r\n"))):
        text.to_border()
        return "bad-record-end", "a record does not end in two empty lines"
    if is_told:
        return _wrong_length(text, record, is_file=is_file)
    text.to_border()
    return "length-too-long", ""


def _wrong_length(text: Text, record: Record, *, is_file: bool) -> Fault:
    """What the length is instead. The text then stands where the record does end, as far as that can be known."""
    edge, is_border, is_proved = _edge(text, record, is_file=is_file)
    is_filled = is_file and not is_border and not is_proved and text.peek(4) == bytes(4)
    is_ended = text.beside(max(edge - 4, record.start)).peek(4) == _END
    text.seek(edge)
    size = edge - record.start - (4 if is_ended else 0)
    if is_filled:
        # What a loss of power leaves of bytes that were not yet on the disk.
        return "torn-tail", "zeros stand where the last record should end"
    if edge >= record.start + record.length + 4:
        return "length-too-short", f"Content-Length is {record.length}, but the record's block has {size} bytes"
    if is_proved or (is_proved is None and is_ended) or not (is_file or is_border):
        return "length-too-long", f"Content-Length is {record.length}, but the record's block has {size} bytes"
    if is_border:
        return "torn-record", f"the next record begins after {size} of {record.length} bytes of a record's block"
    return "torn-tail", f"the file ends after {size} of {record.length} bytes of its last record's block"


def _edge(text: Text, record: Record, *, is_file: bool) -> tuple[int, bool, bool | None]:
    """Where the record ends, whether another begins there, and whether the digests prove it (None: there are none)."""
    beside = text.beside(record.start)
    is_border = beside.to_border()
    edge = beside.position
    is_proved = _is_proved(text, record, edge)
    if is_border and not is_file and is_proved is False:
        # The body may be a text of WARC records itself; the end of its member is then the surer edge.
        while beside.some(_PIECE):
            pass
        if _is_proved(text, record, beside.position):
            return beside.position, False, True
    return edge, is_border, is_proved


def _is_proved(text: Text, record: Record, edge: int) -> bool | None:
    size = max(edge - 4 - record.start, 0)
    return read_block(text.beside(record.start), record.head, size).is_proved
