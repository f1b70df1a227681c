"""What the bot says: hits, citations and the answer, frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal, get_args

from chatbot.period import Period
from chatbot.question import Profile
from index.guide import Contact, Source
from index.passage import Passage

Outcome = Literal[
    "answered", "related", "clarify", "no_answer", "out_of_scope", "emergency", "small_talk"
]
OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
# What editors and evaluators call each of them: in the cases, the reports and on the desk.
OUTCOME_WORDS: Mapping[Outcome, str] = {
    "answered": "risposta",
    "related": "vicini",
    "clarify": "chiarimento",
    "no_answer": "silenzio",
    "out_of_scope": "fuori-tema",
    "emergency": "emergenza",
    "small_talk": "cortesia",
}


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an answer is what it is: the rule, and what it did in a sentence for people."""

    rule: str
    why: str


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage with its scores for one question; a score is None where its stage is off.

    `heading` is the cosine with the heading it stands under, `asked` that with the nearest of the
    questions that lead to it (its heading among them), its own cosine where none does.
    """

    passage: Passage
    lexical: float | None = None
    dense: float | None = None
    late: float | None = None
    heading: float = 0.0
    asked: float = 0.0
    fused: float = 0.0


@dataclass(frozen=True, slots=True)
class Citation:
    """A passage and the verbatim quote that supports the answer."""

    n: int
    guide: str
    title: str
    heading_path: tuple[str, ...]
    url: str
    quote: str
    verified_on: date | None  # None where the guide does not say
    review_by: date | None
    sources: tuple[Source, ...] = ()
    passage_html: str = ""  # the section it stands in, as safe HTML, with the quote marked


@dataclass(frozen=True, slots=True)
class ProposedScript:
    """A script to follow, proposed beside the answer, and the step at which it is opened."""

    guide: str
    title: str
    url: str
    step: str
    step_title: str


@dataclass(frozen=True, slots=True)
class ProposedService:
    """A service to refer to, with what its card says of how to reach it."""

    guide: str
    title: str
    url: str
    address: str | None
    municipality: str | None
    contacts: tuple[Contact, ...]
    status: str
    review_by: date | None


@dataclass(frozen=True, slots=True)
class QuickReply:
    """What may be tapped to answer what is asked back: a label, and the dates it stands for."""

    label: str
    application_date: Period


@dataclass(frozen=True, slots=True)
class Help:
    """That a language model helped with an answer: its name, and with what."""

    model: str
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Answer:
    """One reply, in the shape of the HTTP contract (see `to_json`)."""

    id: str
    outcome: Outcome
    answer: str
    citations: tuple[Citation, ...]
    hits: tuple[Hit, ...]
    scripts: tuple[ProposedScript, ...]
    services: tuple[ProposedService, ...]
    related_questions: tuple[str, ...]
    confidence: float
    language: str
    snapshot: str
    timings_ms: dict[str, float]
    understood: str = ""  # the question as searched, where it differs from the one asked
    quick_replies: tuple[QuickReply, ...] = ()
    profile: Profile = field(default_factory=Profile)  # what was taken as known of the person
    reasons: tuple[Reason, ...] = ()
    more: str = ""  # the end of `answer` that may be folded away: what was not asked first
    services_note: str = ""  # why no service is proposed
    help: Help | None = None  # of a language model, where one helped
    sure: bool = False  # of an answer: likely enough to be told as one, not as what may be one
