"""`python -m eval train-reader`: work out again the weights of the reader."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zipfile import BadZipFile

import numpy as np
import typer

from eval.console import console, friendly, model_dir, progress_bar, settings

if TYPE_CHECKING:
    from eval.page_reader.cross_encoder import Scores
    from eval.page_reader.reading import PageQuestion
    from index.encode.encoder import Encoder

GUIDES = Path(__file__).parents[2] / "guides"
SHIPPED = Path(__file__).parent / "models"
SQUAD, ARTICLES = Path("squad-it"), Path("scale") / "articles.jsonl"
Progress = Callable[[str, int, int], None]


def train_reader(
    folders: Annotated[
        list[Path], typer.Argument(exists=True, help="Cartelle di OMoS-QA, una per lingua.")
    ],
    squad: Annotated[
        Path | None,
        typer.Option(exists=True, help="squad-it con le risposte; senza, sta accanto a OMoS-QA."),
    ] = None,
    articles: Annotated[
        Path | None,
        typer.Option(exists=True, help="Articoli di legge; senza, scale/articles.jsonl accanto."),
    ] = None,
    guides: Annotated[Path, typer.Option(exists=True, help="Guide con `domande`.")] = GUIDES,
    scores: Annotated[
        Path | None,
        typer.Option(help="Punteggi già calcolati: rifà solo le regressioni, in pochi minuti."),
    ] = None,
    output: Annotated[Path, typer.Option(help="Dove scrivere i pesi.")] = SHIPPED,
) -> None:  # fmt: skip
    """Addestra il lettore e ne scrive i pesi.

    Si esercita su squad-it, sulle guide e sugli articoli, poi impara dai `train.jsonl` di OMoS-QA.
    Con una scheda grafica bastano pochi minuti, con due processori serve mezza giornata.
    """
    from eval.page_reader.train_reader import read_sets, train
    from index.encode.encoder import Encoder
    from index.encode.model import BASE_MODEL

    with friendly(), progress_bar() as progress:
        sets, base = read_sets(folders), model_dir(BASE_MODEL)
        encoder = Encoder.load(base)
        kept = scores or settings().var / "reader" / "scores.npz"
        if scores is None:
            beside = folders[0].absolute().parent.parent
            squad, articles = squad or beside / SQUAD, articles or beside / ARTICLES
            practice = _practice(squad, guides, articles, encoder)
            _train_cross(base, sets, practice, output / "cross.npz", kept, progress)
        read = read_scores(kept, [q for questions in sets for q in questions])
        weights, figures = train(sets, read, encoder, progress)
        (output / "reader.json").write_text(json.dumps(weights) + "\n", encoding="utf-8")
    shown = ", ".join(f"{name} {value:.3f}" for name, value in figures.items())
    console.print(f"Pesi scritti in {output}. Su pagine tenute da parte: {shown}", markup=False)


def _practice(squad: Path, guides: Path, articles: Path, encoder: Encoder) -> list[PageQuestion]:
    from eval.page_reader.cross_encoder import SENTENCE_TOKENS
    from eval.page_reader.practice import practice_pages

    def count(text: str) -> int:
        return min(encoder.count_tokens(text), SENTENCE_TOKENS)

    return practice_pages(squad, guides, articles, count)


def _train_cross(
    base: Path, sets: Sequence[Sequence[PageQuestion]], practice: Sequence[PageQuestion],
    weights: Path, scores: Path, progress: Progress,
) -> None:  # fmt: skip
    """Write the adapter's weights, and what was said of each page left out."""
    from eval.page_reader.train_cross import train_cross
    from eval.page_reader.train_reader import page_groups

    pages = [q for questions in sets for q in questions]
    trained = train_cross(practice, pages, page_groups(sets), base, progress=progress)
    np.savez_compressed(weights, allow_pickle=False, **trained.net.weights())
    scores.parent.mkdir(parents=True, exist_ok=True)
    write_scores(scores, trained.left_out)
    console.print(f"Punteggi delle pagine tenute da parte in {scores}", markup=False)


def write_scores(path: Path, scores: Sequence[Scores]) -> None:
    """One array for each page: the logits of its sentences, then that of the page."""
    np.savez_compressed(path, *(np.append(found, page) for found, page in scores))


def read_scores(path: Path, pages: Sequence[PageQuestion]) -> list[Scores]:
    """What `write_scores` wrote of `pages`. Raises DataError when it is of others."""
    from eval.beir import DataError
    from eval.page_reader.cross_encoder import Scores

    try:
        with np.load(path) as arrays:
            rows = [arrays[f"arr_{number}"] for number in range(len(arrays.files))]
    except (OSError, EOFError, ValueError, KeyError, BadZipFile) as error:
        raise DataError(f"{path}: punteggi non leggibili ({error})") from error
    if [len(row) - 1 for row in rows] != [len(page.sentences) for page in pages]:
        raise DataError(f"{path}: punteggi di altre pagine: addestra senza --scores")
    return [Scores(row[:-1].astype(np.float32), float(row[-1])) for row in rows]
