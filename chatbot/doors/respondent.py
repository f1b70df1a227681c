"""Who answers other programs: the snapshot of this machine, or a server over HTTP."""

from __future__ import annotations

from typing import Any, Protocol

import httpx
from pydantic import TypeAdapter, ValidationError

from chatbot.http.catalogue import (
    GuideDetailOut,
    GuideOut,
    ServiceOut,
    guide_detail,
    services_out,
)
from chatbot.http.messages import AnswerOut, ChatIn, answer_out
from chatbot.http.passages import PassagesIn, PassagesOut, passages_out
from chatbot.library import Library
from chatbot.settings import Settings
from index.errors import BussolaError
from index.parse.render import link_from, render_guide

WAIT_S = 30.0
_GUIDES = TypeAdapter(list[GuideOut])
_SERVICES = TypeAdapter(list[ServiceOut])


class NoAnswerError(BussolaError):
    """The server asked cannot be reached or does not speak the contract; the message says why."""


class Respondent(Protocol):
    """What a door needs of Bussola. Every method raises NoAnswerError where there is nobody to
    answer; `guide` gives None for a guide that is not there."""

    def ask(self, body: ChatIn) -> AnswerOut: ...

    def passages(self, body: PassagesIn) -> PassagesOut: ...

    def guides(self) -> list[GuideOut]: ...

    def guide(self, slug: str) -> GuideDetailOut | None: ...

    def services(self) -> list[ServiceOut]: ...


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

    def guides(self) -> list[GuideOut]:
        found = self._library.snapshot.guides.values()
        return [GuideOut.of(guide) for guide in sorted(found, key=lambda g: g.title)]

    def guide(self, slug: str) -> GuideDetailOut | None:
        guides = self._library.snapshot.guides
        found = guides.get(slug)
        if found is None:
            return None
        return guide_detail(found, render_guide(found, link=link_from(found, guides.values())))

    def services(self) -> list[ServiceOut]:
        return services_out(list(self._library.snapshot.guides.values()))


class RemoteRespondent:
    """Asks a Bussola at an address, by the contract of HTTP. Safe to share between threads."""

    def __init__(self, address: str, client: httpx.Client | None = None) -> None:
        self._address = address.rstrip("/")
        self._client = client or httpx.Client(timeout=WAIT_S)

    def ask(self, body: ChatIn) -> AnswerOut:
        return self._read(AnswerOut.model_validate_json, self._post("/api/chat", body))

    def passages(self, body: PassagesIn) -> PassagesOut:
        return self._read(PassagesOut.model_validate_json, self._post("/api/passages", body))

    def guides(self) -> list[GuideOut]:
        return self._read(_GUIDES.validate_json, self._send("GET", "/api/guides"))

    def guide(self, slug: str) -> GuideDetailOut | None:
        response = self._send("GET", f"/api/guides/{slug}", refused=(404, 422))
        if response.status_code != 200:
            return None
        return self._read(GuideDetailOut.model_validate_json, response)

    def services(self) -> list[ServiceOut]:
        return self._read(_SERVICES.validate_json, self._send("GET", "/api/services"))

    def _post(self, path: str, body: ChatIn) -> httpx.Response:
        sent = body.model_dump(mode="json", exclude_unset=True)
        return self._send("POST", path, json=sent)

    def _send(
        self, method: str, path: str, refused: tuple[int, ...] = (), **more: Any
    ) -> httpx.Response:
        try:
            response = self._client.request(method, self._address + path, **more)
        except httpx.HTTPError as error:
            why = type(error).__name__
            raise NoAnswerError(f"{self._address} non risponde ({why}): controlla l'indirizzo.") \
                from error  # fmt: skip
        if response.status_code != 200 and response.status_code not in refused:
            raise NoAnswerError(_why(self._address + path, response))
        return response

    def _read(self, parse: Any, response: httpx.Response) -> Any:
        try:
            return parse(response.content)
        except ValidationError as error:
            message = f"{response.url} non risponde come Bussola: controlla l'indirizzo."
            raise NoAnswerError(message) from error


def _why(url: str, response: httpx.Response) -> str:
    """The detail of a problem document, or the status alone."""
    try:
        detail = str(response.json()["detail"])
    except (ValueError, KeyError, TypeError):
        detail = "la risposta non è di Bussola"
    return f"{url}: {response.status_code}, {detail}"
