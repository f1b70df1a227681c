"""The title of a guide whose front matter says none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from markdown_it.token import Token

from index.parse.markdown import visible_text
from index.parse.walk import guide_name


def title_of(tokens: Sequence[Token], path: str) -> str:
    """The first heading, if it is a `#`, or begins the text and stands above all others; else the
    name of the file."""
    headings = [
        (opening.tag, " ".join(visible_text(inline.children or []).split()))
        for opening, inline in pairwise(tokens)
        if opening.type == "heading_open" and opening.level == 0
    ]
    if headings and headings[0][1]:
        first, text = headings[0]
        above = all(first < tag for tag, _ in headings[1:])
        if first == "h1" or (above and _text(tokens)[0].type == "heading_open"):
            return text
    return _name(path)


def _text(tokens: Sequence[Token]) -> Sequence[Token]:
    return [token for token in tokens if token.type != "front_matter"]


def _name(path: str) -> str:
    name = " ".join(re.split(r"[-_\s]+", guide_name(path))).strip()
    return name[:1].upper() + name[1:] or path
