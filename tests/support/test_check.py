"""The check of sentences against their units, and the collection it is measured on."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from eval.beir import DataError
from eval.bussola import app
from eval.collections.item import FOLDER
from eval.support.check import unsupported
from eval.support.pairs import Pair, benchmark, read_pairs

UNIT = (
    "Il richiedente che vive in un CAS deve rientrare la notte, salvo permesso del prefetto, e può"
    " lavorare dopo 60 giorni dalla domanda, se il ritardo non dipende da lui."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "Il richiedente che vive in un CAS deve rientrare la notte, salvo permesso del prefetto.",
        "Può lavorare dopo sessanta giorni dalla domanda, se il ritardo non dipende da lui.",
    ],
)
def test_what_the_unit_says_is_supported(sentence: str) -> None:
    """A part of it, a number in letters."""
    assert unsupported(sentence, [UNIT]) == ""


@pytest.mark.parametrize(
    ("sentence", "why"),
    [
        ("Il richiedente può lavorare dopo 90 giorni dalla domanda.", "numero"),
        ("Il richiedente che vive in un CAS non deve rientrare la notte.", "negazione"),
        ("Il richiedente deve sempre rientrare la notte.", "all"),
        ("Il richiedente può lavorare prima di 60 giorni.", "before"),
        ("Il richiedente deve rientrare la notte, salvo permesso del sindaco.", "parola"),
        ("Il richiedente deve rientrare anche se ha il permesso del prefetto.", "even"),
        ("The asylum seeker must return at night.", "parola"),
    ],
)
def test_what_it_does_not_say_is_told_with_its_reason(sentence: str, why: str) -> None:
    """A number, a negation, a condition, a person, another language."""
    assert unsupported(sentence, [UNIT]) == why


def test_the_collection_is_what_it_says() -> None:
    """600 pairs, half of each, every kind of change, translations, and units that are whole."""
    pairs = read_pairs(FOLDER / "support.jsonl")
    assert len({pair.id for pair in pairs}) == len(pairs) >= 600
    assert Counter(pair.supported for pair in pairs) == {True: 300, False: 300}
    assert {p.kind for p in pairs if not p.supported} == {
        "numero", "negazione", "condizione", "persona", "data", "ambito", "mescolate", "mondo",
        "istruzioni",
    }  # fmt: skip
    assert {p.language for p in pairs} >= {"it", "en", "fr", "es", "uk"}
    assert all(all(pair.units) and pair.sentence for pair in pairs)
    texts = Counter(pair.sentence for pair in pairs)
    assert [text for text, n in texts.items() if n > 1] == []


def test_figures_are_of_each_part() -> None:
    """A check that lets all through finds all that is supported, and nothing else."""
    pairs = [
        Pair("a", ("u",), "s", True, "paraphrase", "it", "dev"),
        Pair("b", ("u",), "t", False, "numero", "it", "dev"),
        Pair("c", ("u",), "v", True, "translation", "en", "test"),
    ]
    found = benchmark(pairs, lambda sentence, units: "")
    assert found["dev"]["supported"] == 1.0
    assert found["dev"]["unsupported"] == 0.0
    assert found["dev"]["by"] == {"numero": 0.0, "paraphrase": 1.0}
    assert (found["test"]["n"], found["test"]["supported_it"]) == (1, 0.0)


def test_the_command_prints_both_parts(tmp_path: Path) -> None:
    """As JSON; a file without pairs is told."""
    done = CliRunner().invoke(app, ["eval", "benchmark", "support", "--json"])
    assert done.exit_code == 0, done.output
    assert set(json.loads(done.output)) == {"dev", "test"}
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    with pytest.raises(DataError):
        read_pairs(empty)
