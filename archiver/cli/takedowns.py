"""The commands that take articles down: takedown, takedowns."""

from __future__ import annotations

import json
import sys
from enum import Enum
from typing import TYPE_CHECKING, Annotated

import typer

from archiver.article import jsonable
from archiver.cli.choose import archived_sites
from archiver.cli.printing import say
from archiver.cli.proving import Archive, bar  # typer reads it
from archiver.cli.show_takedown import plan_told, show_plan
from archiver.errors import ArchiveDamaged, UsageError
from archiver.store.archive import hold
from archiver.store.clock import utc_now
from archiver.store.takedowns import LEVELS, REASONS, read_takedowns, reason_code, taken_down, unfinished

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from archiver.store.takedowns import Takedown
    from archiver.takedown.plan import Asked

# Parsing and multiprocessing are imported by the command that needs them.
# ruff: noqa: PLC0415

Id = Annotated[str, typer.Argument(metavar="ID", help="An article, as in its lines: hcma:19239.")]
Depth = Enum("Depth", {level: level for level in LEVELS}, type=str)  # type: ignore[misc]  # its names are those of LEVELS


def takedown(  # noqa: PLR0913  # one parameter an option
    id_: Id,
    reason: Annotated[
        str, typer.Option(metavar="CODE", help=f"Why: {', '.join(REASONS)}, or a code of your own.", parser=reason_code)
    ],
    level: Annotated[
        Depth,
        typer.Option(
            help="hide: only a tombstone is shown. text: its lines lose their texts. erase: its captures too are overwritten."
        ),
    ] = Depth["hide"],
    archive: Archive = None,
    note: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Kept with it: a file number, no personal data.")
    ] = None,
    *,
    teasers: Annotated[
        bool, typer.Option("--teasers", help="With erase: what other pages' captures show of it is erased too.")
    ] = False,
    only_plan: Annotated[bool, typer.Option("--plan", help="Show what would be done, and do nothing.")] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask on a terminal.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="The plan as one JSON object, every place in it.")] = False,
) -> None:
    """Take an article down, as deep as asked for, with a trail; on a terminal the plan is shown first."""
    from archiver.takedown.plan import Asked

    if teasers and level.value != "erase":
        message = f"--teasers erases what other captures show: give it with --level erase, not {level.value}"
        raise UsageError(message)
    asked = Asked(
        id=id_,
        level=level.value,
        reason=reason,
        note=note,
        teasers=teasers,
        at=jsonable(utc_now().replace(microsecond=0)),
    )
    must_ask = not yes and sys.stdin.isatty() and sys.stdout.isatty()
    means = (lambda: False) if only_plan else _confirmed if must_ask else (lambda: True)
    _take_down(_folder_of(archive, id_), asked, means, is_plan=only_plan, as_json=as_json)


def _take_down(folder: Path, asked: Asked, means: Callable[[], bool], *, is_plan: bool, as_json: bool) -> None:
    """`means`: whether the plan that was just shown is to be done."""
    from archiver.takedown.doing import do, prepare
    from archiver.takedown.plan import plan

    with hold(folder):
        if not is_plan:
            prepare(folder)
        before = taken_down(folder).get(asked.id)
        if before is not None and before.is_as_deep_as(asked.level, teasers=asked.teasers):
            _tell_of(before, is_done=not unfinished(folder))
            return
        captures = sum(file.stat().st_size for file in folder.glob("captures/*/*/*") if file.is_file())
        with bar(f"looking through {folder.name}", captures if asked.level == "erase" else None) as passed:
            planned = plan(folder, asked, passed)
        if as_json:
            sys.stdout.write(json.dumps(plan_told(planned), ensure_ascii=False) + "\n")
        else:
            show_plan(planned)
        if means():
            do(folder, planned)
            told = f"{asked.id} is taken down ({asked.level}, {asked.reason}). Prove it: archiver verify"
        else:
            told = (
                "Nothing was changed. To do it: the same command without --plan" if is_plan else "Nothing was changed"
            )
        say(told, err=as_json)


def takedowns(
    archive: Archive = None, *, as_json: Annotated[bool, typer.Option("--json", help="One JSON array.")] = False
) -> None:
    """List what was taken down: when, how deep, why; and what of it is not done yet."""
    found = []
    for folder in archived_sites(archive):
        left = {(each.id, each.at) for each in unfinished(folder)}
        found += [(each, (each.id, each.at) not in left) for each in read_takedowns(folder) if each.state == "begun"]
    if as_json:
        sys.stdout.write(
            json.dumps([_told(each, is_done=is_done) for each, is_done in found], ensure_ascii=False) + "\n"
        )
    else:
        for each, is_done in found:
            say(_line(each, is_done=is_done))
    raise typer.Exit(0 if all(is_done for _, is_done in found) else ArchiveDamaged.exit_code)


def _confirmed() -> bool:
    return typer.confirm("There is no way back. Do it?", err=True)


def _folder_of(archive: Path | None, id_: str) -> Path:
    folders = {folder.name: folder for folder in archived_sites(archive)}
    for name, folder in folders.items():
        if id_.startswith(f"{name}:"):
            return folder
    message = f"no article {id_!r} in the archive. There are sites: {', '.join(folders)}; an id is SITE:NUMBER"
    raise UsageError(message)


def _tell_of(before: Takedown, *, is_done: bool) -> None:
    deep = f"{before.level}{' with teasers' if before.teasers else ''}"
    rest = "" if is_done else ". It is not done yet. Run: archiver repair"
    say(f"{before.id} was taken down on {before.at[:10]} ({deep}, {before.reason}){rest}")


def _line(each: Takedown, *, is_done: bool) -> str:
    records = sum(map(len, each.records.values()))
    told = [f"{each.at[:16].replace('T', ' ')} UTC", f"{each.level:<5}", f"{each.reason:<17}", each.id]
    told += [f"{records} records"] if records else []
    told += ["teasers too"] if each.teasers else []
    told += [each.note] if each.note else []
    return "  ".join(told + ([] if is_done else ["NOT DONE: archiver repair"]))


def _told(each: Takedown, *, is_done: bool) -> dict[str, object]:
    return {
        "id": each.id,
        "at": each.at,
        "level": each.level,
        "reason": each.reason,
        "note": each.note,
        "teasers": each.teasers,
        "records_erased": sum(map(len, each.records.values())),
        "teaser_records_left": sum(map(len, each.left.values())),
        "is_done": is_done,
    }
