"""Questions in another language than the page's: words around the answer, direction, language."""

from __future__ import annotations

import pytest
from networks import NETWORK
from playwright.sync_api import Page, expect
from web import PAGES, answer, ask, serve

from chatbot.pages.texts import LANGUAGES, load_texts
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


# Of a text, where each of two pieces begins on the screen, from the left; of the first place that
# has both.
ORDER = """([first, second]) => {
  const root = document.querySelector("bussola-chat").shadowRoot;
  const walker = document.createTreeWalker(root.querySelector(".reply"), NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode;
    const box = (piece) => {
      const range = new Range();
      const at = node.data.indexOf(piece);
      range.setStart(node, at);
      range.setEnd(node, at + piece.length);
      return range.getBoundingClientRect();
    };
    if (!node.data.includes(first) || !node.data.includes(second)) continue;
    const [one, other] = [box(first), box(second)];
    if (one.top === other.top) return [one.left, other.left];
  }
  return null;
}"""


@pytest.mark.parametrize(
    "text",
    ["Chiama il <strong>011 4321000</strong><br>(d.lgs. 142/2015). [1]",
     "اتصل بالرقم 011 4321000 وفق d.lgs. 142/2015. [1]"],
)  # fmt: skip
def test_web_09_numbers_keep_their_order_from_right_to_left(
    page: Page, live_server: str, text: str
) -> None:
    """On the Arabic page at 320 pixels a telephone, an act and the mark stand as they are written,
    in a sentence of the guides and in one of the page."""
    contact = {"kind": "telefono", "value": "011 4321000"}
    card = {"guide": "x", "title": "Ufficio", "url": "/guide/x",
            "detail": {"status": "verificato", "contacts": [contact]}}  # fmt: skip
    serve(page, answer(answer=text, answer_html=f"<p>{text}</p>", services=[card]))
    page.set_viewport_size({"width": 320, "height": 900})
    page.goto(f"{live_server}/?lingua=ar")
    page.locator("bussola-chat textarea").fill("؟")
    page.locator("bussola-chat textarea").press("Enter")
    expect(page.locator(".answer")).to_contain_text("142/2015")
    for first, second in (("011", "4321000"), ("142", "2015"), ("d.lgs.", "142")):
        left, right = page.evaluate(ORDER, [first, second])
        assert left < right, (first, second)
    expect(page.locator(".mark")).to_have_text("[1]")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    shown = page.get_by_text("4321000").all()
    assert len(shown) >= 2  # in the answer and on the card of the service


# On an Arabic page, texts with two Latin words running and no Arabic letter, unless told Italian.
UNTOLD = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (parentElement.closest("script, style, noscript, option, textarea")) continue;
    if (parentElement.closest("[lang]").lang === "it" || /[\\u0600-\\u06ff]/.test(data)) continue;
    if (/\\p{Ll}{2,} \\p{Ll}{2,}/u.test(data)) found.push(data.trim());
  }
  return found;
}"""


@pytest.mark.parametrize("path", PAGES)
def test_what_is_italian_on_a_page_in_another_language_is_told_so(
    page: Page, live_server: str, path: str
) -> None:
    """So that a screen reader reads titles, cards and statements as they are written."""
    page.goto(f"{live_server}{path}{'&' if '?' in path else '?'}lingua=ar")
    assert page.evaluate(UNTOLD) == []


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "it"])
def test_what_is_kept_is_told_in_the_language_of_the_page(
    page: Page, live_server: str, language: str
) -> None:
    """The buttons it names are called as they are on the page; only the network's name is Italian.
    The statement of accessibility alone is Italian, and says why."""
    told = load_texts(language)
    page.goto(f"{live_server}/privacy?lingua={language}")
    main = page.locator("main")
    for key in ("privacy_title", "privacy_write", "privacy_sites", "translated_unread"):
        expect(main).to_contain_text(told(key))
    for label in (told.widget["remember"], told("new_person"), told.widget["erase"]):
        expect(main).to_contain_text(label)
    expect(main.locator("[lang=it]")).to_have_count(1)
    page.goto(f"{live_server}/accessibilita?lingua={language}")
    expect(main.locator("> p")).to_have_text(told("statement_italian"))
    expect(main.locator("> [lang=it] h1")).to_have_text("Dichiarazione di accessibilità")
