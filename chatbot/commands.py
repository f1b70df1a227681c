"""`python -m chatbot token|journal|redaction`: for whoever runs the service."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table
from sqlalchemy import Engine

from chatbot.desk.people import FILE as PEOPLE
from chatbot.desk.people import ROLE_WORDS, ROLES, People, PeopleError
from chatbot.http.access import FILE, Keyring
from chatbot.http.people_api import invitation_address
from chatbot.journal import backup as copies
from chatbot.journal import reading, retention
from chatbot.journal.engine import JournalError, journal_url, open_engine
from chatbot.journal.records import AuditLine, now
from chatbot.journal.writer import Journal
from chatbot.privacy.report import read_sentences, score
from chatbot.problem import Unavailable
from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet
from chatbot.shared.document import Document
from index.errors import BussolaError
from index.parse.network_folder import read_network

OFF = "Il registro è spento (BUSSOLA_JOURNAL_URL=off)."
token = typer.Typer(
    no_args_is_help=True, help="Codici di accesso per le macchine e per altri programmi."
)
person = typer.Typer(no_args_is_help=True, help="Le persone che accedono, e gli inviti.")
journal = typer.Typer(no_args_is_help=True, help="Il registro delle domande e dei pareri.")


@contextmanager
def told() -> Iterator[None]:
    """An error for a person: its message, exit code 1."""
    try:
        yield
    except (BussolaError, Unavailable) as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(1) from None


def _keyring() -> Keyring:
    return Keyring(_document(FILE))


def _document(name: str) -> Document:
    """Where the server that these settings start keeps it."""
    return Document(Cabinet.of(Settings()).drawer(private=True), name)


def _url() -> str:
    settings = Settings()
    url = journal_url(settings.journal_url, settings.var)
    if url is None:
        raise JournalError(OFF)
    return url


def _audit(action: str, detail: str) -> None:
    """The line of a change made from the command line, where a journal is kept."""
    settings = Settings()
    url = journal_url(settings.journal_url, settings.var)
    if url:
        kept = Journal.open(url)
        kept.put(AuditLine("riga di comando", action, detail))
        kept.close()


@token.command("create")
def create_token(
    name: str, role: Annotated[str, typer.Argument(help="editor, evaluator, program")]
) -> None:
    """Fai un codice di accesso: si vede solo adesso."""
    with told():
        made = _keyring().create(name, role)
        _audit("token create", f"{name} ({role})")
    typer.echo(made)


@token.command("list")
def list_tokens() -> None:
    """Chi ha un codice di accesso, con quale ruolo e da quando."""
    with told():
        for holder in _keyring().holders():
            typer.echo(f"{holder.name}\t{holder.role}\t{holder.created}")


@token.command("revoke")
def revoke_token(name: str) -> None:
    """Togli un codice di accesso: vale subito."""
    with told():
        _keyring().revoke(name)
        _audit("token revoke", name)
    typer.echo(f"«{name}» non ha più il codice di accesso.")


def _people() -> People:
    return People(_document(PEOPLE))


@person.command("invite")
def invite(
    role: Annotated[str, typer.Argument(help=", ".join(ROLES))],
    note: Annotated[str, typer.Option("--for", help="Per chi, come promemoria.")] = "",
    name: Annotated[str, typer.Option("--person", help="Nuova frase segreta per chi c'è.")] = "",
) -> None:
    """Fai un invito: il collegamento si vede solo adesso, e vale una settimana."""
    settings = Settings()
    base = settings.public_address or f"http://127.0.0.1:8000{settings.root_path}"
    with told():
        found = next((known for known in ROLES if known == role), None)
        if found is None:
            raise PeopleError(f"Il ruolo è uno fra: {', '.join(ROLES)}.")
        secret = _people().invite(found, "riga di comando", note, name)
        _audit("person invite", f"{role} {name or note}".strip())
    typer.echo(invitation_address(base.rstrip("/"), secret))


@person.command("list")
def list_people() -> None:
    """Chi può accedere, con quale ruolo e da quando."""
    with told():
        for one in _people().all():
            typer.echo(f"{one.name}\t{ROLE_WORDS[one.role]}\t{one.created:%Y-%m-%d}")


@person.command("remove")
def remove_person(name: str) -> None:
    """Togli una persona: vale subito."""
    with told():
        _people().remove(name)
        _audit("person remove", name)
    typer.echo(f"«{name}» non accede più.")


def _engine() -> Engine:
    return open_engine(_url())


@journal.command()
def status() -> None:
    """Quante risposte di ogni esito, e le guide che ne fondano di più."""
    with told():
        engine = _engine()
        outcomes = reading.counts_by_outcome(engine)
        guides = reading.counts_by_guide(engine)
    for outcome, number in sorted(outcomes.items()):
        typer.echo(f"{outcome}\t{number}")
    for guide, number in sorted(guides.items(), key=lambda pair: (-pair[1], pair[0]))[:20]:
        typer.echo(f"{guide}\t{number}")


@journal.command()
def export(conversation: str) -> None:
    """Tutto quello che si tiene di una conversazione, in JSON."""
    with told():
        kept = retention.export(_engine(), conversation)
    typer.echo(json.dumps(kept, ensure_ascii=False, indent=1))


@journal.command()
def erase(conversation: str) -> None:
    """Cancella una conversazione."""
    with told():
        removed = retention.erase(_engine(), conversation)
        _audit("journal erase", f"{removed['answers']} risposte")
    typer.echo(json.dumps(removed))


@journal.command()
def purge(days: Annotated[int | None, typer.Option(min=0)] = None) -> None:
    """Cancella quello che è più vecchio della durata stabilita, o di `--days` giorni."""
    age = Settings().retention_days if days is None else days
    with told():
        removed = retention.purge(_engine(), now() - timedelta(days=age))
    typer.echo(json.dumps(removed))


@journal.command()
def backup(file: Path) -> None:
    """Copia il registro in un file, anche mentre il servizio lavora."""
    with told():
        copies.backup(copies.sqlite_file(_url()), file)
    typer.echo(f"Copia fatta: {file}")


@journal.command()
def restore(file: Path) -> None:
    """Rimetti una copia al posto del registro. Prima ferma il servizio."""
    with told():
        copies.restore(file, copies.sqlite_file(_url()))
    typer.echo("Registro ripristinato.")


def redaction(
    file: Annotated[Path, typer.Argument()] = Path("tests/data/redaction.jsonl"),
    part: Annotated[str, typer.Option(help="dev, test, o tutte")] = "",
    as_json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """Quanti dati personali trova l'oscuramento, su frasi segnate a mano."""
    sentences = [s for s in read_sentences(file) if part in ("", s.part)]
    scores = score(sentences, read_network(Settings().guides)[0])
    if as_json:
        rows = {s.kind: {**asdict(s), "R": s.recall, "P": s.precision} for s in scores}
        typer.echo(json.dumps({"n": len(sentences), "kinds": rows}, ensure_ascii=False))
        return
    table = Table("dato", "segnati", "trovati", "richiamo", "tolti", "precisione")
    for s in scores:
        counts = [str(n) for n in (s.marked, s.found)]
        table.add_row(s.kind, *counts, f"{s.recall:.3f}", str(s.removed), f"{s.precision:.3f}")
    Console().print(table)
    typer.echo(f"{len(sentences)} frasi, {sum(not s.marked for s in sentences)} senza dati")
