"""Addresses as web archives sort and look them up: `https://www.Hcma.vn/Tin?b=2&a=1` becomes `vn,hcma)/tin?a=1&b=2`.

After the rules that pywb and the Internet Archive use (SURT with the canonicalisation of the Java Wayback): without
scheme, user and fragment, host backwards and without www, lower case, parameters in order, session numbers cut out.
"""

from __future__ import annotations

import re
from contextlib import suppress
from urllib.parse import quote_from_bytes, unquote_to_bytes, urlsplit

_SAFE = "!\"$&'()*+,-./:;<=>?@[\\]^_`{|}~"
_WWW = re.compile(r"www\d*\.")
_SESSIONS_IN_PATH = (
    re.compile(r"^(.*/)(\((?:[a-z]\([0-9a-z]{24}\))+\)/)([^?]+\.aspx.*)$"),
    re.compile(r"^(.*/)(\([0-9a-z]{24}\)/)([^?]+\.aspx.*)$"),
)
_SESSIONS_IN_QUERY = (
    re.compile(r"^(.*)(?:jsessionid=[0-9a-z]{32})(?:&(.*))?$", re.IGNORECASE),
    re.compile(r"^(.*)(?:phpsessid=[0-9a-z]{32})(?:&(.*))?$", re.IGNORECASE),
    re.compile(r"^(.*)(?:sid=[0-9a-z]{32})(?:&(.*))?$", re.IGNORECASE),
    re.compile(r"^(.*)(?:aspsessionid[a-z]{8}=[a-z]{24})(?:&(.*))?$", re.IGNORECASE),
    re.compile(r"^(.*)(?:cfid=[^&]+&cftoken=[^&]+)(?:&(.*))?$", re.IGNORECASE),
)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def url_key(url: str) -> str:
    """The key of an http address."""
    parts = urlsplit(url)
    host = parts.hostname or ""
    with suppress(UnicodeError):
        host = host.encode("idna").decode("ascii")
    host = _WWW.sub("", host.replace("..", ".").strip("."), count=1) if _WWW.match(host) else host.strip(".")
    port = parts.port
    shown = ",".join(reversed(host.split("."))) + (
        f":{port}" if port and port != _DEFAULT_PORTS.get(parts.scheme.lower()) else ""
    )
    path = _without_dots(_escaped(parts.path)).lower()
    for session in _SESSIONS_IN_PATH:
        path = session.sub(r"\1\3", path)
    path = path[:-1] if path.endswith("/") and len(path) > 1 else path
    query = _escaped(parts.query)
    for session in _SESSIONS_IN_QUERY:
        query = session.sub(lambda found: (found[1] or "") + (found[2] or ""), query)
    query = "&".join(sorted(query.lower().split("&"), key=lambda pair: tuple(pair.split("=", 1))))
    return f"{shown}){path}" + (f"?{query}" if query else "")


def _escaped(text: str) -> str:
    raw = text.encode()
    while (plain := unquote_to_bytes(raw)) != raw:
        raw = plain
    return quote_from_bytes(raw, safe=_SAFE)


def _without_dots(path: str) -> str:
    kept: list[str] = []
    *folders, name = path.split("/")[1:] or [""]
    for part in (*folders, name):
        if part == "..":
            del kept[-1:]
        elif part != ".":
            kept.append(part)
    if not kept:
        return "/"
    return "/" + "".join(f"{part}/" for part in kept[:-1] if part) + kept[-1]
