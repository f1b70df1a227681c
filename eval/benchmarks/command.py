"""`python -m eval benchmark people|services|foreign|retrieval|reading|speed|scale|start|web …`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from eval.benchmarks.answers_command import attacks, foreign, people, services, support, turns
from eval.benchmarks.printed import print_figures
from eval.console import AsJson, console, friendly, model_dir, progress_bar, settings
from eval.suite.folder import CASES_DIR

benchmarks = typer.Typer(
    no_args_is_help=True, help="Misure su dati non scritti qui: ricerca, lettura, velocità."
)
for measured in (people, services, support, turns, attacks, foreign):
    benchmarks.command()(measured)
SIZES = (100, 1_000, 10_000)
Sizes = Annotated[list[int], typer.Option("--guides", min=0, help="Quante guide; anche più volte.")]
Plot = Annotated[Path | None, typer.Option("--plot", help="Dove disegnare la crescita (SVG).")]
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
    print_figures(figures, as_json)


@benchmarks.command()
def reading(
    data: Annotated[Path, typer.Option("--data", help="JSONL di domande e frasi.", exists=True)],
    as_json: AsJson = False,
) -> None:
    """Le frasi che rispondono, scelte dal lettore."""
    from eval.page_reader.reading import benchmark
    from index.encode.model import BASE_MODEL

    with friendly(), progress_bar() as progress:
        figures = benchmark(data, model_dir(BASE_MODEL), progress)
    print_figures(figures, as_json)


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
    print_figures(figures, as_json)


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
    print_figures(figures, as_json)


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
    database: Annotated[
        str, typer.Option(help="Anche in un PostgreSQL vuoto: postgresql+psycopg://…")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Ricerca con 10.000, 100.000 o più passaggi: oltre quelli veri, copie alterate."""
    from chatbot.shared.searched import search_engine
    from eval.beir import read_beir
    from eval.benchmarks import scale as measure
    from index.search.table import VectorTables

    with friendly(), progress_bar() as progress:
        var = Path(settings().var)
        real = measure.read_corpus(read_beir(corpus), distractors, model_dir(), var, progress)
        tables = VectorTables(search_engine(database)) if database else None
        figures = measure.benchmark(real, sorted(size or (10_000, 100_000)), progress, tables)
    if plot:
        plot.write_text(measure.growth_svg(figures["sizes"]), encoding="utf-8")
    print_figures(figures, as_json)


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
    print_figures(figures, as_json)


@benchmarks.command()
def editions(
    database: Annotated[str, typer.Option(help="Un PostgreSQL vuoto: postgresql+psycopg://…")],
    servers: Annotated[int, typer.Option(min=1, max=20)] = 3,
    as_json: AsJson = False,
) -> None:
    """Quanto ci mette una pubblicazione a essere servita da tutti: server veri, un database."""
    from eval.benchmarks import everywhere as measure
    from index.encode.encoder import Encoder

    with friendly():
        encoder = Encoder.load(model_dir())
        figures = measure.benchmark(database, encoder, settings(), servers, console.print)
    print_figures(figures, as_json)


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
    print_figures(figures, as_json)
    if not figures["budgets"]["kept"]:
        raise typer.Exit(1)


@benchmarks.command()
def glance(
    address: Annotated[str, typer.Option(help="Il server da misurare.")] = "http://127.0.0.1:8000/",
    dangers: Annotated[
        bool, typer.Option("--dangers", help="20 pericoli raccontati, al posto delle domande.")
    ] = False,
    as_json: AsJson = False,
) -> None:
    """Quanto è alta una risposta, allo sportello e su un telefono: 40 domande di persone."""
    from eval.benchmarks import glance as measure
    from eval.collections.item import FOLDER, read_collection
    from eval.fitting.danger import read_dangers

    with friendly():
        if dangers:
            told = [one for one in read_dangers(FOLDER / "dev-danger.jsonl") if one.danger]
            asked = [[one.text] for one in measure.spread(told, measure.DANGERS)]
        else:
            items = read_collection(FOLDER / "dev-people.jsonl")
            asked = [list(item.turns) for item in measure.spread(items, measure.QUESTIONS)]
        figures = measure.benchmark(address, asked)
    print_figures(figures, as_json)


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
    print_figures(figures, as_json)
    if not figures["kept"]:
        raise typer.Exit(1)


def _known_peer(peer: str) -> None:
    if peer not in ("", "llama-index"):
        raise typer.BadParameter("si può misurare accanto a: llama-index", param_hint="--peer")
