"""Phrases as an editor writes them, and the regular expressions they stand for.

`*` is the rest of a word, `(a|b)` one of two, `[a]` what may be missing, `#` a digit; an
apostrophe may have a blank after it. Between slashes stands a regular expression as it is.
Capitals and accents count for nothing: `plain` takes them from phrases and texts alike.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from index.letters import strip_accents

NEVER = r"(?!)"  # what no phrases find
_FOLDED = str.maketrans("أإآ’", "ااا'")
_SIGNS = {
    "*": r"\w*",
    "(": "(?:",
    ")": ")",
    "[": "(?:",
    "]": ")?",
    "|": "|",
    "#": r"\d",
    "'": "' ?",
}


def plain(text: str) -> str:
    """`text` in lower case, without accents, with plain apostrophes."""
    return strip_accents(text.lower()).translate(_FOLDED)


def any_of(phrases: Iterable[str]) -> str:
    """The regular expression of whole words that finds any of the phrases, tried in their order;
    where there are none it finds nothing."""
    found = "|".join(map(pattern_of, phrases))
    return rf"(?<!\w)(?:{found})(?!\w)" if found else NEVER


def pattern_of(phrase: str) -> str:
    """The regular expression of one phrase. Raises ValueError with what is wrong, in Italian."""
    if len(phrase) > 2 and phrase.startswith("/") and phrase.endswith("/"):
        pattern = strip_accents(phrase[1:-1])
    else:
        pattern = "".join(_pieces(plain(phrase)))
    try:
        re.compile(pattern)
    except re.error as error:
        raise ValueError(f"«{phrase}» non si legge come frase ({error.msg})") from None
    if re.fullmatch(pattern, ""):
        raise ValueError(f"«{phrase}» non contiene parole che non possano mancare")
    return pattern


def _pieces(phrase: str) -> Iterator[str]:
    """The words of a phrase; one that may be missing takes its blank with it."""
    begins = True
    for word in _words(phrase):
        found = "".join(_SIGNS.get(sign, re.escape(sign)) for sign in word)
        missing = word.startswith("[") and word.find("]") == len(word) - 1
        if missing:
            core = found.removesuffix("?")
            yield f"(?:{core} )?" if begins else f"(?: {core})?"
        else:
            yield found if begins else f" {found}"
        begins = begins and missing


def _words(phrase: str) -> Iterator[str]:
    """`phrase` cut at the blanks that stand in no bracket."""
    depth, word = 0, ""
    for sign in phrase.strip():
        depth += (sign in "([") - (sign in ")]")
        if sign == " " and depth <= 0:
            yield word
            word = ""
        else:
            word += sign
    yield word
