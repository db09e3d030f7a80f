"""Real pages of 93 news sites, crawled by the general rules: each gives a record or an event that says why not.

The pages are their publishers' and no part of this repository; where they are absent the tests are skipped.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGES = ROOT.parent / "shared" / "eval" / "fundus"


@pytest.mark.skipif(not PAGES.exists(), reason="the real pages (../shared/eval/fundus) are not on this machine")
@pytest.mark.parametrize("links", ["titles", "numbers"])
def test_no_real_page_is_lost_or_breaks_the_crawl(links):
    command = [sys.executable, "benchmarks/real_pages.py", "--pages", PAGES, "--links", links]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)

    assert run.returncode == 0, run.stdout + run.stderr
