"""The page of a crawled archive in a real browser: what a reader does, at every width and in both looks."""

from __future__ import annotations

import json
import re
import struct
import zlib

import pytest
from browsing import browsing, chromium, looking
from living import evenings, stage

from archiver.demo.living.habits import Habits
from archiver.demo.living.newsroom import LivingNewsroom

NEWSROOM = LivingNewsroom(
    seed=2,
    backlog=20,
    articles_a_day=6,
    habits=Habits(edited=1.0, withdrawn=0.3, flapping=0, outages=(2,), redesign=None),
)
VIEWS = (
    "/",
    "/?q=van+hoa",
    "/article/{id}",
    "/history/{id}",
    "/diff/{id}",
    "/capture/{id}",
    "/runs",
    "/run/hcma/{run}",
    "/missing",
    "/nothing",
)

CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const bytes = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data };
  const light = colour => { const [r, g, b] = [...bytes(colour)].slice(0, 3).map(x => x / 255)
    .map(x => x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b };
  const behind = element => { for (let e = element; e; e = e.parentElement) {
    const colour = getComputedStyle(e).backgroundColor; if (bytes(colour)[3] === 255) return colour } return 'white' };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = new Set();
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement, style = getComputedStyle(element);
    if (!walker.currentNode.data.trim() || !element.checkVisibility() || element.closest('.unseen, .skip, iframe')) continue;
    const ink = element.closest('svg') ? style.fill : style.color;
    const [a, b] = [light(ink), light(behind(element))].sort((x, y) => y - x), ratio = (a + 0.05) / (b + 0.05);
    if (ratio < 4.5) found.add(`${ratio.toFixed(2)} ${element.tagName}.${element.className.baseVal ?? element.className}: ${walker.currentNode.data.trim().slice(0, 30)}`);
  }
  return [...found];
}"""
STRUCTURE = """() => {
  const wrong = [], all = selector => [...document.querySelectorAll(selector)];
  if (all('h1').length !== 1) wrong.push(`${all('h1').length} h1`);
  for (const each of ['header', 'nav', 'main', 'footer']) if (!all(each).length) wrong.push(`no ${each}`);
  if (!document.documentElement.lang) wrong.push('no language');
  if (!document.title) wrong.push('no title');
  const ids = all('[id]').map(each => each.id);
  for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`id ${id} twice`);
  for (const each of all('input:not([type=hidden]), select')) if (!each.labels.length && !each.ariaLabel) wrong.push(`no label: ${each.outerHTML.slice(0, 60)}`);
  for (const each of all('a, button')) if (!(each.ariaLabel || each.textContent.trim())) wrong.push(`no name: ${each.outerHTML.slice(0, 60)}`);
  for (const each of all('nav, section, aside')) if (!each.ariaLabel && !each.getAttribute('aria-labelledby')) wrong.push(`no name: ${each.outerHTML.slice(0, 60)}`);
  for (const each of all('[aria-labelledby]')) if (!document.getElementById(each.getAttribute('aria-labelledby'))) wrong.push(`names nothing: ${each.outerHTML.slice(0, 60)}`);
  for (const each of all('img')) if (!each.hasAttribute('alt')) wrong.push('no alt');
  for (const each of all('iframe')) if (!each.title) wrong.push('frame without title');
  let level = 0;
  for (const each of all('h1, h2, h3, h4')) { const now = +each.tagName[1]; if (now > level + 1) wrong.push(`h${level} then h${now}`); level = now }
  return wrong;
}"""


@pytest.fixture(scope="module")
def browser():
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The page of a few evenings' archive: its address, an article that was edited, and a run."""
    archive = tmp_path_factory.mktemp("archive")
    with stage(NEWSROOM, archive) as staged:
        for moment in evenings(NEWSROOM, 5):
            staged.crawl(moment)
    files = sorted((archive / "hcma" / "articles").glob("*/*.jsonl"))
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    edited = next(line for line in lines if line["change"]["cause"] == "edit" and "body" in line["change"]["classes"])
    run = min(path.stem for path in (archive / "hcma" / "runs").glob("*.json"))
    with browsing(archive) as url:
        yield url, edited, run


def paths(served):
    return [view.format(id=served[1]["id"], run=served[2]) for view in VIEWS]


def colours(png: bytes) -> int:
    """How many colours the rows of a screenshot have (8 bits, RGB or RGBA); the filters of its rows are undone by none."""
    packed, place = b"", 8
    while place < len(png):
        length, kind = struct.unpack_from(">I4s", png, place)
        packed += png[place + 8 : place + 8 + length] if kind == b"IDAT" else b""
        place += 12 + length
    return len(set(zlib.decompress(packed)))


@pytest.mark.parametrize(("width", "look"), [(1440, "light"), (360, "dark")])
def test_every_view_can_be_read(browser, served, width, look):
    for path in paths(served):
        with looking(browser, viewport={"width": width, "height": 900}, color_scheme=look) as seen:
            answer = seen.page.goto(served[0] + path)
            seen.page.wait_for_load_state("networkidle")
            too_wide = seen.page.evaluate("document.documentElement.scrollWidth - innerWidth")
            pale = seen.page.evaluate(CONTRAST)
            picture = seen.page.screenshot()
            asked, console = list(seen.asked), [words for words in seen.console if "status of 404" not in words]

        assert answer.status == (404 if path == "/nothing" else 200), path
        assert too_wide <= 0, path
        assert pale == [], path
        assert console == [], path
        assert [each for each in asked if not each.startswith(served[0])] == [], path
        assert colours(picture) > 50, path


@pytest.mark.parametrize("locale", ["en-GB", "vi-VN"])
def test_every_view_can_be_heard(browser, served, locale):
    for path in paths(served):
        with looking(browser, locale=locale) as seen:
            seen.page.goto(served[0] + path)

            assert seen.page.evaluate(STRUCTURE) == [], path
            assert seen.page.get_attribute("html", "lang") == locale[:2]


@pytest.mark.parametrize("has_scripts", [True, False], ids=["with scripts", "without"])
def test_a_reader_searches_opens_compares_and_sees_the_capture(browser, served, has_scripts):
    url, edited, _ = served
    words = " ".join(re.findall(r"\w+", edited["title"])[:3])
    with looking(browser, java_script_enabled=has_scripts) as seen:
        page = seen.page
        page.goto(url)
        page.fill("#q", words.lower())
        page.press("#q", "Enter")
        page.wait_for_url("**q=**")
        marked = page.locator("mark").first.inner_text()
        page.locator(f'.hits h3 a[href="/article/{edited["id"]}"]').click()
        title = page.locator("h1").inner_text()
        verdict = page.locator(".verdict").inner_text()
        page.get_by_role("link", name="History").click()
        page.wait_for_url("**/history/**")
        revisions = page.locator(".revisions tbody tr").count()
        page.get_by_role("button", name="Compare A and B").click()
        page.wait_for_url("**/diff/**")
        changed = page.locator("ins, del").count()
        page.get_by_role("link", name="Captured page").click()
        capture = page.frame_locator("iframe.captured").locator("body").inner_text()
        page.get_by_role("link", name="Runs").click()
        page.locator(".calendar td a").first.click()
        run = page.locator("#list tbody a").first.inner_text()
        page.get_by_role("link", name="Tiếng Việt").click()
        page.wait_for_selector("html[lang=vi]")
        heading = page.locator("h1").inner_text()
        page.get_by_role("link", name="Tối", exact=True).click()
        page.wait_for_selector("html[data-look=dark]")
        look = page.get_attribute("html", "data-look")
        console, asked = list(seen.console), list(seen.asked)

    assert marked.lower() in words.lower()
    assert title
    assert verdict == "Read from its capture just now: record and digest are as stated."
    assert revisions >= 2
    assert changed >= 1
    assert title[:10] in capture
    assert "UTC" in run
    assert (heading, look) == ("Lượt thu thập và khoảng trống", "dark")
    assert console == []
    assert [each for each in asked if not each.startswith(url)] == []


def test_results_follow_what_is_typed_on_the_same_page(browser, served):
    with looking(browser) as seen:
        page = seen.page
        page.goto(served[0])
        page.evaluate("window.same = true")
        all_of_them = page.locator("#results-title").inner_text()
        page.locator("#q").press_sequentially("van hoa")
        page.wait_for_selector("mark")
        fewer, is_same = page.locator("#results-title").inner_text(), page.evaluate("window.same")
        page.locator("#q").press_sequentially(' "')
        page.wait_for_selector("#problem")
        address = page.url
        page.fill("#q", served[1]["id"])
        page.wait_for_url(f"**/article/{served[1]['id']}")
        console = list(seen.console)

    assert is_same
    assert fewer != all_of_them
    assert "q=van+hoa" in address
    assert console == []


def test_months_kinds_and_pages_are_reached_by_the_keyboard(browser, served):
    with looking(browser) as seen:
        page = seen.page
        page.goto(served[0])
        page.keyboard.press("Tab")
        skips = page.evaluate("document.activeElement.className")
        page.keyboard.press("Enter")
        at_main = page.evaluate("document.activeElement.id")
        page.locator(".bars a").last.focus()
        named = page.evaluate("document.activeElement.getAttribute('aria-label')")
        page.keyboard.press("Enter")
        page.wait_for_url("**since=**")
        count = page.locator("#results-title").inner_text()
        page.locator(".facet a").first.focus()
        page.keyboard.press("Enter")
        page.wait_for_url("**section=**")

    assert (skips, at_main) == ("skip", "main")
    assert named.endswith(count)


def test_the_drawing_of_months_is_told_in_a_table_too(browser, served):
    with looking(browser) as seen:
        seen.page.goto(served[0])
        drawn = [
            label.partition(":")[0]
            for label in seen.page.locator(".bars a").evaluate_all(
                "all => all.map(each => each.getAttribute('aria-label'))"
            )
        ]
        seen.page.locator(".as-table summary").click()
        told = seen.page.locator(".as-table tbody th").all_inner_texts()

    assert [month for month in reversed(told) if month != "no date"] == drawn
