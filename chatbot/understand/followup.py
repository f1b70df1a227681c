"""Follow-ups: a question that needs the turns before it gets their topic; a new topic drops it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from chatbot.question import Turn
from chatbot.understand.named import REMEMBERED
from chatbot.understand.places import place_at
from chatbot.words.pack import either, italian
from index.network import Network
from index.phrases import any_of, plain
from index.search.lexical import STOPWORDS, words

FEW_WORDS = 2  # telling words under which a question hardly has a topic of its own
SOME_WORDS = 5  # up to which a cue makes it a follow-up
LAST_TURNS = 4  # of who asks, in which a topic is looked for: each is read again
_CUE = re.compile(rf"^({either('goes_on')})\b|\b({either('points_back')})\b", re.IGNORECASE)
_ARTICLES = r"(?:un |una |i |gli |le |il |la |lo |l' ?|per )*"
_WHERE = re.compile(r"\b(?:a|ad|di|in|per|da) (?=\w)", re.IGNORECASE)
_WHEN = re.compile(
    rf"\b(domanda|richiesta)? ?(di|a|ad|da|nel|in) ({italian('months')})( 20\d\d)?\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=REMEMBERED)
def _persons(network: Network) -> re.Pattern[str]:
    """Who has a title of stay, in the language of the guides."""
    said = [p for title in network.titles for p in title.phrases.get(network.language, ())]
    also = [p for title in network.titles for p in title.also]
    return re.compile(rf"\b{_ARTICLES}{any_of([*said, *also])}")


# Whether a text goes on from the topic before it.
Follows = Callable[[str, str], bool]


def by_words(topic: str, text: str) -> bool:
    """Where nothing was learnt: a text without a topic of its own goes on from the one before."""
    return needs_topic(text)


def with_topic(
    text: str, history: Sequence[Turn], network: Network, follows: Follows = by_words
) -> str:
    """`text` as it is when it stands alone; otherwise with the topic of the turns before it,
    without what `text` itself puts in another's place."""
    topic = ""
    for said in [turn.text for turn in history if turn.role == "user"][-LAST_TURNS:]:
        topic = _join(topic, said, network, follows)
    return _join(topic, text, network, follows)


def _join(topic: str, text: str, network: Network, follows: Follows) -> str:
    if not topic or not follows(topic, text):
        return text
    kept = topic
    for slot in SLOTS:
        if slot(text, network):
            for start, end in reversed(slot(kept, network)):
                kept = f"{kept[:start]} {kept[end:]}"
    return " ".join(f"{kept.rstrip(' ?.!')} {text}".split())


Span = tuple[int, int]


def _said_persons(text: str, network: Network) -> list[Span]:
    return [match.span() for match in _persons(network).finditer(plain(text))]


def _said_places(text: str, network: Network) -> list[Span]:
    """«a Cuneo», «per il Biellese» without its article: where a place of the network follows."""
    found = []
    for match in _WHERE.finditer(text):
        length = place_at(text[match.end() :], network)
        if length:
            found.append((match.start(), match.end() + length))
    return found


def _said_dates(text: str, network: Network) -> list[Span]:
    return [match.span() for match in _WHEN.finditer(text)]


# What one turn may put in the place of another: naming one drops the others from the topic.
SLOTS: tuple[Callable[[str, Network], list[Span]], ...] = (
    _said_persons, _said_places, _said_dates,
)  # fmt: skip


def needs_topic(text: str) -> bool:
    """Whether a question has too few words of its own, or says that it goes on from another."""
    telling = [w for w in words(text) if w not in STOPWORDS]
    if len(telling) <= FEW_WORDS:
        return True
    return len(telling) <= SOME_WORDS and bool(_CUE.search(text.strip()))


# Few telling words, a cue, how near the two texts are, how near the text alone is to a question
# that guides answer, and how much nearer with its topic; whether the topic has most of its words.
FOLLOW_SIGNS = ("few", "fewest", "telling", "cue", "near", "alone", "gained", "foreign")


def follow_signs(
    text: str, vectors: NDArray[np.float32], questions: NDArray[np.float32], foreign: bool
) -> NDArray[np.float32]:
    """(8,) a value for each of FOLLOW_SIGNS. `vectors` (3, d) are those of the topic, of the text
    and of both together; `questions` (q, d) those that lead to passages."""
    telling = len([w for w in words(text) if w not in STOPWORDS])
    topic, own, both = vectors
    alone = float((questions @ own).max(initial=0.0))
    gained = float((questions @ both).max(initial=0.0)) - alone
    values = (
        telling <= SOME_WORDS, telling <= FEW_WORDS, min(telling, 12) / 12,
        bool(_CUE.search(text.strip())), float(topic @ own), alone, gained, foreign,
    )  # fmt: skip
    return np.array(values, dtype=np.float32)
