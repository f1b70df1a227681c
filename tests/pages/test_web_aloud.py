"""An answer is read aloud by the voices of the device alone, and only when asked."""

from __future__ import annotations

import json

import pytest
from playwright.sync_api import Page, expect
from web import answer, ask, serve

# A browser with the voices that a test says, which keeps what it is asked to speak.
VOICES = """(voices) => {
  const spoken = [];
  class Utterance extends EventTarget {
    constructor(text) { super(); this.text = text; }
  }
  const speech = new EventTarget();
  Object.assign(speech, {
    getVoices: () => voices,
    speak: (part) => spoken.push(part),
    cancel: () => spoken.push("cancel"),
  });
  Object.defineProperty(window, "speechSynthesis", { value: speech });
  window.SpeechSynthesisUtterance = Utterance;
  window.spoken = spoken;
}"""
HERE = [{"lang": "it-IT", "localService": True, "name": "a"}]
ELSEWHERE = [{"lang": "it-IT", "localService": False, "name": "b"}]
SPOKEN = "spoken.filter(p => p !== 'cancel').map(p => [p.text, p.voice.name, p.lang])"
LONG = answer(answer_html="<p>Sì, può. [1]</p><ul><li>Porta il permesso. [1]</li></ul>")


def chat(page: Page, site: str, voices: list[dict[str, object]]) -> None:
    page.add_init_script(f"({VOICES})({json.dumps(voices)})")
    page.goto(site)
    serve(page, LONG)
    ask(page)
    expect(page.locator(".answer").last).to_be_visible()


def test_nothing_is_read_until_it_is_asked(page: Page, live_server: str) -> None:
    """Then block by block, without the marks, in its voice; a second touch stops it; the end puts
    the button back; the page says that the text stays here."""
    chat(page, live_server, HERE)
    button = page.get_by_role("button", name="Leggi ad alta voce")
    expect(button).to_be_visible()
    assert "non esce da qui" in (button.get_attribute("title") or "")
    assert page.evaluate("spoken.length") == 0
    button.click()
    assert page.evaluate(SPOKEN) == [
        ["Sì, può.", "a", "it-IT"], ["Porta il permesso.", "a", "it-IT"],
    ]  # fmt: skip
    stop = page.get_by_role("button", name="Smetti di leggere")
    expect(stop).to_have_attribute("aria-pressed", "true")
    stop.click()
    assert page.evaluate("spoken.at(-1)") == "cancel"
    expect(button).to_have_attribute("aria-pressed", "false")
    button.click()
    page.evaluate("spoken.at(-1).dispatchEvent(new Event('end'))")
    expect(button).to_be_visible()


@pytest.mark.parametrize(
    "voices", [[], ELSEWHERE, [{"lang": "de-DE", "localService": True, "name": "c"}]]
)
def test_without_a_voice_of_this_device_there_is_no_button(
    page: Page, live_server: str, voices: list[dict[str, object]]
) -> None:
    """A service elsewhere would be sent the text; a voice of another language would garble it."""
    chat(page, live_server, voices)
    expect(page.get_by_role("button", name="Copia").last).to_be_visible()
    expect(page.get_by_role("button", name="Leggi ad alta voce")).to_have_count(0)
