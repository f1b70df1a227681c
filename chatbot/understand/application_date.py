"""When asylum was applied for, read in what the operator writes.

A date counts only beside the words of an asylum application: «scaduto a maggio» is another date.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from chatbot.period import BEFORE, REFORM, SINCE, Period
from index.search.lexical import strip_accents

# Each month in Italian, English, French, Spanish, Arabic, Ukrainian, without accents.
_MONTHS = (
    r"gen(?:naio)?|january|janvier|enero|يناير|كانون الثاني|січ(?:ень|ня|ні)",
    r"feb(?:braio)?|february|fevrier|febrero|فبراير|شباط|лют(?:ии|ого|ому)",
    r"mar(?:zo)?|march|mars|مارس|اذار|берез(?:ень|ня|ні)",
    r"apr(?:ile)?|april|avril|abril|ابريل|نيسان|квіт(?:ень|ня|ні)",
    r"mag(?:gio)?|may|mai|mayo|مايو|ايار|трав(?:ень|ня|ні)",
    r"giu(?:gno)?|june|juin|junio|يونيو|حزيران|черв(?:ень|ня|ні)",
    r"lug(?:lio)?|july|juillet|julio|يوليو|تموز|лип(?:ень|ня|ні)",
    r"ago(?:sto)?|august|aout|اغسطس|اب|серп(?:ень|ня|ні)",
    r"set(?:t(?:embre)?)?|september|septembre|se(?:p)?tiembre|سبتمبر|ايلول|верес(?:ень|ня|ні)",
    r"ott(?:obre)?|october|octobre|octubre|اكتوبر|تشرين الاول|жовт(?:ень|ня|ні)",
    r"nov(?:embre)?|november|noviembre|نوفمبر|تشرين الثاني|листопад(?:а|і)?",
    r"dic(?:embre)?|december|decembre|diciembre|ديسمبر|كانون الاول|груд(?:ень|ня|ні)",
)
_MONTH = "|".join(f"(?P<m{n}>{names})" for n, names in enumerate(_MONTHS, start=1))
_YEAR = r"(?:de |del |of |')?(?P<year>20\d\d|2\d\b)"
_DATE = (
    r"(?P<iso>20\d\d-\d\d-\d\d)"
    r"|(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})(?:[/.-](?P<y>(?:20)?\d\d))?"
    rf"|(?:(?P<day>\d{{1,2}})(?:°|º|er|st|nd|rd|th)? ?(?:of |de )?)?\b(?:{_MONTH})\b(?: {_YEAR})?"
    r"|(?P<reform>riforma|reforma?|reforme|реформ\w+|الاصلاح|patto europeo)"
    r"|(?P<only>20\d\d)"
    r"|(?P<ago>\d{1,2}|un|due|tre|quattro|cinque|sei|sette|otto|nove|dieci|dodici)"
    r" (?P<unit>giorn|settiman|mes|ann)[aeio] fa"
    r"|(?P<word>oggi|ieri|(?:la )?settimana scorsa|(?:il )?mese scorso|(?:l' ?)?anno scorso)"
)
_NUMBERS = dict(
    zip(
        ("un", "due", "tre", "quattro", "cinque", "sei", "sette", "otto", "nove", "dieci"),
        range(1, 11),
        strict=True,
    )
) | {"dodici": 12}
_DAYS = {"giorn": 1, "settiman": 7, "mes": 30, "ann": 365}
_WORDS = {"oggi": 0, "ieri": 1, "settimana scorsa": 7, "mese scorso": 30, "anno scorso": 365}

_BEFORE = (
    r"prima (?:del|dell'|di|della)(?: mese di)?|(?:antecedente|precedente|anteriore) al(?:la)?"
    r"|before(?: the)?|prior to|avant(?: le| la)?|antes (?:del|de la|de)|قبل|до"
)
_SINCE = (
    r"dal|dall'|a partire dal|dopo(?: il| l'| la)?|successiva al(?:la)?|since|after(?: the)?|as of"
    r"|from|depuis(?: le)?|apres(?: le| la)?|a partir d[ue]l?|desde(?: el)?"
    r"|despues (?:del|de la|de)|من|منذ|بعد|після|з|від"
)
# What says that asylum was asked for, in the six languages.
_APPLIED = (
    r"domanda|domande|richiesta (?:di |d' )?(?:asilo|protezione)"
    r"|(?:chiesto|richiesto|domandato|chied\w+) (?:l' |la )?(?:asilo|protezione)|richiedente asilo"
    r"|l' (?:ha|hanno|avesse|aveva|abbia) (?:fatta|presentata)"
    r"|applied|application|asylum (?:request|claim)|(?:asked for|claimed|requested|sought) asylum"
    r"|demande|demandee?|solicitud|solicito|solicitado|pidio|pedido"
    r"|طلب|طلبت|قدم|قدمت|طلبه|طلبها|اللجوء"
    r"|заяв\w+|клопотан\w+|подал[аи]?|подав|просив|просила|притул\w*"
)
# Small words that may stand between the two.
_BETWEEN = (
    r"ha|hanno|di|d'|del|della|dell'|da|la|l'|il|lo|a|ad|al|in|nel|nell'|e|era|stata|presentat[ao]|fatt[ao]"
    r"|asilo|protezione|internazionale|depositata|formalizzata|gia|per|sua|suo|con|data"
    r"|of|for|on|the|was|made|submitted|filed|lodged|asylum|an?|protection|his|her|their|back"
    r"|asile|en|le|du|de|ete|sa|son|faite|deposee|el|fue|presentada|hecha|su"
    r"|في|شهر|على|اللجوء|у|в|про|на|притулок|була|подано|захист"
)
_PLAIN_MONTH = re.sub(r"\?P<\w+>", "?:", _MONTH)
_OF_ASYLUM = rf"(?! (?:per|di (?!asilo|protezione|\d|{_PLAIN_MONTH})))"  # not «domanda di casa»
_GAP = rf"(?: (?:{_BETWEEN})(?!\w)){{0,6}}? "
_TO_DATE = rf"(?:(?P<before>{_BEFORE}) |(?P<since>{_SINCE}) )?(?:{_DATE})(?!\w)"
_PATTERNS = (
    re.compile(strip_accents(rf"(?<!\w)(?:{_APPLIED})(?!\w){_OF_ASYLUM}{_GAP}{_TO_DATE}")),
    re.compile(strip_accents(rf"(?<!\w){_TO_DATE}{_GAP}(?:{_APPLIED})(?!\w){_OF_ASYLUM}")),
)
_ALONE = re.compile(rf"^(?:(?:e se|e|ed|ma|o|se|invece|and|et|y)(?!\w){_GAP})?{_TO_DATE}\W*$")
# The day of the reform, one side of it, is about applications whatever stands beside it.
_REFORM_DAY = re.compile(
    r"(?<!\w)(?:(?P<before>prima (?:del|della))|(?P<since>dal|dopo il|dopo la))"
    r" (?:12 giugno(?: 2026)?|12/0?6(?:/(?:20)?26)?|riforma)(?!\w)"
)
_NOMINATIVE = re.compile(r"\b(?:ha|con|hanno|possiede) (?:gia )?(?:il|un) documento nominativo\b")
_COMPARES = re.compile(r"\b(?:cambi\w+|differen\w+|change\w*|rispetto a|sia prima)\b")


def application_date(text: str, today: date, follows: bool = False) -> Period | None:
    """When asylum was applied for, if `text` says it, and says it once.

    A month without its year is the last one that has begun. `follows`: a turn that goes on from
    one that gave a date, where «e a luglio?» is enough.
    """
    plain = _plain(text)
    patterns = (*_PATTERNS, _ALONE) if follows else _PATTERNS
    found = {
        period
        for pattern in patterns
        for match in pattern.finditer(plain)
        if (period := _period(match, today))
    }
    if not found and not _COMPARES.search(plain):
        found = {_sided(match.groupdict()) for match in _REFORM_DAY.finditer(plain)}
        if not found and _NOMINATIVE.search(plain):
            return SINCE  # given only to those who applied from that day
    return found.pop() if len(found) == 1 else None


def _plain(text: str) -> str:
    flat = strip_accents(text.lower()).translate(str.maketrans("أإآ", "ااا"))
    return re.sub(r"\s+", " ", flat.replace("’", "'").replace("'", "' ")).strip()


def _sided(groups: dict[str, str | None]) -> Period:
    return BEFORE if groups["before"] else SINCE


def _period(match: re.Match[str], today: date) -> Period | None:
    groups = match.groupdict()
    if groups["reform"]:
        return _sided(groups) if groups["before"] or groups["since"] else None
    try:
        period = _dated(groups, today)
    except ValueError:  # 31 June
        return None
    assert period.first is not None
    if groups["before"]:
        return BEFORE if period.first <= REFORM else None
    exact = period.first == period.last
    if groups["since"] and exact:
        return SINCE if period.first >= REFORM else None
    return period if period.first <= today else None


def _dated(groups: dict[str, str | None], today: date) -> Period:
    """Raises ValueError when there is no such day."""
    if iso := groups["iso"]:
        return Period.parse(iso)
    if groups["ago"]:
        number = _NUMBERS.get(groups["ago"]) or int(groups["ago"])
        return _back(number * _DAYS[groups["unit"] or ""], today)
    if word := groups["word"]:
        return _back(next(days for name, days in _WORDS.items() if word.endswith(name)), today)
    if groups["only"]:
        return Period.of(int(groups["only"]))
    if groups["d"]:
        day, month = int(groups["d"]), int(groups["m"] or 0)
    else:
        month = next(n for n in range(1, 13) if groups[f"m{n}"])
        day = int(groups["day"]) if groups["day"] else 0
    year = int(groups["y"] or groups["year"] or 0)
    year += 2000 if 0 < year < 100 else 0
    if not year:
        year = today.year - (date(today.year, month, day or 1) > today)
    return Period.of(year, month, day or None)


def _back(days: int, today: date) -> Period:
    """A day for a few days back, the month for months, the year for years."""
    then = today - timedelta(days=days)
    if days < 7:
        return Period.of(then.year, then.month, then.day)
    return Period.of(then.year, then.month) if days < 365 else Period.of(then.year)
