"""When an article was published and changed: what its page states, else what it prints, else its address."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, timedelta, timezone, tzinfo
from itertools import islice
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from archiver import dates, text
from archiver.rules import head
from archiver.rules.called import marked
from archiver.rules.country_zones import country_zone
from archiver.rules.date_line import CHANGED, date_line, is_others, moment_of, title_place
from archiver.rules.flow import flow
from archiver.rules.rule import traced
from archiver.rules.simple import articles, jsonld_values, selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archiver.page import Page

_SOON = timedelta(days=2)
_SAME_DAY = 1.6
"""Days: zones apart, two times may be of one day."""
_DAYS_APART = 3
"""Days from which two dates of one article contradict each other: an address often has the day of the first draft."""
_WEST, _EAST = timedelta(hours=-12), timedelta(hours=14)
_META_PUBLISHED = (
    "article:published_time article:published:time og:article:published_time og:published_time datepublished "
    "parsely-pub-date sailthru.date published_at publish-date publish_date publishdate published-date published "
    "published_time_telegram publication_date publication-date pubdate pub_date bt:pubdate article.published "
    "cxenseparse:recs:publishtime article:post_date article_date_original originalpublicationdate date.release "
    "citation_publication_date citation_online_date rnews:datepublished eomportal-uploaddate dcterms.issued dc.date.issued "
    "dcterms.date dc.date dcterms.created dc.date.created dc.created displaydate release_date article.created created "
    "datecreated date uploaddate"
).split()
_OF_SCHEMA = frozenset(("datepublished", "datecreated", "datemodified", "uploaddate"))
"""Names of schema.org's: a `meta` that has one of them is microdata."""
_META_MODIFIED = (
    "article:modified_time article:modified:time og:updated_time datemodified dcterms.modified dc.date.modified "
    "last-modified lastmod modified revised"
).split()
_CHANGED = re.compile(r"updat|modif|aktualis|edited|change", re.IGNORECASE)
_MOST_TIMES = 60
_BESIDE = range(-3, 8)
_LITTLE = 60
"""Characters beside a printed time on the line that is the article's for sure."""
_NEAR = range(-4, 15)
_MICROFORMAT = selector(
    ".published[title], .updated[title], .dt-published[title], .dt-published[datetime], .dtstamp[title]"
)
_PLAIN = re.compile(
    r"[0-9]{4}-?[0-9]{2}-?[0-9]{2}(?:[Tt ][0-9:.,]+\s?(?:Z|[+-][0-9:]{2,6})?)?|[0-9]{10}(?:[0-9]{3})?|[0-9]{14}"
)
_YEAR_LAST = re.compile(r"[A-Z][a-z]{2} [A-Z][a-z]{2} [0-9]{1,2} [0-9:]{5,8} (?:[A-Z]{3,4} )?[0-9]{4}$")
_MOST_BESIDE = 40
"""Characters beside the date in a statement of it."""
_IN_SCRIPT = re.compile(
    r"""["'](?:datePublished|published_?at|published_?(?:date|time)|publish_?(?:date|time)|publication_?date|pub_?date|firstPublished(?:At)?|date_published)["']\s*:\s*"""
    r"""["']?((?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}(?:[T ][0-9:.]{5,12}(?:Z|[+-][0-9:]{4,6})?)?)""",
    re.IGNORECASE,
)
_IN_ADDRESS = re.compile(
    r"(?<![0-9])(?P<y>(?:19|20)[0-9]{2})(?P<s>[-/_.]?)(?P<m>0[1-9]|1[0-2]|(?<=[-/_.])[1-9])(?P=s)(?P<d>0[1-9]|[12][0-9]|3[01]|(?<=[-/_.])[1-9])(?![0-9])"
    r"|(?<![0-9])(?P<d2>0[1-9]|[12][0-9]|3[01])[-_.](?P<m2>0[1-9]|1[0-2])[-_.](?P<y2>(?:19|20)[0-9]{2})(?![0-9])"
)


@dataclass(frozen=True, slots=True)
class Statement:
    """A publishing time that a page states for machines."""

    raw: str
    moment: dates.Moment
    source: str
    """`json-ld`, `meta`, `microdata` or `time`."""


@traced
def stated_time(page: Page) -> tuple[str, str] | None:
    """The publishing time that JSON-LD, meta or marked elements state, in the zone of the site where one of them tells it.

    Where they contradict each other, the one that is printed. None where the line beside the title prints an earlier day,
    and neither day is that of the last change: what is stated then is the time of a later saving.
    """
    stated = [each for each in page.once(statements) if _is_past(page, each.moment)]
    if not stated:
        return None
    printed = _printed_for_sure(page)
    if printed is not None and _contradict(stated[0].moment, printed):
        confirmed = next((each for each in stated if _is_same_clock(each.moment, printed)), None)
        is_earlier = printed.at < stated[0].moment.at
        if confirmed is None and is_earlier and not _explains_change(page, stated[0].moment, printed):
            return None
        stated = [confirmed or stated[0], *stated]
    chosen = stated[0].moment
    again = (text.clean(element.get("datetime") or "") for element in islice(page.root.iter("time"), _MOST_TIMES))
    times = filter(None, map(moment_of_date, dict.fromkeys(again)))
    stated += [Statement(moment.raw, moment, "time") for moment in times]
    best = max(stated, key=lambda each: _worth(each.moment, chosen))
    return _in_printed_zone(page, best.raw, best.moment), best.source


def _printed_for_sure(page: Page) -> dates.Moment | None:
    """The time on the line right beside the title that says little else and no word for a change."""
    found, title = date_line(page), title_place(page)
    if found is None or title is None or found[0] - title not in _BESIDE:
        return None
    words = flow(page).lines[found[0]].text
    if len(words) - len(found[1]) > _LITTLE or CHANGED.search(words):
        return None
    return moment_of(found[1])


def _contradict(stated: dates.Moment, printed: dates.Moment) -> bool:
    """Whether two moments are days apart in either order of day and month."""
    return abs(stated.at - printed.at) > timedelta(days=_SAME_DAY) and not _is_turned(stated, printed)


def _is_turned(one: dates.Moment, other: dates.Moment) -> bool:
    """Whether two moments are one date whose day and month change places: 10/12 for 12/10."""
    return (one.at.year, one.at.month, one.at.day) == (other.at.year, other.at.day, other.at.month)


def _is_same_clock(stated: dates.Moment, printed: dates.Moment) -> bool:
    """Whether a statement is the printed minute, of whatever zone."""
    if "day" in (stated.precision, printed.precision):
        return False
    ahead = _ahead(stated, printed)
    return not ahead % timedelta(minutes=30) and _WEST <= ahead <= _EAST


def _ahead(stated: dates.Moment, printed: dates.Moment) -> timedelta:
    return printed.at.replace(second=0) - stated.at.replace(second=0, microsecond=0)


def _explains_change(page: Page, *moments: dates.Moment) -> bool:
    """Whether one of the moments is of the day of the last change: of that, or of a draft, the other may tell."""
    raw = modified(page)
    changed = moment_of_date(raw) if raw else None
    return changed is not None and any(abs(each.at - changed.at) <= timedelta(days=_SAME_DAY) for each in moments)


def _in_printed_zone(page: Page, raw: str, moment: dates.Moment) -> str:
    """`raw`, or its instant as the clock of the site shows it: many state UTC and print their own time.

    The printed time tells the zone where it is the same instant, or the same minute of another hour; else the domain of
    the site's country does.
    """
    if moment.precision == "day" or moment.zone_assumed or moment.at.utcoffset():
        return raw
    found = date_line(page)
    printed = moment_of(found[1]) if found else None
    zone = _printed_zone(moment, printed) if printed is not None else None
    if zone is None and (name := country_zone(page.url)):
        zone = ZoneInfo(name)
    return raw if zone is None else moment.at.astimezone(zone).isoformat()


def _printed_zone(moment: dates.Moment, printed: dates.Moment) -> tzinfo | None:
    """The zone of a printed time that is the moment; None: it is another one, or only a day."""
    if printed.precision == "day":
        return None
    if not printed.zone_assumed:
        return printed.at.tzinfo if abs(printed.at - moment.at) < timedelta(minutes=1) else None
    return timezone(_ahead(moment, printed)) if _is_same_clock(moment, printed) else None


def disagree(page: Page) -> bool:
    """Whether what is stated, printed beside the title and given by the address are days apart."""
    said = [each.moment for each in page.once(statements) if _is_past(page, each.moment)][:1]
    address = date_from_url(page)
    if address is not None and (day := moment_of(address)):
        said.append(day)
    found = date_line(page)
    title = title_place(page)
    if found is not None and title is not None and found[0] - title in _NEAR and (printed := moment_of(found[1])):
        said += [] if any(_is_turned(each, printed) for each in said) else [printed]
    days = [each.at for each in said]
    return bool(days) and (max(days) - min(days)) > timedelta(days=_DAYS_APART)


def near_time(page: Page) -> str | None:
    """The time of the `time` element nearest to the title; of the only one, wherever it stands."""
    title = title_place(page)
    spans = flow(page)
    rated: list[tuple[float, str]] = []
    elements = [each for each in islice(page.root.iter("time"), _MOST_TIMES) if not is_others(each)]
    for place, element in enumerate(elements):
        words = text.clean("".join(element.itertext()))
        raw = _time_in(element.get("datetime") or "", words)
        if raw is None or (moment := moment_of_date(raw)) is None or not _is_past(page, moment):
            continue
        beyond = spans.span(element)[0] - title if title is not None else 0
        score = 2.0 - abs(beyond) / 20 if beyond in _NEAR else 0.0
        score += 0.5 if len(elements) == 1 else 0
        name = f"{element.get('class') or ''} {element.get('itemprop') or ''}"
        score -= 0.6 if _CHANGED.search(name) or _CHANGED.search(words) else 0
        score += 0.5 if "publish" in name or "entry-date" in name else 0
        score -= place / 100
        rated.append((score, raw))
    if not rated:
        return None
    score, raw = max(rated, key=lambda each: each[0])
    return raw if score > 0 else None


def _time_in(stated: str, printed: str) -> str | None:
    """Of the attribute and the text of a `time` element the one to trust: the attribute, unless the text tells more.

    An attribute with another day than the text was filled by a slip of the template.
    """
    first, second = moment_of_date(stated), moment_of_date(printed)
    if first is None or second is None:
        return stated if first else second.raw if second else None
    if _contradict(first, second) or (
        first.precision == "day" != second.precision and first.at.date() == second.at.date()
    ):
        return second.raw
    return stated


def scripted_time(page: Page) -> str | None:
    """The publishing time that data in a script gives, where all that do give the same day."""
    found: list[str] = []
    for script in page.root.iter("script"):
        if script.text and "ubli" in script.text:
            found += _IN_SCRIPT.findall(script.text)
    return found[0] if found and len({each[:10] for each in found}) == 1 and moment_of(found[0]) else None


def microformat_time(page: Page) -> str | None:
    """The first `title` or `datetime` of an element that hAtom's or h-entry's class names call the time of an entry."""
    for element in _MICROFORMAT(page.root):
        moment = moment_of_date(element.get("datetime") or element.get("title") or "")
        if moment is not None and _is_past(page, moment) and not is_others(element):
            return moment.raw
    return None


def printed_time(page: Page) -> str | None:
    """The time as the page prints it beside its article, unless the address names another day."""
    found, address = date_line(page), date_from_url(page)
    day, printed = moment_of(address) if address else None, moment_of(found[1]) if found else None
    if day and printed and day.at.date() != printed.at.date() and not _is_turned(day, printed):
        return None
    return found[1] if found else None


def date_from_url(page: Page) -> str | None:
    """The day in the address: often that of the first version, in the site's zone."""
    found = list(_IN_ADDRESS.finditer(page.url))
    for each in found[-1:]:
        year, month, day = (each["y"], each["m"], each["d"]) if each["y"] else (each["y2"], each["m2"], each["d2"])
        raw = f"{year}-{int(month):02}-{int(day):02}"
        moment = moment_of(raw)
        if moment is not None and _is_past(page, moment):
            return raw
    return None


@traced
def modified(page: Page) -> tuple[str, str] | None:
    """The time of the last change that JSON-LD, meta or microdata state."""
    return page.once(_modified)


def _modified(page: Page) -> tuple[str, str] | None:
    raws = [(raw, "json-ld") for raw in jsonld_values(page, "dateModified")]
    raws += [(raw, _kind_of_meta(name)) for name in _META_MODIFIED if (raw := head.meta(page, name))]
    stated = (*_readable(raws), *(_readable(_marked_statements(page, "dateModified")) if not raws else ()))
    return next(((each.raw, each.source) for each in stated if _is_past(page, each.moment)), None)


def statements(page: Page) -> list[Statement]:
    """Every statement of the publishing time that can be read, the surest first."""
    stated = list(_readable(_raw_statements(page)))
    # Looking at every element takes as long as all else: only where no head tells the minute and its zone.
    if not any(each.moment.precision != "day" and not each.moment.zone_assumed for each in stated):
        stated += _readable(_marked_statements(page, "datePublished", "dateCreated"))
    return stated


def _readable(raws: Iterable[tuple[str, str]]) -> Iterator[Statement]:
    known = set()
    for raw, source in raws:
        clean = text.clean(raw)
        if clean and clean not in known and (moment := moment_of_date(clean)) is not None:
            yield Statement(moment.raw, moment, source)
        known.add(clean)


def _raw_statements(page: Page) -> Iterator[tuple[str, str]]:
    things: Iterable[dict[str, Any]] = page.once(articles) or _other_works(page)
    for thing in things:
        for value in (thing.get("datePublished"), thing.get("dateCreated")):
            if isinstance(value, str) and value:
                yield value, "json-ld"
                break
    for name in _META_PUBLISHED:
        yield head.meta(page, name) or "", _kind_of_meta(name)


def _kind_of_meta(name: str) -> str:
    return "microdata" if name in _OF_SCHEMA else "meta"


def _marked_statements(page: Page, *names: str) -> Iterator[tuple[str, str]]:
    for element in marked(page, *names):
        if element.tag != "meta" and not is_others(element):
            said = element.get("content") or element.get("datetime") or element.get("title")
            yield said or "".join(element.itertext()), "microdata"


def _other_works(page: Page) -> Iterator[dict[str, Any]]:
    """The page itself, or the only work on it that is no article."""
    for thing in page.jsonld:
        kind = thing.get("@type")
        if kind in (
            "WebPage",
            "HowTo",
            "Recipe",
            "MedicalWebPage",
            "FAQPage",
            "QAPage",
            "CreativeWork",
            "ItemPage",
            "Product",
        ):
            yield thing


def moment_of_date(raw: str) -> dates.Moment | None:
    """The moment that a statement names, or that stands in it."""
    if _PLAIN.fullmatch(raw):
        return moment_of(raw)
    found = dates.find_moment(raw)
    if found is not None:
        return found[0] if len(raw) - (found[2] - found[1]) < _MOST_BESIDE else None
    return moment_of(raw) if _YEAR_LAST.match(raw) else None


def _worth(moment: dates.Moment, chosen: dates.Moment) -> tuple[bool, bool, bool]:
    """Of statements of one moment the one with a zone of its own is best."""
    if moment is chosen:
        same = True
    elif chosen.precision == "day":
        same = abs(moment.at - chosen.at) < timedelta(hours=36) and moment.at.date() == chosen.at.date()
    else:
        clock = moment.at.replace(tzinfo=None, second=0, microsecond=0) == chosen.at.replace(
            tzinfo=None, second=0, microsecond=0
        )
        instant = abs(moment.at - chosen.at) < timedelta(minutes=1) and not moment.zone_assumed
        same = moment.precision != "day" and ((chosen.zone_assumed and clock) or instant)
    return (
        same,
        same and moment.precision != "day" and not moment.zone_assumed,
        same and moment.at.utcoffset() != timedelta(0),
    )


def _is_past(page: Page, moment: dates.Moment) -> bool:
    return moment.at <= page.fetched_at.astimezone(UTC) + _SOON
