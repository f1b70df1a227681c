"""What a unit measures: its numbers of each kind, and all that says what they are numbers of."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from index.check.acts import Act, citations
from index.check.facts import quantities, reference_of
from index.check.words import NUMERALS, either
from index.guide import Unit
from index.network import Network
from index.phrases import any_of, plain
from index.search.lexical import terms

PERCENT, LAST_DAY = "%", "ultimo giorno"
BESIDE = 4  # words on each side of a number that say what it measures
_PERCENT = re.compile(rf"(?P<number>\d+(?:,\d+)?) ?(?:{either('percent')})")
_DAY = rf"\d{{1,2}}°? (?!{either('of')} )[a-z]+ \d{{4}}"
_ANY_DAY = re.compile(rf"(?:\b(?P<before>[a-z]+'?) ?)?\b(?P<day>{_DAY})")
_BARE = re.compile(r"\d+(?:[.,]\d+)*|[a-z]+")
_PARENTHESIS = re.compile(r"\([^()]*\)")
_ARTICLE = re.compile(rf"\b{either('article')} ?(\d[\w-]*)")


@dataclass(frozen=True, slots=True)
class Measured:
    """`values` are the numbers of each kind (days, euro, %, last days), `beside` the stems near
    them, `bare` every number there is, of whatever. The rest tells what they are of: `days` are
    dates that are no value, each with the word before it, so that before and since differ;
    `people` the titles of stay named, `acts` and `articles` those cited, `words` other stems."""

    values: Mapping[str, frozenset[str]]
    beside: Mapping[str, frozenset[str]]
    bare: frozenset[str]
    days: frozenset[str]
    people: frozenset[str]
    acts: frozenset[Act]
    articles: frozenset[str]
    words: frozenset[str]


def measured(unit: Unit, heading_path: Iterable[str], network: Network) -> Measured | None:
    """None of a unit without numbers of a kind."""
    whole = plain(f"{unit.lead}: {unit.text}" if unit.lead else unit.text)
    text = _without_references(whole, network)
    found = list(_values(text, network))
    if not found:
        return None
    values: dict[str, set[str]] = {}
    beside: dict[str, set[str]] = {}
    rest = text
    for shown, kind, number in found:
        values.setdefault(kind, set()).add(number)
        before, _, after = text.partition(shown)
        near = " ".join([*before.split()[-BESIDE:], *after.split()[:BESIDE]])
        beside.setdefault(kind, set()).update(_stems(near))
        rest = rest.replace(shown, " ", 1)
    named = f"{whole} {plain(' '.join(heading_path))}"
    return Measured(
        {kind: frozenset(numbers) for kind, numbers in values.items()},
        {kind: frozenset(stems) for kind, stems in beside.items()},
        frozenset(NUMERALS.get(word, word) for word in _BARE.findall(text)),
        frozenset(f"{m['before'] or ''} {m['day']}" for m in _ANY_DAY.finditer(rest)),
        frozenset(name for name, way in _people(network) if way.search(named)),
        frozenset(citation.act for citation in citations(whole, network)),
        frozenset(_ARTICLE.findall(whole)),
        frozenset(_stems(_ANY_DAY.sub(" ", rest))),
    )


def _values(text: str, network: Network) -> Iterable[tuple[str, str, str]]:
    """(as written, kind, number) of each value."""
    for shown, name in quantities(text):
        number, kind = name.rsplit(" ", 1)
        yield shown, kind, number
    for match in _PERCENT.finditer(text):
        yield match.group(), PERCENT, match["number"]
    for match in _last_day(network).finditer(text):
        yield match.group(), LAST_DAY, match["day"]


@lru_cache(maxsize=8)
def _last_day(network: Network) -> re.Pattern[str]:
    return re.compile(rf"{any_of(network.deadlines)} ?(?P<day>{_DAY})")


def _without_references(text: str, network: Network) -> str:
    """`text` without the parentheses in which a law or a source is cited."""
    cites = reference_of(network)
    return _PARENTHESIS.sub(lambda m: " " if cites.search(m.group()) else m.group(), text)


def _stems(text: str) -> set[str]:
    return {stem for stem in terms(text) if not any(c.isdigit() for c in stem)}


@lru_cache(maxsize=8)
def _people(network: Network) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The titles of stay, with how the guides name who has each."""
    language = network.language
    return tuple(
        (title.id, re.compile(any_of(title.phrases.get(language, ())))) for title in network.titles
    )


def same_thing(one: Measured, other: Measured) -> list[str]:
    """The kinds of number that two units give of the same thing, as far as words can tell: not for
    other people, other dates, by another law or article."""
    apart = (
        bool(one.days) != bool(other.days)
        or _disjoint(one.days, other.days)
        or _disjoint(one.people, other.people)
        or _disjoint(one.acts, other.acts)
        or (bool(one.acts & other.acts) and _disjoint(one.articles, other.articles))
    )
    if apart:
        return []
    return [
        kind
        for kind in one.values.keys() & other.values.keys()
        if not _disjoint(one.beside[kind], other.beside[kind])
    ]


def _disjoint(one: frozenset[object], other: frozenset[object]) -> bool:
    """Whether both say something, and nothing in common."""
    return bool(one and other) and not one & other


def differ(one: Measured, other: Measured, kind: str) -> bool:
    """Whether each has a number of a kind that the other has not, not even in passing."""
    mine, its = one.values[kind], other.values[kind]
    return bool(mine - its - other.bare and its - mine - one.bare)
