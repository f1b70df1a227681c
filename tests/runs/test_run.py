"""Runs, verdicts, summaries, comparisons and blessings: what is judged, and when it is red."""

from __future__ import annotations

import json
import random
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from made_runs import RIGHT, case, result, run

from eval.runs.baseline import BaselineError, bless, blessed_run, breaches, read_baseline
from eval.runs.compare import compare, paired_test
from eval.runs.drops import drop_breaches, drops
from eval.runs.kept import keep
from eval.runs.result import RunError, find_run
from eval.runs.summary import summarise
from eval.suite.transform import transformed, transforms
from index.guide import Term

DAY = date(2031, 6, 12)


@pytest.mark.parametrize(
    ("changes", "given", "expected"),
    [
        ({}, {}, "right"),
        ({}, {"answer": "dopo 60 giorni"}, "wrong"),
        ({}, {"answer": "dopo 90 giorni e non 60 giorni"}, "right"),
        ({}, {"answer": "non prima di 90 giorni"}, "right"),
        ({}, {"answer": "non sono 90 giorni"}, "beside"),
        ({}, {"answer": "subito"}, "beside"),
        ({}, {"answer": "subito", "cited": "altra#cosa"}, "wrong"),
        ({"passaggi": {RIGHT: 1, "altra#cosa": 2}, "fatti": []}, {}, "wrong"),
        ({"fatti": [], "frasi": ["Dopo 90"]}, {}, "right"),
        ({"fatti": [], "frasi": ["Prima di 90"]}, {}, "beside"),
        ({"fatti": [["90 giorni"], ["questura"]]}, {}, "incomplete"),
        ({"fatti": []}, {"cited": "altra#cosa"}, "wrong"),
        ({"fatti": []}, {}, "right"),
        ({}, {"outcome": "no_answer"}, "missed"),
        ({}, {"outcome": "emergency"}, "wrong"),
        ({"esito": "silenzio", "fatti": []}, {}, "wrong"),
        ({"esito": "silenzio", "fatti": []}, {"outcome": "no_answer"}, "right"),
        ({"esito": "silenzio", "fatti": []}, {"outcome": "out_of_scope"}, "other"),
        ({"esito": ["silenzio", "vicini"], "fatti": []}, {"outcome": "related"}, "right"),
        ({"esito": "emergenza", "fatti": []}, {"outcome": "related"}, "missed"),
    ],
)
def test_verdicts(changes: dict[str, Any], given: dict[str, Any], expected: str) -> None:
    """What harms is told from what is only missing: the table of the verdicts, case by case."""
    judged = result(case(1, **changes), **given)
    assert judged.verdict == expected
    assert bool(judged.problems) is (expected not in ("right",))


@pytest.mark.parametrize(
    "changes", [{"passaggi": {RIGHT: 1, "altra#cosa": 2}}, {"frasi": ["Prima di 90"]}]
)
def test_facts_decide_wherever_they_are_said(changes: dict[str, Any]) -> None:
    """An answer that says every fact is right; what it should have quoted is told all the same."""
    judged = result(case(1, **changes))
    assert judged.verdict == "right"
    assert judged.problems


def test_scores_apply_only_where_they_make_sense() -> None:
    """A silence has no citation precision, and `wrong_given` counts only answers given."""
    silent = result(case(1), outcome="no_answer")
    assert silent.scores["citation_precision"] is None
    assert silent.scores["wrong_given"] is None
    assert silent.scores["hit@1"] == 1.0
    second = result(case(2), hits=("altra#cosa", RIGHT))
    assert (second.scores["hit@1"], second.scores["hit@3"], second.scores["MRR"]) == (0, 1, 0.5)


def test_a_summary_counts_what_happened() -> None:
    """Means, confusion, groups, weights of severity: worked out by hand on four cases."""
    results = [
        result(case(1, gravita="alta")),
        result(case(2, etichette=["date"]), answer="dopo 60 giorni", confidence=0.8),
        result(case(3, esito="silenzio", fatti=[], mai=[]), outcome="no_answer", confidence=0.1),
        result(case(4, gravita="bassa"), outcome="no_answer", confidence=0.3),
    ]
    summary = summarise(run(results))
    assert summary["measures"]["pass_rate"]["value"] == 0.5
    assert summary["measures"]["wrong_given"]["value"] == 0.5
    assert summary["weighted_pass_rate"] == pytest.approx((3 + 2) / (3 + 2 + 2 + 1))
    assert summary["confusion"]["answered"]["no_answer"] == 1
    assert summary["groups"]["etichetta"]["date"]["pass_rate"]["value"] == 0.0
    assert summary["abstention"] == {"precision": 0.5, "recall": 1.0, "F1": pytest.approx(2 / 3)}
    assert summary["risk_coverage"]["risk"] == pytest.approx((0, 0.5, 1 / 3, 0.5))
    json.dumps(summary)


def test_a_run_is_kept_and_found_again(tmp_path: Path) -> None:
    """What is saved reads back equal; the last one needs no name; nonsense is an error in words."""
    first, second = run([result(case(1))], "a"), run([result(case(2))], "b")
    first.save(tmp_path)
    second.save(tmp_path)
    assert find_run("ultima", tmp_path) == second
    assert find_run("penultima", tmp_path) == first
    assert find_run("a", tmp_path) == first
    with pytest.raises(RunError):
        find_run("c", tmp_path)


def test_an_important_case_lost_is_a_regression() -> None:
    """One case of high severity that no longer passes is enough; one of low severity is told."""
    before = run([result(case(1, gravita="alta")), result(case(2, gravita="bassa"))])
    low = run([before.results[0], result(case(2, gravita="bassa"), answer="subito")])
    high = run([result(case(1, gravita="alta"), answer="subito"), before.results[1]])
    assert compare(before, low).regressions == []
    assert [change.id for change in compare(before, low).lost] == ["caso-2"]
    assert "caso-1" in compare(before, high).regressions[0]
    assert [change.id for change in compare(high, before).won] == ["caso-1"]


def test_a_fall_that_is_not_luck_is_a_regression() -> None:
    """Twelve of forty ordinary cases lost is red, one of forty is not."""
    cases = [case(n) for n in range(40)]
    before = run([result(c) for c in cases])
    worse = run([result(c, answer="subito" if n < 12 else "dopo 90 giorni")
                 for n, c in enumerate(cases)])  # fmt: skip
    nearly = run([result(c, answer="subito" if n < 1 else "dopo 90 giorni")
                  for n, c in enumerate(cases)])  # fmt: skip
    assert any("pass_rate" in line for line in compare(before, worse).regressions)
    assert compare(before, nearly).regressions == []
    assert compare(before, before).regressions == []


def test_different_cases_are_compared_only_where_they_are_equal() -> None:
    """A case reworded is another case: it is left out, and the comparison says so."""
    before = run([result(case(1)), result(case(2))])
    after = run([result(case(1)), result(case(2, domande="Altro?"))])
    compared = compare(before, after)
    assert compared.common == 1
    assert compared.warnings
    assert compare(before, before).warnings == ()


def test_the_paired_test_agrees_with_the_exact_one() -> None:
    """Five pairs all better by the same kind of step: the exact two-sided sign-flip p is 2/2^5."""
    p, (low, high), d = paired_test([0, 0, 0, 0, 0], [1, 2, 3, 4, 5])
    assert p == pytest.approx(2 / 32)
    assert low <= 3 <= high
    assert d > 0
    assert paired_test([1, 1], [1, 1])[0] == 1.0


def test_answering_what_guides_do_not_say_is_a_regression() -> None:
    """Ten silences that become answers are red, although no answer given before got worse."""
    silences = [case(n, esito="silenzio", fatti=[], mai=[]) for n in range(10)]
    others = [case(n) for n in range(10, 30)]
    before = run([*(result(c, outcome="no_answer") for c in silences), *map(result, others)])
    after = run([*map(result, silences), *map(result, others)])
    assert any("harm" in line for line in compare(before, after).regressions)


def test_chance_is_seldom_called_a_regression() -> None:
    """Two runs that differ by chance alone are told apart in few of a hundred drawings."""
    dice = random.Random(1)
    found_red = 0
    for _ in range(100):
        first = [float(dice.random() < 0.8) for _ in range(60)]
        second = [float(dice.random() < 0.8) for _ in range(60)]
        found_red += paired_test(first, second, resamples=500)[0] < 0.05
    assert found_red <= 12


def test_thresholds_and_blessing(tmp_path: Path) -> None:
    """Under a threshold is a breach; a blessing needs a reason, which is kept for ever."""
    path = tmp_path / "baseline.json"
    path.write_text(
        json.dumps(
            {
                "thresholds": {"pass_rate": {"min": 0.9}, "wrong_given": {"max": 0.0}},
                "drops": {},
                "blessings": [],
            }
        )
    )
    good, bad = run([result(case(1))]), run([result(case(1), answer="subito")])
    assert breaches(summarise(good), read_baseline(path)) == []
    assert len(breaches(summarise(bad), read_baseline(path))) == 2
    with pytest.raises(BaselineError):
        bless(good, "ok", summarise(good), good.digest, DAY, path=path)
    for reason in ("prima prova sulle guide nuove", "seconda prova, stesse guide"):
        bless(good, reason, summarise(good), good.digest, DAY, path=path)
    reasons = [blessing["reason"] for blessing in read_baseline(path)["blessings"]]
    assert reasons == ["prima prova sulle guide nuove", "seconda prova, stesse guide"]
    assert blessed_run(path) == keep(good)
    assert blessed_run(tmp_path / "none" / "baseline.json") is None


@pytest.mark.parametrize("text", ["{", "[]", '{"thresholds": {"magia": {"min": 1}}}'])
def test_a_broken_baseline_is_told(tmp_path: Path, text: str) -> None:
    """A baseline that cannot be used stops the run in words: no threshold is ever skipped."""
    (tmp_path / "baseline.json").write_text(text)
    with pytest.raises(BaselineError):
        read_baseline(tmp_path / "baseline.json")


def test_the_projects_own_baseline_is_valid() -> None:
    """The thresholds in the repository are read, and those of the project are among them."""
    assert {"hit@3", "MRR", "outcome_accuracy", "wrong_given"} <= set(read_baseline()["thresholds"])


CPI = Term("CPI", "cpi", "Centro per l'impiego", "L'ufficio.")


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("senza-accenti", "Perché è così?", "Perche e cosi?"),
        ("senza-punteggiatura", "L'ha già, no?", "L ha già no"),
        ("maiuscolo", "Può?", "PUÒ?"),
        ("telegrafica", "Che cosa serve per il conto?", "cosa serve conto"),
        ("telegrafica", "non si può senza la residenza", "non può senza residenza"),
        ("sigle-scambiate", "va al cpi?", "va al Centro per l'impiego?"),
        ("con-nome", "può lavorare?", "Il signor Yusuf Tesfay: può lavorare?"),
        ("sigle-scambiate", "il centro per l'impiego", "il CPI"),
    ],
)
def test_transformations(name: str, text: str, expected: str) -> None:
    """Each transformation does what its name says, and keeps the words that turn the meaning."""
    assert transforms([CPI])[name](text, random.Random(0)) == expected


def test_typos_are_seeded_and_spare_numbers() -> None:
    """Same seed, same errors; numbers, acronyms and short words stay; the rest stays readable."""
    one = case(1, domande="Entro 48 ore la comunicazione UNILAV va mandata alla questura?")
    first = transformed([one], "refusi", transforms()["refusi"], seed=3)
    assert first == transformed([one], "refusi", transforms()["refusi"], seed=3)
    text = first[0].question
    assert text != one.question
    assert "48" in text
    assert "UNILAV" in text
    assert len(set(text.split()) & set(one.question.split())) >= 7


def test_an_unchanged_case_is_no_transformed_case() -> None:
    """Where nothing changes nothing is measured: the drop is not diluted."""
    assert (
        transformed([case(1, domande="Ciao")], "senza-accenti", transforms()["senza-accenti"]) == ()
    )


def test_a_drop_over_its_limit_is_a_breach() -> None:
    """Half of the transformed questions lose their passage: hit@3 falls by one half."""
    cases = [case(n) for n in range(4)]
    original = run([result(c) for c in cases])
    variant = run(
        [result(c, hits=(RIGHT,) if n % 2 else ("altra#cosa",)) for n, c in enumerate(cases)],
        variant="refusi",
    )
    lost = drops(original, variant)
    assert next(d.drop for d in lost if d.measure == "hit@3") == 0.5
    assert drop_breaches(lost, {"refusi": 0.1})
    assert drop_breaches(lost, {"refusi": 0.6}) == []
