"""What the tests of the desk work on: a few guides, a server over them, an editor."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from chatbot.http.access import FILE, Keyring
from chatbot.settings import Settings
from server import create_app


@pytest.fixture
def folder(small_copy: Path) -> Path:
    return small_copy


@pytest.fixture
def client(folder: Path) -> Iterator[TestClient]:
    """A server with an editor's token in the header of every request."""
    token = Keyring(folder / "var" / FILE).create("redattrice", "editor")
    app = create_app(Settings(guides=folder / "guides", var=folder / "var", reload_seconds=60))
    with TestClient(app, headers={"Authorization": f"Bearer {token}"}) as client:
        yield client
