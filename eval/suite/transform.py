"""The same cases as hurried people type them: seeded transformations.

A transformation changes only the questions; a case that it leaves as it was is left out.
"""

from __future__ import annotations

import random
import re
import string
from collections.abc import Callable, Iterable

from eval.suite.case import Case
from index.guide import Term
from index.search.lexical import STOPWORDS, strip_accents

# Small words without which a telegram means the opposite or nothing.
_KEPT = frozenset({"non", "senza", "no", "chi", "cosa", "quando", "quanto", "quanti", "dove"})
_WORD = re.compile(r"[^\W\d_]{5,}")
_TOKEN = re.compile(r"[^\W_]+(?:[.-][^\W_]+)*")
# Keys beside each letter on an Italian keyboard, for substitutions that fingers make.
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")

_FIRST_NAMES = ("Amadou", "Blessing", "Fatoumata", "Mohammad", "Olena", "Samuel", "Yusuf", "Zahra")
_LAST_NAMES = ("Ahmadi", "Diallo", "Hussain", "Kovalenko", "Okafor", "Rahman", "Tesfay", "Traoré")
_ABOUT = ("Il signor {name}: {text}", "la signora {name}: {text}", "{text} Si chiama {name}.",
          "per il sig. {name}, {text}", "L'utente {name} chiede: {text}")  # fmt: skip

Transform = Callable[[str, random.Random], str]


def typos(text: str, dice: random.Random) -> str:
    """One error in one word of five letters or more for every six words: transposition,
    omission, repetition or a neighbouring key, the kinds that make up 80 % of typing errors
    (Damerau 1964). First letters, numbers and acronyms are spared."""
    words = [match for match in _WORD.finditer(text) if not match.group().isupper()]
    chosen = dice.sample(words, min(len(words), 1 + len(text.split()) // 6))
    for match in sorted(chosen, key=lambda match: -match.start()):
        text = text[: match.start()] + _typo(match.group(), dice) + text[match.end() :]
    return text


def no_accents(text: str, dice: random.Random) -> str:
    """«perché» → «perche», as on a keyboard without accents."""
    return strip_accents(text)


def no_punctuation(text: str, dice: random.Random) -> str:
    """Every mark away, apostrophes to blanks: «l'azienda?» → «l azienda»."""
    marks = string.punctuation + "«»“”‘’…–—"
    return " ".join(text.translate(str.maketrans(marks, " " * len(marks))).split())


def upper_case(text: str, dice: random.Random) -> str:
    """All in capitals."""
    return text.upper()


def telegraphic(text: str, dice: random.Random) -> str:
    """Only the words that carry meaning, negations and question words included."""
    tokens = _TOKEN.findall(text)
    kept = [word for word in tokens if word.lower() not in STOPWORDS or word.lower() in _KEPT]
    return " ".join(kept) if len(kept) >= 2 else text


def with_name(text: str, dice: random.Random) -> str:
    """About somebody by name, as the person at the desk is: the answer does not change. Names
    are common ones, put together by chance."""
    name = f"{dice.choice(_FIRST_NAMES)} {dice.choice(_LAST_NAMES)}"
    return dice.choice(_ABOUT).format(name=name, text=text)


def swap_acronyms(terms: Iterable[Term]) -> Transform:
    """Acronyms of the glossary to their expansion, and expansions to the acronym."""
    pairs = [(term.term, term.expansion.rstrip(".")) for term in terms if _is_acronym(term.term)]
    forms = {short.lower(): long for short, long in pairs}
    forms |= {long.lower(): short for short, long in pairs if len(long.split()) > 1}
    if not forms:
        return lambda text, dice: text
    ordered = sorted(forms, key=len, reverse=True)
    pattern = re.compile(rf"(?<!\w)({'|'.join(map(re.escape, ordered))})(?!\w)", re.IGNORECASE)
    return lambda text, dice: pattern.sub(lambda match: forms[match.group().lower()], text)


def transforms(terms: Iterable[Term] = ()) -> dict[str, Transform]:
    """Every transformation by the name that evaluators read."""
    return {
        "refusi": typos,
        "senza-accenti": no_accents,
        "senza-punteggiatura": no_punctuation,
        "maiuscolo": upper_case,
        "telegrafica": telegraphic,
        "sigle-scambiate": swap_acronyms(terms),
        "con-nome": with_name,
    }


def transformed(cases: Iterable[Case], name: str, transform: Transform, seed: int = 0
                ) -> tuple[Case, ...]:  # fmt: skip
    """The cases that the transformation changes, changed. Same seed, same text: each case has
    dice of its own, so that adding a case does not change the others."""
    found = []
    for case in cases:
        dice = random.Random(f"{seed} {name} {case.id}")
        turns = tuple(transform(turn, dice) for turn in case.turns)
        if turns != case.turns:
            found.append(case.model_copy(update={"turns": turns}))
    return tuple(found)


def _typo(word: str, dice: random.Random) -> str:
    at = dice.randrange(1, len(word) - 1)
    kind = dice.choice(("swap", "drop", "double", "key"))
    if kind == "swap" and word[at] != word[at + 1]:
        return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
    if kind == "drop":
        return word[:at] + word[at + 1 :]
    if kind == "key":
        return word[:at] + _neighbour(word[at], dice) + word[at + 1 :]
    return word[:at] + word[at] + word[at:]


def _neighbour(letter: str, dice: random.Random) -> str:
    for row in _ROWS:
        at = row.find(letter.lower())
        if at >= 0:
            near = row[max(at - 1, 0) : at] + row[at + 1 : at + 2]
            return dice.choice(near)
    return letter + letter


def _is_acronym(term: str) -> bool:
    return " " not in term and sum(letter.isupper() for letter in term) >= 2
