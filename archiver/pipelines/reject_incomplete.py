"""What is no record is named and refused, never stored half."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.pipelines.drops import Incomplete

if TYPE_CHECKING:
    from archiver.article import Article


class RejectIncomplete:
    """Lets through what has every required field, each of a usable kind."""

    def process_item(self, item: Article) -> Article:
        """The article. Raises Incomplete, which becomes an event with the reason."""
        reason = _fault(item)
        if reason is not None:
            message = (
                f"{item.url}: {reason.replace('_', ' ')}. See why: archiver parse FILE --url '{item.url}' --explain"
            )
            raise Incomplete(message, reason=reason)
        return item


def _fault(item: Article) -> str | None:
    if not item.id.startswith(f"{item.site}:"):
        return "no_id"
    if not item.title.strip():
        return "no_title"
    if item.published_at is None:
        return "no_time"
    if item.published_at.tzinfo is None:
        return "time_without_zone"
    places = [block.image for block in item.blocks if block.type == "image"]
    if any(place is None or not 0 <= place < len(item.images) for place in places):
        return "image_out_of_place"
    return None
