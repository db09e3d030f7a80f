"""Which items there are: their numbers, moments and sections, found by arithmetic however many there are.

A shelf is one run of items that is numbered by itself: a generation of the site, or a sub-web. Places on it count from
0, the newest of the newsroom's fixed day, back in time. A story published later stands at place -1, the next at -2.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from random import Random
from typing import Literal, NamedTuple

HANOI = timezone(timedelta(hours=7))
TODAY = date(2026, 3, 14)
"""The fixed day of the newsroom: that of its newest item."""

Generation = Literal["C", "B", "A", "A-en"]

_ROUND = 67  # of so many places on a shelf with withdrawn items, one is withdrawn: 1.5 %
_LAST_MINUTE = 21 * 60 + 50
_WORKING_MINUTES = 14 * 60


@dataclass(frozen=True, slots=True)
class Section:
    """A category: `number` is its `cm` or `CateID`."""

    number: int
    slug: str
    name: str
    parent: str
    kinds: tuple[str, ...] = ("event",)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    """A run of items with numbers of its own."""

    seed: int
    name: str
    generation: Generation
    language: Literal["vi", "en"]
    identity: str
    """What stands before the number in an id."""
    live: int
    """How many items can be read."""
    newest_number: int
    newest_on: date
    a_day: int
    """How many items appear on one day."""
    sections: tuple[Section, ...]
    wheel: tuple[tuple[int, ...], ...]
    """The sections of place 0, 1, …, by their place in `sections`, the main one first; then it repeats."""
    gap: int | None = None
    """Which place of every round of 67 is withdrawn."""
    first: int = 0
    """The newest place, negative where items were published after `newest_on`. A shelf with a gap has none."""

    def chance(self, place: int, about: str) -> int:
        """A number that looks random and is always the same for this place and purpose."""
        return zlib.crc32(f"{self.seed}:{self.name}:{place}:{about}".encode())

    @property
    def places(self) -> int:
        """How many items there are, withdrawn ones too."""
        return self.place_of(self.live - 1) + 1 - self.first if self.live else 0

    @property
    def newest_first(self) -> range:
        """Every place, withdrawn ones too."""
        return range(self.first, self.first + self.places)

    def place_of(self, rank: int) -> int:
        """The place of the live item that has `rank` newer live ones."""
        if self.gap is None:
            return self.first + rank
        rounds, rest = divmod(rank, _ROUND - 1)
        return rounds * _ROUND + rest + (rest >= self.gap)

    def is_withdrawn(self, place: int) -> bool:
        """Whether the item at this place was taken off the site."""
        return self.gap is not None and place % _ROUND == self.gap

    def asks_to_sign_in(self, place: int) -> bool:
        """Whether this withdrawn item, one of the shelf, leads to a sign-in page instead of an empty one."""
        return self.is_withdrawn(place) and place // _ROUND == 1

    def number(self, place: int) -> int:
        """The item's number; some numbers between are never used."""
        return self.newest_number - 2 * place - (self.chance(place, "hole") & 1)

    def place_numbered(self, number: int) -> int | None:
        """The place of the item with this number, if there is one."""
        place = (self.newest_number - number) // 2
        if place in self.newest_first and self.number(place) == number:
            return place
        return None

    def moment(self, place: int) -> datetime:
        """When the item was published, to the second."""
        days, later_that_day = divmod(place, self.a_day)
        step = _WORKING_MINUTES // self.a_day
        minute = _LAST_MINUTE - later_that_day * step - self.chance(place, "minute") % step
        second = self.chance(place, "second") % 60
        clock = time(minute // 60, minute % 60, second, tzinfo=HANOI)
        return datetime.combine(self.newest_on - timedelta(days=days), clock)

    def section(self, place: int) -> Section:
        """The item's main section."""
        return self.sections[self.wheel[place % len(self.wheel)][0]]

    def listed(self, section: Section) -> Listed:
        """The places that a section's listing shows."""
        wanted, turn = self.sections.index(section), len(self.wheel)
        spokes = ((spoke - self.first) % turn for spoke, members in enumerate(self.wheel) if wanted in members)
        return Listed(tuple(sorted(spokes)), turn, self.places, self.first)


@dataclass(frozen=True, slots=True)
class Listed:
    """The places of one section, newest first, without a list of them."""

    spokes: tuple[int, ...]
    """Those of the wheel that are the section's, counted from the newest place."""
    turn: int
    places: int
    first: int = 0

    def __len__(self) -> int:
        turns, rest = divmod(self.places, self.turn)
        return turns * len(self.spokes) + sum(spoke < rest for spoke in self.spokes)

    def page(self, page: int, size: int) -> list[int]:
        """The places on page 1, 2, …"""
        first = (page - 1) * size
        ranks = range(first, min(first + size, len(self)))
        each = len(self.spokes)
        return [self.first + rank // each * self.turn + self.spokes[rank % each] for rank in ranks]


_ACADEMY, _STUDY, _NEWS = "Học viện", "Nghiên cứu", "Tin tức"
_CURRENT = (
    Section(33, "tin-tu-cac-don-vi", "Tin từ các đơn vị", _NEWS, ("event", "event", "visit", "course", "club")),
    Section(4, "hoat-dong-hoc-vien", "Hoạt động Học viện", _NEWS, ("event", "visit")),
    Section(25, "ly-luan-va-thuc-tien", "Lý luận và thực tiễn", _STUDY, ("essay",)),
    Section(12, "dao-tao-boi-duong", "Đào tạo, bồi dưỡng", _ACADEMY, ("course", "course", "event")),
    Section(17, "hop-tac-quoc-te", "Hợp tác quốc tế", _ACADEMY, ("visit",)),
    Section(21, "khoa-hoc-cong-nghe", "Khoa học công nghệ", _STUDY, ("event", "essay")),
    Section(41, "luan-an-tien-si", "Luận án tiến sĩ", _STUDY, ("notice",)),
    Section(52, "doan-the-phong-trao", "Đoàn thể, phong trào", _NEWS, ("club", "event")),
)
_SHARES = (4, 3, 2, 2, 2, 1, 1, 1)
_ENGLISH = (Section(163, "news", "News", "News", ("event", "visit")),)
_SECOND = (
    Section(1, "tin-tuc-su-kien", "Tin tức sự kiện", _NEWS, ("event", "visit")),
    Section(2, "dao-tao", "Đào tạo", _NEWS, ("course",)),
    Section(3, "van-hoa-doi-song", "Văn hóa đời sống", _NEWS, ("club", "essay")),
)
_FIRST = (Section(86, "tintuc/pages/tin-tuc-su-kien.aspx", "Tin tức - Sự kiện", _NEWS, ("event", "visit")),)
_FIRST_NOTICES = (Section(168, "daotao/pages/thong-bao.aspx", "Thông báo", _ACADEMY, ("course", "event")),)


def shelves(seed: int, articles: int) -> dict[str, Shelf]:
    """Every shelf by its name, with `articles` live items on all of them together.

    The generations' numbers overlap on purpose: a number alone names no item.
    """
    rng = Random(f"{seed}:shelves")
    old = {"en": 8, "html": 10, "cate": 5, "notice": 4, "english": 4}  # percent
    live = {name: articles * percent // 100 for name, percent in old.items()}
    current = articles - sum(live.values())
    notice_number = max(20_860, 2 * live["notice"] + 99)
    cate_number = max(28_837, notice_number + 2 * live["cate"] + 9)
    rows = (
        _Run("c", "C", "hcma:", current, max(20_871, 3 * current), TODAY, 1_200, _CURRENT),
        _Run("en", "C", "hcma:en:", live["en"], max(252, 3 * live["en"]), date(2026, 3, 13), 1_100, _ENGLISH),
        _Run("html", "B", "hcma:html:", live["html"], max(29_708, 3 * live["html"]), date(2022, 5, 20), 400, _SECOND),
        _Run("cate", "A", "hcma:cate:", live["cate"], cate_number, date(2018, 10, 31), 900, _FIRST),
        _Run("notice", "A", "hcma:cate:", live["notice"], notice_number, date(2017, 12, 8), 600, _FIRST_NOTICES),
        _Run(
            "english",
            "A-en",
            "hcma:english:",
            live["english"],
            max(244, 3 * live["english"]),
            date(2018, 2, 27),
            500,
            _ENGLISH,
        ),
    )
    return {row.name: row.shelf(seed, rng) for row in rows}


class _Run(NamedTuple):
    """A row of the table above."""

    name: str
    generation: Generation
    identity: str
    live: int
    newest_number: int
    newest_on: date
    days: int
    """Over how many days the items are spread, unless there are few."""
    sections: tuple[Section, ...]

    def shelf(self, seed: int, rng: Random) -> Shelf:
        """The shelf of this row; the seed draws the order of its sections."""
        return Shelf(
            seed=seed,
            name=self.name,
            generation=self.generation,
            language="en" if self.name in ("en", "english") else "vi",
            identity=self.identity,
            live=self.live,
            newest_number=self.newest_number,
            newest_on=self.newest_on,
            a_day=min(_WORKING_MINUTES, max(5 if self.name == "c" else 1, -(-self.live // self.days))),
            sections=self.sections,
            wheel=_wheel(rng, self.sections),
            gap=rng.randrange(12, 60) if self.generation == "C" else None,
        )


def _wheel(rng: Random, sections: tuple[Section, ...]) -> tuple[tuple[int, ...], ...]:
    """Which sections the items belong to in turn; a quarter of them to a second one too."""
    if len(sections) != len(_SHARES):
        return tuple((place,) for place in range(len(sections)))
    mains = [place for place, share in enumerate(_SHARES) for _ in range(share)]
    rng.shuffle(mains)
    seconds = {spoke: (main + rng.randrange(1, 6)) % 6 for spoke, main in enumerate(mains) if spoke % 4 == 0}
    return tuple(
        (main, second) if (second := seconds.get(spoke, main)) != main else (main,) for spoke, main in enumerate(mains)
    )
