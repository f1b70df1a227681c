"""Markdown to tokens: CommonMark, tables, front matter, admonitions, `{#anchor}` on headings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.front_matter import front_matter_plugin

_ANCHOR = re.compile(r"\s*\{#([^}\s]+)\}\s*$")


def make_parser() -> MarkdownIt:
    """Raw HTML is off: tags in a guide are shown as text, never obeyed."""
    parser = MarkdownIt("commonmark", {"html": False}).enable("table")
    return parser.use(front_matter_plugin).use(admon_plugin)


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return make_parser()


def parse_tokens(text: str) -> list[Token]:
    """Block tokens of `text`; each heading_open carries its `id` and, in meta, whether the
    editor wrote it (`explicit`). Line maps count from 0 and refer to `text`."""
    tokens = _parser().parse(text.lstrip("\ufeff"))
    seen: dict[str, int] = {}
    for opening, inline in pairwise(tokens):
        if opening.type == "heading_open":
            _name_heading(opening, inline, seen)
    return tokens


def _name_heading(opening: Token, inline: Token, seen: dict[str, int]) -> None:
    anchor = None
    if inline.children and inline.children[-1].type == "text":
        last = inline.children[-1]
        match = _ANCHOR.search(last.content)
        if match:
            anchor, last.content = match.group(1), last.content[: match.start()]
    opening.meta["explicit"] = anchor is not None
    if anchor is None:
        anchor = slugify(visible_text(inline.children or [])) or "sezione"
        if anchor in seen:
            seen[anchor] += 1
            anchor = f"{anchor}-{seen[anchor]}"
    seen.setdefault(anchor, 1)
    opening.attrSet("id", anchor)


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
