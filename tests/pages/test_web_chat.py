"""The chat in a real browser, over a real server and the real guides."""

from __future__ import annotations

import json
import re

import pytest
from folders import DATA
from playwright.sync_api import BrowserContext, Page, expect
from web import QUESTION, answer, ask, serve

from chatbot.question import MAX_QUESTION

VECTORS = DATA / "conformance" / "dompurify-vectors.json"
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'


SIEVE_ALL = """async (vectors) => {
  const { sieve } = await import("/web/widget/dom.js");
  for (const name of ["alert", "confirm", "prompt"]) window[name] = () => (window.ran = 1);
  const banned = "script, style, img, svg, math, iframe, form, input, object, embed, link, base";
  const safe = /^(https?:|mailto:|tel:|\\/|#)/i;
  const holder = document.body.appendChild(document.createElement("div"));
  const left = new Set();
  for (const payload of vectors) {
    holder.replaceChildren(sieve(payload));
    for (const node of holder.querySelectorAll(banned)) left.add(node.localName);
    for (const node of holder.querySelectorAll("*")) {
      for (const { name, value } of node.attributes) {
        const fine = name === "rel" || (name === "href" && safe.test(value));
        if (!fine) left.add(`${node.localName} ${name}=${value}`);
      }
    }
  }
  await new Promise((done) => setTimeout(done, 300));
  return { left: [...left], ran: window.ran ?? 0, count: vectors.length };
}"""


@pytest.fixture
def chat(page: Page, live_server: str) -> Page:
    page.goto(live_server)
    expect(page.get_by_label("La tua domanda")).to_be_visible()
    return page


def test_question_to_highlighted_passage(chat: Page) -> None:
    """An operator asks, reads a mark, opens the passage with its sentence lit, and lands on the
    same words highlighted in the guide."""
    ask(chat)
    expect(chat.get_by_text("Risposta dalle guide", exact=True)).to_be_visible()
    mark = chat.get_by_role("button", name=re.compile("^Fonte 1: "))
    mark.first.click()
    lit = chat.locator(".source-panel:visible blockquote mark").first
    expect(lit).to_be_in_viewport()
    expect(chat.locator(".source-panel:visible")).to_contain_text("Verificato il")
    first_sentence = " ".join((lit.text_content() or "").split())
    chat.get_by_role("link", name="Apri nella guida").click()
    highlighted = chat.locator("mark.cited").first
    expect(highlighted).to_be_in_viewport()
    shown = " ".join((highlighted.text_content() or "").split())
    assert shown
    assert shown in first_sentence


def test_keyboard_alone(chat: Page) -> None:
    """Question, mark, passage and way back need no mouse; Escape returns to the mark."""
    chat.get_by_label("La tua domanda").focus()
    chat.keyboard.type(QUESTION)
    chat.keyboard.press("Enter")
    mark = chat.get_by_role("button", name=re.compile("^Fonte 1: ")).first
    expect(mark).to_be_visible()
    for _ in range(60):
        chat.keyboard.press("Shift+Tab")
        if mark.evaluate("node => node.getRootNode().activeElement === node"):
            break
    expect(mark).to_be_focused()
    chat.keyboard.press("Enter")
    opened = chat.locator('.source-button[aria-expanded="true"]')
    expect(opened).to_be_focused()
    chat.keyboard.press("Escape")
    expect(mark).to_be_focused()
    expect(chat.locator(".source-panel:visible")).to_have_count(0)


def test_focus_is_never_hidden_by_the_composer(chat: Page) -> None:
    """Tabbing through an answer keeps each focused control clear of the sticky composer
    (WCAG 2.2, 2.4.11)."""
    ask(chat)
    expect(chat.get_by_role("button", name="Questa risposta va bene")).to_be_visible()
    chat.get_by_role("button", name="Nuova persona").focus()
    for _ in range(25):
        chat.keyboard.press("Tab")
        hidden = chat.evaluate(
            """() => {
              const root = document.querySelector("bussola-chat").shadowRoot;
              const focused = root.activeElement;
              if (!focused || focused.closest(".composer-box")) return false;
              const box = focused.getBoundingClientRect();
              const composer = root.querySelector(".composer-box").getBoundingClientRect();
              return box.top >= composer.top && box.bottom <= composer.bottom;
            }"""
        )
        assert hidden is False


def test_screen_reader_hears_search_and_answer(chat: Page) -> None:
    """One live region stays mounted: it says that a search began, then the whole answer once."""
    chat.evaluate(
        """() => {
          window.heard = [];
          const region = document.querySelector("bussola-chat").shadowRoot
            .querySelector(".frame > [role=status]");
          window.region = region;
          new MutationObserver(() => window.heard.push(region.textContent))
            .observe(region, {childList: true, characterData: true, subtree: true});
        }"""
    )
    ask(chat)
    expect(chat.get_by_text("Risposta dalle guide", exact=True)).to_be_visible()
    chat.wait_for_function("() => window.heard.length >= 2")
    heard = chat.evaluate("window.heard")
    assert heard[0] == "Sto cercando…"
    assert heard[-1].startswith("Risposta dalle guide. ")
    assert "[1]" not in heard[-1]
    assert len(heard) == 2
    assert chat.evaluate("window.region.isConnected")


def test_network_failure_keeps_the_question(chat: Page, context: BrowserContext) -> None:
    """Without a network the question stays on the page, and «Riprova» answers it afterwards."""
    context.set_offline(True)
    ask(chat)
    expect(chat.get_by_role("heading", name=re.compile(QUESTION[:-1]))).to_be_visible()
    expect(chat.locator(".failure")).to_contain_text("senza rete")
    context.set_offline(False)
    chat.get_by_role("button", name="Riprova").click()
    expect(chat.get_by_text("Risposta dalle guide", exact=True)).to_be_visible()
    expect(chat.get_by_label("La tua domanda")).to_be_focused()


def test_broken_stream_falls_back_to_plain_json(chat: Page) -> None:
    """A proxy that cuts server-sent events costs nothing: the same question goes to /api/chat."""
    chat.route("**/api/chat/stream", lambda route: route.abort())
    with chat.expect_response("**/api/chat") as plain:
        ask(chat)
    assert plain.value.status == 200
    expect(chat.get_by_text("Risposta dalle guide", exact=True)).to_be_visible()


def test_problem_document_is_shown_in_words(chat: Page) -> None:
    """What the server refuses is told with the server's own Italian words."""
    ask(chat, "\x7f\x7f")  # control characters only: the server refuses them
    expect(chat.locator(".failure .outcome")).not_to_be_empty()
    expect(chat.locator(".failure")).not_to_contain_text("undefined")
    ask(chat)
    expect(chat.get_by_text("Risposta dalle guide", exact=True)).to_be_visible()


def test_empty_question_is_refused_on_the_spot(chat: Page) -> None:
    """A blank question sends nothing and says what to do."""
    asked = serve(chat, answer())
    ask(chat, "   ")
    expect(chat.get_by_role("alert")).to_have_text("Scrivi una domanda.")
    assert asked == []


def test_hostile_answer_cannot_run(chat: Page) -> None:
    """Markup in any field of an answer is shown as text or dropped, never executed."""
    citation = answer()["citations"][0]
    hostile = {
        **citation, "title": HOSTILE, "quote": HOSTILE, "heading_path": [HOSTILE],
        "url": "javascript:window.hacked=1",
        "sources": [{"label": HOSTILE, "url": "javascript:window.hacked=1"}],
    }  # fmt: skip
    link = {"guide": "x", "title": HOSTILE, "url": "javascript:window.hacked=1", "detail": {}}
    serve(chat, answer(
        answer_html=f'<p>Ciao {HOSTILE}<a href="javascript:window.hacked=1">clic</a> [1]</p>'
                    '<svg onload="window.hacked=1"></svg><iframe src="javascript:1"></iframe>'
                    '<p style="position:fixed" onclick="window.hacked=1">testo</p>',
        citations=[hostile], scripts=[link], services=[link], related_questions=[HOSTILE],
        understood=HOSTILE, quick_replies=[{"label": HOSTILE}],
    ))  # fmt: skip
    ask(chat)
    chat.get_by_text("clic").click()
    chat.locator(".mark").click()
    expect(chat.locator(".source-panel blockquote")).to_have_text(HOSTILE)
    dangerous = {**hostile, "passage_html": f"<p>Testo {HOSTILE}</p>"}
    serve(chat, answer(citations=[dangerous], services_note=HOSTILE, first_html=HOSTILE,
                       more_html=f"<p>{HOSTILE}</p>"))  # fmt: skip
    ask(chat)
    chat.locator(".turn").last.locator(".sources > summary").click()
    chat.locator(".turn").last.locator(".source-button").click()
    expect(chat.locator(".turn").last.locator(".passage")).to_have_text("Testo")
    inside = chat.locator("bussola-chat")
    unsafe = "script, img, iframe, [style], [onclick], [href^='javascript']"
    assert inside.locator(unsafe).count() == 0
    assert chat.evaluate("window.hacked") is None


def test_known_attacks_are_sieved(chat: Page) -> None:
    """Of DOMPurify's 223 attack vectors, put in a page through the widget's own sieve, none
    runs, and none leaves an element, attribute or link outside the allow list."""
    vectors = [case["payload"] for case in json.loads(VECTORS.read_text("utf-8"))]
    found = chat.evaluate(SIEVE_ALL, vectors)
    assert found == {"left": [], "ran": 0, "count": 223}


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


def test_courtesy_is_a_plain_text(chat: Page) -> None:
    """Hello and thanks are answered in words: no heading, no source, nothing to do next."""
    said = {"answer": "Ciao!", "answer_html": "<p>Ciao!</p>", "citations": []}
    serve(chat, answer(outcome="small_talk", **said))
    ask(chat)
    expect(chat.locator(".card-small_talk")).to_have_text("Ciao!")
    expect(chat.locator(".outcome, .sources, .next, .actions")).to_have_count(0)


def test_qa_17_a_long_question_is_counted(chat: Page) -> None:
    """An e-mail fits, up to the limit of the contract; a short question is not bothered. What is
    too long is neither cut in silence nor sent: it stays in the field."""
    asked = serve(chat, answer())
    field, counter = chat.get_by_label("La tua domanda"), chat.locator("#question-count")
    field.fill("a" * (MAX_QUESTION + 210))
    expect(counter).to_have_text("4210 caratteri su 4000")
    field.press("Enter")
    expect(chat.get_by_role("alert")).to_contain_text("troppo lungo di 210 caratteri")
    assert field.input_value() == "a" * (MAX_QUESTION + 210)
    assert asked == []
    field.fill("a" * 499)
    expect(counter).to_have_text("")
    field.fill("a" * MAX_QUESTION)
    expect(counter).to_have_text("4000 caratteri su 4000")


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


def test_notice_says_automatic_and_last_review(chat: Page) -> None:
    """Before any question: answers are put together by a program, and when the guides were last
    checked (AI Act, art. 50)."""
    notice = chat.locator("bussola-chat .notice")
    expect(notice).to_contain_text("messe insieme automaticamente")
    expect(notice).to_contain_text(re.compile(r"Guide ricontrollate .*\d{4}\."))


def test_real_emergency_shows_numbers_to_call(chat: Page) -> None:
    """A danger told in the operator's words brings the emergency card with numbers to touch."""
    ask(chat, "una donna mi dice che il marito la picchia")
    expect(chat.locator(".outcome")).to_have_text("Emergenza")
    expect(chat.locator('a[href="tel:112"]').first).to_be_visible()


def test_quick_reply_fills_the_context_and_asks_again(chat: Page) -> None:
    """The reply to a clarifying question is remembered as context and sent with the question."""
    replies = [{"label": "Prima del 12 giugno 2026", "profile": {"application_date": "2026-06-11"}}]
    asked = serve(chat, answer(outcome="clarify", quick_replies=replies, citations=[]))
    ask(chat)
    chat.get_by_role("button", name="Prima del 12 giugno 2026").click()
    expect(chat.locator(".turn")).to_have_count(2)
    expect(chat.locator(".chip")).to_contain_text("11 giugno 2026")
    assert asked[1]["question"] == QUESTION
    assert asked[1]["profile"] == {"application_date": "2026-06-11"}
    assert [turn["role"] for turn in asked[1]["history"]] == ["user", "assistant"]


def test_the_date_is_asked_back_and_the_answer_follows_it(chat: Page) -> None:
    """From the real server: a question whose answer the date changes is asked back; a touch
    answers it, stays in the context, and the answer is the rule of that side."""
    ask(chat, "chi chiede asilo che documento riceve dalla polizia di frontiera?")
    expect(chat.locator(".outcome")).to_have_text("Mi serve un dato in più", timeout=15_000)
    expect(chat.locator(".quick-replies button")).to_have_count(2)
    chat.get_by_role("button", name="Dal 12 giugno 2026 in poi").click()
    last = chat.locator(".turn").nth(1)
    expect(last.locator(".answer")).to_contain_text("documento nominativo", timeout=15_000)
    expect(chat.locator(".chip")).to_contain_text("Domanda dal 12 giugno 2026")
    expect(last.locator(".quick-replies")).to_have_count(0)


def test_both_rules_are_shown_and_the_date_offered(chat: Page) -> None:
    """Where a short passage states both regimes the answer comes at once, and can be narrowed."""
    ask(chat, "entro quanti giorni si fa ricorso contro il no all'asilo?")
    first = chat.locator(".turn").first
    expect(first.locator(".outcome")).to_have_text("Risposta dalle guide", timeout=15_000)
    expect(first).to_contain_text("Se sai quando ha chiesto asilo")
    chat.get_by_role("button", name="Prima del 12 giugno 2026").click()
    last = chat.locator(".turn").nth(1).locator(".answer")
    expect(last).to_contain_text("disciplina di prima", timeout=15_000)
    expect(last).not_to_contain_text("30 giorni")


def test_what_was_read_of_the_person_is_said(chat: Page) -> None:
    """The title and date recognised in a question are shown, so that a wrong guess is seen; what
    the context already says is not repeated."""
    ask(chat, "Un richiedente con domanda di maggio 2026 può fare il tirocinio?")
    line = chat.get_by_text("Ho tenuto conto di")
    expect(line).to_have_text(
        "Ho tenuto conto di: Richiedente asilo, Domanda di maggio 2026", timeout=15_000
    )


def test_context_is_set_once_and_sent_with_every_question(chat: Page) -> None:
    """Title of stay, date and municipality are set once, shown as chips, editable, and sent."""
    asked = serve(chat, answer())
    chat.get_by_text("La situazione della persona").click()
    chat.get_by_label("Titolo di soggiorno").select_option("richiedente")
    chat.get_by_label("Data della domanda di asilo").fill("2026-05-01")
    chat.get_by_label("Comune").fill("Cuneo")
    chat.get_by_role("button", name="Fatto").click()
    ask(chat)
    expect(chat.locator(".chip")).to_have_count(3)
    expect(chat.locator(".turn")).to_have_count(1)
    chat.get_by_role("button", name="Togli: Cuneo").click()
    ask(chat)
    expect(chat.locator(".turn")).to_have_count(2)
    whole = {"title": "richiedente", "application_date": "2026-05-01", "municipality": "Cuneo"}
    assert asked[0]["profile"] == whole
    assert asked[1]["profile"] == {k: v for k, v in whole.items() if k != "municipality"}


def test_history_stays_in_the_tab_unless_asked(chat: Page, context: BrowserContext) -> None:
    """A reload keeps the conversation; another tab sees it only after «Ricorda»; «Nuova
    persona» clears it everywhere, in one tap, and says so."""
    serve(chat, answer())
    ask(chat)
    expect(chat.locator(".answer")).to_be_visible()
    assert chat.evaluate("localStorage.length") == 0
    chat.reload()
    expect(chat.locator(".answer")).to_be_visible()
    chat.get_by_label("Ricorda su questo dispositivo").check()
    other = context.new_page()
    other.goto(chat.url)
    expect(other.locator(".answer")).to_be_visible()
    other.close()
    assert QUESTION in chat.evaluate("JSON.stringify(localStorage)")
    chat.get_by_role("button", name="Nuova persona").click()
    expect(chat.locator(".turn")).to_have_count(0)
    expect(chat.get_by_role("alert")).to_contain_text("sono cancellati da questo computer")
    expect(chat.get_by_label("Ricorda su questo dispositivo")).not_to_be_checked()
    kept = chat.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert QUESTION not in kept


def test_feedback_reaches_the_journal(chat: Page) -> None:
    """The reason chosen and the comment go to the real journal with the answer's id, which
    keeps them before the page says thanks."""
    with chat.expect_response("**/api/chat/stream") as asked:
        ask(chat)
    chat.get_by_role("button", name="Questa risposta non va").click()
    chat.get_by_label("Non aggiornata").check()
    chat.get_by_label("Commento").fill("La legge è cambiata")
    with chat.expect_response("**/api/feedback") as kept:
        chat.get_by_role("button", name="Manda il parere").click()
    expect(chat.get_by_text("Grazie")).to_be_visible()
    sent = json.loads(kept.value.request.post_data or "{}")
    assert kept.value.status == 200
    assert sent["reason"] == "non_aggiornata"
    assert sent["comment"] == "La legge è cambiata"
    assert sent["answer_id"] in asked.value.text()


def test_a_good_answer_is_one_touch(chat: Page) -> None:
    """The thumb in sight sends the reason of the contract, without a form."""
    ask(chat)
    with chat.expect_response("**/api/feedback") as kept:
        chat.get_by_role("button", name="Questa risposta va bene").click()
    assert json.loads(kept.value.request.post_data or "{}")["reason"] == "ottima"
    expect(chat.get_by_text("Grazie")).to_be_visible()


def test_conversation_can_be_erased_from_the_journal(chat: Page) -> None:
    """Every question carries one random name, which «Elimina anche dal server» deletes from the
    real journal once it is confirmed; the next conversation has another."""
    with chat.expect_request("**/api/chat/stream") as first:
        ask(chat)
    expect(chat.locator(".answer")).to_be_visible()
    chat.get_by_role("button", name="Elimina anche dal server").click()
    chat.get_by_role("button", name="Annulla").click()
    expect(chat.locator(".turn")).to_have_count(1)
    chat.get_by_role("button", name="Elimina anche dal server").click()
    with chat.expect_response("**/api/conversations/*") as erased:
        chat.get_by_role("button", name="Sì, elimina").click()
    expect(chat.locator(".turn")).to_have_count(0)
    with chat.expect_request("**/api/chat/stream") as second:
        ask(chat)
    bodies = [json.loads(request.value.post_data or "{}") for request in (first, second)]
    names = [body["conversation"] for body in bodies]
    assert erased.value.status == 200
    assert erased.value.request.method == "DELETE"
    assert erased.value.url.endswith(f"/api/conversations/{names[0]}")
    assert re.fullmatch("[0-9a-f]{32}", names[0])
    assert names[0] != names[1]


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


def test_near_passages_show_their_text(chat: Page) -> None:
    """Not three times the same titles: the first passage is open, the others a touch away."""
    first = {**answer()["citations"][0], "passage_html": "<p>Il testo del <em>primo</em>.</p>"}
    second = {**first, "n": 2, "title": "Altro", "passage_html": "<p>Il secondo.</p>"}
    serve(chat, answer(outcome="related", citations=[first, second],
                       answer_html="<p>Passaggi:</p><ul><li>Titolo [1]</li></ul>"))  # fmt: skip
    ask(chat)
    expect(chat.get_by_text("Il testo del primo.")).to_be_visible()
    expect(chat.get_by_text("Il secondo.")).to_be_hidden()
    expect(chat.locator(".answer li, .sources")).to_have_count(0)
    chat.get_by_text("Altro › Titolo › Sezione").click()
    expect(chat.get_by_text("Il secondo.")).to_be_visible()


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
    expect(chat.locator(".next")).to_have_text(note)


def test_work_can_be_stopped(chat: Page) -> None:
    """While it works the button stops it, a second question is told to wait; afterwards both the
    question and the field are there."""
    chat.route("**/api/chat/stream", lambda route: None)  # never answered
    ask(chat)
    stop = chat.get_by_role("button", name="Ferma")
    expect(stop).to_be_visible()
    chat.get_by_label("La tua domanda").fill("Un'altra?")
    chat.keyboard.press("Enter")
    expect(chat.get_by_role("alert")).to_contain_text("Sto ancora cercando")
    stop.click()
    expect(chat.locator(".failure")).to_contain_text("Ricerca fermata")
    expect(chat.get_by_role("button", name="Chiedi", exact=True)).to_be_visible()
    expect(chat.get_by_label("La tua domanda")).to_have_value("Un'altra?")


def test_a_server_that_is_down_is_not_called_no_network(chat: Page) -> None:
    for address in ("**/api/chat/stream", "**/api/chat"):
        chat.route(address, lambda route: route.abort("connectionrefused"))
    ask(chat)
    expect(chat.locator(".failure")).to_contain_text("il server è fermo")
    expect(chat.locator(".failure")).not_to_contain_text("senza rete")


def test_reload_and_back_return_to_the_last_turn(chat: Page) -> None:
    """Not to the first question of the morning."""
    serve(chat, answer(answer_html="<p>Una riga.</p>" * 12))
    for n in range(1, 5):
        ask(chat, f"Domanda {n}?")
        expect(chat.locator(".answer")).to_have_count(n)
    last = chat.get_by_role("heading", name="Domanda 4?")
    chat.reload()
    expect(last).to_be_in_viewport()
    chat.goto(f"{chat.url}guide")
    chat.go_back()
    expect(last).to_be_in_viewport()


def test_after_ten_minutes_it_asks_whose_turn_it_is(chat: Page) -> None:
    """What was said is out of sight meanwhile; the same person finds it again, another nothing."""
    chat.clock.install()
    chat.reload()
    serve(chat, answer())
    ask(chat)
    expect(chat.locator(".answer")).to_be_visible()
    question = chat.get_by_role("alertdialog")
    chat.clock.fast_forward("09:00")
    expect(question).to_have_count(0)
    chat.clock.fast_forward("01:30")
    expect(question).to_contain_text("È ancora la stessa persona?")
    expect(chat.locator(".answer")).to_be_hidden()
    question.get_by_role("button", name="È la stessa persona").click()
    expect(chat.locator(".answer")).to_be_visible()
    chat.clock.fast_forward("10:30")
    question.get_by_role("button", name="Nuova persona").click()
    expect(chat.locator(".turn")).to_have_count(0)
    expect(chat.get_by_label("La tua domanda")).to_be_focused()


def test_related_question_is_asked(chat: Page) -> None:
    """A related question is one click away from its answer."""
    asked = serve(chat, answer(related_questions=["Chi ha diritto al conto?"]))
    ask(chat)
    chat.get_by_role("button", name="Chi ha diritto al conto?").click()
    expect(chat.locator(".turn")).to_have_count(2)
    assert asked[1]["question"] == "Chi ha diritto al conto?"


def test_weight_before_the_first_question(chat: Page) -> None:
    """All that the page loads before the first question comes to under 60 kB, as the server
    sends it: compressed."""
    loaded = chat.evaluate(
        """() => [...performance.getEntriesByType("navigation"),
                  ...performance.getEntriesByType("resource")]
          .map(({ name, encodedBodySize, decodedBodySize }) =>
            [new URL(name).pathname, encodedBodySize, decodedBodySize])"""
    )
    parts = {path: (sent, plain) for path, sent, plain in sorted(loaded, key=lambda part: part[1])}
    assert {"/", "/web/widget.js", "/web/widget.css", "/web/texts/it.json"} <= set(parts)
    assert 0 < sum(sent for sent, _ in parts.values()) < 60_000
    sent, plain = parts["/web/widget.js"]
    assert sent < plain / 2
