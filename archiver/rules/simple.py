"""Rules made of a selector or a name: css, meta, jsonld, canonical texts of one element."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from lxml.cssselect import CSSSelector

from archiver import text
from archiver.rules import head
from archiver.rules.rule import Rule, named

if TYPE_CHECKING:
    from archiver.page import Page

_TARGET = re.compile(r"^(?P<selector>.*?)(?:::(?:(?P<text>text)|attr\((?P<attribute>[\w:-]+)\)))?$", re.DOTALL)


@lru_cache(maxsize=512)
def selector(css: str) -> CSSSelector:
    """A CSS selector translated once to XPath."""
    return CSSSelector(css, translator="html")


def css(target: str) -> Rule[str]:
    """The text of the first element that `target` selects and that has some: `h1.title`, `time::attr(datetime)`."""
    parts = _TARGET.match(target)
    assert parts is not None
    select, attribute = selector(parts["selector"]), parts["attribute"]

    def rule(page: Page) -> str | None:
        for element in select(page.root):
            found = element.get(attribute) if attribute else "".join(element.itertext())
            if value := text.clean(found or ""):
                return value
        return None

    return named(f"css({target})", rule)


def meta(name: str) -> Rule[str]:
    """The content of `meta` with this name, property or itemprop."""
    return named(f"meta({name})", lambda page: head.meta(page, name))


def jsonld(*names: str) -> Rule[str]:
    """The first text at the path `names` in a JSON-LD article of the page."""

    def rule(page: Page) -> str | None:
        return next((value for value in jsonld_values(page, *names) if value), None)

    return named(f"jsonld({'.'.join(names)})", rule)


def jsonld_values(page: Page, *names: str) -> tuple[str, ...]:
    """Every text at the path `names` in the page's JSON-LD articles: lists opened, clean."""
    values: list[Any] = list(page.once(articles))
    for name in names:
        values = [inner for value in values if isinstance(value, dict) for inner in _as_list(value.get(name))]
    return tuple(text.clean(value) for value in values if isinstance(value, str) and text.clean(value))


def articles(page: Page) -> tuple[dict[str, Any], ...]:
    """The JSON-LD objects of the page that are articles, also those that a web page holds as its main entity."""
    held = (inner for thing in page.jsonld for inner in _as_list(thing.get("mainEntity")) if isinstance(inner, dict))
    return tuple(thing for thing in (*page.jsonld, *held) if is_article(thing))


def is_article(thing: dict[str, Any]) -> bool:
    """Whether a JSON-LD object is an article, of any of schema.org's kinds."""
    return any(
        isinstance(kind, str) and (kind.endswith(("Article", "BlogPosting", "LiveBlogPosting")) or kind == "Report")
        for kind in _as_list(thing.get("@type"))
    )


def is_of_kind(thing: dict[str, Any], kind: str) -> bool:
    """Whether a JSON-LD object has that type, among others."""
    return kind in _as_list(thing.get("@type"))


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
