"""The lines of a PDF made headings, paragraphs and lists again, as HTML for pandoc."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from html import escape
from itertools import pairwise

from index.intake.pdf_page import Line, Page, Table

LARGER = 1.12  # than the text: a heading
MOST_LEVELS = 4
HEADING_WORDS = 20
NEW_PARAGRAPH = 1.45  # of the usual step from line to line
SHORT_LINE = 0.8  # of the column: where a paragraph ends
EDGE = 0.09  # of the page: where running heads and feet stand
_BULLET = re.compile(r"^([•▪◦‣●○■□➢✓·–\-−*])\s+")
_NUMBER = re.compile(r"^(\d{1,2})[.)]\s+")
_HYPHEN = re.compile(r"(?<=[^\W\d_])[-\u00ad\u2010]$")


def running_lines(pages: Sequence[Page], body: float) -> set[str]:
    """What stands at the top or the foot of at least half of the pages, figures aside; `body` is
    the size of the text."""
    if len(pages) < 3:
        return set()
    seen = Counter(
        name for page in pages for name in {running_name(x, page, body) for x in page.parts}
    )
    return {name for name, times in seen.items() if name and times * 2 >= len(pages)}


def running_name(part: Line | Table, page: Page, body: float) -> str:
    """A line at the edge of a page with its figures made one; empty for any other part, headings
    among them."""
    edge = EDGE * page.height
    if (
        isinstance(part, Table)
        or part.size > LARGER * body
        or edge < part.bottom < page.height - edge
    ):
        return ""
    return re.sub(r"\d+", "#", part.text.casefold())


@dataclass
class Flow:
    """Blocks of HTML, as the lines come."""

    body: float  # size of the text
    levels: Sequence[float]  # sizes of headings, largest first
    step: float  # usual distance from line to line
    made: list[str] = field(default_factory=list)
    kind: str = ""  # of the open block: p, li, ol or a heading
    words: list[str] = field(default_factory=list)
    last: Line | None = None
    headings: int = 0

    def add(self, line: Line) -> None:
        kind = self._kind(line)
        bullet, number = _BULLET.match(line.text), _NUMBER.match(line.text)
        new = kind != self.kind or bullet or number or self._apart(line)
        html = line.html
        if kind in {"p", "li", "ol"}:
            if bullet:
                kind, html = "li", html[len(escape(bullet[0])) :]
            elif number and (kind != "p" or self._starts(line)):
                kind, html = "ol", html[len(number[0]) :]
            elif new:
                kind = "p"
        if new:
            self.close()
            self.kind, self.words = kind, []
            if kind == "ol" and number:
                self.kind = f"ol {number[1]}"
        self._join(html)
        self.last = line

    def table(self, rows: str) -> None:
        self.close()
        self.made.append(rows)

    def close(self) -> None:
        """End the open block."""
        if self.words:
            kind, inside = self.kind, " ".join(self.words)
            if kind == "li":
                self.made.append(f"<ul><li>{inside}</li></ul>")
            elif kind.startswith("ol"):
                self.made.append(f'<ol start="{kind[3:] or 1}"><li>{inside}</li></ol>')
            else:
                self.made.append(f"<{kind}>{inside}</{kind}>")
                self.headings += kind != "p"
        self.kind, self.words = "", []

    def html(self) -> str:
        self.close()
        joined = "\n".join(self.made).replace("</ul>\n<ul>", "")
        return re.sub(r'</ol>\n<ol start="\d+">', "", joined)

    def _kind(self, line: Line) -> str:
        """The heading that a line is, or else the block that is open."""
        short = len(line.text.split()) <= HEADING_WORDS and any(c.isalpha() for c in line.text)
        if short and line.size in self.levels:
            return f"h{self.levels.index(line.size) + 1}"
        titled = line.bold and line.size >= self.body and line.text[-1] not in ".;,:"
        alone = self.last is None or self._apart(line) or self.kind.startswith("h")
        if short and titled and alone:
            return f"h{len(self.levels) + 1}"
        return "p" if self.kind.startswith("h") or not self.kind else self.kind.split()[0]

    def _apart(self, line: Line) -> bool:
        """Whether a line begins something of its own."""
        last = self.last
        if last is None:
            return False
        if line.top < last.top:  # another column or page: the sentence may go on
            return not self.words or self._ended() or not line.text[:1].islower()
        if line.top - last.top > NEW_PARAGRAPH * max(self.step, last.size):
            return True
        return self._ended() and last.x1 < last.x0 + SHORT_LINE * (last.edge - last.x0)

    def _ended(self) -> bool:
        return bool(self.words) and self.words[-1].rstrip('»”")').endswith(
            (".", ":", ";", "?", "!")
        )

    def _starts(self, line: Line) -> bool:
        return not self.words or self._ended() or self._apart(line)

    def _join(self, html: str) -> None:
        if self.words and _HYPHEN.search(self.words[-1]) and html[:1].islower():
            self.words[-1] = self.words[-1][:-1] + html
        else:
            self.words.append(html)


def flow_of(pages: Sequence[Page]) -> Flow:
    """An empty flow with the measures of a document."""
    lines = [part for page in pages for part in page.parts if isinstance(part, Line)]
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[line.size] += len(line.text)
    body = sizes.most_common(1)[0][0] if sizes else 10.0
    larger = sorted({s for s in sizes if s > LARGER * body}, reverse=True)
    steps = Counter(
        round(after.top - before.top, 1)
        for before, after in pairwise(lines)
        if before.size == after.size == body and 0 < after.top - before.top < 3 * body
    )
    step = steps.most_common(1)[0][0] if steps else 1.2 * body
    return Flow(body, larger[:MOST_LEVELS], step)


def table_html(table: Table) -> Iterator[str]:
    """Rows of a table; the first is of titles where it is full."""
    for number, row in enumerate(table.rows):
        tag = "th" if not number and all(cell and cell.strip() for cell in row) else "td"
        cells = (f"<{tag}>{escape(' '.join((cell or '').split()))}</{tag}>" for cell in row)
        yield f"<tr>{''.join(cells)}</tr>"
