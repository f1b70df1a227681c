"""The reference: kept small, read on any machine, told what changed, and red when it must be."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from folders import DATA
from made_runs import case, result, run
from typer.testing import CliRunner

import chatbot.judge.consult
from chatbot.bot import Bot
from eval.__main__ import app
from eval.runs import baseline, steady
from eval.runs.baseline import BaselineError, bless, blessed_run
from eval.runs.compare import compare
from eval.runs.kept import KeptRun, keep, mark
from eval.runs.result import RunError
from eval.runs.run import run_suite
from eval.runs.steady import COSINE, DRAWS, ShakenEncoder, unsteady_cases
from eval.runs.summary import summarise
from eval.suite.folder import load_suite
from index.encode.encoder import Encoder
from index.publish.snapshot import Snapshot

DAY = date(2031, 6, 12)
CASES = DATA / "cases"  # of the guides made for the tests


def test_a_kept_run_is_small_and_reads_back(tmp_path: Path) -> None:
    """Verdicts, scores and the beginning of the answer; no passage's text; the same to the byte."""
    whole = run([result(case(n), answer="dopo 90 giorni " * 100) for n in (2, 1)])
    path = tmp_path / "blessed.jsonl"
    keep(whole, ("caso-2",)).save(path)
    found = KeptRun.load(path)
    assert [kept.id for kept in found.results] == ["caso-1", "caso-2"]
    assert found.unsteady == ("caso-2",)
    assert len(path.read_text()) < 2000
    found.save(tmp_path / "again.jsonl")
    assert (tmp_path / "again.jsonl").read_bytes() == path.read_bytes()
    path.write_text(path.read_text()[:-40])
    with pytest.raises(RunError, match="eval bless"):
        KeptRun.load(path)


def test_another_machine_is_no_difference() -> None:
    """Another snapshot id, another run id and the last bits of a score change nothing."""
    there = run([result(case(n)) for n in range(30)], "t")
    moved = [
        r.model_copy(update={"scores": {k: v and v - 1e-9 for k, v in r.scores.items()}})
        for r in there.results
    ]
    here = there.model_copy(update={"id": "h", "snapshot": "altra", "results": tuple(moved)})
    found = compare(keep(there), here)
    assert found.regressions == []
    assert found.warnings == ()
    assert all(difference.p == 1.0 for difference in found.differences)


def test_who_wrote_a_case_is_no_difference() -> None:
    """A case is the same as long as what is asked and expected is: why, tags and severity are
    not part of it, a fact is."""
    assert mark(case(1)) == mark(case(1, perche="altro", etichette=["date"], gravita="alta"))
    assert mark(case(1)) != mark(case(1, fatti=[["91 giorni"]]))


def test_cases_that_differ_are_named() -> None:
    """Reworded, new and removed cases are told by name, and none of them is called lost."""
    before = run([result(case(n, gravita="alta")) for n in (1, 2, 3)])
    after = run(
        [
            result(case(1, gravita="alta")),
            result(case(2, gravita="alta", domande="Altro?"), answer="subito"),
            result(case(4, gravita="alta"), answer="subito"),
        ]
    )
    found = compare(keep(before), after)
    assert (found.common, found.regressions) == (1, [])
    assert (found.changed, found.added, found.removed) == (("caso-2",), ("caso-4",), ("caso-3",))
    told = "\n".join(found.warnings)
    for words in ("cambiati (1): caso-2", "nuovi (1): caso-4", "tolti (1): caso-3"):
        assert words in told


def test_a_case_on_the_edge_is_told_and_not_called_a_regression() -> None:
    """Losing a case that hangs on the machine's arithmetic is shown among the lost, not red."""
    before = run([result(case(n, gravita="alta")) for n in (1, 2)])
    after = run([result(c.case, answer="subito") for c in before.results])
    found = compare(keep(before, ("caso-1",)), after)
    assert [change.unsteady for change in found.lost] == [True, False]
    assert ["caso-2" in line for line in found.regressions] == [True]


def test_only_the_whole_suite_can_be_blessed(tmp_path: Path) -> None:
    """A run of one theme, or of cases written otherwise since, would guard nothing of the rest."""
    part = run([result(case(1))])
    with pytest.raises(BaselineError, match="--theme"):
        bless(part, "una prova di un tema", summarise(part), "altro", DAY, path=tmp_path / "b.json")
    assert list(tmp_path.iterdir()) == []
    assert [kept.id for kept in keep(part).only({"altro"}).results] == []


def test_a_reference_that_is_named_and_lost_is_an_error(tmp_path: Path) -> None:
    """With its file gone nothing would be compared: the run stops instead of being green."""
    path = tmp_path / "baseline.json"
    path.write_text('{"thresholds": {}, "drops": {}, "blessings": []}')
    whole = run([result(case(1))])
    bless(whole, "la prova che guarda", summarise(whole), whole.digest, DAY, path=path)
    (tmp_path / "blessed.jsonl").unlink()
    with pytest.raises(RunError):
        blessed_run(path)


def test_shaken_vectors_are_off_by_the_measured_angle(encoder_of_all: Encoder) -> None:
    """Each vector of the question keeps its length and stands at the cosine asked for; the same
    seed gives the same noise."""
    text = "Può già lavorare?"
    plain, shaken = encoder_of_all, ShakenEncoder(encoder_of_all, 1)
    first, moved = plain.encode_query_tokens(text), shaken.encode_query_tokens(text)
    assert float(first.vector @ moved.vector) == pytest.approx(COSINE, abs=1e-4)
    assert (first.tokens * moved.tokens).sum(-1) == pytest.approx(COSINE, abs=1e-4)
    assert (moved.vector == shaken.encode_query_tokens(text).vector).all()
    assert DRAWS > 1


@pytest.fixture
def commands(published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Commands over cases that pass on the guides made for the tests, with a reference apart."""
    var, cases = tmp_path / "var", tmp_path / "cases"
    var.mkdir()
    for name in ("models", "snapshots", "CURRENT"):
        (var / name).symlink_to(published / name)
    cases.mkdir()
    shutil.copy(CASES / "lavoro.yaml", cases)
    line = tmp_path / "baseline.json"
    line.write_text('{"thresholds": {}, "drops": {}, "blessings": []}', encoding="utf-8")
    monkeypatch.setattr(baseline, "BASELINE", line)
    monkeypatch.setenv("BUSSOLA_VAR", str(var))
    return lambda *words: CliRunner().invoke(app, [*words, "--cases", str(cases)])


def test_bless_then_break_is_red(
    commands: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run, bless with a reason that stays, run again: green. Break the bot: `run` and `compare
    riferimento` exit 1 and name the cases."""
    assert commands("run").exit_code == 0
    assert commands("bless", "--reason", "troppo poco").exit_code == 1
    done = commands("bless", "--reason", "prima prova di questi casi")
    assert done.exit_code == 0, done.output
    kept = json.loads((tmp_path / "baseline.json").read_text())["blessings"]
    assert [blessing["reason"] for blessing in kept] == ["prima prova di questi casi"]
    again = commands("run", "--json")
    assert again.exit_code == 0, again.output
    assert json.loads(again.stdout)["regressions"] == []

    monkeypatch.setattr(
        chatbot.judge.consult,
        "judge",
        lambda query, chances, ruling, *_: replace(ruling, outcome="no_answer", evidence=()),
    )
    broken = commands("run")
    assert broken.exit_code == 1
    assert "REGRESSIONE  il caso importante" in broken.output
    assert broken.output.index("Casi persi") < broken.output.index("Non passano: ")  # read first
    compared = CliRunner().invoke(app, ["compare", "riferimento"])
    assert compared.exit_code == 1
    assert "REGRESSIONE" in compared.output
    same = CliRunner().invoke(app, ["compare", "ultima"])
    assert same.exit_code == 0, same.output
    assert re.search(r"misure uguali a prima (\d+) su \1\b", " ".join(same.output.split()))
    (tmp_path / "blessed.jsonl").unlink()
    assert CliRunner().invoke(app, ["compare", "riferimento"]).exit_code == 1


def test_a_case_is_unsteady_when_noise_turns_it(
    snapshot: Snapshot, encoder_of_all: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Vectors that say nothing any more lose cases; vectors as they were lose none."""
    done = run_suite(Bot(encoder_of_all), snapshot, load_suite(CASES))
    monkeypatch.setattr(steady, "COSINE", 1 - 1e-9)
    assert unsteady_cases(done, encoder_of_all, snapshot, draws=1) == ()
    monkeypatch.setattr(steady, "COSINE", 0.05)
    assert unsteady_cases(done, encoder_of_all, snapshot, draws=1) != ()
