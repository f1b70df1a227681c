"""`python -m eval benchmark people|services|foreign|retrieval|reading|speed|scale|start|web …`."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from chatbot.figures import publish_figures
from eval.collections.item import FOLDER
from eval.console import AsJson, Seed, console, emit, friendly, progress_bar, settings
from eval.suite.folder import CASES_DIR

if TYPE_CHECKING:
    from chatbot.judge.helper import Helper

benchmarks = typer.Typer(
    no_args_is_help=True, help="Misure su dati non scritti qui: ricerca, lettura, velocità."
)
PEOPLE = FOLDER / "dev-people.jsonl"
SIZES = (100, 1_000, 10_000)
Sizes = Annotated[list[int], typer.Option("--guides", min=0, help="Quante guide; anche più volte.")]
Plot = Annotated[Path | None, typer.Option("--plot", help="Dove disegnare la crescita (SVG).")]
Point = Annotated[
    bool, typer.Option("--point", help="Con il modello delle impostazioni, che indica le frasi.")
]
Understand = Annotated[
    bool, typer.Option("--understand", help="Con il modello, che dice che cosa cercare.")
]
Peer = Annotated[
    str, typer.Option("--peer", help="llama-index: misura anche la sua catena semplice.")
]


@benchmarks.command()
def retrieval(
    corpus: Annotated[Path, typer.Option("--corpus", help="Cartella BEIR.", exists=True)],
    unanswerable: Annotated[
        Path | None,
        typer.Option("--unanswerable", exists=True, help="Domande senza risposta nel corpus."),
    ] = None,
    peer: Peer = "",
    as_json: AsJson = False,
) -> None:
    """Ricerca e silenzio su una cartella BEIR."""
    from eval.beir import read_beir, read_queries
    from eval.benchmarks import retrieval as measure
    from eval.benchmarks.peer import build_peer

    _known_peer(peer)
    with friendly(), progress_bar() as progress:
        data = read_beir(corpus)
        silent = read_queries(unanswerable) if unanswerable else None
        model = model_dir()
        bench = measure.open_bench(model, Path(settings().var), data, progress)
        pipeline = build_peer(model, data.ids, data.titles, data.texts) if peer else None
        figures = measure.benchmark(bench, silent, pipeline, progress)
    _report(figures, as_json)


@benchmarks.command()
def reading(
    data: Annotated[Path, typer.Option("--data", help="JSONL di domande e frasi.", exists=True)],
    as_json: AsJson = False,
) -> None:
    """Le frasi che rispondono, scelte dal lettore."""
    from eval.benchmarks.reading import benchmark
    from index.encode.model import BASE_MODEL

    with friendly(), progress_bar() as progress:
        figures = benchmark(data, model_dir(BASE_MODEL), progress)
    _report(figures, as_json)


@benchmarks.command()
def speed(
    sample: Annotated[int, typer.Option(min=10, help="Passaggi indicizzati per la misura.")] = 150,
    guides: Sizes = list(SIZES),  # noqa: B006 (typer reads it, nobody writes it)
    plot: Plot = None,
    as_json: AsJson = False,
) -> None:
    """Tempi e memoria, accanto alla catena semplice di llama-index; e come crescono con le guide.

    Con 10.000 guide servono alcuni minuti e 4 GB di disco; `--guides 0` lascia stare la crescita.
    """
    from eval.benchmarks import speed as measure
    from eval.suite.folder import load_suite
    from index.publish.snapshot import load_current

    with friendly(), progress_bar() as progress:
        places = settings()
        questions = [case.question for case in load_suite(CASES_DIR)][::4]  # all themes
        figures = measure.benchmark(
            load_current(places.var), places.guides, places.var, model_dir(), questions, sample,
            progress,
        )  # fmt: skip
        sizes = [size for size in guides if size]
        if sizes:
            figures["growth"] = _growth(sizes, plot, progress)
    _report(figures, as_json)


@benchmarks.command()
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
        library.bot.helper = _helper(point, understand)
        items = read_collection(collection)
        figures = measure.benchmark(
            items, library.bot, library.snapshot,
            lambda done, total: progress("domande", done, total),
        )  # fmt: skip
        if public:
            publish_figures(settings().var, measure.published(figures, public, date.today()))
    _report(figures, as_json)


@benchmarks.command()
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
    _report(measure.figures(proposed), as_json)


@benchmarks.command()
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
    _report(figures, as_json)


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


@benchmarks.command()
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
    _report(figures, as_json)


@benchmarks.command()
def attacks(as_json: AsJson = False) -> None:
    """Attacchi, per tipo: ordini, dati di altri, pareri, insulti, crisi, premesse sbagliate…"""
    from eval.benchmarks.run_whole import measure_all

    with friendly(), progress_bar() as progress:
        measured = measure_all(settings(), (), progress, only="attacchi")
    _report({one.collection.name: one.by("tipo") for one in measured}, as_json)


@benchmarks.command()
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
    _report(figures, as_json)


@benchmarks.command()
def growth(
    guides: Sizes = list(SIZES),  # noqa: B006
    plot: Plot = None,
    as_json: AsJson = False,
) -> None:
    """Solo come crescono controllo, pubblicazione e attesa con il numero delle guide."""
    if 0 in guides:
        raise typer.BadParameter("almeno una guida", param_hint="--guides")
    with friendly(), progress_bar() as progress:
        figures = _growth(guides, plot, progress)
    _report(figures, as_json)


def _growth(sizes: Sequence[int], plot: Path | None, progress: Any) -> dict[str, Any]:
    """Measure, and draw where asked or in `var/eval/crescita.svg`."""
    from eval.benchmarks import growth as measure
    from eval.report.plots import growth_plot
    from index.encode.encoder import Encoder
    from index.publish.snapshot import load_current

    places = settings()
    encoder = Encoder.load(model_dir())
    figures = measure.benchmark(load_current(places.var), encoder, sorted(set(sizes)), progress)
    target = plot or places.var / "eval" / "crescita.svg"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(growth_plot(figures["rows"], measure.WORDS), encoding="utf-8")
    figures["plot"] = str(target)
    return figures


@benchmarks.command()
def scale(
    corpus: Annotated[Path, typer.Option("--corpus", help="Cartella BEIR.", exists=True)],
    size: Annotated[
        list[int] | None, typer.Option("--size", min=100, help="Quanti passaggi; si ripete.")
    ] = None,
    distractors: Annotated[
        Path | None,
        typer.Option("--distractors", exists=True, help="JSONL di altri testi veri, fra i quali."),
    ] = None,
    plot: Annotated[Path | None, typer.Option("--plot", help="SVG della crescita.")] = None,
    as_json: AsJson = False,
) -> None:
    """Ricerca con 10.000, 100.000 o più passaggi: oltre quelli veri, copie alterate."""
    from eval.beir import read_beir
    from eval.benchmarks import scale as measure

    with friendly(), progress_bar() as progress:
        var = Path(settings().var)
        real = measure.read_corpus(read_beir(corpus), distractors, model_dir(), var, progress)
        figures = measure.benchmark(real, sorted(size or (10_000, 100_000)), progress)
    if plot:
        plot.write_text(measure.growth_svg(figures["sizes"]), encoding="utf-8")
    _report(figures, as_json)


@benchmarks.command()
def start(
    guides: Annotated[
        Path, typer.Option("--guides", exists=True, file_okay=False, help="Cartella di Markdown.")
    ] = Path("docs/esempi/pa-digitale"),
    question: Annotated[str, typer.Option("--question")] = "Quali sono i requisiti per l'accesso?",
    as_json: AsJson = False,
) -> None:
    """Da una cartella di guide alla prima risposta: `make run GUIDES=…` con il modello pronto."""
    from eval.benchmarks import start as measure

    with friendly():
        figures = measure.benchmark(guides, model_dir().parent, question)
    _report(figures, as_json)


@benchmarks.command()
def web(
    address: Annotated[str, typer.Option(help="Il server da misurare.")] = "http://127.0.0.1:8000/",
    runs: Annotated[int, typer.Option(min=1, max=50)] = 5,
    as_json: AsJson = False,
) -> None:
    """La pagina della chat: prima comparsa con processore 4 volte più lento, e peso.

    Esce con 1 quando un limite è superato.
    """
    from eval.benchmarks import web as measure

    with friendly():
        figures = measure.benchmark(address, runs)
    _report(figures, as_json)
    if not figures["budgets"]["kept"]:
        raise typer.Exit(1)


@benchmarks.command()
def doors(
    rounds: Annotated[int, typer.Option(min=20, max=10_000)] = 300, as_json: AsJson = False
) -> None:
    """Quanto aggiungono a una risposta le porte per altri programmi (OpenAI e MCP).

    Esce con 1 quando una aggiunge più di 5 ms.
    """
    from eval.benchmarks import doors as measure

    with friendly():
        figures = measure.benchmark(rounds)
    _report(figures, as_json)
    if not figures["kept"]:
        raise typer.Exit(1)


def _helper(point: bool, understand: bool) -> Helper | None:
    """The language model of the settings, for the uses asked for; none where none is. Raises
    BussolaError."""
    from chatbot.helper.helper import open_helper

    uses = [use for use, on in (("point", point), ("understand", understand)) if on]
    return open_helper(settings(), uses) if uses else None  # type: ignore[arg-type]


def _known_peer(peer: str) -> None:
    if peer not in ("", "llama-index"):
        raise typer.BadParameter("si può misurare accanto a: llama-index", param_hint="--peer")


def model_dir(name: str | None = None) -> Path:
    """The folder of the prepared model `name`, or of the one that is set."""
    from index.encode.model import ensure_model

    places = settings()
    models = Path(places.var) / "models"
    return ensure_model(models, name or places.model, progress=console.print)


def _report(figures: dict[str, Any], as_json: bool) -> None:
    if as_json:
        emit(figures)
        return
    for name, value in figures.items():
        if name == "growth":
            _report(value, as_json)
            continue
        for row in value if isinstance(value, list) else [value]:
            shown = row if isinstance(row, dict) else {"": row}
            cells = (f"{key} {cell:.3f}" if isinstance(cell, float) else f"{key} {cell}"
                     for key, cell in shown.items())  # fmt: skip
            typer.echo(f"{name:<16} {'  '.join(cells)}")
