"""Names that no phrase introduces: a word with a capital that neither Italian nor the map knows;
in a text all in capitals any such word, in lower case one that begins a sentence and acts.

Most people talked about here have names that are not Italian words, and most words with a capital
in a question are Italian words or places. Who has an Italian name, and no phrase before it, is
not found.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from chatbot.privacy.names import is_italian, never_a_name
from chatbot.words.pack import italian, listed, pack
from chatbot.words.vocabulary import italian_stems
from index.letters import fold
from index.network import Network
from index.search.lexical import stem

Found = tuple[int, int]

REMEMBERED = 8  # networks whose words are kept at hand

_WORD = re.compile(r"[^\W\d_](?:[^\W\d_]|['’-](?=[^\W\d_]))*")
_BEGINS = re.compile(r"(?:^|[.?!:;\n«\"“(-])\s*$")  # of a sentence, before the word
_JOINS = frozenset(listed("names.joins", (pack("it"),)))
_DOES = re.compile(
    rf"(?:^|[.?!\n]\s+)(?P<name>(?=[a-z])[^\W\d_]+)\s+(?:{italian('names.acts')})\b", re.MULTILINE
)
_MIN_LOWER = 5
_MIN_STEM = 6  # letters: the stem of a shorter name may be that of a word
_MIN, _MIN_SHOUTED, _ITALIAN_TEXT, _NEAR = 3, 4, 0.6, 8
_ELISION = re.compile(rf"(?:{italian('names.elisions')})['’]", re.IGNORECASE)
# Endings of Italian words that the list of words may lack, and that names do not have.
_ITALIAN_END = re.compile(rf"\w{{3,}}(?:{italian('names.endings')})")


def strangers(text: str, network: Network, spoken: frozenset[str] = frozenset()) -> Iterator[Found]:
    """Where such names stand: the unknown words, with the capitals that stand beside them. In a
    text whose capitals say nothing no word of the guides (`spoken`) is one."""
    words = list(_WORD.finditer(text))
    italian = _share_of_italian(words) >= _ITALIAN_TEXT
    if text.isupper():
        for word in words if italian else ():
            if _foreign(word, network, _MIN_SHOUTED) and not _said(word, spoken):
                yield word.span()
        return
    at = 0
    while at < len(words):
        run = _run(text, words, at, network)
        if any(_unknown(text, word, italian) for word in run) or _shouted(run):
            yield from _joined(words, at, network)
            yield run[0].start(), run[-1].end()
        at += len(run) or 1
    for match in _DOES.finditer(text) if italian else ():
        name = _WORD.match(text, match.start("name"))
        if (
            name
            and _foreign(name, network, _MIN_LOWER)
            and not _misspelt(name.group())
            and not _said(name, spoken)
        ):
            yield name.span()


def _foreign(word: re.Match[str], network: Network, least: int) -> bool:
    """Whether neither Italian nor the network has a word, whatever its capitals."""
    lower = _bare(word).lower()
    return (
        len(lower) >= least
        and not is_italian(lower)
        and not _ITALIAN_END.fullmatch(lower)
        and not _known(lower, network)
        and not (len(lower) >= _MIN_STEM and stem([lower])[0] in italian_stems())
    )


def _said(word: re.Match[str], spoken: frozenset[str]) -> bool:
    """Whether the guides use a word of something else: «QUALIFICHE», «UNILAV»."""
    return bool({word.group().lower(), _bare(word).lower()} & spoken)


def _joined(words: list[re.Match[str]], at: int, network: Network) -> Iterator[Found]:
    """«Fatima» of «Fatima e Omar», though it begins the sentence."""
    if at < 2 or words[at - 1].group() not in _JOINS:
        return
    before = words[at - 2]
    if before.group()[0].isupper() and _foreign(before, network, _MIN):
        yield before.span()


@lru_cache(maxsize=1024)
def _misspelt(word: str) -> bool:
    """Whether a letter more, less or other makes an Italian word of it."""
    letters = "abcdefghijklmnopqrstuvwxyzàèéìòù"
    for at in range(len(word) + 1):
        head, tail = word[:at], word[at:]
        if tail and is_italian(head + tail[1:]):
            return True
        for letter in letters:
            if is_italian(head + letter + tail) or (tail and is_italian(head + letter + tail[1:])):
                return True
    return False


def _run(text: str, words: list[re.Match[str]], at: int, network: Network) -> list[re.Match[str]]:
    """Words with a capital one after the other, particles between them too."""
    run: list[re.Match[str]] = []
    for word in words[at:]:
        if run and text[run[-1].end() : word.start()].strip(" "):
            break
        if not _may_be_name(text, word, network):
            break
        run.append(word)
    return run


def _may_be_name(text: str, word: re.Match[str], network: Network) -> bool:
    plain = _bare(word)
    if not plain or not plain[0].isupper():
        return False
    starts = bool(_BEGINS.search(text, max(0, word.start() - _NEAR), word.start()))
    return not _known(plain, network) and not (starts and is_italian(plain.lower()))


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


def _known(word: str, network: Network) -> bool:
    plain = word.lower()
    return never_a_name(plain, network) or fold(plain) in _not_people(network)


@lru_cache(maxsize=REMEMBERED)
def _not_people(network: Network) -> frozenset[str]:
    """Countries, regions, towns, bodies and firms that the network lists, folded, and each word of
    the names of its municipalities."""
    known = network.places.municipalities
    return network.not_people | {word for name in known for word in re.split(r"[\s'-]", name)}


def _bare(word: re.Match[str]) -> str:
    """Without the article: «L'avv» is no word with a capital."""
    return _ELISION.sub("", word.group(), count=1) if _ELISION.match(word.group()) else word.group()


def _share_of_italian(words: list[re.Match[str]]) -> float:
    if not words:
        return 0.0
    return sum(is_italian(word.group().lower()) for word in words) / len(words)
