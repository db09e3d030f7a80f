"""The page as a server of its own, until Ctrl-C."""

from __future__ import annotations

import contextlib
import socket
import threading
import webbrowser
from typing import TYPE_CHECKING, NamedTuple

import uvicorn

from archiver.browse.app import make_app
from archiver.browse.guard import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archiver.research.library import Library

_EVERYWHERE = {"0.0.0.0": LOOPBACK[0], "::": "[::1]"}  # noqa: S104  # compared, not bound


class Listener(NamedTuple):
    """Where the page is served."""

    host: str
    port: int
    """0: any free one."""
    opens: bool
    """Whether a browser is opened."""


def serve(
    library: Library, archive: Path, at: Listener, told: Callable[[str], object], complain: Callable[[str], object]
) -> None:
    """Serves the archive and returns on Ctrl-C. `told` hears the address, `complain` what takes long or goes wrong.

    Raises OSError where the port cannot be had.
    """
    family = socket.AF_INET6 if ":" in at.host else socket.AF_INET
    with socket.create_server((at.host, at.port), family=family) as listening:
        name = _EVERYWHERE.get(at.host) or (f"[{at.host}]" if family == socket.AF_INET6 else at.host)
        address = f"http://{name}:{listening.getsockname()[1]}/"
        app = make_app(library, archive, complain, at.host)
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, lifespan="off")
        # uvicorn passes Ctrl-C on once it has answered what was asked; it is how the page is meant to end.
        with contextlib.suppress(KeyboardInterrupt):
            told(f"{address} shows {archive}. Ctrl-C ends it.")
            if at.opens:
                threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
            uvicorn.Server(config).run(sockets=[listening])
