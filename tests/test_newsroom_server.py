"""The newsroom's server: what a visitor can rely on over HTTP."""

from __future__ import annotations

import http.client
import re
from itertools import islice
from urllib.parse import urlsplit

import pytest

from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve

MAGIC = {"jpg": b"\xff\xd8\xff", "png": b"\x89PNG\r\n\x1a\n", "pdf": b"%PDF-1.4"}


@pytest.fixture(scope="module")
def served():
    with serve(Newsroom(1, 120)) as server:
        yield server


def answer(server, path, method="GET", **headers):
    parts = urlsplit(server.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        connection.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_pictures_and_attachments_download_and_are_what_their_names_say(served):
    urls = [file["url"] for file in Newsroom(1, 120).files(served.url) if file["state"] == "stored"]

    assert {re.search(r"\.(\w+)(?:&|$)", url)[1] for url in urls} == {"jpg", "png", "pdf"}
    for url in islice(urls, 0, None, 5):
        parts = urlsplit(url)
        response, body = answer(served, parts._replace(scheme="", netloc="").geturl())
        assert response.status == 200
        assert body.startswith(MAGIC[re.search(r"\.(\w+)(?:&|$)", url)[1]]), url


def test_two_ports_serve_one_newsroom(served):
    with serve(Newsroom(1, 120)) as other:
        bodies = [answer(server, "/truth.jsonl")[1].decode() for server in (served, other)]
        links = {answer(server, "/")[0].getheader("Link") for server in (served, other)}

    assert served.url != other.url
    assert bodies[0].replace(served.url, other.url) == bodies[1]
    assert links == {'<http://newsroom-1-120.test/>; rel="original"'}


def test_an_unchanged_page_is_not_sent_again(served):
    response, _ = answer(served, "/")
    again, body = answer(served, "/", If_None_Match=response.getheader("ETag"))

    assert (again.status, body) == (304, b"")
    assert answer(served, "/", If_None_Match='"other"')[0].status == 200


def test_head_tells_the_length_and_sends_nothing(served):
    whole, body = answer(served, "/en")
    head, nothing = answer(served, "/en", method="HEAD")

    assert head.getheader("Content-Length") == whole.getheader("Content-Length") == str(len(body))
    assert nothing == b""


def test_one_connection_serves_many_requests(served):
    parts = urlsplit(served.url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    sockets = set()
    for path in ("/", "/truth.jsonl", "/nowhere", "/robots.txt"):
        connection.request("GET", path)
        connection.getresponse().read()
        sockets.add(connection.sock)
    connection.close()

    assert len(sockets) == 1
    assert None not in sockets


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/nowhere", 404),
        ("/tin-tuc-su-kien/khong-co-1.html", 404),
        ("/Uploads/a.exe", 404),
        ("/robots.txt", 200),
        ("/_layouts/15/Authenticate.aspx?Source=%2F", 302),
        ("/Pages/dang-nhap.aspx", 200),
        ("/Pages/lich-cong-tac.aspx?date=2026-03-09", 200),
        ("/Pages/chi-tiet-tin.aspx?ItemID=" + "9" * 5_000, 200),
    ],
)
def test_other_addresses_answer_as_they_should(served, path, status):
    response, _ = answer(served, path)

    assert response.status == status


def test_other_methods_are_refused(served):
    response, _ = answer(served, "/", method="POST")

    assert response.status == 405
    assert response.getheader("Link") == '<http://newsroom-1-120.test/>; rel="original"'
