"""Ho Chi Minh National Academy of Politics, https://hcma.vn: SharePoint with the product "SMPT Publishing".

Four generations of pages stand side by side; each numbers its items by itself. The oldest are read like the newest,
by the time line under the title, since their templates differ from one section to the next.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from archiver import text, urls
from archiver.rules.anchors import Landmarks
from archiver.rules.boxes import Remark, box, breadcrumb, items, remarks
from archiver.rules.flow import flow
from archiver.rules.head import claimed_titles
from archiver.rules.header import words
from archiver.rules.links import hrefs, numbered_pages
from archiver.rules.load_more import load_more
from archiver.rules.rule import first_of, only
from archiver.site import Address, Announced, Expect, Layout, Listing, Site, Sweep

if TYPE_CHECKING:
    from archiver.page import Page
    from archiver.rules.line import Line

HOME = "https://hcma.vn/"
NAMES = (
    "Học viện Chính trị quốc gia Hồ Chí Minh",
    "Học viện Chính trị Quốc gia Hồ Chí Minh",
    "Ho Chi Minh National Academy of Politics",
    "HCMA",
    "hcma.vn",
)
PRINT_VIEW = "SMPT_Publishing_UC/TinTuc/pPrintTinTuc.aspx"

_NUMBERED = re.compile(r"/(?P<web>en/)?(?:[^/]+/)*[^/]*-(?P<number>\d+)\.(?P<ending>html?)$", re.IGNORECASE)
_OLD_ENGLISH = re.compile(r"/home/news/[^/]*-(?P<number>\d+)$", re.IGNORECASE)
_CATEGORY = re.compile(r"chuyen-?muc|\bcat(?:e|egory)?[-_ ]|[-_ ]cat(?:e|egory)?\b|section-name", re.IGNORECASE)
_LONGEST_SECTION = 60
_COMMENT_COUNT = re.compile(r"(?:số lượng ý kiến bài viết|number of comments)\s*:?\s*(\d+)", re.IGNORECASE)

_COMMENT_MARKS = (
    "Bình luận", "Danh sách bình luận", r"Số lượng ý kiến bài viết: ?\d*", "Gửi bình luận", "Ý kiến bạn đọc",
    "Comments?", "List of comments", r"Number of comments: ?\d*", "Send",
)  # fmt: skip
_LATEST_MARKS = ("(?:Các )?tin mới(?: nhất| cập nhật)?", "Bài viết mới(?: nhất)?", "Latest (?:news|articles|items)")
_COUNTERS = (
    "Thống kê lượt truy cập", r"Lượt truy cập: ?[\d.,]*", r"Khách online: ?[\d.,]*", "(?:Visitor )?Statistics",
    r"Visits: ?[\d.,]*", r"Online: ?[\d.,]*",
)  # fmt: skip
COMMENT_MARK, LATEST_MARK, COUNTER = words(*_COMMENT_MARKS), words(*_LATEST_MARKS), words(*_COUNTERS)

LANDMARKS = Landmarks(
    toolbar=words(
        "Sign In", "Đăng nhập", "Chọn cỡ chữ(?: A a)?", "(?:Choose|Select) font size(?: A a)?", "xem cỡ chữ", "cỡ chữ",
        "T", "A", "a", "A[+-]", "Send story", "Print story", "In bài(?: viết)?", "In trang", "Bản in", "Print",
        "Gửi (?:email|mail|bài viết)", "Email", "Chia sẻ(?: bài viết)?", "Share", "Facebook", "Twitter", "Zalo", "Lưu bài",
        r"Lượt xem: [\d.,]*", r"[\d.,]+ lượt xem", "Quay lại", "Nghe đọc bài", "Tin chi tiết",
    ),
    end=words(
        "Alternate Text", *_COMMENT_MARKS, *_LATEST_MARKS, *_COUNTERS,
        "(?:Các )?tin (?:liên quan|khác|cùng chuyên mục)", "Bài viết (?:liên quan|khác)",
        "(?:Related|Other) (?:news|articles|stories|items)",
    ),
    glued_end=re.compile(
        r"(?:\s*(?:Alternate Text|Danh sách bình luận|Bình luận(?=\s*Danh sách)|Số lượng ý kiến bài viết:? ?\d*))+$"
    ),
    tags=re.compile(r"(?:Từ khóa|Từ khoá|Tags?|Keywords?)\s*:", re.IGNORECASE),
    site_names=NAMES,
)  # fmt: skip


def identify(url: str) -> Address | None:
    """Identity of the item at `url`: its number, within the generation or sub-web that counts by itself.

    `.htm` and the query forms share one space of numbers, `.html` is an older one, so is `CateID`; the English sub-web
    and the old English site have their own. Only the last number of a slug counts (`…-thang-102025-20090.htm`).
    """
    path = urlsplit(url).path
    if numbered := _NUMBERED.match(path):
        web = "en:" if numbered["web"] else "html:" if numbered["ending"].lower() == "html" else ""
        return Address(f"hcma:{web}{numbered['number']}", HOME.rstrip("/") + path)
    if old_english := _OLD_ENGLISH.match(path):
        return Address(f"hcma:english:{old_english['number']}", HOME.rstrip("/") + path)
    number = urls.query_value(url, "ItemID")
    if number is None or not number.isdecimal():
        return None
    category = urls.query_value(url, "CateID")
    if category is not None:
        return Address(f"hcma:cate:{number}", f"{HOME.rstrip('/')}{path}?ItemID={number}&CateID={category}")
    web = "en" if path.lower().startswith("/en/") else ""
    canonical = f"{HOME}{web}{'/' if web else ''}Pages/chi-tiet-tin.aspx?ItemID={number}"
    return Address(f"hcma:{web}{':' if web else ''}{number}", canonical)


def print_view(url: str) -> str | None:
    """The print view of a current item: title, time and text alone, often whole where the page is not."""
    found = identify(url)
    number = found.id.removeprefix("hcma:") if found else ""
    return f"{HOME}{PRINT_VIEW}?ItemID={number}" if number.isdecimal() else None


def _is_print_view(page: Page) -> bool:
    return "/pprint" in page.url.lower()


def _behind_article(page: Page) -> tuple[Line, ...]:
    reading = page.once(LANDMARKS.read)
    return flow(page).lines[reading.end :] if reading else ()


def latest_block(page: Page) -> tuple[Line, ...]:
    """The lines of the five newest items: under their heading, wherever it stands, else the first list behind the end."""
    behind = [line for line in _behind_article(page) if not LANDMARKS.toolbar.fullmatch(line.text)]
    reading = page.once(LANDMARKS.read)
    above = flow(page).lines[: reading.title_at] if reading else ()
    titled = box(behind, LATEST_MARK) or box(above, LATEST_MARK)
    if titled or not behind:
        return titled
    until = next((at for at, line in enumerate(behind) if COUNTER.fullmatch(line.text)), len(behind))
    return tuple(behind[:until])


def head_title(page: Page) -> str | None:
    """What the head calls the article, where no time line with a title was found."""
    return next(iter(claimed_titles(page, NAMES)), None)


def tags(page: Page) -> tuple[str, ...]:
    """The keywords behind their label."""
    for line in flow(page).lines:
        label = LANDMARKS.tags.match(line.text)
        if label:
            printed = [anchor.text for anchor in line.anchors] or re.split("[,;]", line.text[label.end() :])
            return tuple(dict.fromkeys(tag for each in printed if (tag := each.strip(" ."))))
    return ()


def comment_count(page: Page) -> int | None:
    """The number beside `Số lượng ý kiến bài viết`."""
    counts = (_COMMENT_COUNT.search(line.text) for line in _behind_article(page))
    return next((int(count[1]) for count in counts if count), None)


def comments(page: Page) -> tuple[Remark, ...]:
    """Names, times and texts between the comment marks and whatever follows them."""
    behind = _behind_article(page)
    first = next((at for at, line in enumerate(behind) if COMMENT_MARK.fullmatch(line.text)), len(behind))
    said = []
    for at in range(first, len(behind)):
        line = behind[at]
        if COMMENT_MARK.fullmatch(line.text):
            continue
        heads_comment = at + 1 < len(behind) and behind[at + 1].time is not None
        if (line.level and not heads_comment) or line.linked or LANDMARKS.end.fullmatch(line.text):
            break
        said.append(line)
    return remarks(said)


def categories(page: Page) -> tuple[str, ...]:
    """The levels of the breadcrumb, the article's own title left out."""
    title = LANDMARKS.title(page) or ""
    return tuple(level for level in page.once(breadcrumb) if not text.same_text(level, title))


def section_heading(page: Page) -> str | None:
    """The heading right above the title (or in its place, when only the head has it): on this product, the category."""
    reading = page.once(LANDMARKS.read)
    if reading is None:
        return None
    for line in reversed(flow(page).lines[: reading.title_at + 1]):
        if line.kind != "text" or text.same_text(line.text, reading.title) or LANDMARKS.toolbar.fullmatch(line.text):
            continue
        is_heading = (line.level and not line.linked) or _CATEGORY.search(line.block.get("class") or "")
        return line.text if is_heading and line.text not in NAMES and len(line.text) <= _LONGEST_SECTION else None
    return None


def section(page: Page) -> str | None:
    """The last level of the breadcrumb."""
    levels = categories(page)
    return levels[-1] if levels else None


def language(page: Page) -> str | None:
    """English under `/en/` and on the old English site."""
    path = urlsplit(page.url).path.lower()
    return "en" if "/en/" in path or "/home/news/" in path else None


def lists(site: Site, page: Page) -> Listing:
    """Items with their times, and every other page of the site that could list more: no plumbing, no files."""
    articles = items(flow(page).lines, page.url, site.place)
    others = (
        site.here(url) for url in (*hrefs(page), *numbered_pages(page), *load_more(page)) if site.address(url) is None
    )
    here = site.own(page.url)
    pages = dict.fromkeys(url for url in others if site.follows(url) and not urls.is_file_link(url))
    return Listing(articles, tuple(url for url in pages if site.own(url) != here))


SITE = Site(
    name="hcma",
    home=HOME,
    start_urls=(HOME,),
    timezone="Asia/Ho_Chi_Minh",
    language="vi",
    aliases=(("hcma.edu.vn", "hcma.vn"),),
    noise=urls.SHAREPOINT_NOISE,
    sources=(
        Announced(),
        Sweep(ids="hcma:", page=HOME + "Pages/chi-tiet-tin.aspx?ItemID={}"),
        Sweep(ids="hcma:en:", page=HOME + "en/Pages/chi-tiet-tin.aspx?ItemID={}", budget=50),
    ),
    site_names=NAMES,
    identify=identify,
    view_again=print_view,
    lists=lists,
    expect=Expect(articles=20, with_lead=0.9, with_body=0.9),
    # What these rules do not find is not there: a withdrawn article keeps its frame, with dates and titles that are not its
    # own; one whose text is missing is read in its print view; names stand with the text, and the keywords of the head are
    # the whole site's.
    layouts=(
        Layout(
            name="print",
            reads=_is_print_view,
            title=only(LANDMARKS.title),
            published=only(LANDMARKS.published),
            body=only(LANDMARKS.body),
            lead=only(),
            authors=only(),
            tags=only(),
            related=only(),
        ),
        Layout(
            name="detail",
            title=only(LANDMARKS.title, head_title),
            published=only(LANDMARKS.published),
            body=only(
                LANDMARKS.body_in("#News-content"),
                LANDMARKS.body_in(".article-detail"),
                LANDMARKS.body_in("#contenttin"),
                LANDMARKS.body_in(".img-class"),
                LANDMARKS.body,
            ),
            lead=only(),
            authors=only(),
            related=only(),
            latest=latest_block,
            comment_count=comment_count,
            comments=comments,
            categories=categories,
            section=first_of(section, section_heading),
            tags=only(tags),
            language=language,
        ),
    ),
)
