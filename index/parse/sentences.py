"""Where an Italian sentence ends, with the abbreviations of laws and addresses."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

# In lower case, without the final full stop.
ABBREVIATIONS: frozenset[str] = frozenset(
    short
    for group in yaml.load(
        Path(__file__).with_name("abbreviations.yaml").read_text(encoding="utf-8"), yaml.CSafeLoader
    ).values()
    for short in group
)
_END = re.compile(r"[.!?…]+[»”\"')\]]*(?=\s+)")
_WORD_BEFORE = re.compile(r"[^\s(«\"'“\[]+$")
_TWO_WORDS = re.compile(r"\S\s+\S")
_NEXT = re.compile(r"\s*(\S?)")
LONGEST_WORD = 60  # characters looked at before a full stop


def sentence_ends(text: str) -> list[int]:
    """Offsets in `text` just after each sentence but the last, ascending.

    A full stop ends no sentence after a known abbreviation or a lone initial, before a
    lower-case letter, or inside parentheses or guillemets, if they are closed. «Sì.» and «No.»
    stay with what follows: alone they answer nothing. The time taken grows with the length, not
    with its square.
    """
    ends, start, counted, opened = [], 0, 0, 0
    never_closed = set(unclosed(text, "()")) | set(unclosed(text, "«»"))
    for match in _END.finditer(text):
        stop, end = match.span()
        opened += sum(text[at] in "(«" and at not in never_closed for at in range(counted, end))
        opened -= sum(text.count(c, counted, end) for c in ")»")
        counted = end
        one_word = not _TWO_WORDS.search(text, start, end)
        if not one_word and opened <= 0 and _ends_sentence(text, stop, end):
            start = end
            ends.append(start + (text[start : start + 1] == " "))
    return ends


def unclosed(text: str, pair: str) -> list[int]:
    """Where in `text` the first of a pair of signs stands without the second after it."""
    waiting: list[int] = []
    for match in re.finditer(f"[{re.escape(pair)}]", text):
        if match.group() == pair[0]:
            waiting.append(match.start())
        elif waiting:
            waiting.pop()
    return waiting


def _ends_sentence(text: str, stop: int, end: int) -> bool:
    following = _NEXT.match(text, end)
    after = following.group(1) if following else ""
    if not after or after.islower():
        return False
    if text[stop] != "." or text[stop:end].startswith(".."):
        return True
    before = _WORD_BEFORE.search(text[max(0, stop - LONGEST_WORD) : stop])
    if before is None:
        return True
    word = before.group().lower()
    if word in ABBREVIATIONS and not _closes_reference(word, after):
        return False
    return not (len(word) == 1 and word.isalpha() and after.isalpha())


def _closes_reference(word: str, after: str) -> bool:
    """«… ecc. Poi …» ends the sentence, «art. 22», «d.lgs. 142» and «l. 47» do not."""
    return word in {"ecc", "etc", "s.r.l", "s.p.a", "es"} and after.isupper()


def split_sentences(text: str) -> list[str]:
    """The sentences of `text`, stripped, none empty."""
    pieces, start = [], 0
    for end in [*sentence_ends(text), len(text)]:
        piece = text[start:end].strip()
        if piece:
            pieces.append(piece)
        start = end
    return pieces
