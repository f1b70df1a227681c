"""The places of the network that a question names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from chatbot.understand.named import REMEMBERED, plain_towns
from index.letters import fold
from index.network import Network
from index.search.lexical import words

_LONGEST_NAME = 4  # words in the name of a municipality
_WORD = re.compile(r"[^\W_]+")
_CAPITAL = re.compile(r"\b[A-ZÀ-Ý][\w'’]+")


def places(question: str, network: Network) -> frozenset[str]:
    """Municipalities and provinces of the network that a question names, folded: those that are
    words of the language too only with a capital."""
    known = network.places
    tokens = words(question)
    found = {name for n in range(2, _LONGEST_NAME + 1) for name in _runs(tokens, n)}
    capitals = {fold(word) for word in _CAPITAL.findall(question[1:])}
    alone = {fold(token) for token in tokens} & _towns(network)
    return frozenset(
        {name for name in found if name in known.municipalities or name in known.provinces}
        | {name for name in alone if name in capitals or name in plain_towns(network)}
    )


def place_at(text: str, network: Network) -> int:
    """The length of the place that `text` begins with, the longest; 0 where it begins with none.
    The territory of the network and its wide areas are places too."""
    heads = list(_WORD.finditer(text))[:_LONGEST_NAME]
    for last in reversed(heads):
        name = text[: last.end()]
        if places(f" {name}", network) == {fold(name)} or fold(name) in network.places.wide:
            return last.end()
    return 0


def _runs(tokens: Sequence[str], count: int) -> Iterable[str]:
    return (fold(" ".join(tokens[n : n + count])) for n in range(len(tokens) - count + 1))


@lru_cache(maxsize=REMEMBERED)
def _towns(network: Network) -> frozenset[str]:
    names = {*network.places.municipalities, *network.places.provinces}
    return frozenset(name for name in names if " " not in name)
