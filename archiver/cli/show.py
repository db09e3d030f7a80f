"""What a command tells its reader."""

from __future__ import annotations

import shlex
import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import typer
from rich.console import Console
from rich.table import Table

from archiver.cli.printing import say
from archiver.errors import ArchiveDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from archiver.proof.findings import Verified
    from archiver.proof.rebuilt import Rebuilt
    from archiver.store.run_report import RunReport

OUTCOMES = ("new", "changed", "unchanged", "listing", "gone", "failed", "skipped")
"""In the order of the table of a run."""
ALWAYS = ("new", "changed", "unchanged")
"""Told even where there are none."""


def complain(what: object, code: int) -> int:
    """`code`, once `what` stands in one line on standard error."""
    say(f"archiver: {' '.join(str(what).split())}", err=True)
    return code


def end(troubles: Iterable[str]) -> int:
    """The exit code of a command that has given what it could, once each trouble is told."""
    return max((complain(trouble, ArchiveDamaged.exit_code) for trouble in troubles), default=0)


def show_runs(reports: Sequence[RunReport]) -> None:
    """Tells each run in a table and, where it was not well, why in a line."""
    told = [report for report in reports if report.outcomes]
    columns = [name for name in OUTCOMES if name in ALWAYS or any(report.outcomes.get(name) for report in told)]
    columns += ["left"] if any(report.left for report in told) else []
    table = Table("site", *columns, "seconds", "exit")
    for report in told:
        seconds = (report.ended_at - report.started_at).total_seconds()
        ended = {**report.outcomes, "left": report.left}
        counts = [str(ended.get(name, 0)) for name in columns]
        table.add_row(report.site, *counts, f"{seconds:.0f}", str(report.exit_code))
    if told:
        Console().print(table)
    for report in told:
        if report.files:
            say(f"{report.site}: {_files(report)}")
    for report in reports:
        if report.exit_code:
            complain(f"{report.site}: {report.why}" if report.outcomes else report.why, report.exit_code)


def _files(report: RunReport) -> str:
    """How many attachments and pictures were kept, and why the others were not, the most frequent reason first."""
    why = sorted(report.files_refused.items(), key=lambda each: (-each[1], each[0]))
    told = f"{report.files['stored']} of {report.files['asked']} files kept"
    return "; ".join((told, *([", ".join(f"{count} {reason}" for reason, count in why)] if why else [])))


def show_verified(looked: Sequence[tuple[str, Verified]]) -> None:
    """Every finding in a line, and what was looked at."""
    for name, verified in looked:
        for finding in verified.findings:
            say(f"{finding.code}: {finding.message}")
        said = f"{verified.files} files, {verified.records} records" + (f", {verified.lines} lines" if name else "")
        if verified.unproved:
            said += f" ({verified.unproved} without captures, which an import did not bring: they cannot be proved)"
        count = len(verified.findings)
        say(f"{name + ': ' if name else ''}{said}: {f'{count} findings' if count else 'no damage'}")


def show_rebuilt(site: str, found: Rebuilt, *, is_check: bool) -> None:
    """What a rebuild of a site came to, in a line; before it what differs."""
    for difference in found.differences:
        say(f"differs: {difference}")
    if is_check:
        counts = {
            "byte-identical": found.identical,
            "of other rules, same content": found.same_content,
            "of other rules, other content": found.other_content,
            "taken down": found.taken_down,
            "not proved, for their captures were erased by takedowns": found.unproved,
            "without captures, which an import did not bring": found.lacking,
            "differ": found.differing,
        }
        told = [f"{count} lines {what}" for what, count in counts.items() if count or what == "byte-identical"]
    else:
        told = [f"{found.written} lines written", f"{found.reparsed} of them re-parsed"]
    say(f"{site}: {found.captures} captures read; {', '.join(told)}")


def suggest(folder: Path) -> None:
    """Commands that work on what the demo has made."""
    newest = max((folder / "hcma" / "articles").glob("*/*.jsonl"))
    quoted, program = shlex.quote(str(newest)), _program()
    typer.echo(f"""
Try next:
  {program} browse --archive {shlex.quote(str(folder))}   # read it in a browser: search, histories, captures, runs
  head -n 1 {quoted} | python3 -m json.tool --no-ensure-ascii   # one record
  {program} schema   # what its fields mean
  {program} rebuild --check --archive {shlex.quote(str(folder))}   # every line made again from its capture, and compared
  {program} newsroom --port 8000   # the newsroom in a browser: http://127.0.0.1:8000/""")


def _program() -> str:
    """How this program is called from where the user stands: its name if the shell finds it, else its path."""
    if shutil.which("archiver"):
        return "archiver"
    called = Path(sys.argv[0])
    return shlex.quote(str(called)) if called.name == "archiver" else f"{shlex.quote(sys.executable)} -m archiver"
