"""Questions about another place: the guides speak of one country, a service of where it is.

What nears such a question would answer it wrongly: «Sì, può lavorare subito» asked of another
country, the telephone of one town asked of another.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from chatbot.find.meeting import full_text
from chatbot.read.evidence import Evidence
from chatbot.understand.named import REMEMBERED
from index.guide import Service
from index.letters import fold
from index.network import Network
from index.phrases import any_of, plain
from index.places import Places


def not_of_here(question: str, evidence: Sequence[Evidence], network: Network) -> bool:
    """Whether `question` names a foreign country and nothing of what was read names it or speaks of
    other countries at all."""
    countries, abroad = _patterns(network)
    named = {found.group() for found in countries.finditer(plain(question))}
    if not named:
        return False
    read = [plain(full_text(e.unit, e.hit.passage)) for e in evidence]
    return not any(abroad.search(text) or any(name in text for name in named) for text in read)


@lru_cache(maxsize=REMEMBERED)
def _patterns(network: Network) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return re.compile(any_of(network.abroad)), re.compile(any_of(network.of_abroad))


def serves(service: Service, asked: Iterable[str], places: Places) -> bool:
    """Whether a service may be shown to who asks of places (folded names): it is in the province
    of one, it serves one, or it is not tied to a place."""
    if service.municipality is None or not asked:
        return True
    here = _province(fold(service.municipality), places)
    area = {fold(name) for name in service.area}
    everywhere = frozenset(map(fold, places.whole))
    return any(
        _province(place, places) == here or area & {*everywhere, place, _province(place, places)}
        for place in asked
    )


def _province(place: str, places: Places) -> str:
    """The folded province of a municipality; a province is its own."""
    known = places.municipalities.get(place)
    return place if known is None or place in places.provinces else fold(known.province)
