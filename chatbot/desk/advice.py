"""What an editor could change so that a question is answered better: from how it was answered."""

from __future__ import annotations

from chatbot.desk.replay import Replay
from chatbot.weights import Weights
from chatbot.words.vocabulary import Reference
from index.search.lexical import words

LONG = 4  # letters from which a word that no guide has is worth telling


def advice(replay: Replay, reference: Reference, weights: Weights) -> tuple[str, ...]:
    """What could be done in the guides, each a sentence; none for a courtesy."""
    if replay.work is None:
        return ()
    return tuple(
        line
        for line in (
            _unknown_words(replay, reference), _no_question(replay, weights),
            _no_sentence(replay, weights), _for_others(replay), _cited_below(replay),
        )
        if line
    )  # fmt: skip


def _unknown_words(replay: Replay, reference: Reference) -> str:
    if replay.answer.language != "it":
        return ""
    strange = [
        word
        for word in dict.fromkeys(words(replay.question.text))
        if len(word) >= LONG and word.isalpha() and not reference.knows(word)
    ]
    if not strange:
        return ""
    return (
        f"Nessuna guida usa «{'», «'.join(strange)}»: se sono parole di chi chiede, vanno fra le "
        "varianti del glossario."
    )


def _no_question(replay: Replay, weights: Weights) -> str:
    """The best passage is near by its text and by no question that leads there."""
    work = replay.work
    if not work or not replay.candidates or not work.found.found.hits:
        return ""
    best, asked = replay.candidates[0], work.found.found.hits[0].asked
    needed = weights.numbers["asked_from"]
    if asked >= needed:
        return ""
    return (
        f"Nessuna delle domande che portano a {best.section} somiglia a questa (vicinanza "
        f"{_comma(asked)}, servirebbe {_comma(needed)}): se quella sezione risponde, "
        "aggiungila alle sue domande."
    )


def _comma(value: float) -> str:
    return f"{value:.2f}".replace(".", ",")


def _no_sentence(replay: Replay, weights: Weights) -> str:
    """A thing asked of which no sentence read is likely to answer."""
    needed = weights.numbers["answer"]
    weak = [ask.asked for ask in replay.asks if ask.chance < needed]
    if not weak or replay.answer.outcome not in ("related", "no_answer", "answered"):
        return ""
    return (
        f"Nessuna frase letta risponde a «{weak[0]}»: se la guida lo sa, scrivilo in una frase "
        "che comincia con la risposta; se non lo sa, il silenzio è giusto."
    )


def _for_others(replay: Replay) -> str:
    if not any(reason.rule == "persona" for reason in replay.answer.reasons):
        return ""
    return (
        "Le frasi trovate sono per un altro titolo di soggiorno: se valgono anche per questa "
        "persona, aggiungi il titolo a «per_chi» della guida, o una sezione per lei."
    )


def _cited_below(replay: Replay) -> str:
    """The answer quotes a passage that others are before."""
    places = [n for n, one in enumerate(replay.candidates, start=1) if one.cited]
    if not places or places[0] == 1:
        return ""
    return (
        f"La risposta viene dal passaggio al posto {places[0]}: quelli prima le somigliano di più "
        "e non rispondono. Un titolo che dice la domanda la porterebbe in alto."
    )
