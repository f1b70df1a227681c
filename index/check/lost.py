"""Rules about what Markdown swallows: text that would vanish, or be published as something else.

They find errors in every folder, because a reader would be misled whoever the writer is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token

from index.check.written import Written, inlines, line_of, shown
from index.finding import Finding
from index.parse.beyond import MARKER
from index.parse.markdown import visible_text

RULE = "lost"
LONGEST_HEADING = 12  # words: what is longer, and underlined, is a sentence

_CONTAINER = re.compile(r"[\s>]*")
_COMMENT = re.compile(r"<!--|(?<!%)%%(?!%)[^%\n]+%%")
_COMMENT_MARKER = re.compile(r"\{%-?\s*comment\b")
_STUCK = re.compile(
    r"^(?:#{2,6}[^\s#].*|#[A-ZÀ-Ý]\w*[ \t]+(?!#).*|#{1,6}[\u00a0\u2007\u202f].*|#{7,}.*)$",
    re.MULTILINE,
)
_SENTENCE_END = re.compile(r"[.;:,!…]$")
_ADDRESS = re.compile(r"[./#:@]")


def open_fences(text: Written) -> Iterator[Finding]:
    """A block of code never closed swallows the sections after it."""
    for token in text.tokens:
        if token.type != "fence" or not token.map:
            continue
        first, end = token.map
        last = _CONTAINER.sub("", text.lines[end - 1], count=1).rstrip()
        mark = token.markup[0]
        if end - 1 > first and len(last) >= len(token.markup) and not last.strip(mark):
            continue
        message = (
            f"il blocco di codice aperto qui con «{token.markup}» non è mai chiuso e si prende "
            f"tutto il testo che segue: chiudilo con «{token.markup}», o togli la riga"
        )
        yield Finding(text.path, first + 1, message, RULE)


def open_comments(text: Written) -> Iterator[Finding]:
    """A comment that would be published: never closed, or of another program."""
    for _, inline in inlines(text.tokens):
        words = shown(inline)
        for match in _COMMENT.finditer(words):
            message = (
                "il commento aperto qui con «<!--» non è mai chiuso con «-->» e si pubblicherebbe"
                if match.group() == "<!--"
                else f"«{match.group():.60}» si pubblicherebbe: un commento si scrive <!-- … -->"
            )
            yield Finding(text.path, line_of(inline, words, match.start()), message, RULE)
    for token in text.tokens:
        if token.type == MARKER and _COMMENT_MARKER.match(token.content):
            message = "il commento che comincia qui si pubblicherebbe: scrivilo <!-- … -->"
            yield Finding(text.path, line_of(token), message, RULE)


def extra_cells(text: Written) -> Iterator[Finding]:
    """Cells beyond the columns of their table are not shown."""
    columns = 0
    for token in text.tokens:
        if token.type == "thead_open":
            columns = 0
        columns += token.type == "th_open"
        if token.type != "tr_open" or not token.map or not columns:
            continue
        cells = _cells(text.lines[token.map[0]])
        left = " | ".join(cell for cell in cells[columns:] if cell)
        if left:
            message = (
                f"la riga ha {len(cells)} celle e la tabella {columns} colonne: «{left}» non si "
                "vedrebbe; aggiungi la colonna o, se la barra è del testo, scrivi «\\|»"
            )
            yield Finding(text.path, line_of(token), message, RULE)


def _cells(line: str) -> list[str]:
    """The cells of a row of a table as markdown-it cuts them."""
    cells = escapedSplit(_CONTAINER.sub("", line, count=1).rstrip())
    cells = cells[1:] if cells and not cells[0] else cells
    cells = cells[:-1] if cells and not cells[-1] else cells
    return [cell.strip() for cell in cells]


def stuck_headings(text: Written) -> Iterator[Finding]:
    """`##Titolo` is a sentence of the section before."""
    for opening, inline in inlines(text.tokens):
        words = shown(inline)
        for match in _STUCK.finditer(words) if opening.type == "paragraph_open" else ():
            if f"\\{match.group()[:3]}" in inline.content:  # written as such: «\##»
                continue
            signs = re.match("#+", match.group())
            message = f"«{match.group():.60}» non è un titolo: " + (
                "i titoli hanno da uno a sei «#»"
                if signs and len(signs.group()) > 6
                else "dopo i «#» va uno spazio"
            )
            yield Finding(text.path, line_of(inline, words, match.start()), message, RULE)


def eaten_asterisks(text: Written) -> Iterator[Finding]:
    """`5*3*2` is read as an emphasis and becomes «532»."""
    for _, inline in inlines(text.tokens):
        children = inline.children or []
        for position, child in enumerate(children):
            if child.type in {"em_open", "strong_open"} and _between_digits(children, position):
                before = visible_text(children[:position])
                message = (
                    f"gli asterischi dopo «{before[-20:].strip()}» sparirebbero, e i numeri si "
                    "leggerebbero attaccati: scrivi «×», oppure «\\*»"
                )
                line = line_of(inline, before, len(before))
                yield Finding(text.path, line, message, RULE)
                break


def _between_digits(children: Sequence[Token], position: int) -> bool:
    """Whether an emphasis joins a digit to what stands outside, at its beginning or its end."""
    opening = children[position]
    end = next(
        i
        for i in range(position + 1, len(children))
        if children[i].nesting == -1 and children[i].level == opening.level
    )
    return any(
        before.isalnum() and after.isalnum() and (before + after).strip().isalnum()
        and (before.isdigit() or after.isdigit())
        for before, after in (
            (visible_text(children[:at])[-1:], visible_text(children[at + 1 :])[:1])
            for at in (position, end)
        )
    )  # fmt: skip


def underlined_sentences(text: Written) -> Iterator[Finding]:
    """A line `---` right under a paragraph makes a heading of it."""
    for opening, inline in inlines(text.tokens):
        if opening.type != "heading_open" or opening.markup not in {"-", "="} or not opening.map:
            continue
        words = " ".join(visible_text(inline.children or []).split())
        if "\n" in inline.content or _SENTENCE_END.search(words) or _long(words):
            message = (
                f"la riga «{opening.markup * 3}» attaccata sotto «{words[:40]}» lo fa diventare un "
                "titolo: mettici prima una riga vuota"
            )
            yield Finding(text.path, opening.map[1], message, RULE)


def _long(words: str) -> bool:
    return len(words.split()) > LONGEST_HEADING


def hidden_lines(text: Written) -> Iterator[Finding]:
    """`[Nota]: importante` is read as the address of a link, and is not shown."""
    for label, found in text.definitions.get("references", {}).items():
        if not _ADDRESS.search(found["href"]):
            message = (
                f"«[{label.capitalize()}]: {found['href']}» è letto come l'indirizzo di un "
                "collegamento e non si vede: togli le parentesi quadre"
            )
            yield Finding(text.path, found["map"][0] + 1, message, RULE)
    for found in text.definitions.get("duplicate_refs", ()):
        message = f"«[{found['label']}]: …» ha già un indirizzo più su: questo non si usa"
        yield Finding(text.path, found["map"][0] + 1, message, RULE)
