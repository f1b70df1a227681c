"""A publication is followed to every server."""

from __future__ import annotations

from pathlib import Path

import pytest
from small import copy_of

from chatbot.settings import Settings
from eval.benchmarks.everywhere import SENTENCE, benchmark
from index.encode.encoder import Encoder
from index.errors import BussolaError


@pytest.mark.soak
@pytest.mark.timeout(3600)
def test_two_servers_are_seen_to_serve_it(
    small_built: Path, database: str, encoder_of_all: Encoder, tmp_path: Path
) -> None:
    """In an order that time has; nothing of where it came from is changed; a second measure over
    the same database is refused."""
    copy = copy_of(small_built, tmp_path / "copy")
    settings = Settings(guides=copy / "guides", var=copy / "var")
    told: list[str] = []
    figures = benchmark(database, encoder_of_all, settings, 2, told.append)
    assert figures["servers"] == 2
    assert figures["passages"] > 0
    assert 0 <= figures["first_s"] <= figures["last_s"]
    assert figures["processor_s"] > 0
    assert told
    texts = [file.read_text("utf-8") for file in (copy / "guides").rglob("*.md")]
    assert not any(SENTENCE.strip() in text for text in texts)
    with pytest.raises(BussolaError, match="già pubblicato"):
        benchmark(database, encoder_of_all, settings, 2, told.append)
