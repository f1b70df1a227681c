"""The networks of one deployment, from the file of BUSSOLA_NETWORKS: their addresses and settings.

A network has what the file says under its name, or an environment variable of its own
(`BUSSOLA_NORD__OIDC_CLIENT_SECRET` of the network `nord`); of what is said for the whole deployment
only what is of the machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import yaml
from pydantic import SecretStr, ValidationError

from chatbot.hosting.schema import SCHEMA, in_schema
from chatbot.settings import Settings
from index.errors import BussolaError

# one for all networks
OF_THE_MACHINE = frozenset({
    "networks", "model", "reader", "threads", "trusted_proxies", "traces_address",
})  # fmt: skip
# said once for all, and by a network for itself
SHARED = frozenset({
    "var", "database_url", "reload_seconds", "retention_days", "session_hours", "ask_rate",
    "conversation_rate", "global_rate", "read_rate", "program_rate", "max_in_flight",
    "max_body_bytes", "max_file_bytes", "body_seconds", "search_in_database_from",
})  # fmt: skip
OWN_FOLDERS = ("guides", "var", "cases")
_HOST = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?|\[[0-9a-f:.]+\]")


class HostingError(BussolaError):
    """The networks cannot be served as the file says; the message says why, in Italian."""


@dataclass(frozen=True, slots=True)
class Hosted:
    """A network: its `hosts`, none for those that are no other's, and its settings, in which
    `root_path` is where it stands there."""

    name: str
    hosts: tuple[str, ...]
    settings: Settings

    @property
    def root(self) -> str:
        return self.settings.root_path


def read_hosted(common: Settings) -> tuple[Hosted, ...]:
    """The networks of the file that the settings of the deployment name. Raises HostingError."""
    assert common.networks is not None
    file = common.networks
    _nothing_of_one_network(common, file)
    try:
        told = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise HostingError(f"{file} non si legge ({type(error).__name__}).") from error
    if not isinstance(told, dict) or not told:
        raise HostingError(f"{file}: servono una o più reti, ciascuna col suo nome.")
    hosted = tuple(_read(common, file, name, entry) for name, entry in told.items())
    _apart(file, hosted)
    return hosted


def host_of(text: str) -> str:
    """A host as it is compared: without port and final dot, in small letters."""
    return re.sub(r":\d*$", "", text.strip().lower()).rstrip(".")


def _nothing_of_one_network(common: Settings, file: Path) -> None:
    """What would be of every network, and is meant for one, is refused. Raises HostingError."""
    said = common.model_fields_set - OF_THE_MACHINE - SHARED
    if common.journal_url == common.database_url.get_secret_value():
        said -= {"journal_url"}  # only the default, as the settings fill it in
    if said:
        names = ", ".join(f"BUSSOLA_{name.upper()}" for name in sorted(said))
        raise HostingError(f"{names}: è di una rete sola. Si scrive in {file}, sotto il suo nome.")


def _read(common: Settings, file: Path, name: Any, entry: Any) -> Hosted:
    if not isinstance(name, str) or not SCHEMA.fullmatch(name):
        raise HostingError(
            f"{file}: «{name}» non è il nome di una rete: minuscole, cifre e «_», al massimo 30."
        )
    if not isinstance(entry, dict):
        raise HostingError(f"{file}: sotto «{name}» servono le sue impostazioni.")
    rest = {str(key): value for key, value in entry.items()}
    hosts = _hosts(file, name, rest.pop("hosts", []))
    if unknown := sorted(rest.keys() - (Settings.model_fields.keys() - OF_THE_MACHINE)):
        raise HostingError(f"{file}, «{name}»: non conosco {', '.join(unknown)}.")
    return Hosted(name, hosts, _settings(common, file, name, rest))


def _hosts(file: Path, name: str, told: Any) -> tuple[str, ...]:
    listed = [told] if isinstance(told, str) else told
    if not isinstance(listed, list) or not all(isinstance(one, str) for one in listed):
        raise HostingError(f"{file}, «{name}»: hosts è un elenco di nomi.")
    hosts = tuple(host_of(one) for one in listed)
    for host in hosts:
        if not _HOST.fullmatch(host):
            raise HostingError(
                f"{file}, «{name}»: «{host}» non è il nome di un sito: scrivilo come rete.example."
            )
    return hosts


def _settings(common: Settings, file: Path, name: str, entry: dict[str, Any]) -> Settings:
    """Raises HostingError, whose message never holds a value: it may be a password."""
    try:
        said = Settings(_env_prefix=f"BUSSOLA_{name.upper()}__", **entry)  # type: ignore[call-arg]
    except ValidationError as error:
        wrong = [f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()]
        raise HostingError(f"{file}, «{name}»: {'; '.join(wrong)}") from None
    if "guides" not in said.model_fields_set:
        raise HostingError(f"{file}, «{name}»: manca guides, la cartella delle sue guide.")
    there = (SHARED | OF_THE_MACHINE) & Settings.model_fields.keys()
    given = {key: getattr(common, key) for key in there}
    given["var"] = common.var / "networks" / name
    given["database_url"] = _own_schema(common, name)
    kept = said.model_fields_set - OF_THE_MACHINE
    whole = said.model_copy(update={key: given[key] for key in given.keys() - kept})
    journal = said.journal_url.removeprefix(said.database_url.get_secret_value())
    return whole.model_copy(update={
        "networks": None,
        "cases": whole.cases or whole.var / "cases",  # those of the project are of nobody here
        "journal_url": journal or whole.database_url.get_secret_value(),
    })  # fmt: skip


def _own_schema(common: Settings, name: str) -> SecretStr:
    url = common.database_url.get_secret_value()
    return SecretStr(in_schema(url, name) if url else "")


def _apart(file: Path, hosted: Iterable[Hosted]) -> None:
    """No two have an address, a folder or a database in common. Raises HostingError."""
    for one, other in combinations(hosted, 2):
        both = f"{file}: «{one.name}» e «{other.name}»"
        if _same_site(one, other) and _inside(one.root, other.root):
            raise HostingError(f"{both} hanno lo stesso indirizzo, o uno dentro l'altro.")
        for mine in _folders(one):
            for theirs in _folders(other):
                if mine.is_relative_to(theirs) or theirs.is_relative_to(mine):
                    raise HostingError(f"{both} hanno in comune la cartella {mine}.")
        if _databases(one) & _databases(other):
            raise HostingError(f"{both} hanno lo stesso database: ognuna vuole il suo.")


def _same_site(one: Hosted, other: Hosted) -> bool:
    """Whether a host may lead to both. One without hosts stands on all that are no other's."""
    return bool({*one.hosts} & {*other.hosts}) or not (one.hosts or other.hosts)


def _inside(one: str, other: str) -> bool:
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _folders(hosted: Hosted) -> list[Path]:
    found = (getattr(hosted.settings, name) for name in OWN_FOLDERS)
    return [Path(folder).resolve() for folder in found if folder]


def _databases(hosted: Hosted) -> set[str]:
    settings = hosted.settings
    urls = {settings.database_url.get_secret_value(), settings.journal_url.strip()}
    return {url for url in urls if url and url.lower() != "off"}
