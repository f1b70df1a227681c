"""Words: the same cutting and stemming for passages and questions, and BM25 over them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import bm25s
import numpy as np
import Stemmer
from bm25s.stopwords import STOPWORDS_ITALIAN
from numpy.typing import NDArray

from index.letters import strip_accents
from index.search.postings import Postings, Rows, Scores
from index.search.stems import Stems
from index.search.writing import one_form

_WORD = re.compile(r"[^\W_]+")
_NUMBER = re.compile(r"\d+(?:[./-]\d+)*")
_JOINT = re.compile(r"[./-]")
# The library's list holds forms such as «dell'», cut here as the words are.
_DISCOURSE = "già ancora anche poi ecco proprio però quindi invece oggi adesso allora solo pure"
STOPWORDS = frozenset(
    word for entry in (*STOPWORDS_ITALIAN, _DISCOURSE) for word in _WORD.findall(entry.lower())
)


def words(text: str) -> list[str]:
    """Lower-case words and numbers; elisions are cut: «dell'asilo» gives `dell`, `asilo`."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).lower())


def stem(tokens: Sequence[str]) -> list[str]:
    """Snowball Italian stems without accents, so that «citta» meets «città»."""
    return [_stem(token) for token in tokens]


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    # a stemmer is not safe to share between threads, and cheap to make
    return strip_accents(Stemmer.Stemmer("italian").stemWord(word))


def numbers(text: str) -> list[str]:
    """Numbers as written, parts and all, whatever joins them: «d.lgs. 142/2015» gives `142-2015`,
    «1.4.3» gives `1-4-3`, «12/06/2026» what «12-06-2026» gives."""
    return _numbers_in(one_form(text))


def _numbers_in(text: str) -> list[str]:
    return [_JOINT.sub("-", number) for number in _NUMBER.findall(text)]


def terms(text: str) -> list[str]:
    """Stems of the words that carry meaning; where only stop words are left, all of them. Then
    the numbers of several parts, which as a whole say more than their parts. What is written in
    several ways gives the same terms."""
    text = one_form(text)
    tokens = words(text)
    kept = stem([t for t in tokens if t not in STOPWORDS] or tokens)
    return kept + [number for number in _numbers_in(text) if "-" in number]


class LexicalIndex:
    """BM25 (Lucene's variant, k1 = 1.2, b = 0.75) over passages."""

    def __init__(self, bm25: bm25s.BM25, size: int, stems: Stems | None = None) -> None:
        self._bm25 = bm25
        self._size = size
        self._stems = stems
        kept = bm25.scores
        self._postings = Postings.of(kept["data"], kept["indices"], kept["indptr"], size)

    @classmethod
    def build(
        cls, texts: Sequence[str], before: LexicalIndex | None = None, rows: Sequence[int] = ()
    ) -> LexicalIndex:
        """Of texts; the n-th is the very text that has row `rows[n]` in the index `before`, where
        that is not -1, and is not cut into stems again."""
        kept = before._stems if before else None
        old = (kept.of(row) if kept and row >= 0 else None for row in rows or [-1] * len(texts))
        # An index without words breaks the library: one that nobody asks for keeps it whole.
        stems = Stems.join(
            known if known is not None else terms(text) or ["\x00"]
            for text, known in zip(texts, old, strict=True)
        )
        bm25 = bm25s.BM25(k1=1.2, b=0.75, method="lucene")
        vocabulary = {stem: n for n, stem in enumerate(stems.words)}
        bm25.index((stems.lists(), vocabulary), show_progress=False)
        return cls(bm25, len(texts), stems)

    def save(self, folder: Path) -> None:
        self._bm25.save(str(folder), show_progress=False)
        if self._stems:
            self._stems.save(folder)

    @classmethod
    def load(cls, folder: Path, size: int) -> LexicalIndex:
        bm25 = bm25s.BM25.load(str(folder), load_vocab=True, show_progress=False)
        return cls(bm25, size, Stems.load(folder))

    @property
    def nbytes(self) -> int:
        """Bytes of the arrays of scores."""
        return self._postings.nbytes

    def top(self, question: Sequence[str], k: int) -> tuple[Rows, Scores]:
        """Positions (k,) and BM25 scores (k,) of the best passages for the stems of a question,
        best first; fewer where fewer share a stem with it."""
        return self._postings.top(self._known(question), k)

    def scores_of(self, question: Sequence[str], positions: Rows) -> Scores:
        """BM25 scores (c,) of the passages at `positions` (c,) for the stems of a question."""
        return self._postings.scores_of(self._known(question), positions)

    def holds(self, stem: str, positions: Rows) -> NDArray[np.bool_]:
        """Which of the passages at `positions` (c,) hold a stem: (c,)."""
        column = self._bm25.vocab_dict.get(stem)
        if column is None:
            return np.zeros(len(positions), dtype=np.bool_)
        return self._postings.holds(column, positions)

    def _known(self, question: Sequence[str]) -> list[int]:
        columns = self._bm25.vocab_dict
        return [columns[t] for t in question if t in columns]

    def weights(self, question: Sequence[str]) -> dict[str, float]:
        """How telling each stem is: ln(1 + (N - n + 0.5) / (n + 0.5)), as in BM25; a stem
        unknown to the passages gets the highest value there can be."""
        return {t: self._idf(t) for t in question}

    def _idf(self, term: str) -> float:
        column = self._bm25.vocab_dict.get(term)
        count = 0 if column is None else self._postings.count(column)
        return float(np.log(1 + (self._size - count + 0.5) / (count + 0.5)))
