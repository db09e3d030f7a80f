"""What stands round every current page: head element, sign-in link, menu, sidebar, newest items, counters."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

from archiver.demo import addresses
from archiver.demo.phrases import PHRASES

if TYPE_CHECKING:
    from archiver.demo.plan import Plan
    from archiver.demo.story import Headline

_SUFFIX = {" - Học viện Chính trị quốc gia Hồ Chí Minh": " - Ho Chi Minh National Academy of Politics"}
_ZONE = "ctl00_ctl39_g_5b2f7c1e_9d04_4c6a_8e11_7f3d2a90c4b"
_ASP = '<input type="hidden" name="__VIEWSTATE" value="/wEPDwUKLTYx"><input type="hidden" name="__REQUESTDIGEST" value="0x1A,2">'


@dataclass(frozen=True, slots=True)
class Frame:
    """The surroundings of one page."""

    plan: Plan
    web: str
    """`c` for the Vietnamese pages, `en` for the English sub-web."""

    @property
    def language(self) -> str:
        """Of the whole page."""
        return "en" if self.web == "en" else "vi"

    def phrase(self, name: str) -> str:
        """A fixed text of the pages, in their language."""
        return PHRASES[self.language][name]

    def page(self, *, title: str, column: str, head: str = "", has_latest: bool = False) -> bytes:
        """A whole page with `column` as its main part."""
        style = self.plan.house
        at_end = self.latest("end") if has_latest else ""
        beside = self.sidebar(has_latest=has_latest)
        if style.sidebar == "table before":
            middle = f"<table class='khung'><tr><td valign='top'>{beside}</td><td>{column}</td></tr></table>"
        else:
            middle = {"before": beside + column, "none": column}.get(style.sidebar, column + beside)
        body = f"{self.top()}<div id='s4-workspace'>{middle}{at_end}</div>{self.bottom()}"
        if style.has_form:
            body = f"<form method='post' action='./' id='aspnetForm'>{_ASP}{body}</form>"
        return (
            f"<!DOCTYPE html>\n<html lang='{self.language}'><head><meta charset='utf-8'><title>{escape(title)}</title>"
            f"{head}<link rel='stylesheet' href='/Content/publishing/css/site.css'></head>\n<body>{body}</body></html>\n"
        ).encode()

    def titled(self, title: str) -> str:
        """The text of the `<title>` element for a page of this title."""
        suffix = self.plan.house.title_suffix
        return title + (_SUFFIX.get(suffix, suffix) if self.language == "en" else suffix)

    def top(self) -> str:
        """Sign-in link, banner, menu, search field."""
        menu = "".join(
            f'<li><a href="{addresses.section_page(shelf, section)}">{escape(section.name)}</a></li>'
            for shelf in (self.plan.shelves[self.web],)
            for section in shelf.sections
        )
        home, other = ("/en", "/") if self.web == "en" else ("/", "/en")
        return (
            '<div class="welcome"><a href="/_layouts/15/Authenticate.aspx?Source=%2F">Sign In</a></div>'
            f'<div class="banner"><a href="{home}"><img src="/Content/publishing/img/logo.png" alt="HCMA"></a></div>'
            f'<ul class="menu"><li><a href="{home}">{self.phrase("home")}</a></li>{menu}'
            f'<li><a href="{other}">{self.phrase("other")}</a></li>'
            f'<li><a href="/Pages/tim-kiem.aspx">{self.phrase("search")}</a></li>'
            '<li><a href="javascript:void(0)" onclick="return false">&#9776;</a></li></ul>\n'
        )

    def bottom(self) -> str:
        """Counters, which a script fills unless the desk counts, and the address of the office."""
        visits = self.plan.desk.visits
        count = "" if visits is None else f" {visits}"
        return (
            f'<div class="footer"><div class="thong-ke"><p>{self.phrase("visits")}</p><p>{self.phrase("hits")}{count}</p>'
            f"<p>{self.phrase('online')}</p></div><p>{self.phrase('sample')}</p>"
            '<p><a href="mailto:bbt@newsroom.test">bbt@newsroom.test</a></p></div>'
            '<script src="/Content/publishing/js/smportal.js"></script>\n'
        )

    def sidebar(self, *, has_latest: bool) -> str:
        """Two boxes of promoted items, their titles and times, and the newest items in some houses."""
        if self.plan.house.sidebar == "none":
            return ""
        promoted = self.plan.promoted[self.web]
        boxes = "".join(
            f'<div class="box"><h3>{self.phrase(name)}</h3><ul>{"".join(map(_promoted, items))}</ul></div>'
            for name, items in (("highlights", promoted[:3]), ("most read", promoted[3:]))
        )
        newest = self.latest("sidebar") if has_latest else ""
        return f'<div class="sidebar" id="{_ZONE}">{boxes}{newest}</div>\n'

    def latest(self, place: str) -> str:
        """The block of the newest items, if the house has it at this place."""
        style = self.plan.house
        if style.latest_place != place:
            return ""
        items = [_LATEST[style.latest].format(**_row(head)) for head in self.plan.latest[self.web]]
        inside = {"ul": "<ul>{}</ul>", "table": "<table>{}</table>"}.get(style.latest, "{}").format("".join(items))
        heading = f"<h3>{self.phrase('latest')}</h3>" if style.latest_heading or place == "sidebar" else ""
        return f'<div class="tin-moi">{heading}{inside}</div>\n'


_LATEST = {
    "div": '<div class="item"><div class="n-title"><a href="{href}">{title}</a></div><div class="n-time">{time}</div>'
    '<div class="n-noidung">{summary}</div></div>',
    "ul": '<li><a href="{href}">{title}</a><br><span>{time}</span><p>{summary}</p></li>',
    "table": '<tr><td><a href="{href}">{title}</a><br>{time}<br>{summary}</td></tr>',
}


def printed_title(head: Headline) -> str:
    """The title in the Unicode form in which the pages have it."""
    return unicodedata.normalize("NFD", head.title) if head.decomposed else head.title


def _row(head: Headline) -> dict[str, str]:
    return {
        "href": addresses.pretty(head),
        "title": escape(printed_title(head)),
        "time": f"{head.moment:%H:%M %d/%m/%Y}",
        "summary": escape(head.summary),
    }


def _promoted(head: Headline) -> str:
    return '<li><a href="{href}">{title}</a> <span>{time}</span></li>'.format(**_row(head))
