"""Outcomes, languages and kinds are said once; all else takes them from there."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from folders import ROOT

from chatbot.answer import OUTCOME_WORDS, OUTCOMES, Outcome
from chatbot.http.messages import ChatIn
from chatbot.question import MAX_QUESTION
from chatbot.words.pack import LANGUAGES
from eval.suite.case import Case
from index.guide import FOLDER_OF, KINDS
from index.parse.frontmatter import MODELS

WEB = ROOT / "chatbot" / "web"
TEXTS = {
    code: json.loads((WEB / "texts" / f"{code}.json").read_text("utf-8")) for code in LANGUAGES
}


def written_lists(source: Path) -> Iterator[frozenset[Any]]:
    """The lists, sets, tuples and keys of strings that a module writes out."""
    for node in ast.walk(ast.parse(source.read_text(encoding="utf-8"))):
        parts: Sequence[ast.expr | None] = ()
        if isinstance(node, ast.List | ast.Tuple | ast.Set):
            parts = node.elts
        elif isinstance(node, ast.Dict):
            parts = node.keys
        if parts:
            yield frozenset(p.value for p in parts if isinstance(p, ast.Constant))


@pytest.mark.parametrize(
    ("names", "homes"),
    [
        (OUTCOMES, {"chatbot/answer.py", "chatbot/say/reply.py"}),  # what is said for each
        (LANGUAGES, {"chatbot/words/pack.py"}),
        (KINDS, {"index/guide.py", "index/parse/frontmatter.py"}),  # its model of each
    ],
)
def test_a_list_is_written_once(names: tuple[str, ...], homes: set[str]) -> None:
    """A second copy would lack what is added to the first."""
    most = set(names[:-1])
    found = {
        str(path.relative_to(ROOT))
        for room in ("index", "chatbot", "eval")
        for path in (ROOT / room).rglob("*.py")
        for written in written_lists(path)
        if most <= written
    }
    assert found == homes


def test_scripts_hold_no_copy() -> None:
    """The scripts know the outcomes by their texts, and a language by its file."""
    scripts = [WEB / "widget.js", *(WEB / "widget").glob("*.js")]
    text = "".join(path.read_text(encoding="utf-8") for path in scripts)
    assert not re.search(r'"it", ?"en"', text)
    assert not re.search(r'"no_answer", ?"out_of_scope"', text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_words_for_every_outcome_and_kind(language: str) -> None:
    """What a client is told, it can show."""
    widget, pages = TEXTS[language]["widget"], TEXTS[language]["pages"]
    assert [name for name in OUTCOMES if not widget.get(f"outcome_{name}")] == []
    assert [name for name in KINDS if not pages.get(f"kind_{name}")] == []


def test_the_files_of_texts_are_the_languages() -> None:
    """A file more, and nobody could choose it."""
    files = {path.stem for path in (WEB / "texts").glob("*.json")}
    assert files == set(LANGUAGES)
    assert {path.stem for path in (ROOT / "chatbot/say/texts").glob("*.json")} == files
    assert {path.stem for path in (WEB / "texts" / "statements").glob("*.json")} == files


def test_every_outcome_has_its_word_and_every_kind_its_heading() -> None:
    """The words of evaluators and editors, and the front matter of guides."""
    assert tuple(OUTCOME_WORDS) == OUTCOMES
    assert tuple(MODELS) == KINDS
    assert set(FOLDER_OF) < set(KINDS)


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_a_case_may_expect_any_outcome(outcome: Outcome) -> None:
    """By its word, and back."""
    plain = {
        "id": "uno", "tema": "prova", "domande": "Ciao", "esito": OUTCOME_WORDS[outcome],
        "passaggi": {"guida#punto": 3}, "autore": "prova", "data": "2026-11-30", "perche": "prova",
    }  # fmt: skip
    case = Case.model_validate(plain)
    assert case.expected == outcome
    assert case.to_plain()["esito"] == OUTCOME_WORDS[outcome]


def test_a_question_as_long_as_an_email_is_one_for_cases_too() -> None:
    """What may be asked may be kept and tried again."""
    text = "parola " * (MAX_QUESTION // 7)
    assert ChatIn(question=text).to_question().text == text
    plain = {"id": "uno", "tema": "prova", "domande": text, "esito": "silenzio",
             "autore": "prova", "data": "2026-11-30", "perche": "prova"}  # fmt: skip
    assert Case.model_validate(plain).question == text.strip()


WORDS = (
    "Guide", "Section", "Unit", "Passage", "Step", "Service", "Network", "Snapshot",
    "Question", "Turn", "Query", "Hit", "Reader", "Reading", "Reason", "Citation", "Answer",
    "Entry", "Draft", "Ruling", "Asked", "Evidence", "Part", "Sheet", "Case", "Collection",
    "Journal",
)  # fmt: skip


def test_one_word_has_one_meaning() -> None:
    """What all rooms speak of is a class in one of them; a second would be read as the first."""
    homes: dict[str, list[str]] = {word: [] for word in WORDS}
    for room in ("index", "chatbot", "eval"):
        for path in (ROOT / room).rglob("*.py"):
            for node in ast.parse(path.read_text(encoding="utf-8")).body:
                if isinstance(node, ast.ClassDef) and node.name in homes:
                    homes[node.name].append(str(path.relative_to(ROOT)))
    assert {word: found for word, found in homes.items() if len(found) != 1} == {}
