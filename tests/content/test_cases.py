"""The cases of the suite: what is true of them all, whoever adds or takes one away."""

from __future__ import annotations

from pathlib import Path

import pytest
from folders import ROOT

from chatbot.privacy.redact import find, normalise
from chatbot.words.language import LANGUAGES, detect_language
from eval.suite.case import Case
from eval.suite.folder import CasesError, load_suite
from index.parse.network_folder import read_network

MARK = "lingua-"  # what the label of a case in another language than Italian begins with


def written_in(case: Case) -> str:
    """The language that the evaluator says the case is in, by its label."""
    marks = [label.removeprefix(MARK) for label in case.tags if label.startswith(MARK)]
    return marks[0] if marks else "it"


def test_every_case_is_told_its_language(cases: tuple[Case, ...]) -> None:
    """None is taken for another, and every language of the interface is asked in."""
    told = {case.id: detect_language(case.question) for case in cases}
    assert [case.id for case in cases if told[case.id] != written_in(case)] == []
    assert set(told.values()) == set(LANGUAGES)


def test_questions_of_the_suite_keep_their_words(cases: tuple[Case, ...]) -> None:
    """They name nobody: of a hundred at most one loses a word, and evaluators can read the rest."""
    questions = {turn for case in cases for turn in case.turns}
    network, _ = read_network(ROOT / "guides")
    touched = [q for q in questions if any(p.kind == "nome" for p in find(normalise(q), network))]
    assert len(touched) <= 0.01 * len(questions), touched


def problems(folder: Path, text: str, name: str) -> list[str]:
    (folder / name).write_text(text, encoding="utf-8")
    with pytest.raises(CasesError) as rejected:
        load_suite(folder)
    return [str(finding) for finding in rejected.value.findings]


def test_the_guides_example_is_a_case_of_the_suite(cases: tuple[Case, ...], tmp_path: Path) -> None:
    """The worked example that evaluators copy is read, is in the suite as it stands there, and
    the mistake that the guide shows is told in those words."""
    guide = (ROOT / "eval" / "README.md").read_text(encoding="utf-8")
    block = guide.partition("```yaml\n")[2].partition("```")[0]
    name = "salute-e-studio.yaml"
    (tmp_path / name).write_text(f"tema: salute-e-studio\ncasi:\n{block}", encoding="utf-8")
    (shown,) = load_suite(tmp_path)
    known = {one.id: one for one in cases}
    assert (shown.turns, shown.facts) == (known[shown.id].turns, known[shown.id].facts)
    assert set(shown.passages) <= set(known[shown.id].passages)
    broken = f"tema: salute-e-studio\ncasi:\n{block.replace('codice-stp#rilascio', 'codice-stp')}"
    (told,) = problems(tmp_path, broken, name)
    assert told.partition(": ")[2] in guide
