"""Times as news pages print them, read as moments: strict formats first, then dateparser held to whole dates."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from datetime import timezone as fixed_offset
from functools import lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from dateparser.data.languages_info import language_order
from dateparser.date import DateDataParser

from archiver.errors import BadDate, UsageError

YEARS = range(1990, 2101)
"""Years in which a page can have been published; others are misread numbers."""

_LONGEST = 120


def _words(text: str) -> list[str]:
    return text.split()


_INVISIBLE = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufeff\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]"
)
_MARKS = re.compile("[\u0300-\u036f]+")
_ACCENTLESS = str.maketrans({"đ": "d", "ı": "i", "ø": "o", "æ": "ae", "−": "-", "’": "'", "′": "'", "：": ":"})

_ISO = re.compile(
    r"([0-9]{4})(-?)([0-9]{2})\2([0-9]{2})(?:[Tt ]([0-9]{2})(?::?([0-9]{2})(?::?([0-9]{2})(?:[.,:][0-9]+)?)?)?"
    # A name after the offset says it again: 2020-09-26T12:27:14+02:00CET.
    r"\s?([Zz]|[+-][0-9]{2}(?::?[0-9]{2})?|[+-][0-9]:?[0-9]{2})?(?:(?<=[0-9]{2}[:0-9][0-9]{2})[A-Z]{3,4})?)?",
)
_DIGITS_ONLY = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})?")
_EPOCH = re.compile(r"([0-9]{10})(?:[0-9]{3}|\.[0-9]+)?")

# Vietnamese weekdays with a number, which is no day of the month, and Thứ năm, whose năm is no year. Accents tell them
# from Thu 2 Nov.
_VIETNAMESE_WEEKDAY = re.compile(r"\bthứ\s*(?:hai|ba|tư|năm|sáu|bảy|bẩy|[2-7])\b|\bchủ nhật\b|\bt[2-7](?=[\s,]+[0-9])")
_ASIDE = re.compile(r"\([a-z. ]+ time\)|(?<=[+-][0-9]{4})\s?\([a-z]{1,5}\)|\b[0-9]+ min(?:ute[ns]?)?\b\.?(?: read\b)?")

# Abbreviations that news pages use for one zone only, hours from UTC. EST in summer is read as printed.
_ZONES = {
    name: timedelta(hours=hours)
    for hours, names in {
        0: "z wet", 1: "bst cet mez wat west", 2: "cest mesz cat eet sast", 3: "eest eat msk trt", 4: "gst", 5: "pkt",
        5.75: "npt", 7: "ict wib", 8: "awst hkt myt pht sgt wita", 9: "jst kst wit", 9.5: "acst", 10: "aest",
        10.5: "acdt", 11: "aedt", 12: "nzst", 13: "nzdt", -2.5: "ndt", -3: "adt art brt", -3.5: "nst", -4: "edt",
        -5: "cdt est", -6: "mdt", -7: "mst pdt", -8: "akdt pst", -9: "akst", -10: "hst",
    }.items()
    for name in names.split()
}  # fmt: skip
# Abbreviations of several zones, with the likeliest: it is only a guess where the site's own zone has no such name.
_SHARED_ZONES = {"ist": timedelta(hours=5.5), "cst": timedelta(hours=-6), "ast": timedelta(hours=-4)}
_AMERICAN = {"et": "America/New_York", "ct": "America/Chicago", "mt": "America/Denver", "pt": "America/Los_Angeles"}

_ZONE_NAME = "|".join([*_ZONES, *_SHARED_ZONES, *_AMERICAN])

_HALF = r"\s?(?P<half>a\.?\s?m\b\.?|p\.?\s?m\b\.?|sa\b|ch\b|sang\b|chieu\b|toi\b)"
_TIME = re.compile(
    r"(?:(?<=[0-9])\s?t\s?|(?<![0-9:.+]))(?:"
    r"(?P<h>[0-9]{1,2})\s?(?::|h|g(?:io)?)\s?(?P<m>[0-9]{2})(?![0-9])"
    rf"(?:\s?:\s?(?P<s>[0-9]{{1,2}})(?:[.,][0-9]+)?(?![0-9]))?(?:\s?(?:'|phut\b))?(?:{_HALF})?"
    rf"|(?P<h2>[0-9]{{1,2}})(?:\s?(?:h|gio)\b|{_HALF.replace('half', 'half2')}))"
    r"(?P<offset>\s?z{1,2}\b|\s?[+-][0-9]{2}:?[0-9]{2}(?![0-9/.-])|[+-][0-9]{2}(?=\)|$))?"
    rf"(?:\s?\(?(?P<zone>{_ZONE_NAME})\b\)?)?",
)
_DOTTED_TIME = re.compile(
    rf"(?<![0-9.,/-])(?P<h>[0-9]{{1,2}})\.(?P<m>[0-9]{{2}})(?![0-9.])(?:{_HALF})?(?:\s?\(?(?P<zone>{_ZONE_NAME})\b\)?)?",
)
_OFFSET = re.compile(r"(?:(?<=:[0-9]{2})|(?<=:[0-9]{2}\s)|(?<=GMT|UTC))[+-][0-9]{1,2}:?(?:[0-9]{2})?(?![0-9-])")
_GMT = re.compile(r"\b(?:gmt|utc)(?:\s?([+-])\s?([0-9]{1,2})(?::?([0-9]{2}))?(?![0-9/.:]))?(?![0-9])")

_MONTHS = (
    (
        "january jan janvier janv januar jaenner janner januari enero ene janeiro gennaio gen января янв ocak"
        " ianuarie stycznia styczen ledna januara januarja ιανουαριου січня يناير sijecnja tammikuuta janvaris"
    ),
    (
        "february feb fevrier fevr fev februar februari febrero fevereiro febbraio februar февраля фев subat sub"
        " februarie lutego luty unora februara februarja φεβρουαριου лютого فبراير veljace helmikuuta"
    ),
    (
        "march mar mars marts marz mrz maerz maart mrt marzo marco март марта мар mart"
        " martie marca marzec brezna marcius μαρτιου березня مارس ozujka maaliskuuta"
    ),
    (
        "april apr avril avr abril abr aprile апреля апр nisan nis"
        " aprilie kwietnia kwiecien dubna aprila aprilis απριλιου квітня أبريل ابريل travnja huhtikuuta"
    ),
    "may mai mayo maio maggio mag mei maj мая маи mayis maja kvetna majus μαιου травня مايو svibnja toukokuuta",
    (
        "june jun juin juni junio junho giugno giu июня июн haziran haz"
        " iunie czerwca czerwiec cervna juna junija junius ιουνιου червня يونيو lipnja kesakuuta"
    ),
    (
        "july jul juillet juil juli julio julho luglio lug июля июл temmuz tem"
        " iulie lipca lipiec cervence jula julija julius ιουλιου липня يوليو heinakuuta"
    ),
    (
        "august aug aout agosto ago augustus augusti августа авг agustos agu"
        " sierpnia sierpien srpna augusta avgusta augusztus αυγουστου серпня أغسطس اغسطس kolovoza elokuuta"
    ),
    (
        "september sept sep septembre septiembre setiembre setembro settembre set сентября сен сент eylul eyl"
        " septembrie wrzesnia wrzesien zari septembra szeptember σεπτεμβριου вересня سبتمبر rujna syyskuuta"
    ),
    (
        "october oct octobre oktober okt octubre outubro out ottobre ott октября окт ekim eki"
        " octombrie pazdziernika pazdziernik rijna oktobra οκτωβριου жовтня أكتوبر اكتوبر lokakuuta"
    ),
    (
        "november nov novembre noviembre novembro ноября ноя нояб kasim kas"
        " noiembrie listopad listopadu novembra νοεμβριου листопада نوفمبر studenoga marraskuuta"
    ),
    (
        "december dec decembre dezember dez diciembre dic dezembro dicembre desember des декабря дек aralik ara"
        " decembrie grudnia grudzien prosince decembra δεκεμβριου грудня ديسمبر prosinca joulukuuta"
    ),
)
_VIETNAMESE_MONTHS = (*_words("gieng hai ba tu nam sau bay tam chin muoi"), "muoi mot", "muoi hai")
_MONTH_NUMBERS = (
    {name: number for number, names in enumerate(_MONTHS, 1) for name in names.split()}
    | {f"thang {name}": number for number, name in enumerate(_VIETNAMESE_MONTHS, 1)}
    | {"thang mot": 1, "thang bon": 4, "thang chap": 12}
    | {
        f"{word}{number:{width}}": number
        for number in range(1, 13)
        for word in ("thang ", "th", "thg ")
        for width in ("", "02")
    }
)
_MONTH = "|".join(sorted(_MONTH_NUMBERS, key=len, reverse=True))
_DATES = tuple(
    re.compile(pattern)
    for pattern in (
        r"(?<![0-9])(?P<y>[0-9]{4})\s?(?P<sign>[-/.])\s?(?P<m>[0-9]{1,2})\s?(?P=sign)\s?(?P<d>[0-9]{1,2})(?![0-9])",
        r"(?<![0-9])(?P<a>[0-9]{1,2})\s?(?P<sign>[-/.])\s?(?P<b>[0-9]{1,2})\s?(?P=sign)\s?(?P<y>[0-9]{4})(?![0-9])",
        r"(?<![0-9])(?P<y>[0-9]{4})\s?[年년]\s?(?P<m>[0-9]{1,2})\s?[月월]\s?(?P<d>[0-9]{1,2})\s?[日일]",
        (
            r"(?<![0-9])(?P<d>[0-9]{1,2})(?:st|nd|rd|th|er|o)?[\s.,/-]*(?:de |of )?"
            rf"\b(?P<name>{_MONTH})(?![^\W0-9])[\s.,/-]*(?:de |del |of |nam )?(?P<y>[0-9]{{4}})(?![0-9])"
        ),
        (
            rf"\b(?P<name>{_MONTH})(?![^\W0-9])[\s.,/-]*(?P<d>[0-9]{{1,2}})(?:st|nd|rd|th)?(?![0-9])[\s.,/-]*"
            r"(?:nam )?(?P<y>[0-9]{4})(?![0-9])"
        ),
        rf"(?<![0-9])(?P<y>[0-9]{{4}})[\s.,/-]*\b(?P<name>{_MONTH})(?![^\W0-9])[\s.,/-]*(?P<d>[0-9]{{1,2}})(?![0-9])",
        r"(?<![0-9])(?P<a>[0-9]{1,2})(?P<sign>[-/.])(?P<b>[0-9]{1,2})(?P=sign)(?P<y>[0-9]{2})(?![0-9])",
        rf"(?<![0-9])(?P<d>[0-9]{{1,2}})[\s.-]+(?P<name>{_MONTH})(?![^\W0-9])[\s.,'-]+(?P<y>[0-9]{{2}})(?![0-9])",
    )
)

# Words that stand around a time and change nothing: weekdays, particles, labels. Folded.
_SILENT = frozenset(
    _words(
        """
        mon monday tue tues tuesday wed weds wednesday thu thur thurs thursday fri friday sat saturday sun sunday
        montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
        lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim
        lunes martes miercoles jueves viernes sabado domingo mie jue vie sab dom
        lunedi martedi mercoledi giovedi venerdi domenica gio segunda terca quarta quinta sexta feira seg ter qua qui sex
        maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma wo vr za zo
        mandag tirsdag tisdag onsdag torsdag fredag lordag sondag pazartesi sali carsamba persembe cuma cumartesi pazar
        понедельник вторник среда четверг пятница суббота воскресенье пн вт ср чт пт сб вс
        ngay luc vao cn dang xuat ban cap nhat thoi gian
        on at the of h hrs um uhr am den der le a el la las los de del il alle ore os as om kl klo hora horas i г года в
        date published publish posted post updated update page last modified first created edited time
        publie mis jour cree publiziert veroffentlicht aktualisiert letzte letztes aktualisierung erstellt stand
        publicado publicada actualizado actualizada pubblicato aggiornato
        """
    )
)
_WORDS = re.compile(r"[^\W_]+")

_LANGUAGES = _words(
    "en vi de fr es it pt nl pl ru uk cs sk ro hu bg el sv da nb fi tr id ja zh ko ar fa he hi th hr sr sl lt lv et ca"
)

_H = r"(?:[01]?[0-9]|2[0-3])"
_HEADER_TIME = rf"{_H}\s?(?::|h|g|\s?giờ\s?)\s?[0-5][0-9](?![0-9])(?::[0-5][0-9](?![0-9]))?(?:\s?(?:phút|['’′]))?(?:\s?(?:[AP]M|SA|CH|[ap]m)(?![a-zà-ỹ]))?"
_HEADER_DATE = (
    r"(?:(?:[0-2]?[0-9]|3[01])\s?([-/.])\s?(?:0?[1-9]|1[0-2])\s?\{group}\s?(?:19|20)[0-9]{{2}}"
    r"|(?:[0-2]?[0-9]|3[01])\s[Tt]háng\s(?:0?[1-9]|1[0-2]),?\s(?:[Nn]ăm\s)?(?:19|20)[0-9]{{2}}"
    r"|(?:19|20)[0-9]{{2}}-[0-1][0-9]-[0-3][0-9])(?![0-9/])"
)
_HEADER_ZONE = (
    r"(?:\s?\(?(?:GMT|UTC)\s?[+-]?\s?[0-9]{0,2}(?::?[0-9]{2})?(?![0-9])\)?|\s?[+-][0-9]{2}:?[0-9]{2}(?![0-9/]))?"
)
_HEADER_WEEKDAY = (
    r"(?:(?:[Tt]hứ\s?(?:[Hh]ai|[Bb]a|[Tt]ư|[Nn]ăm|[Ss]áu|[Bb][ảẩ]y|[2-7])|[Cc]hủ\s[Nn]hật|CN|T[2-7]"
    r"|(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?)\s?[,.|–-]?\s?)?"
)
_BETWEEN = r"\s*(?:(?:,|\||-|–|—|·|•)\s*)?(?:lúc\s|[Nn]gày\s)?"
_HEADER = re.compile(
    rf"(?<![0-9:/.,h-]){_HEADER_WEEKDAY}(?:(?:[Nn]gày\s)?{_HEADER_DATE.format(group=1)}{_BETWEEN}{_HEADER_TIME}"
    rf"|{_HEADER_TIME}{_BETWEEN}{_HEADER_DATE.format(group=2)}){_HEADER_ZONE}",
)
_HEADER_YEAR = re.compile(r"(?:20|19)[0-9]{2}(?![0-9])")
_CLOCK = re.compile(r"[0-9]\s?[:hg]")
_LONGEST_HALF = 45
_LONGEST_HEAD = 1_000
_PROSE_BEFORE = re.compile(
    r"(?:^|\s)(?:từ|đến|tới|trước|sau|hồi|vào|until|from|before|after|since|thời gian:?|thời hạn:?)\s*(?:lúc\s*)?\Z"
    # Cập nhật lúc, Đăng lúc, Xuất bản lúc are labels of headers; khai mạc lúc is prose.
    r"|(?<!nhật)(?<!đăng)(?<!bản)\slúc\s*\Z",
    re.IGNORECASE,
)
_PROSE_AFTER = re.compile(r"\s?[,;.:]\s?\w|\s(?:đến|tới|tại|và|to|and|until)\s")


_TWO_MONTHS = frozenset(["listopada"])
"""Names of one month in one language and of another in a second: read with the hint of the language."""
_TWO_NUMBERS = re.compile(r"(?<![0-9/.-])([0-9]{1,2})\s?[-/]\s?([0-9]{1,2})\s?[-/]\s?(?:[0-9]{4}|[0-9]{2})(?![0-9/.-])")
_A_NAME = r"(?:[^\W\d_]{3,12})"
_SOMEWHERE = re.compile(
    r"(?<![0-9.,/-])(?<![0-9]:)(?:(?:19|20)[0-9]{2}(?P<s1>[-/.])[0-9]{1,2}(?P=s1)[0-9]{1,2}(?=T[0-9]|[^0-9/-]|$)"
    r"|[0-9]{1,2}(?P<s2>[-/.])\s?[0-9]{1,2}(?P=s2)\s?(?:(?:19|20)[0-9]{2}|[0-9]{2}(?![0-9.:]))(?![0-9/-])"
    r"|(?:19|20)[0-9]{2}\s?[年년]\s?[0-9]{1,2}\s?[月월]\s?[0-9]{1,2}\s?[日일]"
    r"|[0-9]{1,2}\s[Tt]háng\s[0-9]{1,2},?\s(?:[Nn]ăm\s)?(?:19|20)[0-9]{2}(?![0-9])"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th|er|º)?[\s.,/-]*(?:de |of )?(?P<name>{_A_NAME})[\s.,/-]*(?:de |del |of )?(?:19|20)[0-9]{{2}}(?![0-9])"
    rf"|(?<![^\W\d_])(?P<name2>{_A_NAME})[\s.]*[0-9]{{1,2}}(?:st|nd|rd|th)?[\s,.]+(?:19|20)[0-9]{{2}}(?![0-9]))",
)
_A_TIME = r"(?:[01]?[0-9]|2[0-4])\s?(?:[:hg]|giờ|\.(?=[0-9]{2}(?![0-9.])))\s?[0-5][0-9](?![0-9])(?::[0-5][0-9](?![0-9]))?(?:\s?(?:[AaPp]\.?[Mm]\b\.?|SA\b|CH\b))?|[0-9]{1,2}\s?[AaPp]\.?[Mm]\b\.?"
_A_ZONE = (
    r"(?:\s?\(?(?:(?:GMT|UTC)(?:\s?[+-]\s?[0-9]{1,2}(?::?[0-9]{2})?)?"
    rf"|{_ZONE_NAME.upper()})(?![\w])\)?|\s?[+-][0-9]{{2}}:?[0-9]{{2}}(?![0-9/])|Z\b)?"
)
_GLUE = r"[\s,|·•–—-]*(?:(?:um|at|à|às|a las|alle|ore|om|kl\.?|klo|lúc|@|o|в|T)[\s:]*)?"
_TIME_BEHIND = re.compile(rf"{_GLUE}(?:{_A_TIME}){_A_ZONE}")
_TIME_BEFORE = re.compile(
    rf"(?<![0-9:.])(?:{_A_TIME})(?:\sUhr|\sh)?{_A_ZONE}[\s,|·•–—-]*(?:(?:on|le|am|el|ngày|del)\s)?\Z"
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as a page prints it."""

    at: datetime
    """With a fixed offset, as printed or that of the site's zone."""
    precision: Literal["day", "minute", "second"]
    """How exact the page is; with day the time is 00:00."""
    raw: str
    """The text that was read, white space folded."""
    zone_assumed: bool = False
    """Whether neither the text nor the site told the zone."""


@dataclass(slots=True)
class _Reading:
    """What the parts of a text say."""

    year: int
    month: int
    day: int
    hour: int = 0
    minute: int = 0
    second: int = 0
    precision: Literal["day", "minute", "second"] = "day"
    offset: timedelta | None = None
    zone_name: str = ""


def parse_moment(text: str, *, timezone: str | None, day_first: bool = True, languages: tuple[str, ...] = ()) -> Moment:
    """The moment that `text` names. Raises BadDate where it names none, or only part of one (no year, `2 hours ago`).

    A text without an offset is read in `timezone` (IANA name); None: in UTC, with zone_assumed. `03/04/2025` is a day
    in April unless `day_first` is False; two-digit years are 20yy. `languages` are tried for names of months that the
    formats here do not hold. Formats: RFC 3339 and ISO 8601, RFC 822, epoch seconds and milliseconds, dates in numbers
    or with the month's name, before or after a time of day; dateparser for the rest.
    """
    printed = " ".join(_INVISIBLE.sub("", unicodedata.normalize("NFC", text[: 4 * _LONGEST])).split())
    zone = _zone(timezone)
    if not printed or len(printed) > _LONGEST:
        raise _bad(printed, "no text" if not printed else "too long for a time")
    reading = _read_iso(printed) or _read_epoch(printed) or _read_parts(printed, languages, day_first=day_first)
    return _moment(reading, zone, printed)


def has_two_orders(text: str) -> bool:
    """Whether `text` is a date in numbers that could begin with the day or with the month; with dots it is the day."""
    found = _TWO_NUMBERS.search(text)
    return found is not None and found[1] != found[2] and max(int(found[1]), int(found[2])) <= 12


def is_for_machines(text: str) -> bool:
    """Whether `text` is a time as software writes it, which has seconds whether anybody knows them or not."""
    printed = text.strip()
    return any(pattern.fullmatch(printed) for pattern in (_ISO, _DIGITS_ONLY, _EPOCH))


def find_header_time(line: str) -> tuple[str, str, str] | None:
    """What stands before the time in `line`, the time as printed, and what follows; None where there is none.

    Only a date in numbers with a time of day counts, with its weekday and zone; dates in prose do not.
    """
    # Most lines hold no year, and of those with one most no time: they are not searched.
    if ("20" not in line and "19" not in line) or _CLOCK.search(line) is None:
        return None
    for year in _HEADER_YEAR.finditer(line, 0, _LONGEST_HEAD):
        found = _HEADER.search(line, max(0, year.start() - _LONGEST_HALF), year.end() + _LONGEST_HALF)
        if found is None:
            continue
        before, raw, after = line[: found.start()].strip(), found[0].strip(), line[found.end() :].strip()
        if _PROSE_BEFORE.search(before) or _PROSE_AFTER.match(line, found.end()):
            continue
        return before, raw, after
    return None


def find_moment(line: str) -> tuple[Moment, int, int] | None:
    """The first date in `line`, with the time of day beside it, and where it begins and ends; None: there is none.

    Other text may stand around it. Only dates with a year, in numbers or with a month's name that is known here.
    """
    for found in _SOMEWHERE.finditer(line, 0, _LONGEST_HEAD):
        name = found["name"] or found["name2"]
        if name and _folded(name) not in _MONTH_NUMBERS and name.lower() not in _TWO_MONTHS:
            continue
        behind = _TIME_BEHIND.match(line, found.end())
        before = _TIME_BEFORE.search(line, max(0, found.start() - _LONGEST_HALF), found.start())
        spans = [(found.start(), behind.end())] if behind else []
        spans += [(before.start(), found.end())] if before else []
        for start, end in (*spans, found.span()):
            printed = " ".join(line[start:end].split())
            try:
                # dateparser takes a hundred times as long as all of this.
                reading = _read_iso(printed) or _read_parts(printed, (), day_first=True, guesses=name in _TWO_MONTHS)
                return _moment(reading, None, printed), start, end
            except BadDate:
                continue
    return None


def _folded(word: str) -> str:
    return unicodedata.normalize(
        "NFC", _MARKS.sub("", unicodedata.normalize("NFKD", word.lower())).translate(_ACCENTLESS)
    )


def _bad(text: str, problem: str) -> BadDate:
    return BadDate(
        f"{text[:_LONGEST]!r} names no moment: {problem}. Expected a whole date, as in 14:37 17/04/2025,"
        " 2025-04-17T14:37:00+07:00 or 17 April 2025, 2:37 pm",
    )


def _moment(reading: _Reading, zone: tzinfo | None, printed: str) -> Moment:
    if reading.year not in YEARS:
        raise _bad(printed, f"the year {reading.year} is not between {YEARS[0]} and {YEARS[-1]}")
    try:
        local = datetime(  # noqa: DTZ001  # its zone is found below
            reading.year, reading.month, reading.day, reading.hour, reading.minute, reading.second
        )
    except ValueError as problem:
        raise _bad(printed, str(problem)) from problem
    offset, assumed = reading.offset, False
    if offset is None and reading.zone_name:
        offset, assumed = _offset_of(reading.zone_name, local, zone)
    if offset is None:
        offset, assumed = local.replace(tzinfo=zone or UTC).utcoffset() or timedelta(0), zone is None
    if abs(offset) > timedelta(hours=14):
        raise _bad(printed, "no zone is more than 14 hours from UTC")
    return Moment(local.replace(tzinfo=fixed_offset(offset)), reading.precision, printed, assumed)


def _offset_of(name: str, local: datetime, zone: tzinfo | None) -> tuple[timedelta, bool]:
    """The offset that an abbreviation means, and whether that is a guess. The site's own zone decides first."""
    if zone is not None:
        here = local.replace(tzinfo=zone)
        if (here.tzname() or "").lower() == name:
            return here.utcoffset() or timedelta(0), False
    if name in _AMERICAN:
        return local.replace(tzinfo=ZoneInfo(_AMERICAN[name])).utcoffset() or timedelta(0), False
    if name in _ZONES:
        return _ZONES[name], False
    guess = _SHARED_ZONES.get(name) or local.replace(tzinfo=zone or UTC).utcoffset() or timedelta(0)
    return guess, True


@lru_cache(maxsize=64)
def _zone(name: str | None) -> tzinfo | None:
    if name is None:
        return None
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as problem:
        message = f"no time zone is called {name!r}: give an IANA name, as in Asia/Ho_Chi_Minh"
        raise UsageError(message) from problem


def _read_iso(printed: str) -> _Reading | None:
    found = _ISO.fullmatch(printed)
    if found is not None:
        year, _, month, day, hour, minute, second, offset = found.groups()
    elif (found := _DIGITS_ONLY.fullmatch(printed)) is not None:
        year, month, day, hour, minute, second = found.groups()
        offset = None
    else:
        return None
    reading = _Reading(int(year), int(month), int(day), int(hour or 0), int(minute or 0), int(second or 0))
    if hour:
        reading.precision = "second" if second else "minute"
    if offset:
        reading.offset = _offset(offset)
    return reading


def _read_epoch(printed: str) -> _Reading | None:
    found = _EPOCH.fullmatch(printed)
    if found is None:
        return None
    at = datetime.fromtimestamp(int(found[1]), UTC)
    return _Reading(at.year, at.month, at.day, at.hour, at.minute, at.second, "second", timedelta(0))


def _offset(text: str) -> timedelta:
    """`+0700`, `-05:00`, `+07`, `-500`, `Z`."""
    digits = re.sub("[^0-9]", "", text)
    if not digits:
        return timedelta(0)
    if len(digits) == 3:  # -500
        digits = "0" + digits
    size = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -size if "-" in text else size


def _read_parts(printed: str, languages: tuple[str, ...], *, day_first: bool, guesses: bool = True) -> _Reading:
    """The one date, the one time of day and the one zone of a text that has nothing else but silent words."""
    rest = _VIETNAMESE_WEEKDAY.sub(" ", printed.lower())
    rest = _MARKS.sub("", unicodedata.normalize("NFKD", rest)).translate(_ACCENTLESS)
    rest = _ASIDE.sub(" ", unicodedata.normalize("NFC", rest))
    time = _TIME.search(rest) or _DOTTED_TIME.search(rest)
    rest = _without(rest, time)
    gmt = _GMT.search(rest)
    rest = " ".join(_without(rest, gmt).split())
    date = next(filter(None, (pattern.search(rest) for pattern in _DATES)), None)
    words = _WORDS.findall(_without(rest, date))
    parts = time.groupdict() if time is not None else {}
    named = [parts["zone"]] if parts.get("zone") else []
    named += [word for word in words if word in _ZONES or word in _SHARED_ZONES or word in _AMERICAN]
    if date is not None:
        reading = _date(date.groupdict(), day_first=day_first)
        if parts:
            _add_time(reading, parts, printed)
    if date is None or len(named) > 1 or any(word not in _SILENT for word in words if word not in named):
        if not guesses:
            raise _bad(printed, "it has other words")
        other = _read_by_dateparser(printed, languages, day_first=day_first)
        if date is not None and (other.year, other.month, other.day) != (reading.year, reading.month, reading.day):
            raise _bad(printed, "its words tell different dates")
        reading = other
    if parts.get("offset"):
        reading.offset = _offset(parts["offset"] or "")
    elif gmt is not None:
        reading.offset = _offset(f"{gmt[1] or ''}{gmt[2] or '':0>2}{gmt[3] or ''}")
    elif named:
        reading.zone_name = named[0] or ""
    return reading


def _without(text: str, found: re.Match[str] | None) -> str:
    return text if found is None else f"{text[: found.start()]} {text[found.end() :]}"


def _date(parts: dict[str, str | None], *, day_first: bool) -> _Reading:
    year = int(parts["y"] or 0)
    year += 2000 if year < 100 else 0
    if parts.get("a"):
        first, second = int(parts["a"] or 0), int(parts["b"] or 0)
        # 11/21/2025 is a day in one order only, which then is meant.
        if first > 12 or (day_first and second <= 12):
            return _Reading(year, second, first)
        return _Reading(year, first, second)
    name = parts.get("name")
    return _Reading(year, _MONTH_NUMBERS[name] if name else int(parts["m"] or 0), int(parts["d"] or 0))


def _add_time(reading: _Reading, parts: dict[str, str | None], printed: str) -> None:
    reading.hour, reading.minute = int(parts["h"] or parts.get("h2") or 0), int(parts["m"] or 0)
    reading.second = int(parts.get("s") or 0)
    reading.precision = "second" if parts.get("s") else "minute"
    half = re.sub(r"[.\s]", "", parts.get("half") or parts.get("half2") or "")
    if half in ("am", "sa", "sang"):
        if reading.hour > 12:
            raise _bad(printed, f"{reading.hour} o'clock is not before noon")
        reading.hour %= 12
    elif half and reading.hour < 12:  # 17:09 PM is the time of a 24-hour clock (seen on CafeF)
        reading.hour += 12


def _read_by_dateparser(printed: str, languages: tuple[str, ...], *, day_first: bool) -> _Reading:
    numbers = re.findall(r"\d+", printed)
    if len(numbers) < 2 or not any(len(number) == 4 for number in numbers) or not re.search(r"[^\W\d_]", printed):
        raise _bad(printed, "no day, month and year in it")
    try:
        found = _dateparser(languages, day_first=day_first).get_date_data(printed)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:  # its faults on odd texts
        raise _bad(printed, "dateparser fails on it") from problem
    at = found.date_obj
    if at is None:
        raise _bad(printed, "no day, month and year in it")
    said = {at.year, at.year % 100, at.month, at.day, at.hour, at.hour % 12 or 12, at.minute, at.second}
    if any(int(number) not in said for number in re.findall(r"\d+", _OFFSET.sub(" ", printed))):
        raise _bad(printed, "it holds more numbers than a date has")
    # What dateparser takes for a zone is often a guess of several: the offset is found by the caller.
    reading = _Reading(at.year, at.month, at.day, at.hour, at.minute, at.second, zone_name="?" if at.tzinfo else "")
    if found.period == "time":
        reading.precision = "second" if re.search(r"\d:\d\d:\d\d", printed) else "minute"
    return reading


@lru_cache(maxsize=32)
def _dateparser(languages: tuple[str, ...], *, day_first: bool) -> DateDataParser:
    known = [
        code for code in dict.fromkeys(name.partition("-")[0].lower() for name in languages) if code in language_order
    ]
    return DateDataParser(
        languages=known or _LANGUAGES,
        # Else the languages of earlier texts are tried first: the same text could be read in two ways.
        try_previous_locales=False,
        settings={
            "STRICT_PARSING": True,
            "REQUIRE_PARTS": ["day", "month", "year"],
            "PARSERS": ["absolute-time"],  # never "2 hours ago"
            "RETURN_TIME_AS_PERIOD": True,
            "DATE_ORDER": "DMY" if day_first else "MDY",
        },
    )
