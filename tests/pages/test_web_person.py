"""Who is asked about: what the chat keeps of a person, shows of it and forgets."""

from __future__ import annotations

import json
import re

from playwright.sync_api import BrowserContext, Page, expect
from web import QUESTION, answer, ask, serve


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


def test_the_place_of_the_office_is_set_once(chat: Page) -> None:
    """Ticked, it stays for the next person, who else is nobody yet, and in other tabs; another
    place, of one person, changes nothing of it; unticked it is gone."""
    chat.get_by_text("La situazione della persona").click()
    chat.get_by_label("Titolo di soggiorno").select_option("richiedente")
    place, keep = chat.get_by_label("Comune", exact=True), chat.get_by_label("il mio ufficio")
    place.fill("Cuneo")
    keep.check()
    place.fill("Alba")
    place.blur()
    expect(keep).not_to_be_checked()
    chat.get_by_role("button", name="Nuova persona").click()
    expect(chat.locator(".chip > span")).to_have_text(["Cuneo"])
    other = chat.context.new_page()
    other.goto(chat.url)
    expect(other.locator(".chip > span")).to_have_text(["Cuneo"])
    other.close()
    keep.uncheck()
    chat.get_by_role("button", name="Nuova persona").click()
    expect(chat.locator(".chip")).to_have_count(0)


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


def test_web_05_two_tabs_are_two_conversations(chat: Page, context: BrowserContext) -> None:
    """Both go on from what the device remembers, each under a name of its own; after a reload each
    has its own turns, and the device keeps both until each is forgotten."""
    asked = serve(chat, answer())
    ask(chat, "Prima domanda?")
    expect(chat.locator(".answer")).to_have_count(1)
    chat.get_by_label("Ricorda su questo dispositivo").check()
    other = context.new_page()
    asked_there = serve(other, answer())
    other.goto(chat.url)
    expect(other.locator(".answer")).to_have_count(1)
    ask(chat, "Seconda, di qua?")
    expect(chat.locator(".answer")).to_have_count(2)
    ask(other, "Seconda, di là?")
    expect(other.locator(".answer")).to_have_count(2)
    assert asked[0]["conversation"] == asked[1]["conversation"] != asked_there[0]["conversation"]
    for tab, own in ((chat, "di qua"), (other, "di là")):
        tab.reload()
        expect(tab.locator(".question")).to_have_count(2)
        expect(tab.locator(".question").nth(1)).to_contain_text(own)
    kept = chat.evaluate("JSON.stringify(Object.values({...localStorage}))")
    assert "di qua" in kept
    assert "di là" in kept
    other.get_by_role("button", name="Nuova persona").click()
    kept = chat.evaluate("JSON.stringify(Object.values({...localStorage}))")
    assert "di là" not in kept
    assert "di qua" in kept
    other.close()


def test_a_conversation_taken_up_leaves_no_copy_behind(chat: Page, context: BrowserContext) -> None:
    """The tab of yesterday is closed: today's goes on in its place, and forgets all of it."""
    serve(chat, answer())
    ask(chat, "Prima domanda?")
    expect(chat.locator(".answer")).to_have_count(1)
    chat.get_by_label("Ricorda su questo dispositivo").check()
    address = chat.url
    today = context.new_page()
    chat.close()
    serve(today, answer())
    today.goto(address)
    ask(today, "Seconda?")
    expect(today.locator(".answer")).to_have_count(2)
    names = "Object.keys(localStorage).filter((name) => name.startsWith('bussola-conversation'))"
    assert len(today.evaluate(names)) == 1
    today.get_by_role("button", name="Nuova persona").click()
    assert "Prima domanda" not in today.evaluate("JSON.stringify({...localStorage})")


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
