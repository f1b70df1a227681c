"""A question as asked to a query as searched: typing errors, acronyms, language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.question import Query, Question, Turn
from chatbot.understand.followup import Follows, by_words, with_topic
from chatbot.understand.parts import asked_parts
from chatbot.understand.person import titles_of_stay, unsaid_title, with_circumstances
from chatbot.understand.without_names import without_names
from chatbot.words.language import detect_language
from chatbot.words.pack import either
from chatbot.words.vocabulary import MAX_WORDS, Reference, is_acronym
from index.guide import Term
from index.search.lexical import strip_accents, terms, words
from index.search.writing import join_acronyms

MIN_TYPO_LENGTH = 5  # shorter words have too many neighbours
_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'", "´": "'"})
_CONTROL = re.compile(r"[\x00-\x1f\x7f]+")
_WORD = re.compile(r"[^\W_]+")
_DEFINITION = re.compile(rf"\b({either('definition')})\b", re.IGNORECASE)


def understand(
    question: Question,
    reference: Reference,
    follows: Follows = by_words,
    today: date | None = None,
) -> Query:
    """Leave names out, correct, expand and name the language of a question asked `today`. A word is
    corrected only towards a word of the passages, and never when it is a number, an acronym or an
    Italian word."""
    network = reference.network
    asked = without_names(normalise(question.text), reference.vocabulary, network)
    history = [
        Turn(turn.role, without_names(turn.text, reference.vocabulary, network))
        for turn in question.history
        if turn.role == "user"
    ]
    text = normalise(with_topic(asked, history, network, follows))
    alone = text == asked
    language = detect_language(text, question.language or "it")
    if language != "it" and reference.mostly_italian(text):
        language = "it"
    corrected = correct(text, reference) if language == "it" else text
    profile = with_circumstances(question, today or network.today(), network, follows)
    unsaid = unsaid_title(profile, corrected, network)
    added = [
        *expansions(corrected, reference),
        *([network.title_of[unsaid].person] if unsaid else []),
    ]
    searched = f"{corrected} ({', '.join(added)})" if added else corrected
    own = terms(corrected)
    now = "" if alone else correct(asked, reference) if language == "it" else asked
    return Query(
        text=searched,
        asks=_asks(searched, corrected, corrected if alone else now),
        stems=tuple(dict.fromkeys([*own, *terms(" ".join(added))] if added else own)),
        own_stems=tuple(dict.fromkeys(own)),
        language=language,
        profile=profile,
        definition=asks_definition(corrected, reference),
        unsaid=unsaid,
        shown=corrected if corrected != asked else "",
        now=now,
        written=question.text,
        titles=frozenset(
            titles_of_stay(now or searched, network) or titles_of_stay(searched, network)
        ),
    )


def _asks(searched: str, corrected: str, latest: str) -> tuple[str, ...]:
    """The things asked last; the question as searched where it is one and tells nothing else."""
    parts = asked_parts(latest)
    return (searched,) if parts == (corrected,) else parts


def asks_definition(text: str, reference: Reference) -> bool:
    """«Che vuol dire SAI?», or a term of the glossary and nothing else."""
    return bool(_DEFINITION.search(text)) or tuple(words(text)) in reference.terms


def normalise(text: str) -> str:
    """One form for the same characters, one blank between words, plain apostrophes, no full stops
    in acronyms; a question all in capitals goes to lower case, so that only true acronyms stand
    out."""
    plain = unicodedata.normalize("NFKC", _CONTROL.sub(" ", text)).translate(_APOSTROPHES)
    plain = join_acronyms(" ".join(plain.split()))
    return plain.lower() if plain.isupper() and len(plain.split()) > 2 else plain


def correct(text: str, reference: Reference) -> str:
    """`text` with its typing errors corrected, all else left as it was."""
    return _WORD.sub(lambda match: _correct_word(match.group(), reference), text)


def _correct_word(word: str, reference: Reference) -> str:
    lower = word.lower()
    if len(word) < MIN_TYPO_LENGTH or not word.isalpha() or is_acronym(word):
        return word
    if reference.knows(lower):
        return word
    allowed = 1 if len(lower) < 8 else 2
    near = process.extract(
        lower, reference.vocabulary.keys(), scorer=OSA.distance, score_cutoff=allowed, limit=20
    )
    choices = [
        (
            distance,
            strip_accents(known) != strip_accents(lower),
            -reference.vocabulary[known],
            known,
        )
        for known, distance, _ in near
        if known[0] == lower[0] and known.isalpha() and len(known) >= MIN_TYPO_LENGTH - 1
    ]
    return min(choices)[3] if choices else word


def expansions(text: str, reference: Reference) -> list[str]:
    """What to add to `text` so that both ways of naming a thing are searched: for an acronym
    its expansion, for an expansion or a variant the term."""
    found = [_other_name(form, term) for form, term in _terms_in(text, reference)]
    own = " ".join(words(text))
    return [name for name in dict.fromkeys(found) if " ".join(words(name)) not in own]


def _terms_in(text: str, reference: Reference) -> Iterable[tuple[tuple[str, ...], Term]]:
    """Longest ways of writing a term first; words already taken are not looked at again."""
    tokens = words(text)
    start = 0
    while start < len(tokens):
        for length in range(min(MAX_WORDS, len(tokens) - start), 0, -1):
            form = tuple(tokens[start : start + length])
            if form in reference.terms:
                yield form, reference.terms[form]
                start += length - 1
                break
        start += 1


def _other_name(form: tuple[str, ...], term: Term) -> str:
    # «UniLav» is said as a word: nobody spells it out
    if not is_acronym(term.term) or term.term[-1].islower():
        return term.term
    return term.expansion if form == tuple(words(term.term)) else term.term
