"""A danger in a real browser: its number and the first steps, and nothing lost when copied."""

from __future__ import annotations

from playwright.sync_api import BrowserContext, Page, expect
from web import answer, ask, serve


def test_real_emergency_shows_numbers_to_call(chat: Page) -> None:
    """A danger told in the operator's words brings the emergency card with numbers to touch."""
    ask(chat, "una donna mi dice che il marito la picchia")
    expect(chat.locator(".outcome")).to_have_text("Emergenza")
    expect(chat.locator('a[href="tel:112"]').first).to_be_visible()


STEPS = "".join(f"<li>Il passo numero {n}, che dice che cosa fare. [1]</li>" for n in range(1, 7))
DANGER = f"""<p>Chiama subito:</p><ul><li><strong>112</strong> Numero unico</li></ul>
<p><strong>Una persona in pericolo</strong></p><p>Resta con la persona. [1]</p><ol>{STEPS}</ol>"""


def test_an_emergency_is_its_number_and_what_to_do_first(chat: Page) -> None:
    """The number and the first steps on a phone's screen; the other steps keep their numbers, and
    what is for who is in no danger says so before it is opened, and in the copy."""
    chat.set_viewport_size({"width": 360, "height": 640})
    safe = "<p><strong>Se nessuno è in pericolo:</strong></p><p>Il permesso si rinnova. [1]</p>"
    serve(chat, answer(outcome="emergency", first_html=DANGER, more_html=safe))
    ask(chat)
    for text in ("Il passo numero 1", "Il passo numero 3", "Se nessuno è in pericolo:"):
        expect(chat.get_by_text(text)).to_be_visible()
    expect(chat.locator('a[href="tel:112"]')).to_be_in_viewport(ratio=1)
    expect(chat.get_by_text("Il passo numero 4")).to_be_hidden()
    expect(chat.get_by_text("Il permesso si rinnova.")).to_be_hidden()
    box = chat.locator(".card").bounding_box()
    assert box
    assert box["height"] < 640
    chat.get_by_text("Gli altri 3 passi").click()
    expect(chat.get_by_text("Il passo numero 6")).to_be_visible()
    assert chat.locator(".answer ol").last.evaluate("list => list.start") == 4


def test_of_two_dangers_each_says_what_to_do_at_once(chat: Page, context: BrowserContext) -> None:
    """On a phone the numbers, both openings and the first step are above the field with nothing
    touched; the other steps, whole, are a touch away and in the copy."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat.set_viewport_size({"width": 360, "height": 640})
    other = DANGER.split("</ul>")[1].replace("Resta con la persona", "Chiama subito qualcuno")
    serve(chat, answer(outcome="emergency", answer_html=DANGER + other))
    ask(chat, "Una domanda che prende le sue due righe, e forse anche una terza, sul telefono.")
    field = chat.locator(".composer-box").bounding_box()
    assert field
    for text in ("112", "Resta con la persona", "Il passo numero 1", "Chiama subito qualcuno"):
        shown = chat.locator(".answer").get_by_text(text).first.bounding_box()
        assert shown
        assert 0 < shown["y"] < shown["y"] + shown["height"] <= field["y"]
    expect(chat.locator(".answer").get_by_text("Il passo numero 1").last).to_be_hidden()
    expect(chat.get_by_text("Gli altri 6 passi")).to_be_visible()
    chat.get_by_role("button", name="Copia", exact=True).click()
    expect(chat.get_by_text("Copiato.")).to_be_visible()
    copied = chat.evaluate("navigator.clipboard.readText()")
    assert [line[:2] for line in copied.splitlines() if "Il passo" in line] == [
        f"{n}." for n in (*range(1, 7), *range(1, 7))
    ]


def test_a_danger_without_opening_shows_a_step(chat: Page) -> None:
    """Of a second danger whose guide begins with its steps the first one is seen."""
    chat.set_viewport_size({"width": 360, "height": 640})
    other = f"<p><strong>Un altro pericolo</strong></p><ol>{STEPS}</ol>"
    serve(chat, answer(outcome="emergency", answer_html=DANGER + other))
    ask(chat)
    expect(chat.locator(".answer").get_by_text("Il passo numero 1").last).to_be_visible()
    expect(chat.locator(".answer").get_by_text("Il passo numero 2").last).to_be_hidden()


def test_a_danger_copied_is_whole(chat: Page, context: BrowserContext) -> None:
    """What is folded is in the copy, in its order, with its numbers and for whom it is."""
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    safe = "<p><strong>Se nessuno è in pericolo:</strong></p><p>Il permesso si rinnova. [1]</p>"
    serve(chat, answer(outcome="emergency", first_html=DANGER, more_html=safe))
    ask(chat)
    chat.get_by_role("button", name="Copia", exact=True).click()
    expect(chat.get_by_text("Copiato.")).to_be_visible()
    copied = chat.evaluate("navigator.clipboard.readText()")
    assert "- 112 Numero unico" in copied
    assert [line[:2] for line in copied.splitlines() if "Il passo" in line] == [
        f"{n}." for n in range(1, 7)
    ]
    assert "Se nessuno è in pericolo:\nIl permesso si rinnova. [1]" in copied
