"""Runs of text with their looks, and the Markdown that shows them as they are."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from urllib.parse import quote

from index.parse.markdown import parse_tokens, visible_text

BREAK = "\n"
# what Markdown would obey anywhere, and at the beginning of a line alone
_ANYWHERE = re.compile(
    r"[\\`*\[\]<|]|(?<![^\W_])_|_(?![^\W_])|&(?=#?\w+;)|~(?=~)|(?<=~)~|\{(?=[#%:.])"
)
_NUMBERED = re.compile(r"^(\d{1,9})([.)])(?=\s|$)")
_LINE_START = re.compile(r"^(?=#{1,6}(?:\s|$)|[-+](?:\s|$)|-[-\s]*$|=+\s*$|>|!!!|\?\?\?|:::)")
# not seen, and not to be obeyed: control characters, soft hyphens, marks of direction, tags
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b\u2060\ufeff\ufffe\uffff]")
_MISLEADING = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069\U000e0000-\U000e007f]")


@dataclass(frozen=True, slots=True)
class Piece:
    text: str
    strong: bool = False
    emphasis: bool = False
    code: bool = False
    url: str = ""


def cleaned(text: str) -> str:
    """`text` without the characters that nobody sees."""
    return _MISLEADING.sub("", _UNSEEN.sub("", text))


def misleads(text: str) -> bool:
    """Whether `text` has characters that make it read otherwise than it is."""
    return bool(_MISLEADING.search(text))


def words_of(pieces: Sequence[Piece]) -> str:
    """What a reader sees, blanks made one."""
    return " ".join("".join(piece.text for piece in pieces).split())


def markdown_of(pieces: Sequence[Piece], one_line: bool = False, cell: bool = False) -> str:
    """Markdown that is read as these pieces, as bold and slanted as can be: where marks of
    emphasis would be shown instead of obeyed, they are left out. `one_line` is of headings and
    cells, in which no line begins anything; `cell` of the latter."""
    runs = _tidied(pieces, one_line)
    written = _written(runs, one_line)
    if any(run.strong or run.emphasis for run in runs) and _read_back(written) != words_of(runs):
        written = _written([replace(run, strong=False, emphasis=False) for run in runs], one_line)
    return re.sub(r"(?<!\\)\|", r"\|", written) if cell else written


def _read_back(markdown: str) -> str:
    inline = [token for token in parse_tokens(markdown) if token.type == "inline"]
    return " ".join(" ".join(visible_text(t.children or []) for t in inline).split())


def _tidied(pieces: Sequence[Piece], one_line: bool) -> list[Piece]:
    """Neighbours that look the same made one, blanks moved out of what has a look, none doubled."""
    runs: list[Piece] = []
    for look, group in groupby(pieces, key=lambda piece: replace(piece, text="")):
        text = "".join(piece.text for piece in group)
        text = re.sub(r"[^\S\n\xa0]+", " ", text if not one_line else text.replace(BREAK, " "))
        body = text.strip(" \n")
        before, after = text[: len(text) - len(text.lstrip(" \n"))], text[len(text.rstrip(" \n")) :]
        if not body:
            runs.append(Piece(text))
        else:
            runs += [Piece(before), replace(look, text=body), Piece(after)]
    return [run for run in runs if run.text]


def _written(runs: Sequence[Piece], one_line: bool) -> str:
    parts = []
    for url, group in groupby(runs, key=lambda run: run.url):
        inside = "".join(map(_run, group))
        parts.append(f"[{inside}]({_address(url)})" if url else inside)
    lines = [" ".join(line.split(" ")).strip(" ") for line in "".join(parts).split(BREAK)]
    lines = [re.sub(" {2,}", " ", line) for line in lines if line]
    return "\\\n".join(lines if one_line else map(_begun, lines))


def _run(run: Piece) -> str:
    if run.code:
        fence = "`" * (1 + max(map(len, re.findall("`+", run.text)), default=0))
        pad = " " if run.text.startswith("`") or run.text.endswith("`") else ""
        return f"{fence}{pad}{run.text}{pad}{fence}"
    mark = "*" * (2 * run.strong + run.emphasis)
    return f"{mark}{_ANYWHERE.sub(_escape, run.text)}{mark}"


def _escape(found: re.Match[str]) -> str:
    return f"\\{found[0]}"


def _begun(line: str) -> str:
    """A line that opens nothing but itself."""
    line = _NUMBERED.sub(r"\1\\\2", line)
    return _LINE_START.sub(r"\\", line)


def _address(url: str) -> str:
    return quote(url, safe="%/:?#@!$&'*+,;=~._-[]").replace("[", "%5B").replace("]", "%5D")
