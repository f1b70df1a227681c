"""The places a question names, and whether a service serves them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from chatbot.understand.named import plain_towns
from index.guide import Service
from index.places import fold, municipalities, provinces
from index.search.lexical import words

_LONGEST_NAME = 4  # words in the name of a municipality


def serves(service: Service, places: Iterable[str]) -> bool:
    """Whether a service may be shown to who asks of `places` (folded names): it is in the province
    of one, it serves one, or it is not tied to a place."""
    if service.municipality is None or not places:
        return True
    here = _province(fold(service.municipality))
    area = {fold(name) for name in service.area}
    return any(
        _province(place) == here or area & {"italia", "piemonte", place, _province(place)}
        for place in places
    )


def _province(place: str) -> str:
    """The folded province of a municipality; a province is its own."""
    known = municipalities().get(place)
    return place if known is None or place in provinces() else fold(known.province)


def places(question: str) -> frozenset[str]:
    """Municipalities and provinces of Piemonte that a question names, folded: those that are words
    of the language too only with a capital."""
    tokens = words(question)
    found = {name for n in range(2, _LONGEST_NAME + 1) for name in _runs(tokens, n)}
    capitals = {fold(word) for word in re.findall(r"\b[A-ZÀ-Ý][\w'’]+", question[1:])}
    alone = {fold(token) for token in tokens} & _towns()
    return frozenset(
        {name for name in found if name in municipalities() or name in provinces()}
        | {name for name in alone if name in capitals or name in plain_towns()}
    )


def _runs(tokens: Sequence[str], count: int) -> Iterable[str]:
    return (fold(" ".join(tokens[n : n + count])) for n in range(len(tokens) - count + 1))


@cache
def _towns() -> frozenset[str]:
    return frozenset(name for name in {*municipalities(), *provinces()} if " " not in name)
