"""When somebody applied for what a reform is about, read in what the operator writes.

A date counts only beside the words of such an application: «scaduto a maggio» is another date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from chatbot.period import Period
from index.letters import strip_accents
from index.network import ITALIAN, Network, Phrases, Reform
from index.phrases import NEVER, any_of, plain

REMEMBERED = 8  # networks whose reforms are kept compiled
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
    r"|(?P<reform>{names})"
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
# Small words that may stand between what was asked for and the date.
_BETWEEN = (
    r"ha|hanno|di|d'|del|della|dell'|da|la|l'|il|lo|a|ad|al|in|nel|nell'|e|era|stata|presentat[ao]|fatt[ao]"
    r"|depositata|formalizzata|gia|per|sua|suo|con|data"
    r"|of|for|on|the|was|made|submitted|filed|lodged|an?|his|her|their|back"
    r"|en|le|du|de|ete|sa|son|faite|deposee|el|fue|presentada|hecha|su"
    r"|في|شهر|على|у|в|про|на|була|подано"
)
_PLAIN_MONTH = re.sub(r"\?P<\w+>", "?:", _MONTH)
_SIDES = rf"(?:(?P<before>{_BEFORE}) |(?P<since>{_SINCE}) )?"
# One side of the day of a reform, as Italian says it.
_ITALIAN_SIDES = r"(?:(?P<before>prima (?:del|della))|(?P<since>dal|dopo il|dopo la))"
_COMPARES = re.compile(r"\b(?:cambi\w+|differen\w+|change\w*|rispetto a|sia prima)\b")


@dataclass(frozen=True, slots=True)
class _Reader:
    """How the reforms of a network are read: `beside` their applications, a date `alone`, a day of
    one of them, and what presumes one. `names` has each reform under the words it is called by."""

    beside: tuple[re.Pattern[str], ...]
    alone: re.Pattern[str]
    days: tuple[tuple[Reform, re.Pattern[str]], ...]
    presumed: tuple[tuple[Reform, re.Pattern[str]], ...]
    called: tuple[tuple[Reform, re.Pattern[str]], ...]


@lru_cache(maxsize=REMEMBERED)
def _reader(network: Network) -> _Reader:
    reforms = network.reforms
    names = "|".join(_any(reform.names) for reform in reforms) or NEVER
    matter = "|".join(_any(reform.matter) for reform in reforms) or NEVER
    applied = "|".join(_any(reform.applied) for reform in reforms) or NEVER
    date_or_name = _DATE.replace("{names}", names)
    # not «domanda di casa»
    of_it = rf"(?! (?:per|di (?!(?:{matter})|\d|{_PLAIN_MONTH})))"
    gap = rf"(?: (?:{_BETWEEN}|{matter})(?!\w)){{0,6}}? "
    to_date = rf"{_SIDES}(?:{date_or_name})(?!\w)"
    return _Reader(
        beside=(
            re.compile(strip_accents(rf"(?:{applied}){of_it}{gap}{to_date}")),
            re.compile(strip_accents(rf"(?<!\w){to_date}{gap}(?:{applied}){of_it}")),
        ),
        alone=re.compile(rf"^(?:(?:e se|e|ed|ma|o|se|invece|and|et|y)(?!\w){gap})?{to_date}\W*$"),
        days=tuple((r, re.compile(rf"(?<!\w){_ITALIAN_SIDES} (?:{_day_of(r)})(?!\w)"))
                   for r in reforms),
        presumed=tuple((r, re.compile(any_of(r.presumes))) for r in reforms),
        called=tuple((r, re.compile(_any(r.names))) for r in reforms),
    )  # fmt: skip


def _any(phrases: Phrases) -> str:
    return any_of(phrase for found in phrases.values() for phrase in found)


def _day_of(reform: Reform) -> str:
    """The day of a reform as an Italian text may write it, or what the reform is called."""
    day, month, year = reform.day.day, reform.day.month, reform.day.year
    named = any_of(reform.names.get(ITALIAN, ()))
    return (
        rf"{day} (?:{_MONTHS[month - 1]})(?: {year})?|{day}/0?{month}(?:/(?:20)?{year % 100:02})?"
        rf"|{named}"
    )


def application_date(
    text: str, today: date, network: Network, follows: bool = False
) -> Period | None:
    """When the application that the reforms of the network are about was made, if `text` says it,
    and says it once.

    A month without its year is the last one that has begun. `follows`: a turn that goes on from
    one that gave a date, where «e a luglio?» is enough.
    """
    if not network.reforms:
        return None
    reader, told = _reader(network), _spaced(text)
    patterns = (*reader.beside, reader.alone) if follows else reader.beside
    found = {
        period
        for pattern in patterns
        for match in pattern.finditer(told)
        if (period := _period(match, today, reader))
    }
    if not found and not _COMPARES.search(told):
        found = {
            _sided(match.groupdict(), reform)
            for reform, pattern in reader.days
            for match in pattern.finditer(told)
        }
        if not found:
            since = (r for r, pattern in reader.presumed if pattern.search(told))
            return next((Period.since(reform.day) for reform in since), None)
    return found.pop() if len(found) == 1 else None


def _spaced(text: str) -> str:
    """`text` in plain letters, a blank after each apostrophe and one between words."""
    return re.sub(r"\s+", " ", plain(text).replace("'", "' ")).strip()


def _sided(groups: dict[str, str | None], reform: Reform) -> Period:
    return Period.before(reform.day) if groups["before"] else Period.since(reform.day)


def _period(match: re.Match[str], today: date, reader: _Reader) -> Period | None:
    groups = match.groupdict()
    if name := groups["reform"]:
        reform = next(r for r, pattern in reader.called if pattern.fullmatch(name))
        return _sided(groups, reform) if groups["before"] or groups["since"] else None
    try:
        period = _dated(groups, today)
    except ValueError:  # 31 June
        return None
    assert period.first is not None
    days = [reform.day for reform, _ in reader.called]  # newest first
    if groups["before"]:
        after = [day for day in days if day >= period.first]
        return Period.before(after[-1]) if after else None
    if groups["since"] and period.first == period.last:
        begun = [day for day in days if day <= period.first]
        return Period.since(begun[0]) if begun else None
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
