"""Names that no phrase introduces: a word with a capital that neither Italian nor the map knows.

Most people talked about here have names that are not Italian words, and most words with a capital
in a question are Italian words or places. Who has an Italian name, and no phrase before it, is
not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from chatbot.privacy.names import NATIONALITY, NOT_NAMES, is_italian
from index.places import fold, municipalities

Found = tuple[int, int]

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*")
_BEGINS = re.compile(r"(?:^|[.?!:;\n«\"“(-])\s*$")  # of a sentence, before the word
_MIN, _MIN_SHOUTED, _ITALIAN_TEXT, _NEAR = 3, 4, 0.6, 8
# Countries, regions, towns, offices and firms, one a line.
_NOT_PEOPLE = Path(__file__).parent / "not_people.txt"
_ELISION = re.compile(r"(?:[ld]|un|(?:d[ae]|a|ne|su|que)ll|c|quest)['’]", re.IGNORECASE)
# Endings of Italian words that the list of words may lack, and that names do not have.
_ITALIAN_END = re.compile(
    r"\w{3,}(?:zion[ei]|ment[oi]|tor[ei]|tric[ei]|tori[oa]|ist[ai]|ità|mente|iat[oaie]|ari[oa]|[^\W\d_]{3}al[ei])"
)


def strangers(text: str) -> Iterator[Found]:
    """Where such names stand: the unknown words, with the capitals that stand beside them."""
    words = list(_WORD.finditer(text))
    italian = _share_of_italian(words) >= _ITALIAN_TEXT
    shouted = text.isupper()
    at = 0
    while at < len(words) and not shouted:
        run = _run(text, words, at)
        if any(_unknown(text, word, italian) for word in run) or _shouted(run):
            yield run[0].start(), run[-1].end()
        at += len(run) or 1


def _run(text: str, words: list[re.Match[str]], at: int) -> list[re.Match[str]]:
    """Words with a capital one after the other, particles between them too."""
    run: list[re.Match[str]] = []
    for word in words[at:]:
        if run and text[run[-1].end() : word.start()].strip(" "):
            break
        if not _may_be_name(text, word):
            break
        run.append(word)
    return run


def _may_be_name(text: str, word: re.Match[str]) -> bool:
    plain = _bare(word)
    if not plain or not plain[0].isupper():
        return False
    starts = bool(_BEGINS.search(text, max(0, word.start() - _NEAR), word.start()))
    return not _known(plain) and not (starts and is_italian(plain.lower()))


def _unknown(text: str, word: re.Match[str], italian: bool) -> bool:
    plain = _bare(word)
    lower = plain.lower()
    if len(plain) < _MIN or plain.isupper() or is_italian(lower) or _ITALIAN_END.fullmatch(lower):
        return False
    return italian or not _BEGINS.search(text, max(0, word.start() - _NEAR), word.start())


def _shouted(run: list[re.Match[str]]) -> bool:
    """Two long words in capitals that are not Italian: a name out of a form, not acronyms."""
    loud = [w.group() for w in run if w.group().isupper() and len(w.group()) >= _MIN_SHOUTED]
    return len(loud) > 1 and not any(is_italian(word.lower()) for word in loud)


def _known(word: str) -> bool:
    plain = word.lower()
    return (
        plain in NOT_NAMES
        or fold(plain) in _not_people()
        or NATIONALITY.fullmatch(plain) is not None
    )


@cache
def _not_people() -> frozenset[str]:
    """The words of the list, and each word of the names of the municipalities."""
    names = {word for name in municipalities() for word in re.split(r"[\s'-]", name)}
    return not_people() | names


@cache
def not_people() -> frozenset[str]:
    """Folded words with a capital that name no person: countries, towns, bodies, firms."""
    return frozenset(map(fold, _NOT_PEOPLE.read_text(encoding="utf-8").split()))


def _bare(word: re.Match[str]) -> str:
    """Without the article: «L'avv» is no word with a capital."""
    return _ELISION.sub("", word.group(), count=1) if _ELISION.match(word.group()) else word.group()


def _share_of_italian(words: list[re.Match[str]]) -> float:
    if not words:
        return 0.0
    return sum(is_italian(word.group().lower()) for word in words) / len(words)
