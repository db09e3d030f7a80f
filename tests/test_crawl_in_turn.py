"""Several sites in one command."""

from __future__ import annotations

import json

from conftest import run

IN_TURN = """
import dataclasses, json, sys
from pathlib import Path
from archiver.crawl import Plan, crawl_in_turn, gravest
from archiver.site import Address
from archiver.sites import site_named
site = site_named("hcma").at(sys.argv[1])
expect = site.expect
site = dataclasses.replace(site, expect=dataclasses.replace(expect, articles=2))
numbered = lambda url: Address("twin:1", url) if url.endswith("-1.htm") else None
twin = dataclasses.replace(site, name="twin", identify=numbered, expect=expect)
reports = crawl_in_turn([Plan(site=each, archive=Path(sys.argv[2])) for each in (site, twin)])
print(json.dumps([[report.site, report.exit_code] for report in reports] + [gravest(reports)]))
"""


def test_sites_are_crawled_one_after_another_and_the_gravest_code_counts(web, tmp_path):
    web.listing("/", "/a-1.htm")
    web.article("/a-1.htm")
    (tmp_path / "in_turn.py").write_text(IN_TURN)
    ended = run("in_turn", web.url, tmp_path / "data", cwd=tmp_path)

    assert json.loads(ended.out) == [["hcma", 4], ["twin", 0], 4], ended.err
    # Numbers beyond the known ones are tried at the end of each.
    assert [path for path in web.asked if "ItemID=" not in path] == ["/robots.txt", "/", "/a-1.htm"] * 2
