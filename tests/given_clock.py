"""The clock of a crawl that is run at a moment of a test's choice: `-s NOW=given_clock.now`."""

from __future__ import annotations

import os
from datetime import datetime


def now() -> datetime:
    return datetime.fromisoformat(os.environ["GIVEN_MOMENT"])
