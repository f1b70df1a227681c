"""A question that asks for a yes or a no is told from others, and so is the text that gives one."""

from __future__ import annotations

import pytest
from chatbot.find.fuse import RANKING, WEIGHTS, rank_signs

from chatbot.bot import Bot, admit
from chatbot.judge.consult import find
from chatbot.question import Question
from chatbot.understand.query import understand
from chatbot.words.yes_no import asks_whether, says_whether
from index.publish.snapshot import Snapshot


@pytest.mark.parametrize(
    "question",
    [
        "Può lavorare subito?",
        "e non può firmare?",
        "gli serve il passaporto?",
        "C'è un limite di età?",
        "Un rifugiato ha diritto alla casa popolare?",
        "Se non ha la residenza, può aprire un conto?",
        "Nell'ambito del tirocinio, è previsto un rimborso?",
        "Ha 17 anni. Può fare l'apprendista?",
        "Sono previsti aiuti come, ad esempio, il bonus affitto?",
        "può lavorare quando ha la ricevuta?",
        "senza diploma, vale la dichiarazione",
    ],
)
def test_yes_or_no_is_asked_for(question: str) -> None:
    assert asks_whether(question) is True


@pytest.mark.parametrize(
    "question",
    [
        "Quando può lavorare?",
        "e a chi si rivolge?",
        "Entro quanto tempo si fa ricorso?",
        "Ha perso il permesso. Dove lo rifà?",
        "Se non ha la residenza, come si iscrive?",
        "Cos'è il PTPC? Serve a tutti?",
        "Dov'è la questura?",
        "perchè non lo iscrivono?",
        "un minore solo quante ore lavora",
        "la questura in che giorni riceve",
    ],
)
def test_something_else_is_asked_for(question: str) -> None:
    """Of two questions, one for something else is enough: a «Sì» alone answers neither."""
    assert asks_whether(question) is False


@pytest.mark.parametrize("question", ["", "costo tessera sanitaria", "tirocinio e contratto"])
def test_what_the_form_does_not_tell_is_not_guessed(question: str) -> None:
    assert asks_whether(question) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Sì, da subito.", True),
        ("Sì.", True),
        ("«No: serve il permesso.»", True),
        ("si, con la ricevuta", True),
        ("Sì per due pratiche: il permesso e la cittadinanza.", True),
        ("Di regola no: decide la banca.", True),
        ("In banca sì: è la legge.", True),
        ("Prima di dire di no, chiedi.", False),
        ("Puoi dire di no.", False),
        ("No\nServe il permesso.", True),
        ("Non può lavorare.", False),
        ("Si presenta alla questura.", False),
        ("Nove mesi.", False),
        ("", False),
    ],
)
def test_a_text_begins_with_yes_or_no(text: str, says: bool) -> None:
    assert says_whether(text) is says


def test_a_passage_that_says_yes_gains_with_who_asks_whether(bot: Bot, snapshot: Snapshot) -> None:
    """The same passages for two questions on one topic: those that begin with «Sì» or «No» gain
    where that is asked, and lose where a date is."""
    reference = bot.prepare(snapshot).reference
    signs = {}
    for text in ("il richiedente asilo può lavorare?", "quando può lavorare il richiedente asilo?"):
        query = understand(Question(text), reference)
        asked = bot.encoder.encode_query_tokens(query.text)
        _, met = find(query, asked, snapshot, admit=admit(query, snapshot))
        table = rank_signs(met)
        opens = [says_whether(m.hit.passage.text) for m in met]
        assert any(opens)
        assert not all(opens)
        signs[text] = (opens, table[:, RANKING.index("yes_no")].tolist(),
                       table[:, RANKING.index("yes_no_unasked")].tolist())  # fmt: skip
    (whether, gained, kept), (when, none, lost) = signs.values()
    assert gained == [float(o) for o in whether]
    assert not any(kept)
    assert lost == [float(o) for o in when]
    assert not any(none)
    assert WEIGHTS.yes_no > 0 > WEIGHTS.yes_no_unasked


def test_in_other_languages_nothing_is_told(bot: Bot, snapshot: Snapshot) -> None:
    query = understand(Question("can an asylum seeker work?"), bot.prepare(snapshot).reference)
    assert query.language == "en"
    asked = bot.encoder.encode_query_tokens(query.text)
    _, met = find(query, asked, snapshot, admit=admit(query, snapshot))
    columns = [RANKING.index("yes_no"), RANKING.index("yes_no_unasked")]
    assert not rank_signs(met)[:, columns].any()
