"""An article as somebody reads it on a terminal, and below it where it comes from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from archiver.article import Block
from archiver.cli.show_answer import in_cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WIDTH = 88
"""Characters of a line that is read with ease; a file or a pipe gets each paragraph on one line."""
_INDENT, _LABEL = 4, 10
"""Characters."""


@dataclass(frozen=True, slots=True)
class _Passage:
    """Some text that begins on a line of its own."""

    text: str = ""
    style: str = ""
    is_indented: bool = False
    label: str = ""


def show_article(line: dict[str, Any], revisions: int) -> None:
    """Tells the article of a line, of which there are so many revisions."""
    console = Console(highlight=False)
    if console.is_terminal:
        console.width = min(console.width, _WIDTH)
    for passage in (*_head(line, revisions), *_text(line), *_foot(line)):
        console.print(_shown(passage, is_wrapped=console.is_terminal), soft_wrap=not console.is_terminal)


def _shown(passage: _Passage, *, is_wrapped: bool) -> Text | Padding:
    text = Text(f"{passage.label:<{_LABEL}}" if passage.label else "", style="")
    text.stylize("dim")
    text.append(in_cell(passage.text), style=passage.style)
    indent = _INDENT if passage.is_indented else 0
    if not is_wrapped or not text:
        return Text(" " * indent).append_text(text)
    return Padding(text, (0, 0, 0, indent), expand=False)


def _head(line: dict[str, Any], revisions: int) -> Iterator[_Passage]:
    yield _Passage(line["title"] or "(without a title)", "bold")
    why = ": ".join(filter(None, [line["change"]["cause"], line["extractor"]["found_by"].get("status")]))
    yield _Passage(f"{line['id']}, {line['status']}, revision {line['revision']} of {revisions}: {why}", "dim")
    published = (line["published_at"] or "no time").replace("T", " ")
    where = " › ".join(line["categories"] or filter(None, [line["section"]]))
    yield _Passage(", ".join(filter(None, [published, where, line["language"]])), "dim")
    if line["url"]:
        yield _Passage(line["url"], "dim")
    yield _Passage()


def _text(line: dict[str, Any]) -> Iterator[_Passage]:
    """The blocks in reading order, parted by blank lines; the lead first where no block has it."""
    blocks = line["blocks"]
    if line["lead"] and not any(line["lead"] in (block.get("text") or "") for block in blocks[:1]):
        yield _Passage(line["lead"], "bold")
        yield _Passage()
    for block in blocks:
        yield from _block(block, line["images"])
        yield _Passage()


def _block(block: dict[str, Any], images: Sequence[dict[str, Any]]) -> Iterator[_Passage]:
    match block["type"]:
        case "image":
            number = block["image"]
            image = images[number] if number is not None and number < len(images) else {}
            credit = f" ({image['credit']})" if image.get("credit") else ""
            caption = image.get("caption") or image.get("alt") or ""
            yield _indented(f"[picture {number + 1 if number is not None else ''}] {caption}{credit}", "italic")
            yield _indented(image.get("url", ""), "dim")
        case "embed":
            yield _indented(f"[embedded] {block.get('text') or ''} {block.get('url') or ''}", "dim")
        case "heading":
            yield _Passage(block.get("text") or "", "bold")
        case "quote":
            yield _indented(f"“{block.get('text') or ''}”", "italic")
        case "list":
            for number, item in enumerate(block.get("items") or (), start=1):
                yield _indented(f"{f'{number}.' if block.get('ordered') else '•'} {item}", "")
        case _:
            rows = tuple(map(tuple, block["rows"])) if block.get("rows") is not None else None
            for row in Block(type=block["type"], text=block.get("text"), rows=rows).plain.split("\n"):
                yield _Passage(row)


def _foot(line: dict[str, Any]) -> Iterator[_Passage]:
    from archiver.cli.explain import FLAGS  # noqa: PLC0415  # it brings the rules of sites

    if line["credit_line"]:
        yield _told("credit", line["credit_line"])
    if line["authors"]:
        yield _told("names", ", ".join(f"{each['name']} ({each['role']})" for each in line["authors"]))
    if line["tags"]:
        yield _told("tags", ", ".join(line["tags"]))
    for file in line["attachments"]:
        yield _told("attached", f"{file['title']} {file['url']}")
    for other in line["related"]:
        yield _told(other["relation"], f"{other['title']} {other['url']}")
    yield _told("fetched", line["fetched_at"])
    if capture := line["capture"]:
        where = f"{capture['warc']}, byte {capture['offset']}, {capture['length']} bytes"
        yield _told("capture", f"{where}, status {capture['http_status']}, {capture['payload_digest']}")
    for flag in line["quality"]:
        yield _told("doubt", f"{flag}: {FLAGS.get(flag, '')}")


def _told(label: str, text: str | None) -> _Passage:
    return _Passage(text or "", label=label)


def _indented(text: str, style: str) -> _Passage:
    return _Passage(text, style, is_indented=True)
