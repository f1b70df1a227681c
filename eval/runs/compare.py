"""Two runs side by side: what got better, what got worse, and whether it is luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from scipy import stats

from eval.runs.kept import Kept, KeptRun, keep
from eval.runs.result import VERDICT_WORDS, Run
from eval.runs.summary import MEASURES
from eval.suite.case import WORD_OF, Case

ALPHA = 0.05
REMEMBERED = 100  # tests of a measure
# The measures whose significant fall makes a comparison red; the others are told, not judged.
GUARDED = ("pass_rate", "hit@3", "MRR", "outcome_accuracy", "fact_coverage", "harm")


@dataclass(frozen=True, slots=True)
class Difference:
    """One measure over the cases both runs have. `effect` is the mean of the paired differences
    B − A, `low` and `high` its 95 % interval, `d` the standardised effect, `p` the permutation
    test's, `p_adjusted` after the correction for many measures."""

    measure: str
    before: float
    after: float
    effect: float
    low: float
    high: float
    d: float
    p: float
    p_adjusted: float
    n: int
    worse: bool
    significant: bool


@dataclass(frozen=True, slots=True)
class Change:
    """A case that passed in one run only, with both answers."""

    id: str
    question: str
    severity: str
    before: str
    after: str
    answer_before: str
    answer_after: str
    problems: tuple[str, ...]
    unsteady: bool  # its verdict hangs on the arithmetic of the machine


@dataclass(frozen=True, slots=True)
class Comparison:
    """`common` cases are asked and expected alike in both runs, and only they are compared;
    `changed` are worded or expected otherwise, `added` and `removed` are in one run only."""

    before: str
    after: str
    common: int
    changed: tuple[str, ...]
    added: tuple[str, ...]
    removed: tuple[str, ...]
    warnings: tuple[str, ...]
    differences: tuple[Difference, ...]
    lost: tuple[Change, ...]
    won: tuple[Change, ...]

    @property
    def regressions(self) -> list[str]:
        """Why B must not replace A, in Italian; empty when nothing stands against it."""
        found = [
            f"il caso importante «{change.id}» è passato da giusto a {change.after}"
            for change in self.lost
            if change.severity == "alta" and not change.unsteady
        ]
        found += [
            f"{diff.measure} peggiora di {abs(diff.effect):.3f} (p = {diff.p_adjusted:.3f})"
            for diff in self.differences
            if diff.worse and diff.significant and diff.measure in GUARDED
        ]
        return found

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"regressions": self.regressions}


def compare(before: Run | KeptRun, after: Run, seed: int = 0, resamples: int = 5000) -> Comparison:
    """Paired comparison over the cases that both runs have and judge alike.

    Raises nothing: with no case in common the comparison is empty and says so.
    """
    old = before if isinstance(before, KeptRun) else keep(before)
    new = keep(after)
    first = {kept.id: kept for kept in old.results}
    second = {kept.id: kept for kept in new.results}
    pairs = [(a, second[a.id]) for a in old.results if a.id in second]
    alike = [(a, b) for a, b in pairs if a.mark == b.mark]
    cases = {result.case.id: (result.case, result.problems) for result in after.results}
    unsteady = set(old.unsteady)
    found = [_difference(name, alike, seed, resamples) for name in MEASURES]
    changed = tuple(a.id for a, b in pairs if a.mark != b.mark)
    added = tuple(name for name in second if name not in first)
    removed = tuple(name for name in first if name not in second)
    return Comparison(
        before=old.id, after=new.id, common=len(alike), changed=changed, added=added,
        removed=removed, warnings=_warnings(old, new, len(alike), changed, added, removed),
        differences=_adjust([difference for difference in found if difference]),
        lost=tuple(
            _change(a, b, *cases[a.id], a.id in unsteady)
            for a, b in alike if a.passed and not b.passed
        ),
        won=tuple(
            _change(a, b, *cases[a.id], a.id in unsteady)
            for a, b in alike if b.passed and not a.passed
        ),
    )  # fmt: skip


def paired_test(
    before: Sequence[float], after: Sequence[float], seed: int = 0, resamples: int = 5000
) -> tuple[float, tuple[float, float], float]:
    """p-value, 95 % interval of the mean difference and standardised effect of paired scores.

    p: two-sided sign-flip permutation test of the mean difference (Fisher 1935; recommended for
    retrieval by Smucker, Allan and Carterette 2007), exact where 2^n ≤ resamples. Interval:
    percentile bootstrap of the mean difference. d_z = mean / standard deviation of the
    differences (Cohen 1988), 0 where they do not vary.
    """
    return _paired(tuple(before), tuple(after), seed, resamples)


@lru_cache(maxsize=REMEMBERED)
def _paired(
    before: tuple[float, ...], after: tuple[float, ...], seed: int, resamples: int
) -> tuple[float, tuple[float, float], float]:
    """Worked out once: the report compares what the run has compared."""
    delta = np.asarray(after, dtype=float) - np.asarray(before, dtype=float)
    if len(delta) < 2 or not delta.any():
        mean = float(delta.mean()) if len(delta) else 0.0
        return 1.0, (mean, mean), 0.0
    p = stats.permutation_test(
        (delta,), np.mean, permutation_type="samples", vectorized=True, n_resamples=resamples,
        rng=np.random.default_rng(seed),
    ).pvalue  # fmt: skip
    spread = float(delta.std(ddof=1))
    if spread == 0.0:
        mean = float(delta.mean())
        return float(p), (mean, mean), 0.0
    bounds = stats.bootstrap(
        (delta,), np.mean, n_resamples=resamples, method="percentile", vectorized=True,
        rng=np.random.default_rng(seed),
    ).confidence_interval  # fmt: skip
    return float(p), (float(bounds.low), float(bounds.high)), float(delta.mean()) / spread


def _difference(
    name: str, pairs: Sequence[tuple[Kept, Kept]], seed: int, resamples: int
) -> Difference | None:
    scores = [
        (x, y)
        for a, b in pairs
        if (x := a.scores.get(name)) is not None and (y := b.scores.get(name)) is not None
    ]
    if not scores:
        return None
    before, after = [x for x, _ in scores], [y for _, y in scores]
    p, (low, high), d = paired_test(before, after, seed, resamples)
    effect = float(np.mean(after) - np.mean(before))
    return Difference(
        name, float(np.mean(before)), float(np.mean(after)), effect, low, high, d, p, p,
        len(scores), worse=effect < 0 if MEASURES[name] else effect > 0, significant=False,
    )  # fmt: skip


def _adjust(differences: Sequence[Difference]) -> tuple[Difference, ...]:
    """Benjamini–Hochberg over all measures (Benjamini and Hochberg 1995; scipy): testing a dozen
    measures at 5 % each would find a fall by chance in every other comparison."""
    if not differences:
        return ()
    adjusted = stats.false_discovery_control([difference.p for difference in differences])
    return tuple(
        Difference(**{**asdict(d), "p_adjusted": float(p), "significant": bool(p < ALPHA)})
        for d, p in zip(differences, adjusted, strict=True)
    )


def _warnings(
    before: KeptRun, after: KeptRun, common: int,
    changed: Sequence[str], added: Sequence[str], removed: Sequence[str],
) -> tuple[str, ...]:  # fmt: skip
    found = []
    if changed or added or removed:
        found.append(
            f"le due prove hanno casi diversi ({len(before.results)} e {len(after.results)}): "
            f"si confrontano solo i {common} casi uguali in tutte e due"
        )
    for names, word in ((changed, "cambiati"), (added, "nuovi"), (removed, "tolti")):
        if names:
            found.append(f"casi {word} ({len(names)}): {_listed(names)}")
    if before.variant != after.variant:
        found.append("una delle due prove è su casi trasformati")
    return tuple(found)


def _listed(names: Sequence[str], most: int = 12) -> str:
    """The first names; `--json` and the report have them all."""
    more = f" e altri {len(names) - most}" if len(names) > most else ""
    return ", ".join(sorted(names)[:most]) + more


def _change(
    before: Kept, after: Kept, case: Case, problems: tuple[str, ...], unsteady: bool
) -> Change:
    return Change(
        id=case.id, question=" / ".join(case.turns), severity=case.severity,
        before=_told(before), after=_told(after),
        answer_before=before.answer, answer_after=after.answer,
        problems=problems, unsteady=unsteady,
    )  # fmt: skip


def _told(kept: Kept) -> str:
    return f"{VERDICT_WORDS[kept.verdict]} ({WORD_OF[kept.outcome]})"
