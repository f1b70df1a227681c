"""Follow-ups: a question that needs the turns before it gets their topic; a new topic drops it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from chatbot.question import Turn
from chatbot.understand.kept import kept_question
from chatbot.understand.slots import SLOTS, without
from chatbot.words.pack import either
from index.network import Network
from index.search.lexical import STOPWORDS, words

FEW_WORDS = 2  # telling words under which a question hardly has a topic of its own
SOME_WORDS = 5  # up to which a cue makes it a follow-up
LAST_TURNS = 4  # of who asks, in which a topic is looked for: each is read again
_CUE = re.compile(rf"^({either('goes_on')})\b|\b({either('points_back')})\b", re.IGNORECASE)

# Whether a text goes on from the topic before it.
Follows = Callable[[str, str], bool]


def by_words(topic: str, text: str) -> bool:
    """Where nothing was learnt: a text without a topic of its own goes on from the one before."""
    return needs_topic(text)


def topic_of(history: Sequence[Turn], network: Network, follows: Follows = by_words) -> str:
    """What the turns before were about, empty where there are none."""
    topic = ""
    for said in [turn.text for turn in history if turn.role == "user"][-LAST_TURNS:]:
        topic = joined(topic, said, network, follows)
    return topic


def joined(topic: str, text: str, network: Network, follows: Follows = by_words) -> str:
    """The question of `topic` with what `text` puts in the place of its object; else `text` with
    the topic it goes on from, without what `text` itself puts in another's place."""
    if not topic:
        return text
    if kept := kept_question(topic, text, network):
        return kept
    if not follows(topic, text):
        return text
    left = topic
    for slot in SLOTS:
        if slot(text, network):
            left = without(left, slot(left, network))
    return " ".join(f"{left.rstrip(' ?.!')} {text}".split())


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
