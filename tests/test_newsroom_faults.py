"""The newsroom's faults: each sends what its name says, byte by byte, and leaves the rest of the newsroom alone."""

from __future__ import annotations

import contextlib
import gzip
import re
import signal
import socket
import subprocess
import sys
import threading
import zlib
from dataclasses import dataclass
from urllib.parse import urlsplit

import pytest
from conftest import ROOT, environment
from lxml import html

from archiver.cli import main
from archiver.demo import addresses, stories
from archiver.demo.faults import ALL, PAGE_FAULTS, ROBOTS_FAULTS
from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve
from archiver.errors import UsageError
from archiver.page import LARGEST_PAGE_BYTES

ARTICLES = 120
SOUND = Newsroom(1, ARTICLES)
FAULTY = Newsroom(1, ARTICLES, (ALL,))
ORIGIN = "http://newsroom.test"
ADDRESSES = {fault.name: address for fault, address in FAULTY.faulty_addresses.items()}
GOOD_ROBOTS = SOUND.page("/robots.txt", ORIGIN).body
PATIENT, SHORT = 10.0, 0.1
"""Seconds without a byte: when one must come, and when none is to come."""


@dataclass(frozen=True)
class Heard:
    raw: bytes
    end: str
    """closed, reset, or waits: nothing more came."""

    @property
    def head(self):
        return self.raw.partition(b"\r\n\r\n")[0].split(b"\r\n")

    @property
    def body(self):
        return self.raw.partition(b"\r\n\r\n")[2]

    @property
    def status(self):
        return int(self.head[0].split()[1])

    def values(self, name):
        parted = (line.partition(b": ") for line in self.head)
        return [value.decode() for each, _, value in parted if each.lower() == name.lower().encode()]


@contextlib.contextmanager
def asking(server, path, method="GET"):
    """A connection on which `path` has been asked for."""
    parts = urlsplit(server.url)
    with socket.create_connection((parts.hostname, parts.port), timeout=PATIENT) as visitor:
        visitor.sendall(f"{method} {path} HTTP/1.1\r\nHost: newsroom.test\r\nConnection: close\r\n\r\n".encode())
        yield visitor


def hear(server, path, method="GET", most=100_000_000, start=PATIENT, gap=PATIENT):
    """All that comes, or the first `most` bytes of it; after so many seconds without a first or a next byte it waits."""
    pieces, size = [], 0
    with asking(server, path, method) as visitor:
        visitor.settimeout(start)
        try:
            while size < most and (piece := visitor.recv(1_000_000)):
                visitor.settimeout(gap)
                pieces.append(piece)
                size += len(piece)
        except TimeoutError:
            return Heard(b"".join(pieces), "waits")
        except ConnectionResetError:
            return Heard(b"".join(pieces), "reset")
    return Heard(b"".join(pieces), "closed")


@pytest.fixture(scope="module")
def served():
    with serve(FAULTY) as server:
        yield server


@pytest.fixture
def untouched():
    with serve(FAULTY) as server:
        yield server


def page_of(name):
    """The page at the address of a fault, as it would be sent by a sound server."""
    return FAULTY.page(ADDRESSES[name], ORIGIN).body


def page_without_story():
    return SOUND.page("/khong-co-1.htm", ORIGIN).body


def article_of(name):
    """The sound page of the article at which a fault ends well."""
    number = int(re.search(r"-(\d+)\.htm", ADDRESSES[name])[1])
    shelf = SOUND.plan.shelves["c"]
    head = stories.headline(shelf, shelf.place_numbered(number))
    return SOUND.page(addresses.pretty(head), ORIGIN).body


def half(whole):
    return whole[: len(whole) // 2]


def paths_of(newsroom):
    yield from ("/en", "/robots.txt", "/nowhere", "/_layouts/15/authenticate.aspx", "/robots-here.txt")
    for shelf in newsroom.plan.shelves.values():
        yield from (addresses.section_page(shelf, section) for section in shelf.sections)
        for place in range(shelf.places):
            yield addresses.pretty(stories.headline(shelf, place))


def links_of(newsroom):
    return [link.get("href") for link in html.fromstring(newsroom.page("/", ORIGIN).body).iter("a")]


def test_front_page_links_each_fault_of_a_page_once_and_first_by_an_article_address():
    links = links_of(FAULTY)
    news = html.fromstring(FAULTY.page("/", ORIGIN).body).xpath("//ul[@class='tin-moi']/li/a/@href")

    assert list(ADDRESSES) == list(PAGE_FAULTS)
    assert [links.count(address) for address in ADDRESSES.values()] == [1] * len(PAGE_FAULTS)
    assert news == [*ADDRESSES.values(), *(news[len(PAGE_FAULTS) :])]
    assert all(re.fullmatch(r"/su-co-[a-z0-9-]+-\d+\.htm(\?ban=2)?", address) for address in ADDRESSES.values())


def test_without_its_links_the_front_page_of_a_faulty_newsroom_is_the_sound_one():
    assert [link for link in links_of(FAULTY) if link not in ADDRESSES.values()] == links_of(SOUND)
    assert Newsroom(1, ARTICLES, ("robots-503",)).page("/", ORIGIN) == SOUND.page("/", ORIGIN)


def test_every_other_page_and_the_truth_are_as_without_faults():
    paths = list(paths_of(SOUND))

    assert [FAULTY.page(path, ORIGIN) for path in paths] == [SOUND.page(path, ORIGIN) for path in paths]
    assert list(FAULTY.truth(ORIGIN)) == list(SOUND.truth(ORIGIN))


@pytest.mark.parametrize("articles", [300, 100_000])
def test_faults_that_never_end_well_stand_under_numbers_that_no_article_has(articles):
    newsroom = Newsroom(1, articles, (ALL,))
    shelf = newsroom.plan.shelves["c"]
    numbers = {each.fault: each.headline.number for each in newsroom.plan.accidents}
    beyond = [number for fault, number in numbers.items() if not fault.ends_well]
    within = [number for fault, number in numbers.items() if fault.ends_well]

    assert str(min(beyond)).startswith("90")
    assert min(beyond) > shelf.newest_number
    assert all(shelf.place_numbered(number) is not None for number in within)
    assert len(set(beyond + within)) == len(PAGE_FAULTS)


@pytest.mark.parametrize("seed", range(1, 21))
def test_front_page_names_no_article_at_which_a_fault_ends_before_that_fault(seed):
    newsroom = Newsroom(seed, ARTICLES, (ALL,))
    links = links_of(newsroom)
    for accident in newsroom.plan.accidents:
        named = [link for link in links if re.search(rf"\b{accident.headline.number}\b", link)]
        assert named[0] == accident.address


def test_an_address_stays_the_same_whichever_other_faults_there_are():
    alone = Newsroom(1, ARTICLES, ("stall",))

    assert next(iter(alone.faulty_addresses.values())) == ADDRESSES["stall"]


@pytest.mark.parametrize("name", [name for name, fault in PAGE_FAULTS.items() if fault.ends_well])
def test_what_ends_well_ends_in_the_page_of_an_article(served, name):
    heard = [hear(served, ADDRESSES[name]) for _ in range(3)][-1]
    body = heard.body.decode("utf-16").encode() if name == "utf-16" else heard.body

    assert (heard.status, heard.end) == (200, "closed")
    assert body == article_of(name)


@pytest.mark.parametrize(
    ("name", "statuses", "retry_after"),
    [
        ("error-500", [500, 500, 500, 500], []),
        ("error-503-then-well", [503, 503, 200, 200], []),
        ("rate-limit", [429, 200, 200, 200], ["1"]),
        ("rate-limit-for-ever", [429, 429, 429, 429], ["3600"]),
        ("error-404", [404, 404, 404, 404], []),
        ("gone-410", [410, 410, 410, 410], []),
        ("status-204", [204, 204, 204, 204], []),
        ("captcha", [200, 200, 200, 200], []),
        ("block-page", [200, 200, 200, 200], []),
    ],
)
def test_status_of_each_request_in_turn(untouched, name, statuses, retry_after):
    heard = [hear(untouched, ADDRESSES[name]) for _ in statuses]

    assert [each.status for each in heard] == statuses
    assert heard[0].values("Retry-After") == retry_after
    assert {each.end for each in heard} == {"closed"}


def test_addresses_are_counted_each_by_itself_and_by_every_server_anew(untouched):
    first = [hear(untouched, ADDRESSES["rate-limit"]).status for _ in range(2)]
    other = hear(untouched, ADDRESSES["error-503-then-well"]).status
    with serve(FAULTY) as another:
        again = hear(another, ADDRESSES["rate-limit"]).status

    assert (first, other, again) == ([429, 200], 503, 429)


def test_replies_before_the_page_name_the_original_too(untouched):
    assert hear(untouched, ADDRESSES["rate-limit"]).values("Link") == ['<http://newsroom-1-120.test/>; rel="original"']


@pytest.mark.parametrize("name", ["reset", "silent"])
def test_nothing_at_all_comes(served, name):
    end = {"reset": "reset", "silent": "waits"}[name]

    assert hear(served, ADDRESSES[name], start=SHORT) == Heard(b"", end)


@pytest.mark.parametrize(("name", "end"), [("reset-in-body", "reset"), ("stall", "waits")])
def test_half_the_body_comes(served, name, end):
    heard = hear(served, ADDRESSES[name], gap=SHORT)

    assert (heard.status, heard.end) == (200, end)
    assert heard.values("Content-Length") == [str(len(page_of(name)))]
    assert heard.body == half(page_of(name))


def test_drip_sends_a_byte_and_then_makes_one_wait(served):
    heard = hear(served, ADDRESSES["drip"], gap=SHORT)

    assert (heard.body, heard.end) == (b"<", "waits")
    assert heard.values("Content-Length") == heard.values("Transfer-Encoding") == []


def test_drip_goes_on_and_on():
    with serve(FAULTY, second=0.001) as server:
        heard = hear(server, ADDRESSES["drip"], most=400)

    assert len(heard.body) > 20
    assert page_of("drip").startswith(heard.body)


def test_gzip_cut_ends_before_its_end_though_all_that_is_stated_comes(served):
    heard = hear(served, ADDRESSES["gzip-cut"])
    reader = zlib.decompressobj(wbits=31)
    inflated = reader.decompress(heard.body)

    assert heard.values("Content-Encoding") == ["gzip"]
    assert heard.values("Content-Length") == [str(len(heard.body))]
    assert not reader.eof
    assert len(inflated) > 1_000
    assert b"</html>" not in inflated


@pytest.mark.parametrize(("name", "encoding", "layers"), [("gzip-bomb", "gzip", 1), ("bomb-in-bomb", "gzip, gzip", 2)])
def test_bombs_are_small_on_the_wire_and_too_large_inside(served, name, encoding, layers):
    heard = hear(served, ADDRESSES[name])
    body = heard.body
    for _ in range(layers - 1):
        body = gzip.decompress(body)

    assert heard.values("Content-Encoding") == [encoding]
    assert len(heard.body) < 500_000
    assert len(zlib.decompressobj(wbits=31).decompress(body, LARGEST_PAGE_BYTES + 1)) > LARGEST_PAGE_BYTES
    assert int.from_bytes(body[-4:], "little") == 200_000_000  # RFC 1952, 2.3.1: ISIZE


def test_bad_gzip_is_plain_html(served):
    heard = hear(served, ADDRESSES["bad-gzip"])

    assert heard.values("Content-Encoding") == ["gzip"]
    assert heard.body == page_without_story()


def test_huge_is_more_than_a_page_may_have_and_states_no_length(served):
    heard = hear(served, ADDRESSES["huge"])

    assert heard.values("Content-Length") == []
    assert heard.values("Transfer-Encoding") == ["chunked"]
    assert len(heard.body) > 24_000_000 > LARGEST_PAGE_BYTES
    assert heard.raw.endswith(b"\r\n0\r\n\r\n")


def test_huge_stated_states_a_gigabyte_and_sends_on(served):
    heard = hear(served, ADDRESSES["huge-stated"], most=30_000_000)

    assert heard.values("Content-Length") == ["1000000000"]
    assert heard.values("Transfer-Encoding") == []
    assert len(heard.body) > LARGEST_PAGE_BYTES


@pytest.mark.parametrize(
    ("name", "location"),
    [
        ("redirect-self", [ADDRESSES["redirect-self"]]),
        ("redirect-away", ["http://127.0.0.1:1/"]),
        ("redirect-empty", []),
    ],
)
def test_redirects_of_one_hop(served, name, location):
    heard = hear(served, ADDRESSES[name])

    assert (heard.status, heard.values("Location")) == (302, location)


@pytest.mark.parametrize(("name", "hops"), [("redirect-circle", 3), ("redirect-chain", 40)])
def test_redirects_of_many_hops(served, name, hops):
    seen = [ADDRESSES[name]]
    for _ in range(hops):
        heard = hear(served, seen[-1])
        assert heard.status == 302
        seen += heard.values("Location")

    assert len(set(seen[:hops])) == hops
    if name == "redirect-circle":
        assert seen[-1] == seen[0]
    else:
        assert (seen[-1] in seen[:-1], hear(served, seen[-1]).body) == (False, page_without_story())


def test_length_too_long_promises_more_than_comes(served):
    heard = hear(served, ADDRESSES["length-too-long"])

    assert heard.body == page_of("length-too-long")
    assert heard.values("Content-Length") == [str(len(heard.body) + 1_000)]
    assert heard.end == "closed"


def test_length_too_short_promises_less_than_comes(served):
    heard = hear(served, ADDRESSES["length-too-short"])

    assert heard.body == page_without_story()
    assert heard.values("Content-Length") == [str(len(heard.body) // 2)]


def test_no_length_lets_the_end_of_the_connection_tell(served):
    heard = hear(served, ADDRESSES["no-length"])

    assert heard.values("Content-Length") == heard.values("Transfer-Encoding") == []
    assert (heard.values("Connection"), heard.end) == (["close"], "closed")


def test_chunked_cut_ends_after_whole_chunks_without_the_last(served):
    heard = hear(served, ADDRESSES["chunked-cut"])
    rest, told = heard.body, b""
    while rest:
        size, _, rest = rest.partition(b"\r\n")
        told, end, rest = told + rest[: int(size, 16)], rest[int(size, 16) :][:2], rest[int(size, 16) + 2 :]
        assert (int(size, 16) > 0, end) == (True, b"\r\n")

    assert heard.values("Transfer-Encoding") == ["chunked"]
    assert told.startswith(b"<!DOCTYPE html>")
    assert b"</html>" not in told


@pytest.mark.parametrize(
    ("name", "says"),
    [("captcha", ["captcha", "you are human"]), ("block-page", ["Access denied", "Request blocked"])],
)
def test_pages_of_gatekeepers_say_what_they_want_and_nothing_else(served, name, says):
    body = hear(served, ADDRESSES[name]).body.decode()

    assert [words in body for words in says] == [True] * len(says)
    assert "article" not in body
    assert not re.search(r"\d\d:\d\d", body)


@pytest.mark.parametrize(("name", "length"), [("empty", ["0"]), ("status-204", [])])
def test_no_body(served, name, length):
    heard = hear(served, ADDRESSES[name])

    assert (heard.body, heard.values("Content-Length")) == (b"", length)


def test_binary_is_random_bytes_that_are_called_html(served):
    heard = hear(served, ADDRESSES["binary"])

    assert heard.values("Content-Type") == ["text/html; charset=utf-8"]
    assert len(set(heard.body)) == 256
    assert heard.body == page_of("binary")


def test_bad_header_has_a_line_without_colon_and_raw_utf_8(served):
    head = hear(served, ADDRESSES["bad-header"]).head

    assert [line for line in head[1:] if b":" not in line] == [b"X-Khong-Dau-Hai-Cham"]
    assert [line.decode() for line in head if not line.isascii()] == ["X-Toa-Soan: Học viện"]


def test_repeated_headers_come_three_times_and_the_query_matters(served):
    path = ADDRESSES["repeated-headers"]
    heard, without = hear(served, path), hear(served, path.partition("?")[0])

    assert heard.values("Set-Cookie") == ["khach-1=1; Path=/", "khach-2=2; Path=/", "khach-3=3; Path=/"]
    assert without.body == page_without_story() != heard.body


@pytest.mark.parametrize(
    ("name", "kind", "begins"),
    [("wrong-charset", "text/html; charset=iso-8859-1", b"<!DOCTYPE"), ("utf-16", "text/html", b"\xff\xfe<\0!\0")],
)
def test_encodings_that_are_not_what_the_header_or_the_page_says(served, name, kind, begins):
    heard = hear(served, ADDRESSES[name])

    assert heard.values("Content-Type") == [kind]
    assert heard.body.startswith(begins)


def robots(name, path="/robots.txt", second=1.0, **patience):
    with serve(Newsroom(1, ARTICLES, (name,)), second=second) as server:
        return hear(server, path, **patience)


@pytest.mark.parametrize(
    ("name", "status", "body"),
    [
        ("robots-delay", 200, GOOD_ROBOTS + b"Crawl-delay: 1\n"),
        ("robots-utf-16", 200, f"\ufeff{GOOD_ROBOTS.decode()}Disallow: /en/\n".encode("utf-16-le")),
        ("robots-redirect", 301, b""),
    ],
)
def test_robots_txt_that_is_sent_whole(name, status, body):
    heard = robots(name)

    assert (heard.status, heard.body, heard.end) == (status, body, "closed")


@pytest.mark.parametrize(
    ("name", "status", "says"),
    [("robots-503", 503, "<h1>503 Service Unavailable</h1>"), ("robots-404-disallow", 404, "\nDisallow: /\n")],
)
def test_robots_txt_that_is_a_page_of_an_error(name, status, says):
    heard = robots(name)

    assert heard.status == status
    assert heard.values("Content-Type") == ["text/html; charset=utf-8"]
    assert says in heard.body.decode()


@pytest.mark.parametrize(
    ("name", "body", "end", "patience"),
    [
        ("robots-reset", b"", "reset", {}),
        ("robots-stall", half(GOOD_ROBOTS), "waits", {"gap": SHORT}),
        ("robots-slow", b"", "waits", {"start": SHORT}),
    ],
)
def test_robots_txt_that_does_not_come_whole(name, body, end, patience):
    heard = robots(name, **patience)

    assert (heard.body, heard.end) == (body, end)


def test_robots_slow_comes_whole_after_twenty_seconds():
    heard = robots("robots-slow", second=0.005)

    assert (heard.status, heard.body, heard.end) == (200, GOOD_ROBOTS, "closed")


def test_robots_redirect_leads_to_a_good_one():
    assert robots("robots-redirect").values("Location") == ["/robots-here.txt"]
    assert robots("robots-redirect", "/robots-here.txt").body == GOOD_ROBOTS


def test_robots_huge_has_its_own_rules_where_every_reader_must_still_read():
    body = robots("robots-huge").body
    agent, *rules = body.splitlines()
    own = GOOD_ROBOTS.splitlines()[1:]

    assert agent == b"User-agent: *"
    assert all(re.fullmatch(rb"Disallow: /\S+/", rule) for rule in rules)
    assert len(body) >= 2_000_000
    assert 480 * 1024 < body.index(own[0]) < body.index(own[-1]) + len(own[-1]) <= 500 * 1024


@pytest.mark.parametrize("name", ["error-500", "stall", "silent", "reset", "huge-stated", "status-204", "utf-16"])
def test_head_of_a_faulty_address_tells_and_ends(served, name):
    heard = hear(served, ADDRESSES[name], method="HEAD")

    assert (heard.body, heard.end) == (b"", "closed")


def test_visitors_who_go_away_leave_no_thread_and_no_traceback(capfd):
    before = set(threading.enumerate())
    with serve(Newsroom(1, ARTICLES, (ALL, "robots-slow")), second=0.05) as server:
        for name in ("reset", "reset-in-body", "stall", "silent", "drip", "huge", "huge-stated", "chunked-cut"):
            with asking(server, ADDRESSES[name]):
                pass
            hear(server, ADDRESSES[name], most=1, start=SHORT)
        with asking(server, "/robots.txt"):
            pass
    for thread in set(threading.enumerate()) - before:
        thread.join(5)

    assert set(threading.enumerate()) <= before
    assert capfd.readouterr().err == ""


def test_a_server_closes_though_visitors_wait():
    server = serve(FAULTY)
    with asking(server, ADDRESSES["stall"]) as stalled, asking(server, ADDRESSES["silent"]):
        stalled.recv(1)
        closing = threading.Thread(target=server.close, daemon=True)
        closing.start()
        closing.join(5)

        assert not closing.is_alive()


@pytest.mark.parametrize(
    ("faults", "says"),
    [
        (("stal",), "no fault is called 'stal'. Did you mean stall?"),
        (("Robots-503",), "Did you mean robots-503?"),
        (("xyz123",), "Known: error-500, error-503-then-well, "),
        (("robots-503", "stall", "robots-slow"), "not robots-503 and robots-slow"),
    ],
)
def test_faults_that_cannot_be_had_are_refused_with_what_can(faults, says):
    with pytest.raises(UsageError, match=re.escape(says)):
        Newsroom(1, ARTICLES, faults)


def test_too_few_articles_for_the_faults_are_refused():
    with pytest.raises(UsageError, match=r"7 of these faults end in an article, and there are \d for it"):
        Newsroom(1, 7, (ALL,))


def test_command_line_refuses_an_unknown_fault_with_exit_2_and_the_nearest(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["archiver", "newsroom", "--port", "0", "--fault", "gzip-bom"])
    with pytest.raises(SystemExit) as ended:
        main()
    told = capsys.readouterr()

    assert (ended.value.code, told.out) == (2, "")
    assert "Did you mean gzip-bomb?" in told.err


def test_command_line_announces_its_address_alone_and_then_each_fault():
    words = "newsroom --port 0 --articles 60 --fault stall --fault robots-delay"
    with subprocess.Popen(
        [sys.executable, "-m", "archiver", *words.split()],
        cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True,
    ) as process:  # fmt: skip
        told = [process.stdout.readline().rstrip("\n") for _ in range(3)]
        process.send_signal(signal.SIGINT)
        rest = process.stdout.read()
    url = told[0]

    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", url)
    assert told[1:] == [
        f"stall  {url}/su-co-stall-90005.htm  {PAGE_FAULTS['stall'].says}",
        f"robots-delay  {url}/robots.txt  {ROBOTS_FAULTS['robots-delay'].says}",
    ]
    assert (rest, process.returncode) == ("", 0)
