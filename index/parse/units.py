"""Cuts token streams into units and marks them, once for citing and for rendering alike."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from markdown_it.token import Token

from index.guide import Unit, UnitKind
from index.parse.markdown import visible_text
from index.parse.notes import CALL
from index.parse.notes import CLOSE as NOTE_CLOSE
from index.parse.notes import OPEN as NOTE_OPEN
from index.parse.sentences import sentence_ends

MAX_ITEM_WORDS = 60  # a longer list item is cut into its sentences


def unit_key(text: str, lead: str = "") -> str:
    """Twelve hexadecimal digits naming a unit by its words; blanks do not count."""
    words = " ".join(f"{lead} {text}".split())
    return hashlib.blake2s(words.encode(), digest_size=6).hexdigest()


@dataclass
class _Context:
    """Where the walk stands: lists open, last sentence seen, header of the open table."""

    lists: list[str] = field(default_factory=list)  # lead-in of each open list
    items: list[str] = field(default_factory=list)  # first text of each open item
    called: dict[int, str] = field(default_factory=dict)  # by note, the sentence that calls it
    last: str = ""
    header: list[str] = field(default_factory=list)
    row: list[Token] = field(default_factory=list)
    rows: int = 0
    in_head: bool = False
    block: int = 0


def extract_units(tokens: list[Token]) -> list[Unit]:
    """The units of a run of block tokens without headings, in reading order.

    Inline tokens get `unit_open` / `unit_close` around each unit, so that a renderer can
    mark exactly what was cited.
    """
    context, units = _Context(), []
    for position, token in enumerate(tokens):
        units.extend(_visit(token, tokens, position, context))
    return units


def _visit(token: Token, tokens: list[Token], position: int, context: _Context) -> list[Unit]:
    kind = token.type
    if kind in {"bullet_list_open", "ordered_list_open"}:
        context.lists.append(context.items[-1] if context.items else _lead_in(context.last))
        context.block += 1
    elif kind in {"bullet_list_close", "ordered_list_close"}:
        context.lists.pop()
    elif kind == "list_item_open":
        context.items.append("")
    elif kind == "list_item_close":
        context.items.pop()
    elif kind in {"dd_open", NOTE_OPEN}:  # said of a term, or of the sentence that calls it
        context.lists.append(_said_of(token, context))
        context.items.append("")
        context.block += kind == NOTE_OPEN
    elif kind in {"dd_close", NOTE_CLOSE}:
        term = context.lists.pop()
        context.items.pop()
        context.last = term if kind == "dd_close" else context.last  # for its next definition
    elif kind in {"fence", "code_block"}:
        context.block += 1
        return _code_unit(token, context)
    elif kind.startswith(("thead", "tr", "table")):
        return _visit_table(token, context)
    elif kind == "inline":
        return _visit_inline(token, tokens[position - 1], context)
    elif kind == "admonition_title_open":
        context.block += 1
    return []


def _said_of(token: Token, context: _Context) -> str:
    """What a definition or a note says something of, when it says it."""
    if token.type == "dd_open":
        return context.last
    return context.called.get(token.meta["id"], "") if "id" in token.meta else ""


def _lead_in(sentence: str) -> str:
    return sentence if sentence.endswith(":") else ""


def _code_unit(token: Token, context: _Context) -> list[Unit]:
    # The info string of a fence is not shown, its content is.
    text = token.content.strip()
    return [_unit(text, "code", token, "", context)] if text else []


def _visit_table(token: Token, context: _Context) -> list[Unit]:
    if token.type == "table_open":
        context.block += 1
        context.header, context.rows = [], 0
    elif token.type == "table_close" and not context.rows:
        return _row_unit([], context)
    elif token.type in {"thead_open", "thead_close"}:
        context.in_head = token.type == "thead_open"
    elif token.type == "tr_open":
        context.row = []
    elif token.type == "tr_close":
        cells = [visible_text(cell.children or []).strip() for cell in context.row]
        if context.in_head:
            context.header = cells
            return []
        context.rows += 1
        return _row_unit(context.header, context)
    return []


def _row_unit(header: list[str], context: _Context) -> list[Unit]:
    cells = [visible_text(cell.children or []).strip() for cell in context.row]
    if not any(cells):
        return []
    unit = _unit(" | ".join(cells), "row", context.row[0], " | ".join(header), context)
    for cell in context.row:
        context.called |= dict.fromkeys(_called(cell.children or []), unit.text)
    for cell in context.row:
        cell.children = _wrap(cell.children or [], unit.key, row=True)
    return [unit]


def _visit_inline(token: Token, opening: Token, context: _Context) -> list[Unit]:
    if opening.type in {"th_open", "td_open"}:
        context.row.append(token)
        return []
    text = visible_text(token.children or []).strip()
    if not text:
        return []
    if not context.items:
        context.block += 1
    else:
        context.items[-1] = context.items[-1] or text
        if len(text.split()) <= MAX_ITEM_WORDS:
            unit = _unit(text, "item", token, context.lists[-1], context)
            context.called |= dict.fromkeys(_called(token.children or []), text)
            token.children = _wrap(token.children or [], unit.key)
            context.last = text
            return [unit]
    return _sentences(token, context)


def _sentences(token: Token, context: _Context) -> list[Unit]:
    lead = context.lists[-1] if context.items else ""
    units, children = [], []
    for group in split_inline(token.children or []):
        text = visible_text(group).strip()
        if not text:
            children.extend(group)
            continue
        unit = _unit(text, "item" if context.items else "sentence", token, lead, context)
        units.append(unit)
        context.called |= dict.fromkeys(_called(group), text)
        children.extend(_wrap(group, unit.key))
        context.last = text
    token.children = children
    return units


def _called(children: Iterable[Token]) -> Iterator[int]:
    return (int(child.meta["id"]) for child in children if child.type == CALL)


def _unit(text: str, kind: UnitKind, token: Token, lead: str, context: _Context) -> Unit:
    line = token.map[0] + 1 if token.map else 0
    shown = text if kind == "code" else re.sub(r"\s+", " ", text)
    return Unit(unit_key(shown, lead), shown, kind, line, lead, context.block)


def _wrap(children: list[Token], key: str, row: bool = False) -> list[Token]:
    opening, closing = Token("unit_open", "mark", 1), Token("unit_close", "mark", -1)
    opening.meta["key"] = closing.meta["key"] = key
    closing.meta["row"] = row
    return [opening, *children, closing]


def split_inline(children: list[Token]) -> list[list[Token]]:
    """Inline tokens cut at sentence ends; an end inside a link or an emphasis cuts nothing."""
    ends = sentence_ends(visible_text(children))
    cuts = set(ends)
    groups: list[list[Token]] = [[]]
    offset = depth = 0
    for at, token in enumerate(children):
        depth += token.nesting
        length = len(visible_text([token]))
        first, last = bisect_right(ends, offset), bisect_right(ends, offset + length)
        inside = [cut - offset for cut in ends[first:last]]
        if depth == 0 and token.type == "image" and _stands_apart(children, at):
            groups += [[token], []]
        elif depth == 0 and token.type == "text":
            start = 0
            for cut in inside:
                groups[-1].append(replace(token, content=token.content[start:cut]))
                groups.append([])
                start = cut
            if start < length:
                groups[-1].append(replace(token, content=token.content[start:]))
        else:
            groups[-1].append(token)
            if depth == 0 and offset + length in cuts and token.nesting != 1:
                groups.append([])
        offset += length
    return [group for group in groups if group]


def _stands_apart(children: Sequence[Token], at: int) -> bool:
    """Whether an image begins a text that does not go on from it: its words are a unit then."""
    before, after = visible_text(children[:at]), visible_text(children[at + 1 :])
    goes_on = not after[:1].isspace() or not after.lstrip()[:1].isupper()
    return bool(visible_text([children[at]])) and not before.strip() and not goes_on
