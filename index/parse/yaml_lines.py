"""YAML that people write: its data, and the line of what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from index.errors import LIKE_A_DATE
from index.finding import Finding
from index.parse.yaml_faults import fault_of

_DAY = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_MERGE_KEY = "<<"
_CUT = re.compile(r"\s*(#\S.*)")


class _Loader(yaml.CSafeLoader):  # ten times faster than the one in Python
    """Dates that are in no calendar stay texts, so that they are told at their own line."""

    def date_or_text(self, node: yaml.ScalarNode) -> Any:
        try:
            return self.construct_yaml_timestamp(node)
        except ValueError:
            return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _Loader.date_or_text)


def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[Any, yaml.Node | None]:
    """The data of `text`, whose first line is line `first_line` of `path`, and its nodes, which
    know their lines. Raises UnreadableYaml, for a key written twice too."""
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        for line, reason in _twice(node, first_line):
            raise UnreadableYaml(path, first_line + line, reason)
        return (loader.construct_document(node) if node else None), node
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        line, reason = fault_of(text, error)
        raise UnreadableYaml(path, first_line + line, reason) from None
    finally:
        loader.dispose()


class UnreadableYaml(Exception):  # noqa: N818 (it reads as what happened)
    """The text cannot be read as YAML, at a line of a file, for a reason told in Italian."""

    def __init__(self, path: str, line: int, reason: str) -> None:
        self.path, self.line, self.reason = path, line, reason
        super().__init__(f"{path}:{line}: {reason}")

    def finding(self, what: str, rule: str) -> Finding:
        return Finding(self.path, self.line, f"{what} non leggibile: {self.reason}", rule)


def _twice(root: yaml.Node | None, first_line: int) -> Iterator[tuple[int, str]]:
    """The line, from 0, of each key that its mapping already has, and what to say of it."""
    for mapping in _nodes(root):
        lines: dict[str, int] = {}
        for key, _ in mapping.value if isinstance(mapping, yaml.MappingNode) else ():
            line = key.start_mark.line
            if not isinstance(key, yaml.ScalarNode) or key.value == _MERGE_KEY:
                continue
            if key.value in lines:
                before = first_line + lines[key.value]
                yield line, f"«{key.value}» c'è già alla riga {before}: tienine una sola"
            lines[key.value] = line


def _nodes(root: yaml.Node | None) -> Iterator[yaml.Node]:
    """Each node once, however many aliases lead to it, in the order written."""
    todo, met = [root] if root is not None else [], set()
    while todo:
        node = todo.pop()
        if id(node) in met:
            continue
        met.add(id(node))
        yield node
        if isinstance(node, yaml.MappingNode):
            todo += [part for pair in reversed(node.value) for part in reversed(pair)]
        elif isinstance(node, yaml.SequenceNode):
            todo += reversed(node.value)


def cut_values(text: str, root: yaml.Node | None) -> Iterator[tuple[int, str]]:
    """The line, from 0, of each value that a `#` cuts short, and what is not read of it. A comment
    has a blank after its `#`."""
    lines = text.split("\n")
    for node in _nodes(root):
        if isinstance(node, yaml.ScalarNode) and not node.style:
            end = node.end_mark
            rest = lines[end.line][end.column :] if end.line < len(lines) else ""
            if match := _CUT.match(rest):
                yield end.line, match.group(1)


def line_of(node: yaml.Node | None, location: tuple[Any, ...]) -> int:
    """Line, from 0, of the deepest node on the way to `location`."""
    line = 0
    for key in location:
        if isinstance(node, yaml.MappingNode):
            pairs = {k.value: (k, v) for k, v in node.value}
            if key not in pairs:
                break
            line, node = pairs[key][0].start_mark.line, pairs[key][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int):
            if key >= len(node.value):
                break
            node = node.value[key]
            line = node.start_mark.line
    return line


def message_of(error: Any) -> str:
    key = ".".join(str(part) for part in error["loc"])
    context = error.get("ctx", {})
    known = {
        "missing": f"manca «{key}»",
        "extra_forbidden": f"chiave sconosciuta «{key}»: controlla come è scritta",
        "literal_error": f"«{key}»: valore non ammesso; scegli fra: {context.get('expected')}",
        "too_short": f"«{key}» è vuoto",
        "string_too_short": f"«{key}» è vuoto",
        "string_too_long": f"«{key}» è troppo lungo",
        "int_type": f"«{key}» deve essere un numero intero",
        "value_error": str(context.get("error", "")),
    }
    kind = error["type"]
    if error["loc"][-1:] == ("[key]",):
        return (
            f"«{error['loc'][0]}»: metti fra virgolette le ancore che senza sarebbero un numero "
            'o un sì e un no ("no", "12")'
        )
    if kind == "string_type":
        return f"«{key}» {_no_text(error['input'])}"
    if kind.startswith("date"):
        if isinstance(error["input"], str) and _DAY.fullmatch(error["input"]):
            return f"«{key}»: il {error['input']} non esiste nel calendario"
        return f"«{key}» {LIKE_A_DATE}"
    if kind == "string_pattern_mismatch":
        return f"«{key}» non ha la forma giusta: {error['input']!s:.60}"
    return known.get(kind) or f"«{key}»: valore non valido"


def _no_text(value: Any) -> str:
    """What is wrong with a value that was to be a text."""
    if isinstance(value, dict):
        return "deve essere un testo: se contiene «: », mettilo fra virgolette"
    if isinstance(value, list):
        return "deve essere un testo, non un elenco: se comincia con «[», mettilo fra virgolette"
    if value is None:
        return "è vuoto"
    return "deve essere un testo: se è un numero, una data o un sì e un no, mettilo fra virgolette"
