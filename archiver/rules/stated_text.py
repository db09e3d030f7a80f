"""The article's text as JSON-LD or a `meta` gives it, for pages that print none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver.rules import head
from archiver.rules.simple import jsonld_values

if TYPE_CHECKING:
    from archiver.page import Page

_MARKUP = re.compile(r"<[^<>]{1,200}>")


def stated_text(page: Page) -> str:
    """The longest `articleBody` of the page's JSON-LD articles, else that of a `meta`, without markup; empty: there is none."""
    stated = max(jsonld_values(page, "articleBody"), key=len, default="") or head.meta(page, "articleBody") or ""
    return _MARKUP.sub(" ", stated) if "<" in stated else stated
