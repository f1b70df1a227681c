"""Rules about acts: every law or circular that a text cites stands among the sources."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from index.check.words import either
from index.finding import Finding
from index.guide import Guide
from index.network import Network
from index.phrases import NEVER, pattern_of, plain

Act = frozenset[str]  # number and year, in any order; or one whole day

_SLASHED = r"\d[\d-]*/\d+"
_OF_A_YEAR = rf"\d[\d-]* {either('of')} (?:\d{{1,2}}°? [a-z]+ )?\d{{4}}"
_DAY = rf"\d{{1,2}}°? (?!{either('of')} )[a-z]+ \d{{4}}"
_NUMBERED = rf"(?:{either('number')})?(?:{_SLASHED}|{_OF_A_YEAR})"
# between the name and the number: who made it («del Ministero dell'interno», «(UE)»), no digit
_ISSUER = rf"(?:[a-z']+ |{either('protocol')}|\([a-z]+\) ?){{0,7}}?"
_ANY = re.compile(rf"(?<![\d/]){_OF_A_YEAR}|(?<![\d/]){_SLASHED}|(?<!\d){_DAY}")
_PARTS = re.compile(r"\d[\d-]*")
SHORT_YEAR = 2  # digits: «286/98»
_NEWEST = "40"  # short years up to this are of the 2000s


class CitedAct(NamedTuple):
    """An act as a text shows it, and what it is compared by."""

    shown: str
    act: Act


class _Ways(NamedTuple):
    numbered: re.Pattern[str]  # name, issuer, number and year; more numbers may follow
    dated: re.Pattern[str]  # name, issuer and day: acts that have no number
    short: re.Pattern[str]  # an act by its own short name
    acts: dict[str, Act]  # of the short names


@lru_cache(maxsize=8)
def _ways(network: Network) -> _Ways:
    named, dated = (
        "|".join(map(pattern_of, names)) or NEVER for names in (network.acts, network.dated_acts)
    )
    short = {plain(name): _act(number) for name, number in network.short_names.items()}
    any_short = "|".join(map(re.escape, short)) or NEVER
    more = rf"(?:(?:{either('and_number')}){_SLASHED})*"
    return _Ways(
        re.compile(rf"(?<!\w)(?:{named})(?![a-z]) ?{_ISSUER}(?P<numbers>{_NUMBERED}{more})"),
        re.compile(
            rf"(?<!\w)(?:{dated})(?![a-z]) ?(?:{_ISSUER}(?:{either('of_day')}))?(?P<day>{_DAY})"
        ),
        re.compile(rf"(?<!\w)(?:{any_short})(?!\w)"),
        short,
    )


def _act(written: str) -> Act:
    """Of a number with its year, both; of a day, the day."""
    if re.fullmatch(_DAY, written):
        return frozenset({written.replace("°", "")})
    first, *_, last = _PARTS.findall(written)
    if len(last) == SHORT_YEAR:
        last = ("19" if last > _NEWEST else "20") + last
    return frozenset({first, last})


def citations(text: str, network: Network) -> Iterator[CitedAct]:
    """The acts that `text` cites, in the ways the network knows."""
    ways, folded = _ways(network), plain(text)
    original = text if len(text) == len(folded) else folded
    for match in ways.numbered.finditer(folded):
        name = original[match.start() : match.start("numbers")]
        for number in re.findall(f"{_OF_A_YEAR}|{_SLASHED}", match["numbers"]):
            yield CitedAct(name + number, _act(number))
    for match in ways.dated.finditer(folded):
        yield CitedAct(original[match.start() : match.end()], _act(match["day"]))
    for match in ways.short.finditer(folded):
        yield CitedAct(original[match.start() : match.end()], ways.acts[match.group()])


def _in_sources(guide: Guide, network: Network) -> set[Act]:
    """The acts among the sources, each also by its day where it has one."""
    text = plain(" ; ".join(source.title for source in guide.sources))
    ways = _ways(network)
    found = {_act(match.group()) for match in _ANY.finditer(text)}
    found |= {_act(match.group()) for match in re.finditer(_DAY, text)}
    return found | {ways.acts[match.group()] for match in ways.short.finditer(text)}


def cited_acts(guide: Guide, network: Network) -> Iterator[Finding]:
    """An act cited in a text is compared by number and year with those of `fonti`, and told once
    for each guide, where it is cited first."""
    known = _in_sources(guide, network)
    for section in guide.sections:
        for unit in section.units:
            for shown, act in citations(f"{unit.lead} {unit.text}", network):
                if act not in known:
                    known.add(act)
                    message = (
                        f"«{shown}» è citato ma non sta fra le «fonti»: aggiungilo lì, "
                        "con l'articolo, oppure togli la citazione"
                    )
                    yield Finding(guide.path, unit.line, message, "act")
