"""What one turn may put in the place of another's: people with a title of stay, places, dates."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from chatbot.understand.named import REMEMBERED
from chatbot.understand.places import place_at
from chatbot.words.pack import italian
from index.network import Network
from index.phrases import any_of, plain

_ARTICLES = r"(?:un |una |i |gli |le |il |la |lo |l' ?|per )*"
_WHERE = re.compile(r"\b(?:a|ad|di|in|per|da) (?=\w)", re.IGNORECASE)
_WHEN = re.compile(
    rf"\b(domanda|richiesta)? ?(di|a|ad|da|nel|in) ({italian('months')})( 20\d\d)?\b",
    re.IGNORECASE,
)

Span = tuple[int, int]


@lru_cache(maxsize=REMEMBERED)
def _persons(network: Network) -> re.Pattern[str]:
    """Who has a title of stay, in the language of the guides."""
    said = [p for title in network.titles for p in title.phrases.get(network.language, ())]
    also = [p for title in network.titles for p in title.also]
    return re.compile(rf"\b{_ARTICLES}{any_of([*said, *also])}")


def said_persons(text: str, network: Network) -> list[Span]:
    return [match.span() for match in _persons(network).finditer(plain(text))]


def said_places(text: str, network: Network) -> list[Span]:
    """«a Cuneo», «per il Biellese» without its article: where a place of the network follows."""
    found = []
    for match in _WHERE.finditer(text):
        length = place_at(text[match.end() :], network)
        if length:
            found.append((match.start(), match.end() + length))
    return found


def said_dates(text: str, network: Network) -> list[Span]:
    return [match.span() for match in _WHEN.finditer(text)]


# Naming one drops the others from the topic.
SLOTS: tuple[Callable[[str, Network], list[Span]], ...] = (said_persons, said_places, said_dates)


def without(text: str, spans: list[Span]) -> str:
    """`text` without `spans`, which stand in their order and apart."""
    for start, end in reversed(spans):
        text = f"{text[:start]} {text[end:]}"
    return text
