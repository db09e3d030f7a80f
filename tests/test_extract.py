"""The function for those who use the package from Python."""

from pathlib import Path

import pytest

import archiver
from archiver.errors import BadPage, UsageError

PAGE = (Path(__file__).parent / "pages" / "hcma" / "generation-b-html.html").read_bytes()
URL = "https://hcma.vn/tin-tuc/ban-tin-29708.html"


def test_a_page_gives_its_article_by_the_rules_of_its_site():
    article = archiver.extract(PAGE, URL)

    assert (article.id, article.site) == ("hcma:html:29708", "hcma")
    assert article.title
    assert article.published_precision == "second"


def test_the_same_bytes_give_the_same_record():
    assert archiver.extract(PAGE, URL) == archiver.extract(PAGE, URL)
    assert archiver.extract(PAGE, URL).fetched_at is None


def test_a_named_site_reads_a_page_from_any_address():
    article = archiver.extract(PAGE, "http://127.0.0.1:9/a.htm", site="hcma")

    assert article.site == "hcma"


def test_what_is_no_article_is_empty_and_not_refused():
    article = archiver.extract(b"<p>hello", "https://news.example/")

    assert (article.title, article.published_at) == ("", None)


def test_bytes_that_are_no_page_and_unknown_names_are_errors_of_ours():
    with pytest.raises(BadPage):
        archiver.extract(b"", URL)
    with pytest.raises(UsageError, match="Did you mean hcma"):
        archiver.extract(PAGE, URL, site="hcmaa")
    with pytest.raises(UsageError, match="no address"):
        archiver.extract(PAGE, "ftp://x")
