"""The helper of the bot: a language model, behind the switches of the settings."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Literal, Protocol

import structlog

from chatbot.helper.endpoint import EndpointModel, NoHelpError
from chatbot.helper.prompts import (
    point_prompt,
    read_pointed,
    read_searches,
    understand_prompt,
)
from chatbot.privacy.redact import redact
from chatbot.question import Query
from chatbot.settings import MOST_SHOWN, ModelUse, Settings
from index.errors import BussolaError
from index.network import Network

STORY = 40  # words, from which a message may be a story
Became = Literal["pointed", "none", "searched", "unreadable", "failed"]
log = structlog.get_logger()


class Completes(Protocol):
    """What is used of llama-index's LLM."""

    def complete(self, prompt: str) -> object: ...


class ModelHelper:
    """Asks a model for the uses that are switched on. What is sent is the question without personal
    data and at most `most` units of the guides; a reply that cannot be read strictly is no reply.
    `tally` counts what became of each request, for who measures what a model gives."""

    def __init__(
        self, model: Completes, name: str, uses: Sequence[ModelUse], most: int = MOST_SHOWN
    ) -> None:
        self._model = model
        self.name = name
        self.uses = tuple(uses)
        self.most = most
        self.tally: Counter[Became] = Counter()

    def searches(self, query: Query, network: Network) -> tuple[str, ...]:
        told = query.latest
        if "understand" not in self.uses or (query.language == "it" and len(told.split()) < STORY):
            return ()
        reply = self._ask("understand", understand_prompt(redact(told, network)))
        searches = read_searches(reply) if reply is not None else ()
        if reply is not None:
            self.tally["searched" if searches else "unreadable"] += 1
        return searches

    def point(
        self, query: Query, units: Sequence[tuple[str, str]], network: Network
    ) -> tuple[int, ...] | None:
        shown = units[: self.most]
        if "point" not in self.uses or not shown:
            return None
        reply = self._ask("point", point_prompt(redact(query.posed, network), shown))
        if reply is None:
            return None
        places = read_pointed(reply, len(shown))
        self.tally[_became(places)] += 1
        return places

    def _ask(self, use: str, prompt: str) -> str | None:
        try:
            return str(self._model.complete(prompt))
        except NoHelpError as error:
            log.warning("no_help", use=use, why=str(error))
        except Exception as error:  # of a model of others: whatever it is, no help
            log.warning("no_help", use=use, why=type(error).__name__)
        self.tally["failed"] += 1
        return None


def _became(places: tuple[int, ...] | None) -> Became:
    if places is None:
        return "unreadable"
    return "pointed" if places else "none"


def open_helper(settings: Settings, uses: Sequence[ModelUse] = ()) -> ModelHelper | None:
    """The helper that the settings ask for, None where they name no model; with `uses` given, for
    those. Raises BussolaError where uses are asked for and there is no model."""
    wanted = tuple(uses or settings.llm_uses)
    if not wanted:
        return None
    if not settings.llm_address or not settings.llm_model:
        raise BussolaError(
            "Manca il modello linguistico: servono BUSSOLA_LLM_ADDRESS e BUSSOLA_LLM_MODEL."
        )
    model = EndpointModel(
        key=settings.llm_key.get_secret_value(), address=settings.llm_address,
        name=settings.llm_model, seconds=settings.llm_seconds, budget=settings.llm_budget,
    )  # fmt: skip
    return ModelHelper(model, settings.llm_model, wanted, settings.llm_sentences)
