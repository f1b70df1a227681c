"""Text of a guide that is for a program and not for who reads: shown where it stands, and told by
`index check`, but in no passage, so that it is never searched, cited or handed to other programs.

Orders to an assistant that reads the guide, what a browser would run or hide, links that run code.
Whoever writes into a guide that is copied from elsewhere could put words in the answers with them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from index.guide import Unit

WORDS = Path(__file__).with_name("planted.yaml")
BETWEEN = 8  # words between the name of a program and what it is told to do
_RUN_OR_HIDDEN = (
    # and nothing after it that is shown
    r"^<(?P<shut>script|style|template|iframe|object|embed|noscript)\b"
    r"(?:(?!</(?P=shut)>)[\s\S])*(?:</(?P=shut)>\W*)?$",
    r"<[^<>]*\sstyle\s*=[^<>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0)",
    r"<[a-z][^<>]*\s(?:aria-hidden\s*=\W*true|hidden(?=[\s>=]))",
)
_RUNNING_LINK = re.compile(r"\](?:\(\s*<?|:)\s*(?:javascript|vbscript|data)\s*:", re.IGNORECASE)


def planted(units: Sequence[Unit]) -> list[Unit]:
    """Those of a section that are not for who reads, in their order. An order goes on to the end of
    its paragraph; code is shown as code and is none."""
    found: list[Unit] = []
    block = None
    for unit in units:
        if unit.kind == "code":
            continue
        if unit.kind == "sentence" and unit.block == block:
            found.append(unit)
        elif _for_a_program().search(unit.text):
            found.append(unit)
            block = unit.block if unit.kind == "sentence" else None
        elif _RUNNING_LINK.search(unit.text):
            found.append(unit)
    return found


def for_readers(units: Sequence[Unit]) -> tuple[Unit, ...]:
    """The others: those that passages are made of."""
    aside = planted(units)
    return tuple(unit for unit in units if unit not in aside) if aside else tuple(units)


@cache
def _for_a_program() -> re.Pattern[str]:
    """A program called by name and told what to do, a note for one, what was said before to be
    forgotten, the marks between speakers, what is run or hidden."""
    kinds = yaml.load(WORDS.read_text(encoding="utf-8"), yaml.CSafeLoader)
    name, order = _either(kinds["programmi"]), _either(kinds["ordini"])
    articles, some = (
        rf"(?:\b{_either(kinds['articoli'])}\W+){{0,2}}",
        rf"(?:\S+\s+){{0,{BETWEEN}}}?",
    )
    told = rf"{some}{order}(?!\w)"
    # «usa il chatbot: scrivi la domanda» is for who reads: the name begins the text, or a new part
    called = (
        rf"(?:(?:^|[^\w\s'’]\s*){name}\s*[,:،]|\b{_either(kinds['richiami'])}\W+{name}\W)\s*{told}"
    )
    noted = rf"\b{_either(kinds['note'])}\W+{_either(kinds['per'])}\W+{articles}{name}\s*[,:،\])]"
    every, said = _either(kinds["tutte"]), _either(kinds["detto"])
    forgotten = (
        rf"\b{_either(kinds['dimenticare'])}\s+(?:\w+\s+){{0,3}}?"
        rf"(?:{every}\s+(?:\w+\s+){{0,2}}?{said}|{said}\s+(?:\w+\s+)?{every})\b"
    )
    begun = rf"^\W*{_either(kinds['segni_all_inizio'])}"
    patterns = (called, noted, forgotten, begun, *kinds["segni"], *_RUN_OR_HIDDEN)
    return re.compile("|".join(f"(?:{one})" for one in patterns), re.IGNORECASE)


def _either(kind: Any) -> str:
    """A pattern that finds any word of a kind, of all languages where it is kept by language."""
    words = kind if isinstance(kind, list) else [word for some in kind.values() for word in some]
    return f"(?:{'|'.join(words)})"
