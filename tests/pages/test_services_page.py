"""The page of the services without a browser: list, map and strip of the owning body."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from html import unescape
from types import SimpleNamespace
from urllib.parse import unquote

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from made import made_guides
from markupsafe import escape
from networks import NETWORK

from chatbot.library import Library
from chatbot.pages import operator
from chatbot.pages.texts import LANGUAGES, load_texts
from chatbot.parts import part, provide
from chatbot.settings import Settings
from chatbot.shield.queue import PRINTS, PRINTS_UNDER_WAY, PrintTurns
from index.guide import Guide


def client_of(guides: dict[str, Guide]) -> TestClient:
    app = FastAPI(version="9.9")
    library = Library.__new__(Library)
    library._snapshot = SimpleNamespace(  # type: ignore[assignment]
        guides=guides, handouts=(), network=NETWORK, gone={}, guide_named=guides.get
    )
    turns = PrintTurns(PRINTS, PRINTS_UNDER_WAY)
    provide(app, library, Settings(_env_file=None), turns)
    operator.install(app)
    return TestClient(app)


@pytest.fixture(scope="module")
def client() -> TestClient:
    return client_of(made_guides())


@pytest.mark.parametrize(
    "query", ["", "comune=Cuneo", "bisogno=lavoro", "bisogno=lavoro&comune=Alba"]
)
def test_the_map_has_what_the_list_has(client: TestClient, query: str) -> None:
    """The same services in the same order; those without a place are counted beside the map."""
    page = client.get(f"/servizi?{query}").text
    listed = re.findall(r'<li class="guide-card" id="s-([a-z0-9-]+)"', page)
    features = client.get(f"/servizi.geojson?{query}").json()["features"]
    assert listed == [feature["id"] for feature in features]
    off = sum(feature["geometry"] is None for feature in features)
    told = load_texts("it")("off_map", n=off)
    assert (told in page) == bool(off)


def test_cards_run_as_the_page_does(client: TestClient) -> None:
    """Right to left in Arabic; what is Italian in them is set apart, so that its full stop stays at
    its end."""
    page = client.get("/servizi?lingua=ar").text
    assert 'dir="rtl"' in page
    cards = page[page.index('<ul class="cards services">') : page.index("</main>")]
    assert 'dir="ltr"' not in cards
    assert re.search(r'<p><bdi lang="it">[^<]+</bdi></p>', cards)
    assert re.search(r'<dd><a href="tel:[^"]+"[^>]*><bdi>', cards)


def test_who_owns_it_and_which_version(client: TestClient) -> None:
    """The body above every page, with the version at its foot; the chat knows whom else to ask."""
    page = client.get("/servizi").text
    assert re.search(r'<p class="owner"[^>]*>[^<]*' + re.escape(str(escape(NETWORK.name))), page)
    assert "Bussola 9.9" in page
    assert client.get("/rete.json").json()["person"] == "/invio"


def test_a_card_overdue_says_so_quietly() -> None:
    """In the list, on the slip and where a service is chosen: a card that nobody has looked at
    again in time, and no other."""
    guides = {
        guide.slug: replace(guide, review_by=date(2999, 1, 31)) for guide in made_guides().values()
    }
    old = next(guide for guide in guides.values() if guide.service)
    guides[old.slug] = replace(old, review_by=date(2020, 1, 31))
    told = "Da ricontrollare: andava rivisto entro il 31 gennaio 2020."
    for page in ("/servizi", f"/invio/{old.slug}", "/invio"):
        text = client_of(guides).get(page).text
        assert text.count("Da ricontrollare") == text.count(told) == 1, page


def test_how_the_network_is_reached_stands_in_its_file(client: TestClient) -> None:
    """At the foot of each page and beside the field of the chat, once `rete.yaml` says it."""
    app = client.app
    assert isinstance(app, FastAPI)
    said = {"sito": "https://rete.example", "email": "a@rete.example", "telefono": "011 123456"}
    snapshot = part(app, Library)._snapshot
    try:
        snapshot.network = replace(NETWORK, reached_at=said)  # type: ignore[misc]
        foot = client.get("/servizi").text.split('<footer class="site-foot">')[1]
        person = client.get("/rete.json").json()["person"]
    finally:
        snapshot.network = NETWORK  # type: ignore[misc]
    for link in ('href="https://rete.example"', "mailto:a@rete.example", "tel:011123456"):
        assert link in foot
    assert person == "tel:011123456"
    assert "mailto:" not in client.get("/servizi").text.split('<footer class="site-foot">')[1]


@pytest.mark.parametrize("path", ["/servizi", "/invio"])
def test_a_place_with_a_typing_error_is_a_touch_away(client: TestClient, path: str) -> None:
    """With what else was asked; a word that is like no place has no guess."""
    page = client.get(f"{path}?bisogno=lavoro&comune=Cueno").text
    assert '<a href="?bisogno=lavoro&amp;comune=Cuneo">Forse Cuneo?</a>' in page
    assert "Forse" not in client.get(f"{path}?comune=Xyzzyx").text


@pytest.mark.parametrize("path", ["/servizi", "/invio"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_cards_of_every_place_are_not_told_as_those_of_a_place_that_is_none(
    client: TestClient, path: str, language: str
) -> None:
    """What is listed is said, in words that a known place does not get."""
    told = load_texts(language)
    words = told.pages["services_anywhere"].split("{n}")[0]
    page = unescape(client.get(f"{path}?comune=Cuneoo&lingua={language}").text)
    assert words in page
    assert told("unknown_place", name="Cuneoo") in page
    assert told("meant_place", name="Cuneo") in page
    assert told("here") not in page
    assert told("serves_here") not in page
    known = unescape(client.get(f"{path}?comune=Cuneo&lingua={language}").text)
    assert words not in known
    assert told("unknown_place", name="Cuneo") not in known


@pytest.mark.parametrize("form", ["csv", "xlsx", "geojson", "pdf"])
def test_files_tell_a_place_that_is_none_in_their_headers(client: TestClient, form: str) -> None:
    """Their content keeps its format: a table must be read again. A place with letters that no
    header has is told too."""
    headers = client.get(f"/servizi.{form}?comune=Cùneoo").headers
    assert unquote(headers["bussola-unknown-place"]) == "Cùneoo"
    assert headers["bussola-meant-places"].split(", ")[0] == "Cuneo"
    nowhere = client.get(f"/servizi.{form}?comune=Xyzzyx").headers
    assert nowhere["bussola-meant-places"] == ""
    for query in ("", "?comune=Cuneo"):
        known = client.get(f"/servizi.{form}{query}").headers
        assert "bussola-unknown-place" not in known


def test_names_alike_are_those_of_municipalities_the_biggest_first(client: TestClient) -> None:
    """At most three, each a link that keeps what else was asked."""
    page = client.get("/servizi?bisogno=lavoro&comune=Cuneoo").text
    alert = page.split('<p class="alert" role="status">')[1].split("</p>")[0]
    names = re.findall(r'href="\?bisogno=lavoro&amp;comune=([^"]+)"', alert)
    assert 1 <= len(names) <= 3
    assert names[0] == "Cuneo"
    assert all(NETWORK.places.find(unquote(name)) for name in names)
