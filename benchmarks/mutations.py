"""Ways to break a page: what broken servers, careless templates and hostile hands make of one."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

_TAG = re.compile(rb"<[^<>]{1,2000}>")
_ATTRIBUTE = re.compile(rb"""(?<![\w:-])[\w:-]{1,100}\s{0,9}=\s{0,9}(?:"[^"]{0,2000}"|'[^']{0,2000}')""")
_DATE = re.compile(rb"(?:19|20)\d\d-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:?\d\d)?)?")
_LINK = re.compile(rb"""(?<=href=")[^"]*|(?<=src=")[^"]*""")
_WORDS = "Storm harbour lịch sử 市長 مدينة город Straße ĐẠI HỘI Anna Berg 2024 12:30".split()

RUNS = (
    *(
        " ",
        "\u00a0",
        "a ",
        ", , , ",
        "- - ",
        "12 12 12 ",
        "12/12/",
        "2024-",
        "12:12 ",
        "Anna Berg ",
        "Anna, ",
        "By By ",
        "(((((",
        "[[[",
    ),
    *(
        "&",
        "&amp;",
        "&#x26;",
        "A.",
        "...",
        "\u200b",
        "\u202e",
        "\u0301",
        "ﷺ",
        "| ",
        "» ",
        "/ ",
        "©",
        "Ảnh: ",
        "Photo: ",
        "Tin: ",
        "x@x ",
        "<",
        "\t\n",
    ),
    *(
        "a and ",
        "Theo ",
        "11. 11. ",
        "1.1.",
        "h:",
        "12h12 ",
        "Jan 1 ",
        "May May ",
        "ngày ",
        "http://",
        "a.b.",
        "- ",
        " | a",
        "_",
        "'",
        '"',
        "…",
        "GS.",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ),
)
"""What regular expressions are slow on when it is repeated."""

DATES = (
    *(
        "0000-00-00",
        "9999-12-31T23:59:60Z",
        "2024-02-30",
        "1899-01-01",
        "2101-01-01",
        "2024-13-45T99:99:99+99:99",
        "99999999999999",
    ),
    *(
        "-1",
        "NaN",
        "31/31/2024",
        "2024-01-01T00:00:00+14:59",
        "1e400",
        "١٢/٠٣/٢٠٢٤",
        "٢٠٢٤-٠١-٠١",
        "2024-01-01T24:00:00Z",
        "0001-01-01T00:00:00+14:00",
    ),
    *(
        "²⁰²⁴-01-01",
        "2024-06-31 25:61 PM",
        "9999999999999",
        "1990-01-01T00:00:00+14:00",
        "Thu, 32 Foo 2024 10:00:00 GMT",
        "12.12.12.12",
    ),
)
ADDRESSES = (
    *(
        "http://[",
        "http://[::1",
        "//[",
        "http://a:b/",
        "http://a:99999/",
        "javascript:alert(1)",
        "http://\u0000/",
        "http:///x",
        "\ud800",
        "?",
        "#",
    ),
    *(
        "http://xn--/",
        "http://" + "a" * 300 + "/",
        "data:text/html,x",
        "http://user:pw@host/x",
        "%zz%",
        "http://1.2.3.4.5/",
        "\\\\host\\x",
        "ht!tp://x/",
    ),
    *("http://☃.test/%e2%98", "mailto:a@b", "http://host/..//../", "http://ｅｘａｍｐｌｅ.test/"),
)


def flipped(page: bytes, rng: Random) -> bytes:
    """Some bytes are others."""
    changed = bytearray(page)
    for _ in range(rng.choice((1, 10, 200))):
        changed[rng.randrange(len(changed))] = rng.randrange(256)
    return bytes(changed)


def cut(page: bytes, rng: Random) -> bytes:
    """Ends, or begins, somewhere."""
    at = rng.randrange(len(page))
    return page[:at] if rng.random() < 0.7 else page[at:]


def spliced(page: bytes, rng: Random) -> bytes:
    """A part stands somewhere else, or twice."""
    start, at = rng.randrange(len(page)), rng.randrange(len(page))
    part = page[start : start + rng.choice((10, 1_000, 30_000))]
    return page[:at] + part * rng.choice((1, 2, 20)) + page[at:]


def without_tags(page: bytes, rng: Random) -> bytes:
    """Some tags are gone."""
    share = rng.choice((0.01, 0.1, 0.5))
    return _TAG.sub(lambda found: b"" if rng.random() < share else found[0], page)


def doubled_tags(page: bytes, rng: Random) -> bytes:
    """Some tags stand twice, or many times."""
    times = rng.choice((2, 2, 50))
    return _TAG.sub(lambda found: found[0] * (times if rng.random() < 0.02 else 1), page)


def swapped_tags(page: bytes, rng: Random) -> bytes:
    """Some tags are exchanged for others of the page."""
    tags = _TAG.findall(page) or [b"<p>"]
    return _TAG.sub(lambda found: rng.choice(tags) if rng.random() < 0.05 else found[0], page)


def swapped_attributes(page: bytes, rng: Random) -> bytes:
    """Some attributes are those of other elements."""
    attributes = _ATTRIBUTE.findall(page) or [b'class="a"']
    return _ATTRIBUTE.sub(lambda found: rng.choice(attributes) if rng.random() < 0.1 else found[0], page)


def huge_attribute(page: bytes, rng: Random) -> bytes:
    """An attribute of a hundred thousand characters, or an element of thousands of attributes."""
    name = rng.choice(("class", "id", "style", "href", "alt", "content", "datetime", "srcset", "itemprop", "title"))
    value = rng.choice(RUNS).replace('"', "") * _rarely(rng, 20_000, 100, 1_000)
    many = " ".join(f'data-{number}="{number}"' for number in range(_rarely(rng, 5_000, 50)))
    made = f'<{rng.choice(("div", "time", "img", "meta", "a", "h1"))} {name}="{value}" {rng.choice(("", many))}>x'
    return inserted(page, rng, made)


_DEEP = (
    *(
        "div><h2><a href=/x>Harbour</a></h2",
        "div class=related><h3>Related</h3",
        "div class=author>By Anna Berg<p",
        "div class=breadcrumb><a href=/x>A</a",
    ),
    *(
        "div class=date><span>12 May 2024</span",
        "div style='display:none'><p>x</p",
        "ul><li><a href=/a-b-c.html>A line of the harbour</a",
        "div class=comments><p>x",
    ),
)
"""Elements as rules look for them, with what stands in each."""


def nested(page: bytes, rng: Random) -> bytes:
    """Thousands of elements inside each other."""
    tag = rng.choice(
        (
            "div",
            "p",
            "span",
            "table><tr><td",
            "blockquote",
            "ul><li",
            "b",
            "a href=x",
            "svg><g",
            "article",
            "figure",
            "font",
            *_DEEP,
        )
    )
    return inserted(page, rng, f"<{tag}>" * _rarely(rng, 30_000, 30, 300, 3_000))


def many(page: bytes, rng: Random) -> bytes:
    """Tens of thousands of the same element."""
    made = rng.choice(
        (
            '<a href="/a-{n}.html">Harbour line {n} opens again</a> ',
            "<p></p>",
            "<p>Line {n}.</p>",
            "<time datetime=2024-01-01>1</time>",
            "<br>",
            "<li><a href=/x{n}>{n}</a>",
            "<h1>Harbour {n}</h1>",
            '<img src="/p{n}.jpg"><p>Photo: Anna Berg</p>',
            '<meta property="og:x{n}" content="y">',
            "<table><tr><td>{n}</td></tr></table>",
            "<blockquote><p>Said {n}.</p></blockquote>",
            '<div class="related c{n}"><h2>Related</h2></div>',
            "<figure><figcaption>c {n}</figcaption></figure>",
            "12 May 2024<br>",
            '<img src="/p{n}.jpg"><p><b>Cap {n}</b></p>',
            '<span class="author">Anna Berg {n}</span>',
            '<script type="application/ld+json">{{"@type":"NewsArticle","author":{{"name":"A {n}"}}}}</script>',
            "<p>Harbour works went on for the whole of the day, the mayor said on her way home to town {n}.</p>",
        )
    )
    count = _rarely(rng, rng.choice((10_000, 25_000, 100_000)), 100, 1_000)
    return inserted(page, rng, "".join(made.format(n=number) for number in range(count)))


def long_line(page: bytes, rng: Random) -> bytes:
    """A run of what patterns stumble on, as a paragraph, a title, a byline, a date or bare text."""
    run = rng.choice(RUNS)
    if rng.random() < 0.3:
        run += rng.choice(RUNS)
    size = _rarely(rng, 1_000_000, 200, 2_000, 30_000)
    line = (run * (size // len(run) + 1))[:size] + rng.choice(("", "x", "!", "2024", "12/05/2024 10:00"))
    around = rng.choice(
        (
            "<p>{}</p>", "<h1>{}</h1>", "<title>{}</title>", '<meta property="og:title" content="{}">', '<span class="byline">{}</span>',
            '<meta name="author" content="{}">', "<time>{}</time>", "<time datetime='{}'>", "<figcaption>{}</figcaption>", "{}",
            '<p align="right"><b>{}</b></p>', '<div class="breadcrumb">{}</div>', '<meta name="keywords" content="{}">', "<p>By {}</p>",
            '<p class="sapo">{}</p>', '<a href="/a1">{}</a>', "<figure><img src=/a.jpg><p>Photo: {}</p></figure>", "<script>{}</script>",
            '<script>"datePublished": "{}</script>', "<p>12/05/2024 {}</p>", "<li>{}</li>", "<p>Tags: {}</p>", "<h2>{}</h2>", "<p><i>{}</i></p>",
            '<meta property="article:published_time" content="{}">', '<img srcset="{}" src=/x.jpg alt="{}">', "<p>Tin, ảnh: {}</p>",
        )
    )  # fmt: skip
    return inserted(page, rng, around.replace("{}", line))


def other_charset(page: bytes, rng: Random) -> bytes:
    """Written in one encoding, said to be in another."""
    text = page.decode("utf-8", errors="replace")
    name = rng.choice(
        (
            "utf-16",
            "utf-16-le",
            "utf-16-be",
            "utf-32",
            "cp1258",
            "gb18030",
            "cp1251",
            "shift_jis",
            "latin-1",
            "utf-7",
            "euc-kr",
        )
    )
    said = rng.choice(
        (
            "utf-8",
            "utf-16",
            "windows-1258",
            "gb18030",
            "x-user-defined",
            "ebcdic-cp-us",
            "idna",
            "zlib",
            "\u00ff",
            "unicode_escape",
        )
    )
    return re.sub(r"charset=[\"']?[\w-]+", f"charset={said}", text).encode(name, errors="replace")


def marked(page: bytes, rng: Random) -> bytes:
    """Byte order marks, NULs, zero-width, bidirectional and surrogate characters inside."""
    odd = (
        b"\xef\xbb\xbf",
        b"\xff\xfe",
        b"\0",
        "\u200b".encode(),
        "\u202e".encode(),
        b"\xed\xa0\x80",
        "\u2066".encode(),
        b"&#xd800;",
        b"&#0;",
    )
    odd += (
        b"&#x110000;",
        b"&#99999999999;",
        "\U0010ffff".encode(),
        "\u0301".encode() * 500,
        b"\x1b",
        b"&#x202e;",
        "\u2028".encode(),
    )
    one = rng.choice(odd)
    for _ in range(rng.choice((1, 20))):
        at = rng.choice((0, rng.randrange(len(page))))
        page = page[:at] + one + page[at:]
    return page


def odd_jsonld(page: bytes, rng: Random) -> bytes:
    """JSON-LD of other types than the vocabulary's, deep, huge or torn."""
    whole = json.dumps(_odd_thing(rng, 0))
    deep = rng.choice(("[", '{"@graph":[', '{"@type":"NewsArticle","author":')) * _rarely(rng, 100_000, 50, 5_000)
    torn = whole[: rng.randrange(len(whole) + 1)]
    huge = (
        '{"@type":"NewsArticle","headline":"x","articleBody":"'
        + rng.choice(RUNS).replace('"', "'").replace("\\", "") * _rarely(rng, 50_000, 1_000)
        + '"}'
    )
    number = '{"@type":"NewsArticle","datePublished":' + "9" * 6_000 + ',"headline":NaN,"author":Infinity}'
    loop = '{"@type":"NewsArticle","@id":"#a","author":{"@id":"#a"},"name":{"@id":"#a"},"mainEntity":{"@id":"#a"}}'
    half = '{"@type":"NewsArticle","headline":"\\ud83d \\udc00 \\u0000","author":"\\ud800"}'
    made = rng.choice((whole, whole, whole, whole, deep, torn, huge, number, loop, half))
    return inserted(page, rng, f'<script type="application/ld+json">{made}</script>')


_KEYS = (
    *(
        "headline",
        "datePublished",
        "dateModified",
        "author",
        "name",
        "articleBody",
        "articleSection",
        "keywords",
        "image",
        "publisher",
        "@id",
    ),
    *(
        "mainEntity",
        "mainEntityOfPage",
        "@graph",
        "itemListElement",
        "item",
        "url",
        "isAccessibleForFree",
        "hasPart",
        "liveBlogUpdate",
        "cssSelector",
    ),
)


def _odd_thing(rng: Random, depth: int) -> object:
    kinds = (
        "NewsArticle",
        "LiveBlogPosting",
        "BreadcrumbList",
        "WebPage",
        "Person",
        ["NewsArticle", 3],
        None,
        5,
        {},
        "WebSite",
        ["Organization"],
    )
    values = (
        None,
        True,
        False,
        0,
        -1,
        1e308,
        float("nan"),
        "",
        "x",
        [],
        {},
        [[]],
        [[["x"]]],
        *DATES,
        *ADDRESSES,
        "Anna Berg",
        ["Anna Berg", None, 3],
    )
    thing: dict[str, object] = {"@context": "https://schema.org", "@type": rng.choice(kinds)}
    for key in rng.sample(_KEYS, rng.randrange(2, len(_KEYS))):
        again = rng.random() < 0.4 and depth < 3
        thing[key] = _odd_thing(rng, depth + 1) if again else rng.choice(values)
        if rng.random() < 0.3:
            thing[key] = [thing[key], rng.choice(values)]
    return thing if rng.random() < 0.8 else [thing, [thing]]


def odd_dates(page: bytes, rng: Random) -> bytes:
    """Dates that no calendar has."""
    one = rng.choice(DATES)
    page = _DATE.sub(lambda found: one.encode() if rng.random() < 0.7 else found[0], page)
    return inserted(
        page, rng, f'<time datetime="{one}">{rng.choice(DATES)}</time><meta name="date" content="{one}"><p>{one}</p>'
    )


def odd_addresses(page: bytes, rng: Random) -> bytes:
    """Links, pictures, canonical link and base that are no addresses."""
    odd = [each.encode("utf-8", "surrogatepass") for each in ADDRESSES]
    page = _LINK.sub(lambda found: rng.choice(odd) if rng.random() < 0.2 else found[0], page)
    one = rng.choice(odd)
    return inserted(
        page,
        rng,
        b'<base href="%b"><link rel="canonical" href="%b"><a href="%b">x</a><iframe src="%b"></iframe>'
        % (one, one, one, one),
    )


def foreign(page: bytes, rng: Random) -> bytes:
    """Comments in comments, other namespaces, tables in tables, elements where none may stand."""
    made = rng.choice(
        (
            "<!-- <!-- --> -->", "<!--", "<![CDATA[", "<svg><title>x</title><foreignObject><p>y</p></foreignObject>", "<math><mi>x<p>y</math>",
            "<table><p>x<table><tr>y<td><table>" * 50, "<select><option><p>x", "<template><p>x</p>", "<noscript><p>x", "<plaintext>", "<xmp>",
            "<textarea><p>", "<frameset><frame>", "<html><body><html>", "<o:p>x</o:p>", "<?xml version='1.0'?>", "<!DOCTYPE x [<!ENTITY a 'b'>]>&a;",
            "<script>", "<style>", "</body></html>", "<p:a b:c='d' xmlns:p='q'>", "<a:b:c>", "<input type=password>", "<a><a><a>x", "<p ...=1 =2 '>x", "<\u00e9l\u00e9ment>x",
            "<ruby>x<rt>y", "<details><summary>x", "<head><title>x", "<body class=x><title>y</title>", "<iframe srcdoc='<p>'>", "<dialog open>", "<slot>", "<custom-el><p>x</p>",
        )
    )  # fmt: skip
    return inserted(page, rng, made * rng.choice((1, 1, 30)))


def _rarely(rng: Random, one: int, *others: int) -> int:
    """`one` in one case of twenty, else one of `others`: what is large takes the time of hundreds of small cases."""
    return one if rng.random() < 0.05 else rng.choice(others)


def inserted(page: bytes, rng: Random, made: str | bytes) -> bytes:
    """`made` between two tags of the page."""
    places = [found.start() for found in _TAG.finditer(page)] or [0]
    at = rng.choice(places)
    return page[:at] + (made if isinstance(made, bytes) else made.encode("utf-8", "surrogatepass")) + page[at:]


MUTATIONS: tuple[Callable[[bytes, Random], bytes], ...] = (
    *(
        flipped,
        cut,
        spliced,
        without_tags,
        doubled_tags,
        swapped_tags,
        swapped_attributes,
        huge_attribute,
        nested,
        many,
    ),
    *(long_line, other_charset, marked, odd_jsonld, odd_dates, odd_addresses, foreign),
)
