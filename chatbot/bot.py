"""The bot: `Bot.reply` reads as the list of its steps."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock
from time import perf_counter

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from chatbot.answer import Answer, Citation, Hit, Outcome
from chatbot.judge.consult import Consultation, consult
from chatbot.judge.decide import decide
from chatbot.judge.guard import Guard
from chatbot.judge.rules.elsewhere import not_of_here, serves
from chatbot.judge.rules.regime import Settled, replies, settle
from chatbot.question import Query, Question
from chatbot.say import propose
from chatbot.say.compose import cite, compose, escape
from chatbot.say.wording import texts
from chatbot.understand.places import places
from chatbot.understand.query import understand
from chatbot.words.vocabulary import Reference
from index.encode.encoder import Encoder, QueryTokens
from index.guide import Guide
from index.network import in_language
from index.passage import Passage
from index.publish.snapshot import Snapshot

SHOWN_HITS = 10
RELATED_PASSAGES = 3
PREPARED = 4  # snapshots whose vocabulary and signals are kept at hand

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Prepared:
    """What is worked out once for each snapshot."""

    reference: Reference
    guard: Guard


class Stopwatch:
    """Milliseconds spent in each step; tells `progress` when a step begins."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._start = self._last = perf_counter()
        self._name = ""
        self.laps: dict[str, float] = {}

    def step(self, name: str) -> None:
        self._close()
        self._name = name
        if self._progress:
            self._progress(name)

    def _close(self) -> None:
        now = perf_counter()
        if self._name:
            self.laps[self._name] = round((now - self._last) * 1000, 3)
        self._last = now

    def stop(self) -> dict[str, float]:
        self._close()
        return {"total": round((self._last - self._start) * 1000, 3), **self.laps}


class Bot:
    """Answers from a snapshot; safe to share between threads."""

    def __init__(self, encoder: Encoder) -> None:
        # products here are small: sharing them among threads costs more than it gains
        threadpool_limits(limits=1, user_api="blas")
        self.encoder = encoder
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._lock = Lock()
        self._interpreter = Lock()  # held by the question that is worked on in Python

    def prepare(self, snapshot: Snapshot) -> Prepared:
        """Vocabulary and emergency signals of a snapshot, worked out once (about a second)."""
        with self._lock:
            if snapshot.id not in self._prepared:
                prepared = Prepared(Reference.of(snapshot), Guard.of(snapshot))
                self._prepared[snapshot.id] = prepared
                while len(self._prepared) > PREPARED:
                    self._prepared.popitem(last=False)
            return self._prepared[snapshot.id]

    def now(self, query: Query) -> NDArray[np.float32] | None:
        """The vector (d,) of what a follow-up asks by itself; None of other questions."""
        return self.encoder.encode_queries([query.now])[0] if query.now else None

    def reply(
        self, question: Question, snapshot: Snapshot, progress: Progress | None = None
    ) -> Answer:
        """One answer, from this snapshot alone. While one question is with the encoder, which works
        outside the interpreter, another is worked on; two in the interpreter at once would only
        take it from each other."""
        watch = Stopwatch(progress)
        prepared = self.prepare(snapshot)
        watch.step("understand")
        with self._interpreter:
            query = understand(question, prepared.reference)
        asked, now = self.encoder.encode_query_tokens(query.text), self.now(query)
        with self._interpreter:
            return _reply(query, asked, now, prepared, snapshot, watch)


def _reply(
    query: Query, asked: QueryTokens, now: NDArray[np.float32] | None, prepared: Prepared,
    snapshot: Snapshot, watch: Stopwatch,
) -> Answer:  # fmt: skip
    watch.step("guard")
    cards = prepared.guard.emergencies(asked.vector, query.own_stems)
    admitted = admit(query, snapshot)
    found = consult(query, asked, snapshot, admitted, watch.step, now)
    outcome = decide(found.confidence, found.signs, found.evidence)
    if outcome == "answered" and not_of_here(query.text, found.evidence, snapshot.network):
        outcome = "related"
    watch.step("compose")
    settled = _settle(outcome, found, query, snapshot)
    if settled.asks:
        outcome = "clarify"
    found = replace(found, evidence=settled.evidence)
    if cards:
        text, citations = _with_cards(cards, outcome, found, query, snapshot)
        outcome, settled = "emergency", Settled(found.evidence)
    else:
        text, citations = _body(outcome, found, query, snapshot, settled)
    answer = _answer(outcome, text, citations, found, query, snapshot, watch)
    offered = settled.asks or settled.offers
    return replace(answer, quick_replies=replies(offered, query.language) if offered else ())


def admit(query: Query, snapshot: Snapshot) -> Callable[[Passage], bool]:
    """Which passages may be shown: plain-words boxes are handouts, not evidence, and neither a
    guide out of its dates nor a service of another place than the one asked about is shown."""
    today = date.today()
    network = snapshot.network
    asked = places(query.now, network) or places(query.text, network)

    def valid(guide: Guide) -> bool:
        started = guide.valid_from is None or guide.valid_from <= today
        return started and (guide.valid_until is None or today <= guide.valid_until)

    def near(guide: Guide) -> bool:
        return guide.service is None or serves(guide.service, asked, network.places)

    barred = {slug for slug, g in snapshot.guides.items() if not (valid(g) and near(g))}
    return lambda passage: passage.role != "plain" and passage.guide not in barred


def _settle(outcome: Outcome, found: Consultation, query: Query, snapshot: Snapshot) -> Settled:
    """An answer under the rules that are the person's; other outcomes state no rule."""
    if outcome != "answered":
        return Settled(found.evidence)
    return settle(found.evidence, found.hits, query.profile, query.text, snapshot.network.reforms)


def _body(
    outcome: Outcome, found: Consultation, query: Query, snapshot: Snapshot, settled: Settled
) -> tuple[str, tuple[Citation, ...]]:
    words = texts(query.language)
    if outcome == "answered":
        return compose(found.evidence, snapshot.guides)
    if outcome == "related":
        return _related(found.hits, snapshot, words["related"])
    if settled.asks:
        return in_language(settled.asks.asks, query.language), ()
    if outcome == "no_answer":
        return f"{words['no_answer']} {words['no_answer_next']}", ()
    own = snapshot.network.out_of_scope if outcome == "out_of_scope" else {}
    return in_language(own, query.language, words[outcome]), ()


def _with_cards(
    cards: Sequence[Guide],
    outcome: Outcome,
    found: Consultation,
    query: Query,
    snapshot: Snapshot,
) -> tuple[str, tuple[Citation, ...]]:
    """The cards first; then, where the guides answer with something else, that too: who is in no
    danger asked for it."""
    words = texts(query.language)
    text, citations = _emergency(cards, snapshot, words["emergency"])
    shown = {card.slug for card in cards}
    other = [piece for piece in found.evidence if piece.hit.passage.guide not in shown]
    if outcome != "answered" or not other:
        return text, citations
    answer, more = compose(other, snapshot.guides, after=len(citations))
    return f"{text}\n\n**{words['emergency_answer']}**\n\n{answer}", (*citations, *more)


def _emergency(
    cards: Sequence[Guide], snapshot: Snapshot, opening: str
) -> tuple[str, tuple[Citation, ...]]:
    """Numbers first, then the first minutes, of each card."""
    lines: list[str] = [opening, ""]
    citations: list[Citation] = []
    for number in {n.number: n for card in cards for n in card.numbers}.values():
        lines.append(f"- **{escape(number.number)}** {escape(number.name)}")
    for card in cards:
        passage = next(p for p in snapshot.passages if p.guide == card.slug and _first_minutes(p))
        n = len(citations) + 1
        citations.append(cite(n, passage, passage.units, snapshot.guides))
        lines += ["", f"**{escape(card.title)}**", ""]
        lines += [f"- {escape(unit.text)} [{n}]" for unit in passage.units]
    return "\n".join(lines), tuple(citations)


def _first_minutes(passage: Passage) -> bool:
    return passage.anchor not in {"numeri", "inizio"} and len(passage.heading_path) > 1


def _related(
    hits: Sequence[Hit], snapshot: Snapshot, opening: str
) -> tuple[str, tuple[Citation, ...]]:
    """Where to look, never dressed as an answer: headings with their passages."""
    lines: list[str] = [opening, ""]
    citations: list[Citation] = []
    for n, hit in enumerate(hits[:RELATED_PASSAGES], start=1):
        passage = hit.passage
        citations.append(cite(n, passage, passage.units[:1], snapshot.guides))
        guide = snapshot.guides[passage.guide]
        path = " › ".join(dict.fromkeys([guide.title, *passage.heading_path]))
        lines.append(f"- {escape(path)} [{n}]")
    return "\n".join(lines), tuple(citations)


def _answer(
    outcome: Outcome,
    text: str,
    citations: tuple[Citation, ...],
    found: Consultation,
    query: Query,
    snapshot: Snapshot,
    watch: Stopwatch,
) -> Answer:
    hits = found.hits
    cited = [snapshot.guides[c.guide] for c in citations]
    near = cited or [snapshot.guides[h.passage.guide] for h in hits[:3]]
    silent = outcome == "out_of_scope"
    used = {h.passage.id for h in hits[:1]} if outcome == "answered" else set()
    return Answer(
        id=uuid.uuid4().hex,
        outcome=outcome,
        answer=text,
        citations=citations,
        hits=tuple(hits[:SHOWN_HITS]),
        scripts=() if silent else tuple(propose.scripts(hits, snapshot)),
        services=()
        if silent
        else tuple(propose.services(hits, near, query.profile.municipality, snapshot)),
        related_questions=() if silent else tuple(propose.related_questions(hits, used)),
        confidence=round(found.confidence, 4),
        language=query.language,
        snapshot=snapshot.id,
        timings_ms=watch.stop(),
        understood=query.shown,
        profile=query.profile,
    )
