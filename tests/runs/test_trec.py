"""A run as other programs of evaluation read it."""

from __future__ import annotations

from pathlib import Path

import ir_measures
import pytest
from made_runs import case, result, run

from eval.runs.metrics import RANKING
from eval.runs.trec import write_trec


def test_trec_files_give_the_same_measures(tmp_path: Path) -> None:
    """What is written is read by ir-measures as it is, and its figures are those of the run."""
    asked = case(1, passaggi={"guida#b": 3, "guida#c": 1})
    found = ("guida#a", "guida#a", "guida#c", "guida#b")  # two parts of one section
    done = run([result(asked, hits=found)])
    qrels, ranking = write_trec(done, tmp_path)
    theirs = ir_measures.calc_aggregate(
        list(RANKING.values()),
        ir_measures.read_trec_qrels(str(qrels)),
        ir_measures.read_trec_run(str(ranking)),
    )
    for name, measure in RANKING.items():
        assert theirs[measure] == pytest.approx(done.results[0].scores[name])
