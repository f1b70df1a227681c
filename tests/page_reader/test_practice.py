"""Pages that the cross-encoder practises on: what is asked, and which sentences answer."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from guide_texts import with_questions

from eval.page_reader.practice import LONGEST_ANSWER, PAGE_TOKENS, practice_pages
from eval.page_reader.reading import PageQuestion

ASKED = """\
  che-cosa-e:
    - ma cos'è sto tirocinio?
    - è un lavoro vero?
"""
GUIDE = with_questions(
    ASKED,
    """
# Prova

## Che cosa è {#che-cosa-e}

Il tirocinio è un periodo di formazione in azienda. Non è un rapporto di lavoro.

## Quanto dura {#quanto-dura}

Dura al massimo sei mesi.
""",
)


@pytest.fixture
def sources(tmp_path: Path) -> tuple[Path, Path, Path]:
    """A corpus of three passages, a guide, four articles of law."""
    squad = tmp_path / "squad"
    squad.mkdir()
    rows = [
        {"_id": "a", "title": "Torino", "text": "Torino è una città. Il Po la attraversa."},
        {"_id": "b", "title": "Torino", "text": "La Mole è alta 167 metri. È del 1889."},
        {"_id": "c", "title": "Forza", "text": "La forza si misura in newton. Altro no."},
    ]
    asked = [
        {"_id": "1", "text": "Quale fiume attraversa Torino?", "answers": ["Po"]},
        {"_id": "2", "text": "Quanto è alta la Mole?", "answers": ["167 metri"]},
        {"_id": "3", "text": "Chi è Newton?", "answers": ["uno scienziato"]},
    ]
    (squad / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)))
    (squad / "queries.jsonl").write_text("\n".join(map(json.dumps, asked)))
    (squad / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\n1\ta\t1\n2\tb\t1\n3\tc\t1\n")
    guides = tmp_path / "guides"
    guides.mkdir()
    (guides / "tirocinio.md").write_text(GUIDE, encoding="utf-8")
    text = "1. Primo comma.\n2.\nSecondo comma, con altre parole."
    laws = [
        {"title": f"142 art. {n} Diritto numero {n}", "text": f"{text} Articolo {n}."}
        for n in range(4)
    ]
    articles = tmp_path / "articles.jsonl"
    articles.write_text("\n".join(map(json.dumps, laws)))
    return squad, guides, articles


def pages(sources: tuple[Path, Path, Path], seed: int) -> list[PageQuestion]:
    return practice_pages(*sources, count=lambda text: len(text.split()), seed=seed)


def gold(page: PageQuestion) -> list[str]:
    return [page.sentences[at] for at in sorted(page.gold)]


def test_what_answers_is_what_the_source_says(sources: tuple[Path, Path, Path]) -> None:
    """Whatever is drawn: the sentence with the answer, the section, the article, or nothing."""
    wanted = {
        "Quale fiume attraversa Torino?": ["Il Po la attraversa."],
        "Quanto è alta la Mole?": ["La Mole è alta 167 metri."],
        "ma cos'è sto tirocinio?": [
            "Il tirocinio è un periodo di formazione in azienda.",
            "Non è un rapporto di lavoro.",
        ],
        "Quanto dura": ["Dura al massimo sei mesi."],
    }
    seen: set[str] = set()
    for seed in range(20):
        for page in pages(sources, seed):
            found = gold(page)
            expected = wanted.get(page.question)
            if expected and found:
                seen.add(page.question)
                assert found == expected
            elif expected:
                assert not set(expected) & set(page.sentences)
    assert seen == set(wanted)


def test_a_question_whose_answer_stands_nowhere_is_left_out(
    sources: tuple[Path, Path, Path],
) -> None:
    assert all(page.question != "Chi è Newton?" for page in pages(sources, 1))


def test_some_pages_are_silent_and_the_same_seed_draws_the_same(
    sources: tuple[Path, Path, Path],
) -> None:
    many = [page for seed in range(30) for page in pages(sources, seed)]
    assert 0.05 < sum(not page.gold for page in many) / len(many) < 0.3
    assert pages(sources, 3) == pages(sources, 3)
    assert pages(sources, 3) != pages(sources, 4)


def test_pages_have_room_for_so_much(sources: tuple[Path, Path, Path]) -> None:
    """A section longer than an answer counts only to its first sentences; other passages are
    added while there is room."""
    guides = sources[1]
    long = "\n".join(f"Frase lunga numero {n}." for n in range(12))
    text = GUIDE.replace("Dura al massimo sei mesi.", long)
    (guides / "tirocinio.md").write_text(text, encoding="utf-8")
    for page in pages(sources, 5):
        assert len(page.gold) <= LONGEST_ANSWER
        assert sum(len(s.split()) for s in page.sentences) < 2 * PAGE_TOKENS
