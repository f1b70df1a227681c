"""The server that `test_killed.py` kills: a real one, over an encoder made for the tests, which
ends at a chosen write, rename, removal or fsync, counted from when it is ready."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from typing import Any

import uvicorn
from faults import Faults, injected
from made_encoder import made_encoder

from chatbot import library
from chatbot.settings import Settings
from chatbot.shield.faults import ImpatientProtocol
from index.encode.encoder import Encoder
from server import create_app


def _no_model(folder: Path, name: str) -> Path:
    return folder


def _made(model_dir: Path, threads: int | None = None) -> Any:
    return made_encoder()


def serve(folder: str, port: int, at: int | None, told: str) -> None:
    """Until the point number `at` in `folder` is reached, and then the process is no more; without
    one until a stop is asked, and then the file `told` has the points that were passed."""
    library.ensure_model = _no_model
    Encoder.load = _made  # type: ignore[method-assign, assignment]
    place = Path(folder)
    app = create_app(Settings(guides=place / "guides", var=place / "var", journal_url="off",
                              _env_file=None))  # type: ignore[call-arg]  # fmt: skip
    signal.signal(signal.SIGTERM, signal.SIG_IGN)  # uvicorn stops at one, and then sends it again
    config = uvicorn.Config(app, port=port, log_level="critical", http=ImpatientProtocol)
    with injected(Faults(place, at=at, kill=True)) as points:
        asyncio.run(uvicorn.Server(config).serve())
    Path(told).write_text("\n".join(points.seen), "utf-8")
