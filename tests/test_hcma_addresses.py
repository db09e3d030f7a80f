"""Identity on hcma.vn: many spellings of one address, and spaces of numbers that overlap (research on the site, section 2)."""

import pytest

from archiver.sites import site_for, site_named

SITE = site_named("hcma")


@pytest.mark.parametrize(
    ("url", "id_"),
    [
        ("https://hcma.vn/hop-ban-chi-dao-19239.htm", "hcma:19239"),
        ("http://hcma.vn/hop-ban-chi-dao-19239.htm", "hcma:19239"),
        ("https://www.hcma.vn/tin-tuc/hop-ban-chi-dao-19239.htm", "hcma:19239"),
        ("https://hcma.vn:443/Pages/chi-tiet-tin.aspx?ItemID=19239&cm=33", "hcma:19239"),
        ("https://hcma.vn./Pages/chi-tiet-tin.aspx?cm=4&ItemID=19239", "hcma:19239"),
        ("https://hcma.edu.vn/pages/chi-tiet-tin-tuc.aspx?ItemId=19239", "hcma:19239"),
        ("https://hcma.vn/SMPT_Publishing_UC/TinTuc/pPrintTinTuc.aspx?ItemID=19239", "hcma:19239"),
        ("https://hcma.vn/nghi-quyet-thang-102025-20090.htm", "hcma:20090"),
        ("https://hcma.vn/en/Pages/chi-tiet-tin.aspx?ItemID=1234&cm=163", "hcma:en:1234"),
        ("https://hcma.vn/en/visit-1234.htm", "hcma:en:1234"),
        ("https://hcma.vn/dao-tao/khai-giang-29708.html", "hcma:html:29708"),
        ("https://hcma.vn/tintuc/pages/tin-tuc-su-kien.aspx?CateID=670&ItemID=16037", "hcma:cate:16037"),
        ("https://hcma.vn/home/news/visit-of-a-delegation-242", "hcma:english:242"),
    ],
)
def test_address_tells_the_article(url, id_):
    assert SITE.address(url).id == id_
    assert site_for(url) is SITE


@pytest.mark.parametrize(
    "url",
    [
        "https://hcma.vn/",
        "https://hcma.vn/chuyen-muc/dao-tao",
        "https://hcma.vn/Pages/chi-tiet-tin.aspx?cm=33",
        "https://hcma.vn/Pages/chi-tiet-tin.aspx?ItemID=abc",
        "https://hcma.vn/tin-2025.pdf",
    ],
)
def test_address_of_another_page_is_no_articles(url):
    assert SITE.address(url) is None


def test_sub_domains_number_by_themselves_and_are_other_sites():
    assert site_for("https://hcma3.hcma.vn/tin-19239.htm").name == "hcma3.hcma.vn"
    assert not SITE.follows("https://hcma3.hcma.vn/tin-19239.htm")


@pytest.mark.parametrize(
    ("url", "follows"),
    [
        ("https://hcma.vn/dao-tao/", True),
        ("http://www.hcma.vn/dao-tao/", True),
        ("https://hcma.vn/_layouts/15/Authenticate.aspx?Source=%2F", False),
        ("https://hcma.vn/Pages/tim-kiem.aspx?k=a", False),
        ("https://example.org/", False),
    ],
)
def test_crawl_stays_on_the_site_and_out_of_its_plumbing(url, follows):
    assert SITE.follows(url) is follows


def test_print_view_stands_in_for_a_current_item_only():
    assert SITE.second_view("https://hcma.vn/a-19239.htm").endswith("/pPrintTinTuc.aspx?ItemID=19239")
    assert SITE.second_view("https://hcma.vn/SMPT_Publishing_UC/TinTuc/pPrintTinTuc.aspx?ItemID=19239") is None
    assert SITE.second_view("https://hcma.vn/dao-tao/a-29708.html") is None


def test_a_copy_keeps_the_ids_and_has_its_own_addresses():
    copy = SITE.at("http://127.0.0.1:8000/mirror")

    assert copy.start_urls == ("http://127.0.0.1:8000/mirror/",)
    assert copy.address("http://127.0.0.1:8000/mirror/a-19239.htm").id == "hcma:19239"
    assert copy.place("https://hcma.vn/a-19239.htm") == "http://127.0.0.1:8000/mirror/a-19239.htm"
    assert copy.follows("http://127.0.0.1:8000/mirror/dao-tao/")
    assert copy.second_view("http://127.0.0.1:8000/mirror/a-19239.htm").startswith("http://127.0.0.1:8000/mirror/SMPT")
