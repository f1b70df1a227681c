"""Danger to a person: who is in it is told so first, who is in none is not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from guide_texts import EMERGENCY, guide, with_questions
from made_encoder import made_encoder

from chatbot.answer import Answer
from chatbot.bot import Bot
from chatbot.judge.guard import (
    DANGER_SIGNS,
    MAX_CARDS,
    MOST,
    SHARED,
    Guard,
    danger_names,
    sentences_of,
)
from chatbot.question import Question, Turn
from chatbot.weights import Weights, read_weights
from index.encode.encoder import Encoder
from index.guide import Guide
from index.publish.build import build
from index.publish.snapshot import Snapshot, load_current
from index.search.lexical import terms


def card(title: str, number: str, signals: list[str], minutes: str) -> str:
    """An emergency card: its number, its signals and what to do in the first minutes."""
    head = EMERGENCY.replace("titolo: Prova", f"titolo: {title}")
    head = head.replace('numero: "112"', f'numero: "{number}"')
    head = head.replace("  - è in pericolo", "\n".join(f"  - {signal}" for signal in signals))
    return f"{head}# {title}\n\n## Nei primi minuti {{#primi-minuti}}\n\n{minutes}\n"


def sheet(title: str, asked: str, body: str) -> str:
    text = with_questions(asked, f"# {title}\n\n{body}")
    return text.replace("titolo: Prova", f"titolo: {title}", 1)


VIOLENCE = card(
    "Una persona subisce violenza", "1522",
    ["il marito la picchia", "la minaccia con un coltello",
     "ha paura di tornare a casa dal compagno"],
    "- Resta con la persona.\n- Se il pericolo è adesso chiama il 112.",
)  # fmt: skip
HARM = card(
    "Una persona vuole farsi del male", "112",
    ["dice che vuole morire", "vuole uccidersi", "si è tagliata le braccia stanotte"],
    "- Non lasciarla sola.\n- Chiama il 112.",
)  # fmt: skip
GUIDES = {
    "emergenze/violenza.md": VIOLENCE,
    "emergenze/farsi-del-male.md": HARM,
    "schede/casa.md": sheet(
        "La casa",
        "  affitto: [come trova una stanza in affitto?, quanto costa un affitto?]\n"
        "  marito: [il marito può vivere con lei nel centro?]\n",
        "La casa si cerca con pazienza e con un contratto scritto.\n\n"
        "## Come si cerca una stanza in affitto? {#affitto}\n\n"
        "La stanza si cerca con un annuncio e si visita prima di pagare.\n\n"
        "## Il marito può vivere nello stesso centro? {#marito}\n\n"
        "Sì: marito e moglie vivono insieme nel centro, se c'è posto.\n",
    ),
    "schede/lavoro.md": sheet(
        "Il lavoro",
        "  notte: [quante ore lavora di notte?, 'stanotte lavora, deve dormire di giorno?']\n"
        "  coltelli: [il cuoco porta i suoi coltelli?]\n",
        "Il lavoro comincia con un contratto.\n\n"
        "## Quante ore si lavora di notte? {#notte}\n\n"
        "Di notte si lavora per turni, con un riposo fra l'uno e l'altro.\n\n"
        "## Il cuoco porta i suoi coltelli? {#coltelli}\n\n"
        "No: i coltelli della cucina li dà il datore di lavoro.\n",
    ),
    "schede/salute.md": sheet(
        "La salute",
        "  medico: [come si cambia medico?]\n  visita: [dove fa la visita per il braccio rotto?]\n",
        "Il medico si sceglie all'ASL.\n\n"
        "## Come si cambia medico? {#medico}\n\n"
        "Il medico si cambia allo sportello dell'ASL.\n\n"
        "## Dove si fa una visita? {#visita}\n\n"
        "La visita si prenota al CUP con la ricetta del medico.\n",
    ),
}


def published(folder: Path, texts: dict[str, str], encoder: Encoder) -> Snapshot:
    for name, text in texts.items():
        path = folder / "guides" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    build(folder / "guides", folder / "var", encoder)
    return load_current(folder / "var")


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory, encoder_of_all: Encoder) -> Snapshot:
    """Two cards of danger and three ordinary sheets, some of which have words of the cards."""
    return published(tmp_path_factory.mktemp("guard"), GUIDES, encoder_of_all)


Cards = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def cards(snapshot: Snapshot, encoder_of_all: Encoder) -> Cards:
    """The cards of a question, with the weights that serve taken for fitted ones."""
    guard, weights = Guard.of(snapshot), read_weights()

    def of(question: str) -> list[str]:
        vector = encoder_of_all.encode_queries([question])[0]
        found = guard.emergencies(vector, terms(question), weights, True)
        return [card.slug for card in found]

    return of


@pytest.fixture(scope="module")
def cards_by_words(snapshot: Snapshot, encoder_of_all: Encoder) -> Cards:
    """The cards of a question, with an encoder that nothing was fitted on."""
    guard, weights = Guard.of(snapshot), read_weights()

    def of(question: str) -> list[str]:
        vector = encoder_of_all.encode_queries([question])[0]
        found = guard.emergencies(vector, terms(question), weights, False)
        return [card.slug for card in found]

    return of


SIGNALS = [
    ("il marito la picchia", "violenza"),
    ("la minaccia con un coltello", "violenza"),
    ("ha paura di tornare a casa dal compagno", "violenza"),
    ("dice che vuole morire", "farsi-del-male"),
    ("vuole uccidersi", "farsi-del-male"),
    ("si è tagliata le braccia stanotte", "farsi-del-male"),
]


@pytest.mark.parametrize(("signal", "slug"), SIGNALS)
def test_every_signal_brings_its_own_card_first(
    cards: Cards, cards_by_words: Cards, signal: str, slug: str
) -> None:
    """What an editor wrote as a signal is never missed, fitted weights or none."""
    assert cards(signal)[:1] == [slug]
    assert cards_by_words(signal)[:1] == [slug]


@pytest.mark.parametrize(
    ("question", "slug"),
    [
        ("Il compagno la picchia tutte le sere, che faccio?", "violenza"),
        ("mio marito mi picchia", "violenza"),
        ("suo marito l'ha minacciata con il coltello", "violenza"),
        ("ha paura di tornare a casa", "violenza"),
        ("my husband beats me", "violenza"),
        ("la ragazza del centro dice che vuole morire", "farsi-del-male"),
        ("si è tagliata le braccia", "farsi-del-male"),
        ("his wife says she wants to die", "farsi-del-male"),
    ],
)
def test_a_danger_told_in_other_words_is_heard(cards: Cards, question: str, slug: str) -> None:
    """Who tells it does not know the signals, and may not speak Italian."""
    assert cards(question)[:1] == [slug]


@pytest.mark.parametrize("question", ["IL MARITO LA PICCHIA", "il marito la pichia", "La picchia."])
def test_haste_hides_no_danger(cards: Cards, question: str) -> None:
    """Capitals, a typing error, two words: who writes so is in a hurry."""
    assert cards(question)[:1] == ["violenza"]


@pytest.mark.parametrize(
    "question",
    [
        "come trova una stanza in affitto?",
        "il marito può vivere con lei?",
        "il marito lavora di notte, può avere il bonus?",
        "stanotte lavora, può dormire di giorno?",
        "il cuoco può portare il coltello da casa?",
        "dove fa la visita per le braccia?",
        "come si cambia medico?",
        "quanto costa l'affitto?",
    ],
)
def test_who_is_in_no_danger_sees_no_card(
    cards: Cards, cards_by_words: Cards, question: str
) -> None:
    """A husband, a knife, an arm, a night are words of every day too."""
    assert cards(question) == []
    assert cards_by_words(question) == []


@pytest.fixture(scope="module")
def told(snapshot: Snapshot, encoder_of_all: Encoder) -> Callable[..., Answer]:
    """What the bot says to the last of some turns, with weights fitted on its encoder."""
    bot = Bot(encoder_of_all, replace(read_weights(), model=encoder_of_all.digest))

    def tell(*turns: str) -> Answer:
        history = tuple(Turn("user", text) for text in turns[:-1])
        return bot.reply(Question(turns[-1], history=history), snapshot)

    return tell


def test_the_answer_of_the_bot_begins_with_the_card(told: Callable[..., Answer]) -> None:
    """The number to call, then the first minutes, each with its source."""
    answer = told("il marito la picchia")
    assert answer.outcome == "emergency"
    assert answer.citations[0].guide == "violenza"
    lines = [line for line in answer.answer.split("\n") if line.startswith("- ")]
    assert "**1522**" in lines[0]
    assert lines[1:3] == [
        "- Resta con la persona. [1]", "- Se il pericolo è adesso chiama il 112. [1]",
    ]  # fmt: skip


SHORT = pytest.mark.xfail(strict=True, reason="clauses of two words are not looked at alone")
TURNS = [
    "Il marito la picchia. Come trova una stanza in affitto?",
    "come si cambia medico? il marito la picchia",
    pytest.param("vuole uccidersi, quanto costa l'affitto?", marks=SHORT),
    "come trova una stanza in affitto? / il marito la picchia",
    "come si cambia medico? / e suo marito la picchia",
    pytest.param("quante ore lavora di notte? / ha paura, la picchia", marks=SHORT),
]


@pytest.mark.parametrize("turns", TURNS)
def test_what_else_is_asked_hides_no_danger(told: Callable[..., Answer], turns: str) -> None:
    """Neither a second question beside it nor the topic of the turns before."""
    assert told(*turns.split(" / ")).outcome == "emergency"


def test_without_cards_there_is_no_danger_to_tell(tmp_path: Path) -> None:
    """A folder of guides that has no emergency is answered as ever."""
    calm = {name: text for name, text in GUIDES.items() if name.startswith("schede")}
    encoder = made_encoder()
    guard = Guard.of(published(tmp_path, calm, encoder))
    vector = encoder.encode_queries(["il marito la picchia"])[0]
    for fitted in (True, False):
        assert guard.emergencies(vector, terms("il marito la picchia"), ODDS, fitted) == ()


# What follows is worked out by hand, in three dimensions: x is danger, y is every day, z another.
X, Y, Z = np.eye(3, dtype=np.float32)
NAMES = danger_names(3)
ODDS = Weights(
    "", {"danger": {"beyond_headings": 10.0, "beyond_asked": 10.0, "intercept": -5.0}},
    {"danger": 0.5},
)  # fmt: skip


def a_card(slug: str) -> Guide:
    return guide(VIOLENCE, f"emergenze/{slug}.md")


def guard_of(signals: list[np.ndarray], slugs: list[str], words: list[str] | None = None) -> Guard:
    return Guard(
        cards=tuple(a_card(slug) for slug in slugs),
        stems=tuple(frozenset(terms(w)) for w in words or [""] * len(slugs)),
        signals=np.array(signals, dtype=np.float32),
        headings=np.array([Y]),
        asked=np.array([Y, Y, Y]),
    )


def unit(*values: float) -> np.ndarray:
    vector = np.array(values, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def test_the_signs_are_those_of_the_formula() -> None:
    """How near the nearest signals are, how much nearer than headings and than questions, the part
    of a signal's words, and then the question itself."""
    guard = guard_of([X, X], ["a", "a"], ["il marito la picchia", "la minaccia"])
    vector = unit(0.8, 0.6, 0.0)
    found = dict(zip(NAMES, guard.signs(vector, terms("la picchia")).tolist(), strict=True))
    assert found == pytest.approx(
        {"near": 0.8, "beyond_headings": 0.2, "beyond_asked": 0.2, "shared": 0.5,
         "v0": 0.8, "v1": 0.6, "v2": 0.0},
        abs=1e-6,
    )  # fmt: skip


def test_one_signal_near_by_chance_counts_less_than_three() -> None:
    """Of the nearest three the mean is compared."""
    one = guard_of([X, Z, Z], ["a"] * 3).signs(X, [])
    three = guard_of([X, X, X], ["a"] * 3).signs(X, [])
    assert one[0] == pytest.approx(1 / 3)
    assert three[0] == pytest.approx(1.0)
    assert one[1] == three[1]


def test_a_danger_begins_at_the_probability_of_the_weights() -> None:
    """Odds of −5 + 10 (x − y) + 10 (x − y): they are even where x − y is 0.25."""
    guard = guard_of([X], ["a"])
    below, above = (np.array([x, 0.5, 0.0], dtype=np.float32) for x in (0.74, 0.76))
    assert guard.emergencies(below, [], ODDS, True) == ()
    assert [card.slug for card in guard.emergencies(above, [], ODDS, True)] == ["a"]
    strict = replace(ODDS, numbers={"danger": 0.99})
    assert guard.emergencies(above, [], strict, True) == ()


def test_a_second_card_only_where_it_is_nearly_as_near() -> None:
    """Nearest first, each once, never more than two."""
    close, far = unit(1.0, 0.0, 0.1), unit(1.0, 0.0, 0.9)
    guard = guard_of([far, close, X, X], ["lontana", "seconda", "prima", "prima"])
    assert [card.slug for card in guard.emergencies(X, [], ODDS, True)] == ["prima", "seconda"]
    many = guard_of([X] * 4, ["a", "b", "c", "d"])
    assert len(many.emergencies(X, [], ODDS, True)) == MAX_CARDS == 2


def test_where_nothing_was_fitted_the_words_of_the_signals_decide() -> None:
    """However near the vectors of an unknown encoder are: enough of the words of one signal, and
    the card is shown; fewer, and it is not."""
    guard = guard_of([X], ["a"], ["il marito picchia sempre la moglie"])
    stems = sorted(guard.stems[0])
    enough = stems[: round(SHARED * len(stems) + 0.5)]
    assert guard.emergencies(Y, enough, ODDS, False) != ()
    assert guard.emergencies(X, stems[:1], ODDS, False) == ()


@pytest.mark.parametrize(
    ("message", "alone"),
    [
        ("Il marito la picchia. Che cosa faccio?",
         ["Il marito la picchia", "Che cosa faccio?"]),
        ("vuole morire davvero, quanto costa l'affitto?",
         ["vuole morire davvero", "quanto costa l'affitto?"]),
        ("prima riga di tre\nseconda riga di tre",
         ["prima riga di tre", "seconda riga di tre"]),
        ("il marito la picchia", []),
        ("Ciao. Sì, certo.", []),
    ],
)  # fmt: skip
def test_each_thing_said_is_looked_at_alone(message: str, alone: list[str]) -> None:
    """Sentences and clauses of three words and more, where there are several."""
    assert sentences_of(message) == alone


def test_a_message_of_many_sentences_is_cut_short() -> None:
    """Each costs a run of the encoder."""
    assert len(sentences_of("una frase di prova. " * 50)) == MOST


def test_a_danger_said_in_passing_is_heard_where_it_is_plain() -> None:
    """What is asked beside it drowns it; in its own sentence the danger must be surer than in a
    whole question, since a sentence lacks what stands around it."""
    guard, whole = guard_of([X], ["a"]), unit(0.3, 0.9, 0.0)
    weights = replace(ODDS, numbers={"danger": 0.5, "danger_alone": 0.9})
    sure, unsure = unit(1.0, 0.1, 0.0), np.array([0.76, 0.5, 0.0], dtype=np.float32)
    assert guard.emergencies(whole, [], weights, True) == ()
    assert guard.emergencies(whole, [], weights, True, [(Y, []), (unsure, [])]) == ()
    found = guard.emergencies(whole, [], weights, True, [(Y, []), (sure, [])])
    assert [card.slug for card in found] == ["a"]


def test_words_of_time_tell_no_danger(snapshot: Snapshot) -> None:
    """«Stanotte» is in a signal and in everyday questions alike."""
    guard = Guard.of(snapshot)
    assert "stanott" in terms("si è tagliata le braccia stanotte")
    assert not any("stanott" in stems for stems in guard.stems)


def test_every_day_is_what_the_other_guides_say(snapshot: Snapshot) -> None:
    """Cards are not compared with their own headings and questions: the more is written in them,
    the less they would be found."""
    guard = Guard.of(snapshot)
    calm = [p for p in snapshot.passages if snapshot.guides[p.guide].kind != "emergenza"]
    assert len(guard.headings) == len(calm)
    assert len(guard.asked) == sum(1 + len(p.questions) for p in calm)
    assert len(guard.signals) == len(guard.cards) == len(SIGNALS)


def test_the_names_of_the_signs_go_with_their_columns() -> None:
    """Four signs, then one for each dimension: weights are looked up by these names."""
    assert danger_names(2) == (*DANGER_SIGNS, "v0", "v1")
    assert len(guard_of([X], ["a"]).signs(X, [])) == len(NAMES)
