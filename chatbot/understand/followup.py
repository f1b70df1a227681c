"""Follow-ups: a question that needs the turns before it gets their topic; a new topic drops it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.question import Turn
from index.search.lexical import STOPWORDS, words

FEW_WORDS = 2  # telling words under which a question hardly has a topic of its own
SOME_WORDS = 5  # up to which a cue makes it a follow-up
_CUE = re.compile(
    r"^(e|ed|ma|o|oppure|invece|quindi|allora|però|and|but|et|mais|y|pero)\b|"
    r"\b(lui|lei|loro|questo|questa|quello|quella|lì|ci vuole|ne ha|anche a|stesso|stessa|"
    r"altrimenti|in quel caso|in questo caso|se invece|dopo|"
    r"(lo|la|li) (può|possono|deve|devono|fa|fanno))\b",
    re.IGNORECASE,
)
# What one turn may put in the place of another: naming one drops the others from the topic.
_SLOTS = (
    r"(un |una |i |gli |le |il |la |lo |l'|per )*(richiedent\w+( asilo)?|rifugiat\w+|sussidiari\w*|"
    r"protezione (speciale|sussidiaria|temporanea|internazionale)|asilo politico|titolar\w+|"
    r"minor\w+( non accompagnat\w+| sol\w)?|msna|neomaggiorenn\w+|ucrain\w+|casi speciali|"
    r"turist\w+)",
    r"(a|di|in|per) (torino|cuneo|novara|asti|alessandria|biella|vercelli|verbania|piemonte|ivrea|"
    r"alba|bra|saluzzo|pinerolo|moncalieri)",
    r"(domanda|richiesta)? ?(di|a|ad|da|nel|in) (gennaio|febbraio|marzo|aprile|maggio|giugno|"
    r"luglio|agosto|settembre|ottobre|novembre|dicembre)( 20\d\d)?",
)


def with_topic(text: str, history: Sequence[Turn]) -> str:
    """`text` as it is when it stands alone; otherwise with the topic of the turns before it,
    without what `text` itself puts in another's place."""
    topic = ""
    for turn in history:
        if turn.role == "user":
            topic = _join(topic, turn.text)
    return _join(topic, text)


def _join(topic: str, text: str) -> str:
    if not topic or not needs_topic(text):
        return text
    kept = topic
    for slot in _SLOTS:
        if re.search(rf"\b{slot}\b", text, re.IGNORECASE):
            kept = re.sub(rf"\b{slot}\b", " ", kept, flags=re.IGNORECASE)
    return " ".join(f"{kept.rstrip(' ?.!')} {text}".split())


def needs_topic(text: str) -> bool:
    """Whether a question has too few words of its own, or says that it goes on from another."""
    telling = [w for w in words(text) if w not in STOPWORDS]
    if len(telling) <= FEW_WORDS:
        return True
    return len(telling) <= SOME_WORDS and bool(_CUE.search(text.strip()))
