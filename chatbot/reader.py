"""Which units of a passage answer a question, read together: onnxruntime and numpy."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from chatbot.reader_head import Array, score_units
from chatbot.reader_input import Window, features, windows
from index.encoder import open_session
from index.finding import BussolaError
from index.tokenizer import Tokenizer, load_tokenizer

MANIFEST_FILE = "reader.json"


class ReaderError(BussolaError):
    """A reader's folder that is missing or incomplete."""


@dataclass(frozen=True)
class Reading:
    """What the reader found.

    `scores` (n,) float32: the calibrated probability that each unit is part of the answer;
    `answerable`: the calibrated probability that the units answer at all; `chosen`: positions of
    the units to answer with, ascending, empty when they do not answer.
    """

    scores: NDArray[np.float32]
    answerable: float
    chosen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Calibration:
    """From logits to probabilities (Platt 1999: sigmoid of slope · logit + shift), and the two
    thresholds on probabilities that choose units."""

    unit_slope: float
    unit_shift: float
    answer_slope: float
    answer_shift: float
    unit_threshold: float
    answer_threshold: float


class Reader:
    """A prepared reader (see `chatbot.reader_model`), safe to share between threads."""

    def __init__(
        self, session: ort.InferenceSession, tokenizer: Tokenizer, head: dict[str, Array],
        manifest: dict[str, Any],
    ) -> None:  # fmt: skip
        self._session = session
        self._tokenizer = tokenizer
        self._head = head
        self._calibration = Calibration(**manifest["calibration"])
        self.digest = str(manifest["digest"])

    @classmethod
    def load(
        cls, folder: Path, threads: int | None = None, tokenizer: Tokenizer | None = None
    ) -> Reader:
        """Open a prepared reader.

        `threads` as in `Encoder.load`. The reader has the encoder's tokenizer: pass
        `encoder.tokenizer` and the process does without a second copy (45 MB). Raises
        ReaderError when the folder is not a prepared reader.
        """
        try:
            manifest = json.loads((folder / MANIFEST_FILE).read_text(encoding="utf-8"))
            with np.load(folder / "head.npz") as arrays:
                head = {name: arrays[name].astype(np.float32) for name in arrays.files}
            session = open_session(folder / "encoder.onnx", threads)
            if tokenizer is None:
                tokenizer = load_tokenizer(folder)
            return cls(session, tokenizer, head, manifest)
        except Exception as error:
            raise ReaderError(f"{folder} non è un lettore preparato: {error}") from error

    def read(self, question: str, units: Sequence[str], context: str = "") -> Reading:
        """Score `units`, in page order, for `question`.

        `context` (a title, a heading path) is read before the units and not scored. Any number of
        units: a long page is read in windows; a unit in two of them has the mean of its logits,
        and the page answers if its best window does.
        """
        if not units:
            return Reading(np.zeros(0, dtype=np.float32), 0.0, ())
        lines = [context, *units] if context else list(units)
        logits, answer = self._logits(question, lines)
        return calibrated(logits[len(lines) - len(units) :], answer, self._calibration)

    def _logits(self, question: str, lines: Sequence[str]) -> tuple[Array, float]:
        rows = features(question, lines)
        total = np.zeros(len(lines), dtype=np.float32)
        seen = np.zeros(len(lines), dtype=np.float32)
        answer = -np.inf
        for window in windows(self._tokenizer, question, lines):
            at = list(window.units)
            found, holds = score_units(self._head, self._hidden(window), window.owner, rows[at])
            total[at] += found
            seen[at] += 1
            answer = max(answer, holds)
        return total / seen, float(answer)

    def _hidden(self, window: Window) -> Array:
        ids = np.array([window.ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        hidden: Array = self._session.run(["token_vectors"], feed)[0][0]
        return hidden


def calibrated(
    logits: NDArray[np.floating[Any]], answer: float, calibration: Calibration
) -> Reading:
    """Probabilities from the logits of the units (n,) and of "they answer", and the choice."""
    scores = _sigmoid(calibration.unit_slope * logits + calibration.unit_shift)
    shifted = calibration.answer_slope * answer + calibration.answer_shift
    answerable = float(_sigmoid(np.array(shifted)))
    chosen: tuple[int, ...] = ()
    if answerable >= calibration.answer_threshold:
        above = np.flatnonzero(scores >= calibration.unit_threshold)
        # what answers has at least one unit to show
        chosen = tuple(int(at) for at in (above if len(above) else [scores.argmax()]))
    return Reading(scores.astype(np.float32), answerable, chosen)


def _sigmoid(values: NDArray[np.floating[Any]]) -> NDArray[np.floating[Any]]:
    return 1 / (1 + np.exp(-np.clip(values, -30, 30)))
