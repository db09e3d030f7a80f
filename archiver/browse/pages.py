"""Templates to pages, in the reader's language and look."""

from __future__ import annotations

import hashlib
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode, urlsplit

import jinja2
from starlette.responses import HTMLResponse

from archiver.browse.preferences import LANGUAGES, LOOKS, language_of, look_of
from archiver.browse.words import WORDS
from archiver.research.selection import NO_SECTION, read_day

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from archiver.browse.preferences import Language

FOLDER = Path(__file__).parent
_MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


class Told:
    """Words, numbers and times in one language."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._place = LANGUAGES.index(language)

    def t(self, name: str, **values: Any) -> str:
        """The words of that name; `one|many` are told apart by `n`."""
        words = WORDS[name][self._place]
        one, _, many = words.partition("|")
        words = many if many and values.get("n") != 1 else one
        told = {key: self.number(value) if isinstance(value, int) else value for key, value in values.items()}
        return words.format(**told) if told else words

    def known(self, kind: str, code: str) -> str:
        """The words for a code of the archive; a code without words is its own."""
        name = f"{kind}_{code}"
        return self.t(name) if name in WORDS else code.replace("_", " ")

    def value(self, facet: str, value: str) -> str:
        """A value of a facet."""
        if facet == "section" and value == NO_SECTION:
            return self.t("no_section")
        return self.known(facet, value) if facet in ("status", "flag") else value

    def number(self, value: int) -> str:
        """1,234, or 1.234."""
        return f"{value:,}".replace(",", "." if self.language == "vi" else ",")

    def day(self, value: str | date | None) -> str:
        """14 Mar 2026, or 14/03/2026; of an RFC 3339 time the day as it stands there."""
        on = value if isinstance(value, date) else _moment(value)
        if on is None:
            return self.t("no_date")
        if self.language == "vi":
            return f"{on.day:02}/{on.month:02}/{on.year}"
        return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"

    def time(self, value: str | datetime | None) -> str:
        """The day, the time of day, and its zone."""
        at = value if isinstance(value, datetime) else _moment(value)
        if at is None:
            return self.t("no_date")
        zone = "UTC" if at.utcoffset() == UTC.utcoffset(None) else f"{at:%z}"[:3] + ":" + f"{at:%z}"[3:]
        return f"{self.day(at)}, {at:%H:%M} {zone}"

    def month(self, name: str) -> str:
        """Of 2026-11: November's short name and the year, or 11/2026; a year alone stays."""
        year, _, month = name.partition("-")
        if not month:
            return year
        return f"{month}/{year}" if self.language == "vi" else f"{_MONTHS[int(month) - 1]} {year}"

    def span(self, seconds: float) -> str:
        """A length of time in its two largest units."""
        units = (("d", 86_400), ("h", 3_600), ("min", 60), ("s", 1))
        left, parts = max(0, int(seconds)), list[str]()
        for name, size in units:
            if left >= size or (name == "s" and not parts):
                parts.append(self.t(f"span_{name}", count=left // size))
                left %= size
        return " ".join(parts[:2])


def page(request: Request, template: str, *, status: int = 200, **values: Any) -> Response:
    """The template with these values."""
    told = Told(language_of(request))
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    context = {
        "t": told.t, "known": told.known, "value_of": told.value, "number": told.number, "day": told.day, "time": told.time,
        "month": told.month, "span_of": told.span, "language": told.language, "look": look_of(request),
        "languages": LANGUAGES, "looks": LOOKS, "nonce": request.state.nonce, "here": here, "path": request.url.path,
        "name": request.app.state.name, "problems": request.app.state.library.problems(), **values,
    }  # fmt: skip
    return HTMLResponse(ENVIRONMENT.get_template(template).render(context), status)


def href(path: str, /, *parts: str, **query: Any) -> str:
    """An address here: every part and every value encoded."""
    tail = "/".join(quote(part, safe=":") for part in parts)
    given = {key: value for key, value in query.items() if value not in ("", None)}
    return path + tail + (f"?{urlencode(given)}" if given else "")


def is_web(url: object) -> bool:
    """Whether it may be led to: a web address, and no script."""
    try:
        return isinstance(url, str) and urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _moment(value: str | None) -> datetime | None:
    try:
        return datetime.fromisoformat(value) if value else None
    except ValueError:
        return None


def _digest(name: str) -> str:
    """Of a static file, so that a browser asks again when it has changed."""
    return hashlib.sha256((FOLDER / "static" / name).read_bytes()).hexdigest()[:12]


ENVIRONMENT = jinja2.Environment(
    loader=jinja2.FileSystemLoader(FOLDER / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
ENVIRONMENT.globals |= {"href": href, "is_web": is_web}
ENVIRONMENT.filters |= {"first_day": read_day, "last_day": partial(read_day, is_end=True)}
ENVIRONMENT.globals["static"] = lambda name: f"/static/{name}?{_digest(name)}"
