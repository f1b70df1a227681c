"""The front matter of a guide taken apart for a form, and put back where the form changed it.

What nobody changed keeps every byte: the order of the keys, quotation marks, comments.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

import yaml

from index.parse.yaml_lines import UnreadableYaml, read_yaml

Fields = dict[str, Any]
_HEAD = re.compile(r"\A\ufeff?---[ \t]*\n(?P<head>(?:.*\n)*?)---[ \t]*(?:\n|\Z)")
LISTS = (
    "bisogni",
    "per_chi",
    "parole_chiave",
    "area",
    "lingue",
    "nomi_precedenti",
)  # short words, on one line
ROWS = ("fonti", "numeri", "segnali")
TREES = ("domande", "contatti")  # a list for each of their keys
DAYS = ("verificato_il", "rivedere_entro", "valido_dal", "valido_fino")
NUMBERS = ("durata_minuti",)


def split_text(text: str) -> tuple[str, str]:
    """(YAML between the two lines `---`, what follows them); ("", text) where there is none."""
    match = _HEAD.match(text)
    return (match["head"], text[match.end() :]) if match else ("", text)


def joined(head: str, body: str) -> str:
    """The text that `split_text` takes apart."""
    return f"---\n{head}---\n{body}" if head else body


def first_line_of(text: str) -> int:
    """How many lines of `text` stand before its body."""
    _, body = split_text(text)
    return text[: len(text) - len(body)].count("\n")


def fields_of(head: str) -> Fields | None:
    """The keys of a front matter as a form has them: days as text, one value or many as a list.
    None where it is no list of keys."""
    try:
        data, _ = read_yaml(head, "")
    except UnreadableYaml:
        return None
    if not isinstance(data, dict):
        return None if data else {}
    return {str(key): _in_a_form(str(key), value) for key, value in data.items()}


def key_at(head: str, line: int) -> str:
    """The key that line `line` (from 1) of a front matter belongs to; empty where none does."""
    found = ""
    for key, (start, _) in _blocks(head).items():
        if start < line:
            found = key
    return found


def with_fields(head: str, fields: Mapping[str, Any]) -> str:
    """`head` with the values of `fields` that are not those it has: written anew in their place,
    taken out where empty, added at the end where new. Keys not in `fields` stay. Raises
    ValueError when `head` cannot be read."""
    now = fields_of(head)
    if now is None:
        raise ValueError("the front matter is not a list of keys")
    blocks, lines = _blocks(head), head.splitlines(keepends=True)
    changed = {k: v for k, v in fields.items() if _in_a_form(k, v) != now.get(k, _nothing(k))}
    added = [_dump(k, v) for k, v in changed.items() if k not in blocks and _is_there(v)]
    for key, (start, end) in sorted(blocks.items(), key=lambda block: -block[1][0]):
        if key in changed:
            value = changed[key]
            lines[start:end] = [_dump(key, value)] if _is_there(value) else []
    return "".join([*lines, *added])


def _in_a_form(key: str, value: Any) -> Any:
    if key in TREES:
        pairs = value.items() if isinstance(value, dict) else ()
        return {str(k): _texts(v) for k, v in pairs if _texts(v)}
    if key in LISTS or key == "segnali":
        return _texts(value)
    if key in ROWS:
        rows = value if isinstance(value, list) else []
        return [{k: str(v) for k, v in row.items() if v} for row in rows if isinstance(row, dict)]
    if key in NUMBERS and isinstance(value, int):
        return value
    return "" if value is None else str(value)


def _nothing(key: str) -> Any:
    return {} if key in TREES else [] if key in (*LISTS, *ROWS) else ""


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [] if value is None else [value]
    return [str(one) for one in values if str(one).strip()]


def _is_there(value: Any) -> bool:
    return bool(value.values() if isinstance(value, dict) else value)


def _blocks(head: str) -> dict[str, tuple[int, int]]:
    """The lines [start, end) of each key, the comments and blanks after it left out."""
    node = yaml.compose(head, Loader=yaml.CSafeLoader) if fields_of(head) else None
    if not isinstance(node, yaml.MappingNode):
        return {}
    lines = head.splitlines()
    starts = [(str(key.value), key.start_mark.line) for key, _ in node.value]
    found = {}
    for (key, start), (_, after) in zip(starts, [*starts[1:], ("", len(lines))], strict=True):
        end = after
        while end > start + 1 and lines[end - 1].strip()[:1] in ("", "#"):
            end -= 1
        found[key] = (start, end)
    return found


class _Dumper(yaml.SafeDumper):
    """Lists under a key are indented, as editors write them."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _dump(key: str, value: Any) -> str:
    """One key with its value, as the guides have it."""
    told = _in_a_form(key, value)
    if key in DAYS:
        told = _day(told)
    if key in LISTS:
        return f"{key}: {_yaml(told, flat=True)}"
    return _yaml({key: told}, flat=False)


def _yaml(value: Any, flat: bool) -> str:
    return yaml.dump(
        value, Dumper=_Dumper, allow_unicode=True, width=10_000, sort_keys=False,
        default_flow_style=flat,
    )  # fmt: skip


def _day(text: str) -> Any:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text
