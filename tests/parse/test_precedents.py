"""Questions put before: what is read of their files, what is told of a row that leads nowhere."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from guide_texts import sheet

from index.guide import Guide
from index.parse.precedents import COLUMNS, LONGEST, read_precedents
from index.precedent import Lead, Precedent

BODY = (
    "# Prova\n\nIl conto serve a tutti.\n\n## Chi può? {#chi}\n\n"
    "Chi ha un permesso apre il conto di base in ogni banca. Chi non ce l'ha porta la ricevuta.\n"
)
GUIDE = sheet(BODY)
HEAD = ",".join(COLUMNS)


def read(tmp_path: Path, text: str, name: str = "prova.csv") -> tuple[list[Precedent], list[str]]:
    folder = tmp_path / "precedenti"
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(text, encoding="utf-8")
    found, findings = read_precedents(tmp_path, [GUIDE])
    return list(found), [f"{f.line} {f.severity}: {f.message}" for f in findings]


def key_of(guide: Guide, anchor: str, position: int) -> str:
    (section,) = [s for s in guide.sections if s.anchor == anchor]
    return section.units[position].key


def test_a_row_leads_to_a_section_and_to_a_unit(tmp_path: Path) -> None:
    """The first words of a unit name it, with the mark of a cut or without."""
    rows = (
        'mi serve l\'iban,chi,"Chi ha un permesso apre il conto di …"\n'
        "mi serve l'iban,chi,Chi non ce l'ha porta la ricevuta.\n"
        "a chi serve?,inizio,\nquanto costa il bonifico?,,\n"
    )
    found, told = read(tmp_path, f"{HEAD}\n{rows}")
    assert told == []
    assert found == [
        Precedent(
            "mi serve l'iban",
            (
                Lead("prova", "chi", key_of(GUIDE, "chi", 0)),
                Lead("prova", "chi", key_of(GUIDE, "chi", 1)),
            ),
        ),
        Precedent("a chi serve?", (Lead("prova", "prova"),)),
        Precedent("quanto costa il bonifico?"),
    ]


def test_a_sentence_corrected_since_is_the_same(tmp_path: Path) -> None:
    """A letter changed in the guide loses no precedent; another sentence is told, and the whole
    section answers."""
    rows = "posso?,chi,Chi ha il permesso apre il conto di base in ogni banca.\n"
    found, told = read(tmp_path, f"{HEAD}\n{rows}")
    assert told == []
    assert found[0].leads[0].unit == key_of(GUIDE, "chi", 0)
    found, told = read(tmp_path, f"{HEAD}\nposso?,chi,Il prefetto decide entro un anno.\n")
    assert found == [Precedent("posso?", (Lead("prova", "chi"),))]
    assert told == [
        "2 warning: in «chi» non c'è più la frase «Il prefetto decide entro un anno.»: la domanda "
        "porta a tutta la sezione"
    ]


@pytest.mark.parametrize(
    ("text", "name", "words"),
    [
        (f"{HEAD}\nposso?,dove,\n", "prova.csv", "2 warning: nella guida non c'è una sezione"),
        (f"{HEAD}\n,chi,\n", "prova.csv", "2 warning: una domanda ha da 1 a"),
        (f"{HEAD}\n{'a' * (LONGEST + 1)},chi,\n", "prova.csv", "2 warning: una domanda ha da 1 a"),
        (f"{HEAD}\nposso?,chi,\n", "altra.csv", "1 warning: non c'è una guida «altra»"),
        ("domanda;sezione\n", "prova.csv", "1 error: la prima riga dice le colonne"),
        ('"domanda"x,sezione\n', "prova.csv", "1 error: la prima riga dice le colonne"),
        (f'{HEAD}\n"posso?,chi,\n', "prova.csv", "error: la riga non si legge"),
    ],
)
def test_a_row_that_leads_nowhere_is_told(tmp_path: Path, text: str, name: str, words: str) -> None:
    """At its line, and left out."""
    found, told = read(tmp_path, text, name)
    assert found == []
    assert any(words in line for line in told), told


def test_a_folder_without_precedents_has_none(tmp_path: Path) -> None:
    """Nobody needs to write any."""
    assert read_precedents(tmp_path, [GUIDE]) == ((), [])


def test_a_name_that_the_guide_had_is_its_own(tmp_path: Path) -> None:
    """Whoever renames a guide and not this file loses no question."""
    (tmp_path / "precedenti").mkdir()
    (tmp_path / "precedenti/vecchia.csv").write_text(f"{HEAD}\na chi serve?,chi,\n", "utf-8")
    found, findings = read_precedents(tmp_path, [replace(GUIDE, former_names=("vecchia",))])
    assert (found, findings) == ((Precedent("a chi serve?", (Lead("prova", "chi"),)),), [])
