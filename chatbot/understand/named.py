"""What a question names: places, bodies and numbers that an answer must speak of too."""

from __future__ import annotations

import re
from functools import cache

from chatbot.privacy.strangers import not_people
from chatbot.words.vocabulary import italian_words
from index.places import municipalities, provinces
from index.search.lexical import words

_NAME = re.compile(r"\b[A-ZÀ-Ý]\w+|\d+")
_MIN_PLACE = 4  # letters: shorter municipalities are words of other languages too


def specifics(question: str) -> frozenset[str]:
    """Capitalised words after the first letter, numbers, and the countries, towns and bodies that
    are written without capitals: all in lower case."""
    named = {name.lower() for name in _NAME.findall(question[1:])}
    return frozenset(named | (set(words(question)) & _known()))


@cache
def plain_towns() -> frozenset[str]:
    """Towns of one word that are no word of the language, and the capitals of provinces; folded."""
    towns = {name for name in municipalities() if " " not in name and len(name) >= _MIN_PLACE}
    capitals = {name for name in provinces() if " " not in name}
    return frozenset(towns - italian_words() | capitals)


@cache
def _known() -> frozenset[str]:
    return plain_towns() | (not_people() - italian_words())
