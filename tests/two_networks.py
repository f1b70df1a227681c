"""Two networks made for the tests, with words and people that only one of them has."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml
from made_encoder import made_encoder
from serving import served
from signing_in import PASSPHRASE
from small import NAMES, edit, small_folder

from chatbot.desk.people import People, Role
from chatbot.hosting import gateway
from chatbot.hosting.gateway import Gateway, open_gateway
from chatbot.http.access import FILE as TOKENS
from chatbot.http.access import Keyring
from chatbot.parts import part
from chatbot.settings import Settings
from chatbot.shared.cabinet import Cabinet
from chatbot.shared.document import Document
from index.publish.build import build
from server import create_app

WORDS = {"nord": "ghiandaia", "sud": "cormorano"}  # each in the guides of one network alone
QUESTION = "Il richiedente asilo può aprire un conto di base?"
FREE = "1000000 per minute"


def network_folder(folder: Path, name: str) -> dict[str, str]:
    """Guides with the word of the network, built; the places, as the file of networks says them."""
    guides, var = small_folder(folder / name / "guides"), folder / name / "var"
    edit(guides, f"dice {WORDS[name]}")
    title = f"Scheda {WORDS[name]}"
    text = (guides / NAMES[1]).read_text("utf-8").replace("Codice fiscale", title)
    (guides / f"schede/solo-{name}.md").write_text(text, encoding="utf-8")
    build(guides, var, made_encoder())
    return {"guides": str(guides), "var": str(var)}


def common_settings(folder: Path, networks: dict[str, Any], **more: Any) -> Settings:
    """Of a deployment with these networks, whose proxy is the test."""
    file = folder / "networks.yaml"
    file.write_text(yaml.safe_dump(networks), encoding="utf-8")
    rates = {f"{one}_rate": FREE for one in ("ask", "global", "read", "conversation")}
    told = {"networks": file, "var": folder / "var", "trusted_proxies": ["127.0.0.1"]}
    return Settings(_env_file=None, **{**told, **rates, **more})  # type: ignore[call-arg]


def opened(common: Settings) -> Gateway:
    """With the encoder made for the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(gateway, "load_encoder", lambda settings: made_encoder())
        return open_gateway(common, create_app)


@dataclass
class Visitor:
    """Who asks a network, each time from another address: nobody is locked out for another."""

    client: httpx.Client
    host: str
    root: str = ""
    headers: dict[str, str] = field(default_factory=dict)
    asked: int = 0

    def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        self.asked += 1
        address = f"203.0.{self.asked // 250}.{self.asked % 250 + 1}"
        given = {"Host": self.host, "X-Forwarded-For": address} | self.headers
        headers = given | more.pop("headers", {})
        self.client.cookies.clear()  # what is sent is what the test says
        return self.client.request(method, self.root + path, headers=headers, **more)

    def signed_in(self, name: str) -> Visitor:
        """With the session of a person, as a browser has it."""
        told = self.ask("POST", "/api/admin/session", json={"name": name, "passphrase": PASSPHRASE})
        assert told.status_code == 200, told.text
        cookie = "; ".join(f"{key}={value}" for key, value in told.cookies.items())
        return self.with_headers({"Cookie": cookie, "X-CSRF-Token": told.json()["word"]})

    def with_headers(self, headers: dict[str, str]) -> Visitor:
        return Visitor(self.client, self.host, self.root, headers)


def person(opened: Gateway, network: str, name: str, role: Role = "admin") -> None:
    """Somebody who may sign in to one network, with PASSPHRASE."""
    people = part(opened.apps[network], People)
    people.accept(people.invite(role, "prove"), name, PASSPHRASE)


def token(opened: Gateway, network: str, name: str, role: str) -> dict[str, str]:
    """The header of a machine that one network lets in."""
    drawer = part(opened.apps[network], Cabinet).drawer(private=True)
    made = Keyring(Document(drawer, TOKENS)).create(name, role)
    return {"Authorization": f"Bearer {made}"}


@contextmanager
def visited(opened: Gateway) -> Iterator[httpx.Client]:
    """A client of the front, served."""
    with served(opened) as address, httpx.Client(base_url=address, timeout=300) as client:  # type: ignore[arg-type]
        yield client
