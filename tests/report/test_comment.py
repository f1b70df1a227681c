"""The impact as a comment: the words of the desk, and nothing in it that a forge would obey."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from folders import ROOT
from made_runs import case, result, run

from eval.report import comment
from eval.report.comment import MARKER, impact_comment
from eval.report.impact import Impact, pair
from eval.runs.compare import compare

EVIL = "ciao @tutti, vedi #12 e !3 <img src=x> [qui](http://x.test) **forte** | a & b"


def impact(question: str = "Può lavorare?") -> Impact:
    cases = [case(n, domande=f"{question} {n}") for n in range(3)]
    before = run([result(c) for c in cases[:2]] + [result(cases[2], answer="subito")])
    after = run([result(cases[0], answer="subito"), result(cases[1]), result(cases[2])])
    return Impact(pair(before, after), compare(before, after), ())


@pytest.mark.parametrize("form", ["markdown", "github", "gitlab"])
def test_a_comment_tells_what_gets_worse_first(form: comment.Format) -> None:
    """Counts, regressions, then each case with both answers; what stays the same is not there."""
    text = impact_comment(impact(), form)
    assert "1 peggiorano, 1 migliorano, 0 cambiano risposta, 1 restano uguali" in text
    assert text.index("peggiora</strong> " if form != "markdown" else "**peggiora**") < text.index(
        "migliora</strong> " if form != "markdown" else "**migliora**"
    )
    assert "Prima: **giusta** (risposta). dopo 90 giorni" in text
    assert "Con la modifica: **frase sbagliata** (risposta). subito" in text
    assert "Può lavorare? 1" not in text
    assert text.startswith(MARKER) is (form != "markdown")
    assert text.count("<details") == text.count("</details>") == (0 if form == "markdown" else 2)


@pytest.mark.parametrize("form", ["markdown", "github", "gitlab"])
def test_nothing_in_a_question_is_obeyed(form: comment.Format) -> None:
    """No mention, no reference, no tag, no link, no bold."""
    text = impact_comment(impact(EVIL), form)
    assert "@tutti" not in text
    assert "#12" not in text
    assert "!3" not in text
    assert "<img" not in text
    assert "http://x.test" not in text
    # in a summary, which is HTML, brackets are text
    assert form != "markdown" or "\\[qui\\](http&#58;" in text
    assert "&amp; b" in text


def test_a_long_comment_stays_within_what_a_forge_takes(monkeypatch: pytest.MonkeyPatch) -> None:
    """The worst stay, the others are counted."""
    whole = impact_comment(impact(), "github")
    monkeypatch.setitem(comment.LONGEST, "github", len(whole) - 10)
    text = impact_comment(impact(), "github")
    assert "Altri 1 casi nella pagina" in text
    assert "peggiora</strong>" in text


@pytest.mark.parametrize("name", ["github.yml", "gitlab.yml"])
def test_the_workflows_are_whole_and_not_active(name: str) -> None:
    """Valid YAML with the command as it is, in a place that no forge reads."""
    text = (ROOT / "docs" / "impatto" / name).read_text(encoding="utf-8")
    assert yaml.safe_load(text)
    assert f"eval impact guides --format {Path(name).stem}" in text
    assert not (ROOT / ".github" / "workflows" / "impatto.yml").exists()
