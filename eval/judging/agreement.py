"""Whether a judge can be trusted: how far its grades agree with ours and with people's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine

from chatbot.journal.reading import Reviewed
from eval.judging.judge import GRADES, Graded, ToGrade
from eval.runs.result import Run
from eval.suite.journal_cases import judged

_WORD: dict[str, str] = {grade: word for word, grade in GRADES.items()}
# who judges sees no passages: the wrong sentence of a right one is wrong
_WORD["beside"] = _WORD["wrong"]


@dataclass(frozen=True, slots=True)
class Agreement:
    """`table[a][b]`: how many were graded a by them and b by the judge; `kappa` is None where
    both always say the same one word, and chance cannot be told from agreement."""

    n: int
    equal: float
    kappa: float | None
    table: dict[str, dict[str, int]]

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def agreement(theirs: Sequence[str], judge: Sequence[str], words: Sequence[str]) -> Agreement:
    """Cohen's kappa, (p_o − p_e) / (1 − p_e): p_o the share graded alike, p_e what two graders
    with the same habits would share by chance (Cohen 1960; scikit-learn)."""
    from sklearn.metrics import cohen_kappa_score

    table = {row: dict.fromkeys(words, 0) for row in words}
    for one, other in zip(theirs, judge, strict=True):
        table[one][other] += 1
    n = len(theirs)
    equal = sum(table[word][word] for word in words) / n if n else 0.0
    varied = len({*theirs, *judge}) > 1
    kappa = float(cohen_kappa_score(theirs, judge, labels=list(words))) if varied else None
    return Agreement(n, equal, kappa, table)


def with_verdicts(run: Run, grades: Sequence[Graded]) -> Agreement:
    """The judge against the verdicts of the cases, in three words."""
    verdicts = {result.case.id: result.verdict for result in run.results}
    pairs = [
        (_WORD[v], _WORD[g.grade]) for g in grades if g.grade and (v := verdicts[g.id]) in _WORD
    ]
    return agreement([a for a, _ in pairs], [b for _, b in pairs], list(GRADES))


def with_people(marks: Mapping[str, str], grades: Sequence[Graded]) -> Agreement:
    """The judge against evaluators, who say «giusta», «sbagliata» or «pericolosa»: in two words,
    because people are not asked whether an answer lacks something."""
    pairs = [(marks[g.id], g.grade) for g in grades if g.grade and g.id in marks]
    people = ["giusta" if mark == "giusta" else "non giusta" for mark, _ in pairs]
    model = ["giusta" if grade == "right" else "non giusta" for _, grade in pairs]
    return agreement(people, model, ("giusta", "non giusta"))


def reviewed(
    engine: Engine, texts: Mapping[str, str]
) -> tuple[tuple[ToGrade, ...], dict[str, str]]:
    """The answers of the journal that evaluators marked, as the judge is asked about them (the
    quotes, beside the sections they come from), and their last marks. The passage that an
    evaluator picked stays out: it would tell the judge what to say."""
    found = [one for one in judged(engine) if one.entry.cited]
    return tuple(_asked(one, texts) for one in found), {
        one.entry.id: one.reviews[-1].verdict for one in found
    }


def _asked(one: Reviewed, texts: Mapping[str, str]) -> ToGrade:
    sections = dict.fromkeys(f"{cited.guide}#{cited.anchor}" for cited in one.entry.cited)
    passages = tuple(texts[section] for section in sections if section in texts)
    quotes = "\n".join(cited.quote for cited in one.entry.cited)
    return ToGrade(one.entry.id, (one.entry.question,), passages, quotes)
