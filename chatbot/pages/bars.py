"""Bars as SVG: a picture of counts that stands alone in a file, a page or a report."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup, escape

ROW, BAR, LABEL, WIDTH = 26, 16, 260, 720  # user units: height of a row and of a bar, widths
NUMBER = 70  # room for the count
COLOUR = "#0b5563"
HIDDEN = "meno di 5, o nascosto con questi"
Rows = Sequence[tuple[str, int | None]]


def bars(title: str, rows: Rows) -> Markup:
    """Horizontal bars, one a row, each with its count in words that a screen reader reads; a hidden
    count (None) has no bar, only its words."""
    most = max((n for _, n in rows if n), default=1)
    height = ROW * max(1, len(rows)) + 6
    parts = [
        Markup(
            '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {} {}" role="img" '
            'class="bars" font-family="system-ui, sans-serif" font-size="13" fill="currentColor">'
            "<title>{}</title>"
        ).format(WIDTH, height, title)
    ]
    parts += [_row(n, label, count, most) for n, (label, count) in enumerate(rows)]
    return Markup("").join([*parts, Markup("</svg>")])


def _row(n: int, label: str, count: int | None, most: int) -> Markup:
    top = n * ROW + 4
    length = round((count or 0) / most * (WIDTH - LABEL - NUMBER))
    bar = Markup('<rect x="{}" y="{}" width="{}" height="{}" rx="3" fill="{}"/>').format(
        LABEL, top, max(length, 2), BAR, COLOUR
    )
    return Markup(
        '<text x="{}" y="{}" text-anchor="end">{}</text>{}<text x="{}" y="{}">{}</text>'
    ).format(
        LABEL - 8, top + 13, _cut(label), bar if count else "",
        LABEL + (length + 6 if count else 0), top + 13, HIDDEN if count is None else count,
    )  # fmt: skip


def _cut(label: str) -> Markup:
    return escape(label if len(label) <= 36 else f"{label[:35]}…")
