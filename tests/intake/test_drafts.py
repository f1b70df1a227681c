"""What is taken in is a draft: checked, told of, never published; and chapters apart."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import yaml

from index.check.rules import check_folder
from index.errors import BussolaError
from index.intake.chapters import chapters_of
from index.intake.document import Block, Document, Loss
from index.intake.draft import Proposals, draft_of
from index.intake.questions import ChapterSection, proposed
from index.network import NEUTRAL
from index.parse.folder import read_all, read_guides
from index.parse.guide_file import parse_guide
from index.publish.build import read_without_errors
from index.publish.reuse import Known

TODAY = date(2031, 3, 1)
DOCUMENT = Document(
    "Il #permesso: guida",
    (
        Block("Prima.", "Prima."),
        Block("Rinnovo", "Rinnovo", 1, "rinnovo"),
        Block("Vedi [oltre](#costi) e [qui](#tempi).", "Vedi oltre e qui."),
        Block("Tempi", "Tempi", 3, "tempi"),
        Block("Sessanta giorni.", "Sessanta giorni."),
        Block("Costi", "Costi", 1, "costi"),
        Block("Quanto si paga? Venti euro.", "Quanto si paga? Venti euro."),
    ),
    (Loss("immagine", "sotto «Costi»", "", 3), Loss("macro, ignorate", "in tutto il documento")),
    "https://example.org/permesso",
    "Questura",
)


def text_of(document: Document, divided: bool = False, number: int = 0, **more: object) -> str:
    chapter = chapters_of(document, "File", divided)[number]
    proposals = Proposals(**more)  # type: ignore[arg-type]
    return draft_of(chapter, document, "file.docx", proposals, NEUTRAL, TODAY)


def test_a_draft_is_parsed_with_nothing_to_tell() -> None:
    text = text_of(DOCUMENT, needs=["documenti"], questions={"costi": ["quanto costa: sì?"]})
    guide, told = parse_guide(text.encode(), "bozza.md")
    assert guide is not None
    assert told == []
    assert (guide.draft, guide.title, guide.verified_on, guide.needs) == (
        True, "Il #permesso: guida", TODAY, ("documenti",),
    )  # fmt: skip
    assert [(s.title, s.url) for s in guide.sources] == [
        ("Il #permesso: guida (Questura)", "https://example.org/permesso")
    ]
    assert [(s.anchor, s.level) for s in guide.sections[1:]] == [
        ("rinnovo", 2), ("tempi", 3), ("costi", 2),
    ]  # fmt: skip


def test_questions_are_comments_that_an_editor_takes_up() -> None:
    """Not read before; with the marks taken off, they are the sections' own."""
    text = text_of(DOCUMENT, questions={"costi": ["quanto costa: sì?"], "tempi": ["quando?"]})
    guide, _ = parse_guide(text.encode(), "bozza.md")
    assert guide is not None
    assert not any(section.questions for section in guide.sections)
    lines = text.splitlines()
    start = lines.index("# domande:")
    taken = [line.removeprefix("# ") if n >= start else line for n, line in enumerate(lines)
             if n < start + 5 or not line.startswith("# ")]  # fmt: skip
    taken[taken.index("---", 1) + 2 :] = lines[lines.index("---", 1) + 2 :]
    guide, told = parse_guide("\n".join(taken).encode(), "bozza.md")
    assert guide is not None, told
    assert {s.anchor: s.questions for s in guide.sections if s.questions} == {
        "costi": ("quanto costa: sì?",), "tempi": ("quando?",),
    }  # fmt: skip


def test_losses_stand_in_the_draft_as_comments() -> None:
    front = text_of(DOCUMENT).split("---")[1]
    assert "# - sotto «Costi»: immagine" in front
    assert yaml.safe_load(front)["stato"] == "bozza"


def test_chapters_are_guides_whose_links_go_on_leading() -> None:
    names = [c.name for c in chapters_of(DOCUMENT, "File", True, ["costi"])]
    assert names == ["il-permesso-guida", "rinnovo", "costi-2"]
    text = text_of(DOCUMENT, divided=True, number=1)
    assert "Vedi [oltre](costi.md) e [qui](#tempi)." in text
    assert "\n## Tempi {#tempi}" in text
    assert "sotto «Costi»" not in text
    assert "sotto «Costi»" in text_of(DOCUMENT, divided=True, number=2)


def test_a_document_without_headings_has_its_bold_lines() -> None:
    blocks = (Block("**Costi**", "Costi"), Block("Venti euro.", "Venti euro."))
    chapter = chapters_of(Document("Guida", blocks), "File", False)[0]
    assert [(b.level, b.markdown) for b in chapter.blocks] == [(2, "Costi"), (0, "Venti euro.")]
    assert [loss.what for loss in chapter.losses] == ["riga in grassetto presa per titolo"]


@pytest.mark.parametrize(
    ("heading", "words", "asked"),
    [
        ("3. Documenti per il rinnovo", "…", "che documenti servono per il rinnovo?"),
        ("Costi", "…", "il permesso: quanto si paga?"),
        ("Chi può lavorare?", "Posso lavorare con la ricevuta? Sì.",
         "Posso lavorare con la ricevuta?"),
        ("La ricevuta", "…", "la ricevuta: come funziona?"),
    ],
)  # fmt: skip
def test_questions_are_made_of_headings_and_of_what_is_asked(
    heading: str, words: str, asked: str
) -> None:
    assert asked in proposed(ChapterSection("a", heading, words), "Il permesso")


def folder(tmp_path: Path, text: str) -> Path:
    (tmp_path / "guida.md").write_text("# Guida\n\nTesto.\n", encoding="utf-8")
    (tmp_path / "bozza.md").write_text(text, encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize("state", ["bozza", "Bozza ", '"bozza"'])
def test_a_draft_is_checked_and_not_published(state: str, tmp_path: Path) -> None:
    here = folder(tmp_path, f"---\nstato: {state}\n---\n\n# Bozza\n\nVedi [a](nulla.md).\n")
    assert [g.path for g in read_guides(here)[0]] == ["guida.md"]
    assert [g.draft for g in read_all(here)[0]] == [True, False]
    guides, findings = check_folder(here)
    assert len(guides) == 2
    assert [(f.path, f.severity) for f in findings] == [("bozza.md", "warning")]


def test_a_wrong_draft_keeps_nothing_from_being_published(tmp_path: Path) -> None:
    here = folder(
        tmp_path,
        "---\nstato: bozza\ndomande:\n  nulla: [x]\n---\n\n# Bozza\n\n## A {#a}\n\nx\n",
    )
    guides, *_ = read_without_errors(here, Known())
    assert [guide.path for guide in guides] == ["guida.md"]
    assert {f.severity for f in check_folder(here)[1]} == {"warning"}


def test_a_guide_that_links_to_a_draft_is_told(tmp_path: Path) -> None:
    """To readers it is not there."""
    here = folder(tmp_path, "---\nstato: bozza\n---\n\n# Bozza\n\nTesto.\n")
    (here / "guida.md").write_text("# Guida\n\nVedi [la bozza](bozza.md).\n", encoding="utf-8")
    assert [f.path for f in check_folder(here)[1]] == ["guida.md"]


def test_a_folder_of_drafts_alone_has_nothing_to_publish(tmp_path: Path) -> None:
    (tmp_path / "bozza.md").write_text("---\nstato: bozza\n---\n\n# B\n\nx\n", encoding="utf-8")
    with pytest.raises(BussolaError, match="stato: bozza"):
        read_without_errors(tmp_path, Known())


def test_other_states_are_left_aside_and_told(tmp_path: Path) -> None:
    here = folder(tmp_path, "---\nstato: in vigore\n---\n\n# Altra\n\nTesto.\n")
    assert len(read_guides(here)[0]) == 2
    told = [f.message for f in check_folder(here)[1] if f.rule != "copy"]
    assert ["stato" in message for message in told] == [True]
