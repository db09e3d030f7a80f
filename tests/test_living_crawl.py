"""Whole crawls of a newsroom that lives: day by day the archive has what its truth says, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from conftest import lines, reports
from living import evenings, stage

from archiver.demo.living.due import revisions_due
from archiver.demo.living.habits import Habits
from archiver.demo.living.newsroom import LivingNewsroom

CONTENT = (
    "title", "lead", "published_at", "body", "blocks", "images", "authors", "credit_line", "attachments", "comments",
)  # fmt: skip
NEWSROOM = LivingNewsroom(
    seed=2, backlog=20, articles_a_day=6, habits=Habits(edited=1.0, withdrawn=0, flapping=0, outages=(2,), redesign=4)
)
"""It is away on the third day, and has another layout from the fifth on."""
DAYS = evenings(NEWSROOM, 5)


@pytest.fixture(scope="module")
def crawled(tmp_path_factory):
    archive = tmp_path_factory.mktemp("archive")
    with stage(NEWSROOM, archive) as staged:
        codes, truths = [], {}
        for moment in DAYS:
            codes.append(staged.crawl(moment).code)
            truths |= {(moment, line["id"]): line for line in staged.air.truth(staged.url)}
    return archive, codes, truths


def moment_of(line):
    return datetime.fromisoformat(line["fetched_at"])


def test_runs_succeed_but_on_the_day_of_the_outage_and_on_that_of_the_redesign(crawled):
    redesigned = reports(crawled[0])[-1]

    assert crawled[1] == [0, 0, 3, 0, 4]
    assert redesigned["why"].startswith("the layout may have changed: the site's own rules gave ")


def test_each_article_is_seen_once_a_run(crawled):
    assert [report["seen"] for report in reports(crawled[0])] == [26, 32, 0, 44, 50]


def test_each_run_finds_exactly_what_was_published_and_edited_since_the_one_before(crawled):
    archive = crawled[0]
    due = [
        (each.id, each.revision, each.at.astimezone(UTC), each.cause, each.classes)
        for each in revisions_due(NEWSROOM, DAYS)
    ]
    found = [
        (line["id"], line["revision"], moment_of(line), line["change"]["cause"], tuple(line["change"]["classes"]))
        for line in lines(archive, "articles")
    ]

    assert sorted(found) == sorted(due)
    assert sum(each[3] == "edit" for each in due) > 5
    assert [report["articles"]["new"] for report in reports(archive)] == [26, 6, 0, 12, 6]


def test_every_line_has_the_content_that_stood_at_its_moment(crawled):
    archive, _, truths = crawled
    told = {(moment.astimezone(UTC), id_): truth for (moment, id_), truth in truths.items()}
    differing = [
        (line["id"], field, told[moment_of(line), line["id"]][field], line[field])
        for line in lines(archive, "articles")
        for field in CONTENT
        if line[field] != told[moment_of(line), line["id"]][field]
    ]

    assert differing == []


def test_after_the_redesign_the_sites_own_rules_find_less(crawled):
    def rules(moment):
        found = [line for line in lines(crawled[0], "articles") if moment_of(line) == moment.astimezone(UTC)]
        current = [line["extractor"] for line in found if line["id"].count(":") == 1]
        return {
            made["found_by"][field] for made in current if made["layout"] == "detail" for field in ("body", "section")
        }

    assert rules(DAYS[0]) == {"#News-content", "section"}
    assert rules(DAYS[4]) == {"landmarks.body", "meta(article:section)"}
