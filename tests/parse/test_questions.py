"""The questions that lead to a section: read from the front matter, searched, never shown."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from guide_texts import guide, with_questions

from chatbot.bot import Bot
from chatbot.find.retrieve import LED, retrieve
from chatbot.question import Question
from index.encode.encoder import Encoder
from index.parse.chunk import chunk_guide
from index.parse.guide_file import parse_guide
from index.parse.questions import questions_of
from index.publish.build import build
from index.publish.snapshot import Snapshot, load_current

BODY = "# Prova\n\nPrime righe.\n\n## Chi può? {#chi}\n\nTutti.\n\n## Quanto? {#quanto}\n\nNulla.\n"


def with_asked(asked: str) -> str:
    return with_questions(asked, BODY)


def test_questions_go_with_their_section() -> None:
    """Each passage has the questions of its anchor; `inizio` names the words under the title."""
    found = guide(with_asked("  chi: [lo può fare?, ci va   anche lei?]\n  inizio: che roba è?\n"))
    passages = {p.anchor: p for p in chunk_guide(found, lambda text: len(text.split()))}
    assert passages["prova"].questions == ("che roba è?",)
    assert passages["chi"].questions == ("lo può fare?", "ci va anche lei?")
    assert passages["quanto"].questions == ()
    assert list(questions_of(passages["chi"], "Prova")) == [
        "Prova: Chi può?", "lo può fare?", "ci va anche lei?",
    ]  # fmt: skip
    assert "lo può fare" not in passages["chi"].embedded


def test_an_unknown_anchor_is_told_with_its_line() -> None:
    """A question of no section would be lost: the editor is told which, and where."""
    text = with_asked("  chi: [lo può fare?]\n  costi: quanto viene?\n")
    found, findings = parse_guide(text.encode(), "schede/prova.md")
    assert found is None
    (finding,) = findings
    assert text.splitlines()[finding.line - 1].strip().startswith("costi")
    assert "«costi»" in finding.message
    assert "«inizio»" in finding.message


@pytest.mark.parametrize("key", ["no", "12"])
def test_an_anchor_that_yaml_reads_otherwise_is_told(key: str) -> None:
    """`no:` is false in YAML: the editor is told to quote it, and quoted it is an anchor."""
    _, findings = parse_guide(with_asked(f"  {key}: [quanto?]\n").encode(), "schede/prova.md")
    assert "fra virgolette" in findings[0].message
    quoted = with_asked(f'  "{key}": [quanto?]\n').replace("{#chi}", "{#" + key + "}")
    assert parse_guide(quoted.encode(), "schede/prova.md")[1] == []


def test_operators_words_find_the_section(small_copy: Path, encoder_of_all: Encoder) -> None:
    """Words that stand nowhere in the guides lead to the section that an editor gave them to."""
    folder, var, bot = small_copy / "guides", small_copy / "var", Bot(encoder_of_all)
    words = "suona la zampogna?"
    tops = []
    for asked in ("", f"\ndomande:\n  documenti:\n    - {words}"):
        path = folder / "schede/conto-di-base.md"
        head, _, body = path.read_text("utf-8").partition("\n---\n")
        head = head.partition("\ndomande:\n")[0] + asked
        path.write_text(f"{head}\n---\n{body}", encoding="utf-8")
        build(folder, var, encoder_of_all)
        answer = bot.reply(Question(text=words), load_current(var))
        tops.append(answer.hits[0].passage.id)
        assert "zampogna" not in answer.answer + answer.hits[0].passage.text
    assert tops[0] != tops[1] == "conto-di-base#documenti:0"


def test_a_snapshot_knows_whose_each_question_is(snapshot: Snapshot) -> None:
    """Rows of questions stand by their passages, as many as the heading and what was written."""
    counts = np.bincount(snapshot.question_owners, minlength=len(snapshot.passages))
    assert counts.tolist() == [1 + len(p.questions) for p in snapshot.passages]
    assert len(snapshot.questions) == counts.sum()


def test_candidates_are_met_by_their_own_questions(
    snapshot: Snapshot, encoder_of_all: Encoder
) -> None:
    """Each candidate has the cosine of its heading and the highest of all its questions, found
    without comparing those of every passage."""
    vector = encoder_of_all.encode_queries(["come apro un conto"])[0]
    found = retrieve(vector[None], ["cont"], snapshot)
    cosines = snapshot.questions @ vector
    bounds = snapshot.question_bounds
    spans = [cosines[bounds[row] : bounds[row + 1]] for row in found.rows]
    assert np.allclose(found.heading[:, 0], [span[0] for span in spans], atol=1e-6)
    assert np.allclose(found.led[:, 0], [span.max() for span in spans], atol=1e-6)
    assert set(snapshot.question_owners[np.argsort(-cosines)[:LED]]) <= set(found.rows)
