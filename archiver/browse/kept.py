"""Pictures and attachments that the archive keeps, out of their captures."""

from __future__ import annotations

import base64
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import Response

from archiver import urls
from archiver.browse.harmless import POLICY
from archiver.errors import ArchiveDamaged, BadPage
from archiver.research.captured import bytes_at

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.requests import Request

    from archiver.research.library import Library

PICTURES = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "image/svg+xml")
"""Kinds that are shown; all else is only given to be saved."""

_MOST_BYTES = 20_000_000
"""Of the pictures in one captured page."""
_NO_NAME = re.compile(r"[^\w. -]|^[. ]+|[. ]+$")


def picture(request: Request) -> Response:
    """A kept picture."""
    content, kind = _found(request)
    if kind not in PICTURES:
        raise HTTPException(404, "no picture")
    return Response(content, headers={"Content-Security-Policy": POLICY}, media_type=kind)


def file(request: Request) -> Response:
    """A kept attachment, to be saved: a browser shows none of it here."""
    content, _ = _found(request)
    path = unquote(urlsplit(request.query_params.get("url", "")).path)
    name = _NO_NAME.sub("_", path.rpartition("/")[2])[-100:] or "file"
    ascii_name = name.encode("ascii", "replace").decode().replace("?", "_")
    told = f"attachment; filename=\"{ascii_name}\"; filename*=UTF-8''{_encoded(name)}"
    headers = {"Content-Security-Policy": POLICY, "Content-Disposition": told}
    return Response(content, headers=headers, media_type="application/octet-stream")


def picture_of(library: Library, site: str, base: str) -> Callable[[str], str | None]:
    """A function of a picture's address on the page at `base` to the picture as a data: URL; None where it is not kept."""
    left = _MOST_BYTES

    def embedded(address: str) -> str | None:
        nonlocal left
        if left < 0:  # what is read for nothing takes time too: a page may name thousands
            return None
        url = urls.absolute(base, address)
        kept = library.kept(site, [url]).get(url) if url else None
        if kept is None or kept.media_type not in PICTURES:
            return None
        try:
            content = bytes_at(library.shelves[site].folder, kept.place)
        except (ArchiveDamaged, BadPage):  # `verify` tells; the page says that the picture is not there
            return None
        left -= len(content)
        return f"data:{kept.media_type};base64,{base64.b64encode(content).decode()}" if left >= 0 else None

    return embedded


def _found(request: Request) -> tuple[bytes, str]:
    library: Library = request.app.state.library
    site, url = request.path_params["site"], request.query_params.get("url", "")
    kept = library.kept(site, [url]).get(url) if site in library.shelves else None
    if kept is None:
        raise HTTPException(404, "no file")
    try:
        return bytes_at(library.shelves[site].folder, kept.place), kept.media_type
    except BadPage as problem:
        raise ArchiveDamaged(str(problem)) from problem


def _encoded(name: str) -> str:
    """As RFC 8187 writes it."""
    return "".join(f"%{byte:02X}" if not chr(byte).isalnum() or byte > 127 else chr(byte) for byte in name.encode())
