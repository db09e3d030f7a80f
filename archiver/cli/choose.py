"""Which site and which port the words of a command mean."""

from __future__ import annotations

import contextlib
import dataclasses
import errno
import os
from pathlib import Path
from typing import TYPE_CHECKING

from archiver import urls
from archiver.errors import UsageError

# The rules of sites are imported by the commands that need them.
# ruff: noqa: PLC0415

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.site import Site


def sites_to_crawl(names: Sequence[str], url: str | None, base_url: str | None) -> list[Site]:
    """The sites that a crawl is asked for."""
    from archiver.sites import load_sites, site_for, site_named

    if url is not None:
        if names or base_url:
            message = "--url is a site by itself: give it without SITE and --base-url"
            raise UsageError(message)
        return [dataclasses.replace(site_for(url), start_urls=(url,))]
    if not names:
        message = f"which site? Known: {', '.join(load_sites())}. Any other news site: archiver crawl --url URL"
        raise UsageError(message)
    found = [site_named(name) for name in dict.fromkeys(names)]
    if base_url is None:
        return found
    if len(found) > 1:
        message = f"--base-url is the copy of one site, not of {len(found)}"
        raise UsageError(message)
    site_for(base_url)  # refuses what is no address
    return [found[0].at(base_url)]


def site_of_page(url: str, name: str | None) -> Site:
    """The site whose rules read a saved page; for a copy on another host, at that host."""
    from archiver.sites import site_for, site_named

    by_host = site_for(url)
    if name is None:
        return by_host
    site = site_named(name)
    return site if by_host.name == site.name else site.at(urls.origin(url))


def archived_sites(
    archive: Path | None, names: Sequence[str] | None = None, cards: Sequence[str] = ("site.json",)
) -> list[Path]:
    """The folders of these sites in an archive; without names, of all. Raises UsageError where there are none.

    `cards`: a folder with a file of one of these names is a site's.
    """
    root = archive or Path(os.environ.get("ARCHIVER_DATA", "data"))
    found = sorted({path.parent for card in cards for path in root.glob(f"*/{card}")})
    here = ", ".join(folder.name for folder in found)
    if not found:
        message = f"{root}: no archive of a site in it. Give its folder with --archive DIR"
        raise UsageError(message)
    missing = [name for name in names or () if name not in {folder.name for folder in found}]
    if missing:
        message = f"{root}: no archive of {missing[0]!r} in it. There is: {here}"
        raise UsageError(message)
    return [folder for folder in found if not names or folder.name in names]


@contextlib.contextmanager
def port_can_be_taken(port: int) -> Iterator[None]:
    """Raises UsageError where opening `port` fails inside."""
    try:
        yield
    except OSError as trouble:
        if trouble.errno not in (errno.EADDRINUSE, errno.EACCES, errno.EADDRNOTAVAIL):
            raise
        message = (
            f"port {port} cannot be opened ({trouble.strerror}). Give another --port, or --port 0 for any free one"
        )
        raise UsageError(message) from trouble
