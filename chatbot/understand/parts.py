"""A long question told apart: what is asked, sentence by sentence, without what is told before."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.search.lexical import STOPWORDS, words

MAX_ASKS = 3  # things asked that are answered one by one
FEW_WORDS = 3  # telling words under which a sentence is no question of its own
_END = re.compile(r"(?<=[?!.…؟])[»\"”)]*\s+|\n+")
_ASKS = ("?", "؟")


def asked_parts(text: str) -> tuple[str, ...]:
    """The things that `text` asks, at most MAX_ASKS, in its order: its sentences with a question
    mark, those of few words with the one before; without any, the whole text. A text that asks one
    thing and tells nothing else is its own part."""
    sentences = [s.strip() for s in _END.split(text.strip()) if s.strip()]
    asking = [n for n, s in enumerate(sentences) if s.rstrip('»"”) ').endswith(_ASKS)]
    if not asking:
        return (text.strip(),)
    parts: list[str] = []
    for n in asking:
        if parts and _telling(sentences[n]) < FEW_WORDS:
            parts[-1] = f"{parts[-1]} {sentences[n]}"
        else:
            parts.append(_with_support(sentences, n))
    return tuple(_merged(parts))


def _with_support(sentences: Sequence[str], n: int) -> str:
    """A question of few words («Che faccio?») leans on the sentence before it."""
    if n and _telling(sentences[n]) < FEW_WORDS:
        return f"{sentences[n - 1]} {sentences[n]}"
    return sentences[n]


def _merged(parts: Sequence[str]) -> list[str]:
    """At most MAX_ASKS parts: what comes after them goes with the last one."""
    return [*parts[: MAX_ASKS - 1], *([" ".join(parts[MAX_ASKS - 1 :])] if parts[2:] else [])]


def _telling(sentence: str) -> int:
    return sum(word not in STOPWORDS for word in words(sentence))
