"""Article pages of the current generation (C): the normal page, the print view, the empty page of a withdrawn item."""

from __future__ import annotations

import json
from html import escape
from typing import TYPE_CHECKING

from archiver.demo import addresses
from archiver.demo.frame import Frame, printed_title
from archiver.demo.typesetting import text_of

if TYPE_CHECKING:
    from archiver.demo.plan import Plan
    from archiver.demo.shelves import Shelf
    from archiver.demo.story import Remark, Story

_CONTAINERS = {
    "class and id": '<div class="article-detail">{head}<div id="News-content">{text}</div>{tail}</div>',
    "class": '<div class="article-detail">{head}<div>{text}</div>{tail}</div>',
    "id": '<div>{head}<div id="News-content">{text}</div>{tail}</div>',
    "rich text": '<div class="news-content">{head}<div class="ms-rtestate-field">{text}</div>{tail}</div>',
    "bare divs": "<div>{head}<div>{text}</div>{tail}</div>",
    "table": "<table width='100%'><tr><td>{head}</td></tr><tr><td>{text}</td></tr><tr><td>{tail}</td></tr></table>",
}
_WRAPPERS = (
    '<div class="ms-webpart-zone ms-fullWidth">',
    '<div id="MSOZoneCell_WebPartWPQ2" class="s4-wpcell-plain">',
    '<div class="ms-webpart-chrome">',
    '<div class="col-md-8">',
)


def article_page(plan: Plan, story: Story, origin: str) -> bytes:
    """The normal page of a story; of a broken one it has the title and the time alone."""
    frame = Frame(plan, story.headline.shelf.name)
    style = plan.house
    head = story.headline
    lead = "" if style.lead_place in ("body", "bold in body") else escape(head.summary)
    text = text_of(story, origin, lead=style.lead_place)
    if story.is_broken:
        lead = text = ""
    top = _category(frame, head.shelf.section(head.place).name) + _title(plan, printed_title(head))
    share = _share(frame, addresses.print_view(head))
    opening = (
        top + (share if style.share == "before" else "") + _time_and_lead(frame, f"{head.moment:%H:%M %d/%m/%Y}", lead)
    )
    tail = (
        (share if style.share == "after" else "")
        + _alternate(plan)
        + _tags(frame, story)
        + comments(frame, story.remarks)
    )
    column = _CONTAINERS[style.container].format(head=opening, text=text, tail=tail + frame.latest("column"))
    return frame.page(
        title=frame.titled(printed_title(head)),
        head=_meta(frame, story, origin),
        column=_breadcrumb(frame, story) + _wrapped(column, style.depth),
        has_latest=True,
    )


def withdrawn_page(plan: Plan, shelf: Shelf) -> bytes:
    """What the site shows for an item it no longer has: the page round it, with status 200."""
    frame = Frame(plan, shelf.name)
    opening = _category(frame, frame.phrase("news"))
    tail = _alternate(plan) + frame.latest("column")
    column = _CONTAINERS[plan.house.container].format(head=opening, text="", tail=tail)
    return frame.page(title=frame.phrase("site"), column=_wrapped(column, plan.house.depth), has_latest=True)


def print_page(plan: Plan, story: Story, origin: str) -> bytes:
    """The print view: title, time, lead, text, pictures and credit line."""
    frame = Frame(plan, story.headline.shelf.name)
    head, style = story.headline, plan.house
    in_body = style.lead_place in ("body", "bold in body")
    lead = "" if in_body else f'<div class="sapo"><b>{escape(head.summary)}</b></div>'
    tag = style.print_title
    title = escape(printed_title(head))
    return (
        f"<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title>{escape(frame.phrase('print'))}</title></head>"
        f'<body onload="window.print()"><div class="print"><{tag} class="title">{title}</{tag}>'
        f'<div class="time">{head.moment:%H:%M %d/%m/%Y}</div>{lead}'
        f'<div class="content">{text_of(story, origin, lead=style.lead_place)}</div></div></body></html>\n'
    ).encode()


def comments(frame: Frame, remarks: tuple[Remark, ...]) -> str:
    """The block of readers' comments, if the house has one."""
    form = frame.plan.house.comments
    if form == "none":
        return ""
    count = f"<p>{frame.phrase('comment count')} {len(remarks)}</p>"
    rows = "".join(
        _REMARKS[form].format(remark.author, f"{remark.moment:%H:%M %d/%m/%Y}", remark.text) for remark in remarks
    )
    listed = f"<ul>{rows}</ul>" if form == "list" else rows
    return (
        f'<div class="binh-luan"><h3>{frame.phrase("comments")}</h3><textarea name="ykien"></textarea>'
        f'<input type="button" value="{frame.phrase("send")}"><h4>{frame.phrase("comment list")}</h4>{count}{listed}</div>\n'
    )


_REMARKS = {
    "list": '<li><b>{0}</b> <span class="time">{1}</span><p>{2}</p></li>',
    "divs": '<div class="comment"><div class="ten">{0}</div><div class="ngay">{1}</div><div class="noi-dung">{2}</div></div>',
}


def _title(plan: Plan, title: str) -> str:
    style = plan.house
    if style.title_place == "title element":
        return ""
    name = f' class="{style.title_class}"' if style.title_class else ""
    return f"<{style.title_place}{name}>{escape(title)}</{style.title_place}>\n"


def _category(frame: Frame, name: str) -> str:
    return f"<h1>{escape(name)}</h1>\n" if frame.plan.house.category_in_h1 else ""


def _time_and_lead(frame: Frame, time: str, lead: str) -> str:
    """The time line, the font tool, and the lead where the house puts it."""
    style = frame.plan.house
    name = f' class="{style.time_class}"' if style.time_class else ""
    tool = (
        f'{frame.phrase("font")} <a href="javascript:void(0)">A</a> <a href="javascript:void(0)">a</a> &nbsp; &nbsp; '
    )
    glued = f" {tool}" if style.font_tool == "glued" else ""
    own = f'<div class="co-chu">{tool}</div>' if style.font_tool == "own" else ""
    if style.lead_place == "after time" and lead:
        return f"<div{name}>&nbsp; {time}{glued}<br>{lead}</div>\n"
    if style.lead_place == "in time" and lead:
        return f"<div{name}><span>{time}</span>{glued}<p>{lead}</p></div>\n"
    forms = {"sapo": '<div class="sapo">{}</div>', "strong": "<strong>{}</strong>", "p b": "<p><b>{}</b></p>"}
    marked = forms.get(style.lead_place, "{}").format(lead) if lead else ""
    return f"<div{name}>  {time}{glued}</div>{own}\n{marked}\n"


def _share(frame: Frame, print_view: str) -> str:
    if frame.plan.house.share == "none":
        return ""
    return (
        f'<div class="share"><a href="javascript:void(0)">{frame.phrase("share")}</a> '
        f'<a href="{print_view}" target="_blank"><img src="/Content/publishing/img/print.png" alt=""> '
        f"{frame.phrase('print')}</a></div>\n"
    )


def _alternate(plan: Plan) -> str:
    return f'<img src="{plan.house.alternate_src}" alt="Alternate Text">\n' if plan.house.has_alternate_text else ""


def _tags(frame: Frame, story: Story) -> str:
    if not frame.plan.house.has_tags or not story.tags or story.is_broken:
        return ""
    links = ", ".join(f'<a href="/Pages/tim-kiem.aspx?tag={number}">{tag}</a>' for number, tag in enumerate(story.tags))
    return f'<div class="tags"><span>{frame.phrase("tags")}</span> {links}</div>\n'


def _breadcrumb(frame: Frame, story: Story) -> str:
    style = frame.plan.house
    if not style.has_breadcrumb:
        return ""
    shelf = story.headline.shelf
    section = shelf.section(story.headline.place)
    levels = [(frame.phrase("home"), "/en" if frame.web == "en" else "/")]
    if section.parent != section.name:
        levels.append((section.parent, "javascript:void(0)"))
    levels.append((section.name, addresses.section_page(shelf, section)))
    links = [f'<a href="{href}">{escape(name)}</a>' for name, href in levels]
    if style.breadcrumb == "ul":
        return '<ul class="breadcrumb">{}</ul>\n'.format("".join(f"<li>{link}</li>" for link in links))
    return '<div class="breadcrumb">{}</div>\n'.format(" <span>&raquo;</span> ".join(links))


def _wrapped(column: str, depth: int) -> str:
    wrappers = _WRAPPERS[:depth]
    return "".join(wrappers) + column + "</div>" * len(wrappers) + "\n"


def _meta(frame: Frame, story: Story, origin: str) -> str:
    """What the head element says of the story."""
    style, head = frame.plan.house, story.headline
    title = printed_title(head)
    address = escape(origin + addresses.pretty(head))
    lines = [f'<meta name="description" content="{escape(head.summary)}">']
    if style.has_og_title:
        shown = escape(frame.titled(title) if style.og_has_suffix else title)
        lines.append(f'<meta property="og:title" content="{shown}"><meta property="og:url" content="{address}">')
    if style.section_property:
        section = escape(head.shelf.section(head.place).name)
        lines.append(f'<meta property="{style.section_property}" content="{section}">')
    if style.has_canonical:
        lines.append(f'<link rel="canonical" href="{address}">')
    if style.has_jsonld:
        article = {
            "@context": "https://schema.org",
            "@type": "NewsArticle",
            "headline": title,
            "datePublished": head.moment.replace(second=0).isoformat(),
        }
        lines.append(f'<script type="application/ld+json">{json.dumps(article, ensure_ascii=False)}</script>')
    return "\n".join(lines)
