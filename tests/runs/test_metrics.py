"""Measures: they are the field's own, to the last decimal, and the rest follows its formula."""

from __future__ import annotations

import ir_measures
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.runs import metrics

DOCUMENTS = st.sampled_from([f"d{n}" for n in range(12)])
QUERIES = st.sampled_from([f"q{n}" for n in range(6)])
QRELS = st.dictionaries(
    QUERIES, st.dictionaries(DOCUMENTS, st.integers(1, 3), min_size=1), min_size=1
)
RUNS = st.dictionaries(QUERIES, st.lists(DOCUMENTS, unique=True, min_size=1))
SCORED = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@given(QRELS, RUNS)
@settings(max_examples=100, deadline=None)
def test_ranking_means_agree_with_ir_measures(
    qrels: dict[str, dict[str, int]], rankings: dict[str, list[str]]
) -> None:
    """On random judgements and runs, means agree with ir-measures' own to 1e-9, and a question
    that found nothing counts 0 instead of vanishing."""
    ours = metrics.ranking_scores(qrels, rankings)
    run = [
        ir_measures.ScoredDoc(query, document, 100.0 - rank)
        for query, documents in rankings.items()
        for rank, document in enumerate(documents)
    ]
    judged = [
        ir_measures.Qrel(query, document, grade)
        for query, grades in qrels.items()
        for document, grade in grades.items()
    ]
    theirs = ir_measures.calc_aggregate(list(metrics.RANKING.values()), judged, run)
    assert set(ours) == set(qrels)
    for name, measure in metrics.RANKING.items():
        mean = sum(row[name] for row in ours.values()) / len(ours)
        assert mean == pytest.approx(theirs[measure], abs=1e-9)


def test_equal_scores_do_not_reorder_a_ranking() -> None:
    """The order given is the order judged: trec_eval's own tie-breaking never enters. What only
    helps is not the passage that is looked for."""
    qrels = {"q": {"a": 2, "z": 1}}
    assert metrics.ranking_scores(qrels, {"q": ["z", "a"]})["q"]["MRR"] == 0.5
    assert metrics.ranking_scores(qrels, {"q": ["a", "z"]})["q"]["MRR"] == 1.0


def test_citations_are_judged_against_the_graded_sections() -> None:
    """Precision counts any graded section, recall asks for one of the best grade."""
    grades = {"g#a": 2, "g#b": 2, "g#c": 1}
    assert metrics.citation_precision(["g#a", "x#y"], grades) == 0.5
    assert metrics.citation_recall(["g#b"], grades) == 1.0
    assert metrics.citation_recall(["g#c"], grades) == 0.0
    assert metrics.citation_precision([], grades) is None
    assert metrics.citation_recall(["g#a"], {}) is None


@pytest.mark.parametrize(
    ("text", "phrase", "said"),
    [
        ("trascorsi **90 giorni** dalla domanda [1]", "90 giorni", True),
        ("dopo 190 giorni", "90 giorni", False),
        ("90 giornine", "90 giorni", False),
        ("È GRATUITA", "e' gratuita", False),
        ("È GRATUITA", "è gratuita", True),
        ("l’indennità è di 600 €", "l'indennita", True),
        ("chiama il 112.", "112", True),
        ("costa (600 €)", "600 €", True),
    ],
)
def test_a_fact_is_found_in_whole_words(text: str, phrase: str, said: bool) -> None:
    """Accents, marks and kinds of apostrophe do not hide a fact; part of a word or of a number
    does not make one."""
    assert metrics.contains(text, phrase) is said


def test_fact_coverage_counts_alternatives_once() -> None:
    """One alternative is enough, and two facts of which one is said make a half."""
    facts = [["90 giorni", "novanta giorni"], ["Questura"]]
    assert metrics.fact_coverage("dopo novanta giorni", facts) == 0.5
    assert metrics.fact_coverage("x", []) is None
    assert metrics.forbidden_found("dopo 60 giorni", ["60 giorni", "mai"]) == ("60 giorni",)


@given(SCORED)
@settings(max_examples=100, deadline=None)
def test_risk_coverage_ends_at_the_error_rate_and_ignores_order(
    scored: list[tuple[float, bool]],
) -> None:
    """Answering everything has the error rate as risk, and the file's order changes nothing."""
    confidence, right = [s for s, _ in scored], [r for _, r in scored]
    curve = metrics.risk_coverage(confidence, right)
    assert curve.risk[-1] == pytest.approx(1 - sum(right) / len(right))
    assert curve.coverage[-1] == 1.0
    backwards = metrics.risk_coverage(confidence[::-1], right[::-1])
    assert backwards.risk == pytest.approx(curve.risk)


def test_risk_coverage_of_a_perfect_order() -> None:
    """With the wrong ones last, risk is 0 until they come: area (0 + 0 + 1/3 + 2/4) / 4."""
    curve = metrics.risk_coverage([0.9, 0.8, 0.2, 0.1], [True, True, False, False])
    assert curve.risk == pytest.approx((0, 0, 1 / 3, 0.5))
    assert curve.area == pytest.approx((1 / 3 + 0.5) / 4)


def test_calibration_error_by_hand() -> None:
    """Two bins of two: |0.5 − 0.05| and |1 − 0.95| weigh one half each."""
    found = metrics.calibration([0.05, 0.05, 0.95, 0.95], [True, False, True, True])
    assert found.error == pytest.approx((0.45 + 0.05) / 2)
    assert found.brier == pytest.approx((0.95**2 + 0.05**2 + 2 * 0.05**2) / 4)
    assert [count for *_, count in found.bins] == [2, 2]


def test_abstention_measures_silence() -> None:
    """One of two silences kept and one false silence: precision, recall and F1 are one half."""
    found = metrics.abstention([True, True, False, False], [True, False, True, False])
    assert found == {"precision": 0.5, "recall": 0.5, "F1": 0.5}
    assert metrics.best_f1([True, False], [0.1, 0.9]) == 1.0
    assert metrics.auroc([True, False], [0.9, 0.1]) == 1.0


def test_the_interval_is_seeded_and_holds_the_mean() -> None:
    """Same seed, same interval; a constant has no width."""
    values = [0.0, 1.0, 1.0, 0.0, 1.0, 1.0, 1.0]
    low, high = metrics.interval(values, seed=7)
    assert (low, high) == metrics.interval(values, seed=7)
    assert low <= sum(values) / len(values) <= high
    assert metrics.interval([0.7, 0.7, 0.7]) == (pytest.approx(0.7), pytest.approx(0.7))
