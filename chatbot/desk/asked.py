"""Vectors of the questions of the journal, kept in memory while editors look at them: a page that
groups two hundred of them does not encode them anew each time it is opened. Nothing is written.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from threading import Lock
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

MOST = 1_000  # questions: a megabyte and a half
BATCH = 4  # encoded together

Vectors = NDArray[np.float32]


class Encodes(Protocol):
    """What turns questions (n) into vectors (n, d), L2-normalised."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors: ...


class AskedVectors:
    """Those asked for last, of one encoder; safe between threads."""

    def __init__(self, encoder: Encodes) -> None:
        self._encoder = encoder
        self._kept: OrderedDict[str, Vectors] = OrderedDict()
        self._lock = Lock()

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """As the encoder's own; only the questions not seen lately go through it, a few at a time,
        so that a question that comes meanwhile waits for no more than those."""
        found = self._known(texts)
        missing = [text for text in dict.fromkeys(texts) if text not in found]
        for start in range(0, len(missing), BATCH):
            some = missing[start : start + BATCH]
            fresh = dict(zip(some, self._encoder.encode_queries(some), strict=True))
            found |= fresh
            self._keep(fresh)
        return np.asarray([found[text] for text in texts], dtype=np.float32)

    def _known(self, texts: Sequence[str]) -> dict[str, Vectors]:
        with self._lock:
            found = {text: self._kept[text] for text in texts if text in self._kept}
            for text in found:
                self._kept.move_to_end(text)
        return found

    def _keep(self, fresh: dict[str, Vectors]) -> None:
        with self._lock:
            self._kept |= fresh
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
