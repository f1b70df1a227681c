"""A front matter that is none: text comes before it, or it never ends."""

from __future__ import annotations

import re

from index.finding import Finding
from index.parse.frontmatter import RULE

_STRAY = re.compile(r"(?:\s|<!--.*?-->)*^(?P<mark>---)[ \t]*\n[a-z_]+:(?: |\n)", re.DOTALL | re.M)


def stray_front_matter(text: str, path: str) -> Finding | None:
    """What is to be told of a front matter that would be published as text, because it does not
    begin the file or never ends."""
    match = _STRAY.match(text)
    if match is None:
        return None
    line = text.count("\n", 0, match.start("mark")) + 1
    if line > 1:
        message = (
            "l'intestazione deve cominciare alla prima riga del file: togli quello che precede"
        )
    else:
        message = "l'intestazione aperta qui non è mai chiusa: sotto le chiavi metti una riga «---»"
    return Finding(path, line, message, RULE)
