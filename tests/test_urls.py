"""Addresses. Real ones are those that the research on hcma.vn saw; [S] marks them."""

from hashlib import sha256

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import urls

PAGE = "https://hcma.vn/Pages/chi-tiet-tin.aspx?ItemID=20871&cm=33"
ADDRESSES = st.one_of(
    st.text(),
    st.text(st.sampled_from("https:/?#[]@!$&'()*+,;=.%2Ee0a-wđ\u0301 \\\t\ud800:99")).map(
        lambda tail: "http://" + tail
    ),
    st.text(st.sampled_from("/.%2Ee?&=utm_xđ ;[]\\#")).map(lambda tail: "https://hcma.vn/" + tail),
)


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        pytest.param("/hop-ban-19239.htm", "https://hcma.vn/hop-ban-19239.htm", id="path"),
        pytest.param("x.htm", "https://hcma.vn/Pages/x.htm", id="beside the page"),
        pytest.param("../a/./b.htm", "https://hcma.vn/a/b.htm", id="dots"),
        pytest.param(
            "?CateID=670&ItemID=16037",
            "https://hcma.vn/Pages/chi-tiet-tin.aspx?CateID=670&ItemID=16037",
            id="query only, as listings of generation A",
        ),
        pytest.param("//filehcma3.hcma.vn/Image?w=1200", "https://filehcma3.hcma.vn/Image?w=1200", id="no scheme"),
        pytest.param(" https://HCMA.vn/a#top ", "https://hcma.vn/a", id="spaces, capitals, fragment"),
        pytest.param(
            "https://filehcma3.hcma.vn/Image?path=/a//b.png&w=1200",
            "https://filehcma3.hcma.vn/Image?path=/a//b.png&w=1200",
            id="double slash in the query [S]",
        ),
        pytest.param("/pic//a.jpg", "https://hcma.vn/pic//a.jpg", id="double slash in the path"),
        pytest.param("x//y.jpg", "https://hcma.vn/Pages/x//y.jpg", id="double slash in a relative path"),
        pytest.param(
            "/Uploaded/images/a b[1].jpg",
            "https://hcma.vn/Uploaded/images/a%20b%5B1%5D.jpg",
            id="spaces and brackets, as on ajc",
        ),
        pytest.param("/tin/ảnh.jpg", "https://hcma.vn/tin/%E1%BA%A3nh.jpg", id="accented letters"),
        pytest.param(
            "/tin/a\u0309nh.jpg", "https://hcma.vn/tin/a%CC%89nh.jpg", id="decomposed letters stay decomposed"
        ),
        pytest.param("/date%20_ct.svg?a=%C4%91", "https://hcma.vn/date%20_ct.svg?a=%C4%91", id="encoded already"),
        pytest.param("/a\n/b\t.htm", "https://hcma.vn/a/b.htm", id="line breaks in the attribute"),
        pytest.param("\\tin\\a.htm", "https://hcma.vn/tin/a.htm", id="backslashes"),
        pytest.param("http://tin.vn", "http://tin.vn", id="no path"),
        pytest.param("HTTP://TIN.VN/A", "http://tin.vn/A", id="scheme in capitals"),
        pytest.param("https:/a.htm", "https://hcma.vn/a.htm", id="scheme without a host"),
        pytest.param("http://ajc-app:1002/a.pdf", "http://ajc-app:1002/a.pdf", id="internal host [S]"),
        pytest.param("https://hcma.vn:443/a", "https://hcma.vn:443/a", id="port as printed [S]"),
        pytest.param("https://học.vn/a", "https://xn--hc-68s.vn/a", id="IDNA"),
        pytest.param("http://[::1]:8000/a", "http://[::1]:8000/a", id="IPv6"),
        pytest.param("https://hcma.vn/a/../b", "https://hcma.vn/b", id="dots in a whole address"),
        pytest.param("/a:b", "https://hcma.vn/a:b", id="colon in a path"),
    ],
)
def test_absolute(href, expected):
    assert urls.absolute(PAGE, href) == expected


@pytest.mark.parametrize(
    "href",
    [
        "",
        " ",
        "#",
        "#top",
        "javascript:void(0)",
        "JavaScript:history.back()",
        "mailto:bbt@hcma.vn",
        "tel:024",
        "data:image/png;base64,AA",
        "java\nscript:x()",
        "http://",
        "http:///x",
        "http://[::1",
        "http://a b/",
        "http://hcma.vn:99999/",
        "https://hcma.vn:x/",
        "blob:https://hcma.vn/1",
        "http://%20/",
        "file:///etc/passwd",
    ],
)
def test_what_leads_to_no_page(href):
    assert urls.absolute(PAGE, href) is None


def test_absolute_without_a_good_base_reads_only_whole_addresses():
    assert urls.absolute("nonsense", "https://hcma.vn/a") == "https://hcma.vn/a"
    assert urls.absolute("nonsense", "/a") is None


@given(ADDRESSES, ADDRESSES)
def test_absolute_never_raises_and_gives_ascii_that_stays(base, href):
    url = urls.absolute(base, href)

    if url is not None:
        assert url.isascii()
        assert "#" not in url
        assert " " not in url
        assert urls.absolute(base, url) == url


@given(ADDRESSES)
def test_fold_never_raises_and_is_idempotent(url):
    once = urls.fold(url, aliases={"hcma.edu.vn": "hcma.vn"})

    assert urls.fold(once, aliases={"hcma.edu.vn": "hcma.vn"}) == once


@given(ADDRESSES)
def test_questions_never_raise(url):
    for question in (
        urls.host,
        urls.origin,
        urls.is_loopback,
        urls.is_public_host,
        urls.media_type,
        urls.never_followed,
        urls.short_hash,
        urls.fold_host,
    ):
        question(url)
    urls.query_value(url, "ItemID")


@pytest.mark.parametrize(
    "url",
    [
        "https://hcma.vn/Pages/chi-tiet-tin.aspx?ItemID=20871",
        "https://HCMA.vn:443/Pages/chi-tiet-tin.aspx?ItemID=20871",
        "https://hcma.vn./Pages/chi-tiet-tin.aspx?ItemID=20871",
        "https://hcma.edu.vn/Pages/chi-tiet-tin.aspx?ItemID=20871#top",
        "https://www.hcma.vn/Pages/./x/../chi-tiet-tin.aspx?ItemID=20871&utm_source=zalo",
        "https://hcma.vn/Pages/chi-tiet-tin.aspx?fbclid=x&ItemID=20871&IsDlg=0&",
        "https://hcma.vn/Pages/chi%2Dtiet%2dtin.aspx?ItemID=20871&AspxAutoDetectCookieSupport=1",
    ],
)
def test_spellings_of_one_address_fold_to_one(url):
    expected = "https://hcma.vn/Pages/chi-tiet-tin.aspx?ItemID=20871"

    assert urls.fold(url, aliases={"hcma.edu.vn": "hcma.vn"}) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        pytest.param("https://hcma.vn", "https://hcma.vn/", id="empty path"),
        pytest.param("https://hcma.vn/a?b=2&a=1&a=0", "https://hcma.vn/a?b=2&a=1&a=0", id="order and repetition stay"),
        pytest.param("https://hcma.vn/Pages//A", "https://hcma.vn/Pages//A", id="case and double slash stay"),
        pytest.param("http://hcma.vn:8080/a", "http://hcma.vn:8080/a", id="other port stays"),
        pytest.param("https://hcma3.hcma.vn/a", "https://hcma3.hcma.vn/a", id="sub-domain stays"),
        pytest.param("https://www.vn/a", "https://www.vn/a", id="www is the name itself"),
        pytest.param("https://tin.vn/a%3fb%c4%91", "https://tin.vn/a%3Fb%C4%91", id="escapes in capitals"),
        pytest.param("https://tin.vn/%%341", "https://tin.vn/%25%341".replace("%34", "4"), id="stray percent sign"),
        pytest.param(
            "https://tin.vn/?utm=1&mutm_x=2", "https://tin.vn/?utm=1&mutm_x=2", id="names that only resemble tracking"
        ),
        pytest.param("nonsense", "nonsense", id="no address"),
    ],
)
def test_fold(url, expected):
    assert urls.fold(url) == expected


def test_noise_is_the_callers_choice():
    url = "https://tin.vn/archive?date=2024-05-01&gclid=x"

    assert urls.fold(url) == "https://tin.vn/archive"
    assert urls.fold(url, noise=frozenset()) == "https://tin.vn/archive?date=2024-05-01"


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("HCMA.vn.", "hcma.vn"),
        ("www.hcma.vn", "hcma.vn"),
        ("www.vn", "www.vn"),
        ("localhost", "localhost"),
        ("www2.hcma.vn", "www2.hcma.vn"),
        ("học.vn", "xn--hc-68s.vn"),
    ],
)
def test_fold_host(host, expected):
    assert urls.fold_host(host) == expected


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:8000/",
        "http://127.9.9.9/",
        "http://[::1]/",
        "http://localhost/",
        "http://LOCALHOST.:80/",
        "http://news.localhost/x",
        "http://[::ffff:127.0.0.1]/",
    ],
)
def test_loopback(url):
    assert urls.is_loopback(url)
    assert urls.is_public_host(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://128.0.0.1/",
        "http://127.0.0.1.vn/",
        "http://localhost.vn/",
        "http://mylocalhost/",
        "localhost",
        "",
        "http://[::2]/",
    ],
)
def test_what_looks_like_loopback_and_is_none(url):
    assert not urls.is_loopback(url)


@pytest.mark.parametrize("url", ["https://hcma.vn/", "http://8.8.8.8/", "https://ajc.hcma.vn:8443/"])
def test_public_hosts(url):
    assert urls.is_public_host(url)


@pytest.mark.parametrize(
    "url",
    [
        "http://ajc-app:1002/a.pdf",
        "http://10.0.0.5/",
        "http://192.168.1.2/x",
        "http://news.local/",
        "http://app.internal/",
        "nonsense",
        "http://fe80::1/",
    ],
)
def test_hosts_that_nobody_outside_reaches(url):
    assert not urls.is_public_host(url)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://HCMA.vn:443/a?b", "https://hcma.vn"),
        ("http://hcma.vn:8080/a", "http://hcma.vn:8080"),
        ("http://[::1]:80/", "http://[::1]"),
        ("https://www.hcma.vn/", "https://www.hcma.vn"),
        ("x", ""),
    ],
)
def test_origin(url, expected):
    assert urls.origin(url) == expected


def test_host():
    assert urls.host("https://WWW.HCMA.vn.:443/a") == "www.hcma.vn"
    assert urls.host("mailto:a@hcma.vn") == ""


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hcma.vn/Pages/chi-tiet-tin.aspx?cm=33&ItemID=18342", "18342"),
        ("/tintuc/pages/thong-bao.aspx?ItemId=11876&CateID=343", "11876"),
        ("?itemid=1&ItemID=2", "1"),
        ("?cm=33&amp;ItemID=7", "7"),
        ("?ItemID=", ""),
        ("?Item=5", None),
        ("/ItemID=5", None),
        ("/a#?ItemID=5", None),
    ],
)
def test_query_value(url, expected):
    assert urls.query_value(url, "ItemID") == expected


def test_short_hash():
    assert urls.short_hash("https://hcma.vn/") == sha256(b"https://hcma.vn/").hexdigest()[:16]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://hcma.vn/noidung/Lists/a/Attachments/1/QĐ 12.PDF", "application/pdf"),
        ("/a.docx?web=1", urls.MEDIA_TYPES["docx"]),
        ("/DownloadHandler.ashx?id=3&file=x.pdf", "application/pdf"),
        ("/d.ashx?file=%2Fa%2Fx.RAR", "application/vnd.rar"),
        ("/a.7z", "application/x-7z-compressed"),
        ("/a.zip#x", "application/zip"),
    ],
)
def test_files(url, expected):
    assert urls.media_type(url) == expected
    assert urls.is_file_link(url)


@pytest.mark.parametrize(
    "url",
    [
        "/tin-file.pdf-la-gi-123.htm",
        "/pdf",
        "/a.pdfx",
        "https://x.zip/",
        "https://docs.com/viewer?url=https://hcma.vn/a.pdf",
        "/viewer.html?file=x.pdf",
        "/a.jpg",
        "/a?b=pdf",
        "",
        "/share?u=http://hcma.vn/a.doc",
    ],
)
def test_what_looks_like_a_file_and_is_none(url):
    assert not urls.is_file_link(url)


@pytest.mark.parametrize(
    "path",
    [
        "/_layouts/15/Authenticate.aspx?Source=%2F",
        "/en/_layouts/15/listfeed.aspx",
        "/_layouts",
        "/_vti_bin/lists.asmx",
        "/_catalogs/masterpage/x",
        "/_forms/default.aspx",
        "/Lists/Tin/Forms/AllItems.aspx",
        "/Pages/AccessDenied.aspx",
        "/Pages/a.aspx?ItemID=1&IsDlg=1",
        "/Pages/timkiem.aspx?k=a",
        "/search/label/x",
        "/tim-kiem?q=a",
        "/?s=abc",
        "/dang-nhap",
        "/account/login?x=1",
        "/wp-login.php",
        "/SignIn.aspx",
    ],
)
def test_plumbing_is_never_followed(path):
    assert urls.never_followed("https://hcma.vn" + path)


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/Pages/chi-tiet-tin.aspx?ItemID=1",
        "/tim-kiem-cuu-nan-tren-bien-123.htm",
        "/dang-ky-xet-tuyen-2025-19239.htm",
        "/research/a",
        "/products/search/new-feature",
        "/Forms/a.pdf",
        "/forms.aspx",
        "/login-that-bai-1.htm",
        "/SMPT_Publishing_UC/TinTuc/pPrintTinTuc.aspx?ItemID=19239",
        "/a?IsDlg=0",
        "/a?s=1",
    ],
)
def test_pages_that_look_like_plumbing_are_followed(path):
    assert not urls.never_followed("https://hcma.vn" + path)
