"""How far packed bytes of the archive may unpack. What somebody sends may be small and unpack to more than a machine holds."""

from __future__ import annotations

LARGE_BYTES = 64 * 1024 * 1024
"""So much may come of anything: the largest page, and the line of its article, have less."""
MOST_TIMES = 200
"""More than this comes of no text and no file that is not made for it; deflate itself can give 1,032."""


def is_bomb(inflated: int, packed: int) -> bool:
    """Whether so many bytes, out of so many packed ones, are more than any honest content gives."""
    return inflated > LARGE_BYTES and inflated > MOST_TIMES * packed
