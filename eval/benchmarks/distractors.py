"""Real texts that stand between a question and its passage: cut and encoded once."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from eval.beir import read_jsonl
from index.encode.encoder import Encoder, Progress
from index.files import replace_file
from index.parse.chunk import MAX_TOKENS, CountTokens
from index.parse.sentences import split_sentences


@dataclass(frozen=True)
class Distractors:
    """`texts` (n) as they are embedded and their vectors (n, d) float32, L2-normalised."""

    texts: tuple[str, ...]
    vectors: NDArray[np.float32]


def read_distractors(
    path: Path, encoder: Encoder, var: Path, progress: Progress | None = None
) -> Distractors:
    """The passages of a JSONL of `{_id, title, text}`; vectors kept in `var/eval`, token vectors
    nowhere. Raises DataError."""
    rows = read_jsonl(path, ("_id", "text"))
    texts = tuple(
        passage
        for row in rows
        for passage in cut(str(row.get("title") or ""), str(row["text"]), encoder.count_tokens)
    )
    digest = hashlib.sha256("\0".join([encoder.digest, *texts]).encode()).hexdigest()
    kept = var / "eval" / f"distractors-{digest[:16]}.npy"
    if kept.is_file():
        return Distractors(texts, np.load(kept, allow_pickle=False))
    vectors = encoder.encode_passages(texts, progress)
    written = io.BytesIO()
    np.save(written, vectors, allow_pickle=False)
    kept.parent.mkdir(parents=True, exist_ok=True)
    replace_file(kept, written.getvalue())
    return Distractors(texts, vectors)


def cut(
    title: str, text: str, count_tokens: CountTokens, budget: int = MAX_TOKENS
) -> Iterator[str]:
    """Passages of as many whole sentences or list items as `budget` tokens hold, each under
    `title`; one longer than that stands alone."""
    first = count_tokens(title) + 1
    part: list[str] = []
    spent = first
    for piece in (sentence for line in text.split("\n") for sentence in split_sentences(line)):
        length = count_tokens(piece)
        if part and spent + length > budget:
            yield f"{title}\n{' '.join(part)}"
            part, spent = [], first
        part.append(piece)
        spent += length
    if part:
        yield f"{title}\n{' '.join(part)}"
