"""What stands at /robots.txt when it has a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from archiver.demo.bad_pages import notice
from archiver.demo.reply import Reply

if TYPE_CHECKING:
    from collections.abc import Callable

    from archiver.demo.plan import Plan

_TEXT = "text/plain; charset=utf-8"
_ELSEWHERE = "/robots-here.txt"


def reply(plan: Plan, path: str, rules: bytes) -> Reply | None:
    """The reply at this path, where `rules` are what a good robots.txt has; None: the fault leaves this path alone."""
    for fault in plan.faults:
        if path == "/robots.txt" and fault.name in _REPLIES:
            return _REPLIES[fault.name](rules)
        if path == _ELSEWHERE and fault.name == "robots-redirect":
            return Reply(rules, kind=_TEXT)
    return None


def _utf_16(rules: bytes) -> Reply:
    text = f"\ufeff{rules.decode()}Disallow: /en/\n"
    return Reply(text.encode("utf-16-le"), kind="text/plain")


def _huge(rules: bytes) -> bytes:
    """The rules, behind and before so many others that they are the last that every reader must take."""
    agent, _, own = rules.partition(b"\n")
    others = [b"Disallow: /luu-tru-cu/%06d/\n" % number for number in range(2_000_000 // 29 + 1)]
    before = (500 * 1024 - len(rules)) // len(others[0])  # RFC 9309, 2.5: 500 KiB at least
    return b"".join([agent, b"\n", *others[:before], own, *others[before:]])


_REPLIES: dict[str, Callable[[bytes], Reply]] = {
    "robots-slow": lambda rules: Reply(rules, kind=_TEXT, manner="slow"),
    "robots-503": lambda _: notice(503),
    "robots-utf-16": _utf_16,
    "robots-404-disallow": lambda _: notice(404, "<pre>\nUser-agent: *\nDisallow: /\n</pre>"),
    "robots-reset": lambda rules: Reply(rules, kind=_TEXT, manner="reset"),
    "robots-stall": lambda rules: Reply(rules, kind=_TEXT, manner="stall"),
    "robots-delay": lambda rules: Reply(rules + b"Crawl-delay: 1\n", kind=_TEXT),
    "robots-redirect": lambda _: Reply(status=301, location=_ELSEWHERE),
    "robots-huge": lambda rules: Reply(_huge(rules), kind=_TEXT),
}
