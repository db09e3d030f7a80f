"""Names beside articles and pictures. [S], [D]: printed so on pages of the hcma.vn family; names are invented."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.credits import Name, is_credit_line, kind_of, parse_byline, parse_credit_line, split_caption


def names(*rows):
    return tuple(Name(name, role, kind) for name, role, kind in rows)


PERSON, UNIT = "person", "organisation"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            "Tin: BBT; ảnh: Đức Mạnh", names(("BBT", "text", UNIT), ("Đức Mạnh", "photo", PERSON)), id="split [S]"
        ),
        pytest.param(
            "Tin, ảnh: Mai Lan, Hà Anh",
            names(
                ("Mai Lan", "text", PERSON),
                ("Hà Anh", "text", PERSON),
                ("Mai Lan", "photo", PERSON),
                ("Hà Anh", "photo", PERSON),
            ),
            id="two roles, two names [D]",
        ),
        pytest.param(
            "Bài, ảnh : Hà Anh",
            names(("Hà Anh", "text", PERSON), ("Hà Anh", "photo", PERSON)),
            id="space before the colon [D]",
        ),
        pytest.param(
            "Bài, ảnh: Hà Anh./.",
            names(("Hà Anh", "text", PERSON), ("Hà Anh", "photo", PERSON)),
            id="end mark after it",
        ),
        pytest.param(
            "Bài và ảnh: Mai Lan - Hà Anh",
            names(
                ("Mai Lan", "text", PERSON),
                ("Hà Anh", "text", PERSON),
                ("Mai Lan", "photo", PERSON),
                ("Hà Anh", "photo", PERSON),
            ),
            id="và, dash",
        ),
        pytest.param(
            "Tin, ảnh: Khoa Xây dựng Đảng",
            names(("Khoa Xây dựng Đảng", "text", UNIT), ("Khoa Xây dựng Đảng", "photo", UNIT)),
            id="unit [D]",
        ),
        pytest.param(
            "Tin: Học viện Báo chí và Tuyên truyền",
            names(("Học viện Báo chí và Tuyên truyền", "text", UNIT)),
            id="và inside the name of a unit",
        ),
        pytest.param("Theo hcma.vn", names(("hcma.vn", "source", UNIT)), id="syndicated on ajc [D]"),
        pytest.param("./. Theo hcma.vn", names(("hcma.vn", "source", UNIT)), id="after the end mark [D]"),
        pytest.param("(Theo TTXVN)", names(("TTXVN", "source", UNIT)), id="brackets"),
        pytest.param("Theo Báo Nhân Dân", names(("Báo Nhân Dân", "source", UNIT)), id="newspaper"),
        pytest.param("Theo: Dân trí", names(("Dân trí", "source", UNIT)), id="Theo with a colon"),
        pytest.param("Nguồn: VnExpress", names(("VnExpress", "source", UNIT)), id="Nguồn"),
        pytest.param("Tác giả: VTV", names(("VTV", "text", UNIT)), id="generation B [S]"),
        pytest.param(
            "Thực hiện: Nguyễn Văn A và Trần Thị B",
            names(("Nguyễn Văn A", "text", PERSON), ("Trần Thị B", "text", PERSON)),
            id="Thực hiện",
        ),
        pytest.param(
            "Ảnh: Đức Mạnh/TTXVN",
            names(("Đức Mạnh", "photo", PERSON), ("TTXVN", "photo", UNIT)),
            id="agency after a slash",
        ),
        pytest.param("Tin bài: Mai Lan", names(("Mai Lan", "text", PERSON)), id="Tin bài"),
        pytest.param("Biên tập: Hà Anh", names(("Hà Anh", "editor", PERSON)), id="editor"),
        pytest.param("Biên dịch: Hà Anh", names(("Hà Anh", "translation", PERSON)), id="translation"),
        pytest.param(
            "Video: Hà Anh; đồ họa: Mai Lan",
            names(("Hà Anh", "video", PERSON), ("Mai Lan", "graphics", PERSON)),
            id="video and graphics",
        ),
        pytest.param(
            "Tin: Mai Lan, ảnh: Đức Mạnh",
            names(("Mai Lan", "text", PERSON), ("Đức Mạnh", "photo", PERSON)),
            id="comma before the second role",
        ),
        pytest.param(
            "Tin: Mai Lan - Ảnh: Đức Mạnh",
            names(("Mai Lan", "text", PERSON), ("Đức Mạnh", "photo", PERSON)),
            id="dash before the second role",
        ),
        pytest.param(
            "Tin: Mai Lan (Ảnh: Đức Mạnh)",
            names(("Mai Lan", "text", PERSON), ("Đức Mạnh", "photo", PERSON)),
            id="second role in brackets",
        ),
        pytest.param("Tác giả: GS,TS Lê Văn L", names(("Lê Văn L", "text", PERSON)), id="comma of titles"),
        pytest.param("Ảnh: nhân vật cung cấp", names(("nhân vật cung cấp", "photo", PERSON)), id="stand-in for a name"),
        pytest.param("Bài: Trần H.", names(("Trần H.", "text", PERSON)), id="initial keeps its stop"),
        pytest.param(
            "Tin: Đoàn Minh H", names(("Đoàn Minh H", "text", PERSON)), id="a surname that is also a word for units"
        ),
        pytest.param(
            "News: Mai Lan; photo: Duc Manh",
            names(("Mai Lan", "text", PERSON), ("Duc Manh", "photo", PERSON)),
            id="English, split",
        ),
        pytest.param(
            "Text and photos: Jane Doe",
            names(("Jane Doe", "text", PERSON), ("Jane Doe", "photo", PERSON)),
            id="English, two roles",
        ),
        pytest.param("By Jane Doe", names(("Jane Doe", "text", PERSON)), id="By"),
        pytest.param(
            "By A. B. Doe, Jim Roe, and Ann Poe",
            names(("A. B. Doe", "text", PERSON), ("Jim Roe", "text", PERSON), ("Ann Poe", "text", PERSON)),
            id="By, several",
        ),
        pytest.param(
            "Photo by Jane Doe/Getty Images",
            names(("Jane Doe", "photo", PERSON), ("Getty Images", "photo", UNIT)),
            id="Photo by",
        ),
        pytest.param("Source: Reuters", names(("Reuters", "source", UNIT)), id="Source"),
        pytest.param("Photo: AFP", names(("AFP", "photo", UNIT)), id="Photo"),
        pytest.param("Foto: © Jana Muster", names(("Jana Muster", "photo", PERSON)), id="German"),
    ],
)
def test_credit_line(line, expected):
    assert parse_credit_line(line) == expected
    assert is_credit_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "",
        "Tin:",
        "Tin vui đến với bà con vùng lũ",
        "Tin: Sáng nay, Học viện tổ chức hội nghị.",
        "Theo báo cáo của Bộ Nội vụ, năm 2024 có 5 đơn vị được khen thưởng.",
        "Theo Nghị quyết số 35",
        "Theo Bộ trưởng Nguyễn Văn A",
        "Theo VOV, sáng nay có mưa",
        "Theo Trường Chính trị, đã có kết quả",
        "Theo đó, các đại biểu",
        "Theo dõi chúng tôi",
        "Ảnh hưởng của biến đổi khí hậu",
        "Ảnh: Đại biểu tham dự hội nghị",
        "Ảnh 1: Quang cảnh",
        "Nguồn lực con người",
        "Nguồn: Tổng cục Thống kê, 2023",
        "Nguồn: Báo cáo tổng kết của Bộ Nội vụ",
        "Bài 2: Giải pháp nào cho vùng cao?",
        "Bài học: Lấy dân làm gốc",
        "Nội dung đính kèm",
        "Nội dung: Đổi mới phương pháp giảng dạy",
        "Thực hiện Nghị quyết Đại hội XIII của Đảng",
        "Biên tập viên hạng II",
        "Video tuyên truyền",
        "Tác giả là người Hà Nội",
        "By 2030, Vietnam will be rich",
        "By Air and Sea",
        "By the end of the year",
        "By clicking Accept, you agree",
        "Photo: Delegates attend the meeting",
        "Photo booths have become a staple.",
        "Source code of the program",
        "Hội nghị do Ban Tổ chức chủ trì. Tin: BBT",
        "x" * 1000,
    ],
)
def test_what_looks_like_a_credit_line_and_is_none(line):
    assert parse_credit_line(line) == ()
    assert not is_credit_line(line)


@given(
    st.one_of(
        st.text(), st.text(st.sampled_from("TinBàiảnh:;,./-() ©HcmaÀ&vàTheo")), st.text().map("Tin, ảnh: {}".format)
    )
)
def test_odd_lines_never_raise(text):
    for name in (*parse_credit_line(text), *parse_byline(text)):
        assert name.name
    kind_of(text)


@given(st.text(), st.sampled_from(["", "_Ảnh: ", " (Photo: ", " © "]), st.text())
def test_caption_and_credit_are_parts_of_the_text(before, label, after):
    text = " ".join(unicodedata.normalize("NFC", before + label + after).split())
    caption, credit = split_caption(text)

    assert text.startswith(caption)
    assert credit in text


@pytest.mark.parametrize(
    "name",
    [
        "BBT",
        "VTV",
        "TTXVN",
        "HCMA3",
        "NLĐO",
        "hcma.vn",
        "Ban Tổ chức",
        "Khoa Triết học",
        "Phòng Truyền thông",
        "Đài PT-TH Hà Nội",
        "Đoàn Thanh niên",
        "Trường Chính trị tỉnh",
        "Báo Nhân Dân",
        "VnExpress",
        "Dân trí",
        "HỌC VIỆN CHÍNH TRỊ KHU VỰC I",
        "BBC News",
        "Getty Images",
        "Institute of Politics",
    ],
)
def test_organisations(name):
    assert kind_of(name) == "organisation"


@pytest.mark.parametrize(
    "name",
    [
        "Đức Mạnh",
        "Đoàn Minh H",
        "Ban Mai",
        "Trang Anh",
        "Trường Sơn",
        "Vũ Khoa",
        "Hội An",
        "HÙNG",
        "PHẠM VĂN A",
        "TRẦN B",
        "N.T.A",
        "Jane Doe",
        "McDonald",
        "JANE DOE",
        "K'Brể",
    ],
)
def test_persons(name):
    assert kind_of(name) == "person"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Đại biểu dự họp_Ảnh: HCMA", ("Đại biểu dự họp", "HCMA"), id="underscore [S]"),
        pytest.param("Đại biểu dự họp (Ảnh: Đức Mạnh)", ("Đại biểu dự họp", "Đức Mạnh"), id="brackets [S]"),
        pytest.param("Đại biểu dự họp (ảnh: tư liệu)", ("Đại biểu dự họp", "tư liệu"), id="brackets, lower case"),
        pytest.param("Toàn cảnh.(Ảnh: Hà Anh/TTXVN)", ("Toàn cảnh.", "Hà Anh/TTXVN"), id="vietnamplus [S]"),
        pytest.param("Đại biểu dự họp. Ảnh: TTXVN", ("Đại biểu dự họp.", "TTXVN"), id="stop of the sentence stays"),
        pytest.param("Đại biểu dự họp Ảnh: Hà Anh.", ("Đại biểu dự họp", "Hà Anh"), id="space only"),
        pytest.param("Đại biểu dự họp / Ảnh: Hà Anh", ("Đại biểu dự họp", "Hà Anh"), id="slash"),
        pytest.param("Đại biểu dự họp - Ảnh: Hà Anh", ("Đại biểu dự họp", "Hà Anh"), id="dash"),
        pytest.param("Buổi lễ. Nguồn: hcma.vn", ("Buổi lễ.", "hcma.vn"), id="Nguồn"),
        pytest.param("Ảnh: Hà Anh", ("", "Hà Anh"), id="nothing else"),
        pytest.param("(Ảnh: Hà Anh)", ("", "Hà Anh"), id="nothing else, in brackets"),
        pytest.param("Delegates (Photo: VNA)", ("Delegates", "VNA"), id="Photo in brackets"),
        pytest.param("Delegates. Photo: Jane Doe/Reuters", ("Delegates.", "Jane Doe/Reuters"), id="Photo"),
        pytest.param("Delegates. Photograph by Jane Doe", ("Delegates.", "Jane Doe"), id="by"),
        pytest.param("Ein Mann. Foto: sidm / DW", ("Ein Mann.", "sidm / DW"), id="Foto"),
        pytest.param("A man walks. © Getty Images", ("A man walks.", "Getty Images"), id="©"),
        pytest.param("Ein Auto. © Foto: Jana Muster", ("Ein Auto.", "Jana Muster"), id="© and label"),
        pytest.param("She walks in MilanCredit: EPA", ("She walks in Milan", "EPA"), id="run together"),
        pytest.param(
            "Quang cảnh buổi lễẢnh: TTXVN", ("Quang cảnh buổi lễ", "TTXVN"), id="run together after an accent"
        ),
        pytest.param(
            "A tree of life. (Jane Doe/AFP/Getty Images)",
            ("A tree of life.", "Jane Doe/AFP/Getty Images"),
            id="agency in brackets",
        ),
        pytest.param("AFP via Getty Images", ("", "AFP via Getty Images"), id="agency alone"),
        pytest.param("Đại biểu dự họp", ("Đại biểu dự họp", ""), id="no credit"),
        pytest.param("", ("", ""), id="empty"),
    ],
)
def test_split_caption(text, expected):
    assert split_caption(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Ảnh: Quang cảnh buổi lễ ký kết",
        "Một số hình ảnh: lễ khai mạc",
        "Quang cảnh lễ ký (năm 2020)",
        "Ảnh hưởng của bão",
        "Đại biểu (hàng đầu)",
        "Nguồn: nước sạch cho bản làng xa",
        "Photo shows a man",
        "The iPhone: A story",
        "(Archivbild)",
        "Reuters reported it",
    ],
)
def test_captions_that_look_like_they_had_a_credit(text):
    assert split_caption(text) == (text, "")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("By Jane Doe and John Smith", ("Jane Doe", "John Smith"), id="By"),
        pytest.param("PHẠM VĂN A - TRẦN B", ("PHẠM VĂN A", "TRẦN B"), id="capitals"),
        pytest.param("PGS, TS NGUYỄN VĂN A", ("NGUYỄN VĂN A",), id="PGS, TS"),
        pytest.param("GS,TS Lê Văn L", ("Lê Văn L",), id="GS,TS"),
        pytest.param("PGS.TS. Nguyễn Văn A; ThS Trần B", ("Nguyễn Văn A", "Trần B"), id="titles with stops"),
        pytest.param("Dr. Jane van der Berg", ("Jane van der Berg",), id="Dr., particles"),
        pytest.param("Jane Doe, Political Correspondent", ("Jane Doe",), id="office"),
        pytest.param("Jane Doe in Hanoi", ("Jane Doe",), id="place"),
        pytest.param("Glen Roe And Ann Poe For The Mail", ("Glen Roe", "Ann Poe"), id="newspaper after For"),
        pytest.param("Von Anna Müller", ("Anna Müller",), id="German"),
        pytest.param("Tác giả: VTV", ("VTV",), id="label"),
        pytest.param("BBC News", ("BBC News",), id="organisation"),
        pytest.param("Jane Doe jane@news.com", ("Jane Doe",), id="address of mail"),
        pytest.param("Jane Doe Published 3 May 2024", ("Jane Doe",), id="date after it"),
    ],
)
def test_byline(text, expected):
    found = parse_byline(text)

    assert tuple(name.name for name in found) == expected
    assert {name.role for name in found} == {"text"}


@pytest.mark.parametrize(
    "text",
    [
        "",
        "4 min read",
        "Published on 3 May",
        "says: I think that this is right.",
        "admin",
        "Staff Reports",
        "@jane",
        "Follow the author of this article",
        "05.06.2025 um 14:46",
    ],
)
def test_what_looks_like_a_byline_and_is_none(text):
    assert parse_byline(text) == ()
