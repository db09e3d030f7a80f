"""Cleaning and comparing text. Strings marked [S] are quoted from real pages in the research notes."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from archiver.text import clean, ends_sentence, fold, same_text, strip_agency, without_site_name

ODD = st.text(
    st.sampled_from(
        "aạ\u0301\u0323\u0327 \xa0\t\r\n\u3000\u2028\u200b\u200c\u200d\u00ad\ufeff\u202eا मक्\u0951👩\ufe0f\x00\x1f\x85\ud800đ"
    )
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Hội nghị cán bộ", "Hội nghị cán bộ", id="already clean"),
        pytest.param("  Hội nghị  ", "Hội nghị", id="spaces around"),
        pytest.param("Hội\xa0\xa0nghị", "Hội nghị", id="no-break spaces, up to 26 in one hcma body"),
        pytest.param("Hội\r\n\t nghị", "Hội nghị", id="CRLF and indentation before the time of generation A"),
        pytest.param("東京\u3000大阪", "東京 大阪", id="ideographic space"),
        pytest.param("\ufeffHội\u200b nghị\u2060", "Hội nghị", id="byte order mark and zero-width space of SharePoint"),
        pytest.param("Chính\u00ad phủ xã\u00adhội", "Chính phủ xãhội", id="soft hyphen"),
        pytest.param("\u200eabc\u202e \u2066x", "abc x", id="bidi marks"),
        pytest.param("a\x00b\x07c\x9f", "abc", id="controls"),
        pytest.param("a\ud83dx", "ax", id="half of a surrogate pair"),
        pytest.param("pho\u0302\u0309ng", "phổng", id="decomposed"),
        pytest.param("e\u200b\u0301", "é", id="a mark that a zero-width space kept apart"),
        pytest.param("می\u200cخواهم", "می\u200cخواهم", id="Persian joiner stays"),
        pytest.param("क्\u200dष", "क्\u200dष", id="Hindi joiner stays"),
        pytest.param("ന്\u200d", "ന്\u200d", id="Malayalam joiner at the end of a word stays"),
        pytest.param("👩\u200d🔬", "👩\u200d🔬", id="emoji joiner stays"),
        pytest.param("Học\u200d viện\u200c", "Học viện", id="joiners between Latin letters go"),
        pytest.param("", "", id="empty"),
        pytest.param(" \u200b\xa0 ", "", id="nothing to see"),
    ],
)
def test_clean(text, expected):
    assert clean(text) == expected


@given(st.one_of(st.text(), ODD))
@example("क\u0951\u200c\u094d\u200d ")
def test_clean_is_idempotent_and_nfc(text):
    once = clean(text)

    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert once == " ".join(once.split())
    once.encode()


@pytest.mark.parametrize(
    "text",
    [
        "Hội nghị kết thúc.",
        "Vì sao?",
        "Thật vậy!",
        "Còn nữa…",
        "gồm:",
        "một;",
        "kết thúc./.",
        "ông nói: “Được.”",
        "(xem thêm.)",
        "東京。",
        "什么？",
        "Ông hỏi: “Ai?” ",
        'nói."',
    ],
)
def test_sentence_ends(text):
    assert ends_sentence(text)


@pytest.mark.parametrize("text", ["", "Đại biểu dự họp", "năm 2024", "(ảnh)", "“Học viện”", "một,", "A. B", "..a", "”"])
def test_what_looks_like_a_sentence_end_and_is_none(text):
    assert not ends_sentence(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("Đường Đông Đô", "duong dong do", id="Vietnamese"),
        pytest.param("HỌC\xa0VIỆN", "hoc vien", id="capitals and no-break space"),
        pytest.param("Straße Łódź Ørsted", "strasse lodz orsted", id="European letters"),
        pytest.param("한국", "한국", id="Hangul stays composed"),
        pytest.param("हिन्दी", "हिन्दी", id="vowel signs of Hindi are no accents"),
    ],
)
def test_fold(text, expected):
    assert fold(text) == expected


@given(st.text())
def test_fold_is_idempotent(text):
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("Hội nghị “35 năm” – kết quả…", 'HỘI NGHỊ "35 năm" - kết quả...'),
        ("Hội\xa0nghị ", " Hội  nghị"),
        ("phổng", "pho\u0302\u0309ng"),
        ("It’s", "It's"),
    ],
)
def test_same_text(a, b):
    assert same_text(a, b)


@pytest.mark.parametrize(
    ("a", "b"), [("ban", "bàn"), ("đa", "da"), ("Hội nghị", "Hội nghị 2"), ("a-b", "a b"), ("", "a")]
)
def test_accents_and_words_make_another_text(a, b):
    assert not same_text(a, b)


@pytest.mark.parametrize(
    ("lead", "expected"),
    [
        pytest.param("(HCMA3) - Sáng nay", ("HCMA3", "Sáng nay"), id="hcma3 [S]"),
        pytest.param("(PTOJ) - In recent years", ("PTOJ", "In recent years"), id="politicaltheory.hcma.vn [S]"),
        pytest.param("(LLCT) – Bài viết", ("LLCT", "Bài viết"), id="lyluanchinhtri.vn [S]"),
        pytest.param("TCCS - Trong thời kỳ", ("TCCS", "Trong thời kỳ"), id="tapchicongsan [S]"),
        pytest.param("(Chinhphu.vn) - Thủ tướng", ("Chinhphu.vn", "Thủ tướng"), id="baochinhphu [S]"),
        pytest.param("(Dân trí) - Chiều 3/2", ("Dân trí", "Chiều 3/2"), id="dantri [S]"),
        pytest.param("VOV.VN - Sáng nay", ("VOV.VN", "Sáng nay"), id="VOV"),
        pytest.param("TTO - Sáng nay", ("TTO", "Sáng nay"), id="Tuổi Trẻ Online"),
        pytest.param("(NLĐO)- Sáng nay", ("NLĐO", "Sáng nay"), id="no space before the dash"),
        pytest.param("(PetroTimes) — Giá dầu", ("PetroTimes", "Giá dầu"), id="coined name"),
        pytest.param("(Báo Nhân Dân) - Sáng nay", ("Báo Nhân Dân", "Sáng nay"), id="newspaper"),
        pytest.param("(Reuters) - Oil prices", ("Reuters", "Oil prices"), id="wire"),
    ],
)
def test_agency_before_a_lead(lead, expected):
    assert strip_agency(lead) == expected


@pytest.mark.parametrize(
    "lead",
    [
        "Hà Nội - thủ đô của cả nước",
        "(Hà Nội) - Sáng 5/4",
        "(TP.HCM) - Sáng 5/4",
        "(TPHCM) - Sáng 5/4",
        "ASEAN - 50 năm một chặng đường",
        "COVID-19 - hai năm nhìn lại",
        "(COVID-19) - hai năm nhìn lại",
        "WASHINGTON (AP) — The president",
        "(1) - Điều thứ nhất",
        "(Kỳ 2) - Tiếp theo",
        "(Ảnh minh họa) - Nguồn",
        "(HCMA3) -",
        "(HCMA3) Sáng nay",
        "VTV đưa tin - theo báo cáo",
        "AP-3 là tên lửa",
        "Việt Nam - Lào: tình hữu nghị",
        "",
    ],
)
def test_what_looks_like_an_agency_and_is_none(lead):
    assert strip_agency(lead) == ("", lead)


SITES = ["Học viện Chính trị quốc gia Hồ Chí Minh", "HCMA", "Báo Nhân Dân - Điện tử"]


@pytest.mark.parametrize(
    "title",
    [
        "Hội nghị cán bộ - Học viện Chính trị Quốc gia Hồ Chí Minh",
        "Hội nghị cán bộ | HCMA",
        "Hội nghị cán bộ – hcma",
        "Hội nghị cán bộ — HCMA",
        "Hội nghị cán bộ :: HCMA",
        "Hội nghị cán bộ » HCMA",
        "HCMA | Hội nghị cán bộ",
        "Hội nghị cán bộ - Báo Nhân Dân - Điện tử",
        "Hội nghị cán bộ | HCMA | Học viện Chính trị quốc gia Hồ Chí Minh",
        "Hội nghị cán bộ",
    ],
)
def test_site_name_is_cut(title):
    assert without_site_name(title, SITES) == "Hội nghị cán bộ"


@pytest.mark.parametrize(
    "title",
    [
        "HCMA",
        "HCMA | HCMA2",
        "Hội nghị - HCMA năm 2025",
        "Hội nghị-HCMA",
        "Việt Nam - Lào",
        "Hội nghị của HCMA",
        "A | Báo Lao Động",
        "",
    ],
)
def test_titles_that_keep_what_looks_like_a_site_name(title):
    assert without_site_name(title, ["HCMA"]) in (title, "HCMA2")
    assert without_site_name(title) == title
