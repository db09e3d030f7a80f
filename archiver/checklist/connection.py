"""What answers tell of the site before anything on its pages is read: robots.txt, start page, TLS, encoding, cookies."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archiver import urls
from archiver.checklist.check import MATTERS, REFUSED, not_so, ok, untold
from archiver.errors import BadPage

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from archiver.checklist.answer import Answer, Robots
    from archiver.checklist.check import Check
    from archiver.errors import Rejected

FEW_DAYS = 21
"""A certificate that ends sooner may be one that nobody renews: those that renew themselves do it 30 days before."""
LONG_DELAY = 10
"""Seconds between two requests, from which a thousand articles take three hours."""
_BROWSER = "Look at it in a browser, then probe again"
_ADVICE = {
    "robots": "The site does not want to be crawled by programs: ask its people, with the contact in your name",
    "robots_unreachable": "Without robots.txt nothing may be fetched (RFC 9309, 2.3.1.4): probe again later",
    "http_401": "It wants a sign-in, which a crawl does not do",
    "http_403": "It refuses this program or this network: ask its people, with the contact in your name",
    "http_429": "It asks for patience: probe again later, and crawl with -s DOWNLOAD_DELAY=5",
    "http_503": "It is down or asks for patience: probe again later",
    "host_unknown": "No host is called so: look at the address",
    "connection_refused": "Nothing listens there: look at the address and its port",
    "sign_in": "It wants a sign-in, which a crawl does not do",
    "blocked": "It refuses this program or this network: ask its people, with the contact in your name",
    "consent": "It asks about cookies before it shows anything, which a crawl cannot answer: ask its people",
    "redirect_loop": "It leads in a circle, perhaps for want of a cookie: " + _BROWSER.lower(),
}


def robots_txt(robots: Robots | None, addresses: Iterable[str]) -> Check:
    """What robots.txt says to us of these addresses of the site."""
    name = "robots.txt"
    if robots is None:
        return untold(name, "no answer came that could be read")
    if robots.status is None or robots.status >= 500:
        seen = f"status {robots.status}" if robots.status else "no answer"
        return not_so(name, seen, _ADVICE["robots_unreachable"], exit_code=REFUSED)
    if robots.status >= 400:
        return ok(name, f"status {robots.status}: there are no rules")
    refused = [url for url in dict.fromkeys(addresses) if not robots.allows(url)]
    named = f"; names {_count(len(robots.sitemaps), 'sitemap')}"
    if refused:
        return not_so(name, f"forbids {', '.join(refused)}{named}", _ADVICE["robots"])
    return ok(name, f"allows us what a crawl begins with{named}")


def crawl_delay(robots: Robots | None) -> Check:
    """How long we are asked to wait between two requests."""
    name = "crawl delay"
    if robots is None or robots.status is None or robots.status >= 500:
        return untold(name, "robots.txt did not come")
    if not robots.delay_seconds:
        return ok(name, "none asked for: a crawl waits a second")
    seen = f"{robots.delay_seconds:g} seconds are asked for, and kept"
    if robots.delay_seconds < LONG_DELAY:
        return ok(name, seen)
    hours = 1000 * robots.delay_seconds / 3600
    return not_so(name, seen, f"A thousand articles take {hours:.0f} hours: crawl in slices, --max-pages 500")


def start_page(answer: Answer, refusal: Rejected | None) -> Check:
    """Whether the site gives its start page; `refusal`: it gave a gatekeeper's."""
    name, led = "start page", f", led on from {answer.asked}" if answer.led_by else ""
    reason = refusal.reason if refusal is not None else answer.refused
    if reason is not None:
        said = str(refusal).partition(" See why:")[0] if refusal is not None else answer.message
        said = said or f"status {answer.status}"
        where = "" if answer.url in said else f"{answer.url}: "
        seen = f"{where}{said.splitlines()[0]} ({reason}){led}"
        return not_so(name, seen, _ADVICE.get(reason, _BROWSER), exit_code=REFUSED, url=answer.url)
    took = f" in {answer.seconds:.1f} s" if answer.seconds is not None else ""
    server = f", server {answer.headers['server']}" if answer.headers.get("server") else ""
    seen = f"status {answer.status}{took}, {len(answer.body) / 1000:.0f} kB{server}{led}"
    return ok(name, seen, url=answer.url)


def certificate(answer: Answer, distrusted: str | None, now: datetime) -> Check:
    """Issuer and days of the certificate; `distrusted`: why browsers would refuse it."""
    name, shown = "certificate", answer.certificate
    if shown is None:
        return untold(name, "not encrypted" if answer.url.startswith("http:") else "the server showed none")
    days = (shown.not_after - now).days
    seen = f"of {shown.issuer}, {days} days left"
    if distrusted is not None:
        return not_so(
            name,
            f"{seen}: {distrusted}",
            "A crawl fetches all the same, and anybody between could be the site: tell its people",
        )
    if days < FEW_DAYS:
        return not_so(name, seen, "Where nobody renews it, a proxy or a browser will refuse the site then")
    return ok(name, seen)


def http_to_https(answer: Answer | None, why: str) -> Check:
    """Whether the address without encryption leads to the one with it; without an answer: `why` none was asked for."""
    name = "http to https"
    if answer is None:
        return untold(name, why)
    to = urls.absolute(answer.url, answer.headers.get("location", "")) if 300 <= answer.status < 400 else None
    if to is not None and to.startswith("https:"):
        return ok(name, f"status {answer.status} to {to}", url=answer.asked)
    if answer.is_page:
        return not_so(
            name, "both answer by themselves", "Harmless: both are one site to a crawl, by its ids", url=answer.asked
        )
    return untold(name, answer.message or f"status {answer.status}", url=answer.asked)


def encoding(answer: Answer) -> Check:
    """Which encoding the page has, and whether it is the one that it states."""
    name = "encoding"
    try:
        _, found, is_overruled = answer.page().decoded
    except BadPage as problem:
        return not_so(name, str(problem), "The start page is no text: give the address of one", exit_code=MATTERS)
    stated = answer.content_type or "nothing"
    if is_overruled:
        return not_so(name, f"{found} by its bytes; the head says {stated}", "Nothing: the bytes decide")
    return ok(name, f"{found}; the head says {stated}")


def cookies(answer: Answer, *, has_article: bool) -> Check:
    """Whether pages come without the cookies that the site sets: a crawl sends none back."""
    name = "cookies"
    if not answer.cookies:
        return ok(name, "none set")
    seen = f"sets {', '.join(answer.cookies)}"
    if has_article:
        return ok(name, f"{seen}; articles come without them")
    return untold(name, f"{seen}; whether articles need them is open", do="-s COOKIES_ENABLED=1 sends them back")


def without_encryption(url: str) -> tuple[str | None, str]:
    """The http address of an https one; None where there is none, and why."""
    parts = urlsplit(url)
    if parts.scheme != "https":
        return None, "the site's own address is http"
    if parts.port not in (None, 443):
        return None, f"the site stands at port {parts.port}"
    return parts._replace(scheme="http", netloc=parts.hostname or "").geturl(), ""


def _count(number: int, what: str) -> str:
    return f"{number or 'no'} {what}{'' if number == 1 else 's'}"
