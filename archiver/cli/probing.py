"""The command that makes the first live fetch of a site: probe."""

from __future__ import annotations

import json
import shlex
import sys
from pathlib import Path  # noqa: TC003  # typer reads it
from textwrap import shorten
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.article import jsonable
from archiver.cli.choose import sites_to_crawl
from archiver.cli.printing import say
from archiver.cli.show import complain
from archiver.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.checklist import Check, Probed
    from archiver.site import Site

# Scrapy and the rules of sites are imported by the command that needs them.
# ruff: noqa: PLC0415

LARGEST_SAVED_PAGE = 60_000
"""Bytes of a page in tests/pages."""
STOPPED = 130

_NAME = 16
_STATE = 15
_LONGEST = 400
_WHOSE = {"own": "own", "general": "general", "none": "–"}


def probe(  # one parameter an option
    site: Annotated[
        str,
        typer.Argument(
            metavar="SITE|URL", help="A name from `archiver sites`, or a start page or article of any site."
        ),
    ],
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Probe a copy of the site at this address.")
    ] = None,
    archive: Annotated[
        Path | None,
        typer.Option(
            "--archive",
            metavar="DIR",
            file_okay=False,
            help="Folder of an archive that keeps the captures. [data/probe]",
        ),
    ] = None,
    candidates: Annotated[
        Path | None,
        typer.Option(
            metavar="DIR", file_okay=False, help="Folder for pages as candidates for tests. [beside the captures]"
        ),
    ] = None,
    contact: Annotated[str | None, typer.Option(help="How the site's people reach you. [ARCHIVER_CONTACT]")] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array of checks.")] = False,
) -> None:
    """Look at a site for the first time, in under 20 polite requests: what it allows, which rules hit, which do not."""
    # Scrapy is imported by the commands that need it: the others answer in half the time.
    from archiver.crawl import Plan
    from archiver.probe import probe as walk

    probed_site = site_to_probe(site, base_url)
    plan = Plan(site=probed_site, archive=archive, contact=contact)
    if not as_json:
        say(_heading(probed_site))
        typer.echo()
    found = walk(plan, _tell if not as_json else lambda _check: None, candidates)
    if found is None:
        raise typer.Exit(complain("stopped on request", STOPPED))
    if as_json:
        sys.stdout.write(json.dumps([jsonable(check) for check in found.checks], ensure_ascii=False) + "\n")
    else:
        for line in _end(found):
            say(line)
    if found.gravest is not None:
        complain(f"{found.site}: {found.gravest.name}: {found.gravest.seen}", found.exit_code)
    raise typer.Exit(found.exit_code)


def site_to_probe(word: str, base_url: str | None) -> Site:
    """The site that is meant by a name or an address. Raises UsageError."""
    if "://" not in word:
        if "." in word:
            message = f"{word!r} is no name of a site. An address begins with its scheme: https://{word}"
            raise UsageError(message)
        return sites_to_crawl([word], None, base_url)[0]
    if base_url is not None:
        message = (
            f"--base-url is the copy of a site that has a name. Probe the copy by itself: archiver probe {base_url}"
        )
        raise UsageError(message)
    return sites_to_crawl([], word, None)[0]


def _heading(site: Site) -> str:
    copy = f", the copy at {site.base_url}" if site.base_url else ""
    return f"{site.name}, {site.start_urls[0] if not copy else site.home}{copy}"


def _tell(check: Check) -> None:
    """A check in a line, below it what to do, and for the fields of an article a table. What was not asked is told at the end."""
    from archiver.checklist.visit import NOT_ASKED

    if check.seen == NOT_ASKED:
        return
    seen = shorten(check.seen, _LONGEST, placeholder=" …")
    say(f"{check.state:<{_STATE}} {check.name:<{_NAME}} {seen}")
    if check.do is not None:
        say(f"{'':<{_STATE}} {'':<{_NAME}} → {check.do}")
    for row in _table(check):
        say(row)


def _table(check: Check) -> Iterator[str]:
    """Field, whose rule, the rule, the value."""
    from archiver.cli.explain import brief, in_words

    found = [each for each in check.fields if each.rule is not None]
    rows = [(each.name, _WHOSE[each.whose], in_words(each.rule or ""), brief(each.value)) for each in found]
    widths = [max((len(row[column]) for row in rows), default=0) for column in range(3)]
    for row in rows:
        told = "  ".join(f"{cell:{width}}" for cell, width in zip(row, widths, strict=False))
        yield f"{'':<{_STATE}}   {told}  {row[3]}".rstrip()


def _end(found: Probed) -> Iterator[str]:
    from archiver.checklist.visit import NOT_ASKED

    left_out = [check.name for check in found.checks if check.seen == NOT_ASKED]
    if left_out:
        yield f"{'cannot be told':<{_STATE}} {', '.join(left_out)}: {NOT_ASKED}"
    counts = {
        state: sum(check.state == state for check in found.checks) for state in ("ok", "not so", "cannot be told")
    }
    told = ", ".join(f"{count} {state}" for state, count in counts.items())
    yield f"\n{told}. {found.requests} of at most {found.most_requests} requests, {found.seconds:.0f} s."
    check_it = f"   # archiver verify --archive {shlex.quote(str(found.folder.parent))}"
    yield f"Captures: {found.folder / 'captures'}{check_it if (found.folder / 'site.json').exists() else ''}"
    if found.candidates:
        folder = found.candidates[0].html.parent
        yield f"Candidates for tests: {folder}"
        width = max(len(each.html.name) for each in found.candidates)
        for each in found.candidates:
            large = each.html.stat().st_size
            cut = f"   # cut it to under {LARGEST_SAVED_PAGE // 1000} kB" if large >= LARGEST_SAVED_PAGE else ""
            yield f"  {each.html.name:<{width}}  {large / 1000:4.0f} kB  {each.url}{cut}"
        yield from _next(found)


def _next(found: Probed) -> Iterator[str]:
    yield "Read each .json word by word against its page: it is what the rules found, right or wrong. Next:"
    page = next((each for each in found.candidates if not each.is_listing), None)
    if page is not None:
        name = f" --site {page.site}" if page.site else ""
        yield f"  archiver parse {shlex.quote(str(page.html))} --url {shlex.quote(page.url)}{name} --explain"
    own = found.candidates[0].site
    yield f"  then into tests/pages/{own or 'NAME'}/: CONTRIBUTING.md, A new site in 15 minutes"
