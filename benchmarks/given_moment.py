"""The clock of a crawl that is run at a moment of a benchmark's choice: `-s NOW=given_moment.now`."""

from __future__ import annotations

import os
from datetime import datetime


def now() -> datetime:
    """The moment of the environment."""
    return datetime.fromisoformat(os.environ["GIVEN_MOMENT"])
