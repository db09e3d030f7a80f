"""The seed article in markup drawn at random: every part of the page in one of many forms, nested at will."""

from __future__ import annotations

import random
from html import escape

from seed_markups import ALT, COMMENTS, COUNTER, LATEST, MENU, SIGN_IN, URL, read_seed

PARAGRAPHS = (
    "<p>{}</p>",
    '<p style="text-align:justify">{}</p>',
    "<div>{}</div>",
    '<p><span style="font-size:14pt"><span>{}</span></span></p>',
    "<section>{}</section>",
    "{}<br>\n<br>",
    "<font size=3>{}</font><br/><br/>",
    "<div><p>{}</p></div>",
    "<p>&nbsp;&nbsp;&nbsp;{}&nbsp;</p><p>&nbsp;</p>",
    '<div class="para"><div>{}</div></div>',
)
PICTURES = (
    "<figure>{img}<figcaption>{}</figcaption></figure>",
    "<figure><div>{img}</div><p>{}</p></figure>",
    "<p align=center>{img}</p><p align=center><em>{}</em></p>",
    "<p>{img}</p><p>{}</p>",
    '<p style="text-align: center">{img}<br>{}</p>',
    "<p>{img}<br/><i>{}</i></p>",
    "<table><tbody><tr><td>{img}</td></tr><tr><td>{}</td></tr></tbody></table>",
    '<table class="img"><tr><td><p>{img}</p></td></tr><tr><td><p><span>{}</span></p></td></tr></table>',
    '<div class="thumb">{img}<span class="caption">{}</span></div>',
    '<div>{img}</div><div style="text-align:center;font-style:italic">{}</div>',
    '<p><a href="/Uploads/large.jpg" target=_blank>{img}</a></p><p class="chu-thich-anh">{}</p>',
    '<picture><source srcset="/u/small.webp">{img}</picture><p><small>{}</small></p>',
    "<center>{img}</center><center>{}</center>",
    '<p>{img}</p><p style="text-align:center"><b>{}</b></p>',
)
CREDITS = (
    "<p>{}</p>",
    '<p style="text-align:right"><b>{}</b></p>',
    '<div class="author"><em>{}</em></div>',
    "<p align=right>{}</p>",
    "<span>{}</span><br>",
    "<table><tr><td>{}</td></tr></table>",
)
TITLES = (
    "<h1>{}</h1>",
    "<h2 class=t>{}</h2>",
    '<div class="title">{}</div>',
    "<p><b>{}</b></p>",
    '<span class="tieude">{}</span><br>',
    f'<h1><a href="{URL}">{{}}</a></h1>',
    "<div><strong>{}</strong></div>",
)
TIMES = (
    '<div class="date">{}</div>',
    '<p><i class="fa fa-clock"></i> {}</p>',
    "<span>  {}</span><br>",
    "<time>{}</time><br>",
    "<div>Ngày đăng: {}</div>",
    "<ul><li>{}</li></ul>",
    '<div>{} <a href="#">In</a></div>',
)
ABOVE = (
    "",
    '<h1 class="cat">Tin tức</h1>',
    '<div class="breadcrumb"><a href="/">Trang chủ</a> / <a href="/tin-tuc/">Tin tức</a></div>',
    "<div>Tin hoạt động</div>",
)
TOOLBARS = (
    "",
    "<div>Chọn cỡ chữ A a    </div>",
    '<div><span>Chọn cỡ chữ</span> <a href="javascript:">A</a> <a href="javascript:">a</a></div>',
    "<p>Chọn cỡ chữ <button>A</button></p>",
)
CONTAINERS = (
    '<div id="News-content">{}</div>',
    '<div class="noidung">{}</div>',
    "<div>{}</div>",
    "<article>{}</article>",
    "<table width=100%><tr><td>{}</td></tr></table>",
    "{}",
)
COLUMNS = (
    '<div class="article-detail">{}</div>',
    "<div>{}</div>",
    "<table><tr><td valign=top>{}</td></tr></table>",
    "<section class=col>{}</section>",
)
HEAD_TITLES = (
    "{} - Học viện Chính trị quốc gia Hồ Chí Minh",
    "{} | HCMA",
    "{}",
    "{} - Cổng thông tin điện tử Học viện Chính trị quốc gia Hồ Chí Minh",
    "Chi tiết tin",
    "Học viện Chính trị quốc gia Hồ Chí Minh",
    "Tin tức",
)
GAPS = ("", "\n", "\n   ", "\r\n\t")


def drawn_markup(number: int) -> str:
    """Page `number`; every other one mixes the forms of paragraphs and captions within the article."""
    rng, seed = random.Random(number), read_seed()
    mixes = number % 2 == 1
    paragraph, picture = rng.choice(PARAGRAPHS), rng.choice(PICTURES)
    body = ""
    for place, (kind, words) in enumerate(seed.parts):
        if kind == "paragraph":
            body += (rng.choice(PARAGRAPHS) if mixes else paragraph).format(escape(words))
        else:
            img = f'<img src="/Uploads/PublicImage/2025/04/17/14/{place}.jpg" alt="{rng.choice(["", escape(words)])}">'
            body += (rng.choice(PICTURES) if mixes else picture).format(escape(words), img=img)
        body += rng.choice(GAPS)
    body += rng.choice(CREDITS).format(escape(seed.credit))
    for _ in range(rng.randrange(4)):
        body = f'<div class="ms-rtestate-field">{body}</div>'
    title = rng.choice(TITLES).format(escape(seed.title))
    head = rng.choice(ABOVE) + title + rng.choice(TIMES).format(seed.time) + rng.choice(TOOLBARS)
    main = rng.choice(COLUMNS).format(
        head + rng.choice(CONTAINERS).format(body) + rng.choice(("", ALT, "<p>Alternate Text</p>"))
    )
    latest = rng.choice(LATEST)(seed)
    heading = rng.choice(("", "<h3>Tin mới nhất</h3>", "<h3>Các tin mới</h3>"))
    page = f"{SIGN_IN}{rng.choice(('', MENU))}{main}{rng.choice(COMMENTS)(seed)}<div>{heading}{latest}</div>{COUNTER}"
    if rng.random() < 0.7:
        page = f'<form id="aspnetForm" action="./x.aspx">{page}</form>'
    return f"<!DOCTYPE html><html><head><title>{rng.choice(HEAD_TITLES).format(escape(seed.title))}</title></head><body>{page}</body></html>"
