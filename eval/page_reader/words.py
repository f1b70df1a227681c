"""What a question and the sentences of a page share as words, and how the sentences look.

Words count by their first five letters without accents, which serves several languages without a
stemmer for each; rare ones on this page count more (idf over its sentences).
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

WORD_SIGNS = 16

_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"@|www|http")


def word_signs(question: str, units: Sequence[str]) -> NDArray[np.float32]:
    """(n, 16): how much of the question's words each unit holds, where it stands, how it looks."""
    asked, grams = stems(question), _grams(question)
    held = [stems(unit) for unit in units]
    held_grams = [_grams(unit) for unit in units]
    rarity, gram_rarity = _rarity(asked, held), _rarity(grams, held_grams)
    count = len(units)
    known = sum(any(stem in words for words in held) for stem in asked) / max(len(asked), 1)
    rows = np.zeros((count, WORD_SIGNS), dtype=np.float32)
    for at, unit in enumerate(units):
        shared = asked & held[at]
        rows[at] = [
            len(shared) / max(len(asked), 1),
            sum(rarity[stem] for stem in shared) / (sum(rarity.values()) or 1),
            sum(gram_rarity[g] for g in grams & held_grams[at]) / (sum(gram_rarity.values()) or 1),
            len(shared) / max(len(held[at]), 1),
            at / max(count - 1, 1),
            at == 0,
            at == count - 1,
            *_looks(unit),
            known,
            math.log(count) / 4,
        ]
    return rows


def _looks(unit: str) -> list[float]:
    """Length, heading-like, ends a sentence, leads in, digits, address, question."""
    words = len(_WORD.findall(unit))
    last = unit.rstrip()[-1:]
    return [
        min(words / 40, 2),
        words < 6,
        last in tuple(".!?") or not last,
        last == ":",
        any(character.isdigit() for character in unit),
        bool(_ADDRESS.search(unit)),
        "?" in unit,
    ]


def stems(text: str) -> set[str]:
    """First five letters of the words of three or more, and numbers; no accents, lower case."""
    words = _WORD.findall(_plain(text))
    return {word[:5] for word in words if len(word) > 2 or word.isdigit()}


def _grams(text: str) -> set[str]:
    """Runs of four characters, word boundaries included."""
    line = f" {' '.join(_WORD.findall(_plain(text)))} "
    return {line[at : at + 4] for at in range(len(line) - 3)}


def _rarity(asked: set[str], held: Sequence[set[str]]) -> dict[str, float]:
    """log((n + 1) / (df + 1/2)) of each term asked, df being the units that hold it."""
    counts = Counter(term for terms in held for term in terms & asked)
    return {term: math.log((len(held) + 1) / (counts[term] + 0.5)) for term in sorted(asked)}


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.lower())
    return "".join(c for c in decomposed if not unicodedata.combining(c))
