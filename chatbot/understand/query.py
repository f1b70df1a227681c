"""A question as asked to a query as searched: typing errors, acronyms, language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from rapidfuzz import process
from rapidfuzz.distance import OSA

from chatbot.question import Query, Question, Turn
from chatbot.understand.beyond import countries_abroad, rules_named
from chatbot.understand.followup import Follows, by_words, joined, topic_of
from chatbot.understand.kept import kept_question
from chatbot.understand.parts import asked_parts
from chatbot.understand.person import unsaid_title, with_circumstances
from chatbot.understand.places import places
from chatbot.understand.titles import titles_of_stay
from chatbot.understand.without_names import without_names
from chatbot.words.forms import strict_kinds
from chatbot.words.language import detect_language
from chatbot.words.pack import either
from chatbot.words.vocabulary import MAX_WORDS, Reference, is_acronym
from chatbot.words.yes_no import asks_whether
from index.guide import Term
from index.network import Network
from index.search.lexical import numbers, strip_accents, terms, words
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
    asked, history = _turns(question, reference)
    topic = topic_of(history, network, follows)
    kept = normalise(kept_question(topic, asked, network))
    whole = kept or normalise(joined(topic, asked, network, follows))
    language = _language(whole, question.language, reference)
    corrected, last = (
        correct(text, reference) if language == "it" else text for text in (whole, kept or asked)
    )
    profile = with_circumstances(question, today or network.today(), network, follows)
    unsaid = unsaid_title(profile, corrected, network)
    person = [network.title_of[unsaid].person] if unsaid else []
    added = [*expansions(corrected, reference), *person]
    searched = f"{corrected} ({', '.join(added)})" if added else corrected
    own, goes_on = terms(corrected), whole != asked
    query = Query(
        text=searched,
        asks=_asks(searched, corrected, last if goes_on else corrected),
        stems=tuple(dict.fromkeys([*own, *terms(" ".join(added))] if added else own)),
        own_stems=tuple(dict.fromkeys(own)),
        language=language,
        profile=profile,
        definition=asks_definition(corrected, reference),
        unsaid=unsaid,
        shown=corrected if corrected != asked else "",
        written=question.text,
        goes_on=goes_on,
        posed=searched,
        latest=last if goes_on else searched,
    )
    return _read(query, network)


def _turns(question: Question, reference: Reference) -> tuple[str, list[Turn]]:
    """What is asked and what was asked before, without names."""
    known, network = reference.vocabulary, reference.network
    before = [turn for turn in question.history if turn.role == "user"]
    return (
        without_names(normalise(question.text), known, network),
        [Turn(turn.role, without_names(turn.text, known, network)) for turn in before],
    )


def _language(text: str, asker: str, reference: Reference) -> str:
    """Of a question: Italian where most of its words are."""
    language = detect_language(text, asker or "it")
    return "it" if language != "it" and reference.mostly_italian(text) else language


def _read(query: Query, network: Network) -> Query:
    """With all that the rooms after this one ask of its words: of the last turn where that says
    it, else of the whole."""
    whole, last = query.posed, query.latest
    return replace(
        query,
        titles=frozenset(titles_of_stay(last, network) or titles_of_stay(whole, network)),
        places=places(last, network) or places(whole, network),
        abroad=countries_abroad(whole, network),
        rules=rules_named(whole, network),
        kinds=strict_kinds(whole),
        whether=asks_whether(last),
        figures=frozenset(numbers(last)),
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
