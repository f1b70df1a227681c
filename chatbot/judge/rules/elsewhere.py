"""Questions about another place: the guides speak of Italy, a service of where it is.

What nears such a question would answer it wrongly: «Sì, può lavorare subito» asked of Germany, the
telephone of Torino asked of Asti.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from chatbot.judge.draft import Asked, Draft
from chatbot.read.evidence import Evidence, full_text

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


def of_here(asked: Asked, draft: Draft) -> Draft:
    """What holds here is no answer about another country, only near."""
    if draft.outcome != "answered" or not not_of_here(asked.query.text, draft.evidence):
        return draft
    return draft.because(
        "altrove", "la domanda riguarda un altro Paese, le frasi trovate no",
        outcome="related", evidence=(),
    )  # fmt: skip


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
