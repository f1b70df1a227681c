"""What other assistants did wrong with a question: each public case that no other test names."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chatbot.answer import Answer
from chatbot.bot import Bot
from chatbot.journal.reading import UNANSWERED
from chatbot.question import Question, Turn
from chatbot.words.language import detect_language
from index.publish.snapshot import Snapshot
from index.search.lexical import terms


def talk(bot: Bot, snapshot: Snapshot, *texts: str) -> list[Answer]:
    """The answers to one turn after the other."""
    history: list[Turn] = []
    answers = []
    for text in texts:
        answer = bot.reply(Question(text, history=tuple(history)), snapshot)
        history += [Turn("user", text), Turn("assistant", answer.answer)]
        answers.append(answer)
    return answers


def first(bot: Bot, snapshot: Snapshot, text: str) -> str:
    """The passage found first."""
    return bot.reply(Question(text), snapshot).hits[0].passage.id


@pytest.mark.parametrize(
    "text",
    [
        "ciao",
        "grazie mille",
        "buongiorno, una domanda",
        "👍",
        "?",
        "ok",
        "hello, I have a question",
    ],
)
def test_qa_07_a_courtesy_is_a_courtesy(bot: Bot, snapshot: Snapshot, text: str) -> None:
    """Nothing is cited, and the journal does not count it among what the guides did not answer."""
    answer = bot.reply(Question(text), snapshot)
    assert (answer.outcome, answer.citations) == ("small_talk", ())
    assert answer.outcome not in UNANSWERED


def test_qa_08_elisions_find_the_same(bot: Bot, snapshot: Snapshot) -> None:
    """However the apostrophe is written, in capitals; where it is missing, among the nearest."""
    ways = ["l'apertura del conto", "l’apertura del conto", "l' apertura del conto",
            "l`APERTURA DEL CONTO"]  # fmt: skip
    (found,) = {first(bot, snapshot, f"documenti per {way}") for way in ways}
    hits = bot.reply(Question("documenti per lapertura del conto"), snapshot).hits
    assert found in [hit.passage.id for hit in hits[:3]]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ISEE 1000 euro", "ISEE 1.000 euro"),
        ("una email", "una e-mail"),
        ("d.lgs. 142/15", "d.lgs. 142/2015"),
        ("il C.P.I.", "il CPI"),
    ],
)
def test_qa_15_numbers_and_acronyms_have_one_form(one: str, other: str) -> None:
    """The same terms, whichever way they are written."""
    assert terms(one) == terms(other)


@pytest.mark.parametrize(
    ("text", "language"),
    [("Can he work?", "en"), ("can I work?", "en"), ("¿cuánto es?", "es"), ("SPID e CIE?", "it"),
     ("vado al CPI", "it"), ("ISEE?", "it")],
)  # fmt: skip
def test_qa_10_a_short_question_tells_its_language(text: str, language: str) -> None:
    """Where it is very sure; else it is that of the page. One word tells nothing."""
    assert detect_language(text) == language


def said(answer: Answer) -> Answer:
    """An answer without what belongs to the moment."""
    return replace(answer, id="", timings_ms={})


def test_qa_14_one_question_twenty_times(bot: Bot, snapshot: Snapshot) -> None:
    """Alone, and with sixteen others under way: the same answer to the last figure."""
    question = Question("Quali documenti servono per aprire un conto di base?")
    alone = [said(bot.reply(question, snapshot)) for _ in range(10)]
    others = [Question(f"quanto costa la pratica numero {n}?") for n in range(16)]
    with ThreadPoolExecutor(17) as pool:
        under_way = [pool.submit(bot.reply, other, snapshot) for other in others]
        together = [pool.submit(bot.reply, question, snapshot) for _ in range(10)]
        found = [*alone, *(said(one.result()) for one in together)]
        assert all(one.result().id for one in under_way)
    assert len({repr(one.hits) + one.answer + str(one.confidence) for one in found}) == 1
    assert all(one.citations == alone[0].citations for one in found)


OPENS = "Quali documenti servono per aprire un conto di base?"
WORK = "Dopo quanti giorni un richiedente asilo può lavorare?"


@pytest.mark.parametrize("yes", ["sì", "sì grazie", "ok, dimmi", "yes please", "oui merci"])
def test_qa_01_a_yes_takes_what_was_offered(bot: Bot, snapshot: Snapshot, yes: str) -> None:
    """The first of the related questions is answered, and the page says which it was."""
    offering, taken = talk(bot, snapshot, OPENS, yes)
    offered = offering.related_questions[0]
    alone = bot.reply(
        Question(offered, history=(Turn("user", OPENS), Turn("assistant", offering.answer))),
        snapshot,
    )
    assert (taken.understood, taken.answer) == (alone.understood or offered, alone.answer)
    again = talk(bot, snapshot, OPENS, yes, yes)[-1]
    assert again.understood.endswith(taken.related_questions[0])
    assert yes not in again.understood


def test_qa_01_where_nothing_was_offered_a_yes_asks_nothing(bot: Bot, snapshot: Snapshot) -> None:
    """Nor does a thank you take an offer."""
    assert bot.reply(Question("sì grazie"), snapshot).outcome == "small_talk"
    assert talk(bot, snapshot, OPENS, "ok grazie")[-1].outcome == "small_talk"
    further = talk(bot, snapshot, OPENS, "sì, ma se ha solo la ricevuta?")[-1]
    assert further.outcome != "small_talk"


@pytest.mark.parametrize("no", ["no", "non lo so", "boh non so"])
def test_qa_02_who_does_not_know_is_shown_both_rules(bot: Bot, snapshot: Snapshot, no: str) -> None:
    """The question stays the one before; the word alone is not searched."""
    asked, after = talk(bot, snapshot, WORK, no)
    assert {h.passage.guide for h in after.hits[:1]} == {h.passage.guide for h in asked.hits[:1]}
    assert (after.outcome, bool(after.quick_replies)) == ("answered", True)


def test_qa_04_each_follow_up_keeps_what_is_asked(bot: Bot, snapshot: Snapshot) -> None:
    """«Quanto dura» of the first, with what each of the others names."""
    _, second, third = talk(
        bot, snapshot, "quanto dura il tirocinio?", "e il codice STP?", "e per i minori?"
    )
    assert second.understood == "quanto dura il codice STP?"
    assert second.hits[0].passage.guide == "codice-stp"
    assert third.understood == "quanto dura il codice STP per i minori?"
    assert third.hits[0].passage.guide == "codice-stp"


def test_qa_05_the_first_follow_up_is_read_with_the_question(bot: Bot, snapshot: Snapshot) -> None:
    """Words that name nothing by themselves."""
    before, after = talk(bot, snapshot, "la banca gli ha rifiutato il conto, che cosa si fa?",
                         "ne ha trovata un'altra")  # fmt: skip
    assert after.understood.startswith("la banca gli ha rifiutato il conto")
    assert {h.passage.guide for h in (*before.hits[:1], *after.hits[:1])} == {"conto-di-base"}


@pytest.mark.parametrize(
    "text",
    ["quali documenti non servono per l'iscrizione al centro per l'impiego?",
     "chi NON ha diritto al conto di base?", "cosa non serve per il codice fiscale?"],
)  # fmt: skip
def test_qa_09_what_is_not_so_is_not_answered_with_what_is(
    bot: Bot, snapshot: Snapshot, text: str
) -> None:
    """Only with sentences that deny the same thing; elsewhere what is near is shown as near."""
    answer = bot.reply(Question(text), snapshot)
    denies = ("non", "No", "esclus", "tranne", "basta")
    assert all(any(word in c.quote for word in denies) for c in answer.citations) or (
        answer.outcome in ("related", "no_answer")
    )
    assert "servono il documento di soggiorno" not in answer.answer
    assert "Ha diritto al conto di base ogni persona" not in answer.answer


@pytest.mark.parametrize(
    ("text", "language"),
    [("can il ragazzo work part time al centro per l'impiego", "it"),
     ("I have ricevuta di rinnovo permesso, che documenti porto in banca", "it"),
     ("Esiste una busta paga spiegata in English o العربية?", "it"),
     ("which documents do I need to open a basic bank account?", "en"),
     ("quels documents pour ouvrir un compte bancaire ?", "fr"),
     ("¿qué documentos necesito para abrir una cuenta bancaria?", "es")],
)  # fmt: skip
def test_qa_11_what_is_mostly_italian_is_read_as_italian(
    bot: Bot, snapshot: Snapshot, text: str, language: str
) -> None:
    """Some words of another language take neither the search by words nor the corrections."""
    assert bot.reply(Question(text), snapshot).language == language


@pytest.mark.parametrize(
    "text",
    ["può adottare un cane dal canile?", "come si cambia il cognome?",
     "come si chiede la pensione di invalidità?", "come si importa un'auto dall'estero?",
     "può donare il sangue?", "come si paga la TARI?", "come compro casa con un mutuo?",
     "posso portare un coltello in tasca?", "chi ha vinto il campionato?",
     "quanto si paga il canone della televisione?"],
)  # fmt: skip
def test_qa_13_what_the_guides_lack_is_not_answered(
    bot: Bot, snapshot: Snapshot, text: str
) -> None:
    """Questions of the same offices, on which no guide says anything."""
    assert bot.reply(Question(text), snapshot).outcome in ("related", "no_answer", "out_of_scope")
