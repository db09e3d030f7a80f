"""Leads with their agencies, and the names around the text of Vietnamese pages that no site file knows."""

import pytest

import archiver

URL = "https://banmoi.example/mo-cua-thu-vien-moi-12345.html"
TITLE = "Mở cửa thư viện mới ở huyện vùng cao"
LEAD = "Hai trăm bạn đọc đầu tiên đã có mặt từ lúc sáu giờ sáng để chờ thư viện mở cửa."
TEXT = "".join(
    f"<p>Sáng nay, thư viện huyện mở cửa đón hơn {number} trăm bạn đọc từ các xã trong vùng.</p>"
    for number in range(2, 9)
)
FOOT = "<div><p>Báo Bản Mới giữ bản quyền nội dung; ghi rõ nguồn khi phát hành lại thông tin từ trang này.</p></div>"


def read(above="", below="", behind="", head=""):
    page = (
        f"<html lang=vi><head><meta charset=utf-8><title>{TITLE} - Báo Bản Mới</title>{head}</head><body><div>"
        f"<h1>{TITLE}</h1><div class=date>12/03/2026 14:05</div>{above}<div class=detail>{TEXT}{below}</div>{behind}</div>{FOOT}</body></html>"
    )
    return archiver.extract(page.encode(), URL)


def names(article):
    return [(credit.name, credit.role) for credit in article.authors]


@pytest.mark.parametrize(
    ("above", "agency"),
    [
        (f"<h2 class=detail-sapo>{LEAD}</h2>", None),
        (f"<p class=description>{LEAD}</p>", None),
        (f"<div class=post-summary><h2>(Bản Mới) - {LEAD}</h2></div>", "Bản Mới"),
        (f"<p><strong>{LEAD}</strong></p>", None),
        (f"<p>(banmoi.example) – {LEAD}</p>", "banmoi.example"),
        (f"<p class=tomtat>TTBM - {LEAD}</p>", "TTBM"),
        (f"<p class=sapo>Bản Lầu (TTXVN 12/3) - {LEAD}</p>", "TTXVN"),
        (f"<p class=sapo>(Sông Mới) - {LEAD}</p>", "Sông Mới"),
    ],
    ids=[
        "called a lead",
        "called a description",
        "own name",
        "bold",
        "domain",
        "acronym",
        "behind a place",
        "stranger",
    ],
)
def test_lead_is_told_from_the_text_and_from_the_agency_before_it(above, agency):
    article = read(above)

    assert article.lead == LEAD
    assert names(article) == ([(agency, "source")] if agency else [])
    assert article.blocks[0].text.endswith(LEAD)
    assert (agency or "") in article.blocks[0].text


@pytest.mark.parametrize(
    "above", ["", "<p class=note>Cỡ chữ</p>", "<div class=desc><a href=/x>Theo dõi chúng tôi trên mạng xã hội này</a></div>"]
)  # fmt: skip
def test_page_without_a_lead_has_none(above):
    assert read(above).lead == ""


def test_place_before_a_dash_is_no_agency():
    article = read(f"<p class=sapo>Bản Lầu - {LEAD}</p>")

    assert article.lead == f"Bản Lầu - {LEAD}"
    assert article.authors == ()


RIGHT = "<p style='text-align:right'><strong>{}</strong></p>"
OFFICE = "<p style='text-align:right'><i>Học viện Chính trị khu vực</i></p>"
FOOTNOTE = "<p>(1) Sách đã dẫn ở trên, trang 12, và các trang tiếp theo của tập hai, in lần thứ ba.</p>"


@pytest.mark.parametrize(
    ("below", "expected", "credit_line"),
    [
        ("<p><b>Lê Minh - Trần An</b></p>", [("Lê Minh", "text"), ("Trần An", "text")], ""),
        ("<p>Lê Minh Châu</p>", [("Lê Minh Châu", "text")], ""),
        (RIGHT.format("ThS LÊ MINH") + OFFICE, [("LÊ MINH", "text")], ""),
        (RIGHT.format("Lê Minh") + FOOTNOTE, [("Lê Minh", "text")], ""),
        (RIGHT.format("Lê Minh</strong> tổng hợp<strong>"), [("Lê Minh", "text")], ""),
        (
            RIGHT.format("Lê Minh</strong> (theo <em>Reuters</em>)<strong>"),
            [("Lê Minh", "text"), ("Reuters", "source")],
            "Lê Minh (theo Reuters)",
        ),
        ("<p>Bài: Lê Minh</p><p>Ảnh: Trần An</p>", [("Lê Minh", "text"), ("Trần An", "photo")], "Bài: Lê Minh Ảnh: Trần An"),
        ("<p>Theo Ban Mai</p>", [("Ban Mai", "source")], "Theo Ban Mai"),
        ("<p>Tin: Phòng Tổ chức - Hành chính</p>", [("Phòng Tổ chức - Hành chính", "text")], "Tin: Phòng Tổ chức - Hành chính"),
    ],
    ids=["two in bold", "plain", "with an office", "above a footnote", "compiled", "with a source", "two credits", "source", "unit"],
)  # fmt: skip
def test_names_below_the_text_are_authors_and_no_text(below, expected, credit_line):
    article = read(below=below)

    assert names(article) == expected
    assert article.credit_line == credit_line
    assert [block.text for block in article.blocks if "Lê Minh" in block.text or "Học viện" in block.text] == []


def test_credit_outside_the_texts_element_is_the_credit_line():
    article = read(behind="<div class=news-author>Tin, ảnh: Khoa Quản trị công</div>")

    assert article.credit_line == "Tin, ảnh: Khoa Quản trị công"
    assert names(article) == [("Khoa Quản trị công", "text"), ("Khoa Quản trị công", "photo")]


@pytest.mark.parametrize(
    "above",
    [
        "<div class=author>LÊ MINH - TRẦN AN</div>",
        "<div class=authors><a class=name href=/tac-gia/a.htm>LÊ MINH</a> <a class=name href=/tac-gia/b.htm>TRẦN AN</a></div>",
        "<div class=author><p><b>TS LÊ MINH</b></p><p><i>Viện Nhân lực</i></p><p><b>ThS TRẦN AN</b></p></div>",
        "<p><b>TS LÊ MINH</b></p><p><i>Viện Nhân lực</i></p><p><b>TRẦN AN</b></p>",
    ],
    ids=["dash", "links", "offices between", "no class"],
)
def test_second_author_is_an_author(above):
    assert names(read(above)) == [("LÊ MINH", "text"), ("TRẦN AN", "text")]


def test_printed_names_come_before_the_papers_name_in_the_head():
    ld = '{"@type": "NewsArticle", "author": {"@type": "Person", "name": "Báo điện tử Bản Mới"}}'
    article = read(below="<p><b>Kiều Trinh</b></p>", head=f'<script type="application/ld+json">{ld}</script>')

    assert names(article) == [("Kiều Trinh", "text")]


def test_paper_is_no_author_where_a_source_is_named():
    ld = '{"@type": "NewsArticle", "author": {"@type": "Organization", "name": "Báo Bản Mới"}}'
    article = read(below="<p>Theo Báo Miền Cao</p>", head=f'<script type="application/ld+json">{ld}</script>')

    assert names(article) == [("Báo Miền Cao", "source")]


MENU = "<ul><li><a href=/tin>Tin tức</a><li><a href=/hd>Tin hoạt động</a></ul>"
TIME = "<p class=time>12/03/2026 14:05</p>"


@pytest.mark.parametrize(
    ("stated", "body"),
    [
        ("Tin hoạt động", f"{MENU}<div class=tieu-de>{TITLE}</div>{TIME}"),
        ("Tin hoạt động", f"{MENU}<div><p>{TITLE}</p></div>{TIME}"),
        ("Chi tiết tin", f"{MENU}<div><p>{TITLE}</p></div>{TIME}"),
        (TITLE, f"{MENU}<h1>Tin hoạt động</h1>{TIME}"),
        (f"{TITLE} - Cổng thông tin huyện Bản Lầu", f"{MENU}<p>{TITLE}</p>{TIME}"),
        (f"Bản Lầu 24 giờ mỗi ngày :: {TITLE}", f"{MENU}<p>{TITLE}</p>{TIME}"),
    ],
    ids=["class", "line above the time", "name of the page", "heading of a section", "kind of site", "unknown site"],
)
def test_title_is_told_from_the_section_and_the_site(stated, body):
    html = (
        f"<html lang=vi><head><meta charset=utf-8><title>{stated}</title></head><body>{body}{TEXT}{FOOT}</body></html>"
    )

    assert archiver.extract(html.encode(), URL).title == TITLE
