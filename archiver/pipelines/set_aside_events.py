"""Events part from articles here, so that what follows, and every feed export, sees articles only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.pipelines.drops import Observed
from archiver.store.event import Event

if TYPE_CHECKING:
    from archiver.article import Article


class SetAsideEvents:
    """Lets articles through."""

    def process_item(self, item: Article | Event) -> Article:
        """The article. Raises Observed for an event, which the extension KeepEvents writes."""
        if isinstance(item, Event):
            raise Observed(item.outcome)
        return item
