"""What a draft of the guides would change, case by case: the published snapshot against it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from time import monotonic
from typing import Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from eval.collections.item import Item
from eval.report.page import WEB, mark_quotes, styles
from eval.report.people import pair_of, sections_of
from eval.report.touched import touched_first
from eval.runs.compare import Comparison, compare
from eval.runs.result import VERDICT_WORDS, Result, Run, Verdict
from eval.runs.run import Replies, ask, judge, run_of
from eval.suite.case import WORD_OF, Case
from eval.suite.folder import CASES_DIR
from eval.suite.targets import dead_targets
from index.encode.encoder import Encoder
from index.finding import Finding
from index.publish.build import build
from index.publish.snapshot import Snapshot, load

Effect = Literal["better", "worse", "changed", "same"]
EFFECT_WORDS: dict[Effect, str] = {
    "worse": "peggiorano", "better": "migliorano", "changed": "cambiano risposta",
    "same": "restano uguali",
}  # fmt: skip
# From the most harmful to the best; silence where an answer was due is better than a wrong one.
_ORDER: dict[Verdict, int] = {
    "wrong": 0, "beside": 0, "other": 1, "missed": 1, "incomplete": 2, "right": 3,
}  # fmt: skip
STEP_S = 0.5  # between two steps that are told
Progress = Callable[[str, int, int], None]
Tell = Callable[[dict[str, Any]], None]


@dataclass(frozen=True)
class Impact:
    """`pairs` are (effect, result as published, result with the draft), worst first; `dead` are
    passages that cases name and the draft no longer has; `people` are the `asked` questions of
    others, as `people.pair_of` gives them: told, and no reason to stop by themselves."""

    pairs: tuple[tuple[Effect, Result, Result], ...]
    comparison: Comparison
    dead: tuple[Finding, ...]
    people: tuple[dict[str, Any], ...] = ()

    @property
    def red(self) -> bool:
        return bool(self.dead or self.regressions)

    @property
    def regressions(self) -> list[str]:
        """Why the draft must not be published, in Italian: every case that passed and no longer
        does, whatever its gravity, and the measures that fall."""
        told = self.comparison.regressions
        lost = [
            f"il caso «{change.id}» è passato da giusto a {change.after}"
            for change in self.comparison.lost
            if not any(f"«{change.id}»" in line for line in told)
        ]
        return told + lost

    def count(self, effect: Effect) -> int:
        return sum(found == effect for found, _, _ in self.pairs)

    def to_json(self) -> dict[str, Any]:
        return {
            "counts": {effect: self.count(effect) for effect in EFFECT_WORDS},
            "cases": [case_json(*pair) for pair in self.pairs if pair[0] != "same"],
            "people": [one for one in self.people if one["effect"] != "same"],
            "people_asked": len(self.people),
            "regressions": self.regressions,
            "dead": [asdict(finding) for finding in self.dead],
        }  # fmt: skip


def measure_impact(
    bot: Replies, published: Snapshot, draft: Snapshot, cases: Sequence[Case],
    progress: Progress | None = None, folder: Path = CASES_DIR, people: Sequence[Item] = (),
    tell: Tell = lambda step: None,
) -> Impact:  # fmt: skip
    """Ask every case, and the questions of `people`, of both snapshots, those first that the draft
    is likeliest to move; `tell` is told now and then how far it is, and all that changed so far."""
    texts = [case.question for case in cases] + [" ".join(item.turns) for item in people]
    named = [frozenset(case.passages) for case in cases] + [sections_of(item) for item in people]
    before: dict[int, Result] = {}
    after: dict[int, Result] = {}
    others: dict[int, dict[str, Any]] = {}
    order, told = touched_first(texts, named, published, draft), 0.0
    for done, n in enumerate(order, start=1):
        if n < len(cases):
            before[n] = judge(cases[n], ask(bot, published, cases[n]), published)
            after[n] = judge(cases[n], ask(bot, draft, cases[n]), draft)
        else:
            others[n] = pair_of(people[n - len(cases)], bot, published, draft)
        if done == len(order) or monotonic() - told > STEP_S:
            told = monotonic()
            tell(_step(done, len(order), before, after, others))
        if progress:
            progress("domande", done, len(order))
    # what already points nowhere today is not the draft's doing
    known = set(dead_targets(cases, published, folder))
    dead = [finding for finding in dead_targets(cases, draft, folder) if finding not in known]
    places = range(len(cases))
    first = run_of(cases, [before[n] for n in places], published)
    second = run_of(cases, [after[n] for n in places], draft)
    return Impact(
        pair(first, second), compare(first, second), tuple(dead),
        tuple(others[n] for n in sorted(others)),
    )  # fmt: skip


def _step(
    done: int, total: int, before: dict[int, Result], after: dict[int, Result],
    others: dict[int, dict[str, Any]],
) -> dict[str, Any]:  # fmt: skip
    """How far the run is, and all that changed so far: JSON."""
    pairs = [(effect_of(before[n], after[n]), before[n], after[n]) for n in after]
    found = {
        "cases": [case_json(*pair) for pair in pairs if pair[0] != "same"],
        "people": [one for one in others.values() if one["effect"] != "same"],
    }
    return {"done": done, "total": total, "found": found}


def case_json(effect: Effect, before: Result, after: Result) -> dict[str, Any]:
    return {
        "id": after.case.id, "question": after.case.question, "by": "prova", "effect": effect,
        "before": _side(before), "after": _side(after),
    }  # fmt: skip


def pair(before: Run, after: Run) -> tuple[tuple[Effect, Result, Result], ...]:
    """Results of the same cases with the effect of the change, worst and gravest first."""
    effects = list(EFFECT_WORDS)
    pairs = [(effect_of(a, b), a, b) for a, b in zip(before.results, after.results, strict=True)]
    return tuple(sorted(pairs, key=lambda p: (effects.index(p[0]), -p[2].case.weight)))


def effect_of(before: Result, after: Result) -> Effect:
    """Better or worse by verdict; where the verdict stays, whether the answer changed."""
    first, second = _ORDER[before.verdict], _ORDER[after.verdict]
    if first != second:
        return "better" if second > first else "worse"
    return "same" if before.answer == after.answer else "changed"


def open_draft(draft: str, var: Path, encoder: Encoder) -> Snapshot:
    """A draft by the id of a snapshot, or from a folder of guides, which is built and not
    published. Raises BussolaError."""
    if not Path(draft).is_dir():
        return load(var, draft)
    return load(var, build(Path(draft), var, encoder, publish=False).snapshot)


def impact_text(impact: Impact) -> str:
    """The changes in words, for the terminal."""
    counts = (f"{impact.count(effect)} {word}" for effect, word in EFFECT_WORDS.items())
    lines = [f"Casi che {', '.join(counts)}."]
    for effect, before, after in impact.pairs:
        if effect == "same":
            continue
        lines += [
            "", f"{EFFECT_WORDS[effect].upper()}  {after.case.id} ({after.case.severity}): "
            f"{after.case.question}",
            f"  ora:   {_told(before)}", f"  bozza: {_told(after)}",
        ]  # fmt: skip
    for one in impact.people:
        if one["effect"] != "same":
            lines += [
                "", f"{EFFECT_WORDS[one['effect']].upper()}  domanda di una persona: "
                f"{one['question']}",
                f"  ora:   {_short(one['before'])}", f"  bozza: {_short(one['after'])}",
            ]  # fmt: skip
    lines += [f"REGRESSIONE  {line}" for line in impact.regressions]
    lines += [f"SENZA PASSAGGIO  {finding}" for finding in impact.dead]
    return "\n".join(lines)


def impact_html(impact: Impact) -> str:
    """The same as one page that works from disk."""
    environment = Environment(
        loader=FileSystemLoader(WEB), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True,
    )  # fmt: skip
    environment.filters["marked"] = mark_quotes
    return environment.get_template("impact.html").render(
        impact=impact, words=EFFECT_WORDS, verdicts=VERDICT_WORDS, outcomes=WORD_OF,
        css=styles(),
    )  # fmt: skip


def _side(result: Result) -> dict[str, str]:
    word = VERDICT_WORDS[result.verdict]
    return {"verdict": result.verdict, "word": word, "answer": result.answer}


def _short(side: dict[str, str]) -> str:
    return f"{side['word']}: {' '.join(side['answer'].split())[:300]}"


def _told(result: Result) -> str:
    answer = " ".join(result.answer.split())
    return f"{VERDICT_WORDS[result.verdict]} ({WORD_OF[result.outcome]}): {answer[:300]}"
