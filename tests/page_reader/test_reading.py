"""The measures of reading, on predictions whose scores are worked out by hand."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from eval.beir import DataError
from eval.page_reader.reading import (
    answer_scores,
    benchmark_reading,
    read_questions,
    unanswerable_scores,
)


@dataclass(frozen=True)
class Reading:
    chosen: tuple[int, ...]


class Fixed:
    """A reader that answers each question as it is told."""

    def __init__(self, answers: dict[str, tuple[int, ...]]) -> None:
        self.answers = answers

    def read(self, question: str, units: Sequence[str], context: str = "") -> Reading:
        return Reading(self.answers[question])


def sets(*indices: tuple[int, ...]) -> list[frozenset[int]]:
    return [frozenset(i) for i in indices]


def test_official_precision_counts_an_empty_answer_as_right() -> None:
    """P = (1/2 + 1) / 2, R = (1/1 + 0) / 2; the question without gold does not count."""
    scores = answer_scores(sets((0,), (1, 2), ()), sets((0, 3), (), (5,)), empty_precision=1.0)
    assert scores == {"P": 0.75, "R": 0.5, "F": 0.6}


def test_strict_precision_counts_it_as_wrong() -> None:
    scores = answer_scores(sets((0,), (1, 2), ()), sets((0, 3), (), (5,)), empty_precision=0.0)
    assert scores == {"P": 0.25, "R": 0.5, "F": pytest.approx(1 / 3)}


def test_f_is_of_the_means_not_the_mean_of_f() -> None:
    """One perfect in precision only, one in recall only: the mean of F would be 0.533."""
    scores = answer_scores(sets((0, 1), (0,)), sets((0,), (0, 1, 2)), empty_precision=1.0)
    assert scores["P"] == pytest.approx((1 + 1 / 3) / 2)
    assert scores["R"] == pytest.approx(0.75)
    assert scores["F"] == pytest.approx(2 * (2 / 3) * 0.75 / (2 / 3 + 0.75))


def test_unanswerable_is_told_by_choosing_nothing() -> None:
    """Two silences, one of them right; two questions without an answer."""
    scores = unanswerable_scores(sets((0,), (), ()), sets((), (), (4,)))
    assert scores == {"P": 0.5, "R": 0.5, "F": 0.5}


def test_nothing_to_measure_is_zero_not_an_error() -> None:
    nothing = {"P": 0.0, "R": 0.0, "F": 0.0}
    assert answer_scores([], [], 1.0) == nothing
    assert unanswerable_scores(sets((0,)), sets((0,))) == nothing


def test_benchmark_reports_exactly_the_agreed_figures(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(line("a", gold=[1]) + "\n" + line("b", gold=[]) + line("c", gold=[0]))
    reader = Fixed({"a": (1,), "b": (), "c": (0, 1)})
    figures = benchmark_reading(path, reader)
    assert list(figures) == ["official", "strict", "unanswerable", "n", "p50_ms"]
    assert figures["official"] == {"P": 0.75, "R": 1.0, "F": pytest.approx(6 / 7)}
    assert figures["unanswerable"] == {"P": 1.0, "R": 1.0, "F": 1.0}
    assert figures["n"] == 3
    assert benchmark_reading(path, reader, limit=1)["n"] == 1


@pytest.mark.parametrize(
    ("bad", "message"),
    [("{", "data.jsonl:2"), ('{"id": 1}', "data.jsonl:2"), ("[]", "data.jsonl:2")],
)
def test_a_bad_line_is_named(tmp_path: Path, bad: str, message: str) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(line("a", gold=[]) + bad + "\n")
    with pytest.raises(DataError, match=message):
        read_questions(path)


def test_gold_outside_the_page_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "data.jsonl"
    path.write_text(line("a", gold=[2]))
    with pytest.raises(DataError, match="fuori"):
        read_questions(path)


def line(question: str, gold: list[int]) -> str:
    record = {
        "id": question, "question": question, "sentences": ["zero", "uno"], "gold": gold,
        "answerable": bool(gold),
    }  # fmt: skip
    return json.dumps(record) + "\n"
