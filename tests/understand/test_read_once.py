"""A question is read once, in `chatbot/understand/`: later rooms have fields, not its words."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest
from folders import ROOT
from networks import NETWORK

from chatbot.question import Query, Question, Turn
from chatbot.understand.query import understand
from chatbot.words.vocabulary import Reference

# Where the words of a query are given to the encoder; nobody else has them.
ENCODED = {"chatbot/question.py"}
WORDS = {"text"}
REFERENCE = Reference({"lavorare": 2, "contatta": 1}, frozenset(), {}, frozenset(), NETWORK)


def readings(source: str) -> Iterator[int]:
    """The lines in which the words of a query are read: of a name or an attribute `query`, or of
    whatever is annotated, or made by `understand`, as one."""
    tree = ast.parse(source)
    names = {"query"}
    for node in ast.walk(tree):
        if isinstance(node, ast.arg) and node.annotation and "Query" in _words(node.annotation):
            names.add(node.arg)
        elif isinstance(node, ast.Assign) and _makes_a_query(node.value):
            names |= {target.id for target in node.targets if isinstance(target, ast.Name)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in WORDS:
            of = node.value
            named = of.id if isinstance(of, ast.Name) else getattr(of, "attr", "")
            if named in names:
                yield node.lineno


def _words(node: ast.AST) -> set[str]:
    named = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
    return named | {n.value for n in ast.walk(node) if isinstance(n, ast.Constant)}


def _makes_a_query(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"understand", "Query"}


def test_the_words_of_a_query_are_for_the_encoder_alone() -> None:
    """What is read in a question is a field of `Query`; a room that read its words again would read
    what was added to them, too."""
    found = {
        f"{path.relative_to(ROOT)}:{line}"
        for path in sorted((ROOT / "chatbot").rglob("*.py"))
        for line in readings(path.read_text("utf-8"))
        if str(path.relative_to(ROOT)) not in ENCODED
    }
    assert not found, f"un campo di Query dica che cosa vi si legge: {sorted(found)}"


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("places(query.text)", [1]),
        ("def f(asked):\n    return g(asked.query.text)", [2]),
        ("def f(q: Query):\n    return q.text", [2]),
        ("def f(q: 'Query | None'):\n    return q.kinds", []),
        ("said = understand(question, reference)\nprint(said.text)", [2]),
        ("places(question.text, unit.text)", []),
    ],
)
def test_such_a_reading_is_seen(source: str, lines: list[int]) -> None:
    """However the query is called."""
    assert list(readings(source)) == lines


def read(text: str, *before: str) -> Query:
    return understand(Question(text, history=tuple(Turn("user", t) for t in before)), REFERENCE)


@pytest.mark.parametrize(
    ("text", "field", "told"),
    [
        ("dove dormo a Cuneo?", "places", {"cuneo"}),
        ("in Germania può lavorare?", "abroad", {"germania"}),
        ("con la riforma quando può lavorare?", "rules", {reform.id for reform in NETWORK.reforms}),
        ("quanto costa e che orari fa?", "kinds", {"amount", "hours"}),
        ("bastano 60 giorni?", "figures", {"60"}),
        ("un richiedente lavora?", "titles", {"richiedente"}),
        ("può lavorare?", "whether", True),
        ("dove si lavora?", "whether", False),
    ],
)
def test_what_a_question_says_is_a_field(text: str, field: str, told: object) -> None:
    """Typed, so that what it says is told once."""
    assert getattr(read(text), field) == told


def test_a_turn_that_goes_on_says_what_it_says_itself() -> None:
    """Places, numbers and a yes or a no of the last turn; kinds and countries of the whole."""
    query = read("e dopo 90 giorni a Cuneo?", "quanto costa il corso a Torino in Germania?")
    assert (query.goes_on, query.latest) == (True, "e dopo 90 giorni a Cuneo?")
    assert (query.places, query.figures) == ({"cuneo"}, {"90"})
    assert (query.abroad, query.kinds) == ({"germania"}, {"amount"})


def test_a_question_alone_is_its_own_last_turn() -> None:
    """Without one before it, what is put to a model and what is asked last are the same."""
    query = read("può lavorare?")
    assert (query.goes_on, query.latest, query.posed) == (False, query.text, query.text)
