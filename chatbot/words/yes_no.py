"""«Sì» and «no»: whether a question asks for one, and whether a text begins with one.

Answers written by hand begin with «Sì» or «No» where that was asked, and hardly ever where it was
not: of two passages near a question, the one that opens as an answer to it is the likelier.
"""

from __future__ import annotations

import re

from chatbot.words.pack import italian

_AND = rf"(?:(?:{italian('whether.also')})\s+)?"
_TO = rf"(?:(?:{italian('whether.to')})\s+)?"
_WHICH = rf"(?:(?:{italian('whether.which')})\b|(?:{italian('whether.elided')})['’])"
_PRONOUN = rf"(?:non\s+)?(?:(?:{italian('whether.pronoun')})\s+)?"
_VERB = rf"(?:{italian('whether.verb')})\b"
_BEGINS = re.compile(_AND + _TO + _WHICH, re.IGNORECASE)
_GOES_ON = re.compile(rf"[,;:]\s*{_AND}{_TO}{_WHICH}", re.IGNORECASE)
_VERB_FIRST = re.compile(_AND + _PRONOUN + _VERB, re.IGNORECASE)
_VERB_NEXT = re.compile(rf",\s*{_AND}{_PRONOUN}{_VERB}", re.IGNORECASE)
# «che» inside is mostly no question, nor is «come ad esempio»
_INSIDE = re.compile(rf"\b(?:{italian('whether.inside')})\b", re.IGNORECASE)
_SENTENCES = re.compile(r"(?<=[?!.])\s+")
# «Sì, …», «Sì per due pratiche: …», «si, …», «Di regola no: …», «In banca sì: …»
_ANSWER = italian("whether.answers")
_OPENING = re.compile(
    rf"\W*(?:(?:{_ANSWER})\b|si[,.;:!]|(?:\w+ ){{1,3}}(?:{_ANSWER}):)", re.IGNORECASE
)


def asks_whether(question: str) -> bool | None:
    """Whether an Italian question asks for a yes or a no; False when it asks for something else
    (too), None when its form does not tell («costo tessera»)."""
    sentences = [s.strip(' «»"“”') for s in _SENTENCES.split(question.strip())]
    asked = [s for s in sentences if s.endswith("?")] or sentences[-1:]
    told = {_sentence_asks_whether(sentence) for sentence in asked}
    return False if False in told else True if True in told else None


def _sentence_asks_whether(sentence: str) -> bool | None:
    if _BEGINS.match(sentence) or _GOES_ON.search(sentence):
        return False
    if _VERB_FIRST.match(sentence):
        return True
    if _INSIDE.search(sentence):
        return False
    return True if sentence.endswith("?") or _VERB_NEXT.search(sentence) else None


def says_whether(text: str) -> bool:
    """Whether a text begins with «Sì» or «No»."""
    return _OPENING.match(text) is not None


def after_whether(text: str) -> str:
    """`text` without the «Sì» or the «No» that it begins with."""
    found = _OPENING.match(text)
    return text[found.end() :].lstrip(" ,:;.!") if found else text
