"""A reader: a model that sees question and passage together, and says how each unit answers.

Any `CrossEncoder` of sentence-transformers, by name or path (`BUSSOLA_READER`), for a network that
has a hub of models within reach, and the time: it reads every pair from its first layer on.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from chatbot.find.match import Reading
from index.errors import BussolaError
from index.publish.snapshot import Snapshot


class ReaderError(BussolaError):
    """A reader that does not load, or that is none."""


class AnyReader(Protocol):
    """What reads; weights fitted with it know it by its `digest`."""

    digest: str

    def read(self, text: str, rows: Sequence[int], snapshot: Snapshot) -> list[Reading]:
        """What the passages in `rows` of the snapshot say of the question `text`, in their
        order."""
        ...


class Reader:
    """A `CrossEncoder`; safe to share between threads."""

    def __init__(self, model: Any) -> None:
        """Raises ReaderError where it gives more than one number to a pair."""
        if model.num_labels != 1:
            raise ReaderError(f"dà {model.num_labels} numeri a ogni coppia, ne serve uno")
        self._model = model
        self.digest = _digest(model)

    @classmethod
    def load(cls, name: str) -> Reader:
        """By name or path; nothing that the model brings along is run. Raises ReaderError."""
        try:
            from sentence_transformers import CrossEncoder

            return cls(CrossEncoder(name, trust_remote_code=False))
        except Exception as error:
            raise ReaderError(
                f"Il lettore «{name}» (BUSSOLA_READER) non si può usare: {error}"
            ) from error

    def read(self, text: str, rows: Sequence[int], snapshot: Snapshot) -> list[Reading]:
        """As `AnyReader.read`: each passage with its headings, then each of its units alone."""
        passages = [snapshot.passages[row] for row in rows]
        pairs = [(text, passage.embedded) for passage in passages]
        pairs += [(text, unit.text) for passage in passages for unit in passage.units]
        pages, units = np.split(self.odds(pairs), [len(passages)])
        ends = np.cumsum([len(passage.units) for passage in passages])[:-1]
        parts: list[NDArray[np.float32]] = np.split(units, ends)
        return [Reading(float(page), own) for page, own in zip(pages, parts, strict=True)]

    def odds(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        """How likely each text is what its question looks for, as log odds (n,)."""
        from torch import nn

        odds = self._model.predict(
            pairs, activation_fn=nn.Identity(), show_progress_bar=False, convert_to_numpy=True
        )
        return np.asarray(odds, dtype=np.float32).ravel()


def _digest(model: Any) -> str:
    """Of all its numbers, so that another training under the same name is another reader."""
    digest = hashlib.sha256()
    for name, values in sorted(model.model.state_dict().items()):
        digest.update(name.encode())
        digest.update(values.detach().float().contiguous().cpu().numpy().data)
    return digest.hexdigest()
