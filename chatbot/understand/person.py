"""What a conversation says of the person: title of stay and date of the asylum application."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

from chatbot.question import Profile, Question
from chatbot.understand.application_date import application_date
from chatbot.understand.followup import needs_topic
from index.search.lexical import strip_accents

# By title of stay, named as in the guides' `per_chi`, the phrases that give it, without
# accents.
TITLES: dict[str, str] = {
    "richiedente": (
        r"richiedent[ei](?: asilo| protezione)?|rich asilo|asilant[ei]"
        r"|(?:chi chiede|(?:ha|hanno) (?:gia |appena )?(?:chiesto|richiesto)) (?:l' ?)?"
        r"(?:asilo|protezione)"
        r"|(?:ricevuta|permesso|pds)(?: di soggiorno)? (?:per |di )?richiesta (?:di )?asilo"
        r"|asylum[- ]seekers?|(?:has )?applied for asylum|demandeu(?:r|se)s? d' ?asile"
        r"|solicitantes? de (?:asilo|proteccion)|طالب(?:ة|ي)? (?:ال)?لجوء|طالب لجوء"
        r"|шукач\w* притулку|заявни\w+ на притулок"
    ),
    "titolare-protezione": (
        r"sussidiari(?!eta)\w*|rifugiat[oaie]|(?:status|permesso)(?: di soggiorno)? (?:di rifugiato"
        r"|per asilo)|asilo politico|(?:protezione internazionale|asilo) riconosciut[oa]"
        r"|(?:con|h[ao]|hanno) (?:la )?protezione internazionale"
        r"|titolar[ei] di protezione(?! (?:speciale|temporanea|sussidiaria))"
        r"|refugees?|subsidiary protection|refugie(?:e|s|es)?|protection subsidiaire"
        r"|refugiad[oa]s?|proteccion subsidiaria|لاجئ(?:ة|ين)?|الحماية الفرعية"
        r"|біжен\w+|додатков\w+ захист\w*"
    ),
    "protezione-speciale": (
        r"(?:protezione|prot\.?) speciale|(?<=protezione internazionale o )speciale"
        r"|special protection|protection speciale"
        r"|proteccion especial|الحماية الخاصة|спеціальн\w+ захист\w*"
    ),
    "casi-speciali": r"casi speciali|special cases permit|cas speciaux|casos especiales",
    "protezione-temporanea": (
        r"protezione temporanea|ucrain[aoei]\w*|temporary protection|ukrain\w+"
        r"|protection temporaire|proteccion temporal|ucrania\w*|الحماية المؤقتة|[او]+كراني\w*"
        r"|тимчасов\w+ захист\w*|украін\w+"
    ),
    "minore-solo": (
        r"msna|minor[ei] (?:stranier[oi] )?(?:non accompagnat[oi]|sol[oi])|unaccompanied minors?"
        r"|mineurs? (?:non accompagnes?|isoles?)|menor(?:es)? no acompanados?"
        r"|قاصر غير مصحوب|неповнолітн\w+ без супроводу"
    ),
    "neomaggiorenne": r"neo-?maggiorenn[ei]|(?:ha )?appena (?:compiuto|fatto) (?:i )?18 anni",
    "altri-permessi": (
        r"(?<!in )(?:permesso|pds)(?: di soggiorno)? (?:per|di) (?:lavoro|studio|famiglia"
        r"|motivi (?:familiari|di lavoro|di studio)|attesa occupazione|cure mediche)"
        r"|(?:work|student|family) (?:residence )?permit|titre de sejour (?:travail|etudiant)"
        r"|permiso de (?:trabajo|estudios)|дозвіл на роботу"
    ),
    "senza-permesso": (
        r"senza (?:il |un )?permesso(?: di soggiorno)?|irregolar[ei]|clandestin[oaie]"
        r"|undocumented|sans[- ]papiers|indocumentad[oa]s?|بلا اوراق|без документів"
    ),
}
# How the guides name who has the title: added to a question that does not say it.
PERSONS: dict[str, str] = {
    "richiedente": "richiedente asilo",
    "titolare-protezione": "rifugiato o titolare di protezione sussidiaria",
    "protezione-speciale": "protezione speciale",
    "casi-speciali": "permesso per casi speciali",
    "protezione-temporanea": "protezione temporanea",
    "minore-solo": "minore straniero non accompagnato",
    "neomaggiorenne": "neomaggiorenne",
    "altri-permessi": "permesso per lavoro, studio o famiglia",
    "senza-permesso": "senza permesso di soggiorno",
}
_TITLE = re.compile(
    "|".join(
        f"(?P<t{n}>(?<!\\w)(?:{strip_accents(phrases)})(?!\\w))"
        for n, phrases in enumerate(TITLES.values())
    )
)


def with_circumstances(question: Question, today: date) -> Profile:
    """The profile given with the question, completed with what the question says and, when it
    goes on from the turns before it, with what they said: the last word counts."""
    title, when = None, None
    turns = [turn.text for turn in question.history if turn.role == "user"]
    for text in (*turns, question.text):
        follows = needs_topic(text)
        if not follows:
            title, when = None, None
        title = title_of_stay(text) or title
        when = application_date(text, today, follows=when is not None) or when
    given = question.profile
    return replace(
        given, title=given.title or title, application_date=given.application_date or when
    )


def title_of_stay(text: str) -> str | None:
    """One of TITLES, when `text` names one and no other."""
    found = titles_of_stay(text)
    return found.pop() if len(found) == 1 else None


def titles_of_stay(text: str) -> set[str]:
    """Those of TITLES that `text` names."""
    plain = strip_accents(text.lower()).translate(str.maketrans("أإآ’", "ااا'"))
    found = {str(match.lastgroup) for match in _TITLE.finditer(plain)}
    return {list(TITLES)[int(name[1:])] for name in found}


def unsaid_title(profile: Profile, text: str) -> str:
    """The title of stay, when it is known and `text` names none; or nothing."""
    known = profile.title if profile.title in TITLES else None
    return "" if titles_of_stay(text) else known or ""
