"""Pages broken on purpose or by accident are read in bounded time, raise nothing but our errors, and give one record."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

import archiver
from archiver import page as pages
from archiver import text
from archiver.article import jsonable
from archiver.errors import ArchiverError, BadPage

sys.path.append(str(Path(__file__).parent.parent / "benchmarks"))
from mutations import MUTATIONS  # benchmarks are scripts, not a package

ROOT = Path(__file__).parent.parent
URL = "https://news.example/2024/05/12/harbour-line-opens-4711.html"
HEAD = "<html><head><title>Harbour line opens again</title></head><body><article><h1>Harbour line opens again</h1>"
PROSE = "<p>" + "The harbour works went on for the whole of the day, the mayor said. " * 9 + "</p>"
NOW = datetime(2024, 5, 13, tzinfo=UTC)
SAVED = sorted((ROOT / "tests" / "pages" / "general").glob("*.html"))


@pytest.mark.parametrize("way", MUTATIONS, ids=lambda way: way.__name__)
def test_a_page_broken_in_a_known_way_gives_a_record_or_an_error_of_ours(way):
    for number in range(12):
        rng = Random(f"{way.__name__}:{number}")
        html = way(rng.choice(SAVED).read_bytes(), rng) or b"<p>"
        try:
            first, again = (json.dumps(jsonable(archiver.extract(html, URL))) for _ in range(2))
        except ArchiverError:
            continue

        assert first == again


# Each was found by benchmarks/fuzz.py, or by looking for what grows with the square of a page.
@pytest.mark.parametrize(
    "body",
    [
        pytest.param("<h1>" + "<b>" * 1_200 + "Harbour", id="heading-nested-deep"),
        pytest.param("<div>a" * 20_000, id="text-in-a-deep-nest"),
        pytest.param("<div class=related><h3>Related</h3>" * 6_000, id="boxes-of-related-stories-nested"),
        pytest.param("<div class=author>By Anna Berg" * 6_000, id="bylines-nested"),
        pytest.param("<ul><li><a href=/a-b-c.html>Line</a>" * 6_000, id="lists-nested"),
        pytest.param("12 May 2024<br>" * 25_000, id="dates-on-every-line"),
        pytest.param('<span class="' + "a " * 2_000_000 + '">x</span>', id="class-of-megabytes"),
        pytest.param("<p>" + "\u0301\u0323" * 500_000, id="marks-without-end"),
        pytest.param('<img src="/a.jpg"><p><b>Cap</b></p>' * 8_000, id="bold-captions-without-end"),
        pytest.param("<div>" * 300 + "<p data-r\u00b3le=x>y</p>", id="attribute-name-that-xml-does-not-know"),
        pytest.param("<div>" * 300 + "<![if x]>y", id="conditional-comment-in-a-deep-nest"),
        pytest.param('<div itemprop=datePublished><span itemprop="author">x' * 10_000, id="marked-elements-nested"),
        pytest.param("<title>" + "a | " * 100_000 + "</title>", id="title-of-separators"),
        pytest.param("<p>Line of the harbour works.</p>" * 15_000, id="paragraphs-side-by-side"),
        pytest.param("<h2><a href=/2024/05/12/a-line-x.html>Line</a></h2>" * 8_000, id="linked-headings-side-by-side"),
        pytest.param("Line of the poem<br>" * 15_000, id="poem-without-end"),
        pytest.param('<p><a href="/a.pdf">File</a> ' + '<a href="/a.pdf">File</a> ' * 15_000, id="files-in-one-line"),
        pytest.param("<span class=author>Anna Berg</span>" * 30_000, id="authors-without-end"),
        pytest.param("<div class=tags>" * 200 + "<li><a href=/x>Line</a>" * 8_000, id="boxes-of-tags-around-a-list"),
        pytest.param("<aside>" * 90 + "<div class=author><p>x" * 12_000, id="authors-nested-in-an-aside"),
        pytest.param("<title>" + "Harbour line " * 200_000, id="title-without-end"),
        pytest.param("<div>" * 300 + "<!--" * 100_000, id="open-comments-in-a-deep-nest"),
        pytest.param("<div>" * 300 + "<a b='" * 50_000 + "'>", id="open-quotes-in-a-deep-nest"),
        pytest.param("<div " + " ".join(f"a{n}" for n in range(9_000)) + ">x</div>", id="attributes-without-end"),
        pytest.param("<figure></figure><figure><figcaption></figcaption></figure>", id="figures-without-anything"),
        pytest.param(
            '<script type="application/ld+json">[{"@type":"NewsArticle","author":{"@id":"#a"}},{"@type":"Person","@id":"#a","name":['
            + ",".join(['{"@id":"#a"}'] * 200)
            + "]}]</script>",
            id="name-that-is-itself-200-times",
        ),
    ],
)
def test_what_once_took_too_long_or_raised_is_read(body):
    html = (HEAD + body + PROSE).encode()

    assert archiver.extract(html, URL).extractor.layout == "general"


def test_more_tags_than_any_news_page_has_are_refused():
    with pytest.raises(BadPage, match="tags") as refused:
        archiver.extract((HEAD + "<p>" * (pages.MOST_TAGS + 1)).encode(), URL)

    assert refused.value.reason == "too_large"


@pytest.mark.parametrize("written", ["a{n}", "a{n}='{n}'", 'a{n} = "x > y"'])
def test_an_element_of_more_attributes_than_any_has_is_refused(written):
    attributes = " ".join(written.format(n=number) for number in range(pages.MOST_ATTRIBUTES + 1))

    with pytest.raises(BadPage, match="attributes") as refused:
        archiver.extract(f"{HEAD}<div {attributes}>{PROSE}".encode(), URL)

    assert refused.value.reason == "too_large"


def test_a_page_of_more_lines_than_are_read_keeps_the_first_and_says_so():
    lines = [f"The harbour works of day {number} went on, the mayor said on her way." for number in range(20_100)]
    read = archiver.extract((HEAD + "".join(f"<p>{line}</p>" for line in lines)).encode(), URL)

    assert lines[50] in read.body
    assert lines[-1] not in read.body
    assert "text_cut" in read.quality


def test_a_long_live_blog_is_read_whole():
    entry = "<div><time>10:0{}</time><h3>Harbour entry {n}</h3><p>The mayor said of day {n} what she says of any day.</p></div>"
    page = HEAD + PROSE + "".join(entry.format(number % 10, n=number) for number in range(4_000))
    read = archiver.extract(page.encode(), URL)

    assert "The mayor said of day 3999 what" in read.body
    assert "text_cut" not in read.quality


def test_tags_inside_scripts_are_not_counted():
    script = "<script>" + "document.write('<br>');" * (pages.MOST_TAGS + 1) + "</script>"

    assert archiver.extract((HEAD + script + PROSE).encode(), URL).body


def test_a_tree_that_was_too_deep_keeps_its_text_links_and_scripts_in_order():
    inside = '<p class="a b" title=\'x &amp; "y"\'>One<br/>two</p><!-- no --><script>a < b</script><a HREF=/x>three</a> &lt;four'
    root = pages.Page(URL, ("<html lang=vi>" + "<div>" * 300 + inside).encode(), fetched_at=NOW).root
    paragraph, link = root.find(".//p"), root.find(".//a")

    assert root.get("lang") == "vi"
    assert (paragraph.get("class"), paragraph.get("title")) == ("a b", 'x & "y"')
    assert "".join(root.itertext("p", "br", "a")) == "Onetwothree <four"
    assert (link.get("href"), root.findtext(".//script")) == ("/x", "a < b")


def test_halves_of_surrogate_pairs_are_in_no_record():
    html = (HEAD + PROSE).encode("utf-7").replace(b"mayor", b"ma+2AA-yor")
    html = b'<meta charset="utf-7">' + html + b"\xff"

    assert json.dumps(jsonable(archiver.extract(html, URL)), ensure_ascii=False).encode()


def test_a_letter_keeps_thirty_marks_and_cleaning_again_changes_nothing():
    cleaned = text.clean("a" + "\u0301" * 500)

    assert len(cleaned) <= 31
    assert text.clean(cleaned) == cleaned


def test_another_hash_seed_gives_the_same_record():
    code = (
        "import sys, json, hashlib, archiver; from archiver.article import jsonable;"
        " print(hashlib.sha256(json.dumps(jsonable(archiver.extract(open(sys.argv[1], 'rb').read(), sys.argv[2]))).encode()).hexdigest())"
    )
    command = [sys.executable, "-c", code, str(SAVED[0]), URL]
    digests = {
        subprocess.run(
            command, capture_output=True, text=True, check=True, env=os.environ | {"PYTHONHASHSEED": seed}
        ).stdout.strip()
        for seed in ("1", "2")
    }

    assert len(digests) == 1


def test_the_fuzzer_finds_nothing_in_a_few_cases(tmp_path):
    command = [sys.executable, "benchmarks/fuzz.py", "--cases", "40", "--seed", "5", "--findings", tmp_path / "found"]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert "cases        40" in ended.stdout, ended.stderr
    assert ended.returncode == 0, ended.stdout
