"""Who is named beside an article or a picture: credit lines, bylines, and credits at the end of captions."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

Role = Literal["text", "photo", "source", "editor", "translation", "video", "graphics"]
Kind = Literal["person", "organisation"]

_LONGEST_LINE = 240
_LONGEST_CAPTION = 2_000
_MOST_WORDS = 16

_LABELS: dict[Role, str] = {
    "text": "tin|bài|bài viết|tin bài|tin/bài|nội dung|tác giả|nhóm tác giả|người viết|thực hiện|tổng hợp|nhóm pv|nhóm phóng viên"
    "|phóng viên|pv|by|news|text|texts|story|words|author|authors|report|reporting|reported by|written by|texte|texto|autor",
    "photo": "ảnh|hình|hình ảnh|chùm ảnh|nguồn ảnh|ảnh nguồn|ảnh minh họa|ảnh minh hoạ|photo|photos|photo by|photos by|photo credit"
    "|picture|pictures|image|images|photography|foto|fotos|bild|bilder|crédit photo|crédits photo|photo source",
    "source": "nguồn|nguồn tin|theo|source|sources|quelle|fuente|fonte",
    "editor": "biên tập|hiệu đính|editor|editors|editing|edited by|redaktion",
    "translation": "dịch|biên dịch|người dịch|lược dịch|translation|translator|translated by",
    "video": "video|clip|videos|quay phim|dựng phim|camera",
    "graphics": "đồ họa|đồ hoạ|infographic|infographics|thiết kế|graphics|graphic|design",
}
_ROLE_OF = {label: role for role, labels in _LABELS.items() for label in labels.split("|")}
_WORD = "|".join(re.escape(label).replace(r"\ ", r"\s") for label in sorted(_ROLE_OF, key=len, reverse=True))
_LABEL = re.compile(
    rf"(?:^|(?<=[\s;,.|/(–-]))((?:{_WORD})(?:\s?(?:,|và|&|and|\+|/|-|–)\s?(?:{_WORD}))*)\s?[:：]\s*",
    re.IGNORECASE,
)
_LABEL_WORD = re.compile(rf"\b(?:{_WORD})\b", re.IGNORECASE)

_DOMAIN = re.compile(
    r"(?:https?://)?(?:[\w-]+\.)+(?:vn|com|net|org|info|gov|edu|eu|uk|de|fr|asia|news|tv|cn|ru|jp|kr|la|kh)(?:/\S*)?",
    re.IGNORECASE,
)
_TITLE = (
    r"(?:GS|PGS|TSKH|TS|ThS|Th\.S|NCS|BS|BSCK[I12]*|CK[I12]+|CN|KS|KTS|LS|NSND|NSƯT|NGND|NGƯT|GVCC|GVC|Dr|Prof|Assoc|Mr|Mrs|Ms|Miss"
    r"|MA|MSc|PhD|Ph\.D|Đ/c|Đồng chí|Nhà báo|Nhà văn|Phóng viên)"
)
_LEADING_TITLES = re.compile(rf"(?:{_TITLE}(?:\.\s*|\s+))+(?=\S)|(?:PV|CTV)\.?\s+(?=\S)")
_DEGREE = r"(?:RN|BSN|MD|RD|RDN|MBA|JD|MPH|MS|BA|BSc)"
_ONLY_TITLES = re.compile(rf"(?:{_TITLE}|{_DEGREE})\.?(?:[\s.]+(?:{_TITLE}|{_DEGREE})\.?)*")

# First words of Vietnamese units and media. Those of the second list are also names of persons (Đoàn Minh Huấn, Ban
# Mai): with them a name is an organisation's when a word in it is in lower case (Ban Tổ chức) or a listed one follows.
_UNIT = re.compile(
    r"(?:ban biên tập|ban tuyên giáo|ban giám đốc|bbt|btc|ban tổ chức|ban quản lý|bộ|báo|cục|chi bộ|chi hội|chi đoàn|công đoàn|công ty|cổng"
    r"|câu lạc bộ|clb|cụm|hội đồng|học viện|khối|liên hiệp|liên đoàn|lớp|ngân hàng|nhà xuất bản|nxb|nhóm|phân viện|phòng|quỹ|sở|thông tấn"
    r"|tập đoàn|tòa soạn|toà soạn|tạp chí|tổng cục|trung tâm|truyền hình|đại học|đảng bộ|đảng ủy|đảng uỷ|đoàn thanh niên|ủy ban|uỷ ban"
    r"|ubnd|viện|văn phòng|vụ|hội nhà báo|the)\s",
    re.IGNORECASE,
)
_PERHAPS_UNIT = re.compile(r"(?:ban|khoa|trang|trường|đài|đoàn|hội|tổ)\s", re.IGNORECASE)
_UNIT_GOES_ON = re.compile(
    r"\S+\s(?:biên tập|cao đẳng|chính trị|đại học|kinh tế|lịch sử|lý luận|nhà nước|pháp luật|quản lý|thanh niên|thông tin|tiếng nói|triết học|tuyên|tổ chức|văn hóa|xây dựng|phát thanh)",
    re.IGNORECASE,
)
_ENGLISH_UNIT = re.compile(
    r"\b(?:academy|agency|archives?|association|board|bureau|center|centre|college|commission|committee|communications|company|corporation"
    r"|council|department|division|editors|faculty|foundation|gazette|group|images|institute|journal|library|magazine|media|ministry|museum"
    r"|network|news|newspaper|newsroom|office|organi[sz]ation|photos?|post|press|program|project|publishing|radio|redaktion|service|services"
    r"|society|staff|team|television|times|tribune|tv|union|university|weekly|zeitung|agencies|reuters|xinhua|shutterstock|getty|unsplash)\b",
    re.IGNORECASE,
)
_KNOWN = frozenset(
    [
        "afp", "ap", "bbc", "dpa", "epa", "epd", "facebook", "internet", "kyodo", "reuters", "sputnik", "tass", "xinhua", "yonhap",
        "dân trí", "dân việt", "lao động", "người lao động", "nhân dân", "quân đội nhân dân", "thanh niên", "tiền phong",
        "thư viện", "tuổi trẻ", "tổ quốc", "vietnam+", "vietnamplus", "vnexpress", "đại đoàn kết", "bnews", "zing", "znews",
        "kiến thức", "công thương", "công lý", "giáo dục & thời đại", "giáo dục và thời đại", "hà nội mới", "sài gòn giải phóng",
    ],
)  # fmt: skip
# What stands for a name in credits though it is in lower case.
_STAND_INS = frozenset(
    [
        "ban tổ chức cung cấp", "btc cung cấp", "cộng tác viên", "internet", "minh họa", "minh hoạ", "nhân vật cung cấp", "nvcc", "sưu tầm",
        "tác giả", "tác giả cung cấp", "tư liệu", "đơn vị cung cấp", "gia đình cung cấp", "courtesy", "handout", "archive", "archiv", "privat",
    ],
)  # fmt: skip
_PARTICLES = frozenset(
    [
        "van", "von", "der", "den", "de", "da", "das", "dos", "del", "della", "di", "du", "la", "le", "el", "al", "bin", "binti", "ibn",
        "ter", "ten", "zu", "und", "et", "y", "e", "of", "for", "the", "và", "and", "&", "của",
    ],
)  # fmt: skip
# Offices, which stand beside names and are none.
_JOB = re.compile(
    r"(?:\b(?:analyst|anchor|columnist|contributor|correspondent|critic|editor|editor-in-chief|freelancer|intern|journalist|photographer"
    r"|producer|reporter|writer|columnists|correspondents|reporters|writers|editors)\b|^(?:staff|guest|updated|published|posted|min read)\b)",
    re.IGNORECASE,
)
_MADE_BY = re.compile(
    r"(?P<what>photos?|photographs?|pictures?|text|words|story|written|reported|reporting|edited|editing|translated|video)\sby\s+(?=\S)",
    re.IGNORECASE,
)
_MADE: dict[str, Role] = {"p": "photo", "e": "editor", "v": "video"}
_BY = re.compile(
    r"(?:by|written by|reported by|von|par|por|door|bởi|tác giả|author|text|bài|tin)\s?[:：]?\s+", re.IGNORECASE
)
_BYLINE_TAIL = re.compile(
    r"\S+@\S+|\s+(?:thực hiện|tổng hợp|lược ghi|ghi|t/h|biên soạn|lược thuật)\s*\Z|\s+(?:published|updated|posted|last updated)\b.*",
    re.IGNORECASE,
)
_SOURCE_BEHIND = re.compile(
    r"(?P<names>[^()]{3,80}?)\s*(?:[-–—/|,]\s*|\(\s*)(?:theo|nguồn)\s?[:：]?\s+(?P<source>[^()]{2,60}?)\s*\)?",
    re.IGNORECASE,
)
_PLACE = re.compile(r"(?<=\w)\s(?:in|for|For|FOR|via)\s(?=[A-Z])")

_NAME_PARTS = re.compile(r"\s*[,;|]\s*|\s+[-–—]\s+|(?<!:)/(?!/)")
_AND = re.compile(r"\s+(?:và|and|And|AND|&|und|et|y|og|och|oraz|en|e)\s+")
_LEADING_AND = re.compile(r"(?:và|and|und|&)\s+")

_CAPTION_LABEL = (
    r"(?:(?:Hình\s)?Ảnh(?:\sminh\sh(?:ọa|oạ)|\stư\sliệu)?|Nguồn(?:\sảnh)?|Hình|(?:Archiv|Symbol)(?:bild|foto)|Bild(?:quelle|nachweis)?|Quelle"
    r"|(?:Photo|Image|Picture|Foto)s?(?:\s(?:[Cc]redits?|[Ss]ource|[Dd]e|[Dd]i))?|Photograph(?:er|y)?|Credits?|Crédits?(?:\s[Pp]hotos?)?|Imagen)"
    r"(?:\s?[:：](?:\s?©)?|\s?©|(?<=[ehosy])\s(?:by|via|courtesy(?:\sof)?)(?=\s))\s*"
)
_AGENCY = (
    r"AFP|AP|APA|EPA|EFE|dpa|PA|Reuters|REUTERS|Xinhua|Sputnik|TTXVN|VNA|VGP|Getty Images|Shutterstock|Alamy|Bloomberg"
)
_CAPTION_IN_BRACKETS = re.compile(
    rf"(?<![\s_\-–—|/])[\s_\-–—|/]*[(\[]\s*(?:(?:(?i:{_CAPTION_LABEL}|ảnh\scủa\s)|©\s*)(?P<named>[^()\[\]]{{1,100}}?)"
    rf"|(?P<agency>(?:[^()\[\]:]{{1,60}}[/,–-]\s?)?(?:{_AGENCY}|[A-Z]{{2,4}}\sPhoto(?:/[^()\[\]:]{{1,60}})?)))\s*[)\]]\s*\.?\Z",
)
_CAPTION_AT_END = re.compile(
    # A sign, a space, the end of a sentence, or nothing before a label in capitals: `in MilanCredit: EPA`.
    rf"(?:\A|(?<![\s_/|–—-])[\s_/|–—-]+|(?<=[.!?…)\"”])|(?<=[^\W\d_]))(?:{_CAPTION_LABEL}|©\s*)(?P<credit>[^()]{{1,100}}?(?:\s?\([^()]{{1,40}}\))?)\s*\Z",
)
_ONLY_AGENCY = re.compile(rf"(?:[^.:!?/]{{1,40}}(?:\s?/\s?|\svia\s))*(?:{_AGENCY})")
_LABEL_AGAIN = re.compile(rf"\A(?:{_CAPTION_LABEL}|©\s*)+")


@dataclass(frozen=True, slots=True)
class Name:
    """One name with what it is named for."""

    name: str
    """As printed, without titles of address."""
    role: Role = "text"
    """What the name did."""
    kind: Kind = "person"
    """Whether it is a person's or an organisation's."""


@lru_cache(maxsize=1024)  # a line is first recognised, then read
def parse_credit_line(line: str) -> tuple[Name, ...]:
    """The names of a credit line, in the order of the roles as printed, then of the names; empty: it is none.

    `Tin: BBT; ảnh: Đức Mạnh` gives BBT text, Đức Mạnh photo; `Tin, ảnh: A, B` gives A text, B text, A photo, B photo.
    """
    text = _bare(line)
    if not text or len(text) > _LONGEST_LINE:
        return ()
    labels = list(_LABEL.finditer(text))
    if not labels or labels[0].start():
        return _without_colon(text) or _with_source(text)
    found: list[Name] = []
    for label, following in zip(labels, [*labels[1:], None], strict=True):
        value = text[label.end() : following.start() if following else len(text)]
        names = _names(value)
        if not names:
            return ()
        roles = dict.fromkeys(_role(word[0]) for word in _LABEL_WORD.finditer(label[1]))
        found.extend(Name(name, role, kind_of(name)) for role in roles for name in names)
    return tuple(found)


def is_credit_line(line: str) -> bool:
    """Whether `line` is nothing but a credit."""
    return bool(parse_credit_line(line))


def kind_of(name: str) -> Kind:
    """`organisation` for units, media, agencies, domains and names in capitals (VTV, TTXVN); else `person`."""
    name = " ".join(unicodedata.normalize("NFC", name).split())
    words = name.split()
    if (
        not words
        or name.lower() in _KNOWN
        or _DOMAIN.fullmatch(name)
        or _UNIT.match(name + " ")
        or _ENGLISH_UNIT.search(name)
    ):
        return "organisation"
    if _PERHAPS_UNIT.match(name) and (_UNIT_GOES_ON.match(name) or any(word.islower() for word in words)):
        return "organisation"
    if len(words) > 1:
        acronyms = [word for word in words if len(word) > 2 and all(map(_is_acronym, word.split("-")))]
        if name.isupper():  # PHẠM VĂN A is a person; HWK OMV has words that nobody can say
            acronyms = [word for word in acronyms if not re.search("[AEIOUY]", unicodedata.normalize("NFD", word))]
        return "organisation" if acronyms else "person"
    coined = re.search(r"[^\W_][a-z]+[A-Z]|\d", name) is not None and not re.match(r"(?:Mac|Mc|De|O')[A-Z]", name)
    return "organisation" if coined or _is_acronym(name) else "person"


def split_caption(text: str) -> tuple[str, str]:
    """The caption, and who is named at its end: `Đại biểu dự họp_Ảnh: HCMA` gives `Đại biểu dự họp`, `HCMA`."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    found = _CAPTION_IN_BRACKETS.search(text) if len(text) <= _LONGEST_CAPTION else None
    if found is not None:
        return text[: found.start()], found["named"] or found["agency"]
    found = _CAPTION_AT_END.search(text) if len(text) <= _LONGEST_CAPTION else None
    if found is None:
        return ("", text) if _ONLY_AGENCY.fullmatch(text) and _is_name(text.replace("/", " ")) else (text, "")
    credit = _LABEL_AGAIN.sub("", found["credit"]).strip().removesuffix(".")
    return (text[: found.start()].rstrip(), credit) if _may_be_credit(credit) else (text, "")


def parse_byline(text: str) -> tuple[Name, ...]:
    """The names of a byline, all with role text, without `By`, titles of address and offices."""
    text = _bare(text)
    if not text or len(text) > _LONGEST_LINE:
        return ()
    credit = parse_credit_line(text)
    if (credit and _LABEL.match(text)) or text[:5].lower() == "theo ":
        return credit
    start = _BY.match(text)
    text = _BYLINE_TAIL.sub("", text[start.end() :] if start else text)
    found = []
    for piece in _split_names(text):
        place = _PLACE.search(piece)
        name = piece[: place.start()] if place and kind_of(piece[: place.start()]) == "person" else piece
        if _JOB.search(name) or not re.search(r"[^\W\d_]", name) or len(name.split()) > _MOST_WORDS:
            continue
        if not _is_name(name):
            return ()
        found.append(Name(name, "text", kind_of(name)))
    return tuple(dict.fromkeys(found))


def has_title(name: str) -> bool:
    """Whether a name is printed behind a title of address or a degree (`PGS, TS`, `ThS`)."""
    return _LEADING_TITLES.match(name) is not None


def parse_author(text: str) -> tuple[Name, ...]:
    """The names of a text that is stated to be an author: as parse_byline, else the text itself, in lower case too.

    `jane doe`, `Example staff reporter`; two of them where both sides of `and` have two words. Empty where the text is
    no name: an address, a number, a sentence.
    """
    if found := parse_byline(text):
        return found
    text = _BYLINE_TAIL.sub("", _BY.sub("", _bare(text), count=1)).strip(" ,;|@")
    pieces = [piece for part in re.split(r"\s*[,;|]\s*", text) for piece in _AND.split(part)]
    names = pieces if len(pieces) > 1 and all(len(piece.split()) > 1 for piece in pieces) else [text]
    if any(
        not re.search(r"[^\W\d_]", name) or len(name.split()) > 6 or re.search(r"[/?!:=<>{}]|\.\w+\.", name)
        for name in names
    ):
        return ()
    return tuple(Name(name, "text", kind_of(name)) for name in dict.fromkeys(names) if len(name) > 1)


def _bare(line: str) -> str:
    """`line` without what stands around a credit: `./.`, bullets, brackets, a last stop."""
    text = " ".join(unicodedata.normalize("NFC", line[: 2 * _LONGEST_LINE]).split())
    text = re.sub(r"\A(?:\./\.|[*•■–_-])\s*|\s*(?:\./\.|[;,])\Z", "", text)
    inner = re.fullmatch(r"[(\[]([^()\[\]]*)[)\]]\.?", text)
    return (inner[1] if inner else text).strip()


def _role(label: str) -> Role:
    return _ROLE_OF[" ".join(label.lower().split())]


def _without_colon(text: str) -> tuple[Name, ...]:
    """`Theo hcma.vn`, `By Jane Doe`: nothing else than a source that is known as one, or persons' full names."""
    word, _, rest = text.partition(" ")
    rest = rest.strip()
    if word.lower() == "theo" and 1 <= len(rest.split()) <= 6:
        rest = rest.removesuffix(".")
        known = rest.lower() in _KNOWN or _DOMAIN.fullmatch(rest) or _is_acronym(rest) or _is_medium(rest)
        if not known and not text.endswith("."):
            names = _names(rest)
            # One name behind `Theo` on a line of its own is a paper's, be it written like a person's.
            known = len(names) == 1
            if len(names) > 1:
                return tuple(Name(name, "source", kind_of(name)) for name in names)
        return (Name(rest, "source", "organisation"),) if known else ()
    made = _MADE_BY.match(text)
    if made is not None:
        role, rest = _MADE.get(made["what"][0].lower(), "text"), text[made.end() :]
        role = "translation" if made["what"].lower() == "translated" else role
    elif word in ("By", "BY", "by"):
        role = "text"
    else:
        return ()
    names = _names(rest)
    full = all(len(name.split()) > 1 or kind_of(name) == "organisation" for name in names)
    return tuple(Name(name, role, kind_of(name)) for name in names) if full else ()


def _with_source(text: str) -> tuple[Name, ...]:
    """`Kim Anh (theo Reuters)`, `Kim Anh - Theo TTXVN`: persons' full names, then the source that they drew on."""
    found = _SOURCE_BEHIND.fullmatch(text)
    if found is None:
        return ()
    names, sources = _names(found["names"]), _names(found["source"])
    if not sources or not names or any(kind_of(name) != "person" or " " not in name for name in names):
        return ()
    return (*(Name(name) for name in names), *(Name(name, "source", "organisation") for name in sources))


def _is_medium(name: str) -> bool:
    medium = r"(?:Báo(?! cáo| chí)|Tạp chí|Cổng|Trang|Đài|Thông tấn xã|Truyền hình|Học viện|Trung tâm|Trường|Nhà xuất bản)\s\S"
    return re.match(medium, name) is not None and not re.search(r"[,;:!?]|\b(?:trưởng|cho biết|đã|là|có|được)\b", name)


def _names(value: str) -> tuple[str, ...]:
    """The names in what follows a label; empty: it is prose, not names."""
    names = _split_names(value)
    if names and all(map(_is_name, names)):
        return names
    # Phòng Tổ chức - Hành chính: a dash or a comma inside the name of a unit.
    whole = _without_stop(value)
    return (whole,) if _UNIT.match(whole + " ") and len(names) > 1 and _is_name(whole) else ()


def _split_names(value: str) -> tuple[str, ...]:
    value = _without_stop(value)
    if value.lower() in _STAND_INS or _DOMAIN.fullmatch(value):
        return (value,)
    pieces = []
    for part in _NAME_PARTS.split(value):
        pieces.extend(_split_at_and(_LEADING_AND.sub("", part) if _LEADING_AND.match(part) else part))
    # GS,TS Lê Văn Lợi: the comma of titles parts no names.
    names = [name for name in pieces if name and not _ONLY_TITLES.fullmatch(name)]
    return tuple(dict.fromkeys(_LEADING_TITLES.sub("", name, count=1) for name in names or pieces[:1] if name))


def _without_stop(value: str) -> str:
    """`value` without brackets, signs around it and its last stop, which an initial keeps (`Trần H.`)."""
    value = re.sub(r"\s*\([^()]*\)", "", value).strip(" \t;,|–—-/()©*")
    return value if re.search(r"\b(?:[^\W\d_]|Jr|Sr|Inc|Co)\.\Z", value) else value.rstrip(". ")


def _split_at_and(part: str) -> list[str]:
    """Both sides of `và`, `and`, `&`; not inside the name of a unit (Học viện Báo chí và Tuyên truyền)."""
    found = _AND.search(part)
    if found is None:
        return [part.strip()]
    left, right = part[: found.start()].strip(), part[found.end() :].strip()
    whole = kind_of(part) == "organisation" or part.lower() in _KNOWN
    if whole and not _UNIT.match(right + " ") and kind_of(left) != "person":
        return [part.strip()]
    return [left, *_split_at_and(right)]


def _is_name(name: str) -> bool:
    """Whether `name` is written as a name: its words in capitals, or those of a unit."""
    words = name.split()
    if name.lower() in _STAND_INS or name.lower() in _KNOWN or _DOMAIN.fullmatch(name):
        return True
    if not words or len(words) > _MOST_WORDS or len(name) > 110 or re.search(r"[:?!\"“”=<>]", name):
        return False
    if not _starts_upper(words[0]) or (name[-1] in ".…" and len(words[-1].rstrip(".…")) > 2):
        return False
    if kind_of(name) == "organisation" and not re.match(r"(?i)báo cáo\b|bộ trưởng\b", name):
        return re.search(r"\b(?:19|20)\d\d\b", name) is None
    return len(words) <= 8 and all(_starts_upper(word) or word in _PARTICLES for word in words)


def _starts_upper(word: str) -> bool:
    letter = word.lstrip("'’‘\"(")[:1]
    return letter.isalpha() and (letter.isupper() or letter.lower() == letter.upper())


def _is_acronym(word: str) -> bool:
    """Whether `word` is capitals without a tone: VTV, NLĐO, TTXVN; not HÙNG, not the initials N.T.A."""
    if not re.fullmatch(r"[^\W_][\w+]+", word) or word.upper() != word or word.lower() == word:
        return False
    tones = {"\u0300", "\u0301", "\u0303", "\u0306", "\u0309", "\u0323"}
    return tones.isdisjoint(unicodedata.normalize("NFD", word))


def _may_be_credit(text: str) -> bool:
    """Whether `text`, after a label at the end of a caption, is names rather than the caption itself."""
    names = _split_names(re.sub(r"\A\d{4}\s", "", text))
    if len(names) > 1 and any(map(_is_name, names)):  # sidm / DW
        names = tuple(name for name in names if not re.fullmatch("[a-z]{2,6}", name))
    return bool(names) and all(map(_is_name, names))
