"""What a rule is: a function of a page that gives a field's value, or None. And which rule it was that gave it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from archiver.page import Page

Value = TypeVar("Value")

Rule = Callable[[Page], Value | None]
"""A field of a page: any function of this shape is a rule. Its `__name__` is what `found_by` says."""


@dataclass(frozen=True, slots=True)
class Found(Generic[Value]):
    """A value and the name of the rule that gave it."""

    value: Value
    by: str


@dataclass(frozen=True, slots=True)
class FirstOf(Generic[Value]):
    """The first of some rules that gives a value. A rule itself; made by first_of."""

    rules: tuple[Rule[Value], ...]

    def __call__(self, page: Page) -> Value | None:
        """The first value found."""
        found = find(self, page)
        return found.value if found else None


def first_of(*rules: Rule[Value]) -> FirstOf[Value]:
    """The value of the first rule that finds one; `found_by` names that rule."""
    return FirstOf(rules)


def find(rule: Rule[Value], page: Page) -> Found[Value] | None:
    """What `rule` finds on `page`, with the name of the rule, or the alternative, that found it.

    Nothing found is None; so is an empty text or tuple.
    """
    if isinstance(rule, FirstOf):
        return next(filter(None, (find(each, page) for each in rule.rules)), None)
    value = rule(page)
    return Found(value, rule_name(rule)) if value not in (None, "", ()) else None


def rule_name(rule: Rule[Value]) -> str:
    """How the rule is called in `found_by`: `css(h1::text)`, the name of the function, or `landmarks.title`."""
    name = getattr(rule, "__name__", type(rule).__name__)
    owner = getattr(rule, "__self__", None)
    return name if owner is None else f"{type(owner).__name__.lower()}.{name}"


def named(name: str, rule: Rule[Value]) -> Rule[Value]:
    """`rule`, called `name` in `found_by`."""
    rule.__name__ = name
    return rule
