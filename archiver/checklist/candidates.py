"""Pages of a probe as candidates for the tests: in the form of tests/pages, the record found beside each."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from archiver.article import jsonable
from archiver.checklist.check import Candidate
from archiver.errors import DiskTrouble

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from archiver.checklist.reading import Shown
    from archiver.page import Page
    from archiver.site import Site

OF_THE_RUN = frozenset(
    "schema_version revision revision_id supersedes change first_seen_at fetched_at capture extractor".split()
)
"""Fields that say when and by what a line was made, not what is on the page."""


def write_candidates(site: Site, shown: Iterable[Shown], folder: Path, *, has_file: bool) -> tuple[Candidate, ...]:
    """Writes each page and its golden into `folder`; what is there already stays.

    Pages of a copy get the site's own addresses, under which the tests read them. Raises DiskTrouble.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return tuple(_written(site, each, folder, has_file=has_file) for each in shown)
    except OSError as problem:
        message = (
            f"{problem.filename or folder}: cannot be written ({problem.strerror}). Choose another --candidates DIR"
        )
        raise DiskTrouble(message) from problem


def _written(site: Site, shown: Shown, folder: Path, *, has_file: bool) -> Candidate:
    page, own = _own_page(site, shown.page), _own_site(site)
    golden = _golden(own, replace(shown, page=page), start=None if has_file else site.start_urls[0])
    kind = ".listing" if shown.listing is not None else ""
    html = _free(folder, shown.role, kind)
    html.write_bytes(page.html)
    beside = html.with_suffix(".json")
    beside.write_text(json.dumps(golden, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return Candidate(
        html=html,
        golden=beside,
        url=page.url,
        site=site.name if has_file else None,
        is_listing=shown.listing is not None,
    )


def _golden(site: Site, shown: Shown, start: str | None) -> Any:
    page = shown.page
    about = {"url": page.url, "fetched_at": jsonable(page.fetched_at), "content_type": page.content_type}
    if shown.listing is not None:
        listing = site.parse_listing(page)
        links = [
            {"url": each.url, "title": each.title, "published_raw": each.published_raw, "summary": each.summary}
            for each in listing.articles
        ]
        starts = {"start": start} if start is not None and start != page.url else {}
        return filled({"_page": {**about, **starts}, "articles": links, "pages": list(listing.pages)})
    if shown.refusal is not None:
        return filled({"_page": about, "_refusal": shown.refusal.reason})
    record = {name: value for name, value in jsonable(site.parse_article(page)).items() if name not in OF_THE_RUN}
    return filled({"_page": about, **record})


def _own_site(site: Site) -> Site:
    """The site itself, where a copy of it was probed."""
    if site.base_url is None:
        return site
    starts = tuple(site.home + url[len(site.base_url) :] for url in site.start_urls)
    return replace(site, base_url=None, start_urls=starts)


def _own_page(site: Site, page: Page) -> Page:
    """The page at the site's own address, read anew."""
    base = site.base_url
    if base is None or not page.url.startswith(base):
        return page
    led = tuple(site.home + url[len(base) :] if url.startswith(base) else url for url in page.redirected_from)
    return replace(page, url=site.home + page.url[len(base) :], redirected_from=led)


def _free(folder: Path, name: str, kind: str) -> Path:
    """A file of that name, numbered from the second on: a golden that was read and mended is not written over."""
    number = 1
    while True:
        path = folder / f"{name}{'' if number == 1 else f'-{number}'}{kind}.html"
        if not path.exists() and not path.with_suffix(".json").exists():
            return path
        number += 1


def filled(value: Any) -> Any:
    """`value` without keys of objects that are empty, as a golden leaves them out."""
    if isinstance(value, list):
        return [filled(item) for item in value]
    if isinstance(value, dict):
        pairs = ((key, filled(item)) for key, item in value.items())
        return {key: item for key, item in pairs if item not in (None, "", [], {})}
    return value
