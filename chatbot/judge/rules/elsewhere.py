"""Questions about another place: the guides speak of Italy, a service of where it is.

What nears such a question would answer it wrongly: «Sì, può lavorare subito» asked of Germany, the
telephone of Torino asked of Asti.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from chatbot.find.meeting import full_text
from chatbot.read.evidence import Evidence
from chatbot.understand.named import plain_towns
from index.guide import Service
from index.places import fold, municipalities, provinces
from index.search.lexical import words

# Where people go on to or come back from, in the six languages of the questions. Countries that
# people flee are left out: the question is then of what holds for them here.
_COUNTRIES = re.compile(
    r"""\b(?:
    franc(?:ia|e)\b | german(?:ia|y)\b | allemagne | aleman(?:ia)\b | svizzera | switzerland
    | suisse | suiza | austria\b | autriche | spagna | spain | espa[gñ] | belgi(?:o|um|que)\b
    | b[eé]lgica | olanda | paesi\ bassi | netherlands | pays[- ]bas | pa[ií]ses\ bajos | svezia
    | sweden | su[eè]de | suecia | norvegia | norway | norv[eè]ge | noruega | danimarca | denmark
    | danemark | dinamarca | finlandia | finland | finlande | inghilterra | england | angleterre
    | inglaterra | regno\ unito | united\ kingdom | royaume[- ]uni | reino\ unido | gran\ bretagna
    | irlanda | ireland | irlande | portogallo | portugal | grecia | greece | gr[eè]ce | slovenia
    | croazia | stati\ uniti | united\ states | [eé]tats[- ]unis | estados\ unidos | canada\b
    | فرنسا | ألمانيا | سويسرا | النمسا | إسبانيا | بلجيكا | هولندا | السويد | بريطانيا | اليونان
    | франці | німеччин | швейцарі | австрі | іспані | бельгі | нідерланд | швеці | британі | греці
    )""",
    re.IGNORECASE | re.VERBOSE,
)
_ABROAD = re.compile(
    r"\b(?:ester[oaei]\b|altr[oi] (?:paes|stat)|stat[oi] membr|paes[ei] (?:terz|ue|dell|europ)|"
    r"europe|dublin|frontier|frontalier|schengen|viaggi|espatri|solo in italia|fuori dall.italia)",
    re.IGNORECASE,
)
_LONGEST_NAME = 4  # words in the name of a municipality


def not_of_here(question: str, evidence: Sequence[Evidence]) -> bool:
    """Whether `question` names a foreign country and nothing of what was read names it or speaks of
    other countries at all."""
    named = {found.group().casefold() for found in _COUNTRIES.finditer(question)}
    if not named:
        return False
    read = [full_text(e.unit, e.hit.passage) for e in evidence]
    return not any(
        _ABROAD.search(text) or any(name in text.casefold() for name in named) for text in read
    )


def serves(service: Service, places: Iterable[str]) -> bool:
    """Whether a service may be shown to who asks of `places` (folded names): it is in the province
    of one, it serves one, or it is not tied to a place."""
    if service.municipality is None or not places:
        return True
    here = _province(fold(service.municipality))
    area = {fold(name) for name in service.area}
    return any(
        _province(place) == here or area & {"italia", "piemonte", place, _province(place)}
        for place in places
    )


def _province(place: str) -> str:
    """The folded province of a municipality; a province is its own."""
    known = municipalities().get(place)
    return place if known is None or place in provinces() else fold(known.province)


def places(question: str) -> frozenset[str]:
    """Municipalities and provinces of Piemonte that a question names, folded: those that are words
    of the language too only with a capital."""
    tokens = words(question)
    found = {name for n in range(2, _LONGEST_NAME + 1) for name in _runs(tokens, n)}
    capitals = {fold(word) for word in re.findall(r"\b[A-ZÀ-Ý][\w'’]+", question[1:])}
    alone = {fold(token) for token in tokens} & _towns()
    return frozenset(
        {name for name in found if name in municipalities() or name in provinces()}
        | {name for name in alone if name in capitals or name in plain_towns()}
    )


def _runs(tokens: Sequence[str], count: int) -> Iterable[str]:
    return (fold(" ".join(tokens[n : n + count])) for n in range(len(tokens) - count + 1))


@cache
def _towns() -> frozenset[str]:
    return frozenset(name for name in {*municipalities(), *provinces()} if " " not in name)
