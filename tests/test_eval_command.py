"""The commands: exit codes, JSON on standard output, and each one in the evaluators' guide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import typer
from folders import ROOT
from typer.testing import CliRunner

from eval.__main__ import app
from eval.beir import Beir, read_beir, write_beir
from eval.benchmarks.peer import build_peer
from eval.benchmarks.retrieval import Bench, benchmark
from eval.runs.result import Run
from eval.suite.case import Case
from eval.suite.folder import dump_theme
from index.encode.encoder import Encoder

TEXTS = {
    "bollo": "La marca da bollo per il permesso costa sedici euro.",
    "tirocinio": "Il tirocinio dura al massimo sei mesi per chi è disoccupato.",
    "medico": "Il medico di famiglia si sceglie allo sportello dell'azienda sanitaria.",
    "scuola": "La scuola è un obbligo per tutti i minori presenti in Italia.",
    "casa": "La domanda per la casa popolare si presenta quando esce il bando del Comune.",
    "banca": "La banca apre il conto di base anche a chi non ha la residenza.",
}
QUERIES = {
    "bollo": "Quanto costa la marca da bollo?",
    "tirocinio": "Quanti mesi può durare un tirocinio?",
    "medico": "Dove si sceglie il medico?",
}


@pytest.fixture
def invoke(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command with everything generated in an empty folder."""
    monkeypatch.setenv("BUSSOLA_VAR", str(tmp_path / "var"))
    return lambda *words: CliRunner().invoke(app, list(words))


def cases_in(folder: Path) -> Path:
    plain = {
        "id": "uno", "tema": "lavoro", "domande": "Può?", "esito": "silenzio",
        "autore": "valutatore", "data": "2026-11-22", "perche": "prova",
    }  # fmt: skip
    folder.mkdir(exist_ok=True)
    text = dump_theme("lavoro", [Case.model_validate(plain)])
    (folder / "lavoro.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize(
    "words",
    [
        ["benchmark", "retrieval"],
        ["benchmark", "retrieval", "--corpus", "/non/esiste"],
        ["benchmark", "retrieval", "--corpus", ".", "--peer", "altro"],
        ["benchmark", "reading"],
        ["compare"],
        ["bless"],
        ["magia"],
        ["run", "--seed", "-1"],
    ],
)
def test_wrong_usage_exits_with_2(invoke: Any, words: list[str]) -> None:
    """A mistake in the command itself is told apart from a finding."""
    assert invoke(*words).exit_code == 2


@pytest.mark.parametrize(
    "words", [["run"], ["check"], ["report"], ["compare", "a", "b"], ["bless", "--reason", "x y z"]]
)
def test_what_is_missing_is_told_in_words(invoke: Any, words: list[str]) -> None:
    """Without a snapshot or a run: exit 1 and a sentence, never a traceback."""
    result = invoke(*words)
    assert result.exit_code == 1
    assert not result.exception or isinstance(result.exception, SystemExit)


def test_broken_cases_exit_with_1(invoke: Any, tmp_path: Path) -> None:
    """Cases that cannot be read stop the run before anything is asked."""
    folder = cases_in(tmp_path / "casi")
    (folder / "lavoro.yaml").write_text("tema: lavoro\ncasi: [{id: x}]\n", encoding="utf-8")
    result = invoke("check", "--cases", str(folder))
    assert result.exit_code == 1
    assert "lavoro.yaml:2" in result.output


def test_a_sheet_goes_out_and_comes_back(invoke: Any, tmp_path: Path) -> None:
    """Export, then import into an empty folder: the same file to the byte."""
    folder = cases_in(tmp_path / "casi")
    for form in ("csv", "xlsx"):
        sheet = tmp_path / f"casi.{form}"
        assert invoke("export", str(sheet), "--format", form, "--cases", str(folder)).exit_code == 0
        copy = tmp_path / form
        copy.mkdir()
        assert invoke("import", str(sheet), "--cases", str(copy)).exit_code == 0
        assert (copy / "lavoro.yaml").read_bytes() == (folder / "lavoro.yaml").read_bytes()


def test_comparing_runs_without_a_loss_exits_with_0(invoke: Any, tmp_path: Path) -> None:
    """The JSON of a comparison is one object on standard output."""
    runs = tmp_path / "var" / "eval" / "runs"
    for name in ("a", "b"):
        Run(id=name, created="c", snapshot="s", digest="d", seed=0, results=()).save(runs)
    result = invoke("compare", "a", "b", "--json")
    assert result.exit_code == 0
    assert json.loads(result.stdout)["regressions"] == []


def test_every_command_is_in_the_guide() -> None:
    """A command that evaluators cannot read about does not exist for them."""
    guide = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    group = typer.main.get_command(app)
    names = set(group.commands)  # type: ignore[attr-defined]
    inner = set(group.commands["benchmark"].commands)  # type: ignore[attr-defined]
    missing = [name for name in names if f"eval {name}" not in guide]
    missing += [name for name in inner if f"benchmark {name}" not in guide]
    assert missing == []


@pytest.fixture(scope="module")
def figures(model_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """The benchmark on six passages, with the peer and one question that nothing answers."""
    folder = tmp_path_factory.mktemp("beir")
    write_beir(
        Beir(tuple(TEXTS), ("",) * len(TEXTS), tuple(TEXTS.values()), QUERIES,
             {name: {name: 1} for name in QUERIES}),
        folder,
    )  # fmt: skip
    data = read_beir(folder)
    bench = Bench(data, Encoder.load(model_dir))
    peer = build_peer(model_dir, data.ids, data.titles, data.texts)
    return benchmark(bench, {"u1": "Chi ha vinto il campionato di calcio?"}, peer)


def test_the_retrieval_benchmark_has_the_agreed_shape(figures: dict[str, Any]) -> None:
    """Every key that programs read, the peer's too, and numbers that JSON can hold."""
    measures = {"R@1", "R@3", "R@5", "R@10", "MRR@10", "nDCG@10", "p50_ms", "p95_ms"}
    for name in ("bm25", "dense", "hybrid", "full", "llama-index"):
        assert set(figures[name]) == measures
    assert {"AUROC", "F1"} <= set(figures["abstention"])
    assert "AUROC" in figures["abstention_hard"]
    assert (figures["n_queries"], figures["n_passages"]) == (3, 6)
    json.dumps(figures, allow_nan=False)


def test_the_stages_find_what_is_there(figures: dict[str, Any]) -> None:
    """Easy questions over six passages: each stage, alone and together, finds its passage."""
    for name in ("bm25", "dense", "hybrid", "full", "llama-index"):
        assert figures[name]["R@1"] == 1.0
        assert figures[name]["p50_ms"] > 0
