"""`python -m chatbot prepare`: what a server needs before it starts, for one network or several."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

import typer

from chatbot.commands import told
from chatbot.hosting.gateway import prepare as make_place
from chatbot.hosting.hosted import read_hosted
from chatbot.journal.engine import journal_url, open_engine
from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet, SharedError
from chatbot.shared.editions import Editions
from chatbot.shared.first_edition import follow
from chatbot.shared.follower import Follower
from index.console import friendly, load_encoder, progress_bar
from index.publish.published import current_id


def prepare(
    build: Annotated[
        bool, typer.Option(help="Dove non c'è ancora niente di pubblicato, leggi le guide.")
    ] = True,
) -> None:
    """Porta le tabelle a questa versione del programma, e qui quello che è pubblicato; dove non è
    pubblicato ancora niente, legge le guide e le pubblica. Così per ogni rete."""
    with told(), friendly():
        for name, settings in _networks(Settings()):
            done = _made_ready(settings, build)
            typer.echo(f"{name}: {done}" if name else done)


def _networks(common: Settings) -> Iterator[tuple[str, Settings]]:
    """Each with its name, its folder and its schema made; the one of a machine alone has none."""
    if common.networks is None:
        yield "", common
        return
    for one in read_hosted(common):
        make_place(common, one)
        yield one.name, one.settings


def _made_ready(settings: Settings, may_build: bool) -> str:
    """What is here then, in Italian. Raises BussolaError, Unavailable, OSError."""
    cabinet = Cabinet.of(settings)
    if url := journal_url(settings.journal_url, settings.var):
        open_engine(url).dispose()
    if cabinet.engine is None:
        if may_build:
            _build(settings)
        return f"istantanea {current_id(settings.var)}."
    follower = Follower(Editions(cabinet.engine), settings.var)
    if follower.sync(again=True) is None:
        if not may_build:
            raise SharedError("Nel database non è ancora pubblicato niente.")
        _build(settings)
        follow(follower, settings)
    here = follower.status.here
    cabinet.engine.dispose()
    return f"edizione {here.n if here else 0}, istantanea {current_id(settings.var)}."


def _build(settings: Settings) -> None:
    from index.publish.build import build

    encoder = load_encoder(settings.var)
    with progress_bar("Passaggi da leggere") as progress:
        build(settings.guides, settings.var, encoder, progress=progress)
