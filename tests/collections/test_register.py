"""The register: what each collection can prove, and what a reading takes from it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eval.beir import DataError
from eval.collections.register import Collection, mark_read, read_register

DAY = date(2026, 11, 30)
PROOF = """
- nome: nuove
  titolo: Nuove
  tipo: domande
  file: nuove.jsonl
  uso: prova
  scritta_da: altri
"""


def test_the_register_names_files_that_are_there() -> None:
    """Each collection of this repository has its file, its author and what it was used for."""
    for one in read_register():
        assert one.path.is_file(), one.name
        assert one.author
        assert one.used_for or one.use == "prova"


def test_people_come_first_then_guides_of_others() -> None:
    """The order of the register is that of the report."""
    names = [one.name for one in read_register() if one.measured]
    assert names[:5] == [
        "dev-people",
        "dev-danger",
        "dev-followups",
        "dev-smalltalk",
        "pa-digitale",
    ]


@pytest.mark.parametrize("use", ["pratica", "scelta"])
def test_what_was_used_to_fit_or_choose_proves_nothing(use: str) -> None:
    """Whatever else is said of it; what was learnt from is not even measured."""
    one = Collection(nome="a", titolo="A", tipo="domande", file=Path("a"), uso=use,
                     scritta_da="altri", servita_a=("i pesi",))  # type: ignore[arg-type] # fmt: skip
    assert not one.proves
    assert one.standing == "Non è una prova: è servita per i pesi."
    assert one.measured is (use == "scelta")


def test_a_reading_takes_its_place_as_a_test(tmp_path: Path) -> None:
    """Until somebody reads it item by item it proves; then never again, and the page says why."""
    register, read = tmp_path / "register.yaml", tmp_path / "read.jsonl"
    register.write_text(PROOF, encoding="utf-8")
    assert [one.proves for one in read_register(register, read)] == [True]
    mark_read("nuove", "cercato perché tace in francese", DAY, read)
    (one,) = read_register(register, read)
    assert not one.proves
    assert "30/11/2026" in one.standing
    assert "tace in francese" in one.standing
    assert one.path == tmp_path / "nuove.jsonl"


def test_a_reading_without_a_reason_is_refused(tmp_path: Path) -> None:
    """And nothing is written."""
    with pytest.raises(DataError):
        mark_read("nuove", "così", DAY, tmp_path / "read.jsonl")
    assert list(tmp_path.iterdir()) == []


def test_a_broken_register_is_named(tmp_path: Path) -> None:
    """The file, in the message."""
    (tmp_path / "register.yaml").write_text("- nome: solo", encoding="utf-8")
    with pytest.raises(DataError, match=r"register\.yaml"):
        read_register(tmp_path / "register.yaml", tmp_path / "read.jsonl")
