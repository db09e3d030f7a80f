"""A real article's text set into HTML that differs in structure. The text is read at run time; it is not ours to keep."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import escape
from itertools import cycle
from pathlib import Path

SEED = Path(__file__).parents[2] / "shared" / "seed" / "article.txt"
URL = "https://hcma.vn/hop-ban-chi-dao-19239.htm"


@dataclass(frozen=True)
class Text:
    """The parts of the seed, in order of the page."""

    title: str
    time: str
    parts: tuple[tuple[str, str], ...]
    """(kind, text): paragraph or caption."""
    credit: str
    latest: tuple[tuple[str, str, str], ...]

    @property
    def paragraphs(self):
        return [text for kind, text in self.parts if kind == "paragraph"]

    @property
    def captions(self):
        return [text for kind, text in self.parts if kind == "caption"]


def read_seed() -> Text:
    lines = [line.strip() for line in SEED.read_text(encoding="utf-8").splitlines() if line.strip()]
    credit = next(at for at, line in enumerate(lines) if line.startswith("Tin: "))
    body = [("paragraph" if line.endswith(".") else "caption", line) for line in lines[4:credit]]
    rest = lines[credit + 5 : lines.index("Thống kê lượt truy cập")]
    return Text(
        title=lines[1],
        time=lines[2],
        parts=tuple(body),
        credit=lines[credit],
        latest=tuple(zip(rest[0::3], rest[1::3], rest[2::3], strict=True)),
    )


def _latest_url(number: int) -> str:
    return f"/ban-tin-moi-{number}-{20300 + number}.htm"


def latest_divs(seed: Text) -> str:
    return "".join(
        f'<div class="item"><a href="{_latest_url(n)}"><img src="/Uploads/t{n}.jpg" width=90></a>'
        f'<h4><a href="{_latest_url(n)}">{escape(t)}</a></h4><span>{w}</span><p>{escape(s)}</p></div>'
        for n, (t, w, s) in enumerate(seed.latest)
    )


def latest_list(seed: Text) -> str:
    items = "".join(
        f'<li><a href="{_latest_url(n)}" title="{escape(t)}">{escape(t)}</a><br><i>{w}</i><br>{escape(s)}</li>'
        for n, (t, w, s) in enumerate(seed.latest)
    )
    return f"<ul>{items}</ul>"


def latest_table(seed: Text) -> str:
    rows = "".join(
        f'<tr><td><a href="{_latest_url(n)}">{escape(t)}</a></td></tr><tr><td>{w}</td></tr><tr><td>{escape(s)}</td></tr>'
        for n, (t, w, s) in enumerate(seed.latest)
    )
    return f"<table>{rows}</table>"


def latest_cards(seed: Text) -> str:
    """The whole card is one link."""
    return "".join(
        f'<a class="card" href="{_latest_url(n)}"><h5>{escape(t)}</h5><time>{w}</time><div>{escape(s)}</div></a>'
        for n, (t, w, s) in enumerate(seed.latest)
    )


def comments(_seed: Text) -> str:
    return (
        '<div class="binhluan"><h3>Bình luận</h3><textarea></textarea><p>Danh sách bình luận</p>'
        "<span>Số lượng ý kiến bài viết: <b>0</b></span></div>"
    )


def comments_glued(_seed: Text) -> str:
    return "<div><span>Bình luận</span><span>Danh sách bình luận</span><span>Số lượng ý kiến bài viết: 0</span></div>"


COUNTER = "<div><b>Thống kê lượt truy cập</b><div>Lượt truy cập:</div><div>Khách online:</div></div>"
SIGN_IN = '<div><a href="/_layouts/15/Authenticate.aspx?Source=%2F">Sign In</a></div>'
ALT = '<img src="/Content/publishing/img/end.png" alt="Alternate Text">'
MENU = '<ul class="menu"><li><a href="/">Trang chủ</a></li><li><a href="/tin-tuc/">Tin tức</a></li><li><a href="/dao-tao/">Đào tạo</a></li></ul>'


def _img(n: int) -> str:
    return f'<img src="/Uploads/PublicImage/2025/04/17/14/anh{n}.jpg" alt="">'


def _numbered(seed: Text):
    number = 0
    for kind, words in seed.parts:
        number += kind == "caption"
        yield kind, escape(words), number


def body_p_em(seed: Text) -> str:
    return (
        "".join(
            f"<p>{w}</p>"
            if kind == "paragraph"
            else f'<p style="text-align:center">{_img(n)}</p><p style="text-align: center;"><em>{w}</em></p>'
            for kind, w, n in _numbered(seed)
        )
        + f'<p style="text-align:right"><strong>{escape(seed.credit)}</strong></p>'
    )


def body_figures(seed: Text) -> str:
    return (
        "".join(
            f"<div>{w}</div>" if kind == "paragraph" else f"<figure>{_img(n)}<figcaption>{w}</figcaption></figure>"
            for kind, w, n in _numbered(seed)
        )
        + f"<div><em>{escape(seed.credit)}</em></div>"
    )


def body_tables(seed: Text) -> str:
    return (
        "".join(
            f"<p>\u200b{w}&nbsp;</p>"
            if kind == "paragraph"
            else f"<table align=center><tbody><tr><td>{_img(n)}</td></tr><tr><td>{w}</td></tr></tbody></table>"
            for kind, w, n in _numbered(seed)
        )
        + f"<p>&nbsp;</p><p>{escape(seed.credit)}</p>"
    )


def body_breaks(seed: Text) -> str:
    """Bare text nodes; a caption sticks to the paragraph that follows it."""
    return "".join(
        f"{w}<br><br>" if kind == "paragraph" else f"{_img(n)}<br>{w}<br>" for kind, w, n in _numbered(seed)
    ) + escape(seed.credit)


def body_single_breaks(seed: Text) -> str:
    return (
        "<br/>".join(w if kind == "paragraph" else f"{_img(n)}<br/>{w}" for kind, w, n in _numbered(seed))
        + f"<br/>{escape(seed.credit)}"
    )


def body_caption_first(seed: Text) -> str:
    return (
        "".join(
            f"<p>{w}</p>" if kind == "paragraph" else f"<p>{w}</p><p>{_img(n)}</p>" for kind, w, n in _numbered(seed)
        )
        + f"<p>{escape(seed.credit)}</p>"
    )


def body_in_picture_paragraph(seed: Text) -> str:
    return (
        "".join(
            f'<p class="MsoNormal"><span>{w}<o:p></o:p></span></p>'
            if kind == "paragraph"
            else f'<p class="MsoNormal" align=center>{_img(n)}<br/><span>{w}</span></p>'
            for kind, w, n in _numbered(seed)
        )
        + f'<p class="MsoNormal"><b>{escape(seed.credit)}</b></p>'
    )


def body_em_glued(seed: Text) -> str:
    """The caption in italics opens the paragraph that follows the picture."""
    out, pending = [], ""
    for kind, w, n in _numbered(seed):
        if kind == "caption":
            pending += f"{_img(n)}<em>{w}</em>"
        else:
            out.append(f"<p>{pending}{w}</p>")
            pending = ""
    return "".join(out) + f"<p>{pending}</p><p>{escape(seed.credit)}</p>"


def body_gallery(seed: Text) -> str:
    """Neighbouring pictures stand side by side in one table, their captions in the row below."""
    out, row = [], []
    for kind, w, n in [*_numbered(seed), ("end", "", 0)]:
        if kind == "caption":
            row.append((w, n))
            continue
        if row:
            out.append(
                "<table><tr>"
                + "".join(f"<td>{_img(n)}</td>" for _, n in row)
                + "</tr><tr>"
                + "".join(f"<td><i>{w}</i></td>" for w, _ in row)
                + "</tr></table>"
            )
            row = []
        if kind == "paragraph":
            out.append(f"<p>{w}</p>")
    return "".join(out) + f"<p>{escape(seed.credit)}</p>"


def body_divs_after(seed: Text) -> str:
    return (
        "".join(
            f'<div class="ms-rteElement-P">{w}</div>' if kind == "paragraph" else f"<div>{_img(n)}</div><div>{w}</div>"
            for kind, w, n in _numbered(seed)
        )
        + f"<div>{escape(seed.credit)}</div>"
    )


def body_lazy(seed: Text) -> str:
    return (
        "".join(
            f"<p>{w}</p>"
            if kind == "paragraph"
            else f'<div class="pic"><a href="/Uploads/big{n}.jpg"><img data-src="/Uploads/b{n}.jpg" src="data:image/gif;base64,R0"></a><div class="image-caption">{w}</div></div>'
            for kind, w, n in _numbered(seed)
        )
        + f"<p>{escape(seed.credit)}</p>"
    )


def body_block_spans(seed: Text) -> str:
    """Inline elements made blocks by their style."""
    return (
        "".join(
            f'<span style="display:block">{w}</span>'
            if kind == "paragraph"
            else f'{_img(n)}<span style="display: block; text-align:center">{w}</span>'
            for kind, w, n in _numbered(seed)
        )
        + f'<span style="display:block">{escape(seed.credit)}</span>'
    )


def body_centred(seed: Text) -> str:
    """Everything is centred, as on old pages."""
    return "<center>" + body_divs_after(seed) + "</center>"


def body_heading_lead(seed: Text) -> str:
    """The lead is a heading of its own, a duplicate alt stands on each picture, captions are dt/dd."""
    out, first = [], True
    for kind, w, n in _numbered(seed):
        if kind == "caption":
            out.append(f"<dl><dt>{_img(n)}</dt><dd>{w}</dd></dl>")
        else:
            out.append(f'<h2 class="sapo">{w}</h2>' if first else f"<section><p>{w}</p></section>")
            first = False
    return "".join(out) + f'<div class="author">{escape(seed.credit)}</div>'


def body_two_layer_tables(seed: Text) -> str:
    """Every paragraph is a row of one table; picture tables are nested in it."""
    rows = "".join(
        f"<tr><td>{w}</td></tr>"
        if kind == "paragraph"
        else f"<tr><td><table><tr><td>{_img(n)}</td></tr><tr><td><p align=center>{w}</p></td></tr></table></td></tr>"
        for kind, w, n in _numbered(seed)
    )
    return f"<table>{rows}<tr><td align=right><i>{escape(seed.credit)}</i></td></tr></table>"


def body_inline_captions(seed: Text) -> str:
    return (
        "".join(
            f"<p>{w}</p>" if kind == "paragraph" else f'<p>{_img(n)}<small class="chu-thich">{w}</small></p>'
            for kind, w, n in _numbered(seed)
        )
        + f"<p><em><strong>{escape(seed.credit)}</strong></em></p>"
    )


def body_bold_captions(seed: Text) -> str:
    return (
        "".join(
            f"<P>{w}" if kind == "paragraph" else f"<P><IMG SRC='/Uploads/b{n}.jpg'><P><B>{w}</B>"
            for kind, w, n in _numbered(seed)
        )
        + f"<P>{escape(seed.credit)}"
    )


def body_centre_tags(seed: Text) -> str:
    return (
        "".join(
            f'<font face="Arial">{w}</font><br>&nbsp;<br>'
            if kind == "paragraph"
            else f"<center>{_img(n)}</center><center><font size=2>{w}</font></center>"
            for kind, w, n in _numbered(seed)
        )
        + f"<div align=right><font>{escape(seed.credit)}</font></div>"
    )


def body_caption_above_in_paragraph(seed: Text) -> str:
    return (
        "".join(
            f"<p>{w}</p>" if kind == "paragraph" else f"<p><i>{w}</i><br>{_img(n)}</p>"
            for kind, w, n in _numbered(seed)
        )
        + f"<p>{escape(seed.credit)}</p>"
    )


def latest_definitions(seed: Text) -> str:
    """The time stands before its title."""
    return (
        "<h3>Tin mới nhất</h3><dl>"
        + "".join(
            f'<dt>{w}</dt><dd><a href="{_latest_url(n)}">{escape(t)}</a></dd><dd>{escape(s)}</dd>'
            for n, (t, w, s) in enumerate(seed.latest)
        )
        + "</dl>"
    )


def latest_columns(seed: Text) -> str:
    return (
        "<table>"
        + "".join(
            f'<tr><td><a href="{_latest_url(n)}">{escape(t)}</a></td><td>{w}</td><td>{escape(s)}</td></tr>'
            for n, (t, w, s) in enumerate(seed.latest)
        )
        + "</table>"
    )


def latest_query_links(seed: Text) -> str:
    return "".join(
        f'<div><div><a href="/Pages/chi-tiet-tin.aspx?ItemID={20300 + n}&amp;cm=4"><b>{escape(t)}</b></a></div>'
        f"<div>({w})</div><div><p>{escape(s)} <a href='/Pages/chi-tiet-tin.aspx?ItemID={20300 + n}&amp;cm=4'>Xem thêm</a></p></div></div>"
        for n, (t, w, s) in enumerate(seed.latest)
    )


def head_labelled(seed: Text) -> str:
    return f'<div class="news"><h3><a href="{URL}">{escape(seed.title)}</a></h3><p><i class="fa"></i>Ngày đăng: {seed.time} | Lượt xem: 125</p>'


def head_one_element(seed: Text) -> str:
    return (
        f"<div><strong>{escape(seed.title)}</strong><br/>{seed.time}<br/>Chọn cỡ chữ A a &nbsp;&nbsp;&nbsp;&nbsp;</div>"
    )


def head_time_element(seed: Text) -> str:
    return f'<header><p class="cat"><a href="/tin-tuc/">Tin tức</a></p><h1 itemprop=headline>{escape(seed.title)}</h1><time datetime="2025-04-17T14:37">{seed.time}</time><button>Chia sẻ</button></header>'


def head_plain(seed: Text) -> str:
    return f'<h1>{escape(seed.title)}</h1><div class="date">{seed.time}</div><div>Chọn cỡ chữ <a href="#">A</a> <a href="#">a</a> &nbsp;</div>'


def head_glued(seed: Text) -> str:
    return f"<h2>{escape(seed.title)}</h2><p><span>{seed.time}</span><span>Chọn cỡ chữ <b>A</b> <b>a</b></span></p>"


def head_category(seed: Text) -> str:
    return f'<h1>Tin tức</h1><div class="title">{escape(seed.title)}</div><div><i></i> {seed.time}</div><ul><li><a href="javascript:print()">In bài viết</a></li><li><a href="#">Chia sẻ</a></li></ul>'


def head_no_visible_title(seed: Text) -> str:
    return f"<h1>Tin tức</h1><p>{seed.time}</p>"


def head_table(seed: Text) -> str:
    return f"<table><tr><td><b>{escape(seed.title)}</b></td></tr><tr><td>  {seed.time}</td></tr><tr><td>Chọn cỡ chữ A a</td></tr></table>"


def head_breadcrumb(seed: Text) -> str:
    return f'<div class="breadcrumb"><a href="/">Trang chủ</a> » <a href="/tin-tuc/">Tin tức</a></div><span class="tt">{escape(seed.title)}</span><br><span>{seed.time}</span><br>'


def page_detail(head: str, body: str, tail: str, title: str) -> str:
    return (
        f"<html><head><title>{title}</title></head><body><form id=aspnetForm><input type=hidden name=__VIEWSTATE value=x>"
        f'{SIGN_IN}{MENU}<div class="article-detail">{head}<div id="News-content">{body}</div>{ALT}</div>{tail}</form></body></html>'
    )


def page_no_classes(head: str, body: str, tail: str, title: str) -> str:
    return (
        f"<html><head><title>{title}</title></head><body><form id=aspnetForm>{SIGN_IN}<table><tr><td>{MENU}</td>"
        f"<td><div><div>{head}</div><div>{body}<br>Alternate Text</div>{tail}</div></td></tr></table></form></body></html>"
    )


def page_all_in_detail(head: str, body: str, tail: str, title: str) -> str:
    return f'<html><head><title>{title}</title></head><body>{SIGN_IN}{MENU}<div class="article-detail"><div class="ExternalClass0123456789ABCDEF0123456789ABCDEF">{head}{body}</div>{ALT}{tail}</div></body></html>'


def page_sidebar_first(head: str, body: str, tail: str, title: str) -> str:
    side = (
        '<div class="side"><h3>Tin nổi bật</h3><ul><li><a href="/mot-tin-khac-20999.htm">Một tin khác đứng trước bài</a> 08:00 14/11/2025</li>'
        '<li><a href="/tin-khac-nua-20998.htm">Tin khác nữa đứng trước bài</a> 07:00 14/11/2025</li></ul></div>'
    )
    return f'<html><head><meta property="og:title" content="{title}"></head><body><form id=aspnetForm>{SIGN_IN}{side}<section>{head}{body}{ALT}</section>{tail}</form></body></html>'


HEADS = [
    head_plain,
    head_glued,
    head_category,
    head_no_visible_title,
    head_table,
    head_breadcrumb,
    head_labelled,
    head_one_element,
    head_time_element,
]
BODIES = [
    body_p_em,
    body_figures,
    body_tables,
    body_breaks,
    body_single_breaks,
    body_caption_first,
    body_in_picture_paragraph,
    body_em_glued,
    body_gallery,
    body_divs_after,
    body_lazy,
    body_block_spans,
    body_centred,
    body_heading_lead,
    body_two_layer_tables,
    body_inline_captions,
    body_caption_above_in_paragraph,
    body_bold_captions,
    body_centre_tags,
]
PAGES = [page_detail, page_no_classes, page_all_in_detail, page_sidebar_first]
LATEST = [
    latest_divs,
    latest_list,
    latest_table,
    latest_cards,
    latest_definitions,
    latest_columns,
    latest_query_links,
]
COMMENTS = [comments, comments_glued]


def markups():
    """(name, html) for every pair of page and body, the other parts dealt out in turn."""
    seed = read_seed()
    heads, lists, remarks = cycle(HEADS), cycle(LATEST), cycle(COMMENTS)
    for page in PAGES:
        for body in BODIES:
            head, latest, remark = next(heads), next(lists), next(remarks)
            suffix = "" if page is page_sidebar_first else " - Học viện Chính trị quốc gia Hồ Chí Minh"
            tail = remark(seed) + latest(seed) + COUNTER
            html = page(head(seed), body(seed), tail, escape(seed.title) + suffix)
            name = "/".join(part.__name__.partition("_")[2] or part.__name__ for part in (page, head, body, latest))
            yield name, re.sub(r">\s+<", "><", html)
