"""One answer against one case: its scores, its verdict, and what is wrong in words."""

from __future__ import annotations

from collections.abc import Sequence

from eval.runs import metrics
from eval.runs.result import Cited, Found, Verdict
from eval.suite.case import WORD_OF, Case

# Outcomes that put words in front of the operator as the answer.
SPEAKS = ("answered", "emergency")
# Outcomes that say, in one form or another, that the guides do not answer.
SILENT = ("related", "no_answer", "out_of_scope", "small_talk")


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
    if case.passages and case.expected != "emergency":
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
        "harm": float(found == "wrong"),
        "wrong_given": float(found == "wrong") if spoke else None,
        "incomplete_given": float(found == "incomplete") if spoke else None,
    }


def verdict(case: Case, outcome: str, answer: str, cited: Sequence[str]) -> Verdict:
    """`wrong` is what harms: words given as the answer where none was due, a forbidden phrase,
    none of the facts, or (where no fact is asked for) no acceptable passage. `incomplete` is an
    answer from an acceptable place that lacks a fact. `missed` is silence where the guides
    answer, `other` any other outcome than those accepted."""
    if outcome in SPEAKS:
        if outcome not in case.outcomes or _forbidden(case, answer):
            return "wrong"
        coverage = metrics.fact_coverage(answer, case.facts)
        acceptable = bool(set(cited) & set(case.passages)) or not case.passages
        if coverage == 0.0 or (coverage is None and not acceptable):
            return "wrong"
        return "right" if coverage in (None, 1.0) else "incomplete"
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
            if not any(metrics.contains(answer, phrase) for phrase in fact):
                found.append("non dice «" + "» né «".join(fact) + "»")
        if case.passages and not set(cited) & set(case.passages):
            found.append("non cita nessuno dei passaggi accettati")
    return tuple(found)


def _forbidden(case: Case, answer: str) -> float:
    return float(bool(metrics.forbidden_found(answer, case.forbidden)))
