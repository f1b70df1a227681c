"""What the tests of several servers use."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from made_encoder import made_encoder

from chatbot import library
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
