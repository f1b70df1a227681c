"""What is wrong in the files of a network is told with file and line, and not published."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from networks import OTHER

from index.encode.encoder import Encoder
from index.finding import GuidesRejected
from index.network import NEUTRAL
from index.parse.network_folder import read_network
from index.publish.build import build


@pytest.mark.parametrize(
    ("file", "change", "told"),
    [
        ("titoli.yaml", ("id: mozzo", "id: Mozzo"), "rete/titoli.yaml:1: «0.id» non ha la forma"),
        ("titoli.yaml", ("id: nostromo", "id: mozzo"), "rete/titoli.yaml:8: «mozzo» c'è già"),
        ("titoli.yaml", ("nostrom(o|i)", "nostrom(o|i"), "rete/titoli.yaml:13: «nostrom(o|i»"),
        ("titoli.yaml", ("frasi", "frase"), "chiave sconosciuta"),
        ("riforme.yaml", ("[nostromo]", "[capitano]"), "rete/riforme.yaml:9: «capitano» non è"),
        ("riforme.yaml", ("2031-03-01", "domani"), "rete/riforme.yaml:2: «0.giorno» deve essere"),
        ("rete.yaml", ("Pacific/Auckland", "Borealia"), "rete/rete.yaml:5: «Borealia» non è un"),
        ("rete.yaml", ("source:", "fonte:"), "rete/rete.yaml:12: «fonte» non è una regola"),
        ("rete.yaml", ("nome: Cap", "nome: [Cap"), "rete/rete.yaml:"),
        ("rete.yaml", ("nome: Cap", "recapiti: {sito: rete.it}\nnome: Cap"), "«recapiti.sito»"),
        ("rete.yaml", ("nome: Cap", "recapiti: {telefono: '11'}\nnome: Cap"), "«11» non è un"),
        ("luoghi.csv", ("Scogliera,Nordia", "Scogliera,"), "rete/luoghi.csv:4: ogni riga ha"),
        ("luoghi.csv", ("nome,", '"nome"x,'), "rete/luoghi.csv:1: la riga non si legge"),
        ("luoghi.csv", ("nome,", "comune,"), "rete/luoghi.csv:1: manca la colonna «nome»"),
        ("risposte.yaml", ("sezione:", "rivolgersi_a: tu\n  sezione:"), "rete/risposte.yaml:1: "),
        ("avvisi.yaml", ("[reti]", "[vela]"), "rete/avvisi.yaml:3: «vela» non è fra i bisogni"),
        ("avvisi.yaml", ("bisogni: [reti]", "guide: []"), "rete/avvisi.yaml:1: "),
        ("compiti.yaml", ("id: porto", "id: mare"), "rete/compiti.yaml:3: «mare» c'è già"),
        ("compiti.yaml", ("guide: [licenza", "guida: [licenza"), "chiave sconosciuta"),
        ("norme.yaml", ("art. #", "art. #[|"), "rete/norme.yaml:1: «codice dei porti"),
    ],
)
def test_what_is_wrong_is_told_with_file_and_line(
    tmp_path: Path, file: str, change: tuple[str, str], told: str
) -> None:
    shutil.copytree(OTHER, tmp_path / "guide")
    path = tmp_path / "guide/rete" / file
    text = path.read_text("utf-8")
    assert change[0] in text
    path.write_text(text.replace(*change, 1), encoding="utf-8")
    network, findings = read_network(tmp_path / "guide")
    assert network is NEUTRAL
    assert any(told in str(finding) for finding in findings), findings


def test_a_wrong_network_is_not_published(tmp_path: Path, encoder_of_all: Encoder) -> None:
    shutil.copytree(OTHER, tmp_path / "guide")
    (tmp_path / "guide/rete/titoli.yaml").write_text("- id: 1", encoding="utf-8")
    with pytest.raises(GuidesRejected, match=r"rete/titoli\.yaml:1"):
        build(tmp_path / "guide", tmp_path / "var", encoder_of_all)


def test_without_its_folder_a_network_is_neutral(tmp_path: Path) -> None:
    """No titles, no reforms, no places; and a missing file is a file that says nothing."""
    assert read_network(tmp_path) == (NEUTRAL, [])
    (tmp_path / "rete").mkdir()
    shutil.copy(OTHER / "rete/bisogni.yaml", tmp_path / "rete")
    network, findings = read_network(tmp_path)
    assert findings == []
    assert (list(network.needs_shown), network.titles, network.reforms) == (
        ["barche", "reti"],
        (),
        (),
    )
