"""What a reader asks of the list of articles, as it stands in the address of the page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, get_args
from urllib.parse import urlencode

from archiver.errors import UsageError
from archiver.research.library import Order
from archiver.research.selection import Selection, read_day

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

PER_PAGE = 20
MOST_PAGES = 100_000
SCOPES = ("", "title", "body", "captions")
LONGEST_QUERY = 400
RANK = "rank"
ORDERS = (RANK, *get_args(Order))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Words, kinds, days, order and page."""

    text: str = ""
    scope: str = ""
    """title, body or captions; empty: everywhere."""
    selection: Selection = field(default_factory=Selection)
    order: Order | Literal["rank"] = "newest"
    page: int = 1

    @property
    def offset(self) -> int:
        """How many articles stand before this page."""
        return (self.page - 1) * PER_PAGE

    @property
    def list_order(self) -> Order:
        """The order of a list without a search, which has no rank."""
        return "newest" if self.order == "rank" else self.order

    @property
    def usual_order(self) -> Order | Literal["rank"]:
        """The order where none is chosen."""
        return "rank" if self.text else "newest"

    def href(self, **changes: Any) -> str:
        """The address of the same with these changes: on its first page, unless a page is given."""
        kinds = {name: value for name, value in changes.items() if hasattr(self.selection, name)}
        own = {name: value for name, value in changes.items() if name not in kinds and name != "format"}
        asked = replace(self, **{"page": 1, "selection": replace(self.selection, **kinds), **own})
        pairs = asked.pairs() + [("format", form) for form in (changes.get("format"),) if form]
        return f"/?{urlencode(pairs)}" if pairs else "/"

    def pairs(self) -> list[tuple[str, str]]:
        """What is given, by the names of the form's fields."""
        chosen = self.selection
        order = "" if self.order == self.usual_order else self.order
        named = {
            "q": self.text, "field": self.scope, "site": chosen.site, "section": chosen.section, "status": chosen.status,
            "flag": chosen.flag, "since": _iso(chosen.since), "until": _iso(chosen.until), "order": order,
            "page": str(self.page) if self.page > 1 else "",
        }  # fmt: skip
        return [(name, value) for name, value in named.items() if value]


def read_asked(given: Mapping[str, str]) -> Asked:
    """What the fields of the form say. Raises UsageError for what none of them can say."""
    text = given.get("q", "").strip()
    if len(text) > LONGEST_QUERY:
        message = f"a query of {len(text)} characters. Give at most {LONGEST_QUERY}"
        raise UsageError(message)
    asked = Asked(
        text=text,
        scope=_one_of(SCOPES, given.get("field", ""), "field"),
        selection=Selection(
            site=given.get("site", ""),
            section=given.get("section", ""),
            status=given.get("status", ""),
            flag=given.get("flag", ""),
            since=read_day(given.get("since", "")),
            until=read_day(given.get("until", ""), is_end=True),
        ),
        page=read_page(given),
    )
    order = given.get("order") or asked.usual_order
    _one_of(ORDERS, order, "order")
    chosen: dict[str, Any] = {"order": asked.usual_order if order == RANK else order}
    return replace(asked, **chosen)


def read_page(given: Mapping[str, str]) -> int:
    """The number of the page. Raises UsageError."""
    page = given.get("page", "1")
    if not page.isascii() or not page.isdecimal() or len(page) > 6 or not 1 <= int(page) <= MOST_PAGES:
        message = f"page {page[:20]!r} cannot be. Give a number from 1"
        raise UsageError(message)
    return int(page)


def _one_of(known: tuple[str, ...], value: str, name: str) -> str:
    if value not in known:
        message = f"{name} {value[:40]!r} is none of {', '.join(filter(None, known))}"
        raise UsageError(message)
    return value


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""
