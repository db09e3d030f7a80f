"""Which parts of the record differ between two wordings, told from the stories and never from their pages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archiver.demo.story import File, Picture, Text

if TYPE_CHECKING:
    from archiver.demo.story import Story

_NOT_WORD = re.compile(r"[\W_]+")


def classes(before: Story, after: Story) -> tuple[str, ...]:
    """The classes of the change, in the order of the record (title, time, body, captions, credit, attachments).

    `boring` comes last where all that differs is white space and punctuation. Empty: the record is the same.
    """
    old, new = _parts(before), _parts(after)
    changed = [name for name in old if old[name] != new[name]]
    if changed and "time" not in changed and all(_letters(old[name]) == _letters(new[name]) for name in changed):
        changed.append("boring")
    return tuple(changed)


def _parts(story: Story) -> dict[str, Any]:
    files = [(part.address, part.title) for part in story.parts if isinstance(part, File)]
    files += [(part.link, part.linked) for part in story.parts if isinstance(part, Text) and part.link]
    return {
        "title": story.headline.title,
        "time": story.headline.moment.replace(second=0),  # as printed
        "body": [
            part.text if isinstance(part, Text) else part
            for part in story.parts
            if not isinstance(part, (Picture, File))
        ],
        "captions": [(part.address, part.caption, part.credit) for part in story.parts if isinstance(part, Picture)],
        "credit": (story.credit_line, story.credits),
        "attachments": files,
    }


def _letters(part: Any) -> str:
    """Letters and digits alone."""
    return _NOT_WORD.sub("", str(part))
