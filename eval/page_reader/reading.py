"""Reading: which sentences of a page answer a question, and whether any does.

Data: JSONL of `{id, question, sentences, gold, answerable}`, gold being the indices of the
sentences that answer. The measures are those of OMoS-QA (Kleinle, Prange and Friedrich, KONVENS
2024; `evaluate_answers.py` and `prediction_tables.py` of their public repository), and strict ones
beside them, because the official precision rewards an empty prediction.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from eval.beir import DataError, read_jsonl

Progress = Callable[[str, int, int], None]


class Chosen(Protocol):
    """What a reader gives: the indices of the sentences it would answer with."""

    @property
    def chosen(self) -> Sequence[int]: ...


class SentenceReader(Protocol):
    """Anything that reads: `eval.page_reader.reader.PageReader`, or another to compare with it."""

    def read(self, question: str, units: Sequence[str], context: str = "") -> Chosen: ...


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """One line of the data; `gold` is empty when the page does not answer."""

    id: str
    question: str
    sentences: tuple[str, ...]
    gold: frozenset[int]


def benchmark_reading(
    path: Path, reader: SentenceReader, limit: int | None = None, progress: Progress | None = None
) -> dict[str, Any]:
    """Read every question (or the first `limit`) and score what was chosen.

    Returns `official`, `strict` and `unanswerable` as {"P", "R", "F"} in 0..1, the number of
    questions `n` and `p50_ms`, the median time for one question. Raises DataError on a bad line.
    """
    questions = read_questions(path)[:limit]
    chosen: list[frozenset[int]] = []
    times: list[float] = []
    for done, item in enumerate(questions, start=1):
        begin = time.perf_counter()
        chosen.append(frozenset(reader.read(item.question, item.sentences).chosen))
        times.append(time.perf_counter() - begin)
        if progress:
            progress("domande", done, len(questions))
    gold = [item.gold for item in questions]
    return {
        "official": answer_scores(gold, chosen, empty_precision=1.0),
        "strict": answer_scores(gold, chosen, empty_precision=0.0),
        "unanswerable": unanswerable_scores(gold, chosen),
        "n": len(questions),
        "p50_ms": float(np.median(times) * 1000) if times else 0.0,
    }


def benchmark(data: Path, model_dir: Path, progress: Progress | None = None) -> dict[str, Any]:
    """`benchmark_reading` with the project's reader over the encoder in `model_dir`; what else it
    needs is prepared beside that folder."""
    from eval.page_reader.cross_encoder import CrossEncoder
    from eval.page_reader.cross_model import ensure_cross_encoder
    from eval.page_reader.reader import PageReader
    from index.encode.encoder import Encoder

    cross = CrossEncoder.load(ensure_cross_encoder(model_dir.parent, model_dir))
    return benchmark_reading(
        data, PageReader.load(Encoder.load(model_dir), cross), progress=progress
    )


def answer_scores(
    gold: Sequence[frozenset[int]], chosen: Sequence[frozenset[int]], empty_precision: float
) -> dict[str, float]:
    """P, R and F of the sentences chosen, over the answerable questions.

    Per question P = |gold ∩ chosen| / |chosen| (`empty_precision` when nothing is chosen: 1 in the
    official measure, 0 in the strict one) and R = |gold ∩ chosen| / |gold|; both averaged over
    questions; F = 2PR / (P + R) of the two means, not the mean of F.
    """
    pairs = [(g, c) for g, c in zip(gold, chosen, strict=True) if g]
    if not pairs:
        return {"P": 0.0, "R": 0.0, "F": 0.0}
    precision = np.mean([len(g & c) / len(c) if c else empty_precision for g, c in pairs])
    recall = np.mean([len(g & c) / len(g) for g, c in pairs])
    return _with_f(float(precision), float(recall))


def unanswerable_scores(
    gold: Sequence[frozenset[int]], chosen: Sequence[frozenset[int]]
) -> dict[str, float]:
    """P, R and F of recognising the questions without an answer: those with nothing chosen."""
    silent = sum(not c for c in chosen)
    without = sum(not g for g in gold)
    both = sum(not g and not c for g, c in zip(gold, chosen, strict=True))
    return _with_f(both / silent if silent else 0.0, both / without if without else 0.0)


def _with_f(precision: float, recall: float) -> dict[str, float]:
    total = precision + recall
    return {"P": precision, "R": recall, "F": 2 * precision * recall / total if total else 0.0}


def read_questions(path: Path) -> list[PageQuestion]:
    """The questions of a JSONL file, in order. Raises DataError naming file and question."""
    found = []
    for row in read_jsonl(path, ("id", "question", "sentences", "gold")):
        try:
            found.append(_question(row))
        except (ValueError, TypeError) as error:
            raise DataError(f"{path.name}: {row['id']}: {error}") from error
    return found


def _question(record: dict[str, Any]) -> PageQuestion:
    sentences = tuple(str(sentence) for sentence in record["sentences"])
    gold = frozenset(int(index) for index in record["gold"])
    if any(not 0 <= index < len(sentences) for index in gold):
        raise ValueError(f"gold {sorted(gold)} fuori dalle {len(sentences)} frasi")
    return PageQuestion(str(record["id"]), str(record["question"]), sentences, gold)
