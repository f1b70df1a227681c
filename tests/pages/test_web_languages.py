"""Questions in another language than the page's: words around the answer, direction, language."""

from __future__ import annotations

import pytest
from networks import NETWORK
from playwright.sync_api import Page, expect
from web import ask

from chatbot.say.wording import texts
from index.network import in_language

ASKED = {
    "en": "who won the football championship last year?",
    "ar": "من فاز ببطولة كرة القدم العام الماضي؟",
    "uk": "хто виграв чемпіонат з футболу минулого року?",
}


@pytest.mark.parametrize("language", ASKED)
def test_the_words_around_are_those_of_who_asks(
    page: Page, live_server: str, language: str
) -> None:
    """From the Italian page; a screen reader is told the language, each paragraph its direction."""
    page.goto(live_server)
    ask(page, ASKED[language])
    said = page.locator(".answer p").first
    known = texts(language)
    expect(said).to_be_visible()
    assert (said.text_content() or "") in {
        f"{known['no_answer']} {known['no_answer_next']}", known["related"],
        in_language(NETWORK.out_of_scope, language),
    }  # fmt: skip
    expect(said).to_have_attribute("lang", language)
    direction = said.evaluate("block => getComputedStyle(block).direction")
    assert direction == ("rtl" if language == "ar" else "ltr")


def test_what_the_guides_say_stays_italian(page: Page, live_server: str) -> None:
    """An answer to an English question, from the Italian page: Italian sentences, told as such."""
    page.goto(live_server)
    ask(page, "the bank wants a certificate of residence to open an account, can it?")
    expect(page.locator(".outcome")).to_have_text("Risposta dalle guide")
    body = page.locator(".answer")
    expect(body).to_have_attribute("lang", "it")
    expect(body.locator("p[lang]")).to_have_count(0)
    expect(body).to_contain_text("conto di base")
