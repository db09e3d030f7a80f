"""Whole crawls of the sample newsroom give what its truth says, field by field: twenty houses, each built otherwise."""

import json

import pytest
from conftest import run
from jsonschema import Draft202012Validator

from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve
from archiver.schema import record_schema

ARTICLES = 300
SEEDS = range(1, 7)


def lines_in(folder, kind):
    files = sorted(folder.glob(f"hcma/{kind}/*/*.jsonl"))
    return [json.loads(line) for file in files for line in file.read_text(encoding="utf-8").split("\n") if line]


@pytest.mark.parametrize("seed", SEEDS)
def test_crawl_of_a_newsroom_finds_every_article_once_and_every_field_of_the_truth(seed, tmp_path):
    newsroom = Newsroom(seed=seed, articles=ARTICLES)
    with serve(newsroom) as server:
        ended = run("archiver", "crawl", "hcma", "--base-url", server.url, "--archive", tmp_path)
        truth = {line["id"]: line for line in newsroom.truth(server.url)}

    assert ended.code == 0, ended.err
    lines = lines_in(tmp_path, "articles")
    assert sorted(line["id"] for line in lines) == sorted(truth)
    differing = [
        (line["id"], field, value, line[field])
        for line in lines
        for field, value in truth[line["id"]].items()
        if line[field] != value
    ]
    assert differing == []
    (report,) = (json.loads(file.read_text()) for file in tmp_path.glob("hcma/runs/*.json"))
    assert report["articles"]["new"] == ARTICLES
    assert report["queued"] == sum(report[end] for end in ("fetched", "gone", "failed", "skipped", "left"))


def test_every_line_of_a_crawl_is_valid_by_the_published_schema(tmp_path):
    with serve(Newsroom(seed=3, articles=120)) as server:
        run("archiver", "crawl", "hcma", "--base-url", server.url, "--archive", tmp_path)
    validator = Draft202012Validator(record_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)
    lines = lines_in(tmp_path, "articles")

    assert len(lines) == 120
    assert [error.message for line in lines for error in validator.iter_errors(line)] == []


def test_every_field_of_an_article_names_its_rule(tmp_path):
    with serve(Newsroom(seed=5, articles=60)) as server:
        run("archiver", "crawl", "hcma", "--base-url", server.url, "--archive", tmp_path)
    named = (
        "title",
        "lead",
        "published_at",
        "body",
        "images",
        "authors",
        "credit_line",
        "attachments",
        "related",
        "tags",
    )

    lines = lines_in(tmp_path, "articles")
    unnamed = [
        (line["id"], field)
        for line in lines
        for field in named
        if line[field] and field not in line["extractor"]["found_by"]
    ]
    assert unnamed == []
