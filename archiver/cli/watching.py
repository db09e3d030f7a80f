"""The commands that watch an archive: status, runs, schedule."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from archiver import urls
from archiver.article import jsonable
from archiver.cli.choose import archived_sites, sites_to_crawl
from archiver.cli.printing import say
from archiver.cli.proving import Archive, Sites  # noqa: TC001  # typer reads them
from archiver.cli.show_watching import run_line, show_status
from archiver.errors import UsageError
from archiver.store.clock import utc_now
from archiver.watching.calling import Call
from archiver.watching.runs import runs as runs_of
from archiver.watching.schedule import NAME, Schedule, read_interval, read_time
from archiver.watching.scheduling import printed, remove_schedule, set_schedule

if TYPE_CHECKING:
    from collections.abc import Sequence

    from archiver.site import Site

# Scrapy and the rules of sites are imported by the commands that need them.
# ruff: noqa: PLC0415

AsJson = Annotated[bool, typer.Option("--json", help="One JSON array.")]


def status(sites: Sites = None, archive: Archive = None, *, as_json: AsJson = False) -> None:
    """Tell what was collected, how fresh and complete it is, and whether runs come as scheduled; exit 4 when one is overdue."""
    from archiver.site import own_rules
    from archiver.sites import load_sites
    from archiver.watching.status import OVERDUE
    from archiver.watching.status import status as status_of

    known = load_sites()
    found = []
    for folder in archived_sites(archive, sites, cards=("site.json", NAME)):
        site = known.get(folder.name)
        found.append(status_of(folder, own_rules(site) if site else frozenset(), utc_now()))
    if as_json:
        told = [{**jsonable(each), "is_overdue": each.is_overdue} for each in found]
        sys.stdout.write(json.dumps(told, ensure_ascii=False) + "\n")
    else:
        show_status(found)
    raise typer.Exit(OVERDUE if any(each.is_overdue for each in found) else 0)


def runs(sites: Sites = None, archive: Archive = None, *, as_json: AsJson = False) -> None:
    """List the runs, newest last: beginning, length, what they brought, and how they ended."""
    found = runs_of(archived_sites(archive, sites, cards=("site.json", NAME)))
    if not as_json:
        for report in found:
            say(run_line(report))
        return
    sys.stdout.write("[")
    for number, report in enumerate(found):
        sys.stdout.write((",\n" if number else "") + json.dumps(jsonable(report), ensure_ascii=False))
    sys.stdout.write("]\n")


def schedule(  # noqa: PLR0913, PLR0917  # one parameter an option
    site: Annotated[
        str, typer.Argument(metavar="SITE", help="A name from `archiver sites`, or any site's start page.")
    ],
    every: Annotated[str | None, typer.Option(metavar="INTERVAL", help="5m to 30m, 1h to 12h, 1d or 1w.")] = None,
    at: Annotated[str | None, typer.Option(metavar="HH:MM", help="A time of day at which a run begins.")] = None,
    archive: Archive = None,
    contact: Annotated[str | None, typer.Option(help="How the site's people reach you. [ARCHIVER_CONTACT]")] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Crawl a copy of the site at this address.")
    ] = None,
    setting: Annotated[list[str] | None, typer.Option("-s", metavar="NAME=VALUE", help="Any Scrapy setting.")] = None,
    *,
    files: Annotated[bool, typer.Option("--files", help="Fetch attachments and pictures too.")] = False,
    cron: Annotated[bool, typer.Option("--cron", help="By a line of the crontab, not by a systemd timer.")] = False,
    only_print: Annotated[bool, typer.Option("--print", help="Only print what would be written.")] = False,
    remove: Annotated[bool, typer.Option("--remove", help="End the schedule of the site.")] = False,
) -> None:
    """Have a site crawled every so often, by systemd or cron; `archiver status` then knows when a run is overdue."""
    root = (archive or Path(os.environ.get("ARCHIVER_DATA", "data"))).absolute()
    is_url = "://" in site
    if remove:
        if every or at or only_print:
            message = "--remove ends a schedule: give it without --every, --at and --print"
            raise UsageError(message)
        name = sites_to_crawl([], site, None)[0].name if is_url else site
        typer.echo(remove_schedule(name, root))
        return
    if every is None:
        message = f"how often? Such as: archiver schedule {site} --every 6h"
        raise UsageError(message)
    (crawled,) = sites_to_crawl([], site, base_url) if is_url else sites_to_crawl([site], None, base_url)
    words = ("--url", site) if is_url else (site, *(("--base-url", base_url) if base_url else ()))
    given = [f"-s{name}={value}" for name, value in _settings(setting or []).items()]
    plan = Schedule(
        every_seconds=read_interval(every),
        at=read_time(at, crawled.name),
        by="cron" if cron else "systemd",
        since=utc_now(),
    )
    call = Call(
        site=crawled.name,
        arguments=(*words, *(("--files",) if files else ()), *given),
        archive=root,
        contact=contact or os.environ.get("ARCHIVER_CONTACT") or _known_contact(root / crawled.name),
    )
    _require_contact(crawled, call)
    typer.echo(printed(plan, call) if only_print else set_schedule(plan, call), nl=not only_print)


def _settings(given: Sequence[str]) -> dict[str, str]:
    """As `archiver crawl` takes them. Scrapy is imported only where there are some."""
    if not given:
        return {}
    from archiver.crawl import read_settings

    return read_settings(given)


def _known_contact(site_folder: Path) -> str | None:
    """The one that the archive was begun with."""
    card = site_folder / "site.json"
    return json.loads(card.read_bytes()).get("contact") if card.exists() else None


def _require_contact(site: Site, call: Call) -> None:
    """Raises UsageError where the runs would be refused for want of a contact."""
    if call.contact is None and not all(urls.is_loopback(url) for url in site.start_urls):
        message = f"{site.name} is a live site: its people must be able to reach you. Add --contact you@example.org"
        raise UsageError(message)
