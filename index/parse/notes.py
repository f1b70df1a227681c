"""Footnotes: each stands at the end of the section that first calls it, after what calls it.

A note says something of a sentence, so it is cited with that sentence as its lead-in; the mark
`[^1]` is shown and is no part of what is cited. A note that nothing calls stays where it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

CALL, OPEN, CLOSE = "footnote_ref", "note_open", "note_close"


def note_plugin(md: MarkdownIt) -> None:
    md.use(footnote_plugin, inline=False, move_to_end=False)
    md.core.ruler.after("inline", "notes", _place_notes)
    md.add_render_rule(CALL, lambda self, tokens, i, *_: f"<sup>[{number(tokens[i])}]</sup>")
    md.add_render_rule(OPEN, _open)
    md.add_render_rule(CLOSE, lambda *_: "</div>\n")


def number(token: Token) -> int:
    """Of a note, in the order in which notes are called."""
    return int(token.meta["id"]) + 1


def _open(self: object, tokens: Sequence[Token], i: int, *_: object) -> str:
    mark = f"<sup>[{number(tokens[i])}]</sup> " if "id" in tokens[i].meta else ""
    return f'<div class="note">{mark}'


def _place_notes(state: StateCore) -> None:
    if "footnotes" not in state.env:
        return
    called = {call.meta["label"]: call.meta["id"] for call in calls(state.tokens)}
    body, notes = _apart(state.tokens, called)
    placed: list[Token] = []
    waiting: list[str] = []
    for token in body:
        if token.type == "heading_open" and token.level == 0:
            placed += _taken(notes, waiting)
        placed.append(token)
        waiting += [call.meta["label"] for call in calls([token])]
    placed += _taken(notes, [*waiting, *notes])
    state.tokens = placed


def calls(tokens: Iterable[Token]) -> Iterator[Token]:
    """The marks of notes in block tokens."""
    for token in tokens:
        yield from (child for child in token.children or () if child.type == CALL)


def _apart(
    tokens: Sequence[Token], called: Mapping[str, int]
) -> tuple[list[Token], dict[str, list[Token]]]:
    """The text, and the notes that are called, by label; a second one of the same label stays."""
    body: list[Token] = []
    notes: dict[str, list[Token]] = {}
    into, depth = body, 0
    for token in tokens:
        if token.type == "footnote_reference_open":
            label = str(token.meta["label"])
            meta = {}
            if depth == 0 and label in called and label not in notes:
                into = notes[label] = []
                meta = {"id": called[label]}
            depth += 1
            into.append(replace(token, type=OPEN, meta=meta))
        elif token.type == "footnote_reference_close":
            depth -= 1
            into.append(replace(token, type=CLOSE))
            into = into if depth else body
        else:
            into.append(token)
    return body, notes


def _taken(notes: dict[str, list[Token]], waiting: list[str]) -> list[Token]:
    """The notes of the labels `waiting`, and those that they call, taken out of `notes`."""
    placed: list[Token] = []
    while waiting:
        note = notes.pop(waiting.pop(0), [])
        placed += note
        waiting += [call.meta["label"] for call in calls(note)]
    return placed
