"""Fits the numbers of `chatbot/weights.json`, one group after the other, each on what those before
it give: what ranks passages, what tells the units that answer, whether what was read answers.

Passages: the listwise softmax loss (ListNet, Cao et al. 2007), in which every source counts alike.
Units and answers: logistic regressions. Figures told are cross-validated by group.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from chatbot.find.match import SIGNS
from chatbot.find.rank import Found
from chatbot.judge.judgement import answer_sign_names, answer_signs
from chatbot.read.evidence import read, unit_signs, weigh
from chatbot.weights import OF_GUIDES, Weights
from eval.fitting.examples import Example, bare, name_of

L2 = 0.003
C_UNITS, C_ANSWERS = 1.0, 0.3  # inverse strengths of the L2 penalties
FOLDS = 5

Array = NDArray[np.float64]
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Table:
    """The passages found for one thing asked: `signs` (n, s) and whether each answers it, (n,)."""

    source: str
    group: str
    signs: Array
    right: NDArray[np.bool_]

    def rank(self, weights: Array) -> int | None:
        """The place of the first that answers, from 0."""
        order = np.argsort(-(self.signs @ weights), kind="stable")
        return next((n for n, i in enumerate(order) if self.right[i]), None)


def fit(examples: Sequence[Example], start: Weights, tell: Progress = print) -> Weights:
    """All groups but danger, from `start`: on the questions of guides that have precedents, and on
    all questions as if no guides had any (`plain`). `told` has their figures by source."""
    known = [example for example in examples if example.snapshot.precedents]
    plain = fit_groups(bare(examples), start.where(precedents=False), tell)
    if not known:
        return replace(plain, plain={})
    fitted = fit_groups(known, start, tell)
    of_plain = {group: plain.groups[group] for group in OF_GUIDES}
    return replace(
        fitted,
        plain={"groups": of_plain, "numbers": start.plain.get("numbers", {})},
        told={**fitted.told, "plain": {group: plain.told[group] for group in OF_GUIDES}},
    )


def fit_groups(examples: Sequence[Example], start: Weights, tell: Progress) -> Weights:
    """The groups OF_GUIDES, one after the other."""
    found = [example.find(start) for example in examples]
    tables = tables_of(examples, found)
    passages = fit_passages(tables)
    told: dict[str, Any] = {"passages": shares(tables, cross_ranks(tables))}
    tell(f"passaggi: {told['passages']}")
    weights = with_group(start, "passages", dict(zip(SIGNS, passages.tolist(), strict=True)))
    found = [example.find(weights) for example in examples]
    return fit_rest(examples, found, weights, told, tell)


def fit_rest(
    examples: Sequence[Example], found: Sequence[Found], weights: Weights, told: dict[str, Any],
    tell: Progress,
) -> Weights:  # fmt: skip
    """The groups of units and answers, of what was `found` with `weights`."""
    units = fit_units(examples, found)
    weights = with_group(weights, "units", units.pop("weights"))
    told["units"] = units
    tell(f"frasi: {units}")
    answers = fit_answers(examples, found, weights)
    weights = with_group(weights, "answers", answers.pop("weights"))
    told["answers"] = answers
    tell(f"giudizio: {answers}")
    return replace(weights, told={**weights.told, **told})


def search_table(found: Found, asked: int) -> Array:
    """(m, s): the signs of all that was found for one thing asked."""
    return np.stack([match.signs[asked] for match in found.matches]).astype(float)


def with_group(weights: Weights, group: str, fitted: Mapping[str, float]) -> Weights:
    rounded = {name: round(float(value), 4) for name, value in fitted.items()}
    return replace(weights, groups={**weights.groups, group: rounded})


def tables_of(
    examples: Sequence[Example],
    found: Sequence[Found],
    signs_of: Callable[[Found, int], Array] = search_table,
) -> list[Table]:
    """A table for each thing asked of which some passage found answers it."""
    tables = []
    for example, there in zip(examples, found, strict=True):
        names = [name_of(m.hit.passage) for m in there.matches]
        for asked, gold in enumerate(example.gold):
            right = np.array([name in gold for name in names], dtype=bool)
            if gold and len(names):
                signs = signs_of(there, asked)
                tables.append(Table(example.source, example.group, signs, right))
    return tables


def fit_passages(tables: Sequence[Table]) -> Array:
    """(s,): the weights under which those that answer get most of the softmax."""
    useful = [table for table in tables if table.right.any()]
    sizes = Counter(table.source for table in useful)
    deviation = np.concatenate([t.signs for t in useful]).std(axis=0)
    scale = np.where(deviation > 1e-6, deviation, 1.0)

    def loss(weights: Array) -> tuple[float, Array]:
        total, slope = L2 * float(weights @ weights), 2 * L2 * weights
        for table in useful:
            signs = table.signs / scale
            scores = signs @ weights
            given = np.exp(scores - scores.max())
            given /= given.sum()
            wanted = given * table.right
            share = len(useful) / len(sizes) / sizes[table.source] / len(useful)
            total -= share * float(np.log(wanted.sum() + 1e-12))
            slope = slope - share * (signs.T @ (wanted / (wanted.sum() + 1e-12) - given))
        return total, slope

    best = minimize(loss, np.full(len(scale), 0.3), jac=True, method="L-BFGS-B").x
    return np.asarray(best / scale)


def cross_ranks(tables: Sequence[Table]) -> list[int | None]:
    """The rank of the first right passage of each table, its group left out of the fit."""
    ranks: list[int | None] = [None] * len(tables)
    for learnt, left_out in GroupKFold(FOLDS).split(tables, groups=[t.group for t in tables]):
        weights = fit_passages([tables[n] for n in learnt])
        for n in left_out:
            ranks[n] = tables[n].rank(weights)
    return ranks


def shares(tables: Sequence[Table], ranks: Sequence[int | None]) -> dict[str, dict[str, float]]:
    """By source, the part of things asked with a right passage first and among three."""
    told: dict[str, dict[str, float]] = {}
    for source in sorted({table.source for table in tables}):
        own = [r for t, r in zip(tables, ranks, strict=True) if t.source == source]
        told[source] = {"n": len(own)} | {
            f"R@{depth}": round(float(np.mean([r is not None and r < depth for r in own])), 3)
            for depth in (1, 3)
        }
    return told


def fit_units(examples: Sequence[Example], found: Sequence[Found]) -> dict[str, Any]:
    """The units of passages that answer, those labelled against the others."""
    rows, right, groups = [], [], []
    for example, there in zip(examples, found, strict=True):
        for asked, wanted in enumerate(example.units):
            if not wanted or not there.matches:
                continue
            weighed = weigh(example.query, asked, there, example.snapshot)
            labels = [
                hit.passage.units[at].text in wanted
                for hit, at in zip(weighed.hits, weighed.positions, strict=True)
            ]
            if any(labels):
                rows.append(weighed.signs)
                right += labels
                groups += [example.group] * len(labels)
    table, labelled = np.concatenate(rows), np.array(right)
    model = make_pipeline(StandardScaler(), LogisticRegression(C=C_UNITS, max_iter=2000))
    folds = GroupKFold(FOLDS)
    odds = cross_val_predict(
        model, table, labelled, groups=groups, cv=folds, method="decision_function"
    )
    return {
        "weights": _coefficients(model.fit(table, labelled), unit_signs(found[0])),
        "n": len(rows),
        "AUROC": round(float(roc_auc_score(labelled, odds)), 3),
        "first right": _first_right(rows, labelled, odds),
    }


def _first_right(rows: Sequence[Any], labels: Any, odds: Any) -> float:
    """The part of things asked whose first unit is one of those labelled."""
    start, first = 0, []
    for row in rows:
        part = slice(start, start + len(row))
        first.append(bool(labels[part][int(np.argmax(odds[part]))]))
        start += len(row)
    return round(float(np.mean(first)), 3)


def fit_answers(
    examples: Sequence[Example], found: Sequence[Found], weights: Weights
) -> dict[str, Any]:
    """Whether any of the evidence for a thing asked stands in a passage that answers it."""
    rows, right, groups, sources = [], [], [], []
    for example, there in zip(examples, found, strict=True):
        evidence = read(example.query, there, example.snapshot, weights)
        for asked, gold in enumerate(example.gold):
            signs = answer_signs(example.query, asked, there, evidence, example.snapshot, weights)
            if signs is None:
                continue
            own = [name_of(p.hit.passage) for p in evidence if p.asked == asked]
            rows.append(signs)
            right.append(bool(gold.intersection(own)))
            groups.append(example.group)
            sources.append(example.source)
    table, labels = np.array(rows), np.array(right)
    sizes = Counter(sources)
    count = np.array([len(rows) / len(sizes) / sizes[source] for source in sources])
    model = make_pipeline(StandardScaler(), LogisticRegression(C=C_ANSWERS, max_iter=2000))
    odds = np.zeros(len(rows))
    for learnt, left_out in GroupKFold(FOLDS).split(table, groups=groups):
        part = model.fit(
            table[learnt], labels[learnt], logisticregression__sample_weight=count[learnt]
        )
        odds[left_out] = part.decision_function(table[left_out])
    model.fit(table, labels, logisticregression__sample_weight=count)
    chances = 1 / (1 + np.exp(-odds))
    told = {
        source: _risk(labels[np.array(sources) == source], chances[np.array(sources) == source])
        for source in sorted(sizes)
    }
    return {"weights": _coefficients(model, answer_sign_names(found[0])), **told}


def _risk(right: NDArray[np.bool_], chances: Array) -> dict[str, Any]:
    """How well probabilities tell right from wrong; the part given and wrong at each threshold."""
    told: dict[str, Any] = {"n": len(right), "right": round(float(right.mean()), 3)}
    if 0 < right.sum() < len(right):
        told["AUROC"] = round(float(roc_auc_score(right, chances)), 3)
    for threshold in (0.3, 0.4, 0.5, 0.6, 0.7, 0.8):
        given = chances >= threshold
        told[str(threshold)] = {
            "given": round(float(given.mean()), 3),
            "wrong": round(1 - float(right[given].mean()), 3) if given.any() else 0.0,
            "kept": round(float(right[given].sum() / max(1, right.sum())), 3),
        }
    return told


def _coefficients(model: Any, names: Sequence[str]) -> dict[str, float]:
    """On the scale of the signs themselves, with the intercept."""
    scale, regression = model[0], model[-1]
    coefficients = regression.coef_[0] / scale.scale_
    intercept = float(regression.intercept_[0]) - float(coefficients @ scale.mean_)
    return {**dict(zip(names, coefficients.tolist(), strict=True)), "intercept": intercept}
