"""Asking in a real browser, over a real server: what is sent, waited for and stopped."""

from __future__ import annotations

import json
import re

from playwright.sync_api import BrowserContext, Page, Route, expect
from web import QUESTION, answer, ask, serve

from chatbot.question import MAX_QUESTION


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


def test_web_07_a_screen_reader_hears_search_and_answer(chat: Page) -> None:
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
    # the same again is heard again, once; what goes on meanwhile is for the eyes alone
    ask(chat)
    expect(chat.get_by_text("Risposta dalle guide", exact=True)).to_have_count(2)
    chat.wait_for_function("() => window.heard.length >= 4")
    assert chat.evaluate("window.heard") == [*heard, *heard]
    assert chat.evaluate("window.region.isConnected")


def test_web_04_what_is_asked_again_on_the_way_has_the_same_key(chat: Page) -> None:
    """The plain request after a cut stream, and «Riprova», bear the key of the question; another
    question has its own."""
    keys: list[str | None] = []

    def cut(route: Route) -> None:
        keys.append(route.request.headers.get("idempotency-key"))
        route.abort()

    chat.route("**/api/chat*", cut)
    chat.route("**/api/chat/stream", cut)
    ask(chat)
    chat.get_by_role("button", name="Riprova").click()
    expect(chat.get_by_role("button", name="Riprova")).to_be_visible()
    ask(chat, "Cos'è la DID?")
    expect(chat.locator(".failure")).to_have_count(2)
    assert len(keys) == 6
    assert len(set(keys[:4])) == 1
    assert keys[0]
    assert len(set(keys)) == 2


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


def test_notice_says_automatic_and_last_review(chat: Page) -> None:
    """Before any question: answers are put together by a program, and when the guides were last
    checked (AI Act, art. 50)."""
    notice = chat.locator("bussola-chat .notice")
    expect(notice).to_contain_text("messe insieme automaticamente")
    expect(notice).to_contain_text(re.compile(r"Guide ricontrollate .*\d{4}\."))


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
