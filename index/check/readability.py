"""Reading ease of Italian."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WORD = re.compile(r"[^\W_]+")
EASY = 60  # at or above: read with ease by who finished the lower secondary school


def gulpease(sentences: Sequence[str]) -> float:
    """The Gulpease index: 89 + (300 × sentences − 10 × letters) / words, at most 100.

    0 is hardest, 100 easiest; 100 for no words at all. Source: P. Lucisano, M. E. Piemontese,
    «GULPEASE: una formula per la predizione della difficoltà dei testi in lingua italiana»,
    Scuola e città, 39 (3), 1988, pp. 110-124.
    """
    words = [word for sentence in sentences for word in _WORD.findall(sentence)]
    if not words:
        return 100.0
    letters = sum(map(len, words))
    return min(100.0, 89 + (300 * len(sentences) - 10 * letters) / len(words))
