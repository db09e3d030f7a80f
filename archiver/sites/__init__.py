"""One file a site, each with one SITE. A news site without a file is read by the general rules."""

from __future__ import annotations

import difflib
import importlib
import pkgutil
from functools import cache
from typing import TYPE_CHECKING

from archiver import urls
from archiver.errors import UsageError
from archiver.sites import general

if TYPE_CHECKING:
    from archiver.site import Site

_NO_SITE_FILES = {"general"}


@cache
def load_sites() -> dict[str, Site]:
    """Every site that has a file, by name, in order of the names."""
    names = sorted(module.name for module in pkgutil.iter_modules(__path__) if module.name not in _NO_SITE_FILES)
    found = [importlib.import_module(f"{__name__}.{name}").SITE for name in names]
    return {site.name: site for site in found}


def site_named(name: str) -> Site:
    """The site called `name`. Raises UsageError with the nearest name."""
    sites = load_sites()
    if name in sites:
        return sites[name]
    near = difflib.get_close_matches(name.lower(), sites, n=1, cutoff=0.4)
    advice = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(sites)}."
    message = f"no site is called {name!r}. {advice} Any other news site: archiver crawl --url URL"
    raise UsageError(message)


def site_for(url: str) -> Site:
    """The site whose host `url` has; without a file, a site read by the general rules, named after its host.

    Raises UsageError where `url` is no http address.
    """
    if urls.absolute(url, url) is None or not urls.host(url) or not url.startswith(("http://", "https://")):
        message = f"{url!r} is no address of a page. Give one that begins with http:// or https://"
        raise UsageError(message)
    for site in load_sites().values():
        if site.own(url).startswith(site.home):
            return site
    return general.site_at(url)


@cache
def site_crawled_at(name: str, address: str) -> Site:
    """The site of an archive's folder of that name as it was crawled at `address`: a copy has another than the site."""
    if name not in load_sites():
        return site_for(address)
    site = site_named(name)
    return site if address == site.home else site.at(address)
