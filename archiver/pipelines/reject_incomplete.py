"""What is no record is named and refused, never stored half."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.pipelines.drops import Incomplete
from archiver.store.acceptance import fault

if TYPE_CHECKING:
    from archiver.article import Article


class RejectIncomplete:
    """Lets through what has every required field, each of a usable kind."""

    def process_item(self, item: Article) -> Article:
        """The article. Raises Incomplete, which becomes an event with the reason."""
        reason = fault(item)
        if reason is not None:
            message = (
                f"{item.url}: {reason.replace('_', ' ')}. See why: archiver parse FILE --url '{item.url}' --explain"
            )
            raise Incomplete(message, reason=reason)
        return item
