"""The pages for readers keep their word: what they name exists, and what the README shows really runs.

The tour: every ```sh block of README.md is run, in order, by one bash in an empty folder, and each command must end
well. Left out are blocks that set up (make, pip, git, cd …) and blocks that would meet a live site: a `crawl` that
names no address on this machine.
"""

import os
import re
import shlex
import subprocess
import sys
import textwrap
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer.main

from archiver.cli.commands import app
from archiver.crawl import GRAVEST_FIRST
from archiver.page import Page

ROOT = Path(__file__).parent.parent
PAGES = [
    "README.md", "CONTRIBUTING.md", "data/README.md", "docs/record.md", "docs/probe.md", "docs/search.md", "docs/sql.md", "docs/python.md",
    "docs/browse.md", "docs/handover.md", "docs/takedown.md", "benchmarks/README.md",
]  # fmt: skip
COMMANDS = typer.main.get_command(app).commands

SETS_UP = {"make", "pip", "pipx", "uv", "git", "cd", "python3.11", "apt-get"}
ENDS_A_COMMAND = re.compile(r"[|&;()]+")
WITH_VALUE_OF_ITS_OWN = re.compile(r"(--[\w-]+)=.*")
LOOPBACK = re.compile(r"https?://(127\.0\.0\.1|localhost)\b")


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def blocks_of(page):
    """The ```sh blocks of a page, lines that end in a backslash joined."""
    found = re.findall(r"^ *```sh\n(.*?)^ *```", text_of(page), re.MULTILINE | re.DOTALL)
    return [block.replace("\\\n", " ") for block in found]


def commands_of(block):
    """Each simple command of a block, as words; comments and assignments before it left out."""
    commands = []
    for line in block.splitlines():
        words = []
        lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
        lexer.whitespace_split = True
        for word in [*lexer, ";"]:
            if not ENDS_A_COMMAND.fullmatch(word):
                words.append(word)
            elif words:
                commands.append(words)
                words = []
    return [without_assignments(words) for words in commands]


def without_assignments(words):
    assigned = re.compile(r"[A-Z_]+=.*")
    start = next((place for place, word in enumerate(words) if not assigned.fullmatch(word)), len(words))
    return words[start:]


def shown(program):
    """Every command line of `program` in the pages, each with its page."""
    return [
        (page, words)
        for page in PAGES
        for block in blocks_of(page)
        for words in commands_of(block)
        if words and Path(words[0]).name == program
    ]


def is_tour(block):
    commands = commands_of(block)
    if any(Path(words[0]).name in SETS_UP or words[0].startswith(".venv/") for words in commands if words):
        return False
    return all("crawl" not in words or LOOPBACK.search(" ".join(words)) for words in commands)


def as_id(value):
    return " ".join(value) if isinstance(value, list) else value


@pytest.mark.parametrize("name", COMMANDS)
def test_command_is_named_in_the_readme(name):
    assert re.search(rf"\barchiver {name}\b", text_of("README.md"))


@pytest.mark.parametrize("name", COMMANDS)
def test_command_and_its_options_have_help(name):
    command = COMMANDS[name]

    assert command.help
    assert [option.name for option in command.params if not getattr(option, "help", None)] == []


@pytest.mark.parametrize(("page", "words"), shown("archiver"), ids=as_id)
def test_shown_command_line_has_a_command_and_options_that_exist(page, words):
    _, name, *rest = words
    assert name in COMMANDS or name in {"--help", "--version"}, page
    options = {opt for param in COMMANDS[name].params for opt in param.opts} if name in COMMANDS else set()
    used = {WITH_VALUE_OF_ITS_OWN.sub(r"\1", word) for word in rest if word.startswith("-") and word != "-"}

    assert used - options - {"--help"} == set()


@pytest.mark.parametrize(("page", "words"), shown("make"), ids=as_id)
def test_shown_make_target_exists(page, words):
    targets = set(re.findall(r"^([a-z]+):", text_of("Makefile"), re.MULTILINE))

    assert {word for word in words[1:] if "=" not in word} <= targets, page


@pytest.mark.parametrize("page", PAGES)
def test_linked_files_exist(page):
    links = re.findall(r"\]\((?!\w+:|#)([^)#\s]+)", text_of(page))
    missing = [link for link in links if not (ROOT / page).parent.joinpath(link).exists()]

    assert missing == []


def test_contributing_fits_on_one_screen():
    assert len(text_of("CONTRIBUTING.md").splitlines()) <= 80


def test_readme_names_every_exit_code():
    named = re.findall(r"^\| `?(\d+)`? +\|", text_of("README.md"), re.MULTILINE)

    assert set(named) == {"0", *map(str, GRAVEST_FIRST)}


def test_tour_of_the_readme_runs(tmp_path):
    blocks = [block for block in blocks_of("README.md") if is_tour(block)]
    assert blocks
    programs = str(Path(sys.executable).parent)
    env = {name: value for name, value in os.environ.items() if not name.startswith("ARCHIVER_")}
    env["PATH"] = os.pathsep.join([programs, env["PATH"]])
    script = "\n".join(["set -euo pipefail", "trap 'kill $(jobs -p) 2>/dev/null || true' EXIT", *blocks])

    run = subprocess.run(
        ["bash", "-c", script],
        cwd=tmp_path,
        env=env,
        capture_output=True,
        text=True,
        check=False,
        timeout=240,
        stdin=subprocess.DEVNULL,
    )

    assert run.returncode == 0, run.stdout + run.stderr


def test_example_site_of_contributing_reads_a_page():
    block = re.search(r"^ *```python\n(.*?)^ *```", text_of("CONTRIBUTING.md"), re.MULTILINE | re.DOTALL)[1]
    names = {}
    exec(textwrap.dedent(block), names)
    url = "https://example-times.test/news/storm-1234.html"
    html = b"<h1 class=headline>Storm</h1><time datetime='2025-04-17T14:37:00'>today</time><p>It rained.</p>"

    article = names["SITE"].parse_article(Page(url, html, datetime(2026, 11, 22, tzinfo=UTC)))

    assert (article.id, article.title) == ("example_times:1234", "Storm")
    assert article.published_at.isoformat() == "2025-04-17T14:37:00+01:00"
