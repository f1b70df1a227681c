"""Texts to vectors at serve time: onnxruntime and numpy, nothing of torch.

Texts asked for at the same moment, by several threads, share a run (`index.encode.batch`). Those of
one caller are run one at a time: on two cores a batch gains nothing on passages (30 a second alone,
23 in eights). Who has many to read has a core read each, several side by side: threads that share
one text wait for each other awake, which takes more than twice the time of the processor. The same
text always gives the same vector, alone or in company.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple, TypeVar

import numpy as np
import onnxruntime as ort
from numpy.typing import NDArray

from index.encode.batch import MicroBatch
from index.encode.tokenizer import Tokenizer, Tokens, load_tokenizer
from index.errors import BussolaError

Vectors = NDArray[np.float32]
Offsets = NDArray[np.int32]
Progress = Callable[[int, int], None]
Read = TypeVar("Read")

LAYERS = ["token_vectors", "inner_vectors"]  # the last and the one before
LAST_SHARE = 0.5  # of the last layer in the vectors of tokens, the one before counting 1


class EncoderError(BussolaError):
    """A model folder that is missing or incomplete."""


@dataclass(frozen=True)
class TokenVectors:
    """One text: `vector` (d,), `tokens` and `last` (t, d), L2-normalised; `offsets` (t, 2).

    `vector` is pooled from the last layer. `tokens`, for late interaction, are of the layer before
    it with a part of the last: the last has drawn a text's tokens together, and tells them apart
    less well (docs/adr/0016). `last` are of the last layer alone. `offsets` are begin and end
    characters in the text as given; special tokens and those of the prefix are left out, so t may
    be 0.
    """

    vector: Vectors
    tokens: Vectors
    last: Vectors
    offsets: Offsets


class QueryTokens(NamedTuple):
    """A question: as `TokenVectors`, with the t token `strings`."""

    vector: Vectors
    tokens: Vectors
    last: Vectors
    strings: tuple[str, ...]
    offsets: Offsets


class Encoder:
    """A prepared model (see `index.encode.model`), safe to share between threads."""

    def __init__(
        self,
        session: ort.InferenceSession,
        tokenizer: Tokenizer,
        manifest: dict[str, object],
        abreast: int = 1,
    ) -> None:
        self._abreast = abreast  # texts of one caller that are read at once
        self._batch = MicroBatch(
            lambda ids, mask: np.concatenate(
                session.run(LAYERS, {"input_ids": ids, "attention_mask": mask}), axis=-1
            ),
            abreast,
        )
        self._hidden: Callable[[tuple[int, ...]], Vectors] = self._batch.hidden
        self.tokenizer = tokenizer
        self.name = str(manifest["name"])
        self.digest = str(manifest["digest"])
        self.dimension = int(str(manifest["dimension"]))
        self.max_tokens = int(str(manifest["max_tokens"]))
        self._mean = manifest["pooling"] == "mean"
        prompts = manifest["prompts"]
        assert isinstance(prompts, dict)
        self._query_prefix: str = prompts["query"]
        self._passage_prefix: str = prompts["passage"]

    @classmethod
    def load(cls, model_dir: Path, threads: int | None = None, *, many: bool = False) -> Encoder:
        """Open a prepared model; `threads` for one text, by default the cores this process has. For
        `many` texts each has one thread, and as many are read at once.

        Raises EncoderError when the folder is not a prepared model.
        """
        threads = threads or len(os.sched_getaffinity(0))
        abreast, threads = (threads, 1) if many else (1, threads)
        try:
            manifest = json.loads((model_dir / "manifest.json").read_text(encoding="utf-8"))
            tokenizer = load_tokenizer(model_dir)
            session = open_session(model_dir / "encoder.onnx", threads)
        except Exception as error:
            raise EncoderError(f"{model_dir} non è un modello preparato: {error}") from error
        return cls(session, tokenizer, manifest, abreast)

    def remember(self, most: int) -> None:
        """Keep at hand, in memory alone, what the last `most` texts gave: for who asks one question
        after the other, where an answer wants the vector of a text in several rooms."""
        self._hidden = lru_cache(most)(self._batch.hidden)

    def count_tokens(self, text: str) -> int:
        """Tokens of `text` alone, without prefix, special tokens or truncation."""
        return len(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """(n, d) float32, L2-normalised, in the order given."""
        return self._encode(self._query_prefix, texts, None)

    def encode_passages(self, texts: Sequence[str], progress: Progress | None = None) -> Vectors:
        """(n, d) float32, L2-normalised, in the order given; `progress(done, total)` after each."""
        return self._encode(self._passage_prefix, texts, progress)

    def encode_query_tokens(self, text: str) -> QueryTokens:
        """The question's vector and those of its tokens, from one run."""
        found = self._token_vectors(self._query_prefix, text)
        strings = tuple(text[begin:end] for begin, end in found.offsets)
        return QueryTokens(found.vector, found.tokens, found.last, strings, found.offsets)

    def encode_passage_tokens(
        self, texts: Sequence[str], progress: Progress | None = None
    ) -> list[TokenVectors]:
        """Passage and token vectors of each text, in the order given, from one run a text."""
        return self._each(
            lambda text: self._token_vectors(self._passage_prefix, text), texts, progress
        )

    def _encode(self, prefix: str, texts: Sequence[str], progress: Progress | None) -> Vectors:
        found = self._each(
            lambda text: self._pool(self._run(self.tokenizer.encode(prefix + text))),
            texts,
            progress,
        )
        return np.array(found, dtype=np.float32).reshape(len(texts), self.dimension)

    def _each(
        self, read: Callable[[str], Read], texts: Sequence[str], progress: Progress | None
    ) -> list[Read]:
        """What `read` gives of each text, in the order given."""
        found = []
        with ThreadPoolExecutor(self._abreast) as pool:
            results = map(read, texts) if self._abreast == 1 else pool.map(read, texts)
            for done, result in enumerate(results, start=1):
                found.append(result)
                if progress:
                    progress(done, len(texts))
        return found

    def _run(self, tokens: Tokens) -> Vectors:
        """Hidden states (tokens, 2 d) of one text, `LAYERS` side by side; a long one keeps its
        beginning and `</s>`."""
        ids = tokens.ids
        if len(ids) > self.max_tokens:
            ids = [*ids[: self.max_tokens - 1], ids[-1]]
        return self._hidden(tuple(ids))

    def _pool(self, hidden: Vectors) -> Vectors:
        last = hidden[:, : self.dimension]
        return _unit(last.mean(axis=0) if self._mean else last[0])

    def _token_vectors(self, prefix: str, text: str) -> TokenVectors:
        """Run once, pool, and keep the tokens that stand in the text."""
        tokens = self.tokenizer.encode(prefix + text)
        hidden = self._run(tokens)
        spans = [
            _without_blanks(text, begin - len(prefix), end - len(prefix))
            for begin, end in tokens.offsets[: self.max_tokens - 1]
        ]
        # special tokens, the prefix and lone blanks come out empty
        kept = [at for at, (begin, end) in enumerate(spans) if end > begin]
        offsets = np.array([spans[at] for at in kept], dtype=np.int32).reshape(-1, 2)
        last, inner = np.split(hidden[kept], [self.dimension], axis=1)
        last, inner = _unit(last), _unit(inner)
        mixed = _unit(inner + LAST_SHARE * last)
        return TokenVectors(self._pool(hidden), mixed, last, offsets)


def _without_blanks(text: str, begin: int, end: int) -> tuple[int, int]:
    """The span without the blanks that the tokenizer glues before a word."""
    begin = max(begin, 0)
    while begin < end and text[begin].isspace():
        begin += 1
    return begin, end


def open_session(path: Path, threads: int | None = None) -> ort.InferenceSession:
    """An onnxruntime session on the processor, with as many threads as cores by default."""
    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or len(os.sched_getaffinity(0))
    options.inter_op_num_threads = 1
    # Threads wait for each other awake while one text runs (a quarter less time), and sleep as soon
    # as it is done, so that they take no time from what comes after.
    options.add_session_config_entry("session.force_spinning_stop", "1")
    return ort.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])


def _unit(vectors: Vectors) -> Vectors:
    """Divide by the L2 norm over the last axis."""
    norms = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-12), dtype=np.float32)
