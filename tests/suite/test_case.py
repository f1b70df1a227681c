"""Cases: what evaluators write is read exactly, and what is wrong is told with its line."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from eval.suite.case import Case
from eval.suite.folder import CasesError, digest, dump_theme, load_suite

GOOD = """\
tema: lavoro
casi:
  - id: lavoro-novanta
    domande: Può lavorare subito?
    profilo: {titolo: richiedente, data_domanda: 2026-07-01, comune: Cuneo}
    esito: risposta
    passaggi: {puo-lavorare#quando: 2}
    fatti: [[90 giorni, novanta giorni], formalizzazione]
    mai: [60 giorni]
    gravita: alta
    etichette: [date]
    autore: valutatore
    data: 2026-11-22
    perche: La regola nuova vale dal 12 giugno 2026.
  - id: lavoro-poi
    domande: ["Può lavorare?", "e a Cuneo?"]
    esito: [silenzio, vicini]
    autore: valutatore
    data: 2026-11-22
    perche: Le guide non dicono nulla su Cuneo.
"""


def suite(folder: Path, text: str, name: str = "lavoro.yaml") -> tuple[Case, ...]:
    (folder / name).write_text(text, encoding="utf-8")
    return load_suite(folder)


def problems(folder: Path, text: str, name: str = "lavoro.yaml") -> list[str]:
    with pytest.raises(CasesError) as rejected:
        suite(folder, text, name)
    return [str(finding) for finding in rejected.value.findings]


def test_a_case_is_read_as_written(tmp_path: Path) -> None:
    """Every Italian key lands in its field, and one text stands for a list of one."""
    first, second = suite(tmp_path, GOOD)
    assert first.turns == ("Può lavorare subito?",)
    assert first.profile.application_date == date(2026, 7, 1)
    assert first.expected == "answered"
    assert first.facts == (("90 giorni", "novanta giorni"), ("formalizzazione",))
    assert first.weight == 3.0
    assert second.question == "e a Cuneo?"
    assert second.outcomes == ("no_answer", "related")


def test_a_theme_written_out_reads_back_the_same(tmp_path: Path) -> None:
    """`dump_theme` and `load_suite` are inverse: saving a suite loses nothing."""
    cases = suite(tmp_path, GOOD)
    assert suite(tmp_path, dump_theme("lavoro", cases)) == cases


def test_digest_ignores_order_and_sees_every_change(tmp_path: Path) -> None:
    """Two runs are comparable when the digest is equal: order is nothing, a word is a change."""
    first, second = suite(tmp_path, GOOD)
    assert digest((first, second)) == digest((second, first))
    assert digest((first, second)) != digest((first.model_copy(update={"why": "x"}), second))


@pytest.mark.parametrize(
    ("broken", "expected"),
    [
        (("esito: risposta", "esito: forse"), "lavoro.yaml:6: «esito»: esito «forse» sconosciuto"),
        (("#quando: 2", "#quando: 9"), "lavoro.yaml:7: «passaggi»: deve essere al massimo 3"),
        (("puo-lavorare#quando", "Può"), "lavoro.yaml:7: «passaggi»: scrivere guida#ancora"),
        (("gravita: alta", "gravita: tanta"), "lavoro.yaml:10: «gravita»: valore non ammesso"),
        (("gravita: alta", "gravità: alta"), "lavoro.yaml:10: «gravità»: chiave sconosciuta"),
        (("id: lavoro-poi", "id: lavoro-novanta"), "lavoro.yaml:15: l'identificativo"),
        (("id: lavoro-poi", "id: Lavoro Poi"), "lavoro.yaml:15: «id»: solo minuscole"),
        (("e a Cuneo?", " "), "lavoro.yaml:16: «domande»: il testo è vuoto"),
        (("    autore: valutatore\n", ""), "lavoro.yaml:3: «autore»: manca questa chiave"),
        (("data: 2026-11-22", "data: ieri"), "lavoro.yaml:13: «data»: deve essere una data"),
        (("mai: [60 giorni]", "mai: [60 giorni"), "lavoro.yaml:10: YAML non valido"),
        (("mai: [60 giorni]", "mai: [a|b]"), "lavoro.yaml:9: «mai»: la barra"),
        (("gravita: alta", "esito: silenzio"), "lavoro.yaml:10: chiave «esito» ripetuta"),
        (("    passaggi: {puo-lavorare#quando: 2}\n", ""), "lavoro.yaml:3: un caso con esito"),
        (("tema: lavoro", "tema: casa"), "lavoro.yaml:1: «tema» deve essere il nome del file"),
    ],
)
def test_a_broken_case_names_its_line(
    tmp_path: Path, broken: tuple[str, str], expected: str
) -> None:
    """Each mistake an evaluator can make is told in Italian, with the line where it stands."""
    assert any(line.startswith(expected) for line in problems(tmp_path, GOOD.replace(*broken)))


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    """Nobody repairs one mistake per run: two files with a mistake each give two findings."""
    (tmp_path / "casa.yaml").write_text("tema: casa\n", encoding="utf-8")
    found = problems(tmp_path, GOOD.replace("gravita: alta", "gravita: x"))
    assert [line.split(":")[0] for line in found] == ["casa.yaml", "lavoro.yaml"]


@pytest.mark.parametrize("text", [b"\xff\xfe", b"", b"- 1\n", b"tema: lavoro\ncasi: 3\n"])
def test_what_is_no_suite_is_refused(tmp_path: Path, text: bytes) -> None:
    """A file of another kind is a finding, never a traceback."""
    (tmp_path / "lavoro.yaml").write_bytes(text)
    with pytest.raises(CasesError):
        load_suite(tmp_path)
