"""`bussola eval benchmark people|services|support|turns|attacks|foreign`, `ablate` and
`collection measure`: answers to questions that others wrote."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatbot.figures import publish_figures
from eval.benchmarks.printed import print_figures
from eval.collections.item import FOLDER
from eval.console import AsJson, Seed, emit, friendly, model_dir, progress_bar, settings
from index.errors import BussolaError

if TYPE_CHECKING:
    from chatbot.helper.helper import ModelHelper

PEOPLE = FOLDER / "dev-people.jsonl"
Extra = Annotated[
    list[Path],
    typer.Option("--collection", exists=True, help="Anche queste domande; si ripete."),
]
Point = Annotated[
    bool, typer.Option("--point", help="Con il modello delle impostazioni, che indica le frasi.")
]
Understand = Annotated[
    bool, typer.Option("--understand", help="Con il modello, che dice che cosa cercare.")
]


def people(
    collection: Annotated[
        Path, typer.Option("--collection", exists=True, help="Domande di altri, con le risposte.")
    ] = PEOPLE,
    point: Point = False,
    understand: Understand = False,
    public: Annotated[
        str,
        typer.Option(help="Chi le ha scritte, e come: mostra le misure nella pagina «Come va»."),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Domande scritte da altri, nella maniera di chi chiede davvero: giuste, sbagliate, taciute."""
    from chatbot.library import Library
    from eval.benchmarks import people as measure
    from eval.collections.item import read_collection

    with friendly(), progress_bar() as progress:
        library = Library.open(settings())
        library.bot.helper = helper = _helper(point, understand)
        items = read_collection(collection)
        figures = measure.benchmark(
            items, library.bot, library.snapshot,
            lambda done, total: progress("domande", done, total),
        )  # fmt: skip
        _tell_help(figures, helper)
        if public:
            publish_figures(
                settings().var, measure.published(figures, public, library.network.today())
            )
    print_figures(figures, as_json)


def services(as_json: AsJson = False) -> None:
    """I servizi proposti accanto alle risposte: quanti sono adatti, e quante domande servono."""
    from chatbot.library import Library
    from eval.benchmarks import services as measure

    with friendly(), progress_bar() as progress:
        library = Library.open(settings())
        proposed = measure.propose(
            measure.read_labelled(), library.bot, library.snapshot,
            lambda done, total: progress("domande", done, total),
        )  # fmt: skip
    print_figures(measure.figures(proposed), as_json)


def support(
    collection: Annotated[
        Path, typer.Option("--collection", exists=True, help="Frasi con le unità che citano.")
    ] = FOLDER / "support.jsonl",
    as_json: AsJson = False,
) -> None:
    """Una frase dice solo quello che dicono le unità che cita? Quante ne riconosce il controllo."""
    from eval.support.check import unsupported
    from eval.support.pairs import benchmark, read_pairs

    with friendly():
        figures = benchmark(read_pairs(collection), unsupported)
    print_figures(figures, as_json)


def ablate(
    collection: Annotated[
        Path, typer.Option("--collection", exists=True, help="Domande di altri, con le risposte.")
    ] = PEOPLE,
    signs: Annotated[bool, typer.Option("--signs", help="Anche un segno alla volta.")] = False,
    as_json: AsJson = False,
) -> None:
    """Toglie una regola alla volta, e con --signs un segno alla volta: che cosa cambia?"""
    from chatbot.library import Library
    from eval.benchmarks import ablate as measure
    from eval.collections.item import read_collection

    with friendly(), progress_bar() as progress:
        library = Library.open(settings())
        items = read_collection(collection)
        rows = measure.ablate(items, library.bot, library.snapshot, signs, progress)
    if as_json:
        emit(rows)
    else:
        for row in rows:
            name = row.pop("without") or "com'è"
            typer.echo(f"{name:<28} {'  '.join(f'{k} {v:.3f}' for k, v in row.items())}")


def turns(
    dangers: Annotated[Path, typer.Option(exists=True, help="Pericoli e frasi tranquille.")] = (
        FOLDER / "dev-danger.jsonl"
    ),
    followups: Annotated[Path, typer.Option(exists=True, help="Coppie di turni.")] = (
        FOLDER / "dev-followups.jsonl"
    ),
    talk: Annotated[Path, typer.Option(exists=True, help="Cortesie e domande.")] = (
        FOLDER / "dev-smalltalk.jsonl"
    ),
    as_json: AsJson = False,
) -> None:
    """Pericoli, seguiti e cortesie scritti da altri: quanti ne riconosce, quanti ne inventa."""
    from chatbot.library import Library
    from eval.benchmarks import turns as measure

    with friendly():
        library = Library.open(settings())
        figures = measure.benchmark(dangers, followups, talk, library.snapshot, library.bot)
    print_figures(figures, as_json)


def attacks(as_json: AsJson = False) -> None:
    """Attacchi, per tipo: ordini, dati di altri, pareri, insulti, crisi, premesse sbagliate…"""
    from eval.benchmarks.run_whole import measure_all

    with friendly(), progress_bar() as progress:
        measured = measure_all(settings(), (), progress, only="attacchi")
    print_figures({one.collection.name: one.by("tipo") for one in measured}, as_json)


def measure_collections(collection: Extra = [], as_json: AsJson = False) -> None:  # noqa: B006 (typer's)
    """Pone tutte le raccolte a Bussola: con queste cifre si apre il resoconto."""
    from eval.benchmarks.run_whole import measure_all

    with friendly(), progress_bar() as progress:
        measured = measure_all(settings(), collection, progress)
    if as_json:
        emit({one.collection.name: {n: f.model_dump() for n, f in one.figures.items()}
              for one in measured})  # fmt: skip
        return
    for one in measured:
        cells = (f"{n} {f.value:.3f} ({f.low:.3f}–{f.high:.3f}; {f.n})"
                 for n, f in one.figures.items())  # fmt: skip
        typer.echo(f"{one.collection.name:<16} {'  '.join(cells)}")


def foreign(
    corpus: Annotated[Path, typer.Option("--corpus", help="Cartella BEIR.", exists=True)],
    unanswerable: Annotated[
        Path | None,
        typer.Option("--unanswerable", exists=True, help="Domande senza risposta nel corpus."),
    ] = None,
    sample: Annotated[int, typer.Option(min=1, help="Quante domande con risposta.")] = 600,
    silent: Annotated[int, typer.Option(min=1, help="Quante senza risposta.")] = 200,
    seed: Seed = 1,
    point: Point = False,
    understand: Understand = False,
    as_json: AsJson = False,
) -> None:
    """Guide di altri, senza intestazione e con titoli che non chiedono nulla: come `people`.

    Si chiedono le domande della metà che non serve per esercitarsi (eval/collections/halves.py).
    """
    from eval.beir import read_beir
    from eval.benchmarks import foreign as measure
    from index.encode.encoder import Encoder

    with friendly(), progress_bar() as progress:
        data = read_beir(corpus)
        encoder = Encoder.load(model_dir(), settings().threads)
        var = Path(settings().var) / "eval" / "foreign" / corpus.resolve().name
        draw = measure.Draw(sample, silent, seed)
        helper = _helper(point, understand)
        figures = measure.benchmark(
            corpus, data, unanswerable, encoder, var, draw, progress, helper
        )
        _tell_help(figures, helper)
    print_figures(figures, as_json)


def _helper(point: bool, understand: bool) -> ModelHelper | None:
    """The language model of the settings, for the uses asked for; none where none is. Raises
    BussolaError."""
    from chatbot.helper.helper import open_helper

    uses = [use for use, on in (("point", point), ("understand", understand)) if on]
    return open_helper(settings(), uses) if uses else None  # type: ignore[arg-type]


def _tell_help(figures: dict[str, Any], helper: ModelHelper | None) -> None:
    """Put beside the figures what became of the requests to the model. Raises BussolaError where
    it never replied: they would be those without it."""
    if helper is None:
        return
    tally = helper.tally
    if tally.total() and tally["failed"] == tally.total():
        raise BussolaError(
            f"Il modello {helper.name} non ha risposto a nessuna delle {tally.total()} richieste: "
            "guarda BUSSOLA_LLM_ADDRESS, BUSSOLA_LLM_SECONDS e BUSSOLA_LLM_BUDGET."
        )
    figures["model"] = {"name": helper.name, **dict(sorted(tally.items()))}
