"""The person that the panel or an earlier turn tells of, in questions that do not say who."""

from __future__ import annotations

from chatbot.bot import Bot
from chatbot.question import Profile, Question, Turn
from index.publish.snapshot import Snapshot

# question, title of stay, guides (or sections) of which the first passage cited should be one
ASKED = [
    ("può lavorare subito?", "richiedente", "diritto-al-lavoro-richiedenti"),
    ("può lavorare subito?", "titolare-protezione", "diritto-al-lavoro-titolari"),
    ("può lavorare subito?", "protezione-speciale", "protezione-speciale"),
    ("quanto dura il permesso?", "richiedente", "documento-del-richiedente"),
    ("quanto dura il permesso?", "titolare-protezione", "permesso-asilo-e-sussidiaria"),
    ("quanto dura il permesso?", "protezione-speciale", "protezione-speciale"),
    ("quanto dura il permesso?", "casi-speciali", "violenza-domestica tratta casi-speciali"),
    ("può chiedere il ricongiungimento?", "richiedente", "ricongiungimento-protezione#richiedente"),
    ("può chiedere il ricongiungimento?", "titolare-protezione", "ricongiungimento-protezione"),
    ("può chiedere il ricongiungimento?", "protezione-speciale", "ricongiungimento-altri"),
    ("quanto può restare in accoglienza?", "titolare-protezione", "accoglienza-sai uscita-dall"),
    ("può andare all'estero?", "titolare-protezione", "documento-di-viaggio#chi"),
    ("può andare all'estero?", "richiedente", "documento-di-viaggio#richiedente"),
    ("come si rinnova?", "protezione-speciale", "protezione-speciale"),
    ("si può convertire in permesso di lavoro?", "protezione-temporanea", "protezione-temporanea"),
    ("fino a quando vale?", "protezione-temporanea", "protezione-temporanea"),
    ("chi paga le cure?", "senza-permesso", "codice-stp"),
    ("chi lo rappresenta?", "minore-solo", "minori-non-accompagnati"),
    ("può restare in comunità dopo i 18 anni?", "neomaggiorenne", "neomaggiorenni"),
]


def first_cited(bot: Bot, snapshot: Snapshot, question: Question) -> str:
    """`guide#section`, or nothing."""
    citations = bot.reply(question, snapshot).citations
    return f"{citations[0].guide}#{citations[0].url.split('#')[1]}" if citations else ""


def test_the_answer_is_for_the_person(bot: Bot, snapshot: Snapshot) -> None:
    """Most questions are answered from a guide for that person, which few are without it."""
    told = blind = 0
    for text, title, wanted in ASKED:
        for_all = first_cited(bot, snapshot, Question(text))
        for_one = first_cited(bot, snapshot, Question(text, profile=Profile(title=title)))
        told += any(name in for_one for name in wanted.split())
        blind += any(name in for_all for name in wanted.split())
    assert told >= len(ASKED) - 7
    assert told > blind


def test_a_refugee_is_not_told_what_holds_for_who_waits(bot: Bot, snapshot: Snapshot) -> None:
    """The same words, two people, two answers; the last one says who, whatever the panel has."""
    asked = "dopo quanto può lavorare?"
    waits = Question(asked, profile=Profile(title="richiedente"))
    has = Question(asked, profile=Profile(title="titolare-protezione"))
    assert first_cited(bot, snapshot, waits) != first_cited(bot, snapshot, has)
    said = Question(f"un rifugiato {asked}", profile=Profile(title="richiedente"))
    plain = Question(f"un rifugiato {asked}")
    assert first_cited(bot, snapshot, said) == first_cited(bot, snapshot, plain)


def test_what_an_earlier_turn_said_counts_too(bot: Bot, snapshot: Snapshot) -> None:
    history = (Turn("user", "il ragazzo ha la protezione speciale"), Turn("assistant", "…"))
    question = Question("e può chiedere il ricongiungimento?", history=history)
    assert "ricongiungimento-altri" in first_cited(bot, snapshot, question)
