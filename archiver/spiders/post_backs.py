"""The next page of a list whose pager posts the page's form back. All pages of one list are one task, one after another.

The server knows which page comes next by what the page before sent along (its view state): no page can be asked for by
itself, and a run after a crash begins the list anew, from the captures.
"""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from archiver.rules.post_back import next_post_back
from archiver.site.boundary import refusal

if TYPE_CHECKING:
    from scrapy import Request
    from scrapy.http import Response

    from archiver.page import Page
    from archiver.site import Site

MOST_STEPS = 500
"""Pages of one list; whoever lists ten on a page has shown five thousand articles by then."""
_OF_ONE_STEP = (
    "redirect_urls",
    "redirect_times",
    "redirect_ttl",
    "redirect_reasons",
    "retry_times",
    "capture",
    "fetched_at",
)
"""What a request's meta says of the page before."""


def next_step(site: Site, page: Page, response: Response, barren: int) -> Request | None:
    """The request for the page behind `page`; None: it is the last, or leads where the crawl may not go.

    It goes on with the task of `response`. `step` in its meta: which page of the list it asks for, from 2.
    """
    shown = int(response.meta.get("step", 1))
    back = next_post_back(page, shown) if shown < MOST_STEPS and "task" in response.meta else None
    if back is None or refusal(site, back.url) is not None:
        return None
    kept: dict[str, Any] = {name: value for name, value in response.meta.items() if name not in _OF_ONE_STEP}
    meta = {**kept, "step": shown + 1, "note": {**response.meta["note"], "barren": barren}}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    cookies = {**response.meta.get("cookies", {}), **_cookies(response)}
    if cookies:
        # Some servers keep the view state in a session. Outside of such a list no cookie is sent.
        meta["cookies"] = cookies
        headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in cookies.items())
    assert response.request is not None, "Scrapy sets it on every response"
    body = urlencode(back.fields).encode("ascii")
    request: Request = response.request.replace(url=back.url, method="POST", body=body, headers=headers, meta=meta)
    return request


def _cookies(response: Response) -> dict[str, str]:
    found: dict[str, str] = {}
    for line in response.headers.getlist("Set-Cookie"):
        try:
            found.update({name: morsel.coded_value for name, morsel in SimpleCookie(line.decode("latin-1")).items()})
        except CookieError:
            continue  # no cookie is as good as one that cannot be read: the server begins another session
    return found
