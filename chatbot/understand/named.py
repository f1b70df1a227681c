"""What a question names: places, bodies and numbers that an answer must speak of too."""

from __future__ import annotations

import re
from functools import lru_cache

from chatbot.words.vocabulary import italian_words
from index.network import Network
from index.search.lexical import words

REMEMBERED = 8  # networks whose names are kept at hand
_NAME = re.compile(r"\b[A-ZÀ-Ý]\w+|\d+")
_MIN_PLACE = 4  # letters: shorter municipalities are words of other languages too


def specifics(question: str, network: Network) -> frozenset[str]:
    """Capitalised words after the first letter, numbers, and the countries, towns and bodies that
    are written without capitals: all in lower case."""
    named = {name.lower() for name in _NAME.findall(question[1:])}
    return frozenset(named | (set(words(question)) & _known(network)))


@lru_cache(maxsize=REMEMBERED)
def plain_towns(network: Network) -> frozenset[str]:
    """Towns of one word that are no word of the language, and the capitals of provinces; folded."""
    known = network.places.municipalities
    towns = {name for name in known if " " not in name and len(name) >= _MIN_PLACE}
    capitals = {name for name in network.places.provinces if " " not in name}
    return frozenset(towns - italian_words() | capitals)


@lru_cache(maxsize=REMEMBERED)
def _known(network: Network) -> frozenset[str]:
    return plain_towns(network) | (network.not_people - italian_words())
