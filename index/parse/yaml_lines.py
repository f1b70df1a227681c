"""YAML that people write: its data, and the line of what is wrong with it."""

from __future__ import annotations

from typing import Any

import yaml

from index.errors import LIKE_A_DATE
from index.finding import Finding


def read_yaml(text: str, path: str, first_line: int = 1) -> tuple[Any, yaml.Node | None]:
    """The data of `text`, whose first line is line `first_line` of `path`, and its nodes, which
    know their lines. Raises UnreadableYaml."""
    loader = yaml.CSafeLoader(text)  # ten times faster than the one in Python
    try:
        node = loader.get_single_node()
        return (loader.construct_document(node) if node else None), node
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = first_line + (mark.line if mark else 0)
        raise UnreadableYaml(path, line) from None
    finally:
        loader.dispose()


class UnreadableYaml(Exception):  # noqa: N818 (it reads as what happened)
    """The text is no YAML, at a line of a file."""

    def __init__(self, path: str, line: int) -> None:
        self.path, self.line = path, line
        super().__init__(f"{path}:{line}")

    def finding(self, what: str, rule: str) -> Finding:
        hint = "un valore che contiene «:» va fra virgolette"
        return Finding(self.path, self.line, f"{what} non leggibile: {hint}", rule)


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
        "string_type": f"«{key}» deve essere un testo: se è un numero, mettilo fra virgolette",
        "int_type": f"«{key}» deve essere un numero intero",
        "value_error": str(context.get("error", "")),
    }
    kind = error["type"]
    if error["loc"][-1] == "[key]":
        return (
            f"«{error['loc'][0]}»: metti fra virgolette le ancore che senza sarebbero un numero "
            'o un sì e un no ("no", "12")'
        )
    if kind.startswith("date"):
        return f"«{key}» {LIKE_A_DATE}"
    if kind == "string_pattern_mismatch":
        return f"«{key}» non ha la forma giusta: {error['input']!s:.60}"
    return known.get(kind) or f"«{key}»: valore non valido"
