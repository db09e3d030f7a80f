"""The commands: each reads its arguments and calls one function below."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from archiver.article import to_line
from archiver.cli import (
    browsing,
    handover,
    probing,
    proving,
    querying,
    reading,
    revisions,
    searching,
    takedowns,
    watching,
)
from archiver.cli import files as filed
from archiver.cli.choose import port_can_be_taken, site_of_page, sites_to_crawl
from archiver.cli.proving import Archive  # noqa: TC001  # typer reads it
from archiver.cli.show import show_runs, suggest
from archiver.schema import record_schema
from archiver.spiders.scope import read_scope
from archiver.store.revisions import first_revision
from archiver.version import __version__

# Scrapy, the rules of sites and the newsroom are imported by the commands that need them: the others answer in half the time.
# ruff: noqa: PLC0415

app = typer.Typer(
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)

Port = Annotated[int, typer.Option(min=0, max=65535, help="Port on 127.0.0.1; 0: any free one.")]
Articles = Annotated[int, typer.Option(min=1, help="How many articles the sample newsroom has.")]
Seed = Annotated[int, typer.Option(min=0, help="Another seed, another newsroom.")]


@app.callback(invoke_without_command=True)
def start(
    context: typer.Context, *, version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False
) -> None:
    """News archives that prove themselves: crawl a news site, get one normalized record an article."""
    if version:
        typer.echo(f"archiver {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


@app.command()
def demo(archive: Archive = Path("data/demo"), articles: Articles = 300, seed: Seed = 1, port: Port = 0) -> None:
    """Crawl a sample newsroom that is served on this machine, and say what to try next."""
    from archiver.crawl import Plan, crawl
    from archiver.demo.newsroom import Newsroom
    from archiver.demo.server import serve
    from archiver.sites import site_named

    folder = archive or Path("data/demo")
    with port_can_be_taken(port), serve(Newsroom(seed=seed, articles=articles), port=port) as server:
        report = crawl(Plan(site=site_named("hcma").at(server.url), archive=folder))
    show_runs([report])
    if report.exit_code == 0:
        suggest(folder)
    raise typer.Exit(report.exit_code)


@app.command()
def newsroom(
    port: Port = 8000,
    articles: Articles = 300,
    seed: Seed = 1,
    fault: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME", help="A fault, such as stall or robots-503; all: each that a page can have."),
    ] = None,
) -> None:
    """Serve the sample newsroom until Ctrl-C. /truth.jsonl there lists what a perfect crawl must find."""
    from archiver.demo.newsroom import Newsroom
    from archiver.demo.server import run

    with port_can_be_taken(port):
        run(Newsroom(seed=seed, articles=articles, faults=tuple(fault or ())), port, typer.echo)


@app.command()
def crawl(  # noqa: PLR0913  # one parameter an option
    sites: Annotated[list[str] | None, typer.Argument(metavar="SITE", help="Names from `archiver sites`.")] = None,
    url: Annotated[str | None, typer.Option(metavar="URL", help="Any other news site: a start page.")] = None,
    base_url: Annotated[
        str | None, typer.Option(metavar="URL", help="Crawl a copy of the site at this address.")
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only articles from this day on: 2026-11-22.")
    ] = None,
    until: Annotated[str | None, typer.Option(metavar="DAY", help="Only articles up to this day.")] = None,
    max_pages: Annotated[str | None, typer.Option(metavar="N", help="Fetch at most N pages.")] = None,
    *,
    backfill: Annotated[bool, typer.Option("--backfill", help="Walk every listing to its end.")] = False,
    recheck: Annotated[bool, typer.Option("--recheck", help="Ask for every known article now.")] = False,
    files: Annotated[
        bool, typer.Option("--files", help="Fetch attachments and pictures too, of known articles as well.")
    ] = False,
    archive: Archive = None,
    contact: Annotated[str | None, typer.Option(help="How the site's people reach you. [ARCHIVER_CONTACT]")] = None,
    setting: Annotated[list[str] | None, typer.Option("-s", metavar="NAME=VALUE", help="Any Scrapy setting.")] = None,
) -> None:
    """Crawl sites into an archive: new articles, and new revisions of those that were edited."""
    from archiver.crawl import Plan, crawl_in_turn, gravest, read_settings

    scope, settings = (
        read_scope(since, until, max_pages, recheck=recheck, backfill=backfill, files=files),
        read_settings(setting or []),
    )
    plans = [
        Plan(site=site, scope=scope, archive=archive, contact=contact, settings=settings)
        for site in sites_to_crawl(sites or [], url, base_url)
    ]
    reports = crawl_in_turn(plans)
    show_runs(reports)
    raise typer.Exit(gravest(reports))


app.command()(probing.probe)
app.command()(proving.verify)
app.command()(proving.repair)
app.command()(proving.rebuild)
app.command()(takedowns.takedown)
app.command()(takedowns.takedowns)
app.command()(revisions.history)
app.command()(revisions.diff)
app.command()(filed.files)
app.command()(reading.show)
app.command()(querying.query)
app.command()(querying.stats)
app.command()(searching.search)
app.command()(searching.index)
app.command()(browsing.browse)
app.command()(watching.status)
app.command()(watching.runs)
app.command()(watching.schedule)
app.command()(handover.seal)
app.command()(handover.export)
app.command("import")(handover.import_)


@app.command()
def parse(
    file: Annotated[str, typer.Argument(metavar="FILE", help="A saved page; - for standard input.")],
    url: Annotated[str, typer.Option(metavar="URL", help="The address that the page was saved from.")],
    site: Annotated[str | None, typer.Option(metavar="NAME", help="Read it by this site's rules.")] = None,
    *,
    explain: Annotated[
        bool, typer.Option("--explain", help="Show which rule gave each field, on standard error.")
    ] = False,
) -> None:
    """Read one saved page and print its record as one JSON line."""
    from archiver.cli.explain import explanation
    from archiver.cli.saved_page import read_saved_page

    chosen = site_of_page(url, site)
    page, article, refusal = read_saved_page(file, url, chosen)
    if explain:
        typer.echo(explanation(chosen, page, article), err=True)
    if refusal is not None:
        raise refusal
    sys.stdout.write(to_line(first_revision(article)))


@app.command()
def sites(*, as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False) -> None:
    """List the sites that have a file."""
    from archiver.sites import load_sites

    known = [{"name": each.name, "home": each.home, "language": each.language} for each in load_sites().values()]
    if as_json:
        typer.echo(json.dumps(known, ensure_ascii=False))
    else:
        for each in known:
            typer.echo(f"{each['name']:<20} {each['home']}")


@app.command()
def schema() -> None:
    """Print the JSON Schema (2020-12) of a record."""
    typer.echo(json.dumps(record_schema(), ensure_ascii=False, indent=2))
