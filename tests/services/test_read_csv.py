"""The charter of services in and out of a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from folders import MADE
from networks import with_network
from small import copy_of
from typer.testing import CliRunner

from index.__main__ import app
from index.check.rules import check_folder
from index.errors import BussolaError
from index.services.read_csv import ImportRejected, import_services
from index.services.table import COLUMNS, export_services, services_of

ROW = {
    "nome": "Sportello Casa *Alba*",
    "descrizione": "Lo sportello Casa aiuta chi cerca casa in affitto ad Alba.",
    "bisogni": "casa; tutele",
    "comune": "Alba",
    "indirizzo": "Via Roma 1",
    "telefono": "0173 123456; 333 1234567",
    "fonte": "Comune di Alba, elenco del 2026",
    "verificato_il": "2026-11-20",
}


def table(folder: Path, *rows: dict[str, str], delimiter: str = ",", mark: str = "") -> Path:
    out = io.StringIO(newline="")
    columns = list(dict.fromkeys(column for row in rows for column in row))
    writer = csv.DictWriter(out, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    path = folder / "servizi.csv"
    path.write_text(mark + out.getvalue(), encoding="utf-8")
    return path


@pytest.mark.parametrize(("delimiter", "mark"), [(",", ""), (";", "\ufeff")])
def test_a_row_becomes_a_card(tmp_path: Path, delimiter: str, mark: str) -> None:
    """A row of a spreadsheet, commas or semicolons, becomes a card without findings, its signs
    shown as written; what is not said is not invented."""
    guides = tmp_path / "guides"
    (done,) = import_services(table(tmp_path, ROW, delimiter=delimiter, mark=mark), guides)
    assert (done.path, done.outcome) == ("servizi/sportello-casa-alba.md", "created")
    (card,), findings = check_folder(guides)
    assert findings == []
    assert card.title == "Sportello Casa *Alba*"
    assert card.service is not None
    assert [c.value for c in card.service.contacts] == ["0173 123456", "333 1234567"]
    assert (card.service.status, card.service.hours) == ("da verificare", None)
    assert card.needs == ("casa", "tutele")
    assert (card.review_by - card.verified_on).days == 180


def test_importing_twice_is_importing_once(tmp_path: Path) -> None:
    """The second time nothing changes, not even a byte; a dry run writes nothing."""
    guides, file = tmp_path / "guides", table(tmp_path, ROW)
    assert import_services(file, guides, dry_run=True)[0].outcome == "created"
    assert not guides.exists()
    import_services(file, guides)
    before = (guides / "servizi/sportello-casa-alba.md").stat()
    assert [d.outcome for d in import_services(file, guides)] == ["unchanged"]
    assert (guides / "servizi/sportello-casa-alba.md").stat().st_mtime_ns == before.st_mtime_ns
    assert import_services(table(tmp_path, ROW | {"orari": "9-12"}), guides)[0].outcome == "changed"


def test_what_an_editor_added_stays(tmp_path: Path) -> None:
    """Sections, keywords and further sources of a card survive a change of its row."""
    guides = with_network(copy_of(MADE / "servizi", tmp_path / "guides/servizi").parent)
    exported = tmp_path / "out.csv"
    exported.write_text(export_services(services_of(guides)[0], "csv"), encoding="utf-8")
    text = exported.read_text("utf-8").replace("lun-gio 9-13", "lun-ven 9-13")
    exported.write_text(text, encoding="utf-8")
    changed = [d.path for d in import_services(exported, guides) if d.outcome == "changed"]
    assert changed == ["servizi/upm-torino.md"]
    before = (MADE / "servizi/upm-torino.md").read_text("utf-8")
    after = (guides / "servizi/upm-torino.md").read_text("utf-8")
    assert before[before.index("## ") :] == after[after.index("## ") :]
    assert "responsabile: redazione di prova" in after


def test_a_round_trip_changes_nothing(tmp_path: Path) -> None:
    """Exported and imported again, every card of the guides is unchanged."""
    file = tmp_path / "tutti.csv"
    cards, _ = services_of(MADE)
    file.write_text(export_services(cards, "csv"), encoding="utf-8")
    done = import_services(file, MADE, dry_run=True)
    assert [d.outcome for d in done] == ["unchanged"] * len(cards)
    assert len(cards) == len(list((MADE / "servizi").glob("*.md")))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"comune": "Albba"}, "non è fra i 1179 comuni"),
        ({"nome": ""}, "manca «nome»"),
        ({"bisogni": "casetta"}, "«bisogni.0»: valore non ammesso"),
        ({"telefono": "12"}, "non è un numero di telefono"),
        ({"verificato_il": "11/20/2026"}, "deve essere una data"),
        ({"verificato_il": "46346"}, "forse 2026-11-20"),
        ({"verificato_il": "#######"}, "scrivilo di nuovo"),
        ({"telefono": "114321000"}, "forse 0114321000?"),
        ({"telefono": "0173 123456; 114321000.0"}, "forse 0114321000?"),
        ({"telefono": "321374567"}, "forse 0321374567?"),
        ({"telefono": "390114321000"}, "forse +390114321000?"),
        ({"telefono": "800290290.0"}, "forse 800290290?"),
        ({"telefono": "1,14E+08"}, "non è più un numero"),
        ({"orari": "09-dic"}, "è una data"),
        ({"indirizzo": "Piazza Libert\u00c3\u00a0 2"}, "forse «Piazza Libertà 2»"),
        ({"comune": "San Martino"}, "non è fra i 1179 comuni"),
        ({"fonte_url": "www senza schema"}, "non ha la forma giusta"),
        ({"stato": "boh"}, "«stato»: valore non ammesso"),
        ({"nome_file": "../../etc/passwd"}, "«nome_file»"),
    ],
)
def test_a_bad_row_is_told_at_its_line(tmp_path: Path, change: dict[str, str], words: str) -> None:
    """A bad row is named by file and line, and no row is written."""
    rows = (ROW, ROW | {"nome": "Due\nrighe"}, ROW | {"nome": "Altro"} | change)
    columns = dict.fromkeys(("nome_file", "fonte_url", "stato", "orari"), "")
    file = table(tmp_path, *(columns | row for row in rows))
    with pytest.raises(ImportRejected) as told:
        import_services(file, with_network(tmp_path / "guides"))
    found = [f for f in told.value.findings if f.line == 5]
    assert any(words in f.message for f in found), told.value.findings
    assert not (tmp_path / "guides/servizi").exists()


def test_two_rows_for_one_file(tmp_path: Path) -> None:
    """Two services of the same name need a `nome_file`."""
    with pytest.raises(ImportRejected, match="un'altra riga scrive già"):
        import_services(table(tmp_path, ROW, ROW), tmp_path / "guides")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"nome,descrizione\n", "manca la colonna «bisogni»"),
        (b"nome,descrizione,bisogni,fonte,verificato_il,colore\n", "sconosciuta «colore»"),
        (b"nome;descrizione;bisogni;fonte;verificato_il;Telefoni\n", "forse «telefono»"),
        (b"nome;descrizione;bisogni;fonte;verificato_il;Nome \n", "«Nome» c'è due volte"),
        ("nome,è\n".encode("mac_roman"), "CSV UTF-8"),
        ("nome,è\n".encode("utf-16-le"), "CSV UTF-8"),
        (b"PK\x03\x04 e basta", "non è una cartella di Excel"),
        (b"", "manca la colonna"),
    ],
)
def test_a_file_that_is_no_table(tmp_path: Path, content: bytes, words: str) -> None:
    """Wrong columns and encodings are told in one sentence."""
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(BussolaError, match=words):
        import_services(tmp_path / "a.csv", tmp_path / "guides")
    with pytest.raises(BussolaError, match="non si legge"):
        import_services(tmp_path / "nulla.csv", tmp_path / "guides")


def test_exports() -> None:
    """JSON has the documented columns; GeoJSON follows RFC 7946, longitude first, and says that
    the point is the municipality's."""
    cards, network = services_of(MADE)
    rows = json.loads(export_services(cards, "json"))
    assert all(tuple(row) == COLUMNS for row in rows)
    found = json.loads(export_services(cards, "geojson", network))
    assert found["type"] == "FeatureCollection"
    points = [f for f in found["features"] if f["geometry"]]
    assert points
    for feature in points:
        longitude, latitude = feature["geometry"]["coordinates"]
        assert 6 < longitude < 10
        assert 44 < latitude < 47
        assert feature["properties"]["posizione"] == "centro del comune"
    assert {f["properties"]["territorio"] for f in found["features"] if not f["geometry"]}


def test_commands(tmp_path: Path) -> None:
    """The commands say what they did, exit 1 on a bad file and 2 on a bad format."""
    run, guides = CliRunner(), str(with_network(tmp_path / "guides"))
    file = table(tmp_path, ROW)
    done = run.invoke(app, ["import-services", str(file), "--guides", guides])
    assert (done.exit_code, done.stdout) == (0, "nuovo  servizi/sportello-casa-alba.md\n")
    out = tmp_path / "carta.geojson"
    assert run.invoke(app, ["export-services", str(out), "--guides", guides]).exit_code == 0
    assert json.loads(out.read_text("utf-8"))["features"][0]["id"] == "sportello-casa-alba"
    bad = table(tmp_path, ROW | {"comune": "Altrove"})
    told = run.invoke(app, ["import-services", str(bad), "--guides", guides])
    assert told.exit_code == 1
    assert told.stdout.startswith("servizi.csv:2: «Altrove» non è fra")
    assert run.invoke(app, ["export-services", "x.pdf", "--guides", guides]).exit_code == 2
