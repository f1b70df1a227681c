"""What the cases expect, against the guides of today: passages that moved, facts that say too
little."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from rapidfuzz import process

from eval.suite.case import Case
from eval.suite.folder import finding_of
from eval.suite.meaning import BARE, only_numbers
from eval.suite.sheet import save_suite
from index.finding import Finding
from index.publish.snapshot import Snapshot

ALIKE = 70  # of 100: an anchor named this nearly is the one that was renamed


def sections_of(snapshot: Snapshot) -> set[str]:
    return {f"{passage.guide}#{passage.anchor}" for passage in snapshot.passages}


def moved_targets(cases: Iterable[Case], snapshot: Snapshot) -> Mapping[str, str]:
    """The passages that cases name and the guides do not have, each with the one it seems to be
    today: of a guide that was renamed, or with an anchor that was; empty where none is like it."""
    known = sections_of(snapshot)
    dead = {section for case in cases for section in case.passages} - known
    return {section: _today(section, snapshot, known) for section in sorted(dead)}


def _today(section: str, snapshot: Snapshot, known: set[str]) -> str:
    name, _, anchor = section.partition("#")
    guide = snapshot.guide_named(name)
    if guide is None:
        return ""
    if f"{guide.slug}#{anchor}" in known:
        return f"{guide.slug}#{anchor}"
    anchors = [part.anchor for part in guide.sections if f"{guide.slug}#{part.anchor}" in known]
    near = process.extractOne(anchor, anchors, score_cutoff=ALIKE)
    return f"{guide.slug}#{near[0]}" if near else ""


def dead_targets(cases: Sequence[Case], snapshot: Snapshot, folder: Path) -> list[Finding]:
    """Passages named by cases that the snapshot does not have: a guide was renamed or its anchor
    changed, and the case would fail for ever without saying why."""
    moved = moved_targets(cases, snapshot)
    return [
        finding_of(case, folder, _dead(section, moved[section]))
        for case in cases
        for section in case.passages
        if section in moved
    ]


def _dead(section: str, today: str) -> str:
    how = f"; ora è {today}? Con «--fix» si cambia in tutti i casi" if today else ""
    return f"il passaggio {section} non esiste nelle guide{how}"


def with_moved(cases: Sequence[Case], moved: Mapping[str, str]) -> list[Case]:
    """The cases with the passages of today in place of those that moved; the higher grade stands
    where a case names both."""
    found = []
    for case in cases:
        passages: dict[str, int] = {}
        for section, grade in case.passages.items():
            today = moved.get(section) or section
            passages[today] = max(grade, passages.get(today, 0))
        found.append(case.model_copy(update={"passages": passages}))
    return found


def fix_targets(cases: Sequence[Case], snapshot: Snapshot, folder: Path) -> list[Path]:
    """Write the cases whose passages moved as they are today; the files that changed."""
    moved = {old: new for old, new in moved_targets(cases, snapshot).items() if new}
    themes = {case.theme for case in cases if moved.keys() & case.passages.keys()}
    return save_suite([c for c in with_moved(cases, moved) if c.theme in themes], folder)


def bare_numbers(cases: Iterable[Case], folder: Path) -> list[Finding]:
    """Cases that ask for no fact but numbers."""
    return [
        finding_of(case, folder, BARE.format(case.facts[0][0]), "warning")
        for case in cases
        if only_numbers(case)
    ]
