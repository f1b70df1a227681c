"""A page of a PDF: its lines in reading order, column by column, and its tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from html import escape
from itertools import groupby
from typing import Any

Word = dict[str, Any]  # of pdfplumber: text, x0, x1, top, bottom, size, fontname
SAME_LINE = 3.0  # points between the feet of words in one line
COLUMN_GAP = 12.0  # points between words that are of two columns, or of a column and the other
SAME_COLUMN = 40.0  # points between the beginnings of lines of one column
MIN_ROWS = 6  # lines side by side that make two columns
RAISED = 0.78  # of a line's size: figures smaller than that are marks of notes
_BOLD = re.compile(r"bold|black|heavy|semibold|demi", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Line:
    """Words of one line of a column, which ends at `edge`; `html` has its links and raised
    figures."""

    text: str
    html: str
    size: float
    bold: bool
    x0: float
    x1: float
    top: float
    bottom: float
    edge: float = 0.0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of cells, None where one is merged into another."""

    rows: tuple[tuple[str | None, ...], ...]
    top: float
    x0: float


@dataclass(frozen=True)
class Page:
    """`parts` in reading order."""

    number: int
    height: float
    parts: list[Line | Table] = field(default_factory=list)


def read_page(page: Any) -> Page:
    """`page` is of pdfplumber."""
    frames = [t for t in page.find_tables() if len(t.rows) > 1 and len(t.rows[0].cells) > 1]
    words = page.extract_words(extra_attrs=["size", "fontname"], keep_blank_chars=False)
    links = page.hyperlinks
    free = [w for w in words if not any(_within(w, table.bbox) for table in frames)]
    rows = [sorted(row, key=lambda w: w["x0"]) for row in _rows(free)]
    lines = [[_line(part, links) for part in _parted(row)] for row in rows]
    tables = [
        Table(tuple(map(tuple, table.extract())), table.bbox[1], table.bbox[0]) for table in frames
    ]
    parts = [_edged(part, lines) for part in _in_order(lines, tables, page.width)]
    return Page(page.page_number, float(page.height), parts)


def _edged(part: Line | Table, lines: Sequence[Sequence[Line]]) -> Line | Table:
    """A line with the edge of its column, which is where the longest that begins there ends."""
    if isinstance(part, Table):
        return part
    ends = [x.x1 for row in lines for x in row if abs(x.x0 - part.x0) < SAME_COLUMN]
    return replace(part, edge=max([part.x1, *ends]))


def _within(word: Word, box: Sequence[float]) -> bool:
    x, y = (word["x0"] + word["x1"]) / 2, (word["top"] + word["bottom"]) / 2
    return box[0] <= x <= box[2] and box[1] <= y <= box[3]


def _rows(words: Sequence[Word]) -> Iterator[list[Word]]:
    """Words that stand on one line of the page, across columns; a raised figure with its line."""
    row: list[Word] = []
    for word in sorted(words, key=lambda w: (w["bottom"], w["x0"])):
        if row and word["bottom"] - row[-1]["bottom"] > SAME_LINE:
            small = all(w["size"] < RAISED * word["size"] for w in row)
            if not (small and word["top"] < row[-1]["bottom"]):
                yield row
                row = []
        row.append(word)
    if row:
        yield row


def _parted(row: Sequence[Word]) -> list[list[Word]]:
    """A row cut where the room between two words is that between columns."""
    parts: list[list[Word]] = []
    for word in row:
        gap = word["x0"] - parts[-1][-1]["x1"] if parts else 0
        if not parts or gap > max(COLUMN_GAP, word["size"]):
            parts.append([])
        parts[-1].append(word)
    return parts


def _line(words: Sequence[Word], links: Sequence[Any]) -> Line:
    size = max(word["size"] for word in words)
    pieces = []
    for url, group in groupby(words, key=lambda word: _url(word, links)):
        inside = " ".join(_raised(word, size) for word in group)
        pieces.append(f'<a href="{escape(url)}">{inside}</a>' if url else inside)
    return Line(
        text=" ".join(word["text"] for word in words),
        html=" ".join(pieces).replace(" <sup>", "<sup>"),
        size=round(size * 2) / 2,
        bold=all(_BOLD.search(word["fontname"]) for word in words),
        x0=words[0]["x0"],
        x1=words[-1]["x1"],
        top=min(word["top"] for word in words),
        bottom=max(word["bottom"] for word in words),
    )


def _raised(word: Word, size: float) -> str:
    text = escape(word["text"])
    return f"<sup>{text}</sup>" if word["size"] < RAISED * size and text.isdigit() else text


def _url(word: Word, links: Sequence[Any]) -> str:
    for link in links:
        if link.get("uri") and _within(word, (link["x0"], link["top"], link["x1"], link["bottom"])):
            return str(link["uri"])
    return ""


def _in_order(
    lines: Sequence[Sequence[Line]], tables: Sequence[Table], width: float
) -> Iterator[Line | Table]:
    """Lines and tables from top to bottom, and where there are two columns, the first then the
    second between what goes across both."""
    gutter = _gutter(lines, width)
    left: list[Line | Table] = []
    right: list[Line | Table] = []
    waiting = sorted(tables, key=lambda table: table.top)
    for row in lines:
        while waiting and waiting[0].top < row[0].top:
            yield from (*left, *right, waiting.pop(0))
            left, right = [], []
        if gutter and not any(part.x0 < gutter < part.x1 for part in row):
            left += [part for part in row if part.x1 <= gutter]
            right += [part for part in row if part.x0 >= gutter]
            continue
        yield from (*left, *right, _whole(row))
        left, right = [], []
    yield from (*left, *right, *waiting)


def _gutter(lines: Sequence[Sequence[Line]], width: float) -> float | None:
    """Where the room between two columns is, or None where there is one."""
    best: tuple[int, float] = (0, 0.0)
    for x in range(int(width * 0.3), int(width * 0.7), 4):
        across = sum(any(part.x0 < x < part.x1 for part in row) for row in lines)
        beside = sum(row[0].x1 <= x <= row[-1].x0 for row in lines)
        if beside >= MIN_ROWS and beside > across and beside > best[0]:
            best = (beside, float(x))
    return best[1] or None


def _whole(row: Sequence[Line]) -> Line:
    """The parts of a row in one line again."""
    if len(row) == 1:
        return row[0]
    return Line(
        text=" ".join(part.text for part in row),
        html=" ".join(part.html for part in row),
        size=max(part.size for part in row),
        bold=all(part.bold for part in row),
        x0=row[0].x0,
        x1=row[-1].x1,
        top=min(part.top for part in row),
        bottom=max(part.bottom for part in row),
    )
