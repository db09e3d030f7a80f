"""What newsrooms everywhere print around a story's text: labels, requests to readers, what heads the lists below it."""

from __future__ import annotations

import re

LABEL = re.compile(
    r"""[\W\d_]*(?:
    (?:story\ continues\ below\ |article\ continues\ (?:after|below)\ (?:this\ )?)?(?:advert(?:s|isement|isements|ising)?|ads?|anzeige|werbung|publicidade?|publicit[éàe]|reklame?|annonse?|advertentie|pubblicità|mainos|reklama|реклама|広告|广告|quảng\ cáo)
    |(?:scroll\ to\ continue|continue\ reading|story\ continues|article\ continues|read\ (?:more|full\ story)|show\ (?:more|less)|see\ more|view\ more|load\ more|more|weiterlesen|mehr\ lesen|lire\ la\ suite|leer\ más|leia\ mais|læs\ (?:også|mere)|les\ mer|läs\ (?:mer|också)|lees\ meer|xem\ thêm)
    |(?:tags?|topics?|keywords?|filed\ under|categor(?:y|ies)|schlagw(?:ö|o)rte?r?|themen|labels|etiquetas|mots-clés|từ\ khóa)\W*
    |(?:share|share\ (?:this|on|via|the)\W*(?:article|story|post|page|facebook|twitter|x|linkedin|whatsapp|email)?|teilen|partager|compartir|compartilhar|condividi|del|dela|facebook|twitter|whatsapp|telegram|linkedin|pinterest|e-?mail|print|drucken|copy\ link|link\ copied|save|bookmark|chia\ sẻ|tweet|reddit|pocket|like|follow)
    |(?:comments?|kommentare?|commentaires?|comentarios?|commenti|bình\ luận)\W*\d*
    |image\ (?:caption|copyright|source)(?:\W.{0,60})?|media\ caption|getty\ images|listen(?:\ to\ (?:this\ )?article)?|play|video|close|schließen|menu|skip\ to\ content|loading\W*|\d+\ (?:of|/|von|de)\ \d+\W*
    |(?:\d+\W*)?min(?:ute)?s?\W*(?:read|lesezeit|de\ lecture|de\ lectura)|lesezeit.{0,20}|reading\ time.{0,20}
    |this\ (?:slideshow|site|page|video)\ requires\ javascript\W*|please\ enable\ javascript.{0,60}
    )[\W\d_]*""",
    re.IGNORECASE | re.VERBOSE,
)
"""All of a line that is a button, or the label of something else than the story."""

TAGS = re.compile(
    r"\W*(?:tags?|topics|keywords?|filed\ under|schlagw(?:ö|o)rte?r?|themen|labels|etiquetas|mots-clés|từ\ khóa|chủ\ đề)\s*[:：]",
    re.IGNORECASE,
)
"""The beginning of a line that lists what a story is filed under."""

REQUEST = re.compile(
    r"""
    sign\ up\ (?:for|to|here|now|today)|subscribe\ (?:to|now|here|for|today)|(?:get|receive)\ (?:the\ )?(?:latest|our|daily|breaking)\ [\w\ ]{0,30}(?:inbox|newsletter|delivered|alerts?|email)|(?:in|into|to)\ your\ (?:e-?mail\ )?inbox|join\ our\ (?:newsletter|mailing|telegram|whatsapp|community)
    |follow\ (?:us|him|her|them|me|\w+(?:\ \w+)?)\ on\ (?:twitter|facebook|instagram|x\b|linkedin|tiktok|google|threads|bluesky|mastodon|social)|like\ us\ on\ facebook|download\ (?:our|the)\ [\w\ ]{0,20}app\b
    |abonnieren\ sie|jetzt\ (?:abonnieren|anmelden|registrieren|newsletter)|newsletter\ (?:abonnieren|anmelden|bestellen)|melden\ sie\ sich|s['’]abonner|abonnez-vous|inscrivez-vous|suscr[ií]b(?:e|i)te|suscr[ií]base|assine\ (?:a|já|nossa)|iscriviti\ (?:alla|al)|meld\ (?:je|u)\ aan|sígue(?:nos|los)|siga\ (?:a|o|nos)|folgen\ sie\ (?:uns|dem)|suivez-nous|seguici\ su
    |all\ rights\ reserved|alle\ rechte\ vorbehalten|tous\ droits\ réservés|todos\ (?:los|os)\ (?:derechos|direitos)|copyright\ (?:©|\(c\)|\d{4})|^\W*©|may\ not\ be\ (?:published|reproduced)
    |your\ email\ address\ will\ not\ be\ published|required\ fields\ are\ marked|logged\ in\ to\ post|uses\ akismet
    |affiliate\ (?:links?|commission)|we\ may\ (?:earn|receive)\ (?:a\ )?commission|this\ (?:site|website|page)\ uses\ cookies|uses\ cookies\ to|accept\ (?:all\ )?cookies|personenbezogene\ daten\ können|externe[rn]?\ inhalt|empfohlener\ redaktioneller\ inhalt|inhalte?\ (?:erlauben|anzeigen|aktivieren)|datenschutzerklärung
    |have\ a\ (?:news\ )?tip\?|(?:can|may)\ be\ reached\ at|(?:reach|contact|email)\ (?:him|her|them|the\ (?:author|writer|reporter))\ (?:at|via)|(?:write|e-?mail)\ to\ [\w\ .]{3,40}\ at\ \S+@|hear\ what\ you\ think|submit\ your\ letter|send\ (?:us\ )?(?:your\ )?(?:tips|feedback|letters)\ to
    |click\ here\ (?:to|for)\ (?:subscribe|sign|more|read|download|join)|(?:share|leave)\ your\ (?:thoughts|comments?)\ (?:in|below)|let\ us\ know\ in\ the\ comments|tell\ us\ what\ you\ think|what\ do\ you\ think\?
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""What a newsroom asks of its readers or says for its lawyers, anywhere in a short line."""

REQUEST_HINTS = tuple(
    "sign up|subscri|inbox|newsletter|join our|follow |facebook|download |abonn|anmeld|melden sie|inscri|suscr|assine|iscriv|"
    "meld |sígue|siga |folgen sie|suivez|seguici|rights|rechte|droits|derechos|direitos|copyright|©|published or|reproduced|"
    "email|required fields|logged in|akismet|affiliate|commission|cookie|personenbezogene|inhalt|datenschutz|tip?|reached at|"
    "reach |contact |send |write to|mail to|submit |click here|comments|below|you think|latest|daily|breaking|receive".split(
        "|"
    )
)
"""Lower-case pieces of text without one of which a line is no request: looking for them first is ten times as fast."""

ENDS = re.compile(
    r"""[\W_]*(?:
    (?:\d+\s+)?(?:comments?|kommentare?|commentaires?|comentarios?|comentários?|commenti|reacties|responses?|replies)(?:\W*\d*|\ \(\d+\))
    |(?:leave|write|post|add)\ a\ (?:comment|reply|response)|join\ the\ (?:conversation|discussion)|schreibe?n?\ (?:sie\ )?einen\ kommentar|kommentar\ (?:schreiben|verfassen)|laisser\ un\ commentaire|deja\ (?:un\ comentario|una\ respuesta)|deixe\ (?:um\ comentário|uma\ resposta)
    |related(?:\ (?:story|stories|articles?|coverage|links?|news|posts?|content|topics?|reading|items))?|more\ (?:stories|news|articles|from|on|in|like|about)(?:\ .{0,40})?|you\ (?:may|might)\ (?:also\ )?(?:like|be\ interested\ in|enjoy).{0,20}|recommended(?:\ .{0,30})?|read\ (?:next|more|also)|what\ to\ read\ next|up\ next|most\ (?:read|popular|viewed).{0,20}|trending.{0,20}|popular\ .{0,20}|latest\ (?:news|posts|articles|stories).{0,20}|don['’]t\ miss|editor['’]?s['’]?\ picks?|see\ also
    |(?:mehr|weitere)\ (?:zum\ thema|artikel|themen|beiträge|nachrichten|meldungen|news|aus|von).{0,40}|das\ könnte\ (?:sie|dich)\ auch\ interessieren|ähnliche\ (?:beiträge|artikel|themen)|verwandte\ .{0,20}|auch\ interessant|meistgelesen|(?:articles?|sujets)\ (?:similaires|liés|associés)|à\ lire\ aussi|sur\ le\ même\ (?:sujet|thème)|(?:noticias|artículos|notas|notícias|artigos)\ relacionad[ao]s|te\ puede\ interesar|articoli\ correlati|leggi\ anche|gerelateerd.{0,20}|tin\ (?:liên\ quan|khác|cùng\ chuyên\ mục)|関連記事.*|相关(?:新闻|阅读|文章).*
    |about\ (?:the\ )?(?:author|writer|us)s?|(?:über|zum)\ (?:den\ )?autor(?:in)?|à\ propos\ de\ l['’]auteur|sobre\ (?:el|o)\ autor
    )[\W_]*""",
    re.IGNORECASE | re.VERBOSE,
)
"""All of a line that heads what follows a story."""
