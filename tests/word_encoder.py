"""An encoder that knows words and nothing else: for tests of what is done with vectors, where how
good they are does not count. It opens no model, so that a test of publishing takes no time for it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from index.encode.encoder import Encoder, Progress, QueryTokens, TokenVectors
from index.search.lexical import stem

DIMENSION = 48
_WORD = re.compile(r"\w+")


class WordEncoder(Encoder):
    """Each stem has a direction of its own; a text is the mean of its words."""

    def __init__(self) -> None:
        self.name = "parole"
        self.digest = hashlib.sha256(b"parole").hexdigest()
        self.dimension = DIMENSION
        self.max_tokens = 512

    def count_tokens(self, text: str) -> int:
        return len(_WORD.findall(text))

    def encode_queries(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self.encode_passages(texts)

    def encode_passages(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> NDArray[np.float32]:
        found = [vectors.vector for vectors in self.encode_passage_tokens(texts, progress)]
        return np.array(found, dtype=np.float32).reshape(len(texts), DIMENSION)

    def encode_query_tokens(self, text: str) -> QueryTokens:
        (found,) = self.encode_passage_tokens([text])
        strings = tuple(text[begin:end] for begin, end in found.offsets)
        return QueryTokens(found.vector, found.tokens, found.last, strings, found.offsets)

    def encode_passage_tokens(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> list[TokenVectors]:
        found = []
        for done, text in enumerate(texts, start=1):
            found.append(_of_text(text))
            if progress:
                progress(done, len(texts))
        return found


def _of_text(text: str) -> TokenVectors:
    words = list(_WORD.finditer(text))
    stems = stem([word.group().lower() for word in words])
    tokens = np.array([_direction(name) for name in stems], dtype=np.float32)
    tokens = tokens.reshape(len(words), DIMENSION)
    total = tokens.sum(axis=0) if len(words) else _direction("")
    vector = (total / max(float(np.linalg.norm(total)), 1e-12)).astype(np.float32)
    offsets = np.array([word.span() for word in words], dtype=np.int32).reshape(-1, 2)
    return TokenVectors(vector, tokens, tokens, offsets)


def _direction(name: str) -> NDArray[np.float32]:
    """(d,), L2-normalised, the same at each run."""
    seed = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
    drawn = np.random.default_rng(seed).normal(size=DIMENSION)
    return (drawn / np.linalg.norm(drawn)).astype(np.float32)
