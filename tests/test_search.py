"""Full text: what is found, in both engines, from Python and from the command line."""

import json
import os
import pty
import subprocess
import sys
import unicodedata
from dataclasses import replace
from datetime import date

import pytest
from conftest import environment, run
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from searched import DAY, append, article
from test_query_language import TREES, written

from archiver.errors import UsageError
from archiver.research.index.engines import engine_named
from archiver.research.index.opening import make_index
from archiver.research.query_language import Both, Either, Words
from archiver.research.search import MOST_COUNTED, search
from archiver.research.words import bare, words
from archiver.store.months import members_of

ENGINES = ["sqlite", "tantivy"]

TEXTS = {
    1: "Hội nghị Chính trị mùa thu",
    2: "Ban chinh tri va phap luat",
    3: "Kênh chỉnh trị dòng sông",
    4: "Ngày hội ở Đồng Nai",
    5: "Bus to Dong Nai",
    6: "Đóng nái gỗ",
    7: "Vì nền hoà bình",
    8: "Tỉnh Hòa Bình",
    9: "HOA BINH",
    10: "Chính quyền trị thủy",
    11: "Uỷ ban, quý báu",
    12: "Đồng nài nỉ",
}

ACCEPTANCE = [
    ("chinh tri", [1, 2, 3]),
    ("chính trị", [1]),
    (unicodedata.normalize("NFD", "chính trị"), [1]),
    ("CHÍNH TRỊ", [1]),
    ("chính tri", [1]),
    ("chinh trị", [1, 3]),
    ("Hoà", [7, 8]),
    ("hòa", [7, 8]),
    ("hoa", [7, 8, 9]),
    ("Hoà Bình", [7, 8]),
    ("dong nai", [4, 5, 6, 12]),
    ("Đồng Nai", [4, 12]),
    ("đồng nài", [12]),
    ("ủy ban", [11]),
    ("quy bau", [11]),
    ("chính AND trị", [1, 10]),
    ("chinh tri NOT chỉnh", [1, 2]),
    ("dong nai NOT đồng", [5, 6]),
    ("(hoà OR đồng) NOT nài", [4, 7, 8]),
    ("chí*", [1, 10]),
    ("chin*", [1, 2, 3, 10]),
    ("dong n*", [4, 5, 6, 12]),
    ("đồng nà*", [12]),
    ("không có", []),
]


def ids(found):
    return sorted(int(hit.id.split(":")[1]) for hit in found.hits)


@pytest.fixture(scope="module", params=ENGINES)
def folder(request, tmp_path_factory):
    """The site's folder, searched with one engine or the other."""
    archive = tmp_path_factory.mktemp(request.param)
    append(archive, *(article(number, text, f"Thân bài số {number}.") for number, text in TEXTS.items()))
    make_index(archive / "news", engine_named(request.param), print)
    return archive / "news"


@pytest.mark.parametrize(("text", "expected"), ACCEPTANCE)
def test_what_is_typed_finds_what_it_says(folder, text, expected):
    found = search([folder], text)

    assert (ids(found), found.total, found.is_exact, found.damage) == (expected, len(expected), True, ())


@pytest.mark.parametrize(("text", "expected"), [ACCEPTANCE[place] for place in (0, 2, 6, 10, 11)])
def test_command_line_finds_the_same(folder, text, expected):
    ended = run("archiver", "search", *text.split(), "--json", "--archive", folder.parent)

    assert ended.code == 0
    assert sorted(int(hit["id"].split(":")[1]) for hit in json.loads(ended.out)) == expected


CORPUS = st.lists(
    st.fixed_dictionaries(
        {
            field: st.lists(st.sampled_from("chính Chỉnh tri TRỊ trị, hoà hòa hoa dong đồng b52".split()), max_size=5)
            for field in ("title", "body", "caption", "caption2")
        }
    ),
    min_size=1,
    max_size=6,
)


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    return tmp_path_factory.mktemp("scratch")


@given(CORPUS, st.lists(TREES, min_size=1, max_size=5))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_both_engines_find_what_reading_every_text_finds(scratch, corpus, trees):
    archive = scratch / os.urandom(6).hex()
    texts = [{field: " ".join(drawn) for field, drawn in each.items()} for each in corpus]
    for number, text in enumerate(texts):
        captions = (text["caption"], text["caption2"])
        append(archive, article(number, text["title"], text["body"], captions=captions))
    for engine in ENGINES:
        make_index(archive / "news", engine_named(engine), print)
        for tree in trees:
            found = search([archive / "news"], written(tree))

            assert (engine, written(tree), ids(found)) == (
                engine, written(tree), [number for number, text in enumerate(texts) if holds(tree, text)]
            )  # fmt: skip


def holds(tree, text):
    """What the query language says, word by word."""
    if isinstance(tree, Either):
        return any(holds(part, text) for part in tree.of)
    if isinstance(tree, Both):
        wanted, unwanted = ([holds(part, text) for part in parts] for parts in (tree.wanted, tree.unwanted))
        return all(wanted) and not any(unwanted)
    fields = {"title": ["title"], "body": ["body"], "captions": ["caption", "caption2"], None: [*text]}[tree.field]
    return any(stands(tree, words(text[field])) for field in fields)


def stands(run: Words, text):
    for start in range(len(text) - len(run.words) + 1):
        pairs = list(zip(run.words, text[start:], strict=False))
        if all(fits(*pair, is_prefix=run.is_prefix and place == len(pairs) - 1) for place, pair in enumerate(pairs)):
            return True
    return False


def fits(asked, word, *, is_prefix):
    word = word if bare(asked) != asked else bare(word)
    return word.startswith(asked) if is_prefix else word == asked


@pytest.fixture(scope="module", params=ENGINES)
def mixed(request, tmp_path_factory):
    """Articles of several days, sections and statuses."""
    archive = tmp_path_factory.mktemp(request.param)
    long = "Lũ về. " + "Nước lên nhanh. " * 40
    append(
        archive,
        article(1, "Bão số ba", long, section="Thời sự"),
        article(2, "Họp kín", long + "Bão tan, bão lại đến.", section="Xã hội", published_at=DAY.replace(day=5)),
        article(3, "Tin vắn", long + "Sau bão.", section="Thời sự", published_at=DAY.replace(day=7)),
        article(4, "Không ngày", "Bão.", published_at=None),
        article(5, "Đã gỡ", "Bão cũ.", status="gone", published_at=DAY.replace(day=1)),
        article(6, "Bão bị rút", "", status="tombstone", published_at=DAY),
        article(7, "Ảnh", "Không chữ.", captions=("Hội nghị", "bão lớn"), published_at=DAY.replace(day=3)),
    )
    make_index(archive / "news", engine_named(request.param), print)
    return archive / "news"


@pytest.mark.parametrize(
    ("choice", "expected"),
    [
        ({}, [1, 2, 3, 4, 5, 7]),
        ({"since": "2026-11-05"}, [2, 3]),
        ({"since": date(2026, 11, 2), "until": "2026-11-05"}, [1, 2, 7]),
        ({"until": "2026-11-01"}, [5]),
        ({"section": "Thời sự"}, [1, 3]),
        ({"section": "thoi su"}, [1, 3]),
        ({"section": "thời sự", "since": "2026-11-03"}, [3]),
        ({"field": "title"}, [1]),
        ({"field": "captions"}, [7]),
        ({"field": "body"}, [2, 3, 4, 5]),
    ],
    ids=str,
)
def test_choice_narrows_what_is_found(mixed, choice, expected):
    assert ids(search([mixed], "bão", **choice)) == expected
    assert search([mixed], "bão", limit=0, **choice).total == len(expected)


def test_newest_first_and_undated_last(mixed):
    found = search([mixed], "bao NOT cũ kĩ", sort="date")

    assert [hit.id for hit in found.hits] == ["news:3", "news:2", "news:7", "news:1", "news:5", "news:4"]


def test_word_of_the_title_and_more_of_it_rank_higher(mixed):
    found = search([mixed], "bão body:lũ")

    assert [hit.id for hit in found.hits] == ["news:1", "news:2", "news:3"]
    assert found.hits[0].score > found.hits[1].score > found.hits[2].score > 0


def test_accents_count_for_the_rank(folder, tmp_path):
    """What has the word as it was typed most often comes first, whatever else is spelled alike without accents."""
    bodies = ["Báo báo báo báo bão.", "Bão bão bão bão báo.", "Bảo bao báo bào bão bão."]
    append(tmp_path, *(article(number, "Tin", body) for number, body in enumerate(bodies, start=1)))
    make_index(
        tmp_path / "news", engine_named("tantivy" if folder.parent.name.startswith("tantivy") else "sqlite"), print
    )

    assert [hit.id for hit in search([tmp_path / "news"], "bão").hits] == ["news:2", "news:3", "news:1"]


def test_pages_of_hits_make_up_the_whole(mixed):
    whole = search([mixed], "bão").hits
    pages = [hit for offset in range(0, 6, 2) for hit in search([mixed], "bão", limit=2, offset=offset).hits]

    assert pages == list(whole)


def test_hit_says_what_its_line_says(mixed):
    hit = search([mixed], '"Bão cũ"').hits[0]

    assert (hit.id, hit.revision, hit.status, hit.site, hit.title) == ("news:5", 1, "gone", "news", "Đã gỡ")
    assert (hit.url, hit.published_at, hit.section) == ("https://news.example/5", "2026-11-01T01:30:00+07:00", None)
    assert json.loads((mixed / hit.place.file).read_bytes()[hit.place.offset :].splitlines()[0])["id"] == "news:5"


def test_snippets_mark_what_was_found(mixed):
    title, passage = search([mixed], "(bão OR lũ) title:số").hits[0].snippets

    assert [(piece.text, piece.is_match) for piece in title.pieces] == [
        ("Bão", True), (" ", False), ("số", True), (" ba", False)
    ]  # fmt: skip
    assert (passage.field, passage.pieces[0].text, passage.pieces[0].is_match) == ("body", "Lũ", True)
    assert passage.text.endswith(" …")
    assert len(passage.text) < 200


def test_passage_with_most_of_the_words_is_shown(tmp_path):
    body = "Bão. " + "Nước lên nhanh. " * 20 + "Bão và lũ. " + "Nước lên nhanh. " * 20 + "Lũ."
    append(tmp_path, article(1, "Tin", body))
    passages = [each.text for each in search([tmp_path / "news"], "bão AND lũ").hits[0].snippets]

    assert len(passages) == 2
    assert passages[0].startswith("Bão. Nước")
    assert "Bão và lũ." in passages[1]
    assert passages[1].startswith("… ")
    assert passages[1].endswith(" …")


@pytest.mark.parametrize(
    ("choice", "says"),
    [
        ({"section": "Thể thao"}, "no section 'Thể thao'. There are: Thời sự, Xã hội"),
        ({"since": "5/11/2026"}, "A day is like 2026-11-22"),
        ({"field": "author"}, "no field 'author'. There are title, body, captions"),
        ({"sort": "size"}, "no order 'size'. There are rank, date"),
        ({"limit": -1}, "numbers from 0 up"),
    ],
    ids=str,
)
def test_wrong_choice_is_told(mixed, choice, says):
    with pytest.raises(UsageError, match=says):
        search([mixed], "bão", **choice)


def test_count_that_is_checked_in_the_text_ends_at_a_thousand(tmp_path):
    append(tmp_path, *(article(number, "chính trị") for number in range(MOST_COUNTED + 1)), article(5000, "chinh tri"))
    folder = tmp_path / "news"
    checked, folded, counted = (
        search([folder], text, limit=limit) for text, limit in (("chính trị", 1), ("chinh tri", 1), ("chính trị", 0))
    )

    assert (checked.total, checked.is_exact) == (MOST_COUNTED, False)
    assert (folded.total, folded.is_exact) == (MOST_COUNTED + 2, True)
    assert (counted.total, counted.is_exact, counted.hits) == (MOST_COUNTED + 1, True, ())


@pytest.mark.parametrize("engine", ENGINES)
def test_sites_are_ranked_together(tmp_path, engine):
    """`bão` is in every article of one site, and rare on the other: it counts as in both together."""
    append(tmp_path, *(article(number, f"Bão số {number}", "Bão " * number, site="storms") for number in range(1, 5)))
    append(tmp_path, article(1, "Tin", "Nắng và một cơn bão ở xa lắm rồi", site="sun"))
    append(tmp_path, *(article(number, "Nắng", "Nắng.", site="sun") for number in range(2, 9)))
    folders = [tmp_path / "storms", tmp_path / "sun"]
    for folder in folders:
        make_index(folder, engine_named(engine), print)
    found = search(folders, "bão")
    alone = [hit.id for hit in search(folders[:1], "bão").hits]

    assert found.total == 5
    assert found.hits[-1].id == "sun:1"
    assert [hit.id for hit in found.hits if hit.site == "storms"] == alone


def test_words_of_two_captions_are_not_side_by_side(tmp_path):
    append(tmp_path, article(1, "Ảnh", captions=("Đoàn thăm Đồng", "Nai vàng")))

    assert search([tmp_path / "news"], "đồng nai").total == 0
    assert search([tmp_path / "news"], "đồng AND nai").total == 1


def test_months_are_read_sealed_or_open(tmp_path):
    path = append(tmp_path, article(1, "Bão"), month="2026-10")
    append(tmp_path, article(2, "Bão"))
    seal(path)

    assert ids(search([tmp_path / "news"], "bão")) == [1, 2]


def seal(path):
    raw = path.read_bytes()
    path.with_name(path.name + ".gz").write_bytes(b"".join(members_of(raw.splitlines(keepends=True))))
    path.unlink()


def asked(folder, *options):
    return run("archiver", "search", *options, "--archive", folder.parent)


def test_plain_output_marks_matches_with_brackets(mixed):
    out = asked(mixed, "lũ bão OR họp", "--limit", 1).out.splitlines()

    assert out == [
        "1 article",
        "",
        "  1  [Họp] kín",
        "     2026-11-05  Xã hội  news:2",
        "     https://news.example/2",
    ]


def test_more_hits_are_pointed_to(mixed):
    out = asked(mixed, "bão", "--limit", 2, "--offset", 2).out.splitlines()

    assert out[0] in ("over 1,000 articles: 3 to 4", "6 articles: 3 to 4")
    assert out[-1] == "More: --offset 4"


def test_terminal_shows_matches_in_colour(mixed):
    words = [sys.executable, "-m", "archiver", "search", "họp", "--archive", str(mixed.parent)]
    controller, terminal = pty.openpty()
    subprocess.run(words, stdout=terminal, check=True, env=environment(TERM="xterm-256color"))
    os.close(terminal)
    out = os.read(controller, 65536).decode()
    os.close(controller)

    assert "\x1b[1;31mHọp\x1b[0m" in out


def test_count_is_one_number(mixed):
    ended = asked(mixed, "bão", "--count")

    assert (ended.code, ended.out) == (0, "6\n")


def test_json_is_one_array_of_hits(mixed):
    (hit,) = json.loads(asked(mixed, "họp", "--json").out)

    assert hit["snippets"] == [
        {"field": "title", "pieces": [{"text": "Họp", "is_match": True}, {"text": " kín", "is_match": False}]}
    ]
    assert hit["place"]["file"] == "articles/2026/2026-11.jsonl"


def test_nothing_side_by_side_says_what_stands_apart(mixed):
    out = asked(mixed, "lũ bão").out.splitlines()

    assert out[0] == "0 articles"
    assert out[1].startswith("Side by side; apart: 3 articles. archiver search 'lũ AND bão' --archive ")


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["lũ AND"], "'lũ AND', character 7: something is missing at the end. Put a word there"),
        (["lũ", "--site", "other"], "no archive of 'other' in it. There is: news"),
        (["lũ", "--until", "mai"], "A day is like 2026-11-22"),
    ],
    ids=str,
)
def test_wrong_words_end_with_2_and_a_line(mixed, options, says):
    ended = asked(mixed, *options)

    assert (ended.code, ended.out) == (2, "")
    assert says in ended.complaint


def test_what_a_terminal_would_obey_is_not_shown(tmp_path):
    append(tmp_path, article(1, "Bão \x1b[2J số ba"))

    assert "\x1b" not in asked(tmp_path / "news", "bão").out


def test_article_is_found_again_by_each_of_its_fields(tmp_path):
    made = article(1, "Tiêu đề", "Thân bài.", captions=("Chú thích",))
    append(tmp_path, replace(made, lead="Thân bài."))

    assert [search([tmp_path / "news"], text).total for text in ("tiêu đề", "thân bài", "chú thích")] == [1, 1, 1]
