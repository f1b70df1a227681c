"""The charter of services: hours, distances, order, downloads."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from networks import NETWORK

from chatbot.pages.brand import load_brand
from chatbot.pages.charter import ServiceFilter, as_csv, as_geojson, find_services
from chatbot.pages.charter_pdf import as_pdf
from chatbot.pages.distance import distance_km
from chatbot.pages.opening import is_open, read_hours
from chatbot.pages.services import reason
from index.guide import Contact, Guide, Service, Step

MONDAY_10 = datetime(2026, 11, 23, 10, 0)
PLACES = NETWORK.places
TUESDAY_15 = datetime(2026, 11, 24, 15, 0)
SATURDAY_10 = datetime(2026, 11, 28, 10, 0)


@pytest.mark.parametrize(
    ("hours", "moment", "expected"),
    [
        ("lun-gio 9-13", MONDAY_10, True),
        ("lun-gio 9-13", SATURDAY_10, False),
        ("mar 9-13/14-17, gio 9-13/14-17", TUESDAY_15, True),
        ("mar 9-13/14-17, gio 9-13/14-17", MONDAY_10, False),
        ("mar 17-19, ven 14.30-16.30", TUESDAY_15, False),
        ("dal lunedì al venerdì dalle 9 alle 12.30", MONDAY_10, True),
        ("Lunedì, mercoledì e venerdì: 8:30–12:30 e 14-16", MONDAY_10, True),
        ("sab-lun 9-12", SATURDAY_10, True),
        ("sab-lun 9-12", TUESDAY_15, False),
        ("24 ore su 24", SATURDAY_10, True),
        ("lun 18-20 su appuntamento", MONDAY_10, None),
        ("primo giovedì del mese 14:00", MONDAY_10, None),
        ("lun 25-26", MONDAY_10, None),
        ("lun 13-9", MONDAY_10, None),
        ("", MONDAY_10, None),
        (None, MONDAY_10, None),
    ],
)
def test_opening_hours(hours: str | None, moment: datetime, expected: bool | None) -> None:
    """Hours are read only where they leave no doubt; anything else is «not known»."""
    assert is_open(hours, moment) is expected


@given(st.text(alphabet="lunmargioven0123456789-/.,: ed", max_size=60))
def test_any_hours_are_read_or_refused(text: str) -> None:
    """No text of an editor breaks the page: intervals are well formed, or there are none."""
    for day, start, end in read_hours(text) or []:
        assert 0 <= day <= 6
        assert start < end


def test_distance_between_municipalities() -> None:
    """Torino and Cuneo are some 75 km apart; accents and capitals do not matter."""
    torino, cuneo = PLACES.find("TORINO"), PLACES.find(" cuneo ")
    assert torino is not None
    assert cuneo is not None
    assert distance_km(torino, cuneo) == pytest.approx(74, abs=3)
    assert distance_km(torino, torino) == 0
    assert PLACES.find("aglie") == PLACES.find("Agliè")
    assert PLACES.find("Atlantide") is None
    assert len(PLACES.rows) == 1179


def card(slug: str, **changes: object) -> Guide:
    """A service card for one test."""
    service = Service(
        name=slug, body="Aiuta.", municipality=None, area=(), address="Via Roma 1",
        contacts=(Contact("telefono", "011 123"),), hours="lun-ven 9-13", languages=("inglese",),
        access="Libero", status="verificato",
    )  # fmt: skip
    return Guide(
        slug=slug, path=f"servizi/{slug}.md", kind="servizio", title=slug,
        verified_on=date(2026, 11, 22), review_by=date(2027, 5, 21), markdown="",
        needs=("lavoro",), audience=("tutti",), service=replace(service, **changes),  # type: ignore[arg-type]
    )  # fmt: skip


def test_who_serves_a_place_first_then_the_nearest_then_unknown() -> None:
    """From Cuneo: Cuneo's service, then the national one, which serves it too, then Torino's, then
    the one that does not say where it is, whose missing facts are named."""
    cards = [
        card("ignoto", address=None, hours=None, contacts=()),
        card("nazionale", area=("Italia",)),
        card("a-torino", municipality="Torino"),
        card("a-cuneo", municipality="Cuneo"),
    ]
    found = find_services(cards, ServiceFilter(municipality="Cuneo"), MONDAY_10, PLACES)
    assert [item.guide.slug for item in found] == ["a-cuneo", "nazionale", "a-torino", "ignoto"]
    assert [item.distance for item in found][:1] == [0]
    assert found[-1].missing == ("address", "hours", "phone")


def test_province_in_area_counts_as_near() -> None:
    """A service for the province of Cuneo serves Alba."""
    found = find_services(
        [card("s", area=("Cuneo",))], ServiceFilter(municipality="Alba"), MONDAY_10, PLACES
    )
    assert found[0].distance == 0


def test_filters_by_need_language_and_opening() -> None:
    """Each filter leaves out what does not fit; unknown hours stay when asking what is open."""
    cards = [card("aperto"), card("chiuso", hours="mar 9-13"), card("ignoto", hours="su richiesta")]
    assert find_services(cards, ServiceFilter(need="casa"), MONDAY_10, PLACES) == []
    assert find_services(cards, ServiceFilter(language="arabo"), MONDAY_10, PLACES) == []
    assert len(find_services(cards, ServiceFilter(language="Inglese"), MONDAY_10, PLACES)) == 3
    near = [*cards, card("torinese", municipality="Ivrea"), card("tutti", area=("Italia",))]
    of_area = find_services(near, ServiceFilter(area="Torino"), MONDAY_10, PLACES)
    assert [f.guide.slug for f in of_area] == ["torinese"]
    of_area = find_services(near, ServiceFilter(area="Italia"), MONDAY_10, PLACES)
    assert [f.guide.slug for f in of_area] == ["tutti"]
    open_now = find_services(cards, ServiceFilter(open_now=True), MONDAY_10, PLACES)
    assert {item.guide.slug for item in open_now} == {"aperto", "ignoto"}


def test_serving_from_elsewhere_is_not_standing_there() -> None:
    """A service of Torino for the whole province serves Ivrea; one of Ivrea stands there."""
    cards = [card("qui", municipality="Ivrea", area=("Torino",)),
             card("serve", municipality="Torino", area=("Torino",))]  # fmt: skip
    found = {
        f.guide.slug: f
        for f in find_services(cards, ServiceFilter(municipality="Ivrea"), MONDAY_10, PLACES)
    }
    assert (found["qui"].distance, found["qui"].serves) == (0, False)
    assert (found["serve"].distance, found["serve"].serves) == (0, True)


def test_reason_is_made_of_the_guides_words() -> None:
    """The reason on a slip is the title of the guide and of the step or section asked about; a
    point the guide does not have adds nothing, so an address cannot write on the slip."""
    step = Step(id="data", title="In che giorno?", text="", options=(), ends=True, line=1)
    script = replace(card("Verificare"), kind="copione", service=None, steps=(step,))
    assert reason(script, "data") == "Verificare: In che giorno?"
    assert reason(script, "Mario Rossi") == "Verificare"
    assert reason(None, "data") == ""


def test_csv_is_safe_in_a_spreadsheet() -> None:
    """Formulas are defused, phone numbers with «+» stay, commas and quotes survive."""
    evil = card("=1+1", body='@SUM(A1) "x", y', contacts=(Contact("telefono", "+39 011 123"),))
    text = as_csv(find_services([evil], ServiceFilter(), MONDAY_10, PLACES))
    row = next(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))
    assert row["nome"] == "'=1+1"
    assert row["descrizione"] == '\'@SUM(A1) "x", y'
    assert row["telefono"] == "+39 011 123"


def test_geojson_points_are_longitude_latitude() -> None:
    """A card in Torino is a point at the centre of Torino, longitude first; one without a
    municipality has no geometry."""
    cards = [card("a", municipality="Torino"), card("b")]
    features = as_geojson(find_services(cards, ServiceFilter(), MONDAY_10, PLACES))["features"]
    by_id = {feature["id"]: feature for feature in features}
    longitude, latitude = by_id["a"]["geometry"]["coordinates"]
    assert 7.5 < longitude < 7.8
    assert 45.0 < latitude < 45.2
    assert by_id["b"]["geometry"] is None
    json.dumps(features)


def test_pdf_has_real_text_language_outline_links_and_tags() -> None:
    """The PDF declares its language and shows its title, holds an outline, a text layer, tagged
    headings and paragraphs, links to call, and takes any letter and a text longer than a page."""
    cards = [card(f"Servizio «{n}» – perché àèìòù", body="x" * 400) for n in range(30)]
    cards.append(card("lungo", body="parola " * 3000))
    found = find_services(cards, ServiceFilter(), MONDAY_10, PLACES)
    data = as_pdf(found, load_brand(), date(2026, 11, 23))
    assert data.startswith(b"%PDF-")
    assert b"/Lang (it-IT)" in data
    assert b"/Outlines" in data
    assert b"/ToUnicode" in data
    assert b"/DisplayDocTitle true" in data
    assert b"/StructTreeRoot" in data
    assert b"/MarkInfo" in data
    tags = Counter(re.findall(rb"/S /(\w+)", data))
    assert tags[b"H1"] == 1
    assert tags[b"H2"] == 31
    assert tags[b"P"] > 31 * 4
    assert data.count(b"(tel:011123)") == 31
    assert data.count(b"/Type /Page\n") > 2
