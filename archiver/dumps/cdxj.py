"""An index of captures: CDXJ lines, sorted, in blocks of gzip with an index of their own (ZipNum), as WACZ has it.

However many captures there are, few are in memory: what is sorted waits on the disk.
"""

from __future__ import annotations

import hashlib
import heapq
import json
import zlib
from contextlib import ExitStack
from itertools import islice
from typing import TYPE_CHECKING

from archiver.dumps.surt import url_key
from archiver.store.warc import NOT_MODIFIED_STATUS, stored

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from archiver.store.warc import Stored

IN_MEMORY = 20_000
"""So many lines are sorted at a time."""
A_BLOCK = 3_000
"""Lines of a block, as cdxj-indexer has it."""


def index_lines(files: Iterable[tuple[Path, str]], making: Path) -> Iterator[bytes]:
    """The lines of all captures of these files, each with the name that it has in the package, sorted. Raises ArchiveDamaged.

    A 304 is left out: whoever replays its moment gets the page that it says is unchanged. `making`: a folder for what waits.
    """
    every = (_line(capture, name) for path, name in files for capture in stored(path) if _is_shown(capture))
    runs: list[Path] = []
    while some := sorted(islice(every, IN_MEMORY)):
        run = making / f"sorted-{len(runs)}"
        run.write_bytes(b"".join(some))
        runs.append(run)
    with ExitStack() as stack:
        yield from heapq.merge(*(stack.enter_context(run.open("rb")) for run in runs))
    for run in runs:
        run.unlink()


def blocks(lines: Iterable[bytes], index_name: str) -> Iterator[tuple[bytes, bytes]]:
    """The index in pieces: each a block of gzip and its line of the secondary index."""
    offset = 0
    lines = iter(lines)
    while some := list(islice(lines, A_BLOCK)):
        block = _gzipped(b"".join(some))
        first = some[0].split(b" {", 1)[0].decode()
        about = {
            "offset": offset,
            "length": len(block),
            "digest": f"sha256:{hashlib.sha256(block).hexdigest()}",
            "filename": index_name,
        }
        yield block, f"{first} {json.dumps(about)}\n".encode()
        offset += len(block)


def _is_shown(capture: Stored) -> bool:
    return capture.exchange.status != NOT_MODIFIED_STATUS


def _line(capture: Stored, name: str) -> bytes:
    exchange = capture.exchange
    kind = (exchange.header("Content-Type") or "").partition(";")[0].strip().lower() or "unk"
    about = {
        "url": exchange.url,
        "mime": "warc/revisit" if capture.refers_to is not None else kind,
        "status": str(exchange.status),
        "digest": capture.payload_digest,
        "length": str(capture.length),
        "offset": str(capture.offset),
        "filename": name,
    }
    return f"{url_key(exchange.url)} {exchange.at:%Y%m%d%H%M%S} {json.dumps(about, ensure_ascii=False)}\n".encode()


def _gzipped(text: bytes) -> bytes:
    packer = zlib.compressobj(9, zlib.DEFLATED, zlib.MAX_WBITS + 16)  # the header states no time
    return packer.compress(text) + packer.flush()
