"""What of the network a question names that decides whether the guides answer it: a country that
they do not speak of, one rule of a reform."""

from __future__ import annotations

import re
from functools import lru_cache

from chatbot.understand.named import REMEMBERED
from index.network import Network
from index.phrases import any_of, plain


def countries_abroad(question: str, network: Network) -> frozenset[str]:
    """The countries that the guides do not speak of, as the question writes them, in plain
    letters."""
    return frozenset(found.group() for found in _abroad(network).finditer(plain(question)))


def rules_named(question: str, network: Network) -> frozenset[str]:
    """The ids of the reforms of which the question says which rule it means."""
    text = plain(question)
    return frozenset(id for id, named in _rules(network) if named.search(text))


@lru_cache(maxsize=REMEMBERED)
def _abroad(network: Network) -> re.Pattern[str]:
    return re.compile(any_of(network.abroad))


@lru_cache(maxsize=REMEMBERED)
def _rules(network: Network) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((reform.id, re.compile(any_of(reform.named_rule))) for reform in network.reforms)
