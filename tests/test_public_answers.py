"""What other assistants did wrong with a question: each public case that no other test names."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from chatbot.answer import Answer
from chatbot.bot import Bot
from chatbot.journal.reading import UNANSWERED
from chatbot.question import Question
from chatbot.words.language import detect_language
from index.publish.snapshot import Snapshot
from index.search.lexical import terms


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
    """However the apostrophe is written, in capitals, and where it is missing."""
    ways = ["{l'}apertura del conto", "{l’}apertura del conto", "{l' }apertura del conto",
            "{l`}APERTURA DEL CONTO", "{l}apertura del conto"]  # fmt: skip
    texts = [f"documenti per {way.replace('{', '').replace('}', '')}" for way in ways]
    assert len({first(bot, snapshot, text) for text in texts}) == 1


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
