"""An archive of many articles, for measuring what reads archives: every line valid, none crawled, no capture behind it.

    python benchmarks/many_articles.py FOLDER [--articles 200000] [--seed 1]

FOLDER/many gets ten years of months: 200,000 articles are 1.3 GB, in 216,000 lines (5 in 100 articles are edited, one is gone,
some return), four minutes on one processor. The same seed gives the same bytes. Text is drawn word by word (many_words.py): about
four articles in five say `chính trị`, half of the authors write hoà, half hòa.
"""

from __future__ import annotations

import argparse
import heapq
import json
import sys
import time
from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, TextIO

from many_words import with_older_tones, words

from archiver.article import Article, Attachment, Block, Capture, Credit, Extractor, Image, Related, to_line
from archiver.store.archive import FORMAT
from archiver.store.ledger import Known, Place
from archiver.store.revisions import first_revision, gone_line, next_revision

if TYPE_CHECKING:
    from collections.abc import Iterator

SITE, HOME = "many", "https://many.example"
FIRST_DAY, DAYS = datetime(2017, 1, 1, tzinfo=UTC), 3_610
END = FIRST_DAY + timedelta(days=DAYS + 1)
VIETNAM = timezone(timedelta(hours=7))
SECTIONS = (
    "Thời sự", "Chính trị", "Xã hội", "Kinh tế", "Giáo dục", "Văn hóa", "Thế giới", "Khoa học", "Pháp luật", "Sức khỏe",
    "Môi trường", "Thể thao", "Du lịch", "Bạn đọc", "Nghiên cứu", "Đào tạo", "Tin hoạt động", "Thông báo",
)  # fmt: skip
FAMILIES = "Nguyễn Trần Lê Phạm Hoàng Vũ Đặng Bùi Đỗ Hồ Ngô Dương Đinh Lâm Mai".split()
GIVEN = "An Bình Châu Dũng Giang Hà Hạnh Hiếu Hòa Khoa Lan Linh Long Nga Phong Quân Sơn Tâm Thảo Thủy Trang Tùng Vinh Đạt".split()
FOUND_BY = {
    "title": "css:h1", "published_at": "stated_time:json-ld", "body": "story_text", "lead": "css:.sapo", "section": "breadcrumb",
    "images": "figures", "credit_line": "credit_line", "authors": "credit_line", "related": "links", "id": "address",
}  # fmt: skip
EDITED, GONE, RETURNED = 0.05, 0.012, 0.3


@dataclass(frozen=True, slots=True)
class Later:
    """What becomes of an article: edit, gone or return."""

    what: str
    article: Article
    line: str


class Press:
    """Draws articles, one after the other."""

    def __init__(self, seed: int) -> None:
        self._rng = Random(seed)
        self._words, self._weights = words(self._rng)
        names = [
            f"{family} {middle} {given}" for family in FAMILIES for middle in ("Văn", "Thị", "Minh") for given in GIVEN
        ]
        self._authors = self._rng.sample(names, 300)
        self._latest: deque[Related] = deque(maxlen=3)

    def article(self, number: int, at: datetime) -> Article:
        """The article of that number, published at `at` and fetched soon after, as its first line has it."""
        rng = self._rng
        is_older = number % 2 == 1
        title = self._sentences(1, is_older=is_older)[0].rstrip(".")
        lead, *paragraphs = self._paragraphs(is_older=is_older)
        url = f"{HOME}/tin-{number}.html"
        images = tuple(self._image(number, place, is_older=is_older) for place in range(rng.choice((0, 1, 1, 2, 3))))
        texts = [Block(type="paragraph", text=text) for text in (lead, *paragraphs)]
        if len(texts) > 6:
            texts.insert(4, Block(type="heading", level=2, text=self._sentences(1, is_older=is_older)[0].rstrip(".")))
        pictures = [Block(type="image", image=place) for place in range(len(images))]
        writer, photographer = rng.choices(self._authors, k=2)
        named = [Credit(name=writer)] + [Credit(name=photographer, role="photo")] * bool(images)
        section = rng.choices(SECTIONS, cum_weights=range(20, 20 + 6 * len(SECTIONS), 6))[0]
        article = Article(
            id=f"{SITE}:{number}", site=SITE, language="vi", url=url, canonical_url=url, title=title, lead=lead,
            published_at=at.astimezone(VIETNAM), published_raw=at.astimezone(VIETNAM).strftime("%d/%m/%Y %H:%M"),
            published_precision="minute", body="\n\n".join(block.plain for block in texts),
            blocks=(*texts[:2], *pictures, *texts[2:]), images=images, authors=tuple(named),
            credit_line=f"Tin: {writer}" + (f"; ảnh: {photographer}" if images else ""), section=section,
            categories=(section,), tags=tuple(rng.choices(self._words, cum_weights=self._weights, k=3)),
            attachments=(Attachment(url=f"{HOME}/files/{number}.pdf", title=title),) * (rng.random() < 0.04),
            related=tuple(self._latest), comment_count=int(rng.expovariate(0.5)),
        )  # fmt: skip
        self._latest.append(Related(title=title, url=url, published_at=article.published_at, relation="latest"))
        return first_revision(self._fetched(article, at + timedelta(minutes=rng.randrange(5, 900))))

    def edit(self, later: Later, at: datetime) -> Article:
        """The article with one paragraph of other words."""
        blocks = list(later.article.blocks)
        place = self._rng.choice([place for place, block in enumerate(blocks) if block.type == "paragraph"][1:] or [0])
        blocks[place] = replace(blocks[place], text=" ".join(self._sentences(3, is_older=False)))
        body = "\n\n".join(block.plain for block in blocks if block.type != "image")
        return self.again(replace(later, article=replace(later.article, blocks=tuple(blocks), body=body)), at)

    def again(self, later: Later, at: datetime) -> Article:
        """The article, fetched once more, as the next line after that of `later`."""
        before = json.loads(later.line)
        known = Known(
            before["revision"], before["revision_id"], before["first_seen_at"], Place("", 0), before["status"]
        )
        return next_revision(self._fetched(later.article, at), known, before)

    def capture(self, at: datetime) -> Capture:
        """One that could be."""
        rng = self._rng
        return Capture(
            warc=f"captures/{at:%Y/%m}/{SITE}-{at:%Y%m%dT000000Z}-00001.warc.gz", offset=rng.randrange(10**9),
            length=rng.randrange(9_000, 40_000), record_id=f"<urn:uuid:{rng.randbytes(4).hex()}-8a1e-4a77-9d1c-{rng.randbytes(6).hex()}>",
            payload_digest=f"sha1:{rng.randbytes(20).hex().upper()[:32]}", http_status=200,
        )  # fmt: skip

    def _fetched(self, article: Article, at: datetime) -> Article:
        extractor = Extractor(version="0.1", layout="2025", rules_digest="5" * 64, found_by=FOUND_BY)
        return replace(article, fetched_at=at, capture=self.capture(at), extractor=extractor)

    def _image(self, number: int, place: int, *, is_older: bool) -> Image:
        caption = self._sentences(1, is_older=is_older)[0]
        return Image(url=f"{HOME}/anh/{number}-{place}.jpg", alt=caption[:60], caption=caption, width=800, height=533)

    def _paragraphs(self, *, is_older: bool) -> list[str]:
        rng = self._rng
        # Most articles are short, a few are long: 3 to 90 sentences.
        sentences = iter(self._sentences(min(90, 3 + int(rng.lognormvariate(1.9, 0.7))), is_older=is_older))
        paragraphs = []
        while paragraph := " ".join(islice(sentences, rng.randrange(1, 5))):
            paragraphs.append(paragraph)
        return paragraphs

    def _sentences(self, count: int, *, is_older: bool) -> list[str]:
        rng = self._rng
        lengths = rng.choices(range(5, 19), k=count)
        drawn = iter(rng.choices(self._words, cum_weights=self._weights, k=sum(lengths)))
        sentences = []
        for length in lengths:
            half = length // 2
            text = f"{' '.join(islice(drawn, half))}, {' '.join(islice(drawn, length - half))}."
            sentences.append(text[0].upper() + text[1:])
        return [with_older_tones(text) for text in sentences] if is_older else sentences


def lines(articles: int, seed: int) -> Iterator[tuple[datetime, str]]:
    """When each line was fetched, and the line, in that order."""
    press, rng = Press(seed), Random(seed + 1)
    waiting: list[tuple[datetime, int, Later]] = []
    for number in range(1, articles + 1):
        published = FIRST_DAY + timedelta(days=DAYS * number / articles)
        article = press.article(number, published.replace(second=0, microsecond=0))
        assert article.fetched_at is not None
        heapq.heappush(waiting, (article.fetched_at, number, Later("first", article, "")))
        while waiting and (waiting[0][0] < published or number == articles):
            at, of, later = heapq.heappop(waiting)
            line, article = _line(press, later, at)
            yield at, line
            chances = rng.random()
            following = _following(later.what, chances)
            moment = at + timedelta(minutes=rng.randrange(60, 60 * 24 * 60))
            if following and moment < END:
                heapq.heappush(waiting, (moment, of, Later(following, article, line)))


def _line(press: Press, later: Later, at: datetime) -> tuple[str, Article]:
    """The line, and its article as the site has it."""
    if later.what == "gone":
        line = gone_line(json.loads(later.line), "http_410", at, press.capture(at), "5" * 64)
        return json.dumps(line, ensure_ascii=False, separators=(",", ":")) + "\n", later.article
    if later.what == "first":
        return to_line(later.article), later.article
    article = press.edit(later, at) if later.what == "edit" else press.again(later, at)
    return to_line(article), article


def _following(what: str, chance: float) -> str | None:
    if what == "gone":
        return "return" if chance < RETURNED else None
    if chance < EDITED:
        return "edit"
    return "gone" if chance < EDITED + GONE else None


def write_archive(folder: Path, articles: int, seed: int) -> int:
    """Bytes of the lines written below `folder`, which must not be there."""
    site = folder / SITE
    site.mkdir(parents=True)
    card = {"format": FORMAT, "origin": HOME, "contact": "", "created": "2017-01-01T00:00:00Z"}
    (site / "site.json").write_text(json.dumps(card, indent=2) + "\n", encoding="utf-8")
    name, file = "", None
    for at, line in lines(articles, seed):
        if f"{at:%Y-%m}" != name:
            name = f"{at:%Y-%m}"
            file = _next_month(file, site / "articles" / f"{at:%Y}" / f"{name}.jsonl")
        assert file is not None
        file.write(line)
    if file is not None:
        file.close()
    return sum(path.stat().st_size for path in site.glob("articles/*/*.jsonl"))


def _next_month(file: TextIO | None, path: Path) -> TextIO:
    if file is not None:
        file.close()
    path.parent.mkdir(parents=True, exist_ok=True)
    return path.open("x", encoding="utf-8", newline="\n")


def main() -> None:
    """Writes the archive and says how large it is."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--articles", type=int, default=200_000)
    parser.add_argument("--seed", type=int, default=1)
    asked = parser.parse_args()
    if (asked.folder / SITE).exists():
        sys.exit(f"{asked.folder / SITE} is there: delete it, or give another folder")
    started = time.perf_counter()
    size = write_archive(asked.folder, asked.articles, asked.seed)
    print(
        f"{asked.folder / SITE}: {asked.articles} articles, {size / 1e6:.0f} MB, {time.perf_counter() - started:.0f} s"
    )


if __name__ == "__main__":
    main()
