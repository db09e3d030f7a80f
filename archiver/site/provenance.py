"""Whose rule gave a field: one of the site's own, or one of the general rules that stand behind them."""

from __future__ import annotations

from dataclasses import fields
from functools import lru_cache
from typing import TYPE_CHECKING

from archiver.rules.rule import names_of
from archiver.site.general_layout import LAYOUT

if TYPE_CHECKING:
    from archiver.site.site import Site

_NO_RULES = ("name", "reads", "valid_until")


@lru_cache(maxsize=64)
def own_rules(site: Site) -> frozenset[str]:
    """The names in `found_by` of the rules that the site's own layouts have; none where the general ones are all."""
    layouts = [layout for layout in site.layouts if layout is not LAYOUT]
    rules = [getattr(layout, each.name) for layout in layouts for each in fields(layout) if each.name not in _NO_RULES]
    return frozenset().union(*(names_of(rule) for rule in rules if rule is not None))


def is_own(by: str, own: frozenset[str]) -> bool:
    """Whether `by`, a value of `found_by`, names one of the `own` rules."""
    return by in own or by.rpartition(":")[0] in own
