"""Whether a browser would trust a site's certificate: one handshake, no request."""

from __future__ import annotations

import socket
import ssl

SECONDS = 15


def distrust(host: str, port: int) -> str | None:
    """Why a client that checks certificates as browsers do would go no further; None: it trusts the site.

    A crawl fetches all the same: what an archive proves is what was served. Raises OSError where no handshake came about.
    """
    context = ssl.create_default_context()
    try:
        with (
            socket.create_connection((host, port), timeout=SECONDS) as connection,
            context.wrap_socket(connection, server_hostname=host),
        ):
            return None
    except ssl.SSLCertVerificationError as problem:
        return problem.verify_message
    except ssl.SSLError as problem:
        return (problem.reason or str(problem)).lower().replace("_", " ")
