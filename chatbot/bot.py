"""The bot: `Bot.reply` reads as the list of its steps."""

from __future__ import annotations

import uuid
from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from threading import Lock

import numpy as np
from threadpoolctl import threadpool_limits

from chatbot.answer import Answer, Help, Reason
from chatbot.find.admit import admit
from chatbot.judge.consult import Consultation, consult
from chatbot.judge.guard import Guard, Heard, sentences_of
from chatbot.judge.helper import HELPED, Helper, readable, reconsider
from chatbot.judge.rules import RULES, Rule
from chatbot.judge.rules.regime import replies
from chatbot.question import Query, QueryVectors, Question
from chatbot.read.reader import AnyReader
from chatbot.say import propose
from chatbot.say.reply import Said
from chatbot.say.reply import reply as say
from chatbot.say.services import Matter, matter_of, without_services
from chatbot.say.services import services as propose_services
from chatbot.say.wording import texts
from chatbot.stopwatch import Progress, Stopwatch
from chatbot.understand.follows import LearntFollows
from chatbot.understand.query import understand
from chatbot.understand.small_talk import LONGEST, is_small_talk, says_yes
from chatbot.understand.talk import LearntTalk
from chatbot.weights import Weights, read_weights
from chatbot.words.language import detect_language
from chatbot.words.vocabulary import Reference
from index.encode.encoder import Encoder
from index.guide import Guide
from index.letters import fold
from index.publish.snapshot import Snapshot
from index.search.lexical import terms

SHOWN_HITS = 20
PREPARED = 4  # snapshots whose vocabulary and signals are kept at hand


@dataclass(frozen=True)
class Prepared:
    """What is worked out once for each snapshot."""

    reference: Reference
    guard: Guard
    follows: LearntFollows
    talk: LearntTalk


@dataclass(frozen=True)
class Work:
    """What was read in a question, the cards of a danger in it, what was found and ruled, what a
    language model did for it."""

    query: Query
    cards: tuple[Guide, ...]
    found: Consultation
    weights: Weights  # those that hold of the snapshot
    help: Help | None = None


class Bot:
    """Answers from a snapshot; safe to share between threads."""

    def __init__(
        self,
        encoder: Encoder,
        weights: Weights | None = None,
        rules: tuple[Rule, ...] = RULES,
        reader: AnyReader | None = None,
    ) -> None:
        """With a `reader` the best passages are read; see `reads`."""
        # products here are small: sharing them among threads costs more than it gains
        threadpool_limits(limits=1, user_api="blas")
        self.encoder = encoder
        self.weights = weights or read_weights()
        self.rules = rules
        self.reader = reader
        self.helper: Helper | None = None  # a language model, where the network has one
        self._prepared: OrderedDict[str, Prepared] = OrderedDict()
        self._lock = Lock()
        self._interpreter = Lock()  # held by the question that is worked on in Python

    @property
    def fitted(self) -> bool:
        """Whether the weights were fitted on this encoder."""
        return self.weights.model == self.encoder.digest

    @property
    def reads(self) -> bool:
        """Whether passages are read: only with the reader that the weights were fitted on."""
        return self.reader is not None and self.weights.reader == self.reader.digest

    def prepare(self, snapshot: Snapshot) -> Prepared:
        """Vocabulary and emergency signals of a snapshot, worked out once (about a second)."""
        with self._lock:
            if snapshot.id not in self._prepared:
                questions = np.asarray(snapshot.questions)
                prepared = Prepared(
                    Reference.of(snapshot),
                    Guard.of(snapshot),
                    LearntFollows(self.encoder, questions, self.weights, snapshot.network),
                    LearntTalk(self.encoder, questions, self.weights),
                )
                self._prepared[snapshot.id] = prepared
                while len(self._prepared) > PREPARED:
                    self._prepared.popitem(last=False)
            return self._prepared[snapshot.id]

    def reply(
        self,
        question: Question,
        snapshot: Snapshot,
        progress: Progress | None = None,
        today: date | None = None,
    ) -> Answer:
        """One answer, from this snapshot alone, as of `today`: the day where the network is, unless
        another is given. While one question is with the encoder, which works outside the
        interpreter, another is worked on; two in the interpreter at once would only take it from
        each other."""
        watch = Stopwatch(progress)
        watch.step("understand")
        if accepted := self._accepted(question, snapshot, today):
            told = tuple(turn for turn in question.history if not says_yes(turn.text))
            asked = replace(question, text=accepted, history=told)
            answer = self.reply(asked, snapshot, progress, today)
            return replace(answer, understood=answer.understood or accepted)
        if self.is_talk(question, snapshot):
            return _courtesy(question, snapshot, watch)
        work = self.work(question, snapshot, watch, today or snapshot.network.today())
        with self._interpreter:
            watch.step("compose")
            said = say(work.found, work.query.language, snapshot)
            answer = _answer(said, work.found, work.query, snapshot, watch)
        return replace(answer, help=work.help) if work.help else answer

    def is_talk(self, question: Question, snapshot: Snapshot) -> bool:
        """Whether a message is courtesy or talk alone: it asks nothing of the guides, it answers
        nothing that was asked back, and nobody in it is in danger."""
        text = question.text
        before = [turn.text for turn in question.history if turn.role == "user"]
        if is_small_talk(text) or (not before and says_yes(text)):
            return True
        prepared = self.prepare(snapshot)
        if len(text.split()) > LONGEST or (before and prepared.follows(before[-1], text)):
            return False
        (vector,) = self.encoder.encode_queries([text])
        return prepared.talk(text, vector) and not prepared.guard.emergencies(
            vector, terms(text), self.weights, self.fitted
        )

    def _accepted(self, question: Question, snapshot: Snapshot, today: date | None) -> str:
        """The first question that the answer before offered, where this one says yes to it; empty
        elsewhere, and where that answer asked something back."""
        spoken = [n for n, turn in enumerate(question.history) if turn.role == "user"]
        if not spoken or not says_yes(question.text):
            return ""
        last = spoken[-1]
        before = replace(
            question, text=question.history[last].text, history=question.history[:last]
        )
        answer = self.reply(before, snapshot, today=today)
        return next(iter(answer.related_questions if answer.outcome != "clarify" else ()), "")

    def work(self, question: Question, snapshot: Snapshot, watch: Stopwatch, today: date) -> Work:
        """All that is worked out of a question before anything is said; a courtesy has none."""
        prepared = self.prepare(snapshot)
        reader = self.reader if self.reads else None
        weights = self.weights.where(bool(snapshot.precedents), reader is not None)
        with self._interpreter:
            query = understand(question, prepared.reference, prepared.follows, today)
        network, helper = snapshot.network, self.helper
        searches = helper.searches(query, network) if helper else ()
        vectors = QueryVectors.of(query, self.encoder, searches)
        heard = self._heard([question.text] if query.goes_on else [])
        sentences = self._heard(sentences_of(question.text))
        with self._interpreter:
            watch.step("guard")
            cards = prepared.guard.emergencies(
                vectors.whole.vector, query.own_stems, self.weights, self.fitted, sentences,
                next(iter(heard), None),
            )  # fmt: skip
            found = consult(
                query, vectors, snapshot, weights,
                admit=admit(query, snapshot, today), cards=cards, rules=self.rules, today=today,
                reader=reader, step=watch.step,
            )  # fmt: skip
        pointed = self._pointed(found, query, snapshot, cards)
        return Work(
            query, cards, pointed, weights, self._help(bool(searches), pointed is not found)
        )

    def _heard(self, texts: Sequence[str]) -> list[Heard]:
        """What the guard hears of each text."""
        vectors = self.encoder.encode_queries(texts) if texts else ()
        return [(vector, terms(text)) for vector, text in zip(vectors, texts, strict=True)]

    def _pointed(
        self, found: Consultation, query: Query, snapshot: Snapshot, cards: tuple[Guide, ...]
    ) -> Consultation:
        """What is made of the units that the helper points to, if there is one and it does; nobody
        else waits for it."""
        if self.helper is None or found.ruling.outcome not in HELPED:
            return found
        units = readable(found.found, snapshot)
        places = self.helper.point(
            query, [(unit.where, unit.text) for unit in units], snapshot.network
        )
        if places is None:
            return found
        evidence = [units[place].evidence for place in places]
        with self._interpreter:
            return reconsider(found, evidence, query, snapshot, cards, self.rules)

    def _help(self, searched: bool, pointed: bool) -> Help | None:
        """What the helper did, if it did anything."""
        uses = ("understand",) * searched + ("point",) * pointed
        return Help(self.helper.name, uses) if self.helper and uses else None


def _places(query: Query) -> frozenset[str]:
    """The places asked about, or else the person's: folded."""
    own = query.profile.municipality
    return query.places or frozenset([fold(own)] if own else [])


def _courtesy(question: Question, snapshot: Snapshot, watch: Stopwatch) -> Answer:
    """A short text to a message that asks nothing of the guides."""
    language = detect_language(question.text, question.language or "it")
    return Answer(
        id=uuid.uuid4().hex, outcome="small_talk", answer=texts(language)["small_talk"],
        citations=(), hits=(), scripts=(), services=(), related_questions=(), confidence=0.0,
        language=language, snapshot=snapshot.id, timings_ms=watch.stop(), profile=question.profile,
        reasons=(Reason("cortesia", "il messaggio non chiede nulla alle guide"),),
    )  # fmt: skip


def _answer(
    said: Said, found: Consultation, query: Query, snapshot: Snapshot, watch: Stopwatch
) -> Answer:
    hits, ruling = found.found.hits, found.ruling
    silent = ruling.outcome in ("out_of_scope", "small_talk")
    used = {h.passage.id for h in hits[:1]} if ruling.outcome == "answered" else set()
    asked, reform = _places(query), ruling.asks or ruling.offers
    danger = ruling.outcome == "emergency"
    # what is only near tells nothing of the need; a service that is near is among what is shown
    near = ruling.outcome == "related"
    matter = Matter() if near else matter_of(said.citations, hits, snapshot)
    services = [] if silent or near else propose_services(hits, matter, asked, snapshot, danger)
    none = silent or danger or ruling.outcome == "clarify"
    return Answer(
        id=uuid.uuid4().hex,
        outcome=ruling.outcome,
        answer=said.text,
        citations=said.citations,
        hits=tuple(hits[:SHOWN_HITS]),
        scripts=() if silent else tuple(propose.scripts(hits, snapshot)),
        services=tuple(services),
        related_questions=() if silent else tuple(propose.related_questions(hits, used, snapshot)),
        confidence=round(ruling.confidence, 4),
        language=query.language,
        snapshot=snapshot.id,
        timings_ms=watch.stop(),
        understood=query.shown,
        quick_replies=replies(reform, query.language) if reform else (),
        profile=query.profile,
        reasons=ruling.reasons,
        more=said.more,
        sure=ruling.outcome == "answered" and ruling.sure,
        services_note=""
        if services or none
        else without_services(matter, asked, texts(query.language), snapshot),
    )
