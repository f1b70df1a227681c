"""A long question is told apart: what is asked, without what is told before it."""

from __future__ import annotations

import pytest

from chatbot.question import MAX_QUESTION
from chatbot.understand.parts import MAX_ASKS, asked_parts

STORY = "Vengo dal Mali e sto in un centro vicino ad Asti da marzo."
WORK = "Posso cominciare a lavorare in un ristorante?"
BANK = "E posso aprire un conto in banca senza residenza?"


def test_what_is_told_is_left_out() -> None:
    """The sentences of the story are none of the things asked."""
    assert asked_parts(f"{STORY} {WORK} Grazie mille a tutti.") == (WORK,)


def test_two_questions_are_two_things_asked() -> None:
    """In their order, with a story between them too."""
    assert asked_parts(f"{STORY} {WORK} Ho già il codice fiscale. {BANK}") == (WORK, BANK)


def test_a_text_without_a_question_mark_is_asked_whole() -> None:
    """«costo tessera sanitaria», or a question whose mark was forgotten."""
    text = "quanto costa la tessera sanitaria. ho due figli"
    assert asked_parts(f"  {text} ") == (text,)


def test_a_question_alone_is_its_own_part() -> None:
    """Nothing is taken from who tells nothing."""
    assert asked_parts(WORK) == (WORK,)


def test_a_question_of_few_words_leans_on_what_stands_before() -> None:
    """«Che faccio?» says nothing without the sentence before it."""
    text = "Il padrone di casa non mi fa il contratto. Che faccio?"
    assert asked_parts(text) == (text,)


def test_a_second_question_of_few_words_goes_with_the_first() -> None:
    """«E dove?» asks more of the same thing, not another."""
    text = "Quanto costa il rinnovo del permesso? E dove?"
    assert asked_parts(f"{STORY} {text}") == (text,)


def test_an_arabic_mark_asks_too() -> None:
    """«؟», in a message written from right to left."""
    told, asked = "أنا طالب لجوء وأسكن في تورينو.", "هل يمكنني العمل في مطعم بعد شهرين؟"
    assert asked_parts(f"{told} {asked}") == (asked,)


@pytest.mark.parametrize("end", ["?", "??", "?!", "?»", "?)", "? 🙏", "?…", "؟!"])
def test_what_stands_after_the_mark_takes_nothing_from_it(end: str) -> None:
    """Marks, quotes and little faces after a question leave it one."""
    asked = f"Posso cominciare a lavorare in un ristorante{end}"
    (part,) = asked_parts(f"{STORY} {asked}")
    assert part.startswith("Posso cominciare")


@pytest.mark.parametrize(
    "asked",
    [
        "Secondo l'art. 22 del d.lgs. 142/2015 il richiedente può lavorare?",
        "Il sig. Rossi, referente del progetto, può firmare il modulo?",
        "Con il d.p.r. 394/1999 si iscrive al servizio sanitario?",
    ],
)
def test_an_abbreviation_ends_no_sentence(asked: str) -> None:
    """What is asked of a law keeps the law."""
    assert asked_parts(f"{STORY} {asked}") == (asked,)


def test_small_letters_after_a_full_stop_begin_a_sentence() -> None:
    """People write as on a phone."""
    asked = "posso lavorare con la ricevuta del permesso?"
    assert asked_parts(f"sono in italia da due mesi. {asked} grazie") == (asked,)


def test_a_pasted_email_of_the_greatest_length_gives_its_question() -> None:
    """4,000 characters, of which one sentence asks."""
    story = (f"{STORY} " * 100)[: MAX_QUESTION - len(WORK) - 2].rsplit(".", 1)[0] + ". "
    text = story + WORK
    assert MAX_QUESTION - 100 < len(text) <= MAX_QUESTION
    assert asked_parts(text) == (WORK,)


def test_twenty_questions_lose_none() -> None:
    """The first ones are answered one by one, the others together: all is there, in its order."""
    questions = [f"Quanto costa il documento numero {n} della pratica?" for n in range(20)]
    parts = asked_parts(" ".join(questions))
    assert len(parts) == MAX_ASKS
    assert parts[: MAX_ASKS - 1] == tuple(questions[: MAX_ASKS - 1])
    assert " ".join(parts) == " ".join(questions)


@pytest.mark.parametrize("text", ["", "   ", "?", "? " * 2_000, "...", "»?«", "a" * MAX_QUESTION])
def test_any_text_gives_at_least_one_part(text: str) -> None:
    """Nothing breaks it, and it never gives more than MAX_ASKS."""
    assert 1 <= len(asked_parts(text)) <= MAX_ASKS
