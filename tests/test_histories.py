"""history and diff: what they show of an article, and what they say to a wrong id."""

import json
import os
import pty
import subprocess
import sys

import pytest
from conftest import Reply, article_page, crawl, environment, run, serving

from archiver.research.difference import differences

WAS = "Sáng 17/4, thư viện mở hội thảo về văn hóa đọc ở các huyện miền núi."
IS = "Sáng 18/4, thư viện mở hội thảo về văn hóa đọc ở các huyện vùng cao."


@pytest.fixture(scope="module")
def archive(tmp_path_factory):
    """An article that is edited and withdrawn, and one that stays."""
    archive = tmp_path_factory.mktemp("archive")
    with serving() as web:
        web.listing("/", "/tin-19239.htm", "/tin-19240.htm")
        web.article("/tin-19239.htm", body=WAS)
        web.article("/tin-19240.htm")
        crawl(web, archive)
        web.replies["/tin-19239.htm"] = Reply(article_page(title="Bế mạc hội thảo về văn hóa đọc", body=IS))
        crawl(web, archive)
        web.replies["/tin-19239.htm"] = Reply("no", 410)
        crawl(web, archive)
    return archive


def asked(archive, *words: object):
    return run("archiver", *words, "--archive", archive)


def test_history_says_when_and_why(archive):
    ended = asked(archive, "history", "hcma:19239")
    title, *revisions = ended.out.splitlines()

    assert ended.code == 0
    assert title == "hcma:19239  Bế mạc hội thảo về văn hóa đọc"
    assert [line[28:] for line in revisions] == [
        "live       first",
        "live       edit: title, lead",
        "gone       gone: http_410",
    ]


def test_history_is_one_json_array(archive):
    found = json.loads(asked(archive, "history", "hcma:19239", "--json").out)

    assert [(line["revision"], line["status"], line["change"]["cause"]) for line in found] == [
        (1, "live", "first"),
        (2, "live", "edit"),
        (3, "gone", "gone"),
    ]


def test_diff_shows_words_in_marks_where_there_are_no_colours(archive):
    ended = asked(archive, "diff", "hcma:19239", 1, 2)

    assert ended.code == 0
    assert "  [-Khai-]{+Bế+} mạc hội thảo về văn hóa đọc" in ended.out.splitlines()
    assert (
        "  Sáng [-17-]{+18+}/4, thư viện mở hội thảo về văn hóa đọc ở các huyện [-miền-]{+vùng+} [-núi-]{+cao+}."
        in ended.out
    )


def test_diff_without_numbers_is_of_the_last_two(archive):
    found = json.loads(asked(archive, "diff", "hcma:19239", "--json").out)

    assert found == [
        {
            "part": "status",
            "place": 1,
            "pieces": [{"kind": "removed", "text": "live"}, {"kind": "added", "text": "gone"}],
        }
    ]


@pytest.mark.parametrize(("more", "is_coloured"), [({}, True), ({"NO_COLOR": "1"}, False)], ids=["colours", "NO_COLOR"])
def test_diff_has_colours_on_a_terminal_unless_they_are_not_wanted(archive, more, is_coloured):
    terminal, end = pty.openpty()
    command = [sys.executable, "-m", "archiver", "diff", "hcma:19239", "1", "2", "--archive", archive]
    subprocess.run(command, stdout=end, check=True, env=environment(TERM="xterm", **more))
    os.close(end)
    shown = os.read(terminal, 65536).decode()
    os.close(terminal)

    assert ("\x1b[32m" in shown, "[-Khai-]" in shown) == (is_coloured, not is_coloured)


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("history", "hcma:19293"), "no article 'hcma:19293' in the archive. Nearest: hcma:19239"),
        (("diff", "hmca:19239"), "Nearest: hcma:19239"),
        (("history", "x"), "Ids look like hcma:19239"),
        (("diff", "hcma:19239", 1, 9), "has no revision 9, but 1 to 3"),
        (("diff", "hcma:19240"), "hcma:19240 has one revision"),
    ],
    ids=["a wrong number", "a wrong site", "no id", "no such revision", "nothing to compare"],
)
def test_what_is_not_there_is_one_line_with_what_is(archive, words, says):
    ended = asked(archive, *words)

    assert (ended.code, ended.out) == (2, "")
    assert says in ended.err
    assert len(ended.err.splitlines()) == 1


def line(**parts: object) -> dict:
    empty = dict.fromkeys(("title", "lead", "credit_line", "published_at"), "")
    lists = {name: [] for name in ("blocks", "images", "authors", "attachments")}
    return {"status": "live", **empty, **lists, **parts}


def paragraphs(*texts: str) -> dict:
    return line(blocks=[{"type": "paragraph", "text": text} for text in texts])


def shown(before: dict, after: dict) -> list[tuple[str, int, str]]:
    marks = {"same": "{}", "removed": "-{}-", "added": "+{}+"}
    return [
        (each.part, each.place, "".join(marks[piece.kind].format(piece.text) for piece in each.pieces))
        for each in differences(before, after)
    ]


def test_a_block_that_comes_or_goes_leaves_its_neighbours_alone():
    first, second, third = "Đoạn một nói về thư viện.", "Đoạn hai nói về kho sách cũ.", "Đoạn ba, hết."

    assert shown(paragraphs(first, third), paragraphs(first, second, third)) == [("body", 2, f"+{second}+")]
    assert shown(paragraphs(first, second, third), paragraphs(first, third)) == [("body", 2, f"-{second}-")]


def test_blocks_that_have_nothing_in_common_are_not_mixed():
    before, after = "Sáng nay trời mưa rất to ở vùng núi.", "Ban tổ chức công bố danh sách đại biểu!"

    assert shown(paragraphs(before), paragraphs(after)) == [("body", 1, f"-{before}-"), ("body", 1, f"+{after}+")]


def test_names_files_and_captions_are_compared_each():
    before = line(
        authors=[{"name": "BBT", "role": "text"}], images=[{"url": "/x.jpg", "caption": "Đại biểu", "credit": ""}]
    )
    after = line(
        authors=[{"name": "BBT", "role": "photo"}], images=[{"url": "/x.jpg", "caption": "Đại biểu", "credit": "Hà"}]
    )

    assert shown(before, after) == [("captions", 1, "Đại biểu+ Hà+"), ("authors", 1, "BBT (-text-+photo+)")]
