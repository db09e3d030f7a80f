"""What an answer tells of an article that was to be there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver import urls

if TYPE_CHECKING:
    from archiver.site.site import Site
    from archiver.store.exchange import Exchange

GONE_STATUSES = (404, 410)
GONE_REASONS = ("soft_404", "withdrawn")
"""Refusals of a page that mean that the site has the article no longer."""
IN_ITS_PLACE = ("sign_in", "led_away")
"""What stands in the place of a known article when it is taken away; of an unknown one they are failures."""


def asked(exchange: Exchange) -> str:
    """The address that was asked for, before redirects and other views."""
    return exchange.via[0] if exchange.via else exchange.url


def key(site: Site, url: str) -> str:
    """Equal for all addresses of an article that tell its id by themselves."""
    address = site.address(url)
    return address.id if address else site.own(url)


def absence(site: Site, exchange: Exchange, refused: str) -> str | None:
    """Why a known article is missing, by an exchange that was `refused` for that reason; None: it tells nothing of it."""
    if exchange.status in GONE_STATUSES:
        return f"http_{exchange.status}"
    if 300 <= exchange.status < 400:
        return "led_away" if _is_led_away(site, exchange) else None
    return refused if refused in (*GONE_REASONS, *IN_ITS_PLACE) else None


def is_second_view(site: Site, exchange: Exchange) -> bool:
    """Whether the exchange shows another view of the article, asked for because the first was refused."""
    return bool(exchange.via) and site.second_view(exchange.via[-1]) == exchange.url


def _is_led_away(site: Site, exchange: Exchange) -> bool:
    """Whether it redirects to an address of the same host that is not for reading: a sign-in, an error page."""
    to = urls.absolute(exchange.url, exchange.header("Location") or "")
    return to is not None and urls.host(to) == urls.host(asked(exchange)) and not site.follows(to)
