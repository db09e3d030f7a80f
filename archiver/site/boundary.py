"""What of the web a crawl of a site may ask for, and why it may not."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archiver import urls

if TYPE_CHECKING:
    from datetime import datetime

    from archiver.site.site import Site

DEEPEST = 20
"""Segments of a path. Heritrix (TooManyPathSegmentsDecideRule) takes as many."""

_REPEATS = re.compile(r"/((?:[^/]+/){1,4}?)\1\1")
"""The same one to four segments three times, one behind the other (Heritrix, PathologicalPathDecideRule)."""
_MONTH = re.compile(
    r"(?:^|/)((?:19|20|21)\d\d)[/._-](?:0?[1-9]|1[0-2])(?=[/._-]|$)"
    r"|(?:^|&)(?:date|day|month|from|start|ngay|thang)=((?:19|20|21)\d\d)[/._-]?(?:0?[1-9]|1[0-2])(?!\d{3})"
    r"|(?:^|&)(?:year|nam)=((?:19|20|21)\d\d)(?!\d)",
    re.IGNORECASE,
)
"""In segments of a path of their own, or in a parameter called so: a slug or an id may hold any number."""
_LONGEST_QUERY = 15
"""Parameters of an address: a filter that is combined with itself without end."""


def refusal(site: Site, url: str) -> str | None:
    """Why a crawl of `site` does not ask for `url`, as a code; None: it may.

    `no_web_address`: another scheme than http and https. `never_followed`: a sign-in, a search, plumbing. `private_address`:
    this machine or a host that the public does not reach (RFC 1918, 6761, 6890). `other_port`: the site's host at a port
    that is not its own. `offsite`: another host. What the user or the site file names is the site's.
    """
    if site.follows(url):
        return None
    if not urls.origin(url):
        return "no_web_address"
    own = site.own(url)
    if own.startswith(site.home):
        return "never_followed"
    if urls.host(own) == urls.host(site.home) or (site.base_url and urls.host(url) == urls.host(site.base_url)):
        return "other_port"
    return "private_address" if urls.is_loopback(url) or not urls.is_public_host(url) else "offsite"


def refusal_of_file(site: Site, url: str) -> str | None:
    """The same of an attachment or a picture: it may stand on any public host, at the port of its scheme."""
    reason = refusal(site, url)
    if reason != "offsite":
        return reason
    return "other_port" if urlsplit(urls.origin(url)).port is not None else None


def trap(url: str, *, now: datetime) -> str | None:
    """Why `url` looks like one of an endless space of addresses: `path_repeats`, `too_deep`, `calendar`; None: it does not.

    A calendar is an address that names a month more than a year ahead.
    """
    parts = urlsplit(url)
    if _REPEATS.search(parts.path.rstrip("/") + "/"):
        return "path_repeats"
    if parts.path.count("/") > DEEPEST or parts.query.count("&") >= _LONGEST_QUERY:
        return "too_deep"
    years = [int(next(filter(None, found.groups()))) for each in parts[2:4] for found in _MONTH.finditer(each)]
    return "calendar" if any(year > now.year + 1 for year in years) else None
