"""`python -m eval fit`, `fit-danger` and `fit-ranking`: work out again what the bot weighs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from eval.console import AsJson, Seed, console, emit, friendly, progress_bar, settings
from eval.suite.folder import CASES_DIR

UNANSWERABLE = "queries_unanswerable.jsonl"


def fit(
    corpora: Annotated[
        list[Path] | None,
        typer.Option("--corpus", exists=True, help=f"Cartella BEIR, anche più d'una; {UNANSWERABLE}"
                     " dentro di essa sono domande senza risposta."),
    ] = None,
    cases: Annotated[Path, typer.Option(help="Cartella dei casi.")] = CASES_DIR,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Ricalcola il giudizio «le guide rispondono» dai casi e dalle cartelle date.

    Stampa i coefficienti da copiare in `chatbot/judge/decide.py`: non cambia nulla da sé.
    """
    from chatbot.library import Library
    from eval.fitting.judgement import examples_of_cases, fit_judgement, report
    from eval.suite.folder import load_suite

    with friendly(), progress_bar() as progress:
        places = settings()
        library = Library.open(places)
        examples = list(examples_of_cases(load_suite(cases), library.snapshot, library.bot))
        for folder in corpora or []:
            examples += _of_corpus(folder, Path(places.var), seed, progress)
        figures = fit_judgement(examples)
    if as_json:
        emit(figures)
    else:
        console.print(report(figures), markup=False)


def fit_danger(
    cases: Annotated[Path, typer.Option(help="Cartella dei casi.")] = CASES_DIR,
    as_json: AsJson = False,
) -> None:
    """Ricalcola dai casi come si riconosce un pericolo.

    Stampa i coefficienti da copiare in `chatbot/judge/guard.py`: non cambia nulla da sé.
    """
    from chatbot.library import Library
    from eval.fitting import danger
    from eval.suite.folder import load_suite

    with friendly():
        library = Library.open(settings())
        signs = danger.signs_of_cases(load_suite(cases), library.snapshot, library.bot)
        figures = danger.fit_danger(*signs)
    if as_json:
        emit(figures)
    else:
        console.print(danger.report(figures), markup=False)


def fit_ranking(
    corpora: Annotated[
        list[Path] | None,
        typer.Option("--corpus", exists=True, help="Cartella BEIR, anche più d'una."),
    ] = None,
    cases: Annotated[Path, typer.Option(help="Cartella dei casi.")] = CASES_DIR,
    seed: Seed = 0,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Ricalcola dai casi e dalle cartelle date quanto pesa ogni segno nell'ordine dei passaggi.

    Stampa i pesi da copiare in `chatbot/find/fuse.py`: non cambia nulla da sé.
    """
    from chatbot.library import Library
    from eval.beir import read_beir
    from eval.fitting import ranking
    from eval.suite.folder import load_suite

    with friendly(), progress_bar() as progress:
        places = settings()
        library = Library.open(places)
        rows = list(ranking.ranked_cases(load_suite(cases), library.snapshot, library.bot))
        for folder in corpora or []:
            bench = _bench(Path(places.var), read_beir(folder), progress)
            rows += ranking.ranked_corpus(folder.name, bench, seed)
        figures = ranking.fit_ranking(rows)
    if as_json:
        emit(figures)
    else:
        console.print(ranking.report(figures), markup=False)


def _of_corpus(folder: Path, var: Path, seed: int, progress: Any) -> list[Any]:
    from eval.beir import read_beir, read_queries
    from eval.fitting.judgement import examples_of_corpus

    bench = _bench(var, read_beir(folder), progress)
    silent = folder / UNANSWERABLE
    others = read_queries(silent) if silent.is_file() else {}
    return list(examples_of_corpus(folder.name, bench, others, seed))


def _bench(var: Path, data: Any, progress: Any) -> Any:
    from eval.benchmarks.command import model_dir
    from eval.benchmarks.retrieval import open_bench

    return open_bench(model_dir(), var, data, progress)
