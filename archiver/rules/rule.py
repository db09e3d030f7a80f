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


@dataclass(frozen=True, slots=True)
class Only(Generic[Value]):
    """A rule that has the last word: where it finds nothing, no general rule is asked. A rule itself; made by only."""

    rule: Rule[Value]

    def __call__(self, page: Page) -> Value | None:
        """The value of the rule."""
        return self.rule(page)


@dataclass(frozen=True, slots=True)
class Traced(Generic[Value]):
    """A rule that says what on the page its value was read from. A rule itself; made by traced and reads."""

    name: str
    read: Callable[[Page], tuple[Value, str] | None]
    """The value and its source; None: nothing found."""

    def __call__(self, page: Page) -> Value | None:
        """The value alone."""
        found = self.read(page)
        return found[0] if found else None


def traced(read: Callable[[Page], tuple[Value, str] | None]) -> Traced[Value]:
    """A rule that weighs several sources: `read` gives the value and which of them it is of; `found_by` says `rule:source`."""
    return Traced(read.__name__, read)


def reads(source: str, rule: Rule[Value]) -> Traced[Value]:
    """`rule`, which reads one source only; `found_by` says `rule:source`."""

    def read(page: Page) -> tuple[Value, str] | None:
        value = rule(page)
        return None if value is None else (value, source)

    return Traced(rule_name(rule).lstrip("_"), read)


def only(*rules: Rule[Value]) -> Only[Value]:
    """The value of the first rule that finds one, and else nothing: what the site's own rules do not find is not there.

    For fields that a reader would find on other pages and not on these: `only()` keeps a field empty.
    """
    return Only(FirstOf(rules))


def find(rule: Rule[Value], page: Page) -> Found[Value] | None:
    """What `rule` finds on `page`, with the name of the rule, or the alternative, that found it.

    Nothing found is None; so is an empty text or tuple.
    """
    if isinstance(rule, Only):
        return find(rule.rule, page)
    if isinstance(rule, FirstOf):
        return next(filter(None, (find(each, page) for each in rule.rules)), None)
    if isinstance(rule, Traced):
        found = rule.read(page)
        return Found(found[0], f"{rule.name}:{found[1]}") if found and found[0] not in (None, "", ()) else None
    value = rule(page)
    return Found(value, rule_name(rule)) if value not in (None, "", ()) else None


def all_found(rule: Rule[Value], page: Page) -> tuple[Found[Value], ...]:
    """What `rule` and each of its alternatives find on `page`, in their order, each value once."""
    if isinstance(rule, Only):
        return all_found(rule.rule, page)
    if not isinstance(rule, FirstOf):
        found = find(rule, page)
        return (found,) if found is not None else ()
    values = {found.value: found for each in reversed(rule.rules) for found in reversed(all_found(each, page))}
    return tuple(reversed(values.values()))


def rule_name(rule: Rule[Value]) -> str:
    """How the rule is called in `found_by`: `css(h1::text)`, the name of the function, or `landmarks.title`."""
    if isinstance(rule, Traced):
        return rule.name
    name = getattr(rule, "__name__", type(rule).__name__)
    owner = getattr(rule, "__self__", None)
    return name if owner is None else f"{type(owner).__name__.lower()}.{name}"


def names_of(rule: Rule[Value]) -> frozenset[str]:
    """Every name that `rule` and its alternatives have in `found_by`, without the `:source` that some add."""
    if isinstance(rule, Only):
        return names_of(rule.rule)
    if isinstance(rule, FirstOf):
        return frozenset().union(*map(names_of, rule.rules))
    return frozenset((rule_name(rule),))


def named(name: str, rule: Rule[Value]) -> Rule[Value]:
    """`rule`, called `name` in `found_by`."""
    rule.__name__ = name
    return rule
