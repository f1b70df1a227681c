"""Every JSON body of every route has a type, a summary and, where it asks, an example that runs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest


@pytest.fixture(scope="module")
def document(live_server: str) -> Any:
    return httpx.get(f"{live_server}/openapi.json", timeout=60).json()


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


# what has no shape of its own that the document could tell, and why
FREE = {
    "CompletionIn": "programs of others send settings for other models: taken, and left aside",
    "JsonValue": "a file of the network as its form gives it: its own model, of index, checks it",
}


def test_no_body_holds_anything_untyped(document: Any) -> None:
    """Down to the last field of every model: a client made of the document knows them all."""
    schemas = document["components"]["schemas"]
    found = {where for name, schema in schemas.items() for where in _untyped(schema, name)}
    assert found == set(FREE)


def _untyped(schema: Any, where: str) -> Iterator[str]:
    """The places in a schema that take anything, or a list or an object of anything."""
    told = schema.keys() - {"title", "description", "default", "examples"}
    of_fields = schema.keys() & {"properties", "additionalProperties", "patternProperties"}
    if (
        not told
        or (schema.get("type") == "object" and not of_fields)
        or schema.get("additionalProperties") is True
        or (schema.get("type") == "array" and not schema.keys() & {"items", "prefixItems"})
    ):
        yield where
    for parts in ("properties", "patternProperties"):
        for name, part in schema.get(parts, {}).items():
            yield from _untyped(part, f"{where}.{name}")
    for part in (schema.get("items"), schema.get("additionalProperties")):
        if isinstance(part, dict):
            yield from _untyped(part, f"{where}[]")
    for parts in ("anyOf", "oneOf", "allOf", "prefixItems"):
        for part in schema.get(parts, []):
            yield from _untyped(part, where)


def test_every_file_is_told(document: Any) -> None:
    """What a route takes or gives is in the document, also where it is no JSON."""
    silent = []
    for path, operations in document["paths"].items():
        for method, operation in operations.items():
            answers = [(s, a) for s, a in operation["responses"].items() if s != "204"]
            taken = [("in", operation[part]) for part in operation if part == "requestBody"]
            silent += [
                f"{method} {path} {where}"
                for where, b in [*taken, *answers]
                if not b.get("content")
            ]
    assert silent == []


def test_a_table_is_no_page(document: Any) -> None:
    """What is downloaded is told by what it is, on routers that give pages too."""
    tables = [path for path in document["paths"] if path.endswith(".csv")]
    told = [document["paths"][path]["get"]["responses"]["200"]["content"] for path in tables]
    assert [list(content) for content in told] == [["text/csv"]] * len(tables)
    assert len(tables) >= 2


def test_each_model_has_a_name_of_its_own(document: Any) -> None:
    """Two of one name are told apart by their modules, which are nobody's business outside."""
    assert [name for name in document["components"]["schemas"] if "__" in name] == []


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
