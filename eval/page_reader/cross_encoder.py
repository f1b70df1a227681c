"""A question and the sentences of a page read together: a cross-encoder.

The encoder that finds passages, with an adapter that was trained to read (`cross_model.py`), sees
question and sentences in one sequence, so that each token of a sentence knows what was asked. Here
are the sequence, the run and the head; `reader.py` puts what it says beside other signs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from index.encode.encoder import open_session
from index.encode.tokenizer import Tokenizer, load_tokenizer
from index.errors import BussolaError

Array = NDArray[np.float32]
ENCODER_FILE, HEAD_FILE, MANIFEST_FILE = "encoder.onnx", "head.npz", "manifest.json"
QUERY = "query: "
WINDOW_TOKENS = 512  # what the encoder's positions allow
QUESTION_TOKENS, SENTENCE_TOKENS = 80, 200  # longer ones are cut
BEGIN, END = 0, 2  # ids of <s> and </s>
NO_SENTENCE = -1
EPSILON = 1e-5


class CrossEncoderError(BussolaError):
    """A cross-encoder that is missing, incomplete or made for another encoder."""


class Window(NamedTuple):
    """`<s> question </s> sentence </s> sentence </s> …`: its `ids` (t,), the place on the page of
    the `first` of its `size` sentences, and which of them each token is of (t,), from 0,
    NO_SENTENCE for the question; the mark that closes a sentence is its own."""

    ids: list[int]
    owners: list[int]
    first: int
    size: int


class Scores(NamedTuple):
    """Logits: of each sentence (n,), that it is part of the answer; of the page, that it answers.

    A long page answers as much as its best window does.
    """

    sentences: Array
    page: float


@dataclass(frozen=True)
class Head:
    """A layer norm and two linear layers: `unit` over the mean vector of a sentence, `page` over
    the mean of the sentences, weighed by what `unit` says of them, and the vector of `<s>`, with
    the best and the sum of those logits (`lift`, 3 weights, the last one alone)."""

    norm_weight: Array
    norm_bias: Array
    unit_weight: Array
    unit_bias: Array
    page_weight: Array
    page_bias: Array
    lift: Array

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[np.float16]]) -> Head:
        """From the arrays named `head.*`. Raises KeyError."""
        names = cls.__dataclass_fields__
        return cls(**{name: arrays[f"head.{name}"].astype(np.float32) for name in names})

    def score(self, hidden: Array, window: Window) -> Scores:
        """`hidden` (t, d): the last hidden states of the window's tokens."""
        owners = np.array(window.owners)
        member = (owners[None] == np.arange(window.size)[:, None]).astype(np.float32)
        means = member @ hidden / np.maximum(member.sum(axis=1, keepdims=True), 1)
        spread = np.sqrt(means.var(axis=1, keepdims=True) + EPSILON)
        means = (means - means.mean(axis=1, keepdims=True)) / spread
        means = means * self.norm_weight + self.norm_bias
        logits = means @ self.unit_weight[0] + self.unit_bias[0]
        share = np.exp(logits - logits.max())
        evidence = np.concatenate([share @ means / share.sum(), hidden[0]])
        total = np.log(share.sum()) + logits.max()
        page = self.page_weight[0] @ evidence + self.page_bias[0]
        page += self.lift @ [logits.max(), total, 1.0]
        return Scores(logits.astype(np.float32), float(page))


class CrossEncoder:
    """A prepared cross-encoder (see `cross_model`), safe to share between threads."""

    def __init__(self, session: ort.InferenceSession, tokenizer: Tokenizer, head: Head) -> None:
        self._session, self._tokenizer, self._head = session, tokenizer, head

    @classmethod
    def load(cls, folder: Path, threads: int | None = None) -> CrossEncoder:
        """`threads` as in `Encoder.load`. Raises CrossEncoderError."""
        try:
            with np.load(folder / HEAD_FILE) as arrays:
                head = Head.of(dict(arrays))
            session = open_session(folder / ENCODER_FILE, threads)
            return cls(session, load_tokenizer(folder), head)
        except Exception as error:
            raise CrossEncoderError(f"{folder} non è un lettore preparato: {error}") from error

    def read(self, question: str, units: Sequence[str]) -> Scores:
        """Score `units`, at least one, in page order."""
        found = [
            self._head.score(self._hidden(window), window)
            for window in windows(self._tokenizer, question, units)
        ]
        sentences = np.concatenate([scores.sentences for scores in found])
        return Scores(sentences, max(scores.page for scores in found))

    def _hidden(self, window: Window) -> Array:
        ids = np.array([window.ids], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": np.ones_like(ids)}
        hidden: Array = self._session.run(["token_vectors"], feed)[0][0]
        return hidden


def windows(tokenizer: Tokenizer, question: str, units: Sequence[str]) -> Iterator[Window]:
    """A page's sentences in order, as many in a window as there is room for."""
    asked = _ids(tokenizer, QUERY + question, QUESTION_TOKENS)
    start = [BEGIN, *asked, END]
    ids, owners, first = list(start), [NO_SENTENCE] * len(start), 0
    for at, unit in enumerate(units):
        sentence = [*_ids(tokenizer, unit, SENTENCE_TOKENS), END]
        if at > first and len(ids) + len(sentence) > WINDOW_TOKENS:
            yield Window(ids, owners, first, at - first)
            ids, owners, first = list(start), [NO_SENTENCE] * len(start), at
        ids += sentence
        owners += [at - first] * len(sentence)
    yield Window(ids, owners, first, len(units) - first)


def _ids(tokenizer: Tokenizer, text: str, most: int) -> list[int]:
    return list(tokenizer.encode(text, add_special_tokens=False).ids)[:most]
