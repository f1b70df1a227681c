"""Questions about another place: the guides speak of one country, a service of where it is.

What nears such a question would answer it wrongly: «Sì, può lavorare subito» asked of another
country, the telephone of one town asked of another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from chatbot.judge.ruling import Asked, Ruling
from chatbot.read.evidence import Evidence, full_text
from chatbot.understand.named import REMEMBERED
from index.network import Network
from index.phrases import any_of, plain


def of_here(asked: Asked, ruling: Ruling) -> Ruling:
    """What holds here is no answer about another country, only near."""
    network = asked.snapshot.network
    if ruling.outcome != "answered" or not not_of_here(
        asked.query.abroad, ruling.evidence, network
    ):
        return ruling
    return ruling.because(
        "altrove", "la domanda riguarda un altro Paese, le frasi trovate no",
        outcome="related", evidence=(),
    )  # fmt: skip


def not_of_here(named: frozenset[str], evidence: Sequence[Evidence], network: Network) -> bool:
    """Whether a question has `named` foreign countries and nothing of what was read names one of
    them or speaks of other countries at all."""
    if not named:
        return False
    read = [plain(full_text(e.unit, e.hit.passage)) for e in evidence]
    other = _of_others(network)
    return not any(other.search(text) or any(name in text for name in named) for text in read)


@lru_cache(maxsize=REMEMBERED)
def _of_others(network: Network) -> re.Pattern[str]:
    return re.compile(any_of(network.of_abroad))
