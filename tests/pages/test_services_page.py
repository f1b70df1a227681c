"""The page of the services without a browser: list, map and strip of the owning body."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from made import made_guides
from markupsafe import escape
from networks import NETWORK

from chatbot.library import Library
from chatbot.pages import operator
from chatbot.pages.texts import load_texts
from chatbot.parts import part, provide
from chatbot.settings import Settings
from index.guide import Guide


def client_of(guides: dict[str, Guide]) -> TestClient:
    app = FastAPI(version="9.9")
    library = Library.__new__(Library)
    library._snapshot = SimpleNamespace(  # type: ignore[assignment]
        guides=guides, handouts=(), network=NETWORK, gone={}, guide_named=guides.get
    )
    provide(app, library, Settings(_env_file=None))
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
