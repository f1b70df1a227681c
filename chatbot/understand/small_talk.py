"""Hello, thanks, «chi sei?», insults: messages that ask nothing of the guides."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import yaml

from index.letters import fold

FILE = Path(__file__).parent.parent / "words" / "small_talk.yaml"
LONGEST = 20  # words of a message that may be talk alone
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@cache
def _known(said: str, beside: str) -> tuple[frozenset[tuple[str, ...]], frozenset[str]]:
    """Phrases of a kind as tuples of words, and the words that may stand beside them, of all
    languages: folded."""
    kept = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    phrases = {tuple(_words(str(p))) for words in kept.values() for p in words[said]}
    fillers = {w for words in kept.values() for f in words[beside] for w in _words(str(f))}
    return frozenset(phrases), frozenset(fillers)


def is_small_talk(text: str) -> bool:
    """Whether a message is made of courtesy and talk alone: of known phrases and fillers, with one
    phrase at least, or of no word at all («👍»)."""
    words = _words(text)
    if len(words) > LONGEST:
        return False
    if not words:
        return not any(char.isdigit() for char in text)
    return _made_of(words, *_known("phrases", "fillers"))


def says_yes(text: str) -> bool:
    """Whether a message does nothing but accept what was offered: «sì grazie», «ok, dimmi»."""
    words = _words(text)
    return 0 < len(words) <= LONGEST and _made_of(words, *_known("accepts", "beside_accepts"))


def _made_of(
    words: list[str], phrases: frozenset[tuple[str, ...]], fillers: frozenset[str]
) -> bool:
    """Whether words are all of phrases and fillers, with one phrase at least."""
    longest = max(map(len, phrases))
    at, said = 0, False
    while at < len(words):
        size = next(
            (n for n in range(longest, 0, -1) if tuple(words[at : at + n]) in phrases), 0
        )  # fmt: skip
        if not size and words[at] not in fillers:
            return False
        said |= bool(size)
        at += size or 1
    return said


def _words(text: str) -> list[str]:
    """Folded words; what is written long («ciaooo») is cut to one letter."""
    plain = re.sub(r"([^\W\d_])\1{2,}", r"\1", fold(text).replace("’", "'"))
    return [part for word in _WORD.findall(plain) for part in [word]]
