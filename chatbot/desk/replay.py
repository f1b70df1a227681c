"""A question played again, with all that was looked at on the way: for those who edit and judge."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from chatbot.answer import Answer
from chatbot.bot import Bot, Work
from chatbot.find.match import SIGNS, Match
from chatbot.judge.judgement import logistic
from chatbot.question import Profile, Question, Turn
from chatbot.read.evidence import odds_of, quotable, weigh
from chatbot.stopwatch import Stopwatch
from chatbot.weights import Weights
from index.guide import Guide
from index.publish.snapshot import Snapshot

CANDIDATES = 10
UNITS = 12  # of each thing asked
TELLING = 4  # signs told of a candidate
LITTLE = 0.05  # of a sign's share in the score, under which it is not told
# What the signs of a passage are to who writes guides; one that is not here is told by its name.
SIGN_WORDS: Mapping[str, str] = {
    "dense": "significato vicino", "dense_asked": "significato vicino a ciò che si chiede",
    "led": "una domanda che porta qui le somiglia",
    "led_asked": "una domanda che porta qui somiglia a ciò che si chiede",
    "precedent": "una domanda già posta le somiglia",
    "precedent_asked": "una domanda già posta somiglia a ciò che si chiede",
    "heading": "il titolo le somiglia", "late": "parola per parola",
    "late_unit": "una frase, parola per parola", "unit": "una frase vicina",
    "unit_asked": "una frase vicina a ciò che si chiede", "words": "parole in comune",
    "words_asked": "parole in comune con ciò che si chiede", "numbers": "i numeri della domanda",
    "form": "ha la forma chiesta (un costo, una durata, un orario…)", "yes_no": "dice sì o no",
    "yes_no_unasked": "dice sì o no, non chiesto", "literal": "domanda quasi uguale",
    "term": "voce del glossario", "term_used": "parola spiegata e usata nella domanda",
    "defines": "definizione chiesta", "step": "passo di un copione", "contact": "recapiti",
    "emergency": "carta di emergenza", "opening": "inizio della guida",
    "others": "per altre persone",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Candidate:
    """A passage that was found: `telling`, what sets it most apart from the others that were
    found, each with how much it adds or takes; `cited`, whether the answer quotes it."""

    section: str
    title: str
    heading: str
    score: float
    telling: tuple[tuple[str, float], ...]
    cited: bool


@dataclass(frozen=True, slots=True)
class UnitRead:
    """A sentence that was read: `chance`, that it answers; `shown`, whether it is in the answer."""

    section: str
    text: str
    chance: float
    shown: bool


@dataclass(frozen=True)
class AskRead:
    """One thing asked: the probability that the guides answer it, and the sentences read for it."""

    asked: str
    chance: float
    units: tuple[UnitRead, ...]


@dataclass(frozen=True)
class Replay:
    """A question through the steps; `work` is None for a courtesy: nothing is looked up."""

    question: Question
    answer: Answer
    work: Work | None
    candidates: tuple[Candidate, ...] = ()
    asks: tuple[AskRead, ...] = ()

    @property
    def cards(self) -> tuple[Guide, ...]:
        return self.work.cards if self.work else ()


def replay(
    turns: Sequence[str], profile: Profile, bot: Bot, snapshot: Snapshot, today: date | None = None
) -> Replay:
    """Ask the `turns` (at least one) one after the other, as a person would, and keep what was
    looked at for the last."""
    history: tuple[Turn, ...] = ()
    for turn in turns[:-1]:
        said = bot.reply(Question(turn, history=history, profile=profile), snapshot, today=today)
        history = (*history, Turn("user", turn), Turn("assistant", said.answer))
    question = Question(turns[-1], history=history, profile=profile)
    answer = bot.reply(question, snapshot, today=today)
    if bot.is_talk(question, snapshot):
        return Replay(question, answer, None)
    day = today or snapshot.network.today()
    work = bot.work(question, snapshot, Stopwatch(None), day)
    cited = {f"{c.guide}#{c.url.partition('#')[2]}" for c in answer.citations}
    found = work.found.found
    shares = [_shares(match, work.weights) for match in found.matches]
    usual = np.mean(shares, axis=0) if shares else np.zeros(len(SIGNS), dtype=np.float32)
    scores = found.scores.max(axis=0, initial=-np.inf).tolist()
    candidates = tuple(
        _candidate(match, score, own - usual, snapshot, cited)
        for match, score, own in list(zip(found.matches, scores, shares, strict=True))[:CANDIDATES]
    )
    return Replay(question, answer, work, candidates, _asks(work, snapshot, answer))


def _shares(match: Match, weights: Weights) -> NDArray[np.float32]:
    """(s,): what each sign adds to the score, for the thing asked that the passage answers best."""
    shares = match.signs * weights.vector("passages", SIGNS)
    return np.asarray(shares[int(shares.sum(axis=1).argmax())])


def _candidate(
    match: Match, score: float, beyond: NDArray[np.float32], snapshot: Snapshot, cited: set[str]
) -> Candidate:
    passage = match.hit.passage
    told = sorted(zip(SIGNS, beyond.tolist(), strict=True), key=lambda sign: -abs(sign[1]))
    section = f"{passage.guide}#{passage.anchor}"
    return Candidate(
        section=section, title=snapshot.guides[passage.guide].title,
        heading=" › ".join(passage.heading_path), score=score, cited=section in cited,
        telling=tuple((SIGN_WORDS.get(name, name), share) for name, share in told[:TELLING]
                      if abs(share) > LITTLE),
    )  # fmt: skip


def _asks(work: Work, snapshot: Snapshot, answer: Answer) -> tuple[AskRead, ...]:
    found, query = work.found, work.query
    if not found.found.matches:
        return tuple(AskRead(asked, 0.0, ()) for asked in query.asks)
    return tuple(
        AskRead(
            asked,
            found.ruling.chances[n] if n < len(found.ruling.chances) else 0.0,
            _units(work, n, snapshot, answer),
        )
        for n, asked in enumerate(query.asks)
    )


def _units(work: Work, asked: int, snapshot: Snapshot, answer: Answer) -> tuple[UnitRead, ...]:
    """The sentences of the passages that were read, the likeliest first."""
    weighed = weigh(work.query, asked, work.found.found, snapshot)
    odds = odds_of(weighed, work.found.found, work.weights)
    quotes = " ".join(citation.quote for citation in answer.citations)
    rows = []
    for n in (-odds).argsort(kind="stable")[:UNITS].tolist():
        passage = weighed.hits[n].passage
        unit = passage.units[weighed.positions[n]]
        if quotable(unit):
            text = f"{unit.lead} {unit.text}".strip()
            rows.append(UnitRead(
                f"{passage.guide}#{passage.anchor}", text, logistic(float(odds[n])),
                unit.text in quotes,
            ))  # fmt: skip
    return tuple(rows)
