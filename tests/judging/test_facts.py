"""The reader's look at facts beside the program's: what it is shown, and what comes of it."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from made_cross_encoder import made_cross_encoder
from made_runs import case, result, run
from numpy.typing import NDArray
from typer.testing import CliRunner

from chatbot.read.reader import Reader, ReaderError
from eval.__main__ import app
from eval.judging.facts import FactsSeen, look_at_facts, second_look
from eval.runs.result import Run

ANSWER = "Il tirocinio dura sei mesi [1]. Poi si firma.\n- Il contratto."


def told() -> Run:
    """An answer with a fact that is said, one that is not, and a phrase that must never be."""
    cases = [
        case(1, fatti=[["6 mesi", "mezzo anno"], ["questura"]], mai=["contratto"]),
        case(2, esito="silenzio", fatti=[], mai=["90 giorni"]),
    ]
    return run([result(cases[0], answer=ANSWER), result(cases[1], outcome="no_answer")])


class Words:
    """A reader that finds what it was told to find; it remembers what it was shown."""

    digest = "parole"

    def __init__(self, odds: dict[tuple[str, str], float]) -> None:
        self.known, self.shown = odds, list[tuple[str, str]]()

    def odds(self, pairs: Sequence[tuple[str, str]]) -> NDArray[np.float32]:
        self.shown += pairs
        return np.array([self.known.get(pair, -9.0) for pair in pairs], dtype=np.float32)


def test_each_way_is_looked_for_in_each_sentence() -> None:
    """The likeliest counts; silences are not looked at; marks of sources and lists are away."""
    reader = Words({("mezzo anno", "Il tirocinio dura sei mesi."): 2.0,
                    ("questura", "Poi si firma."): 4.0})  # fmt: skip
    seen = look_at_facts(told(), reader, "parole")
    assert {sentence for _, sentence in reader.shown} == {
        "Il tirocinio dura sei mesi.", "Poi si firma.", "Il contratto."
    }  # fmt: skip
    first, second, never = seen.facts
    assert (first.said, first.agreed, first.sentence) == (True, True, "Il tirocinio dura sei mesi.")
    assert first.likely == pytest.approx(1 / (1 + np.exp(-2.0)), abs=1e-6)
    assert (second.said, second.agreed, second.sentence) == (False, False, "Poi si firma.")
    assert (never.never, never.said, never.agreed) == (True, True, False)
    assert [one.ways for one in seen.differing] == [("contratto",), ("questura",)]
    assert (seen.agreement.n, seen.agreement.equal) == (3, pytest.approx(1 / 3))


def test_no_verdict_is_changed() -> None:
    """Whatever the reader finds: it is told beside the run, and the run is what it was."""
    before = told()
    look_at_facts(before, Words({}), "parole")
    assert before == told()


def test_any_cross_encoder_looks(tmp_path: Path) -> None:
    """Its numbers, and what it found is found again for this very reader alone."""
    reader = Reader.load(made_cross_encoder(tmp_path / "model"))
    seen = look_at_facts(told(), reader, "fatto a mano")
    sentences = ["Il tirocinio dura sei mesi.", "Poi si firma.", "Il contratto."]
    odds = reader.odds([("questura", sentence) for sentence in sentences])
    assert len(set(odds.tolist())) == 3
    assert seen.facts[1].likely == pytest.approx(1 / (1 + np.exp(-odds.max())), abs=1e-5)
    assert seen.facts[1].sentence == sentences[int(odds.argmax())]
    seen.save(tmp_path)
    assert FactsSeen.of(told(), reader.digest, tmp_path) == seen
    assert FactsSeen.of(told(), "un altro", tmp_path) is None
    assert FactsSeen.of(told(), reader.digest, tmp_path / "vuota") is None


def test_it_is_asked_once_and_only_where_it_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second report finds what was kept; its name in the report says nothing of the machine."""
    assert second_look(told(), "", tmp_path) is None
    name = made_cross_encoder(tmp_path / "model")
    found = second_look(told(), name, tmp_path / "facts")
    assert found is not None
    assert (found.name, len(found.facts)) == ("model", 3)
    monkeypatch.setattr(Reader, "odds", lambda *_: pytest.fail("asked again"))
    assert second_look(told(), name, tmp_path / "facts") == found
    with pytest.raises(ReaderError, match="non-esiste"):
        second_look(told(), str(tmp_path / "non-esiste"), tmp_path)


def test_the_report_asks_the_reader_of_the_settings(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the command: with a name there is its section, without one there is none."""
    var, page = tmp_path / "var", tmp_path / "resoconto.html"
    told().save(var / "eval" / "runs")
    monkeypatch.setenv("BUSSOLA_VAR", str(var))
    for name, told_of in (("", False), (made_cross_encoder(tmp_path / "model"), True)):
        monkeypatch.setenv("BUSSOLA_READER", name)
        done = CliRunner().invoke(app, ["report", "--output", str(page)])
        assert done.exit_code == 0, done.output
        assert ("cercati anche da un lettore" in page.read_text(encoding="utf-8")) is told_of


def test_an_answer_without_words_says_nothing() -> None:
    """No sentence, no fact."""
    empty = run([result(case(1, mai=[]), answer="")])
    (seen,) = look_at_facts(empty, Words({}), "parole").facts
    assert (seen.likely, seen.sentence, seen.agreed) == (0.0, "", True)
