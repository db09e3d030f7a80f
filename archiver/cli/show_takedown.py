"""What a takedown tells before anything is done."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from archiver.cli.printing import say

if TYPE_CHECKING:
    from collections.abc import Iterator

    from archiver.takedown.plan import Plan

_MOST = 20
"""Of more places only the number is told."""


def show_plan(plan: Plan) -> None:
    """What will be written over, and what will not."""
    takedown = plan.takedown
    say(f"{takedown.id}  {plan.title or '(its text is gone already)'}")
    say(f"takedown: {takedown.level}, {takedown.reason}")
    for told in (*_done(plan), *_told_of_teasers(plan), *_not_done(plan)):
        say(f"  {told}")


def plan_told(plan: Plan) -> dict[str, object]:
    """The whole plan in the types of JSON, every place in it."""
    captures, others = plan.captures, plan.others
    return {
        "id": plan.takedown.id,
        "title": plan.title,
        "level": plan.takedown.level,
        "reason": plan.takedown.reason,
        "lines": plan.lines,
        "caches": plan.caches,
        "records": {file: [asdict(each) for each in some] for file, some in plan.takedown.records.items()},
        "bytes": plan.erased_bytes,
        "teasers": [
            {
                "file": each.kept.file,
                "offset": each.kept.records[-1].offset,
                "record_id": each.kept.record_id,
                "url": each.kept.url,
                "shows": each.kinds,
                "is_erased": plan.takedown.teasers,
            }
            for each in captures.teasers
        ],
        "related": [
            {"file": name, "offset": offset, "is_cut": plan.takedown.teasers} for name, offset in others.related
        ],
        "unproved": others.unproved,
        "unproved_with_teasers": others.unproved_with_teasers,
        "stays": [{"file": each.file, "url": each.url} for each in (*captures.shared, *captures.led_here)],
        "copies": others.copies,
        "moved_aside": plan.takedown.torn,
    }


def _done(plan: Plan) -> Iterator[str]:
    takedown, captures = plan.takedown, plan.captures
    if plan.open_files:
        yield f"{plan.open_files} capture files that an interrupted run left open are closed first"
    yield "a line is added that says so: search, SQL and exports show it in the article's place"
    if plan.lines:
        yield f"{plan.lines} earlier lines lose their texts, in their places"
    if takedown.level == "hide":
        yield "earlier lines and captures stay as they are"
    if takedown.level == "text":
        yield "captures stay as they are"
    if takedown.level == "erase":
        records = sum(map(len, takedown.records.values()))
        yield f"{records} records, {plan.erased_bytes:,} bytes in {len(takedown.records)} capture files, become tombstones:"
        yield f"  {len(captures.own)} exchanges of the article"
        if captures.dependent:
            yield f"  {len(captures.dependent)} exchanges of other articles that have their bytes from these"
        if takedown.teasers:
            yield "  and those of teasers, also such as an earlier takedown has left"
        yield "events, run reports and the ledger lose its addresses"
    if plan.caches:
        yield f"{plan.caches} files of the cache are deleted; they are made again"
    for name in takedown.torn:
        yield f"{name}, which was moved aside, is filled with zeros"


def _told_of_teasers(plan: Plan) -> Iterator[str]:
    takedown, shown, related = plan.takedown, plan.captures.teasers, plan.others.related
    if takedown.level != "erase" or not (shown or related):
        return
    what = "are erased too" if takedown.teasers else "stay; they go with --teasers"
    yield f"teasers: {len(shown)} captures of other pages show something of it; they {what}:"
    for each in shown[:_MOST]:
        record = each.kept.records[-1]
        yield f"  {each.kept.file}, byte {record.offset}, {record.record_id}: {', '.join(each.kinds)}: {each.kept.url}"
    if len(shown) > _MOST:
        yield f"  and {len(shown) - _MOST} more: --json tells all"
    if related:
        yield f"teasers: {len(related)} lines of other articles name it in `related`; these items {what}:"
        yield from (f"  {name}, byte {offset}" for name, offset in related[:_MOST])
    if not takedown.teasers:
        yield "once its texts are gone, teasers that come later are no longer known by them: decide now"
    lost = plan.others.unproved_with_teasers
    if lost:
        when = "come of captures that are" if takedown.teasers else "come of captures that --teasers would have"
        yield (
            f"{sum(lost.values())} lines of {len(lost)} other articles {when} erased:"
            " they keep their texts, and can be proved no more"
        )


def _not_done(plan: Plan) -> Iterator[str]:
    captures = plan.captures
    for each in (*captures.shared, *captures.led_here):
        yield f"stays, for it holds nothing of the article: the answer at {each.url} ({each.file})"
    for id_, count in plan.others.copies.items():
        yield f"stays: {id_} has {count} of its sentences as its own. To take it down: archiver takedown {id_} …"
    yield "exports that were made before, copies and backups are beyond reach: whoever has them must be told"
