"""The charter that a browser downloads is the table that `import-services` reads."""

from __future__ import annotations

import csv
import io
import shutil
from datetime import datetime
from pathlib import Path

import pytest
from folders import MADE

from chatbot.pages.charter import Found, ServiceFilter, as_csv, as_geojson, find_services
from index.services.read_csv import import_services
from index.services.table import COLUMNS, inert, plain, services_of


def found() -> list[Found]:
    cards, network = services_of(MADE)
    return find_services(cards, ServiceFilter(), datetime(2026, 11, 30, 10), network.places)


def test_what_is_downloaded_can_be_imported_and_changes_nothing(tmp_path: Path) -> None:
    """All the cards, whatever their order, into the folder that they come from."""
    guides = shutil.copytree(MADE, tmp_path / "guides")
    file = tmp_path / "servizi.csv"
    file.write_text(as_csv(found()), encoding="utf-8")
    done = import_services(file, guides)
    assert len(done) == len(services_of(MADE)[0]) > 0
    assert {card.outcome for card in done} == {"unchanged"}


def test_an_edit_in_the_table_changes_its_card(tmp_path: Path) -> None:
    """What an office sends back corrected is taken in."""
    guides = shutil.copytree(MADE, tmp_path / "guides")
    rows = list(csv.DictReader(io.StringIO(as_csv(found()).removeprefix("\ufeff"))))
    rows[0]["orari"] = "lun-ven 8-12"
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS)
    writer.writeheader()
    writer.writerows(rows)
    file = tmp_path / "servizi.csv"
    file.write_text(out.getvalue(), encoding="utf-8")
    changed = [card.path for card in import_services(file, guides) if card.outcome == "changed"]
    assert changed == [f"servizi/{rows[0]['nome_file']}.md"]


@pytest.mark.parametrize(
    ("cell", "shown"),
    [
        ("=1+1", "'=1+1"), ("@SUM(A1)", "'@SUM(A1)"), ("-2", "'-2"), ("'=x", "''=x"),
        ("+39 011 123; +39 011 456", "+39 011 123; +39 011 456"), ("Via Po 1", "Via Po 1"),
        ("'80", "'80"), ("", ""),
    ],
)  # fmt: skip
def test_no_cell_is_a_formula_and_each_comes_back(cell: str, shown: str) -> None:
    """An apostrophe before what a spreadsheet would work out; taken off when it is read."""
    assert (inert(cell), plain(inert(cell))) == (shown, cell)


def test_the_map_has_the_columns_of_the_table() -> None:
    """One GeoJSON: the columns, where the point comes from, and the page of each card."""
    for feature in as_geojson(found())["features"]:
        assert tuple(feature["properties"]) == (*COLUMNS, "posizione", "guida")
        assert (feature["geometry"] is None) == (feature["properties"]["posizione"] is None)
