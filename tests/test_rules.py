"""Rules on small pages: what each finds, and under what name."""

from datetime import UTC, datetime

import pytest

from archiver.page import Page
from archiver.rules.compose import compose
from archiver.rules.flow import flow
from archiver.rules.rule import find, first_of, named
from archiver.rules.simple import css, jsonld, meta


def page_of(html):
    return Page("https://example.test/a", html.encode(), datetime(2026, 1, 1, tzinfo=UTC))


def texts(html):
    return [line.text for line in flow(page_of(html)).lines if line.kind == "text"]


def content(html):
    return compose(flow(page_of(html)).lines, "https://example.test/a")


def parts(html):
    """Blocks as (type, text), and captions."""
    found = content(html)
    return [(block.type, block.plain) for block in found.blocks], [image.caption for image in found.images]


IMG = '<img src="/a.jpg">'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<p>Water rose <b>fast</b>.</p>", ["Water rose fast."], id="inline-adds-no-space"),
        pytest.param("<p>one<br>two</p>three", ["one", "two", "three"], id="break-and-block-part-lines"),
        pytest.param("<div>a<div>b</div>c</div>", ["a", "b", "c"], id="text-around-blocks"),
        pytest.param("<p>a<!-- 01/02/2020 10:00 -->b</p>", ["ab"], id="comment"),
        pytest.param("<p>a<span style='display:none'>x</span>b</p>", ["ab"], id="hidden-by-style"),
        pytest.param("<p hidden>x</p><p>b</p>", ["b"], id="hidden-by-attribute"),
        pytest.param("<span style='display:block'>a</span><span>b</span>", ["a", "b"], id="block-by-style"),
        pytest.param("<script>x</script><style>y</style><nav>z</nav>a", ["a"], id="not-text"),
        pytest.param("<footer>foot</footer><article>a<footer>by B</footer></article>", ["a", "by B"], id="footers"),
        pytest.param("<p>\u200bHo\u0323c&nbsp;&nbsp;vie\u0302\u0323n</p>", ["Học viện"], id="nfc-zero-width-nbsp"),
    ],
)
def test_lines_are_what_a_reader_sees(html, expected):
    assert texts(html) == expected


@pytest.mark.parametrize(
    ("html", "blocks", "captions"),
    [
        pytest.param(f"<figure>{IMG}<figcaption>C</figcaption></figure><p>T.</p>", ["image", "T."], ["C"], id="figure"),
        pytest.param(f"<p>L.</p><p>{IMG}</p><p>C</p><p>T.</p>", ["L.", "image", "T."], ["C"], id="after"),
        pytest.param(f"<p>L.</p><p>C</p><p>{IMG}</p><p>T.</p>", ["L.", "image", "T."], ["C"], id="before"),
        pytest.param(f"<p>{IMG}<br>C<br>T goes on.</p>", ["image", "T goes on."], ["C"], id="glued-by-a-break"),
        pytest.param(f"<p>{IMG}<em>Caption here</em>Text.</p>", ["image", "Text."], ["Caption here"], id="glued"),
        pytest.param(f"<p>{IMG}</p><p><i>It</i> rained.</p>", ["image", "It rained."], [""], id="italics-open-a-sentence"),
        pytest.param(f"<p>L.</p>{IMG}{IMG}<p>C</p><p>D</p>", ["L.", "image", "image"], ["C", "D"], id="two-and-two"),
        pytest.param(f"<p>L.</p>{IMG}{IMG}<p>C</p><p>T.</p>", ["L.", "image", "image", "T."], ["", "C"], id="two-and-one"),
        pytest.param(f"<p>Lead without stop</p><p>{IMG}</p><p>T.</p>", ["Lead without stop", "image", "T."], [""], id="lead"),
        pytest.param(f"<p>L.</p><h2>H</h2>{IMG}<p>T.</p>", ["L.", "H", "image", "T."], [""], id="heading-is-no-caption"),
        pytest.param(
            f"<table><tr><td>{IMG}</td><td>{IMG}</td></tr><tr><td>C</td><td>D</td></tr></table><p>T.</p>",
            ["image", "image", "T."], ["C", "D"], id="gallery",
        ),
    ],
)  # fmt: skip
def test_captions_go_to_the_picture_they_stand_by(html, blocks, captions):
    found, captioned = parts(html)

    assert [text or kind for kind, text in found] == blocks
    assert captioned == captions


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        pytest.param("<ol><li>a</li><li>b</li></ol>", [("list", "a\nb")], id="list"),
        pytest.param("<blockquote><p>a</p><p>b</p></blockquote>", [("quote", "a\nb")], id="quote"),
        pytest.param(
            "<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", [("table", "a | b\n1 | 2")], id="table"
        ),
        pytest.param("<table><tr><td>one</td></tr><tr><td>two</td></tr></table>", [("paragraph", "one"), ("paragraph", "two")], id="layout-table"),
        pytest.param("<p>roses are red<br>violets are blue</p>", [("paragraph", "roses are red\nviolets are blue")], id="verse"),
        pytest.param("<p>It rained.<br>It stopped.</p>", [("paragraph", "It rained."), ("paragraph", "It stopped.")], id="sentences"),
        pytest.param("<p>a</p><iframe src='/v' title='V'></iframe>", [("paragraph", "a"), ("embed", "")], id="embed"),
        pytest.param("<h3>H</h3><p>a.</p>", [("heading", "H"), ("paragraph", "a.")], id="heading"),
    ],
)  # fmt: skip
def test_lines_become_blocks(html, expected):
    assert parts(html)[0] == expected


def test_files_are_attachments_and_their_lines_no_text():
    found = content(
        '<p>See below.</p><p><a href="/f/a.pdf">Thesis</a>; <a href="http://ajc-app:1002/b.docx">Summary</a></p>'
    )

    assert [block.plain for block in found.blocks] == ["See below."]
    assert [(file.title, file.state, file.media_type) for file in found.attachments] == [
        ("Thesis", "listed", "application/pdf"),
        ("Summary", "broken", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ]


def test_credit_line_is_parted_from_the_text_also_behind_the_end_mark():
    assert content("<p>It ended.</p><p>Tin: BBT; ảnh: Đức Mạnh</p>").credit_line == "Tin: BBT; ảnh: Đức Mạnh"
    glued = content("<p>One.</p><p>It ended./. Theo hcma.vn</p>")

    assert (glued.blocks[-1].plain, glued.credit_line) == ("It ended./.", "Theo hcma.vn")


@pytest.mark.parametrize(
    ("rule", "value", "name"),
    [
        (css("h1"), "Title", "css(h1)"),
        (css("time::attr(datetime)"), "2026-01-01", "css(time::attr(datetime))"),
        (meta("og:title"), "Shared", "meta(og:title)"),
        (jsonld("author", "name"), "A. Writer", "jsonld(author.name)"),
        (first_of(css(".none"), meta("og:title")), "Shared", "meta(og:title)"),
        (named("mine", lambda _page: "x"), "x", "mine"),
        (css(".none"), None, None),
    ],
)
def test_found_values_name_their_rule(rule, value, name):
    page = page_of(
        '<meta property="og:title" content="Shared"><script type="application/ld+json">'
        '{"@type": "NewsArticle", "author": [{"name": "A. Writer"}]}</script>'
        '<h1> Title </h1><time datetime="2026-01-01">today</time>'
    )
    found = find(rule, page)

    assert (found.value, found.by) == (value, name) if value else found is None
