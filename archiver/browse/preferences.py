"""Which language and which look a reader wants: as last chosen, else as the browser says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, get_args

from starlette.responses import RedirectResponse

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

Language = Literal["en", "vi"]
Look = Literal["auto", "light", "dark"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
LOOKS: tuple[Look, ...] = get_args(Look)

_YEAR_SECONDS = 365 * 86_400


def language_of(request: Request) -> Language:
    """The one chosen, else the first of `Accept-Language` that there is (RFC 9110, 12.5.4), else English."""
    chosen = request.cookies.get("language")
    wanted = [chosen] if chosen else _accepted(request.headers.get("accept-language", ""))
    return next((each for name in wanted for each in LANGUAGES if name == each), "en")


def look_of(request: Request) -> Look:
    """The one chosen, else that of the system."""
    chosen = request.cookies.get("look")
    return next((each for each in LOOKS if each == chosen), "auto")


def choose(request: Request) -> Response:
    """Keeps what was chosen, and goes back to where it was chosen. Nothing but the reader's own view depends on it."""
    to = request.query_params.get("to", "/")
    # A second slash, or what browsers take for one, would lead to another host.
    is_here = to.startswith("/") and to[1:2] not in ("/", "\\") and to.isprintable()
    response = RedirectResponse(to if is_here else "/", 303)
    for name, known in (("language", LANGUAGES), ("look", LOOKS)):
        value = request.query_params.get(name, "")
        if value in known:
            response.set_cookie(name, value, max_age=_YEAR_SECONDS, httponly=True, samesite="strict")
    return response


def _accepted(header: str) -> list[str]:
    """Languages without their regions, the most wanted first."""
    found = []
    for place, part in enumerate(header.split(",")):
        name, _, parameter = part.strip().partition(";")
        weight = parameter.strip().removeprefix("q=")
        try:
            found.append((-float(weight) if parameter else -1.0, place, name.partition("-")[0].lower()))
        except ValueError:
            continue
    return [name for weight, _, name in sorted(found) if weight]
