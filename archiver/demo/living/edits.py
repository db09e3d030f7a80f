"""What editors do to a story that is out: one change each, of one class, that a reader of the page can see or not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from archiver.demo import credit_lines, vietnamese
from archiver.demo.prose import Draw, slip, slug
from archiver.demo.story import File, Picture, Text

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    from archiver.demo.story import Part, Story

_ADDED = (
    "Ban tổ chức cho biết, chương trình còn tiếp tục trong những tuần tới.",
    "Nhiều đại biểu đề nghị sớm có bản tổng kết để các đơn vị cùng dùng.",
    "Tài liệu của buổi làm việc được gửi tới các đơn vị ngay trong tuần.",
    "Một số ý kiến đã được ghi nhận và sẽ được trả lời bằng văn bản.",
    "Buổi làm việc kết thúc trong không khí cởi mở.",
)
_CAPTIONS = (
    "Các đại biểu trong phần thảo luận",
    "Một góc phòng họp",
    "Quang cảnh buổi trao đổi",
    "Đại biểu xem tư liệu trưng bày",
)
_FILES = ("Chương trình làm việc", "Danh sách đại biểu", "Tài liệu tham khảo", "Phiếu đăng ký")
_DRAWS = 12


class Wording(NamedTuple):
    """A story as it reads after some edits, and what the last of them was; of the first wording that is empty."""

    story: Story
    edit: str


def reworded(story: Story, rng: Random, *, visibly: bool = False) -> Wording:
    """The story after one edit, of the kinds that it allows; `visibly`: one that changes the record."""
    for name in rng.sample([*EDITS], len(EDITS)):
        if visibly and name == "ink":
            continue
        if (edited := EDITS[name](story, rng)) is not None:
            return Wording(edited, name)
    message = f"{story.headline.id} takes no edit"
    raise AssertionError(message)


def _retitle(story: Story, _rng: Random) -> Story | None:
    """Something more is said in the title. The address stays as it was."""
    title = story.headline.title
    angle = next((angle for angle in vietnamese.WORDS["angle"] if angle not in title), None)
    return None if angle is None else replace(story, headline=replace(story.headline, title=f"{title}: {angle}"))


def _retime(story: Story, rng: Random) -> Story | None:
    """The printed time is put earlier, by minutes."""
    earlier = story.headline.moment - timedelta(minutes=rng.randrange(5, 90))
    return replace(story, headline=replace(story.headline, moment=earlier))


def _rewrite(story: Story, rng: Random) -> Story | None:
    """A paragraph gets a sentence more."""
    told = "\n".join(part.text for part in story.parts if isinstance(part, Text))
    added = next((sentence for sentence in rng.sample(_ADDED, len(_ADDED)) if sentence not in told), None)
    places = _prose(story)
    if added is None or not places:
        return None
    # In front: the end of a text may carry the mark that ends it.
    return _with_text(story, rng.choice(places), lambda text: f"{added} {text}")


def _recaption(story: Story, rng: Random) -> Story | None:
    """A picture gets another caption."""
    pictures = [at for at, part in enumerate(story.parts) if isinstance(part, Picture) and part.caption]
    if not pictures:
        return None
    at = rng.choice(pictures)
    part = story.parts[at]
    assert isinstance(part, Picture), "it was chosen as one"
    caption = rng.choice([caption for caption in _CAPTIONS if caption != part.caption])
    alt = caption if part.alt == part.caption else part.alt
    return _with_part(story, at, replace(part, caption=caption, alt=alt))


def _recredit(story: Story, rng: Random) -> Story | None:
    """The credit line is another, or there is one now."""
    for _ in range(_DRAWS):
        line, names = credit_lines.drawn(story.headline, Draw(rng, vietnamese.WORDS))
        if line and line != story.credit_line:
            return replace(story, credit_line=line, credits=names)
    return None


def _attach(story: Story, _rng: Random) -> Story | None:
    """One more file below the text."""
    last = story.parts[-1]
    offered = {part.title for part in story.parts if isinstance(part, File)}
    title = next((title for title in _FILES if title not in offered), None)
    if title is None or not (isinstance(last, File) or (isinstance(last, Text) and last.is_prose)):
        return None
    address = f"/noidung/Lists/TaiLieu/Attachments/{story.headline.number}/{slug(title)}.pdf"
    return replace(story, parts=(*story.parts, File(address, title)))


def _slip(story: Story, rng: Random) -> Story | None:
    """Two words grow together, or a comma is doubled: white space and punctuation."""
    places = _prose(story)
    edited = _with_text(story, rng.choice(places), lambda text: slip(text, rng)) if places else story
    return edited if edited != story else None


def _ink(story: Story, _rng: Random) -> Story | None:
    """Another page of the same words: an empty paragraph comes or goes."""
    return replace(story, dress=replace(story.dress, dirt=story.dress.dirt ^ {"empty"}))


EDITS: dict[str, Callable[[Story, Random], Story | None]] = {
    "title": _retitle,
    "time": _retime,
    "body": _rewrite,
    "captions": _recaption,
    "credit": _recredit,
    "attachments": _attach,
    "slip": _slip,
    "ink": _ink,
}
"""Each gives None for a story that it cannot change."""


def _prose(story: Story) -> list[int]:
    """The places of paragraphs of whole sentences behind the lead."""
    return [
        at
        for at, part in enumerate(story.parts)
        if at and isinstance(part, Text) and part.is_prose and not part.link and not part.text.startswith("https://")
    ]


def _with_text(story: Story, at: int, change: Callable[[str], str]) -> Story:
    part = story.parts[at]
    assert isinstance(part, Text), "it was chosen as one"
    return _with_part(story, at, replace(part, text=change(part.text)))


def _with_part(story: Story, at: int, part: Part) -> Story:
    return replace(story, parts=(*story.parts[:at], part, *story.parts[at + 1 :]))
