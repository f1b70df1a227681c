"""An encoder made for the tests: a token is near another where they share a stem, nothing else.

It answers as `index.encode.encoder.Encoder` does, in microseconds and without a model."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import Any, cast

import numpy as np
from numpy.typing import NDArray

from index.encode.encoder import Encoder, QueryTokens, TokenVectors
from index.search.lexical import STOPWORDS, stem

DIMENSION = 64
_TOKEN = re.compile(r"[^\W_]+|[^\w\s]")
LIGHT = 0.1  # what a word that carries no meaning counts

Vectors = NDArray[np.float32]


class MadeEncoder:
    """Vectors are weighted means of those of tokens; a stem's is drawn from its own digest."""

    name, dimension, max_tokens = "made", DIMENSION, 400

    def __init__(self, digest: str = "0123456789abcdef made") -> None:
        self.digest = digest
        self.runs: list[str] = []  # every text that was encoded

    def count_tokens(self, text: str) -> int:
        return len(_TOKEN.findall(text))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        found = [self._encode(text).vector for text in texts]
        return np.array(found, dtype=np.float32).reshape(len(texts), DIMENSION)

    encode_passages = encode_queries

    def encode_query_tokens(self, text: str) -> QueryTokens:
        found = self._encode(text)
        strings = tuple(text[begin:end] for begin, end in found.offsets)
        return QueryTokens(found.vector, found.tokens, found.last, strings, found.offsets)

    def encode_passage_tokens(
        self, texts: Sequence[str], progress: Callable[[int, int], None] | None = None
    ) -> list[TokenVectors]:
        return [self._encode(text) for text in texts]

    def _encode(self, text: str) -> TokenVectors:
        self.runs.append(text)
        matches = list(_TOKEN.finditer(text))[: self.max_tokens]
        words = [match.group().lower() for match in matches]
        tokens = np.array([_drawn(s) for s in stem(words)], dtype=np.float32)
        tokens = tokens.reshape(len(words), DIMENSION)
        counts = [LIGHT if w in STOPWORDS or not w.isalnum() else 1.0 for w in words]
        offsets = np.array([match.span() for match in matches], dtype=np.int32).reshape(-1, 2)
        weighed = tokens * np.array(counts, dtype=np.float32)[:, None]
        whole = weighed.sum(axis=0) if words else _drawn("")
        return TokenVectors(whole / np.linalg.norm(whole), tokens, weighed, offsets)


def _drawn(word: str) -> Vectors:
    """(DIMENSION,) of length 1, always the same for a word."""
    seed = int.from_bytes(blake2b(word.encode(), digest_size=8).digest(), "big")
    vector = np.random.default_rng(seed).normal(size=DIMENSION).astype(np.float32)
    return cast(Vectors, vector / np.linalg.norm(vector))


def made_encoder(digest: str = "0123456789abcdef made") -> Any:
    """As an `Encoder`, for what asks for one."""
    return cast(Encoder, MadeEncoder(digest))
