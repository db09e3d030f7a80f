"""Which revisits refer to nothing: in one file, or in the files of a whole archive."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.store.inspection.finding import Finding, finding_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from archiver.store.inspection.finding import Inspected, Revisit


def revisits_of_nothing(inspected: Sequence[Inspected]) -> tuple[Finding, ...]:
    """A finding for each unresolved revisit whose original is in none of these files, taken as the whole archive."""
    captured = frozenset[tuple[str, str]]().union(*(each.captured for each in inspected))
    ids = frozenset[str]().union(*(each.captured_ids for each in inspected))
    digests = frozenset[str]().union(*(each.captured_digests for each in inspected))
    return tuple(
        finding_of("revisit-of-nothing", each.file, revisit.offset, said_of(revisit))
        for each in inspected
        for revisit in each.unresolved
        if not is_resolved(revisit, captured, ids, digests)
    )


def is_resolved(
    revisit: Revisit, captured: AbstractSet[tuple[str, str]], ids: AbstractSet[str], digests: AbstractSet[str]
) -> bool:
    """Whether the original is among these, by address and time, by Record-ID, or by the digest of its payload."""
    return revisit.original in captured or revisit.original_id in ids or revisit.payload_digest in digests


def said_of(revisit: Revisit) -> str:
    """What is wrong with a revisit whose original is not there."""
    named = revisit.original and f"{revisit.original[0][:200]} of {revisit.original[1][:40]}"
    original = named or revisit.original_id or "no original, and no record has its payload digest"
    return f"the revisit of {(revisit.target_uri or 'no address')[:200]} refers to {original[:300]}, which is not there"
