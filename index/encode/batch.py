"""Texts that several threads ask for in the same moment, run together.

Who finds the encoder free goes at once; who comes while it runs waits for that run, and then goes
with those that wait and are about as long. An encoder that runs several texts side by side has as
many places. Nobody waits for a batch to fill, and a text's vectors are the same in any company: the
scales of activations are fixed (`index.encode.onnx_scales`) and what pads a shorter text is masked.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Event, Lock, Semaphore

import numpy as np
from numpy.typing import NDArray

Ids = NDArray[np.int64]
Hidden = NDArray[np.float32]
Run = Callable[[Ids, Ids], Hidden]

MOST = 16  # texts in a run
PADDED = 1.25  # tokens run, padding included, for each that was asked for
PAD = 0  # any id: it is masked


class MicroBatch:
    """Runs token ids through `run(ids, mask)`, both int64 (batch, tokens), which gives float32
    (batch, tokens, d); safe to share between threads."""

    def __init__(self, run: Run, abreast: int = 1) -> None:
        self._run = run
        self._waiting: list[_WaitingText] = []
        self._list = Lock()  # held to look at `_waiting`
        self._turn = Semaphore(abreast)  # held while texts run

    def hidden(self, ids: Sequence[int]) -> Hidden:
        """(tokens, d) of one text. Raises what `run` raises, to all who share the run."""
        own = _WaitingText(ids)
        with self._list:
            self._waiting.append(own)
        with self._turn:
            self._answer(self._company(own))
        own.ended.wait()
        if own.error:
            raise own.error
        assert own.hidden is not None
        return own.hidden

    def _company(self, own: _WaitingText) -> list[_WaitingText]:
        """`own` and those that may go with it, longest wait first, taken off the list; nobody where
        another took `own` along."""
        with self._list:
            if own not in self._waiting:
                return []
            chosen, tokens = [own], len(own.ids)
            for other in self._waiting:
                longest = max(len(other.ids), *(len(asked.ids) for asked in chosen))
                total = tokens + len(other.ids)
                fits = longest * (len(chosen) + 1) <= PADDED * total
                if other is not own and fits and len(chosen) < MOST:
                    chosen, tokens = [*chosen, other], total
            self._waiting = [asked for asked in self._waiting if asked not in chosen]
        return chosen

    def _answer(self, company: Sequence[_WaitingText]) -> None:
        if not company:
            return
        shape = len(company), max(len(asked.ids) for asked in company)
        ids, mask = np.full(shape, PAD, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, asked in enumerate(company):
            ids[row, : len(asked.ids)] = asked.ids
            mask[row, : len(asked.ids)] = 1
        try:
            hidden = self._run(ids, mask)
            for row, asked in enumerate(company):
                asked.hidden = hidden[row, : len(asked.ids)]
        except Exception as error:
            for asked in company:
                asked.error = error
        finally:
            for asked in company:
                asked.ended.set()


class _WaitingText:
    """One text that waits: its `ids`, then what it was given. Two are never equal."""

    def __init__(self, ids: Sequence[int]) -> None:
        self.ids = ids
        self.hidden: Hidden | None = None
        self.error: Exception | None = None
        self.ended = Event()
