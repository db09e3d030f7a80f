"""`archiver parse --explain` tells an archivist why each value is what it is, and what to do where it is wrong."""

import re
from pathlib import Path

import pytest

from archiver.cli.explain import FLAGS, explanation, in_words
from archiver.page import Page
from archiver.sites import site_for
from archiver.store.clock import utc_now

URL = "https://harbour.example/isles/ferry-sails-again-4711.html"
PAGE = """<html lang="en"><head><title>Ferry sails again on Monday | Harbour Ledger</title>
<meta property="og:title" content="Ferry back after six weeks in dock">
<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Ferry sails again on Monday",
"datePublished": "2026-02-03T07:30:00+01:00", "isAccessibleForFree": false, "articleSection": "Transport",
"author": [{"name": "Solveig Tarn"}, {"name": "Piran Oduya"}]}</script></head>
<body><p class="breadcrumb"><a href="/">Home</a> <a href="/isles">Isles</a></p><article>
<h1>Ferry sails again on Monday</h1><p class="byline">By Wynne Castellow</p><p class="date">9 February 2026</p>
<p>The ferry to the outer isles sails again on Monday, after six weeks in the dock for a new shaft.</p>
<figure><img src="/ferry.jpg"><figcaption>The ferry leaves the dock in the rain.</figcaption></figure>
<p>Islanders had been rowed across by the fishermen, who asked for nothing but the price of the diesel, and got it.</p>
</article></body></html>"""
EXPECTED = """\
harbour.example, layout general

language      css(html::attr(lang))           en
title         headline, JSON-LD               Ferry sails again on Monday
  not taken   claim, Open Graph               Ferry back after six weeks in dock
  not taken   css(title)                      Ferry sails again on Monday | Harbour Ledger
published_at  stated time, JSON-LD            2026-02-03T07:30:00+01:00
  not taken   printed time, visible page      9 February 2026
body          general body, visible page      The ferry to the outer isles sails again on Monday, after six … (210 characters)
images        general body, visible page      1, the first: The ferry leaves the dock in the rain.
authors       stated authors, JSON-LD         Solveig Tarn, Piran Oduya
  not taken   named authors, visible page     Wynne Castellow
section       printed category, visible page  Isles
  not taken   jsonld(articleSection)          Transport
categories    categories, visible page        Isles

Found by no rule: modified_at, lead, tags, related.

To be doubted:
  dates_disagree: what is stated, printed and in the address are days apart: check published_at on the page
  paywalled: only the beginning of the article is on the page

A value is wrong? Give the site a file with a rule for it: CONTRIBUTING.md, A new site in 15 minutes.
"""


def test_an_explanation_reads_line_by_line():
    page = Page(URL, PAGE.encode(), fetched_at=utc_now())
    site = site_for(URL)

    assert explanation(site, page, site.parse_article(page)) == EXPECTED


@pytest.mark.parametrize(
    ("by", "words"),
    [
        ("stated_time:json-ld", "stated time, JSON-LD"),
        ("shared_title:page+open-graph", "shared title, visible page and Open Graph"),
        ("css(h1::text)", "css(h1::text)"),
        ("landmarks.title", "landmarks.title"),
    ],
)
def test_rule_and_source_are_told_in_words(by, words):
    assert in_words(by) == words


def test_every_flag_of_the_record_is_explained():
    told = (Path(__file__).parent.parent / "docs" / "record.md").read_text(encoding="utf-8")
    flags = told.partition("## Flags in `quality`")[2].partition("## ")[0]

    assert set(re.findall(r"`(\w+)`:", flags)) == set(FLAGS)
