"""The charter of services as a table: XLSX and CSV for spreadsheets, JSON, GeoJSON for maps.

The columns are told in docs/services.md. A cell with several values holds them separated by
semicolons.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import yaml

from index.guide import Guide, Source
from index.network import NEUTRAL, Network
from index.parse.folder import read_guides
from index.parse.guide_file import CONTACT_LABELS
from index.parse.network_folder import read_network
from index.places import Municipality, Places

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # ten times as fast, where it was built
_FORMULA = re.compile(r"'*[=+\-@\t\r]")
_PHONES = re.compile(r"\+[+0-9 ;/]*")
# what a spreadsheet takes for a quantity or a day: a telephone with its zero or its «+», «9-12»
_CHANGED = re.compile(r"'*(\+\d+|0\d+|\d{12,}|\d{1,2}[-/]\d{1,2}([-/]\d{1,4})?)")
FORMATS = ("csv", "xlsx", "json", "geojson")
COLUMNS = (
    "nome_file", "nome", "descrizione", "ente", "bisogni", "per_chi", "territorio", "comune",
    "area", "indirizzo", "orari", "lingue", "accesso", *CONTACT_LABELS, "stato", "fonte",
    "fonte_url", "verificato_il", "rivedere_entro",
)  # fmt: skip


def to_row(guide: Guide) -> dict[str, str]:
    """A card as a row of the CSV."""
    service = guide.service
    assert service is not None
    facts = front_matter(guide.markdown)
    source = guide.sources[0] if guide.sources else Source("")
    row = dict.fromkeys(COLUMNS, "") | {
        "nome_file": guide.slug, "nome": guide.title,
        "descrizione": _description(guide) or service.body,
        "ente": facts.get("ente", ""), "bisogni": "; ".join(guide.needs),
        "per_chi": "; ".join(guide.audience), "territorio": guide.territory,
        "comune": service.municipality or "", "area": "; ".join(service.area),
        "indirizzo": service.address or "", "orari": service.hours or "",
        "lingue": "; ".join(service.languages), "accesso": service.access or "",
        "stato": service.status, "fonte": source.title, "fonte_url": source.url or "",
        "verificato_il": guide.verified_on.isoformat() if guide.verified_on else "",
        "rivedere_entro": guide.review_by.isoformat() if guide.review_by else "",
    }  # fmt: skip
    for kind in CONTACT_LABELS:
        row[kind] = "; ".join(c.value for c in service.contacts if c.kind == kind)
    return row


def front_matter(text: str) -> dict[str, Any]:
    """The heading of a guide as its editor wrote it; empty when it cannot be read."""
    match = re.match(r"---\n(.*?)\n---\n", text, re.DOTALL)
    try:
        found = yaml.load(match.group(1), Loader=_Loader) if match else {}
    except yaml.YAMLError:
        found = {}
    return found if isinstance(found, dict) else {}


def _description(guide: Guide) -> str:
    """What stands between the title and the first section, as written."""
    after_title = re.split(r"(?m)^# .*\n", guide.markdown, maxsplit=1)[-1]
    return re.split(r"(?m)^## ", after_title, maxsplit=1)[0].strip()


def services_of(guides_dir: Path) -> tuple[list[Guide], Network]:
    """The cards of a folder of guides, by name, and its network. Raises BussolaError."""
    network, _ = read_network(guides_dir)
    guides, _ = read_guides(guides_dir, network=network)
    return sorted((g for g in guides if g.service), key=lambda g: g.slug), network


def to_csv(guides: Iterable[Guide]) -> str:
    """The cards as CSV (RFC 4180) with a byte order mark, so that spreadsheets read UTF-8."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\r\n")
    writer.writeheader()
    for guide in guides:
        writer.writerow({column: inert(cell) for column, cell in to_row(guide).items()})
    return "\ufeff" + out.getvalue()


def inert(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, nor changes on opening: with an apostrophe
    before it, which `plain` takes off. Telephone numbers with «+» and blanks stay as they are."""
    return f"'{cell}" if _touched(cell) else cell


def _touched(cell: str) -> bool:
    if _CHANGED.fullmatch(cell):
        return True
    return not _PHONES.fullmatch(cell) and bool(_FORMULA.match(cell))


def plain(cell: str) -> str:
    """A cell as it was before `inert`."""
    return cell[1:] if cell.startswith("'") and _touched(cell[1:]) else cell


def to_xlsx(guides: Iterable[Guide]) -> bytes:
    """The cards as a workbook, whose cells are text that no spreadsheet changes."""
    from index.services.workbook import write_book

    return write_book(map(to_row, guides), COLUMNS)


def export_services(guides: Sequence[Guide], form: str, network: Network = NEUTRAL) -> str:
    """The cards as `csv`, `json` or `geojson`, whose points are of the network's places."""
    if form == "csv":
        return to_csv(guides)
    if form == "json":
        return json.dumps([to_row(g) for g in guides], ensure_ascii=False, indent=1) + "\n"
    placed = [(guide, _place_of(guide, network.places)) for guide in guides]
    return json.dumps(geojson(placed), ensure_ascii=False, indent=1) + "\n"


def _place_of(guide: Guide, places: Places) -> Municipality | None:
    town = guide.service.municipality if guide.service else None
    return places.find(town) if town else None


def geojson(placed: Iterable[tuple[Guide, Municipality | None]]) -> dict[str, Any]:
    """RFC 7946: a point at the centre of the municipality (longitude first), null geometry for a
    service that has none; the position is of the municipality, not of the door."""
    return {
        "type": "FeatureCollection",
        "features": [_feature(guide, place.centre if place else None) for guide, place in placed],
    }


def _feature(guide: Guide, centre: tuple[float, float] | None) -> dict[str, Any]:
    return {
        "type": "Feature",
        "id": guide.slug,
        "geometry": {"type": "Point", "coordinates": [centre[1], centre[0]]} if centre else None,
        "properties": {
            **to_row(guide),
            "posizione": "centro del comune" if centre else None,
            "guida": f"/guide/{guide.slug}",
        },
    }
