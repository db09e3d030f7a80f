"""The page as a server of its own, until Ctrl-C."""

from __future__ import annotations

import contextlib
import socket
import threading
import webbrowser
from typing import TYPE_CHECKING

import uvicorn

from archiver.browse.app import make_app
from archiver.browse.guard import LOOPBACK

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archiver.research.library import Library


def serve(library: Library, archive: Path, *, host: str, port: int, opens: bool, told: Callable[[str], object]) -> None:
    """Serves the archive and returns on Ctrl-C. `told` hears the address. Raises OSError where the port cannot be had."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.create_server((host, port), family=family) as listening:
        taken = listening.getsockname()[1]
        name = f"[{host}]" if ":" in host else host
        address = f"http://{LOOPBACK[0] if host in ('0.0.0.0', '::') else name}:{taken}/"  # noqa: S104  # compared, not bound
        config = uvicorn.Config(
            make_app(library, archive, host), log_level="warning", access_log=False, server_header=False, lifespan="off"
        )
        told(f"{address} shows {archive}. Ctrl-C ends it.")
        if opens:
            threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
        # uvicorn passes Ctrl-C on once it has answered what was asked; it is how the page is meant to end.
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(config).run(sockets=[listening])
