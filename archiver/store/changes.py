"""Which parts of an article differ between two of its lines, and whether a reader would notice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Collection

    from archiver.article import ChangeClass

Parts = dict["ChangeClass", Any]

# Signs that change what a number says (10 %, -3, +5, $2) are no punctuation; nor is what parts two digits nothing.
_PUNCTUATION = re.compile(r"(?P<within>(?<=\d)[^\w%‰°$€£¥₫+−]+(?=\d))|[^\w%‰°$€£¥₫+−]+|_+")

_BY_SIGN: frozenset[ChangeClass] = frozenset(("time", "images"))
"""Classes in which every sign counts: their change is never boring."""


def edit_classes(before: dict[str, Any], after: dict[str, Any]) -> tuple[ChangeClass, ...]:
    """Which parts differ between two lines of one id, in the order of ChangeClass; none where content_hash is the same.

    `boring` comes last where the texts differ in white space, punctuation, quotes and the borders of paragraphs only.
    Captions are compared by the address of their picture: those of pictures that come or go are no change of their own.
    """
    shared = _addresses(before) & _addresses(after)
    old, new = _parts(before, shared), _parts(after, shared)
    changed = [name for name, part in new.items() if old[name] != part]
    if changed and not _BY_SIGN.intersection(changed) and all(_read(old, name) == _read(new, name) for name in changed):
        changed.append("boring")
    return tuple(changed)


def _addresses(line: dict[str, Any]) -> set[str]:
    host = urlsplit(line["url"]).netloc
    return {local(image["url"], host) for image in line["images"]}


def _parts(line: dict[str, Any], shared: Collection[str]) -> Parts:
    """The content of a line by class. Addresses on the article's own host count without it, as in content_hash."""
    host = urlsplit(line["url"]).netloc
    pictures = [[local(image["url"], host), image["caption"], image["credit"]] for image in line["images"]]
    return {
        "title": line["title"],
        "time": line["published_at"],
        "lead": line["lead"],
        "body": _without_lead([block for block in line["blocks"] if block["type"] != "image"], line["lead"], host),
        "captions": sorted((picture for picture in pictures if picture[0] in shared), key=lambda picture: picture[0]),
        "images": [url for url, *_ in pictures],
        "credit": [line["credit_line"], line["authors"]],
        "attachments": [[local(each["url"], host), each["title"]] for each in line["attachments"]],
    }


def _without_lead(blocks: list[dict[str, Any]], lead: str, host: str) -> list[dict[str, Any]]:
    """The blocks, the lead cut from the first, where it stands once more: a new lead is a change of the lead alone."""
    placed = [{**block, "url": local(block["url"], host)} if block.get("url") else block for block in blocks]
    if lead and placed and (placed[0].get("text") or "").endswith(lead):
        placed[0] = {**placed[0], "text": placed[0]["text"].removesuffix(lead), "lead": True}
    return placed


def local(url: str, host: str) -> str:
    """`url` without scheme and host where that is `host`."""
    parts = urlsplit(url)
    return parts._replace(scheme="", netloc="").geturl() if parts.netloc == host else url


def _read(parts: Parts, name: ChangeClass) -> Any:
    """A part as it is read, without punctuation and white space; addresses as they are."""
    part = parts[name]
    if name == "body":
        return _run_on(part)
    if name in ("captions", "attachments"):
        return [[address, *map(_folded, said)] for address, *said in part]
    if name == "credit":
        printed, authors = part
        return [_folded(printed), [{**author, "name": _folded(author["name"])} for author in authors]]
    return _folded(part)


def _run_on(blocks: list[dict[str, Any]]) -> list[list[Any]]:
    """Blocks as they are read: paragraphs that follow each other as one."""
    read: list[list[Any]] = []
    for block in blocks:
        rest = {key: value for key, value in block.items() if key not in ("text", "items", "rows")}
        said = _all_folded([block.get("text"), block.get("items"), block.get("rows")])
        if read and block["type"] == "paragraph" and read[-1][0] == rest:
            read[-1][1][0] += said[0]
        else:
            read.append([rest, said])
    return read


def _all_folded(value: Any) -> Any:
    if isinstance(value, list):
        return [_all_folded(each) for each in value]
    return _folded(value) if isinstance(value, str) else value


def _folded(text: str) -> str:
    return _PUNCTUATION.sub(lambda found: "·" if found["within"] else "", text)
