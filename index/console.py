"""What the commands share: options, progress, errors in one sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from index.check.report import report
from index.errors import BussolaError
from index.finding import GuidesRejected

if TYPE_CHECKING:
    from index.encode.encoder import Encoder

FINDINGS = 1  # exit code: something to correct

console = Console(stderr=True, highlight=False)

Guides = Annotated[
    Path, typer.Option("--guides", envvar="BUSSOLA_GUIDES", help="Cartella delle guide.")
]
Var = Annotated[
    Path, typer.Option("--var", envvar="BUSSOLA_VAR", help="Cartella di ciò che viene generato.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Risultato in JSON, per un programma.")]


@contextmanager
def friendly() -> Iterator[None]:
    """An error that a person is meant to read ends the command with its message alone."""
    try:
        yield
    except GuidesRejected as error:
        for line in report(error.findings, "text"):
            typer.echo(line)
        console.print("Non ho pubblicato nulla: correggi e riprova.", style="red")
        raise typer.Exit(FINDINGS) from None
    except BussolaError as error:
        fail(str(error))
    except OSError as error:
        fail(f"Non riesco a leggere o a scrivere {error.filename or 'un file'}: {error.strerror}")


def fail(message: str) -> NoReturn:
    console.print(message, style="red", markup=False, soft_wrap=True)
    raise typer.Exit(FINDINGS)


@contextmanager
def progress_bar(label: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, shown from the first step on."""
    columns = (TextColumn(label), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(label, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def load_encoder(var: Path) -> Encoder:
    from index.encode.encoder import Encoder
    from index.encode.model import ensure_model

    return Encoder.load(ensure_model(var / "models", progress=console.print), many=True)
