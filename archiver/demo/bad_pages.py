"""What stands at the address of each fault of a page."""

from __future__ import annotations

import gzip
import zlib
from dataclasses import dataclass, replace
from functools import cache
from http import HTTPStatus
from random import Random
from typing import TYPE_CHECKING

from archiver.demo import current, stories
from archiver.demo.reply import Reply, chunk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from archiver.demo.accidents import Accident
    from archiver.demo.plan import Plan

_NOTICE = (
    "<!DOCTYPE html>\n<html><head><meta charset='utf-8'><title>{title}</title></head>"
    "<body><h1>{title}</h1>{body}</body></html>\n"
)
_CAPTCHA = (
    "<p>Chúng tôi nhận thấy lượng truy cập bất thường. Xin đánh dấu vào ô dưới đây để đọc tiếp.</p>"
    "<p>Please prove that you are human.</p><form method='post' action='/su-co/captcha'>"
    "<div class='captcha'><input type='checkbox' name='human'> Tôi không phải là người máy</div></form>"
)
_BLOCKED = (
    "<p>Request blocked. The rules of this site took your request for one of a machine.</p>"
    "<p>If you think that this is wrong, tell the site's owner this number: 7c1f-40a2-9e.</p>"
)
_STATED = 1_000_000_000
_FILLER = "<p>Trang này dài thêm mãi, và không có gì mới.</p>\n".encode() * 1_000


@dataclass(frozen=True, slots=True)
class _Scene:
    """An accident that is being asked for."""

    plan: Plan
    accident: Accident
    origin: str
    hop: int
    """Which of the accident's paths is asked for."""
    query: str

    @property
    def page(self) -> bytes:
        """The page of the story that stands here: that of an article, or of one that no reader ever gets whole."""
        head, shelf = self.accident.headline, self.plan.shelves["c"]
        story = stories.story(shelf, head.place)
        if not self.accident.fault.ends_well:
            story = replace(story, headline=head, is_broken=False)
        return current.article_page(self.plan, story, self.origin)

    @property
    def page_without_story(self) -> bytes:
        """A whole page that is no article."""
        return current.withdrawn_page(self.plan, self.plan.shelves["c"])


def reply(plan: Plan, path: str, query: str, origin: str) -> Reply | None:
    """The reply at an address that misbehaves; None: this one does not."""
    for accident in plan.accidents:
        if path in accident.paths:
            scene = _Scene(plan, accident, origin, accident.paths.index(path), query)
            return _REPLIES[accident.fault.name](scene)
    return None


def notice(status: int, body: str = "", title: str = "", lines: tuple[bytes, ...] = ()) -> Reply:
    """A short page that is about the request, as servers write it."""
    page = _NOTICE.format(title=title or f"{status} {HTTPStatus(status).phrase}", body=body)
    return Reply(page.encode(), status=status, lines=lines)


def _in_manner(manner: str) -> Callable[[_Scene], Reply]:
    return lambda scene: Reply(scene.page, manner=manner)


def _zipped(body: bytes, times: int = 1) -> Reply:
    """`body` as it is, said to be gzip so many times over."""
    return Reply(body, lines=(b"Content-Encoding: " + b", ".join([b"gzip"] * times),))


@cache  # half a second of work for 194 kB
def _bomb() -> bytes:
    maker = zlib.compressobj(9, wbits=zlib.MAX_WBITS + 16)
    million = bytes(1_000_000)
    return b"".join(maker.compress(million) for _ in range(200)) + maker.flush()


def _half(whole: bytes) -> bytes:
    return whole[: len(whole) // 2]


def _filled(page: bytes, size: int) -> Iterator[bytes]:
    """The page, and filler up to `size` bytes."""
    yield page
    for left in range(size - len(page), 0, -len(_FILLER)):
        yield _FILLER[:left]


def _to_hop(scene: _Scene, hop: int) -> Reply:
    paths = scene.accident.paths
    return Reply(status=302, location=paths[hop % len(paths)])


def _chain(scene: _Scene) -> Reply:
    is_end = scene.hop == scene.accident.fault.hops
    return Reply(scene.page_without_story) if is_end else _to_hop(scene, scene.hop + 1)


def _repeated_headers(scene: _Scene) -> Reply:
    is_whole = f"?{scene.query}" == scene.accident.fault.query
    cookies = tuple(b"Set-Cookie: khach-%d=%d; Path=/" % (number, number) for number in (1, 2, 3))
    return Reply(scene.page if is_whole else scene.page_without_story, lines=cookies)


def _length(number: int) -> bytes:
    return b"Content-Length: %d" % number


def _length_too_long(scene: _Scene) -> Reply:
    return Reply(scene.page, lines=(_length(len(scene.page) + 1_000),), manner="as it is")


def _length_too_short(scene: _Scene) -> Reply:
    body = scene.page_without_story  # nobody can tell that the half of it is not all: it must be no article
    return Reply(body, lines=(_length(len(body) // 2),), manner="as it is")


def _chunks_cut(scene: _Scene) -> Reply:
    half = _half(scene.page)
    pieces = [half[at : at + 1_000] for at in range(0, len(half), 1_000)]
    return Reply(b"".join(map(chunk, pieces)), lines=(b"Transfer-Encoding: chunked",), manner="as it is")


_REPLIES: dict[str, Callable[[_Scene], Reply]] = {
    "error-500": lambda _: notice(500),
    "error-503-then-well": lambda scene: Reply(scene.page, before=(notice(503), notice(503))),
    "reset": _in_manner("reset"),
    "reset-in-body": _in_manner("reset in body"),
    "stall": _in_manner("stall"),
    "silent": _in_manner("silent"),
    "drip": _in_manner("drip"),
    "gzip-cut": lambda scene: _zipped(_half(gzip.compress(scene.page, mtime=0))),
    "gzip-bomb": lambda _: _zipped(_bomb()),
    "bomb-in-bomb": lambda _: _zipped(gzip.compress(_bomb(), mtime=0), times=2),
    "bad-gzip": lambda scene: _zipped(scene.page_without_story),
    "huge": lambda scene: Reply(stream=_filled(scene.page, 24_000_000)),
    "huge-stated": lambda scene: Reply(
        stream=_filled(scene.page, _STATED), lines=(_length(_STATED),), manner="as it is"
    ),
    "redirect-self": lambda scene: _to_hop(scene, 0),
    "redirect-circle": lambda scene: _to_hop(scene, scene.hop + 1),
    "redirect-chain": _chain,
    "redirect-away": lambda _: Reply(status=302, location="http://127.0.0.1:1/"),
    "redirect-empty": lambda _: Reply(status=302),
    "length-too-long": _length_too_long,
    "length-too-short": _length_too_short,
    "no-length": _in_manner("as it is"),
    "chunked-cut": _chunks_cut,
    "rate-limit": lambda scene: Reply(scene.page, before=(notice(429, lines=(b"Retry-After: 1",)),)),
    "rate-limit-for-ever": lambda _: notice(429, lines=(b"Retry-After: 3600",)),
    "captcha": lambda _: notice(200, _CAPTCHA, "Hãy chứng minh bạn là người"),
    "block-page": lambda _: notice(200, _BLOCKED, "Access denied"),
    "empty": lambda _: Reply(),
    "binary": lambda scene: Reply(Random(f"{scene.plan.seed}:binary").randbytes(20_000)),
    "status-204": lambda _: Reply(status=204),
    "error-404": lambda _: notice(404),
    "gone-410": lambda _: notice(410),
    "bad-header": lambda scene: Reply(scene.page, lines=("X-Toa-Soan: Học viện".encode(), b"X-Khong-Dau-Hai-Cham")),
    "repeated-headers": _repeated_headers,
    "wrong-charset": lambda scene: Reply(scene.page, kind="text/html; charset=iso-8859-1"),
    "utf-16": lambda scene: Reply(f"\ufeff{scene.page.decode()}".encode("utf-16-le"), kind="text/html"),
}
