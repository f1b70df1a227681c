"""Names of people after the phrases that usually introduce them.

A word is taken for a name when it is written with a capital or, in small letters, when Italian does
not have it and a phrase can only introduce a name: most names of the people talked about here are
not Italian words. Those that are, are listed. Of the names that no phrase introduces a first name
with its surname is found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from chatbot.words.pack import italian, listed, pack
from chatbot.words.vocabulary import italian_words
from index.letters import fold
from index.network import Network
from index.search.lexical import STOPWORDS

Found = tuple[int, int]

_TITLE = rf"(?:{italian('names.title')})"
# After these comes a name even in lower case.
_STRONG = re.compile(rf"\b(?:{_TITLE}|{italian('names.always')})[\s:,]+", re.IGNORECASE)
_TITLED = re.compile(rf"{_TITLE}\s+", re.IGNORECASE)
_ONLY_PEOPLE = re.compile(rf"{_TITLE}|{italian('names.only_people')}", re.IGNORECASE)
_ONLY_ME = re.compile(italian("names.only_me"), re.IGNORECASE)
# After these too, if it may be one.
_BY = re.compile(rf"\b(?:{italian('names.by')})[\s:,(]+", re.IGNORECASE)
# After these a name has its capital, or is listed.
_WEAK = re.compile(
    rf"\b(?:{italian('names.kin')}|{italian('names.role')}|{italian('names.sometimes')})[\s:,(]+",
    re.IGNORECASE,
)
_PARTICLE = re.compile(rf"(?:(?:{italian('names.particles')})[\s-]+|n['’])+", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*\.?")
_GAP = re.compile(r"\s+")
_MAX_WORDS, _ABBREVIATED, _ACRONYM = 5, 3, 5
NATIONALITY = re.compile(rf"(?:{italian('names.nationality')})[aeiouhc]{{0,3}}", re.IGNORECASE)
# Words that may have a capital and are no name of a person; a network has its own beside them.
NOT_NAMES = frozenset(listed("names.never", (pack("it"),)))
_ITALIAN_TOO = frozenset(listed("names.also_words", (pack("it"),)))
_GIVEN, _FAMILY = (
    frozenset(listed(f"names.{kind}", (pack("it"),))) for kind in ("given", "family")
)


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What may pass for a name after a phrase."""

    lower: Literal["any", "foreign", "listed"]  # words without a capital; foreign: not Italian
    capitals: bool  # short words all in capitals, which elsewhere are acronyms
    person: bool = False  # a surname alone, an initial, a first name that is another word too


def names(text: str, network: Network) -> Iterator[Found]:
    """Where the names introduced by the usual phrases stand, and first names with a surname."""
    shouted = text.isupper()
    for pattern in (_STRONG, _BY, _WEAK):
        for match in pattern.finditer(text):
            phrase = _trust(match.group(), pattern)
            found = _name(text, match.end(), phrase, shouted, network)
            if found:
                yield found
    yield from _in_full(text)


def _trust(phrase: str, pattern: re.Pattern[str]) -> _Phrase:
    if pattern is _WEAK:
        return _Phrase("listed", capitals=False)
    if pattern is _BY:
        return _Phrase("foreign", capitals=False, person=True)
    if _ONLY_ME.match(phrase):
        return _Phrase("any", capitals=True)
    only_people = _ONLY_PEOPLE.match(phrase) is not None
    return _Phrase("foreign", capitals=only_people, person=only_people)


def _in_full(text: str) -> Iterator[Found]:
    """«anna rossi», whatever stands before it."""
    words = list(_WORD.finditer(text))
    for first, last in pairwise(words):
        plain = [word.group().rstrip(".").lower() for word in (first, last)]
        apart = text[first.end() : last.start()].strip(" ")
        if plain[0] in _GIVEN and plain[1] in _FAMILY and not apart:
            yield first.start(), last.start() + len(plain[1])


def _name(text: str, start: int, phrase: _Phrase, shouted: bool, network: Network) -> Found | None:
    """The longest run of words that may be a name, particles such as «el» and «ben» included."""
    title = _TITLED.match(text, start)
    at = start = title.end() if title else start
    end = start
    for first in (True, *[False] * (_MAX_WORDS - 1)):
        particle = _PARTICLE.match(text, at)
        places = [particle.end(), at] if particle else [at]
        words = [word for place in places if (word := _WORD.match(text, place))]
        taken = (w for w in words if _accepted(w.group(), phrase, shouted, first, network))
        word = next(taken, None)
        if word is None:
            break
        end = word.end()
        if len(word.group()) > _ABBREVIATED and word.group().endswith("."):
            end -= 1  # a full stop, not «Md.»
            break
        gap = _GAP.match(text, end)
        if gap is None:
            break
        at = gap.end()
    return (start, end) if end > start else None


def never_a_name(word: str, network: Network) -> bool:
    """Whether a word, in lower case, is no name whatever stands before it."""
    return (
        word in NOT_NAMES
        or fold(word) in network.never_names
        or NATIONALITY.fullmatch(word) is not None
    )


def _accepted(word: str, phrase: _Phrase, shouted: bool, first: bool, network: Network) -> bool:
    plain = word.rstrip(".").lower()
    if never_a_name(plain, network):
        return False
    if word.endswith(".") and len(plain) == 1:
        return phrase.person or not first
    if word[0].isupper() and not shouted:
        return phrase.capitals or not word.isupper() or len(plain) > _ACRONYM
    if plain in _GIVEN or (plain in _FAMILY and (phrase.person or not first)):
        return True
    if phrase.lower == "any" and first:
        return plain not in STOPWORDS
    if phrase.lower == "listed" and not shouted:
        return False
    other = plain in _ITALIAN_TOO and (phrase.person or phrase.lower == "any" or shouted)
    return len(plain) > 2 and (other or not is_italian(plain))


def is_italian(word: str) -> bool:
    return re.split("['’]", word)[-1] in italian_words()
