"""The lead (sapo, standfirst) of an article as a reader sees it, and the agency that is named at its beginning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from archiver import credits, text
from archiver.rules import head, titles
from archiver.rules.date_line import date_line, shown_title
from archiver.rules.flow import flow
from archiver.rules.furniture import furniture, running
from archiver.rules.headings import squeezed
from archiver.rules.simple import articles

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from archiver.page import Page
    from archiver.rules.line import Line

_REACH = 18
"""Lines below the title among which the lead is looked for."""
_SHORTEST = 40
"""Characters of running text that may be a lead."""
_LONG = 80
"""Characters from which it need not end a sentence."""
_SHORTEST_NAMED = 12
"""The same, where the markup calls it a lead."""
_LONGEST = 1_200
_MOST_LINES = 4
"""Of an element, for its name to be said of each of its lines."""
_LEAD = re.compile(
    r"sapo|tom[-_]?tat|trich[-_]?(?:dan|yeu)|standfirst|chapeau|intro-?text|(?<![a-z])lead(?![a-z])|lede(?![a-z])"
    r"|article[-_]*summary|vorspann",
    re.IGNORECASE,
)
"""What content systems call a lead and nothing else."""
_SUMMARY = re.compile(
    r"summary|mo[-_]?ta|(?<![a-z])des(?:c|cription)?(?![a-z])|(?<![a-z])intro|excerpt|abstract|sub[-_]?(?:title|head)|(?<![a-z])dek(?![a-z])",
    re.IGNORECASE,
)
"""What they also call other summaries: the lead's name where it stands in the lead's place."""
_PICTURE = re.compile(r"ima?ge?|photo|picture|video|caption", re.IGNORECASE)
_IN_BRACKETS = re.compile(r"\s*[(\[]\s*(?P<name>[^()\[\]]{2,40}?)\s*[)\]]\s*[-–—:]\s*(?=\S)")
_OPEN = re.compile(r"\s*(?P<name>[^\s()\[\]][^()\[\],:]{1,30}?)\s*[-–—]\s+(?=\S)")
_BEHIND_PLACE = re.compile(
    r"(?P<place>[^()\[\]:.]{2,30}(?:,\s(?:ngày\s)?[\d/.-]+)?)\s\((?P<agency>[^()]{2,20}?)(?:\s[\d/.-]+)?\)(?P<dash>\s*[-–—]\s+)(?=\S)"
)
_ACRONYM = re.compile(r"(?!TP\.?\s?HCM|BRVT|HN\b|ASEAN|COVID|WTO|WHO|EU\b)[A-ZĐ][A-ZĐ0-9]{2,7}")
_ANY_DOMAIN = re.compile(r"[A-Za-z][\w-]*(?:\.[\w-]+)+")


def lead(page: Page) -> str | None:
    """The text of the lead without an agency's prefix; None where no line is set apart as one."""
    return page.once(_parted)[1] or None


def agency(page: Page) -> tuple[credits.Name, ...]:
    """The agency, or the paper itself, that is named at the beginning of the lead: `(HCMA3) - `, `Hà Nội (TTXVN) - `."""
    name = page.once(_parted)[0]
    return (credits.Name(name, "source", "organisation"),) if name else ()


def _parted(page: Page) -> tuple[str, str]:
    """The agency and the lead."""
    line = lead_line(page)
    return ("", "") if line is None else _without_agency(page, line.text)


def lead_line(page: Page) -> Line | None:
    """The line that a reader takes for the lead, found once for a page.

    Below the title, above the first paragraph that nothing sets apart: what the markup calls so, a first paragraph in
    bold or italics, as a heading or behind an agency's name, or the text that the head gives as description.
    """
    return page.once(_lead_line)


def _lead_line(page: Page) -> Line | None:
    lines = flow(page).lines
    title, time = shown_title(page), date_line(page)
    if title is None and time is None:
        return None
    start = title if title is not None else time[0] if time is not None else 0
    near = range(start + 1, min(len(lines), start + 1 + _REACH))
    left_out = furniture(page)
    free = [at for at in near if _may_be_lead(lines[at])]
    paragraph = None
    for at in free:
        if len(lines[at].text) >= _SHORTEST_NAMED and _is_called(page, lines[at], _LEAD):
            return lines[at]
        if _is_running(lines[at]) and not left_out[at]:
            if _stands_out(page, at):
                return lines[at]
            paragraph = at
            break
    return next((lines[at] for at in free if not left_out[at] and _is_all_text(page, lines[at], paragraph)), None)


def _is_all_text(page: Page, line: Line, paragraph: int | None) -> bool:
    """Whether a short summary is all that its part of the page says: the paragraph below it is another part's."""
    if len(line.text) < _SHORTEST_NAMED or line.level or not _is_called(page, line, _SUMMARY):
        return False
    outer = line.block.getparent()
    return paragraph is None or outer is None or paragraph >= flow(page).span(outer)[1]


def _may_be_lead(line: Line) -> bool:
    return (
        line.kind == "text"
        and not (line.linked or line.caption or line.level == 1)
        and line.figure is None
        and line.item is None
        and line.time is None
        and len(line.text) <= _LONGEST
    )


def _is_running(line: Line) -> bool:
    size = len(line.text) if line.level and not line.anchors else running(line)
    return (size >= _LONG and not line.level) or (size >= _SHORTEST and text.ends_sentence(line.text))


def _stands_out(page: Page, at: int) -> bool:
    """Whether anything sets the first paragraph apart from the text below it."""
    lines = flow(page).lines
    line = lines[at]
    if line.quote is not None:
        return False
    if line.level or _is_called(page, line, _SUMMARY) or _without_agency(page, line.text)[0]:
        return True
    following = next((other for other in lines[at + 1 :] if running(other) >= _SHORTEST and not other.caption), None)
    if following is not None and ((line.bold and not following.bold) or (line.italic and not following.italic)):
        return True
    return any(text.same_text(line.text, said) for said in page.once(_descriptions))


def _is_called(page: Page, line: Line, pattern: re.Pattern[str]) -> bool:
    """Whether the block of a line, or a small one around it, has a name that `pattern` finds."""
    element: Element | None = line.block
    for _ in range(3):
        if element is None or element.tag in ("body", "main", "article"):
            return False
        first, behind = flow(page).spans.get(element, (0, 0))
        if behind - first > _MOST_LINES:
            return False
        name = f"{element.get('class') or ''} {element.get('id') or ''}"
        if pattern.search(name):
            return _PICTURE.search(name) is None
        element = element.getparent()
    return False


def _descriptions(page: Page) -> tuple[str, ...]:
    """What the head says that the article is about."""
    stated = [head.meta(page, "og:description"), head.meta(page, "description")]
    stated += [thing.get("description") for thing in page.once(articles)]
    return tuple(titles.plain(each) for each in stated if isinstance(each, str) and len(each) >= _SHORTEST)


def _without_agency(page: Page, words: str) -> tuple[str, str]:
    """The agency named before a text, and the text: text.strip_agency's, and the names of the site itself."""
    name, rest = text.strip_agency(words)
    if name:
        return name, rest
    found = _IN_BRACKETS.match(words)
    if found is not None and (
        _ANY_DOMAIN.fullmatch(found["name"])
        or _is_own(page, found["name"])
        or _begins_there(page, words, found.end())
        or (found["name"][0].isupper() and _is_said_once(page, found["name"]))
    ):
        return found["name"], words[found.end() :]
    found = _OPEN.match(words)
    if found is not None and (
        _is_own(page, found["name"])
        or (found["name"].isupper() and _begins_there(page, words, found.end()))
        or (_ACRONYM.fullmatch(found["name"]) and _is_said_once(page, found["name"]))
    ):
        return found["name"], words[found.end() :]
    found = _BEHIND_PLACE.match(words)
    if found is not None:
        name, _ = text.strip_agency(f"({found['agency']}){found['dash']}{words[found.end() :]}")
        if name:
            return name, words[found.end() :]
    return "", words


def _begins_there(page: Page, words: str, start: int) -> bool:
    """Whether the description in the head is the text from `start` on: without what stands before it on the page."""
    return any(text.same_text(words[start:], said) for said in page.once(_descriptions))


def _is_said_once(page: Page, name: str) -> bool:
    """Whether the page has no other text with `name`: a place or a topic before a dash comes again in the story."""
    return sum(name in line.text for line in flow(page).lines if line.kind == "text" and running(line) >= _SHORTEST) < 2


def _is_own(page: Page, name: str) -> bool:
    """Whether `name` is the site's, whole or by the first letters of its words (`TCDĐ`: Tạp chí Diễn Đàn)."""
    own = squeezed(name)
    if own in page.once(titles.site_names):
        return True
    if " " in name or not name.isupper() or not name.isalpha() or len(own) < 3:  # two letters are a word
        return False
    return any(_in_order(own, initials) for initials in page.once(titles.site_initials))


def _in_order(letters: str, initials: str) -> bool:
    """Whether all `letters` are among `initials`, in their order."""
    rest = iter(initials)
    return all(letter in rest for letter in letters)
