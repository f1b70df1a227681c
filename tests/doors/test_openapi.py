"""Every JSON body of every route has a type, a summary and, where it asks, an example that runs."""

from __future__ import annotations

from typing import Any

import httpx
import pytest


@pytest.fixture(scope="module")
def document(live_server: str) -> Any:
    return httpx.get(f"{live_server}/openapi.json").json()


def _json_schemas(operation: dict[str, Any]) -> list[dict[str, Any]]:
    bodies = [operation.get("requestBody", {}), *operation["responses"].values()]
    contents = [body.get("content", {}) for body in bodies]
    return [c["schema"] for found in contents for kind, c in found.items() if kind.endswith("json")]


def test_every_json_body_of_every_route_is_typed(document: Any) -> None:
    """By the name of a model, of one thing or of each in a list."""
    wrong = [
        f"{method} {path}"
        for path, operations in document["paths"].items()
        for method, operation in operations.items()
        for schema in _json_schemas(operation)
        if "$ref" not in schema.get("items", schema)
    ]
    assert len(document["paths"]) > 20
    assert wrong == []


def test_every_route_says_what_it_is_for(document: Any) -> None:
    """In a line of its own, not the name of a function."""
    for operations in document["paths"].values():
        for operation in operations.values():
            assert operation["summary"]
            assert operation["tags"]


def test_the_examples_run(document: Any, live_server: str) -> None:
    """What the page offers to try is answered."""
    schemas = document["components"]["schemas"]
    routes = {"/api/chat": "ChatIn", "/api/passages": "PassagesIn",
              "/v1/chat/completions": "CompletionIn"}  # fmt: skip
    for path, name in routes.items():
        for example in schemas[name]["examples"]:
            response = httpx.post(live_server + path, json=example, timeout=60)
            assert response.status_code == 200, (path, response.text)
