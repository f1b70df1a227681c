"""What an answer shows in a real browser: its words, its sources, its services."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from web import QUESTION, answer, ask, serve


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("answered", "Risposta dalle guide"),
        ("related", "Nessuna risposta diretta: passaggi vicini"),
        ("clarify", "Mi serve un dato in più"),
        ("no_answer", "Le guide non lo dicono"),
        ("out_of_scope", "Fuori dagli argomenti delle guide"),
        ("emergency", "Emergenza"),
    ],
)
def test_outcome_is_said_in_words(chat: Page, outcome: str, words: str) -> None:
    """Each outcome has its words: colour and icon are never alone."""
    serve(chat, answer(outcome=outcome))
    ask(chat)
    expect(chat.locator(".outcome")).to_have_text(words)


def test_what_only_may_answer_has_no_tick(chat: Page) -> None:
    """Other words, another sign, another colour; spoken so."""
    drawn = []
    for sure, words in ((True, "Risposta dalle guide"), (False, "Forse risponde: leggi la fonte")):
        serve(chat, answer(sure=sure))
        ask(chat)
        told = chat.locator(".turn").last.locator(".outcome")
        expect(told).to_have_text(words)
        expect(chat.get_by_role("status").filter(has_text=words)).to_be_attached()
        drawn.append(told.evaluate(
            "n => [n.querySelector('path').getAttribute('d'), getComputedStyle(n).color]"
        ))  # fmt: skip
    assert all(one != other for one, other in zip(*drawn, strict=True))


def test_aged_source_is_marked(chat: Page) -> None:
    """A source past its review date says so before it is opened, in the one line of the sources."""
    old = {**answer()["citations"][0], "review_by": "2020-01-01"}
    serve(chat, answer(citations=[old]))
    ask(chat)
    line = chat.locator(".sources > summary")
    expect(line).to_contain_text("Titolo · Verificato il 20 novembre 2026.")
    expect(line).to_contain_text("Da ricontrollare")


def test_service_brings_its_number_and_whether_it_was_checked(chat: Page) -> None:
    """A service proposed beside an answer has the number to call; an unchecked one says so."""
    detail = {"municipality": "Torino", "status": "da verificare",
              "contacts": [{"kind": "email", "value": "a@b.it"},
                           {"kind": "telefono", "value": "+39 011 123"}]}  # fmt: skip
    serve(chat, answer(services=[{"guide": "x", "title": "Ufficio", "detail": detail}]))
    ask(chat)
    line = chat.locator(".next li")
    expect(line).to_have_text("Ufficio – Torino · +39 011 123 da verificare")
    expect(line.locator('a[href="tel:+39011123"]')).to_be_visible()


def test_service_overdue_says_so_quietly(chat: Page) -> None:
    """A card that should have been looked at again by a day that has passed says it in a word."""
    old, fresh = (
        {"guide": "x", "title": f"Ufficio {day}", "detail": {"review_by": day}}
        for day in ("2020-01-01", "2999-01-01")
    )
    serve(chat, answer(services=[old, fresh]))
    ask(chat)
    lines = chat.locator(".next li")
    expect(lines.nth(0)).to_have_text("Ufficio 2020-01-01 · Da ricontrollare")
    expect(lines.nth(1)).to_have_text("Ufficio 2999-01-01")


RICH = {
    "answer_html": '<p>Porta la <strong>carta</strong> e vedi la <a href="https://example.org/l">'
    'legge</a>. [1]</p><ol start="3"><li>Firma. [1]</li></ol><table><thead><tr><th>Foglio</th>'
    "<th>Basta?</th></tr></thead><tbody><tr><td>Visto</td><td>no [1]</td></tr></tbody></table>",
}
PLAIN = """Porta la carta e vedi la legge (https://example.org/l). [1]
3. Firma. [1]
Foglio: Visto; Basta?: no [1]"""


def test_copy_is_clean_text(chat: Page, context: BrowserContext) -> None:
    """Question, answer without Markdown, sources with the day of their check and their address."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    serve(chat, answer(**RICH))
    ask(chat)
    chat.get_by_role("button", name="Copia", exact=True).click()
    expect(chat.get_by_text("Copiato.")).to_be_visible()
    copied = chat.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(QUESTION)
    assert PLAIN in copied
    assert "*" not in copied
    source = "[1] Titolo › Sezione. Verificato il 20 novembre 2026.\n"
    assert f"{source}{chat.url}guide/x?cita=a#b" in copied


def test_copy_works_on_plain_http(chat: Page) -> None:
    """Where the browser has no clipboard to write to, as on http in an office's network."""
    serve(chat, answer(**RICH))
    chat.evaluate(
        """() => {
          Object.defineProperty(navigator, "clipboard", {value: undefined});
          addEventListener("copy", () => {
            window.copied = document.activeElement.value;
          });
        }"""
    )
    ask(chat)
    chat.get_by_role("button", name="Copia", exact=True).click()
    expect(chat.get_by_text("Copiato.")).to_be_visible()
    assert PLAIN in chat.evaluate("window.copied")


def test_steps_links_and_rows_live_on(chat: Page) -> None:
    """A step keeps its number, a row is a table, a link out is marked and leaves the page open."""
    serve(chat, answer(**RICH))
    ask(chat)
    body = chat.locator(".answer")
    assert body.locator("ol").evaluate("list => list.start") == 3
    expect(body.locator("td")).to_have_count(2)
    link = body.get_by_role("link", name="legge (sito esterno")
    expect(link).to_have_attribute("target", "_blank")
    expect(link).to_have_attribute("rel", "noopener noreferrer")


def test_an_answer_is_read_at_a_glance(chat: Page) -> None:
    """What was asked first, the rest folded, the sources in one closed line, actions and thumbs in
    sight: no higher than a screen, on a desk and on a phone."""
    words = "Una frase della guida di una certa lunghezza, come ne hanno le guide, e poi basta. "
    folded = {
        "answer_html": f"<p>{words} [1]</p><p>{words} [1]</p><p>{words * 9}</p>",
        "first_html": f"<p>{words} [1]</p><p>{words} [1]</p>", "more_html": f"<p>{words * 9}</p>",
    }  # fmt: skip
    serve(chat, answer(**folded))
    ask(chat)
    card, more = chat.locator(".card"), chat.locator(".more p")
    for width, height in ((1280, 800), (390, 800)):
        chat.set_viewport_size({"width": width, "height": height})
        expect(more).to_be_hidden()
        expect(chat.locator(".source-panel")).to_be_hidden()
        box = card.bounding_box()
        assert box
        assert box["height"] < 600
        for name in ("Copia", "Stampa", "Questa risposta va bene"):
            expect(card.get_by_role("button", name=name)).to_be_visible()
    chat.get_by_text("Altro dalle guide").click()
    expect(more).to_be_visible()


def test_a_phone_shows_the_answer_first(browser: Browser, live_server: str) -> None:
    """On 390 by 800, with answers as long as the guides' own: the keyboard is away, the sources
    take two lines, the actions one row, related questions are folded, and «Nuova persona» and the
    way to a person are in sight however long the conversation."""
    context = browser.new_context(
        viewport={"width": 390, "height": 800}, is_mobile=True, has_touch=True
    )
    phone = context.new_page()
    phone.goto(live_server)
    words = "Per iscriversi servono un titolo che consente di lavorare, il codice fiscale e una "
    source = {**answer()["citations"][0], "title": words}
    first = f"<p>{words * 2} [1]</p><p>{words * 2} [1]</p>"
    related = [words, words + "?"]
    serve(phone, answer(first_html=first, more_html="<p>.</p>", citations=[source],
                        related_questions=related))  # fmt: skip
    for n in (1, 2):
        ask(phone)
        expect(phone.locator(".answer")).to_have_count(n)
    expect(phone.get_by_label("La tua domanda")).not_to_be_focused()
    last = phone.locator(".turn").last

    def height(of: str) -> float:
        box = last.locator(of).bounding_box()
        assert box
        return box["height"]

    assert height(".card") < 700
    assert height(".sources") < 60
    assert height(".actions") < 65
    question = last.get_by_role("button", name=related[1])
    expect(question).to_be_hidden()
    last.get_by_text("Domande", exact=True).click()
    expect(question).to_be_visible()
    for name in ("Nuova persona", "Chiedi"):
        expect(phone.get_by_role("button", name=name, exact=True)).to_be_in_viewport(ratio=1)
    expect(phone.get_by_role("link", name="Chiedi a una persona")).to_be_in_viewport(ratio=1)
    context.close()


def test_three_near_passages_fit_a_phone(chat: Page) -> None:
    """At 360 by 640, with titles and beginnings as long as the guides' own: one line of each
    beginning, and the whole block no higher than the screen."""
    begins = "Sì, il richiedente asilo può lavorare dopo sessanta giorni dalla presentazione della "
    section = "Un richiedente asilo può lavorare, e da che giorno si può assumere?"
    one = {**answer()["citations"][0], "title": "Il diritto al lavoro dei richiedenti asilo",
           "heading_path": ["Il diritto al lavoro", section], "quote": begins * 2}  # fmt: skip
    serve(chat, answer(outcome="related", citations=[{**one, "n": n} for n in (1, 2, 3)],
                       answer_html="<p>Passaggi:</p><ul><li>Titolo [1]</li></ul>"))  # fmt: skip
    chat.set_viewport_size({"width": 360, "height": 640})
    ask(chat)
    expect(chat.locator(".near-start")).to_have_count(3)
    for start in chat.locator(".near-start").all():
        line = start.evaluate("block => parseFloat(getComputedStyle(block).lineHeight)")
        box = start.bounding_box()
        assert box
        assert box["height"] < 1.5 * line
    whole = chat.locator(".card").bounding_box()
    assert whole
    assert whole["height"] < 640


def test_near_passages_show_how_they_begin(chat: Page) -> None:
    """Not three times the same titles: each with its first lines, the whole of it a touch away."""
    first = {**answer()["citations"][0], "passage_html": "<p>Il testo del <em>primo</em>.</p>"}
    second = {**first, "n": 2, "title": "Altro", "quote": "Come comincia il secondo.",
              "passage_html": "<p>Tutto il secondo.</p>"}  # fmt: skip
    serve(chat, answer(outcome="related", citations=[first, second],
                       answer_html="<p>Passaggi:</p><ul><li>Titolo [1]</li></ul>"))  # fmt: skip
    ask(chat)
    expect(chat.get_by_text("Come comincia il secondo.")).to_be_visible()
    for text in ("Il testo del primo.", "Tutto il secondo."):
        expect(chat.get_by_text(text)).to_be_hidden()
    expect(chat.locator(".answer li, .sources")).to_have_count(0)
    chat.get_by_text("Altro › Titolo › Sezione").click()
    expect(chat.get_by_text("Tutto il secondo.")).to_be_visible()
    expect(chat.get_by_text("Come comincia il secondo.")).to_be_hidden()


def test_a_phone_is_told_once_that_nothing_answers(chat: Page, context: BrowserContext) -> None:
    """The outcome says it; the words under it are for who asked in another language. The copy has
    them all the same."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    words = "Leggi prima questi passaggi."
    near = answer(outcome="related", answer_html=f"<p>{words}</p><ul><li>Titolo [1]</li></ul>")
    serve(chat, {**near, "language": "es"})
    ask(chat)
    serve(chat, near)
    ask(chat)
    said = chat.locator(".answer").get_by_text(words)
    expect(said).to_have_count(2)
    expect(said.last).to_be_visible()
    chat.set_viewport_size({"width": 360, "height": 640})
    expect(said.last).to_be_hidden()
    expect(said.first).to_be_visible()
    chat.get_by_role("button", name="Copia", exact=True).last.click()
    expect(chat.get_by_text("Copiato.")).to_be_visible()
    assert words in chat.evaluate("navigator.clipboard.readText()")


def test_a_long_question_leaves_room_to_the_answer(chat: Page) -> None:
    """On a phone the beginning of what was pasted, and the whole of it in one touch."""
    chat.set_viewport_size({"width": 360, "height": 640})
    serve(chat, answer())
    long = "Una storia lunga che qualcuno ha incollato nella domanda. " * 12
    ask(chat, long)
    question, answered = chat.locator(".question"), chat.locator(".card")
    expect(answered).to_be_in_viewport()
    show = chat.get_by_role("button", name="Mostra tutta la domanda")
    before = question.bounding_box()
    show.click()
    after = question.bounding_box()
    assert before
    assert after
    assert before["height"] < 110 < after["height"]
    chat.get_by_role("button", name="Mostra meno").click()
    expect(show).to_have_attribute("aria-expanded", "false")
    ask(chat, "Una breve?")
    expect(answered).to_have_count(2)
    expect(show).to_have_count(1)


def test_print_is_that_answer_alone(chat: Page) -> None:
    """What was asked before may be another person's."""
    serve(chat, answer(first_html="<p>Sì. [1]</p>", more_html="<p>Il resto.</p>"))
    ask(chat, "La prima domanda?")
    expect(chat.locator(".answer")).to_have_count(1)
    ask(chat, "La seconda domanda?")
    expect(chat.locator(".answer")).to_have_count(2)
    chat.evaluate("window.print = () => {}")
    chat.get_by_role("button", name="Stampa").last.click()
    chat.emulate_media(media="print")
    expect(chat.get_by_text("La prima domanda?")).to_be_hidden()
    expect(chat.get_by_text("La seconda domanda?")).to_be_visible()
    expect(chat.get_by_text("Il resto.").last).to_be_visible()
    expect(chat.get_by_role("button", name="Stampa").last).to_be_hidden()
    chat.evaluate("dispatchEvent(new Event('afterprint'))")
    expect(chat.get_by_text("La prima domanda?")).to_be_visible()


def test_no_service_is_said(chat: Page) -> None:
    note = "Nessun servizio nella carta per questo bisogno a Cuneo."
    serve(chat, answer(services_note=note))
    ask(chat)
    expect(chat.locator(".next")).to_contain_text(note)
    expect(chat.locator(".next").get_by_role("button", name="Proponi un servizio")).to_be_visible()
