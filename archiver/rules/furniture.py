"""What stands around an article: the blocks that a page's own names, roles and tags call something else."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, get_args

from archiver.rules.flow import flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Line

_MOST = 0.5
"""A block with more than this share of the page's running text is the article, whatever it is called."""
_SOME = 0.2
"""The same, for names that also stand for parts of an article."""
_ENOUGH = 600
"""Characters of running text that must stand elsewhere, for comments to be furniture however long they are."""

# Words of class and id names as content systems and themes use them. `(?<![a-z])` begins a word: `ad` is not in `head`;
# those of the groups `_within` also count inside of one.
# Names are searched in lower case, which takes a third of the time of a search that ignores case.
_NAMES = re.compile(
    r"""
    (?<![a-z])(?:
      (?P<posts>(?:social|tweet|twitter|instagram|facebook)(?![a-z]))
      |(?P<weak>(?:ads?|adv|nav|toc|table-?of-?contents|menu|widget-?area|side-?bar(?![-_]{1,2}(?:enabled|grid|fixed|mode|layout|open|active|content|container|main))|tags?|topics|banner|sponsor\w*|promo(?:tion)?|rating|votes?|poll|quiz|keywords|register|login|log-in|corrections?|disclaimer|toolbar|teaser|overlay|fact-?box|info-?box|fakta-?boks|side-?box|inset|pull-?quote)(?![a-z]))
      |(?P<comments>comments?(?:[-_ ]?(?:s|list|area|section|form|wrap|wrapper|container|respond|box|body|item|thread|block|content))?(?![a-z]))
      |(?P<other>
        (?:share|sharing|sharedaddy|addtoany|shariff|follow-?us|likes?-?(?:box|button))(?![a-z])|rail(?![a-z])
        |(?:advert\w*|outbrain|taboola|dfp|teads|mgid|zergnet|plista)(?![a-z])|teasers?-?(?:list|box|container|wrapper|grid)|most-?(?:read|popular|viewed)|top-?(?:stories|news)
        |(?:navigation|navbar|pagination|pager|post-?nav\w*|nav-?links|next-?prev|prev-?next)(?![a-z])
        |(?:tag-?(?:list|cloud|links)|post-?tags?|article-?tags?|cat-?links|tags-?links|entry-?(?:footer|meta|utility)|post-?(?:footer|meta|info|data|author)|article-?(?:footer|meta|info|author)|meta-?(?:info|data|bar)|hashtags?)(?![a-z])
        |(?:bio|biography|byline|by-line|postauthor|authorbox|vcard|dateline-?block)(?![a-z])
        |(?:printfriendly|print-?only|noprint|screen-?reader-?text|sr-?only|visually-?hidden|visuallyhidden|skip-?link|assistive)(?![a-z])
        |(?:donat\w+|modal|popup|pop-?up|lightbox|tooltip|jp-relatedposts|yarpp\w*|search-?form|contact-?form|wpcf7|feedback|report-?(?:error|typo))(?![a-z])
      )
    )
    |(?P<weak_within>ez-toc)
    |(?P<comments_within>disqus|comentario|kommentar|commentaires|livefyre|respond(?![a-z])|leserbrief)
    |(?P<other_within>
      related|recirc|recommend|read-?(?:more|next|also)|more-?(?:stories|news|articles|posts|from|on(?![a-z])|like)|also-?(?:like|read)|newsletter|subscri(?:be|ption)|sign-?up
      |mailchimp|mc_embed|paywall-?(?:box|banner|prompt)|social-?(?:share|media|links|icons|bar)|share-?(?:bar|buttons?|links?|tools?|this|box|icons?)|cookie|privacy|gdpr
      |consent(?![a-z])|onetrust|trending|popular-?(?:posts|news|stories|articles)|latest-?(?:news|posts|stories|articles)|breadcrumb
      |author-?(?:bio|box|info|card|details?|description|profile|block|about|meta|wrap|section|area)|about-?(?:the-?)?author|footer|copyright
    )""",
    re.VERBOSE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST_NAME = 1_000
"""Characters of class and id that are looked at."""
_TAGS = frozenset(("aside", "footer", "nav", "form", "dialog"))
_ROLES = frozenset(("navigation", "complementary", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu"))
_WRAPPERS = frozenset(("html", "body", "main", "article"))

Kind = Literal["comments", "other", "weak", "posts"]

_KIND_OF_GROUP: dict[str, Kind] = {f"{kind}{where}": kind for kind in get_args(Kind) for where in ("", "_within")}
"""Of each group of _NAMES: names that begin a word, and those that may stand within one."""


def furniture(page: Page) -> tuple[bool, ...]:
    """For each line of the flow, whether it stands in a block that is no part of the article."""
    return page.once(_furniture)


def running(line: Line) -> int:
    """Characters of running text in a line: none where most of it is links; a sign of a dense script counts thrice."""
    if line.kind != "text" or line.linked or line.level:
        return 0
    linked = sum(len(anchor.text) for anchor in line.anchors)
    if linked * 2 > len(line.text):
        return 0
    return len(line.text) - linked if line.text.isascii() else len(line.text.encode()) - linked


def _furniture(page: Page) -> tuple[bool, ...]:
    whole = flow(page)
    sums = sums_of([running(line) if len(line.text) >= 60 else 0 for line in whole.lines])
    marked = [False] * len(whole.lines)
    for element, (first, behind) in whole.spans.items():
        if behind == first or (kind := _kind(element)) is None:
            continue
        if next(element.iterancestors("figure"), None) is not None or element.tag == "figcaption":
            continue  # the foot of a figure, or a caption for those who cannot see
        if _holds_story(kind, sums[behind] - sums[first], sums[-1]) or (
            kind == "posts" and (element.tag == "blockquote" or element.find(".//blockquote") is not None)
        ):
            continue
        spares_pictures = kind == "weak" or element.tag == "aside"
        for at in range(first, behind):
            marked[at] = marked[at] or not (spares_pictures and _is_pictures(whole.lines[at]))
    return tuple(marked)


def _holds_story(kind: Kind, inside: int, total: int) -> bool:
    """Whether a block holds so much of the page's running text that it is no furniture, whatever it is called."""
    if kind == "comments":
        return inside > total * _MOST and total - inside < _ENOUGH
    return inside > total * (_MOST if kind == "other" else _SOME)


def _is_pictures(line: Line) -> bool:
    """Whether a line is a picture in a figure or a caption: they may stand in an `aside` of their own."""
    return (
        line.caption
        or (line.figure is not None and line.figure.tag == "figure")
        or (line.kind == "picture" and not line.linked)
    )


def sums_of(sizes: Sequence[int]) -> list[int]:
    """The sums of the first 0, 1, 2 … of `sizes`."""
    sums = [0]
    for size in sizes:
        sums.append(sums[-1] + size)
    return sums


def _kind(element: Element) -> Kind | None:
    tag = element.tag
    if tag in _TAGS or element.get("role") in _ROLES:
        return "other"
    if tag in _WRAPPERS:
        return None
    name, id_ = element.get("class"), element.get("id")
    if name and "status-publish" in name:
        return None  # WordPress prints a post's tags and categories among the classes of its element
    return _kind_of_name(f"{name or ''} {id_ or ''}"[:_LONGEST_NAME]) if name or id_ else None


@lru_cache(maxsize=8192)
def _kind_of_name(name: str) -> Kind | None:
    found = _NAMES.search(_CAMEL.sub("-", name).lower())
    return None if found is None else _KIND_OF_GROUP[found.lastgroup or ""]
