"""`python -m chatbot edition`: what is published in the database that several servers share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from chatbot.commands import told
from chatbot.desk.press import Press
from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet, SharedError
from chatbot.shared.editions import Editions, Overtaken
from chatbot.shared.follower import Follower
from index.publish.publish import user
from index.publish.published import current_id

UNSET = "Questo server non condivide un database: manca BUSSOLA_DATABASE_URL."
edition = typer.Typer(no_args_is_help=True, help="Quello che più server pubblicano insieme.")


def _press(settings: Settings) -> tuple[Press, Follower]:
    """Raises SharedError."""
    cabinet = Cabinet.of(settings)
    if cabinet.engine is None:
        raise SharedError(UNSET)
    follower = Follower(Editions(cabinet.engine), settings.var)
    return Press(cabinet, follower), follower


@edition.command()
def status() -> None:
    """L'edizione pubblicata, la sua istantanea e quando."""
    with told():
        newest = _press(Settings())[1].editions.newest()
    typer.echo(f"{newest.n}\t{newest.snapshot}\t{newest.at.isoformat()}" if newest else "nessuna")


@edition.command()
def fetch() -> None:
    """Porta qui quello che è pubblicato. Esce con 1 se non c'è ancora niente."""
    with told():
        found = _press(Settings())[1].sync(again=True)
        if found is None:
            raise SharedError("Nel database non è ancora pubblicato niente.")
    typer.echo(f"Edizione {found.n}, istantanea {found.snapshot}.")


@edition.command()
def texts(folder: Path) -> None:
    """Scrivi in una cartella nuova i testi da cui è fatta l'edizione pubblicata."""
    with told():
        editions = _press(Settings())[1].editions
        newest = editions.newest()
        if newest is None or folder.exists():
            raise SharedError("Non è pubblicato niente, o la cartella c'è già: danne una nuova.")
        editions.write_texts(editions.texts(newest.n), folder)
    typer.echo(f"Testi dell'edizione {newest.n} in {folder}.")


@edition.command()
def publish(
    over: Annotated[int, typer.Option(help="Il numero dell'edizione da cui sei partito.")],
    why: Annotated[str, typer.Option("--reason", help="Perché.")] = "",
) -> None:
    """Pubblica su tutti i server l'istantanea fatta qui con `bussola index build`, e le sue guide.
    Un'edizione pubblicata dopo quella da cui sei partito non va persa: il comando si ferma."""
    settings = Settings()
    with told():
        press, follower = _press(settings)
        built = current_id(settings.var)
        if built is None:
            raise SharedError("Qui non c'è un'istantanea. Esegui: bussola index build")
        with press.at_work():
            here = follower.status.here
            if (here.n if here else 0) != over:
                now = here.n if here else 0
                raise Overtaken(f"L'edizione pubblicata è la {now}: parti dai suoi testi.")
            follower.publish(built, user(), why, texts=settings.guides)
        made = follower.sync()
    typer.echo(f"Edizione {made.n if made else 0}, istantanea {built}.")
