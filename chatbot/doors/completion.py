"""The bodies of the OpenAI-compatible door: what comes in, what goes out."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictBool, field_validator

from chatbot.doors.linked import Mark, linked
from chatbot.http.messages import MAX_TURNS, NOT_BLANK, AnswerOut, ChatIn, TurnIn, whole
from chatbot.question import MAX_QUESTION

MODEL = "bussola"
MAX_MESSAGES = 500
# Read, and without effect: an answer is made of the guides' sentences, whatever is asked of it.
_TAKEN = frozenset({"model", "messages", "stream", "stream_options", "n"})


class PartIn(BaseModel):
    """A part of a message: of its kinds, text is read."""

    type: str
    text: str = ""


class UserIn(BaseModel):
    """What a person says."""

    role: Literal["user"]
    content: Annotated[str, Field(max_length=MAX_QUESTION)] | list[PartIn]


class OtherIn(BaseModel):
    """What anybody else says."""

    role: Literal["system", "developer", "assistant", "tool", "function"]
    content: str | list[PartIn] | None = None


MessageIn = Annotated[UserIn | OtherIn, Field(discriminator="role")]


def text_of(message: UserIn | OtherIn) -> str:
    """What is said in a message."""
    if isinstance(message.content, str):
        return message.content
    return "\n".join(part.text for part in message.content or () if part.type == "text")


def _asks(message: UserIn | OtherIn) -> bool:
    return message.role == "user" and bool(re.search(NOT_BLANK, text_of(message)))


# The same for OpenAPI: some message of the user says something.
_SOMETHING = {"type": "string", "pattern": NOT_BLANK}
_SAID_IN_PARTS = {
    "type": "array",
    "contains": {
        "type": "object", "required": ["type", "text"],
        "properties": {"type": {"const": "text"}, "text": _SOMETHING},
    },
}  # fmt: skip
_A_QUESTION = {
    "contains": {
        "type": "object", "required": ["role", "content"],
        "properties": {
            "role": {"const": "user"}, "content": {"anyOf": [_SOMETHING, _SAID_IN_PARTS]},
        },
    }
}  # fmt: skip


class StreamOptionsIn(BaseModel):
    include_usage: StrictBool = False


class CompletionIn(BaseModel):
    """A conversation. The last message of the user with a text is the question, those before it
    its history; messages of `system` and `developer`, tools and sampling parameters are read and
    have no effect: `bussola.ignored` names them."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {"model": MODEL, "messages": [{"role": "user", "content": "Cos'è la DID?"}]}
            ]
        },
    )

    model: Annotated[str, Field(max_length=200)]
    messages: Annotated[
        list[MessageIn],
        Field(min_length=1, max_length=MAX_MESSAGES, json_schema_extra=_A_QUESTION),
    ]
    stream: StrictBool | None = False
    stream_options: StreamOptionsIn | None = None
    n: Annotated[int, Field(ge=1, le=1), BeforeValidator(whole)] = 1

    @field_validator("messages")
    @classmethod
    def _a_question(cls, messages: list[UserIn | OtherIn]) -> list[UserIn | OtherIn]:
        if not any(map(_asks, messages)):
            raise ValueError("nessun messaggio dell'utente con un testo")
        return messages

    def to_chat(self) -> ChatIn:
        """The question of the contract; of long turns before it the beginning. Raises
        ValidationError where its parts are together too long."""
        last = max(n for n, message in enumerate(self.messages) if _asks(message))
        turns = [
            TurnIn.model_validate({"role": message.role, "text": text_of(message)[:MAX_QUESTION]})
            for message in self.messages[:last]
            if message.role in ("user", "assistant")
        ]
        return ChatIn(question=text_of(self.messages[last]), history=turns[-MAX_TURNS:])

    @property
    def ignored(self) -> list[str]:
        """What was given and has no effect."""
        roles = {message.role for message in self.messages} - {"user", "assistant"}
        return sorted(roles | (set(self.model_extra or {}) - _TAKEN))


class UrlCitationOut(BaseModel):
    """The characters of the message from `start_index` to `end_index` cite `url`."""

    start_index: int
    end_index: int
    title: str
    url: str


class AnnotationOut(BaseModel):
    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitationOut


class MessageOut(BaseModel):
    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[AnnotationOut]


class ChoiceOut(BaseModel):
    index: Literal[0] = 0
    finish_reason: Literal["stop"] = "stop"
    message: MessageOut


class UsageOut(BaseModel):
    """In tokens of Bussola's encoder: nobody pays for them."""

    prompt_tokens: int
    completion_tokens: int
    total_tokens: int


class BussolaOut(BaseModel):
    """Beyond OpenAI's form: the answer of `/api/chat`, and what of the request was ignored."""

    answer: AnswerOut
    ignored: list[str]


class CompletionOut(BaseModel):
    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str = MODEL
    system_fingerprint: str  # the snapshot that answered
    choices: list[ChoiceOut]
    usage: UsageOut
    bussola: BussolaOut


class ListedModelOut(BaseModel):
    id: str = MODEL
    object: Literal["model"] = "model"
    created: int
    owned_by: str = MODEL


class ModelsOut(BaseModel):
    object: Literal["list"] = "list"
    data: list[ListedModelOut]


class FaultOut(BaseModel):
    message: str
    type: str
    param: str | None
    code: str | None


class ErrorOut(BaseModel):
    """An error in OpenAI's form."""

    error: FaultOut


def completion_out(
    asked: CompletionIn, answer: AnswerOut, base: str, now: datetime, usage: UsageOut
) -> CompletionOut:
    """An answer in OpenAI's form; `base` is where our pages are reached."""
    text, marks = linked(answer, base)
    message = MessageOut(content=text, annotations=[_annotation(mark, base) for mark in marks])
    return CompletionOut(
        id=f"chatcmpl-{answer.id}",
        created=int(now.timestamp()),
        system_fingerprint=answer.snapshot,
        choices=[ChoiceOut(message=message)],
        usage=usage,
        bussola=BussolaOut(answer=answer, ignored=asked.ignored),
    )


def chunks(whole: CompletionOut, with_usage: bool) -> list[dict[str, Any]]:
    """The same as the chunks of a stream: the role, the text line by line, the end with the
    `bussola` field; and, where asked for, the usage."""
    said = whole.choices[0].message
    deltas: list[dict[str, Any]] = [{"role": "assistant", "content": ""}]
    deltas += [{"content": line} for line in said.content.splitlines(keepends=True)]
    end = {"annotations": [a.model_dump(mode="json") for a in said.annotations]}
    rows = [_chunk(whole, delta) for delta in deltas]
    rows.append({**_chunk(whole, end, "stop"), "bussola": whole.bussola.model_dump(mode="json")})
    if with_usage:
        rows.append({**_chunk(whole, {}), "choices": [], "usage": whole.usage.model_dump()})
    return rows


def _chunk(
    whole: CompletionOut, delta: dict[str, Any], finish: str | None = None
) -> dict[str, Any]:
    return {
        "id": whole.id, "object": "chat.completion.chunk", "created": whole.created,
        "model": whole.model, "system_fingerprint": whole.system_fingerprint,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}],
    }  # fmt: skip


def _annotation(mark: Mark, base: str) -> AnnotationOut:
    cited = UrlCitationOut(
        start_index=mark.start, end_index=mark.end, title=mark.citation.title,
        url=base + mark.citation.url,
    )  # fmt: skip
    return AnnotationOut(url_citation=cited)
