"""The day that commands of the evaluators write down is that of the network."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest
import time_machine
from made_runs import case, result, run
from typer.testing import CliRunner

from eval.__main__ import app
from eval.collections import register
from eval.runs import baseline, steady
from eval.suite.case import Case
from eval.suite.drafts import THEME
from eval.suite.journal_cases import add_drafts
from eval.suite.sheet import save_suite

LATE = datetime(2031, 6, 11, 22, 30, tzinfo=UTC)  # an hour at which not everywhere is one day
WHERE = [("Europe/Rome", "2031-06-12"), ("Atlantic/Azores", "2031-06-11")]


@pytest.fixture(params=WHERE, ids=[zone for zone, _ in WHERE])
def today(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[str]:
    """The day where the network of `BUSSOLA_GUIDES` is."""
    zone, day = request.param
    rete = tmp_path / "guide/rete"
    rete.mkdir(parents=True)
    (rete / "rete.yaml").write_text(f"nome: Prova\nfuso_orario: {zone}\n", encoding="utf-8")
    monkeypatch.setenv("BUSSOLA_GUIDES", str(rete.parent))
    monkeypatch.setenv("BUSSOLA_VAR", str(tmp_path / "var"))
    with time_machine.travel(LATE, tick=False):
        yield day


def invoke(*words: str) -> str:
    done = CliRunner().invoke(app, list(words))
    assert done.exit_code == 0, done.output
    return done.stdout


def test_a_collection_is_marked_as_read_on_it(today: str, monkeypatch: pytest.MonkeyPatch) -> None:
    written: list[date] = []

    def marked(name: str, why: str, on: date) -> register.ReadingMark:
        written.append(on)
        return register.ReadingMark(collection=name, why=why, on=on)

    monkeypatch.setattr(register, "mark_read", marked)
    invoke("collection", "read", "nuove", "--reason", "cercato dove tace")
    assert [day.isoformat() for day in written] == [today]


def test_a_draft_is_offered_with_it(today: str, tmp_path: Path) -> None:
    draft = Case.model_validate(
        {"id": "bozza-a", "tema": THEME, "domande": "e la residenza?", "data": "2031-01-01",
         "esito": "silenzio", "autore": "registro", "perche": "da completare"}
    )  # fmt: skip
    add_drafts([draft], tmp_path / "var/eval/bozze")
    told = json.loads(invoke("draft", "list", "--json", "--cases", str(tmp_path / "nessuno")))
    assert [row["cells"]["data"] for row in told["drafts"]] == [today]


def test_a_run_is_blessed_on_it(
    today: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the day stays beside the reason."""
    line, whole = tmp_path / "baseline.json", run([result(case(1))])
    line.write_text('{"thresholds": {}, "drops": {}, "blessings": []}', encoding="utf-8")
    monkeypatch.setattr(baseline, "BASELINE", line)
    nobody: Any = lambda *_: ()  # noqa: E731
    monkeypatch.setattr(steady, "shaken", nobody)
    save_suite([one.case for one in whole.results], tmp_path / "casi")
    words = (
        str(whole.save(tmp_path / "prove")),
        "--reason",
        "prima prova delle guide",
        "--cases",
        str(tmp_path / "casi"),
    )
    invoke("bless", *words)
    kept = json.loads(line.read_text("utf-8"))["blessings"]
    assert [blessing["date"] for blessing in kept] == [today]
