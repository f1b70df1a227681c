"""The text of a theme's file with some of its cases changed: every other line stays as somebody
wrote it, so that the history shows what was changed and nothing else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from pydantic import ValidationError

from eval.suite.case import Case
from eval.suite.folder import dump_theme

_WIDTH = 100


@dataclass(frozen=True, slots=True)
class Block:
    """A case as it stands: lines from `first` to before `last`, its keys at `column`, each with
    the lines it takes; a case on one line has no keys to change apart."""

    case: Case
    first: int
    last: int
    column: int
    keys: Mapping[str, tuple[int, int]]


def edited_theme(text: str, theme: str, cases: Sequence[Case]) -> str:
    """The text that holds `cases`, and no others, in their order. What cannot be changed in its
    place (cases in another order, a file that is not as cases are written) is written anew."""
    blocks = list(_blocks(text, theme))
    names = {case.id for case in cases}
    stay = [block.case.id for block in blocks if block.case.id in names]
    if not stay or stay != [case.id for case in cases][: len(stay)]:
        return dump_theme(theme, cases)
    lines, wanted = text.splitlines(), {case.id: case for case in cases}
    new = [line for case in cases[len(stay) :] for line in _written(case, blocks[0].column)]
    end = blocks[-1].last
    lines[end:end] = new
    for block in reversed(blocks):
        case = wanted.get(block.case.id)
        if case != block.case:
            lines[block.first : block.last] = _changed(block, case, lines) if case else []
    made = "\n".join(lines) + "\n"
    held = [block.case for block in _blocks(made, theme)]
    return made if held == list(cases) else dump_theme(theme, cases)


def _blocks(text: str, theme: str) -> Iterator[Block]:
    """The cases of a file with the lines they take; none of a file that cannot be read so."""
    try:
        root, plain = yaml.compose(text, yaml.SafeLoader), yaml.load(text, yaml.CSafeLoader)
        listed = next(v for k, v in root.value if k.value == "casi")  # type: ignore[union-attr]
        cases = [Case.model_validate({"tema": theme, **entry}) for entry in plain["casi"]]
    except (yaml.YAMLError, ValidationError, AttributeError, KeyError, StopIteration, TypeError):
        return
    if listed.flow_style:
        return
    for node, case in zip(listed.value, cases, strict=True):
        last = _end(node)
        keys = {} if node.flow_style else _key_lines(node, last)
        yield Block(case, node.start_mark.line, last, node.start_mark.column, keys)


def _key_lines(node: yaml.MappingNode, last: int) -> dict[str, tuple[int, int]]:
    """Each key with its lines, the comments above it left out."""
    return {key.value: (key.start_mark.line, _end(value)) for key, value in node.value}


def _end(node: yaml.Node) -> int:
    """The line after the last one that a value takes; an end that the parser puts after blanks and
    comments does not count."""
    if not isinstance(node, yaml.CollectionNode) or node.flow_style:
        return node.end_mark.line + (node.end_mark.column > 0)
    if isinstance(node, yaml.MappingNode):
        return _end(node.value[-1][1])
    return _end(node.value[-1])


def _changed(block: Block, case: Case, lines: Sequence[str]) -> list[str]:
    """The lines of a case with the keys that differ written anew, each in its place."""
    old, new = block.case.to_plain(), case.to_plain()
    differ = [key for key in {**old, **new} if old.get(key) != new.get(key)]
    if not block.keys or any(block.keys.get(key, (0,))[0] == block.first for key in differ):
        return _written(case, block.column)
    taken = {block.keys[key][0]: key for key in differ if key in block.keys}
    found, line = [], block.first
    while line < block.last:
        key = taken.get(line)
        if key is None:
            found.append(lines[line])
            line += 1
            continue
        found += _indented({key: new[key]}, block.column) if key in new else []
        line = block.keys[key][1]
    added = {key: new[key] for key in differ if key not in block.keys}
    return [*found, *(_indented(added, block.column) if added else [])]


def _written(case: Case, column: int) -> list[str]:
    """A whole case, its dash two columns before its keys."""
    lines = _indented({k: v for k, v in case.to_plain().items() if k != "tema"}, column)
    return [f"{' ' * (column - 2)}- {lines[0].lstrip()}", *lines[1:]]


def _indented(plain: Mapping[str, Any], column: int) -> list[str]:
    text = yaml.safe_dump(dict(plain), allow_unicode=True, sort_keys=False, width=_WIDTH - column)
    return [f"{' ' * column}{line}" if line else "" for line in text.splitlines()]
