"""What links say that are no titles: `Read more`, `Next`, the names of languages."""

import re

MORE = re.compile(
    r"[\[(»›>→\s.…]*(?:(?:continue|keep) reading|read (?:the )?(?:more|on|full (?:article|story))|(?:learn|see|show|view) more|more|full story"
    r"|(?:xem|đọc) (?:thêm|tiếp|chi tiết)|chi tiết|weiterlesen|mehr(?: lesen)?|lire (?:la suite|plus)|en savoir plus|leer más|seguir leyendo"
    r"|leia mais|saiba mais|leggi (?:tutto|di più)|lees (?:meer|verder)|läs mer|les mer|læs mere|lue lisää|czytaj (?:więcej|dalej)|подробнее|читать далее"
    r"|\d+ (?:comments?|replies|bình luận|kommentare?)|(?:leave a|add) comment|no comments|comments?|share|chia sẻ|print|email)[\])»›>→\s.…:]*",
    re.IGNORECASE,
)
NEXT = re.compile(
    r"[\s«»‹›<>→←|]*(?:(?:next|previous|prev|older|newer|more|further)(?: (?:page|posts|entries|articles|news|stories|results))?"
    r"|(?:load|show|view|see) more(?: (?:posts|articles|news|stories))?|first|last|(?:trang )?(?:sau|tiếp(?: theo)?|kế tiếp|trước|đầu|cuối)"
    r"|(?:tin )?(?:cũ|mới) hơn|tin tiếp theo|xem thêm(?: tin)?|weiter|nächste(?: seite)?|zurück|vorherige|ältere(?: (?:beiträge|artikel))?|neuere"
    r"|(?:page )?suivante?|précédente?|siguientes?|anterior(?:es)?|próxim[ao]s?|seguinte|successiv[aoe]|precedent[ei]|volgende|vorige|nästa|neste|næste"
    r"|следующая|далее|назад|następna|dalej)?[\s«»‹›<>→←|]*",
    re.IGNORECASE,
)
"""Fits what is nothing but arrows too."""
NUMBER = re.compile(r"(?:page |trang |seite )?\d{1,5}", re.IGNORECASE)
LANGUAGE = re.compile(
    r"[a-z]{2}|vie|eng|english|tiếng (?:việt|anh|pháp|trung|nga)|việt nam|vietnamese|deutsch|français|french|español|spanish|português|italiano"
    r"|nederlands|svenska|norsk|dansk|suomi|polski|русский|українська|türkçe|العربية|中文|日本語|한국어|(?:in )?(?:english|german)(?: version| edition)?",
    re.IGNORECASE,
)
