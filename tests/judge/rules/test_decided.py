"""What the editors decide: the section that answers, whom to turn to, notices until a day."""

from __future__ import annotations

from datetime import date

import pytest
from guide_texts import EMERGENCY, guide
from made_snapshots import ENCODER, WEIGHTS, asked, sheet_of, snapshot_of

from chatbot.bot import Bot
from chatbot.judge.consult import consult
from chatbot.question import Question
from chatbot.say.reply import reply
from index.check.decisions import decisions
from index.network import Decision, Network, Notice, Task

DAY = date(2031, 5, 1)
PERMIT = sheet_of(
    "permesso", "Permesso",
    "## Quanto costa il permesso? {#costo}\n\nIl permesso costa quaranta euro.\n\n"
    "## Chi paga il permesso? {#paga}\n\nIl Comune paga il permesso ai minori.\n",
)  # fmt: skip
CARD = guide(
    EMERGENCY.replace("titolo: Prova", "titolo: Una carta")
    + "# Una carta\n\n## Subito {#subito}\n\nChiama il 112.\n",
    "emergenze/carta.md",
)
COST = "Quanto costa il permesso?"


def network(
    *decided: Decision, notices: tuple[Notice, ...] = (), tasks: tuple[Task, ...] = ()
) -> Network:
    return Network(name="prova", decisions=decided, notices=notices, tasks=tasks)


def said(question: str, of: Network, in_danger: bool = False, today: date = DAY) -> tuple[str, str]:
    """The text of the answer, and the rules that signed it after the judgement."""
    snapshot = snapshot_of([PERMIT, CARD], of)
    query, vectors = asked(question, snapshot)
    cards = (CARD,) if in_danger else ()
    found = consult(query, vectors, snapshot, WEIGHTS, cards=cards, today=today)
    rules = [reason.rule for reason in found.ruling.reasons]
    return reply(found, "it", snapshot).text, " ".join(rules)


@pytest.mark.parametrize(
    "question", [COST, "QUANTO COSTA, il permesso", "quanto  costa il permesso!"]
)
def test_a_question_has_the_section_chosen_for_it(question: str) -> None:
    """However it is punctuated; with its citation as any other, and the reason."""
    text, rules = said(question, network(Decision((COST,), "permesso#paga")))
    assert text.endswith("Il Comune paga il permesso ai minori. [1]")
    assert "quaranta" not in text
    assert rules == "giudizio decisa"


def test_other_words_are_another_question() -> None:
    """What is near is not what was decided."""
    _, rules = said(f"{COST} Per due?", network(Decision((COST,), "permesso#paga")))
    assert "decisa" not in rules


def test_whom_to_turn_to() -> None:
    """Nothing is cited, and nothing that was found is said."""
    text, rules = said(COST, network(Decision((COST,), refer_to="lo sportello del *Comune*")))
    assert text == "A questo le guide non rispondono: rivolgiti a lo sportello del \\*Comune\\*"
    assert rules == "giudizio decisa"


@pytest.mark.parametrize("decision", [Decision((COST,), "permesso#paga"),
                                      Decision((COST,), refer_to="il Comune")])  # fmt: skip
def test_a_danger_is_never_hidden(decision: Decision) -> None:
    """The card comes first whatever was decided, and before any notice."""
    notice = Notice("In revisione.", date.max, guides=("permesso", "carta"))
    text, rules = said(COST, network(decision, notices=(notice,)), in_danger=True)
    assert "Chiama il 112." in text
    assert rules.endswith("pericolo")
    before = text.partition("Chiama il 112.")[0]
    assert "In revisione" not in before
    assert "Comune" not in before


def test_a_notice_until_its_day() -> None:
    """Before the answer, with its reason; the day after it is gone; an answer of another guide
    does not have it."""
    notice = Notice("Dal 28 aprile il decreto non vale più: in revisione.", DAY, ("permesso",))
    text, rules = said(COST, network(notices=(notice,)))
    assert text.startswith("**Dal 28 aprile il decreto non vale più: in revisione.**\n\n")
    assert "quaranta euro. [1]" in text
    assert rules == "giudizio avviso"
    late = said(COST, network(notices=(notice,)), today=DAY.replace(day=2))
    assert late == said(COST, network())
    other = Notice("Altro.", DAY, guides=("carta",))
    assert said(COST, network(notices=(other,))) == said(COST, network())


def test_a_notice_of_a_need() -> None:
    """Of every guide that has it."""
    (need, *_) = PERMIT.needs
    text, _ = said(COST, network(notices=(Notice("Attenzione.", DAY, needs=(need,)),)))
    assert text.startswith("**Attenzione.**")


def test_a_decision_reaches_the_whole_answer() -> None:
    """Through the bot, with its reasons and a confidence that is the editors'."""
    bot = Bot(ENCODER, WEIGHTS)
    snapshot = snapshot_of([PERMIT, CARD], network(Decision((COST,), "permesso#paga")))
    answer = bot.reply(Question(COST), snapshot, today=DAY)
    assert (answer.outcome, answer.confidence, answer.sure) == ("answered", 1.0, True)
    assert [c.url.partition("#")[2] for c in answer.citations] == ["paga"]
    assert "permesso#paga" in answer.reasons[-1].why


def test_what_is_named_must_be_there() -> None:
    """A section or a guide that is not there is an error of the check, at its line."""
    wrong = network(
        Decision((COST,), "permesso#via", line=4), Decision((COST,), "permesso#costo"),
        notices=(Notice("x", DAY, guides=("altro",), line=7),),
        tasks=(Task("barche", ("permesso", "permesso#costo", "permesso#via"), line=9),),
    )  # fmt: skip
    found = [(f.path, f.line, f.severity) for f in decisions([PERMIT, CARD], wrong)]
    assert found == [("rete/risposte.yaml", 4, "error"), ("rete/avvisi.yaml", 7, "error"),
                     ("rete/compiti.yaml", 9, "error")]  # fmt: skip
    assert list(decisions([PERMIT], wrong, unread={"schede/altro.md"})) == []
