"""How long the page of an archive takes to answer, in Chromium: from the click to the hits, drawn.

    python benchmarks/browse.py ARCHIVE [--rounds 5]

ARCHIVE: such as many_articles.py makes. Each query is asked first in a page that was just opened (`first`), then again with other
pages between (`again`, the median). `cold` is the first query after the start of the server, its indexes being there.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import quote

from playwright.sync_api import Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
PLACES = {
    "newest articles": "/",
    "a section of a year": "/?section=Kinh+t%E1%BA%BF&since=2020-01-01&until=2020-12-31",
    "chinh tri": "/?q=chinh+tri",
    "chính trị": f"/?q={quote('chính trị')}",
    "van hoa": "/?q=van+hoa",
    "văn hóa": f"/?q={quote('văn hóa')}",
    "chinh tri, newest first": "/?q=chinh+tri&order=newest",
    "chinh tri, a section since 2020": "/?q=chinh+tri&section=Kinh+t%E1%BA%BF&since=2020-01-01",
}


def seconds(page: Page, address: str) -> float:
    """From asking for the address to its list being drawn."""
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector("#results-title")
    page.evaluate("new Promise(drawn => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    return time.perf_counter() - begun


def main() -> None:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("archive", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    command = [sys.executable, "-m", "archiver", "browse", "--archive", str(given.archive), "--port", "0", "--no-open"]
    begun = time.perf_counter()
    served = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert served.stdout is not None
    url = served.stdout.readline().split(" ")[0].rstrip("/")
    print(f"start of the server            {time.perf_counter() - begun:6.2f} s")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page()
        page.goto(f"{url}/runs")
        print(f"cold: van hoa in titles        {seconds(page, f'{url}/?q=van+hoa&field=title'):6.2f} s")
        print(f"\n{'':<34}{'first':>8}{'again':>8}  hits")
        first = {name: seconds(page, url + place) for name, place in PLACES.items()}
        again = {name: [seconds(page, url + place) for _ in range(given.rounds)] for name, place in PLACES.items()}
        for name, place in PLACES.items():
            page.goto(url + place)
            hits = page.inner_text("#results-title")
            print(f"{name:<34}{first[name]:>8.3f}{statistics.median(again[name]):>8.3f}  {hits}")
        browser.close()
    served.terminate()


if __name__ == "__main__":
    main()
