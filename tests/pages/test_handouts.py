"""The handout of a sheet: Italian, the languages there are, and what is said of a translation."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from guide_texts import BODY, PLAIN, sheet

from chatbot.library import Library
from chatbot.pages import operator
from chatbot.pages.handouts import _in_order
from chatbot.pages.page import WEB
from chatbot.pages.texts import load_texts
from chatbot.parts import provide
from chatbot.settings import Settings
from index.guide import Handout
from index.network import NEUTRAL
from index.parse.handouts import fingerprint, plain_box

GUIDE = sheet(BODY + PLAIN)
BOX = plain_box(GUIDE)
assert BOX is not None
ARABIC = Handout(
    "prova", "ar", "traduzioni/ar/prova.md", "تجربة", "---\nlingua: ar\n---\n\nيمكنك فتح حساب.\n",
    fingerprint(BOX), proofread=False,
)  # fmt: skip


def page(path: str, *handouts: Handout) -> tuple[int, str]:
    """Status and text of a page, over one sheet and its handouts."""
    app = FastAPI()
    guides = {"prova": GUIDE}
    snapshot = SimpleNamespace(
        guides=guides, handouts=handouts, network=NEUTRAL, gone={}, guide_named=guides.get
    )
    library = Library.__new__(Library)
    library._snapshot = snapshot  # type: ignore[assignment]
    provide(app, library, Settings())
    operator.install(app)
    response = TestClient(app).get(path)
    return response.status_code, response.text


def test_italian_offers_the_languages_there_are() -> None:
    """None where there is no translation; a translation is no part of the Italian page."""
    status, text = page("/stampa/prova")
    assert status == 200
    assert "Puoi aprire un conto." in text
    assert 'href="/stampa/prova/' not in text
    _, text = page("/stampa/prova", ARABIC)
    assert 'href="/stampa/prova/ar" lang="ar" hreflang="ar"' in text
    assert 'href="/stampa/prova/fr"' not in text
    assert load_texts("it")("translated_unread") not in text


def test_the_way_back_is_above() -> None:
    """Guides, their kind, the sheet itself; never on paper."""
    _, text = page("/stampa/prova")
    trail = text[text.index('class="trail"') : text.index("</nav>", text.index('class="trail"'))]
    assert [href in trail for href in ('"/guide"', '"/guide?tipo=scheda"', '"/guide/prova"')] == [
        True, True, True,
    ]  # fmt: skip
    assert ".trail" in (WEB / "print.css").read_text("utf-8").split("display: none")[0]


def test_a_translation_is_marked_in_two_languages() -> None:
    """Right to left where the language is; not yet read by a native speaker, in that language and
    in Italian; the title of the sheet in both."""
    status, text = page("/stampa/prova/ar", ARABIC)
    assert status == 200
    assert '<article class="handout" lang="ar" dir="rtl">' in text
    assert '<h1 lang="ar" dir="rtl">تجربة</h1>' in text
    assert '<p class="kind" lang="it" dir="ltr">Prova</p>' in text
    assert "<p>يمكنك فتح حساب.</p>" in text
    assert "lingua: ar" not in text
    for language in ("ar", "it"):
        assert load_texts(language)("translated_unread").replace("'", "&#39;") in text
    assert "Puoi aprire" not in text
    assert "data-print" in text


def test_web_09_a_number_in_pieces_keeps_their_order() -> None:
    """From right to left a telephone with blanks is isolated; what is in a tag stays as it is."""
    arabic, french = load_texts("ar"), load_texts("fr")
    html = '<p>اتصل <a href="tel:800 290 290">800 290 290</a>، 112، +39 011 4321000.</p>'
    assert _in_order(html, french) == html
    assert _in_order(html, arabic) == (
        '<p>اتصل <a href="tel:800 290 290"><bdi dir="ltr">800 290 290</bdi></a>، 112، '
        '<bdi dir="ltr">+39 011 4321000</bdi>.</p>'
    )


def test_what_else_is_said_of_a_translation() -> None:
    """Read by a native speaker; made before the Italian text of today."""
    italian = load_texts("it")
    _, text = page("/stampa/prova/ar", replace(ARABIC, proofread=True))
    assert italian("translated_proofread") in text
    assert italian("translated_unread") not in text
    assert italian("translated_before") not in text
    _, text = page("/stampa/prova/ar", replace(ARABIC, made_from="0" * 12))
    assert italian("translated_before") in text
    assert load_texts("ar")("translated_before") in text


@pytest.mark.parametrize("path", ["/stampa/no", "/stampa/no/ar", "/stampa/prova/fr"])
def test_what_is_not_there(path: str) -> None:
    """No sheet, or no translation in that language."""
    assert page(path, ARABIC)[0] == 404
