"""What the reader sees of a question and the units: token windows and lexical features.

The same code feeds training and serving, so that a reader is never asked in another form than the
one it learnt.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from index.tokenizer import Tokenizer

WINDOW_TOKENS = 480
QUESTION_TOKENS = 64
UNIT_TOKENS = 100
OVERLAP = 2  # units that a window repeats from the one before
FEATURES = 16

_BEGIN, _END, _COMMA = 0, 2, 6  # <s>, </s> and a piece that stands for an empty unit
_SPECIAL, _QUESTION = -1, 0
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"@|www|http")


@dataclass(frozen=True, slots=True)
class Window:
    """One input of the encoder.

    `ids` are its t tokens; `owner` (t,) says whose each is: -1 special, 0 the question, k the k-th
    unit of the window, from 1; `units` are the positions of those units on the page.
    """

    ids: tuple[int, ...]
    owner: NDArray[np.int64]
    units: tuple[int, ...]


def windows(
    tokenizer: Tokenizer, question: str, units: Sequence[str], size: int = WINDOW_TOKENS
) -> list[Window]:
    """`<s> query: question </s> passage: unit </s> unit </s> …`, as many units as fit in `size`.

    Every unit is in at least one window; a window takes up the last two of the one before, so that
    no unit is read without what precedes it.
    """
    asked = _ids(tokenizer, "query: " + question, QUESTION_TOKENS)
    marker = _ids(tokenizer, "passage:", UNIT_TOKENS)
    head = [_BEGIN, *asked, _END, *marker]
    owners = [_SPECIAL, *[_QUESTION] * len(asked), _SPECIAL, *[_SPECIAL] * len(marker)]
    pieces = [[*(_ids(tokenizer, unit, UNIT_TOKENS) or [_COMMA]), _END] for unit in units]
    found: list[Window] = []
    start = 0
    while start < len(pieces):
        stop = _last_that_fits(pieces, start, size - len(head))
        ids, owner = list(head), list(owners)
        for number, piece in enumerate(pieces[start:stop], start=1):
            ids += piece
            owner += [number] * len(piece)
        found.append(Window(tuple(ids), np.array(owner), tuple(range(start, stop))))
        if stop == len(pieces):
            break
        start = max(stop - OVERLAP, start + 1)
    return found


def _ids(tokenizer: Tokenizer, text: str, limit: int) -> list[int]:
    return list(tokenizer.encode(text, add_special_tokens=False).ids[:limit])


def _last_that_fits(pieces: Sequence[Sequence[int]], start: int, room: int) -> int:
    """End of the window that begins at `start`: at least one unit, whatever its length."""
    stop, used = start + 1, len(pieces[start])
    while stop < len(pieces) and used + len(pieces[stop]) <= room:
        used += len(pieces[stop])
        stop += 1
    return stop


def features(question: str, units: Sequence[str]) -> NDArray[np.float32]:
    """(n, 16): how much of the question's words each unit holds, where it stands, how it looks.

    Words count by their first five letters without accents, which serves the languages of the
    data without a stemmer for each; rare ones on this page count more (idf over its units).
    """
    asked, grams = stems(question), _grams(question)
    held = [stems(unit) for unit in units]
    held_grams = [_grams(unit) for unit in units]
    rarity, gram_rarity = _rarity(asked, held), _rarity(grams, held_grams)
    count = len(units)
    known = sum(any(stem in words for words in held) for stem in asked) / max(len(asked), 1)
    rows = np.zeros((count, FEATURES), dtype=np.float32)
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
