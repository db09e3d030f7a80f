"""Bytes to a tree: encodings, broken markup, and what is refused."""

import unicodedata
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver import page as pages
from archiver.errors import BadPage
from archiver.page import Page

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SENTENCE = "Học viện Chính trị tổ chức hội nghị"


def read(html, content_type=None):
    return Page("https://example.test/a", html, NOW, content_type)


def shown(page):
    return unicodedata.normalize("NFC", "".join(page.root.itertext())).strip()


def windows_1258(text):
    """Vietnamese in windows-1258: tone marks follow their letter as characters of their own."""
    out = b""
    for letter in text:
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            bare, *marks = unicodedata.normalize("NFD", letter)
            tones = [mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323"]
            shape = unicodedata.normalize("NFC", bare + "".join(mark for mark in marks if mark not in tones))
            out += (shape + "".join(tones)).encode("cp1258")
    return out


@pytest.mark.parametrize(
    ("html", "content_type", "encoding", "repaired"),
    [
        pytest.param(f"<p>{SENTENCE}".encode(), None, "utf-8", False, id="nothing-declared"),
        pytest.param(f"<p>{SENTENCE}".encode(), "text/html; charset=utf-8", "utf-8", False, id="header"),
        pytest.param(f"<p>{SENTENCE}".encode(), "text/html; charset=iso-8859-1", "utf-8", True, id="header-wrong"),
        pytest.param(f"<meta charset=windows-1252><p>{SENTENCE}".encode(), None, "utf-8", True, id="meta-wrong"),
        pytest.param(f"\ufeff<p>{SENTENCE}".encode(), None, "utf-8", False, id="utf-8-mark"),
        pytest.param(f"<p>{SENTENCE}".encode("utf-16"), None, "utf-16-le", False, id="utf-16-mark"),
        pytest.param(f"<p>{SENTENCE}".encode("utf-16-le"), "text/html; charset=utf-16", "utf-16", False, id="utf-16"),
        pytest.param(
            b"<meta charset=windows-1258><p>" + windows_1258(SENTENCE), None, "cp1258", False, id="windows-1258"
        ),
        pytest.param(
            b"<p>" + windows_1258(SENTENCE),
            "text/html; charset=windows-1258",
            "cp1258",
            False,
            id="windows-1258-header",
        ),
    ],
)
def test_text_is_decoded(html, content_type, encoding, repaired):
    page = read(html, content_type)

    assert shown(page) == SENTENCE
    assert page.decoded[1:] == (encoding, repaired)


def test_utf16_without_mark_or_header_is_told_by_its_zeros():
    page = read(f"<html><body><p>{SENTENCE}</p></body></html>".encode("utf-16-be"))

    assert shown(page) == SENTENCE


def test_bytes_that_fit_nothing_are_read_as_browsers_do():
    page = read(b"<p>caf\xe9 cr\xe8me")

    assert shown(page) == "café crème"
    assert page.decoded[2]


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        pytest.param(b"", "empty", id="no-bytes"),
        pytest.param(b" \r\n\t ", "empty", id="white-space"),
        pytest.param(b"%PDF-1.7\n%\xe2\xe3", "binary", id="pdf"),
        pytest.param(b"\x89PNG\r\n\x1a\n\0\0", "binary", id="png"),
        pytest.param(bytes(range(256)) * 8, "binary", id="noise"),
    ],
)
def test_unreadable_bytes_are_refused_with_a_reason(html, reason):
    with pytest.raises(BadPage) as refused:
        _ = read(html).root

    assert refused.value.reason == reason


def test_a_page_over_the_limit_is_refused_before_it_is_decoded(monkeypatch):
    monkeypatch.setattr(pages, "LARGEST_PAGE_BYTES", 100)

    with pytest.raises(BadPage, match="is no news page") as refused:
        _ = read(b"<p>" + b"a" * 100).root

    assert refused.value.reason == "too_large"


def test_a_tree_that_lxml_cuts_short_is_read_whole_and_flat_enough():
    depth = 20_000
    page = read(b"<html><body>" + b"<div>" * depth + b"deep" + b"</div>" * depth + b"<p>after</p></body></html>")

    assert page.was_cut
    assert shown(page) == "deepafter"
    assert max(sum(1 for _ in element.iterancestors()) for element in page.root.iter("p")) <= pages.DEEPEST


def test_an_ordinary_page_is_not_read_twice():
    assert not read(b"<p>one<p>two").was_cut


def test_nul_bytes_do_not_end_the_text():
    assert shown(read(b"<p>one\0two</p><p>after</p>")) == "onetwoafter"


@pytest.mark.parametrize(
    "script",
    [
        pytest.param('{"@type": "NewsArticle", "headline": "H"}', id="object"),
        pytest.param('[{"@type": "NewsArticle", "headline": "H"}]', id="list"),
        pytest.param('{"@graph": [{"@type": "NewsArticle", "headline": "H"}]}', id="graph"),
        pytest.param('<!-- {"@type": "NewsArticle", "headline": "H"} -->', id="comment"),
        pytest.param('{"@type": "NewsArticle", "headline": "H", "x": "a\nb"};', id="raw-newline-and-semicolon"),
    ],
)
def test_jsonld_is_opened(script):
    page = read(f'<script type="application/ld+json">{script}</script>'.encode())

    assert page.jsonld[0]["headline"] == "H"


@pytest.mark.parametrize("script", ["", "{", "[" * 5000, "null", '"text"', '{"@type": }'])
def test_broken_jsonld_is_no_object(script):
    page = read(f'<p>x</p><script type="application/ld+json">{script}</script>'.encode())

    assert page.jsonld == ()


def test_a_reading_is_made_once():
    page = read(b"<p>x")
    made = []

    def reading(_page):
        made.append(1)
        return "read"

    assert [page.once(reading), page.once(reading)] == ["read", "read"]
    assert made == [1]


@given(st.binary(max_size=400))
def test_any_bytes_give_a_tree_or_bad_page(html):
    page = read(html)

    try:
        root = page.root
    except BadPage as refused:
        assert refused.reason  # noqa: PT017  # either way is right
    else:
        assert root.tag == "html"


def test_what_follows_the_end_of_the_page_is_read_as_browsers_do():
    page = Page(
        "https://example.test/", b"<html><body><nav>Home</nav></body></html><div><p>Ferry stops.</p></div>", NOW
    )

    assert [element.text for element in page.root.iter("p")] == ["Ferry stops."]
