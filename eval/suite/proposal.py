"""A case that somebody completed on a page: what it must pass, and how it enters the suite."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chatbot.desk.repository import CommitError, Repository
from chatbot.privacy.redact import redact
from eval.suite.case import Case
from eval.suite.drafts import THEME, drop
from eval.suite.folder import CasesError, explain, load_suite
from eval.suite.meaning import BARE, normalise, only_numbers
from eval.suite.sheet import from_cells, merge_suite
from index.finding import Finding
from index.guide import Guide
from index.network import NEUTRAL, Network

AUTHOR = "valutazione <valutazione@localhost>"


@dataclass(frozen=True, slots=True)
class Proposal:
    """What was written, as a case where it is one; with `errors` it does not enter."""

    case: Case | None
    errors: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {"errors": self.errors, "warnings": self.warnings}


@dataclass(frozen=True, slots=True)
class Written:
    """The files that changed, and the commit made of them; why none was, where git refused."""

    files: tuple[Path, ...]
    commit: str = ""
    not_committed: str = ""

    def to_json(self) -> dict[str, Any]:
        return {"files": [file.name for file in self.files], "commit": self.commit,
                "not_committed": self.not_committed}  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """What a proposal is checked against: the suite in `folder`, the published guides."""

    folder: Path
    guides: Mapping[str, Guide]
    network: Network = NEUTRAL
    suite: Sequence[Case] = field(default=())

    @classmethod
    def of(cls, folder: Path, guides: Mapping[str, Guide], network: Network) -> Ground:
        """Raises CasesError where the suite there is broken."""
        there = any(folder.glob("*.yaml"))
        return cls(folder, guides, network, load_suite(folder) if there else ())


def check(cells: Mapping[str, str], ground: Ground) -> Proposal:
    """Everything that is wrong with a case as its cells tell it, in Italian."""
    try:
        case = Case.model_validate(from_cells(cells))
    except ValidationError as error:
        return Proposal(None, tuple(explain(problem) for problem in error.errors()))
    return Proposal(case, tuple(_problems(case, ground)), tuple(_weaknesses(case)))


def _weaknesses(case: Case) -> Iterator[str]:
    if case.expected == "answered" and not (case.facts or case.units):
        yield "senza fatti e senza frasi si guarda se il passaggio è citato, non che cosa dice"
    if only_numbers(case):
        yield BARE.format(case.facts[0][0])


def _problems(case: Case, ground: Ground) -> Iterator[str]:
    if case.theme == THEME:
        yield "«tema»: scegli il tema del caso"
    if taken := next((one for one in ground.suite if one.id == case.id), None):
        yield f"«id»: «{case.id}» c'è già, in {taken.theme}.yaml: scegli un altro nome"
    yield from dead_passages(case, ground.guides)
    said = {normalise(text) for text in _sentences(case, ground.guides)}
    for unit in case.units:
        if not any(normalise(unit) in text for text in said):
            yield f"«frasi»: «{unit:.80}» non è una frase dei passaggi scelti"
    for key, texts in (("domande", case.turns), ("perche", (case.why,))):
        for text in texts:
            if (clean := redact(text, ground.network)) != text:
                yield f"«{key}»: ci sono dati di persone. Senza, sarebbe: {clean}"


def dead_passages(case: Case, guides: Mapping[str, Guide]) -> list[str]:
    """The passages of a case that the guides do not have."""
    return [
        f"«passaggi»: {name} non è nelle guide pubblicate"
        for name in case.passages
        if not any(name == f"{slug}#{section.anchor}" for slug, section in _sections(name, guides))
    ]


def _sections(name: str, guides: Mapping[str, Guide]) -> list[tuple[str, Any]]:
    slug = name.partition("#")[0]
    return [(slug, section) for section in guides[slug].sections] if slug in guides else []


def _sentences(case: Case, guides: Mapping[str, Guide]) -> Iterator[str]:
    for name in case.passages:
        for slug, section in _sections(name, guides):
            if name == f"{slug}#{section.anchor}":
                yield from (unit.text for unit in section.units)


def add(case: Case, draft: str, drafts: Path, folder: Path) -> Written:
    """Write the case into the file of its theme; its draft goes."""
    done = committed(folder, lambda: merge_suite([case], folder), f"Caso nuovo: {case.id}")
    drop(draft, drafts)
    return done


def committed(folder: Path, write: Callable[[], list[Path]], message: str) -> Written:
    """Write, and where the folder stands in a git repository make a commit of what changed. What
    git refuses does not undo what was written: it is told. Raises CasesError when the folder cannot
    be written."""
    before = {path.name: path.read_bytes().decode() for path in folder.glob("*.yaml")}
    try:
        write()
    except OSError as error:
        told = f"la cartella dei casi non si può scrivere ({error.strerror})"
        raise CasesError([Finding(str(folder), 1, told)]) from error
    after = {path.name: path.read_bytes().decode() for path in folder.glob("*.yaml")}
    names = sorted(n for n in {*before, *after} if before.get(n) != after.get(n))
    files = tuple(folder / name for name in names)
    repository = Repository.around(folder) if names else None
    if repository is None:
        return Written(files)
    was, is_now = ({name: side.get(name) for name in names} for side in (before, after))
    try:
        return Written(files, repository.commit(was, is_now, AUTHOR, f"{message}\n"))
    except CommitError as error:
        return Written(files, not_committed=str(error))


def read_cells(text: str) -> dict[str, str]:
    """The cells that a page sent as a JSON object of texts. Raises CasesError."""
    try:
        plain = json.loads(text)
        assert isinstance(plain, dict)
        return {str(key): str(value) for key, value in plain.items()}
    except (ValueError, AssertionError) as error:
        raise CasesError([Finding("caso", 1, "il caso non si legge: non è JSON")]) from error
