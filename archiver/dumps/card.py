"""README.md of a package: the dataset card that Hugging Face reads, and people."""

from __future__ import annotations

import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from archiver.dumps.absences import KINDS
from archiver.dumps.fields import record_fields
from archiver.dumps.hub import features
from archiver.dumps.package import SUMS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from archiver.dumps.contents import Contents
    from archiver.dumps.package import Packed

MOST_SECTIONS = 12
_SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
_FORMATS = {
    "jsonl": "`data/SITE/`: the archive's own lines, one a revision, by the month in which the page was fetched; events"
    " say what became of each address. Any tool that reads lines reads them: `zcat`, `jq`, DuckDB.",
    "csv": "`data/SITE-articles-MONTH.csv`: one row an article. Objects are columns of their own (`capture_warc`), lists and"
    " maps JSON text; a `'` stands in front of texts that a spreadsheet would take for a formula.",
    "parquet": "`data/SITE-articles-MONTH-NNN.parquet`: one row an article, typed; times as printed, and in UTC beside it.",
    "hf": "`data/SITE-articles-MONTH.jsonl.gz`: `datasets.load_dataset(FOLDER)` reads them (datasets 5 or later), one row an"
    ' article; `load_dataset(FOLDER, "revisions")` reads every revision.',
    "wacz": "`SITE.wacz`: every capture, for replayweb.page or pywb, and the lines beside them.",
    "bagit": "the folder is a bag (RFC 8493); `data/SITE/captures/` has every exchange with the site, as WARC.",
}


_LISTS = (
    f"`data/gaps.jsonl` tells what was not crawled, `record.schema.json` what each field means, `{SUMS}`,"
    " `datapackage.json` (Frictionless) and `croissant.json` list every file with its digest."
)
_RANGE = (
    "Tables hold the newest revision of each article, by the month in which its page was fetched; earlier revisions stand in"
    " `SITE-earlier-…`. A range is one of days of publication, by the newest revision, and takes each article's whole history."
)
_RIGHTS = (
    "The texts and pictures are their publishers'. They are handed over for research and preservation; what you may do with"
    " them is a matter of the law where you are. Whoever holds a right in an article, or is named in it, can have it taken"
    " down: ask who gave you this package. A line with the status `tombstone` stands for an article that was taken down:"
    " delete your copies of its earlier lines. One with the status `gone` is of an article that the site itself withdrew."
)
_VERIFY = f"""```sh
sha256sum -c {SUMS}
archiver import . --archive elsewhere
archiver verify --archive elsewhere
```"""


def card(contents: Contents, files: Sequence[Packed]) -> str:
    """The page, its YAML head first. The same contents give the same page."""
    parts = [
        "---\n" + _yaml(_head(contents, files)) + "---",
        f"# {contents.title}",
        contents.summary,
        "## What is here",
        "\n".join(f"- {_FORMATS[name]}" for name in contents.formats),
        _LISTS,
        _RANGE,
        *_counts(contents),
        *_gaps(contents),
        "## Fields",
        "\n".join(f"- `{field.name}`: {field.description}" for field in record_fields()),
        "## Rights, and what was taken down",
        _RIGHTS,
        "## How to cite",
        f"> {contents.title}, as of {contents.last_fetched or 'never'}. Collected with archiver.",
        "Of one article: its `id`, `revision_id` and `fetched_at`; `capture.record_id` names the capture that proves it.",
        "## How to verify",
        _VERIFY,
        _lacking(contents),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _head(contents: Contents, files: Sequence[Packed]) -> dict[str, Any]:
    head: dict[str, Any] = {
        "license": "other",
        "license_name": "publishers-copyright",
        "license_link": "README.md",
        "pretty_name": contents.title,
        "language": contents.languages,
        "size_categories": [next((name for most, name in _SIZES if contents.articles < most), "n>1M")],
        "tags": ["news", "web-archive", "warc"],
    }
    newest, earlier = (
        [each.path for each in files if each.role == role and each.path.endswith(".jsonl.gz")]
        for role in ("articles", "earlier")
    )
    if newest:
        configs = {"articles": sorted(newest), "revisions": sorted([*earlier, *newest])}
        head["configs"] = [
            {"config_name": name, "default": name == "articles", "data_files": [{"split": "train", "path": paths}]}
            for name, paths in configs.items()
        ]
        head["dataset_info"] = [{"config_name": name, "features": features()} for name in configs]
    return head


def _counts(contents: Contents) -> Iterator[str]:
    yield "## Counts"
    rows = ["| site | articles | revisions | live | gone | taken down | published | fetched |", "| --- " * 8 + "|"]
    for each in contents.selections:
        live, gone, tombstone = (each.statuses[status] for status in ("live", "gone", "tombstone"))
        rows.append(
            f"| {each.site} | {each.articles} | {each.lines} | {live} | {gone} | {tombstone} |"
            f" {each.first_published or '–'} to {each.last_published or '–'} |"
            f" {each.first_fetched or '–'} to {each.last_fetched or '–'} |"
        )
    yield "\n".join(rows)
    years: Counter[str] = sum((each.by_year for each in contents.selections), Counter())
    if years:
        yield "Articles by year of publication: " + ", ".join(f"{year} {years[year]}" for year in sorted(years)) + "."
    sections: Counter[str] = sum((each.sections for each in contents.selections), Counter())
    shown = sorted(((count, name) for name, count in sections.items() if name), key=lambda each: (-each[0], each[1]))
    if shown:
        yield "Largest sections: " + ", ".join(f"{_plain(name)} {count}" for count, name in shown[:MOST_SECTIONS]) + "."


def _gaps(contents: Contents) -> Iterator[str]:
    yield "## What was not crawled"
    yield (
        "An article that is not here was not on the site, or nobody looked. `data/gaps.jsonl` says when and where nobody"
        " looked, or looked in vain, up to the last run:"
    )
    yield "\n".join(f"- `{kind}` {contents.absences[kind]}: {says}" for kind, says in KINDS.items())


def _lacking(contents: Contents) -> str:
    if not contents.faults:
        return ""
    return "## What is lacking\n\nThese were damaged, and are left out:\n\n" + "\n".join(
        f"- {_plain(fault)}" for fault in contents.left_out
    )


def _plain(text: str) -> str:
    """Text of a site as Markdown and HTML show it, not as they would read it."""
    for mark, shown in (("&", "&amp;"), ("<", "&lt;"), ("`", "\\`"), ("[", "\\["), ("|", "\\|"), ("*", "\\*")):
        text = text.replace(mark, shown)
    return " ".join(text.split())


def _yaml(value: dict[str, Any]) -> str:
    """A mapping as YAML, every value in the notation of JSON, which is YAML too (YAML 1.2, 1.3)."""
    return "".join(f"{key}: {json.dumps(each, ensure_ascii=False)}\n" for key, each in value.items())
