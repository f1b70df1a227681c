"""Fits what the bot weighs: the fusion of scores and the judgement that the guides answer.

Dev sets are weighed alike, whatever their size; each is also left out in turn, so that what is
printed for it was fitted on the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chatbot.bot import admit
from chatbot.consult import consult
from chatbot.decide import Signs
from chatbot.question import Question
from chatbot.understand import understand
from eval.benchmarks.beir import Beir
from eval.benchmarks.retrieval import Bench
from eval.case import Case
from index.encoder import Encoder
from index.snapshot import Snapshot

SAMPLE = 400  # questions of each kind taken from a BEIR folder


@dataclass(frozen=True)
class Example:
    """The signs of one question and whether the passages answer it."""

    source: str
    signs: Signs
    answers: bool


def examples_of_cases(
    cases: Sequence[Case], snapshot: Snapshot, encoder: Encoder, reference: Any
) -> Iterator[Example]:
    """One-turn Italian cases that are no emergency."""
    for case in cases:
        if len(case.turns) > 1 or case.expected in {"emergency", "clarify"}:
            continue
        query = understand(Question(case.turns[0]), reference)
        if query.language != "it":
            continue
        asked = encoder.encode_query_tokens(query.text)
        found = consult(query, asked, snapshot, admit(query.profile, snapshot))
        yield Example("cases", found.signs, case.expected == "answered")


def examples_of_corpus(
    name: str, data: Beir, unanswerable: Mapping[str, str], bench: Bench, seed: int
) -> Iterator[Example]:
    """Questions with their answer in the corpus, with it taken away, and of other corpora."""
    random = np.random.default_rng(seed)
    asked = random.permutation(sorted(data.qrels))[:SAMPLE]
    for query in asked:
        text, gold = data.queries[query], frozenset(data.qrels[query])
        yield Example(name, bench.signs(text), True)
        yield Example(name, bench.signs(text, gold), False)
    for text in list(unanswerable.values())[:SAMPLE]:
        yield Example(name, bench.signs(text), False)


def fit_judgement(examples: Sequence[Example]) -> dict[str, Any]:
    """Coefficients over Signs on the scale of the signs themselves, intercept, and the AUROC of
    each source when it was left out."""
    sources = sorted({example.source for example in examples})
    model = _fit(examples)
    scale, regression = model[0], model[-1]
    coefficients = regression.coef_[0] / scale.scale_
    return {
        "coefficients": [round(float(c), 3) for c in coefficients],
        "intercept": round(float(regression.intercept_[0] - coefficients @ scale.mean_), 3),
        "AUROC": {source: _auroc(model, examples, source) for source in sources},
        "AUROC left out": {
            source: _auroc(_fit([e for e in examples if e.source != source]), examples, source)
            for source in sources
            if len(sources) > 1
        },
    }


def _fit(examples: Sequence[Example]) -> Any:
    counts: dict[tuple[str, bool], int] = {}
    for example in examples:
        key = (example.source, example.answers)
        counts[key] = counts.get(key, 0) + 1
    weights = [len(examples) / counts[(e.source, e.answers)] / len(counts) for e in examples]
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    return model.fit(
        _matrix(examples),
        [example.answers for example in examples],
        logisticregression__sample_weight=weights,
    )


def _matrix(examples: Sequence[Example]) -> np.ndarray:
    return np.array([astuple(example.signs) for example in examples])


def _auroc(model: Any, examples: Sequence[Example], source: str) -> float:
    own = [example for example in examples if example.source == source]
    scores = model.predict_proba(_matrix(own))[:, 1]
    return round(float(roc_auc_score([e.answers for e in own], scores)), 3)


def report(figures: Mapping[str, Any]) -> str:
    """What to copy into `chatbot/decide.py`, and how far it can be trusted."""
    lines = [
        f"Judgement(Signs({', '.join(map(str, figures['coefficients']))}), {figures['intercept']})"
    ]
    lines += [f"AUROC {name}: {value}" for name, value in figures["AUROC"].items()]
    lines += [f"AUROC left out {k}: {v}" for k, v in figures["AUROC left out"].items()]
    return "\n".join(lines)
