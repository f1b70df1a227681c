"""Every measure of the suite: its formula and its source stand in its docstring.

Ranking measures are ir-measures', classification measures scikit-learn's, intervals scipy's;
only what none of them has is written here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import ir_measures
import numpy as np
from scipy import stats

from eval.suite.case import ANSWERS
from eval.suite.meaning import contains

REMEMBERED = 2_000  # intervals

# Our names for ir-measures' measures. hit@k = Success@k: 1 if a relevant section is in the
# first k. MRR = mean of 1/rank of the first relevant one (Voorhees 1999). nDCG@10 = DCG with
# gain = grade and discount 1/log2(rank + 1), over that of the best order (Järvelin and
# Kekäläinen 2002). MAP = mean of the precision at each relevant one. R-precision = precision
# at R, R the number of relevant ones (both as in trec_eval). Relevant is what answers by itself:
# a passage of grade 1 only helps, and counts in nDCG alone.
RANKING = {
    "hit@1": ir_measures.Success(rel=ANSWERS) @ 1,
    "hit@3": ir_measures.Success(rel=ANSWERS) @ 3,
    "MRR": ir_measures.RR(rel=ANSWERS),
    "nDCG@10": ir_measures.nDCG @ 10,
    "MAP": ir_measures.AP(rel=ANSWERS),
    "R-precision": ir_measures.Rprec(rel=ANSWERS),
}


def ranking_scores(
    qrels: Mapping[str, Mapping[str, int]], rankings: Mapping[str, Sequence[str]],
    measures: Mapping[str, ir_measures.measures.Measure] | None = None,
) -> dict[str, dict[str, float]]:  # fmt: skip
    """Per query, the value of each measure (default: RANKING), computed by ir-measures.

    `qrels` gives each query the grades of its relevant documents; `rankings` the documents found,
    best first. A query without a ranking scores 0: it does not vanish from the mean.
    """
    wanted = dict(RANKING if measures is None else measures)
    names = {str(measure): name for name, measure in wanted.items()}
    run = {
        query: {document: -float(rank) for rank, document in enumerate(dict.fromkeys(documents))}
        for query, documents in rankings.items()
    }
    table = {query: dict.fromkeys(wanted, 0.0) for query in qrels}
    plain = {query: dict(grades) for query, grades in qrels.items()}
    for value in ir_measures.iter_calc(list(wanted.values()), plain, run):
        table[value.query_id][names[str(value.measure)]] = float(value.value)
    return table


def citation_precision(cited: Iterable[str], grades: Mapping[str, int]) -> float | None:
    """|cited ∩ acceptable| / |cited|; None when nothing is cited.

    Acceptable are the sections with any grade. As in Gao et al. 2023 (ALCE), with the judgement
    of people in the place of an entailment model.
    """
    sections = set(cited)
    return len(sections & set(grades)) / len(sections) if sections else None


def citation_recall(cited: Iterable[str], grades: Mapping[str, int]) -> float | None:
    """1 if one of the sections of the highest grade is cited, else 0; None without grades.

    Sections of the highest grade are alternatives (each answers by itself), so citing one of
    them is enough: this is the recall of the need, not of the list.
    """
    if not grades:
        return None
    best = max(grades.values())
    return float(any(grades.get(section) == best for section in cited))


def fact_coverage(text: str, facts: Sequence[Sequence[str]]) -> float | None:
    """Share of the facts of which `text` says one alternative; None when no fact is asked for.

    Nugget recall of Voorhees 2003 (TREC question answering); a nugget is said when its words
    are, under the same condition and not denied (`eval.suite.meaning`).
    """
    if not facts:
        return None
    return sum(any(contains(text, phrase) for phrase in fact) for fact in facts) / len(facts)


def forbidden_found(text: str, forbidden: Iterable[str]) -> tuple[str, ...]:
    """The phrases that the answer must never say and says; to deny one is not to say it."""
    return tuple(phrase for phrase in forbidden if contains(text, phrase))


def abstention(expected: Sequence[bool], actual: Sequence[bool]) -> dict[str, float]:
    """Precision, recall and F1 of staying silent: True = abstains. An empty denominator gives 0
    (scikit-learn's `precision_recall_fscore_support`)."""
    from sklearn.metrics import precision_recall_fscore_support

    precision, recall, f1, _ = precision_recall_fscore_support(
        expected, actual, average="binary", pos_label=True, zero_division=0.0
    )
    return {"precision": float(precision), "recall": float(recall), "F1": float(f1)}


def best_f1(silent: Sequence[bool], confidence: Sequence[float]) -> float:
    """The F1 of staying silent at the best threshold on the confidence: an upper bound, which
    says how separable the two kinds are, not what a fixed threshold gives (that is
    `abstention`)."""
    from sklearn.metrics import precision_recall_curve

    precision, recall, _ = precision_recall_curve(silent, -np.asarray(confidence, dtype=float))
    total = precision + recall
    return float(np.max(2 * precision * recall / np.where(total == 0, 1.0, total)))


def auroc(answerable: Sequence[bool], confidence: Sequence[float]) -> float:
    """Probability that an answerable question gets more confidence than one that is not
    (area under the ROC curve, ties count one half; scikit-learn)."""
    from sklearn.metrics import roc_auc_score

    return float(roc_auc_score(answerable, confidence))


@dataclass(frozen=True, slots=True)
class RiskCoverage:
    """`coverage[k]` and `risk[k]` when the k+1 most confident questions are answered."""

    coverage: tuple[float, ...]
    risk: tuple[float, ...]
    area: float


def risk_coverage(confidence: Sequence[float], right: Sequence[bool]) -> RiskCoverage:
    """Questions by falling confidence; risk = share of wrong ones among the first k, coverage =
    k / n, area = mean risk over k (El-Yaniv and Wiener 2010; Geifman and El-Yaniv 2017, AURC).

    Questions of equal confidence enter together, so that their order in the file is no luck:
    inside a tie the risk is the one that its random order has on average.
    """
    scores, wrong = np.asarray(confidence, dtype=float), 1.0 - np.asarray(right, dtype=float)
    order = np.argsort(-scores, kind="stable")
    expected = wrong[order]
    for value in np.unique(scores):
        tie = scores[order] == value
        expected[tie] = expected[tie].mean()
    counts = np.arange(1, len(scores) + 1)
    risk = np.cumsum(expected) / counts
    coverage = counts / max(len(scores), 1)
    area = float(risk.mean()) if len(scores) else 0.0
    return RiskCoverage(tuple(coverage.tolist()), tuple(risk.tolist()), area)


@dataclass(frozen=True, slots=True)
class Calibration:
    """`bins` are (mean confidence, share right, how many) of the bins that are not empty."""

    error: float
    brier: float
    bins: tuple[tuple[float, float, int], ...]


def calibration(
    confidence: Sequence[float], right: Sequence[bool], n_bins: int = 10
) -> Calibration:
    """Expected calibration error: Σ over equal-width bins of (n_bin / n) · |share right − mean
    confidence| (Naeini et al. 2015; Guo et al. 2017). Brier score: mean of (confidence − right)²
    (Brier 1950). Confidences are clipped to [0, 1]."""
    scores = np.clip(np.asarray(confidence, dtype=float), 0.0, 1.0)
    labels = np.asarray(right, dtype=float)
    if not len(scores):
        return Calibration(0.0, 0.0, ())
    places = np.minimum((scores * n_bins).astype(int), n_bins - 1)
    bins = tuple(
        (float(scores[inside].mean()), float(labels[inside].mean()), int(inside.sum()))
        for inside in (places == n for n in range(n_bins))
        if inside.any()
    )
    error = sum(count * abs(share - mean) for mean, share, count in bins) / len(scores)
    return Calibration(float(error), float(np.mean((scores - labels) ** 2)), bins)


def wilson(right: int, n: int) -> tuple[float, float]:
    """95 % score interval of a share (Wilson 1927; scipy): centre (p + z²/2n) / (1 + z²/n), half
    width z/(1 + z²/n) · √(p(1 − p)/n + z²/4n²). It holds for few items and for shares near 0 and
    1, where a bootstrap gives no width; (0, 1) where there is nothing."""
    if not n:
        return 0.0, 1.0
    found = stats.binomtest(right, n).proportion_ci(method="wilson")
    return float(found.low), float(found.high)


def interval(values: Sequence[float], seed: int = 0, resamples: int = 1000) -> tuple[float, float]:
    """95 % interval of the mean: Wilson's where every value is 0 or 1, so that the mean is a
    share; else a bootstrap percentile (Efron and Tibshirani 1993; scipy). With fewer than two
    values, or all equal and neither 0 nor 1, it is the mean itself."""
    return _interval(tuple(values), seed, resamples)


@lru_cache(maxsize=REMEMBERED)
def _interval(values: tuple[float, ...], seed: int, resamples: int) -> tuple[float, float]:
    """Worked out once: the run, the page and the PDF tell the same figures."""
    data = np.asarray(values, dtype=float)
    if len(data) and np.isin(data, (0.0, 1.0)).all():
        return wilson(int(data.sum()), len(data))
    if len(data) < 2 or np.ptp(data) == 0.0:
        mean = float(data.mean()) if len(data) else 0.0
        return mean, mean
    found = stats.bootstrap(
        (data,), np.mean, n_resamples=resamples, method="percentile", vectorized=True,
        rng=np.random.default_rng(seed),
    ).confidence_interval  # fmt: skip
    return float(found.low), float(found.high)


def quantiles_ms(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile of latencies in milliseconds (linear interpolation)."""
    if not len(milliseconds):
        return {"p50_ms": 0.0, "p95_ms": 0.0}
    middle, high = np.percentile(np.asarray(milliseconds, dtype=float), [50, 95])
    return {"p50_ms": float(middle), "p95_ms": float(high)}
