"""Rows and figures of a measured collection, and what the report makes of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.collections.measured import Measured, MeasureError, Row, read_measured
from eval.collections.register import Collection, ReadingMark
from eval.report.collections import brief, chapters, proof, share
from eval.runs import metrics


def collection(name: str = "a", use: str = "scelta", **changes: object) -> Collection:
    made = Collection.model_validate(
        {"nome": name, "titolo": name, "tipo": "domande", "file": "a", "uso": use,
         "scritta_da": "altri"}
    )  # fmt: skip
    return made.model_copy(update=changes)


ROWS = (
    Row(
        id="1", values={"right": 1, "answered_right": 1, "wrong_given": 0}, groups={"lingua": "it"}
    ),
    Row(id="2", values={"right": 0, "answered_right": 0}, groups={"lingua": "it"}),
    Row(id="3", values={"right": 0, "wrong_given": 1}, groups={"lingua": "fr"}),
    Row(id="4", values={"right": 1, "rightly_silent": 1}, groups={"lingua": "fr"}),
)


def measured(**changes: object) -> Measured:
    made = Measured(collection=collection(), snapshot="s", at="2026-11-30T00:00:00", rows=ROWS)
    return made.model_copy(update=changes)


def test_figures_by_hand() -> None:
    """A measure counts the rows it applies to, with Wilson's interval; groups likewise."""
    figures = measured().figures
    assert (figures["right"].value, figures["right"].n) == (0.5, 4)
    assert (figures["right"].low, figures["right"].high) == metrics.wilson(2, 4)
    assert (figures["answered_right"].value, figures["answered_right"].n) == (0.5, 2)
    n, italian = measured().groups["lingua"]["it"]
    assert (n, italian["wrong_given"].value) == (2, 0.0)


def test_wilson_by_hand() -> None:
    """Ten of ten: (1 + z²/2n ± …) / (1 + z²/n) is 0.7225 to 1; none of none says nothing."""
    assert metrics.wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-4)
    assert metrics.wilson(0, 0) == (0.0, 1.0)
    assert metrics.interval([1.0] * 10) == metrics.wilson(10, 10)
    assert metrics.interval([0.5, 0.5]) == (0.5, 0.5)


def test_what_was_measured_is_told_in_the_order_of_the_register(tmp_path: Path) -> None:
    """With what the register says today: a reading counts at once."""
    for name in ("a", "z"):
        measured(collection=collection(name, "prova")).save(tmp_path)
    mark = ReadingMark(collection="z", on="2026-11-30", why="letta per riparare")  # type: ignore[arg-type]
    register = (collection("z", "prova", readings=(mark,)), collection("a", "prova"))
    found = read_measured(tmp_path, register)
    assert [one.collection.name for one in found] == ["z", "a"]
    assert [one.collection.proves for one in found] == [False, True]
    (tmp_path / "a.json").write_text("{", encoding="utf-8")
    with pytest.raises(MeasureError, match=r"a\.json"):
        read_measured(tmp_path, register)


def test_a_section_tells_the_worst_first() -> None:
    """An answer without anything right before a silence that was not due."""
    (section,) = chapters([measured()])
    assert [row.id for row in section.failed] == ["3", "2"]
    assert [name for name, _ in section.rows][:2] == ["right", "answered_right"]
    assert share(section.rows[0][1]) == "50 % (15–85)"


def test_the_first_lines_say_what_people_get() -> None:
    """Of the first collection of each kind, and only what it measures."""
    rows = (*ROWS, Row(id="5", values={"answered_right": 0, "some": 1, "silent": 0}))
    asked = measured(rows=rows)
    assert brief([asked, measured()]) == [
        "Su 100 domande di persone a cui le guide rispondono, 100 hanno almeno un pezzo giusto di "
        "risposta, 33 la risposta intera; 0 restano senza.",
        "Quando Bussola risponde, 50 volte su 100 non dice niente di giusto: prima di seguirla si "
        "apre la fonte.",
        "Quando le guide non dicono la cosa, 100 volte su 100 Bussola lo riconosce e tace; le "
        "altre risponde lo stesso.",
    ]
    dangers = (Row(id="1", values={"found": 1}), Row(id="2", values={"alarm": 0}))
    (told,) = brief([measured(collection=collection(kind="pericoli"), rows=dangers)])
    assert told.startswith("Di 100 situazioni di pericolo ne riconosce 100")
    assert brief([]) == []


def test_only_a_proof_is_called_one() -> None:
    """The sentence over the figures."""
    assert "Nessuna di queste cifre" in proof([measured()])
    assert proof([measured(collection=collection("nuove", "prova"))]).endswith("di: nuove.")
