"""Bars as SVG: a picture of counts that stands alone in a file, a page or a report."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

ROW, BAR, LABEL, WIDTH = 26, 16, 260, 720  # user units: height of a row and of a bar, widths
NARROW = 300  # of a picture whose labels stand above their bars
NUMBER = 70  # room for the count
COLOUR = "#0b5563"
HIDDEN = "meno di 5, o nascosto con questi"
Rows = Sequence[tuple[str, int | None]]


def bars(title: str, rows: Rows) -> Markup:
    """Horizontal bars, one a row, each with its count in words that a screen reader reads; a hidden
    count (None) has no bar, only its words."""
    most = max((n for _, n in rows if n), default=1)
    drawn = [_row(n, label, count, most) for n, (label, count) in enumerate(rows)]
    return _picture(title, drawn, "bars", WIDTH, ROW * max(1, len(rows)) + 6)


def stacked_bars(title: str, rows: Rows) -> Markup:
    """The same with each label above its bar: readable on a screen of 320 pixels."""
    most = max((n for _, n in rows if n), default=1)
    drawn = [_row(n, label, count, most, stacked=True) for n, (label, count) in enumerate(rows)]
    return _picture(title, drawn, "bars stacked", NARROW, 2 * ROW * max(1, len(rows)))


def _picture(title: str, rows: Sequence[Markup], kind: str, width: int, height: int) -> Markup:
    """Left to right on every page: a picture is no text."""
    head = Markup(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" class="{}" '
        'direction="ltr" font-family="system-ui, sans-serif" font-size="13" fill="currentColor">'
        "<title>{}</title>"
    ).format(width, height, kind, title)
    return Markup("").join([head, *rows, Markup("</svg>")])


def _row(n: int, label: str, count: int | None, most: int, stacked: bool = False) -> Markup:
    left, width = (0, NARROW) if stacked else (LABEL, WIDTH)
    top = (2 * n + 1) * ROW - 6 if stacked else n * ROW + 4
    length = round((count or 0) / most * (width - left - NUMBER))
    bar = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}"/>').format(
        left, top, max(length, 2), BAR, COLOUR
    )
    return Markup(
        '<text x="{}" y="{}" text-anchor="{}">{}</text>{}<text x="{}" y="{}">{}</text>'
    ).format(
        0 if stacked else LABEL - 8, top - 6 if stacked else top + 13,
        "start" if stacked else "end", _cut(label), bar if count else "",
        left + (length + 6 if count else 0), top + 13, HIDDEN if count is None else count,
    )  # fmt: skip


def _cut(label: str) -> Markup:
    return escape(label if len(label) <= 36 else f"{label[:35]}…")
