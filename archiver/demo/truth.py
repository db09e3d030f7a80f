"""The record that each story must become, made from the story and never from its pages."""

from __future__ import annotations

import mimetypes
from typing import TYPE_CHECKING, Any

from archiver.article import Article, Attachment, Block, Comment, Image, Precision, Related, jsonable
from archiver.demo import addresses
from archiver.demo.story import Bullets, Clip, File, Grid, Heading, Part, Picture, Quote, Story, Text

if TYPE_CHECKING:
    from archiver.demo.plan import Plan

_OF_THE_FETCH = (
    "schema_version",
    "revision",
    "revision_id",
    "supersedes",
    "status",
    "change",
    "url",
    "canonical_url",
    "aliases",
    "first_seen_at",
    "fetched_at",
    "capture",
    "extractor",
    "quality",
)
_TIMES: dict[str, tuple[str, Precision]] = {
    "C": ("%H:%M %d/%m/%Y", "minute"),
    "B": ("%d/%m/%Y %H:%M:%S", "second"),
    "A": ("%d/%m/%Y %I:%M %p", "minute"),
    "A-en": ("%d/%m/%Y %H:%M'", "minute"),
}


def record(plan: Plan, story: Story, origin: str) -> dict[str, Any]:
    """The story as a line of the dump at this origin, without the fields that only a fetch can give."""
    line: dict[str, Any] = jsonable(_article(plan, story, origin))
    return {name: value for name, value in line.items() if name not in _OF_THE_FETCH}


def _article(plan: Plan, story: Story, origin: str) -> Article:
    head = story.headline
    form, precision = _TIMES[head.shelf.generation]
    blocks = _blocks(story)
    has_comments = story.has_surroundings and plan.house.comments != "none"
    section, categories = _sections(plan, story)
    return Article(
        id=head.id,
        site="hcma",
        language=head.shelf.language,
        url="",
        canonical_url="",
        title=head.title,
        lead=head.lead,
        published_at=head.moment if precision == "second" else head.moment.replace(second=0),
        published_raw=head.moment.strftime(form),
        published_precision=precision,
        body="\n\n".join(block.plain for block in blocks if block.plain),
        blocks=blocks,
        images=tuple(_image(part, origin) for part in story.parts if isinstance(part, Picture)),
        authors=story.credits,
        credit_line=story.credit_line,
        section=section,
        categories=categories,
        tags=story.tags if story.has_surroundings and plan.house.has_tags else (),
        attachments=_attachments(story, origin),
        related=_latest(plan, head.shelf.name, origin) if story.has_surroundings else (),
        comment_count=len(story.remarks) if has_comments else None,
        comments=_comments(story) if has_comments else (),
    )


def _blocks(story: Story) -> tuple[Block, ...]:
    """The parts as blocks; lines of files are none."""
    blocks: list[Block] = []
    for part in story.parts:
        if isinstance(part, Picture):
            blocks.append(Block(type="image", image=sum(block.type == "image" for block in blocks)))
        elif not isinstance(part, File):
            blocks.append(_block(part))
    return tuple(blocks)


def _block(part: Part) -> Block:
    match part:
        case Text(text):
            return Block(type="paragraph", text=text)
        case Heading(text, level):
            return Block(type="heading", text=text, level=level)
        case Quote(paragraphs):
            return Block(type="quote", text="\n".join(paragraphs))
        case Bullets(items, ordered):
            return Block(type="list", items=items, ordered=ordered)
        case Grid(rows):
            return Block(type="table", rows=rows)
        case Clip(url, title):
            return Block(type="embed", url=url, text=title)
    message = f"no block for {part}"
    raise TypeError(message)


def _image(part: Picture, origin: str) -> Image:
    width, height = part.size or (None, None)
    return Image(
        url=origin + part.address,
        alt=part.alt or "",
        caption=part.caption,
        credit=part.credit,
        width=width,
        height=height,
    )


def _attachments(story: Story, origin: str) -> tuple[Attachment, ...]:
    """Files on lines of their own, and those that a paragraph links to."""
    links = [_link(part) for part in story.parts]
    return tuple(
        Attachment(
            url=address if address.startswith("http://") else origin + address,
            title=title,
            media_type=mimetypes.guess_type(address)[0],
            state="broken" if address.startswith("http://ajc-app") else "listed",
        )
        for address, title in links
        if address
    )


def _link(part: Part) -> tuple[str, str]:
    """Address and words of the file that a part links to, both empty without one."""
    match part:
        case File(address, title):
            return address, title
        case Text(link=link, linked=linked):
            return link, linked
    return "", ""


def _latest(plan: Plan, web: str, origin: str) -> tuple[Related, ...]:
    """The newest items, as every current page of the language shows them."""
    if plan.house.latest_place == "none":
        return ()
    return tuple(
        Related(
            title=head.title,
            url=origin + addresses.pretty(head),
            published_at=head.moment.replace(second=0),
            summary=head.summary,
            relation="latest",
        )
        for head in plan.latest[web]
    )


def _comments(story: Story) -> tuple[Comment, ...]:
    return tuple(
        Comment(author=remark.author, published_at=remark.moment, text=remark.text) for remark in story.remarks
    )


def _sections(plan: Plan, story: Story) -> tuple[str | None, tuple[str, ...]]:
    """The section that the page prints, and the levels of its breadcrumb."""
    head, house = story.headline, plan.house
    section = head.shelf.section(head.place)
    levels: tuple[str, ...]
    if story.has_surroundings:
        levels = (section.parent, section.name) if section.parent != section.name else (section.name,)
        is_printed = house.has_breadcrumb or house.category_in_h1 or bool(house.section_property)
        has_breadcrumb = house.has_breadcrumb
    elif head.shelf.generation == "B":
        levels, is_printed, has_breadcrumb = (section.name,), house.second_has_breadcrumb, house.second_has_breadcrumb
    else:
        levels, is_printed, has_breadcrumb = (
            (section.name,),
            head.shelf.generation == "A" and house.old_has_section,
            False,
        )
    return section.name if is_printed else None, levels if has_breadcrumb else ()
