"""Names of people after the phrases that usually introduce them.

A word is taken for a name when it is written with a capital or, after a phrase that can only
introduce a name, when Italian does not have it: most names of the people talked about here are
not Italian words. Names that no phrase introduces are not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
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
# After these a name has its capital.
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


@dataclass(frozen=True, slots=True)
class _Phrase:
    """What may pass for a name after a phrase."""

    lower: Literal["any", "foreign", "none"]  # words without a capital; foreign: not Italian
    capitals: bool  # short words all in capitals, which elsewhere are acronyms


def names(text: str, network: Network) -> Iterator[Found]:
    """Where the names introduced by the usual phrases stand."""
    shouted = text.isupper()
    for pattern in (_STRONG, _WEAK):
        for match in pattern.finditer(text):
            phrase = _trust(match.group(), pattern is _STRONG)
            found = _name(text, match.end(), phrase, shouted, network)
            if found:
                yield found


def _trust(phrase: str, strong: bool) -> _Phrase:
    if not strong:
        return _Phrase("none", capitals=False)
    if _ONLY_ME.match(phrase):
        return _Phrase("any", capitals=True)
    return _Phrase("foreign", capitals=_ONLY_PEOPLE.match(phrase) is not None)


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
    if word[0].isupper() and not shouted:
        return phrase.capitals or not word.isupper() or len(plain) > _ACRONYM
    if phrase.lower == "any" and first:
        return plain not in STOPWORDS
    if phrase.lower == "none" and not shouted:
        return False
    return len(plain) > 2 and (plain in _ITALIAN_TOO or not is_italian(plain))


def is_italian(word: str) -> bool:
    return re.split("['’]", word)[-1] in italian_words()
