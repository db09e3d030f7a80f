"""Where a site's articles can be found besides its listings: what a site file declares as `sources`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Feed:
    """An RSS or Atom feed, read once a run. May stand on another host: who names it, allows it."""

    url: str


@dataclass(frozen=True, slots=True)
class Sitemap:
    """A sitemap, a news sitemap or an index of them, plain or gzip, read once a run. May stand on another host."""

    url: str


@dataclass(frozen=True, slots=True)
class Announced:
    """What the site announces by itself: feeds in the heads of its start pages, sitemaps in robots.txt."""

    below: str = "/"
    """Of feeds only those at paths that begin so; sitemaps are those of the whole site, and are read for `/` only."""
    guess: bool = False
    """Whether `/sitemap.xml` is asked for where robots.txt names no sitemap."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sweep:
    """Numbers between those of known articles, tried one by one at the end of a run of the whole site."""

    ids: str
    """What stands before the number in an id: `hcma:`."""
    page: str
    """Address of the page of number `{}`, where the number is all that is known. Where it is cut, its second view is asked."""
    budget: int = 200
    """At most so many numbers are tried in one run; the newest first; which were is remembered."""


Source = Feed | Sitemap | Announced | Sweep
