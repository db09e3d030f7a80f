"""The faults that a newsroom can have: their names, and what each does to whoever asks."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from archiver.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

ALL = "all"
"""Stands for every fault of a page."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A way to misbehave. A fault of a page has an address of its own, and the front page links it."""

    name: str
    says: str
    ends_well: bool = False
    """Whether a sound reader gets an article in the end. It is one that the newsroom has anyway."""
    hops: int = 0
    """How many further addresses it has, for redirects to lead to."""
    query: str = ""
    """What stands behind the path of its address, and matters."""


_OF_PAGES = (
    Fault("error-500", "status 500, always"),
    Fault("error-503-then-well", "status 503 twice, then the page", ends_well=True),
    Fault("reset", "the connection is reset before any byte"),
    Fault("reset-in-body", "headers and half the body, then a reset"),
    Fault("stall", "headers and half the body, then nothing for as long as the visitor waits"),
    Fault("silent", "the request is taken and never answered"),
    Fault("drip", "one byte a second, for ever"),
    Fault("gzip-cut", "gzip that stops in the middle, under a Content-Length that is right"),
    Fault("gzip-bomb", "gzip of 200 MB of zeros"),
    Fault("bomb-in-bomb", "gzip of gzip of 200 MB of zeros"),
    Fault("bad-gzip", "is called gzip and is plain HTML, of a page without a story"),
    Fault("huge", "24 MB without a Content-Length"),
    Fault("huge-stated", "a Content-Length of 1 GB, and all of it for who waits"),
    Fault("redirect-self", "302 to its own address"),
    Fault("redirect-circle", "302 round a circle of three addresses", hops=2),
    Fault("redirect-chain", "302 to a new address 40 times, then a page without a story", hops=40),
    Fault("redirect-away", "302 to http://127.0.0.1:1/, where nothing listens"),
    Fault("redirect-empty", "302 without a Location"),
    Fault("length-too-long", "a Content-Length larger than the body, then the end"),
    Fault("length-too-short", "a Content-Length of half the body, of a page without a story"),
    Fault("no-length", "as before HTTP/1.1: no length, the connection's end is the body's", ends_well=True),
    Fault("chunked-cut", "half the body in chunks, then the end without the last chunk"),
    Fault("rate-limit", "status 429 with Retry-After: 1 once, then the page", ends_well=True),
    Fault("rate-limit-for-ever", "status 429 with Retry-After: 3600, always"),
    Fault("captcha", "status 200 and a page that asks for a proof of being human"),
    Fault("block-page", "status 200 and a firewall's page: access denied"),
    Fault("empty", "status 200 and no body"),
    Fault("binary", "status 200, called HTML, and random bytes"),
    Fault("status-204", "status 204: no content"),
    Fault("error-404", "status 404"),
    Fault("gone-410", "status 410"),
    Fault("bad-header", "a header with raw UTF-8 and a header line without a colon", ends_well=True),
    Fault("repeated-headers", "three Set-Cookie; without its query no story", ends_well=True, query="?ban=2"),
    Fault("wrong-charset", "headers that say ISO-8859-1 over a page in UTF-8", ends_well=True),
    Fault("utf-16", "UTF-16 with its mark, in which the page calls itself UTF-8", ends_well=True),
)
_OF_ROBOTS = (
    Fault("robots-slow", "robots.txt comes after 20 seconds"),
    Fault("robots-503", "robots.txt has status 503 and an HTML page"),
    Fault("robots-utf-16", "robots.txt in UTF-16, which forbids /en/"),
    Fault("robots-404-disallow", "robots.txt has status 404 and a page in which stands Disallow: /"),
    Fault("robots-reset", "asking for robots.txt resets the connection"),
    Fault("robots-stall", "robots.txt stops in the middle, for as long as the visitor waits"),
    Fault("robots-delay", "robots.txt with Crawl-delay: 1"),
    Fault("robots-redirect", "robots.txt is 301 to /robots-here.txt, which is a good one"),
    # RFC 9309, 2.5: a reader takes 500 KiB at least.
    Fault("robots-huge", "robots.txt of 2 MB, the rules that matter in its 500th KiB"),
)
PAGE_FAULTS: dict[str, Fault] = {fault.name: fault for fault in _OF_PAGES}
ROBOTS_FAULTS: dict[str, Fault] = {fault.name: fault for fault in _OF_ROBOTS}


def faults_named(names: Sequence[str]) -> tuple[Fault, ...]:
    """The faults of these names, each once; `all` is every fault of a page.

    Raises UsageError with the nearest name, or where robots.txt would have two faults.
    """
    wanted = dict.fromkeys(each for name in names for each in (PAGE_FAULTS if name == ALL else (name,)))
    found = tuple(_fault_named(name) for name in wanted)
    of_robots = [fault.name for fault in found if fault.name in ROBOTS_FAULTS]
    if len(of_robots) > 1:
        message = f"robots.txt has one fault at a time, not {' and '.join(of_robots)}. Give one of them"
        raise UsageError(message)
    return found


def _fault_named(name: str) -> Fault:
    faults = PAGE_FAULTS | ROBOTS_FAULTS
    if name in faults:
        return faults[name]
    near = difflib.get_close_matches(name.lower(), (*faults, ALL), n=1, cutoff=0.4)
    advice = f"Did you mean {near[0]}?" if near else f"Known: {', '.join(faults)}."
    message = f"no fault is called {name!r}. {advice} Every fault of a page: archiver newsroom --fault {ALL}"
    raise UsageError(message)
