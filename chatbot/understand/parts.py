"""A long question told apart: what is asked, sentence by sentence, without what is told before."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.parse.sentences import ABBREVIATIONS
from index.search.lexical import STOPWORDS, words

MAX_ASKS = 3  # things asked that are answered one by one
FEW_WORDS = 3  # telling words under which a sentence is no question of its own
_END = re.compile(r"(?<=[?!.…؟])[»\"”)]*\s+|\n+")
_ASKS = ("?", "؟")
_LAST_WORD = re.compile(r"[^\s(«\"'’]+$")
_LONGEST = 20  # characters looked at before a full stop
_GO_ON = ABBREVIATIONS - {"ecc", "etc"}  # after which a sentence goes on: «art. 22»


def asked_parts(text: str) -> tuple[str, ...]:
    """The things that `text` asks, at most MAX_ASKS, in its order: its sentences with a question
    mark, those of few words with the one before; without any, the whole text. A text that asks one
    thing and tells nothing else is its own part."""
    said = list(sentences(text.strip()))
    asking = [n for n, sentence in enumerate(said) if _asks(sentence)]
    if not asking:
        return (text.strip(),)
    parts: list[str] = []
    for n in asking:
        if parts and _telling(said[n]) < FEW_WORDS:
            parts[-1] = f"{parts[-1]} {said[n]}"
        else:
            parts.append(_with_support(said, n))
    return tuple(_merged(parts))


def sentences(text: str) -> Iterator[str]:
    """The sentences of `text`, each with the mark that ends it."""
    start = 0
    for match in _END.finditer(text):
        if not _goes_on(text, match.start()):
            yield text[start : match.end()].strip()
            start = match.end()
    if text[start:]:
        yield text[start:]


def _goes_on(text: str, end: int) -> bool:
    """Whether what ends there with a full stop is an abbreviation."""
    word = _LAST_WORD.search(text[max(0, end - _LONGEST) : end - 1])
    return text[end - 1] == "." and word is not None and word.group().lower() in _GO_ON


def _asks(sentence: str) -> bool:
    """Whether a question mark ends it; quotes, other marks and faces may stand after that."""
    last = next((c for c in reversed(sentence) if c in _ASKS or c.isalnum()), "")
    return last in _ASKS


def _with_support(said: Sequence[str], n: int) -> str:
    """A question of few words («Che faccio?») leans on the sentence before it."""
    if n and _telling(said[n]) < FEW_WORDS:
        return f"{said[n - 1]} {said[n]}"
    return said[n]


def _merged(parts: Sequence[str]) -> list[str]:
    """At most MAX_ASKS parts: what comes after them goes with the last one."""
    return [*parts[: MAX_ASKS - 1], *([" ".join(parts[MAX_ASKS - 1 :])] if parts[2:] else [])]


def _telling(sentence: str) -> int:
    return sum(word not in STOPWORDS for word in words(sentence))
