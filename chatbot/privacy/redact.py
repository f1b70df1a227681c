"""Takes personal data out of a text before anything is written."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import chain

from chatbot.privacy.names import names
from chatbot.privacy.numbers import (
    documents,
    emails,
    ibans,
    phones,
    plates,
    profiles,
    tax_codes,
)
from chatbot.privacy.places import addresses, birth_dates
from chatbot.privacy.strangers import strangers
from index.network import NEUTRAL, Network

Found = Iterator[tuple[int, int]]
Finder = Callable[[str, Network, frozenset[str]], Found]


def _of_any(finder: Callable[[str], Found]) -> Finder:
    """What looks alike in every network."""
    return lambda text, network, spoken: finder(text)


# In order of certainty: where two overlap, the first gives its label.
FINDERS: dict[str, Finder] = {
    "e-mail": _of_any(emails),
    "codice fiscale": _of_any(tax_codes),
    "IBAN": _of_any(ibans),
    "data di nascita": _of_any(birth_dates),
    "telefono": lambda text, network, spoken: phones(text, network.phone_country),
    "profilo": _of_any(profiles),
    "targa": _of_any(plates),
    "numero di documento": _of_any(documents),
    "indirizzo": _of_any(addresses),
    "nome": lambda text, network, spoken: chain(
        names(text, network), strangers(text, network, spoken)
    ),
}


@dataclass(frozen=True, slots=True)
class Personal:
    """Personal data from `start` to `end`, in characters of the text."""

    start: int
    end: int
    kind: str


def redact(text: str, network: Network = NEUTRAL, spoken: frozenset[str] = frozenset()) -> str:
    """`text` with a label such as «[codice fiscale]» in place of each piece of personal data. The
    network knows which words with a capital are no people, and `spoken` are those that the guides
    use of other things (`Snapshot.spoken`): without them more is taken out."""
    plain = normalise(text)
    parts, at = [], 0
    for found in find(plain, network, spoken):
        parts += [plain[at : found.start], f"[{found.kind}]"]
        at = found.end
    return "".join([*parts, plain[at:]])


def normalise(text: str) -> str:
    """One form for the same characters, so that a full-width digit or an invisible character in a
    number hides nothing; what no database takes (NUL, lone surrogates) is left out."""
    whole = text.encode("utf-8", "ignore").decode("utf-8")
    compatible = unicodedata.normalize("NFKC", whole)
    return "".join(c for c in compatible if c in "\n\t" or unicodedata.category(c) not in _HIDDEN)


_HIDDEN = {"Cc", "Cf", "Cs", "Co"}


def find(
    text: str, network: Network = NEUTRAL, spoken: frozenset[str] = frozenset()
) -> list[Personal]:
    """Personal data in a text as `normalise` gives it, from left to right, never overlapping."""
    found: list[Personal] = []
    for kind, finder in FINDERS.items():
        for start, end in finder(text, network, spoken):
            touching = [p for p in found if p.start < end and start < p.end]
            label = touching[0].kind if touching else kind
            whole = Personal(
                min([start, *(p.start for p in touching)]),
                max([end, *(p.end for p in touching)]),
                label,
            )
            found = [p for p in found if p not in touching] + [whole]
    return sorted(found, key=lambda p: p.start)
