"""`server.py` with the encoder made for the tests, as a process that a test starts and kills."""

import sys
from pathlib import Path
from typing import Any

from made_encoder import made_encoder

from chatbot import library
from index.encode.encoder import Encoder
from server import main


def _no_model(folder: Path, name: str) -> Path:
    return folder


def _made(model_dir: Path, threads: int | None = None) -> Any:
    return made_encoder()


if __name__ == "__main__":
    library.ensure_model = _no_model
    Encoder.load = _made  # type: ignore[method-assign]
    sys.exit(main())
