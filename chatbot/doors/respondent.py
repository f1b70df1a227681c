"""Who answers other programs: the snapshot of this machine, or a server over HTTP."""

from __future__ import annotations

from typing import Any, Protocol

import httpx
from pydantic import ValidationError

from chatbot.http.messages import AnswerOut, ChatIn, answer_out
from chatbot.http.passages import PassagesIn, PassagesOut, passages_out
from chatbot.library import Library
from chatbot.settings import Settings
from index.errors import BussolaError

WAIT_S = 30.0


class NoAnswerError(BussolaError):
    """The server asked cannot be reached or does not speak the contract; the message says why."""


class Respondent(Protocol):
    """What a pipeline needs of Bussola. Both methods raise NoAnswerError where there is nobody to
    answer."""

    def ask(self, body: ChatIn) -> AnswerOut: ...

    def passages(self, body: PassagesIn) -> PassagesOut: ...


class LocalRespondent:
    """Answers from the snapshot of a library, in this process."""

    def __init__(self, library: Library) -> None:
        self._library = library

    @classmethod
    def open(cls, settings: Settings | None = None) -> LocalRespondent:
        """Over what is published in `settings.var`. Raises BussolaError."""
        return cls(Library.open(settings or Settings()))

    def ask(self, body: ChatIn) -> AnswerOut:
        return answer_out(self._library.bot.reply(body.to_question(), self._library.snapshot))

    def passages(self, body: PassagesIn) -> PassagesOut:
        snapshot = self._library.snapshot
        answer = self._library.bot.reply(body.to_question(), snapshot)
        return passages_out(answer, snapshot, body.limit)


class RemoteRespondent:
    """Asks a Bussola at an address, by the contract of HTTP. Safe to share between threads."""

    def __init__(self, address: str, client: httpx.Client | None = None) -> None:
        self._address = address.rstrip("/")
        self._client = client or httpx.Client(timeout=WAIT_S)

    def ask(self, body: ChatIn) -> AnswerOut:
        return self._read(AnswerOut.model_validate_json, self._post("/api/chat", body))

    def passages(self, body: PassagesIn) -> PassagesOut:
        return self._read(PassagesOut.model_validate_json, self._post("/api/passages", body))

    def _post(self, path: str, body: ChatIn) -> httpx.Response:
        sent = body.model_dump(mode="json", exclude_unset=True)
        try:
            response = self._client.post(self._address + path, json=sent)
        except httpx.HTTPError as error:
            why = type(error).__name__
            message = f"{self._address} non risponde ({why}): controlla l'indirizzo."
            raise NoAnswerError(message) from error
        if response.status_code != 200:
            raise NoAnswerError(_why(response))
        return response

    def _read(self, parse: Any, response: httpx.Response) -> Any:
        try:
            return parse(response.content)
        except ValidationError as error:
            message = f"{response.url} non risponde come Bussola: controlla l'indirizzo."
            raise NoAnswerError(message) from error


def _why(response: httpx.Response) -> str:
    """The detail of a problem document, or the status alone."""
    try:
        detail = str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        detail = "la risposta non è di Bussola"
    return f"{response.url}: {response.status_code}, {detail}"
