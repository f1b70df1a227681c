"""A guide as it was written: its lines, and the tokens that know them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Any

from markdown_it.token import Token

from index.guide import GENERATED, Guide
from index.parse.markdown import parse_tokens

NOT_TEXT = "\ufffc"  # stands for code and images, which are not looked into


@dataclass(frozen=True, slots=True)
class Written:
    """`definitions` are those of links that lead somewhere else, as markdown-it keeps them."""

    path: str
    lines: Sequence[str]
    tokens: Sequence[Token]
    definitions: dict[str, Any] = field(default_factory=dict)


def written(guide: Guide) -> Written:
    """Without the section made from the front matter, which nobody wrote as Markdown."""
    made, definitions = GENERATED.get(guide.kind), {}  # type: str | None, dict[str, Any]
    tokens = parse_tokens(guide.markdown, definitions)
    own = takewhile(lambda t: t.type != "heading_open" or t.attrGet("id") != made, tokens)
    return Written(guide.path, guide.markdown.split("\n"), list(own), definitions)


def line_of(token: Token, text: str = "", at: int = 0) -> int:
    """The line, from 1, of a block token, or of a character of the `text` it shows."""
    return (token.map[0] if token.map else 0) + 1 + text.count("\n", 0, at)


def shown(token: Token) -> str:
    """The text of an inline token as a reader sees it, its lines as in the file."""
    parts = []
    for child in token.children or ():
        if child.type == "text":
            parts.append(child.content)
        elif child.type in {"softbreak", "hardbreak"}:
            parts.append(" " if child.markup == "br" else "\n")
        elif child.type in {"code_inline", "image"}:
            parts.append(NOT_TEXT)
    return "".join(parts)


def inlines(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Each inline token, after the one that opens its block."""
    for position, token in enumerate(tokens):
        if token.type == "inline":
            yield tokens[position - 1], token
