"""Which sentences of a page answer a question, and whether any does.

Two logistic regressions, over the signs of each sentence and over those of the page: what the
cross-encoder says of them is one sign, beside how the vectors of question and page meet, the words
they share and the form of the answer. Trained by `bussola eval train-reader`; what else was tried
is in `docs/reading.md`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from eval.page_reader.cross_encoder import CrossEncoder, Scores
from eval.page_reader.signs import Page, page_of, page_signs, unit_signs
from index.encode.encoder import Encoder
from index.errors import BussolaError

Array = NDArray[np.float32]
SHIPPED = Path(__file__).parent / "models" / "reader.json"
WINDOW_TOKENS = 300  # sentences are encoded together, so many tokens at a time
LIMITS = (-20.0, 40.0)  # signs beyond are taken for these
SMOOTHING = (0.15, 0.7, 0.15)  # an answer runs over neighbouring sentences
TOPS = (1, 3, 6)  # best sentences that the page is judged by


class PageReaderError(BussolaError):
    """Weights of the reader that are missing or of another shape."""


@dataclass(frozen=True)
class PageReading:
    """`scores` (n,): probability that each sentence is part of the answer; `answerable`: that
    the page answers at all; `chosen`: positions to answer with, empty when it does not."""

    scores: Array
    answerable: float
    chosen: tuple[int, ...]


@dataclass(frozen=True)
class Line:
    """A logistic regression: `coefficients` (f,) over the signs as they are, `intercept`."""

    coefficients: Array
    intercept: float

    @classmethod
    def of(cls, saved: Mapping[str, Any]) -> Line:
        """From plain JSON; raises KeyError, TypeError or ValueError."""
        return cls(np.array(saved["coefficients"], dtype=np.float32), float(saved["intercept"]))

    def probability(self, signs: Array) -> Array:
        logits = np.clip(signs, *LIMITS) @ self.coefficients + self.intercept
        return np.asarray(1 / (1 + np.exp(-np.clip(logits, -30, 30))), dtype=np.float32)


@dataclass(frozen=True)
class Choice:
    """How sentences are chosen: `precision` (0..1) is how much it counts against recall, `power`
    sharpens the probabilities first, `answerable` is the probability that a page must reach."""

    precision: float
    power: float
    answerable: float


class PageReader:
    """Safe to share between threads."""

    def __init__(
        self, encoder: Encoder, cross: CrossEncoder, mean: Array, unit: Line, page: Line,
        choice: Choice,
    ) -> None:  # fmt: skip
        self._encoder, self._cross, self._mean = encoder, cross, mean
        self._unit, self._page, self._choice = unit, page, choice

    @classmethod
    def load(cls, encoder: Encoder, cross: CrossEncoder, path: Path = SHIPPED) -> PageReader:
        """With the weights shipped, or those of another file. Raises PageReaderError."""
        try:
            saved = json.loads(path.read_text(encoding="utf-8"))
            mean = np.array(saved["mean"], dtype=np.float32)
            unit, page = Line.of(saved["unit"]), Line.of(saved["page"])
            choice = Choice(**saved["choice"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise PageReaderError(f"{path}: pesi del lettore non leggibili ({error})") from error
        if mean.shape != (encoder.dimension,):
            raise PageReaderError(
                f"{path}: pesi per vettori di {len(mean)} numeri, il modello ne dà "
                f"{encoder.dimension}: addestra il lettore con `bussola eval train-reader`"
            )
        return cls(encoder, cross, mean, unit, page, choice)

    def read(self, question: str, units: Sequence[str], context: str = "") -> PageReading:
        """Read `units`, in page order; `context` (a title, a heading path) is read before them
        and not scored."""
        lines = [context, *units] if context else list(units)
        page = look(self._encoder, question, lines, self._mean) if units else None
        if page is None or not page.tokens.size:  # nothing read, or nothing asked
            return PageReading(np.zeros(len(units), dtype=np.float32), 0.0, ())
        read = self._cross.read(question, lines)
        signs = with_cross(unit_signs(question, lines, page), read)
        scores = smooth(self._unit.probability(signs))
        answerable = float(self._page.probability(judged(scores, page, read.page)))
        scores = scores[len(lines) - len(units) :]
        answers = answerable >= self._choice.answerable
        return PageReading(scores, answerable, choose(scores, self._choice) if answers else ())


class PageTokens(NamedTuple):
    """A page's token vectors (t, d), and which sentence each belongs to (t,)."""

    vectors: Array
    owners: NDArray[np.int64]


def look(encoder: Encoder, question: str, units: Sequence[str], mean: Array) -> Page:
    """The vectors of a question and of a page."""
    return meet(encoder, question, page_tokens(encoder, units), len(units), mean)


def meet(encoder: Encoder, question: str, tokens: PageTokens, n: int, mean: Array) -> Page:
    """A question over a page of `n` sentences that is encoded already."""
    asked = encoder.encode_query_tokens(question)
    return page_of(asked, tokens.vectors, tokens.owners, n, mean)


def page_tokens(encoder: Encoder, units: Sequence[str]) -> PageTokens:
    """A page, encoded in windows of its sentences."""
    vectors, owners = [], []
    for window in _windows(encoder, units):
        text, spans = "", []
        for at in window:
            spans.append((len(text), at))
            text += units[at] + "\n"
        (found,) = encoder.encode_passage_tokens([text])
        starts = np.array([begin for begin, _ in spans])
        places = np.searchsorted(starts, found.offsets[:, 0], side="right") - 1
        vectors.append(found.last)
        owners.append(np.array([at for _, at in spans])[places])
    return PageTokens(np.concatenate(vectors), np.concatenate(owners))


def _windows(encoder: Encoder, units: Sequence[str]) -> list[list[int]]:
    found: list[list[int]] = [[]]
    used = 0
    for at, unit in enumerate(units):
        count = encoder.count_tokens(unit) + 1
        if found[-1] and used + count > WINDOW_TOKENS:
            found.append([])
            used = 0
        found[-1].append(at)
        used += count
    return found


def with_cross(signs: Array, read: Scores) -> Array:
    """The signs of sentences (n, f) and what the cross-encoder says of each (n, f + 1)."""
    return np.column_stack([signs, read.sentences])


def smooth(scores: Array) -> Array:
    """Each probability averaged with its neighbours'."""
    padded = np.pad(scores, 1, mode="edge")
    return np.asarray(np.convolve(padded, SMOOTHING, "valid"), dtype=np.float32)


def judged(scores: Array, page: Page, read: float) -> Array:
    """The signs of a page (f,): its best sentences by probability, how it meets the question, and
    what the cross-encoder says of it."""
    best = np.clip(np.sort(scores)[::-1], 1e-4, 1 - 1e-4)
    tops = [best[:count].mean() for count in TOPS]
    logits = [np.log(top / (1 - top)) for top in tops]
    spread = [scores.sum(), scores.mean(), scores.std()]
    return np.array([*logits, *spread, *page_signs(page), read], dtype=np.float32)


def choose(scores: Array, choice: Choice) -> tuple[int, ...]:
    """The k best sentences for which expected precision and recall are best together.

    Precision is the mean probability of those chosen, against the best one's; recall their part
    of all the probability there is.
    """
    sharp = np.maximum(scores, 1e-9).astype(float) ** choice.power
    order = np.argsort(-sharp, kind="stable")
    sums = np.cumsum(sharp[order])
    precision = sums / np.arange(1, len(sums) + 1) / sharp[order[0]]
    worth = choice.precision * precision + (1 - choice.precision) * sums / sums[-1]
    return tuple(sorted(order[: int(worth.argmax()) + 1].tolist()))


def parameters(mean: Array, unit: Line, page: Line, choice: Choice) -> dict[str, Any]:
    """What `PageReader.load` reads, as plain JSON."""
    line = {
        name: {"coefficients": [round(float(c), 5) for c in found.coefficients],
               "intercept": round(found.intercept, 5)}
        for name, found in (("unit", unit), ("page", page))
    }  # fmt: skip
    rounded = [round(float(value), 5) for value in mean]
    return {"mean": rounded, **line, "choice": dict(vars(choice))}
