"""Saved pages of every site give the records that stand beside them: one test a page and field.

tests/pages/SITE/SLUG.html with SLUG.json, and SLUG.listing.html with SLUG.listing.json, are found by themselves; the
folders `general` and `listings` hold pages of sites without a file. A golden has the key `_page` (url, fetched_at; content_type where
the server sent one; `start`, of a listing that is not the page where its crawl begins) and then the record as `archiver parse` prints it, or only its fields that are not empty: a field
left out must be empty. `_refusal` says why the page becomes no record; then only the fields given are compared.
"""

import json
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path

import pytest

from archiver.article import Article, jsonable
from archiver.errors import Rejected
from archiver.page import Page
from archiver.sites import load_sites, site_for, site_named

PAGES = Path(__file__).parent / "pages"
LARGEST_BYTES = 60_000

WITHOUT_A_FILE = {"general", "listings"}
"""Folders of sites that are read by the general rules."""

OF_THE_RUN = {
    "schema_version",
    "revision",
    "revision_id",
    "supersedes",
    "change",
    "first_seen_at",
    "fetched_at",
    "capture",
    "extractor",
}
"""Fields that say when and by what the line was made, not what is on the page."""

FIELDS = [name for name in Article.__dataclass_fields__ if name not in OF_THE_RUN]


@dataclass(frozen=True)
class Saved:
    """A saved page beside its golden."""

    html: Path

    @property
    def golden_file(self):
        return self.html.with_suffix(".json")

    @property
    def name(self):
        return f"{self.html.parent.name}/{self.html.stem}"

    @property
    def is_listing(self):
        return self.html.name.endswith(".listing.html")

    @property
    def golden(self):
        return golden_in(self.golden_file)

    @property
    def page(self):
        about = self.golden["_page"]
        fetched_at = datetime.fromisoformat(about["fetched_at"])
        return Page(about["url"], self.html.read_bytes(), fetched_at, content_type=about.get("content_type"))

    @property
    def site(self):
        folder, about = self.html.parent.name, self.golden["_page"]
        return site_for(about.get("start", about["url"])) if folder in WITHOUT_A_FILE else site_named(folder)


@cache
def golden_in(file):
    return json.loads(file.read_text(encoding="utf-8"))


@cache
def article_of(saved):
    return saved.site.parse_article(saved.page)


@cache
def listing_of(saved):
    return saved.site.parse_listing(saved.page)


def filled(value):
    """`value` as JSON without the keys of objects that are empty (null, "", [], {})."""
    value = jsonable(value)
    if isinstance(value, list):
        return [filled(item) for item in value]
    if isinstance(value, dict):
        pairs = ((key, filled(item)) for key, item in value.items())
        return {key: item for key, item in pairs if item not in (None, "", [], {})}
    return value


def refusal_of(saved):
    """The reason for which the page becomes no record, or None."""
    try:
        refusal = saved.site.refusal(saved.page, article_of(saved))
    except Rejected as rejected:
        return rejected.reason
    return refusal.reason if refusal else None


def compared(saved):
    """The fields of a golden to compare: all of the content, of a refused page those given."""
    return [name for name in FIELDS if name in saved.golden or "_refusal" not in saved.golden]


SAVED = [Saved(file) for file in sorted(PAGES.glob("*/*.html"))]
ARTICLES = [saved for saved in SAVED if not saved.is_listing and saved.golden_file.exists()]
RECORDS = [saved for saved in ARTICLES if "_refusal" not in saved.golden]
LISTINGS = [saved for saved in SAVED if saved.is_listing and saved.golden_file.exists()]


@pytest.mark.parametrize(
    ("saved", "field"),
    [pytest.param(saved, field, id=f"{saved.name}[{field}]") for saved in ARTICLES for field in compared(saved)],
)
def test_article(saved, field):
    actual = filled(article_of(saved)).get(field)

    assert actual == filled(saved.golden).get(field)


@pytest.mark.parametrize("saved", ARTICLES, ids=lambda saved: saved.name)
def test_article_is_refused_only_for_the_reason_given(saved):
    assert refusal_of(saved) == saved.golden.get("_refusal")


@pytest.mark.parametrize("saved", RECORDS, ids=lambda saved: saved.name)
def test_article_is_told_from_a_listing(saved):
    assert saved.site.is_article(saved.page)


@pytest.mark.parametrize("saved", LISTINGS, ids=lambda saved: saved.name)
def test_listing_is_told_from_an_article(saved):
    assert not saved.site.is_article(saved.page)


@pytest.mark.parametrize("saved", LISTINGS, ids=lambda saved: saved.name)
def test_listing_leads_to_its_articles(saved):
    links = listing_of(saved).articles
    actual = [
        filled({"url": link.url, "title": link.title, "published_raw": link.published_raw, "summary": link.summary})
        for link in links
    ]

    assert actual == filled(saved.golden["articles"])


@pytest.mark.parametrize("saved", LISTINGS, ids=lambda saved: saved.name)
def test_listing_leads_to_further_pages(saved):
    assert list(listing_of(saved).pages) == saved.golden.get("pages", [])


@pytest.mark.parametrize("site", load_sites())
def test_site_has_a_saved_page_for_each_of_its_layouts(site):
    read_by = {article_of(saved).extractor.layout for saved in ARTICLES if saved.html.parent.name == site}

    assert [layout.name for layout in site_named(site).layouts if layout.name not in read_by] == []


@pytest.mark.parametrize("site", load_sites())
def test_site_has_a_saved_listing(site):
    assert site in {saved.html.parent.name for saved in LISTINGS}


def test_every_folder_of_saved_pages_is_a_sites():
    folders = {folder.name for folder in PAGES.iterdir() if folder.is_dir()}

    assert folders - WITHOUT_A_FILE - {"vi"} <= set(load_sites())


def test_pages_and_goldens_come_in_pairs():
    pages = {file.with_suffix("") for file in PAGES.glob("*/*.html")}
    goldens = {file.with_suffix("") for file in PAGES.glob("*/*.json")}

    assert pages == goldens


@pytest.mark.parametrize("saved", SAVED, ids=lambda saved: saved.name)
def test_saved_page_is_small(saved):
    assert 0 < saved.html.stat().st_size < LARGEST_BYTES


@pytest.mark.parametrize("saved", ARTICLES, ids=lambda saved: saved.name)
def test_golden_of_an_article_says_something(saved):
    needed = {"_refusal"} if "_refusal" in saved.golden else {"id", "title", "published_at", "published_raw"}

    assert needed <= set(filled(saved.golden))
    assert set(saved.golden) <= {*Article.__dataclass_fields__, "_page", "_refusal"}


@pytest.mark.parametrize("saved", LISTINGS, ids=lambda saved: saved.name)
def test_golden_of_a_listing_says_something(saved):
    assert saved.golden["articles"]
    assert set(saved.golden) <= {"_page", "articles", "pages"}
