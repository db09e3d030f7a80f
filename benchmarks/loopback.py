"""A web server for benchmarks: a process of its own, so that its work is not counted, with every reply in memory."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING

from archiver.demo.reply import Reply

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from pathlib import Path

Pages = Callable[[str, str], Reply]
"""What answers at a path (query included) of an origin."""


@contextmanager
def served(pages: Pages, asked: Path | None = None) -> Iterator[str]:
    """The origin (`http://127.0.0.1:PORT`) at which `pages` is served while the block runs. A reply is made once.

    Every path that is asked for goes to the file `asked`, one a line.
    """
    here, there = multiprocessing.Pipe()
    process = multiprocessing.get_context("fork").Process(target=_serve, args=(pages, there, asked), daemon=True)
    process.start()
    try:
        yield here.recv()
    finally:
        process.terminate()
        process.join()


def _serve(pages: Pages, parent: Connection, asked: Path | None) -> None:
    asyncio.run(_serve_forever(pages, parent, asked))


async def _serve_forever(pages: Pages, parent: Connection, asked: Path | None) -> None:
    @cache
    def response(path: str) -> bytes:
        reply = pages(path, origin)
        body = b"".join(reply.stream) if reply.stream is not None else reply.body
        headers = {**reply.headers, "Content-Length": str(len(body))}
        lines = [f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        return "\r\n".join([*lines, "", ""]).encode("latin-1") + body

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                request = await reader.readuntil(b"\r\n\r\n")
                path = request.split(b" ", 2)[1].decode()
                if asked is not None:
                    with asked.open("a", encoding="utf-8") as log:
                        log.write(path + "\n")
                writer.write(response(path))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    origin = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    parent.send(origin)
    await server.serve_forever()
