"""What stands around an article on a live site, to bring a small page to a live page's size. None of it is text."""

from __future__ import annotations

import random
import re
from functools import cache

PAGE_BYTES = 65_000

WORDS = ("section", "panel", "menu", "ribbon", "zone", "webpart", "banner", "search", "list", "footer")

PIECES = {
    "styles": [".NAME > .NAME:hover { margin: 4px 8px; color: #3a6 }\n", "#NAME, #NAME { display: none }\n"],
    "menu": ['<li class="NAME"><a class="NAME" href="#NAME" title="NAME NAME"><span>NAME</span></a></li>\n'],
    "state": ["NAMExNAMEx"],
    "scripts": ["register('NAME', { id: 'NAME', on: function (e) { return e.width < 10 && e.name !== 'NAME'; } });\n"],
    "footer": [
        '<td class="NAME"><div id="NAME"><a href="#NAME">NAME</a></div></td>\n',
        '<td class="NAME"><p id="NAME">NAME, NAME</p></td>\n',
        '<td class="NAME"><img src="/i/NAME.png" alt="" width="1" height="1"></td>\n',
    ],
}

AROUND = {
    "styles": ("<style>", "</style>"),
    "menu": ('<nav><ul class="menu">', "</ul></nav>"),
    "state": ('<input type="hidden" name="__VIEWSTATE" value="', '">'),
    "scripts": ("<script>", "</script>"),
    "footer": ("<footer><table><tr>", "</tr></table></footer>"),
}


def padded(page: bytes) -> bytes:
    """`page` with PAGE_BYTES or a little more; as it is where it has no head and body.

    Two fifths scripts, a fifth styles, a fifth menus, a tenth form state, the rest footer: about 550 elements a page,
    as on real pages (78 pages below 120 KB: a median of 500 elements in 65 KB). Links lead nowhere new.
    """
    head, end_of_head, rest = page.partition(b"</head>")
    before, end_of_body, after = rest.rpartition(b"</body>")
    if not (end_of_head and end_of_body):
        return page
    missing = max(0, PAGE_BYTES - len(page))
    styles, menu = filler("styles", missing // 5), filler("menu", missing // 5)
    state, scripts = filler("state", missing // 10), filler("scripts", 2 * missing // 5)
    footer = filler("footer", missing - len(styles) - len(menu) - len(state) - len(scripts))
    body_tag, end_of_tag, inner = before.partition(b">")
    return b"".join(
        [head, styles, end_of_head, body_tag, end_of_tag, state, menu, inner, footer, scripts, end_of_body, after]
    )


def filler(kind: str, size: int) -> bytes:
    """`size` bytes of one kind in its element, or up to a piece more."""
    opened, closed = AROUND[kind]
    inside = max(0, size - len(opened) - len(closed))
    text = pieces(kind)
    cut = inside if kind == "state" else text.find("\n", inside) + 1
    return f"{opened}{text[:cut]}{closed}".encode()


@cache
def pieces(kind: str) -> str:
    """More of one kind than any page needs, the same each time."""
    rng = random.Random(kind)
    text = "".join(rng.choice(PIECES[kind]) for _ in range(2000))
    return re.sub("NAME", lambda _: f"{rng.choice(WORDS)}-{rng.randrange(1000)}", text)
