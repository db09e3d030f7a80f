"""Runs at moments of a simulated clock: the newsroom's and the crawl's are one."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, timedelta
from typing import TYPE_CHECKING

from conftest import ROOT, run

from archiver.demo.living.habits import midnight
from archiver.demo.living.on_air import OnAir
from archiver.demo.server import serve

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from conftest import Ended

    from archiver.demo.living.newsroom import LivingNewsroom


@dataclass(frozen=True)
class Stage:
    air: OnAir
    url: str
    archive: Path

    def crawl(self, moment: datetime, *options: object) -> Ended:
        """A run of hcma at that moment, from its first request to its last."""
        self.air.turn_to(moment)
        words = ("crawl", "hcma", "--base-url", self.url, "--archive", self.archive, "-s", "NOW=given_clock.now")
        clock = {"PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'tests'}", "GIVEN_MOMENT": f"{moment.astimezone(UTC)}"}
        return run("archiver", *words, *options, **clock)


@contextmanager
def stage(newsroom: LivingNewsroom, archive: Path) -> Iterator[Stage]:
    """A living newsroom being served, and an archive for it."""
    air = OnAir(newsroom, midnight(newsroom.start, 0))
    with serve(air) as server:
        yield Stage(air, server.url, archive)


def evenings(newsroom: LivingNewsroom, days: int) -> list[datetime]:
    """23:00 on each of the first days, when all of the day's articles are out."""
    return [midnight(newsroom.start, day) + timedelta(hours=23) for day in range(days)]
