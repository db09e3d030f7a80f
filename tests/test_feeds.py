"""Feeds and sitemaps become entries, whatever the bytes are: nothing raises but BadPage, nothing is expanded, time is bounded."""

import gzip
import time
from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archiver.errors import BadPage
from archiver.feeds import Entry, is_document, read_document
from archiver.feeds.reading import MOST_ENTRIES

NOW = datetime(2026, 3, 14, 12, tzinfo=UTC)
URL = "https://paper.test/feed/"
MOMENT = datetime(2026, 3, 10, 1, 0, tzinfo=UTC)


def read(body, content_type=None):
    return read_document(URL, body.encode() if isinstance(body, str) else body, content_type, now=NOW)


def reason_or_read(body, content_type=None):
    """What the bytes give: a document, or the reason why they are none."""
    try:
        return read(body, content_type)
    except BadPage as refused:
        return refused.reason


FORMS = {
    # https://www.rssboard.org/rss-specification
    "RSS 2.0": '<rss version="2.0"><channel><link>https://paper.test/</link><item><title>Tide</title><link>https://paper.test/tide-1</link><pubDate>Tue, 10 Mar 2026 08:00:00 +0700</pubDate></item></channel></rss>',
    "RSS 2.0 whose guid is the address": "<rss><channel><item><title>Tide</title><guid>https://paper.test/tide-1</guid><pubDate>Tue, 10 Mar 2026 01:00:00 GMT</pubDate></item></channel></rss>",
    "RSS 2.0 behind a counting service": '<rss xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"><channel><item><title>Tide</title><link>https://feeds.test/~r/1</link><feedburner:origLink>https://paper.test/tide-1</feedburner:origLink><pubDate>2026-03-10T01:00:00Z</pubDate></item></channel></rss>',
    # https://web.resource.org/rss/1.0/spec
    "RSS 1.0": '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel/><item rdf:about="x"><title>Tide</title><link>https://paper.test/tide-1</link><dc:date>2026-03-10T08:00:00+07:00</dc:date></item></rdf:RDF>',
    # RFC 4287
    "Atom": '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="self" href="/feed"/><entry><title type="html">&lt;b&gt;Tide&lt;/b&gt;</title><link rel="enclosure" href="/a.mp3"/><link href="/tide-1"/><published>2026-03-10T01:00:00Z</published></entry></feed>',
    "Atom with xml:base": '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://paper.test/"><entry><title>Tide</title><link href="tide-1"/><published>2026-03-10T01:00:00Z</published></entry></feed>',
    # https://developers.google.com/search/docs/crawling-indexing/sitemaps/news-sitemap
    "news sitemap": '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc>https://paper.test/tide-1</loc><news:news><news:publication_date>2026-03-10T01:00:00Z</news:publication_date><news:title>Tide</news:title></news:news></url></urlset>',
    "undeclared prefixes": "<rss><channel><item><media:title>no</media:title><title>Tide</title><link>https://paper.test/tide-1</link><pubDate>Tue, 10 Mar 2026 01:00:00 GMT</pubDate></item></channel></rss>",
    "bare ampersands and names of HTML": "<rss><channel><title>A & B &nbsp; &unknown;</title><item><title>&#84;ide&nbsp;</title><link> https://paper.test/tide-1 </link><pubDate>Tue, 10 Mar 2026 01:00:00 GMT</pubDate></item></channel></rss>",
    "blank lines before the declaration": '\n\n<?xml version="1.0" encoding="utf-8"?>\n<!-- made by hand -->\n<rss><channel><item><title><![CDATA[Tide]]></title><link>https://paper.test/tide-1</link><pubDate>Tue, 10 Mar 2026 01:00:00 GMT</pubDate></item></channel></rss>',
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_every_form_gives_the_address_the_title_and_the_moment(form):
    (entry,) = read(FORMS[form]).entries

    assert (entry.url, entry.title, entry.published_at) == ("https://paper.test/tide-1", "Tide", MOMENT)


@pytest.mark.parametrize("form", FORMS)
def test_a_document_is_known_by_its_first_element(form):
    assert is_document(FORMS[form].encode(), "text/html")


@pytest.mark.parametrize(
    "body",
    [b"", b"<html><body><rss></rss></body></html>", b"<?xml version='1.0'?><html/>", b"rss", b"\x89PNG<rss>", b"{}"],
)
def test_a_page_is_no_document(body):
    assert not is_document(body)


@pytest.mark.parametrize(
    ("encoding", "declared", "header"),
    [
        ("utf-8", "utf-8", None), ("utf-8", "iso-8859-1", None), ("utf-8", "utf-8", "text/xml; charset=iso-8859-1"),
        ("utf-16", "utf-16", None), ("utf-16-le", "utf-16", None), ("utf-8-sig", "utf-8", None),
        ("windows-1258", "windows-1258", None), ("windows-1252", "utf-8", None), ("iso-8859-1", "utf-8", "text/xml; charset=iso-8859-1"),
        ("utf-8", "no-such-code", None), ("utf-8", "rot13", None),
    ],
)  # fmt: skip
def test_a_title_is_read_in_any_encoding_and_under_a_wrong_name(encoding, declared, header):
    text = f'<?xml version="1.0" encoding="{declared}"?><rss><channel><item><title>Café été</title><link>/a</link></item></channel></rss>'

    assert read(text.encode(encoding), header).entries == (Entry("https://paper.test/a", "Café été"),)


def test_an_index_leads_to_its_sitemaps_with_their_last_change():
    found = read(
        "<sitemapindex><sitemap><loc>/s-1.xml.gz</loc><lastmod>2026-03-10</lastmod></sitemap><sitemap><loc>/s-2.xml</loc></sitemap></sitemapindex>"
    )

    assert (found.kind, found.entries) == ("index", ())
    assert [(each.url, each.changed_at) for each in found.further] == [
        ("https://paper.test/s-1.xml.gz", datetime(2026, 3, 10, tzinfo=UTC)),
        ("https://paper.test/s-2.xml", None),
    ]


def test_a_feed_leads_to_its_next_page():
    found = read(
        '<feed xmlns="http://www.w3.org/2005/Atom"><link rel="next" href="?page=2"/><entry><link rel="next" href="/no"/><link href="/a"/></entry></feed>'
    )

    assert [each.url for each in found.further] == ["https://paper.test/feed/?page=2"]


def test_a_sitemap_may_be_a_text_of_addresses():
    assert [each.url for each in read("https://paper.test/a\r\n\nhttps://paper.test/b\n").entries] == [
        "https://paper.test/a",
        "https://paper.test/b",
    ]


def test_a_gzip_sitemap_is_unpacked():
    assert len(read(gzip.compress(FORMS["news sitemap"].encode())).entries) == 1


FAULTS = {
    "breaks off": ("<rss><channel><item><link>/a</link></item><item><link>/b</link><title>cu", "invalid_xml"),
    "an element that ends another": ("<rss><channel><item><link>/a</link><title>x</b></title></item><item><link>/b</link></item></channel></rss>", "invalid_xml"),
    "text behind the end": ("<rss><channel><item><link>/a</link></item><item><link>/b</link></item></channel></rss> and more", "invalid_xml"),
    "a date in the future": ("<rss><channel><item><link>/a</link><pubDate>Tue, 10 Mar 2099 01:00:00 GMT</pubDate></item><item><link>/b</link></item></channel></rss>", "future_date"),
    "declared entities": ('<!DOCTYPE rss [<!ENTITY x "y"><!ENTITY f SYSTEM "file:///etc/passwd">]><rss><channel><item><link>/a</link><title>&x;&f;</title></item><item><link>/b</link></item></channel></rss>', "entities"),
    "other schemes": ("<urlset><url><loc>/a</loc></url><url><loc>file:///etc/passwd</loc></url><url><loc>javascript:x()</loc></url><url><loc>/b</loc></url><url><loc/></url></urlset>", "no_web_address"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_counted_and_what_stands_around_it_is_read(name):
    body, fault = FAULTS[name]
    found = read(body)

    assert [each.url for each in found.entries] == ["https://paper.test/a", "https://paper.test/b"]
    assert [each.published_at for each in found.entries] == [None, None]
    assert fault in found.faults


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "empty"), (b" \n", "empty"), (b"<html><body>Sign in</body></html>", "no_feed"), (b"not xml", "no_feed"),
        (gzip.compress(FORMS["Atom"].encode(), mtime=0)[:60], "cut_short"), (gzip.compress(bytes(60 * 2**20)), "too_large"), (bytes(range(256)) * 4, "no_feed"),
    ],
)  # fmt: skip
def test_what_is_no_document_is_refused_with_its_reason(body, reason):
    with pytest.raises(BadPage) as refused:
        read(body)

    assert refused.value.reason == reason


def laughs(levels):
    declared = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, levels))
    return f'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY l0 "ha">{declared}]><rss x="&l9;"><channel><item><link>/a</link><title>&l{levels - 1};</title></item></channel></rss>'


MONSTERS = {
    "a billion laughs": laughs(10),
    "one entity of a million letters, ten thousand times": '<!DOCTYPE r [<!ENTITY a "' + "a" * 1_000_000 + '">]><rss><channel><item><link>/a</link><title>' + "&a;" * 10_000 + "</title></item></channel></rss>",
    "a million elements": "<rss><channel>" + "<x/>" * 1_000_000 + "<item><link>/a</link></item></channel></rss>",
    "nested a hundred thousand deep": "<rss>" + "<x>" * 100_000,
    "a million open quotes": '<rss a="' * 200_000,
    "a DOCTYPE without end": "<!DOCTYPE rss [" + "<!ENTITY a 'b'>" * 100_000,
    "brackets in a DOCTYPE": "<!DOCTYPE rss [" + "]" * 500_000,
    "comments that never close": "<!-- -" * 300_000,
    "spaces": " " * 3_000_000 + "<rss/>",
    "ampersands": "<rss><channel><item><title>" + "&" * 2_000_000,
    "one long line": "https://a.test/" * 200_000,
}  # fmt: skip


@pytest.mark.parametrize("name", MONSTERS)
def test_no_document_takes_long(name):
    began = time.process_time()
    found = reason_or_read(MONSTERS[name])

    assert found in ("no_feed", "too_large") or [len(entry.title) <= 1_000 for entry in found.entries] in ([], [True])
    assert time.process_time() - began < 5


def test_more_entries_than_a_sitemap_may_have_are_counted_and_left():
    found = read(
        "<urlset>" + "".join(f"<url><loc>/{number}</loc></url>" for number in range(MOST_ENTRIES + 20)) + "</urlset>"
    )

    assert (len(found.entries), found.faults) == (MOST_ENTRIES, {"too_many": 20})


REASONS = ("no_feed", "empty", "bad_coding", "cut_short")
MOMENTS = st.datetimes(datetime(1996, 1, 1), datetime(2026, 3, 14))  # noqa: DTZ001  # hypothesis wants them so
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff"), max_size=30)
ENTRIES = st.lists(st.tuples(st.integers(0, 10**9), WORDS, MOMENTS), max_size=8, unique_by=lambda each: each[0])  # fmt: skip


@settings(deadline=None)
@given(ENTRIES)
def test_what_is_written_as_rss_is_read_again(entries):
    rows = "".join(
        f"<item><title>{escape(escape(title))}</title><link>https://paper.test/{number}?a=1&amp;b=2</link><pubDate>{moment:%a, %d %b %Y %H:%M:%S} +0000</pubDate></item>"
        for number, title, moment in entries
    )
    found = read(f"<rss><channel>{rows}</channel></rss>")

    assert [(each.url, each.published_at) for each in found.entries] == [
        (f"https://paper.test/{number}?a=1&b=2", moment.replace(microsecond=0, tzinfo=UTC))
        for number, _, moment in entries
    ]
    assert found.faults == {}


@settings(max_examples=300, deadline=None)
@given(st.sampled_from([*FORMS.values(), *(body for body, _ in FAULTS.values())]), st.data())
def test_a_document_that_is_broken_anywhere_is_read_or_refused(form, data):
    body = bytearray(form.encode())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(body)))
        way = data.draw(st.sampled_from(["cut", "drop", "insert", "repeat"]))
        some = data.draw(st.binary(max_size=8))
        end = min(len(body), at + data.draw(st.integers(0, 40)))
        body = {
            "cut": body[:at],
            "drop": body[:at] + body[end:],
            "insert": body[:at] + some + body[at:],
            "repeat": body[:end] + body[at:],
        }[way]
    found = reason_or_read(bytes(body))

    if isinstance(found, str):
        assert found in REASONS
    else:
        assert all(each.url.startswith(("http://", "https://")) for each in (*found.entries, *found.further))
        assert all(each.published_at is None or each.published_at <= NOW + timedelta(days=1) for each in found.entries)


@settings(deadline=None)
@given(st.binary(max_size=400), st.one_of(st.none(), st.text(max_size=40)))
def test_any_bytes_are_read_or_refused(body, content_type):
    is_document(body, content_type)
    found = reason_or_read(body, content_type)

    assert not isinstance(found, str) or found in REASONS
