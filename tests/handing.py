"""Archives of two months for the tests of what closes months and hands archives over."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from conftest import ROOT, Reply, run

if TYPE_CHECKING:
    from pathlib import Path

    from conftest import Ended, Web

OCTOBER = datetime(2026, 10, 20, 9, tzinfo=UTC)
LAST_OF_OCTOBER = datetime(2026, 10, 31, 22, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 3, 9, tzinfo=UTC)


def crawl_at(moment: datetime, web: Web, archive: Path, *options: object) -> Ended:
    """A run of hcma at a moment, every known article looked at."""
    clock = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "GIVEN_MOMENT": f"{moment}"}
    words = (
        "crawl",
        "hcma",
        "--base-url",
        web.url,
        "--archive",
        archive,
        "--max-pages",
        99,
        "--recheck",
        "-s",
        "RETRY_TIMES=0",
    )
    return run("archiver", *words, "-s", "NOW=given_clock.now", *options, **clock)


def two_months(web: Web, archive: Path) -> None:
    """Two runs in October, one in November: five articles, one edited twice, one gone, one that never came."""
    paths = [f"/tin-{number}.htm" for number in range(1, 6)]
    web.original = "http://the-newsroom.test/"
    web.listing("/", *paths, "/hong-7.htm")
    web.replies["/hong-7.htm"] = Reply("out of order", 500)
    for number, path in enumerate(paths):
        web.article(path, title=f"Bản tin số {number} về văn hóa đọc", time=f"14:37 1{number}/04/2025")
    assert crawl_at(OCTOBER, web, archive).code == 0
    web.article("/tin-1.htm", title="=HYPERLINK(Bản tin số 0 về văn hóa đọc)", time="14:37 10/04/2025")
    web.replies["/tin-5.htm"] = Reply("gone", 410)
    assert crawl_at(LAST_OF_OCTOBER, web, archive).code == 0
    web.listing("/", "/moi-9.htm", *paths[:4], "/hong-7.htm")
    web.article("/moi-9.htm", title='Bản tin mới, "trích" về thư viện số', time="08:00 18/10/2026")
    web.article("/tin-1.htm", title="Bản tin số 0 về văn hóa đọc ở miền núi", time="14:37 10/04/2025")
    assert crawl_at(NOVEMBER, web, archive).code == 0


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file below a folder, by its name from there."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}
