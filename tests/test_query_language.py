"""What is typed to search: which tree it is, and what is said where it is none."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archiver.research.query_language import LONGEST, BadQuery, Both, Either, Words, apart, parse_query
from archiver.research.words import bare, places, words


def run(text, **more):
    return Words(tuple(text.split()), **more)


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("chính trị", run("chính trị")),
        ("  chính\n trị ", run("chính trị")),
        ('"chính trị"', run("chính trị")),
        ("“chính trị”", run("chính trị")),
        (unicodedata.normalize("NFD", "chính trị"), run("chính trị")),
        ("CHÍNH TRỊ", run("chính trị")),
        ("hoà bình, thuý", run("hòa bình thúy")),
        ("COVID-19", run("covid 19")),
        ("10:30", run("10 30")),
        ("Hội thảo: văn hóa", run("hội thảo văn hóa")),
        ("hội – nghị & lễ", run("hội nghị lễ")),
        ("and or not", run("and or not")),
        ("truyền th*", run("truyền th", is_prefix=True)),
        ('"truyền th*"', run("truyền th", is_prefix=True)),
        ('"truyền th"*', run("truyền th", is_prefix=True)),
        ("tr* hội", Both((run("tr", is_prefix=True), run("hội")))),
        ("lũ AND bão", Both((run("lũ"), run("bão")))),
        ('lũ "bão"', Both((run("lũ"), run("bão")))),
        ("lũ OR bão", Either((run("lũ"), run("bão")))),
        ("a AND b OR c d AND e", Either((Both((run("a"), run("b"))), Both((run("c d"), run("e")))))),
        ("(a OR b) c", Both((Either((run("a"), run("b"))), run("c")))),
        ("lũ NOT bão", Both((run("lũ"),), (run("bão"),))),
        ("lũ AND NOT bão", Both((run("lũ"),), (run("bão"),))),
        ("-bão AND lũ", Both((run("lũ"),), (run("bão"),))),
        ("lũ -(a OR b)", Both((run("lũ"),), (Either((run("a"), run("b"))),))),
        ("lũ - bão", run("lũ bão")),
        ("title:hội nghị", run("hội nghị", field="title")),
        ("Title: hội nghị", run("hội nghị", field="title")),
        ('captions:"hội nghị" lũ', Both((run("hội nghị", field="captions"), run("lũ")))),
        ("body:(a OR title:b)", Either((run("a", field="body"), run("b", field="title")))),
    ],
)
def test_text_is_read_as_a_tree(text, tree):
    assert parse_query(text) == tree


@pytest.mark.parametrize(
    ("text", "place", "says"),
    [
        ("", 1, "nothing to search for"),
        (" . ", 4, "nothing to search for"),
        ("lũ AND", 7, "missing at the end"),
        ("AND lũ", 1, "an operator where a word"),
        ("a OR OR b", 6, "an operator where a word"),
        ("(lũ OR bão", 1, "not closed"),
        ("lũ)", 3, "not opened"),
        ("()", 2, "nothing before the closing bracket"),
        ('lũ "bão', 4, "a quote that is not closed"),
        ('""', 1, "no word within the quotes"),
        ("ch*nh", 3, "a star within a word"),
        ("*", 1, "without the beginning of a word"),
        ("lũ *", 4, "without the beginning of a word"),
        ("NOT lũ", 1, "only says what is not to be found"),
        ("bão OR NOT lũ", 8, "only says what is not to be found"),
        ("tác_giả: a author:Lan", 12, "no field 'author'. There are title, body, captions"),
        ("https://example.org", 1, "put what is no field in quotes"),
        ("title:body:a", 7, "a field within a field"),
        ("(" * 41 + "a" + ")" * 41, 41, "more than 40 brackets"),
        ("a " * LONGEST, LONGEST, "at most 2000 characters"),
    ],
)
def test_error_tells_place_and_hint(text, place, says):
    with pytest.raises(BadQuery, match=re.escape(says)) as caught:
        parse_query(text)

    assert (caught.value.place, caught.value.exit_code) == (place, 2)
    assert f"character {place}: " in str(caught.value)
    assert caught.value.hint


@given(st.text(st.sampled_from('aàđ "”()*-:AND ORNOT title:\n.') | st.characters(), max_size=60))
def test_any_text_is_a_tree_or_a_told_error(text):
    place, tree = read(text)

    assert 1 <= place <= len(unicodedata.normalize("NFC", text)) + 1
    assert tree is None or parse_query(written(tree)) == tree


def read(text):
    try:
        return 1, parse_query(text)
    except BadQuery as problem:
        return problem.place, None


RUNS = st.builds(
    Words,
    st.lists(st.sampled_from("chính trị tri hòa dong đồng b52".split()), min_size=1, max_size=3).map(tuple),
    st.booleans(),
    st.sampled_from([None, "title", "body", "captions"]),
)
TREES = st.recursive(
    RUNS,
    lambda trees: (
        st.builds(Either, st.lists(trees, min_size=2, max_size=3).map(tuple))
        | st.builds(
            Both, st.lists(trees, min_size=1, max_size=3).map(tuple), st.lists(trees, min_size=1, max_size=2).map(tuple)
        )
        | st.builds(Both, st.lists(trees, min_size=2, max_size=3).map(tuple))
    ),
    max_leaves=6,
)


def written(tree):
    """A text of the tree, every part in brackets."""
    if isinstance(tree, Words):
        field = f"{tree.field}:" if tree.field else ""
        return f'{field}"{" ".join(tree.words)}"{"*" * tree.is_prefix}'
    if isinstance(tree, Either):
        return " OR ".join(f"({written(part)})" for part in tree.of)
    parts = [f"({written(part)})" for part in tree.wanted] + [f"NOT ({written(part)})" for part in tree.unwanted]
    return " AND ".join(parts)


@given(TREES)
def test_every_tree_can_be_typed(tree):
    assert parse_query(written(tree)) == tree


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hội nghị", "hội AND nghị"),
        ("title:hội ngh*", "title:(hội AND ngh*)"),
        ("hội", None),
        ("hội OR nghị", None),
    ],
)
def test_words_side_by_side_are_asked_for_apart(text, expected):
    assert apart(text) == expected


@pytest.mark.parametrize(
    ("printed", "word"),
    [
        ("Hoà", "hòa"),
        ("HOÀ", "hòa"),
        ("hòa", "hòa"),
        ("hoá", "hóa"),
        ("khoẻ", "khỏe"),
        ("khỏe", "khỏe"),
        ("thuý", "thúy"),
        ("huỷ", "hủy"),
        ("Uỷ", "ủy"),
        ("quý", "quý"),
        ("quả", "quả"),
        ("quỹ", "quỹ"),
        ("hoàn", "hoàn"),
        ("hoài", "hoài"),
        ("khuỷu", "khuỷu"),
        ("thuỳ", "thùy"),
        ("loà", "lòa"),
        ("Đồng", "đồng"),
        ("ĐỒNG", "đồng"),
    ],
)
def test_word_has_one_spelling(printed, word):
    assert words(printed) == [word]


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("chính", "chinh"),
        ("đồng", "dong"),
        ("ưỡn", "uon"),
        ("hòa", "hoa"),
        ("straße", "strasse"),
        ("é", "e"),
        ("й", "и"),
    ],
)
def test_word_without_accents(word, expected):
    assert bare(word) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("U23 Việt Nam-Lào, 3.000đ/kg_a", ["u23", "việt", "nam", "lào", "3", "000đ", "kg", "a"]),
        ("中国的 hôm", ["中", "国", "的", "hôm"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("İstanbul", ["i̇stanbul"]),
        ("", []),
    ],
)
def test_text_falls_into_words(text, expected):
    assert words(text) == expected


@given(st.text())
def test_places_are_those_of_the_words(text):
    text = unicodedata.normalize("NFC", text)
    found = list(places(text))

    assert [word for _, _, word in found] == words(text)
    assert all(words(text[start:end]) == [word] for start, end, word in found)


@given(st.text())
def test_a_word_is_searched_as_it_is_spelled(text):
    spelled = words(unicodedata.normalize("NFC", text))

    assert words(" ".join(spelled)) == spelled
