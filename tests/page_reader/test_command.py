"""`python -m eval train-reader`, from the sources to weights that are read with."""

from __future__ import annotations

import json
from functools import partial
from pathlib import Path

import pytest
from guide_texts import with_questions
from typer.testing import CliRunner

from eval.__main__ import app
from eval.page_reader.cross_encoder import CrossEncoder
from eval.page_reader.cross_model import SHIPPED, ensure_cross_encoder, read_weights
from eval.page_reader.reader import PageReader
from eval.page_reader.train_cross import Recipe
from index.encode.encoder import Encoder

RUN = CliRunner()
ASKED = """\
  durata:
    - quanto può durare al massimo?
"""
GUIDE = with_questions(
    ASKED,
    """
# Prova

## Durata {#durata}

Dura al massimo sei mesi.
""",
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """Twelve pages in two languages, with what they are practised on beside them."""
    for language, question in (
        ("de", "Wie lange dauert Kurs {}?"),
        ("en", "How long is course {}?"),
    ):
        rows = []
        for n in range(12):
            gold = [1] if n % 3 else []
            page = [f"{language} {n}", f"{n} Monate, months.", "Telefon 011."][: 3 if gold else 1]
            rows.append({"id": str(n), "question": question.format(n), "sentences": page,
                         "gold": gold, "answerable": bool(gold)})  # fmt: skip
        write(tmp_path / "omos-qa" / language / "train.jsonl", rows)
    passages = [{"_id": "a", "title": "Torino", "text": "Torino è una città. Il Po la attraversa."}]
    asked = [{"_id": "1", "text": "Quale fiume attraversa Torino?", "answers": ["Po"]}]
    write(tmp_path / "squad-it" / "corpus.jsonl", passages)
    write(tmp_path / "squad-it" / "queries.jsonl", asked)
    (tmp_path / "squad-it" / "qrels.tsv").write_text("1\ta\t1\n")
    law = {"title": "142 art. 1 Prime parole", "text": "Un comma qui.\nUn altro qui.\nUn terzo."}
    write(tmp_path / "scale" / "articles.jsonl", [law])
    (tmp_path / "guides").mkdir()
    (tmp_path / "guides" / "tirocinio.md").write_text(GUIDE, encoding="utf-8")
    (tmp_path / "weights").mkdir()
    return tmp_path


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def arguments(data: Path) -> list[str]:
    folders = [str(data / "omos-qa" / language) for language in ("de", "en")]
    return ["train-reader", *folders, "--guides", str(data / "guides"),
            "--output", str(data / "weights")]  # fmt: skip


def test_from_sources_to_a_reader(
    data: Path, model_dir: Path, encoder_of_all: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Sources beside OMoS-QA are found; weights and scores are written; the scores alone make the
    same regressions again."""
    quick = partial(Recipe, rank=2, practice_epochs=1, epochs=1, folds=2)
    monkeypatch.setattr("eval.page_reader.train_cross.Recipe", quick)
    monkeypatch.setenv("BUSSOLA_VAR", str(data / "var"))
    (data / "var" / "models").mkdir(parents=True)
    (data / "var" / "models" / model_dir.name).symlink_to(model_dir)
    done = RUN.invoke(app, arguments(data))
    assert done.exit_code == 0, done.output
    weights, scores = data / "weights", data / "var" / "reader" / "scores.npz"
    regressions = (weights / "reader.json").read_text()
    written = read_weights(weights / "cross.npz")
    assert written.keys() == read_weights(SHIPPED).keys()
    cross = CrossEncoder.load(ensure_cross_encoder(model_dir.parent, model_dir))
    reader = PageReader.load(encoder_of_all, cross, weights / "reader.json")
    assert len(reader.read("Quanto dura?", ["Dura sei mesi.", "Altro."]).scores) == 2
    again = RUN.invoke(app, [*arguments(data), "--scores", str(scores)])
    assert again.exit_code == 0, again.output
    assert (weights / "reader.json").read_text() == regressions


def test_scores_of_other_pages_are_refused(
    data: Path, model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUSSOLA_VAR", str(model_dir.parent.parent))
    other = data / "other.npz"
    other.write_bytes(b"")
    done = RUN.invoke(app, [*arguments(data), "--scores", str(other)])
    assert done.exit_code == 1
    assert "other.npz" in done.output


def test_missing_sources_are_named(
    data: Path, model_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BUSSOLA_VAR", str(model_dir.parent.parent))
    (data / "scale" / "articles.jsonl").unlink()
    done = RUN.invoke(app, arguments(data))
    assert done.exit_code == 1
    assert "articles.jsonl" in done.output
