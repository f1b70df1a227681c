"""Every JSON body of the contract has a type, and health says what the numbers are of."""

from __future__ import annotations

import json
from types import SimpleNamespace
from typing import Any

import pytest
from fastapi import FastAPI

from chatbot.http import api
from chatbot.http.health import health_out
from chatbot.http.messages import ChatIn
from chatbot.question import MAX_QUESTION
from chatbot.settings import Settings

TYPED = ("/api/chat", "/api/health", "/api/guides", "/api/guides/{slug}", "/api/services",
         "/api/scripts/{slug}")  # fmt: skip


@pytest.mark.parametrize("path", TYPED)
def test_every_body_is_typed(path: str) -> None:
    """OpenAPI names a model, of one thing or of each in a list."""
    app = FastAPI()
    app.include_router(api.router)
    (route,) = app.openapi()["paths"][path].values()
    schema = route["responses"]["200"]["content"]["application/json"]["schema"]
    assert "$ref" in schema.get("items", schema)


def library(fitted: bool, error: str = "", reader: object = None, unread: str = "") -> Any:
    manifest = {"counts": {"guides": 1, "passages": 2}, "model": {"name": "m", "digest": "d"}}
    snapshot = SimpleNamespace(
        id="s", created="2026-11-30T00:00:00+00:00", guides={}, manifest=manifest
    )
    bot = SimpleNamespace(fitted=fitted, reader=reader)
    return SimpleNamespace(snapshot=snapshot, error=error, bot=bot, unread=unread)


def test_health_says_whether_the_weights_are_of_the_model() -> None:
    """With another model they are degraded and so is the service; which model it is can be read,
    and what is worse for it. What else is wrong is told beside it."""
    ours = health_out(library(fitted=True), None)
    assert (ours.weights, ours.status, ours.detail) == ("fitted", "ok", "")
    other = health_out(library(fitted=False), None)
    assert (other.weights, other.model.name, other.status) == ("degraded", "m", "degraded")
    assert "eval fit --write" in other.detail
    both = health_out(library(fitted=False, error="rotta"), None).detail
    assert both == f"rotta {other.detail}"


def test_health_of_a_snapshot_that_did_not_load() -> None:
    """The older one serves, and the reason is told; without a journal nothing is said of one."""
    told = health_out(library(fitted=True, error="rotta"), None)
    assert (told.status, told.detail) == ("degraded", "rotta")
    assert told.model_dump(exclude_unset=True)["journal"] == {"on": False}


def test_of_a_reader_health_speaks_only_where_there_is_one() -> None:
    """On, or off with the reason."""
    without = health_out(library(fitted=True), None)
    assert "reader" not in without.model_dump(exclude_unset=True)
    reads = health_out(library(fitted=True, reader=object()), None)
    assert (reads.reader, reads.status, reads.detail) == ("on", "ok", "")
    unread = health_out(library(fitted=True, unread="altro modello"), None)
    assert (unread.reader, unread.status, unread.detail) == ("off", "degraded", "altro modello")


def test_the_longest_conversation_passes_the_limit_on_bodies() -> None:
    """A question after six turns, all as long as they may be, in an alphabet of two bytes."""
    text = "ї" * MAX_QUESTION
    turns = [{"role": role, "text": text} for role in ("user", "assistant") * 6]
    body = {"question": text, "history": turns}
    assert ChatIn.model_validate(body).to_question().text == text
    limit = Settings(_env_file=None).max_body_bytes
    assert len(json.dumps(body, ensure_ascii=False).encode()) < limit


def test_an_audience_in_a_profile_does_no_harm() -> None:
    """Clients that send one are answered: the title says whom the question is about."""
    body = {"question": "Chi?", "profile": {"audience": "tutti", "municipality": "Cuneo"}}
    assert ChatIn.model_validate(body).to_question().profile.municipality == "Cuneo"
