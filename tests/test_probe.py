"""The first live fetch of a site, by the command: what it asks, what it tells, what it keeps, how it ends."""

from __future__ import annotations

import json
import os
import signal
import ssl
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address

import pytest
from conftest import ROOT, Reply, article_page, environment, lines, listing_page, run, serving
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from test_sites import Saved, article_of, filled, listing_of, refusal_of
from test_unknown_site import PAPER

from archiver.checklist.visit import NAMES
from archiver.cli import main
from archiver.demo.newsroom import Newsroom
from archiver.demo.server import serve
from archiver.probe import MOST_REQUESTS
from archiver.proof.check import check
from archiver.proof.rebuild import rebuild
from archiver.proof.verify import verify_site
from archiver.store.archive import hold

SIGN_IN = "<!doctype html><title>Sign in</title><form><input name='u'><input type='password' name='p'></form>"
CAPTCHA = "<!doctype html><title>One moment</title><p>Verify you are human: <div class='g-recaptcha captcha'></div></p>"
NUMBER = 19239
ARTICLE = f"/hoi-thao-{NUMBER}.htm"


@dataclass
class Counted:
    """A newsroom, and what it was asked."""

    newsroom: Newsroom
    asked: list[str] = field(default_factory=list)
    original: str = "http://newsroom-counted.test/"

    @property
    def faulty_addresses(self):
        return self.newsroom.faulty_addresses

    def page(self, path_and_query, origin):
        self.asked.append(path_and_query)
        return self.newsroom.page(path_and_query, origin)


def probe(what, archive, *options):
    return run("archiver", "probe", what, "--archive", archive, *options)


def of_hcma(web, archive, *options):
    return probe("hcma", archive, "--base-url", web.url, *options)


def told(ended) -> dict[str, dict]:
    return {each["name"]: each for each in json.loads(ended.out)}


def states(ended) -> dict[str, str]:
    return {name: each["state"] for name, each in told(ended).items()}


def small_site(web) -> None:
    web.listing("/", f"{ARTICLE} 14:37", "/tin-khac-8.htm")
    web.article(ARTICLE)
    web.article("/tin-khac-8.htm")


def paper(web) -> None:
    web.replies.update({path: Reply(page) for path, page in PAPER.replies().items()})


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory):
    """A probe of the sample newsroom: how it ended, what was asked, the archive, the candidates."""
    folder = tmp_path_factory.mktemp("probe")
    served = Counted(Newsroom(articles=300))
    with serve(served) as server:
        words = ("--base-url", server.url, "--archive", folder, "--candidates", folder / "pages" / "hcma")
        ended = run("archiver", "probe", "hcma", *words, "--json")
        yield ended, served.asked, folder, server.url


def test_the_sample_newsroom_passes_every_check_that_it_can(newsroom):
    ended, *_ = newsroom

    assert ended.code == 0, ended.err
    assert {name: state for name, state in states(ended).items() if state != "ok"} == {
        "certificate": "cannot be told",
        "http to https": "cannot be told",
        "feed": "cannot be told",
        "sitemap": "not so",
        "attachment": "cannot be told",
    }


def test_every_check_is_told_once_in_one_json_array(newsroom):
    ended, *_ = newsroom

    assert Counter(each["name"] for each in json.loads(ended.out)) == Counter(NAMES)


def test_each_field_is_told_with_the_rule_that_found_it_and_whose_it_is(newsroom):
    ended, *_ = newsroom
    found = {each["name"]: (each["whose"], each["rule"]) for each in told(ended)["fields"]["fields"]}

    assert found["title"] == ("own", "landmarks.title")
    assert found["tags"] == ("none", None)


def test_the_captures_of_a_probe_are_sound_and_no_line_is_made_of_them(newsroom):
    _, asked, archive, _ = newsroom
    found = verify_site(archive / "hcma", passed=lambda _: None)
    compared, written = (each(archive / "hcma", passed=lambda _: None) for each in (check, rebuild))

    assert found.findings == []
    assert found.records == 1 + 2 * len(asked)  # a warcinfo; a request and a response each
    assert (compared.captures, compared.differing, written.written) == (0, 0, 0)


def test_candidates_are_saved_pages_as_the_tests_read_them(newsroom):
    *_, folder, _ = newsroom
    saved = [Saved(file) for file in sorted((folder / "pages" / "hcma").glob("*.html"))]
    pages = [each for each in saved if not each.is_listing]
    links = {"url", "title", "published_raw", "summary"}

    assert [each.html.name for each in saved] == [
        *("article-2.html", "article-3.html", "article.html", "missing-article.html", "second-view.html"),
        *("section.listing.html", "start-page.listing.html"),
    ]
    for each in pages:
        record = {name: value for name, value in each.golden.items() if not name.startswith("_")}
        assert record == {name: value for name, value in filled(article_of(each)).items() if name in record}
        assert refusal_of(each) == each.golden.get("_refusal")
    for each in saved:
        assert each.golden["_page"]["url"].startswith("https://hcma.vn/")
        if each.is_listing:
            assert [set(link) - links for link in each.golden["articles"]] == [set() for _ in listing_of(each).articles]


def test_a_candidate_is_read_by_the_command_that_the_probe_names(web, tmp_path):
    small_site(web)
    ended = of_hcma(web, tmp_path)
    assert f"{len(web.asked)} of at most {MOST_REQUESTS} requests" in ended.out
    (line,) = [line.strip() for line in ended.out.splitlines() if line.strip().startswith("archiver parse ")]
    parsed = subprocess.run(
        [sys.executable, "-m", *line.split()], cwd=ROOT, env=environment(), capture_output=True, check=False
    )
    golden = json.loads((tmp_path / "hcma" / "candidates" / "article.json").read_text())

    assert parsed.returncode == 0, parsed.stderr
    assert json.loads(parsed.stdout)["title"] == golden["title"]


def test_a_golden_that_was_mended_is_not_written_over(web, tmp_path):
    small_site(web)
    pages = tmp_path / "pages"
    of_hcma(web, tmp_path, "--candidates", pages)
    (pages / "article.json").write_text("mended")
    of_hcma(web, tmp_path, "--candidates", pages)

    assert (pages / "article.json").read_text() == "mended"
    assert (pages / "article-2.json").exists()
    assert (pages / "start-page-2.listing.html").exists()


def test_a_site_without_a_file_is_probed_by_the_general_rules(web, tmp_path):
    paper(web)
    ended = probe(f"{web.url}/", tmp_path, "--json")

    assert ended.code == 0, ended.err
    assert {name for name, state in states(ended).items() if state == "ok"} >= {
        *("listing", "pager", "article", "required fields", "missing page", "missing article", "the same again")
    }
    assert {each["whose"] for each in told(ended)["fields"]["fields"]} == {"general", "none"}
    assert states(ended)["own rules"] == "cannot be told"


def test_an_article_can_be_probed_by_its_own_address(web, tmp_path):
    paper(web)
    path = next(iter(PAPER.articles))
    ended = probe(web.url + path, tmp_path, "--json")

    assert told(ended)["article"]["url"] == web.url + path
    assert told(ended)["listing"]["url"] == f"{web.url}/"


@pytest.fixture(scope="module")
def rich(tmp_path_factory):
    """A probe of a site that has everything and obeys its protocols: what it told, what was asked, the archive."""
    archive = tmp_path_factory.mktemp("rich")
    with serving() as web:
        html = "text/html; charset=iso-8859-1"
        feed = '<link rel="alternate" type="application/rss+xml" href="/rss"></head>'
        home = Reply(
            listing_page(ARTICLE).replace("</head>", feed),
            headers={"Content-Type": html, "Set-Cookie": "ASP.NET_SessionId=1; path=/"},
        )
        files = '<p><img src="/Uploads/a.png"></p><p><a href="/Uploads/b.pdf">Văn bản</a></p>'
        known = {"Content-Type": "text/html; charset=utf-8", "ETag": '"a"'}
        shown = iter([Reply(article_page(more=files), headers=known), Reply(status=304, headers=known)])
        item = f"<item><link>{web.url}{ARTICLE}</link><pubDate>Thu, 17 Apr 2025 14:37:00 +0700</pubDate></item>"
        inner = f"<sitemap><loc>{web.url}/inner.xml</loc><lastmod>2026-01-01</lastmod></sitemap>"
        web.replies |= {
            "/robots.txt": Reply(f"User-agent: *\nCrawl-delay: 30\nDisallow: /archiver-\n\nSitemap: {web.url}/index.xml\n"),
            "/": home,
            ARTICLE: lambda: next(shown),
            "/rss": Reply(f"<rss><channel>{item}</channel></rss>"),
            "/index.xml": Reply(f"<sitemapindex>{inner}</sitemapindex>"),
            "/inner.xml": Reply(f"<urlset><url><loc>{web.url}{ARTICLE}</loc></url></urlset>"),
            "/Uploads/a.png": Reply(b"\x89PNG", 206, {"Content-Type": "image/png", "Content-Range": "bytes 0-3/40960"}),
        }  # fmt: skip
        ended = of_hcma(web, archive, "--json", "--contact", "me@example.org")
        assert ended.code == 0, ended.err
        yield told(ended), web, archive


@pytest.mark.parametrize(
    ("name", "state", "seen"),
    [
        ("crawl delay", "not so", "30 seconds are asked for, and kept"),
        ("robots.txt", "ok", "allows us what a crawl begins with; names 1 sitemap"),
        ("encoding", "not so", "utf-8 by its bytes; the head says text/html; charset=iso-8859-1"),
        ("cookies", "ok", "sets ASP.NET_SessionId; articles come without them"),
        ("the same again", "ok", "status 304, by ETag"),
        ("missing page", "cannot be told", "Forbidden by robots.txt"),
        ("missing article", "ok", "status 404"),
        ("feed", "ok", "feed of 1 addresses, 1 of the site, 1 with a time, the newest 2025-04-17 14:37 +0700"),
        ("picture", "ok", "image/png, 40960 bytes, in parts on request"),
        ("attachment", "not so", "status 404"),
        ("pager", "not so", "{}/ has none that was found"),
        ("sitemap", "ok", "an index of 1 sitemaps; of them {}/inner.xml: sitemap of 1 addresses, 1 of the site, 0 with a time"),
    ],
)  # fmt: skip
def test_each_check_tells_what_was_seen(rich, name, state, seen):
    checks, web, _ = rich

    assert (checks[name]["state"], checks[name]["seen"]) == (state, seen.format(web.url))


def test_robots_are_obeyed_and_the_site_sees_who_probes_it(rich):
    _, web, _ = rich

    assert [path for path in web.asked if path.startswith("/archiver-")] == []
    assert web.agents == {"archiver/0.1.0 (+me@example.org)"}


def test_parts_of_files_and_304_are_sound_captures(rich):
    _, web, archive = rich
    found = verify_site(archive / "hcma", passed=lambda _: None)

    assert found.findings == []
    assert found.records == 1 + 2 * len(web.asked)


def forbidden(web):
    web.replies["/robots.txt"] = Reply("User-agent: *\nDisallow: /\n")


REFUSALS = {
    "robots": (forbidden, "forbids"),
    "robots that cannot be had": (lambda web: web.replies.update({"/robots.txt": Reply("", 503)}), "robots_unreachable"),
    "403": (lambda web: web.replies.update({"/": Reply("no", 403)}), "http_403"),
    "500": (lambda web: web.replies.update({"/": Reply("no", 500)}), "http_500"),
    "a sign-in page": (lambda web: web.replies.update({"/": Reply(SIGN_IN)}), "sign_in"),
    "led to a sign-in": (lambda web: web.redirect("/", "/login"), "led_away"),
    "a captcha": (lambda web: web.replies.update({"/": Reply(CAPTCHA)}), "blocked"),
    "endless redirects": (lambda web: web.redirect("/", "/"), "redirect_loop"),
    "led to another host": (lambda web: web.redirect("/", "http://127.0.0.2/"), "private_address"),
}  # fmt: skip


@pytest.mark.parametrize(("refuse", "says"), REFUSALS.values(), ids=REFUSALS.keys())
def test_a_site_that_refuses_is_exit_3_with_its_reason_and_asked_no_further(web, tmp_path, refuse, says):
    paper(web)
    refuse(web)
    ended = probe(f"{web.url}/", tmp_path)
    kept = verify_site(next(tmp_path.glob("*")), passed=lambda _: None)

    assert ended.code == 3
    assert says in ended.out
    assert ended.complaint.startswith("archiver: 127.0.0.1: start page: ")
    assert ended.err.count("\n") == 1, ended.err
    assert {path for path in web.asked if path not in ("/robots.txt", "/")} == set()
    assert kept.findings == []
    assert kept.records > 1


def test_a_site_that_is_not_there_is_exit_3(tmp_path):
    with serving() as web:
        url = web.url
    ended = probe(f"{url}/", tmp_path)

    assert (ended.code, ended.err.count("\n")) == (3, 1)
    assert "connection_refused" in ended.complaint


WANTING = {
    "no listing": (lambda web: web.listing("/"), "listing", "no article"),
    "no article read": (lambda web: web.replies.update({ARTICLE: Reply("", 500), "/tin-khac-8.htm": Reply("", 500)}), "article", "http_500"),
    "no time": (lambda web: [web.article(path, time="", body="Bài không đề ngày. " * 30) for path in (ARTICLE, "/tin-khac-8.htm")], "article", "no_time"),
}  # fmt: skip


@pytest.mark.parametrize(("spoil", "name", "says"), WANTING.values(), ids=WANTING.keys())
def test_what_a_crawl_needs_and_does_not_find_is_exit_4(web, tmp_path, spoil, name, says):
    small_site(web)
    spoil(web)
    ended = of_hcma(web, tmp_path, "--json")

    assert ended.code == 4, ended.err
    assert told(ended)[name]["state"] == "not so"
    assert says in ended.complaint


UNREADABLE = {
    "a picture": Reply(b"\x89PNG\r\n" + bytes(range(256))),
    "a bomb": Reply("<b>" * 200_000),
    "a feed": Reply("<rss><channel></channel></rss>", headers={"Content-Type": "application/rss+xml"}),
}


@pytest.mark.parametrize("reply", UNREADABLE.values(), ids=UNREADABLE.keys())
def test_a_start_page_that_is_no_page_is_exit_4(web, tmp_path, reply):
    web.replies["/"] = reply
    ended = probe(f"{web.url}/", tmp_path)

    assert ended.code == 4, ended.err
    assert ended.err.count("\n") == 1, ended.err


def test_pages_behind_the_start_page_that_cannot_be_read_are_told(web, tmp_path):
    paper(web)
    web.replies.update({path: UNREADABLE["a picture"] for path in PAPER.replies() if path != "/"})
    ended = probe(f"{web.url}/", tmp_path, "--json")

    assert (ended.code, ended.complaint.count("binary")) == (4, 3), ended.err


def test_articles_behind_a_sign_in_are_exit_3(web, tmp_path):
    small_site(web)
    for path in (ARTICLE, "/tin-khac-8.htm"):
        web.redirect(path, "/_layouts/15/Authenticate.aspx")
    ended = of_hcma(web, tmp_path, "--json")

    assert (ended.code, states(ended)["article"]) == (3, "not so")


def test_the_next_article_is_tried_where_one_gives_no_record(web, tmp_path):
    small_site(web)
    web.replies[ARTICLE] = Reply("gone", 404)
    ended = of_hcma(web, tmp_path, "--json")

    assert ended.code == 0
    assert told(ended)["article"]["seen"].startswith("hcma:8: ")
    assert "http_404" in told(ended)["article"]["seen"]


def test_an_article_at_an_address_where_nothing_is_to_be_is_exit_4(web, tmp_path):
    small_site(web)
    web.otherwise = lambda path: Reply(article_page()) if path.endswith("-999999999.htm") else Reply("no", 404)
    ended = of_hcma(web, tmp_path, "--json")

    assert ended.code == 4
    assert "a record: hcma:999999999" in told(ended)["missing article"]["seen"]


def test_a_missing_page_that_leads_home_is_told(web, tmp_path):
    small_site(web)
    web.otherwise = lambda path: Reply(status=302, headers={"Location": "/"}) if path.startswith("/archiver-") else Reply("no", 404)  # fmt: skip
    found = told(of_hcma(web, tmp_path, "--json"))["missing page"]

    assert (found["state"], found["seen"]) == ("not so", f"it leads on to {web.url}/")


def test_an_article_that_changes_with_every_visit_is_told_with_the_fields(web, tmp_path):
    small_site(web)
    visits = iter(range(99))
    web.replies[ARTICLE] = lambda: Reply(article_page(body=f"Bạn là người đọc thứ {next(visits)} của bài này hôm nay."))
    found = told(of_hcma(web, tmp_path, "--json"))["the same again"]

    assert found["state"] == "not so"
    assert "blocks" in found["do"]


def test_a_site_that_asks_for_patience_is_not_asked_again(web, tmp_path):
    small_site(web)
    web.replies[ARTICLE] = Reply("slower", 429, {"Retry-After": "600"})
    ended = of_hcma(web, tmp_path, "--json")

    assert web.asked[-1] == ARTICLE
    assert "asked for patience" in told(ended)["sitemap"]["seen"]


@pytest.fixture(scope="module")
def key():
    return ec.generate_private_key(ec.SECP256R1())


@pytest.mark.parametrize(
    ("days", "is_trusted", "state", "says"),
    [
        (90, True, "ok", "of The Maw Observer, 89 days left"),
        (9, True, "not so", "of The Maw Observer, 8 days left"),
        (90, False, "not so", "89 days left: self-signed certificate"),
    ],
    ids=["trusted", "ends soon", "self-signed"],
)
def test_the_certificate_is_told_as_browsers_judge_it(tmp_path, key, days, is_trusted, state, says):
    pem = tmp_path / "certificate.pem"
    pem.write_bytes(certified(key, days))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    trusted = {"SSL_CERT_FILE": str(pem)} if is_trusted else {}
    with serving(context) as web:
        paper(web)
        ended = run("archiver", "probe", f"{web.url}/", "--archive", tmp_path, "--json", **trusted)
    found = told(ended)

    assert ended.code == 0, ended.err
    assert found["certificate"]["state"] == state
    assert says in found["certificate"]["seen"]
    assert found["http to https"]["seen"].startswith("the site stands at port ")


def certified(key, days) -> bytes:
    """A certificate of 127.0.0.1 that it signed itself, and its key, as PEM."""
    name = x509.Name([x509.NameAttribute(x509.NameOID.ORGANIZATION_NAME, "The Maw Observer")])
    now = datetime.now(UTC)
    host = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    made = x509.CertificateBuilder(
        name, name, key.public_key(), x509.random_serial_number(), now - timedelta(1), now + timedelta(days)
    )
    signed = made.add_extension(host, critical=False).sign(key, hashes.SHA256())
    words = (serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return signed.public_bytes(serialization.Encoding.PEM) + key.private_bytes(*words)


def test_redirects_and_robots_count_and_the_budget_is_kept_whatever_a_site_does(web, tmp_path):
    small_site(web)
    web.listing("/", *(f"/tin-{number}.htm" for number in range(1, 9)))
    steps = iter(range(10_000))
    hops = lambda path: Reply(status=302, headers={"Location": f"{path.partition('?')[0]}?step={next(steps)}"})  # noqa: E731
    web.otherwise = hops
    web.replies["/robots.txt"] = Reply("")
    ended = of_hcma(web, tmp_path, "--json")

    assert len(web.asked) == MOST_REQUESTS < 20
    assert "19 requests went out already" in told(ended)["sitemap"]["seen"]


def test_a_crawl_of_the_same_archive_goes_as_if_no_probe_had_been(web, tmp_path):
    small_site(web)
    of_hcma(web, tmp_path)
    before = len(web.asked)
    ended = run("archiver", "crawl", "hcma", "--base-url", web.url, "--archive", tmp_path)
    compared = check(tmp_path / "hcma", passed=lambda _: None)

    assert ended.code == 0, ended.err
    assert ARTICLE in web.asked[before:]
    assert [line["change"]["cause"] for line in lines(tmp_path, "articles")] == ["first", "first"]
    assert (compared.identical, compared.differing) == (2, 0)
    assert verify_site(tmp_path / "hcma", passed=lambda _: None).findings == []


def killed_at(web, path, words):
    """`archiver` with these words, ended by SIGKILL when it asks for `path`."""
    gone = threading.Event()
    page = web.replies[path]

    def kill():
        process.kill()
        gone.wait(30)
        return page

    web.replies[path] = kill
    with subprocess.Popen(
        [sys.executable, "-m", "archiver", *map(str, words)], cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:  # fmt: skip
        process.wait(30)
        gone.set()
    web.replies[path] = page
    return process.returncode


def test_a_probe_that_is_killed_leaves_nothing_that_a_crawl_takes_for_its_own(web, tmp_path):
    small_site(web)
    copy = ("--base-url", web.url, "--archive", tmp_path)
    web.replies["/sitemap.xml"] = Reply("no", 404)
    code = killed_at(web, "/sitemap.xml", ("probe", "hcma", *copy))
    before = len(web.asked)
    ended = run("archiver", "crawl", "hcma", *copy)
    (tmp_path / "hcma" / "ledger.sqlite").unlink()
    again = run("archiver", "crawl", "hcma", *copy)
    compared = check(tmp_path / "hcma", passed=lambda _: None)

    assert (code, ended.code, again.code) == (-signal.SIGKILL, 0, 0), ended.err + again.err
    assert ARTICLE in web.asked[before:]
    assert (compared.identical, compared.differing) == (2, 0)


def test_a_probe_leaves_a_crawl_that_was_killed_as_it_is(web, tmp_path):
    small_site(web)
    copy = ("--base-url", web.url, "--archive", tmp_path)
    code = killed_at(
        web, "/tin-khac-8.htm", ("crawl", "hcma", *copy, "-s", 'DOWNLOAD_SLOTS={"127.0.0.1": {"concurrency": 1}}')
    )
    probed = of_hcma(web, tmp_path)
    before = len(web.asked)
    ended = run("archiver", "crawl", "hcma", *copy)
    compared = check(tmp_path / "hcma", passed=lambda _: None)

    assert (code, probed.code, ended.code) == (-signal.SIGKILL, 0, 0), probed.err + ended.err
    assert ARTICLE not in web.asked[before:], "captured by the crawl that was killed"
    assert (compared.identical, compared.differing) == (2, 0)


def test_a_probe_that_is_interrupted_ends_with_130_and_keeps_what_it_has(web, tmp_path):
    small_site(web)
    interrupted = threading.Event()
    page = web.replies[ARTICLE]

    def interrupt():
        os.kill(process.pid, signal.SIGINT)
        interrupted.wait(30)
        return page

    web.replies[ARTICLE] = interrupt
    words = [sys.executable, "-m", "archiver", "probe", "hcma", "--base-url", web.url, "--archive", str(tmp_path)]
    with subprocess.Popen(
        words, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
    ) as process:
        for line in process.stderr:
            if b"SIGINT" in line:
                break
        interrupted.set()
        code = process.wait(30)

    assert code == 130
    assert verify_site(tmp_path / "hcma", passed=lambda _: None).findings == []


def test_captures_stand_apart_from_those_of_crawls_by_default(web, tmp_path):
    small_site(web)
    run("archiver", "probe", "hcma", "--base-url", web.url, ARCHIVER_DATA=str(tmp_path))

    assert [path.relative_to(tmp_path).parts[:3] for path in tmp_path.rglob("*.warc.gz")] == [
        ("probe", "hcma", "captures")
    ]


@pytest.mark.parametrize("what", ["hcma", "https://news.example/"])
def test_a_live_site_without_a_contact_is_refused_before_any_request(tmp_path, what):
    ended = probe(what, tmp_path / "data")

    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "--contact you@example.org" in ended.complaint
    assert not (tmp_path / "data").exists()


def test_a_folder_that_another_run_holds_is_exit_75(web, tmp_path):
    small_site(web)
    with hold(tmp_path / "hcma"):
        ended = of_hcma(web, tmp_path)

    assert (ended.code, web.asked) == (75, [])
    assert "another run holds it" in ended.complaint


def test_an_archive_of_another_origin_is_exit_2(web, tmp_path):
    small_site(web)
    web.original = "http://one.test/"
    of_hcma(web, tmp_path)
    web.original = "http://another.test/"
    ended = of_hcma(web, tmp_path)

    assert (ended.code, ended.err.count("\n")) == (2, 1)
    assert "is an archive of" in ended.complaint


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ("probe", "SITE"),
        ("probe hcmx", "Did you mean hcma?"),
        ("probe news.example", "https://news.example"),
        ("probe ftp://news.example/", "begins with http"),
        ("probe http://", "begins with http"),
        ("probe https://news.example/ --base-url http://127.0.0.1/", "by itself: archiver probe http://127.0.0.1/"),
        ("probe hcma --base-url hcma.vn", "begins with http"),
        ("probe hcma --archive pyproject.toml", "is a file"),
        ("probe hcma --candidates pyproject.toml", "is a file"),
        ("probe hcma --max-pages 3", "No such option"),
    ],
)
def test_what_cannot_be_used_is_exit_2_and_one_line_with_the_next_step(monkeypatch, capsys, words, says):
    monkeypatch.chdir(ROOT)
    monkeypatch.setattr(sys, "argv", ["archiver", *words.split()])
    with pytest.raises(SystemExit) as ended:
        main()
    complaint = capsys.readouterr().err

    assert ended.value.code == 2
    assert says in complaint
    assert complaint.count("\n") == 1, complaint
