"""The OpenAI-compatible door: `/v1/chat/completions` and `/v1/models`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, HTTPException, Path, Request
from fastapi.responses import StreamingResponse
from pydantic import ValidationError
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chatbot.doors.completion import (
    MODEL,
    CompletionIn,
    CompletionOut,
    ErrorOut,
    ListedModelOut,
    ModelsOut,
    UsageOut,
    chunks,
    completion_out,
)
from chatbot.http.access import program_allowed
from chatbot.http.address import public_base
from chatbot.http.api import library_of, reply
from chatbot.problem import MEDIA_TYPE, TITLES
from chatbot.question import MAX_QUESTION
from chatbot.shield.queue import QueueTurn

PREFIX = "/v1"
# What OpenAI calls the kinds of error, by status; any other is a wrong request.
_KINDS = {401: "authentication_error", 403: "permission_error", 404: "not_found_error",
          429: "rate_limit_error", 500: "server_error", 503: "server_error"}  # fmt: skip
_CODES = {401: "invalid_api_key", 404: "not_found", 429: "rate_limit_exceeded"}


def _errors(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {s: {"model": ErrorOut, "description": TITLES[s]} for s in statuses}


router = APIRouter(
    prefix=PREFIX, dependencies=[Depends(program_allowed)], responses=_errors(401, 403, 429, 503)
)
Name = Annotated[str, Path(max_length=200)]


@router.post(
    "/chat/completions",
    response_model=CompletionOut,
    responses={
        200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}},
        **_errors(400, 404, 408, 413, 422),
    },
    summary="Una domanda e la sua risposta, nella forma di OpenAI",
)
async def complete(
    request: Request, body: CompletionIn, turn: QueueTurn
) -> CompletionOut | StreamingResponse:
    """The answer is made before the first chunk of a stream, so that an error has its status."""
    _known(body.model)
    try:
        question = body.to_chat()
    except ValidationError:
        raise HTTPException(422, f"La domanda ha più di {MAX_QUESTION} caratteri.") from None
    answer = await reply(request.app, question, turn)
    count = library_of(request).bot.encoder.count_tokens
    asked, said = count(question.question), count(answer.answer)
    usage = UsageOut(prompt_tokens=asked, completion_tokens=said, total_tokens=asked + said)
    whole = completion_out(body, answer, public_base(request), datetime.now(UTC), usage)
    if not body.stream:
        return whole
    with_usage = bool(body.stream_options and body.stream_options.include_usage)
    return StreamingResponse(_events(whole, with_usage), media_type="text/event-stream")


@router.get("/models", summary="I modelli: uno, le guide")
async def models(request: Request) -> ModelsOut:
    return ModelsOut(data=[_model(request)])


@router.get("/models/{name}", responses=_errors(404, 422), summary="Il modello")
async def model(request: Request, name: Name) -> ListedModelOut:
    _known(name)
    return _model(request)


def _model(request: Request) -> ListedModelOut:
    created = datetime.fromisoformat(library_of(request).snapshot.created)
    return ListedModelOut(created=int(created.timestamp()))


def _known(name: str) -> None:
    if name != MODEL:
        raise HTTPException(404, f"Il modello si chiama «{MODEL}»: scegli quello.")


def _events(whole: CompletionOut, with_usage: bool) -> Iterator[str]:
    for row in chunks(whole, with_usage):
        yield f"data: {json.dumps(row, ensure_ascii=False)}\n\n"
    yield "data: [DONE]\n\n"


class ErrorsInForm:
    """ASGI middleware, outside all others: what is refused under /v1, by whichever of them, is
    told in OpenAI's form, which is what its clients read."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(f"{PREFIX}/"):
            await self._app(scope, receive, send)
            return
        held: list[Message] = []

        async def in_form(message: Message) -> None:
            if message["type"] == "http.response.start" and _is_problem(message):
                held.append(message)
            elif held and not message.get("more_body", False):
                start, body = _translated(held[0], message["body"])
                await send(start)
                await send(body)
            elif not held:
                await send(message)

        await self._app(scope, receive, in_form)


def _is_problem(start: Message) -> bool:
    headers = dict(start["headers"])
    return bool(headers.get(b"content-type", b"").startswith(MEDIA_TYPE.encode()))


def _translated(start: Message, problem: bytes) -> tuple[Message, Message]:
    told = json.loads(problem)
    status = start["status"]
    fields = [error["field"] for error in told["errors"]]
    body = json.dumps({
        "error": {
            "message": told["detail"], "type": _KINDS.get(status, "invalid_request_error"),
            "param": fields[0].partition(".")[0] if fields else None, "code": _CODES.get(status),
        }
    }, ensure_ascii=False).encode()  # fmt: skip
    start = {**start, "headers": list(start["headers"])}
    headers = MutableHeaders(scope=start)
    headers["content-type"] = "application/json"
    headers["content-length"] = str(len(body))
    return start, {"type": "http.response.body", "body": body}
