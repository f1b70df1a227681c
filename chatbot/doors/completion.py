"""The bodies of the OpenAI-compatible door: what comes in, what goes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator

from chatbot.doors.linked import Mark, linked
from chatbot.http.messages import MAX_TURNS, AnswerOut, ChatIn, TurnIn
from chatbot.question import MAX_QUESTION

MODEL = "bussola"
MAX_MESSAGES = 500
# Read, and without effect: an answer is made of the guides' sentences, whatever is asked of it.
_TAKEN = frozenset({"model", "messages", "stream", "stream_options", "n"})


class PartIn(BaseModel):
    """A part of a message: of its kinds, text is read."""

    type: str
    text: str = ""


class MessageIn(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[PartIn] | None = None

    @property
    def text(self) -> str:
        """What is said in it."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or () if part.type == "text")


class StreamOptionsIn(BaseModel):
    include_usage: bool = False


class CompletionIn(BaseModel):
    """A conversation. The last message of the user is the question, those before it its history;
    messages of `system` and `developer`, tools and sampling parameters are read and have no effect:
    `bussola.ignored` names them."""

    model_config = ConfigDict(
        extra="allow",
        json_schema_extra={
            "examples": [
                {"model": MODEL, "messages": [{"role": "user", "content": "Cos'è la DID?"}]}
            ]
        },
    )

    model: Annotated[str, Field(max_length=200)]
    messages: Annotated[list[MessageIn], Field(min_length=1, max_length=MAX_MESSAGES)]
    stream: bool = False
    stream_options: StreamOptionsIn | None = None
    n: Literal[1] | None = 1

    @field_validator("messages")
    @classmethod
    def _asks(cls, messages: list[MessageIn]) -> list[MessageIn]:
        asked = next((m.text for m in reversed(messages) if m.role == "user"), "")
        if not asked.strip():
            raise ValueError("nessun messaggio dell'utente con un testo")
        if len(asked) > MAX_QUESTION:
            raise ValueError(f"la domanda è troppo lunga: al massimo {MAX_QUESTION} caratteri")
        return messages

    def to_chat(self) -> ChatIn:
        """The question of the contract; of long turns before it the beginning. Raises
        ValidationError where the last message of the user is no question."""
        last = max(n for n, message in enumerate(self.messages) if message.role == "user")
        turns = [
            TurnIn(role=message.role, text=message.text[:MAX_QUESTION])
            for message in self.messages[:last]
            if message.role in ("user", "assistant") and message.text.strip()
        ]
        return ChatIn(question=self.messages[last].text, history=turns[-MAX_TURNS:])

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


class ModelOut(BaseModel):
    id: str = MODEL
    object: Literal["model"] = "model"
    created: int
    owned_by: str = MODEL


class ModelsOut(BaseModel):
    object: Literal["list"] = "list"
    data: list[ModelOut]


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
