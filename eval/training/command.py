"""`bussola eval train`: train the encoder on questions for practice, write its adapter."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from eval.collections.item import FOLDER
from eval.console import console, friendly, progress_bar, settings

PRACTICE = FOLDER / "practice.jsonl"


def train(
    collection: Annotated[
        list[Path] | None,
        typer.Option("--collection", exists=True, help="Raccolta di pratica sulle guide."),
    ] = None,
    corpora: Annotated[
        list[Path] | None, typer.Option("--corpus", exists=True, help="Cartella BEIR; metà.")
    ] = None,
    pages: Annotated[
        list[Path] | None, typer.Option("--pages", exists=True, help="OMoS-QA, train.jsonl.")
    ] = None,
    steps: Annotated[int, typer.Option(min=1, help="Passi di 40 domande; 10 s l'uno.")] = 220,
    repeat: Annotated[int, typer.Option(min=1, help="Volte che conta una domanda di pratica.")] = 3,
    rate: Annotated[float, typer.Option(help="Quanto impara a ogni passo.")] = 1e-4,
    start: Annotated[
        Path | None, typer.Option(exists=True, help="Un adattatore da cui proseguire.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option(help="Il file da scrivere, al posto di index/data/adapter.npz.")
    ] = None,
) -> None:
    """Addestra il modello sulle domande di pratica e scrive il suo adattatore.

    Parte dal modello di base, con i negativi cercati da esso. Poi: bussola index build, e
    bussola eval fit --write, perché i pesi sono di un solo modello.
    """
    from eval.training.run import train_adapter

    with friendly(), progress_bar() as progress:
        written = train_adapter(
            settings(), collection or [PRACTICE], corpora or [], pages or [],
            steps=steps, repeat=repeat, rate=rate, into=into, start=start, tell=progress,
        )  # fmt: skip
    console.print(f"Scritto {written}", markup=False)
