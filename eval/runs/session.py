"""One session of an evaluator: load, run, judge against the thresholds and the blessed run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from chatbot.library import Library
from chatbot.settings import Settings
from eval.runs.asking import open_to_ask
from eval.runs.baseline import blessed_run, breaches, read_baseline
from eval.runs.compare import Comparison, compare
from eval.runs.drops import Drop, drop_breaches, drops
from eval.runs.history import add_to_history
from eval.runs.result import Run
from eval.runs.run import run_suite
from eval.runs.summary import summarise
from eval.suite.case import Case
from eval.suite.folder import CasesError, load_suite
from eval.suite.targets import dead_targets
from eval.suite.transform import transformed, transforms
from index.finding import Finding

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True)
class Session:
    """A run with all that was found out about it."""

    run: Run
    path: Path
    summary: dict[str, Any]
    thresholds: dict[str, Any]
    breaches: tuple[str, ...]
    dead: tuple[Finding, ...]
    against: Comparison | None
    drops: tuple[Drop, ...] = ()

    @property
    def red(self) -> bool:
        regressions = self.against.regressions if self.against else []
        return bool(self.breaches or self.dead or regressions)

    def to_json(self) -> dict[str, Any]:
        return self.summary | {
            "breaches": self.breaches,
            "dead": [str(finding) for finding in self.dead],
            "regressions": self.against.regressions if self.against else [],
            "failed": [result.case.id for result in self.run.results if not result.passed],
            "drops": [drop.to_json() for drop in self.drops],
            "file": str(self.path),
        }


def run_session(
    settings: Settings, folder: Path, theme: str, tag: str, seed: int, robustness: bool,
    progress: Progress, library: Library | None = None,
) -> Session:  # fmt: skip
    """Ask the cases of `folder`, of `library` where one is already open, and keep the run. Raises
    BussolaError.

    With a theme or a tag only a part is asked: it is looked at, not judged, because thresholds
    are about the whole suite. With `robustness` the transformed cases are asked too.
    """
    suite = choose(load_suite(folder), theme, tag)
    if not suite:
        raise CasesError([Finding(str(folder), 1, "nessun caso con questo tema o etichetta")])
    baseline = read_baseline()
    library = library or open_to_ask(settings)
    tell = partial(progress, "casi")
    done = run_suite(library.bot, library.snapshot, suite, seed=seed, progress=tell)
    found = ask_transformed(library, suite, done, seed, progress) if robustness else []
    dead = tuple(dead_targets(suite, library.snapshot, folder))
    done = done.model_copy(
        update={"drops": tuple(drop.to_json() for drop in found), "dead": tuple(map(str, dead))}
    )
    path = done.save(settings.var / "eval" / "runs")
    summary = summarise(done)
    if not (theme or tag):
        add_to_history(done, summary, settings.var / "eval")
    blessed = blessed_run()
    if blessed and (theme or tag):
        blessed = blessed.only({case.id for case in suite})
    broken = [*breaches(summary, baseline), *drop_breaches(found, baseline["drops"])]
    return Session(
        run=done, path=path, summary=summary, thresholds=baseline["thresholds"],
        breaches=() if theme or tag else tuple(broken),
        dead=dead,
        against=compare(blessed, done, seed) if blessed else None, drops=tuple(found),
    )  # fmt: skip


def ask_transformed(
    library: Library, suite: Sequence[Case], original: Run, seed: int, progress: Progress
) -> list[Drop]:
    """What each transformation of the cases costs against the original run."""
    glossary = library.snapshot.glossary
    found = []
    for name, transform in transforms(glossary.terms if glossary else ()).items():
        changed = transformed(suite, name, transform, seed)
        if not changed:
            continue
        variant = run_suite(
            library.bot, library.snapshot, changed, seed=seed, variant=name,
            progress=partial(progress, name),
        )  # fmt: skip
        found += drops(original, variant, seed)
    return found


def choose(cases: tuple[Case, ...], theme: str = "", tag: str = "") -> tuple[Case, ...]:
    """The cases of a theme, with a tag; all of them when neither is given."""
    return tuple(
        case for case in cases if theme in ("", case.theme) and (not tag or tag in case.tags)
    )
