"""What was captured is hostile: in a real browser nothing of it runs, leads away or is fetched."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from browsing import XSS, ask, browsing, chromium, hostile, looking

VIEWS = [
    "/", "/article/evil:1", "/article/evil:1?revision=1", "/history/evil:1", "/diff/evil:1", "/capture/evil:1", "/stored/evil:1",
    "/missing", "/missing?outcome=failed", "/runs", "/runs?site=evil", "/picture/evil?url=https://evil.test/s.svg",
    f"/article/{quote('evil:' + XSS.format('id') + '/../..', safe='')}", f"/?q={quote(XSS.format('query'))}",
    f"/?section={quote(XSS.format('facet'))}", f"/?status={quote(XSS.format('status'))}", f"/missing?reason={quote(XSS.format('r'))}",
    f"/article/{quote(XSS.format('path'), safe='')}", f"/?since={quote(XSS.format('since'))}", f"/{quote(XSS.format('nothing'), safe='')}",
]  # fmt: skip


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    archive = tmp_path_factory.mktemp("archive")
    hostile(archive)
    with browsing(archive) as url:
        yield url


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("view", VIEWS)
def test_nothing_that_was_planted_runs_or_is_fetched(browser, url, view):
    with looking(browser) as seen:
        seen.page.goto(url + view)
        seen.page.wait_for_load_state("networkidle")
        for details in seen.page.query_selector_all("details:not([open]) > summary"):
            details.click()
        seen.page.wait_for_load_state("networkidle")
        asked = list(seen.asked)
        ran = list(seen.ran)
        planted = seen.page.evaluate("document.querySelectorAll('[onerror], [onload], script:not([nonce])').length")
        leads = seen.page.evaluate("[...document.querySelectorAll('[href]')].map(each => each.getAttribute('href'))")

    assert ran == []
    assert planted == 0
    assert [each for each in asked if not each.startswith((url, "data:"))] == []
    assert [each for each in leads if each.lower().strip().startswith(("javascript:", "data:", "vbscript:"))] == []


def test_the_captured_page_is_seen_in_its_frame_and_can_do_nothing(browser, url):
    with looking(browser) as seen:
        seen.page.goto(f"{url}/capture/evil:1")
        seen.page.wait_for_load_state("networkidle")
        frame = seen.page.frame_locator("iframe.captured")
        text = frame.locator("body").inner_text()
        kept = frame.locator("img").count()
        for selector in ("#away", "button", "a"):
            frame.locator(selector).first.click(no_wait_after=True)
        seen.page.wait_for_load_state("networkidle")
        here = [frame.url for frame in seen.page.frames]
        sandbox = seen.page.get_attribute("iframe.captured", "sandbox")
        asked = list(seen.asked)
        ran = list(seen.ran)

    assert "Text of the captured page" in text
    assert "not kept" in text
    assert kept == 1
    assert sandbox == ""
    assert here == [f"{url}/capture/evil:1", f"{url}/stored/evil:1?revision=2"]
    assert ran == []
    assert [each for each in asked if not each.startswith((url, "data:"))] == []


def test_a_captured_page_opened_by_itself_is_of_no_origin(browser, url):
    with looking(browser) as seen:
        seen.page.goto(f"{url}/stored/evil:1")
        origin = seen.page.evaluate("self.origin")
        policy = ask(url, "/stored/evil:1").headers["content-security-policy"]

    assert origin == "null"
    assert policy.startswith("sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:")
    assert "allow-" not in policy


def test_an_attachment_is_saved_and_never_shown(url):
    answer = ask(url, "/file/evil?url=https://evil.test/f.html")

    assert answer.headers["content-type"] == "application/octet-stream"
    assert answer.headers["content-disposition"] == "attachment; filename=\"f.html\"; filename*=UTF-8''f%2Ehtml"
    assert answer.headers["content-security-policy"].startswith("sandbox")


def test_what_is_no_picture_is_not_shown_as_one(url):
    assert ask(url, "/picture/evil?url=https://evil.test/f.html").status == 404
    assert ask(url, "/picture/evil?url=https://evil.test/p.png").headers["content-type"] == "image/png"
