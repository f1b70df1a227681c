"""What holds for people with another title of stay is not told as an answer."""

from __future__ import annotations

import pytest

from chatbot.bot import Bot
from chatbot.find.addressee import asked_about, exclusive, for_others, meant, speaks_of_others
from chatbot.question import Profile, Question, Turn
from chatbot.understand.query import understand
from index.publish.snapshot import Snapshot

VAT = "può aprire la partita IVA?"
REFUGEES = "diritto-al-lavoro-titolari"  # «Un titolare di protezione può aprire la partita IVA …»


def cited(bot: Bot, snapshot: Snapshot, question: Question) -> set[str]:
    return {citation.guide for citation in bot.reply(question, snapshot).citations}


@pytest.mark.parametrize(
    "question",
    [
        Question(f"il richiedente asilo {VAT}"),
        Question(VAT, profile=Profile(title="richiedente")),
        Question(f"un richiedente {VAT}", profile=Profile(title="titolare-protezione")),
    ],
)
def test_an_asylum_seeker_is_not_told_the_right_of_a_refugee(
    bot: Bot, snapshot: Snapshot, question: Question
) -> None:
    """The section on refugees is the nearest there is, and no answer."""
    answer = bot.reply(question, snapshot)
    assert REFUGEES in {hit.passage.guide for hit in answer.hits}
    if answer.outcome == "answered":
        assert REFUGEES not in {citation.guide for citation in answer.citations}


def test_what_the_guides_say_of_that_person_is_told(bot: Bot, snapshot: Snapshot) -> None:
    """The nearest section speaks of refugees: the one on asylum seekers comes first, and is what is
    said if anything is."""
    answer = bot.reply(Question("il richiedente ha diritto all'assegno di inclusione?"), snapshot)
    assert answer.hits[0].passage.guide == "sostegno-al-reddito"
    if answer.outcome == "answered":
        assert "non abbiamo trovato una regola" in answer.answer


def test_a_sentence_on_others_is_passed_over(bot: Bot, snapshot: Snapshot) -> None:
    """The step on traineeships begins with who has protection."""
    question = Question("può fare un tirocinio?", profile=Profile(title="richiedente"))
    answer = bot.reply(question, snapshot)
    assert answer.citations
    assert "Chi ha asilo o protezione sussidiaria può" not in answer.answer
    begins = "Chi ha asilo o protezione sussidiaria può fare il tirocinio"
    assert speaks_of_others(begins, frozenset({"richiedente"}), snapshot.network)
    assert not speaks_of_others(begins, frozenset({"titolare-protezione"}), snapshot.network)


@pytest.mark.xfail(strict=True, reason="who registers is nearer than the code of who may not")
def test_who_has_no_permit_gets_the_code(bot: Bot, snapshot: Snapshot) -> None:
    """Who has lost a job stays in the health service; who has no permit gets an STP code."""
    health = bot.reply(
        Question("può iscriversi al servizio sanitario?", profile=Profile(title="senza-permesso")),
        snapshot,
    )
    assert "codice-stp" in {citation.guide for citation in health.citations}


def test_what_presumes_a_permit_is_no_answer_for_who_has_none(bot: Bot, snapshot: Snapshot) -> None:
    """What is said for others alone is near, and not off the subject."""
    office = bot.reply(
        Question("può iscriversi al CPI?", profile=Profile(title="senza-permesso")), snapshot
    )
    assert office.outcome == "related"
    work = bot.reply(Question("un irregolare può lavorare?"), snapshot)
    assert (work.outcome, work.answer.count("No: chi non ha un permesso")) == ("answered", 1)


@pytest.mark.parametrize("title", ["", "titolare-protezione"])
def test_a_refugee_is(bot: Bot, snapshot: Snapshot, title: str) -> None:
    said = VAT if title else f"un rifugiato {VAT}"
    question = Question(said, profile=Profile(title=title or None))
    assert REFUGEES in cited(bot, snapshot, question)


def test_a_question_on_two_titles_may_have_both(bot: Bot, snapshot: Snapshot) -> None:
    reference = bot.prepare(snapshot).reference
    query = understand(Question("un richiedente e un rifugiato possono lavorare?"), reference)
    assert asked_about(query, snapshot.network) == {"richiedente", "titolare-protezione"}


def test_the_last_turn_says_who(bot: Bot, snapshot: Snapshot) -> None:
    before = Turn("user", "il richiedente asilo può lavorare?")
    query = understand(
        Question("e un rifugiato?", history=(before,)), bot.prepare(snapshot).reference
    )
    assert asked_about(query, snapshot.network) == {"titolare-protezione"}


def test_only_titles_that_nobody_has_together_shut_each_other_out(
    bot: Bot, snapshot: Snapshot
) -> None:
    """A minor may be an asylum seeker; of a question that names no title nothing is left out."""
    reference = bot.prepare(snapshot).reference
    minor = understand(Question("il minore solo può lavorare?"), reference)
    nobody = understand(Question("può lavorare?"), reference)
    for query in (minor, nobody):
        wanted = asked_about(query, snapshot.network)
        assert not any(for_others(p, snapshot, wanted) for p in snapshot.passages)
    assert snapshot.network.title_of.keys() > exclusive(snapshot.network)
    seeker = understand(Question("il richiedente può lavorare?"), reference)
    others = [
        p
        for p in snapshot.passages
        if for_others(p, snapshot, asked_about(seeker, snapshot.network))
    ]
    assert others
    for passage in others:
        there = meant(passage, snapshot.guides[passage.guide], snapshot.network)
        assert there <= exclusive(snapshot.network) - {"richiedente"}
