"""The bodies of the HTTP contract: what comes in, what goes out."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PlainSerializer,
    PlainValidator,
    WithJsonSchema,
    field_validator,
)

from chatbot.answer import Answer, Citation, Outcome, QuickReply
from chatbot.http.permalink import permalink
from chatbot.http.proposed import ProposedScriptOut, ProposedServiceOut
from chatbot.period import Period
from chatbot.question import MAX_QUESTION, Profile, Question, Turn
from chatbot.words.pack import Language
from index.errors import LIKE_A_DATE
from index.parse.render import render_markdown

MAX_TURNS = 20
# More than blanks and control characters. The OpenAPI document says it too, so that what its
# schema allows is never refused.
NOT_BLANK = r"[^\s\x00-\x1f\x7f-\x9f\ufeff]"
Name = Annotated[str, Field(max_length=100)]


class TurnIn(BaseModel):
    role: Literal["user", "assistant"]
    text: Annotated[str, Field(max_length=MAX_QUESTION)]


def _period(value: Any) -> Period:
    if not isinstance(value, str):
        raise ValueError(LIKE_A_DATE)
    try:
        return Period.parse(value)
    except ValueError:
        raise ValueError(LIKE_A_DATE) from None


_DAY = (
    "[1-9][0-9]{3}-((0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])"
    "|(0[13-9]|1[0-2])-(29|30)|(0[13578]|1[02])-31)"
)
# A day; also a month, a year, or one side of a day.
When = Annotated[
    Period,
    PlainValidator(_period),
    PlainSerializer(str),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "string", "format": "date"},
                {"type": "string", "pattern": "^[1-9][0-9]{3}(-(0[1-9]|1[0-2]))?$"},
                {"type": "string", "pattern": rf"^(\.\./{_DAY}|{_DAY}/\.\.)$"},
            ]
        }
    ),
]


def whole(value: Any) -> int:
    """A whole number as JSON knows them: 3.0 is one, true and "3" are none."""
    if isinstance(value, bool) or not isinstance(value, int | float) or value != int(value):
        raise ValueError("deve essere un numero intero")
    return int(value)


class ProfileIn(BaseModel):
    title: Name | None = None
    application_date: When | None = None
    municipality: Name | None = None


class ChatIn(BaseModel):
    """A question; only `question` is needed."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"question": "Cos'è la DID?"}]})

    question: Annotated[
        str,
        Field(min_length=1, max_length=MAX_QUESTION, json_schema_extra={"pattern": NOT_BLANK}),
    ]
    history: Annotated[list[TurnIn], Field(max_length=MAX_TURNS)] = []
    profile: ProfileIn | None = None
    # of who asks: the language of the question itself counts, where it tells
    language: Language | None = None
    # a random identifier of the browser, with which a conversation is exported or erased
    conversation: Annotated[str, Field(pattern="^([A-Za-z0-9-]{16,64})?$", max_length=64)] = ""

    @field_validator("question")
    @classmethod
    def _not_blank(cls, value: str) -> str:
        if not re.search(NOT_BLANK, value):
            raise ValueError("è vuota: scrivi una domanda")
        return value

    def to_question(self) -> Question:
        profile = self.profile or ProfileIn()
        return Question(
            text=self.question,
            language=self.language or "",
            history=tuple(Turn(turn.role, turn.text) for turn in self.history),
            profile=Profile(**dict(profile)),
        )


class SourceOut(BaseModel):
    label: str
    url: str | None


class CitationOut(BaseModel):
    n: int
    guide: str
    title: str
    heading_path: list[str]
    url: str
    quote: str
    verified_on: date | None
    review_by: date | None
    sources: list[SourceOut]
    passage_html: str  # the section the quote stands in, with the quote in <mark>


class HitOut(BaseModel):
    guide: str
    anchor: str
    score: float


class ReplyProfileOut(BaseModel):
    """What a quick reply adds to the profile."""

    application_date: When


class QuickReplyOut(BaseModel):
    label: str
    profile: ReplyProfileOut


class ReasonOut(BaseModel):
    """Why the answer is what it is, in Italian."""

    rule: str
    why: str


class HelpOut(BaseModel):
    """That a language model helped, which, and with what: `point` or `understand`. The sentences
    are the guides' own all the same."""

    model: str
    uses: list[str]


class AnswerOut(BaseModel):
    """The answer of the HTTP contract."""

    id: str
    outcome: Outcome
    answer: str
    answer_html: str
    first_html: str  # what of the answer was asked first, to read at a glance
    more_html: str  # the rest of it, which may be folded away; often empty
    citations: list[CitationOut]
    hits: list[HitOut]
    scripts: list[ProposedScriptOut]
    services: list[ProposedServiceOut]
    services_note: str  # why no service is proposed, where that is worth saying
    related_questions: list[str]
    confidence: float
    language: str
    snapshot: str
    permalink: str  # the page of the same passages, as they are today; empty without any
    timings_ms: dict[str, float]
    understood: str
    quick_replies: list[QuickReplyOut]
    profile: ProfileIn  # what the answer took as known: as given, or as read in the question
    reasons: list[ReasonOut]
    help: HelpOut | None = None
    sure: bool = False  # with `answered`: likely enough to be told as an answer


def answer_out(answer: Answer) -> AnswerOut:
    """An answer in the shape of the HTTP contract, with its HTML."""
    return AnswerOut(
        id=answer.id,
        outcome=answer.outcome,
        answer=answer.answer,
        answer_html=render_markdown(answer.answer),
        first_html=render_markdown(answer.answer.removesuffix(answer.more)),
        more_html=render_markdown(answer.more),
        citations=[_citation(c) for c in answer.citations],
        hits=[
            HitOut(guide=h.passage.guide, anchor=h.passage.anchor, score=round(h.fused, 4))
            for h in answer.hits
        ],
        scripts=[ProposedScriptOut.of(one) for one in answer.scripts],
        services=[ProposedServiceOut.of(one) for one in answer.services],
        services_note=answer.services_note,
        related_questions=list(answer.related_questions),
        confidence=answer.confidence,
        language=answer.language,
        snapshot=answer.snapshot,
        permalink=permalink(answer),
        timings_ms=answer.timings_ms,
        understood=answer.understood,
        quick_replies=[_reply(one) for one in answer.quick_replies],
        profile=_profile(answer.profile),
        reasons=[ReasonOut(rule=reason.rule, why=reason.why) for reason in answer.reasons],
        help=HelpOut(model=answer.help.model, uses=list(answer.help.uses)) if answer.help else None,
        sure=answer.sure,
    )


def _profile(profile: Profile) -> ProfileIn:
    return ProfileIn.model_construct(
        title=profile.title, application_date=profile.application_date,
        municipality=profile.municipality,
    )  # fmt: skip


def _citation(citation: Citation) -> CitationOut:
    return CitationOut(
        n=citation.n,
        guide=citation.guide,
        title=citation.title,
        heading_path=list(citation.heading_path),
        url=citation.url,
        quote=citation.quote,
        verified_on=citation.verified_on,
        review_by=citation.review_by,
        sources=[SourceOut(label=s.title, url=s.url) for s in citation.sources],
        passage_html=citation.passage_html,
    )


def _reply(one: QuickReply) -> QuickReplyOut:
    profile = ReplyProfileOut.model_construct(application_date=one.application_date)
    return QuickReplyOut(label=one.label, profile=profile)
