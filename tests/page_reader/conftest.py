"""The page reader was trained on the encoder as it was before this project trained it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.encode.model import BASE_MODEL


@pytest.fixture(scope="session")
def model_dir(prepare: Callable[[str], Path]) -> Path:
    return prepare(BASE_MODEL)
