"""The way through a tree of pandoc: where one is, the words on the way, what is left behind."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from index.intake.document import Loss, first_words
from index.intake.pandoc import Node, taken
from index.intake.pieces import BREAK, Piece, cleaned, misleads, words_of

SCHEMES = {"http", "https", "mailto", "tel"}
NOTE_MARK = re.compile(r" \(nota \d+\)")
_RAISED = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_LOWERED = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")


@dataclass
class Walk:
    """`anchors` names the headings by the identifiers that the document links to; `address` is
    what links that are not whole are of."""

    anchors: Mapping[str, str] = field(default_factory=dict)
    address: str = ""
    losses: list[Loss] = field(default_factory=list)
    notes: list[list[Node]] = field(default_factory=list)  # of this section, not yet written
    noted: int = 0
    section: int = 0
    heading: str = ""

    def enter(self, heading: str) -> None:
        self.section, self.heading = self.section + 1, heading

    def lose(self, what: str, words: str = "") -> None:
        place = f"sotto «{self.heading}»" if self.heading else "all'inizio"
        self.losses.append(Loss(what, place, first_words(words), self.section))

    def pieces(self, nodes: Sequence[Node], look: Piece = Piece("")) -> list[Piece]:  # noqa: B008
        """Inline nodes as runs that look as `look` and as they say."""
        return [piece for node in nodes for piece in self._piece(node, look)]

    def words(self, nodes: Sequence[Node]) -> str:
        return words_of(Walk().pieces(nodes))

    def _piece(self, node: Node, look: Piece) -> list[Piece]:
        kind, content = taken(node)
        if kind == "Str":
            if misleads(content):
                self.lose("caratteri invisibili che cambiano il verso o il senso, tolti", content)
            return [replace(look, text=cleaned(content))]
        if kind in {"Space", "SoftBreak"}:
            return [replace(look, text=" ")]
        if kind == "LineBreak":
            return [replace(look, text=BREAK)]
        if kind == "Code":
            return [replace(look, text=cleaned(content[1]), code=True)]
        return _ELSE.get(kind, Walk._unknown)(self, content, look)

    def _same(self, content: list[Node], look: Piece) -> list[Piece]:
        return self.pieces(content, look)

    def _strong(self, content: list[Node], look: Piece) -> list[Piece]:
        return self.pieces(content, replace(look, strong=True))

    def _emphasis(self, content: list[Node], look: Piece) -> list[Piece]:
        return self.pieces(content, replace(look, emphasis=True))

    def _struck(self, content: list[Node], look: Piece) -> list[Piece]:
        self.lose("testo barrato, tolto", self.words(content))
        return []

    def _raised(self, content: list[Node], look: Piece) -> list[Piece]:
        return [replace(p, text=p.text.translate(_RAISED)) for p in self.pieces(content, look)]

    def _lowered(self, content: list[Node], look: Piece) -> list[Piece]:
        return [replace(p, text=p.text.translate(_LOWERED)) for p in self.pieces(content, look)]

    def _quoted(self, content: Any, look: Piece) -> list[Piece]:
        first, last = "“”" if content[0]["t"] == "DoubleQuote" else "‘’"
        inside = self.pieces(content[1], look)
        return [replace(look, text=first), *inside, replace(look, text=last)]

    def _cited(self, content: Any, look: Piece) -> list[Piece]:
        return self.pieces(content[1], look)

    def _formula(self, content: Any, look: Piece) -> list[Piece]:
        self.lose("formula, scritta come testo", content[1])
        return [replace(look, text=cleaned(content[1]), code=True)]

    def _raw(self, content: Any, look: Piece) -> list[Piece]:
        self.lose("codice di un altro formato", content[1])
        return []

    def _image(self, content: Any, look: Piece) -> list[Piece]:
        said = self.words(content[1]) or content[2][1] or content[2][0]
        self.lose("immagine", said)
        return []

    def _note(self, content: list[Node], look: Piece) -> list[Piece]:
        self.notes.append(content)
        self.noted += 1
        return [replace(look, text=f" (nota {self.noted})", url="")]

    def _link(self, content: Any, look: Piece) -> list[Piece]:
        url = self._target(content[2][0])
        inside = self.pieces(content[1], replace(look, url=url))
        if not url and words_of(inside):
            self.lose("collegamento", f"{words_of(inside)} → {content[2][0]}")
        return inside

    def _target(self, url: str) -> str:
        """Where a link leads in a guide; empty where it cannot be followed there."""
        if url.startswith("#"):
            anchor = self.anchors.get(url[1:])
            return f"#{anchor}" if anchor else ""
        try:
            whole = urljoin(self.address, url.strip())
            return whole if urlsplit(whole).scheme in SCHEMES else ""
        except ValueError:
            return ""

    def _span(self, content: Any, look: Piece) -> list[Piece]:
        (_, classes, _), inside = content
        words = self.words(inside)
        if "comment-start" in classes:
            self.lose("commento", words)
            return []
        if "comment-end" in classes:
            return []
        if "deletion" in classes:
            self.lose("modifica da accettare: testo cancellato, non riportato", words)
            return []
        if "insertion" in classes:
            self.lose("modifica da accettare: testo aggiunto, riportato", words)
        elif {"paragraph-insertion", "paragraph-deletion"} & {*classes}:
            self.lose("modifica da accettare: un capoverso diviso o unito")
        return self.pieces(inside, look)

    def _unknown(self, content: Any, look: Piece) -> list[Piece]:
        self.lose("elemento che non so leggere", str(content))
        return []


_ELSE: Mapping[str, Callable[[Walk, Any, Piece], list[Piece]]] = {
    "Emph": Walk._emphasis, "Strong": Walk._strong, "Strikeout": Walk._struck,
    "Underline": Walk._same, "SmallCaps": Walk._same, "Superscript": Walk._raised,
    "Subscript": Walk._lowered, "Quoted": Walk._quoted, "Cite": Walk._cited,
    "Math": Walk._formula, "RawInline": Walk._raw, "Image": Walk._image, "Note": Walk._note,
    "Link": Walk._link, "Span": Walk._span,
}  # fmt: skip
