"""When an article was published and changed: what its page states, else what it prints, else its address."""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any

from archiver import dates, text
from archiver.rules import head
from archiver.rules.date_line import date_line, is_others, moment_of, title_place
from archiver.rules.flow import flow
from archiver.rules.simple import articles, jsonld_values, marked, selector

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from archiver.page import Page

_SOON = timedelta(days=2)
_SAME_DAY = 1.6
"""Days: zones apart, two times may be of one day."""
_META_PUBLISHED = (
    "article:published_time article:published:time og:article:published_time og:published_time datepublished "
    "parsely-pub-date sailthru.date published_at publish-date publish_date publishdate published-date published "
    "published_time_telegram publication_date publication-date pubdate pub_date bt:pubdate article.published "
    "cxenseparse:recs:publishtime article:post_date article_date_original originalpublicationdate date.release "
    "citation_publication_date citation_online_date rnews:datepublished eomportal-uploaddate dcterms.issued dc.date.issued "
    "dcterms.date dc.date dcterms.created dc.date.created dc.created displaydate release_date article.created created "
    "datecreated date"
).split()
_META_MODIFIED = (
    "article:modified_time article:modified:time og:updated_time datemodified dcterms.modified dc.date.modified "
    "last-modified lastmod modified revised"
).split()
_CHANGED = re.compile(r"updat|modif|aktualis|edited|change", re.IGNORECASE)
_MOST_TIMES = 60
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


def stated_time(page: Page) -> str | None:
    """The publishing time that JSON-LD, meta or marked elements state, in the zone of the site where one of them tells it."""
    stated = [each for each in page.once(_stated) if _is_past(page, each[1])]
    if not stated:
        return None
    chosen = stated[0][1]
    again = (text.clean(element.get("datetime") or "") for element in islice(page.root.iter("time"), _MOST_TIMES))
    stated += [(moment.raw, moment) for raw in dict.fromkeys(again) if (moment := moment_of_date(raw)) is not None]
    best = max(stated, key=lambda each: _worth(each[1], chosen))
    return best[0]


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
    days = abs((first.at - second.at).total_seconds()) / 86_400
    is_turned = (first.at.day, first.at.month) == (second.at.month, second.at.day)  # 10/12 for 12/10
    if (days > _SAME_DAY and not is_turned) or (
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
    found = date_line(page)
    address = date_from_url(page)
    if found is None or (
        address is not None and (moment := moment_of(found[1])) and f"{moment.at:%Y-%m-%d}" != address
    ):
        return None
    return found[1]


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


def modified(page: Page) -> str | None:
    """The time of the last change that JSON-LD or meta state."""
    metas = (head.meta(page, name) for name in _META_MODIFIED)
    stated = (raw for raw in (*jsonld_values(page, "dateModified"), *metas) if raw)
    return next((moment.raw for raw in stated if (moment := moment_of_date(raw)) and _is_past(page, moment)), None)


def _stated(page: Page) -> list[tuple[str, dates.Moment]]:
    """Every statement of the publishing time, the surest first, that can be read, with what it says."""
    stated = list(_readable(_raw_statements(page)))
    # Looking at every element takes as long as all else: only where no head tells the minute and its zone.
    if not any(moment.precision != "day" and not moment.zone_assumed for _, moment in stated):
        stated += _readable(_marked_statements(page))
    return stated


def _readable(raws: Iterable[str]) -> Iterator[tuple[str, dates.Moment]]:
    for raw in dict.fromkeys(text.clean(raw) for raw in raws if raw):
        moment = moment_of_date(raw)
        if moment is not None:
            yield moment.raw, moment


def _raw_statements(page: Page) -> Iterator[str]:
    things: Iterable[dict[str, Any]] = page.once(articles) or _other_works(page)
    for thing in things:
        for value in (thing.get("datePublished"), thing.get("dateCreated")):
            if isinstance(value, str) and value:
                yield value
                break
    for name in _META_PUBLISHED:
        yield head.meta(page, name) or ""


def _marked_statements(page: Page) -> Iterator[str]:
    for element in marked(page, "datePublished", "dateCreated"):
        if element.tag != "meta" and not is_others(element):
            yield (
                element.get("content") or element.get("datetime") or element.get("title") or "".join(element.itertext())
            )


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
