"""Markdown to tokens: CommonMark, tables, front matter, admonitions, `{#anchor}` on headings.

What is not CommonMark has modules of its own: comments, notes, and what lies `beyond`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import count, pairwise
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

from index.parse.beyond import beyond_plugin
from index.parse.comments import comment_plugin
from index.parse.notes import note_plugin

_ANCHOR = re.compile(r"\s*\{#([^}\s]+)\}\s*$")
OPENING = "inizio"  # the anchor of the words before the first heading


def make_parser() -> MarkdownIt:
    """Raw HTML is off: tags in a guide are shown as text, never obeyed."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    parser.use(front_matter_plugin).use(admon_plugin)
    return parser.use(comment_plugin).use(beyond_plugin).use(note_plugin)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return make_parser()


def parse_tokens(text: str, env: dict[str, Any] | None = None) -> list[Token]:
    """Block tokens of `text`; each heading_open carries its `id` and, in meta, whether the
    editor wrote it (`explicit`). Line maps count from 0 and refer to `text`. The definitions of
    links come in `env`, as markdown-it has them (`references`, `duplicate_refs`)."""
    tokens = _parser().parse(text.lstrip("\ufeff"), env)
    headings = [pair for pair in pairwise(tokens) if pair[0].type == "heading_open"]
    for opening, inline in headings:
        _read_anchor(opening, inline)
    _name_headings(headings)
    return tokens


def _read_anchor(opening: Token, inline: Token) -> None:
    """Take `{#anchor}` off a heading."""
    anchor = None
    if inline.children and inline.children[-1].type == "text":
        last = inline.children[-1]
        match = _ANCHOR.search(last.content)
        if match:
            anchor, last.content = match.group(1), last.content[: match.start()]
    opening.meta["explicit"] = anchor is not None
    if anchor is not None:
        opening.attrSet("id", anchor)


def _name_headings(headings: Sequence[tuple[Token, Token]]) -> None:
    """An anchor for each heading without one, made of its words: of those that say the same, the
    first keeps it and the others have the heading they stand under before it, so that what changes
    elsewhere in the file moves none of them. An anchor written twice is told in meta (`twice`)."""
    written = {str(opening.attrGet("id")) for opening, _ in headings if opening.meta["explicit"]}
    taken = {OPENING} - written
    above: list[tuple[int, str]] = []
    for opening, inline in headings:
        level = int(opening.tag[1])
        words = slugify(visible_text(inline.children or [])) or "sezione"
        above = [(depth, name) for depth, name in above if depth < level]
        if opening.meta["explicit"]:
            own = str(opening.attrGet("id"))
            opening.meta["twice"] = own if own in taken else ""
            names = _names(own)
        else:
            under = f"{above[-1][1]}-{words}" if above else words
            names = (name for name in _names(words, under) if name not in written)
        anchor = next(name for name in names if name not in taken)
        taken.add(anchor)
        opening.attrSet("id", anchor)
        if level > 1:  # the title says nothing that the file's name does not
            above.append((level, words))


def _names(*preferred: str) -> Iterator[str]:
    """Those preferred, then the last one with a number."""
    yield from preferred
    yield from (f"{preferred[-1]}-{n}" for n in count(2))


def slugify(text: str) -> str:
    """Lower-case letters and digits joined by hyphens; accents dropped, scripts kept."""
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c)
    )
    return "-".join(re.findall(r"[^\W_]+", plain))


def visible_text(children: Iterable[Token]) -> str:
    """What a reader sees of inline tokens: text, code, alternative text of images."""
    parts = []
    for token in children:
        if token.type in {"text", "code_inline", "html_inline", "text_special"}:
            parts.append(token.content)
        elif token.type in {"softbreak", "hardbreak"}:
            parts.append("\n")
        elif token.type == "image":
            parts.append(visible_text(token.children or []))
    return "".join(parts)
