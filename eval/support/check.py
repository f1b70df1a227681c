"""Whether a sentence says only what some units say: the check for words that are not the guides'.

It looks at what changes a meaning (numbers, negations, conditions, before and after) and asks for
each of them in the units; and at every word that carries meaning. It knows no synonyms: it rather
drops a sentence that was true than lets one through that was not. Italian alone; nothing in the
service uses it, because what it misses is too much: docs/adr/0025-no-phrasing-without-a-check.md.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from chatbot.words.pack import read_pack
from index.letters import fold
from index.search.lexical import numbers, terms

# Each of these in a sentence asks for one of its own class in the units.
_MARKED = ("only", "except", "if", "all", "even", "before", "after", "within", "most", "least",
           "must", "without")  # fmt: skip
_CLAUSE = re.compile(r"[,;:.()]+\s|[.?!]$")


def unsupported(sentence: str, units: Sequence[str]) -> str:
    """Why the sentence is not supported by the units, in a word; empty where it is."""
    said, text = fold(sentence), fold("\n".join(units))
    added = _figures(said) - _figures(text)
    if added:
        return "numero"
    for name in _MARKED:
        if _holds(name, said) and not _holds(name, text):
            return name
    if not _order(said, text):
        return "ordine"
    if _marks("may").search(said) and _marks("must").search(text) and not _may_in(text):
        return "may"
    if _unknown(sentence, units):
        return "parola"
    return "" if _same_polarity(said, text) else "negazione"


def _may_in(text: str) -> bool:
    return _marks("may").search(text) is not None


def _holds(name: str, text: str) -> bool:
    """Whether a folded text has a mark of this class; «anche se» is of `even`, and no `if`."""
    return _marks(name).search(text if name == "even" else _marks("even").sub("", text)) is not None


def _order(said: str, text: str) -> bool:
    """Whether what comes before or after what, and what is without, is as the units have it: the
    word that follows the mark follows it there too, where it is there at all."""
    known = set(terms(text))
    for name in ("before", "after", "without"):
        there = _followers(name, text)
        if any(
            word not in there and (word in known or word.endswith(name))
            for word in _followers(name, said)
        ):
            return False
    lacking = _followers("without", text)
    return all(word in _followers("without", said) for word in lacking & set(terms(said)))


def _followers(name: str, text: str) -> set[str]:
    """The first word with a meaning after each mark of a class, and the number before it."""
    found: set[str] = set()
    for mark in _marks(name).finditer(text):
        found.update(terms(" ".join(text[mark.end() :].split()[:4]))[:1])
        before = text[: mark.start()].split()[-2:]
        found.update(f"{n} {name}" for n in _figures(" ".join(before)))
    return found


@cache
def _words() -> Any:
    return read_pack(Path(__file__).with_name("it.yaml"))


@cache
def _marks(name: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(_words()[name])})\b")


def _figures(text: str) -> set[str]:
    """The numbers of a folded text, written in digits or in letters, each part of one too."""
    whole = numbers(text)
    parts = {part for number in whole for part in number.split("-")}
    spelt = {str(n) for word, n in _words()["numbers"].items() if re.search(rf"\b{word}\b", text)}
    return parts | set(whole) | spelt


def _unknown(sentence: str, units: Sequence[str]) -> set[str]:
    """The words that carry meaning, as stems, which no unit has."""
    known = set(terms(" ".join(units)))
    neutral = set(_words()["neutral"])
    marks = {
        stem for name in ("negation", *_MARKED, "may") for stem in _stems_marked(name, sentence)
    }
    spelt = set(terms(" ".join(_words()["numbers"])))
    return set(terms(sentence)) - known - neutral - marks - spelt


def _stems_marked(name: str, sentence: str) -> set[str]:
    """The stems of the words that are looked at as marks, and so not as words."""
    return set(terms(" ".join(_marks(name).findall(fold(sentence)))))


def _same_polarity(said: str, text: str) -> bool:
    """Whether each clause of the sentence is denied where the clause that it is nearest to is."""
    clauses = [(set(terms(part)), _denied(part)) for part in _clauses(text)]
    for part in _clauses(said):
        stems = set(terms(part))
        shared = [(len(stems & own), denied) for own, denied in clauses]
        most = max((count for count, _ in shared), default=0)
        if most and _denied(part) not in {denied for count, denied in shared if count == most}:
            return False
    return True


def _clauses(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if part.strip()]


def _denied(text: str) -> bool:
    """Two negations in a clause are one in Italian: «non … nessuno»."""
    return _marks("negation").search(text) is not None
