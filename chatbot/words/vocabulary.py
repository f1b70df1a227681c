"""What a snapshot knows of words: its vocabulary and the ways to write its terms."""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from chatbot.words.language import detect_language
from index.guide import Term
from index.network import NEUTRAL, Network
from index.publish.snapshot import Snapshot
from index.search.lexical import STOPWORDS, stem, words

_LONG_ENOUGH = 5  # letters under which a stem says little
MAX_WORDS = 6  # longest way of writing a term that is looked for
# Words of this length tell, and so many of them: of 32 questions in two languages that are mostly
# Italian 15 are read as such, of 940 in another one 5.
_TELLING, _FEW, _MOST = 3, 3, 0.6
_ACRONYM = re.compile(r"[A-Z][A-Za-z0-9]*[A-Z0-9][A-Za-z0-9]*")


@dataclass(frozen=True)
class Reference:
    """`vocabulary` counts the words of the passages and of the questions that lead to them;
    `stems` are theirs; `terms` maps every way of writing a term, as a tuple of words, to the term;
    `acronyms` are those written so; `network` is the snapshot's."""

    vocabulary: Mapping[str, int]
    stems: frozenset[str]
    terms: Mapping[tuple[str, ...], Term]
    acronyms: frozenset[str]
    network: Network = NEUTRAL

    @classmethod
    def of(cls, snapshot: Snapshot) -> Reference:
        # read now, not while somebody waits for an answer
        italian_words()
        detect_language("quali documenti servono?")
        texts = (text for p in snapshot.passages for text in (p.embedded, *p.questions))
        counts = Counter(words("\n".join(texts)))
        glossary = snapshot.glossary.terms if snapshot.glossary else ()
        terms: dict[tuple[str, ...], Term] = {}
        for term in glossary:
            for form in (term.term, *term.variants, term.expansion):
                key = tuple(words(form))
                if 0 < len(key) <= MAX_WORDS and key not in terms and not _too_common(key):
                    terms[key] = term
        acronyms = frozenset(words(term.term)[0] for term in glossary if is_acronym(term.term))
        return cls(counts, frozenset(stem(list(counts))), terms, acronyms, snapshot.network)

    def knows(self, word: str) -> bool:
        """Whether the passages or the Italian language have this word."""
        return (
            word in self.vocabulary
            or (word,) in self.terms
            or word in italian_words()
            or stem([word])[0] in self.stems
        )

    def mostly_italian(self, text: str) -> bool:
        """Whether most words of a text are Italian ones, or words of the guides: «can il ragazzo
        work part time», «WhatsApp link e-mail account login»."""
        told = [word for word in words(text) if len(word) >= _TELLING]
        known = sum(word in self.vocabulary or word in italian_words() for word in told)
        return len(told) >= _FEW and known >= _MOST * len(told)


def is_acronym(text: str) -> bool:
    """«CPI», «UniLav», «C3»: one word with two capitals or a capital and a digit."""
    return _ACRONYM.fullmatch(text.strip()) is not None


def _too_common(key: tuple[str, ...]) -> bool:
    return len(key) == 1 and (key[0] in STOPWORDS or len(key[0]) < 2)


@lru_cache(maxsize=1)
def italian_words() -> frozenset[str]:
    """Some 120,000 Italian forms of pyspellchecker: a word found here is no typing error. Its
    list is read as it is: the library's own object takes five times the memory."""
    path = files("spellchecker") / "resources" / "it.json.gz"
    return frozenset(json.loads(gzip.decompress(path.read_bytes())))


@lru_cache(maxsize=1)
def italian_stems() -> frozenset[str]:
    """The stems of those forms but the shortest: the list has not every form of a word."""
    return frozenset(stem([word for word in italian_words() if len(word) >= _LONG_ENOUGH]))
