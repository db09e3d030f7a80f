"""The end of a run as a signal, for extensions that tell the world of it."""

from __future__ import annotations

run_judged = object()
"""Scrapy signal, sent with `report`, once the run's report is made and written. The archive is no longer held."""

NO_NEWS = (75, 130)
"""Exit codes of runs that say nothing of the site or the archive: another run was there first, or somebody stopped it."""
