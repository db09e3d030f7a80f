"""The lines of a page that are the story: its text, and the pictures, tables and captions that stand in it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from archiver import text, urls
from archiver.rules import head
from archiver.rules.cards import cards
from archiver.rules.flow import flow
from archiver.rules.furniture import furniture
from archiver.rules.leads import lead_line
from archiver.rules.live_posts import with_post_heads
from archiver.rules.phrases import LABEL
from archiver.rules.picture_credits import names_only_maker
from archiver.rules.signatures import signatures
from archiver.rules.story_text import story_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Flow, Line

_REACH = 80
"""Lines above the text's element among which the title is looked for."""
_PARTING = 25
"""Characters of a line that is not the story's, from which pictures below it are not either."""
_NEAR = 4
"""Lines between a picture and a text that the markup calls a caption."""
_CAPTION = 25
_LONGEST_CAPTION = 300
"""Characters of a text beside a picture that may be its caption though no markup says so."""
_SHORTEST_CAPTION = 10
"""Bytes."""
_LONGEST_BOXED = 500
_FEWEST_WORDS = 5
"""Of a caption above the text: less is a name, of an author or an agency."""
_DENSE = 15
"""Characters of a word from which it is several, in a script without spaces."""


@dataclass(frozen=True, slots=True)
class Story:
    """The lines that are the story, in the page's order; last the credit line, where it is set apart."""

    lines: tuple[Line, ...]
    aside: frozenset[Line]
    """Of these, the texts that are captions or links to files, or else no part of the story."""


def story_lines(page: Page, story: Element) -> Story:
    """The lines of the story whose text is densest in `story`."""
    whole = flow(page)
    below = signatures(page)
    lead = lead_line(page)
    chosen = with_post_heads(page, story_text(page, story))
    shown = _shown(page, story, chosen)
    first, _ = whole.span(story)
    boxed = {
        at for place in shown if place < first for at in _boxed_with(whole, place) if whole.lines[at] not in below.lines
    }
    chosen = [at for at in chosen if at not in boxed]
    lines_of = {
        at: replace(whole.lines[at], caption=True) if at in boxed else _as_text(whole.lines[at], lead)
        for at in boxed | {*chosen, *shown}
    }
    others = _beside(whole.lines, shown, chosen, below.lines) | _files(page, story, chosen)
    lines_of.update((at, whole.lines[at]) for at in others if at not in lines_of)
    beside = others | boxed
    lines = [lines_of[at] for at in sorted(lines_of)]
    if below.credit_line is not None:
        lines.append(below.credit_line)
    return Story(tuple(lines), frozenset(lines_of[at] for at in beside))


def _shown(page: Page, story: Element, chosen: Sequence[int]) -> list[int]:
    """The places of the story's pictures, tables and embeds: from the title on, and as long as nothing else begins."""
    whole = flow(page)
    left_out, foreign = furniture(page), cards(page, story)
    first, behind = whole.span(story)
    last = max(chosen, default=first)
    places = []
    for at in range(_below_title(page, first), max(behind, last + 1)):
        line = whole.lines[at]
        if line.kind != "text":
            if not left_out[at] and at not in foreign and (at >= first or not line.linked or line.figure is not None):
                places.append(at)
        elif at > last and not _captions(line) and (line.level or len(line.text) >= _PARTING):
            break
    return places


def _below_title(page: Page, first: int) -> int:
    """The place below the title where it stands above the story's element, which begins at `first`; else `first`."""
    lines = flow(page).lines
    claims = head.claimed_titles(page, ())
    for at in range(max(0, first - _REACH), first):
        if lines[at].level == 1 or any(text.same_text(lines[at].text, claim) for claim in claims):
            return at + 1
    return first


def _beside(lines: Sequence[Line], shown: Sequence[int], chosen: Sequence[int], apart: frozenset[Line]) -> set[int]:
    """The places of texts that are not chosen but may be the captions of what is shown."""
    pictures = [at for at in shown if lines[at].kind == "picture"]
    figures = {lines[at].figure for at in pictures} - {None}
    found = set()
    for picture in pictures:
        for at in range(max(0, picture - _NEAR), min(len(lines), picture + _NEAR + 1)):
            line = lines[at]
            if line.kind == "text" and (
                line.figure in figures
                if line.figure is not None
                else line.caption or _may_caption(line, abs(at - picture))
            ):
                found.add(at)
    return {
        at
        for at in found.difference(chosen)
        if lines[at] not in apart and len(lines[at].text.encode()) >= _SHORTEST_CAPTION
    }


def _boxed_with(whole: Flow, place: int) -> list[int]:
    """The places of the lines that share a block with the picture at `place`, and with nothing else: its caption."""
    picture = whole.lines[place]
    if picture.kind != "picture" or picture.linked or picture.figure is not None:
        return []
    spans = (whole.spans.get(box, (0, 0)) for box in (picture.block, *picture.block.iterancestors()))
    first, behind = next((span for span in spans if span[1] - span[0] > 1), (0, 0))
    lines = whole.lines[first:behind]
    if any(line is not picture and (line.kind != "text" or line.level) for line in lines):
        return []
    words = [at for at in range(first, behind) if at != place and not LABEL.fullmatch(whole.lines[at].text)]
    captions = [whole.lines[at].text for at in words if not names_only_maker(whole.lines[at])]
    return words if len(captions) == 1 and _may_be_caption(captions[0]) else []


def _may_be_caption(words: str) -> bool:
    """Whether a text in one box with a picture is long enough to say something of it, and short enough to be no story."""
    parts = words.split()
    return len(words) <= _LONGEST_BOXED and (len(parts) >= _FEWEST_WORDS or max(map(len, parts)) >= _DENSE)


def _files(page: Page, story: Element, chosen: Sequence[int]) -> set[int]:
    """The places in the story's element of lines that are links to files and are not chosen."""
    whole, left_out = flow(page), furniture(page)
    first, behind = whole.span(story)
    return {
        at
        for at in range(first, behind)
        if whole.lines[at].linked
        and not left_out[at]
        and any(urls.is_file_link(urls.absolute(page.url, anchor.href) or "") for anchor in whole.lines[at].anchors)
    }.difference(chosen)


def _may_caption(line: Line, distance: int) -> bool:
    """Whether a text right beside a picture may be its caption, though nothing in the markup says so."""
    return (
        distance == 1
        and _CAPTION <= len(line.text) <= _LONGEST_CAPTION
        and not (line.linked or line.level or line.time)
        and line.item is None
    )


def _captions(line: Line) -> bool:
    return line.caption or (line.figure is not None and line.figure.tag == "figure")


def _as_text(line: Line, lead: Line | None) -> Line:
    """The lead as a paragraph, if it is set as a heading."""
    return replace(line, level=None) if line is lead and line.level else line
