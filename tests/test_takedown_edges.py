"""Takedowns where an archive is not as simple: a run was killed, bytes are shared, pages have other views, a site remembers."""

import gzip
import html
import json
import shutil
from datetime import UTC, datetime

import pytest
from conftest import Reply, article_page, lines, serving
from conftest import crawl as crawl_hcma
from hypothesis import given
from hypothesis import strategies as st
from taking_down import places_of, take_down
from test_site_memory import HOUSE, NOTE, serve
from test_site_memory import crawl as crawl_walks

from archiver.proof.check import check
from archiver.proof.verify import verify_site
from archiver.store.ledger import Ledger
from archiver.store.takedowns import Takedown, digest
from archiver.takedown.mentions import Mentions, cut_out_of_reports
from archiver.takedown.passages import as_read, passages, tells_of
from archiver.takedown.readable import text_of, torn_members

SECRET = "Bà Nở kể rằng căn nhà của gia đình bà đã bị phá trong một đêm mưa."
EDIT = "Sau đó bà Nở nói thêm rằng không một ai đến xin lỗi gia đình bà cả."
PATHS = [f"/tin-{number}.htm" for number in range(1, 8)]
OWN, ID = PATHS[2], "hcma:3"
SIGN_IN = "<!doctype html><html><body><h1>Đăng nhập</h1><form><input type='password' name='p'></form></body></html>"


def findings(site):
    return [finding.message for finding in verify_site(site, passed=lambda _: None).findings]


def differing(site):
    return check(site, passed=lambda _: None).differences


def put_up(web):
    web.original = "http://the-newsroom.test/"
    web.listing("/", *PATHS)
    for path in PATHS:
        web.article(path, title=f"Bản tin {path[1:-4]} về văn hóa đọc")
    web.article(OWN, title="Bản tin về căn nhà của bà Nở", body=SECRET)


@pytest.fixture
def killed(tmp_path):
    """A second run has captured an edit of the article, and was killed before anything else was on the disk."""
    archive, before = tmp_path / "archive", tmp_path / "before"
    with serving() as web:
        put_up(web)
        crawl_hcma(web, archive)
        shutil.copytree(archive, before)
        web.article(OWN, title="Bản tin về căn nhà của bà Nở", body=EDIT)
        crawl_hcma(web, archive)
    site = archive / "hcma"
    last = max(site.glob("captures/*/*/*.warc.gz"))
    shutil.copytree(site / "captures", before / "hcma/captures", dirs_exist_ok=True)
    shutil.rmtree(archive)
    before.rename(archive)
    still_open = site / last.relative_to(site)
    still_open.rename(still_open.with_name(still_open.name + ".open"))
    return archive


@pytest.mark.parametrize("level", ["hide", "text", "erase"])
def test_what_a_killed_run_had_captured_of_it_comes_to_no_line(killed, level):
    assert take_down(killed, level, "--yes", id_=ID).code == 0
    with serving() as web:
        put_up(web)
        ended = crawl_hcma(web, killed)
    told = [line["change"]["cause"] for line in lines(killed, "articles") if line["id"] == ID]
    found = {place.split("/")[1] for place in places_of(killed, SECRET, EDIT)}

    assert ended.code == 0, ended.err
    assert OWN not in web.asked
    assert told == ["first", "takedown"]
    assert found == {"hide": {"articles", "captures"}, "text": {"captures"}, "erase": set()}[level]
    assert (findings(killed / "hcma"), differing(killed / "hcma")) == ([], [])


def test_the_plan_for_what_a_killed_run_left_changes_nothing(killed):
    before = {path: path.read_bytes() for path in killed.rglob("*") if path.is_file() and "ledger" not in path.name}
    ended = take_down(killed, "erase", "--plan", id_=ID)
    after = {path: path.read_bytes() for path in killed.rglob("*") if path.is_file() and "ledger" not in path.name}

    assert ended.code == 0, ended.err
    assert "1 capture files that an interrupted run left open are closed first" in ended.out
    assert "2 exchanges of the article" in ended.out
    assert after == before


def test_an_answer_that_stands_for_the_same_bytes_of_others_stays(tmp_path):
    with serving() as web:
        put_up(web)
        crawl_hcma(web, tmp_path)
        for path in (OWN, PATHS[3], PATHS[4]):
            web.replies[path] = Reply(SIGN_IN)
        for _ in range(2):
            crawl_hcma(web, tmp_path)
    ended = take_down(tmp_path, "erase", "--yes", id_=ID)
    causes = [line["change"]["cause"] for line in lines(tmp_path, "articles")]

    assert ended.code == 0, ended.err
    assert causes.count("gone") == 3
    assert "Nở" not in "".join(path.read_text() for path in tmp_path.glob("hcma/articles/*/*"))
    assert places_of(tmp_path, SECRET) == []
    assert (findings(tmp_path / "hcma"), differing(tmp_path / "hcma")) == ([], [])


def test_the_print_view_of_an_article_goes_with_it(tmp_path):
    printed = "/SMPT_Publishing_UC/TinTuc/pPrintTinTuc.aspx?ItemID=3"
    with serving() as web:
        put_up(web)
        web.replies[OWN] = Reply(article_page(title="Bản tin về căn nhà của bà Nở", time="", body=SECRET))
        web.article(printed, title="Bản tin về căn nhà của bà Nở", body=SECRET)
        crawl_hcma(web, tmp_path)
    asked = [path for path in web.asked if path in (OWN, printed)]
    assert asked == [OWN, printed]
    assert len(places_of(tmp_path, SECRET)) == 2
    ended = take_down(tmp_path, "erase", "--yes", id_=ID)

    assert "2 exchanges of the article" in ended.out
    assert places_of(tmp_path, SECRET) == []
    assert (findings(tmp_path / "hcma"), differing(tmp_path / "hcma")) == ([], [])


def test_what_others_say_in_their_own_text_stays_and_a_copy_is_named(tmp_path):
    with serving() as web:
        put_up(web)
        web.article(PATHS[5], title="Bản tin khác, cũng về căn nhà của bà Nở", body=SECRET)
        crawl_hcma(web, tmp_path)
    ended = take_down(tmp_path, "erase", "--teasers", "--yes", id_=ID)
    left = [line["id"] for line in lines(tmp_path, "articles") if SECRET in line["body"]]

    assert "stays: hcma:6 has 2 of its sentences as its own" in ended.out
    assert left == ["hcma:6"]
    assert (findings(tmp_path / "hcma"), differing(tmp_path / "hcma")) == ([], [])


def test_what_a_site_without_a_file_has_in_common_stays_known_as_it_was(tmp_path):
    with serving() as web:
        serve(web, [1, 2, 3], HOUSE)
        crawl_walks(web, tmp_path)
        serve(web, [4, 5], HOUSE, NOTE)
        crawl_walks(web, tmp_path)
    (site,) = (path.parent for path in tmp_path.glob("*/site.json"))
    told = [json.loads(raw) for path in site.glob("articles/*/*.jsonl") for raw in path.read_text().splitlines()]
    (id_,) = (line["id"] for line in told if "number 2 " in line["title"])
    sentence = "Part c of walk 2: the path keeps to the cliff for an hour, then turns inland by the mill."
    assert places_of(tmp_path, sentence) != []
    ended = take_down(tmp_path, "erase", "--yes", id_=id_)

    assert ended.code == 0, ended.err
    assert [HOUSE in line["body"] for line in told] == [True, True, True, False, False]
    assert places_of(tmp_path, sentence) == []
    assert (findings(site), differing(site)) == ([], [])


TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\\", exclude_categories=("Cc",)), max_size=60)


@given(TEXT)
def test_a_text_reads_the_same_in_html_and_in_json(text):
    in_json = json.dumps(text)[1:-1]

    assert as_read(text) == as_read(html.escape(text)) == as_read(in_json)
    assert as_read(f"<p>{html.escape(text)}</p>") == as_read(text)


TELLING = {
    "a slug of the title": ("https://a.vn/hop-ban-ve-can-nha-19239.htm", "Họp bàn về căn nhà", True),
    "a number": ("https://a.vn/Pages/chi-tiet-tin.aspx?ItemID=19239", "Họp bàn về căn nhà", False),
    "another slug": ("https://a.vn/tin-moi-nhat.htm", "Họp bàn về căn nhà", False),
    "escaped": ("https://a.vn/h%E1%BB%8Dp-b%C3%A0n-v%E1%BB%81", "Họp bàn về căn nhà", True),
}


@pytest.mark.parametrize(("url", "title", "tells"), TELLING.values(), ids=TELLING)
def test_an_address_tells_of_an_article_where_it_is_made_of_its_title(url, title, tells):
    assert tells_of(url, title) is tells


def test_short_texts_are_nobodys():
    line = {
        "title": "Tin", "lead": "", "body": "Vâng. Đúng thế.", "blocks": [{"type": "list", "items": ["Một", SECRET]}],
        "images": [], "url": "https://a.vn/1", "canonical_url": "https://a.vn/1", "aliases": [],
    }  # fmt: skip

    assert {each.key for each in passages([line])} == {as_read(SECRET)}


ADDRESSES = st.builds(
    "http://tin.test/{}".format,
    st.text(
        st.one_of(st.sampled_from("-._~:/?#[]@!$&'()*+,;=%"), st.characters(codec="ascii", categories=("L", "Nd"))),
        max_size=40,
    ),
)
"""Any path, query and fragment (RFC 3986, 2)."""
SENTENCES = (
    "{}",
    "'{}'",
    '"{}"',
    "({})",
    "[{}]",
    "<{}>",
    "“{}”",
    "see {}.",
    "({}).",
    "{}, and then",
    "why {}?",
    "url={}; 404",
    '["{}","b"]',
)


@given(ADDRESSES, st.sampled_from(SENTENCES))
def test_an_address_is_cut_out_of_a_sentence_whatever_signs_it_has_and_stand_around_it(address, sentence):
    takedown = Takedown(
        id="a:1", level="erase", reason="error", at="2026-11-20T09:00:00Z", addresses=(digest(address),)
    )
    other = "http://other.test/a(b)'c"
    cut = Mentions(takedown).cut(
        {"said": [sentence.format(address), sentence.format(other), f"{other} {address} {other}"]}
    )

    assert cut == {"said": [sentence.format("(taken down)"), sentence.format(other), f"{other} (taken down) {other}"]}


def test_the_message_of_an_error_that_names_it_goes_too(tmp_path):
    address = "http://tin.test/ba-no-(2)'s.htm"
    takedown = Takedown(
        id="a:1", level="erase", reason="error", at="2026-11-20T09:00:00Z", addresses=(digest(address),)
    )
    errors = [
        {"url": address, "reason": "x", "message": "Bà Nở"},
        {"url": "http://tin.test/", "reason": "x", "message": f"it led to '{address}': Bà Nở"},
        {"url": "http://tin.test/", "reason": "x", "message": "timeout"},
    ]
    (tmp_path / "runs").mkdir()
    (tmp_path / "runs/1.json").write_text(json.dumps({"errors": errors}))
    cut_out_of_reports(tmp_path, takedown)

    left = json.loads((tmp_path / "runs/1.json").read_text())["errors"]
    assert [(each["url"], each["message"]) for each in left] == [
        ("(taken down)", None),
        ("http://tin.test/", None),
        ("http://tin.test/", "timeout"),
    ]


def test_half_a_body_is_read_as_far_as_it_goes():
    packed = gzip.compress(f"{SECRET} {EDIT}".encode() * 9)
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Type: text/html; charset=utf-8\r\n\r\n"

    assert "Bà Nở kể" in text_of(head, packed[:-20], datetime(2026, 1, 1, tzinfo=UTC))
    assert b"".join(torn_members(packed[:-20])).startswith(SECRET.encode())
    assert [*torn_members(b"no gzip")] == []


@pytest.mark.parametrize("is_compacted", [False, True], ids=["only deleted", "compacted"])
def test_what_was_deleted_from_a_ledger_stands_in_no_freed_page_of_it(tmp_path, is_compacted):
    ledger = Ledger(tmp_path / "ledger.sqlite")
    # Some builds of SQLite overwrite what is deleted, others leave it in the file.
    ledger.rows("PRAGMA secure_delete = OFF")
    ledger.begin("{}", "2026-11-20T09:00:00Z")
    for number in range(500):
        ledger.put_discovered(f"hcma:{number}", f"https://hcma.vn/ba-no-ke-chuyen-{number}.htm", "article")
    ledger.commit()
    ledger.write("DELETE FROM task WHERE number > 3")
    ledger.commit()
    if is_compacted:
        ledger.compact()
    found = {path.name for path in tmp_path.iterdir() if b"ba-no-ke-chuyen-77" in path.read_bytes()}
    ledger.close()

    assert bool(found) is not is_compacted
