"""Addresses: made absolute, folded to one spelling, and asked what they lead to."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import sha256
from ipaddress import AddressValueError, IPv4Address, IPv6Address
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, quote, unquote, urlsplit, urlunsplit

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


TRACKING = _words(
    """
    __twitter_impression _branch_match_id _ga _gl _hsenc _hsmi at_campaign at_medium cmpid dclid dicbo fb_action_ids
    fb_source fbclid gad_source gbraid gclid gclsrc igsh igshid mc_cid mc_eid mkt_tok msclkid ncid oly_anon_id oly_enc_id
    pk_campaign pk_kwd s_cid srsltid ttclid twclid vero_id wbraid wickedid wt_mc xtor yclid ysclid zarsrc
    """
)
"""Parameters that say from where a reader came, besides every `utm_…`; always dropped by fold."""

SHAREPOINT_NOISE = _words("source date eventid isdlg mobile aspxautodetectcookiesupport")
"""Parameters that SharePoint adds to addresses of the same page."""

MEDIA_TYPES = {
    "pdf": "application/pdf",
    "doc": "application/msword",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xls": "application/vnd.ms-excel",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "ppt": "application/vnd.ms-powerpoint",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
    "zip": "application/zip",
    "rar": "application/vnd.rar",
    "7z": "application/x-7z-compressed",
}
"""File name extension to media type, of the files that count as attachments."""

_DEFAULT_PORTS = {"http": 80, "https": 443}
_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]*):")
_HOST = re.compile(r"[^\s\x00-\x20\"#%/<>?@\[\\\]^`{|}:\x7f]+")
_SURROGATE = re.compile("[\ud800-\udfff]")
# An address that stays as it is, or only wants the page's host before it: most links of most pages.
_PLAIN = re.compile(
    r"(https?://[a-z0-9.-]+(?=[/?]|\Z))?(/(?!/)[\w.~!$&'()*+,;=:@%/-]*)?(?:(?<=.)\?[\w.~!$&'()*+,;=:@%/?-]*)?", re.ASCII
)
_STRAY_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_INTERNAL = ("local", "internal", "intranet", "lan", "corp", "home", "home.arpa", "test", "invalid")
_PLUMBING = _words("_layouts _vti_bin _vti_pvt _vti_cnf _catalogs _forms _api _login _trust _windows _controltemplates")
_SIGN_IN = _words(
    """
    login logon signin sign-in sign_in logout signout sign-out register signup sign-up wp-login wp-admin authenticate
    accessdenied dang-nhap dangnhap dang-ky dangky dang-xuat
    """
)
_SEARCH = _words(
    "search searchresults search-results osssearchresults advanced-search tim-kiem timkiem ket-qua-tim-kiem ketquatimkiem"
)


def absolute(base: str, href: str) -> str | None:
    """The http(s) address that `href` means on the page at `base`, percent-encoded, without its fragment.

    None where it leads to no page: other schemes, nothing but a fragment, malformed. Never raises. Double slashes and
    what is encoded already stay; accented letters are encoded as they stand, composed or not.
    """
    plain = _PLAIN.fullmatch(href)
    if href and plain is not None and "/." not in href:
        if plain[1]:
            return href
        page = _split(base)
        return None if page is None else f"{page.scheme}://{page.netloc}{href}"
    return _resolved(base, _trimmed(href))


def _resolved(base: str, href: str) -> str | None:
    scheme = _SCHEME.match(href)
    if not href or href.startswith("#") or (scheme and scheme[1].lower() not in _DEFAULT_PORTS):
        return None
    page = _split(base)
    if scheme is None or not re.match(r"[/\\]{2}", href[scheme.end() :]):
        # RFC 3986, 5.2.2: `http:page.htm` is relative on a page of the same scheme.
        if page is None or (scheme and scheme[1].lower() != page.scheme):
            return None
        href = _joined(page, href[scheme.end() :] if scheme else href)
    parts = _split(href)
    return None if parts is None else urlunsplit(parts._replace(path=_without_dots(parts.path)))


def fold(url: str, *, aliases: Mapping[str, str] | None = None, noise: Collection[str] = SHAREPOINT_NOISE) -> str:
    """One spelling for the addresses of one page: host folded, default port, dots in the path, fragment, noise gone.

    `aliases` maps folded hosts to the host they stand for; `noise` are parameter names in lower case that are dropped
    besides TRACKING. The scheme, the order of the other parameters and the case of the path stay. An address that is
    malformed comes back as it is. fold(fold(url)) == fold(url).
    """
    parts = _split(url)
    if parts is None:
        return url
    name = fold_host(parts.hostname or "")
    name = (aliases or {}).get(name, name)
    path = _without_dots(_normal_escapes(parts.path)) or "/"
    pairs = (pair for pair in _normal_escapes(parts.query).split("&") if pair and not _is_noise(pair, noise))
    return urlunsplit((parts.scheme, _netloc(name, parts.port, parts.scheme), path, "&".join(pairs), ""))


def fold_host(host: str) -> str:
    """`host` in lower case, in ASCII (IDNA), without a trailing dot and a leading `www.`."""
    name = _ascii_host(host)
    bare = name.removeprefix("www.")
    return bare if "." in bare else name


def host(url: str) -> str:
    """The host of `url` in lower case, without port and trailing dot; empty where there is none."""
    parts = _split(url)
    return "" if parts is None else _ascii_host(parts.hostname or "")


def origin(url: str) -> str:
    """`scheme://host[:port]` of `url`, the default port left out; empty where there is no host."""
    parts = _split(url)
    if parts is None:
        return ""
    return f"{parts.scheme}://{_netloc(_ascii_host(parts.hostname or ''), parts.port, parts.scheme)}"


def is_loopback(url: str) -> bool:
    """Whether `url` leads to this machine: 127.0.0.0/8, ::1, localhost and the names below it (RFC 6761)."""
    name = host(url)
    address = _ip(name)
    if address is None:
        return name == "localhost" or name.endswith(".localhost")
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return address.ipv4_mapped.is_loopback
    return address.is_loopback


def is_public_host(url: str) -> bool:
    """Whether the host of `url` can be one that the public reaches; this machine counts, `ajc-app` does not."""
    if is_loopback(url):
        return True
    name = host(url)
    address = _ip(name)
    if address is not None:
        return address.is_global
    return "." in name and not any(name.endswith("." + internal) for internal in _INTERNAL)


def query_value(url: str, name: str) -> str | None:
    """The first value of the parameter `name`, decoded, the case of names apart; None where it is missing."""
    wanted = name.casefold()
    query = url.partition("#")[0].partition("?")[2]
    for key, value in parse_qsl(query.replace("&amp;", "&"), keep_blank_values=True):
        if key.casefold() == wanted:
            return value
    return None


def short_hash(text: str) -> str:
    """16 hex digits of SHA-256 of `text`, for ids of articles without a number."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def media_type(url: str) -> str | None:
    """The media type that the file's name gives, in the path or as a value of the query; None: no attachment's type.

    A page's address that carries a whole address (`/share?u=https://…/x.pdf`) or names a file for a viewer
    (`viewer.html?file=x.pdf`) leads to a page.
    """
    stem, _, query = url.partition("#")[0].partition("?")
    if _SCHEME.match(stem):
        stem = stem.partition("://")[2].partition("/")[2]
    extension = _extension(stem)
    if extension in MEDIA_TYPES:
        return MEDIA_TYPES[extension]
    if not query or extension in ("htm", "html"):
        return None
    for _, value in parse_qsl(query):
        if "://" not in value and _extension(value) in MEDIA_TYPES:
            return MEDIA_TYPES[_extension(value)]
    return None


def is_file_link(url: str) -> bool:
    """Whether `url` names a file that counts as an attachment."""
    return media_type(url) is not None


def never_followed(url: str) -> bool:
    """Whether `url` leads to plumbing, a sign-in or a search: nothing that a crawl reads."""
    parts = _split(url)
    path, query = (parts.path, parts.query) if parts else (url.partition("?")[0], url.partition("?")[2])
    segments = [segment for segment in unquote(path).lower().split("/") if segment]
    stems = [re.sub(r"\.(?:aspx?|php|html?|jsp)\Z", "", segment) for segment in segments]
    if not _PLUMBING.isdisjoint(segments) or not _SIGN_IN.isdisjoint(stems):
        return True
    if "forms" in segments[:-1] and segments[-1].endswith(".aspx"):
        return True
    if stems and (stems[0] in _SEARCH or stems[-1] in _SEARCH):
        return True
    if not query:
        return False
    values = {key.lower(): value for key, value in parse_qsl(query, keep_blank_values=True)}
    return values.get("isdlg") == "1" or ("s" in values and not segments)


def _trimmed(url: str) -> str:
    """As browsers take an address from markup: white space and controls around it, line breaks and tabs in it are gone."""
    return re.sub(r"[\t\n\r]", "", url.strip("".join(map(chr, range(33))) + "\xa0\u200b\u3000\ufeff"))


@lru_cache(maxsize=4096)
def _split(url: str) -> SplitResult | None:
    """The parts of an http(s) address, encoded; None where it is none or malformed."""
    try:
        parts = urlsplit(_SURROGATE.sub("\ufffd", _trimmed(url)))
        port = parts.port
    except ValueError:
        return None
    name = parts.hostname or ""
    if parts.scheme not in _DEFAULT_PORTS or not name:
        return None
    name = name if ":" in name else _ascii_host(name, keep_dot=True)
    if _ip(name) is None and not (name.isascii() and _HOST.fullmatch(name)):
        return None
    user, at, _ = parts.netloc.rpartition("@")
    netloc = quote(user, safe=":%!$&'()*+,;=~") + at + (f"[{name}]" if ":" in name else name)
    if port is not None:
        netloc += f":{port}"
    path = _encoded(parts.path.replace("\\", "/"), "")
    return SplitResult(parts.scheme, netloc, path, _encoded(parts.query, "?"), "")


def _encoded(text: str, also_safe: str) -> str:
    return quote(text, safe="%/:@!$&'()*+,;=~" + also_safe)


def _joined(base: SplitResult, href: str) -> str:
    """RFC 3986, 5.2.2, for a reference without a scheme. urllib's urljoin drops empty segments, which paths may need."""
    reference = href.partition("#")[0]
    path, mark, query = reference.partition("?")
    path = path.replace("\\", "/")
    if path.startswith("//"):
        return f"{base.scheme}:{path}{mark}{query}"
    if not path:
        path, query = base.path, query if mark else base.query
    elif not path.startswith("/"):
        path = base.path.rpartition("/")[0] + "/" + path
    return urlunsplit((base.scheme, base.netloc, _without_dots(path) or "/", query, ""))


def _without_dots(path: str) -> str:
    """RFC 3986, 5.2.4."""
    if "." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")
    for place, segment in enumerate(segments):
        last = place == len(segments) - 1
        if segment == "..":
            if len(kept) > 1:
                kept.pop()
            if last:
                kept.append("")
        elif segment != ".":
            kept.append(segment)
        elif last:
            kept.append("")
    return "/".join(kept)


def _normal_escapes(text: str) -> str:
    """RFC 3986, 6.2.2: escapes in capitals, those of unreserved characters undone; a stray % escaped."""
    if "%" not in text:
        return text

    def normal(found: re.Match[str]) -> str:
        value = int(found[1], 16)
        return chr(value) if value in _UNRESERVED else f"%{value:02X}"

    return _ESCAPE.sub(normal, _STRAY_PERCENT.sub("%25", text))


def _is_noise(pair: str, noise: Collection[str]) -> bool:
    name = unquote(pair.partition("=")[0]).lower()
    return name.startswith("utm_") or name in TRACKING or name in noise


def _netloc(name: str, port: int | None, scheme: str) -> str:
    bracketed = f"[{name}]" if ":" in name else name
    return bracketed if port is None or port == _DEFAULT_PORTS[scheme] else f"{bracketed}:{port}"


@lru_cache(maxsize=1024)
def _ascii_host(name: str, *, keep_dot: bool = False) -> str:
    name = name.lower()
    if not keep_dot:
        name = name.rstrip(".")
    if name.isascii():
        return name
    try:
        return name.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return name


def _ip(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return IPv6Address(name) if ":" in name else IPv4Address(name)
    except AddressValueError:
        return None


def _extension(path: str) -> str:
    """What follows the last dot of the last segment, in lower case."""
    name = unquote(path).rstrip("/").rpartition("/")[2].partition(";")[0]
    return name.rpartition(".")[2].strip().lower() if "." in name else ""
