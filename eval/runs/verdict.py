"""One answer against one case: its scores, its verdict, and what is wrong in words."""

from __future__ import annotations

from collections.abc import Sequence

from eval.runs import metrics
from eval.runs.result import Cited, Found, Verdict
from eval.suite.case import WORD_OF, Case
from eval.suite.meaning import contains, denies, normalise

# Outcomes that put words in front of the operator as the answer.
SPEAKS = ("answered", "emergency")
# Outcomes that say, in one form or another, that the guides do not answer.
SILENT = ("related", "no_answer", "out_of_scope", "small_talk")

# Verdicts of answers that mislead who trusts them.
HARMFUL: tuple[Verdict, ...] = ("wrong", "beside")


def score(
    case: Case, outcome: str, answer: str, hits: Sequence[Found], citations: Sequence[Cited]
) -> dict[str, float | None]:
    """Every per-case measure by name; None where it does not apply to the case.

    Ranking measures apply where the case names passages; citation and fact measures where the
    bot spoke; `wrong_given` only among the answers given, so that its mean is the share of wrong
    answers among those given. `harm` is the same over all cases: two runs are compared by it,
    because a bot that begins to answer what it should not has new answers, not worse ones.
    """
    ranked = [hit.section for hit in hits]
    ranking: dict[str, float | None] = dict.fromkeys(metrics.RANKING)
    if case.answering and case.expected != "emergency":
        ranking.update(metrics.ranking_scores({case.id: case.passages}, {case.id: ranked})[case.id])
    spoke = outcome in SPEAKS
    cited = [citation.section for citation in citations]
    expects = spoke and bool(case.passages)
    found = verdict(case, outcome, answer, cited)
    return ranking | {
        "citation_precision": metrics.citation_precision(cited, case.passages) if expects else None,
        "citation_recall": metrics.citation_recall(cited, case.passages) if expects else None,
        "fact_coverage": metrics.fact_coverage(answer, case.facts) if spoke else None,
        "forbidden": _forbidden(case, answer) if spoke else None,
        "outcome_accuracy": float(outcome in case.outcomes),
        "outcome_exact": float(outcome == case.expected),
        "pass_rate": float(found == "right"),
        "harm": float(found in HARMFUL),
        "wrong_given": float(found in HARMFUL) if spoke else None,
        "beside_given": float(found == "beside") if spoke else None,
        "incomplete_given": float(found == "incomplete") if spoke else None,
    }


def verdict(case: Case, outcome: str, answer: str, cited: Sequence[str]) -> Verdict:
    """`wrong` is what harms: words given as the answer where none was due, a forbidden phrase,
    none of the facts, or (where no fact is asked for) no passage that answers. `beside` quotes a
    passage that answers, but none of the facts or of the sentences that the case names.
    `incomplete` is an answer from such a passage that lacks a fact. `missed` is silence where the
    guides answer, `other` any other outcome than those accepted. A passage of grade 1 only helps:
    to cite it is not to answer."""
    if outcome in SPEAKS:
        if outcome not in case.outcomes or _forbidden(case, answer):
            return "wrong"
        coverage = metrics.fact_coverage(answer, case.facts)
        acceptable = bool(set(cited) & case.answering) or not case.passages
        if coverage == 1.0:
            return "right"
        if coverage == 0.0 or (coverage is None and not _quoted(case, answer)):
            return "beside" if acceptable and case.answering else "wrong"
        if coverage is None:
            return "right" if acceptable else "wrong"
        return "incomplete"
    if outcome in case.outcomes:
        return "right"
    return "missed" if case.expected in SPEAKS else "other"


def problems(case: Case, outcome: str, answer: str, cited: Sequence[str]) -> tuple[str, ...]:
    """What is wrong, as sentences that an evaluator reads; empty when nothing is."""
    found = []
    if outcome not in case.outcomes:
        expected = " o ".join(WORD_OF[word] for word in case.outcomes)
        found.append(f"esito «{WORD_OF[outcome]}», atteso «{expected}»")
    if outcome in SPEAKS:
        for phrase in metrics.forbidden_found(answer, case.forbidden):
            found.append(f"dice «{phrase}», che non deve mai dire")
        for fact in case.facts:
            if not any(contains(answer, phrase) for phrase in fact):
                denied = any(denies(answer, phrase) for phrase in fact)
                told = "nega, o mette fra le eccezioni," if denied else "non dice"
                found.append(f"{told} «" + "» né «".join(fact) + "»")
        if not _quoted(case, answer):
            found.append("non riporta la frase che risponde")
        if case.answering and not set(cited) & case.answering:
            found.append("non cita nessuno dei passaggi che rispondono")
    return tuple(found)


def _quoted(case: Case, answer: str) -> bool:
    """Whether one of the sentences that the case names is in the answer; True where it names
    none."""
    said = normalise(answer)
    return not case.units or any(normalise(unit) in said for unit in case.units)


def _forbidden(case: Case, answer: str) -> float:
    return float(bool(metrics.forbidden_found(answer, case.forbidden)))
