"""A YAML file of the network changed through a form: what nobody changed keeps every byte."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from index.errors import BussolaError
from index.parse.network_folder import FILES
from index.parse.yaml_lines import UnreadableYaml, message_of, read_yaml

_COMMENT = re.compile(r"\s*(#.*)?$")


class Refused(BussolaError):  # noqa: N818 (it reads as what happened)
    """The form says something that the file may not."""


def data_of(name: str, text: str) -> Any:
    """What a file says, as its models have it: a list, or one model. Raises Refused where it
    cannot be read, and then it is shown whole."""
    model, nothing = FILES[name]
    try:
        data, _ = read_yaml(text, name)
    except UnreadableYaml as error:
        raise Refused(f"{name}, riga {error.line}: {error.reason}") from None
    return nothing if data is None else _valid(model, data)


def with_data(name: str, text: str, data: Any) -> str:
    """`text` saying `data` instead: items and keys that say the same stay as they are written.
    Raises Refused."""
    model, _ = FILES[name]
    new, old = _valid(model, data), data_of(name, text)
    return _with_items(text, old, new) if isinstance(new, list) else _with_keys(text, old, new)


def _valid(model: TypeAdapter[Any], data: Any) -> Any:
    try:
        return model.validate_python(data)
    except ValidationError as error:
        told = "; ".join(_told(one) for one in error.errors()[:3])
        raise Refused(told) from None


def _told(error: Any) -> str:
    where, *rest = error["loc"] or ("",)
    item = f"voce {where + 1}: " if isinstance(where, int) else ""
    return item + message_of({**error, "loc": tuple(rest) if item else error["loc"]})


def _with_items(text: str, old: list[BaseModel], new: list[BaseModel]) -> str:
    head, blocks = _blocks(text, yaml.SequenceNode)
    if len(blocks) != len(old):  # a list on one line
        head, blocks = "", []
    left = list(zip(old, blocks, strict=False))
    done = [head]
    for item in new:
        same = next((pair for pair in left if pair[0] == item), None)
        if same:
            left.remove(same)
        done.append(same[1] if same else _dump([_plain(item)]))
    return "".join(part if part.endswith("\n") or not part else f"{part}\n" for part in done)


def _with_keys(text: str, old: BaseModel, new: BaseModel) -> str:
    head, blocks = _blocks(text, yaml.MappingNode)
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    keys = [str(key.value) for key, _ in node.value] if blocks and node else []
    values, done = _plain(new), [head]
    for key, block in zip(keys, blocks, strict=True):
        if getattr(old, key) == getattr(new, key):
            done.append(block)
        elif key in values:
            done.append(_dump({key: values[key]}))
    done += [_dump({k: v}) for k, v in values.items() if k not in keys]
    return "".join(part if part.endswith("\n") or not part else f"{part}\n" for part in done)


def _blocks(text: str, kind: type[yaml.CollectionNode]) -> tuple[str, list[str]]:
    """(what stands before the first item, the text of each with the comments over it)."""
    node = yaml.compose(text, Loader=yaml.CSafeLoader)
    if not isinstance(node, kind) or node.flow_style:
        return ("", []) if node is not None else (text, [])
    firsts = [pair[0] if isinstance(pair, tuple) else pair for pair in node.value]
    lines = text.splitlines(keepends=True)
    starts = [first.start_mark.line for first in firsts]
    for n in range(1, len(starts)):
        while starts[n] > starts[n - 1] + 1 and _COMMENT.fullmatch(lines[starts[n] - 1].rstrip()):
            starts[n] -= 1
    ends = [*starts[1:], len(lines)]
    blocks = ["".join(lines[a:b]) for a, b in zip(starts, ends, strict=True)]
    return "".join(lines[: starts[0]]) if starts else text, blocks


def _plain(item: BaseModel) -> Mapping[str, Any]:
    found = item.model_dump(exclude_defaults=True)
    return {key: value for key, value in found.items() if value not in (None, "", [], {})}


class _Dumper(yaml.SafeDumper):
    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _dump(value: Any) -> str:
    return yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, width=10_000, sort_keys=False,
        default_flow_style=False,
    )  # fmt: skip
