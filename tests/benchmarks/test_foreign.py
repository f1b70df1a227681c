"""A BEIR corpus made a plain folder: each document is a section of a guide, word for word."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

from eval.beir import Beir
from eval.benchmarks.foreign import (
    Draw,
    answerable_items,
    sections_of,
    unanswerable_items,
    write_guides,
)
from eval.collections.ask import last_question
from eval.collections.halves import for_practice
from index.check.rules import check_folder
from index.finding import has_error

TEXTS = (
    "1990. Fu un anno *buono* per [molti] & tutti.",
    "# Non è un titolo\n- né un elenco\n\n    né codice",
    "| a | b |\n| --- | --- |\n<b>x</b> {#ancora}",
    "",
)
DATA = Beir(
    ids=("a", "b", "c", "d", "e"),
    titles=("Uno", "Uno", "Due/tre", "Due/tre", ""),
    texts=(*TEXTS, "Il sole sorge a est."),
    queries={"q1": "Che anno fu?", "q2": "Dove sorge il sole?"},
    qrels={"q1": {"a": 1}, "q2": {"e": 1, "b": 1}},
)


def made(folder: Path) -> tuple[dict[str, tuple[str, ...]], SimpleNamespace]:
    pages = write_guides(DATA, folder)
    guides, findings = check_folder(folder)
    assert not has_error(findings)
    return pages, SimpleNamespace(guides={guide.slug: guide for guide in guides})


def test_every_document_is_a_section_word_for_word(tmp_path: Path) -> None:
    """Pages by title; whatever Markdown a document looks like, its words are the section's."""
    pages, snapshot = made(tmp_path)
    assert [len(documents) for documents in pages.values()] == [2, 2, 1]
    assert {guide.title for guide in snapshot.guides.values()} == {"Uno", "Due/tre", "Pagina 1"}
    found = sections_of(pages, snapshot)
    for document, text in zip(DATA.ids, DATA.texts, strict=True):
        _, section = found[document]
        assert all(word in " ".join(u.text for u in section.units) for word in text.split())
        assert not section.heading_path[-1].endswith("?")


def test_items_name_the_sections_that_answer(tmp_path: Path) -> None:
    """Only questions of the half that is not for practice; gold and best units by section."""
    pages, snapshot = made(tmp_path)
    lines = ('{"_id": "q1", "text": "?", "answers": ["1990"]}', '{"_id": "q2", "text": "?"}')
    (tmp_path / "queries.jsonl").write_text("\n".join(lines), encoding="utf-8")
    found = sections_of(pages, snapshot)
    items = answerable_items(tmp_path, DATA, found, Draw())
    ours = [q for q, title in (("q1", "Uno"), ("q2", "Uno")) if not for_practice(title)]
    assert sorted(item.id for item in items) == ours
    for item in items:
        (part,) = item.parts
        assert part.gold == {
            f"{slug}#{section.anchor}"
            for slug, section in (found[document] for document in DATA.qrels[item.id])
        }
        assert all("1990" in unit.text for unit in part.units)


def test_the_draw_is_the_same_each_time(tmp_path: Path) -> None:
    """A seed draws the same questions, none of them for practice, no more than asked for."""
    path = tmp_path / "queries_unanswerable.jsonl"
    rows = (f'{{"_id": "n{n}", "text": "domanda {n}"}}' for n in range(60))
    path.write_text("\n".join(rows), encoding="utf-8")
    first, again = (unanswerable_items(path, Draw(unanswerable=10)) for _ in range(2))
    assert first == again
    assert len(first) == 10
    assert all(item.wanted == "abstain" and not for_practice(item.id) for item in first)


def test_each_question_is_told_under_its_language_and_read_in_it(tmp_path: Path) -> None:
    """The language that the row names; where it names none, that of the words. What is asked names
    none: the bot tells by itself."""
    path = tmp_path / "queries_unanswerable.jsonl"
    asked = [
        {"_id": "a", "text": "Je peux travailler avec le récépissé de ma demande d'asile ?"},
        {"_id": "b", "text": "Can I work while I wait for the answer?", "lang": "en"},
        {"_id": "c", "text": "i can work con la ricevuta?", "lang": "mix"},
        {"_id": "d", "text": "Posso lavorare con la ricevuta della domanda di asilo?"},
    ]
    rows = [{**row, "_id": _untaught(row["_id"])} for row in asked]
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    items = {item.turns[0]: item for item in unanswerable_items(path, Draw())}
    assert [items[row["text"]].language for row in asked] == ["fr", "en", "mix", "it"]
    assert {last_question(item).language for item in items.values()} == {""}


def _untaught(name: str) -> str:
    """An id like this of a question that is not for practice."""
    return next(f"{name}{n}" for n in range(99) if not for_practice(f"{name}{n}"))
