"""Every route of an application, and a request for each, as right as what is known allows."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import FastAPI


@dataclass(frozen=True)
class Door:
    """One method of one route; `body` is the schema of what it takes."""

    method: str
    path: str
    asks: tuple[str, ...] = ()
    body: Mapping[str, Any] | None = None

    def request(self, known: Mapping[str, Any]) -> tuple[str, str, dict[str, Any]]:
        """Method, path and the rest of a request with what is `known` by its names."""
        path = re.sub(r"{(\w+)(:\w+)?}", lambda found: str(known.get(found[1], "x")), self.path)
        query = {name: known[name] for name in self.asks if name in known}
        sent = {} if self.body is None else {"json": made_up(self.body, known)}
        return self.method, path, {"params": query, **sent}


def doors(app: FastAPI) -> list[Door]:
    """All of them, of included routers too; HEAD is GET."""
    return [door for route in _routes(app.routes) for door in _doors(route)]


def _routes(routes: Iterable[Any]) -> Iterator[Any]:
    for route in routes:
        if inner := getattr(route, "original_router", None):
            yield from _routes(inner.routes)
        elif getattr(route, "methods", None):
            yield route


def _doors(route: Any) -> Iterator[Door]:
    takes = getattr(route, "dependant", None)
    asks = tuple(field.name for field in takes.query_params) if takes else ()
    models = [field.field_info.annotation for field in takes.body_params] if takes else []
    body = models[0].model_json_schema() if models and models[0] is not None else None
    for method in sorted(route.methods - {"HEAD"}):
        yield Door(method, route.path, asks, body)


def made_up(schema: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """A value that a schema admits, with what is known by the names of its properties."""
    defined = schema.get("$defs", {})

    def value(of: Mapping[str, Any], name: str = "") -> Any:
        if "$ref" in of:
            of = defined[of["$ref"].rsplit("/", 1)[1]]
        if name in known and of.get("type") in ("string", None):
            return known[name]
        for several in ("anyOf", "oneOf"):
            if several in of:
                return value(of[several][0], name)
        if "enum" in of or "const" in of:
            return of.get("const", of.get("enum", [None])[0])
        if of.get("type") == "object":
            wanted = set(of.get("required", ())) | (known.keys() & of.get("properties", {}).keys())
            return {one: value(of["properties"][one], one) for one in sorted(wanted)}
        if of.get("type") == "array":
            return [value(of["items"], name)] if "items" in of else []
        kinds = {"integer": 1, "number": 1, "boolean": True}
        return kinds.get(of.get("type", ""), known.get(name, "conto di base"))

    return value(schema)
