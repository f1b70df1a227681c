"""What the tests of several servers use."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from made_encoder import made_encoder
from signing_in import PASSPHRASE

from chatbot import library
from chatbot.desk.people import FILE as PEOPLE
from chatbot.desk.people import People
from chatbot.http.access import FILE as TOKENS
from chatbot.http.access import Keyring
from chatbot.shared.cabinet import Cabinet, open_shared
from chatbot.shared.document import Document
from index.encode.encoder import Encoder


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> None:
    """Servers of this process take the encoder made for the tests."""

    def no_model(folder: Path, name: str) -> Path:
        return folder

    def load(model_dir: Path, threads: int | None = None) -> Any:
        return made_encoder()

    monkeypatch.setattr(library, "ensure_model", no_model)
    monkeypatch.setattr(Encoder, "load", load)


@pytest.fixture
def token(database: str) -> Iterator[str]:
    """Of an editor, and a person who may sign in, made before the first server starts."""
    engine = open_shared(database)
    drawer = Cabinet(Path(), engine).drawer()
    people = People(Document(drawer, PEOPLE))
    people.accept(people.invite("editor", "prove"), "redazione", PASSPHRASE)
    yield Keyring(Document(drawer, TOKENS)).create("redattrice", "editor")
    engine.dispose()
