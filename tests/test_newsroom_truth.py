"""The newsroom's truth: whole, honest, and nowhere somebody else's words."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import fields
from pathlib import Path
from typing import Literal, get_args, get_origin, get_type_hints

import pytest
from lxml import html

from archiver.article import Article, Block
from archiver.demo import addresses, stories
from archiver.demo.house import House, house
from archiver.demo.newsroom import Newsroom
from archiver.demo.older import has_own_credit
from archiver.demo.story import Bullets, Clip, Dress, File, Grid, Heading, Picture, Quote, Text

ORIGIN = "http://127.0.0.1:1"
SEED_ARTICLE = Path(__file__).parents[2] / "shared" / "seed" / "article.txt"
SEEDS = range(1, 21)
OF_THE_FETCH = {
    "schema_version", "revision", "revision_id", "supersedes", "status", "change", "url", "canonical_url", "aliases",
    "first_seen_at", "fetched_at", "capture", "extractor", "quality",
}  # fmt: skip
DIRT = {"zero-width", "nbsp", "inline", "comments", "empty", "icon", "pixel", "toolbar"}
PARTS = {
    "heading": lambda part: isinstance(part, Heading),
    "quote": lambda part: isinstance(part, Quote),
    "list": lambda part: isinstance(part, Bullets),
    "table": lambda part: isinstance(part, Grid),
    "video": lambda part: isinstance(part, Clip),
    "file": lambda part: isinstance(part, File),
    "file on an internal host": lambda part: isinstance(part, File) and part.address.startswith("http://ajc-app:1002/"),
    "file in a sentence": lambda part: isinstance(part, Text) and bool(part.link),
    "bare address": lambda part: isinstance(part, Text) and part.text.startswith("https://"),
    "verse": lambda part: isinstance(part, Text) and "\n" in part.text,
    "double comma": lambda part: isinstance(part, Text) and ",," in part.text,
    "end mark": lambda part: isinstance(part, Text) and part.text.endswith("./."),
    "picture without caption": lambda part: isinstance(part, Picture) and not part.caption,
    "credit in brackets": lambda part: isinstance(part, Picture) and part.printed.endswith(")"),
    "credit after a bar": lambda part: isinstance(part, Picture) and "_Ảnh: " in part.printed,
    "picture with spaces in its address": lambda part: isinstance(part, Picture) and " " in part.path,
    "picture from a resizer": lambda part: isinstance(part, Picture) and "//" in part.path,
    **{f"picture {way}": lambda part, way=way: isinstance(part, Picture) and part.src == way
       for way in ("typed", "quoted", "absolute", "lazy")},
}  # fmt: skip
CREDITS = (
    r"Tin: BBT; ảnh: .+", r"Tin, ảnh: .+, .+", r"Bài, ảnh: .+, .+", r"Bài, ảnh : .+", r"Tin, ảnh: Viện .+",
    r"Theo hcma\.vn", r"Tác giả: VTV", r"Dịch: .+", "",
)  # fmt: skip


def all_stories(seed, articles=300):
    for shelf in Newsroom(seed, articles).plan.shelves.values():
        for rank in range(shelf.live):
            yield stories.story(shelf, shelf.place_of(rank))


def captions(story):
    return [part.caption for part in story.parts if isinstance(part, Picture) and part.caption]


def has_caption_of_the_lead(story):
    return any(story.headline.lead.rstrip(".").endswith(caption) for caption in captions(story))


STORIES = {
    "number at the end of the slug": lambda story: re.search(r"-\d{6}$", story.headline.slug),
    "title in NFD": lambda story: story.headline.decomposed and "-" in story.headline.slug,
    "agency before the lead": lambda story: story.headline.prefix,
    "thesis notice": lambda story: story.headline.lead == "Nội dung đính kèm",
    "only the print view is whole": lambda story: story.is_broken,
    "caption repeated": lambda story: max(Counter(captions(story)).values(), default=0) > 1,
    "caption is the end of the lead": has_caption_of_the_lead,
    "comments": lambda story: len(story.remarks) > 1,
    "tags": lambda story: story.tags,
    "pictures in a row": lambda story: any(
        isinstance(part, Picture) and isinstance(after, Picture)
        for part, after in zip(story.parts, story.parts[1:], strict=False)
    ),
}


def quirks_of(story):
    yield from story.dress.dirt
    yield from (name for name, is_so in STORIES.items() if is_so(story))
    yield from (name for name, is_so in PARTS.items() if any(map(is_so, story.parts)))
    yield from (form for form in CREDITS if re.fullmatch(form, story.credit_line))


def drawn_values(record, of):
    """What the choices and flags of a drawn record came out as."""
    hints = get_type_hints(of)
    return {
        (field.name, getattr(record, field.name))
        for field in fields(of)
        if hints[field.name] is bool or get_origin(hints[field.name]) is Literal
    }


def possible_values(of):
    hints = get_type_hints(of).items()
    flags = {(name, value) for name, hint in hints if hint is bool for value in (True, False)}
    return flags | {(name, value) for name, hint in hints if get_origin(hint) is Literal for value in get_args(hint)}


def folded(text):
    visible = re.sub("[\u200b\ufeff]", "", unicodedata.normalize("NFC", text))
    return " ".join(visible.split())


def test_twenty_seeds_show_every_quirk():
    seen, dresses = set(), set()
    for seed in SEEDS:
        for story in all_stories(seed):
            seen.update(quirks_of(story))
            dresses |= drawn_values(story.dress, Dress)

    assert seen == DIRT | set(STORIES) | set(PARTS) | set(CREDITS)
    assert dresses == possible_values(Dress)


def test_twenty_seeds_show_every_structure():
    drawn = set().union(*(drawn_values(house(seed), House) for seed in SEEDS))

    assert drawn == possible_values(House)


@pytest.mark.parametrize("seed", SEEDS)
def test_every_truth_is_sound(seed):
    names = [field.name for field in fields(Article) if field.name not in OF_THE_FETCH]
    for line in Newsroom(seed, 60).truth(ORIGIN):
        blocks = [Block(**{name: _tuples(value) for name, value in block.items()}) for block in line["blocks"]]
        pictures = [block.image for block in blocks if block.type == "image"]

        assert list(line) == names
        assert line["body"] == "\n\n".join(block.plain for block in blocks if block.plain)
        assert pictures == list(range(len(line["images"])))
        assert line["body"].endswith(line["lead"]) or f"{line['lead']}\n\n" in line["body"]
        assert unicodedata.is_normalized("NFC", repr(line))
        assert line["published_at"].endswith("+07:00")
        assert {item["relation"] for item in line["related"]} <= {"latest"}
        assert all(caption == folded(caption) for caption in (image["caption"] for image in line["images"]))
        assert not any(re.search(r"[.!?…:;]$", image["caption"]) for image in line["images"])


def _tuples(value):
    return tuple(map(_tuples, value)) if isinstance(value, list) else value


@pytest.mark.parametrize("seed", [1, 4, 5, 9])
def test_what_the_truth_says_stands_on_the_page(seed):
    newsroom = Newsroom(seed, 200)
    truth = {line["id"]: line for line in newsroom.truth(ORIGIN)}
    for story in all_stories(seed, 200):
        head, line = story.headline, truth[story.headline.id]
        address = addresses.print_view(head) if story.is_broken else addresses.pretty(head)
        page = folded(html.fromstring(newsroom.page(address, ORIGIN).body.decode().lstrip("\ufeff")).text_content())

        said = [line["title"], line["lead"], line["published_raw"], line["credit_line"], line["section"] or ""]
        said += [image["caption"] for image in line["images"]]
        said += [remark["text"] for remark in line["comments"]]
        said += [part for part in re.split(r"\n+| \| ", line["body"]) if part]
        missing = [text for text in said if folded(text) not in page]
        assert not missing, (seed, head.id)


def test_the_five_newest_are_the_same_on_every_page_that_shows_them():
    lines = list(Newsroom(1, 300).truth(ORIGIN))
    newest = {
        tuple(item["url"] for item in line["related"]) for line in lines if line["related"] and line["language"] == "vi"
    }
    live = [line for line in lines if re.fullmatch(r"hcma:\d+", line["id"])]

    assert len(newest) == 1
    assert len(newest.pop()) == 5
    assert max(item["published_at"] for item in live[9]["related"]) == max(line["published_at"] for line in lines)


def test_a_credit_outside_the_text_is_printed_once():
    newsroom = Newsroom(5, 300)
    own = [story for story in all_stories(5) if story.credit_line and has_own_credit(newsroom.plan.house, story)]

    assert own
    for story in own:
        page = newsroom.page(addresses.pretty(story.headline), ORIGIN).body.decode()
        assert page.count(story.credit_line) == 1


@pytest.mark.skipif(not SEED_ARTICLE.exists(), reason="the article that the structure was learned from is not here")
def test_no_sentence_of_the_real_site_is_used():
    lines = SEED_ARTICLE.read_text(encoding="utf-8").splitlines()
    sentences = [part.strip() for line in lines for part in re.split(r"(?<=[.!?;])\s", line)]
    real = [sentence for sentence in sentences if len(sentence) > 30]
    newsroom = Newsroom(1, 300)
    paths = ["/", "/en", *(addresses.section_page(shelf, section)
                           for shelf in newsroom.plan.shelves.values() for section in shelf.sections)]  # fmt: skip
    told = "\n".join(newsroom.page(path, ORIGIN).body.decode() for path in paths)
    told += "\n".join(f"{line['title']}\n{line['body']}\n{line['images']}" for line in newsroom.truth(ORIGIN))

    assert len(real) > 20
    assert [sentence for sentence in real if sentence in told] == []
