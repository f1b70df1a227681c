"""Rules about the syntax of other programs: what a reader would see as signs without a meaning.

A network says how much they weigh (`syntax`): a folder that nobody prepared is published with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.check.written import Written, inlines, line_of, shown
from index.finding import Finding
from index.parse.beyond import MARKER
from index.parse.markdown import visible_text
from index.parse.notes import OPEN as NOTE

RULE = "syntax"

# What a reader would see, and what to write instead.
SIGNS: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.MULTILINE), message)
    for pattern, message in (
        (r"!?\[\[[^\[\]\n]+\]\]", "è un collegamento di un altro programma: [testo](file.md)"),
        (r"\[[^\[\]\n]+\]\([^()\n]*\)?", "sembra un collegamento ma non lo è: controlla "
         "l'indirizzo (uno spazio si scrive %20, oppure l'indirizzo sta fra < e >)"),
        (r"\[[^\[\]\n]+\] \((?:https?:|[\w./-]+\.md|#)[^()\n]*\)",
         "sembra un collegamento ma non lo è: fra ] e ( non ci va lo spazio"),
        (r"\[[^\[\]\n^]+\]\[[^\[\]\n]*\]", "sembra un collegamento, ma l'indirizzo non c'è"),
        (r"\[\^[^\[\]\s]+\]", "richiama una nota che non c'è"),
        (r"\^\[[^\[\]\n]+\]", "è una nota di un altro programma: scrivila fra parentesi"),
        (r"(?<!~)~~(?=[^\s~])[^\n]*?~~", "è testo barrato, che qui si legge come il resto: togli "
         "quello che non vale più"),
        (r"==(?=[\w(«\"])[^=\n]+==", "è testo evidenziato: usa **…**"),
        (r"(?<=\w)~(?=[^\s~])[^~\s]+~", "è un pedice di un altro programma: toglilo"),
        (r"(?<=\w)\^(?=[^\s^\[])[^^\s]+\^", "è un apice di un altro programma: toglilo"),
        (r"\{\{[^{}\n]*\}\}|\{%[^\n]*?%\}", "è un comando di un altro programma: toglilo"),
        (r"(?<!\{)\{(?:[.:#][^{}\n]*|[\w-]+=[^{}\n]*)\}", "non è un'ancora: un'ancora è {#nome}, "
         "in fondo a un titolo; altrove toglila"),
        (r"\$\$[^\n]*", "è una formula di un altro programma: scrivila a parole"),
        (r"^[•●▪◦·‣][ \t]*\S.*", "non fa un elenco: al posto del punto metti «- »"),
        (r"^-[^\W\d].*", "non fa un elenco: dopo il trattino va uno spazio"),
        (r"^\+{3}$", "è un'intestazione di Hugo: scrivila fra due righe «---»"),
    )
)  # fmt: skip
_TABLE = re.compile(
    r"^\|.*\|[ \t]*$|^\+[-=:+]{3,}\+?[ \t]*$|^:?-+:?(?:[ \t]*\|[ \t]*:?-+:?)+$", re.MULTILINE
)
_COLUMNS_OF_DASHES = re.compile(r"[\s>]*-{2,}(?:[ \t]+-{2,})+[ \t]*")


def signs(text: Written) -> Iterator[Finding]:
    """The first of each kind in a paragraph, an item, a cell or a heading."""
    for _, inline in inlines(text.tokens):
        words = shown(inline)
        for pattern, what in SIGNS:
            match = pattern.search(words)
            if match and not _meant(match.group(), inline.content):
                message = f"«{match.group():.60}» {what}"
                yield Finding(text.path, line_of(inline, words, match.start()), message, RULE)


def _meant(sign: str, content: str) -> bool:
    """Whether the writer escaped a sign, to have it shown."""
    return sign not in content and "\\" in content


def markers(text: Written) -> Iterator[Finding]:
    """Lines that are left out, because they tell another program what to do."""
    for token in text.tokens:
        if token.type == MARKER:
            message = (
                f"«{token.content}» è un comando di un altro programma, e qui non si legge: "
                'per un avviso scrivi «!!! nota "Titolo"» e sotto il testo rientrato di 4 spazi'
            )
            yield Finding(text.path, line_of(token), message, RULE)


def tables(text: Written) -> Iterator[Finding]:
    """Tables that are none, and rows that cannot be read alone."""
    for opening, inline in inlines(text.tokens):
        words = shown(inline)
        match = _TABLE.search(words) if opening.type == "paragraph_open" else None
        if match and not _meant(match.group(), inline.content):
            message = (
                "sembra una tabella ma non lo è: sotto l'intestazione va una riga «| --- | --- |» "
                "con tante colonne quante ne ha l'intestazione"
            )
            yield Finding(text.path, line_of(inline, words, match.start()), message, RULE)
    for position, token in enumerate(text.tokens):
        if token.type == "hr" and _COLUMNS_OF_DASHES.fullmatch(text.lines[line_of(token) - 1]):
            message = "sembra una tabella di pandoc: scrivila con le barre «| … | … |»"
            yield Finding(text.path, line_of(token), message, RULE)
        elif token.type == "tr_open" and text.tokens[position + 1].type == "td_open":
            yield from _row(text, position)


def _row(text: Written, position: int) -> Iterator[Finding]:
    token, first = text.tokens[position], text.tokens[position + 2]
    line = text.lines[line_of(token) - 1]
    if "|" not in line:
        message = "la riga finirebbe nella tabella: mettici prima una riga vuota"
        yield Finding(text.path, line_of(token), message, RULE)
    elif not visible_text(first.children or []).strip() and line.strip(" |>\t"):
        message = (
            "la prima cella è vuota e la riga non si legge da sola: scrivi di che cosa parla "
            "(una tabella ha una sola riga di intestazione)"
        )
        yield Finding(text.path, line_of(token), message, RULE, "warning")


def blocks(text: Written) -> Iterator[Finding]:
    """Blocks that are shown as something else than was meant."""
    for position, token in enumerate(text.tokens):
        message = _block(text, position)
        if message:
            yield Finding(text.path, line_of(token), message, RULE)


def _block(text: Written, position: int) -> str:
    token = text.tokens[position]
    following = text.tokens[position + 1] if position + 1 < len(text.tokens) else None
    if token.type == "code_block":
        return "il testo rientrato di quattro spazi diventa codice: togli il rientro"
    if token.type == "heading_open" and following and not visible_text(following.children or []):
        return "titolo senza parole: scrivile, o togli la riga"
    if token.type == NOTE and "id" not in token.meta:
        return "la nota non è richiamata da nessuna frase: richiamala, o scrivila nel testo"
    if token.type == "admonition_open" and following:
        rest = (
            t.type for t in text.tokens[position + 1 :] if not t.type.startswith("admonition_t")
        )
        if next((kind for kind in rest if kind != "inline"), "") == "admonition_close":
            return "l'avviso è vuoto: il suo testo va sotto, rientrato di quattro spazi"
    start = token.attrGet("start") if token.type == "ordered_list_open" else None
    if start is not None and _alone(text, position):
        return f"«{start}.» in principio di riga fa un elenco, e il numero non si cita: spostalo"
    return ""


def _alone(text: Written, position: int) -> bool:
    """Whether a list has a single item."""
    level = text.tokens[position].level
    items = 0
    for token in text.tokens[position + 1 :]:
        if token.type == "ordered_list_close" and token.level == level:
            break
        items += token.type == "list_item_open" and token.level == level + 1
    return items == 1
