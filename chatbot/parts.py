"""The parts that the server is made of, looked up by their type.

`app.state` gives whatever was put there as `Any`. Here a part is asked for by its class, the type
checker knows what comes back, and a part that is missing is told by its name.
"""

from __future__ import annotations

from typing import TypeVar

from starlette.applications import Starlette

T = TypeVar("T")


def provide(app: Starlette, *parts: object) -> None:
    """Put parts in an application, each in the place of the one of its type."""
    app.state.parts = {**getattr(app.state, "parts", {}), **{type(part): part for part in parts}}


def find(app: Starlette, kind: type[T]) -> T | None:
    """The part of a type, None where the application has none."""
    found = getattr(app.state, "parts", {}).get(kind)
    return found if isinstance(found, kind) else None


def part(app: Starlette, kind: type[T]) -> T:
    """The part of a type. Raises LookupError where the application has none."""
    found = find(app, kind)
    if found is None:
        raise LookupError(f"the application has no {kind.__name__}")
    return found
