"""Full text search of archives: what the command line, the page and Python ask alike."""

from __future__ import annotations

import logging
from datetime import date
from functools import partial
from math import log
from typing import TYPE_CHECKING, NamedTuple, TypeVar, get_args

from archiver.errors import ArchiveDamaged, UsageError
from archiver.research.found import Field, Found, Hit, Sort
from archiver.research.index.opening import ask_index
from archiver.research.index.texts import Counted, Only, Scored
from archiver.research.query_language import parse_query, wanted_words
from archiver.research.snippets import snippets
from archiver.schema import article_in
from archiver.store.articles import KIND
from archiver.store.months import line_at
from archiver.store.strays import strays

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from archiver.research.index.catalogue import Located
    from archiver.research.index.engines import Index
    from archiver.research.query_language import Query

MOST_COUNTED = 1_000
"""Where accents must be checked in the text, a count beyond it ends there: "over 1,000"."""

_LOG = logging.getLogger(__name__)


def search(  # noqa: PLR0913  # one parameter an option
    folders: Sequence[Path],
    text: str,
    *,
    field: Field | None = None,
    since: str | date | None = None,
    until: str | date | None = None,
    section: str | None = None,
    limit: int = 20,
    offset: int = 0,
    sort: Sort = "rank",
    tell: Callable[[str], None] = _LOG.warning,
) -> Found:
    """The articles of these sites' folders that `text` finds, in their newest revision; without those taken down.

    `text` is a query: archiver.research.query_language has its grammar. A word typed with accents finds that word only,
    one without finds it with any accents. `since` and `until` are days of publication as the site counts them, both
    included. `section` is a name, read as words are. With limit=0 nothing is fetched, and everything counted to the end.
    Sites are ranked together. Indexes are brought up to date first; `tell` hears, in a line, of what takes long or went wrong.

    Raises BadQuery, UsageError, DiskTrouble.
    """
    query = parse_query(text, None if field is None else _one_of(field, get_args(Field), "field"))
    asked = _Asked(query, _day(since), _day(until), section, _one_of(sort, get_args(Sort), "order"), limit, offset)
    if asked.since and asked.until and asked.since > asked.until:
        message = f"since {asked.since} is after until {asked.until}: nothing lies between"
        raise UsageError(message)
    if limit < 0 or offset < 0:
        message = f"limit {limit}, offset {offset}: both are numbers from 0 up"
        raise UsageError(message)
    damage = [stray for folder in folders for stray in strays(folder, KIND)]
    answers = [
        ask_index(folder, partial(_answer, folder, asked, is_alone=len(folders) == 1), tell) for folder in folders
    ]
    _refuse_unknown_section(section, answers)
    damage += [message for answer in answers for message in answer.damage]
    hits = []
    for each in _merged(answers, sort)[offset : offset + limit]:
        try:
            hits.append(_hit(each, query))
        except ArchiveDamaged as problem:
            damage.append(f"{each.located.id} is left out: {problem}")
    return Found(
        hits=tuple(hits),
        total=sum(answer.counted.total for answer in answers),
        is_exact=all(answer.counted.is_exact for answer in answers),
        damage=tuple(damage),
    )


Name = TypeVar("Name", bound=str)


class _Asked(NamedTuple):
    query: Query
    since: str | None
    until: str | None
    section: str | None
    sort: Sort
    limit: int
    offset: int


class _Candidate(NamedTuple):
    folder: Path
    located: Located
    scored: Scored


class _Answer(NamedTuple):
    """What one site's index says."""

    candidates: list[_Candidate]
    """In the order asked for."""
    counted: Counted
    damage: list[str]
    sections: list[str] | None
    """All that there are, where the one that was asked for is not."""
    articles: int
    """In the index,"""
    weighed: list[tuple[int, float]]
    """and of each run of the query: see Texts.weighed. Both where several sites are ranked together."""


def _answer(folder: Path, asked: _Asked, index: Index, *, is_alone: bool) -> _Answer:
    catalogue, texts = index.catalogue, index.texts
    sections = None if asked.section is None else tuple(catalogue.sections_like(asked.section))
    only = Only(asked.since, asked.until, sections)
    most = asked.offset + asked.limit
    if most > MOST_COUNTED:  # an engine makes room for as many as it is asked for
        most = min(most, catalogue.size())
    scored = texts.best(asked.query, only, asked.sort, most) if asked.limit else []
    # Another process may have taken an article out of tantivy's index since the catalogue was opened, or put one in.
    located = [(at, each) for each in scored if (at := catalogue.located(each.number)) is not None]
    is_weighed = asked.sort == "rank" and bool(scored) and not is_alone
    articles = catalogue.size() if is_weighed else 0
    return _Answer(
        candidates=[_Candidate(folder, *pair) for pair in located],
        counted=texts.count(asked.query, only, MOST_COUNTED if asked.limit else None),
        damage=[*catalogue.damage()],
        sections=catalogue.sections() if sections == () else None,
        articles=articles,
        weighed=[texts.weighed(run, articles) for run in wanted_words(asked.query)] if is_weighed else [],
    )


def _merged(answers: Sequence[_Answer], sort: Sort) -> list[_Candidate]:
    """The candidates of all sites in one order.

    A word that is common on one site and rare on another counts for the rank as it does in all of them taken together; the
    order within a site stays.
    """
    if sort == "date":
        every = [each for answer in answers for each in answer.candidates]
        return sorted(every, key=lambda each: (each.scored.published is None, -(each.scored.published or 0)))
    articles = sum(answer.articles for answer in answers if answer.weighed)
    frequencies = [
        sum(run[0] for run in runs) for runs in zip(*(each.weighed for each in answers if each.weighed), strict=True)
    ]
    rarity = sum(log(1 + (articles - each + 0.5) / (each + 0.5)) for each in frequencies)
    every = []
    for answer in answers:
        here = sum(idf for _, idf in answer.weighed)
        factor = rarity / here if here else 1.0
        every += [
            each._replace(scored=each.scored._replace(score=each.scored.score * factor)) for each in answer.candidates
        ]
    return sorted(every, key=lambda each: -each.scored.score)


def _hit(candidate: _Candidate, query: Query) -> Hit:
    located = candidate.located
    place = f"{candidate.folder / located.place.file}, byte {located.place.offset}"
    line = article_in(line_at(candidate.folder, located.place), place)
    if line["id"] != located.id:
        message = f"{place}: another article's line. See what is damaged: archiver verify"
        raise ArchiveDamaged(message)
    return Hit(
        id=located.id, revision=line["revision"], status=line["status"], site=candidate.folder.name, title=line["title"],
        url=line["url"], published_at=line["published_at"], section=line["section"], score=candidate.scored.score,
        snippets=snippets(line, query), place=located.place,
    )  # fmt: skip


def _refuse_unknown_section(section: str | None, answers: Sequence[_Answer]) -> None:
    there_are = {name for answer in answers for name in answer.sections or ()}
    if answers and all(answer.sections is not None for answer in answers):
        known = f"There are: {', '.join(sorted(there_are))}" if there_are else "No article has one"
        message = f"no section {section!r}. {known}"
        raise UsageError(message)


def _one_of(name: Name, names: tuple[Name, ...], what: str) -> Name:
    if name not in names:
        message = f"no {what} {name!r}. There are {', '.join(names)}"
        raise UsageError(message)
    return name


def _day(day: str | date | None) -> str | None:
    """The day as the catalogue has it. Raises UsageError."""
    if day is None:
        return None
    try:
        return (date.fromisoformat(day) if isinstance(day, str) else day).strftime("%Y-%m-%d")
    except ValueError as problem:
        message = f"{day!r} is no day ({problem}). A day is like 2026-11-22"
        raise UsageError(message) from problem
