"""What the files of a site's archive are called, from the site's folder: whatever is called otherwise is none of them."""

from __future__ import annotations

import re

SITE = re.compile(r"[A-Za-z0-9][\w.-]*", re.ASCII)
"""The name of a site, which is that of its folder."""
CAPTURES = re.compile(r"captures/\d{4}/\d{2}/[\w.-]+-\d{8}T\d{6}Z-\d+\.warc\.gz", re.ASCII)
"""A closed capture file."""
SEALED_MONTH = re.compile(r"(?:articles|events)/\d{4}/\d{4}-\d{2}\.jsonl\.gz", re.ASCII)
RUN = re.compile(r"runs/\d{8}T\d{6}Z(?:-\d+)?\.json", re.ASCII)
"""The report of a run."""


def is_captures(name: str) -> bool:
    """Whether it is the name of a closed capture file."""
    return CAPTURES.fullmatch(name) is not None


def is_closed(name: str) -> bool:
    """Whether it is that of a file that the manifest may list: captures, or a sealed month."""
    return is_captures(name) or SEALED_MONTH.fullmatch(name) is not None


def is_aside(name: str) -> bool:
    """Whether it is that of a file that was moved aside, or of a page that a probe has put by."""
    is_below = not name.startswith("/") and ".." not in name.split("/") and "\0" not in name
    return is_below and (".torn-" in name.rpartition("/")[2] or name.startswith("candidates/"))
