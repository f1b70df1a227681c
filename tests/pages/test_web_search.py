"""Guides and services found by the words that people use, from where they are."""

from __future__ import annotations

import urllib.request

import pytest
from folders import MADE
from playwright.sync_api import Page, expect

from chatbot.pages.charter import ServiceFilter, find_services
from chatbot.pages.operator import with_synonyms
from index.network import Network
from index.parse.network_folder import read_network
from index.publish.snapshot import Snapshot


@pytest.fixture(scope="module")
def network() -> Network:
    found, findings = read_network(MADE)
    assert findings == []
    return found


def test_synonyms_are_data_of_the_network(network: Network) -> None:
    """Whole words only; what is there already is not said twice."""
    text = with_synonyms("aprire un conto di base", network.synonyms)
    assert text == "aprire un conto di base conto corrente bancomat"
    assert with_synonyms("un racconto di base", network.synonyms) == "un racconto di base"


@pytest.mark.parametrize("words", ["bancomat", "conto corente"])
def test_a_guide_is_found_by_other_words(page: Page, live_server: str, words: str) -> None:
    """With scripts at once, without them from the server; a typing error too."""
    page.goto(f"{live_server}/guide")
    page.get_by_label("Parole da cercare").fill(words)
    expect(page.locator('.guide-card:visible a[href="/guide/conto-di-base"]')).to_be_visible()
    assert page.context.browser is not None
    plain = page.context.browser.new_context(java_script_enabled=False)
    still = plain.new_page()
    still.goto(f"{live_server}/guide?q={words}")
    expect(still.locator('.guide-card:visible a[href="/guide/conto-di-base"]')).to_be_visible()
    plain.close()


def test_a_title_with_the_words_comes_first(page: Page, live_server: str) -> None:
    """Before guides that only speak of it, with scripts and without them."""
    first = page.locator(".guide-card:visible a").first
    page.goto(f"{live_server}/guide")
    shelf = page.locator(".guide-card a").first.inner_text()
    page.get_by_label("Parole da cercare").fill("fiscale")
    expect(first).to_have_text("Codice fiscale")
    page.get_by_label("Parole da cercare").fill("")
    expect(first).to_have_text(shelf)
    listed = urllib.request.urlopen(f"{live_server}/guide?q=fiscale").read().decode()
    assert 0 < listed.index('href="/guide/codice-fiscale"') < listed.index(f">{shelf}</a>")


def test_what_serves_a_place_comes_first(snapshot: Snapshot) -> None:
    """Though another stands nearer: who serves it is first, and it is told how many do."""
    network = snapshot.network
    now = network.now().replace(tzinfo=None)
    found = find_services(
        snapshot.guides.values(), ServiceFilter(municipality="Cuneo"), now, network.places
    )
    reaching = [item.reaches for item in found]
    assert reaching == sorted(reaching, reverse=True)
    assert 0 < sum(reaching) < len(found)
    assert all(item.distance == 0 or item.whole_area for item in found if item.reaches)


def test_a_page_says_how_many_serve_a_place(page: Page, live_server: str) -> None:
    """The count, and the others one touch away, under a heading of their own."""
    page.goto(f"{live_server}/servizi?comune=Cuneo")
    expect(page.locator(".found [role=status]")).to_contain_text("Servono Cuneo: ")
    farther = page.locator(".farther li").first
    expect(farther).to_be_hidden()
    page.get_by_role("heading", name="Più lontani").click()
    expect(farther).to_be_visible()
    page.goto(f"{live_server}/servizi")
    expect(page.locator(".found [role=status]")).to_contain_text("Servizi trovati")


def test_a_guide_says_where_it_stands(page: Page, live_server: str) -> None:
    """A way back to the list of its kind."""
    page.goto(f"{live_server}/guide/conto-di-base")
    trail = page.get_by_role("navigation", name="Percorso")
    expect(trail.locator("[aria-current=page]")).to_have_text("Aprire un conto di base")
    trail.get_by_role("link", name="Scheda").click()
    expect(page.get_by_label("Tipo")).to_have_value("scheda")
