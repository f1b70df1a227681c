"""A tree of pandoc to the blocks of a document, in the Markdown that guides are written in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import count
from string import ascii_lowercase
from typing import Any

from index.intake.document import Block, Loss
from index.intake.pandoc import Node, taken
from index.intake.pieces import Piece, cleaned, markdown_of, words_of
from index.intake.table import only_column, table_of
from index.intake.walk import Walk
from index.parse.markdown import OPENING, slugify

LONGEST_ANCHOR = 40
_CONTENTS = re.compile(r"^#(_Toc|__RefHeading|toc)", re.IGNORECASE)
_UNITS = ("", "i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix")
Text = tuple[str, str]  # Markdown, and the words that a reader sees


def blocks_of(nodes: Sequence[Node], address: str = "") -> tuple[list[Block], list[Loss]]:
    """Blocks in reading order, and what could not be carried, with its place; links that are not
    whole are of `address`."""
    nodes = list(_opened(nodes))
    headings = [node for node in nodes if node["t"] == "Header"]
    anchors = list(anchors_of([Walk().words(node["c"][2]) for node in headings]))
    walk = Walk({h["c"][1][0]: a for h, a in zip(headings, anchors, strict=True)}, address)
    made: list[Block] = []
    left = iter(anchors)
    for node in nodes:
        if node["t"] != "Header":
            made += [Block(*text) for text in [_text(walk, node, made)] if text[0]]
            continue
        made += _notes(walk)
        anchor, pieces = next(left), walk.pieces(node["c"][2])
        if words := words_of(pieces):
            walk.enter(words)
            made.append(Block(markdown_of(pieces, one_line=True), words, node["c"][0], anchor))
    made += _notes(walk)
    return made, walk.losses


def _opened(nodes: Sequence[Node]) -> Iterator[Node]:
    """Blocks without the boxes around them, so that headings stand on top."""
    for node in nodes:
        kind, content = taken(node)
        if kind == "Div":
            yield from _opened(content[1])
        elif kind == "Figure":
            yield from _opened([*content[2], *content[1][1]])
        elif kind == "Table" and (inside := only_column(content)) is not None:
            yield from _opened(inside)
        else:
            yield node


def anchors_of(headings: Sequence[str]) -> Iterator[str]:
    """A short name for each heading, no two alike."""
    taken = {OPENING}
    for heading in headings:
        words = slugify(heading)
        if len(words) > LONGEST_ANCHOR:
            words = words[: LONGEST_ANCHOR + 1].rpartition("-")[0] or words[:LONGEST_ANCHOR]
        words = words or "sezione"
        names = (words if n == 1 else f"{words}-{n}" for n in count(1))
        anchor = next(name for name in names if name not in taken)
        taken.add(anchor)
        yield anchor


def _notes(walk: Walk) -> list[Block]:
    """The notes of the section that ends, as a list."""
    first = walk.noted - len(walk.notes) + 1
    notes, walk.notes = walk.notes, []
    items, words = [], []
    for number, note in enumerate(notes, first):
        inside = [_text(walk, node) for node in _opened(note)]
        name = f"Nota {number}: "
        said = " ".join(text for _, text in inside)
        # the plain words, where a note is more than one paragraph
        body = inside[0][0] if len(inside) == 1 else markdown_of([Piece(said)], one_line=True)
        items.append(f"+ {name}" + _indented(body, 2))
        words.append(name + said)
    return [Block("\n".join(items), " ".join(words))] if items else []


def _text(walk: Walk, node: Node, before: Sequence[Block] = ()) -> Text:
    kind, content = taken(node)
    if kind in {"Para", "Plain"}:
        return _paragraph(walk, content)
    if kind == "Header":  # inside something else
        return _prose([*walk.pieces(content[2], Piece("", strong=True))])
    if kind in {"BulletList", "OrderedList"}:
        return _list(walk, node, before[-1].markdown if before else "")
    if kind == "Table":
        return table_of(walk, content)
    if kind == "BlockQuote":
        inside, words = _several(walk, content)
        return "\n".join(f"> {line}".rstrip() for line in inside.splitlines()), words
    if kind == "CodeBlock":
        return _code(content[1])
    if kind == "DefinitionList":
        return _definitions(walk, content)
    if kind == "LineBlock":
        return _prose([p for line in content for p in (*walk.pieces(line), Piece("\n"))])
    if kind in {"Div", "Figure"}:
        return _several(walk, content[-1])
    if kind not in {"HorizontalRule", "Null"}:
        walk.lose("elemento che non so leggere", str(content))
    return "", ""


def _paragraph(walk: Walk, content: Sequence[Node]) -> Text:
    links = [node["c"][2][0] for node in content if node["t"] == "Link"]
    if links and all(map(_CONTENTS.match, links)) and len(content) <= len(links) + 2:
        if not any(loss.what == "indice" for loss in walk.losses):
            walk.lose("indice")
        return "", ""
    return _prose(walk.pieces(content))


def _prose(pieces: Sequence[Piece]) -> Text:
    words = words_of(pieces)
    return (markdown_of(pieces), words) if words else ("", "")


def _several(walk: Walk, nodes: Sequence[Node]) -> Text:
    made: list[Block] = []
    for node in _opened(nodes):
        made += [Block(*text) for text in [_text(walk, node, made)] if text[0]]
    return "\n\n".join(b.markdown for b in made), " ".join(b.words for b in made)


def _list(walk: Walk, node: Node, before: str) -> Text:
    """A list; with other marks where it would go on with the list that stands before it."""
    ordered = node["t"] == "OrderedList"
    other = bool(re.match(r"\d+\. " if ordered else "- ", before))
    items = node["c"][1] if ordered else node["c"]
    first, style = (node["c"][0][0], node["c"][0][1]["t"]) if ordered else (1, "")
    lines, words = [], []
    for number, item in enumerate(items, first):
        inside, said = _several(walk, item)
        if not inside:
            continue
        name = _name(number, style)
        mark = ("*" if other else "-") if name or not ordered else f"{number}" + ".)"[other]
        lines.append(f"{mark} {name}{_indented(inside, len(mark) + 1)}")
        words.append(f"{name}{said}")
    return "\n".join(lines), " ".join(words)


def _name(number: int, style: str) -> str:
    """What stands before an item that letters or Roman numbers count: laws are cited by it, and
    Markdown counts in figures alone."""
    if "Alpha" in style and 0 < number <= len(ascii_lowercase):
        letter = ascii_lowercase[number - 1]
    elif "Roman" in style and 0 < number < 40:
        letter = "x" * (number // 10) + _UNITS[number % 10]
    else:
        return ""
    return f"{letter.upper() if style.startswith('Upper') else letter}) "


def _indented(text: str, by: int) -> str:
    first, *others = text.split("\n")
    return "\n".join([first, *(" " * by + line if line else "" for line in others)])


def _code(text: str) -> Text:
    text = cleaned(text).strip("\n")
    fence = "`" * max(3, 1 + max(map(len, re.findall("`+", text)), default=0))
    return (f"{fence}\n{text}\n{fence}", text) if text.strip() else ("", "")


def _definitions(walk: Walk, content: Any) -> Text:
    lines, words = [], []
    for term, meanings in content:
        named = [*walk.pieces(term, Piece("", strong=True)), Piece(": ")]
        inside, said = _several(walk, [node for meaning in meanings for node in meaning])
        lines.append(f"- {markdown_of(named, one_line=True)} {_indented(inside, 2)}")
        words.append(f"{words_of(named)} {said}")
    return "\n".join(lines), " ".join(words)
