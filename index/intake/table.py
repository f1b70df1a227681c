"""A table of pandoc as a table of a guide: one line of titles, one line a row."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from index.intake.pandoc import Node, taken
from index.intake.pieces import Piece, markdown_of, words_of
from index.intake.walk import Walk

LISTS = {"BulletList": 0, "OrderedList": 1}
Cell = list[Piece]


def only_column(table: Any) -> list[Node] | None:
    """What a table of one column holds: a frame around text, not a table."""
    if len(table[2]) > 1:
        return None
    return [node for row in _rows(table) for cell in row[1] for node in cell[4]]


def table_of(walk: Walk, table: Any) -> tuple[str, str]:
    """The Markdown of a table of pandoc, and its words; empty where it has none."""
    heads = table[3][1] + [row for body in table[4] for row in body[2]]
    titles = _grid(walk, heads, across=True)
    rows = _grid(walk, [row for body in table[4] for row in body[3]] + table[5][1])
    _tell_merged(walk, table)
    if not any(words_of(cell) for row in (*titles, *rows) for cell in row):
        return "", ""
    width = max(map(len, [*titles, *rows]))
    if not titles:
        walk.lose("tabella senza titoli delle colonne: scrivili", words_of(rows[0][0]))
    elif len(titles) > 1:
        walk.lose("titoli di tabella su più righe, uniti in una", words_of(titles[0][0]))
    caption = walk.pieces([n for block in table[1][1] for n in block.get("c", [])])
    lines = [_line(_joined(titles, width)), "| " + " | ".join(["---"] * width) + " |"]
    lines += [_line(row + [[]] * (width - len(row))) for row in rows]
    words = " ".join(words_of(cell) for row in (*titles, *rows) for cell in row)
    above = f"{markdown_of(caption)}\n\n" if words_of(caption) else ""
    return above + "\n".join(lines), f"{words_of(caption)} {words}".strip()


def _rows(table: Any) -> list[Any]:
    bodies = [row for body in table[4] for row in (*body[2], *body[3])]
    return [*table[3][1], *bodies, *table[5][1]]


def _grid(walk: Walk, rows: Sequence[Any], across: bool = False) -> list[list[Cell]]:
    """Cells in their columns. One that is merged downwards is repeated in each row, because a row
    is read alone; one that is merged across is repeated where `across`."""
    made: list[list[Cell]] = []
    pending: dict[int, tuple[int, Cell]] = {}  # rows to go and what they repeat, by column
    for row in rows:
        line: list[Cell] = []
        cells = iter(row[1])
        while True:
            going = pending.pop(len(line), None)
            if going:
                down, inside = going[0] - 1, going[1]
                if down:
                    pending[len(line)] = (down, inside)
                line.append(inside)
                continue
            cell = next(cells, None)
            if cell is None:
                break
            inside = list(_inside(walk, cell[4]))
            for extra in range(cell[3]):
                shown = inside if across or not extra else []
                if cell[2] > 1:
                    pending[len(line)] = (cell[2] - 1, shown)
                line.append(shown)
        if any(words_of(cell) for cell in line):
            made.append(line)
    return made


def _inside(walk: Walk, blocks: Sequence[Node]) -> Iterator[Piece]:
    """The blocks of a cell in one line."""
    for number, block in enumerate(blocks):
        kind, content = taken(block)
        if number:
            yield Piece(" ")
        if kind in {"Para", "Plain"}:
            yield from walk.pieces(content)
        elif kind == "Header":
            yield from walk.pieces(content[2])
        elif kind in LISTS:
            for at, item in enumerate(content[LISTS[kind]]):
                yield from [Piece("; ")] if at else []
                yield from _inside(walk, item)
        elif kind in {"Div", "BlockQuote", "Figure"}:
            yield from _inside(walk, content if kind == "BlockQuote" else content[-1])
        elif kind == "Table":
            walk.lose("tabella dentro una tabella, scritta di seguito")
            for row in _rows(content):
                for cell in row[1]:
                    yield from _inside(walk, cell[4])
                    yield Piece(" ")
        elif kind == "CodeBlock":
            yield Piece(" ".join(content[1].split()), code=True)
        elif kind == "LineBlock":
            for words in content:
                yield from [*walk.pieces(words), Piece(" ")]
        elif kind == "DefinitionList":
            for term, meanings in content:
                yield from [*walk.pieces(term), Piece(": ")]
                for meaning in meanings:
                    yield from _inside(walk, meaning)


def _tell_merged(walk: Walk, table: Any) -> None:
    for row in _rows(table):
        for cell in row[1]:
            if cell[2] > 1 or cell[3] > 1:
                words = words_of(list(_inside(Walk(), cell[4])))
                sides = ((cell[2], "righe"), (cell[3], "colonne"))
                size = " per ".join(f"{n} {what}" for n, what in sides if n > 1)
                walk.lose(f"celle unite ({size})", words)


def _joined(titles: Sequence[list[Cell]], width: int) -> list[Cell]:
    """Titles of several lines in one: those of a column one after the other, none twice."""
    columns: list[Cell] = []
    for at in range(width):
        column: Cell = []
        for row in titles:
            cell = row[at] if at < len(row) else []
            if cell and words_of(cell) not in words_of(column):
                column += [Piece(" "), *cell] if column else cell
        columns.append(column)
    return columns


def _line(cells: Sequence[Cell]) -> str:
    return "| " + " | ".join(markdown_of(cell, one_line=True, cell=True) for cell in cells) + " |"
