"""Article pages of the older generations: B (2021), A (2016 to 2018) and A's English site."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING

from archiver.demo.frame import printed_title
from archiver.demo.phrases import PHRASES
from archiver.demo.typesetting import text_of

if TYPE_CHECKING:
    from archiver.demo.house import House
    from archiver.demo.plan import Plan
    from archiver.demo.story import Story

_PAGE = (
    '<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8"><title>{title}</title></head>\n'
    '<body><div class="header"><a href="/">{home}</a></div>\n{body}\n<div class="footer"><p>© HCMA. {sample}</p></div></body></html>\n'
)
_MARK = "\ufeff"


def older_page(title: str, body: str, *, language: str = "vi", has_mark: bool = False) -> bytes:
    """A whole page of an old generation with `body` as its main part."""
    phrases = PHRASES[language]
    page = _PAGE.format(
        language=language, title=escape(title), home=phrases["home"], body=body, sample=phrases["sample"]
    )
    return ((_MARK if has_mark else "") + page).encode()


def article_page(plan: Plan, story: Story, origin: str) -> bytes:
    """The story's page in the manner of its generation."""
    dresses = {"B": _second, "A": _first, "A-en": _first_english}
    head = story.headline
    is_first = head.shelf.generation == "A"
    return older_page(
        printed_title(head),
        dresses[head.shelf.generation](plan.house, story, origin),
        language=head.shelf.language,
        has_mark=is_first and plan.house.old_has_mark,
    )


def has_own_credit(house: House, story: Story) -> bool:
    """Whether the credit line stands in an element of its own, outside the text."""
    if story.headline.shelf.generation == "B":
        return house.second_credit == "own"
    return story.headline.shelf.generation == "A" and story.credit_line.startswith("Tác giả")


def _second(house: House, story: Story, origin: str) -> str:
    """Generation B: the time to the second, no lists beside it."""
    head = story.headline
    section = head.shelf.section(head.place)
    own = has_own_credit(house, story)
    crumbs = f'<div class="breadcrumb"><a href="/">Trang chủ</a> / <a href="/{section.slug}/">{section.name}</a></div>'
    return (
        f'{crumbs if house.second_has_breadcrumb else ""}<h1 class="title-detail">{escape(printed_title(head))}</h1>\n'
        f'<div class="date-detail">{head.moment:%d/%m/%Y %H:%M:%S}</div>\n<div class="sapo">{escape(head.summary)}</div>\n'
        f'<div class="content-detail">{text_of(story, origin, lead="sapo", has_credit=not own)}</div>\n'
        + (f'<div class="author">{escape(story.credit_line)}</div>\n' if own and story.credit_line else "")
    )


def _first(house: House, story: Story, origin: str) -> str:
    """Generation A: a 12-hour clock beside an icon, indented text."""
    head = story.headline
    section = head.shelf.section(head.place)
    own = has_own_credit(house, story)
    text = text_of(story, origin, lead="body" if house.old_lead == "p" else "sapo", has_credit=not own)
    lead = {"strong": "<strong>{}</strong>", "tomtat": '<p class="tomtat">{}</p>', "p": ""}[house.old_lead]
    container = {"img-class": '<div class="img-class">', "contenttin": '<div id="contenttin">', "bare": "<div>"}
    heading = f'<h2 class="chuyen-muc">{escape(section.name)}</h2>\n' if house.old_has_section else ""
    return (
        f'{heading}<div class="row"><div class="col-xs-12 none-padding"><p class="tieu-de">{escape(printed_title(head))}</p></div>'
        '<div class="col-xs-6 none-padding sukien"><p><img src="/Publishing/images/date%20_ct.svg">\r\n'
        f"                {head.moment:%d/%m/%Y %I:%M %p}\r\n            </p></div></div>\n"
        f"{lead.format(escape(head.summary))}\n{container[house.old_body]}{text}</div>\n"
        + (f'<p class="tacgia">{escape(story.credit_line)}</p>\n' if own else "")
    )


def _first_english(_house: House, story: Story, origin: str) -> str:
    """The old English site: a stray apostrophe after the time, then links on the same line."""
    head = story.headline
    links = '<a href="javascript:void(0)">Send story</a> <a href="javascript:print()">Print story</a>'
    return (
        f'<div class="main"><h2 class="title">{escape(head.title)}</h2>\n'
        f'<div class="date">{head.moment:%d/%m/%Y %H:%M}\' {links}</div>\n'
        f'<p class="intro"><b>{escape(head.summary)}</b></p>\n<div class="body">{text_of(story, origin, lead="p b")}</div></div>\n'
    )
