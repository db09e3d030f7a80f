"""Which page stands at which address."""

from __future__ import annotations

import re
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from archiver.demo import bad_pages, bad_robots, current, listing, older
from archiver.demo.files import file_reply
from archiver.demo.reply import Reply

if TYPE_CHECKING:
    from archiver.demo.plan import Plan
    from archiver.demo.shelves import Shelf

_ROBOTS = b"User-agent: *\nDisallow: /_layouts/\nDisallow: /_vti_bin/\n"
_SIGN_IN = "/Pages/dang-nhap.aspx?ReturnUrl=%2F"
_PRETTY = re.compile(r"/(en/)?[^/]*-(\d+)\.htm")
_SECOND = re.compile(r"/[^/]+/[^/]*-(\d+)\.html")
_FIRST_ENGLISH = re.compile(r"/home/news/[^/]*-(\d+)")
_DETAIL = re.compile(r"/(en/)?pages/chi-tiet-tin(-tuc)?\.aspx")
_PRINT = re.compile(r"/(en/)?smpt_publishing_uc/tintuc/pprinttintuc\.aspx")
_FRAGMENT = "/smpt_publishing_uc/tintuc/frmdstintuc.aspx"
_FILES = re.compile(r"/(uploads|uploaded|publishing|content|_layouts|noidung|image)\b.*")


def reply(plan: Plan, path_and_query: str, origin: str) -> Reply:
    """The reply for an address. As on SharePoint, the case of paths and of parameter names does not matter."""
    parts = urlsplit(path_and_query)
    path = unquote(parts.path).lower()
    query = {name.lower(): value for name, value in parse_qsl(parts.query)}
    return (
        bad_pages.reply(plan, path, parts.query, origin)
        or bad_robots.reply(plan, path, _ROBOTS)
        or _fixed(plan, path, query, origin)
        or _listing(plan, path, query)
        or _current(plan, path, query, origin)
        or _older(plan, path, query, origin)
        or _file(path, query)
        or _missing(path)
    )


def file_of(path_and_query: str) -> tuple[str, str]:
    """Path and name of the file at an address, as `files` takes them."""
    parts = urlsplit(path_and_query)
    path = unquote(parts.path).lower()
    return path, {name.lower(): value for name, value in parse_qsl(parts.query)}.get("path", path)


def _fixed(plan: Plan, path: str, query: dict[str, str], origin: str) -> Reply | None:
    """Front pages, and pages that lead to no story."""
    if path in ("/", "/default.aspx", "/pages/default.aspx"):
        return _listed(plan, plan.shelves["c"], listing.home(plan, origin))
    if path in ("/en", "/en/", "/en/pages/default.aspx"):
        return _listed(plan, plan.shelves["en"], listing.english_home(plan))
    if path == "/robots.txt":
        sitemap = f"Sitemap: {origin}/sitemap.xml\n" if plan.desk.has_feeds else ""
        return Reply(_ROBOTS + sitemap.encode(), kind="text/plain; charset=utf-8")
    if path == "/_layouts/15/authenticate.aspx":
        return Reply(status=302, location=_SIGN_IN)
    chrome = {
        "/pages/dang-nhap.aspx": "<h1>Đăng nhập</h1><form method='post'><input name='user'><input type='password'></form>",
        "/pages/tim-kiem.aspx": "<h1>Tìm kiếm</h1><form><input name='q'></form><p>Nhập từ cần tìm.</p>",
        "/pages/lien-he.aspx": "<h1>Liên hệ</h1><p>Địa chỉ: số 1, phố Mẫu.</p>",
        "/pages/lich-cong-tac.aspx": f"<h1>Lịch công tác</h1>{_calendar(query.get('date', ''))}",
    }.get(path)
    return Reply(older.older_page("HCMA", chrome)) if chrome else None


def _calendar(day: str) -> str:
    """Links to the days around, without end in either direction."""
    ordinal = int(found[1]) if (found := re.search(r"(\d{1,6})$", day)) else 1
    near = (ordinal - 1, ordinal + 1)
    return "".join(f'<a href="/Pages/lich-cong-tac.aspx?date=ngay-{number}">Ngày {number}</a> ' for number in near)


def _listing(plan: Plan, path: str, query: dict[str, str]) -> Reply | None:
    page = _number(query.get("page")) or 1
    if path == "/en/pages/tin-tuc.aspx":
        english = plan.shelves["en"]
        return _listed(plan, english, listing.section(plan, english, english.sections[0], page))
    if path == _FRAGMENT:
        chosen = plan.section(plan.shelves["c"], _number(query.get("cm")) or 0)
        return _listed(plan, plan.shelves["c"], listing.fragment(plan, chosen, page)) if chosen else None
    for chosen in plan.shelves["c"].sections:
        if path.rstrip("/") == f"/chuyen-muc/{chosen.slug}":
            return _listed(plan, plan.shelves["c"], listing.section(plan, plan.shelves["c"], chosen))
    for shelf in (plan.shelves[name] for name in ("html", "cate", "notice", "english")):
        for chosen in shelf.sections:
            bare = "/home/news" if shelf.generation == "A-en" else f"/{chosen.slug}"
            if path.rstrip("/") == bare and "itemid" not in query:
                return Reply(listing.old_section(plan, shelf, chosen, page))
    return None


def _listed(plan: Plan, shelf: Shelf, page: bytes) -> Reply:
    """A page that shows items of the shelf."""
    return Reply(page, modified=plan.desk.changed_at(shelf, None))


def _current(plan: Plan, path: str, query: dict[str, str], origin: str) -> Reply | None:
    """A story of generation C; any number that is not there gives the page without a story."""
    found, number = _PRETTY.fullmatch(path), None
    if found:
        number = int(found[2])
    elif found := _DETAIL.fullmatch(path) or _PRINT.fullmatch(path):
        number = _number(query.get("itemid"))
    if not found:
        return None
    shelf = plan.shelves["en" if found[1] else "c"]
    place = shelf.place_numbered(number) if number is not None else None
    absence = plan.desk.absence(shelf, place) if place is not None else "soft 404"
    if absence == "sign in":
        return Reply(status=302, location=_SIGN_IN)
    if place is None or absence:
        status = 200 if absence == "soft 404" else int(absence)
        return Reply(current.withdrawn_page(plan, shelf), status=status)
    dress = current.print_page if found.re is _PRINT else current.article_page
    page = dress(plan, plan.desk.story(shelf, place), origin)
    return Reply(page, modified=plan.desk.changed_at(shelf, place))


def _older(plan: Plan, path: str, query: dict[str, str], origin: str) -> Reply | None:
    if found := _SECOND.fullmatch(path):
        return _old_story(plan, plan.shelves["html"], int(found[1]), origin)
    if found := _FIRST_ENGLISH.fullmatch(path):
        return _old_story(plan, plan.shelves["english"], int(found[1]), origin)
    for shelf in (plan.shelves["cate"], plan.shelves["notice"]):
        if path == f"/{shelf.sections[0].slug}":
            return _old_story(plan, shelf, _number(query.get("itemid")) or 0, origin)
    return None


def _old_story(plan: Plan, shelf: Shelf, number: int, origin: str) -> Reply | None:
    place = shelf.place_numbered(number)
    return None if place is None else Reply(older.article_page(plan, plan.desk.story(shelf, place), origin))


def _file(path: str, query: dict[str, str]) -> Reply | None:
    """A picture, attachment or icon."""
    if not _FILES.fullmatch(path):
        return None
    return file_reply(path, query.get("path", path))


def _missing(path: str) -> Reply:
    body = f"<h1>404</h1><p>Không tìm thấy trang {escape(path)}</p>"
    return Reply(older.older_page("404", body), status=404)


def _number(text: str | None) -> int | None:
    """The number in a parameter, if it is one of a sane length."""
    return int(text) if text and re.fullmatch(r"[0-9]{1,9}", text) else None
