"""Whether `03/04/2026` on a page is a day in April or in March."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from archiver import dates, urls
from archiver.errors import BadDate
from archiver.rules import head, moments
from archiver.rules.date_line import moment_of
from archiver.rules.flow import flow

if TYPE_CHECKING:
    from datetime import date, datetime

    from archiver.page import Page

_NUMBERS = re.compile(r"(?<![0-9/.-])([0-9]{1,2})([/-])([0-9]{1,2})\2(?:(?:19|20)[0-9]{2}|[0-9]{2})(?![0-9/.-])")
_REGION = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z]{4})?[-_]([A-Za-z]{2})\b")
_MONTH_FIRST = frozenset("US PH PR GU VI AS MP FM MH PW".split())
"""Regions that write the month first (CLDR 45, short dates; the Philippines write both)."""
_AMERICAN = ("us", "gov", "mil", "edu")
"""Domains of the United States alone."""


def day_first(page: Page, raw: str) -> bool:
    """Whether the day stands first in `raw`, a date in numbers; True where it has one order only.

    Told by, in this order: the day of the fetch, behind which none can be; a time that the page states or its address names and that `raw` gives in one order only; the
    other dates in numbers on the page; the region that `html lang` or `og:locale` names; a domain of the United States.
    Else the day is first, as in most of the world; dots part only dates that begin with the day.
    """
    if not dates.has_two_orders(raw):
        return True
    try:
        one, other = (dates.parse_moment(raw, timezone=None, day_first=first).at for first in (True, False))
    except BadDate:
        return True
    known = (_by_fetch(page, one, other), _by_statements(page, one.date(), other.date()))
    told = next((each for each in known if each is not None), None)
    if told is None:
        told = _by_other_dates(page)
    if told is None:
        told = _by_region(page)
    return urls.host(page.url).rpartition(".")[2] not in _AMERICAN if told is None else told


def _by_fetch(page: Page, one: datetime, other: datetime) -> bool | None:
    """No page prints the time of its article before it has come."""
    latest = page.fetched_at + timedelta(days=1)
    return None if (one <= latest) == (other <= latest) else one <= latest


def _by_statements(page: Page, one: date, other: date) -> bool | None:
    stated = (moments.modified(page), moments.date_from_url(page))
    known = {each.moment.at.date() for each in page.once(moments.statements)}
    known |= {moment.at.date() for each in stated if each and (moment := moment_of(each)) is not None}
    return None if (one in known) == (other in known) else one in known


def _by_other_dates(page: Page) -> bool | None:
    """What the dates say of which one number is no month, where they agree."""
    found = {
        int(first) > int(second)
        for line in flow(page).lines
        for first, _, second in _NUMBERS.findall(line.text)
        if (int(first) > 12) != (int(second) > 12)
    }
    return found.pop() if len(found) == 1 else None


def _by_region(page: Page) -> bool | None:
    for named in (page.root.get("lang"), head.meta(page, "og:locale")):
        found = _REGION.match(named or "")
        if found:
            return found[1].upper() not in _MONTH_FIRST
    return None
