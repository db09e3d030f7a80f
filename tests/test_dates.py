"""Times as printed. [S]: so on a page of the hcma.vn family; [7]: of another Vietnamese site; [E]: in the evaluation pages."""

from datetime import UTC, datetime, timedelta
from datetime import timezone as fixed_offset

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.dates import Moment, find_header_time, parse_moment
from archiver.errors import BadDate, UsageError

HANOI = "Asia/Ho_Chi_Minh"

VIETNAMESE = [
    pytest.param("14:37 17/04/2025", "2025-04-17T14:37:00+07:00", "minute", id="generation C [S]"),
    pytest.param("31/10/2018 03:56 PM", "2018-10-31T15:56:00+07:00", "minute", id="generation A [S]"),
    pytest.param("25/10/2017 10:40'", "2017-10-25T10:40:00+07:00", "minute", id="english.hcma.vn [S]"),
    pytest.param("Thứ ba, 16:20 | 03/02/2015 GMT+7", "2015-02-03T16:20:00+07:00", "minute", id="hcma1.vn [S]"),
    pytest.param("28/10/2021 08:51:10", "2021-10-28T08:51:10+07:00", "second", id="generation B [S]"),
    pytest.param("17/04/2025 17:09 PM", "2025-04-17T17:09:00+07:00", "minute", id="24-hour clock with PM, CafeF [7]"),
    pytest.param("17/04/2025 03:56 CH", "2025-04-17T15:56:00+07:00", "minute", id="CH"),
    pytest.param("17/04/2025 08:05 SA", "2025-04-17T08:05:00+07:00", "minute", id="SA"),
    pytest.param("17/04/2025 12:05 SA", "2025-04-17T00:05:00+07:00", "minute", id="after midnight"),
    pytest.param("17/04/2025 12:05 CH", "2025-04-17T12:05:00+07:00", "minute", id="after noon"),
    pytest.param("Thứ hai, 29/12/2025, 15:50 (GMT+7)", "2025-12-29T15:50:00+07:00", "minute", id="vnexpress [7]"),
    pytest.param("Thứ 2, 29/12/2025 | 07:05", "2025-12-29T07:05:00+07:00", "minute", id="weekday with a number"),
    pytest.param("T5, 25/12/2025 07:05", "2025-12-25T07:05:00+07:00", "minute", id="weekday, short"),
    pytest.param("Chủ nhật, 28/12/2025 07:05", "2025-12-28T07:05:00+07:00", "minute", id="Sunday"),
    pytest.param("Thứ hai, 26 Tháng 10 2020 14:49", "2020-10-26T14:49:00+07:00", "minute", id="Joomla [7]"),
    pytest.param("Thứ năm, ngày 25/12/2025 - 07:45", "2025-12-25T07:45:00+07:00", "minute", id="nhandan [7]"),
    pytest.param("15/08/2026 06:54", "2026-08-15T06:54:00+07:00", "minute", id="baochinhphu [7]"),
    pytest.param("ngày 22-10-2025", "2025-10-22T00:00:00+07:00", "day", id="hyphens [S]"),
    pytest.param("22.10.2025", "2025-10-22T00:00:00+07:00", "day", id="dots"),
    pytest.param("7/2/2026", "2026-02-07T00:00:00+07:00", "day", id="one digit"),
    pytest.param("22/10/25", "2025-10-22T00:00:00+07:00", "day", id="two-digit year"),
    pytest.param("14h37 17/04/2025", "2025-04-17T14:37:00+07:00", "minute", id="14h37"),
    pytest.param("14h37' ngày 17/04/2025", "2025-04-17T14:37:00+07:00", "minute", id="14h37'"),
    pytest.param("14 giờ 37 phút, ngày 17/04/2025", "2025-04-17T14:37:00+07:00", "minute", id="giờ, phút"),
    pytest.param("ngày 5 tháng 5 năm 2025", "2025-05-05T00:00:00+07:00", "day", id="tháng, năm"),
    pytest.param("5 tháng năm, 2025", "2025-05-05T00:00:00+07:00", "day", id="May is called năm"),
    pytest.param("Tháng Mười Một 22, 2024", "2024-11-22T00:00:00+07:00", "day", id="WordPress"),
    pytest.param("22 Th11, 2024 8:05 chiều", "2024-11-22T20:05:00+07:00", "minute", id="WordPress, short"),
    pytest.param("Cập nhật lúc 14:37 17/04/2025", "2025-04-17T14:37:00+07:00", "minute", id="label"),
    pytest.param(
        "\u200b 14:37\xa0 17/04/2025\r\n", "2025-04-17T14:37:00+07:00", "minute", id="SharePoint's white space"
    ),
    pytest.param(
        "14:37 17/04/2025".replace("4", "\uff14"), "2025-04-17T14:37:00+07:00", "minute", id="full-width digits"
    ),
]

STANDARDS = [
    pytest.param("2025-04-17T14:37:20+07:00", "2025-04-17T14:37:20+07:00", "second", id="RFC 3339"),
    pytest.param("2024-11-22T17:03:00.123456Z", "2024-11-22T17:03:00+00:00", "second", id="Z, fraction"),
    pytest.param(
        "2025-04-17T14:37:20+0700", "2025-04-17T14:37:20+07:00", "second", id="offset without a colon, nhandan [7]"
    ),
    pytest.param("2025-04-17T14:37-03", "2025-04-17T14:37:00-03:00", "minute", id="offset in hours"),
    pytest.param("2025-04-17 14:37:20", "2025-04-17T14:37:20+07:00", "second", id="space for T"),
    pytest.param("2025-04-17 14:37:20 +0530", "2025-04-17T14:37:20+05:30", "second", id="space before the offset"),
    pytest.param("2025-04-17", "2025-04-17T00:00:00+07:00", "day", id="date"),
    pytest.param("20250417T143720Z", "2025-04-17T14:37:20+00:00", "second", id="basic format"),
    pytest.param("20200316T08:55:00Z", "2020-03-16T08:55:00+00:00", "second", id="half basic [E]"),
    pytest.param("20250417143720", "2025-04-17T14:37:20+07:00", "second", id="digits, as in addresses of tuoitre [7]"),
    pytest.param("2020-09-26T12:27:14+02:00CET", "2020-09-26T12:27:14+02:00", "second", id="offset and name [E]"),
    pytest.param("2022-5-3T3:57:00", "2022-05-03T03:57:00+07:00", "second", id="one-digit fields [E]"),
    pytest.param("Oct 01, 2025T10:00:00+03:00", "2025-10-01T10:00:00+03:00", "second", id="month's name with T [E]"),
    pytest.param("Fri, 22 Nov 2024 17:03:00 +0700", "2024-11-22T17:03:00+07:00", "second", id="RFC 822"),
    pytest.param("Fri, 22 Nov 2024 17:03:00 GMT", "2024-11-22T17:03:00+00:00", "second", id="RFC 822, GMT"),
    pytest.param("Thu, 2 Nov 2023 17:03 EDT", "2023-11-02T17:03:00-04:00", "minute", id="RFC 822, EDT"),
    pytest.param("Fri, 22 Nov 2024 17:03:00 +0000 (UTC)", "2024-11-22T17:03:00+00:00", "second", id="RFC 822, comment"),
    pytest.param(
        "Fri Nov 22 2024 17:03:00 GMT+0700 (Indochina Time)", "2024-11-22T17:03:00+07:00", "second", id="JavaScript [E]"
    ),
    pytest.param("Mon Oct 11 14:57:21 CEST 2021", "2021-10-11T14:57:21+02:00", "second", id="Unix date [E]"),
    pytest.param("1732269780", "2024-11-22T10:03:00+00:00", "second", id="epoch seconds"),
    pytest.param("1732269780123", "2024-11-22T10:03:00+00:00", "second", id="epoch milliseconds"),
]

OTHER_LANGUAGES = [
    pytest.param("November 22, 2024, 5:03 pm EST", "2024-11-22T17:03:00-05:00", "minute", id="American"),
    pytest.param(
        "Updated 6:10 PM ET, Mon July 22, 2024", "2024-07-22T18:10:00-04:00", "minute", id="ET in summer, CNN"
    ),
    pytest.param("Mon 18 Nov 2019 18.54 GMT", "2019-11-18T18:54:00+00:00", "minute", id="Guardian [E]"),
    pytest.param("02/11/2023 02:00pm GMT", "2023-11-02T14:00:00+00:00", "minute", id="pm run on [E]"),
    pytest.param("May 2, 2019 at 3:00pm PDT", "2019-05-02T15:00:00-07:00", "minute", id="PDT [E]"),
    pytest.param("22 Nov 2024", "2024-11-22T00:00:00+07:00", "day", id="short month"),
    pytest.param("04 NOV 25", "2025-11-04T00:00:00+07:00", "day", id="two-digit year [E]"),
    pytest.param("Jun 18th 2018", "2018-06-18T00:00:00+07:00", "day", id="ordinal [E]"),
    pytest.param("Thu 2 Nov 2023", "2023-11-02T00:00:00+07:00", "day", id="Thu 2 is no Vietnamese weekday"),
    pytest.param("12/16/2025 4:16:54 PM", "2025-12-16T16:16:54+07:00", "second", id="one order only [E]"),
    pytest.param("22. November 2024, 17:03 Uhr", "2024-11-22T17:03:00+07:00", "minute", id="German"),
    pytest.param("Mär 27, 2018 um 12:08 PDT", "2018-03-27T12:08:00-07:00", "minute", id="German, Spiegel-like [E]"),
    pytest.param("Publié le 22 novembre 2024 à 17h03", "2024-11-22T17:03:00+07:00", "minute", id="French"),
    pytest.param("21/05/2020 17h14", "2020-05-21T17:14:00+07:00", "minute", id="Brazilian [E]"),
    pytest.param("Jueves, 2 noviembre 2023 - 15:05", "2023-11-02T15:05:00+07:00", "minute", id="Spanish [E]"),
    pytest.param("04 de mayo 2022, 12:00 A. M.", "2022-05-04T00:00:00+07:00", "minute", id="a. m. [E]"),
    pytest.param("22 ноября 2024 г. в 17:03", "2024-11-22T17:03:00+07:00", "minute", id="Russian"),
    pytest.param("2024年11月22日 17:03", "2024-11-22T17:03:00+07:00", "minute", id="Chinese"),
    pytest.param("22 listopada 2024, 17:03", "2024-11-22T17:03:00+07:00", "minute", id="Polish, by dateparser"),
    pytest.param("19 Αυγούστου 2020 9:02 μμ", "2020-08-19T21:02:00+07:00", "minute", id="Greek, by dateparser [E]"),
    pytest.param(
        "Kamis, 02 Nov 2023 20:59 WIB",
        "2023-11-02T20:59:00+07:00",
        "minute",
        id="Indonesian weekday, by dateparser [E]",
    ),
    pytest.param("2020-02-18 T 07:20:50 +0330", "2020-02-18T07:20:50+03:30", "second", id="Persian site [E]"),
]


@pytest.mark.parametrize(("text", "expected", "precision"), VIETNAMESE + STANDARDS + OTHER_LANGUAGES)
def test_printed_time(text, expected, precision):
    moment = parse_moment(text, timezone=HANOI)

    assert moment == Moment(
        datetime.fromisoformat(expected), precision, " ".join(text.replace("\u200b", "").split()), zone_assumed=False
    )
    assert moment.at.isoformat() == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\u200b",
        "Chọn cỡ chữ A a",
        "31/02/2025",
        "29/02/2025 10:00",
        "17/04/2025 25:10",
        "17/04/2025 24:00",
        "17/04/2025 10:61",
        "17/04/2025 13:05 AM",
        "13/13/2025",
        "2025-13-01",
        "2025-02-30T10:00:00Z",
        "00/00/2025",
        "1/1/1970 07:00",
        "01/01/2101",
        "0001-01-01T00:00:00Z",
        "2025-04-17T14:37:00+15:00",
        "2025-04-17T14:37:00+99:99",
        "14:37",
        "17/04",
        "sáng ngày 13/11",
        "tháng 10/2025",
        "May 2024",
        "2024",
        "2019-06",
        "2 hours ago",
        "3 giờ trước",
        "hôm qua",
        "Yesterday, 14:37",
        "Vừa xong",
        "20090",
        "12345678",
        "PT1M48S",
        "+84 24 6282 7000",
        "1387 Lượt xem",
        "ISSN 1859-1485",
        "Quyết định số 145-QĐ/TW",
        "Nghị quyết 35 năm 2018",
        "14:37 - 15:40 22/11/2024",
        "17/04/2025 18/04/2025",
        "OCTOBER 24-28, 2022",
        "31. Jänner - 6. Februar 2022",
        "Mar 13, 2026|5 trang",
        "Ngày 16/4/2025, Học viện tổ chức hội nghị",
        "9CC50DB4C5614EA88B5CFA75E33AAB02",
        "17/04/2025 " * 30,
    ],
)
def test_what_names_no_moment(text):
    with pytest.raises(BadDate):
        parse_moment(text, timezone=HANOI)


def test_the_message_says_what_text_and_what_is_expected():
    with pytest.raises(BadDate, match=r"'31/02/2025' names no moment: day is out of range.* as in 14:37 17/04/2025"):
        parse_moment("31/02/2025", timezone=HANOI)


def test_an_unknown_zone_is_the_callers_mistake():
    with pytest.raises(UsageError, match="'Asia/Hanoy'"):
        parse_moment("2025-04-17", timezone="Asia/Hanoy")


def test_without_a_zone_utc_is_assumed_and_said():
    assert parse_moment("14:37 17/04/2025", timezone=None) == Moment(
        datetime(2025, 4, 17, 14, 37, tzinfo=UTC), "minute", "14:37 17/04/2025", zone_assumed=True
    )
    assert parse_moment("14:37 17/04/2025 GMT+7", timezone=None).zone_assumed is False


def test_the_offset_is_that_of_the_season_and_fixed():
    winter = parse_moment("22/01/2024 12:00", timezone="Europe/Berlin").at
    summer = parse_moment("22/07/2024 12:00", timezone="Europe/Berlin").at

    assert (winter.isoformat(), summer.isoformat()) == ("2024-01-22T12:00:00+01:00", "2024-07-22T12:00:00+02:00")
    assert isinstance(winter.tzinfo, fixed_offset)


@pytest.mark.parametrize(
    ("text", "timezone", "offset", "assumed"),
    [
        ("Jul 3, 2024 5:00 AM IST", "Asia/Kolkata", "+05:30", False),
        ("Jul 3, 2024 5:00 AM IST", "Europe/Dublin", "+01:00", False),
        ("Jul 3, 2024 5:00 AM IST", "Asia/Jerusalem", "+05:30", True),
        ("Jan 3, 2024 5:00 AM IST", "Asia/Jerusalem", "+02:00", False),
        ("Jan 3, 2024 5:00 AM IST", None, "+05:30", True),
        ("Jan 3, 2024 5:00 AM CST", "Asia/Shanghai", "+08:00", False),
        ("Jan 3, 2024 5:00 AM CST", None, "-06:00", True),
        ("Jan 3, 2024 5:00 AM PST", None, "-08:00", False),
        ("Jan 3, 2024 5:00 AM PST", "Asia/Manila", "+08:00", False),
        ("Jul 3, 2024 5:00 AM EST", "America/New_York", "-05:00", False),
        ("November 20, 2019 - 11:28 AMT", "Asia/Yerevan", "+04:00", True),
    ],
)
def test_names_of_several_zones(text, timezone, offset, assumed):
    moment = parse_moment(text, timezone=timezone)

    assert moment.at.isoformat().endswith(offset)
    assert moment.zone_assumed is assumed


def test_month_first_is_the_callers_choice():
    assert parse_moment("03/04/2025", timezone=HANOI).at.month == 4
    assert parse_moment("03/04/2025", timezone=HANOI, day_first=False).at.month == 3
    assert parse_moment("25/04/2025", timezone=HANOI, day_first=False).at.month == 4


def test_languages_are_hints_for_dateparser():
    assert parse_moment("22 listopada 2024", timezone=HANOI, languages=("pl-PL",)).at.month == 11
    assert parse_moment("22 listopada 2024", timezone=HANOI, languages=("hr",)).at.month == 10
    assert parse_moment("22 listopada 2024", timezone=HANOI, languages=("xx",)).at.month == 11


def test_the_same_text_is_read_the_same_after_other_texts():
    before = parse_moment("22 listopada 2024", timezone=HANOI)
    parse_moment("22 listopada 2024", timezone=HANOI, languages=("hr",))
    parse_moment("3 prosinca 2024", timezone=HANOI)

    assert parse_moment("22 listopada 2024", timezone=HANOI) == before


TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(st.sampled_from("0123456789:/.-, TZ+|hgAPM'"), max_size=40),
    st.lists(
        st.sampled_from(
            [
                "Thứ hai",
                "ngày",
                "17/04/2025",
                "14:37",
                "2025",
                "tháng",
                "Nov",
                "22",
                "PM",
                "GMT+7",
                "-",
                "|",
                ",",
                "EST",
                "năm",
                "giờ",
                "25",
                "mai",
                "ago",
            ]
        ),
        max_size=8,
    ).map(" ".join),
)


@settings(deadline=None)
@given(TEXTS, st.sampled_from([HANOI, None, "America/New_York"]), st.booleans())
def test_any_text_is_a_moment_or_a_bad_date(text, timezone, day_first):
    try:
        moment = parse_moment(text, timezone=timezone, day_first=day_first)
    except BadDate:
        return
    assert moment.at.utcoffset() is not None
    assert 1990 <= moment.at.year <= 2100
    assert moment.at.microsecond == 0


MINUTES = [
    "%H:%M %d/%m/%Y",
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %I:%M %p",
    "%d/%m/%Y %H:%M'",
    "Thứ hai, %H:%M | %d/%m/%Y",
    "Thứ hai, %d/%m/%Y, %H:%M",
    "Thứ hai, %d Tháng %m %Y %H:%M",
    "Thứ hai, ngày %d/%m/%Y - %H:%M",
    "%Hh%M %d.%m.%Y",
    "%H giờ %M phút, ngày %d-%m-%Y",
    "ngày %d tháng %m năm %Y %H:%M",
    "%d %b %Y %H:%M",
    "%B %d, %Y, %I:%M %p",
    "%d. %B %Y, %H:%M Uhr",
    "%Y-%m-%dT%H:%M",
    "%Y/%m/%d %H:%M",
    "%A %d %B %Y %H.%M",
]
SECONDS = [
    "%d/%m/%Y %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M:%S",
    "%a, %d %b %Y %H:%M:%S",
    "%Y%m%dT%H%M%S",
    "%Y%m%d%H%M%S",
    "%a %b %d %H:%M:%S %Y",
]
DAYS = ["%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y-%m-%d", "%d %B %Y", "%B %d, %Y", "ngày %d tháng %m năm %Y", "%Y%m%d"]
LOCAL = st.datetimes(datetime(1990, 1, 1), datetime(2100, 12, 31))  # noqa: DTZ001  # its zone is what is tested
OFFSETS = st.integers(-56, 56).map(lambda quarters: timedelta(minutes=15 * quarters))


@given(LOCAL, st.sampled_from(MINUTES))
def test_every_format_to_the_minute_reads_back(local, form):
    moment = parse_moment(local.strftime(form), timezone=HANOI)

    assert moment.at == local.replace(second=0, microsecond=0, tzinfo=fixed_offset(timedelta(hours=7)))
    assert moment.precision == "minute"


@given(LOCAL, st.sampled_from(SECONDS))
def test_every_format_to_the_second_reads_back(local, form):
    moment = parse_moment(local.strftime(form), timezone=HANOI)

    assert moment.at == local.replace(microsecond=0, tzinfo=fixed_offset(timedelta(hours=7)))
    assert moment.precision == "second"


@given(LOCAL, st.sampled_from(DAYS))
def test_every_format_to_the_day_reads_back(local, form):
    moment = parse_moment(local.strftime(form), timezone=HANOI)

    assert moment.at == datetime(local.year, local.month, local.day, tzinfo=fixed_offset(timedelta(hours=7)))
    assert moment.precision == "day"


@given(
    LOCAL,
    OFFSETS,
    st.sampled_from([form for form in SECONDS if form[-1] == "S"]),
    st.sampled_from(["{}", " {}", " GMT{}"]),
)
def test_an_offset_is_kept_as_printed(local, offset, form, glue):
    aware = local.replace(microsecond=0, tzinfo=fixed_offset(offset))
    if "S" in form and "%H%M%S" in form and glue != "{}":
        glue = "{}"
    if form == "%Y%m%d%H%M%S":
        form = "%Y%m%dT%H%M%S"
    moment = parse_moment(aware.strftime(form) + glue.format(aware.strftime("%z")), timezone="America/New_York")

    assert moment.at.isoformat() == aware.isoformat()


@given(LOCAL)
def test_epochs_read_back(local):
    aware = local.replace(microsecond=0, tzinfo=UTC)
    seconds = int(aware.timestamp())
    if seconds >= 1_000_000_000:
        assert parse_moment(str(seconds), timezone=HANOI).at == aware
        assert parse_moment(f"{seconds}000", timezone=HANOI).at == aware


HEADERS = [
    pytest.param("14:37 17/04/2025", ("", "14:37 17/04/2025", ""), id="alone [S]"),
    pytest.param(
        "14:37 17/04/2025Chọn cỡ chữ A a", ("", "14:37 17/04/2025", "Chọn cỡ chữ A a"), id="font tool run on [S]"
    ),
    pytest.param(
        "Sign In  14:37 17/04/2025  Choose font size A a",
        ("Sign In", "14:37 17/04/2025", "Choose font size A a"),
        id="between tools [S]",
    ),
    pytest.param(
        "25/10/2017 10:40' Send story Print story",
        ("", "25/10/2017 10:40'", "Send story Print story"),
        id="english.hcma.vn [S]",
    ),
    pytest.param("Thứ ba, 16:20 | 03/02/2015 GMT+7", ("", "Thứ ba, 16:20 | 03/02/2015 GMT+7", ""), id="hcma1.vn [S]"),
    pytest.param("31/10/2018 03:56 PM", ("", "31/10/2018 03:56 PM", ""), id="generation A [S]"),
    pytest.param(
        "31/10/2018 03:56 PMxem cỡ chữ",
        ("", "31/10/2018 03:56", "PMxem cỡ chữ"),
        id="a letter after PM: read without it",
    ),
    pytest.param("28/10/2021 08:51:10xem cỡ chữ", ("", "28/10/2021 08:51:10", "xem cỡ chữ"), id="seconds"),
    pytest.param(
        "Thứ hai, 29/12/2025, 15:50 (GMT+7)", ("", "Thứ hai, 29/12/2025, 15:50 (GMT+7)", ""), id="vnexpress [7]"
    ),
    pytest.param(
        "Thứ hai, 26 Tháng 10 2020 14:49 1387 Lượt xem",
        ("", "Thứ hai, 26 Tháng 10 2020 14:49", "1387 Lượt xem"),
        id="Joomla [7]",
    ),
    pytest.param("Thứ năm, ngày 25/12/2025 - 07:45", ("", "Thứ năm, ngày 25/12/2025 - 07:45", ""), id="nhandan [7]"),
    pytest.param("Mai Lan | 21/07/2025 20:44", ("Mai Lan |", "21/07/2025 20:44", ""), id="author before it"),
    pytest.param("Cập nhật lúc 14:37 17/04/2025", ("Cập nhật lúc", "14:37 17/04/2025", ""), id="label before it"),
    pytest.param("2025-04-17 14:37:00", ("", "2025-04-17 14:37:00", ""), id="year first"),
    pytest.param("17/04/2025 03:56 CH", ("", "17/04/2025 03:56 CH", ""), id="CH"),
    pytest.param("14h37 17.04.2025", ("", "14h37 17.04.2025", ""), id="14h37, dots"),
    pytest.param("Số 5/2025 | 17/04/2025 08:00", ("Số 5/2025 |", "17/04/2025 08:00", ""), id="another year before it"),
]


@pytest.mark.parametrize(("line", "expected"), HEADERS)
def test_header_time(line, expected):
    found = find_header_time(line)

    assert found == expected
    assert parse_moment(found[1], timezone=HANOI).precision != "day"


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Ngày 16/4/2025, Học viện tổ chức hội nghị",
        "sáng ngày 13/11",
        "ngày 22-10-2025",
        "Sáng 13/11/2025: khai mạc",
        "Vào lúc 8h00 ngày 16/4/2025, tại Hà Nội",
        "Hội nghị khai mạc lúc 8h00 ngày 16/4/2025",
        "Thời gian: 14h00, ngày 10/11/2025",
        "từ 8h00 ngày 16/4/2025 đến 17h00 ngày 18/4/2025",
        "vào hồi 8 giờ 30, ngày 20/11/2025 tại Hội trường A",
        "ISSN 1859-2025 10:30",
        "Trang 1/2 12:30",
        "Tỷ số 10:40 năm 2017",
        "14:37 17/13/2025",
        "45/10/2025 10:00",
        "17/04/2025 25:00",
        "17/04/20251 08:00",
        "117/04/2025 08:00",
        "Điện thoại: 024.3854.2025 - 10:30",
        "Nghị quyết 18-NQ/TW ngày 25/10/2017",
    ],
)
def test_what_looks_like_a_header_time_and_is_none(line):
    assert find_header_time(line) is None


@given(st.text(), LOCAL, st.sampled_from(MINUTES[:6] + SECONDS[:1]), st.text(st.characters(exclude_categories=["Nd"])))
def test_header_time_reads_back_whatever_stands_around(before, local, form, after):
    local = local.replace(year=min(local.year, 2099), day=min(local.day, 28))
    printed = local.strftime(form)
    found = find_header_time(f"{before} {printed} {after}")

    if found is not None and found[1] == printed:
        assert parse_moment(found[1], timezone=HANOI).at.replace(tzinfo=None) == local.replace(
            second=local.second if "%S" in form else 0, microsecond=0
        )
    assert find_header_time(printed) == ("", printed, "")
