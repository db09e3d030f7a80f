"""Who crawls: the name under which a site meets us, and what the captures say of who wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import scrapy

from archiver import urls
from archiver.errors import UsageError
from archiver.site import rules_digest
from archiver.store.archive import Writing
from archiver.store.captures import Rotation
from archiver.version import __version__

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings

    from archiver.site import Site

NOT_PRESERVED = (
    "Bodies are as received, in their content coding, without chunked transfer coding. Headers are as Scrapy gives them:"
    " every value and repetition, names in a uniform case, Content-Length first, those of the connection"
    " (Connection, Transfer-Encoding) left out. Requests are as Scrapy was asked to send them."
)
"""What a capture does not tell, in its file's warcinfo."""


def contact_of(settings: BaseSettings) -> str | None:
    """Whom the site's people can reach."""
    return settings.get("ARCHIVER_CONTACT") or None


def introduce(settings: BaseSettings) -> None:
    """The contact becomes part of the name under which the site meets us."""
    if contact := contact_of(settings):
        settings.set("USER_AGENT", f"archiver/{__version__} (+{contact})", priority="spider")


def require_contact(site: Site, contact: str | None) -> None:
    """Raises UsageError where the site is a live one and its people could not reach us."""
    if contact or all(urls.is_loopback(url) for url in site.start_urls):
        return
    message = (
        f"{site.name} is a live site: its people must be able to reach you."
        " Add --contact you@example.org (or ARCHIVER_CONTACT=you@example.org)"
    )
    raise UsageError(message)


def writing(site: Site, settings: BaseSettings, **more: str) -> Writing:
    """How a run writes its captures; `more` are further fields of each file's warcinfo."""
    about = {
        "software": f"archiver/{__version__} Scrapy/{scrapy.__version__}",
        "format": "WARC File Format 1.1",
        "conformsTo": "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/",
        "description": NOT_PRESERVED,
        "robots": "obeyed after RFC 9309" if settings.getbool("ROBOTSTXT_OBEY") else "ignored",
        "http-header-user-agent": settings["USER_AGENT"],
        "isPartOf": site.name,
        "base-url": site.base_url or site.home,
        "operator": contact_of(settings) or "",
        **more,
    }
    rotation = Rotation(settings.getint("CAPTURE_FILE_BYTES"), settings.getint("CAPTURE_FILE_SECONDS"))
    return Writing({name: value for name, value in about.items() if value}, rotation, rules_digest())
