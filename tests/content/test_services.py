"""The charter of services of this repository, out of the guides and back."""

from __future__ import annotations

import json
from pathlib import Path

from folders import GUIDES

from index.services.read_csv import import_services
from index.services.table import COLUMNS, export_services, services_of


def test_a_round_trip_changes_nothing(tmp_path: Path) -> None:
    """Exported and imported again, every card of the guides is unchanged."""
    file = tmp_path / "tutti.csv"
    cards, _ = services_of(GUIDES)
    file.write_text(export_services(cards, "csv"), encoding="utf-8")
    done = import_services(file, GUIDES, dry_run=True)
    assert len(cards) == len(list((GUIDES / "servizi").glob("*.md")))
    assert [d.outcome for d in done] == ["unchanged"] * len(cards)


def test_every_card_stands_in_the_region_or_says_its_territory() -> None:
    """Points are longitude first and in Piemonte; what has none says where it serves."""
    cards, network = services_of(GUIDES)
    assert all(tuple(row) == COLUMNS for row in json.loads(export_services(cards, "json")))
    features = json.loads(export_services(cards, "geojson", network))["features"]
    points = [feature["geometry"]["coordinates"] for feature in features if feature["geometry"]]
    assert points
    assert all(6 < east < 10 and 44 < north < 47 for east, north in points)
    assert all(f["properties"]["territorio"] for f in features if not f["geometry"])
