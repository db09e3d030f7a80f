"""What stands around an article: the blocks that a page's own names, roles and tags call something else."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

from archiver.rules.flow import flow

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Line

_MOST = 0.5
"""A block with more than this share of the page's running text is the article, whatever it is called."""
_ENOUGH = 600
"""Characters of running text that must stand elsewhere, for comments to be furniture however long they are."""

# Words of class and id names as content systems and themes use them. `(?<![a-z])` begins a word: `ad` is not in `head`.
_NAMES = re.compile(
    r"""
    (?P<comments>(?<![a-z])comments?(?:[-_ ]?(?:s|list|area|section|form|wrap|wrapper|container|respond|box|body|item|thread|block|content))?(?![a-z])
      |disqus|comentario|kommentar|commentaires|livefyre|respond(?![a-z])|leserbrief)
    |(?P<other>
      related|recirc|recommend|read-?(?:more|next|also)|more-?(?:stories|news|articles|posts|from|on(?![a-z])|like)|also-?(?:like|read)
      |newsletter|subscri(?:be|ption)|sign-?up|mailchimp|mc_embed|paywall-?(?:box|banner|prompt)
      |(?<![a-z])(?:social|share|sharing|sharedaddy|addtoany|shariff|follow-?us|likes?-?(?:box|button))(?![a-z])|social-?(?:share|media|links|icons|bar)|share-?(?:bar|buttons?|links?|tools?|this|box|icons?)
      |side-?bar(?![-_](?:enabled|left|right|grid|fixed|mode|layout|no|none|open|active))|(?<![a-z])rail(?![a-z])
      |(?<![a-z])(?:promo(?:tion)?|advert\w*|ads?|adv|banner|sponsor\w*|outbrain|taboola|dfp|teads|mgid|zergnet|plista)(?![a-z])
      |cookie|gdpr|consent(?![a-z])|onetrust|cmp-
      |teaser|(?<![a-z])most-?(?:read|popular|viewed)|trending|popular-?(?:posts|news|stories|articles)|latest-?(?:news|posts|stories|articles)|(?<![a-z])top-?(?:stories|news)
      |breadcrumb|(?<![a-z])(?:nav(?:igation|bar)?|menu|pagination|pager|post-?nav\w*|nav-?links|next-?prev|prev-?next)(?![a-z])
      |(?<![a-z])(?:tags?|tag-?(?:list|cloud|links)|post-?tags?|article-?tags?|keywords|topics|cat-?links|tags-?links|entry-?(?:footer|meta|utility)|post-?(?:footer|meta|info|data|author)|article-?(?:footer|meta|info|author)|meta-?(?:info|data|bar)|hashtags?)(?![a-z])
      |author-?(?:bio|box|info|card|details?|description|profile|block|about|meta|wrap|section|area)|about-?(?:the-?)?author|(?<![a-z])(?:bio|biography|byline|by-line|postauthor|authorbox|vcard|dateline-?block)(?![a-z])
      |footer|copyright|disclaimer|(?<![a-z])(?:printfriendly|print-?only|noprint|screen-?reader-?text|sr-?only|visually-?hidden|visuallyhidden|skip-?link|assistive)(?![a-z])
      |(?<![a-z])(?:toc|table-?of-?contents|ez-toc\w*|rating|votes?|poll|quiz|donat\w+|modal|popup|pop-?up|overlay|lightbox|tooltip|toolbar|widget(?:_text|-area|_area)?|jp-relatedposts|yarpp\w*|login|log-in|register|search-?form|contact-?form|wpcf7|feedback|corrections?|report-?(?:error|typo))(?![a-z])
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TAGS = frozenset(("aside", "footer", "nav", "form", "dialog"))
_ROLES = frozenset(("navigation", "complementary", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu"))
_WRAPPERS = frozenset(("html", "body", "main", "article"))

Kind = Literal["comments", "other"]


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
        inside = sums[behind] - sums[first]
        if inside > sums[-1] * _MOST and (kind != "comments" or sums[-1] - inside < _ENOUGH):
            continue
        marked[first:behind] = [True] * (behind - first)
    return tuple(marked)


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
    return _kind_of_name(f"{name or ''} {id_ or ''}") if name or id_ else None


@lru_cache(maxsize=8192)
def _kind_of_name(name: str) -> Kind | None:
    found = _NAMES.search(_CAMEL.sub("-", name))
    if found is None:
        return None
    return "comments" if found.lastgroup == "comments" else "other"
