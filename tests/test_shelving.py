"""Section, categories, keywords and related stories of pages that no site file knows."""

import pytest

import archiver

URL = "https://times.example/mo-cua-thu-vien-moi-12345.html"
TEXT = "".join(
    f"<p>Sáng nay, thư viện huyện mở cửa đón hơn {number} trăm bạn đọc từ các xã trong vùng.</p>"
    for number in range(2, 9)
)

CRUMBS = """<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement":
 [{"name": "Home"}, {"item": {"name": "Văn hóa"}}, {"name": "Sách"}]}</script>"""


def read(around="", head="", behind=""):
    page = (
        f"<html lang=vi><head><meta charset=utf-8><title>Mở cửa thư viện mới</title>{head}</head><body>{around}"
        f"<article><h1>Mở cửa thư viện mới</h1><time datetime='2026-04-17T14:37:00+07:00'>17/4</time>{TEXT}{behind}</article></body></html>"
    )
    return archiver.extract(page.encode(), URL)


@pytest.mark.parametrize(
    ("around", "head", "categories"),
    [
        ("<ul class=breadcrumb><li><a href=/>Trang chủ</a><li><a href=/vh>Văn hóa</a><li><a href=/s>Sách</a></ul>", "", ("Văn hóa", "Sách")),
        ("<ol class=breadcrumb><li><a href=/vh>Văn hóa</a><li>Mở cửa thư viện mới</ol>", "", ("Văn hóa",)),
        (
            "",
            CRUMBS,
            ("Văn hóa", "Sách"),
        ),
        ("", '<script type="application/ld+json">{"@type": "BreadcrumbList", "itemListElement": "none"}</script>', ()),
    ],
    ids=["printed", "without the title", "stated", "unreadable"],
)  # fmt: skip
def test_categories_are_the_breadcrumb_without_home_and_title(around, head, categories):
    article = read(around, head)

    assert article.categories == categories
    assert article.section == (categories[-1] if categories else None)


@pytest.mark.parametrize(
    ("behind", "head", "tags"),
    [
        ("<p><a rel=tag href=/t/1>thư viện</a> <a rel=tag href=/t/2>sách</a></p>", "", ("thư viện", "sách")),
        ("<div class=article__tag><span>Từ khóa:</span><a href=/t/1>thư viện</a><a href=/t/2>#sách</a></div>", "", ("thư viện", "sách")),
        ("<p>Từ khóa: thư viện, sách.</p>", "", ("thư viện", "sách")),
        ("<p><a rel=tag href=/t/1>thư viện</a></p>", "<meta name=keywords content='một, hai'>", ("thư viện",)),
        ("", "<meta name=keywords content='một, hai, một'>", ()),
    ],
    ids=["rel", "box", "line", "printed and stated", "only stated"],
)  # fmt: skip
def test_tags_are_those_that_a_reader_sees(behind, head, tags):
    assert read(head=head, behind=behind).tags == tags


HOME = "<a href=/>Trang chủ</a>"
MENU = "<ul><li><a href=/van-hoa>Văn hóa</a></ul>"


@pytest.mark.parametrize(
    ("around", "section"),
    [
        (f"<div class=path>{HOME} <a href=/vh>Văn hóa</a> <a href=/s>Sách</a></div>", "Sách"),
        ("<div class=detail-cate><a href=/vh>Văn hóa</a> <a href=/s>Sách</a></div>", "Sách"),
        ("<div class=ten-chuyen-muc>Chuyên mục: Sách</div>", "Sách"),
        (f"{MENU}<div>Văn hóa</div>", "Văn hóa"),
        ("<ul class=breadcrumb><li>Bạn đang ở: Trang chủ<li><a href=/s>Sách</a><li>Mở cửa thư viện mới</ul>", "Sách"),
        (f"<ul class=breadcrumb><li>{HOME}<li><a href=/s>Sách</a><li>Mở cửa thư viện…</ul>", "Sách"),
        ("<ul class=breadcrumb><li><a href=/s>Sách</a><li>Tin chi tiết</ul>", "Sách"),
        ("<div class=detail-cate><a href=/>Trang chủ</a></div>", None),
        ("<h2>Mười năm sau ngày khởi công</h2>", "Mười năm sau ngày khởi công"),
        ("<div>Một dòng chữ</div>", None),
    ],
    ids=["trail", "called", "label", "in the menu", "path label", "cut title", "detail page", "home", "heading", "line"],
)  # fmt: skip
def test_section_is_the_category_that_is_printed_beside_the_title(around, section):
    assert read(around).section == section


LINK = "<a href=/lop-tap-huan-tai-xa-ben-gua-{0}.html>Lớp tập huấn tại xã Bến Gừa lần {0}</a>"
TITLES = [f"Lớp tập huấn tại xã Bến Gừa lần {number}" for number in (1, 2)]


@pytest.mark.parametrize(
    "behind",
    [
        f"<div class=related-news><ul><li>{LINK.format(1)}<li>{LINK.format(2)}</ul></div>",
        f"<h4>Tin liên quan</h4><ul><li>{LINK.format(1)}<li>{LINK.format(2)}</ul>",
        f"<p><b>Đọc thêm:</b></p><p>{LINK.format(1)}</p><p>{LINK.format(2)}</p>",
        f"<aside><h3>Related articles</h3>{LINK.format(1)}<p>Một câu tóm tắt ngắn.</p>{LINK.format(2)}</aside>",
        f"<p>[{LINK.format(1)}]</p>{TEXT}<p><b>[{LINK.format(2)}]</b></p>{TEXT}",
        f"<p>{LINK.format(1)}</p>{TEXT}<p>Xem thêm: {LINK.format(2)}</p>{TEXT}",
        f"<div><h4>Bài liên quan</h4><ul><li>{LINK.format(1)}<li>{LINK.format(2)}</ul></div><ul><li>{LINK.format(3)}</ul>",
        f"<div type=RelatedNewsBox>{LINK.format(1)} <p>{LINK.format(2)}</p></div>",
    ],
    ids=["named box", "heading", "bold line", "with a teaser", "brackets", "between paragraphs", "end of box", "type"],
)
def test_further_stories_are_related_items(behind):
    found = read(behind=behind).related

    assert [each.title for each in found] == TITLES
    assert {each.relation for each in found} == {"related"}


@pytest.mark.parametrize(
    "behind",
    [
        f"<h4>Tin khác</h4><ul><li>{LINK.format(1)}</ul>",
        f"<h4>Đọc nhiều</h4><ul><li>{LINK.format(1)}</ul>",
        "<p>Bạn có thể xem thêm tin liên quan ở trang của thư viện huyện trong tuần tới.</p>",
        "<h4>Tin liên quan</h4><p>Chưa có tin nào.</p>",
        f"<div class=related-news><h4>Tin mới nhất</h4><p>{LINK.format(1)}</p></div>",
    ],
    ids=["other news", "most read", "a sentence", "an empty box", "newest in a named box"],
)
def test_what_was_not_chosen_for_the_article_is_not_related(behind):
    assert read(behind=behind).related == ()
