"""`bussola eval fit`, `fit-danger` and the like: work out again what the bot weighs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from eval.collections.item import FOLDER, HELD_OUT
from eval.console import AsJson, console, emit, friendly, progress_bar, settings

if TYPE_CHECKING:
    from chatbot.library import Library

PRACTICE = FOLDER / "practice.jsonl"
DANGERS = FOLDER / "practice-danger.jsonl"
FOLLOWUPS = FOLDER / "practice-followups.jsonl"
TALK = FOLDER / "practice-smalltalk.jsonl"
UNANSWERABLE = "queries_unanswerable.jsonl"
SAMPLE = 600  # questions taken from a BEIR folder
NO_READER = "Nessun lettore: indica in BUSSOLA_READER un modello, per nome o cartella."

Write = Annotated[
    bool, typer.Option("--write", help="Scrive i pesi in chatbot/weights.json, o in --into.")
]
Into = Annotated[Path | None, typer.Option(help="Il file dei pesi da scrivere.")]


def fit(
    collection: Annotated[
        list[Path] | None,
        typer.Option("--collection", exists=True, help="Raccolta di domande con le risposte."),
    ] = None,
    corpora: Annotated[
        list[Path] | None,
        typer.Option("--corpus", exists=True, help=f"Cartella BEIR, anche più d'una; {UNANSWERABLE}"
                     " dentro di essa sono domande senza risposta. Se ne usa metà."),
    ] = None,
    reading: Annotated[
        bool, typer.Option("--reading", help="Solo i pesi di quando si legge, con il lettore di "
                           "BUSSOLA_READER: gli altri restano.")
    ] = False,
    write: Write = False,
    into: Into = None,
    as_json: AsJson = False,
) -> None:  # fmt: skip
    """Ricalcola i pesi: che cosa ordina i passaggi, che cosa sceglie le frasi, se rispondono.

    Impara dalle raccolte di pratica (la parte che l'addestramento del modello non ha visto), mai da
    quelle con cui Bussola si misura.
    """
    from chatbot.library import Library
    from eval.fitting.fit import fit as fit_weights
    from eval.fitting.reading import fit_reading
    from index.errors import BussolaError

    with friendly(), progress_bar() as progress:
        library = Library.open(settings())
        bot = library.bot
        if reading and not bot.reader:
            raise BussolaError(library.unread or NO_READER)
        examples = list(_examples(collection or [PRACTICE], corpora or [], library, progress))
        told = lambda line: console.print(line)  # noqa: E731
        fitted = bot.weights if reading else fit_weights(examples, bot.weights, told)
        fitted = fit_reading(examples, fitted, bot.reader, told) if bot.reader else fitted
    _finish(replace(fitted, model=bot.encoder.digest), write, into, as_json)


def fit_danger(
    collection: Annotated[
        Path, typer.Option("--collection", exists=True, help="Pericoli e frasi tranquille.")
    ] = DANGERS,
    ordinary: Annotated[
        Path, typer.Option(exists=True, help="Domande comuni, in cui nessuno è in pericolo.")
    ] = PRACTICE,
    write: Write = False,
    into: Into = None,
    as_json: AsJson = False,
) -> None:
    """Ricalcola da situazioni scritte da altri come si riconosce un pericolo."""
    from chatbot.library import Library
    from eval.collections.item import read_collection
    from eval.fitting import danger

    with friendly():
        library = Library.open(settings())
        calm = danger.calm_of(read_collection(ordinary), library.snapshot)
        situations = [*danger.read_dangers(collection), *calm]
        fitted = danger.fit_danger(situations, library.snapshot, library.bot)
    _finish(fitted, write, into, as_json)


def fit_follows(
    collection: Annotated[
        Path, typer.Option("--collection", exists=True, help="Coppie di turni.")
    ] = FOLLOWUPS,
    write: Write = False,
    into: Into = None,
    as_json: AsJson = False,
) -> None:
    """Ricalcola da coppie scritte da altri come si riconosce una domanda che ne segue un'altra."""
    from chatbot.library import Library
    from eval.fitting import follows

    with friendly():
        library = Library.open(settings())
        pairs = follows.read_pairs(collection)
        fitted = follows.fit_follows(pairs, library.snapshot, library.bot)
    _finish(fitted, write, into, as_json)


def fit_talk(
    collection: Annotated[
        Path, typer.Option("--collection", exists=True, help="Cortesie, e domande con cortesie.")
    ] = TALK,
    ordinary: Annotated[
        Path, typer.Option(exists=True, help="Domande comuni: nessuna è una cortesia.")
    ] = PRACTICE,
    write: Write = False,
    into: Into = None,
    as_json: AsJson = False,
) -> None:
    """Ricalcola come si riconosce un messaggio che non chiede niente: un saluto, un grazie."""
    from chatbot.library import Library
    from eval.collections.item import read_collection
    from eval.fitting import talk

    with friendly():
        library = Library.open(settings())
        messages = [*talk.read_messages(collection), *talk.asked_in(read_collection(ordinary))]
        fitted = talk.fit_talk(messages, library.snapshot, library.bot)
    _finish(fitted, write, into, as_json)


def _finish(fitted: Any, write: bool, into: Path | None, as_json: bool) -> None:
    from chatbot.weights import FILE
    from index.files import replace_file

    if write or into:
        replace_file(into or FILE, fitted.to_json().encode())
        console.print(f"Scritto {into or FILE}", markup=False)
    if as_json:
        emit(fitted.told)
    elif not (write or into):
        console.print(fitted.to_json(), markup=False)


def _examples(
    collections: Sequence[Path], corpora: Sequence[Path], library: Library, progress: Any
) -> Iterator[Any]:
    """What `fit` learns from: the questions of collections that training did not see, those that
    editors wrote beside their sections, and halves of BEIR folders."""
    from eval.collections.item import read_collection
    from eval.fitting.examples import examples_of_items, unasked
    from eval.fitting.leading import examples_of_leading

    bot, snapshot, var = library.bot, library.snapshot, settings().var
    for path in collections:
        items = [item for item in read_collection(path) if item.fold == HELD_OUT]
        guides = unasked(snapshot, items)
        yield from examples_of_items(path.stem, items, guides, bot, partial(progress, path.stem))
    yield from examples_of_leading(snapshot, bot, var, SAMPLE)
    for folder in corpora:
        yield from _of_corpus(folder, var, bot, progress)


def _of_corpus(folder: Path, var: Path, bot: Any, progress: Any) -> Iterator[Any]:
    """Of a BEIR folder the half that is for practice: by title, so that no article is in both."""
    from eval.beir import read_beir, read_queries
    from eval.collections.halves import for_practice, title_of
    from eval.fitting.examples import examples_of_corpus
    from eval.plain import snapshot_of_texts
    from index.encode.vectors import VectorCache

    data = read_beir(folder)
    cache = VectorCache(var / "vectors", bot.encoder)
    snapshot = snapshot_of_texts(
        data.ids, data.titles, data.texts, bot.encoder, cache,
        lambda done, total: progress(folder.name, done, total),
    )  # fmt: skip
    titles = {query: title_of(data, query) for query in data.qrels}
    ours = _some({q: data.queries[q] for q in data.qrels if for_practice(titles[q])}, SAMPLE)
    yield from examples_of_corpus(folder.name, ours, data.qrels, titles, snapshot, bot)
    some = _some(ours, SAMPLE // 3)
    removed = f"{folder.name}, senza i passaggi"
    yield from examples_of_corpus(removed, some, data.qrels, titles, snapshot, bot, removed=True)
    silent = folder / UNANSWERABLE
    if silent.is_file():
        others = {q: text for q, text in read_queries(silent).items() if for_practice(q)}
        others = _some(others, SAMPLE // 3)
        yield from examples_of_corpus(f"{folder.name}, d'altro", others, {}, {}, snapshot, bot)


def _some(questions: dict[str, str], most: int) -> dict[str, str]:
    """At most `most` of them, evenly spread."""
    step = max(1, -(-len(questions) // most))
    return dict(list(questions.items())[::step])
