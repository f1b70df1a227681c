"""What the commands share: where things are, errors in words, progress, JSON."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from chatbot.settings import Settings
from index.errors import BussolaError

FINDINGS = 1  # exit code: something is not as it should be

console = Console(stderr=True, highlight=False)

AsJson = Annotated[bool, typer.Option("--json", help="Risultato in JSON, per un programma.")]
Cases = Annotated[Path, typer.Option("--cases", envvar="BUSSOLA_CASES", help="Cartella dei casi.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="Seme: lo stesso dà le stesse cifre.")]


def settings() -> Settings:
    return Settings()


def runs_dir() -> Path:
    """Where runs are kept."""
    return settings().var / "eval" / "runs"


def network_today() -> date:
    """The day where the network is: what a command writes down bears it."""
    from index.parse.network_folder import read_network

    return read_network(settings().guides)[0].today()


def model_dir(name: str | None = None) -> Path:
    """The folder of the prepared model `name`, or of the one that is set."""
    from index.encode.model import ensure_model

    places = settings()
    models = Path(places.var) / "models"
    return ensure_model(models, name or places.model, progress=console.print)


def fail(error: BussolaError) -> NoReturn:
    console.print(str(error), style="red", markup=False, soft_wrap=True)
    raise typer.Exit(FINDINGS)


@contextmanager
def friendly() -> Iterator[None]:
    """Errors meant for a person are told without a traceback, with exit code 1."""
    try:
        yield
    except BussolaError as error:
        fail(error)


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A progress bar on standard error; its label follows what is under way."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as shown:
        task = shown.add_task("", total=None)
        yield lambda label, done, total: shown.update(
            task, description=label, completed=done, total=total
        )


def tell_step(step: Any) -> None:
    """One JSON value on a line of its own, at once: for the program that waits for it."""
    print(json.dumps(step, ensure_ascii=False), flush=True)


def emit(value: Any) -> None:
    """One JSON value on standard output."""
    typer.echo(json.dumps(value, ensure_ascii=False, indent=1))
