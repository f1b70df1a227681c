"""What every test may use."""

import os
from pathlib import Path

import pytest

from index.model import ensure_model

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="session")
def model_dir() -> Path:
    """The prepared default encoder, made once and kept in BUSSOLA_VAR (or `var/`)."""
    return ensure_model(Path(os.environ.get("BUSSOLA_VAR", ROOT / "var")) / "models")
