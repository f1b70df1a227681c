"""Fits the reader's regressions (`eval/page_reader/reader.py`) on the train sets of OMoS-QA.

What the cross-encoder says of a page comes from one trained without it (`train_cross.py`).
Probabilities of sentences that the page's judgement and the choice learn from are those of pages
left out of the fit, all the questions of one page in the same fold, in every language.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any
from zlib import crc32

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GroupKFold
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from eval.page_reader.cross_encoder import Scores
from eval.page_reader.reader import (
    LIMITS,
    Array,
    Choice,
    Line,
    PageTokens,
    choose,
    judged,
    meet,
    page_tokens,
    parameters,
    smooth,
    with_cross,
)
from eval.page_reader.reading import (
    PageQuestion,
    answer_scores,
    read_questions,
    unanswerable_scores,
)
from eval.page_reader.signs import Page, unit_signs
from index.encode.encoder import Encoder

UNIT_C, PAGE_C = 0.1, 0.03  # inverse strengths of the L2 penalties
FOLDS = 5
LONG_PAGE = 10  # sentences: those of longer pages count less, so that each question counts alike
# What the choice is judged by: official F first; silence and strict precision up to what is asked
# of them, so that none is bought with another.
SILENCE_WORTH, SILENCE_ENOUGH = 0.3, 0.6
STRICT_WORTH, STRICT_ENOUGH = 0.2, 0.43
MEAN_SAMPLE = 300  # pages from which the common lean of the token vectors is taken

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Example:
    """A question over a page: signs (n, f), what the cross-encoder says of the page, gold (n,),
    and the fold's group."""

    page: Page
    signs: Array
    read: float
    gold: np.ndarray
    group: int

    @property
    def answers(self) -> bool:
        return bool(self.gold.any())


def train(
    sets: Sequence[Sequence[PageQuestion]], scores: Sequence[Scores], encoder: Encoder,
    progress: Progress | None = None,
) -> tuple[dict[str, Any], dict[str, float]]:  # fmt: skip
    """Weights for `PageReader.load`, and the figures of the pages left out.

    `sets` has the questions of one language each, with the same ids; `scores` is what a
    cross-encoder that did not learn from it says of each of their pages, in order.
    """
    mean = common_lean(encoder, sets[0])
    examples = list(_examples(sets, scores, encoder, mean, progress))
    unit = _fit_units(examples)
    within = _left_out(examples)
    table = np.array([judged(s, e.page, e.read) for s, e in zip(within, examples, strict=True)])
    answers = np.array([e.answers for e in examples])
    page, held = _line(_page_model().fit(table, answers)), np.zeros(len(examples))
    for train_rows, test_rows in _folds(examples):
        fitted = _line(_page_model().fit(table[train_rows], answers[train_rows]))
        held[test_rows] = fitted.probability(table[test_rows])
    choice, figures = best_choice(examples, within, held)
    return parameters(mean, unit, page, choice), figures


def read_sets(folders: Sequence[Path]) -> list[list[PageQuestion]]:
    """The `train.jsonl` of each folder. Raises DataError."""
    return [read_questions(folder / "train.jsonl") for folder in folders]


def page_groups(sets: Sequence[Sequence[PageQuestion]]) -> list[int]:
    """For each question of the sets, in order, the same number as those of the same page,
    whatever the language."""
    known = {q.id: crc32(" ".join(q.sentences[:3]).encode()) for q in sets[0]}
    return [known.get(q.id, crc32(q.id.encode())) for questions in sets for q in questions]


def common_lean(encoder: Encoder, questions: Sequence[PageQuestion]) -> Array:
    """The mean token vector (d,) of up to MEAN_SAMPLE pages."""
    texts = list(dict.fromkeys("\n".join(q.sentences) for q in questions))[:MEAN_SAMPLE]
    found = [encoder.encode_passage_tokens([text])[0].last.mean(axis=0) for text in texts]
    return np.asarray(np.mean(found, axis=0), dtype=np.float32)


def _examples(
    sets: Sequence[Sequence[PageQuestion]], scores: Sequence[Scores], encoder: Encoder,
    mean: Array, progress: Progress | None,
) -> Iterator[Example]:  # fmt: skip
    asked = [q for questions in sets for q in questions]
    known: dict[tuple[str, ...], PageTokens] = {}  # several questions share a page
    rows = zip(asked, scores, page_groups(sets), strict=True)
    for done, (q, read, group) in enumerate(rows, start=1):
        if q.sentences not in known:
            known[q.sentences] = page_tokens(encoder, q.sentences)
        page = meet(encoder, q.question, known[q.sentences], len(q.sentences), mean)
        gold = np.isin(np.arange(len(q.sentences)), list(q.gold))
        signs = with_cross(unit_signs(q.question, q.sentences, page), read)
        yield Example(page, signs, read.page, gold, group)
        if progress:
            progress("pagine", done, len(asked))


def _folds(examples: Sequence[Example]) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    groups = [example.group for example in examples]
    yield from GroupKFold(FOLDS).split(groups, groups=groups)


def _left_out(examples: Sequence[Example]) -> list[Array]:
    """Smoothed probabilities of each page from a fit without it."""
    found: dict[int, Array] = {}
    for train_rows, test_rows in _folds(examples):
        unit = _fit_units([examples[row] for row in train_rows])
        found |= {row: smooth(unit.probability(examples[row].signs)) for row in test_rows}
    return [found[row] for row in range(len(examples))]


def _fit_units(examples: Sequence[Example]) -> Line:
    signs = np.concatenate([example.signs for example in examples])
    weights = [np.full(len(e.gold), 1 / (len(e.gold) + LONG_PAGE)) for e in examples]
    scale = np.concatenate(weights)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=UNIT_C, max_iter=500))
    model.fit(
        np.clip(signs, *LIMITS), np.concatenate([e.gold for e in examples]),
        logisticregression__sample_weight=scale * len(scale) / scale.sum(),
    )  # fmt: skip
    return _line(model)


def _page_model() -> Any:
    regression = LogisticRegression(C=PAGE_C, max_iter=500, class_weight="balanced")
    return make_pipeline(StandardScaler(), regression)


def _line(model: Any) -> Line:
    """A fitted pipeline as one line over the signs as they are."""
    scale, regression = model[0], model[-1]
    coefficients = regression.coef_[0] / scale.scale_
    intercept = float(regression.intercept_[0] - coefficients @ scale.mean_)
    return Line(coefficients.astype(np.float32), intercept)


def best_choice(
    examples: Sequence[Example], scores: Sequence[Array], answerable: np.ndarray
) -> tuple[Choice, dict[str, float]]:
    """The choice that does best on pages left out of the fit, and what it gives there."""
    gold = [frozenset(np.flatnonzero(example.gold).tolist()) for example in examples]
    trials = []
    for precision, power, threshold in product((0.5, 0.6), (1, 1.4, 1.8, 2.2), (0.27, 0.35, 0.43)):
        choice = Choice(precision, power, threshold)
        chosen = [
            frozenset(choose(found, choice)) if sure >= threshold else frozenset()
            for found, sure in zip(scores, answerable, strict=True)
        ]
        figures = {
            "F": answer_scores(gold, chosen, 1.0)["F"],
            "strict P": answer_scores(gold, chosen, 0.0)["P"],
            "unanswerable F": unanswerable_scores(gold, chosen)["F"],
        }
        worth = (
            figures["F"]
            + SILENCE_WORTH * min(figures["unanswerable F"], SILENCE_ENOUGH)
            + STRICT_WORTH * min(figures["strict P"], STRICT_ENOUGH)
        )
        trials.append((worth, choice, figures))
    _, choice, figures = max(trials, key=lambda trial: trial[0])
    return choice, figures
