"""Links between guides: each must lead to a guide, and to an anchor that is there."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import unquote, urlsplit

from markdown_it.token import Token

from index.finding import Finding
from index.guide import Guide
from index.markdown import parse_tokens, visible_text

SERVICES_FOLDER = "servizi"


def check_links(guides: Sequence[Guide]) -> Iterator[Finding]:
    """Dead internal links and anchors, external links of a wrong form, images without text."""
    anchors = {g.path: {s.anchor for s in g.sections} for g in guides}
    for guide in guides:
        for line, token in _links(parse_tokens(guide.markdown)):
            message = _problem(token, guide, anchors)
            if message:
                yield Finding(guide.path, line, message, "link")


def _links(tokens: Sequence[Token]) -> Iterator[tuple[int, Token]]:
    line = 1
    for token in tokens:
        line = token.map[0] + 1 if token.map else line
        offset = 0
        for child in token.children or ():
            offset += child.type in {"softbreak", "hardbreak"}
            if child.type in {"link_open", "image"}:
                yield line + offset, child


def _problem(token: Token, guide: Guide, anchors: Mapping[str, set[str]]) -> str | None:
    if token.type == "image":
        return _image_problem(token)
    href = str(token.attrGet("href") or "")
    parts = urlsplit(href)
    if parts.scheme in {"http", "https"}:
        return None if "." in parts.netloc else f"l'indirizzo «{href}» non è completo"
    if parts.scheme in {"mailto", "tel"}:
        return None
    if parts.scheme or parts.netloc:
        return f"il collegamento «{href}» non è ammesso: usa https, mailto, tel o un file .md"
    return _internal_problem(unquote(parts.path), unquote(parts.fragment), guide, anchors)


def _image_problem(token: Token) -> str | None:
    if visible_text(token.children or []).strip():
        return None
    return "l'immagine non ha un testo che la descriva: scrivilo fra le parentesi quadre"


def _internal_problem(
    path: str, anchor: str, guide: Guide, anchors: Mapping[str, set[str]]
) -> str | None:
    target = guide.path
    if path:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(guide.path), path))
        if target == SERVICES_FOLDER:
            return None
    if target not in anchors:
        return f"il collegamento «{path}» non porta a nessuna guida"
    if anchor and anchor not in anchors[target]:
        return f"in «{target}» non c'è l'ancora «#{anchor}»"
    return None
