"""Pages that lead to stories: home pages, sections with their fragments, the old archives."""

from __future__ import annotations

from html import escape
from itertools import islice
from typing import TYPE_CHECKING

from archiver.demo import addresses
from archiver.demo.frame import Frame, printed_title
from archiver.demo.older import older_page

if TYPE_CHECKING:
    from archiver.demo.plan import Plan
    from archiver.demo.shelves import Section, Shelf
    from archiver.demo.story import Headline

PAGE_SIZE = 20
_FEEDS = '<link rel="alternate" type="application/rss+xml" title="RSS" href="/rss.xml">'
_ON_HOME = 10
_ITEMS = {
    "article": '<article class="n-item"><div class="n-title"><a class="detail" id="{number}" href="{href}">{title}</a></div>'
    '{thumbnail}<div class="n-time">{time}</div><div class="n-noidung">{summary}</div></article>\n',
    "li": '<li class="n-item">{thumbnail}<h3><a href="{href}">{title}</a></h3><span>{time}</span><p>{summary}</p></li>\n',
    "div": '<div class="row item">{thumbnail}<div class="item-title"><a href="{href}">{title}</a></div>'
    '<div class="item-infor"><span>HCMA</span> <span>{time}</span></div><p>{summary}</p></div>\n',
}
_OLD_ITEMS = {
    "B": '<li><a href="{href}">{title}</a><p>{summary}</p></li>\n',
    "A": '<div class="row"><div class="col-xs-5"><a href="{href}"><img src="{picture}"></a></div><div class="col-xs-7">'
    '<p class="p-tieude"><a href="{href}">{title}</a></p><p class="time">{twelve}</p><p class="tomtat">{summary}</p></div></div>\n',
    "A-en": '<div class="item"><h3><a href="{href}">{title}</a></h3><p>{summary}</p></div>\n',
}


def home(plan: Plan, origin: str) -> bytes:
    """The front page: the newest items, each of them again in another spelling, and the way to everything else."""
    frame = Frame(plan, "c")
    current = plan.shelves["c"]
    listed = (place for place in current.newest_first if plan.desk.is_listed(current, place))
    heads = [plan.desk.headline(current, place) for place in islice(listed, _ON_HOME)]
    newest = [(accident.address, accident.headline) for accident in plan.accidents]
    newest += [(addresses.pretty(head), head) for head in heads]
    pretty = "".join(f'<li><a href="{escape(href)}">{escape(printed_title(head))}</a></li>' for href, head in newest)
    again = "".join(
        f'<li><a href="{escape(_again(head, at, origin))}">{escape(printed_title(head))}</a></li>'
        for at, head in enumerate(heads)
    )
    archives = "".join(
        f'<li><a href="{addresses.section_page(shelf, section)}">{escape(section.name)}</a></li>'
        for shelf in plan.shelves.values()
        if shelf.generation != "C"
        for section in shelf.sections
    )
    days = "".join(
        f'<td><a href="/Pages/lich-cong-tac.aspx?date=2026-03-{day:02}">{day}</a></td>' for day in range(9, 15)
    )
    column = (
        f'<h2>Tin mới</h2><ul class="tin-moi">{pretty}</ul><h2>Sự kiện</h2><ul class="su-kien">{again}</ul>'
        f'<h2>Lưu trữ</h2><ul class="luu-tru">{archives}</ul><h2>Lịch công tác</h2><table class="lich"><tr>{days}</tr></table>'
        '<p><a href="/Pages/dang-nhap.aspx">Đăng nhập</a> <a href="/Pages/lien-he.aspx">Liên hệ</a></p>'
    )
    feeds = _FEEDS if plan.desk.has_feeds else ""
    return frame.page(title=frame.phrase("site"), column=column, head=feeds)


def _again(head: Headline, at: int, origin: str) -> str:
    """Another address of a story: with a `cm` of its own, and for every fifth in capitals, host and all."""
    address = addresses.query(head, (4, 33)[at % 2], at)
    return (origin + address).upper() if at % 5 == 0 else address


def english_home(plan: Plan) -> bytes:
    """The front page of the English sub-web."""
    frame = Frame(plan, "en")
    rows = "".join(
        f'<li><a href="{addresses.pretty(head)}">{escape(head.title)}</a></li>' for head in plan.latest["en"]
    )
    column = f'<h2>Latest news</h2><ul>{rows}</ul><p><a href="/en/Pages/tin-tuc.aspx?page=1">All news</a></p>'
    return frame.page(title=frame.phrase("site"), column=column)


def section(plan: Plan, shelf: Shelf, chosen: Section, page: int = 1) -> bytes:
    """A section of the current site; the English one has its further pages at its own address."""
    frame = Frame(plan, shelf.name)
    column = f"<h1>{escape(chosen.name)}</h1>\n{_rows(plan, shelf, chosen, page)}"
    return frame.page(title=frame.titled(chosen.name), column=column)


def fragment(plan: Plan, chosen: Section, page: int) -> bytes:
    """The list alone, as the portal's script loads it into the page."""
    return f'<div class="ds-tin">{_rows(plan, plan.shelves["c"], chosen, page)}</div>\n'.encode()


def old_section(plan: Plan, shelf: Shelf, chosen: Section, page: int) -> bytes:
    """A listing of an old generation; beyond its last page it is empty."""
    listed = shelf.listed(chosen)
    heads = [plan.desk.headline(shelf, place) for place in listed.page(page, PAGE_SIZE)]
    rows = "".join(_old_row(chosen, head) for head in heads)
    last = _last_page(len(listed))
    form = {"B": "?page={}", "A": f"?CateID={chosen.number}&amp;date=&amp;page={{}}", "A-en": "?page={}"}[
        shelf.generation
    ]
    links = "".join(f'<li><a href="{form.format(number)}">{number}</a></li>' for number in _window(page, last))
    pager = f'<div class="paging"><ul>{links}</ul></div>'
    listed_rows = f"<ul>{rows}</ul>" if shelf.generation == "B" else rows
    return older_page(
        chosen.name,
        f"<h1>{escape(chosen.name)}</h1>\n<div class='list'>{listed_rows}</div>\n{pager}",
        language=shelf.language,
        has_mark=shelf.generation == "A" and plan.house.old_has_mark,
    )


def _rows(plan: Plan, shelf: Shelf, chosen: Section, page: int) -> str:
    """A page of a current section with its pager; a page that does not exist is page 1, as SharePoint has it."""
    listed = shelf.listed(chosen)
    last = _last_page(len(listed))
    page = page if 1 <= page <= last else 1
    places = [place for place in listed.page(page, PAGE_SIZE) if plan.desk.is_listed(shelf, place)]
    heads = [plan.desk.headline(shelf, place) for place in places]
    form = _ITEMS[plan.house.listing]
    rows = "".join(form.format(**_row(head, addresses.in_listing(head, chosen))) for head in heads)
    if plan.house.listing == "li":
        rows = f"<ul>{rows}</ul>"
    return rows + _pager(Frame(plan, shelf.name), shelf, chosen, page, last)


def _pager(frame: Frame, shelf: Shelf, chosen: Section, page: int, last: int) -> str:
    def link(number: int, label: str) -> str:
        href = addresses.fragment(chosen, number) if shelf.name == "c" else f"?page={number}"
        return f'<li><a data-page="{number}" href="{escape(href)}">{label}</a></li>'

    numbers = "".join(link(number, str(number)) for number in _window(page, last))
    ends = link(min(page + 1, last), frame.phrase("next")) + link(last, frame.phrase("last"))
    return f'<ul class="pagination">{link(1, frame.phrase("first"))}{numbers}{ends}</ul>\n' if last > 1 else ""


def _window(page: int, last: int) -> range:
    return range(max(1, page - 2), min(last, page + 2) + 1)


def _last_page(items: int) -> int:
    return max(1, -(-items // PAGE_SIZE))


def _row(head: Headline, href: str) -> dict[str, str]:
    return {
        "number": str(head.number),
        "href": escape(href),
        "title": escape(printed_title(head)),
        "time": f"{head.moment:%H:%M %d/%m/%Y}",
        "twelve": f"{head.moment:%d/%m/%Y %I:%M %p}",
        "summary": escape(head.summary),
        "picture": head.picture,
        "thumbnail": f'<a href="{escape(href)}"><img src="{head.picture}" alt="" width="120" height="80"></a>',
    }


def _old_row(chosen: Section, head: Headline) -> str:
    shelf = head.shelf
    href = addresses.pretty(head)
    if shelf.generation == "A":
        order = (f"?CateID={chosen.number}&ItemID={head.number}", f"?ItemID={head.number}&CateID={chosen.number}")
        href = order[head.place % 2]
    return _OLD_ITEMS[shelf.generation].format(**_row(head, href))
