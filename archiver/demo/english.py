"""English of the newsroom's own, for the English sub-web and the old English site. Every sentence was made up for it."""

from __future__ import annotations

from archiver.demo.prose import vocabulary

WORDS = vocabulary("""
family: Nguyen | Tran | Le | Pham | Hoang | Vu | Dang | Bui | Do | Lam
middle: Van | Thi | Duc | Minh | Thanh | Quang | Hong | Ngoc
given: An | Binh | Chau | Dung | Giang | Hanh | Khoa | Linh | Phong | Son | Trang | Yen
rank: Dr | Associate Professor | Professor | Ms | Mr
name: {family} {middle} {given}
short: {middle} {given}
person: {rank} {name}
study: Regional Culture | Rural Policy | Library Science | Local History | Coastal Economics
unit: the Institute of {study} | the Faculty of {study} | the Centre for {study} | the Office of {study}
place: Hanoi | Hue | Da Nang | Can Tho | Vientiane | Phnom Penh | Chiang Mai | Penang | Cebu
aim: improving | measuring | sharing | rethinking | widening | protecting
object: blended teaching | digital libraries | reading habits | field surveys | craft villages | open archives |
    heritage maps | student counselling
setting: in upland districts | on the coast | after ten years | in provincial schools | from 2026 to 2030
theme: {aim} {object} {setting}
event: workshop | round table | seminar | training course | open forum | working session
occasion: the spring book week | the start of the school year
angle: three lessons | a view from the field | open questions
quality: practical | lively | careful | clear | modest | frank
tool: a shared catalogue | a field diary | a set of maps | a photo collection | a short questionnaire
people: young lecturers | librarians | visiting scholars | village craftsmen | final-year students
count: 12 | 27 | 35 | 48 | 60 | more than 70 | nearly 90
gain: save time | print less | lend more books | keep old skills alive | plan together
next: publish the questionnaire | reprint the proceedings | start a second trial | finish the joint report
spot: the riverside pottery | the district library | the trial garden | the reading room
said: said | noted | argued | suggested | recalled
part_of_day: morning | afternoon
keyword: libraries | reading | heritage | field work | training | maps | archives
""")

TITLES: dict[str, tuple[str, ...]] = {
    "event": (
        "{Event} on {theme}",
        "{Unit} holds {event} in {place}",
        "“{Theme}”: {angle} from a {event} in {place}",
        "{Unit} and {unit2} open a {event} on {theme} to mark {occasion}",
    ),
    "visit": (
        "Delegation from {place} visits {unit}",
        "{Unit} and {unit2} sign an agreement on {object}",
    ),
}

LEADS: dict[str, tuple[str, ...]] = {
    "event": (
        "{day}, {unit} held a {event} on {theme} in {place}. {chair} chaired the meeting.",
        "{day}, {count} people gathered in {place} for a {event} on {theme}.",
    ),
    "visit": (
        "{day}, {unit} welcomed guests from {place} to talk about {theme}. {chair} received the guests.",
        "At the invitation of {unit2}, a group from {unit} travelled to {place}.",
    ),
}

SENTENCES: tuple[str, ...] = (
    "{Person} opened with {tool} that {people} had prepared for months.",
    "{Person} {said} that {aim} {object} begins with listening to {people}.",
    "According to {person}, {object} {setting} will last only if {people} take part.",
    "A survey of {count} households in {place} gave a {quality} picture.",
    "{People} {said} that {tool} had helped them to {gain}.",
    "One difficulty came up again and again: {tool} was missing in {place}.",
    "After the break, {people} walked to {spot} and took notes.",
    "{Unit} will {next} before the rainy season.",
    "Most of the questions were about {aim} {object} with little money.",
    "In reply, {person} advised a {quality} start with {tool}.",
    "The guests from {place} left {tool} with the library.",
    "Both sides agreed to {next} and to meet again in {place}.",
    "What began at {spot} has since reached {count} classes.",
    "The discussion was {quality} and ran half an hour over time.",
    "{People} put up {tool} for everyone to comment on.",
)

QUOTES: tuple[str, ...] = (
    "We do not need more machines, we need people who sit down with {tool}.",
    "Every visit to {place} teaches me another way of {aim} {object}.",
)
HEADINGS: tuple[str, ...] = ("The state of {object}", "Lessons from {place}", "What comes next")
ITEMS: tuple[str, ...] = ("{Aim} {object}", "Training {people} in {place}", "Making {tool} for {unit}")
VERSES: tuple[str, ...] = (
    "Slow is the river that carries the page,\nslower the boat with the lamp at its side,\nmorning will find them at home.",
)
CAPTIONS: tuple[str, ...] = (
    "{chair} speaks at the {event}",
    "A view of the {event}",
    "{People} at {spot}",
    "{guest} presents {tool}",
    "A corner of {spot}",
    "{chair} and {guest} in {place}",
)
COMMENTS: tuple[str, ...] = ("A {quality} report, thank you.",)
