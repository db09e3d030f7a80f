"""How a story's parts become HTML: paragraphs of every make, pictures with captions, residue of editors and Word."""

from __future__ import annotations

from html import escape
from random import Random
from typing import TYPE_CHECKING

from archiver.demo.ink import inked, residue
from archiver.demo.story import Bullets, Clip, File, Grid, Heading, Part, Picture, Quote, Story, Text

if TYPE_CHECKING:
    from archiver.demo.house import LeadPlace

_CENTRE = ' style="text-align: center;"'
_MSO = "margin: 6pt 0in; text-align: justify; text-indent: 0.5in"
_BLANK = (
    "data&#58;image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==",
    "/Content/publishing/img/blank.gif",
)


def text_of(story: Story, origin: str, *, lead: LeadPlace, has_credit: bool = True) -> str:
    """The HTML of the story's text, with its lead if that stands in the body, and its credit line."""
    return _Compositor(story, origin, has_credit=has_credit).text(lead)


class _Compositor:
    """Sets one story; the same story always gives the same HTML."""

    def __init__(self, story: Story, origin: str, *, has_credit: bool) -> None:
        head = story.headline
        self.story = story
        self.origin = origin
        self.dress = story.dress
        self.rng = Random(f"{head.shelf.seed}:{head.id}:typesetting")
        self.credit = escape(story.credit_line) if has_credit else ""
        self.is_bare = self.dress.paragraphs in ("br", "br br")
        self.line_end = "<br />\n" if self.dress.paragraphs == "br" else "<br><br>\n"

    def text(self, lead: LeadPlace) -> str:
        parts = list(self.story.parts)
        lines = [residue(name, self.rng) for name in ("toolbar",) if name in self.dress.dirt]
        first = parts.pop(0)
        if isinstance(first, Text) and lead in ("body", "bold in body"):
            words = inked(first.text, self.dress, self.rng)
            lines.append(self.paragraph(f"<strong>{words}</strong>" if lead == "bold in body" else words))
        lines += self.set_parts(parts)
        for name in ("comments", "empty"):
            if name in self.dress.dirt:
                lines.insert(self.rng.randrange(len(lines) + 1), residue(name, self.rng))
        if "pixel" in self.dress.dirt:
            lines.append(residue("pixel", self.rng))
        return self.wrapped("".join(lines))

    def set_parts(self, parts: list[Part]) -> list[str]:
        """The parts in order; a picture may take the paragraph after it into its own."""
        lines = []
        glues = self.credit and self.dress.credit == "glued" and parts and isinstance(parts[-1], Text)
        at = 0
        while at < len(parts):
            part, after = parts[at], parts[at + 1] if at + 1 < len(parts) else None
            at += 1
            if isinstance(part, Text):
                lines.append(self.words(part, tail=f"<br>{self.credit}" if glues and after is None else ""))
            elif isinstance(part, Picture):
                is_glued = self.dress.captions == "glued" and part.caption and isinstance(after, Text)
                at += bool(is_glued)
                glued = f"<br>{self.credit}" if glues and at == len(parts) else ""
                lines.append(self.picture(part, after if is_glued and isinstance(after, Text) else None, tail=glued))
            else:
                lines.append(self.block(part))
        if self.credit and not glues:
            lines.append(self.credit_line(is_alone=bool(parts) and isinstance(parts[-1], Picture)))
        return lines

    def words(self, part: Text, tail: str = "") -> str:
        """A paragraph of text."""
        if part.text.startswith("https://"):
            return f'<p><a href="{part.text}">{part.text}</a></p>\n'
        return self.paragraph(self.inside(part) + tail)

    def inside(self, part: Text) -> str:
        """The words of a paragraph, with its link if it has one."""
        if part.link:
            return escape(part.text).replace(part.linked, f'<a href="{part.link}">{part.linked}</a>')
        return inked(part.text, self.dress, self.rng)

    def paragraph(self, words: str) -> str:
        """The paragraph in the make of this story."""
        make = self.dress.paragraphs
        if self.is_bare:
            return words + self.line_end
        if make == "div":
            return f'<div style="text-align&#58; justify;">{words}</div>\n'
        if make == "word":
            font = "font-size&#58; 14pt; font-family&#58; &quot;Times New Roman&quot;, serif"
            return f'<p class="MsoNormal" style="{_MSO}"><span style="{font}">{words}<o:p></o:p></span></p>\n'
        if make == "span":
            return f'<p><span lang="VI" style="color&#58; black"><span>{words}</span></span></p>\n'
        return f"<p>{words}</p>\n"

    def picture(self, part: Picture, after: Text | None, tail: str = "") -> str:
        """The picture with its caption; `after` is the paragraph that shares an element with it."""
        img, caption, place = self.img(part), escape(part.printed), self.dress.captions
        if after is not None:
            return self.paragraph(f"{img}<br>{caption}<br>{self.inside(after)}{tail}")
        if place == "figure":
            inside = f"<figcaption>{caption}</figcaption>" if caption else ""
            return f'<figure class="image">{img}{inside}</figure>\n'
        if place == "table":
            row = f"<tr><td{_CENTRE}><em>{caption}</em></td></tr>" if caption else ""
            return f'<table align="center" class="ms-rteTable-0"><tbody><tr><td>{img}</td></tr>{row}</tbody></table>\n'
        if place == "div":
            below = f'<div class="chu-thich">{caption}</div>' if caption else ""
            return f"<div{_CENTRE}>{img}</div>{below}\n"
        return self.bare_picture(img, caption) if self.is_bare else self.centred_picture(img, caption)

    def bare_picture(self, img: str, caption: str) -> str:
        """Picture and caption as lines between bare text."""
        if not caption:
            return f"{img}{self.line_end}"
        marked = f"<em>{caption}</em>" if self.dress.captions == "em" else caption
        if self.dress.captions == "before":
            return f"{marked}<br>{img}{self.line_end}"
        return f"{img}<br>{marked}{self.line_end}"

    def centred_picture(self, img: str, caption: str) -> str:
        """Picture and caption in paragraphs of their own."""
        alone = f"<p{_CENTRE}>{img}</p>\n"
        if not caption:
            return alone
        spaces = "&nbsp;" * self.rng.randrange(3, 26)
        return {
            "em": f"{alone}<p{_CENTRE}><em>{caption}</em></p>\n",
            "plain": f"{alone}<p{_CENTRE}>{caption}</p>\n",
            "spaces": f"<p>{img}</p>\n<p>{spaces} {caption}&nbsp;</p>\n",
            "before": f"<p{_CENTRE}><em>{caption}</em></p>\n{alone}",
        }.get(self.dress.captions, f"<p{_CENTRE}>{img}<br>{caption}</p>\n")

    def img(self, part: Picture) -> str:
        """The `img` element, its address spelt as this picture has it."""
        typed = escape(part.path if part.src == "typed" else part.address)
        source = f'src="{typed}"'
        if part.src == "absolute":
            source = 'src="{}"'.format(f"{escape(self.origin)}{typed}".replace(":", "&#58;"))
        if part.src == "lazy":
            source = f'class="lazy" src="{self.rng.choice(_BLANK)}" data-src="{typed}"'
        alt = "" if part.alt is None else f' alt="{escape(part.alt)}"'
        size = f' width="{part.size[0]}" height="{part.size[1]}"' if part.size else ' style="margin&#58;5px;"'
        return f"<img {source}{alt}{size}>"

    def block(self, part: Part) -> str:
        """A part that is neither paragraph nor picture."""
        match part:
            case Heading(text, level):
                return f"<h{level}>{escape(text)}</h{level}>\n"
            case Quote(paragraphs):
                return "<blockquote>{}</blockquote>\n".format("".join(f"<p>{escape(line)}</p>" for line in paragraphs))
            case Bullets(items, ordered):
                tag = "ol" if ordered else "ul"
                return "<{0}>{1}</{0}>\n".format(tag, "".join(f"<li>{escape(item)}</li>" for item in items))
            case Grid(rows):
                body = "".join(
                    "<tr>{}</tr>".format("".join(f"<td>{escape(cell)}</td>" for cell in row)) for row in rows
                )
                return f'<table border="1" class="ms-rteTable-default"><tbody>{body}</tbody></table>\n'
            case Clip(url, title):
                name = f' title="{escape(title)}"' if title else ""
                return f'<div class="video"><iframe src="{url}"{name} width="560" height="315"></iframe></div>\n'
            case File(address, title):
                icon = '<img src="/_layouts/15/images/icpdf.png" alt="" border="0"> ' if self.rng.random() < 0.5 else ""
                return f'<p>{icon}<a href="{address}">{escape(title)}</a></p>\n'
        message = f"no setting for {part}"
        raise TypeError(message)

    def credit_line(self, *, is_alone: bool) -> str:
        """The credit line in an element of its own, or as the last line of bare text."""
        if self.dress.credit == "plain":
            return f"{self.credit}\n" if self.is_bare and not is_alone else f"<p>{self.credit}</p>\n"
        tag = "em" if self.dress.credit == "em" else "strong"
        align = "" if self.dress.credit == "strong" else ' style="text-align&#58; right;"'
        return f"<p{align}><{tag}>{self.credit}</{tag}></p>\n"

    def wrapped(self, text: str) -> str:
        """The text inside what SharePoint puts round it."""
        if self.dress.wrapper in ("ms-rtestate-field", "both"):
            text = f'<div class="ms-rtestate-field" style="display:inline">{text}</div>'
        if self.dress.wrapper in ("ExternalClass", "both"):
            text = f'<div class="ExternalClass{self.rng.getrandbits(128):032X}">{text}</div>'
        return text
