"""The words around an answer: in the language of the question, in every language whole."""

from __future__ import annotations

import json

import pytest
from folders import ROOT
from networks import NETWORK

from chatbot.bot import Bot
from chatbot.question import Question
from chatbot.say.wording import texts
from chatbot.words.language import LANGUAGES, detect_language
from index.network import in_language
from index.publish.snapshot import Snapshot

FOLDER = ROOT / "chatbot" / "say" / "texts"
NOT_COVERED = {
    "it": "chi ha vinto il campionato di calcio?",
    "en": "who won the football championship last year?",
    "fr": "qui a gagné le championnat de football ?",
    "es": "¿quién ganó el campeonato de fútbol el año pasado?",
    "ar": "من فاز ببطولة كرة القدم العام الماضي؟",
    "uk": "хто виграв чемпіонат з футболу минулого року?",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_every_text(language: str) -> None:
    """The same keys, none empty, none left in Italian."""
    own = json.loads((FOLDER / f"{language}.json").read_text(encoding="utf-8"))
    italian = texts("it")
    assert own.keys() == italian.keys()
    assert all(value.strip() for value in own.values())
    assert language == "it" or not set(own.values()) & set(italian.values())


def test_a_language_without_texts_has_the_italian_ones() -> None:
    assert texts("de") == texts("it") == texts("../it")


@pytest.mark.parametrize("asker", ["", "it"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_words_are_in_the_language_of_the_question(
    bot: Bot, snapshot: Snapshot, language: str, asker: str
) -> None:
    """Also where the page it is asked from is in Italian."""
    answer = bot.reply(Question(NOT_COVERED[language], language=asker), snapshot)
    assert answer.language == language
    assert answer.outcome in {"no_answer", "out_of_scope", "related"}
    out_of_scope = {"out_of_scope": in_language(NETWORK.out_of_scope, language)}
    assert answer.answer.startswith((texts(language) | out_of_scope)[answer.outcome])


@pytest.mark.parametrize(
    ("text", "asker", "language"),
    [
        ("DID?", "en", "en"),
        ("DID?", "it", "it"),
        ("ok", "ar", "ar"),
        ("Un richiedente asilo può già lavorare?", "en", "it"),
        ("Can an asylum seeker open a bank account?", "it", "en"),
    ],
)
def test_the_page_s_language_counts_where_the_text_does_not_tell(
    text: str, asker: str, language: str
) -> None:
    assert detect_language(text, asker) == language


def test_a_question_in_another_language_finds_what_the_italian_one_does(
    bot: Bot, snapshot: Snapshot
) -> None:
    """Asked from an Italian page: no word of it is corrected towards Italian."""
    asked = "el banco pide el certificado de residencia para abrir la cuenta, ¿puede?"
    answer = bot.reply(Question(asked, language="it"), snapshot)
    assert answer.outcome == "answered"
    assert answer.understood == ""
    assert answer.citations[0].guide == "conto-di-base"


def test_after_the_cards_of_a_danger_comes_what_was_asked(bot: Bot, snapshot: Snapshot) -> None:
    """Who is in no danger asked for it; the marks go on, and no card is said twice."""
    asked = "il marito la picchia, vuole un conto di base suo: serve la residenza?"
    answer = bot.reply(Question(asked), snapshot)
    assert answer.outcome == "emergency"
    card, _, after = answer.answer.partition(f"**{texts('it')['emergency_answer']}**")
    numbers = [citation.n for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    cards = {c.guide for c in answer.citations if f"[{c.n}]" in card}
    rest = {c.guide for c in answer.citations if f"[{c.n}]" in after}
    assert cards
    assert rest
    assert not cards & rest
    assert all(f"[{n}]" in answer.answer for n in numbers)


def test_a_danger_without_an_answer_has_its_cards_alone(bot: Bot, snapshot: Snapshot) -> None:
    answer = bot.reply(Question("mio marito mi picchia, ho paura di tornare a casa"), snapshot)
    assert answer.outcome == "emergency"
    assert texts("it")["emergency_answer"] not in answer.answer
