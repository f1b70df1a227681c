"""Fits the judgement that the guides answer (`chatbot/judge/decide.py`).

Learnt from the cases (does what the bot would say answer them?) and from BEIR folders, in three
forms: their questions, the same with the passages that answer taken away, and questions of other
corpora. Then put on the scale of the cases (Platt 1999), so that a probability means what it says
for the guides. What is printed of each source is cross-validated, and once with that source left
out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from typing import Any, Literal

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chatbot.bot import Bot, admit
from chatbot.judge.consult import consult
from chatbot.judge.decide import Signs
from chatbot.say.compose import compose
from chatbot.understand.query import understand
from eval.beir import Beir
from eval.benchmarks.retrieval import Bench
from eval.runs.run import last_question
from eval.runs.verdict import verdict
from eval.suite.case import Case
from index.publish.snapshot import Snapshot

SAMPLE = 1_500  # questions taken from a BEIR folder
CASES_COUNT = 2.0  # a case counts as much as so many questions of a corpus
OTHERS_COUNT = 3.0
C = 0.3  # inverse strength of the L2 penalty
FOLDS = 6
CASES = "casi"
THRESHOLDS = (0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95)

Kind = Literal["answered", "removed", "other"]


@dataclass(frozen=True)
class Example:
    """The signs of one question and whether the passages answer it; `group` is what a question
    shares with others (an article, a case), so that folds keep it together."""

    source: str
    kind: Kind
    signs: Signs
    group: str

    @property
    def answers(self) -> bool:
        return self.kind == "answered"


def examples_of_cases(cases: Sequence[Case], snapshot: Snapshot, bot: Bot) -> Iterator[Example]:
    """Italian cases that are no emergency: answered when what is read would not be wrong."""
    reference = bot.prepare(snapshot).reference
    for case in cases:
        if case.expected in {"emergency", "clarify"}:
            continue
        query = understand(last_question(bot, snapshot, case), reference)
        if query.language != "it":
            continue
        asked = bot.encoder.encode_query_tokens(query.text)
        admitted = admit(query, snapshot)
        found = consult(query, asked, snapshot, admitted, now=bot.now(query))
        text, citations = compose(found.evidence, snapshot.guides)
        sections = [f"{e.hit.passage.guide}#{e.hit.passage.anchor}" for e in found.evidence]
        right = bool(citations) and verdict(case, "answered", text, sections) != "wrong"
        yield Example(CASES, "answered" if right else "removed", found.signs, case.id)


def examples_of_corpus(
    name: str, bench: Bench, unanswerable: Mapping[str, str], seed: int
) -> Iterator[Example]:
    """Questions with their answer in the corpus, with it taken away, and of other corpora."""
    data: Beir = bench.data
    titles = dict(zip(data.ids, data.titles, strict=True))
    random = np.random.default_rng(seed)
    for query in random.permutation(sorted(data.qrels))[:SAMPLE].tolist():
        text, gold = data.queries[query], frozenset(data.qrels[query])
        group = titles[min(gold)] or query
        yield Example(name, "answered", bench.signs(text), group)
        yield Example(name, "removed", bench.signs(text, gold), group)
    for query, text in unanswerable.items():
        yield Example(name, "other", bench.signs(text), query)


def fit_judgement(examples: Sequence[Example]) -> dict[str, Any]:
    """Coefficients over Signs on the scale of the signs themselves, intercept, and AUROC of each
    kind of silence: cross-validated, and with its source left out of the fit."""
    sources = sorted({example.source for example in examples})
    model = _fit(examples)
    within = _cross_validated(examples)
    slope, shift = _platt(examples, within)
    scale, regression = model[0], model[-1]
    coefficients = slope * regression.coef_[0] / scale.scale_
    intercept = slope * float(regression.intercept_[0]) + shift - coefficients @ scale.mean_
    found: dict[str, Any] = {
        "coefficients": [round(float(c), 3) for c in coefficients],
        "intercept": round(float(intercept), 3),
        "risk": _risk(examples, slope * within + shift),
        "AUROC": {}, "AUROC left out": {},
    }  # fmt: skip
    for source in sources:
        others = [e for e in examples if e.source != source]
        left_out = _fit(others).decision_function(_matrix(examples)) if others else within
        for kind in ("removed", "other"):
            if any(e.source == source and e.kind == kind for e in examples):
                name = f"{source} {kind}"
                found["AUROC"][name] = _auroc(examples, within, source, kind)
                found["AUROC left out"][name] = _auroc(examples, left_out, source, kind)
    return found


def _model() -> Any:
    return make_pipeline(StandardScaler(), LogisticRegression(C=C, max_iter=1000))


def _weights(examples: Sequence[Example]) -> np.ndarray:
    """In a corpus the kinds count as many as its answered questions, those of other corpora
    OTHERS_COUNT times that; a case counts CASES_COUNT times, because it is what the bot is for."""
    counts = Counter((e.source, e.kind) for e in examples)
    share = {"answered": 1.0, "removed": 1.0, "other": OTHERS_COUNT}
    return np.array([
        CASES_COUNT if e.source == CASES
        else share[e.kind] * counts[(e.source, "answered")] / counts[(e.source, e.kind)]
        for e in examples
    ])  # fmt: skip


def _fit(examples: Sequence[Example]) -> Any:
    return _model().fit(
        _matrix(examples), [e.answers for e in examples],
        logisticregression__sample_weight=_weights(examples),
    )  # fmt: skip


def _cross_validated(examples: Sequence[Example]) -> np.ndarray:
    return np.asarray(
        cross_val_predict(
            _model(), _matrix(examples), [e.answers for e in examples],
            groups=[f"{e.source} {e.group}" for e in examples], cv=GroupKFold(FOLDS),
            method="decision_function",
            params={"logisticregression__sample_weight": _weights(examples)},
        )
    )  # fmt: skip


def _platt(examples: Sequence[Example], logits: np.ndarray) -> tuple[float, float]:
    """Slope and shift that calibrate left-out logits on the cases; 1 and 0 without cases."""
    own = [n for n, e in enumerate(examples) if e.source == CASES]
    if not own:
        return 1.0, 0.0
    line = LogisticRegression(C=1e6).fit(logits[own, None], [examples[n].answers for n in own])
    return float(line.coef_[0, 0]), float(line.intercept_[0])


def _risk(examples: Sequence[Example], logits: np.ndarray) -> dict[str, tuple[float, float]]:
    """By threshold on the probability: the part of the cases answered, and wrongly."""
    own = [n for n, e in enumerate(examples) if e.source == CASES]
    sure, right = 1 / (1 + np.exp(-logits[own])), np.array([examples[n].answers for n in own])
    found = {}
    for threshold in THRESHOLDS:
        given = sure >= threshold
        if given.any():
            wrong = 1 - right[given].mean()
            found[f"{threshold:.2f}"] = (round(float(given.mean()), 3), round(float(wrong), 3))
    return found


def _matrix(examples: Sequence[Example]) -> np.ndarray:
    return np.array([astuple(example.signs) for example in examples])


def _auroc(examples: Sequence[Example], scores: np.ndarray, source: str, kind: str) -> float:
    own = [n for n, e in enumerate(examples) if e.source == source and e.kind in ("answered", kind)]
    return round(float(roc_auc_score([examples[n].answers for n in own], scores[own])), 3)


def report(figures: Mapping[str, Any]) -> str:
    """What to copy into `chatbot/judge/decide.py`, and how far it can be trusted."""
    lines = [
        f"Judgement(Signs({', '.join(map(str, figures['coefficients']))}), {figures['intercept']})"
    ]
    lines += [f"AUROC {name}: {value}" for name, value in figures["AUROC"].items()]
    lines += [
        f"threshold {threshold}: {share:.3f} of the cases answered, {wrong:.3f} of them wrongly"
        for threshold, (share, wrong) in figures["risk"].items()
    ]
    lines += [f"AUROC left out {k}: {v}" for k, v in figures["AUROC left out"].items()]
    return "\n".join(lines)
