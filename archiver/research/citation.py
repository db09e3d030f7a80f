"""How an article of the archive is cited: who, what, where, when it was published, and which capture shows it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from archiver.text import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

_SPECIAL = re.compile(r"[\\{}$&#^_~%]")
_WRITTEN = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}"}


def plain_citation(line: Mapping[str, Any]) -> str:
    """One sentence: `Đức Thảo: Title. hcma, 2026-03-14. URL. Captured 2026-11-23T06:25:56Z, record <urn:uuid:…>.`"""
    names = ", ".join(_authors(line))
    published = (line["published_at"] or "")[:10]
    where = f"{line['site']}, {published}" if published else line["site"]
    record = f", record {line['capture']['record_id']}" if line["capture"] else ""
    said = f"{line['title'].rstrip('.')}. {where}. {line['canonical_url']}. Captured {line['fetched_at']}{record}."
    revision = f" Revision {line['revision']} of {line['id']}."
    return (f"{names}: {said}" if names else said) + revision


def bibtex(line: Mapping[str, Any]) -> str:
    """An `@online` entry (BibLaTeX), which plain BibTeX reads as `@misc`."""
    published = line["published_at"] or ""
    capture = line["capture"]["record_id"] if line["capture"] else ""
    fields = {
        "author": " and ".join(f"{{{_escaped(name)}}}" for name in _authors(line)),
        "title": f"{{{_escaped(line['title'])}}}",
        "date": published[:10],
        "year": published[:4],
        "organization": _escaped(line["site"]),
        "url": line["canonical_url"].replace("{", "%7B").replace("}", "%7D"),
        "urldate": (line["fetched_at"] or "")[:10],
        "langid": {"vi": "vietnamese", "en": "english"}.get(line["language"] or "", ""),
        "note": _escaped(
            f"Captured {line['fetched_at']}, WARC record {capture}, {line['id']} revision {line['revision']}"
        ),
    }
    rows = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items() if value)
    return f"@online{{{_key(line)},\n{rows}\n}}\n"


def _authors(line: Mapping[str, Any]) -> list[str]:
    """Who wrote it, each once."""
    return list(dict.fromkeys(author["name"] for author in line["authors"] if author["role"] == "text"))


def _key(line: Mapping[str, Any]) -> str:
    bare = re.sub(r"[^a-z0-9]+", "-", fold(line["id"])).strip("-")
    return f"{bare}-r{line['revision']}"


def _escaped(text: str) -> str:
    """As TeX prints it word for word."""
    return _SPECIAL.sub(lambda found: _WRITTEN.get(found[0], "\\" + found[0]), text)
