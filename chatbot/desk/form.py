"""A form for data of which there is a schema: a tree that a page draws and reads back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, TypeAdapter

Shape = Literal["text", "long", "day", "flag", "choice", "lines", "object", "list", "map"]
Schema = Mapping[str, Any]
LONG = 60  # characters from which a text has room for several lines


@dataclass(frozen=True)
class Node:
    """One part of a form. `label` is for people, `key` for the data; of a list or a map `blank` is
    what a new item is like; the children of a map are called by their `label`."""

    shape: Shape
    label: str
    key: str
    value: Any = None
    choices: tuple[str, ...] = ()
    children: tuple[Node, ...] = ()
    blank: Node | None = None

    @property
    def first(self) -> str:
        """The first thing that is written in it, for a list to be looked through."""
        if self.children:
            return next((told for child in self.children if (told := child.first)), "")
        value = self.value[0] if isinstance(self.value, list) and self.value else self.value
        return str(value)[:80] if value and not isinstance(value, bool) else ""


def form_of(model: TypeAdapter[Any], data: Any, label: str) -> Node:
    """`data` as the model has it (models or lists of them)."""
    schema = model.json_schema()
    return _node(schema, _bare(data), label, "", schema.get("$defs", {}))


def _bare(data: Any) -> Any:
    if isinstance(data, list):
        return [_bare(one) for one in data]
    return data.model_dump(mode="json") if isinstance(data, BaseModel) else data


def _node(schema: Schema, value: Any, label: str, key: str, defs: Schema) -> Node:
    schema = _resolved(schema, defs)
    kind = schema.get("type")
    if choices := schema.get("enum"):
        return Node("choice", label, key, value or choices[0], choices=tuple(choices))
    if kind == "boolean":
        return Node("flag", label, key, bool(value if value is not None else schema.get("default")))
    if kind == "array":
        return _list(schema, value or [], label, key, defs)
    if "properties" in schema:
        return _object(schema, value or {}, label, key, defs)
    if kind == "object":
        return _map(schema, value or {}, label, key, defs)
    if schema.get("format") == "date":
        return Node("day", label, key, value or "")
    long = len(str(value or "")) > LONG
    return Node("long" if long else "text", label, key, "" if value is None else value)


def _resolved(schema: Schema, defs: Schema) -> Schema:
    if ref := schema.get("$ref"):
        return {**defs[ref.rpartition("/")[2]], **schema}
    for option in schema.get("anyOf", ()):
        if option.get("type") != "null":
            return _resolved(option, defs)
    return schema


def _list(schema: Schema, value: list[Any], label: str, key: str, defs: Schema) -> Node:
    item = _resolved(schema.get("items", {}), defs)
    if item.get("type") == "string":
        return Node("lines", label, key, value)
    children = tuple(_node(item, one, f"{n}", "", defs) for n, one in enumerate(value, start=1))
    return Node("list", label, key, children=children, blank=_node(item, None, "nuova", "", defs))


def _map(schema: Schema, value: Mapping[str, Any], label: str, key: str, defs: Schema) -> Node:
    item = schema.get("additionalProperties", {})
    children = tuple(_node(item, one, name, "", defs) for name, one in value.items())
    return Node("map", label, key, children=children, blank=_node(item, None, "", "", defs))


def _object(schema: Schema, value: Mapping[str, Any], label: str, key: str, defs: Schema) -> Node:
    children = tuple(
        _node(part, value.get(name), name.replace("_", " ").capitalize(), name, defs)
        for name, part in schema["properties"].items()
    )
    return Node("object", label, key, children=children)
