"""Who may ask the page of an archive, and what: other names, other pages, writing, files beside it."""

from __future__ import annotations

import socket
from urllib.parse import quote, unquote

import pytest
from browsing import ask, browsing, hostile, line, site_folder, write_lines
from conftest import run

from archiver.article import Capture


@pytest.fixture(scope="module")
def url(tmp_path_factory):
    archive = tmp_path_factory.mktemp("archive")
    hostile(archive)
    (archive / "secret.txt").write_text("what stands in it")
    with browsing(archive) as url:
        yield url


PATHS = [
    "/",
    "/article/evil:1",
    "/runs",
    "/missing",
    "/nothing",
    "/static/style.css",
    "/stored/evil:1",
    "/?format=json",
]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_says_what_a_browser_may_do(url, path):
    headers = ask(url, path).headers

    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "no-referrer"
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors" in headers["content-security-policy"]
    assert "'unsafe-inline'" not in headers["content-security-policy"] or path.startswith("/stored/")
    assert "'unsafe-eval'" not in headers["content-security-policy"]
    assert not [name for name in headers if name.startswith("access-control-")]
    assert "server" not in headers


def test_a_script_needs_the_nonce_of_its_answer(url):
    first, second = ask(url).headers["content-security-policy"], ask(url).headers["content-security-policy"]

    assert first != second
    assert "script-src 'nonce-" in first


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT", "PROPFIND"])
def test_nothing_but_reading_is_answered(url, method):
    answer = ask(url, method=method)

    assert (answer.status, answer.headers["allow"]) == (405, "GET, HEAD")


def test_head_is_get_without_its_body(url):
    answer = ask(url, "/article/evil:1", method="HEAD")

    assert (answer.status, answer.body) == (200, b"")


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "127.0.0.2", "0.0.0.0", "localhost.evil.example",
     "user@127.0.0.1", "127.0.0.1@evil.example", "127.0.0.1/evil", "[::1", "", "localhost:port", "2130706433", "169.254.169.254"],
)  # fmt: skip
def test_other_names_are_refused(url, host):
    assert ask(url, Host=host).status == 421


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:8030", "LOCALHOST", "[::1]:8030"])
def test_names_of_this_machine_are_answered(url, host):
    assert ask(url, Host=host).status == 200


@pytest.mark.parametrize(
    ("site", "dest", "status"),
    [("cross-site", "image", 403), ("cross-site", "iframe", 403), ("same-site", "empty", 403), ("cross-site", "script", 403),
     ("cross-site", "document", 200), ("same-origin", "empty", 200), ("none", "document", 200)],
)  # fmt: skip
def test_pages_elsewhere_may_lead_here_and_not_embed_or_probe(url, site, dest, status):
    assert ask(url, Sec_Fetch_Site=site, Sec_Fetch_Dest=dest).status == status


@pytest.mark.parametrize(
    "path",
    ["/static/../app.py", "/static/..%2fapp.py", "/static/%2e%2e/app.py", "/static/style.css%00.txt", "/static//etc/passwd",
     "/static/..%5capp.py", "/article/../../secret.txt", "/article/..%2f..%2fsecret.txt", "/run/evil/..%2f..%2fsecret",
     "/run/..%2f/x", "/picture/evil?url=../../secret.txt", "/picture/..%2f?url=x", "/file/evil?url=file:///etc/passwd",
     "/stored/..%2fsecret.txt", "/record/..%2f..%2fsecret.txt", "/runs?site=..", "/runs?site=/etc", "/choose/../secret.txt"],
)  # fmt: skip
def test_no_path_leads_out(url, path):
    answer = ask(url, path)

    assert answer.status == 404
    assert b"what stands in it" not in answer.body
    assert b"root:" not in answer.body


@pytest.mark.parametrize(
    ("path", "says"),
    [
        ("/?since=tomorrow", "Write it as 2026-11-22"), ("/?until=2026-02-30", "Write it as"), ("/?since=0000-01-01", "Write it as"),
        ("/?page=0", "Give a number from 1"), ("/?page=-1", "number"), ("/?page=1e9", "number"), ("/?page=%D9%A3", "number"),
        ("/?page=999999", "number"), ("/?order=price", "newest"), ("/?q=a&field=price", "title, body, captions"),
        ("/?q=" + "a" * 500, "at most 400"), ("/article/evil:1?revision=9", "has no revision"), ("/diff/evil:1?a=x", "has no revision"),
        ("/runs?span=2026-99-99", "Write it as"), ("/runs?span=last", "Write it as"), ("/missing?day=x", "Write it as"),
    ],
)  # fmt: skip
def test_what_cannot_be_asked_is_told_in_words(url, path, says):
    answer = ask(url, path)

    assert answer.status == 400
    assert says in answer.text


@pytest.mark.parametrize(
    "to",
    [
        "//elsewhere.test/",
        "/\\elsewhere.test",
        "https://elsewhere.test/",
        "javascript:x",
        "",
        "/\t/e.test",
        "/%0d%0aX: y",
    ],
)
def test_a_choice_leads_to_no_other_host(url, to):
    answer = ask(url, f"/choose?look=dark&to={quote(unquote(to))}")

    assert (answer.status, answer.headers["location"]) == (303, "/")


def test_a_choice_keeps_nothing_but_what_there_is(url):
    answer = ask(url, "/choose?look=dark&language=xx&to=/runs")

    assert answer.headers["location"] == "/runs"
    assert answer.headers["set-cookie"].startswith("look=dark; HttpOnly")
    assert "language" not in answer.headers["set-cookie"]


def test_a_capture_named_by_a_line_is_a_capture_file_or_nothing(tmp_path):
    folder = site_folder(tmp_path)
    place = {"offset": 0, "length": 1, "record_id": "x", "payload_digest": "sha1:x", "http_status": 200}
    (tmp_path / "secret.warc.gz").write_bytes(b"secret")
    names = [
        "../../secret.warc.gz",
        "/etc/passwd",
        "captures/2026/11/../../../../secret.warc.gz",
        "captures/2026/11/a\n.warc.gz",
    ]
    for number, name in enumerate(names):
        write_lines(folder, "articles", line(id=f"evil:{number}", capture=Capture(warc=name, **place)))
    with browsing(tmp_path) as url:
        answers = [ask(url, f"/{view}/evil:{number}") for number in range(len(names)) for view in ("stored", "record")]
        read = [ask(url, f"/article/evil:{number}") for number in range(len(names))]

    assert {answer.status for answer in answers} == {500}
    assert {answer.status for answer in read} == {200}
    assert not any(b"root:" in answer.body for answer in (*answers, *read))
    assert all("no name of a capture file" in answer.text for answer in answers)


def test_only_loopback_is_listened_on_and_anything_else_is_warned_of(tmp_path):
    write_lines(site_folder(tmp_path), "articles", line())
    with browsing(tmp_path) as url:
        port = int(url.rpartition(":")[2])
        with pytest.raises(OSError, match="refused"):
            socket.create_connection(("127.0.0.2", port), timeout=5)
    with browsing(tmp_path, "--host", "0.0.0.0") as url:
        named = (
            ask(url, Host="evil.example").status,
            ask(url, Host="10.1.2.3:80").status,
            ask(url, Host=socket.gethostname()).status,
        )

    assert named == (421, 200, 200)


def test_a_host_beyond_loopback_is_warned_of(tmp_path):
    write_lines(site_folder(tmp_path), "articles", line())
    taken = socket.create_server(("0.0.0.0", 0))
    with taken:
        ended = run(
            "archiver",
            "browse",
            "--archive",
            tmp_path,
            "--host",
            "0.0.0.0",
            "--port",
            taken.getsockname()[1],
            "--no-open",
        )

    assert "whoever reaches this machine there can read the whole archive" in ended.err
    assert ended.code == 2
    assert "Give another --port" in ended.complaint
