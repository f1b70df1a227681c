"""The files of the network as the desk has them: what each is, its draft, what is wrong with it."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path

from index.finding import Finding
from index.network import Network
from index.parse.network_folder import FILES, FOLDER, NOT_PEOPLE, PLACES, read_network

# What stands in each file, for those who open it; in the order of the page.
ABOUT: Mapping[str, tuple[str, str]] = {
    "risposte.yaml": ("Risposte decise", "Per una domanda: quale sezione risponde, o a chi "
                      "rivolgersi. Una carta di pericolo viene sempre prima."),
    "avvisi.yaml": ("Avvisi", "Parole prima delle risposte di una guida o di un bisogno, fino a "
                    "un giorno."),
    "rete.yaml": ("La rete", "Nome, territorio, recapiti, motto, domande di esempio, regole della "
                  "casa."),
    "bisogni.yaml": ("Bisogni", "Gli argomenti delle guide e dei servizi, con i nomi mostrati."),
    "compiti.yaml": ("Compiti dei servizi", "Che cosa fanno i servizi, e quali guide o sezioni "
                     "portano da loro."),
    "titoli.yaml": ("Titoli di soggiorno", "Come si chiamano e con quali parole li si chiede."),
    "riforme.yaml": ("Riforme", "I giorni da cui cambiano le regole, e come si chiede la data."),
    "norme.yaml": ("Norme", "Come si citano leggi e articoli, sigle, scadenze."),
    "numeri.yaml": ("Numeri", "Il numero che una regola ha in tutte le guide."),
    "altrove.yaml": ("Altrove", "I Paesi di cui le guide non parlano."),
    PLACES: ("Luoghi", "I Comuni, in tabella: una riga per ognuno."),
    NOT_PEOPLE: ("Parole che non sono nomi", "Non si oscurano nelle domande."),
}  # fmt: skip
PREFIX = f"{FOLDER}/"


def slug_of_file(name: str) -> str:
    """The name in addresses: `risposte` for risposte.yaml."""
    return Path(name).stem


def file_of(slug: str) -> str | None:
    return next((name for name in ABOUT if slug_of_file(name) == slug), None)


def is_network(path: str) -> bool:
    return path.startswith(PREFIX)


def has_form(name: str) -> bool:
    return name in FILES


def network_with(guides: Path, texts: Mapping[str, str]) -> tuple[Network, list[Finding]]:
    """The network of a folder with `texts` in place of those files (path to text)."""
    with tempfile.TemporaryDirectory() as place:
        copy = Path(place)
        if (guides / FOLDER).is_dir():
            shutil.copytree(guides / FOLDER, copy / FOLDER)
        (copy / FOLDER).mkdir(exist_ok=True)
        for path, text in texts.items():
            (copy / path).write_text(text, encoding="utf-8")
        return read_network(copy)


def of_network(files: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Of (path, text) those that are files of the network."""
    return {path: text for path, text in files if is_network(path)}
