"""When somebody applied for what a reform is about, read in what the operator writes.

A date counts only beside the words of such an application: «scaduto a maggio» is another date.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from chatbot.period import Period
from chatbot.words.pack import either, italian, pack, packs
from index.letters import strip_accents
from index.network import ITALIAN, Network, Phrases, Reform
from index.phrases import NEVER, any_of, plain

REMEMBERED = 8  # networks whose reforms are kept compiled
# Each month in every language.
_MONTHS = tuple("|".join(names) for names in zip(*(p["months"] for p in packs()), strict=True))
_MONTH = "|".join(f"(?P<m{n}>{names})" for n, names in enumerate(_MONTHS, start=1))
_AGO = pack("it")["ago"]
_any_of = "|".join
_YEAR = rf"(?:(?:{either('dates.year_of')}) |')?(?P<year>20\d\d|2\d\b)"
_MONTH_OF = rf"(?:°|º|{either('dates.ordinals')})? ?(?:(?:{either('dates.month_of')}) )?"
_DATE = (
    r"(?P<iso>20\d\d-\d\d-\d\d)"
    r"|(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})(?:[/.-](?P<y>(?:20)?\d\d))?"
    rf"|(?:(?P<day>\d{{1,2}}){_MONTH_OF})?\b(?:{_MONTH})\b(?: {_YEAR})?"
    r"|(?P<reform>{names})"
    r"|(?P<only>20\d\d)"
    rf"|(?P<ago>\d{{1,2}}|{_any_of(_AGO['numbers'])})"
    rf" (?P<unit>{_any_of(_AGO['units'])}){_AGO['ends']}"
    rf"|(?P<word>(?:{_any_of(_AGO['articles'])})?(?:{_any_of(_AGO['words'])}))"
)
_BETWEEN = either("date_between")
_PLAIN_MONTH = re.sub(r"\?P<\w+>", "?:", _MONTH)
_SIDES = rf"(?:(?P<before>{either('date_before')}) |(?P<since>{either('date_since')}) )?"
# One side of the day of a reform, as Italian says it.
_ITALIAN_SIDES = rf"(?:(?P<before>{italian('day_before')})|(?P<since>{italian('day_since')}))"
_COMPARES = re.compile(rf"\b(?:{either('compares')})\b")


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
        alone=re.compile(rf"^(?:(?:{either('date_opens')})(?!\w){gap})?{to_date}\W*$"),
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
        number = _AGO["numbers"].get(groups["ago"]) or int(groups["ago"])
        return _back(number * _AGO["units"][groups["unit"]], today)
    if word := groups["word"]:
        return _back(
            next(days for name, days in _AGO["words"].items() if word.endswith(name)), today
        )
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
